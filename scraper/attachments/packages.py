"""Reads members of ZIP archives, and the XML in them, within limits: a few bytes may become gigabytes, and XML may name itself."""

from __future__ import annotations

import io
import zipfile
from xml.etree.ElementTree import ParseError

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import XMLParser

from scraper.attachments.file_text import Cut, State
from scraper.attachments.kinds import DAMAGED_ZIP
from scraper.attachments.limits import MB, Budget, OverLimit
from scraper.attachments.parts import Unreadable

_SMALL = MB  # bytes; a member that is not larger after decompression may have any ratio: a page of blanks has 1,000
_CHUNK = 64 * 1024


class Package:
    """A ZIP archive in memory. All that is read from it counts for one budget."""

    def __init__(self, data: bytes, budget: Budget) -> None:
        """Raises: Unreadable."""
        self._budget = budget
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(data))
        except DAMAGED_ZIP as error:
            raise Unreadable(State.DAMAGED, f"not readable as a ZIP archive ({error})") from None
        self.all = self._zip.infolist()  # two may have one name
        self.members = {one.filename: one for one in self.all}

    def read(self, name: str) -> bytes:
        """Returns the bytes of a member. Raises: Unreadable, also if there is no such member; OverLimit."""
        member = self.members.get(name)
        if member is None:
            raise Unreadable(State.DAMAGED, f"its part {name} is missing")
        return self.content(member)

    def content(self, member: zipfile.ZipInfo) -> bytes:
        """Returns the bytes of a member. Raises: Unreadable; OverLimit."""
        name = member.filename
        if member.flag_bits & 1:
            raise Unreadable(State.ENCRYPTED, f"a password is needed for its part {name}")
        found = io.BytesIO()
        try:
            with self._zip.open(member) as stream:
                while chunk := stream.read(_CHUNK):
                    self._budget.take_inflated(len(chunk))
                    found.write(chunk)
                    self._check_ratio(member, found.tell())
        except DAMAGED_ZIP as error:
            raise Unreadable(State.DAMAGED, f"its part {name} is damaged ({error})") from None
        return found.getvalue()

    def head(self, name: str, size: int) -> bytes:
        """Returns the first bytes of a member; none if it cannot be read."""
        try:
            with self._zip.open(self.members[name]) as stream:
                return stream.read(size)
        except DAMAGED_ZIP:
            return b""

    def check(self) -> None:
        """Checks the sizes of all members, as the archive states them; a member never gives more. Raises: OverLimit."""
        for member in self.all:
            self._budget.take_inflated(member.file_size)
            self._check_ratio(member, member.file_size)

    def _check_ratio(self, member: zipfile.ZipInfo, size: int) -> None:
        if size > _SMALL and size > self._budget.limits.ratio * max(member.compress_size, 1):
            raise OverLimit(
                Cut.SIZE,
                f"{member.filename[:100]} grows to more than {self._budget.limits.ratio} times its size: perhaps a trap for readers",
            )


class Target:
    """What gets the elements and the text of XML, in their order."""

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        """An element begins."""

    def end(self, tag: str) -> None:
        """An element ends."""

    def data(self, text: str) -> None:
        """Text; it may come in pieces."""

    def close(self) -> None:
        """The end of the XML."""


def parse_xml(data: bytes, target: Target, name: str, budget: Budget) -> None:
    """Sends the elements of XML to a target. Raises: Unreadable, also for a document type: office files have none, and it may hold entities
    that grow without end; OverLimit.
    """
    parser = XMLParser(target=target, forbid_dtd=True)
    try:
        for start in range(0, len(data), _CHUNK):
            parser.feed(data[start : start + _CHUNK])
            budget.check_time()
        parser.close()
    except DefusedXmlException:
        raise Unreadable(
            State.DAMAGED, f"its part {name} declares entities, which office files never do: perhaps a trap for readers"
        ) from None
    except (ParseError, ValueError, LookupError) as error:
        raise Unreadable(State.DAMAGED, f"its part {name} is not XML ({error})") from None


def local(tag: str) -> str:
    """Returns the name of an element or attribute without its namespace."""
    return tag.rpartition("}")[2]


def local_attributes(attributes: dict[str, str]) -> dict[str, str]:
    """Returns attributes by their names without namespaces."""
    return {local(name): value for name, value in attributes.items()}
