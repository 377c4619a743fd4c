"""Shows where a text is not TOML, with the line, and how it is written correctly if that can be recognised. Pure.

The messages of the parser are for programmers ("Expected newline or end of document after a statement"). People who add a source copy
lines from a letter processor or a chat, so the usual slips are quotes, a colon for the equals sign, and invisible characters.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Iterator
from typing import Any

_LONGEST = 120  # characters of a line that a message shows
_AT = re.compile(r"\(at line (\d+), column \d+\)")
_TABLE = re.compile(r"\s*\[")  # begins a block
_KEY = re.compile(r"""\s*["']?([^"'=\s]+)["']?\s*=""")
_FOREIGN_KEY = re.compile(r"\s*[^\s=\"']*[^\x00-\x7f][^=\"']*=")
_DAY = re.compile(r"[=\[,]\s*\d{1,2}[/.-]\d{1,2}[/.-]\d{4}")
_COMMENT = re.compile(r"\s+#[^\"]*$")
_QUOTES = "“”„‟″«»＂〝〞‘’‚‛′"
_INVISIBLE = dict.fromkeys([0x200B, 0x200C, 0x200D, 0x2060, 0xFEFF, 0xAD]) | dict.fromkeys([0xA0, 0x2007, 0x202F, 0x3000], " ")
_GENERAL = "write texts in double quotes, lists in [ ]"


class TomlSlip(ValueError):
    """A file of a person is not TOML in UTF-8. The message says in which line, why, and what to write instead."""


def toml_of(data: bytes) -> dict[str, Any]:
    """Returns the content of a TOML file. A byte order mark, as Notepad writes it, is left out. Raises: TomlSlip."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        raise TomlSlip(f"line {line}: not UTF-8; save the file as UTF-8 (in Notepad: Save as, Encoding)") from error
    text = text.replace("\r\n", "\n").replace("\r", "\n")  # as when Python opens a text file
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise TomlSlip(f"not valid TOML: {_explained(text, error)}") from error


def _explained(text: str, error: tomllib.TOMLDecodeError) -> str:
    """Returns "line 3: ..." with the line that is wrong, why, and what to write instead. `error`: that of the parser for this text."""
    lines = text.split("\n")  # as the parser counts them
    found = _AT.search(str(error))
    at = min(int(found[1]), len(lines)) if found else 0
    if "Cannot overwrite a value" in str(error) and at and (key := _KEY.match(lines[at - 1])) is not None:
        first = _line_of_key(lines, at, key[1])
        return f'{_place(lines, at)}: the key "{key[1]}" is in the block twice{first}; remove one of the two lines'
    is_open = not at or "Unclosed" in str(error)
    for number in _suspects(lines, at) if is_open else (at,):
        for what, repaired in _repairs(lines[number - 1]):
            if _is_toml(repaired):
                return f"{_place(lines, number)}: {what}; write it like this: {_shown(repaired)}"
    if at and _FOREIGN_KEY.match(lines[at - 1]):
        return f"{_place(lines, at)}: a key is an English word without diacritics, like id, name, unit or site"
    if at and lines[at - 1].strip().startswith("```"):
        return f"{_place(lines, at)}: such marks only surround a block in a text about it; remove both lines with them"
    if at and _DAY.search(lines[at - 1]):
        return f'{_place(lines, at)}: a day is written with year, month and day, in quotes, like "2008-03-01"'
    reason = _AT.sub("", str(error)).replace("(at end of document)", "").strip()
    return f"{_place(lines, at)}: {reason}; {_GENERAL}" if at else f"{reason}; {_GENERAL}"


def _place(lines: list[str], number: int) -> str:
    return f"line {number}: {_shown(lines[number - 1])}"


def _shown(line: str) -> str:
    line = line.strip()
    return line if len(line) <= _LONGEST else f"{line[:_LONGEST]} ..."


def _line_of_key(lines: list[str], at: int, key: str) -> str:
    """Returns ", first in line 3" for the line of the same block that has the key already."""
    for number in range(at - 1, 0, -1):
        if _TABLE.match(lines[number - 1]):
            break
        if (found := _KEY.match(lines[number - 1])) is not None and found[1] == key:
            return f", first in line {number}"
    return ""


def _suspects(lines: list[str], at: int) -> Iterator[int]:
    """Yields the numbers of the lines that may be wrong: that of the error, then those before it, because a list that does not end is
    noticed only in a later line, or at the end of the text (`at` is 0). A line that is TOML is left out.
    """
    yield from (number for number in range(at or len(lines), 0, -1) if not _is_toml(lines[number - 1]))


def _is_toml(line: str) -> bool:
    try:
        tomllib.loads(line)
    except (tomllib.TOMLDecodeError, RecursionError):
        return False
    return True


def _repairs(line: str) -> Iterator[tuple[str, str]]:
    """Yields what may be wrong with a line, and the line without that slip. Quotes and invisible characters come before all others, and are
    repaired together with them, because one line from a letter processor often has two slips.
    """
    plain = line.translate(_INVISIBLE)
    straight = re.sub(f"[{_QUOTES}]", '"', plain)
    if plain != line:
        yield "there is an invisible character, or a space of another kind, in the line", plain
    if straight != plain:
        yield 'the quotes are typographic ones; only the straight " counts', straight
    straight = _COMMENT.sub("", straight)
    for what, repair in _SLIPS:
        if (repaired := repair(straight)) != straight:
            yield what, repaired


def _sub(pattern: str, by: str) -> Callable[[str], str]:
    compiled = re.compile(pattern)
    return lambda line: compiled.sub(by, line, count=1)


# What may be wrong with a line, and how the line is without it. The first one that gives TOML is named.
_SLIPS: tuple[tuple[str, Callable[[str], str]], ...] = (
    ("a block begins with [[source]], with two brackets on each side", _sub(r"^\s*\[[\s\[]*source[\s\]]*$", "[[source]]")),
    ("the sign at the end does not belong there", _sub(r"[,;.]\s*$", "")),
    ("the quotes are doubled", _sub(r'=\s*""([^"]+)""\s*$', r'= "\1"')),
    ("a number has a point, not a comma", _sub(r"=\s*(\d+),(\d+)\s*$", r"= \1.\2")),
    ("true and false are written in small letters", lambda line: re.sub(r"=\s*(True|False|TRUE|FALSE)\b", lambda m: m[0].lower(), line)),
    ("the quote at the end of the text is missing", _sub(r"""^(\s*[\w-]+\s*=\s*"[^"]*?)'?\s*$""", r'\1"')),
    ("the quote at the beginning of the text is missing", _sub(r'^(\s*[\w-]+)\s*=\s*([^"\[{]+")\s*$', r'\1 = "\2')),
    ("the list must end with ]", _sub(r"^(\s*[\w-]+\s*=\s*\[.*?[^\s\[,]),?\s*$", r"\1]")),
    ("the quote at the end of the text and the ] are missing", _sub(r'^(\s*[\w-]+\s*=\s*\[.*"[^"]*?)\s*\]?\s*$', r'\1"]')),
    ("the table must end with }", _sub(r"^(\s*[\w-]+\s*=\s*\{.*?),?\s*$", r"\1 }")),
    ("between key and value is an equals sign, not a colon", _sub(r"^(\s*[\w-]+)\s*[:：]\s*(?!/)", r"\1 = ")),
    ("between key and value is an equals sign", _sub(r'^(\s*[\w-]+)\s+(?==?["\[{\d])', r"\1 = ")),
    ("a text is in double quotes", _sub(r"""^(\s*[\w-]+)\s*[=:：]\s*([^"'\[{\s][^"]*?)\s*$""", r'\1 = "\2"')),
    ("the value after the equals sign is missing", _sub(r"^(\s*[\w-]+\s*=)\s*$", r'\1 "..."')),
    ("a backslash must not be in a text", lambda line: line.replace("\\", "/")),
    ("a text must not contain double quotes", _sub(r'^(\s*[\w-]+\s*=\s*")([^"]*)"([^"]*)"([^"]*"\s*)$', r"\1\2'\3'\4")),
)
