"""The changes of the states as an Atom feed (RFC 4287)."""

from __future__ import annotations

from collections.abc import Sequence
from xml.etree import ElementTree

from scraper.health.overview import Line
from scraper.two_languages import EN, VI

_ATOM = "http://www.w3.org/2005/Atom"
_ID = "urn:vietnam-government-news-archive:health"
_TITLE = "Tình trạng các nguồn · Health of the sources"


def atom(changes: Sequence[Line], updated: str, own_url: str | None = None) -> bytes:
    """Returns the feed of changes, the newest first. `updated`: the time that a feed without a change states. `own_url`: its URL."""
    ElementTree.register_namespace("", _ATOM)
    feed = ElementTree.Element(f"{{{_ATOM}}}feed")
    _add(feed, "title", _TITLE)
    _add(feed, "id", _ID)
    _add(feed, "updated", changes[0].judged_at if changes else updated)
    if own_url is not None:
        ElementTree.SubElement(feed, f"{{{_ATOM}}}link", rel="self", href=own_url)
    _add(ElementTree.SubElement(feed, f"{{{_ATOM}}}author"), "name", "vietnam-government-news-archive")
    for line in changes:
        entry = ElementTree.SubElement(feed, f"{{{_ATOM}}}entry")
        _add(entry, "title", f"{line.name}: {line.state_name(VI)} · {line.state_name(EN)}")
        _add(entry, "id", f"{_ID}:{line.source_id}:{line.run_id}")
        _add(entry, "updated", line.judged_at)
        ElementTree.SubElement(entry, f"{{{_ATOM}}}link", rel="alternate", href=line.site)
        _add(entry, "summary", "\n".join(_summary(line, language) for language in (VI, EN)))
    ElementTree.indent(feed)
    return bytes(ElementTree.tostring(feed, encoding="utf-8", xml_declaration=True))


def _summary(line: Line, language: str) -> str:
    before = f"{line.state_name_before(language)} → " if line.state_before is not None else ""
    unsteady = f"; {line.unsteadiness(language)}" if line.unsteady else ""
    return f"{before}{line.state_name(language)}: {line.reason_with_numbers(language)}{unsteady}. {line.sentence(language)}"


def _add(parent: ElementTree.Element, name: str, text: str) -> None:
    ElementTree.SubElement(parent, f"{{{_ATOM}}}{name}").text = text
