"""A message in both languages. Whoever adds a source is often no programmer, and reads Vietnamese."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

EN, VI = "en", "vi"


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

    def __bool__(self) -> bool:
        return bool(self.en)

    def of(self, language: str) -> str:
        """Returns the text in a language."""
        return self.vi if language == VI else self.en


class Bilingual(str):
    """An English text that has its Vietnamese with it. Where it is stored or sent to another process, only the English remains.

    >>> as_message(Bilingual("the disk is full", "đĩa đã đầy")), f"{Bilingual('the disk is full', 'đĩa đã đầy')}"
    (Message(en='the disk is full', vi='đĩa đã đầy'), 'the disk is full')
    """

    vi: str

    def __new__(cls, en: str, vi: str) -> Self:
        made = super().__new__(cls, en)
        made.vi = vi
        return made

    def __getnewargs__(self) -> tuple[str, str]:  # type: ignore[override]
        return str(self), self.vi


def as_message(text: str | Message) -> Message:
    """Returns a text as a message; one that has no Vietnamese is the same in both languages."""
    return text if isinstance(text, Message) else Message(str(text), text.vi if isinstance(text, Bilingual) else text)


def as_text(message: Message) -> Bilingual:
    """Returns a message as an English text that has its Vietnamese with it."""
    return Bilingual(message.en, message.vi)


def message_of(error: Exception) -> Message:
    """Returns what an error says, in both languages if it has both."""
    if len(error.args) == 1 and isinstance(error.args[0], Bilingual):
        return as_message(error.args[0])
    return Message(f"{error}", getattr(error, "vietnamese", None) or f"{error}")


EMPTY = Message("", "")


def same(text: str) -> Message:
    """Returns a message that is the same in both languages, like a line of a file."""
    return Message(text, text)
