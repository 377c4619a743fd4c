"""In which language a command says what it did: that of its reader, or both if nobody knows it.

The setting REPORT_LANGUAGE decides; without it, the locale (LC_ALL, LC_MESSAGES, LANG). A job of cron and a container have none.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable

from scraper.reference import label
from scraper.two_languages import EN, VI, Message, as_message

BOTH = "both"
CHOICES = (EN, VI, BOTH)

_ENVIRONMENT = os.environ.get("REPORT_LANGUAGE", "")  # for what is said before the settings are read: `--help`
_chosen = [_ENVIRONMENT if _ENVIRONMENT in CHOICES else ""]  # one of CHOICES; empty: as the locale says
_NO_LANGUAGE = ("C", "POSIX")


def choose(language: str) -> None:
    """Sets the language of all reports: one of CHOICES, or empty for that of the locale."""
    _chosen[0] = language


def languages() -> tuple[str, ...]:
    """Returns the languages of a report, in order."""
    return {EN: (EN,), VI: (VI,)}.get(_chosen[0] or _of_locale(), (EN, VI))


def languages_of_errors() -> tuple[str, ...]:
    """Returns the languages of a message about bad input. Many people in Viet Nam have an English system, so only somebody who chose
    English gets only English.
    """
    found = languages()
    return (EN, VI) if found == (EN,) and _chosen[0] != EN else found


def lines(message: str | Message) -> list[str]:
    """Returns one line for each language of the reports; only one if the message is the same in both."""
    known = as_message(message)
    return list(dict.fromkeys(known.of(language) for language in languages()))


def report(messages: Iterable[str | Message]) -> str:
    """Returns a report of several lines, one language after the other, so that a person reads only one of them."""
    known = [as_message(one) for one in messages]
    return "\n".join(dict.fromkeys("\n".join(one.of(language) for one in known) for language in languages()))


def help_text(en: str, vi: str) -> str:
    """Returns the help of an option: in the language of the reader, or in both.

    >>> help_text("print the manifest", "in bản kê").split(" / ")[-1]
    'in bản kê'
    """
    return " / ".join(lines(Message(en, vi)))


def described(summary: Message, example: str) -> str:
    """Returns what `--help` prints above the options of a command. `example`: a command line that works."""
    head = Message("Example", "Ví dụ")
    return " / ".join(f"{summary.of(one)}. {head.of(one)}: {example}" for one in languages())


def label_message(codes: str, code: str) -> Message:
    """Returns the name of a code of `labels.csv` in both languages, or the code itself if it has no name. `codes`: its list."""
    return Message(label(codes, code, EN), label(codes, code, VI))


def say(*messages: str | Message, as_error: bool = False) -> None:
    """Prints a report of some lines. `as_error`: on standard error, like a warning: it is not a part of the result."""
    print(report(messages), file=sys.stderr if as_error else sys.stdout, flush=True)


def warn(warning: Message) -> None:
    """Prints on standard error what may be wrong, though the command goes on."""
    say(Message("warning: ", "cảnh báo: ") + warning, as_error=True)


def _of_locale() -> str:
    name = next((value for key in ("LC_ALL", "LC_MESSAGES", "LANG") if (value := os.environ.get(key))), "")
    language = name.partition(".")[0].partition("_")[0]
    if not language or language in _NO_LANGUAGE:
        return BOTH
    return VI if language == VI else EN
