"""Settings: the only reader of the configuration file and of the environment.

A setting is a field of one of the sections' dataclasses: `timeout` under `[intake]` in the file is
`GAZETTEER_INTAKE_TIMEOUT` in the environment, which wins; an option of the command line wins over both.
"""

import tomllib
import types
import typing
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path

from gazetteer.errors import ConfigError
from gazetteer.intake import FetchSettings
from gazetteer.pipeline import Limits
from gazetteer.web import SiteSettings

PREFIX = "GAZETTEER_"

# Beyond, timers and memory limits overflow, or a page would be waited for without end.
MOST = 10**9
_DAY = 86_400  # seconds, which most numbers with a fraction are in
Bounds = tuple[float, float]
"""The least and the most that a number may be."""
TIMEOUT: Bounds = (0.1, _DAY)
"""The least and the most seconds that a time limit may have."""
SHARE: Bounds = (0.001, 1.0)
"""The least and the most of an article that a summary may be."""
_ANY: Bounds = (0.0, _DAY)
_COUNT: Bounds = (1, MOST)
EXCERPT: Bounds = (0, 100)
"""The least and the most sentences of an excerpt."""
_BOUNDS = {"timeout": TIMEOUT, "share": SHARE, "excerpt": EXCERPT, "excerpts": EXCERPT, "port": (1, 65_535)}
_BY_NAME = Mapping[str, int]
_TRUTHS = {"true": True, "1": True, "false": False, "0": False}


@dataclass(frozen=True, slots=True, kw_only=True)
class AnnotateSettings:
    """How articles are annotated: on how many `threads` (every core's, where None), and with which file's `tags`."""

    threads: int | None = None
    tags: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SummarySettings:
    """How long summaries are: so many `sentences`, else a `share` of the article's, else as `summary.Length` says."""

    sentences: int | None = None
    share: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ArchiveSettings:
    """Where the archive is: a file's path or a database's `url`; see `archive_url` for where it is by itself."""

    url: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MailSettings:
    """How letters are sent: by the SMTP server at `host`, over `security` (`tls`, `starttls` or `none`), from `sender`
    to the addresses `to`.
    """

    host: str | None = None
    port: int = 587
    security: str = "starttls"
    user: str | None = None
    password: str | None = None
    sender: str = ""
    to: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeSettings:
    """Where notices of what the owner follows go: to a `webhook`, signed with a `secret`, and by `email`."""

    webhook: str | None = None
    secret: str | None = None
    email: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Config:
    """Every setting, by section."""

    intake: FetchSettings = field(default_factory=FetchSettings)
    extract: Limits = field(default_factory=Limits)
    annotate: AnnotateSettings = field(default_factory=AnnotateSettings)
    summary: SummarySettings = field(default_factory=SummarySettings)
    archive: ArchiveSettings = field(default_factory=ArchiveSettings)
    site: SiteSettings = field(default_factory=SiteSettings)
    mail: MailSettings = field(default_factory=MailSettings)
    notices: NoticeSettings = field(default_factory=NoticeSettings)


def load(*, environment: Mapping[str, str], path: str | None = None) -> Config:
    """Read the settings; raises `ConfigError` that names the file or variable, and the key.

    The file is `path`, else what `GAZETTEER_CONFIG` names, else `gazetteer/config.toml` under `XDG_CONFIG_HOME` (or
    `~/.config`), which alone may be missing.
    """
    named = path or environment.get(f"{PREFIX}CONFIG")
    file = Path(named) if named else _default_path(environment)
    tables = _read(file, required=bool(named))
    variables = _variables(environment)
    sections = {}
    for section in fields(Config):
        kind = typing.cast("type", section.type)
        values = _checked(tables.pop(section.name, {}), kind, where=f"{file}: [{section.name}]")
        if isinstance(tags := values.get("tags"), str):
            values["tags"] = str(file.parent / tags)
        if isinstance(url := values.get("url"), str) and "://" not in url:
            values["url"] = str(file.parent / url)
        sections[section.name] = kind(**values | _parsed(variables, section.name, kind))
    if tables:
        raise ConfigError(f"{file}: there is no setting {min(tables)!r}; {_known(Config)}")
    if variables:
        raise ConfigError(f"the environment: there is no setting {PREFIX}{min(variables)}")
    return Config(**sections)


def archive_url(settings: Config, *, environment: Mapping[str, str]) -> str:
    """Give where the archive is: where it was set, else `gazetteer/archive.sqlite` under `XDG_DATA_HOME` (or
    `~/.local/share`).
    """
    if settings.archive.url:
        return settings.archive.url
    base = environment.get("XDG_DATA_HOME") or Path(environment.get("HOME", "/"), ".local", "share")
    return str(Path(base, "gazetteer", "archive.sqlite"))


def _default_path(environment: Mapping[str, str]) -> Path:
    base = environment.get("XDG_CONFIG_HOME") or Path(environment.get("HOME", "/"), ".config")
    return Path(base, "gazetteer", "config.toml")


def _read(file: Path, *, required: bool) -> dict[str, object]:
    try:
        return tomllib.loads(file.read_bytes().decode())
    except (FileNotFoundError, NotADirectoryError) as error:
        if required:
            raise ConfigError(f"{file}: there is no such file") from error
        return {}
    except OSError as error:
        raise ConfigError(f"{file}: it cannot be read: {error.strerror}") from error
    except (ValueError, RecursionError) as error:
        raise ConfigError(f"{file}: it is not TOML: {error}") from error


def _variables(environment: Mapping[str, str]) -> dict[str, str]:
    return {
        name.removeprefix(PREFIX): value
        for name, value in environment.items()
        if name.startswith(PREFIX) and name != f"{PREFIX}CONFIG"
    }


def _checked(table: object, kind: type, *, where: str) -> dict[str, object]:
    """Hold a table of the file to its dataclass."""
    if not isinstance(table, dict):
        raise ConfigError(f"{where} must be a table")
    hints = typing.get_type_hints(kind)
    for name, value in table.items():
        if name not in hints:
            raise ConfigError(f"{where}: there is no setting {name!r}; {_known(kind)}")
        table[name] = _value(value, hints[name], where=f"{where} {name}", bounds=_bounds(name, hints[name]))
    return table


def _parsed(variables: dict[str, str], section: str, kind: type) -> dict[str, object]:
    """Take a section's settings out of the environment's variables."""
    values = {}
    for name, hint in typing.get_type_hints(kind).items():
        variable = f"{section}_{name}".upper()
        if variable in variables:
            bounds = _bounds(name, hint)
            values[name] = _from_text(variables.pop(variable), hint, where=PREFIX + variable, bounds=bounds)
    return values


def _bounds(name: str, hint: object) -> Bounds:
    return _BOUNDS.get(name, _COUNT if _scalar(hint) is int else _ANY)


def _from_text(text: str, hint: object, *, where: str, bounds: Bounds) -> object:
    if hint == tuple[str, ...]:
        return tuple(part.strip() for part in text.split(",") if part.strip())
    wanted = _scalar(hint)
    if wanted is str:
        return text
    if wanted is bool and text.lower() in _TRUTHS:
        return _TRUTHS[text.lower()]
    try:
        if hint == _BY_NAME:
            pairs = (part.rpartition("=") for part in text.split(",") if part.strip())
            named = {name.strip(): int(number) for name, _, number in pairs}
            return _value(named, hint, where=where, bounds=bounds)
        return _value(int(text) if wanted is int else float(text), hint, where=where, bounds=bounds)
    except ValueError as error:
        raise ConfigError(f"{where} must be {_words(hint, bounds)}, not {text!r}") from error


def _value(value: object, hint: object, *, where: str, bounds: Bounds) -> object:
    """Hold one value to its type: numbers that are no truth values and within bounds, a list as a tuple."""
    if hint == _BY_NAME and isinstance(value, dict):
        return {name: _value(each, int, where=f"{where} {name!r}", bounds=bounds) for name, each in value.items()}
    if hint == tuple[str, ...] and isinstance(value, list) and all(isinstance(each, str) for each in value):
        return tuple(value)
    wanted = _scalar(hint)
    if isinstance(value, bool if wanted is bool else str if wanted is str else ()):
        return value
    if isinstance(value, int | float) and not isinstance(value, bool):
        if wanted is float and bounds[0] <= value <= bounds[1]:
            return float(value)
        if wanted is int and isinstance(value, int) and bounds[0] <= value <= bounds[1]:
            return value
    raise ConfigError(f"{where} must be {_words(hint, bounds)}, not {value!r}")


def _scalar(hint: object) -> object:
    """Give `T` for `T | None`, and any other type as it is."""
    return typing.get_args(hint)[0] if isinstance(hint, types.UnionType) else hint


def _words(hint: object, bounds: Bounds) -> str:
    scalar = _scalar(hint)
    names = {
        str: "a text",
        int: f"a whole number from {bounds[0]} to {bounds[1]}",
        float: f"a number from {bounds[0]:g} to {bounds[1]:g}",
        bool: "true or false",
        _BY_NAME: f"a table of names, each with a whole number from {bounds[0]} to {bounds[1]}",
    }
    return next((words for kind, words in names.items() if kind == scalar), "a list of texts")


def _known(kind: type) -> str:
    return f"known are {', '.join(each.name for each in fields(kind))}"
