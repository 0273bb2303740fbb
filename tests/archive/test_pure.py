"""The parts that touch no database."""

from datetime import UTC, date, datetime, timedelta

import digests
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gazetteer.archive import codec, identity, search, times, words
from gazetteer.archive.changes import Change, Difference, difference
from gazetteer.archive.fulltext import document, vector
from gazetteer.archive.query import Term
from gazetteer.errors import ArchiveError
from gazetteer.types import Annotation, Article, Digest

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=4),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3),
)


@given(digests.hostile_digests())
def test_values_come_back_from_json_as_they_were(digest: Digest) -> None:
    assert codec.from_json(Digest, codec.to_json(digest)) == digest
    assert codec.unpacked(Digest, codec.packed(digest)) == digest
    assert codec.field_of("text", codec.packed(digest.article)) == digest.article.text


@given(JSON)
def test_any_json_is_a_value_or_refused(data: object) -> None:
    for kind in (Article, Annotation):
        with pytest.raises(ArchiveError):
            codec.from_json(kind, data)


@pytest.mark.parametrize("data", [b"", b"words", codec.compressed(b"{"), codec.compressed(b"[1]")])
def test_damaged_bytes_are_told(data: bytes) -> None:
    with pytest.raises(ArchiveError):
        codec.unpacked(Article, data)


@given(st.text(), st.text())
def test_words_are_whole_and_folded(left: str, right: str) -> None:
    found = words.words(f"{left} {right}")
    assert found == words.words(left) + words.words(right)
    assert all(word and not any(letter.isspace() for letter in word) for word in found)
    assert [word for word, _, _ in words.places(left)] == words.words(left)
    assert words.words(" ".join(found)) == [word for each in found for word in words.words(each)]


def test_what_is_folded() -> None:
    assert words.words("Élysée ELYSEE straße don’t ﬁ ① 東京タワー") == [
        "elysee", "elysee", "strasse", "don", "t", "fi", "1", "東", "京", "タ", "ワ", "ー",
    ]  # fmt: skip
    assert words.key("Vladimir V. Putin") == words.key("VLADIMIR  v putin") == "vladimir v putin"
    assert words.key("!!") == "!!"
    assert words.key("a " * 1000).startswith("sha256:")
    assert words.storable("a\x00\ud800b") == "a\ufffd\ufffdb"


@pytest.mark.parametrize(
    ("url", "key"),
    [
        ("https://www.A.example/x/?utm_source=f&id=2#top", "a.example/x?id=2"),
        ("http://a.example:80/x", "a.example/x"),
        ("http://a.example:8080/x", "a.example:8080/x"),
        ("https://a.example/", None),
        ("https://a.example/?p=3", "a.example?p=3"),
        ("file:///a", None),
        ("https://[", None),
        ("https://a.example:x/y", None),
        ("words", None),
    ],
)
def test_what_an_address_is_known_by(url: str, key: str | None) -> None:
    assert identity.address(url) == key


@given(st.text() | digests.words().map("https://a.example/{}".format))
def test_any_address_has_a_key_that_can_be_kept(url: str) -> None:
    key = identity.address(url)
    assert key is None or (words.storable(key) == key and len(key) <= 500)


@given(st.integers(0, 543 * 365 * 86_400), st.integers(0, (1 << 19) - 1))
def test_an_id_tells_when(seconds: int, number: int) -> None:
    at = times.EPOCH + timedelta(seconds=seconds)
    article_id = times.first_id(at) + number
    assert article_id < 1 << 53
    assert times.time_of(article_id) == at.replace(microsecond=0)
    assert times.day_of(times.day_number(article_id)) == at.date()
    assert times.first_id(at) <= times.first_id(at + timedelta(seconds=1)) - (1 << 19)


def test_days_before_the_first_count_as_it() -> None:
    assert times.number_of(date(1700, 1, 1)) == 0 == times.first_id(datetime(1700, 1, 1, tzinfo=UTC))


def text_of(found: Difference, *, without: Change) -> tuple[str, str]:
    headline = "".join(edit.words for edit in found.headline if edit.change is not without)
    paragraphs = ["".join(edit.words for edit in edits if edit.change is not without) for edits in found.text]
    return headline, "\n\n".join(filter(None, paragraphs))


@given(*[st.lists(st.sampled_from(["a ferry sailed", "it rained", "a boat", "\n\n", " ", "x"]), max_size=6)] * 2)
def test_a_difference_holds_what_was_and_what_is(old: list[str], new: list[str]) -> None:
    was, now = (digests.article(headline=" ".join(each), text=" ".join(each)) for each in (old, new))
    found = difference(was, now)
    if was.text == now.text:
        assert found == Difference(headline=(), text=())
        return
    for article, without in ((was, Change.ADDED), (now, Change.REMOVED)):
        whole = "\n\n".join(filter(None, article.text.split("\n\n")))
        assert text_of(found, without=without) == (article.headline, whole)


def test_a_paragraph_stands_with_the_one_that_it_became() -> None:
    was, now = digests.FERRY, digests.FERRY.replace("4,000", "6,000").replace("a betrayal", "a mistake")
    first, last = "The tide was out.", "She will be broken up in June."
    text = f"{first}\n\n" + now.replace("flowers", "roses") + f"\n\n{last}"
    found = difference(digests.article(text=was), digests.article(text=text)).text
    changed = ["".join(f"[{edit.words}]" for edit in each if edit.change is not Change.SAME) for each in found]
    assert changed == [f"[{first}]", "[4][6]", "[betrayal][mistake]", "[flowers][roses]", f"[{last}]"]


def test_very_many_paragraphs_are_compared_in_their_order() -> None:
    old, new = ([f"{word} {number}" for number in range(120)] for word in ("was", "is"))
    found = difference(digests.article(text="\n\n".join(old)), digests.article(text="\n\n".join([*new, "more"]))).text
    assert len(found) == 121


@given(st.text(max_size=200), st.lists(st.sampled_from(["a", "ferry", "b c"]), max_size=3))
def test_marking_changes_no_words(text: str, asked: list[str]) -> None:
    terms = [Term(field="", words=tuple(words.words(each)), written=each) for each in asked]
    whole = f"{text} ferry b, c {text}"
    pieces = search.marked(whole, terms)
    assert "".join(piece.words for piece in pieces) == whole
    marked = words.words("".join(piece.words + " " for piece in pieces if piece.is_match))
    assert set(marked) <= {word for term in terms for word in term.words}
    shown = search.shortened(whole, terms)
    assert bool(shown) == any(piece.is_match for piece in pieces)


@given(digests.hostile_digests())
def test_an_article_in_tokens_that_cannot_be_broken_out_of(digest: Digest) -> None:
    found = document(digest, leaning="mixed", aliases=[3, 1])
    for token in " ".join(found).split():
        assert all(letter.isalnum() or ord(letter) > 127 or letter == "-" for letter in token)
    assert "'" not in vector(found).replace("':", "").replace(" '", "")[1:]
