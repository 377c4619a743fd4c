"""A message in both languages. Whoever adds a source is often no programmer, and reads Vietnamese."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Message:
    """A text in English and the same text in Vietnamese. Two messages can be added.

    >>> Message("line 3: ", "dòng 3: ") + Message("not a day", "không phải là ngày")
    Message(en='line 3: not a day', vi='dòng 3: không phải là ngày')
    """

    en: str
    vi: str

    def __add__(self, more: Message) -> Message:
        return Message(self.en + more.en, self.vi + more.vi)


def same(text: str) -> Message:
    """Returns a message that is the same in both languages, like a line of a file."""
    return Message(text, text)
