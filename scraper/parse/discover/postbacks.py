"""Finds the pagers of a list page that send a form back to the server: ASP.NET postbacks, and submit buttons. Pure.

`<a href="javascript:__doPostBack('ctl00$gv','Page$2')">2</a>` sends the form of the page with `__EVENTTARGET=ctl00$gv`,
`__EVENTARGUMENT=Page$2` and its hidden fields. The names are those that ASP.NET writes for a GridView, DataPager, LinkButton, ImageButton
or AspNetPager, and for a drop-down with AutoPostBack.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import Enum

from selectolax.lexbor import LexborNode

from scraper.model import Form, Link, LinkRole
from scraper.parse.discover.pagers import LATER, SYMBOLS, words_of
from scraper.parse.discover.script_functions import Functions
from scraper.parse.tree.page_tree import PageTree, text_of
from scraper.post_urls import form_of
from scraper.text import fold

_MARKS = (b"oPostBack", b"<form", b"<FORM")
_CONTROLS = "a, button, input, select, [onclick]"
_EVENT = re.compile(
    r"(?:__doPostBack|WebForm_PostBackOptions)\s*\(\s*\\?['\"]([^'\"\\]{1,300})\\?['\"]\s*(?:,\s*\\?['\"]([^'\"\\]{0,300})\\?['\"])?",
    re.IGNORECASE,
)
_NUMBER = re.compile(r"(?:trang|page)?\s*(\d{1,5})")
_LAST = frozenset(("trang cuoi", "cuoi", "last", "cuoi cung", "ve cuoi"))
_EARLIER = frozenset(
    ("trang truoc", "truoc", "trang dau", "dau", "dau tien", "ve dau", "previous", "prev", "first", "<", "<<", "«", "‹", "lui", "quay lai")
)
_NO_PAGES = re.compile(r"thang|month|ngay|day|quy|quarter|tuan|week|nam|year|lich|calendar|vote|binhchon|rating", re.IGNORECASE)
_MOST_PAGERS = 10  # on one page; a home page has one for each of its boxes
_MOST_CONTROLS = 5000
_MOST_NUMBERS = 20  # of one pager whose arguments are not its numbers; a calendar has 28 or more
_STEPS_OUT = 100  # from a link to its form
_LONGEST = 40  # characters of the words of a link
_WINDOWS = ("...", "…", "....")


class _Kind(Enum):
    NUMBER = "number"
    NEXT = "next"
    WINDOW = "window"  # "..." leads to the next numbers
    OTHER = "other"  # to an earlier page, or to the last one


@dataclass(frozen=True, slots=True)
class _Control:
    """A link or button of a pager. `target`: the name of the control on the server. `action`: the URL of its form, if a function of the page
    sends it; else the form around the control is sent."""

    node: LexborNode
    kind: _Kind
    number: int | None
    words: str
    target: str
    fields: tuple[tuple[str, str], ...]
    action: str | None = None


def postback_links(tree: PageTree, functions: Functions) -> Iterator[Link]:
    """Yield, for each pager of a page that sends a form, the link to the page after this one.

    On the answer to such a link, only the same pager is used, because each page has to be built from the page before it. `functions`: those
    of the page, which may fill the form and send it.
    """
    if not any(mark in tree.encoded for mark in _MARKS):
        return
    sent = form_of(tree.stored_url)
    current = sent.page if sent is not None and sent.page is not None else 1
    pagers = [pager for pager in _pagers(tree, functions) if _is_pager(pager)][:_MOST_PAGERS]
    if sent is not None and pagers:
        target = next((value for name, value in sent.fields if name == "__EVENTTARGET"), sent.fields[0][0] if sent.fields else "")
        pagers = [max(pagers, key=lambda pager: max(_common(control.target, target) for control in pager))]
    for pager in pagers:
        found = _after(pager, current)
        action = found[0].action or _action(tree, found[0].node) if found is not None else None
        if found is not None and action is not None:
            yield Link(action, LinkRole.NEXT, form=Form(found[0].fields, with_page=True, page=found[1]))


def _pagers(tree: PageTree, functions: Functions) -> Iterator[list[_Control]]:
    """Yield the pagers of a page: controls with the words of pages that follow each other, without another link between them."""
    pager: list[_Control] = []
    for node in tree.css(_CONTROLS)[:_MOST_CONTROLS]:
        found = list(_controls(node, functions))
        if found:
            pager += found
        elif pager and _is_another_link(node):
            yield pager
            pager = []
    if pager:
        yield pager


def _is_another_link(node: LexborNode) -> bool:
    """Return True if an element separates two pagers: a link to another page, or a control that is not of a pager."""
    attributes = node.attributes
    if node.tag == "a":
        return bool(attributes.get("href")) and len(text_of(node)) > _LONGEST
    return node.tag == "select" or (attributes.get("type") or "").lower() in ("text", "search", "submit")


def _event_of(scripts: str) -> re.Match[str] | None:
    """Return the event that the scripts of a control send to the server, or None. Most links of a page have none."""
    return _EVENT.search(scripts) if "postback" in scripts.lower() else None


def _controls(node: LexborNode, functions: Functions) -> Iterator[_Control]:
    """Yield the control of a link or button, those of the options of a drop-down, or nothing if they are not of a pager."""
    attributes = node.attributes
    if "disabled" in attributes:
        return
    if node.tag == "select":
        yield from _options(node)
        return
    scripts = f"{attributes.get('href') or ''} {attributes.get('onclick') or ''}"
    event = _event_of(scripts)
    name = attributes.get("name") or ""
    kind = (attributes.get("type") or ("submit" if node.tag == "button" else "")).lower()
    if event is not None:
        target, fields = event[1], (("__EVENTTARGET", event[1]), ("__EVENTARGUMENT", event[2] or ""))
    elif name and node.tag in ("input", "button") and kind == "submit":
        target, fields = name, ((name, attributes.get("value") or ""),)  # type: ignore[assignment]
    elif name and node.tag == "input" and kind == "image":
        target, fields = name, ((f"{name}.x", "1"), (f"{name}.y", "1"))
    elif "(" in scripts:
        yield from _calling(node, scripts, functions)
        return
    else:
        return
    words = words_of(node)
    meant = _meaning(words) if len(words) <= _LONGEST else None
    if meant is not None:
        yield _Control(node, meant[0], meant[1], words, target, fields)


def _calling(node: LexborNode, scripts: str, functions: Functions) -> Iterator[_Control]:
    """Yield the control of a link that calls a function of the page, if that fills a form and sends it."""
    words = words_of(node)
    meant = _meaning(words) if len(words) <= _LONGEST else None
    effect = functions.effect(scripts) if meant is not None else None
    if meant is not None and effect is not None and effect.fields:
        target = next((value for name, value in effect.fields if name == "__EVENTTARGET"), effect.fields[0][0])
        yield _Control(node, meant[0], meant[1], words, target, effect.fields, effect.url)


def _options(node: LexborNode) -> Iterator[_Control]:
    """Yield the options of a drop-down that sends the form when one is chosen, if they are the pages 1, 2, 3 and so on."""
    attributes = node.attributes
    name, event = attributes.get("name") or "", _EVENT.search(attributes.get("onchange") or "")
    if not name or event is None or _NO_PAGES.search(name):
        return
    options = [(text_of(option), option.attributes.get("value")) for option in node.css("option")]
    numbers = [match[1] if (match := _NUMBER.search(fold(words))) else "" for words, _ in options]
    if len(options) < 2 or numbers != [str(number) for number in range(1, len(options) + 1)]:
        return
    for number, (words, value) in enumerate(options, 1):
        fields = (("__EVENTTARGET", event[1]), ("__EVENTARGUMENT", ""), (name, value if value is not None else words))
        yield _Control(node, _Kind.NUMBER, number, words, event[1], fields)


def _meaning(words: str) -> tuple[_Kind, int | None] | None:
    """Return what the words of a control mean in a pager, with the number of the page; None if they are not those of a pager."""
    folded = fold(words).strip()
    plain = folded.strip("[](). ")
    bare = plain.strip(SYMBOLS)
    number = _NUMBER.fullmatch(plain) or _NUMBER.fullmatch(bare)
    if number is not None:
        return _Kind.NUMBER, int(number[1])
    if folded.strip("[]() ") in _WINDOWS:
        return _Kind.WINDOW, None
    if plain in _EARLIER or bare in _EARLIER or plain in _LAST or bare in _LAST:
        return _Kind.OTHER, None
    return (_Kind.NEXT, None) if plain in LATER or bare in LATER else None


def _is_pager(pager: Sequence[_Control]) -> bool:
    """Return True if controls lead to later pages. The days of a calendar do not: their arguments are not their numbers."""
    numbers = [control for control in pager if control.number is not None]
    if len(numbers) > _MOST_NUMBERS and not all(_is_stated(control) for control in numbers):
        return False
    if any(_NO_PAGES.search(control.target.rpartition("$")[2]) for control in pager):
        return False
    return any((control.number or 0) > 1 or control.kind is _Kind.NEXT for control in pager)


def _is_stated(control: _Control) -> bool:
    """Return True if what a control sends contains the number of its page, counted from 0 or from 1."""
    sent = {int(number) for _, value in control.fields for number in re.findall(r"\d{1,6}", value)}
    return control.number in sent or (control.number or 0) - 1 in sent


def _after(pager: Sequence[_Control], current: int) -> tuple[_Control, int] | None:
    """Return the control that leads to the page after `current`, and the number of that page; None on the last page."""
    wanted = current + 1
    nexts = [control for control in pager if control.kind is _Kind.NEXT]
    nexts.sort(key=lambda control: fold(control.words).strip() in (">>", "»", ">|"))  # beside ">", these lead to the last page
    windows = [control for control in pager if control.kind is _Kind.WINDOW]
    last = next((control for control in reversed(pager) if control.kind in (_Kind.NUMBER, _Kind.WINDOW)), None)
    for control in (
        *(control for control in pager if control.number == wanted),
        *nexts,
        *(control for control in windows[-1:] if control is last),  # "..." before the numbers leads back
    ):
        return control, wanted
    later = [control for control in pager if control.number is not None and control.number > current]
    chosen = min(later, key=lambda control: control.number or 0, default=None)
    return (chosen, chosen.number or wanted) if chosen is not None else None


def _common(one: str, other: str) -> int:
    """Return how many parts at the beginning of two names of controls are equal: 2 for ctl00$gv$ctl01 and ctl00$gv$ctl05."""
    count = 0
    for left, right in zip(one.split("$"), other.split("$"), strict=False):
        if left != right:
            break
        count += 1
    return count


def _action(tree: PageTree, node: LexborNode) -> str | None:
    """Return the URL to which the form around a control is sent; None if the page has no form."""
    form: LexborNode | None = node.parent
    for _ in range(_STEPS_OUT):
        if form is None or form.tag == "form":
            break
        form = form.parent
    if form is None or form.tag != "form":
        # A form inside a table is closed by the HTML parser before its fields, but still owns them.
        state = tree.first("form input[name^=__VIEWSTATE]")
        form = tree.first("form:has(input[name^=__VIEWSTATE])") if state is not None else tree.first("form")
    if form is None:
        return None
    written = (form.attributes.get("action") or "").strip()
    return tree.absolute(written) if written and not written.startswith("#") else tree.url
