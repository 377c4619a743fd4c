"""Shows where a text is not TOML, with the line, and how it is written correctly if that can be recognised. Pure.

The messages of the parser are for programmers ("Expected newline or end of document after a statement"). People who add a source copy
lines from a letter processor or a chat, so the usual slips are quotes, a colon for the equals sign, and invisible characters.
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Callable, Iterator
from typing import Any

from scraper.two_languages import Message, same

_LONGEST = 120  # characters of a line that a message shows
_AT = re.compile(r"\(at line (\d+), column \d+\)")
_TABLE = re.compile(r"\s*\[")  # begins a block
_KEY = re.compile(r"""\s*["']?([^"'=\s]+)["']?\s*=""")
_FOREIGN_KEY = re.compile(r"\s*[^\s=\"']*[^\x00-\x7f][^=\"']*=")
_DAY = re.compile(r"[=\[,]\s*\d{1,2}[/.-]\d{1,2}[/.-]\d{4}")
_COMMENT = re.compile(r"\s+#[^\"]*$")
_QUOTES = "“”„‟″«»＂〝〞‘’‚‛′"
_INVISIBLE = dict.fromkeys([0x200B, 0x200C, 0x200D, 0x2060, 0xFEFF, 0xAD]) | dict.fromkeys([0xA0, 0x2007, 0x202F, 0x3000], " ")
_INVISIBLE_CHARACTER = Message(
    "there is an invisible character, or a space of another kind, in the line",
    "trong dòng có ký tự vô hình, hoặc dấu cách loại khác",
)
_TYPOGRAPHIC_QUOTES = Message(
    'the quotes are typographic ones; only the straight " counts',
    'dấu ngoặc kép là dấu cong; chỉ dấu thẳng " mới dùng được',
)
_GENERAL = Message("write texts in double quotes, lists in [ ]", "chữ viết trong dấu ngoặc kép thẳng, danh sách trong [ ]")


# The keys of a source as people write them who translate them, without diacritics and separators.
_TRANSLATED = {
    "ma": "id",
    "maso": "id",
    "manguon": "id",
    "ten": "name",
    "tengoi": "name",
    "tennguon": "name",
    "donvi": "unit",
    "madonvi": "unit",
    "tinh": "unit",
    "trang": "site",
    "diachi": "site",
    "website": "site",
    "web": "site",
    "url": "site",
    "link": "site",
    "trangchu": "site",
    "tenmien": "hosts",
    "loai": "kind",
    "nentang": "platform",
    "danhsach": "listings",
    "chuyenmuc": "listings",
    "nguontin": "feeds",
    "rss": "feeds",
    "sodotrang": "sitemaps",
    "sitemap": "sitemaps",
    "hieuluc": "valid",
    "thoigian": "valid",
    "dotre": "delay",
    "giancach": "delay",
    "tepdinhkem": "attachments",
}


class TomlSlip(ValueError):
    """A file of a person is not TOML in UTF-8. The message says in which line, why, and what to write instead."""

    def __init__(self, message: Message) -> None:
        super().__init__(message.en)
        self.message = message


def toml_of(data: bytes) -> dict[str, Any]:
    """Returns the content of a TOML file. A byte order mark, as Notepad writes it, is left out. Raises: TomlSlip."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        raise TomlSlip(
            Message(
                f"line {line}: not UTF-8; save the file as UTF-8 (in Notepad: Save as, Encoding)",
                f"dòng {line}: không phải UTF-8; hãy lưu tệp dạng UTF-8 (trong Notepad: Lưu như, Mã hóa)",
            )
        ) from error
    text = text.replace("\r\n", "\n").replace("\r", "\n")  # as when Python opens a text file
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise TomlSlip(Message("not valid TOML: ", "không đúng TOML: ") + _explained(text, error)) from error


def meant_key(word: str) -> str | None:
    """Returns the key of a source that a Vietnamese or another usual word means, or None if it means none.

    >>> [meant_key(word) for word in ("mã", "Đơn vị", "dia_chi", "x")]
    ['id', 'unit', 'site', None]
    """
    plain = unicodedata.normalize("NFD", word.lower().replace("đ", "d"))
    return _TRANSLATED.get("".join(char for char in plain if char.isascii() and char.isalnum()))


def _explained(text: str, error: tomllib.TOMLDecodeError) -> Message:
    """Returns "line 3: ..." with the line that is wrong, why, and what to write instead. `error`: that of the parser for this text."""
    lines = text.split("\n")  # as the parser counts them
    found = _AT.search(str(error))
    at = min(int(found[1]), len(lines)) if found else 0
    if "Cannot overwrite a value" in str(error) and at and (key := _KEY.match(lines[at - 1])) is not None:
        first = _line_of_key(lines, at, key[1])
        return _place(lines, at) + Message(
            f'the key "{key[1]}" is in the block twice{f", first in line {first}" if first else ""}; remove one of the two lines',
            f'khóa "{key[1]}" có hai lần trong khối{f", lần đầu ở dòng {first}" if first else ""}; hãy bỏ một trong hai dòng',
        )
    is_open = not at or "Unclosed" in str(error)
    for number in _suspects(lines, at) if is_open else (at,):
        for what, repaired in _repairs(lines[number - 1]):
            if _is_toml(repaired):
                return _place(lines, number) + what + Message("; write it like this: ", "; hãy viết: ") + same(_shown(repaired))
    if at and (slip := _slip_without_repair(lines[at - 1])) is not None:
        return _place(lines, at) + slip
    reason = _AT.sub("", str(error)).replace("(at end of document)", "").strip()
    general = Message(f"{reason}; ", f"{reason}; ") + _GENERAL
    return _place(lines, at) + general if at else general


def _slip_without_repair(line: str) -> Message | None:
    """Returns what is wrong with a line that only its writer can correct, or None if that is not recognised."""
    if foreign := _FOREIGN_KEY.match(line):
        meant = meant_key(foreign[0].rstrip("= "))
        return Message(
            f"a key is an English word without diacritics, like {meant or 'id, name, unit or site'}",
            f"khóa là một từ tiếng Anh không dấu, như {meant or 'id, name, unit hoặc site'}",
        )
    if line.strip().startswith("```"):
        return Message(
            "such marks only surround a block in a text about it; remove both lines with them",
            "dấu này chỉ dùng để bao quanh khối trong bài hướng dẫn; hãy bỏ cả hai dòng có dấu này",
        )
    if _DAY.search(line):
        return Message(
            'a day is written with year, month and day, in quotes, like "2008-03-01"',
            'ngày viết theo thứ tự năm, tháng, ngày, trong dấu ngoặc kép, như "2008-03-01"',
        )
    return None


def _place(lines: list[str], number: int) -> Message:
    """Returns "line 3: ...: " with the line that is wrong."""
    shown = _shown(lines[number - 1])
    return Message(f"line {number}: {shown}: ", f"dòng {number}: {shown}: ")


def _shown(line: str) -> str:
    line = line.strip().replace("\n", " ↵ ")
    return line if len(line) <= _LONGEST else f"{line[:_LONGEST]} ..."


def _line_of_key(lines: list[str], at: int, key: str) -> int | None:
    """Returns the number of the line of the same block that has the key already, or None if it is not found."""
    for number in range(at - 1, 0, -1):
        if _TABLE.match(lines[number - 1]):
            break
        if (found := _KEY.match(lines[number - 1])) is not None and found[1] == key:
            return number
    return None


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


def _repairs(line: str) -> Iterator[tuple[Message, str]]:
    """Yields what may be wrong with a line, and the line without that slip. Quotes and invisible characters come before all others, and are
    repaired together with them, because one line from a letter processor often has two slips.
    """
    plain = line.translate(_INVISIBLE)
    straight = re.sub(f"[{_QUOTES}]", '"', plain)
    if plain != line:
        yield _INVISIBLE_CHARACTER, plain
    if straight != plain:
        yield _TYPOGRAPHIC_QUOTES, straight
    straight = _COMMENT.sub("", straight)
    for english, vietnamese, repair in _SLIPS:
        if (repaired := repair(straight)) != straight:
            yield Message(english, vietnamese), repaired


def _sub(pattern: str, by: str) -> Callable[[str], str]:
    compiled = re.compile(pattern)
    return lambda line: compiled.sub(by, line, count=1)


# The end of a value, and the key that follows in the same line.
_NEXT_KEY = re.compile(r"""(\]\]|["'\]}0-9]|true|false)\s*[,;]?\s+(?=[A-Za-z_-]+\s*=)""")
_BETWEEN_ITEMS = re.compile(r'"(?:\s*;\s*|\s+)"')
_LIST = re.compile(r"\s*[\w-]+\s*=\s*\[")


# What may be wrong with a line, and how the line is without it. The first one that gives TOML is named.
_SLIPS: tuple[tuple[str, str, Callable[[str], str]], ...] = (
    (
        "a block begins with [[source]], with two brackets on each side",
        "khối bắt đầu bằng [[source]], mỗi bên hai dấu ngoặc vuông",
        _sub(r"""^\s*\[[\s\[]*(?:source|[^\]"'=]*[^\x00-\x7f][^\]"'=]*)[\s\]]*$""", "[[source]]"),
    ),
    (
        "a mark of a list does not belong before a line",
        "dấu đầu dòng của danh sách là thừa",
        _sub(r"^\s*(?:[•·▪◦*–—-]|\d+[.)])\s+(?=\[\[|[\w-]+\s*=)", ""),
    ),
    ("each key has a line of its own", "mỗi khóa nằm trên một dòng riêng", lambda line: _NEXT_KEY.sub("\\1\n", line)),
    (
        "there is a comma between the texts of a list",
        "giữa các mục của danh sách là dấu phẩy",
        lambda line: _BETWEEN_ITEMS.sub('", "', line) if _LIST.match(line) else line,
    ),
    ("the sign at the end does not belong there", "dấu ở cuối dòng là thừa", _sub(r"[,;.]\s*$", "")),
    ("the quotes are doubled", "dấu ngoặc kép bị gõ hai lần", _sub(r'=\s*""([^"]+)""\s*$', r'= "\1"')),
    (
        "a number has a point, not a comma",
        "số thập phân dùng dấu chấm, không dùng dấu phẩy",
        lambda line: re.sub(r"=\s*(\d+),(\d+)(?=\s*(?:$|[,}]))", r"= \1.\2", line),
    ),
    (
        "true and false are written in small letters",
        "true và false viết bằng chữ thường",
        lambda line: re.sub(r"=\s*(True|False|TRUE|FALSE)\b", lambda m: m[0].lower(), line),
    ),
    (
        "the quote at the end of the text is missing",
        "thiếu dấu ngoặc kép ở cuối chữ",
        _sub(r"""^(\s*[\w-]+\s*=\s*"[^"]*?)'?\s*$""", r'\1"'),
    ),
    (
        "the quote at the beginning of the text is missing",
        "thiếu dấu ngoặc kép ở đầu chữ",
        _sub(r'^(\s*[\w-]+)\s*=\s*([^"\[{]+")\s*$', r'\1 = "\2'),
    ),
    ("the list must end with ]", "danh sách phải kết thúc bằng ]", _sub(r"^(\s*[\w-]+\s*=\s*\[.*?[^\s\[,]),?\s*$", r"\1]")),
    (
        "the quote at the end of the text and the ] are missing",
        "thiếu dấu ngoặc kép ở cuối chữ và dấu ]",
        _sub(r'^(\s*[\w-]+\s*=\s*\[.*"[^"]*?)\s*\]?\s*$', r'\1"]'),
    ),
    ("the table must end with }", "bảng phải kết thúc bằng }", _sub(r"^(\s*[\w-]+\s*=\s*\{.*?),?\s*$", r"\1 }")),
    (
        "between key and value is an equals sign, not a colon",
        "giữa khóa và giá trị là dấu bằng, không phải dấu hai chấm",
        _sub(r"^(\s*[\w-]+)\s*[:：]\s*(?!/)", r"\1 = "),
    ),
    ("between key and value is an equals sign", "giữa khóa và giá trị phải có dấu bằng", _sub(r'^(\s*[\w-]+)\s+(?==?["\[{\d])', r"\1 = ")),
    (
        "a text is in double quotes",
        "chữ phải nằm trong dấu ngoặc kép thẳng",
        _sub(r"""^(\s*[\w-]+)\s*[=:：]\s*([^"'\[{\s][^"]*?)\s*$""", r'\1 = "\2"'),
    ),
    ("the value after the equals sign is missing", "thiếu giá trị sau dấu bằng", _sub(r"^(\s*[\w-]+\s*=)\s*$", r'\1 "..."')),
    ("a backslash must not be in a text", "trong chữ không được có dấu gạch chéo ngược", lambda line: line.replace("\\", "/")),
    (
        "a text must not contain double quotes",
        "trong chữ không được có dấu ngoặc kép",
        _sub(r'^(\s*[\w-]+\s*=\s*")([^"]*)"([^"]*)"([^"]*"\s*)$', r"\1\2'\3'\4"),
    ),
)
