"""The commands that have to do with feeds, against a real server on loopback."""

import json
import os
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import nullcontext
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.request import urlopen

import pytest
from click.testing import CliRunner, Result
from ferry_page import PAGE

from gazetteer import live
from gazetteer.archive import Archive
from gazetteer.cli import cli
from gazetteer.view import moment
from tests.intake.test_opml import RICH
from tests.intake.websites import Site, redirect, reply

ALLOW = ("--allow-host", "127.0.0.1")


@pytest.fixture
def site() -> Iterator[Site]:
    opened = Site()
    opened.answers["/ferry"] = reply(PAGE.encode())
    link = f"<link rel=alternate type=application/rss+xml title='The Mill Post' href='{address(opened, '/feed')}'>"
    opened.answers["/"] = reply(f"<html><head>{link}</head><body><p>Today</p></body></html>".encode())
    item = f"<item><title>Ferry</title><link>{address(opened, '/ferry')}</link></item>"
    feed = f"<rss version='2.0'><channel><title>The Mill Post</title>{item}</channel></rss>"
    opened.answers["/feed"] = reply(feed.encode(), Content_Type="application/rss+xml")
    yield opened
    opened.close()


@pytest.fixture
def place(tmp_path: Path) -> str:
    return str(tmp_path / "a.sqlite")


def address(site: Site, path: str) -> str:
    return site.url(path, host="127.0.0.1")


def run(*arguments: object) -> Result:
    return CliRunner().invoke(cli, [*map(str, arguments)])


def rows(place: str) -> list[dict[str, object]]:
    return [*map(json.loads, run("feeds", "list", "--json", "--archive", place).stdout.splitlines())]


@pytest.mark.parametrize("path", ["/feed", "/"])
def test_a_feed_or_the_site_that_names_it_is_followed(site: Site, place: str, path: str) -> None:
    first = run("add", address(site, path), "--archive", place, *ALLOW)
    second = run("add", address(site, path), "--archive", place, *ALLOW, "--json")

    assert first.exit_code == second.exit_code == 0, first.output + second.output
    assert first.stdout == f"followed    feed 1            The Mill Post {address(site, '/feed')}\n"
    assert json.loads(second.stdout)["outcome"] == "known"
    (row,) = rows(place)
    assert (row["url"], row["title"], row["state"]) == (address(site, "/feed"), "The Mill Post", "active")


def test_what_feeds_bring_is_kept(site: Site, place: str) -> None:
    run("add", address(site, "/feed"), "--archive", place, *ALLOW)

    done = run("update", "--archive", place, *ALLOW, "--threads", "1")

    assert done.exit_code == 0, done.output
    polled, kept, gathered = map(json.loads, done.stdout.splitlines())
    assert (polled["event"], polled["new"], polled["error"]) == ("polled", 1, None)
    assert (kept["event"], kept["outcome"], kept["url"]) == ("kept", "kept", address(site, "/ferry"))
    assert (gathered["event"], gathered["articles"], gathered["moved"]) == ("gathered", 1, 0)
    with Archive.open(place) as archive:
        (card,) = archive.browse().rows
    assert card.headline == "Harbour town votes to keep its ferry"
    assert rows(place)[0]["kept_in_a_week"] == 1
    told = run("status", "--archive", place).stdout
    assert "feeds     1 active (gazetteer feeds list tells of each)\n" in told
    assert "entries   0 waiting, 1 kept, 0 failed\n" in told
    assert "0.1 articles a day" in run("feeds", "list", "--archive", place).stdout


def test_who_watches_is_told_how_much_is_new(site: Site, place: str, monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[str] = []

    def paused(words: str) -> nullcontext[None]:
        told.append(words)
        return nullcontext()

    monkeypatch.setattr(live, "watched", lambda: nullcontext(paused))
    run("add", address(site, "/feed"), "--archive", place, *ALLOW)

    run("update", "--archive", place, *ALLOW, "--threads", "1")

    assert told[0] == "1 polled, 1 new, 0 kept, 0 failed"
    assert told[-1] == "1 polled, 1 new, 1 kept, 0 failed"


def test_status_tells_why_pages_failed(site: Site, place: str) -> None:
    site.answers["/ferry"] = reply(b"gone", status=410)
    run("add", address(site, "/feed"), "--archive", place, *ALLOW)
    lost = run("update", "--archive", place, *ALLOW, "--threads", "1").stdout.splitlines()[-1]

    told = run("status", "--archive", place).stdout

    assert "entries   0 waiting, 0 kept, 1 failed\n" in told
    assert told.endswith(f"failed    {address(site, '/ferry')}: {json.loads(lost)['reason']}\n")


def test_status_tells_why_pages_wait_and_until_when(site: Site, place: str) -> None:
    site.answers["/ferry"] = reply(b"busy", status=503)
    run("add", address(site, "/feed"), "--archive", place, *ALLOW)
    lost = json.loads(run("update", "--archive", place, *ALLOW, "--threads", "1").stdout.splitlines()[-1])

    told = run("status", "--archive", place).stdout

    assert "entries   1 waiting, 0 kept, 0 failed\n" in told
    again = moment(datetime.fromisoformat(lost["again"]))
    assert told.endswith(f"waiting   {address(site, '/ferry')}: {lost['reason']} (again {again})\n")


def test_lists_of_feeds_are_taken_in_and_written(place: str, tmp_path: Path) -> None:
    file, out = tmp_path / "feeds.opml", tmp_path / "out.opml"
    file.write_text(RICH)

    added = run("add", file, "--archive", place, "--json")
    run("feeds", "export", out, "--archive", place)

    assert added.exit_code == 0, added.output
    named = [(line["outcome"], line["feed"], line["title"]) for line in map(json.loads, added.stdout.splitlines())]
    assert named == [("followed", 1, "Harbour"), ("followed", 2, "Nets"), ("followed", 3, "Top")]
    assert undated(out.read_bytes()) == undated(RICH.encode())
    assert undated(run("feeds", "export", "-", "--archive", place).stdout_bytes) == undated(RICH.encode())
    fresh = str(tmp_path / "fresh.sqlite")
    run("add", out, "--archive", fresh)
    assert undated(run("feeds", "export", "-", "--archive", fresh).stdout_bytes) == undated(RICH.encode())


def undated(written: bytes) -> bytes:
    return re.sub(rb"<dateModified>[^<]{29,31}</dateModified>", b"", written)


def test_a_list_without_feeds_is_no_list_to_take_in(place: str, tmp_path: Path) -> None:
    file = tmp_path / "feeds.opml"
    file.write_text("<opml><body><outline text='Nothing'/></body></opml>")
    assert run("add", file, "--archive", place).exit_code == 2


def test_a_feed_is_moved_between_folders_and_shown_in_all(place: str, tmp_path: Path) -> None:
    file = tmp_path / "feeds.opml"
    file.write_text(RICH)
    run("add", file, "--archive", place)
    assert run("feeds", "list", "--archive", place).stdout.count("; in Coast\n") == 2

    assert run("feeds", "move", 2, "Trade", "Sea & ships", "--archive", place).exit_code == 0
    assert rows(place)[1]["places"] == [["Trade", "Sea & ships"]]
    assert rows(place)[1]["folders"] == ["Trade", "Sea & ships"]
    assert "; in Trade / Sea & ships" in run("feeds", "list", "--archive", place).stdout
    assert run("feeds", "move", 2, "--archive", place).exit_code == 0
    assert rows(place)[1]["places"] == [[]]
    gone = run("feeds", "move", 9, "Trade", "--archive", place)
    assert gone.exit_code == 2
    assert "there is no feed 9" in gone.stderr


def test_a_feed_that_moved_is_not_added_again_by_its_old_address(site: Site, place: str, tmp_path: Path) -> None:
    site.answers["/old"] = site.answers["/feed"]
    listed = tmp_path / "feeds.opml"
    listed.write_text(f"<opml><body><outline text='The Mill Post' xmlUrl='{address(site, '/old')}'/></body></opml>")
    run("add", listed, "--archive", place)
    site.answers["/old"] = redirect(address(site, "/feed"), 301)
    run("update", "--archive", place, *ALLOW, "--threads", "1")
    again = run("add", listed, "--json", "--archive", place)
    site.answers["/old"] = site.answers["/feed"]
    once_more = run("add", address(site, "/old"), "--json", "--archive", place, *ALLOW)

    assert [json.loads(each.stdout)["outcome"] for each in (again, once_more)] == ["known", "known"]
    assert [row["url"] for row in rows(place)] == [address(site, "/feed")]


@pytest.mark.parametrize(("status", "kept"), [(302, "/old"), (307, "/old"), (301, "/feed"), (308, "/feed")])
def test_a_feed_is_followed_where_it_is_named_unless_it_moved_for_good(
    site: Site, place: str, status: int, kept: str
) -> None:
    site.answers["/old"] = redirect(address(site, "/feed"), status)

    run("add", address(site, "/old"), "--archive", place, *ALLOW)
    run("update", "--archive", place, *ALLOW, "--threads", "1")

    assert [row["url"] for row in rows(place)] == [address(site, kept)]


def test_a_host_that_is_asked_for_the_archive_already_is_not_asked_beside(
    site: Site, place: str, tmp_path: Path
) -> None:
    config = tmp_path / "gazetteer.toml"
    config.write_text("[intake]\nmax_delay = 0\n")
    now = datetime.now(UTC)
    with Archive.open(place, create=True) as archive:
        archive.take_host("127.0.0.1", at=now, until=now + timedelta(hours=1), rests_until=None)

    done = run("add", address(site, "/ferry"), "--archive", place, "--config", config, *ALLOW)

    assert done.exit_code == 2
    assert "127.0.0.1 is left alone meanwhile: other programs of this archive fetch from it" in done.stderr
    assert site.asked == []


def test_feeds_are_paused_resumed_and_removed(site: Site, place: str) -> None:
    run("add", address(site, "/feed"), "--archive", place, *ALLOW)

    for command, state in (("pause", "paused"), ("resume", "active")):
        assert run("feeds", command, 1, "--archive", place).exit_code == 0
        assert rows(place)[0]["state"] == state
    assert run("feeds", "remove", 1, "--archive", place).exit_code == 0
    assert rows(place) == []
    gone = run("feeds", "pause", 1, "--archive", place)
    assert gone.exit_code == 2
    assert "there is no feed 1" in gone.stderr


def test_without_feeds_update_says_how_to_have_some(place: str) -> None:
    done = run("update", "--archive", place)

    assert done.exit_code == 2
    assert "gazetteer add ADDRESS follows a feed" in done.stderr


def test_a_feed_in_a_file_has_no_address_to_follow(place: str, tmp_path: Path) -> None:
    file = tmp_path / "feed.html"
    file.write_text("<rss version='2.0'><channel><item><title>x</title></item></channel></rss>")

    done = run("add", file, "--archive", place)

    assert done.exit_code == 2
    assert "give its address" in done.stderr


def test_a_page_that_is_no_article_names_the_feed_that_it_offers(site: Site, place: str) -> None:
    site.answers["/section"] = site.answers["/"]

    done = run("add", address(site, "/section"), "--archive", place, *ALLOW)

    assert done.exit_code == 2
    assert f"it names a feed: gazetteer add {address(site, '/feed')}" in done.stderr


def test_the_loop_waits_for_a_feed_and_tells_how_it_fares(site: Site, place: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    options = ["--archive", place, "--watch", "--metrics", f"127.0.0.1:{port}", *ALLOW]
    command = [sys.executable, "-m", "gazetteer", "update", *options]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        try:
            assert process.stderr is not None
            assert process.stdout is not None
            waiting = json.loads(process.stderr.readline())
            assert (waiting["level"], waiting["event"]) == ("warning", "waiting")
            run("add", address(site, "/feed"), "--archive", place, *ALLOW)
            events = [json.loads(process.stdout.readline()) for _ in range(2)]
            assert [(each["level"], each["event"]) for each in events] == [("info", "polled"), ("info", "kept")]
            with urlopen(f"http://127.0.0.1:{port}/metrics") as answer:
                told = answer.read().decode()
            assert 'gazetteer_polls_total{outcome="new"} 1.0' in told
            assert 'gazetteer_taken_in_total{outcome="kept"} 1.0' in told
            assert "gazetteer_annotated_total 1.0" in told
            process.send_signal(signal.SIGTERM)
            assert process.wait(timeout=60) == 0
        finally:
            process.kill()


@pytest.mark.parametrize("at", ["nowhere", "127.0.0.1:x", "127.0.0.1:99999", "192.0.2.1:9100"])
def test_an_address_for_metrics_that_is_none_is_told(site: Site, place: str, at: str) -> None:
    run("add", address(site, "/feed"), "--archive", place, *ALLOW)
    result = run("update", "--metrics", at, "--archive", place)
    assert result.exit_code == 2
    assert f"--metrics {at}: it cannot be listened there" in result.stderr


def test_the_site_follows_the_feeds_beside(site: Site, place: str) -> None:
    run("add", address(site, "/feed"), "--archive", place, *ALLOW)
    command = [sys.executable, "-m", "gazetteer", "serve", "--archive", place, "--port", "0", "--update", *ALLOW]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as process:
        try:
            assert process.stderr is not None
            told = []
            for line in process.stderr:
                told.append(line)
                if '"kept"' in line:
                    break
            process.send_signal(signal.SIGTERM)
            assert process.wait(timeout=60) == 0
        finally:
            process.kill()

    assert re.search(r"http://127\.0\.0\.1:\d+/", told[0])
    assert json.loads(told[-1])["url"] == address(site, "/ferry")


def test_watching_ends_by_a_signal_and_loses_nothing(site: Site, place: str) -> None:
    run("add", address(site, "/feed"), "--archive", place, *ALLOW)
    command = [sys.executable, "-m", "gazetteer", "update", "--watch", "--archive", place, *ALLOW]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        events = [json.loads(process.stdout.readline())["event"] for _ in range(2)]
        os.kill(process.pid, signal.SIGINT)
        assert process.wait(timeout=60) == 0

    assert events == ["polled", "kept"]
