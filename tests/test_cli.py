import json
import os
import subprocess
import sys
import threading
from collections.abc import Sequence
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from ferry_page import PAGE

from gazetteer import __version__, annotate, cli, pipeline
from gazetteer.annotate.summary import Length
from gazetteer.types import Abstention, Annotation, Article, Sentence, SentenceTone


class Reader:
    """Stands in for the annotator where the model is not what is tested."""

    def __init__(self, **_: object) -> None:
        self.model = "none"

    def annotate(
        self, articles: Sequence[Article], *, targets: Sequence[tuple[tuple[int, int], ...]] = ()
    ) -> list[Annotation]:
        tone = SentenceTone(positive=0.0, negative=0.0, neutral=1.0)
        return [
            Annotation(
                entities=(),
                sentences=(Sentence(start=0, end=min(10, len(article.text)), tone=tone, salience=1.0),),
                tone=Abstention(reason="too little is charged"),
                summary=(0,),
                tags=(),
                model="none",
                targets=(tone,) * len(asked),
            )
            for article, asked in zip(articles, targets or [()] * len(articles), strict=True)
        ]


@pytest.fixture(autouse=True)
def _alone(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Keep the settings and the model of whoever runs the tests out of them."""
    for name in [name for name in os.environ if name.startswith("GAZETTEER_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "no-settings"))
    monkeypatch.setattr(annotate, "Annotator", Reader)
    monkeypatch.setattr(pipeline, "EXTRACT", "misbehaving:extract")


def invoke(*arguments: object, given: bytes | None = None) -> Result:
    return CliRunner().invoke(cli.cli, list(map(str, arguments)), input=given)


def lines(result: Result) -> list[dict[str, object]]:
    return [json.loads(line) for line in result.stdout.splitlines()]


def pages(folder: Path, *texts: str) -> Path:
    folder.mkdir(exist_ok=True)
    for number, text in enumerate(texts):
        (folder / f"{number:03}.html").write_text(text)
    return folder


def test_version() -> None:
    assert invoke("--version").stdout == f"gazetteer, version {__version__}\n"


def test_a_digest_in_the_terminal(tmp_path: Path) -> None:
    result = invoke("digest", pages(tmp_path / "p", "The tide came in."))
    assert result.exit_code == 0
    assert "Tide" in result.stdout
    assert "The tide" in result.stdout
    assert "\x1b" not in result.stdout


def test_why_nothing_is_tagged(tmp_path: Path) -> None:
    folder, rules, page = pages(tmp_path / "p", "one"), tmp_path / "tags.toml", tmp_path / "page.html"
    result = invoke("digest", folder)
    assert "No matching tags\nNo rules were given" in result.stdout
    rules.write_text("")
    assert "holds no rules." in " ".join(invoke("digest", folder, "--tags", rules).stdout.split())
    rules.write_text('[[tag]]\nname = "Tides"\nany = ["tide"]\n')
    assert "rules" not in invoke("digest", folder, "--tags", rules).stdout
    assert invoke("digest", folder, "--html", page).exit_code == 0
    assert "No rules were given: write yours into a file, and name it with --tags FILE." in page.read_text()


def test_digests_as_lines(tmp_path: Path) -> None:
    folder = pages(tmp_path / "p", "one", "refuse", "two")
    result = invoke("digest", folder, "--json")
    assert result.exit_code == 1
    assert [line.get("text") for line in lines(result)] == ["one", None, "two"]
    assert lines(result)[1] == {"source": str(folder / "001.html"), "error": "the page is a wall"}
    assert lines(result)[0]["model"] == "none"
    assert result.stderr == ""


def test_digests_as_a_page(tmp_path: Path) -> None:
    page = tmp_path / "out.html"
    result = invoke("digest", pages(tmp_path / "p", "one", "refuse"), "--html", page)
    assert result.exit_code == 1
    assert result.stdout == ""
    assert "Tide" in page.read_text()
    assert "wall" in page.read_text()
    assert "1 digest, 1 failure" in result.stderr
    assert [each.name for each in tmp_path.iterdir() if each.name.startswith(".")] == []


def test_a_page_that_cannot_be_written(tmp_path: Path) -> None:
    folder = pages(tmp_path / "p", "one")
    assert "make it first" in invoke("digest", folder, "--html", tmp_path / "no" / "x.html").stderr
    os.mkfifo(tmp_path / "pipe")
    for taken in (folder, tmp_path / "pipe", "/dev/null", "/proc/x.html", tmp_path / ("x" * 300)):
        result = invoke("digest", folder, "--html", taken)
        assert (result.exit_code, result.stdout) == (2, "")
        assert f"--html {taken}: " in result.stderr
    assert Path("/dev/null").is_char_device()


def test_a_page_is_written_where_a_link_leads(tmp_path: Path) -> None:
    (tmp_path / "link.html").symlink_to(tmp_path / "page.html")
    assert invoke("digest", pages(tmp_path / "p", "one"), "--html", tmp_path / "link.html").exit_code == 0
    assert (tmp_path / "link.html").is_symlink()
    assert "Tide" in (tmp_path / "page.html").read_text()


def test_one_bad_page_in_a_hundred(tmp_path: Path) -> None:
    folder = pages(tmp_path / "p", *["good"] * 57, "fail", *["good"] * 42)
    result = invoke("extract", folder, "--json")
    assert result.exit_code == 1
    found = lines(result)
    assert len(found) == 100
    assert [number for number, line in enumerate(found) if "error" in line] == [57]
    assert sorted(found[57]) == ["error", "source"]


def test_failures_are_told_on_standard_error(tmp_path: Path) -> None:
    folder = pages(tmp_path / "p", "one", "refuse")
    for command in ("digest", "extract"):
        result = invoke(command, folder, tmp_path / "nowhere")
        assert result.exit_code == 1
        assert f"gazetteer: {folder / '001.html'}: the page is a wall\n" in result.stderr
        assert f"gazetteer: {tmp_path / 'nowhere'}: there is no such file" in result.stderr


@pytest.mark.parametrize("arguments", [["nowhere"], ["ftp://a.example/"], ["http://127.0.0.1/"], ["nowhere", "--json"]])
def test_where_nothing_can_be_done(arguments: list[str]) -> None:
    assert invoke("digest", *arguments).exit_code == 2
    assert invoke("extract", *arguments).exit_code == 2


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["digest"],
        ["digest", "--no-such-option", "x"],
        *(["extract", "--timeout", seconds, "x"] for seconds in ("0", "nan", "inf", "86401", "soon")),
        ["digest", "--threads", "0", "x"],
        *(["digest", "--summary", length, "x"] for length in ("0", "-1", "2.5", "0%", "101%", "nan%", "%", "", "5 %x")),
        ["digest", "--url", "https://a.example", "x", "y"],
        ["digest", "--url", "https://a.example", "https://b.example"],
        ["digest", "--url", "a.example/tide", "-"],
        ["digest", "--url", "", "-"],
        ["digest", "--url", "javascript://a.example/%0aalert(1)", "-"],
        ["digest", "--url", "ftp://a.example/tide", "-"],
        ["digest", "--url", "https://name:word@a.example/tide", "-"],
        ["digest", "-", "-"],
        ["digest", "--config", "/no/such/file", "x"],
        ["digest", "--tags", "/no/such/file", "x"],
        *(
            ["extract", "--allow-host", host, "https://a.example"]
            for host in ("x" * 80 + "ü", "a.example:80", "127.0.0.1:80", "http://a.example", "", "::1%lo")
        ),
        ["nonsense"],
    ],
)
def test_wrong_use(arguments: list[str]) -> None:
    result = invoke(*arguments)
    assert result.exit_code == 2
    assert result.stderr
    assert "Traceback" not in result.stderr


def test_a_wrong_setting_is_told(tmp_path: Path) -> None:
    settings = tmp_path / "c.toml"
    settings.write_text("[intake]\nspeed = 1")
    result = invoke("extract", "x", "--config", settings)
    assert result.exit_code == 2
    assert result.stderr.startswith(f"gazetteer: {settings}: [intake]: there is no setting 'speed'")


def test_standard_input_and_its_address() -> None:
    result = invoke("extract", "-", "--json", "--url", "https://news.test/tide", given=b"words")
    assert (lines(result)[0]["source"], lines(result)[0]["text"]) == ("-", "words")


def test_standard_input_of_any_bytes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.undo()
    result = invoke("extract", "-", "--json", given=b"\xff\xfe\x00\x9b")
    assert result.exit_code == 2
    assert "error" in lines(result)[0]


def test_names_and_pages_cannot_act_on_the_terminal(tmp_path: Path) -> None:
    for name in ("\x1b[31mred.html", "\udcff.html", "\u202ereversed.html"):
        (tmp_path / name).write_text("\x1b]0;owned\x07\x9b31m words")
        for options in ([], ["--json"]):
            for command in ("digest", "extract"):
                result = invoke(command, tmp_path / name, *options)
                assert result.exit_code == 0
                assert not set(result.output) & {"\x1b", "\x07", "\x9b", "\u202e"}
        assert not set(invoke("digest", tmp_path / f"no{name}").output) & {"\x1b", "\x07", "\x9b", "\u202e"}


def test_a_timeout_ends_a_page(tmp_path: Path) -> None:
    result = invoke("extract", pages(tmp_path / "p", "hang", "one"), "--json", "--timeout", "2")
    assert result.exit_code == 1
    assert "longer than 2 s" in str(lines(result)[0]["error"])
    assert lines(result)[1]["text"] == "one"


def test_addresses_are_fetched_where_the_host_is_allowed(tmp_path: Path) -> None:
    class Quiet(SimpleHTTPRequestHandler):
        def log_message(self, *_: object) -> None:
            pass

    pages(tmp_path, "one")
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(tmp_path))) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        address = f"http://127.0.0.1:{server.server_address[1]}/000.html"
        refused = invoke("digest", address, "--json")
        found = invoke("digest", address, f"{address}?gone.html", "nowhere", "--json", "--allow-host", "127.0.0.1")
        server.shutdown()
        thread.join()
    assert refused.exit_code == 2
    assert "--allow-host 127.0.0.1" in str(lines(refused)[0]["error"])
    assert found.exit_code == 1
    assert [line.get("text") for line in lines(found)] == ["one", "one", None]


def test_annotations_answer_line_by_line() -> None:
    given = b'{"id": 1, "text": "Tide.", "targets": [{"start": 0, "end": 4}]}\nnonsense\n{"id": "b", "text": "x"}\n'
    result = invoke("annotate", "--json", given=given)
    assert result.exit_code == 1
    first, second, third = lines(result)
    assert list(first) == [
        "id", "entities", "sentences", "quotes", "tone", "tone_abstained", "summary", "summary_why", "tags",
        "model", "targets",
    ]  # fmt: skip
    assert second == {"id": None, "error": "line 2 is not JSON in UTF-8"}
    assert third["id"] == "b"


@pytest.mark.parametrize(("given", "status"), [(b"", 0), (b'{"id":1,"text":"x"}', 0), (b"x", 2)])
def test_the_status_of_annotations(given: bytes, status: int) -> None:
    assert invoke("annotate", "--json", given=given).exit_code == status
    assert invoke("annotate", given=given).stdout == invoke("annotate", "--json", given=given).stdout


def command(*arguments: object, **options: object) -> subprocess.Popen[bytes]:
    options = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE} | options
    return subprocess.Popen([sys.executable, "-m", "gazetteer", *map(str, arguments)], **options)


def test_the_real_command(tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    page.write_text(PAGE)
    with command("extract", page, "--json") as process:
        output, errors = process.communicate()
    assert (process.returncode, errors) == (0, b"")
    assert json.loads(output)["headline"] == "Harbour town votes to keep its ferry"


def test_a_reader_that_goes_away_is_no_error(tmp_path: Path) -> None:
    folder = pages(tmp_path / "p", *[PAGE] * 30)
    with command("extract", folder, "--json", env=os.environ | {"PYTHONUNBUFFERED": "1"}) as process:
        assert process.stdout is not None
        process.stdout.close()
        assert process.stderr is not None
        assert process.stderr.read() == b""
    assert process.returncode == 1


@pytest.mark.parametrize("options", [[], ["--json"]])
def test_output_that_cannot_be_written_is_told(tmp_path: Path, options: list[str]) -> None:
    (tmp_path / "page.html").write_text(PAGE)
    with Path("/dev/full").open("wb") as full, command("extract", tmp_path, *options, stdout=full) as process:
        assert process.stderr is not None
        assert process.stderr.read() == b"gazetteer: stopped: No space left on device\n"
    assert process.returncode == 1


@pytest.mark.parametrize("closed", ["<&-", ">&-"])
def test_a_closed_stream_is_told(closed: str) -> None:
    script = f"{sys.executable} -m gazetteer extract nowhere {closed}"
    found = subprocess.run(["/bin/sh", "-c", script], stderr=subprocess.PIPE, check=False)
    assert (found.returncode, found.stderr) == (2, b"gazetteer: a standard stream is closed; lead it to /dev/null\n")


def test_no_more_threads_are_asked_for_than_there_are_cores(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = []
    monkeypatch.setattr(annotate, "Annotator", lambda **options: asked.append(options["threads"]) or Reader())
    invoke("annotate", "--json", "--threads", "1000000", given=b"")
    invoke("annotate", "--json", given=b"")
    invoke("annotate", "--json", "--threads", "1", given=b"")
    assert asked == [os.cpu_count(), os.cpu_count(), 1]


@pytest.mark.parametrize(
    ("options", "length"),
    [
        ([], Length(share=0.2)),
        (["--summary", "5"], Length(sentences=5)),
        (["--summary", "10%"], Length(share=0.1)),
        (["--summary", "2.5%"], Length(share=0.025)),
    ],
)
def test_the_length_of_summaries(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, options: list[str], length: Length
) -> None:
    asked = []
    monkeypatch.setattr(annotate, "Annotator", lambda **given: asked.append(given["length"]) or Reader())
    settings = tmp_path / "c.toml"
    settings.write_text("[summary]\nshare = 0.2")
    invoke("annotate", "--json", "--config", settings, *options, given=b"")
    invoke("digest", pages(tmp_path / "p", "one"), "--config", settings, *options)
    assert asked == [length, length]
