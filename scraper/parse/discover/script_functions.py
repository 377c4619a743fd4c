"""Reads what a click does that calls a function of the page: it opens a URL, or fills fields of a form and sends it. Pure.

    <a href="#" onclick="GoPage(2)">2</a>
    <script>function GoPage(p) { document.getElementById('hdPage').value = p; __doPostBack('ctl00$btnPage', ''); }</script>

No script is run. Only functions of a few lines are understood, whose values are literals, arguments and variables with one literal value.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from selectolax.lexbor import LexborNode

from scraper.parse.discover.script_calls import LOCATION, PAGE, STRING, scripts_of, split_expressions, value_of
from scraper.parse.tree.page_tree import PageTree

_CALLED = re.compile(r"(?<![\w$.])(?:return\s+)?([A-Za-z_$][\w$]{0,60})\s*\(")
_DEFINED = r"(?:function\s+{name}|(?:var|let|const|window\.)?\s*\b{name}\s*=\s*(?:function)?)\s*\(([^()]{{0,200}})\)\s*(?:=>\s*)?\{{"
_OPENS = re.compile(rf"(?:{LOCATION}|\bwindow\s*\.\s*open\s*\()\s*")
_IDENTITY = r"""(?:getElementById\(\s*|(?:\$|jQuery)\(\s*)(['"])#?([\w:.-]+)\1\s*\)"""
_NAMED = r"""(?:\$|jQuery)\(\s*["'](?:\w+)?\[name=\\?["']?([\w$:.-]+)\\?["']?\]["']\s*\)"""
_OF_FORM = r"""(?:forms?\s*(?:\[[^\]]{0,60}\])?|theForm|document\.[A-Za-z_]\w*)\s*(?:\.elements)?(?:\.([A-Za-z_]\w*)|\[\s*["']([\w$:.-]+)["']\s*\])"""
_SETS = re.compile(rf"(?:{_IDENTITY}|{_NAMED}|{_OF_FORM})\s*\.\s*(?:value\s*=(?!=)\s*|val\(\s*)")
_POSTBACK = re.compile(r"__doPostBack\s*\(")
_SUBMITS = re.compile(r"\.\s*submit\s*\(|\.\s*trigger\s*\(\s*['\"]submit")
_CLICKS = re.compile(rf"{_IDENTITY}\s*(?:\[0\]\s*)?\.\s*(?:click\s*\(|trigger\s*\(\s*['\"]click)")
_KEPT_TYPES = ("hidden", "text", "")  # of fields that the form sends although nobody filled them
_LONGEST_BODY = 1500  # characters of such a function
_MOST_ARGUMENTS = 6
_MOST_FUNCTIONS = 20  # different ones that the links of one page call; a bound against hostile input
_NOT_OURS = frozenset(("__doPostBack", "WebForm_DoPostBackWithOptions", "if", "for", "while", "function", "void", "alert", "confirm"))


@dataclass(frozen=True, slots=True)
class Effect:
    """What a click does: it opens `url`, or if there are fields, sends them with the form of the page to `url`."""

    url: str
    fields: tuple[tuple[str, str], ...] = ()


class Functions:
    """The functions of the inline scripts of a page. Each is searched for when a link first calls it."""

    def __init__(self, tree: PageTree) -> None:
        self._tree = tree
        self._scripts: str | None = None
        self._known: dict[str, tuple[list[str], str] | None] = {}

    def effect(self, script: str) -> Effect | None:
        """Return what the script of a link or button does: "GoPage(2); return false;"; None if that is not understood."""
        for match in _CALLED.finditer(script[:400]):
            if match[1] in _NOT_OURS:
                continue
            function = self._function(match[1])
            if function is None:
                continue
            arguments = split_expressions(script[match.end() :])[:_MOST_ARGUMENTS]
            return self._effect(_bound(function[1], function[0], arguments))
        return None

    def _function(self, name: str) -> tuple[list[str], str] | None:
        """Return the parameters and the body of a function; None if the page has none of that name."""
        if name not in self._known and len(self._known) < _MOST_FUNCTIONS:
            if self._scripts is None:
                self._scripts = scripts_of(self._tree)
            found = re.search(_DEFINED.format(name=re.escape(name)), self._scripts)
            body = split_expressions(self._scripts[found.end() : found.end() + _LONGEST_BODY], "\0")[0] if found is not None else ""
            self._known[name] = ([one.partition("=")[0].strip() for one in found[1].split(",")], body) if found is not None else None
        return self._known.get(name)

    def _effect(self, body: str) -> Effect | None:
        scripts = f"{body}\n{self._scripts or ''}"
        fields = list(self._fields(body, scripts))
        sent = [*fields, *self._event(body, scripts)]
        if len(sent) > len(fields) or (fields and _SUBMITS.search(body)):
            form = self._form_of(sent)
            return _sent(self._tree, form, sent) if form is not None else None
        opens = _OPENS.search(body)
        value = self._value(body[opens.end() :], scripts) if opens is not None else None
        url = self._tree.absolute(value) if value and re.match(r"(?:https?:)?/|[\w.-]*[/?.]|\w+=", value) else None
        return Effect(url) if url is not None else None

    def _fields(self, body: str, scripts: str) -> Iterator[tuple[str, str]]:
        """Yield the fields that a function sets, by their names."""
        for match in _SETS.finditer(body):
            value = self._value(body[match.end() :], scripts)
            name = match[3] or match[4] or match[5] or self._name_of(match[2] or "")
            if name and value is not None:
                yield name, value

    def _event(self, body: str, scripts: str) -> Iterator[tuple[str, str]]:
        """Yield the fields that send the form: those of a postback, or the name of a button that is clicked."""
        if (postback := _POSTBACK.search(body)) is not None:
            target, argument, *_ = [*split_expressions(body[postback.end() :]), "", ""]
            yield "__EVENTTARGET", value_of(self._tree, scripts, target) or ""
            yield "__EVENTARGUMENT", value_of(self._tree, scripts, argument) or ""
        elif (clicked := _CLICKS.search(body)) is not None:
            button = self._by_id(clicked[2])
            if button is not None and (name := button.attributes.get("name")):
                yield name, button.attributes.get("value") or ""

    def _value(self, text: str, scripts: str) -> str | None:
        """Return the value of the expression at the beginning of a text; None if it is not known."""
        expression = re.split(r"[;\n]", split_expressions(text, ";")[0])[0].strip()
        value = value_of(self._tree, scripts, split_expressions(expression)[0])
        return value if value is not None and PAGE not in value else None

    def _by_id(self, identity: str) -> LexborNode | None:
        return next((one for one in self._tree.css("[id]") if one.attributes.get("id") == identity), None)

    def _name_of(self, identity: str) -> str:
        node = self._by_id(identity)
        return (node.attributes.get("name") or "") if node is not None else ""

    def _form_of(self, sent: Sequence[tuple[str, str]]) -> LexborNode | None:
        """Return the form that has the first of these fields, or the form of an ASP.NET page."""
        names = {name for name, _ in sent}
        for form in self._tree.css("form"):
            if any((field.attributes.get("name") or "") in names for field in form.css("[name]")):
                return form
        return self._tree.first("form:has(input[name^=__VIEWSTATE])") if "__EVENTTARGET" in names else None


def _bound(body: str, parameters: Sequence[str], arguments: Sequence[str]) -> str:
    """Return the body of a function with its parameters replaced by the expressions of a call, outside of strings."""
    values = {name: argument for name, argument in zip(parameters, arguments, strict=False) if name and argument}
    if not values:
        return body
    parts: list[str] = []
    start = 0
    pattern = re.compile(rf"(?<![\w$.])(?:{'|'.join(map(re.escape, values))})(?![\w$])")
    for string in STRING.finditer(body):
        parts += [pattern.sub(lambda match: values[match[0]], body[start : string.start()]), string[0]]
        start = string.end()
    return "".join([*parts, pattern.sub(lambda match: values[match[0]], body[start:])])


def _sent(tree: PageTree, form: LexborNode, fields: Sequence[tuple[str, str]]) -> Effect | None:
    """Return what sending a form does. One that is sent by GET opens a URL with all its fields."""
    written = (form.attributes.get("action") or "").strip()
    url = tree.absolute(written) if written and not written.startswith("#") else tree.url
    if url is None or (form.attributes.get("method") or "get").lower() == "post":
        return Effect(url, tuple(fields)) if url is not None else None
    sent = {
        name: field.attributes.get("value") or ""
        for field in form.css("input[name]")
        if (name := field.attributes.get("name")) and (field.attributes.get("type") or "").lower() in _KEPT_TYPES
    } | dict(fields)
    query = urlencode({name: value for name, value in sent.items() if value})
    return Effect(f"{url.partition('?')[0].partition('#')[0]}?{query}")
