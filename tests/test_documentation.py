"""What the documentation says can be done, can be done as it is written; where it leads, there is something."""

import os
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from urllib.request import urlopen

import pytest

ROOT = Path(__file__).parent.parent
PAGES = sorted(
    path.relative_to(ROOT).as_posix()
    for folder in (".", "docs", "docs/how-to", "examples", "src/gazetteer/model", "evaluation")
    for path in (ROOT / folder).glob("*.md")
)
GUIDES = [page for page in PAGES if page.startswith("docs/how-to/") or page == "docs/tutorial.md"]
TYPED = [page for page in GUIDES if "\n```sh\n" in (ROOT / page).read_text(encoding="utf-8")]
LEADING = ("README.md", "docs/tutorial.md")
MOST = 100_000
"""Bytes of a picture."""
ADDRESS = "http://127.0.0.1:8000"
_FENCED = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_LINK = re.compile(r"(!?)\[((?:[^\[\]]|\[[^\]]*\])*)\]\(([^)\s]+)\)")
_PUT = re.compile(r"[Pp]ut this into `([\w.]+)`:\s*$")


def text_of(page: str) -> str:
    return (ROOT / page).read_text(encoding="utf-8")


def links(page: str) -> list[tuple[str, str, str]]:
    """Give the links of a page, each with whether it is a picture, its words, and where it leads."""
    found: list[tuple[str, str, str]] = _LINK.findall(_FENCED.sub("", text_of(page)))
    return [each for each in found if "://" not in each[2]]


def anchors(page: str) -> set[str]:
    """Give the anchors that a page's headings have."""
    headings = re.findall(r"^#+ (.+)$", _FENCED.sub("", text_of(page)), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).strip().replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("page", PAGES)
def test_links_lead_somewhere(page: str) -> None:
    for _, words, to in links(page):
        path, _, anchor = to.partition("#")
        there = ((ROOT / page).parent / path).resolve() if path else ROOT / page
        assert there.exists(), f"{words}: {to}"
        assert not anchor or anchor in anchors(there.relative_to(ROOT).as_posix()), f"{words}: {to}"


@pytest.mark.parametrize("page", PAGES)
def test_paths_that_are_named_exist(page: str) -> None:
    for path in re.findall(r"`((?:docs|src|examples|tools|training|evaluation|tests)/[\w./-]+\.\w+)`", text_of(page)):
        assert (ROOT / path).exists(), path


def test_pictures_are_described_light_and_shown() -> None:
    shown = {}
    for page in PAGES:
        for is_picture, words, to in links(page):
            if is_picture:
                assert len(words) > 20, to
                shown[((ROOT / page).parent / to).resolve()] = page
    kept = set((ROOT / "docs" / "pictures").iterdir())
    assert kept == set(shown)
    assert [path.name for path in kept if path.stat().st_size > MOST] == []


@pytest.mark.parametrize("page", GUIDES)
def test_the_readme_or_the_tutorial_leads_to_every_guide(page: str) -> None:
    led = {((ROOT / each).parent / to).resolve() for each in LEADING for _, _, to in links(each)}
    assert ROOT / page in led


@dataclass
class Desk:
    """Where a reader sits and types: a folder with the examples, variables, and a site that is being served."""

    folder: Path
    variables: dict[str, str]
    serving: list[subprocess.Popen[str]] = field(default_factory=list)
    address: str = ADDRESS

    def shell(self, block: str) -> None:
        """Do what a block says, line by line where it serves a site or sets a variable."""
        lines = block.splitlines()
        for line in [each for each in lines if each.startswith("export ")]:
            name, _, value = line.removeprefix("export ").partition("=")
            self.variables[name] = value
        served = [line for line in lines if line.startswith("gazetteer serve")]
        rest = "\n".join(line for line in lines if line not in served)
        if rest.strip():
            self.run(["sh", "-euc", rest])
        for line in served:
            self.serve(line)

    def run(self, command: list[str]) -> None:
        ran = subprocess.run(
            command, cwd=self.folder, env=self.variables, capture_output=True, text=True, timeout=120, check=False
        )
        assert ran.returncode == 0, f"{command[-1]}\n{ran.stdout}\n{ran.stderr}"

    def serve(self, line: str) -> None:
        self.stop()
        process = subprocess.Popen(
            ["sh", "-euc", f"exec {line} --port 0"],
            cwd=self.folder,
            env=self.variables,
            stderr=subprocess.PIPE,
            text=True,
        )
        self.serving.append(process)
        assert process.stderr is not None
        told = process.stderr.readline()
        assert " is at " in told, told
        self.address = told.partition(" is at ")[2].split()[0].rstrip("/")
        with urlopen(self.address) as answer:
            assert answer.status == 200

    def stop(self) -> None:
        while self.serving:
            process = self.serving.pop()
            process.send_signal(signal.SIGINT)
            process.communicate(timeout=60)
            assert process.returncode == 0


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The archive that guides speak of."""
    path = tmp_path_factory.mktemp("guides") / "news.sqlite"
    pages = [f"examples/{name}.html" for name in ("live-flood", "flood-money", "flood-wall")]
    command = [sys.executable, "-m", "gazetteer", "add", *pages, "--archive", str(path), "--threads", "1"]
    subprocess.run(command, cwd=ROOT, capture_output=True, timeout=120, check=True)
    return path


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    shutil.copytree(ROOT / "examples", tmp_path / "examples")
    bin_ = tmp_path / "bin"
    bin_.mkdir()
    (bin_ / "gazetteer").write_text(f'#!/bin/sh\nexec {sys.executable} -m gazetteer "$@"\n')
    (bin_ / "gazetteer").chmod(0o755)
    (bin_ / "python3").symlink_to(sys.executable)
    variables = {name: value for name, value in os.environ.items() if not name.startswith("GAZETTEER_")} | {
        "PATH": f"{bin_}:{os.environ['PATH']}",
        "HOME": str(tmp_path),
        "GAZETTEER_ANNOTATE_THREADS": "1",
    }
    desk = Desk(folder=tmp_path, variables=variables)
    yield desk
    desk.stop()


@pytest.mark.parametrize("page", TYPED)
def test_a_guide_can_be_followed_as_it_is_written(desk: Desk, archive: Path, page: str) -> None:
    text = text_of(page)
    if page != "docs/tutorial.md":
        shutil.copy(archive, desk.folder)
    for found in _FENCED.finditer(text):
        language, block = found.groups()
        if language == "sh":
            desk.shell(block)
        elif language == "python":
            desk.run([sys.executable, "-c", block.replace(ADDRESS, desk.address)])
        elif language == "toml" and (into := _PUT.search(text[: found.start()])):
            (desk.folder / into[1]).write_text(block)
