"""Finds the data that a page holds for its own scripts: the state of Next, Nuxt, Angular, Inertia and of hand-written applications. Pure.

No script is run. Next and Angular write JSON in an element of its own, JSON-LD may hold the text that the page does not show, Nuxt 3 a list whose values are positions in the list, Nuxt 2 a
function whose arguments are values, others an assignment to a variable of the window, and Inertia an attribute.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from itertools import islice

from scraper.parse.tree.page_tree import PageTree

# One of these is in the source of every page with such data.
_SIGNS = ("application/ld+json", '"application/json"', "'application/json'", "application/json ", "window.__", "data-page=")
_ASSIGNED = re.compile(r"window(?:\.__\w{1,40}|\[['\"]__\w{1,40}['\"]\])\s*=\s*(?=[\[{(])")
# Angular's own escapes in such an element.
_ANGULAR = (("&q;", '"'), ("&s;", "'"), ("&l;", "<"), ("&g;", ">"), ("&a;", "&"))
_FUNCTION = re.compile(r"\(function\s?\((?P<names>[\w$,\s]{0,20000})\)\s?\{")
_RETURNS = re.compile(r"return\s*(?=[\[{])")
_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"|[A-Za-z_$][\w$]*|-?\d[\d.eE+-]*|\.\d+|[\s\S]')
_KEYWORDS = frozenset(("true", "false", "null"))
_MOST_SCRIPTS = 30  # of a page
_LARGEST = 5_000_000  # characters of one script; a bound against hostile input
_MOST_VALUES = 200_000  # of one list of Nuxt; a bound against hostile input
_DEEPEST = 30  # nested values
_DECODER = json.JSONDecoder()
_LIST = re.compile(
    r"(?:\b(?:var|let|const)\s+[\w$]{1,60}|\bwindow\.[\w$]{1,60})\s*=\s*(?=\[\s*\{|\{\s*[\"'](?:Row|items|data|rows|list)[\"'])"
)
_LIST_IN_ATTRIBUTE = re.compile(rb"=\s*(?:'[\[{]|\"[\[{])+\s*(?:\{?&quot;|\")")
_MOST_LISTS = 10  # that are assigned on a page
_MOST_ELEMENTS = 20_000  # of a page that are looked at for such data
_LONGEST_LITERAL = 100_000  # characters of a literal that is not JSON


def has_script_data(tree: PageTree) -> bool:
    """Return True if a page may hold data for its scripts."""
    return any(map(tree.source.__contains__, _SIGNS))


def script_data(tree: PageTree) -> Iterator[object]:
    """Yield the data of each script, and that of Inertia, as values of JSON. What cannot be parsed is left out."""
    for node in tree.parsed.css("script:not([src])")[:_MOST_SCRIPTS]:
        text = node.text(strip=False) or ""
        if len(text) > _LARGEST:
            continue
        if (node.attributes.get("type") or "").lower() in ("application/json", "application/ld+json"):
            yield _resolved(_loaded(_without_escapes(text)))
        elif (match := _ASSIGNED.search(text)) is not None:
            yield _assigned(text[match.end() :])
    for node in tree.parsed.css("[data-page]")[:1]:
        yield _loaded(node.attributes.get("data-page") or "")


def list_data(tree: PageTree) -> Iterator[object]:
    """Yield the lists that a page with a menu holds for its scripts, as values of JSON: what is assigned to a variable (`var dsTin = [{...}]`, also by
    the views of SharePoint), and what an attribute of a component holds (`<danh-sach-tin :items="[{...}]">`).
    """
    if tree.mentions("<script"):
        scripts = (node.text(strip=False) or "" for node in tree.parsed.css("script:not([src])")[:_MOST_SCRIPTS])
        assigned = ((text, match.end()) for text in scripts if len(text) <= _LARGEST for match in _LIST.finditer(text))
        yield from (_literal(text[start:]) for text, start in islice(assigned, _MOST_LISTS))
    if _LIST_IN_ATTRIBUTE.search(tree.encoded) is not None:
        for node in islice(tree.parsed.css(":not(script)"), _MOST_ELEMENTS):
            yield from (
                _loaded(value) for value in node.attributes.values() if value and value.startswith(('[{"', '{"')) and len(value) <= _LARGEST
            )


def _literal(text: str) -> object:
    """Return the literal at the beginning of a script: JSON, or an array or object with keys without quotes."""
    value = _loaded(text)
    return value if value is not None else _loaded(_as_json(text[:_LONGEST_LITERAL], {}).replace("\\'", "'"))


def _loaded(text: str) -> object:
    try:
        return _DECODER.raw_decode(text.strip())[0]
    except (ValueError, RecursionError):
        return None


def _without_escapes(text: str) -> str:
    if "&q;" in text:
        for written, meant in _ANGULAR:
            text = text.replace(written, meant)
    return text


def _assigned(text: str) -> object:
    """Return the value that a script assigns: JSON, or the result of the function of Nuxt 2 whose parameters stand for repeated values."""
    if not text.startswith("("):
        return _loaded(text)
    head = _FUNCTION.match(text)
    begin = _RETURNS.search(text, head.end()) if head is not None else None
    end = text.rfind("}(")
    if head is None or begin is None or end < begin.end():
        return None
    values = _loaded(_as_json(f"[{text[end + 2 : text.rfind('))')]}]", {}))
    names = [name.strip() for name in head["names"].split(",")]
    if not isinstance(values, list):
        return None
    return _loaded(_as_json(text[begin.end() : end], {name: json.dumps(value) for name, value in zip(names, values, strict=False)}))


def _as_json(script: str, names: Mapping[str, str]) -> str:
    """Return a literal of JavaScript as JSON: keys get quotes, and names their values. A name without a value is null. Return "" if that is
    longer than a script may be: a short script can name a long value many times."""
    tokens = [token for token in _TOKEN.findall(script) if not token.isspace()]
    written: list[str] = []
    left = _LARGEST
    for at, token in enumerate(tokens):
        after = tokens[at + 1] if at + 1 < len(tokens) else ""
        if token[0] == ".":
            written.append(f"0{token}")
        elif not (token[0].isalpha() or token[0] in "_$"):
            # "void 0" is null, and its zero is left out.
            written.append("" if at and tokens[at - 1] == "void" else token)
        elif after == ":" and at and tokens[at - 1] in ("{", ","):
            written.append(json.dumps(token))
        else:
            written.append(token if token in _KEYWORDS else names.get(token, "null"))
        left -= len(written[-1])
        if left < 0:
            return ""
    return "".join(written)


def _resolved(value: object) -> object:
    """Return the data of Nuxt 3 with the values at their places: a list whose first value refers to the others by their positions."""
    if not isinstance(value, list) or len(value) < 2 or len(value) > _MOST_VALUES:
        return value
    first = value[0]
    positions = list(first.values()) if isinstance(first, dict) else first[1:] if isinstance(first, list) else []
    if not positions or not all(isinstance(one, int) and 0 <= one < len(value) for one in positions):
        return value
    return _Places(value).at(0)


class _Places:
    """The values of such a list. `left`: how many are still read; a value that many others refer to is read each time."""

    def __init__(self, values: list[object]) -> None:
        self._values = values
        self._left = _MOST_VALUES

    def at(self, place: object, depth: int = 0) -> object:
        """Return the value at a position, with the values that it refers to."""
        self._left -= 1
        if not isinstance(place, int) or not 0 <= place < len(self._values) or depth > _DEEPEST or self._left < 0:
            return None
        value = self._values[place]
        if isinstance(value, dict):
            return {name: self.at(one, depth + 1) for name, one in value.items()}
        if not isinstance(value, list):
            return value
        if value and isinstance(value[0], str):  # ["Reactive", 3], ["Date", "2024-04-07T01:00:00Z"]
            return value[-1] if value[0] == "Date" else self.at(value[-1], depth + 1)
        return [self.at(one, depth + 1) for one in value]
