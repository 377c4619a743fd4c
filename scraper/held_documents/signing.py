"""The end of a document: who signed, and who receives it.

Both are side by side: "Nơi nhận:" with its list on the left, the authority, the position and the name on the right. The text of a file
has one after the other, in either order, or both on the same lines.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache
from itertools import pairwise

from scraper.citations.grammar.loader import grammar
from scraper.held_documents.rows_of_pages import Row, parts_at_gaps
from scraper.held_documents.values import ABSENT, Field, Signer
from scraper.held_documents.words import any_of, words
from scraper.model import Rule
from scraper.rule_codes import RuleCode
from scraper.text import fold, is_syllable, squeeze

MOST_ROWS_OF_END = 70  # from the first row of the block to its last
MOST_SIGNERS = 8
_MOST_BLOCKS = 24  # signatures with and without a name
MOST_RECIPIENTS = 80
_RECIPIENTS = re.compile(r"(?:^|(?<=\s))n[o0]i\s{0,3}(?:nhan\s{0,2}[:;.]?|gui\s{0,2}:)")
_SIGNED = re.compile(r"\W{0,3}(?:da\s{1,3}ky|ky\s{1,3}ten)\W|\W{0,3}nguoi ky\s?:|ky\s?boi\s?:")


@cache
def _position() -> str:
    before = r"(?:(?:quyen|q\.|pho|phu\s{1,3}trach)\s{0,3}){0,2}"
    return rf"{before}(?:{any_of(words()['positions'])})(?![a-z])"


@cache
def _authority() -> re.Pattern[str]:
    marks = "|".join(re.escape(one) for one in sorted(words()["authorities"], key=len, reverse=True))
    return re.compile(rf"(?:(?:tm|t/m|kt|k/t|tl|t/l|tuq|q)\s{{0,2}}[.,:]\s{{0,3}}|(?:{marks})\s{{1,3}})(?=[a-z])")


@cache
def _positions() -> re.Pattern[str]:
    return re.compile(_position())


@cache
def _second_column() -> re.Pattern[str]:
    """Returns a pattern for where the right column begins in a line without a wide gap."""
    return re.compile(rf"(?<=[\s;.,:])(?:(?:tm|t/m|kt|k/t|tl|t/l|tuq|q)\s{{0,2}}\.\s{{0,3}}(?=[a-z])|{_position()}\W*$)")


@dataclass(slots=True)
class End:
    """The end of a document. `first`, `last`: the indices of its first row, and of the first row after it."""

    first: int
    last: int
    signers: tuple[Signer, ...] = ()
    recipients: tuple[Field, ...] = ()
    signed: bool = False  # "(Đã ký)", or the mark of a digital signature


@dataclass(slots=True)
class _Block:
    authority: list[Row] = field(default_factory=list)
    position: Row | None = None
    position_at: int = -1  # the index of its row
    name: Row | None = None


def begins_end(row: Row) -> bool:
    """Returns whether the end of a document can begin in a row: "Nơi nhận:", or a position or an authority in capitals."""
    folded = row.folded
    if ("nhan" in folded or "gui" in folded) and _RECIPIENTS.search(folded[:200]) and len(folded) < 200:
        return True
    start = len(folded) - len(folded.lstrip())
    if len(folded) - start > 160:
        return False
    if (match := _authority().match(folded, start)) is not None:
        return _in_capitals(row.text[start:].split("(")[0].strip()[:12]) and match.end() < len(folded)
    match = _positions().match(folded, start)
    return match is not None and row.text[start:].strip().isupper() and len(folded.strip()) < 80


def read_end(rows: Sequence[Row], start: int, stop: int) -> End | None:
    """Returns the first end of a document among the rows from `start` to `stop`, or None.

    An authority in capitals is also above the provisions ("BỘ TRƯỞNG BỘ ..."). So a block counts only if it has a name or recipients.
    """
    at = start
    tried = 0
    while at < stop and tried < 60:
        if begins_end(rows[at]):
            tried += 1
            end = _read_block(rows, at, stop)
            if end.recipients or end.signers:
                return end
        at += 1
    return None


def _read_block(rows: Sequence[Row], start: int, stop: int) -> End:
    blocks: list[_Block] = []
    recipients: list[list[Row]] = []
    listing = False
    signed = False
    last = start
    waiting = 0
    for at in range(start, min(stop, start + MOST_ROWS_OF_END)):
        row = rows[at]
        if at > start and ends_block(row):
            break
        used = False
        for part in _columns(row):
            label = _RECIPIENTS.match(part.folded.lstrip())
            if label is not None:
                listing, used = True, True
                rest = part.part(len(part.text) - len(part.folded.lstrip()) + label.end(), len(part.text))
                recipients += [[one] for one in _items(rest)]
            elif _SIGNED.match(part.folded + " "):
                signed = used = True
            elif _take(blocks, part, at):
                used = True
            elif listing and _take_recipient(recipients, part):
                used = True
                listing = not re.search(r"(?:^|\W)luu\W", part.folded) or not part.text.rstrip().endswith(".")
        waiting = 0 if used else waiting + 1
        if used:
            last = at
        if waiting > 6:
            break
    signers = tuple(_signer(block) for block in blocks[:MOST_SIGNERS] if block.name is not None)
    listed = tuple(_recipient(group) for group in recipients[:MOST_RECIPIENTS])
    return End(start, last + 1, signers, tuple(one for one in listed if one.value), signed)


_AFTER = re.compile(
    r"\W{0,3}(?:phu\s{0,2}luc|mau so|(?:quy che|quy dinh|danh muc)\W*$|dieu\s{1,3}\d|chuong\s{1,3}[ivx]"
    r"|\(?\s?ban hanh kem theo|\(kem theo|sao\s{1,3}(?:y|luc)(?:\s{1,3}ban\s{1,3}chinh)?\W*$|trich\s{1,3}sao\W*$)"
)


def ends_block(row: Row) -> bool:
    """Returns whether an annex or another part begins in a row."""
    return _AFTER.match(row.folded.lstrip()) is not None


def _columns(row: Row) -> list[Row]:
    """Returns the columns of a row: at wide gaps, and before an authority or a position after other words."""
    parts = []
    for part in parts_at_gaps(row):
        split = _second_column().search(part.folded[:300], 1)
        if split is not None and part.text[split.start() :].strip().isupper() and not part.text[: split.start()].isupper():
            parts += [part.part(0, split.start()), *_lines_of_signature(part.part(split.start(), len(part.text)))]
        elif part.text.isupper():
            parts += _lines_of_signature(part)
        else:
            parts += [piece for apart in _lines_of_cell(part) for piece in _name_apart(apart) if piece.text.strip()]
    return parts


def _lines_of_cell(part: Row) -> list[Row]:
    """Returns the lines of a signature that a cell of a table has in one line: "KT. GIÁM ĐỐC PHÓ GIÁM ĐỐC (Đã ký) Nguyễn Văn An"."""
    if len(part.text) > 160 or not part.text.strip()[:2].isupper():
        return [part]
    for blank in re.finditer(r"(?:\s{1,4}\([^()]{1,12}\))?\s{1,4}", part.text.rstrip()):
        if not part.text[: blank.start()].isupper():
            break
        head = part.part(0, blank.start())
        folded = head.folded.strip()
        if _is_written_name(part.text[blank.end() :]) and (_authority().match(folded) or _positions().match(folded)):
            return [*_lines_of_signature(head), part.part(blank.end(), len(part.text))]
    return [part]


def _is_written_name(text: str) -> bool:
    """Returns whether words are a name that is not in capitals, so that no capitals before it belong to it."""
    return is_name(text) and not any(len(word) > 1 and word.isupper() for word in _RANK.sub("", text.strip(), count=1).split())


def _lines_of_signature(part: Row) -> list[Row]:
    """Returns the lines of a signature that a PDF file has in one line: "TM. ỦY BAN NHÂN DÂN KT. CHỦ TỊCH PHÓ CHỦ TỊCH"."""
    folded = part.folded[:200]
    first = _authority().match(folded, len(folded) - len(folded.lstrip()))
    if first is None:
        return [part]
    starts = [found.start() for found in _second_column().finditer(folded, first.end()) if found.start() > first.end()]
    edges = [0, *starts, len(part.text)]
    return [part.part(start, end) for start, end in pairwise(edges)]


_SIGNED_MARK = re.compile(r"\(\s{0,2}da\s{1,3}ky\s{0,2}\)\s*$")
_LAST_WORDS = re.compile(r"(?<=[.;])\s{1,4}(?P<name>[^\W\d_]+(?:\s{1,2}[^\W\d_]+){1,4})\s*$")


def _name_apart(part: Row) -> list[Row]:
    """Returns a part in two if the name of a person follows after the last recipient: "- Lưu: VT. Hồ Quang Thành"."""
    mark = _SIGNED_MARK.search(part.folded[:200], 1)
    if mark is not None:
        return [part.part(0, mark.start()), part.part(mark.start(), len(part.text))]
    match = _LAST_WORDS.search(part.text[:200])
    if match is None or not is_name(match["name"]) or match["name"].split()[0].capitalize() not in _families():
        return [part]
    return [part.part(0, match.start()), part.part(match.start("name"), len(part.text))]


def _take(blocks: list[_Block], part: Row, at: int) -> bool:
    """Adds a part of the row `at` to the blocks of signatures: an authority, a position or a name. Returns whether it is one of them."""
    folded, text = part.folded.strip(), part.text.strip()
    if len(folded) > 120 or len(blocks) > _MOST_BLOCKS:
        return False
    open_blocks = [block for block in blocks if block.name is None]
    waiting = [block for block in open_blocks if block.position is None]
    if _in_capitals(text) and _authority().match(folded) and not _ACTING.match(folded):
        _authority_block(blocks, [block for block in waiting if not _same_kind(block, folded)]).authority.append(part)
    elif _is_position(text, folded) or (not blocks and _is_written_position(text, folded)):
        _set_position(blocks, waiting, part, at)
    elif open_blocks and is_name(text):
        open_blocks[0].name = part
    elif open_blocks and text.isupper() and open_blocks[-1].position is None:
        open_blocks[-1].authority.append(part)  # "TM. ỦY BAN NHÂN DÂN / TỈNH NGHỆ AN"
    else:
        return False
    return True


def _in_capitals(text: str) -> bool:
    """Returns whether words are in capitals. A scanner reads a few as small letters."""
    letters = [char for char in text if char.isalpha()]
    return bool(letters) and sum(char.isupper() for char in letters) >= 0.8 * len(letters)


def _is_position(text: str, folded: str) -> bool:
    return _in_capitals(text) and (_ACTING.match(folded) or _positions().match(folded)) is not None


def _is_written_position(text: str, folded: str) -> bool:
    """Returns whether a line has only a position that is not in capitals, as some offices write it: "Phó Giám đốc"."""
    match = _positions().match(folded)
    return match is not None and match.end() == len(folded) and text[:1].isupper()


_ACTING = re.compile(r"q\s{0,2}[.,]")  # "Q. GIÁM ĐỐC" acts under the name of the office


def _set_position(blocks: list[_Block], waiting: Sequence[_Block], part: Row, at: int) -> None:
    """Adds a position. In "CHÁNH VĂN PHÒNG / PHÓ CHÁNH VĂN PHÒNG", one below the other, the last one is meant."""
    only = blocks[0] if len(blocks) == 1 else None
    if only is not None and only.name is None and only.position is not None and only.position_at != at:
        only.authority.append(only.position)
        waiting = [only]
    block = _authority_block(blocks, waiting)
    block.position, block.position_at = part, at


def _authority_block(blocks: list[_Block], fitting: Sequence[_Block]) -> _Block:
    """Returns the first block that fits, or a new one."""
    if not fitting:
        blocks.append(_Block())
        return blocks[-1]
    return fitting[0]


def _same_kind(block: _Block, folded: str) -> bool:
    """Returns whether a block has an authority with the same mark already: two ministries have their signatures side by side."""
    mark = folded.split(".")[0][:4]
    return any(row.folded.strip().split(".")[0][:4] == mark for row in block.authority)


_RANK = re.compile(
    r"(?:(?:PGS|GS|TSKH|TS|Th\.?S|CN|KS|KTS|DS|BS|BSNT|BSCK|BSCKI|BSCKII|CK\s?I{1,2}|NGƯT|NGND|NSƯT|NSND|TTƯT|TTND|LS)(?:\s?[.,–-]\s?|\s+)"
    r"|(?:Ông|Bà|Tiến sĩ|Thạc sĩ|Bác sĩ|Kỹ sư|Luật sư|(?:Đại|Thượng|Trung|Thiếu)\s(?:tướng|tá|úy)|(?:Phó\s|Chuẩn\s)?Đô đốc)[,.]?\s+)+"
)
_OF_HIGHLANDS = re.compile(r"K['’][^\W\d_]{2,12}|H['’][A-ZĐ][^\W\d_]{1,12}(?:\s[A-ZĐ][^\W\d_]{1,12}){0,3}")  # "K'Dung", "H'Yim Kđoh"
_DIRT = " \t.,;:*_|‘’'`\"“”"  # marks that a scanner sees before a name
_NOT_IN_NAME = frozenset(("so", "bo", "nhu", "luu", "cac", "ubnd", "hdnd", "van", "phong", "tinh", "huyen", "cong", "thong"))


def is_name(text: str) -> bool:
    """Returns whether words can be the name of a person: two to six syllables with capitals, or a name with a frequent family name.

    >>> is_name("Nguyễn Thị Thu Hà"), is_name("NGUYỄN VĂN A"), is_name("Văn phòng Chính phủ"), is_name("Tổng công ty")
    (True, True, False, False)
    """
    name = _RANK.sub("", squeeze(text).lstrip(_DIRT), count=1).strip(" .")
    parts = name.split()
    if _OF_HIGHLANDS.fullmatch(name):
        return True
    if (
        not 2 <= len(parts) <= 6
        or len(name) > 40
        or not all(part[0].isupper() and part.replace("'", "").replace("-", "").isalpha() for part in parts)
    ):
        return False
    family = parts[0].capitalize() in _families()
    if name.isupper() and not family:
        return False
    known = [is_syllable(part) or len(part) == 1 for part in parts]
    return (family and sum(known) >= len(parts) - 1) or (all(known) and not name.isupper() and fold(parts[0]) not in _NOT_IN_NAME)


@cache
def _families() -> frozenset[str]:
    return frozenset([*grammar().bodies["surnames"], *words()["family_names"]])


def _signer(block: _Block) -> Signer:
    rule = Rule(RuleCode.HELD_SIGNATURE_BLOCK)
    name = block.name
    authority = ABSENT
    if block.authority:
        value = " / ".join(squeeze(row.text) for row in block.authority)
        authority = Field(value, rule, tuple(row.place() for row in block.authority))
    position = (
        Field(squeeze(block.position.text).strip(" .,;:[]()_"), rule, (block.position.place(),)) if block.position is not None else ABSENT
    )
    return Signer(_person(name, rule) if name is not None else ABSENT, position, authority)


def _person(row: Row, rule: Rule) -> Field:
    """Returns the name of a person without a rank or a degree before it."""
    lead = len(row.text) - len(row.text.lstrip(_DIRT))
    rank = _RANK.match(row.text[lead:])
    start = lead + (rank.end() if rank is not None else 0)
    return Field(squeeze(row.text[start:]).strip(" ."), rule, (row.place(start),))


_ITEM = re.compile(r"\s*[-–+*•·]\s*")


_NEXT_ITEM = re.compile(r"(?<=[;,])\s{1,4}(?=[-–+*•]\s|[Ll]ưu\s?:)")


def _items(part: Row) -> list[Row]:
    """Returns the recipients of a part, if it has any: a cell of a table has all in one line."""
    if not part.text.strip(" .:;*"):
        return []
    edges = [0, *(found.end() for found in _NEXT_ITEM.finditer(part.text)), len(part.text)]
    return [part.part(start, end) for start, end in pairwise(edges)]


def _take_recipient(recipients: list[list[Row]], part: Row) -> bool:
    """Adds a part to the list of recipients. Returns whether it belongs to it."""
    text = part.text.strip()
    if _ITEM.match(part.text):
        recipients += [[one] for one in _items(part)]
        return len(text) > 1
    if recipients and recipients[-1][-1].text.rstrip().endswith(";") and text[:1].isupper() and not text.isupper() and len(text) < 200:
        recipients.append([part])  # a list without dashes
        return True
    if recipients and not text.isupper() and len(text) < 200 and not recipients[-1][-1].text.rstrip().endswith((".",)):
        recipients[-1].append(part)
        return True
    if not recipients and len(text) < 120 and not text.isupper() and text[:1].isalpha():
        recipients.append([part])
        return True
    return False


def _recipient(rows: Sequence[Row]) -> Field:
    text = squeeze(" ".join(row.text for row in rows))
    value = _ITEM.sub("", text, count=1).strip(" ;.,") if _ITEM.match(text) else text.strip(" ;.,")
    return Field(value, Rule(RuleCode.HELD_RECIPIENTS_LIST), tuple(row.place() for row in rows))
