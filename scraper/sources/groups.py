"""Groups of sources: which kinds of bodies `--group provinces` and the other groups mean. Data and pure functions."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType

from scraper.model import Source
from scraper.sources.errors import SourceError
from scraper.suggestions import did_you_mean, similar
from scraper.two_languages import Message

FOLDER = Path(__file__).parent  # of the files that the project ships
OWN = "own"  # the group of the sources in the user's own files (SOURCES_EXTRA), of whatever kind
SAMPLE = "sample"  # the kind of the sources whose pages the project wrote itself; they never get into an archive of real data

# What a source is the site of. `kind` in a block is one of these keys.
KINDS: Mapping[str, str] = MappingProxyType(
    {
        "ministry": "a ministry, in one period of its site",
        "agency": "an agency of the Government, or one of its newspapers",
        "party": "a body or newspaper of the Party",
        "national-assembly": "the National Assembly or its newspaper",
        "province": "the portal of a province, and other sites that a province runs",
        "ict-department": "a department of information and communications (until 28 February 2025)",
        "st-department": "a department of science and technology",
        "culture-department": "a department of culture: it has been responsible for the press since 1 March 2025",
        "dx-portal": "a portal for digital transformation, or the IT centre of a province",
        "open-data": "a portal for open data that has news",
        SAMPLE: "the sample that the project ships; in no group",
    }
)

_DEPARTMENTS = frozenset(("ict-department", "st-department", "culture-department"))
_CENTRAL = frozenset(("ministry", "agency", "party", "national-assembly"))

# The kinds of each group. A source without a kind belongs to the groups of the kind that its unit suggests.
GROUPS: Mapping[str, frozenset[str]] = MappingProxyType(
    {
        "central": _CENTRAL,
        "ministries": frozenset(("ministry",)),
        "agencies": frozenset(("agency",)),
        "party": frozenset(("party",)),
        "national-assembly": frozenset(("national-assembly",)),
        "provinces": frozenset(KINDS) - _CENTRAL - {SAMPLE},
        "portals": frozenset(("province",)),
        "departments": _DEPARTMENTS,
        "ict-departments": frozenset(("ict-department",)),
        "st-departments": frozenset(("st-department",)),
        "culture-departments": frozenset(("culture-department",)),
        "dx-portals": frozenset(("dx-portal",)),
        "open-data": frozenset(("open-data",)),
        OWN: frozenset(),
    }
)


def kinds_of_group(group: str) -> frozenset[str]:
    """Returns the kinds of the sources in a group.

    Raises:
        SourceError: if there is no such group. The message names the most similar ones, or all.
    """
    try:
        return GROUPS[group]
    except KeyError:
        all_groups = ", ".join(GROUPS)
        offers = similar(group, GROUPS, similarity=0.6)
        hint = did_you_mean(offers) if offers else Message(f"; the groups are {all_groups}", f"; các nhóm là {all_groups}")
        raise SourceError(Message(f'unknown group "{group}"{hint.en}', f'không có nhóm "{group}"{hint.vi}')) from None


def is_shipped(source: Source) -> bool:
    """Returns whether the block of a source is in a file of the project, not in one of the user."""
    return Path(source.file).parent == FOLDER


def in_group(source: Source, group: str) -> bool:
    """Returns whether a source belongs to a group.

    Raises:
        SourceError: if there is no such group.
    """
    if group == OWN:
        return not is_shipped(source)
    kind = source.kind or ("province" if source.province is not None else "agency")
    return kind in kinds_of_group(group)
