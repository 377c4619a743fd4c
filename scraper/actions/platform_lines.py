"""The report on a platform as lines for people."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from scraper.parse.platform_check import BY_LAYOUT, BY_OTHER_RULES, MISSING, PROBLEMS, PlatformReport, Problem

_FEW = 5  # URLs that are shown of each problem
_LONGEST = 120  # characters of an example


def report_lines(report: PlatformReport) -> Iterator[str]:
    """Yields a table of what was found, then every kind of problem with its number, what to do, and some URLs."""
    name, other = report.platform, report.best_other
    yield f"platform {name}: {_number(report.pages, 'page')}"
    yield ""
    yield f"  detected as {name}: {_share(report.detected, report.pages)}"
    yield f"  score of {name}: {report.lowest_score:g} or more, median {report.median_score:g}"
    yield f"  best score of another platform on any page: {other[1]:g} ({other[0]})"
    yield from _table("markers, and the pages that have them", report.markers)
    yield from _table("kinds of pages", report.kinds)
    yield from _table("refused pages by reason", report.refused)
    yield from _table("layouts, and the articles that they read", report.layouts)
    yield from _field_lines(report.fields)
    lists = report.kinds.get("listing", 0)
    yield f"  list pages that lead to articles: {_share(report.lists_with_articles, lists)}"
    yield f"  list pages with a later page: {_share(report.lists_with_pager, lists)}"
    yield from _table("links inside the site, different URLs", report.links)
    if report.unknown:
        yield "  unknown URLs by shape, with an example; static pages are normal here, articles and lists are not"
        yield from (f"{number:>8}  {shape}  {example[:_LONGEST]}" for shape, number, example in report.unknown)
    yield ""
    yield from _problem_lines(report.problems)


def _number(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"


def _share(part: int, whole: int) -> str:
    return f"{part} of {whole}" + (f" ({part / whole:.0%})" if whole else "")


def _table(heading: str, numbers: Mapping[str, int]) -> Iterator[str]:
    if numbers:
        yield f"  {heading}"
        yield from (f"{number:>8}  {name}" for name, number in numbers.items())


def _field_lines(fields: Mapping[str, Mapping[str, int]]) -> Iterator[str]:
    hows = (BY_LAYOUT, BY_OTHER_RULES, MISSING)
    yield "  fields of articles " + "".join(f"{how:>16}" for how in hows)
    for name, numbers in fields.items():
        yield f"    {name:<17}" + "".join(f"{numbers[how]:>16}" for how in hows)


def _problem_lines(problems: Iterable[Problem]) -> Iterator[str]:
    by_kind: dict[str, list[Problem]] = {}
    for problem in problems:
        by_kind.setdefault(problem.kind, []).append(problem)
    if not by_kind:
        yield "  nothing needs attention"
    for kind, found in by_kind.items():
        yield f"  {kind}, {_number(len(found), 'time')}: {PROBLEMS[kind]}"
        yield from (f"    {one.url}" + (f"  ({one.detail})" if one.detail else "") for one in found[:_FEW])
        if len(found) > _FEW:
            yield f"    and {len(found) - _FEW} more; --json names all"
