from pathlib import Path

import pytest
from papers import about, client, one_story, opened, parsed, site, texts, token

from gazetteer.archive import Archive
from gazetteer.archive.values import Follow
from gazetteer.gathering import gather_all


def told(archive: Archive) -> tuple[int, list[int]]:
    """Keep three articles of one event; give their story's number, and theirs, the newest first."""
    return one_story(archive, map(about, range(3)))


def test_a_story_shows_who_tells_it_and_where_it_comes_from(tmp_path: Path) -> None:
    with opened(tmp_path) as archive:
        story, numbers = told(archive)
        page = parsed(client(site(archive)).get(f"/stories/{story}").text)
        assert "2 outlets, 1 origin" in texts(page, "//header//p[@class='kicker']")[0]
        links = page.xpath("//ol[@class='origins']//p[@class='title']/a/@href")
        assert links == [f"/articles/{number}" for number in reversed(numbers)]
        first, *others = texts(page, "//ol[@class='origins']//div[@class='telling']/p[1]")
        assert "reprint" not in first
        assert all("reprint of" in words and "% of its words" in words for words in others)


def test_words_of_a_story_lead_to_their_sentences_where_those_are_shown(tmp_path: Path) -> None:
    with opened(tmp_path) as archive:
        story, numbers = told(archive)
        own = parsed(client(site(archive)).get(f"/stories/{story}").text)
        (link, *_) = own.xpath("//section[@aria-labelledby='summary']//a/@href")
        path, _, anchor = link.partition("#")
        assert path == f"/articles/{numbers[-1]}"
        assert parsed(client(site(archive)).get(path).text).xpath(f"//*[@id='{anchor}']")
        public = parsed(client(site(archive, public=True)).get(f"/stories/{story}").text)
        (link, *_) = public.xpath("//section[@aria-labelledby='summary']//a/@href")
        assert link == path


def test_a_story_tells_what_was_changed_since(tmp_path: Path) -> None:
    with opened(tmp_path) as archive:
        story, numbers = told(archive)
        assert "changed since" not in client(site(archive)).get(f"/stories/{story}").text
        archive.save(about(0, headline="Another headline"))
        page = parsed(client(site(archive)).get(f"/stories/{story}").text)
        assert page.xpath("//a[.='changed since']/@href") == [f"/articles/{numbers[0]}/changes"]


def test_the_list_leads_to_stories_and_an_article_to_its_own(tmp_path: Path) -> None:
    with opened(tmp_path) as archive:
        story, numbers = told(archive)
        asked = client(site(archive))
        assert parsed(asked.get("/stories").text).xpath("//h2/a/@href") == [f"/stories/{story}"]
        article = parsed(asked.get(f"/articles/{numbers[0]}").text)
        assert texts(article, f"//a[@href='/stories/{story}']") == ["its story, also told by 2 other articles"]


def test_a_story_that_is_not_there_is_told(tmp_path: Path) -> None:
    with opened(tmp_path) as archive:
        asked = client(site(archive))
        assert asked.get("/stories/7").status_code == 404
        assert asked.get("/stories/7/feed.atom").status_code == 404
        assert "None yet" in asked.get("/stories").text


def test_feeds_and_api_have_stories(tmp_path: Path) -> None:
    with opened(tmp_path) as archive:
        story, numbers = told(archive)
        asked = client(site(archive))
        assert len(asked.get(f"/stories/{story}/feed.json").json()["items"]) == 3
        assert len(asked.get("/stories/feed.json").json()["items"]) == 1
        (listed,) = asked.get("/api/v1/stories").json()["rows"]
        found = asked.get(f"/api/v1/stories/{story}").json()
        assert (listed["id"], listed["articles"], found["outlets"]) == (story, 3, 2)
        assert found["origins"] == [{"agency": None, "articles": sorted(numbers)}]
        rows = asked.get(f"/api/v1/stories/{story}/articles", params={"limit": 2}).json()["rows"]
        assert [row["id"] for row in rows] == numbers[:2]
        assert asked.get("/api/v1/stories/99").status_code == 404


def test_a_public_site_shows_excerpts_alone(tmp_path: Path) -> None:
    with opened(tmp_path) as archive:
        story, _ = told(archive)
        page = parsed(client(site(archive, public=True, excerpt=0)).get(f"/stories/{story}").text)
        assert not page.xpath("//section[@aria-labelledby='summary' or @aria-labelledby='quotes']")
        assert not page.xpath("//section[@class='correct']")


@pytest.mark.parametrize(("how", "together"), [("apart", 2), ("together", 3)])
def test_a_reader_corrects_a_story(tmp_path: Path, how: str, together: int) -> None:
    with opened(tmp_path) as archive:
        story, numbers = told(archive)
        asked = client(site(archive))
        sent = {"token": token(asked), "how": how, "other": f"http://localhost/articles/{numbers[0]}"}
        answer = asked.post(f"/articles/{numbers[1]}/story", data=sent)
        assert answer.status_code == 303
        kept = archive.story(story)
        assert kept is not None
        assert kept.articles == together


def test_a_story_may_be_told_by_its_address_and_says_that_it_was_corrected(tmp_path: Path) -> None:
    with opened(tmp_path, 1) as archive:
        (alone,) = gather_all(archive)
        asked = client(site(archive))
        own = archive.story_of(alone)
        assert own is not None
        assert "A reader said" not in asked.get(f"/stories/{own.id}").text

        _, numbers = one_story(archive, map(about, (1, 2)))
        away, to = archive.part(numbers[0]), archive.part(alone)
        sent = {"token": token(asked), "how": "together", "other": f"http://localhost/stories/{to}"}
        moved = asked.post(f"/articles/{numbers[0]}/story", data=sent)
        assert moved.headers["location"] == f"/stories/{to}"
        assert "A reader said" in asked.get(f"/stories/{to}").text
        assert asked.get(f"/stories/{away}").headers["location"] == f"/stories/{to}"
        assert asked.post(f"/articles/{numbers[1]}/story", data=sent | {"other": "/stories/99"}).status_code == 404
        assert asked.post(f"/articles/{numbers[1]}/story", data=sent | {"how": "elsewhere"}).status_code == 400


def test_a_program_corrects_a_story(tmp_path: Path) -> None:
    with opened(tmp_path) as archive:
        story, numbers = told(archive)
        asked = client(site(archive))
        path, merge = f"/api/v1/articles/{numbers[0]}/story", {"how": "merge", "other": numbers[1]}
        assert asked.post(path, json={"how": "apart"}).status_code == 401
        asked.headers["authorization"] = f"Bearer {archive.put_token('desk', may_add=True)}"
        apart = asked.post(path, json={"how": "apart"}).json()
        assert (apart["articles"], apart["is_corrected"]) == (1, True)
        assert apart["id"] != story
        assert asked.post(path, json=merge).json()["id"] == story
        for sent, status in (({"how": "merge"}, 404), (merge | {"other": 99}, 404), ({"how": "x"}, 422)):
            assert asked.post(path, json=sent).status_code == status
        assert asked.post("/api/v1/articles/99/story", json=merge).status_code == 404


@pytest.mark.parametrize("other", ["", "x", "99", "http://x.example/y"])
def test_another_article_that_is_none_is_told(tmp_path: Path, other: str) -> None:
    with opened(tmp_path) as archive:
        _, numbers = told(archive)
        asked = client(site(archive))
        sent = {"token": token(asked), "how": "merge", "other": other}
        assert asked.post(f"/articles/{numbers[1]}/story", data=sent).status_code == 404


def test_the_front_page_begins_with_the_stories_of_the_day_and_leads_to_the_edition(tmp_path: Path) -> None:
    with opened(tmp_path) as archive:
        story, _ = told(archive)
        asked = client(site(archive))
        page = parsed(asked.get("/").text)
        assert page.xpath("//section[@class='edition']//h3/a/@href") == [f"/stories/{story}"]
        edition = parsed(asked.get("/edition?day=2023-04-16").text)
        assert edition.xpath("//h2/a/@href") == [f"/stories/{story}"]
        assert "2 outlets, 1 origin" in texts(edition, "//p[@class='kicker']")
        assert "No stories" in asked.get("/edition").text
        assert asked.get("/edition?day=x").status_code == 400


def test_an_edition_has_its_date_and_leads_to_those_beside_it(tmp_path: Path) -> None:
    with opened(tmp_path, 11) as archive:  # from 16 April 2023 to two days before, which is read on the 20th
        asked = client(site(archive))
        page = parsed(asked.get("/edition").text)
        assert texts(page, "//h1") == ["Thursday, 20 April 2023"]
        assert texts(page, "//nav//a[@aria-current]") == ["Edition"]
        assert page.xpath("//p[@class='days']/a/@href") == ["/edition?day=2023-04-16"]
        page = parsed(asked.get("/edition?day=2023-04-15").text)
        assert texts(page, "//h1") == ["Saturday, 15 April 2023"]
        links = {each.get("rel"): each.get("href") for each in page.xpath("//p[@class='days']/a")}
        assert links == {"prev": "/edition?day=2023-04-14", None: "/edition", "next": "/edition?day=2023-04-16"}
        for day in ("0001-01-01", "9999-12-30", "2023-04-17"):
            assert asked.get(f"/edition?day={day}").status_code == 200


def test_a_reader_follows_a_story_and_ends_it(tmp_path: Path) -> None:
    with opened(tmp_path) as archive:
        story, _ = told(archive)
        asked = client(site(archive))
        sent = {"token": token(asked), "kind": "story", "number": str(story), "to": f"/stories/{story}"}
        assert asked.post("/follows", data=sent).headers["location"] == f"/stories/{story}"
        page = parsed(asked.get("/follows").text)
        links = page.xpath("//ul[contains(@class, 'follows')]//a/@href")
        assert links == [f"/stories/{story}", f"/stories/{story}/feed.atom"]
        asked.post("/follows", data=sent | {"end": "yes"})
        assert "Nothing yet" in asked.get("/follows").text
        assert asked.post("/follows", data=sent | {"number": "99"}).status_code == 400
        assert asked.post("/follows", data=sent | {"kind": "search", "query": "ferry ("}).status_code == 400


@pytest.mark.parametrize(
    "page", ["/stories/1", "/entities/1", "/publishers/1", "/tags/1", "/search?q=%20ferry%20OR%20boat"]
)
def test_a_page_says_that_it_is_followed_and_lets_it_be_ended(tmp_path: Path, page: str) -> None:
    with opened(tmp_path) as archive:
        told(archive)
        asked = client(site(archive))

        def press() -> list[str]:
            form = parsed(asked.get(page).text).xpath("//form[@class='follow']")[0]
            button = form.xpath(".//button")[0]
            sent = {each.get("name"): each.get("value") for each in form.xpath(".//input")}
            sent |= {button.get("name"): button.get("value")} if button.get("name") else {}
            assert asked.post("/follows", data=sent).headers["location"] == page
            return texts(parsed(asked.get(page).text), "//form[@class='follow']//button")

        assert press() == ["Follow no longer"]
        assert press() == ["Follow"]
        assert archive.follows("") == []


def test_a_story_has_one_headline_everywhere(tmp_path: Path) -> None:
    with opened(tmp_path) as archive:
        digests = [about(n, headline=f"The ferry, {n}") for n in (0, 1, 2, 8)]  # the last is of two days before
        story, _ = one_story(archive, digests)
        archive.put_follow("", Follow(kind="story", number=story))
        asked = client(site(archive))
        listed = parsed(asked.get("/stories").text)
        assert texts(listed, "//h2/a") == ["The ferry, 2"]
        assert texts(listed, "//p[@class='kicker']")[0].startswith("2 outlets, 4 articles")
        assert texts(parsed(asked.get(f"/stories/{story}").text), "//h1") == ["The ferry, 2"]
        assert texts(parsed(asked.get("/edition?day=2023-04-16").text), "//h2/a") == ["The ferry, 2"]
        assert texts(parsed(asked.get("/edition?day=2023-04-15").text), "//h2/a") == ["The ferry, 8"]
        assert texts(parsed(asked.get("/follows").text), "//main//li/a")[0] == "The ferry, 2"
        assert asked.get(f"/api/v1/stories/{story}").json()["headline"] == "The ferry, 2"
        assert asked.get(f"/stories/{story}/feed.json").json()["title"].startswith("The ferry, 2 ")
