"""The edition of a day, in every form, and sent to a real mail server."""

import email
import json
import socket
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email import policy
from email.message import EmailMessage
from pathlib import Path

import pytest
from aiosmtpd.controller import Controller
from click.testing import CliRunner
from digests import digest
from hypothesis import example, given
from hypothesis import strategies as st
from lxml import html
from markdown_it import MarkdownIt

from gazetteer import gathering, mailing
from gazetteer.archive import Archive
from gazetteer.cli import cli
from gazetteer.config import MailSettings
from gazetteer.errors import ConfigError, MailError
from gazetteer.web.edition import Edition, Item, Telling, markdown

DAY = datetime(2023, 4, 16, tzinfo=UTC)
FERRY = "Ferry <b>Brannoc</b> & *crew* sail"


@pytest.fixture
def place(tmp_path: Path) -> str:
    """An archive with a story of three articles, and one of another day."""
    file = str(tmp_path / "a.sqlite")
    with Archive.open(file, create=True) as archive:
        numbers = []
        for n in range(4):
            made = digest(
                headline=FERRY,
                canonical_url=f"https://paper{n}.example/a?b=1&c=(2)",
                url=None,
                published_at=DAY + timedelta(hours=n, days=3 * (n == 3)),
                publisher=f"Paper {n}",
            )
            numbers.append(archive.save(made).id)
            gathering.gather(archive, numbers[-1], made)
        archive.part(numbers[3])
        for n in (1, 2):
            archive.merge_stories(numbers[n], numbers[0])
    return file


def written(place: str, *arguments: str, config: str = "", day: str = "2023-04-16") -> bytes:
    file = Path(place).with_name("config.toml")
    file.write_text(config)
    arguments = ("edition", "--archive", place, "--config", str(file), "--date", day, *arguments)
    found = CliRunner().invoke(cli, arguments, catch_exceptions=False)
    assert found.exit_code == 0, found.output
    return found.stdout_bytes


def test_json_has_each_story_with_its_articles(place: str) -> None:
    found = json.loads(written(place, "--format", "json"))
    (story,) = found["stories"]
    assert (found["since"], found["until"]) == ("2023-04-16T00:00:00Z", "2023-04-17T00:00:00Z")
    assert (story["headline"], story["outlets"], story["origins"]) == (FERRY, 3, 1)
    first, *others = story["articles"]
    assert [each["publisher"] for each in story["articles"]] == ["Paper 0", "Paper 1", "Paper 2"]
    assert (first["reprint_of"], {each["reprint_of"] for each in others}) == (None, {first["id"]})


def test_the_sentence_is_of_the_article_whose_headline_it_stands_under(tmp_path: Path) -> None:
    place = str(tmp_path / "a.sqlite")
    with Archive.open(place, create=True) as archive:
        numbers = []
        for n, text in enumerate(("The ferry left at dawn, its crew said.", "It has come home again, the port said.")):
            made = digest(
                headline=f"Telling {n}",
                text=text,
                canonical_url=f"https://paper{n}.example/a",
                url=None,
                published_at=DAY + timedelta(hours=20 * n - 10),  # the first the day before
                publisher=f"Paper {n}",
            )
            numbers.append(archive.save(made).id)
            gathering.gather(archive, numbers[-1], made)
        archive.merge_stories(numbers[1], numbers[0])
    (story,) = json.loads(written(place, "--format", "json"))["stories"]
    assert (story["headline"], story["lead"]) == ("Telling 0", "The ferry left at dawn, its crew said.")
    assert [each["publisher"] for each in story["articles"]] == ["Paper 1"]


def test_markdown_means_nothing_but_its_words(place: str) -> None:
    found = written(place).decode()
    assert r"Ferry \<b>Brannoc\</b> & \*crew\* sail" in found
    assert "(<https://paper0.example/a?b=1&c=(2)>)" in found
    assert "*3 outlets, 1 origin*" in found
    assert found.count(" (reprint)") == 2
    site = written(place, config='[site]\naddress = "https://news.example"\n').decode()
    assert "](<https://news.example/stories/1>)" in site


def test_an_outlet_is_listed_once_and_a_host_stands_for_one_without_name(tmp_path: Path) -> None:
    texts = ("The ferry sails at dawn, say its crew.", "A lock was opened on the canal.", "Rain fell over the hills.")
    with Archive.open(str(tmp_path / "a.sqlite"), create=True) as archive:
        numbers = []
        for n, text in enumerate(texts):
            made = digest(
                text=text,
                canonical_url=f"https://www.paper.example/{n}",
                url=None,
                published_at=DAY + timedelta(hours=n),
                publisher=None,
            )
            numbers.append(archive.save(made).id)
            gathering.gather(archive, numbers[-1], made)
        for n in (1, 2):
            archive.merge_stories(numbers[n], numbers[0])
    place = str(tmp_path / "a.sqlite")
    (story,) = json.loads(written(place, "--format", "json"))["stories"]
    assert (story["outlets"], story["origins"], len(story["articles"])) == (1, 1, 3)
    assert written(place).decode().count("[paper.example]") == 1
    assert (
        html.document_fromstring(written(place, "--format", "html")).xpath("count(//p/a[text()='paper.example'])") == 1
    )


def read_back(markdown: str) -> list[str]:
    """Give the words of each block of Markdown, as a reader of it shows them."""
    shown = html.fromstring(f"<div>{MarkdownIt().enable('strikethrough').render(markdown)}</div>")
    return [each.text_content() for each in shown.xpath("*")]


def edition_of(*, headline: str, lead: str, link: str | None) -> Edition:
    telling = Telling(id=1, outlet=headline, headline=headline, language="en", path="/articles/1", link=link)
    item = Item(
        id=1, headline=headline, language="en", link=link, origins=1, newest_at=DAY, lead=lead, tellings=(telling,)
    )
    return Edition(title=headline, since=DAY, until=DAY, items=(item,))


@pytest.mark.parametrize(
    "words",
    [
        "BRANNOC (AP) - The well-known ferry, No. 1.5, sailed too.",
        "Hook & Line Ltd. [at sea] paid $5!",
        "Read harbour_master_log and 2 + 2 = 4 | or #ferry",
    ],
)
def test_markdown_leaves_words_as_they_are(words: str) -> None:
    found = markdown(edition_of(headline="x", lead=words, link=None), address=None)
    assert words.replace("[", r"\[").replace("]", r"\]") in found


@given(st.lists(st.text("ab1 9.)(-+#>*_`~[]!&;<=|\\'\"/:@é—amp", max_size=12), min_size=2, max_size=2), st.booleans())
@example(["1. One", "--- -"], True)  # noqa: FBT003 - as Hypothesis gives it
@example(["C # ##", "> &amp; &#38; _a_b__c"], False)  # noqa: FBT003
def test_markdown_reads_back_as_it_was(words: list[str], is_linked: bool) -> None:  # noqa: FBT001
    headline, lead = (" ".join(each.split()) or "x" for each in words)
    link = "https://a.example/x?a=1&copy;=(2)" if is_linked else None
    found = markdown(edition_of(headline=headline, lead=lead, link=link), address=None)
    assert read_back(found) == [headline, headline, lead, f"1 outlet, 1 origin: {headline}"]
    assert html.fromstring(MarkdownIt().render(found)).xpath("//@href") == ([link, link] if link else [])


def test_html_is_a_page_by_itself(place: str) -> None:
    page = html.document_fromstring(written(place, "--format", "html"))
    assert page.xpath("//h2")[0].text_content() == FERRY
    assert not page.xpath("//script | //link | //img")


def test_a_day_without_stories_says_so(place: str) -> None:
    assert "No stories." in written(place, day="2020-01-01").decode()
    assert "No stories." in written(place, "--format", "html", day="2020-01-01").decode()


def test_a_letter_has_both_forms(place: str) -> None:
    sent = email.message_from_bytes(written(place, "--format", "email"), policy=policy.default)
    assert isinstance(sent, EmailMessage)
    assert sent["Subject"] == "Gazetteer: Sunday, 16 April 2023"
    plain, page = sent.iter_parts()
    assert (plain.get_content_type(), page.get_content_type()) == ("text/plain", "text/html")
    told = [*filter(None, plain.get_content().splitlines())]
    assert told[:2] == ["Gazetteer: Sunday, 16 April 2023", FERRY]
    assert told[-4:-1] == [
        "3 outlets, 1 origin:",
        "- Paper 0: https://paper0.example/a?b=1&c=(2)",
        "- Paper 1 (reprint): https://paper1.example/a?b=1&c=(2)",
    ]
    assert page.get_content().count("(reprint)") == 2


class Taken:
    """What a mail server took."""

    def __init__(self) -> None:
        self.letters: list[tuple[str, list[str], bytes]] = []

    async def handle_DATA(self, _server: object, _session: object, envelope: object) -> str:  # noqa: N802 - aiosmtpd's
        self.letters.append((envelope.mail_from, envelope.rcpt_tos, envelope.content))  # type: ignore[attr-defined]
        return "250 OK" if len(self.letters) < 2 else "554 too much"


@pytest.fixture
def server() -> Iterator[tuple[int, Taken]]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    taken = Taken()
    controller = Controller(taken, hostname="127.0.0.1", port=port)
    controller.start()
    yield port, taken
    controller.stop()


def test_it_is_sent_by_smtp(place: str, server: tuple[int, Taken]) -> None:
    port, taken = server
    mail = (
        f'[mail]\nhost = "127.0.0.1"\nport = {port}\nsecurity = "none"\n'
        'sender = "Gazetteer <desk@news.example>"\nto = ["ann@reader.example", "bo@reader.example"]\n'
    )
    assert written(place, "--send", config=mail) == b""
    (letter,) = taken.letters
    assert letter[:2] == ("desk@news.example", ["ann@reader.example", "bo@reader.example"])
    assert b"Subject: Gazetteer: Sunday, 16 April 2023" in letter[2]
    file = Path(place).with_name("config.toml")
    refused = CliRunner().invoke(
        cli, ["edition", "--send", "--archive", place, "--config", str(file), "--date", "2023-04-16"]
    )
    assert refused.exit_code == 2
    assert "did not take the letter" in refused.output


LETTER = {"subject": "x", "text": "x", "html": "<p>x", "at": DAY}


@pytest.mark.parametrize(("sender", "to"), [("", ["a@b.example"]), ("a@b.example", ["x"]), ("a@b.example\nX: y", [])])
def test_an_address_that_is_none_is_told(sender: str, to: list[str]) -> None:
    with pytest.raises(ConfigError):
        mailing.letter(sender=sender, to=to, **LETTER)  # type: ignore[arg-type]


def test_what_is_not_set_up_is_told() -> None:
    letter = mailing.letter(sender="a@b.example", to=["c@d.example"], **LETTER)  # type: ignore[arg-type]
    with pytest.raises(ConfigError, match="not set up"):
        mailing.send(letter, MailSettings())
    wrong = MailSettings(host="127.0.0.1", port=9, security="none", sender="a@b.example", to=("c@d.example",))
    with pytest.raises(MailError):
        mailing.send(letter, wrong)
