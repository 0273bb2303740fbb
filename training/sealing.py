"""The digests in a model's folder, by which `gazetteer` tells that its files are whole."""

import json
from collections.abc import Iterable, Mapping
from pathlib import Path

from gazetteer.annotate.charge import FILE as WORDS
from gazetteer.annotate.shipped import FACTS, LAYERS, NETWORK, TOKENIZER, digest
from gazetteer.annotate.topics import FILE as TOPICS

FILES = (NETWORK, LAYERS, TOKENIZER, WORDS, TOPICS)
"""The files that have a digest, in the order that `model.json` names them."""


def digests(folder: Path, names: Iterable[str] = FILES) -> dict[str, str]:
    """The digest of each of `names` that is in `folder`."""
    return {name: digest((folder / name).read_bytes()) for name in names if (folder / name).exists()}


def seal(folder: Path, name: str) -> None:
    """Write the digest of the file `name` of `folder`, which was made anew, to its `model.json`."""
    path = folder / FACTS
    facts = json.loads(path.read_text(encoding="utf-8"))
    known = facts["sha256"] | digests(folder, [name])
    facts["sha256"] = {each: known[each] for each in FILES if each in known}
    path.write_text(written(facts), encoding="utf-8")


def written(facts: Mapping[str, object]) -> str:
    """What `model.json` holds."""
    return json.dumps(facts, indent=1) + "\n"
