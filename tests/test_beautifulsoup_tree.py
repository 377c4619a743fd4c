"""The trees of BeautifulSoup that are built without its parser are equal to those that its parser builds.

The function links the elements of an article with `Tag.setup`, which is not documented, because the parser of BeautifulSoup takes
four to five times as long. A new version of BeautifulSoup that changes `setup` fails here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from bs4 import BeautifulSoup, NavigableString, PageElement, Tag
from bs4.element import PreformattedString
from selectolax.lexbor import LexborHTMLParser, LexborNode

from benchmarks.generated_pages import make_pages
from scraper.parse.tree.beautifulsoup_tree import ATTRIBUTES, BLOCKS, INLINE, SILENT, beautifulsoup_of
from tests.conftest import PROJECT

PAGES = {path.stem: path.read_text("utf-8", "replace") for path in sorted((PROJECT / "tests/pages").glob("*.html"))}
ODD = """
text before<p>one<br>two</p> <p>three</p>
<ul><li value="3">an item <ul><li>inner</li></ul></li></ul><ol start="4" type="a" reversed><li>item</li></ol>
<a href="/x?a=1&amp;b=2" class="left out">link <b>bold <i>italic</i></b> end</a> <a>no target</a>
<table><tr><td>cell<td><p>cell &amp; more</table><pre>
  kept   spaces
</pre><script>var hidden = "<p>";</script><select><option>no</select><!-- comment --><sup>2</sup>H<sub>2</sub>O<svg><p></svg>
<span> </span><div> <span>x</span> <em> </em></div>&nbsp;<div>&nbsp;</div>text after
"""


def body_of(html: str) -> LexborNode:
    body = LexborHTMLParser(html).body
    assert body is not None
    return body


def by_its_parser(html: str) -> BeautifulSoup:
    """Returns the tree of BeautifulSoup's parser, changed by its documented methods to what its tree promises."""
    soup = BeautifulSoup(html, "html.parser", multi_valued_attributes=None)
    for text in soup.find_all(string=lambda text: isinstance(text, PreformattedString)):
        text.extract()  # a comment
    for tag in soup.find_all(list(SILENT)):
        tag.decompose()
    for tag in soup.find_all(list(INLINE)):
        tag.unwrap()
    soup.smooth()
    for text in soup.find_all(string=str.isspace):
        neighbour = text.next_sibling or text.parent
        if isinstance(neighbour, Tag) and (neighbour.name in BLOCKS or neighbour.name == "br"):
            text.extract()
    return soup


def flat(root: Tag) -> list[tuple[object, ...]]:
    """Returns the elements and texts of a tree in their order, each with its depth. White space counts as one space, as in a browser."""
    found: list[tuple[object, ...]] = []
    stack = [(child, 1) for child in reversed(root.contents)]
    while stack:
        node, depth = stack.pop()
        if isinstance(node, Tag):
            kept = ATTRIBUTES.get(node.name, ())
            found.append((depth, node.name, sorted((name, value) for name, value in node.attrs.items() if name in kept)))
            stack += [(child, depth + 1) for child in reversed(node.contents)]
        else:
            found.append((depth, re.sub(r"[ \t\r\n\f]+", " ", str(node))))
    return found


def in_order(root: Tag) -> Iterator[PageElement]:
    """Yields everything below an element, by its contents only."""
    stack: list[PageElement] = list(reversed(root.contents))
    while stack:
        node = stack.pop()
        yield node
        if isinstance(node, Tag):
            stack += reversed(node.contents)


@pytest.mark.parametrize("name", PAGES)
def test_a_tree_is_equal_to_that_of_the_parser_on_test_pages(name: str) -> None:
    body = body_of(PAGES[name])
    assert flat(beautifulsoup_of(body)) == flat(by_its_parser(body.html or ""))


@pytest.mark.parametrize("part", ["seen", "held-out"])
def test_a_tree_is_equal_to_that_of_the_parser_on_generated_pages(part: str) -> None:
    for made in make_pages(part, 80):
        body = body_of(made.html)
        assert flat(beautifulsoup_of(body)) == flat(by_its_parser(body.html or "")), made.shape


def test_a_tree_is_equal_to_that_of_the_parser_on_odd_markup() -> None:
    body = body_of(ODD)
    assert flat(beautifulsoup_of(body)) == flat(by_its_parser(body.html or ""))


@pytest.mark.parametrize("html", [ODD, *(PAGES[name] for name in list(PAGES)[:5])])
def test_the_elements_of_a_tree_are_linked_in_all_directions(html: str) -> None:
    root = beautifulsoup_of(body_of(html))
    elements = list(in_order(root))
    assert len(elements) > 5
    assert list(root.descendants) == elements  # by `next_element`
    for before, element in zip([root, *elements], elements, strict=False):
        assert element.previous_element is before
        assert element.parent is not None and any(element is child for child in element.parent.contents)
    for tag in [root, *(element for element in elements if isinstance(element, Tag))]:
        for one, other in zip(tag.contents, tag.contents[1:], strict=False):
            assert one.next_sibling is other and other.previous_sibling is one


def test_left_out_and_replaced_elements() -> None:
    body = body_of('<p>one<span id="cut">two</span></p><div id="box">box</div><p><font id="bullet">v</font>item</p>')
    by_id = {node.attributes["id"]: node.mem_id for node in body.css("[id]")}
    root = beautifulsoup_of(body, [by_id["cut"], by_id["box"]], {by_id["bullet"]: "• "})
    assert [text for text in root.descendants if isinstance(text, NavigableString)] == ["one", "• item"]
    assert [tag.name for tag in root.find_all(True)] == ["body", "p", "br", "p"]
