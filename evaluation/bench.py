"""Speed and memory beside peers, in one run: `python -m evaluation.bench --data ../shared/data [--pages N]`.

Each chain reads the same pages (of `pages/news-sites`) in a process of its own, on one core, after a warm-up on two
pages that are not counted; the chains take turns, `--rounds` times. Printed: the median CPU time a page as a ratio to
Gazetteer's, and the peak memory of the process. Times of this machine mean little elsewhere; ratios mean more.

- *gazetteer*: extraction, names gathered, tone, summary, tags.
- *newspaper4k*: `parse()` alone (its `nlp()` wants data from the network).
- *trafilatura + spaCy + VADER + sumy*: the chain that people build by hand, with the CNN that
  `evaluation.spacy_peer` trained (left out where `build/spacy-peer` does not exist).
"""

import argparse
import json
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from itertools import islice
from pathlib import Path

from evaluation import sets

WARM_UP = 2
PEER = Path("build/spacy-peer")

Read = Callable[[bytes, str], object]


def gazetteer() -> Read:
    """The whole digest of a page."""
    from gazetteer.annotate import Annotator
    from gazetteer.errors import ExtractError
    from gazetteer.extract import extract
    from gazetteer.types import Capture

    annotator = Annotator(threads=1)

    def read(content: bytes, url: str) -> object:
        try:
            return annotator.annotate([extract(Capture(source=url, content=content, url=url))])
        except ExtractError:
            return None

    return read


def newspaper4k() -> Read:
    """Body and metadata, without names, tone or summary."""
    from newspaper import Article

    def read(content: bytes, url: str) -> object:
        article = Article(url)
        article.download(input_html=content.decode("utf-8", "replace"))
        article.parse()
        return article.text

    return read


def by_hand() -> Read:
    """Body and metadata by trafilatura, names by a spaCy CNN, tone by VADER, summary by sumy."""
    import spacy
    import trafilatura
    from sumy.nlp.tokenizers import Tokenizer
    from sumy.parsers.plaintext import PlaintextParser
    from sumy.summarizers.lex_rank import LexRankSummarizer
    from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer

    pipeline = spacy.load(PEER)
    pipeline.add_pipe("sentencizer")
    vader, summarise = SentimentIntensityAnalyzer(), LexRankSummarizer()

    class Split(Tokenizer):  # type: ignore[misc]
        """spaCy's sentences and words, since sumy's own want data from the network."""

        def __init__(self) -> None:
            self._language = "english"

        def to_sentences(self, paragraph: str) -> tuple[str, ...]:
            """The sentences of a paragraph."""
            return tuple(
                sentence.text for sentence in pipeline.get_pipe("sentencizer")(pipeline.make_doc(paragraph)).sents
            )

        def to_words(self, sentence: str) -> tuple[str, ...]:
            """The words of a sentence."""
            return tuple(token.text for token in pipeline.make_doc(sentence) if token.is_alpha)

    split = Split()

    def read(content: bytes, url: str) -> object:
        found = trafilatura.extract(content, url=url, with_metadata=True, output_format="json")
        text = json.loads(found)["text"] if found else ""
        doc = pipeline(text)
        tone = [vader.polarity_scores(sentence.text) for sentence in doc.sents]
        return doc.ents, tone, summarise(PlaintextParser.from_string(text, split).document, 5)

    return read


CHAINS: dict[str, Callable[[], Read]] = {
    "gazetteer": gazetteer,
    "newspaper4k": newspaper4k,
    "trafilatura + spaCy + VADER + sumy": by_hand,
}


def run(chain: str, data: Path, pages: int) -> None:
    """Read the pages with `chain`, and print its CPU seconds a page and its peak memory in megabytes, as JSON."""
    chosen = islice(sets.pages(data, "news-sites"), pages + WARM_UP)
    contents = [(content, row["url"]) for row, content in chosen]
    read = CHAINS[chain]()
    for content, url in contents[:WARM_UP]:
        read(content, url)
    started = time.process_time()
    for content, url in contents[WARM_UP:]:
        read(content, url)
    seconds = (time.process_time() - started) / len(contents[WARM_UP:])
    megabytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({"seconds": seconds, "megabytes": megabytes}))


def compare(data: Path, pages: int, rounds: int) -> None:
    """Run every chain `rounds` times in turn, and print a table."""
    chains = [chain for chain in CHAINS if chain != "trafilatura + spaCy + VADER + sumy" or PEER.is_dir()]
    found: dict[str, list[dict[str, float]]] = {chain: [] for chain in chains}
    for _ in range(rounds):
        for chain in chains:
            command = [
                sys.executable,
                "-m",
                "evaluation.bench",
                "--data",
                str(data),
                "--pages",
                str(pages),
                "--chain",
                chain,
            ]
            done = subprocess.run(command, check=True, capture_output=True, text=True)
            found[chain].append(json.loads(done.stdout.splitlines()[-1]))
    medians = {chain: statistics.median(row["seconds"] for row in rows) for chain, rows in found.items()}
    print(f"{pages} pages, {rounds} rounds\n{'':36} {'time a page':>12} {'peak memory':>12}")
    for chain, median in medians.items():
        megabytes = max(row["megabytes"] for row in found[chain])
        print(f"{chain:36} {median / medians['gazetteer']:11.2f}x {megabytes:9.0f} MB")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    parser.add_argument("--pages", type=int, default=60)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--chain", choices=CHAINS)
    arguments = parser.parse_args()
    if arguments.chain:
        run(arguments.chain, arguments.data, arguments.pages)
    else:
        compare(arguments.data, arguments.pages, arguments.rounds)
