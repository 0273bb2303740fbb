"""Runs `gazetteer add` again and again, each time in a process of its own that is killed soon after some lines.

Reads an archive's address, a folder, a number of lines and seconds from standard input, and writes whether it was
killed and what it had written. The process is forked, so that what it needs is imported once.
"""

import json
import os
import signal
import sys
import tempfile
import time
from collections.abc import Sequence
from contextlib import nullcontext
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))

import digests
import misbehaving

from gazetteer import annotate, archive, cli, exports, keeping, pipeline, show  # noqa: F401 - imported once
from gazetteer.types import Annotation, Article


class Reader:
    """Stands in for the model."""

    model = "none"

    def __init__(self, **_: object) -> None:
        pass

    def annotate(self, articles: Sequence[Article], **_: object) -> list[Annotation]:
        return [digests.annotation(article.text, model="none") for article in articles]


def run(url: str, folder: str, lines: int, seconds: float) -> dict[str, object]:
    """Run the command once."""
    with tempfile.TemporaryFile() as output:
        child = os.fork()
        if child == 0:
            os.dup2(output.fileno(), 1)
            annotate.Annotator = Reader
            pipeline.extractor = lambda _limits: nullcontext(misbehaving.extract)
            try:
                cli.cli(["add", folder, "--json", "--archive", url])
            finally:
                os._exit(0)
        while (ended := os.waitpid(child, os.WNOHANG)) == (0, 0):
            if os.pread(output.fileno(), 1 << 20, 0).count(b"\n") >= lines:
                time.sleep(seconds)
                ended = os.waitpid(child, os.WNOHANG)
                break
            time.sleep(0.001)
        killed = ended == (0, 0)
        if killed:
            os.kill(child, signal.SIGKILL)
            os.waitpid(child, 0)
        output.seek(0)
        return {"killed": killed, "output": output.read().decode()}


if __name__ == "__main__":
    while url := sys.stdin.readline().strip():
        result = run(url, sys.stdin.readline().strip(), int(sys.stdin.readline()), float(sys.stdin.readline()))
        sys.stdout.write(json.dumps(result) + "\n")
        sys.stdout.flush()
