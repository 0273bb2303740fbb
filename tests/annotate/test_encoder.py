import json
import shutil

import numpy as np
import pytest

from gazetteer.annotate import MODEL, Annotator
from gazetteer.annotate.encoder import AFTER, BEFORE, WINDOW, Encoder, windows
from gazetteer.annotate.subwords import load_tokenizer, split
from gazetteer.errors import ModelError
from gazetteer.types import LABELS, Article
from tests.annotate.long_article import PREFACE, TEXT


@pytest.fixture(scope="module")
def encoder():
    return Encoder(MODEL, threads=1)


def test_one_row_of_log_probabilities_a_word(encoder):
    reading = encoder.read("Abena Osei spoke in Accra.")
    assert reading.mentions.shape == (6, 1 + 2 * len(LABELS))
    np.testing.assert_allclose(np.exp(reading.mentions).sum(axis=1), 1, atol=1e-4)


@pytest.mark.parametrize("text", ["", " \n "])
def test_a_text_without_words(encoder, text):
    assert len(encoder.read(text).mentions) == 0


def test_a_text_reads_the_same_whatever_was_read_before(encoder):
    text = "Abena Osei of the Harbour Workers Union spoke in Accra. " * 30
    first = encoder.read(text)
    encoder.read("Another, longer than the first. " * 60)
    np.testing.assert_array_equal(first.mentions, encoder.read(text).mentions)


def test_a_long_text_is_read_whole(encoder):
    reading = encoder.read("Abena Osei spoke in Accra. " * 200)
    assert len(reading.mentions) == 6 * 200
    assert (reading.mentions[::6].argmax(axis=1) == 1 + 2 * LABELS.index("PERSON")).mean() > 0.95


@pytest.mark.parametrize("size", [0, 1, WINDOW - 2, WINDOW - 1, 1000, 12345])
@pytest.mark.parametrize("paragraph", [1, 60, 100, 300, 20000])
def test_windows_own_each_subword_once_and_carry_context(size, paragraph):
    paragraphs = np.arange(paragraph, size, paragraph)
    found = list(windows(size, paragraphs))
    assert [n for w in found for n in range(w.own_start, w.own_end)] == list(range(size))
    for w in found:
        assert 0 <= w.start <= w.own_start < w.own_end <= w.end <= size
        assert w.end - w.start <= WINDOW - 2
        assert w.start == max(0, w.own_start - BEFORE)
        assert w.end == size or w.end in paragraphs or w.end - w.own_end == AFTER


def test_windows_end_with_paragraphs_that_fit():
    found = list(windows(600, np.array([200, 240, 500])))
    assert [w.own_end for w in found] == [240, 458, 600]


def test_what_is_read_in_a_long_article_depends_little_on_where_its_windows_end():
    annotator = Annotator()
    moved = [Article(source="", headline="", text="\n\n".join([*PREFACE[:n], TEXT])) for n in (0, 1, 3)]
    assert len({tuple(ends(article.text)) for article in moved}) == 3
    (mentions, tones), *others = (
        told(annotation, len(article.text) - len(TEXT))
        for article, annotation in zip(moved, annotator.annotate(moved), strict=True)
    )
    assert (len(mentions), len(tones)) > (80, 80)
    kept = [len(mentions & found) / max(len(mentions), len(found)) for found, _ in others]
    assert np.mean(kept) > 0.95
    assert all(found.keys() == tones.keys() for _, found in others)
    by = np.array([[np.abs(np.subtract(found[place], tones[place])).max() for place in tones] for _, found in others])
    assert by.mean() < 0.06
    assert (by < 0.2).mean() > 0.98
    assert by.max() < 0.3


def ends(text):
    """Where the windows of `text` end, counted from its end."""
    words = split(load_tokenizer(MODEL / "tokenizer.json"), text)
    return [len(words.ids) - window.own_end for window in windows(len(words.ids), words.paragraphs)]


def told(annotation, start):
    """The mentions after `start`, and by place the tones of sentences (how positive, how negative)."""
    mentions = {
        (mention.start - start, mention.end - start, entity.label)
        for entity in annotation.entities
        for mention in entity.mentions
        if mention.start >= start
    }
    sentences = [each for each in annotation.sentences if each.start >= start]
    return mentions, {(s.start - start, s.end - start): (s.tone.positive, s.tone.negative) for s in sentences}


def test_a_missing_or_damaged_model_is_told(tmp_path):
    with pytest.raises(ModelError, match="install Gazetteer again"):
        Encoder(tmp_path)
    shutil.copytree(MODEL, tmp_path / "model")
    (tmp_path / "model" / "model.onnx").write_bytes(b"no model")
    with pytest.raises(ModelError, match="damaged"):
        Encoder(tmp_path / "model")
    (tmp_path / "model" / "model.json").write_text(json.dumps([]))
    with pytest.raises(ModelError):
        Encoder(tmp_path / "model")


def test_the_model_and_its_tokenizer_are_small():
    assert sum(path.stat().st_size for path in MODEL.iterdir()) <= 30_000_000
