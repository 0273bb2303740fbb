from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gazetteer.archive.query import LONGEST, And, Not, Or, Part, Query, Term, parse, shown
from gazetteer.errors import QueryError

PIECES = (
    *("ferry", "harbour*", '"free and fair"', "-", "NOT", "OR", "AND", "(", ")", '"', "*", ":", "“strike”", "''", "\\"),
    *(
        "title:",
        "author:",
        "publisher:",
        "entity:",
        "tag:",
        "lang:",
        "tone:",
        "after:",
        "before:",
        "x:",
        "en",
        "negative",
    ),
    *(
        "2020-08-01",
        "2020-13-01",
        "é",
        "漢字",
        "\x00",
        "\ud800",
        "\ue000",
        "\ue010a",
        "%",
        ";--",
        "'",
        "<->",
        "&",
        "|",
        "!",
    ),
)


def queries() -> st.SearchStrategy[str]:
    """Any text, and above all what looks like a query."""
    piece = st.one_of(st.sampled_from(PIECES), st.text(max_size=5))
    return st.lists(st.tuples(piece, st.sampled_from(["", " "])), max_size=9).map(
        lambda pairs: "".join(part for pair in pairs for part in pair)
    )


def word(text: str, field: str = "") -> Term:
    return Term(field=field, words=(text,), written=text)


def part(text: str) -> Part | None:
    return parse(text).part


def test_words_phrases_and_operators() -> None:
    a, b, c = map(word, "abc")
    assert part("a") == a
    assert part("a b") == part("a AND b") == And(parts=(a, b))
    assert part("a OR b c") == Or(parts=(a, And(parts=(b, c))))
    assert part("(a OR b) c") == And(parts=(Or(parts=(a, b)), c))
    assert part("a -b") == part("a NOT b") == part("a −b".replace("−", "–")) == And(parts=(a, Not(part=b)))
    assert part("--a") == a
    assert part("-(a b)") == Not(part=And(parts=(a, b)))
    assert part('"Free, and FAIR"') == Term(field="", words=("free", "and", "fair"), written="Free, and FAIR")
    assert part("protest*") == Term(field="", words=("protest",), written="protest*", is_prefix=True)
    assert part("free-and-fair") == Term(field="", words=("free", "and", "fair"), written="free-and-fair")
    assert part("") == part("  ") is None


def test_fields() -> None:
    assert part("title:a") == word("a", "title")
    assert part("Title:a") == word("a", "title")
    assert part('entity:"Vladimir V. Putin"') == Term(
        field="entity", words=("vladimir", "v", "putin"), written="Vladimir V. Putin"
    )
    assert part("lang:pt-BR") == Term(field="lang", words=("pt-br",), written="pt-BR")
    assert part("tone:Negative") == Term(field="tone", words=("negative",), written="Negative")


def test_days_bound_the_whole_search() -> None:
    day, other = date(2020, 8, 1), date(2020, 9, 1)
    assert parse("after:2020-08-01 a before:2020-09-01") == Query(part=word("a"), after=day, before=other)
    assert parse("(after:2020-08-01 (a b)) c") == Query(part=And(parts=tuple(map(word, "abc"))), after=day)
    assert parse("after:2020-08-01") == Query(part=None, after=day)


@pytest.mark.parametrize(
    ("text", "position", "reason"),
    [
        ("a (b", 4, "a closing “)” is missing"),
        ("a) b", 1, "closes nothing"),
        ("a OR", 4, "missing before the end"),
        ("OR a", 0, "missing before “OR”"),
        ("a ()", 3, "missing before “)”"),
        ('say "hello', 4, "not closed"),
        ("a fiend:x", 2, "there is no “fiend:”; known are title, author"),
        ("title:(a)", 6, "missing after “title:”"),
        ("a after:soon", 2, "needs a day, as in after:2020-08-01"),
        ("after:2020-02-30", 0, "needs a day"),
        ("a OR after:2020-01-01", 5, "bounds the whole search"),
        ("a -before:2020-01-01", 3, "bounds the whole search"),
        ("after:2020-01-01 after:2020-01-02", 17, "second time"),
        ("lang:English!", 0, "lang:en"),
        ("tone:sad", 0, "positive, negative, mixed, neutral"),
        ("pro*test", 0, "only stand at the end"),
        ("*", 0, "only stand at the end"),
        ("a !!", 2, "no letter or digit"),
        ("(" * 40 + "a" + ")" * 40, 31, "parentheses"),
        ("a " * 101, 200, "at most 100"),
        ("a" * (LONGEST + 1), LONGEST, "characters"),
    ],
)
def test_what_is_wrong_is_told_with_its_place(text: str, position: int, reason: str) -> None:
    with pytest.raises(QueryError) as caught:
        parse(text)
    assert caught.value.position == position
    assert reason in caught.value.reason
    assert f"at character {position + 1} " in caught.value.reason


@given(queries() | st.text())
def test_any_text_is_a_query_or_wrong_at_a_place(text: str) -> None:
    try:
        found = parse(text)
    except QueryError as error:
        found, position = Query(part=None), error.position
    else:
        position = 0
    assert 0 <= position <= len(text)
    assert all(term.words for term in shown(found.part))


def terms() -> st.SearchStrategy[Part]:
    words = st.lists(st.sampled_from(["a", "b1", "élan"]), min_size=1, max_size=3)
    fields = st.sampled_from(["", "title", "author", "publisher", "entity", "tag"])
    return st.builds(lambda field, found: (field, " ".join(found)), fields, words).map(
        lambda pair: parse(f'{pair[0]}{":" if pair[0] else ""}"{pair[1]}"').part
    )


def trees() -> st.SearchStrategy[Part]:
    def larger(inner: st.SearchStrategy[Part]) -> st.SearchStrategy[Part]:
        several = st.lists(inner, min_size=2, max_size=3).map(tuple)
        return st.one_of(
            st.builds(lambda parts: Or(parts=parts), several), st.builds(lambda one: Not(part=one), terms())
        )

    return st.recursive(terms(), larger, max_leaves=6)


def written(tree: Part) -> str:
    if isinstance(tree, Term):
        return f'{tree.field}{":" if tree.field else ""}"{tree.written}"'
    if isinstance(tree, Not):
        return f"-{written(tree.part)}"
    return "(" + (" OR " if isinstance(tree, Or) else " ").join(map(written, tree.parts)) + ")"


@given(trees())
def test_a_query_that_is_written_out_says_the_same(tree: Part) -> None:
    assert part(written(tree)) == tree
