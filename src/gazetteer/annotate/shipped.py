"""The files of a model's folder, and whether each is what was shipped."""

import hashlib
from pathlib import Path

from gazetteer.errors import ModelError

FACTS = "model.json"
"""What names the model, and the SHA-256 of each of its other files."""

NETWORK, LAYERS, TOKENIZER = "model.onnx", "heads.npz", "tokenizer.json"


def digest(content: bytes) -> str:
    """The SHA-256 of what a file holds, in hexadecimal."""
    return hashlib.sha256(content).hexdigest()


def whole(path: Path, sha256: str | None) -> bytes:
    """What `path` holds. Raise ModelError where its digest is not `sha256`, if one is given."""
    content = path.read_bytes()
    if sha256 is not None and digest(content) != sha256:
        raise ModelError(f"the model in {path.parent} is damaged ({path.name}): install Gazetteer again")
    return content
