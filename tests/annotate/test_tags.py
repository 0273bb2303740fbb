import re
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gazetteer.annotate.tags import LARGEST_FILE, MOST_EXAMPLES, NO_RULES, load, match, parse, parse_rule, read_examples
from gazetteer.errors import ConfigError
from gazetteer.types import Tag

STRIKE = """
[[tag]]
name = "Harbour strike"
any = ["strike*", "walk out"]
all = ["harbour"]
none = ["football"]
entity = ["Falk"]
"""
HEADLINE = "Strikers fill the harbour"
TEXT = "The strike at the harbour goes on.\n\nOtto Falk, who owns “free-and-fair” newspapers, met strikers. He’s calm."
NAMES = {"Otto Falk": ["Mr. Falk"], "Port Elder": []}


def tags(toml, *, headline=HEADLINE, text=TEXT, names=NAMES):
    return match(parse(toml), headline=headline, text=text, names=names)


def asks(query, **article):
    return bool(tags(f'[[tag]]\nname = "x"\nquery = """{query}"""', **article))


def test_a_rule_needs_all_its_keys_and_says_why():
    assert tags(STRIKE) == (
        Tag(
            name="Harbour strike",
            why="“strike*” 3 times, “harbour” twice, the entity Otto Falk and no “football”",
        ),
    )
    assert tags(STRIKE, text=TEXT + " Football.") == ()
    assert tags(STRIKE, headline="", text="The strike is over.") == ()
    assert tags(STRIKE, names={}) == ()


def test_no_rules_no_tags():
    assert match(NO_RULES, headline=HEADLINE, text=TEXT, names=NAMES) == ()
    assert parse("") == NO_RULES


@pytest.mark.parametrize(
    ("query", "holds"),
    [
        ("strike", True),
        ("STRIKE", True),
        ("strik", False),
        ("strik*", True),
        ("newspaper", False),
        ('"free and fair"', True),
        ('"free and fai*"', True),
        ('"and free"', False),
        ("“free and fair”", True),
        ("he", True),
        ("title:strikers", True),
        ("title:strike", False),
        ("text:calm", True),
        ("title:calm", False),
        ('"harbour the"', False),
        ('entity:"Otto Falk"', True),
        ("entity:falk", True),
        ("entity:fal", False),
        ("entity:calm", False),
        ("strike AND calm", True),
        ("strike calm", True),
        ("strike AND storm", False),
        ("storm OR calm", True),
        ("NOT storm", True),
        ("NOT strike", False),
        ("NOT NOT strike", True),
        ("storm AND storm OR calm", True),
        ("storm AND (storm OR calm)", False),
        ("NOT storm AND calm", True),
        ("NOT (storm OR calm)", False),
        ("NOT (storm AND calm)", True),
        ('title:"fill the harbour" AND NOT (sport OR "walk out")', True),
        ('"or"', False),
    ],
)
def test_queries(query, holds):
    assert asks(query) is holds


def test_words_are_found_where_no_spaces_part_them():
    assert asks("选举", headline="", text="2020年选举结果公布。")
    assert not asks("举选", headline="", text="2020年选举结果公布。")


def test_accents_and_widths_are_normalised():
    assert asks("cafe\u0301", text="The café is open.")
    assert asks("straße", text="Die STRASSE.")


@pytest.mark.parametrize(
    ("query", "why"),
    [
        ("title:harbour", "“harbour” in the headline"),
        ("calm OR strike", "“calm” once and “strike” once"),
        ("NOT storm", "no “storm”"),
        ("NOT (storm OR snow)", "nothing that it excludes"),
        ("entity:falk OR entity:port", "the entity Otto Falk and the entity Port Elder"),
        (
            "the* OR strike* OR harbour OR calm OR met OR on OR at",
            "“the*” 3 times, “strike*” 3 times, “harbour” twice, “calm” once, “met” once and 2 more",
        ),
    ],
)
def test_reasons(query, why):
    assert [tag.why for tag in tags(f'[[tag]]\nname = "x"\nquery = "{query}"')] == [why]


@pytest.mark.parametrize(
    ("toml", "message"),
    [
        ("x =", "tags.toml is not TOML: Invalid value"),
        ("rule = 1", "has “rule” at its top"),
        ('[tag]\nname = "x"', "write [[tag]], with two brackets"),
        ("tag = [1]", "write [[tag]], with two brackets"),
        ("[[tag]]", "tag 1 has no name"),
        ("[[tag]]\nname = 3", "tag 1 has no name"),
        ('[[tag]]\nname = "x"', "tag 1 (“x”) says not what to look for"),
        ('[[tag]]\nname = "x"\nnone = ["a"]', "says not what to look for"),
        ('[[tag]]\nname = "x"\nlike = "a"', "like is not a list of texts"),
        ('[[tag]]\nname = "x"\nlike = []', "like is not a list of texts"),
        ('[[tag]]\nname = "x"\nlike = ["a", " …"]', "like has a text without a letter or digit"),
        ('[[tag]]\nname = "x"\nlike = ["a"]\nunlike = [1]', "unlike is not a list of texts"),
        ('[[tag]]\nname = "x"\nany = ["a"]\nunlike = ["b"]', "has unlike, but no like"),
        (f'[[tag]]\nname = "x"\nlike = {["a"] * (MOST_EXAMPLES + 1)}', "like has over 100 texts"),
        ('[[tag]]\nname = "x"\nwords = ["a"]', "has “words”, which no rule has"),
        ('[[tag]]\nname = "x"\nany = "a"', "any is not a list of words"),
        ('[[tag]]\nname = "x"\nany = []', "any is not a list of words"),
        ('[[tag]]\nname = "x"\nall = [1]', "all is not a list of words"),
        ('[[tag]]\nname = "x"\nentity = ["..."]', "“...” has no letter or digit"),
        ('[[tag]]\nname = "x"\nany = ["a*b"]', "the * can only stand at the end"),
        ('[[tag]]\nname = "x"\nquery = 1', "query is not a text"),
        (f'[[tag]]\nname = "x"\nquery = "{"a " * 6000}"', "query is not a text of at most 10,000"),
        ('[[tag]]\nname = "x"\nany = ["a"]\n' * 2, "two tags named “x”"),
        ("a = " + "[" * 100_000, "nests its values too deep"),
        ("#" * (LARGEST_FILE + 1), "over 1,000,000 characters"),
    ],
)
def test_a_wrong_file_is_told_with_what_to_do(toml, message):
    with pytest.raises(ConfigError) as caught:
        parse(toml)
    assert message in caught.value.reason


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ("", "line 1, column 1: a word or a phrase is missing before the end"),
        ("storm AND", "line 1, column 10: a word or a phrase is missing before the end"),
        ("storm OR\nAND snow", "line 2, column 1: a word or a phrase is missing before “AND”"),
        ("(storm", "line 1, column 7: a closing “)” is missing"),
        ("storm)", "line 1, column 6: this “)” closes nothing"),
        ("()", "line 1, column 2: a word or a phrase is missing before “)”"),
        ('"storm', "line 1, column 1: this can't be read; close the quotation marks"),
        ("body:storm", "line 1, column 1: there is no field “body”; use title, entity, text"),
        ("snow title:*", "line 1, column 6: “*” has no letter or digit"),
        ("(" * 60 + "a" + ")" * 60, "over 50 brackets inside one another"),
    ],
)
def test_a_wrong_query_is_told_with_its_place(query, message):
    with pytest.raises(ConfigError) as caught:
        parse(f"[[tag]]\nname = 'x'\nquery = '''{query}'''", source="my.toml")
    assert caught.value.reason.startswith("my.toml: tag 1 (“x”): query: ")
    assert message in caught.value.reason


QUERIES = st.lists(
    st.sampled_from(["AND", "OR", "NOT", "(", ")", '"', "title:", "entity:", "storm", "str*", "*", " ", "“", ":", "é"]),
    max_size=60,
).map("".join)


@settings(deadline=None)
@given(
    st.one_of(QUERIES, st.text(max_size=60)),
    st.text(max_size=100),
    st.dictionaries(st.text(max_size=9), st.lists(st.text(max_size=9))),
)
def test_any_query_is_matched_or_refused(query, text, names):
    literal = "".join(f"\\U{ord(letter):08x}" for letter in query if not 0xD800 <= ord(letter) < 0xE000)
    try:
        rules = parse(f'[[tag]]\nname = "x"\nquery = "{literal}"')
    except ConfigError:
        return
    for tag in match(rules, headline=text, text=text, names=names):
        assert tag.name == "x"
        assert tag.why


@settings(deadline=None)
@given(
    st.one_of(
        st.text(max_size=80),
        st.lists(st.sampled_from(["[[tag]]", "\n", 'name="x"', "any=", '["a"]', "=", "["])).map("".join),
    )
)
def test_any_file_is_parsed_or_refused(toml):
    try:
        rules = parse(toml)
    except ConfigError:
        return
    assert all(rule.name for rule in rules.rules)


@pytest.mark.parametrize("content", [None, b"\xff\xfe\x00[", b"[[tag]]"])
def test_a_file_that_is_missing_or_wrong_is_named(tmp_path: Path, content):
    path = tmp_path / "tags.toml"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(ConfigError) as caught:
        load(path)
    assert str(path) in caught.value.reason


def test_rules_are_loaded(tmp_path: Path):
    path = tmp_path / "tags.toml"
    path.write_text(STRIKE, encoding="utf-8")
    assert load(path) == parse(STRIKE)


def test_long_runs_are_matched():
    rule = '[[tag]]\nname = "x"\nquery = \'"a a a a b" OR a* OR z\''
    assert [tag.why for tag in tags(rule, headline="", text="a " * 100_000)] == ["“a*” 100000 times"]


def test_the_documented_rules_are_rules():
    page = (Path(__file__).parents[2] / "docs" / "tags.md").read_text(encoding="utf-8")
    rules = page.split("```toml\n")[1].split("```")[0]
    assert [rule.name for rule in parse(rules).rules] == ["Harbour strike", "Elections", "Walk-outs"]
    with pytest.raises(ConfigError) as caught:
        parse(rules.replace("NOT sport)", "NOT sport"))
    assert caught.value.reason in page


def test_a_rule_by_itself():
    alone = parse_rule("Strikes", 'any = ["strike*"]\nnone = ["football"]', source="here")
    assert parse('[[tag]]\nname = "Strikes"\nany = ["strike*"]\nnone = ["football"]').rules == (alone,)
    assert parse_rule("Strikes", 'name = "Strikes"\nany = ["strike*"]', source="here").name == "Strikes"


@pytest.mark.parametrize(
    ("toml", "message"),
    [
        ("", "here (“x”) says not what to look for"),
        ('name = "y"\nany = ["a"]', "here (“x”) has another name"),
        ('[[tag]]\nname = "x"\nany = ["a"]', "here (“x”) has “tag”, which no rule has"),
        ("any = 1", "here (“x”): any is not a list"),
        ("any", "here (“x”) is not TOML"),
        ("#" * 1_000_001, "here (“x”) has over 1,000,000 characters"),
    ],
)
def test_a_rule_by_itself_that_is_wrong(toml, message):
    with pytest.raises(ConfigError, match=re.escape(message)):
        parse_rule("x", toml, source="here")


def test_a_name_is_found_by_any_of_its_forms():
    rule = '[[tag]]\nname = "x"\nentity = ["Mr. Falk"]'
    assert [tag.why for tag in tags(rule)] == ["the entity Otto Falk"]


@pytest.mark.parametrize("small", ["and", "or", "not"])
def test_operators_in_small_letters_are_pointed_out(small):
    with pytest.raises(ConfigError, match=f"line 1, column 5: write {small.upper()} in capitals"):
        parse(f'[[tag]]\nname = "x"\nquery = "bus {small} tram"')
    assert [tag.name for tag in tags(f"[[tag]]\nname = 'x'\nquery = 'storm OR \"{small}\" OR entity:falk'")] == ["x"]


WALK_OUTS = """
[[tag]]
name = "Walk-outs"
like = ["Dockers walk out over pay", "Nurses strike for a second day, and \\n say that the wards are full of patients"]
unlike = ["A batter strikes out"]
"""
PLACES = {"Dockers": (1, 0, 0), "Nurses": (1, 0.3, 0), "A batter": (0.7, 0, 1)}


def encode(texts):
    found = [next(place for start, place in PLACES.items() if text.startswith(start)) for text in texts]
    rows = np.array(found, dtype=np.float32)
    return rows / np.linalg.norm(rows, axis=1, keepdims=True)


def like(toml, vector, **article):
    rules = read_examples(parse(toml), encode)
    given = {"headline": HEADLINE, "text": TEXT, "names": NAMES} | article
    return [tag.why for tag in match(rules, vector=vector and np.array(vector, dtype=np.float32), **given)]


def test_articles_like_the_examples_are_tagged_with_the_nearest():
    assert like(WALK_OUTS, (1, 0, 0)) == ["likeness 0.99 to its examples, nearest to “Dockers walk out over pay”"]
    assert like(WALK_OUTS, (0.9578, 0.2873, 0)) == [
        "likeness 0.99 to its examples, nearest to “Nurses strike for a second day, and say that the wards are …”"
    ]
    assert like(WALK_OUTS, (0, 1, 0)) == []
    assert like(WALK_OUTS, (0.6, 0, 0.8)) == []


def test_an_only_example_is_named():
    rule = '[[tag]]\nname = "x"\nlike = ["Dockers"]'
    assert like(rule, (0.8, 0.6, 0)) == ["likeness 0.80 to its example “Dockers”"]


def test_examples_stand_beside_other_keys():
    assert like(WALK_OUTS + 'all = ["harbour"]', (1, 0, 0)) == [
        "“harbour” twice and likeness 0.99 to its examples, nearest to “Dockers walk out over pay”"
    ]
    assert like(WALK_OUTS + 'all = ["airport"]', (1, 0, 0)) == []


def test_without_vectors_no_article_is_like_an_example():
    assert like(WALK_OUTS, None) == []
    assert match(parse(WALK_OUTS), headline="", text="", names={}, vector=np.ones(3, dtype=np.float32)) == ()
    assert parse(WALK_OUTS).have_examples
    assert not parse(STRIKE).have_examples
