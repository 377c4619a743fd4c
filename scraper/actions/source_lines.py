"""The facts about a source, as lines for people."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from scraper.actions.source_facts import ARCHIVE, Facts
from scraper.failures import REASONS
from scraper.sources import doubt_of
from scraper.store.discovered import FEED, LIST, PLATFORM, SITEMAP, Found

_SHOWN = 30  # list pages, feeds or sitemaps; --json has all
_ORIGINS = {
    "archive": "the archive, filled by crawls",
    "site": "a look at the site just now ({requests} requests, nothing stored)",
    "recording": "a look into the recording just now ({requests} requests, nothing stored)",
}
_COUNTS = {"captures": "received", "articles_new": "new", "articles_changed": "changed", "failures": "failed"}
_PAGERS = {"link": "later pages by link", "form": "later pages by form", "none": "one page"}


def fact_lines(facts: Facts) -> Iterator[str]:
    """Yields the facts about a source, each fact with its date and where it was found."""
    shown = facts.as_json()
    yield f"{shown['source']}  {shown['name']}"
    under = f", only under {shown['under']}" if shown["under"] != "/" else ""
    yield _line("site", f"{shown['site']}{under}; requests go to {', '.join(shown['hosts'])} only")
    yield _line("in force", _validity(shown["validity"]))
    yield _line("confidence", f"{shown['confidence']}: {shown['basis'] or 'no basis given'} ({shown['file']}, block {shown['block']})")
    yield _line("known from", _ORIGINS[facts.origin].format(requests=facts.requests))
    if doubt := doubt_of(facts.source):
        yield _line("look at", doubt.en)
        yield _line("", doubt.vi)
    yield from _platform(facts)
    for name, kind in (("sitemaps", SITEMAP), ("feeds", FEED), ("list pages", LIST)):
        yield from _lists(name, facts.of_kind(kind), shown["configured"]["listings" if kind == LIST else name])
    looked = [one for one in facts.found if one.kind in (LIST, FEED, SITEMAP) and one.last_read]
    if looked and facts.origin != ARCHIVE and not any(one.articles for one in looked):
        yield _line("look at", "none of these pages names an article; name those that list the news in `listings` of the block")
    for number, one in enumerate(facts.hosts_to_add()):
        yield _line("" if number else "add hosts", f"{one.name}, {_where(one)}")
    yield from _politeness(shown["politeness"])
    for failure in facts.failures:
        detail = f" ({failure.detail})" if failure.detail else ""
        yield _line("failed", f"{failure.url}  {failure.reason}: {REASONS.get(failure.reason, '')}{detail}")
    yield from _runs(shown["runs"])


def _line(name: str, text: str) -> str:
    return f"  {name:<11}{text}"


def _validity(shown: dict[str, Any]) -> str:
    if not (shown["from"] or shown["to"]):
        return "period not known"
    after = f"; successor: {shown['successor']}" if shown["successor"] else ""
    return f"{shown['from'] or 'an unknown day'} to {shown['to'] or 'today'} ({shown['standing']}{after})"


def _platform(facts: Facts) -> Iterator[str]:
    rows = facts.of_kind(PLATFORM)
    for number, one in enumerate(rows):
        yield _line("" if number else "platform", f"{one.name}, {_where(one)}")
    stated = facts.source.platform
    if not rows:
        yield _line("platform", f"{stated}, as the block states" if stated else "not known yet")
    elif stated and stated not in {one.name for one in rows}:
        yield _line("", f"the block states {stated}")


def _lists(name: str, rows: list[Found], configured: list[str]) -> Iterator[str]:
    rows = sorted(rows, key=lambda one: (one.last_read is None, -(one.articles or 0)))
    for number, one in enumerate(rows[:_SHOWN]):
        facts = [f"{one.articles} articles" if one.articles is not None else "", _reading(one)]
        if one.kind == LIST and one.last_read:
            facts += [(one.list_order or "unknown").replace("-", " ") + (" order" if one.list_order in (None, "unknown") else "")]
            facts += [_PAGERS.get(one.pager or "", "pager not known")]
        facts += [f"looked at {one.look}" if one.look else "", _where(one)]
        yield _line("" if number else name, f"{one.name}  {', '.join(fact for fact in facts if fact)}")
    if len(rows) > _SHOWN:
        yield _line("", f"and {len(rows) - _SHOWN} more; --json has all")
    if not rows:
        yield _line(name, f"in the block: {', '.join(configured)}" if configured else "none known")


def _reading(one: Found) -> str:
    if one.read_to_end:
        return f"read to its end {_day(one.read_to_end)}"
    return f"read {_day(one.last_read)}" if one.last_read else "not read yet"


_UNNAMED = {PLATFORM: "recognised from the pages", LIST: "where a crawl begins"}


def _where(one: Found) -> str:
    on = f"found on {one.found_on}" if one.found_on else _UNNAMED.get(one.kind, "named by the block or the platform")
    return f"{on}, {_day(one.first_seen)}" + (f" to {_day(one.last_seen)}" if _day(one.last_seen) != _day(one.first_seen) else "")


def _day(moment: str) -> str:
    return moment[:10]


def _politeness(shown: dict[str, Any]) -> Iterator[str]:
    origin = {"block": "the block", "DOWNLOAD_DELAY": "the setting DOWNLOAD_DELAY"}.get(shown["delay_from"], "another source on the host")
    when = ", ".join(f"{first} to {last}" for first, last in shown["windows"]) or "at any time"
    budget = f"at most {shown['budget']} requests a day" if shown["budget"] is not None else "no daily limit"
    yield _line("politeness", f"{shown['delay']:g} s between requests ({origin}); {when}; {budget}")
    if shown["crawl_delay_at"] is None:
        yield _line("", "robots.txt was not received")
    else:
        delay = f"requires {shown['crawl_delay']:g} s" if shown["crawl_delay"] else "requires no delay"
        yield _line("", f"{shown['crawl_delay_found_on']} {delay} ({_day(shown['crawl_delay_at'])})")


def _runs(runs: list[dict[str, Any]]) -> Iterator[str]:
    for number, run in enumerate(runs):
        counts = ", ".join(f"{run[column] or 0} {name}" for column, name in _COUNTS.items())
        outcome = run["outcome"] or "interrupted, or going on"
        yield _line("" if number else "runs", f"{run['started_at']}  {run['command']}: {outcome}; {counts}")
    if not runs:
        yield _line("runs", "none in the archive")
