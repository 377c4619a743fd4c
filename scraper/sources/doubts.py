"""What is allowed in a block and still probably wrong: said to its author once, and never a reason to refuse the block. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from scraper.model import Source
from scraper.reference import units
from scraper.sources.groups import is_shipped
from scraper.two_languages import Message


def doubts(sources: Iterable[Source]) -> list[Message]:
    """Returns a message for each source of the user's own files whose unit did not exist in its period. A day that is missing is unknown,
    but most authors of such a block mean the province that exists today.
    """
    found = [(one, doubt_of(one)) for one in sources if not is_shipped(one)]
    return [
        Message(f"{one.file}: block {one.block} ({one.id}): ", f"{one.file}: khối {one.block} ({one.id}): ") + doubt
        for one, doubt in found
        if doubt is not None
    ]


def doubt_of(source: Source) -> Message | None:
    """Returns what is probably wrong with a source, and what to do; None if nothing is."""
    unit = units().get(source.unit)
    if unit is None:
        return None
    last, first = unit.valid_to, unit.valid_from
    if last is not None and (source.valid_to or date.max) > last:
        after = [f'unit = "{successor}"' for successor in unit.successors]
        now = Message("", "")
        if after:
            now = Message(
                f"if the site is that of its successor, write {' or '.join(after)}; ",
                f"nếu trang là của đơn vị kế tiếp, hãy ghi {' hoặc '.join(after)}; ",
            )
        valid = f'valid = ["{source.valid_from or ""}", "{last}"]'
        return Message(
            f'key "unit": "{unit.id}" ended on {last}; {now.en}if the site ended with it, add {valid}',
            f'khóa "unit": "{unit.id}" đã kết thúc ngày {last}; {now.vi}nếu trang cũng kết thúc lúc đó, hãy thêm {valid}',
        )
    if first is not None and source.valid_to is not None and source.valid_to < first:
        return Message(
            f'key "unit": "{unit.id}" began on {first}, after the source ended ({source.valid_to}); write the unit that was before it',
            f'khóa "unit": "{unit.id}" bắt đầu ngày {first}, sau khi nguồn kết thúc ({source.valid_to}); hãy ghi đơn vị trước đó',
        )
    return None
