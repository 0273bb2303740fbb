from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gazetteer import config
from gazetteer.config import Config
from gazetteer.errors import ConfigError


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "config.toml"


def load(file: Path, text: str, **environment: str) -> Config:
    file.write_text(text)
    return config.load(environment=environment, path=str(file))


def wrong(file: Path, text: str, **environment: str) -> str:
    with pytest.raises(ConfigError) as caught:
        load(file, text, **environment)
    return caught.value.reason


def test_without_a_file_the_settings_are_as_documented(tmp_path: Path) -> None:
    assert config.load(environment={"HOME": str(tmp_path)}) == Config()
    assert config.load(environment={"HOME": "/dev/null"}) == Config()


def test_settings_are_read(file: Path) -> None:
    text = """
        [intake]
        contact = "desk@news.test"
        allow_hosts = ["localhost", "wiki.test"]
        timeout = 5
        [extract]
        memory = 512
        [annotate]
        threads = 1
        tags = "tags.toml"
        [summary]
        share = 0.1
    """
    settings = load(file, text)
    assert settings.intake.contact == "desk@news.test"
    assert settings.intake.allow_hosts == ("localhost", "wiki.test")
    assert settings.intake.timeout == 5.0
    assert isinstance(settings.intake.timeout, float)
    assert settings.extract.memory == 512
    assert (settings.annotate.threads, settings.annotate.tags) == (1, str(file.parent / "tags.toml"))
    assert (settings.summary.sentences, settings.summary.share) == (None, 0.1)


def test_the_environment_wins(file: Path) -> None:
    variables = {
        "GAZETTEER_INTAKE_TIMEOUT": "2.5",
        "GAZETTEER_INTAKE_ALLOW_HOSTS": "a.test, b.test,",
        "GAZETTEER_ANNOTATE_THREADS": "2",
        "GAZETTEER_ANNOTATE_TAGS": "mine.toml",
        "GAZETTEER_SUMMARY_SENTENCES": "5",
        "PATH": "/bin",
    }
    settings = load(file, "[intake]\ntimeout = 9\nmax_redirects = 3", **variables)
    assert settings.intake.timeout == 2.5
    assert settings.intake.max_redirects == 3
    assert settings.intake.allow_hosts == ("a.test", "b.test")
    assert (settings.annotate.threads, settings.annotate.tags) == (2, "mine.toml")
    assert settings.summary.sentences == 5


def test_where_the_file_is(tmp_path: Path) -> None:
    at_home = tmp_path / ".config" / "gazetteer" / "config.toml"
    elsewhere = tmp_path / "xdg" / "gazetteer" / "config.toml"
    named = tmp_path / "named.toml"
    for number, path in enumerate((at_home, elsewhere, named), start=1):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"[annotate]\nthreads = {number}")
    home = {"HOME": str(tmp_path)}
    xdg = home | {"XDG_CONFIG_HOME": str(tmp_path / "xdg")}
    assert config.load(environment=home).annotate.threads == 1
    assert config.load(environment=xdg).annotate.threads == 2
    assert config.load(environment=xdg | {"GAZETTEER_CONFIG": str(named)}).annotate.threads == 3
    assert config.load(environment=xdg | {"GAZETTEER_CONFIG": str(named)}, path=str(at_home)).annotate.threads == 1


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("[intake]\ntimeuot = 1", "[intake]: there is no setting 'timeuot'; known are contact, allow_hosts"),
        ("[fetch]\ntimeout = 1", "there is no setting 'fetch'; known are intake, extract, annotate, summary, archive"),
        ("timeout = 1", "there is no setting 'timeout'"),
        ("intake = 1", "[intake] must be a table"),
        ("[intake]\ntimeout = '1'", "[intake] timeout must be a number from 0.1 to 86400, not '1'"),
        ("[extract]\ntimeout = 86401", "[extract] timeout must be a number from 0.1 to 86400"),
        ("[extract]\nmemory = 1000000001", "[extract] memory must be a whole number from 1 to 1000000000"),
        ("[extract]\ntimeout = 0", "[extract] timeout must be a number from 0.1"),
        ("[intake]\ndelay = -0.5", "[intake] delay must be a number from 0 to"),
        ("[intake]\ntimeout = true", "[intake] timeout must be a number"),
        ("[intake]\ntimeout = nan", "[intake] timeout must be a number"),
        ("[intake]\ntimeout = inf", "[intake] timeout must be a number"),
        ("[intake]\ntimeout = -1", "[intake] timeout must be a number"),
        ("[intake]\nmax_bytes = 1.5", "[intake] max_bytes must be a whole number from 1"),
        ("[intake]\nmax_bytes = 0", "[intake] max_bytes must be a whole number from 1"),
        ("[intake]\ncontact = 1", "[intake] contact must be a text"),
        ("[intake]\nallow_hosts = 'a'", "[intake] allow_hosts must be a list of texts"),
        ("[intake]\nallow_hosts = [1]", "[intake] allow_hosts must be a list of texts"),
        ("[annotate]\nthreads = 2.0", "[annotate] threads must be a whole number from 1"),
        ("[summary]\nshare = 10", "[summary] share must be a number from 0.001 to 1, not 10"),
        ("[summary]\nshare = 0", "[summary] share must be a number from 0.001 to 1"),
        ("[summary]\nsentences = 0", "[summary] sentences must be a whole number from 1"),
        ("[intake", "it is not TOML"),
    ],
)
def test_what_is_wrong_is_told_with_file_and_key(file: Path, text: str, words: str) -> None:
    reason = wrong(file, text)
    assert reason.startswith(f"{file}: ")
    assert words in reason


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("GAZETTEER_INTAKE_TIMEOUT", "soon", "GAZETTEER_INTAKE_TIMEOUT must be a number"),
        ("GAZETTEER_INTAKE_TIMEOUT", "nan", "GAZETTEER_INTAKE_TIMEOUT must be a number"),
        ("GAZETTEER_EXTRACT_MEMORY", "1.5", "GAZETTEER_EXTRACT_MEMORY must be a whole number"),
        ("GAZETTEER_THREADS", "1", "there is no setting GAZETTEER_THREADS"),
    ],
)
def test_a_variable_that_is_wrong_is_told(file: Path, name: str, value: str, words: str) -> None:
    assert words in wrong(file, "", **{name: value})


def test_where_the_archive_is(file: Path, tmp_path: Path) -> None:
    home = {"HOME": str(tmp_path)}
    by_itself = config.archive_url(Config(), environment=home)
    assert by_itself == str(tmp_path / ".local" / "share" / "gazetteer" / "archive.sqlite")
    elsewhere = config.archive_url(Config(), environment=home | {"XDG_DATA_HOME": "/data"})
    assert elsewhere == "/data/gazetteer/archive.sqlite"
    for url, told in (("a.sqlite", str(file.parent / "a.sqlite")), ("/a", "/a"), ("postgresql://a/b",) * 2):
        assert config.archive_url(load(file, f"[archive]\nurl = '{url}'"), environment=home) == told


def test_a_file_that_was_named_must_be_there(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="no such file"):
        config.load(environment={}, path=str(tmp_path / "nothing.toml"))
    with pytest.raises(ConfigError, match="cannot be read"):
        config.load(environment={"GAZETTEER_CONFIG": str(tmp_path)})


@given(st.binary(max_size=100) | st.sampled_from([b"a=" + b"[" * 10_000, b"[intake]\n" * 2, b"\xff"]))
def test_any_bytes_give_settings_or_our_error(tmp_path_factory: pytest.TempPathFactory, content: bytes) -> None:
    path = tmp_path_factory.getbasetemp() / "any.toml"
    path.write_bytes(content)
    with suppress(ConfigError):
        config.load(environment={}, path=str(path))
