"""Bytes to a tree: encodings, and the limits that any bytes must meet."""

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gazetteer.errors import ExtractError
from gazetteer.extract import tree

GREEK = "Ο δήμαρχος άνοιξε τη γέφυρα το πρωί της Δευτέρας, και εκατοντάδες κάτοικοι την πέρασαν με τα πόδια. "
CYRILLIC = "Мост через реку открыли утром в понедельник, и по нему прошли сотни жителей города. "
JAPANESE = "市長は月曜日の朝に橋を開通させ、何百人もの住民が歩いて渡りました。"
CHINESE = "市长星期一早上重新开放了大桥，数百名居民步行过桥，庆祝修缮工程完成。"
FRENCH = "Le maire a rouvert le pont à l’été ; des centaines d’élèves l’ont traversé à pied. "


def page(text, *, head=""):
    return f"<html><head>{head}<title>t</title></head><body><p>{text}</p></body></html>"


@pytest.mark.parametrize(
    ("text", "encoding", "label"),
    [
        (FRENCH, "utf-8", "utf-8"),
        (FRENCH, "cp1252", "iso-8859-1"),
        (FRENCH, "cp1252", "latin1"),
        (GREEK, "iso8859-7", "ISO-8859-7"),
        (CYRILLIC, "koi8-r", "koi8-r"),
        (CYRILLIC, "cp1251", "windows-1251"),
        (JAPANESE, "shift_jis", "Shift_JIS"),
        (JAPANESE, "euc_jp", "euc-jp"),
        (JAPANESE, "iso2022_jp", "iso-2022-jp"),
        (CHINESE, "gb18030", "gb2312"),
    ],
)
def test_declared_encodings_are_read_from_the_header_and_from_the_page(text, encoding, label):
    assert text.strip() in tree.decode(page(text).encode(encoding), content_type=f"text/html; charset={label}")
    assert text.strip() in tree.decode(page(text, head=f'<meta charset="{label}">').encode(encoding))
    declared = f'<meta http-equiv="Content-Type" content="text/html; charset={label}">'
    assert text.strip() in tree.decode(page(text, head=declared).encode(encoding))


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
def test_byte_order_marks_and_wide_characters(encoding):
    assert GREEK in tree.decode(page(GREEK).encode(encoding), content_type="text/html; charset=windows-1252")
    assert GREEK in tree.decode(("\n\n" + page(GREEK)).encode(encoding))


def test_a_declaration_that_the_bytes_contradict_is_not_believed():
    assert FRENCH in tree.decode(page(FRENCH).encode(), content_type="text/html; charset=iso-8859-1")
    assert CYRILLIC in tree.decode(page(CYRILLIC * 9).encode("cp1251"), content_type="text/html; charset=iso-8859-1")
    assert CYRILLIC in tree.decode(page(CYRILLIC * 9).encode("cp1251"), content_type="text/html; charset=utf-8")
    assert "été" in tree.decode(page(FRENCH * 9).encode("cp1252"))


@pytest.mark.parametrize(("text", "encoding"), [(JAPANESE, "shift_jis"), (CHINESE, "gb18030"), (CYRILLIC, "cp1251")])
@pytest.mark.parametrize("head", ["", '<meta charset="utf-8">'])
def test_an_encoding_that_is_not_told_is_found_by_its_letters(text, encoding, head):
    assert text in tree.decode(page(text * 3, head=head).encode(encoding))


def test_one_bad_byte_does_not_turn_every_accent_to_mojibake():
    content = page(FRENCH * 9).encode().replace(b"maire", b"ma\xe9re", 1)
    assert FRENCH in tree.decode(content, content_type="text/html; charset=utf-8")


def test_a_page_cut_off_within_a_character_is_still_read():
    assert "à l’été" in tree.decode(page(FRENCH + "é").encode()[: -len("</p></body></html>") - 1])


@pytest.mark.parametrize("label", ["idna", "punycode", "unicode_escape", "rot13", "hex", "utf-7", "no-such", "x" * 40])
def test_labels_that_name_no_page_encoding_are_ignored(label):
    assert FRENCH in tree.decode(page(FRENCH).encode(), content_type=f"text/html; charset={label}")


def test_control_characters_are_dropped():
    assert tree.decode(b"<p>a\x00\x08b\x7f\tc\nd</p>" + b" " * 3000) == "<p>ab\tc\nd</p>" + " " * 3000


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "empty"),
        (b" \r\n\t\0", "empty"),
        (b"%PDF-1.7 ...", "a PDF document"),
        (b"\x89PNG\r\n\x1a\n", "an image"),
        (b"PK\x03\x04rest", "a ZIP archive"),
        (b"\x1f\x8b\x08", "compressed data"),
        (bytes(range(256)) * 20, "binary data"),
        (b"only words, and 3 < 5", "not HTML"),
        (b"<p>" + b"a" * tree.MAX_BYTES, "more than the 16 MB allowed"),
        (b"<div>" * 2_500 + b"deep", "more than 2,000 deep"),
        (b"<a href=x>y</a>" * 200_000, "tags, more than"),
        (b"<p>x" * 100_000, "tags, more than"),
        (b"<p " + b" ".join(b"a%d=1" % i for i in range(20_000)) + b">", "attributes"),
        (b"<p " + b" ".join(b'a%d="<>"' % i for i in range(20_000)) + b">", "attributes"),
        (b"<!-- <script> --><p " + b" ".join(b"a%d" % i for i in range(20_000)) + b">", "attributes"),
    ],
)
def test_what_cannot_be_parsed_is_refused_with_its_reason(content, reason):
    with pytest.raises(ExtractError, match=reason):
        tree.parse(content)


def test_an_ordinary_page_of_a_thousand_nested_elements_keeps_its_text():
    parsed = tree.parse(b"<body>" + b"<div>" * 1000 + b"<p>at the bottom</p>" + b"</div>" * 1000)
    assert parsed.text_content().strip() == "at the bottom"


def test_scripts_full_of_comparisons_are_no_attributes():
    script = (
        "<script>" + "if (a<b && c d e f) x = '<p " + "y z " * 900 + "'</script><STYLE>a<b " + "c " * 900 + "</STYLE>"
    )
    assert "text" in tree.parse(page("text", head=script).encode()).text_content()


@given(st.binary(max_size=2000), st.none() | st.text(max_size=60))
def test_any_bytes_give_a_tree_or_our_error(content, content_type):
    for start in (b"", b"<html><body><p>"):
        with contextlib.suppress(ExtractError):
            tree.parse(start + content, content_type=content_type)


def test_a_page_without_tags_of_head_and_body():
    page = tree.parse(b"<title>Ferry</title><meta name=a><main><p>one</p></main><p>two</p>")
    assert [child.tag for child in page] == ["head", "body"]
    assert [child.tag for child in page[0]] == ["title", "meta"]
    assert [child.tag for child in page[1]] == ["main", "p"]
    assert [child.tag for child in tree.parse(b"<title>Ferry</title><main><p>one</p></main>")[1]] == ["main"]
