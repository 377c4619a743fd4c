"""A search as its URL states it: the words, the filters, the order and the page."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from scraper.web.search_articles import MOST, PAGE, Filters, Order
from scraper.web.search_query import LONGEST_QUERY
from scraper.web.typed_dates import is_backwards, typed_date

if TYPE_CHECKING:
    from datasette.utils.asgi import Request

ORDERS: tuple[Order, ...] = ("relevance", "newest", "oldest")


@dataclass(frozen=True, slots=True)
class Given:
    """A search as its URL states it."""

    q: str = ""
    filters: Filters = field(default_factory=Filters)
    document: str = ""
    order: Order = "relevance"
    page: int = 1
    notes: tuple[str, ...] = ()
    in_files: bool = False  # only files, with pages of their own; otherwise articles, and the first files beside them

    def parameters(self, **changes: object) -> dict[str, object]:
        """Returns the query string of this search with changes. The page is the first one, unless it is named."""
        present: dict[str, object] = {
            "q": self.q,
            "unit": self.filters.unit,
            "from": self.filters.since,
            "to": self.filters.until,
            "section": self.filters.section,
            "document": self.document,
            "sort": self.order if self.order != "relevance" else None,
            "in": "files" if self.in_files else None,
        }
        return {name: value for name, value in (present | changes).items() if value not in (None, "")}

    @property
    def is_filtered(self) -> bool:
        """Returns whether a filter is set."""
        return bool(self.document) or self.filters != Filters()


def given_of(request: Request) -> Given:
    """Returns the search that the URL of a request states. What is wrong in it is left out, and a note says so."""
    notes = []

    def day(name: str) -> str | None:
        text = str(request.args.get(name) or "").strip()[:LONGEST_QUERY]
        stamp = typed_date(text)
        if text and stamp is None:
            notes.append("no-date")
        return stamp

    number = str(request.args.get("page") or "1")
    order = str(request.args.get("sort") or "relevance")
    filters = Filters(
        unit=str(request.args.get("unit") or "").strip()[:100] or None,
        since=day("from"),
        until=day("to"),
        section=str(request.args.get("section") or "").strip()[:LONGEST_QUERY] or None,
    )
    if is_backwards(filters.since, filters.until):
        notes.append("backwards")
    return Given(
        q=str(request.args.get("q") or "")[: 10 * LONGEST_QUERY],
        filters=filters,
        document=str(request.args.get("document") or "").strip()[:LONGEST_QUERY],
        order=next((one for one in ORDERS if one == order), "relevance"),
        page=min(max(int(number), 1), MOST // PAGE) if number.isascii() and number.isdigit() and len(number) < 6 else 1,
        notes=tuple(notes),
        in_files=request.args.get("in") == "files",
    )
