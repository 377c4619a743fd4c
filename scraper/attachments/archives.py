"""Reads ZIP archives of files: each member is a page with its own kind and state."""

from __future__ import annotations

from collections.abc import Callable

from scraper.attachments.file_text import Cut, FileText, Kind
from scraper.attachments.limits import OverLimit
from scraper.attachments.packages import Package
from scraper.attachments.parts import Options, Part, Parts, Unreadable

_IGNORED = ("__MACOSX/", ".DS_Store", "Thumbs.db")
_UTF8_NAME = 0x800


def read(data: bytes, options: Options, into: Parts, depth: int, read_member: Callable[[bytes, int], FileText]) -> None:
    """Reads the members of a ZIP archive. `depth`: archives around this one. Raises: Unreadable, OverLimit."""
    into.library = "zipfile"
    if depth >= into.budget.limits.depth:
        raise OverLimit(Cut.SIZE, f"more than {into.budget.limits.depth} ZIP archives inside each other")
    package = Package(data, into.budget)
    members = [
        one
        for one in package.all
        if not one.is_dir() and not one.filename.startswith(_IGNORED[0]) and not one.filename.endswith(_IGNORED[1:])
    ]
    into.page_count = len(members)
    for number, member in enumerate(members, start=1):
        if not options.wants(number):
            continue
        if into.budget.pages <= 0:
            raise OverLimit(Cut.PAGES, f"{len(members)} members, of which {len(into.found)} were read")
        into.budget.check_time()
        name = _name(member.filename, bool(member.flag_bits & _UTF8_NAME))
        try:
            found = read_member(package.content(member), depth + 1)
        except Unreadable as error:
            into.budget.pages -= 1
            into.found.append(Part(number, [], error.state, name, str(error)))
            continue
        if found.kind is not Kind.ZIP or not found.pages:  # of an archive in this one, the members are counted already
            into.budget.pages -= max(len(found.pages), 1)
        if found.cut:
            into.lacks(found.cut, f"{name}: {found.detail}")
        into.found.append(Part(number, [], found.state, name, found.detail, found))


def _name(name: str, is_utf8: bool) -> str:
    """Returns the name of a member. Programs of Windows wrote it in its code page, and zipfile reads it as one of DOS."""
    if is_utf8 or name.isascii():
        return name
    raw = name.encode("cp437", "replace")
    for codec in ("utf-8", "cp1258"):
        try:
            return raw.decode(codec)
        except UnicodeDecodeError:
            continue
    return name
