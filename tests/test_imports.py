"""Who may import whom, read from the code itself."""

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

SOURCE = Path(__file__).parent.parent / "src" / "gazetteer"
FILES = sorted(SOURCE.rglob("*.py"))

INTAKE, EXTRACT, ANNOTATE, STORIES, ARCHIVE = "intake", "extract", "annotate", "stories", "archive"
MAY_SEE = {
    "types": set(),
    "errors": set(),
    "encoding": set(),
    "optouts": set(),
    "writing": set(),
    "furniture": set(),
    INTAKE: {INTAKE, "encoding", "optouts"},
    EXTRACT: {EXTRACT, "encoding", "optouts", "writing", "furniture"},
    ANNOTATE: {ANNOTATE, "writing", "furniture"},
    STORIES: {STORIES},
    ARCHIVE: {ARCHIVE},
    "worker": set(),
    "pipeline": {EXTRACT, ANNOTATE, "worker"},
    "schedule": {INTAKE},
    "gathering": {STORIES, ARCHIVE, "worker"},
    "update": {EXTRACT, ANNOTATE, "worker", "pipeline", "schedule", "gathering", INTAKE, STORIES, ARCHIVE},
    "config": {INTAKE, "pipeline", "web"},
    "view": set(),
    "wire": {ARCHIVE, "keeping"},
    "terminal": {"view"},
    "lines": {"wire", EXTRACT},
    "clustering": {"lines", "pipeline", STORIES},
    "meters": set(),
    "web": {"web", "meters", "view", "wire", ARCHIVE, STORIES},
    "batch": {"batch", "optouts", "pipeline", "worker", INTAKE, ANNOTATE, STORIES},
}
"""What each part may import of the others, beside `types` and `errors`, which all may; parts not named may see all."""

PURE = {EXTRACT, ANNOTATE, STORIES, "encoding", "optouts", "writing", "furniture", "types", "errors"}
IMPURE = {
    *("asyncio", "http", "multiprocessing", "os", "random", "requests", "secrets", "socket", "sqlalchemy", "sqlite3"),
    *("ssl", "subprocess", "tempfile", "threading", "time", "urllib.request", "urllib3"),
}
CLOCKS = {"now", "today", "utcnow"}
IN_ARCHIVE = {str(path.relative_to(SOURCE)) for path in FILES if path.is_relative_to(SOURCE / ARCHIVE)}
HOMES = {
    "argon2": {"archive/accounts.py"},
    "onnxruntime": {"annotate/encoder.py"},
    "tokenizers": {"annotate/encoder.py", "annotate/subwords.py"},
    "pyarrow": {"exports.py", "batch/tables.py", "batch/shards.py", "batch/stories.py"},
    "fastwarc": {"batch/archives.py"},
    "fsspec": {"batch/archives.py", "batch/folders.py"},
    "ray": {"batch/ray.py"},
    "prometheus_client": {"meters.py", "web/metrics.py"},
    **dict.fromkeys(("alembic", "psycopg", "sqlalchemy"), IN_ARCHIVE),
}
"""The only modules that may import what is heavy."""


def part(path: Path) -> str:
    """Give the package or module that a file belongs to."""
    return path.relative_to(SOURCE).parts[0].removesuffix(".py")


def imports(path: Path) -> Iterator[str]:
    """Give the full name of everything that a file imports, whether at its top or inside a function."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: import by full names"
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


files = pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(SOURCE)))


@files
def test_each_part_sees_only_what_it_may(path: Path) -> None:
    allowed = MAY_SEE.get(part(path))
    if allowed is None:
        return
    own = {name.split(".")[1] for name in imports(path) if name.startswith("gazetteer.")}
    assert own <= allowed | {"types", "errors", "__version__"}


@files
def test_values_and_errors_need_the_standard_library_alone(path: Path) -> None:
    if part(path) in ("types", "errors"):
        assert {name.split(".")[0] for name in imports(path)} <= sys.stdlib_module_names


@files
def test_pure_parts_take_no_clock_socket_or_file_of_their_own(path: Path) -> None:
    if part(path) not in PURE:
        return
    for name in imports(path):
        assert name not in IMPURE
        assert name.split(".")[0] not in IMPURE
        assert name.rpartition(".")[0] not in IMPURE
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            assert node.func.attr not in CLOCKS, f"{path}: a clock; take the time as an argument"
        if isinstance(node, ast.Global):
            pytest.fail(f"{path}: a global")


@files
def test_heavy_imports_stand_in_one_module_each(path: Path) -> None:
    at = str(path.relative_to(SOURCE))
    for name in imports(path):
        homes = HOMES.get(name.split(".")[0])
        assert homes is None or at in homes


@files
def test_nothing_needs_the_training(path: Path) -> None:
    roots = {name.split(".")[0] for name in imports(path)}
    assert not roots & {"training", "evaluation", "tests", "torch"}


def test_the_configuration_alone_reads_the_environment() -> None:
    readers = {
        str(path.relative_to(SOURCE))
        for path in FILES
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Attribute) and node.attr in ("environ", "getenv")
    }
    assert readers <= {"invocation.py", "__init__.py"}, (
        "the command line hands it to config.load; the package adds to it"
    )


def test_the_runtime_of_the_model_reports_to_nobody(tmp_path: Path) -> None:
    """It would leave an identifier of the machine in the user's home, and send it."""
    environment = {"HOME": str(tmp_path), "PYTHONPATH": str(SOURCE.parent)}
    script = "from gazetteer.annotate import Annotator; Annotator()"
    subprocess.run([sys.executable, "-c", script], env=environment, check=True)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "arguments",
    [["--help"], ["--version"], ["digest", "--help"], ["search", "--help"], ["user", "add", "--help"], ["token"]],
)
def test_help_needs_nothing_heavy(arguments: list[str]) -> None:
    script = (
        "import sys\nfrom gazetteer.cli import cli\n"
        f"try: cli({arguments!r})\nfinally: print(*sorted(sys.modules), file=sys.stderr)"
    )
    found = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)
    loaded = set(found.stderr.split())
    heavy = {
        "lxml",
        "onnxruntime",
        "numpy",
        "trafilatura",
        "tokenizers",
        "urllib3",
        "rich",
        "jinja2",
        "sqlalchemy",
        "argon2",
        "starlette",
        "prometheus_client",
        "gazetteer.config",
        "gazetteer.pipeline",
    }
    assert not loaded & heavy
    assert "gazetteer.cli" in loaded
