import gzip
import json
from itertools import islice

from evaluation.bench import TOLERANCE, WORDS, articles, stages
from gazetteer.annotate import Annotator
from gazetteer.extract import extract
from gazetteer.types import Article, Capture


def test_articles_have_their_words_and_are_extracted_whole(tmp_path):
    folder = tmp_path / "wikinews"
    folder.mkdir()
    paragraph = "The harbour was quiet on Monday, and the workers of the ferry line counted {} boats. "
    texts = [
        {"headline": f"Boats & {n}", "text": "\n\n".join(paragraph.format(n * 100 + m) * (2 + m % 3) for m in range(9))}
        for n in range(7)
    ]
    with gzip.open(folder / "wikinews.jsonl.gz", "wt", encoding="utf-8") as lines:
        lines.writelines(json.dumps(text) + "\n" for text in texts)
    pages = list(islice(articles(tmp_path), 20))
    assert pages == list(islice(articles(tmp_path), 20))
    assert len({content for content, _ in pages}) == 20
    for content, url in pages:
        article = extract(Capture(source=url, content=content, url=url))
        assert abs(len(article.text.split()) - WORDS) <= TOLERANCE
        assert article.headline.startswith("Boats & ")
        assert article.authors == ("Kara Holm",)


def test_each_stage_of_an_annotation_is_timed():
    with stages() as spent:
        Annotator().annotate(
            [Article(source="", headline="Quiet", text="Kara Holm said that Oslo is quiet.", language="en")]
        )
    assert {"encoder", "mentions", "names", "places", "quotes", "tone and vectors", "summary", "tags"} <= set(spent)
