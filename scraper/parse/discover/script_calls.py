"""Reads the calls in the scripts of a page that load a part of a list: `$.post('/ajax/list', {page: page, cat: 5})`. Pure.

No script is run. Only literals, variables with one literal value, and fields of the page are understood.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from scraper.parse.tree.page_tree import PageTree

PAGE = "\x00page\x00"  # stands for the number of the page in a value
PAGE_NAME = re.compile(
    r"(?:cur|current|next|i|n|num|so|int|str|txt)?_?(?:page|trang|paged|pg)_?(?:no|num|number|index|idx|so|hien_?tai|current)?|p",
    re.IGNORECASE,
)
OFFSET_NAME = re.compile(r"(?:i|n)?_?(?:offset|skip|from|(?:limit)?start|start_?(?:index|at|row)|bat_?dau)", re.IGNORECASE)
SIZE_NAME = re.compile(
    r"limit|take|size|page_?size|per_?page|(?:records?|items?|rows?)_?per_?page|num_?(?:rows|items)|so_?(?:luong|tin)", re.IGNORECASE
)
_CALL = re.compile(r"(?:\$|jQuery|axios)\s*\.\s*(post|get|getJSON|ajax)\s*\(|\.\s*(load|open)\s*\(|\b(fetch)\s*\(|\b(axios)\s*\(")
# What opens a URL, up to the expression of it: location.href = '/tin?page=2', location.assign('/tin').
LOCATION = r"\blocation(?:\s*\.\s*href)?\s*=(?!=)|\blocation\s*\.\s*(?:assign|replace)\s*\("
STRING = re.compile(r"""'((?:[^'\\\n]|\\.){0,600})'|"((?:[^"\\\n]|\\.){0,600})"|`((?:[^`\\]|\\.){0,600})`""")
_FIELD_BY_ID = re.compile(
    r"""(?:\$|jQuery)\s*\(\s*['"]#([\w:.-]+)['"]\s*\)\s*\.\s*(?:val\(\)|(?:attr|data)\(\s*['"](?:data-)?([\w-]+)['"]\s*\)|(text)\(\))"""
    r"""|getElementById\(\s*['"]([\w:.-]+)['"]\s*\)\s*\.\s*(?:value|dataset\.(\w+))"""
)
_DATA_OF_THIS = re.compile(r"""(?:\)|this|\w+)\s*\.\s*(?:(?:attr|data)\(\s*['"](?:data-)?([\w-]+)['"]\s*\)|dataset\.(\w+))$""")
_WRAPPERS = re.compile(r"^(?:encodeURIComponent|encodeURI|parseInt|Number|String|JSON\.stringify)\s*\(")
_MOST_SCRIPT = 400_000  # characters of the scripts of a page
_MOST_CALLS = 40
_LONGEST_CALL = 3000
_DEEPEST = 4


@dataclass(frozen=True, slots=True)
class Call:
    """A call that loads a part of a list. Values contain `PAGE` where the number of the page belongs; `variable` is the name it comes from."""

    url: str
    is_post: bool
    fields: tuple[tuple[str, str], ...]
    variable: str | None


def scripts_of(tree: PageTree) -> str:
    """Return the inline scripts of a page, one after the other."""
    parts: list[str] = []
    size = 0
    for node in tree.css("script"):
        if node.attributes.get("src"):
            continue
        text = node.text(deep=True)
        size += len(text)
        if size > _MOST_SCRIPT:
            break
        parts.append(text)
    return "\n".join(parts)


def calls(tree: PageTree, scripts: str) -> Iterator[Call]:
    """Yield the calls whose URL or fields contain the number of a page. `scripts`: the scripts of the page."""
    reader = _Reader(tree, scripts)
    for number, match in enumerate(_CALL.finditer(scripts)):
        if number == _MOST_CALLS:
            return
        name = next(group for group in match.groups() if group)
        call = reader.call(name, split_expressions(scripts[match.end() : match.end() + _LONGEST_CALL]))
        if call is not None:
            yield call


def loaded_urls(tree: PageTree, scripts: str) -> Iterator[str]:
    """Yield the URLs of calls by GET that load a part of a page, and always the same one: `$('#menu').load('/modules/menu.html')`."""
    reader = _Reader(tree, scripts)
    for match in islice(_CALL.finditer(scripts), _MOST_CALLS):
        name = next(group for group in match.groups() if group)
        arguments = split_expressions(scripts[match.end() : match.end() + _LONGEST_CALL])
        url, data, is_post = _parts_of_call(name, arguments)
        whole = reader.value(url) if url and not is_post and (not data or name == "load" or data.startswith("function")) else None
        # jQuery's `load` takes a selector after the URL: "/trang-chu.html #menu"
        whole = whole.partition(" ")[0] if whole else None
        if whole and PAGE not in whole and re.match(r"(?:https?:)?/|[\w-]+[/?.]", whole):
            yield whole


def value_of(tree: PageTree, scripts: str, expression: str) -> str | None:
    """Return the text of an expression, with `PAGE` for the number of a page; None if it is not known. `scripts`: those of the page."""
    return _Reader(tree, scripts).value(expression)


def split_expressions(text: str, separator: str = ",") -> list[str]:
    """Return the parts of a list of arguments up to the bracket that closes it, or of any text up to its end."""
    parts, start, depth, at = [], 0, 0, 0
    while at < len(text):
        letter = text[at]
        if letter in "'\"`":
            string = STRING.match(text, at)
            at = string.end() if string is not None else at + 1
            continue
        if letter in "([{":
            depth += 1
        elif letter in ")]}":
            depth -= 1
            if depth < 0:
                break
        elif letter == separator and depth == 0:
            parts.append(text[start:at].strip())
            start = at + 1
        at += 1
    return [*parts, text[start:at].strip()]


def options_of(text: str) -> list[tuple[str, str]]:
    """Return the keys and the expressions of the object literal at the beginning of a text; [] if it begins with none."""
    return _object(text[:_LONGEST_CALL]) or []


def _object(text: str) -> list[tuple[str, str]] | None:
    """Return the keys and the expressions of an object literal; None for anything else."""
    if not text.startswith("{"):
        return None
    pairs = []
    for part in split_expressions(text[1:]):
        key, colon, value = part.partition(":")
        name = key.strip().strip("'\"")
        if name:
            pairs.append((name, value.strip() if colon else name))
    return pairs


def _name_before(text: str) -> str:
    """Return the name of the value that follows a text: "trang" for '/tin?c=5&trang=' and for '/tin/trang-'."""
    found = re.search(r"([A-Za-z_]+)[=/-]$", text)
    return found[1] if found is not None else ""


def _parts_of_call(name: str, arguments: Sequence[str]) -> tuple[str, str, bool]:
    """Return the expressions of the URL and of the data of a call, and whether it is sent by POST."""
    url, data = arguments[0], arguments[1] if len(arguments) > 1 else ""
    if name == "open":  # XMLHttpRequest
        return data, "", "post" in url.lower()
    options = dict(_object(url if name in ("ajax", "axios") else data) or ()) if name in ("ajax", "axios", "fetch") else {}
    if not options:
        return url, data, name == "post" or (name == "load" and data.startswith("{"))
    is_post = "post" in f"{options.get('type', '')} {options.get('method', '')}".lower()
    sent = options.get("data") or options.get("body") or options.get("params") or ""
    return options.get("url", url if name == "fetch" else ""), sent, is_post


def _names_page(url: str, fields: Sequence[tuple[str, str]]) -> bool:
    """Return True if a URL or fields contain the number of a page, or of the first entry of one."""
    if PAGE in url or any(PAGE in value or (PAGE_NAME.fullmatch(key) and value.isdecimal()) for key, value in fields):
        return True
    numbered = re.search(r"[?&]([\w-]+)=(\d{1,5})(?:&|$)", url)
    return numbered is not None and bool(PAGE_NAME.fullmatch(numbered[1]) or OFFSET_NAME.fullmatch(numbered[1]))


class _Reader:
    """Evaluates the expressions of the scripts of one page."""

    def __init__(self, tree: PageTree, scripts: str) -> None:
        self._tree, self._scripts = tree, scripts
        self._variable: str | None = None

    def call(self, name: str, arguments: Sequence[str]) -> Call | None:
        """Return what a call sends, or None if it does not load the page of a list or cannot be understood."""
        self._variable = None
        url, data, is_post = _parts_of_call(name, arguments)
        whole = self._value(url, "") if url else None
        fields = self._fields(data)
        if not whole or fields is None or not re.match(r"(?:https?:)?/|[\w.-]+[/?.]|\?", whole):
            return None
        if not is_post and fields:
            whole += ("&" if "?" in whole else "?") + "&".join(f"{key}={value}" for key, value in fields)
            fields = []
        return Call(whole, is_post, tuple(fields), self._variable) if _names_page(whole, fields) else None

    def value(self, expression: str) -> str | None:
        """Return the text of an expression; None if it is not known."""
        return self._value(expression, "")

    def _fields(self, data: str) -> list[tuple[str, str]] | None:
        """Return the fields of an object literal or a query; an empty list if nothing is sent; None if they cannot be understood."""
        wrapped = _WRAPPERS.match(data)
        if wrapped is not None:
            data = split_expressions(data[wrapped.end() :])[0]
        if not data or data.startswith(("function", "(", "null", "undefined")):
            return []
        pairs = _object(data)
        if pairs is None and re.fullmatch(r"\w+", data):
            found = re.search(rf"\b{data}\s*=\s*(?=\{{)", self._scripts)
            pairs = _object(self._scripts[found.end() : found.end() + _LONGEST_CALL]) if found is not None else None
        if pairs is None:
            query = self._value(data, "")
            if not query or "=" not in query:
                return None
            return [(key, value) for part in query.split("&") for key, _, value in (part.partition("="),) if key]
        fields = []
        for key, expression in pairs[:40]:
            value = self._value(expression, key)
            if value is None:
                return None
            fields.append((key, value))
        return fields

    def _value(self, expression: str, key: str, depth: int = 0) -> str | None:
        """Return the text of an expression, or None if it is not known. `key`: the name of the field that it is for."""
        parts: list[str] = []
        for term in split_expressions(expression, "+"):
            value = self._term(term, _name_before(parts[-1]) if parts else key, depth)
            if value is None:
                return None
            parts.append(value)
        if PAGE in parts and all(part == PAGE or part.isdecimal() or not part for part in parts):
            return PAGE  # page + 1
        return "".join(parts)

    def _term(self, term: str, key: str, depth: int) -> str | None:
        term = term.strip()
        string = STRING.fullmatch(term)
        if string is not None:
            text = next(group for group in string.groups() if group is not None)
            return self._template(text, depth) if term.startswith("`") else re.sub(r"\\(.)", r"\1", text)
        if re.fullmatch(r"-?\d+(?:\.\d+)?|true|false", term) or not term:
            return term
        if term == "null":
            return ""
        if depth < _DEEPEST and (term.startswith("(") or _WRAPPERS.match(term)):
            return self._value(split_expressions(term[term.index("(") + 1 :])[0], key, depth + 1)
        return self._named(term, key, depth)

    def _template(self, text: str, depth: int) -> str | None:
        parts: list[str] = []
        for number, part in enumerate(re.split(r"\$\{([^{}]{1,80})\}", text)):
            value = self._value(part, _name_before(parts[-1]), depth + 1) if number % 2 and depth < _DEEPEST else part
            if value is None:
                return None
            parts.append(value)
        return "".join(parts)

    def _named(self, term: str, key: str, depth: int) -> str | None:
        """Return the value of a variable or of a field of the page."""
        name = re.sub(r"\+\+|--", "", term).strip()
        last = name.rpartition(".")[2]
        if re.fullmatch(r"[\w$.]+", name) and (PAGE_NAME.fullmatch(last) or OFFSET_NAME.fullmatch(last)):
            self._variable = last
            return PAGE
        if (field := _FIELD_BY_ID.search(name)) is not None:
            value = self._field(field[1] or field[4], field[2] or field[5])
        elif (data := _DATA_OF_THIS.search(name)) is not None:
            attribute = f"data-{data[1] or data[2]}"
            if PAGE_NAME.fullmatch(attribute.removeprefix("data-")):
                self._variable = attribute
                return PAGE
            node = self._tree.first(f"[{attribute}]")
            value = node.attributes.get(attribute) if node is not None else None
        else:
            value = self._variable_value(name, key, depth) if re.fullmatch(r"[\w$.]+", name) else None
        if value is None and (PAGE_NAME.fullmatch(key) or OFFSET_NAME.fullmatch(key)):
            self._variable = last
            return PAGE
        return value

    def _field(self, identity: str, attribute: str | None) -> str | None:
        node = next((one for one in self._tree.css("[id]") if one.attributes.get("id") == identity), None)
        if node is None:
            return None
        return node.attributes.get(f"data-{attribute}" if attribute else "value") or ""

    def _variable_value(self, name: str, key: str, depth: int) -> str | None:
        last = name.rpartition(".")[2]
        found = re.search(rf"""(?<![\w$]){re.escape(last)}\s*[:=]\s*(?!=)([^;\n]{{1,400}})""", self._scripts)
        if found is None or depth >= _DEEPEST or PAGE_NAME.fullmatch(key):
            return None
        expression = split_expressions(found[1])[0].strip()
        simple = STRING.match(expression) or re.match(r"-?\d+$", expression) or expression.startswith(("$", "document", "'", '"', "`"))
        return self._value(expression, "", depth + 1) if simple else None
