"""Decides whether two statements about a document agree or contradict each other.
A statement is a day, a year or an issuer. Every function returns True (they agree), False (they contradict) or None (one of them is
missing).
"""

from __future__ import annotations

import re
from datetime import date
from functools import lru_cache

from scraper.citations.grammar.late_pattern import late_pattern
from scraper.text import fold

# The central bodies of the Party share one code (TW), so a number does not state which of them issued the document.
_CENTRE = late_pattern(
    r"^(?:trung uong(?: dang)?|bo chinh tri|ban bi thu|bch(?: )?tw|ban chap hanh trung uong|hoi nghi .*trung uong|ban chap hanh tw|tw|bct|dang)\b"
)
# Directives, decisions and telegrams are issued by the Prime Minister only. The Government as a body issues decrees and resolutions (Law on the
# Promulgation of Legal Documents). The press also writes "Chỉ thị 16 của Chính phủ".
_OF_PRIME_MINISTER = ("chỉ thị", "quyết định", "công điện")


def same_day(one: str | None, other: str | date | None) -> bool | None:
    """Compare a stated day or month (ISO: "2008-12-30", "2008-12") with another. A month agrees with each of its days."""
    if not one or not other:
        return None
    known = other.isoformat() if isinstance(other, date) else other
    length = min(len(one), len(known))
    return one[:length] == known[:length]


def same_year(one: int | None, other: int | None) -> bool | None:
    """Compare two years of issue."""
    return None if one is None or other is None else one == other


def same_issuer(one: str | None, other: str | None, doc_type: str) -> bool | None:
    """Compare two issuers in the form of `Mention.issuer`. A joint document has several, separated by "; "; one that agrees is enough.
    A shorter name agrees with a longer one that begins with it: "Ủy ban nhân dân" and "Ủy ban nhân dân tỉnh Nghệ An".
    """
    if not one or not other:
        return None
    mine, theirs = _bodies(one, doc_type), _bodies(other, doc_type)
    return any(_same_body(body, known) for body in mine for known in theirs)


@lru_cache(maxsize=4096)
def _bodies(issuers: str, doc_type: str) -> tuple[str, ...]:
    return tuple(_plain(issuer, doc_type) for issuer in issuers.split(";") if issuer.strip())


def _plain(issuer: str, doc_type: str) -> str:
    words = re.sub(r"[^a-z0-9]+", " ", fold(issuer)).strip()
    if words == "thu tuong" or (words == "chinh phu" and doc_type in _OF_PRIME_MINISTER):
        return "thu tuong chinh phu"
    if _CENTRE.match(words):
        return "trung uong dang"
    return re.sub(r"^(?:bo truong|chu tich|giam doc|ban thuong vu|ban chap hanh|thuong truc) (?=\S)", "", words)


def _same_body(one: str, other: str) -> bool:
    short, long = sorted((one, other), key=len)
    return long == short or long.startswith(f"{short} ")
