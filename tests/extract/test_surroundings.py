import lxml.html
import pytest

from gazetteer.extract import surroundings


def find(html, headline="Ferry runs again"):
    tree = lxml.html.document_fromstring(html)
    return tree, surroundings.find(tree, headline)


def test_what_follows_the_headline_comes_before_what_precedes_it():
    _, found = find("<body><p>before</p><h1>Ferry runs again</h1><p>after</p></body>")
    texts = [element.text for element in found.elements]
    assert texts.index("after") < texts.index("before")


def test_the_highest_heading_shows_the_headline():
    tree, found = find("<body><nav><h2>Ferry runs again</h2></nav><main><h1>Ferry ‘runs’ again</h1></main></body>")
    assert tree.find(".//main") in found.holders
    assert tree.find(".//nav") not in found.holders


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ("<main><h1>Ferry runs again</h1><p id=x></p></main>", False),
        ("<main class=related><h1>Ferry runs again</h1><p id=x></p></main>", False),
        ("<h1>Ferry runs again</h1><div class=related><p id=x></p></div>", True),
        ("<h1>Ferry runs again</h1><div id=comments><p id=x></p></div>", True),
        ("<h1>Ferry runs again</h1><div class=commentary><p id=x></p></div>", False),
        ("<h1>Ferry runs again</h1><aside><p id=x></p></aside>", True),
        ("<h1>Ferry runs again</h1><footer id=x></footer>", True),
    ],
)
def test_elsewhere(html, expected):
    tree, found = find(f"<body>{html}</body>")
    assert found.elsewhere(tree.get_element_by_id("x")) is expected


def test_a_page_without_the_headline_gives_its_first_elements():
    _, found = find("<body>" + "<p>x</p>" * 5_000 + "</body>")
    assert len(found.elements) == surroundings.BEFORE + surroundings.AFTER
    assert not found.holders


def test_deep_pages_end():
    tree, found = find("<h1>Ferry runs again</h1>" + "<div><h2>Ferry" * 200)
    assert not found.elsewhere(tree.findall(".//div")[-1])
