"""Speed and memory beside peers, in one run: `python -m evaluation.bench --data ../shared/data [--count N]`.

Each chain reads the same pages on two cores, after a warm-up on two pages that are not counted; the chains take turns,
`--rounds` times. Printed: CPU time and wall time a page as ratios to Gazetteer's, and peak memory, summed over the
chain's processes; then how Gazetteer's CPU time is spent. Times of this machine mean little elsewhere; ratios mean
more, those of CPU time most, since what else runs disturbs them least.

The pages are 300 articles of 800 words, made of whole paragraphs of Wikinews in a plain page, or (`--pages news-sites`)
as publishers made them.

- *gazetteer*: the whole digest.
- *newspaper4k*: `parse()` alone (its `nlp()` wants data from the network).
- *trafilatura + spaCy + VADER + sumy*: the chain that people build by hand, with the CNN that
  `evaluation.spacy_peer` trained (left out where `build/spacy-peer` does not exist).

Each chain reads every second page in each of two processes. The command `gazetteer digest --threads 2` is then measured
as it is, its start included.
"""

import argparse
import html
import json
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, nullcontext
from itertools import count, islice
from pathlib import Path
from typing import Any
from unittest.mock import patch

from evaluation import sets

CORES = 2
WARM_UP = 2
WORDS = 800
TOLERANCE = 40
PEER = Path("build/spacy-peer")
BY_HAND = "trafilatura + spaCy + VADER + sumy"

Page = tuple[bytes, str]
"""What a page holds, and its address."""
Read = Callable[[bytes, str], object]


def articles(data: Path, *, published: str = "2020-05-04T10:00:00Z") -> Iterator[Page]:
    """Articles of 800 words, give or take 40, as pages: whole paragraphs of one text of Wikinews, then of further ones.

    Each article begins with another text; once all have begun one, the further texts are others.
    """
    texts = list(sets.rows(data / "wikinews" / "wikinews.jsonl.gz"))
    paragraphs = [[line.strip() for line in row["text"].split("\n") if line.strip()] for row in texts]
    for number in count():
        first, step = number % len(texts), 1 + number // len(texts)
        chosen: list[str] = []
        words = 0
        for text in (paragraphs[(first + n * step) % len(texts)] for n in count()):
            for paragraph in text:
                more = len(paragraph.split())
                if words < WORDS - TOLERANCE and words + more <= WORDS + TOLERANCE:
                    chosen.append(paragraph)
                    words += more
            if words >= WORDS - TOLERANCE:
                break
        yield page(texts[first]["headline"], chosen, published), f"https://news.example/{number}"


def page(headline: str, paragraphs: list[str], published: str) -> bytes:
    """A plain page of news, with what stands around an article."""
    title = html.escape(headline)
    links = "".join(f'<li><a href="/section/{n}">Section {n}</a></li>' for n in range(12))
    body = "\n".join(f"<p>{html.escape(paragraph)}</p>" for paragraph in paragraphs)
    return f"""<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><title>{title} | The Example</title>
<meta property="og:title" content="{title}"><meta property="og:site_name" content="The Example">
<meta property="article:published_time" content="{published}"><style>p {{ margin: 1em }}</style>
<script>window.settings = {{"section": "news"}};</script></head>
<body><header><nav><ul>{links}</ul></nav></header>
<main><article><h1>{title}</h1><p class="byline">By <a rel="author" href="/by/kara-holm">Kara Holm</a></p>
<time datetime="{published}">{published[:10]}</time>
{body}
</article><aside><h2>Read more</h2><ul>{links}</ul></aside></main>
<footer><p>© The Example. All rights reserved. <a href="/terms">Terms</a></p></footer></body></html>
""".encode()


def news_sites(data: Path) -> Iterator[Page]:
    """The pages of `pages/news-sites`."""
    return ((content, row["url"]) for row, content in sets.pages(data, "news-sites"))


PAGES: dict[str, Callable[[Path], Iterator[Page]]] = {"articles": articles, "news-sites": news_sites}


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


CHAINS: dict[str, Callable[[], Read]] = {"gazetteer": gazetteer, "newspaper4k": newspaper4k, BY_HAND: by_hand}


@contextmanager
def stages() -> Iterator[dict[str, float]]:
    """The CPU seconds that each stage of Gazetteer takes while this is open."""
    from gazetteer import extract
    from gazetteer.annotate import annotator, summary, topics
    from gazetteer.annotate.encoder import Encoder
    from gazetteer.annotate.heads import Heads

    spent: defaultdict[str, float] = defaultdict(float)

    def timed(function: Callable[..., Any], stage: str) -> Callable[..., Any]:
        def wrapped(*arguments: Any, **options: Any) -> Any:  # noqa: ANN401 (it stands for any function)
            started = time.process_time()
            try:
                return function(*arguments, **options)
            finally:
                spent[stage] += time.process_time() - started

        return wrapped

    places: list[tuple[Any, str, str]] = [
        (extract, "extract", "extraction"),
        (Encoder, "read", "encoder"),
        (annotator, "find", "mentions"),
        (annotator, "entities_of", "names"),
        (annotator, "located", "places"),
        (annotator, "quotes_of", "quotes"),
        (Heads, "sentences", "tone and vectors"),
        (Heads, "mentions", "tone and vectors"),
        (summary, "summarise", "summary"),
        (annotator, "match", "tags"),
        (topics, "tags", "tags"),
    ]
    with ExitStack() as patches:
        for owner, name, stage in places:
            patches.enter_context(patch.object(owner, name, timed(getattr(owner, name), stage)))
        yield spent


def run(chain: str, pages: list[Page]) -> None:
    """Read the pages with `chain`, and print its CPU and wall seconds, its peak memory in megabytes and its stages."""
    with stages() if chain == "gazetteer" else nullcontext(dict[str, float]()) as spent:
        read = CHAINS[chain]()
        for content, url in pages[:WARM_UP]:
            read(content, url)
        spent.clear()
        cpu, wall = time.process_time(), time.perf_counter()
        for content, url in pages[WARM_UP:]:
            read(content, url)
        took = {"cpu": time.process_time() - cpu, "wall": time.perf_counter() - wall}
    megabytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps(took | {"megabytes": megabytes} | spent))


def beside(chain: str, options: list[str]) -> dict[str, float]:
    """What `run` measures, summed over a process for each core that run at once; `wall` is the longest's."""
    command = [sys.executable, "-m", "evaluation.bench", *options, "--chain", chain, "--part"]
    parts = [subprocess.Popen([*command, str(part)], stdout=subprocess.PIPE, text=True) for part in range(CORES)]
    found = [json.loads(part.communicate()[0].splitlines()[-1]) for part in parts]
    return {key: (max if key == "wall" else sum)(row[key] for row in found) for key in found[0]}


def command(pages: list[Page]) -> dict[str, float]:
    """What `gazetteer digest` takes for the pages, from its start to its end, in all its processes."""
    with tempfile.TemporaryDirectory() as folder:
        for number, (content, _) in enumerate(pages):
            Path(folder, f"{number:04}.html").write_bytes(content)
        started, before = time.perf_counter(), resource.getrusage(resource.RUSAGE_CHILDREN)
        digest = [sys.executable, "-m", "gazetteer", "digest", folder, "--json", "--threads", str(CORES)]
        process = subprocess.Popen(digest, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        peak = 0.0
        while process.poll() is None:
            peak = max(peak, memory(process.pid))
            time.sleep(0.1)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
        return {"cpu": cpu, "wall": time.perf_counter() - started, "megabytes": peak}


def memory(process: int) -> float:
    """The megabytes that a process and those that it started hold now; 0 once it is gone."""
    own = Path("/proc", str(process))
    try:
        pages = int((own / "statm").read_text().split()[1])
        started = (own / "task" / str(process) / "children").read_text().split()
    except (OSError, IndexError):
        return 0.0
    return pages * resource.getpagesize() / 2**20 + sum(memory(int(child)) for child in started)


def compare(data: Path, kind: str, number: int, rounds: int) -> None:
    """Run every chain `rounds` times in turn, and print tables."""
    options = ["--data", str(data), "--pages", kind, "--count", str(number)]
    chains = [chain for chain in CHAINS if chain != BY_HAND or PEER.is_dir()]
    found: dict[str, list[dict[str, float]]] = {chain: [] for chain in chains}
    for _ in range(rounds):
        for chain in chains:
            found[chain].append(beside(chain, options))
    ours = {key: statistics.median(row[key] for row in found["gazetteer"]) for key in found["gazetteer"][0]}
    print(f"{number} pages ({kind}), {CORES} processes, {rounds} rounds\n{'':36} {'CPU':>7} {'wall':>7} {'memory':>9}")
    for chain, rows in found.items():
        cpu, wall = (statistics.median(row[key] for row in rows) / ours[key] for key in ("cpu", "wall"))
        print(f"{chain:36} {cpu:6.2f}x {wall:6.2f}x {max(row['megabytes'] for row in rows):6.0f} MB")
    print(f"\nGazetteer, CPU a page: {1000 * ours['cpu'] / number:.1f} ms")
    for stage, seconds in sorted(ours.items(), key=lambda row: -row[1]):
        if stage not in ("cpu", "wall", "megabytes"):
            print(f"{stage:36} {seconds / ours['cpu']:7.1%}")
    whole = command(list(islice(PAGES[kind](data), number)))
    print(f"\ngazetteer digest --threads {CORES}, from start to end, beside the two processes")
    cpu, wall = whole["cpu"] / ours["cpu"], whole["wall"] / ours["wall"]
    print(f"{'':36} {cpu:6.2f}x {wall:6.2f}x {whole['megabytes']:6.0f} MB")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    parser.add_argument("--pages", choices=PAGES, default="articles")
    parser.add_argument("--count", type=int, default=300)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--chain", choices=CHAINS)
    parser.add_argument("--part", type=int, default=0, choices=range(CORES))
    arguments = parser.parse_args()
    if arguments.chain:
        every = list(islice(PAGES[arguments.pages](arguments.data), arguments.count + WARM_UP))
        run(arguments.chain, every[:WARM_UP] + every[WARM_UP + arguments.part :: CORES])
    else:
        compare(arguments.data, arguments.pages, arguments.count, arguments.rounds)
