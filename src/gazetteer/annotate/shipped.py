"""The files of a model's folder, and whether each is what was shipped."""

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path

from gazetteer.errors import ModelError

FACTS = "model.json"
"""What names the model, and the SHA-256 of each of its other files."""

NETWORK, LAYERS, TOKENIZER = "model.onnx", "heads.npz", "tokenizer.json"


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What names a model: its `version`, and the SHA-256 of each of its files by name."""

    version: str
    sha256: dict[str, str]


def facts(folder: Path) -> Facts:
    """The facts of the model in `folder`. Raise ModelError where they cannot be read."""
    try:
        found = json.loads((folder / FACTS).read_text(encoding="utf-8"))
        return Facts(version=str(found["version"]), sha256=dict(found["sha256"]))
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise unreadable(folder, error) from error


def unreadable(folder: Path, error: Exception) -> ModelError:
    """Say that the model in `folder` cannot be read, for a reason."""
    return ModelError(f"the model in {folder} cannot be read ({error}): install Gazetteer again")


def digest(content: bytes) -> str:
    """The SHA-256 of what a file holds, in hexadecimal."""
    return hashlib.sha256(content).hexdigest()


def whole(path: Path, sha256: str | None) -> bytes:
    """What `path` holds. Raise ModelError where its digest is not `sha256`, if one is given."""
    content = path.read_bytes()
    if sha256 is not None and digest(content) != sha256:
        raise ModelError(f"the model in {path.parent} is damaged ({path.name}): install Gazetteer again")
    return content
