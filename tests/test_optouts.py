"""What publishers ask of programs, read from everything that they say it in."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gazetteer import optouts
from gazetteer.types import NO_OPT_OUTS, OptOuts

_WORDS = st.text(alphabet="noindex,archive:= \n*gazetteerbot-yestrain/1", max_size=60)


@pytest.mark.parametrize(
    ("tag", "robots"),
    [
        ("noindex, NoArchive", ("noarchive", "noindex")),
        ("none", ("noindex",)),
        ("nocache", ("noarchive",)),
        ("index, follow, all, max-snippet:-1", ()),
        ("noai, noimageai", ("noai", "noimageai")),
        ("googlebot: noindex, noarchive", ()),
        ("gazetteer: noindex, nosnippet", ("noindex", "nosnippet")),
        ("googlebot: noindex\nnoarchive", ("noarchive",)),
        ("unavailable_after: 25 Jun 2030 15:00:00 PST, noindex", ("noindex",)),
        ("otherbot: noindex, gazetteer: noarchive", ("noarchive",)),
        ("", ()),
    ],
)
def test_robots_tags(tag: str, robots: tuple[str, ...]) -> None:
    assert optouts.of_headers({"x-robots-tag": tag}) == OptOuts(robots=robots)


def test_metas_are_those_for_all_and_for_us() -> None:
    metas = {"robots": ("noindex,follow",), "gazetteer": ("noarchive",), "googlebot": ("nosnippet",)}
    assert optouts.of_metas(metas) == OptOuts(robots=("noarchive", "noindex"))


@pytest.mark.parametrize(
    ("value", "signals"),
    [
        ("search=yes, ai-train=no", ("ai-train=no", "search=yes")),
        ("AI-Train = NO", ("ai-train=no",)),
        ("ai-train=maybe, other=no", ()),
        ("", ()),
    ],
)
def test_signals(value: str, signals: tuple[str, ...]) -> None:
    assert optouts.signals(value) == signals
    assert optouts.of_headers({"content-signal": value}).signals == signals


@pytest.mark.parametrize(
    ("value", "reserved"), [("1", True), (1, True), (" 0 ", False), ("yes", None), (None, None), ([], None)]
)
def test_reservations(value: object, reserved: bool | None) -> None:  # noqa: FBT001
    assert optouts.reserved(value) is reserved


@pytest.mark.parametrize("value", ["javascript:alert(1)", "/terms", "https://a b", "https://" + "x" * 9000, None, 7])
def test_terms_are_addresses(value: object) -> None:
    assert optouts.policy(value) is None
    assert optouts.policy("https://harbour.example/terms") == "https://harbour.example/terms"


def test_what_reserves_more_holds() -> None:
    header = OptOuts(robots=("noindex",), signals=("ai-train=no", "search=yes"), tdm_reserved=False)
    meta = OptOuts(robots=("noarchive",), signals=("ai-train=yes",), tdm_reserved=True, tdm_policy="https://a.example/")
    assert optouts.merged(header, meta) == optouts.merged(meta, header)
    assert optouts.merged(header, meta) == OptOuts(
        robots=("noarchive", "noindex"),
        signals=("ai-train=no", "search=yes"),
        tdm_reserved=True,
        tdm_policy="https://a.example/",
    )
    assert optouts.merged() == NO_OPT_OUTS
    assert optouts.merged(header).words == ("noindex", "ai-train=no", "search=yes")
    assert optouts.merged(meta).no_copy
    assert OptOuts(signals=("search=no",)).no_listing


@given(st.dictionaries(st.sampled_from(["x-robots-tag", "content-signal", "tdm-reservation", "tdm-policy"]), _WORDS))
def test_any_headers_give_an_answer(headers: dict[str, str]) -> None:
    found = optouts.of_headers(headers)
    assert optouts.merged(found) == optouts.merged(found, found)
    assert optouts.of_metas({"robots": tuple(headers.values())}).signals == ()
