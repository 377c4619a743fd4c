"""The arguments of a crawl: `scrapy crawl SOURCE -a start=2009-01-01 -a end=2009-12-31 -a again=no`, or `-a files=only`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Self

from scraper.model import UserError
from scraper.two_languages import Message

_WORDS = (("again", "yes"), ("again", "no"), ("files", "only"))


@dataclass(frozen=True, slots=True)
class SpiderArguments:
    """The days of publication that the user wants, both included, and whether everything is requested again. `again` is None if the user
    did not say: then a recording is read completely, and a site is not. `files_only`: only files of articles are requested.
    """

    start: date | None = None
    end: date | None = None
    again: bool | None = None
    files_only: bool = False

    @classmethod
    def of(cls, arguments: Mapping[str, str]) -> Self:
        """Returns the parsed arguments.
        Raises: UserError that names the argument and the fix, if an argument is unknown or invalid.
        """
        days: dict[str, date | None] = {"start": None, "end": None}
        for name, value in arguments.items():
            if name in days:
                try:
                    days[name] = date.fromisoformat(value)
                except ValueError:
                    raise UserError(
                        Message(
                            f"-a {name}={value}: is not a day; write it like -a {name}=2009-01-31",
                            f"-a {name}={value}: không phải là ngày; hãy viết như -a {name}=2009-01-31",
                        )
                    ) from None
            elif (name, value) not in _WORDS:
                raise UserError(
                    Message(
                        f"-a {name}={value}: known are start=YYYY-MM-DD, end=YYYY-MM-DD, again=yes or no, and files=only",
                        f"-a {name}={value}: các đối số có start=YYYY-MM-DD, end=YYYY-MM-DD, again=yes hoặc no, và files=only",
                    )
                )
        if days["start"] and days["end"] and days["start"] > days["end"]:
            raise UserError(
                Message(
                    f"-a start={days['start']} is after end={days['end']}; swap the two days",
                    f"-a start={days['start']} sau end={days['end']}; hãy đổi chỗ hai ngày",
                )
            )
        return cls(days["start"], days["end"], arguments["again"] == "yes" if "again" in arguments else None, "files" in arguments)

    def is_full(self, *, replays: bool) -> bool:
        """Returns whether known articles are requested again, and every list is read to its end. `replays`: a recording answers."""
        return replays if self.again is None else self.again

    def includes(self, day: date | None) -> bool:
        """Returns whether articles of a day are wanted. If the day is unknown, returns True."""
        return day is None or ((self.start is None or day >= self.start) and (self.end is None or day <= self.end))


def pairs(arguments: Iterable[str]) -> dict[str, str]:
    """Returns the values of -a by name. Raises: UserError for one without "="."""
    found = {}
    for argument in arguments:
        name, equals, value = argument.partition("=")
        if not equals:
            raise UserError(
                Message(
                    f"-a {argument}: write NAME=VALUE, like -a start=2009-01-01",
                    f"-a {argument}: hãy viết NAME=VALUE, ví dụ -a start=2009-01-01",
                )
            )
        found[name] = value
    return found
