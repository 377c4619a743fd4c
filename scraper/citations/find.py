"""Finding: which spans of a text name a document. Fields around a span are read in `around.py`."""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass, replace

from scraper.citations import around
from scraper.citations.grammar import grammar
from scraper.citations.named import find_named
from scraper.citations.normalise import normalise_number
from scraper.citations.patterns import BARE, BLANK, DASH, LOWER_NUMBER, MORE, NOUN_RE, NUMBER, SHORT_NOUN_RE, STANDARD, YEAR
from scraper.citations.spans import Composed
from scraper.model import Context, Mention
from scraper.text import squeeze

# The cheapest signs that a text can hold a citation at all.
_WORTH_LOOKING = re.compile(r"\d|[Ll]uật|[Pp]háp lệnh|[Hh]iến pháp|BLHS|BLDS|BLTT|BLLĐ|LUẬT")
_SO_BEFORE = re.compile(rf"[Ss]ố{BLANK}{{0,3}}:?\s{{0,3}}$|SỐ{BLANK}{{0,3}}:?\s{{0,3}}$")
_CLAUSE = re.compile(r"[.;:!?()\[\]“”\"]|\n\n")
_YEAR_IN_NUMBER = re.compile(rf"/({YEAR})(?:/|-|$)")
_FAR = 140  # characters between a noun and its number at most
_ONE_YEAR = re.compile(r"^(?:19|20)\d\d$")


@dataclass(frozen=True, slots=True)
class Found:
    """A span with what the number itself says."""

    start: int
    end: int
    kind: str
    noun: str  # "" where none was written
    doc_type: str
    number_raw: str | None
    number: str | None
    member: bool = False  # a later member of a list, whose noun stands before the first
    flags: tuple[str, ...] = ()


def find(text: str, context: Context | None = None) -> tuple[Mention, ...]:
    """Every citation in a text, in order, never overlapping, with the fields that the text states.

    Spans are offsets in code points into the text as given: `text[start:end] == mention.text`.
    """
    if not _WORTH_LOOKING.search(text):
        return ()
    composed = Composed(text)
    found = _spans(composed.text)
    mentions = around.read(composed.text, found, context or Context())
    result = []
    for mention in mentions:
        start, end = composed.original(mention.start, mention.end)
        result.append(replace(mention, start=start, end=end, text=text[start:end]))
    return tuple(result)


def _spans(text: str) -> list[Found]:
    nouns = [(match.start(), match.end(), _noun(match[0])) for match in NOUN_RE.finditer(text)]
    found = _standards(text)
    found += _numbered(text, nouns)
    found = _without_overlap(found)
    found += [one for one in _bare(text, found) if not _overlaps(one, found)]
    found = _without_overlap(found)
    taken = [(one.start, one.end) for one in found]
    found += [Found(start, end, "named", noun, noun, None, None) for start, end, noun in find_named(text, taken)]
    return _without_overlap(found)


def _noun(written: str) -> str:
    """The noun of list A that was written."""
    word = squeeze(written).lower()
    return grammar().spellings.get(word, word)


def _standards(text: str) -> list[Found]:
    found = []
    for match in STANDARD.finditer(text):
        raw = match["raw"].rstrip(" .,;:-")
        if raw.startswith(("ISO", "IEC")) and _camera(text, match):
            continue
        number = normalise_number(raw, standard=True)
        kind = "quy chuẩn" if number.startswith("QC") else "tiêu chuẩn"
        found.append(Found(match.start(), match.start() + len(raw), "standard", "", kind, raw, number))
    return found


def _camera(text: str, match: re.Match[str]) -> bool:
    """ISO as the sensitivity of a film: a round hundred, with no year, near a camera."""
    near = text[max(0, match.start() - 80) : match.end() + 60].lower()
    return bool(re.fullmatch(r"ISO\s?\d+00", match["raw"]) and re.search(r"máy ảnh|khẩu độ|tốc độ|camera|chụp|ống kính|cảm biến", near))


def _numbered(text: str, nouns: list[tuple[int, int, str]]) -> list[Found]:
    data = grammar()
    ends = [end for _, end, _ in nouns]
    found: list[Found] = []
    matches = list(NUMBER.finditer(text))
    matches += LOWER_NUMBER.finditer(text)
    matches.sort(key=lambda match: match.start())
    for match in matches:
        start, end = match.start(), match.end()
        if found and start < found[-1].end:
            continue
        raw = match[0].rstrip(" .,-–—/")
        end = start + len(raw)
        codes = _codes(raw)
        if not codes or any(code in data.not_document_codes for code in codes[:1]) or codes[0].startswith("GP"):
            continue
        before = _before(text, start, nouns, ends, found)
        noun_start, noun, _ = before if before else (start, "", False)
        if before is None and _is_refused(text, start):
            continue
        if match.re is LOWER_NUMBER and not noun:
            continue
        member = not noun and bool(found) and _joins(text[found[-1].end : start])
        previous = found[-1] if member else None
        if not noun and previous is not None and _refused_list(text, previous):
            continue
        if not noun and not _speaks_for_itself(codes) and (previous is None or previous.kind != "numbered"):
            continue
        doc_type, flags = _type(noun, codes, previous)
        if doc_type is None:
            continue
        if re.search(r"\s", raw) and not noun and not _speaks_for_itself(codes):
            continue
        found.append(Found(noun_start if noun else start, end, "numbered", noun, doc_type, raw, normalise_number(raw), member, flags))
        _share_tail(text, found, nouns)
    return found


def _codes(raw: str) -> list[str]:
    """The parts of a number behind its figure and year, in canonical letters."""
    parts = re.split(r"[/\-]", normalise_number(raw))
    return [part for part in parts[1:] if part and not _ONE_YEAR.match(part)]


_KNOWN_TAILS = re.compile(r"^(?:UBND|UB|HĐND|TU|TW|CP|TTG|QH\d*|UBTVQH\d*|CTN|VPCP|HĐBT|STTTT|S[A-ZĐ]{2,})$")


def _speaks_for_itself(codes: list[str]) -> bool:
    """Whether a number without a noun is a document's: its code is that of a type, or of a body that issues documents."""
    data = grammar()
    if codes[0] in data.codes:
        return len(codes) > 1
    known = [code for code in codes if code in data.issuers or _KNOWN_TAILS.match(code)]
    return bool(known) and (len(codes) > 1 or bool(re.match(r"^(?:QH|UBTVQH)\d+$", codes[0])))


def _type(noun: str, codes: list[str], previous: Found | None) -> tuple[str | None, tuple[str, ...]]:
    """The type of a document: its noun, else what its code says, else that of the list it stands in."""
    data = grammar()
    by_code = next((data.codes[code] for code in codes[:2] if code in data.codes), None)
    if by_code is None and re.match(r"^QH\d+$", codes[0]):
        by_code = "luật"
    if noun and noun != "văn bản":
        chosen = data.types[noun].noun if noun in data.types else noun
        if noun in ("thông tư", "nghị quyết") and codes[0] in ("TTLT", "TTLB", "TTLN", "NQLT"):
            chosen = f"{noun} liên tịch"
        if chosen == "thông tư liên bộ":
            chosen = "thông tư liên tịch"
        contradicts = by_code is not None and by_code != chosen and not _alike(by_code, chosen, codes)
        return chosen, ("noun-and-code-disagree",) if contradicts else ()
    if by_code is not None:
        return ("thông tư liên tịch" if by_code == "thông tư liên bộ" else by_code), ()
    if previous is not None and not noun:
        return previous.doc_type, ()
    return "công văn", ()


def _alike(by_code: str, noun: str, codes: list[str]) -> bool:
    """Codes that stand for two nouns: QĐ quyết định or (Party) quy định, CT chỉ thị or chương trình, QH a law or a resolution."""
    pairs = {
        ("quyết định", "quy định"),
        ("chỉ thị", "chương trình"),
        ("thông tư", "thông tri"),
        ("luật", "bộ luật"),
        ("luật", "nghị quyết"),
        ("pháp lệnh", "nghị quyết"),
    }
    return (
        (by_code, noun) in pairs
        or {by_code, noun} <= {"thông tư liên tịch", "thông tư liên bộ", "thông tư"}
        or noun in ("lệnh", "sắc lệnh", "kết luận", "văn bản hợp nhất")
    )


def _before(text: str, start: int, nouns: list[tuple[int, int, str]], ends: list[int], found: list[Found]) -> tuple[int, str, bool] | None:
    """The noun that belongs to a number: right before it, or before words of the same noun phrase and "số"."""
    floor = found[-1].end if found else 0
    head = text[max(floor, start - 12) : start]
    so = _SO_BEFORE.search(head)
    edge = start - (len(head) - so.start()) if so else start
    short = _short_before(text, edge, floor)
    index = bisect_right(ends, edge) - 1
    while index >= 0:
        noun_start, noun_end, noun = nouns[index]
        if noun_start < floor or edge - noun_end > _FAR:
            break
        between = text[noun_end:edge]
        if not between.strip():
            noun_start, noun = _longer(text, nouns, index)
            return (noun_start, noun, False) if not _refused_noun(text, noun_start) else None
        law = noun in ("luật", "bộ luật", "pháp lệnh")
        if (so or law) and _same_phrase(between, law=law, so=bool(so)) and not (short and short[0] > noun_start):
            noun_start, noun = _longer(text, nouns, index)
            return (noun_start, noun, False) if not _refused_noun(text, noun_start) else None
        break
    return short


def _longer(text: str, nouns: list[tuple[int, int, str]], index: int) -> tuple[int, str]:
    """ "Thông báo kết luận số 75": of two nouns in a row the first begins the span where it is the paper itself."""
    start, _, noun = nouns[index]
    if index and noun == "kết luận":
        before_start, before_end, before = nouns[index - 1]
        if before == "thông báo" and not text[before_end:start].strip():
            return before_start, before
    return start, noun


def _short_before(text: str, edge: int, floor: int) -> tuple[int, str, bool] | None:
    window = text[max(floor, edge - 8) : edge]
    for match in SHORT_NOUN_RE.finditer(window):
        if not window[match.end() :].strip():
            return edge - len(window) + match.start(), grammar().short[match[0]], True
    return None


_VERB_BETWEEN = re.compile(
    r"(?<!\w)(?:là|đã|được|sẽ|đang|có|gồm|tại|trong|trên|với|từ|đến|thì|mà|khi|nếu|vào|ngày|này|trên|nêu|nói|sau|trước|giao|cấp|căn cứ|theo|thực hiện|tỷ lệ)(?!\w)",
    re.IGNORECASE,
)


def _same_phrase(between: str, *, law: bool, so: bool) -> bool:
    """Whether the words between a noun and "số" are of the same noun phrase: few, no new clause, no number, no verb."""
    if _CLAUSE.search(between.replace("(", "").replace(")", "") if law else between) or re.search(r"\d", between):
        return False
    words = between.split()
    if law:
        return len(words) <= 24 and (so or len(words) <= 10) and "\n\n" not in between
    if "," in between or len(words) > 14:
        return False
    return not _VERB_BETWEEN.search(between)


def _refused_noun(text: str, noun_start: int) -> bool:
    return _is_refused(text, noun_start, near=True)


def _is_refused(text: str, start: int, *, near: bool = False) -> bool:
    """Whether the words before a number are those of a paper that is no document (licence, contract, account ...)."""
    window = re.sub(r"\s+", " ", text[max(0, start - 60) : start].lower())
    window = (
        re.sub(r"\s*(?:số|:|có|mang|ký hiệu|kí hiệu|lưu hành|xuất bản)?\s*(?:số\s*:?\s*)?$", "", window) if not near else window.rstrip()
    )
    if near:
        return bool(re.search(r"(?<!\w)(?:bản kết luận điều tra|kết luận giám định)$", window))
    return any(re.search(rf"(?<!\w){re.escape(noun)}(?:\s[\w ]{{0,30}})?$", window) for noun in grammar().not_documents)


def _refused_list(text: str, previous: Found) -> bool:
    return False


_JOIN = re.compile(
    rf"^(?:{BLANK}|\n)*(?:\([^()]{{0,60}}\)(?:{BLANK}|\n)*)?(?:,|;|và|hoặc|&|\+|[{DASH}])?(?:{BLANK}|\n)*(?:và|hoặc)?(?:{BLANK}|\n)*(?:các|số)?:?(?:{BLANK}|\n)*$"
)
_DATED_JOIN = re.compile(
    r"^\s*,?\s*(?:\(?(?:ngày\s+)?[\d\s/.\-thángnăm]{4,30}\)?)?\s*(?:của\s[^.;:\d]{2,80}|về\s[^.;:\d]{2,120})?\s*(?:,|;|và|hoặc)\s*(?:và\s*)?(?:số\s*:?\s*)?$"
)


def _joins(between: str) -> bool:
    """Whether what stands between two numbers makes them members of one list."""
    return len(between) <= 180 and "\n\n" not in between and bool(_JOIN.match(between) or _DATED_JOIN.match(between))


def _share_tail(text: str, found: list[Found], nouns: list[tuple[int, int, str]]) -> None:
    """ "Thông tư số 01, 02/2019/TT-BTTTT": bare figures before a member take its tail, and the noun before them its span."""
    last = found[-1]
    if last.noun or last.number_raw is None:
        return
    floor = found[-2].end if len(found) > 1 else 0
    window_start = max(floor, last.start - 160)
    window = text[window_start : last.start]
    match = re.search(
        rf"(?P<noun>{NOUN_RE.pattern}|{SHORT_NOUN_RE.pattern})\s{{0,3}}(?P<so>[Ss]ố\s{{0,3}}:?\s{{0,3}})?(?P<list>\d{{1,5}}[a-z]?(?:/{YEAR})?(?:\s*(?:,|;|và)\s*(?:số\s*)?\d{{1,5}}[a-z]?(?:/{YEAR})?)*)\s*(?:,|;|và|hoặc|,\s*và)\s*(?:số\s*)?$",
        window,
    )
    if match is None:
        return
    figures = list(re.finditer(rf"\d{{1,5}}[a-z]?(?:/{YEAR})?", match["list"]))
    tail = re.sub(r"^\d+[a-zđ]?", "", last.number_raw)
    has_year = _YEAR_IN_NUMBER.search(last.number_raw)
    data = grammar()
    written = match["noun"]
    noun = data.short.get(written) or _noun(written)
    doc_type, flags = _type(noun, _codes(last.number_raw), None)
    if doc_type is None:
        return
    members = []
    for number, figure in enumerate(figures):
        raw = figure[0]
        whole = raw + (re.sub(rf"^\s*/\s*{YEAR}", "", tail) if has_year and "/" in raw else tail)
        start = window_start + match.start("list") + figure.start()
        members.append(
            Found(
                window_start + match.start("noun") if number == 0 else start,
                start + len(raw),
                "numbered",
                noun if number == 0 else "",
                doc_type,
                raw,
                normalise_number(whole),
                number > 0,
                flags,
            )
        )
    found[-1:] = [*members, replace(last, doc_type=doc_type, member=True)]


def _bare(text: str, found: list[Found]) -> list[Found]:
    """Type noun and figure without letters: short mentions, and the members of their lists."""
    data = grammar()
    result: list[Found] = []
    for match in BARE.finditer(text):
        written = match["noun"]
        short = written in data.short
        noun = data.short[written] if short else _noun(written)
        kind = data.types.get(noun)
        if kind is None or kind.bare == "never" or _is_anaphor(text, match):
            continue
        raw = match["raw"]
        if _is_count(text, match, short=short) or _refused_noun(text, match.start()):
            continue
        if kind.bare == "marked" and not match["so"] and (written[0].islower() or _starts_sentence(text, match.start())):
            continue
        if short and not _document_reading(text, match, written):
            continue
        doc_type = "thông tư liên tịch" if noun == "thông tư liên bộ" else kind.becomes
        result.append(Found(match.start(), match.end("raw"), "short", noun, doc_type, raw, normalise_number(raw)))
        at = match.end()
        while (more := MORE.match(text, at)) and not _counts_more(text, more):
            result.append(
                Found(more.start("raw"), more.end("raw"), "short", "", doc_type, more["raw"], normalise_number(more["raw"]), True)
            )
            at = more.end()
    return result


def _is_anaphor(text: str, match: re.Match[str]) -> bool:
    return False


_UNIT_BEHIND = re.compile(
    r"\s?\s?\s?(?:{})(?!\w)".format(
        "|".join(re.escape(word).replace(r"\ ", r"\s") for word in sorted(grammar().units, key=len, reverse=True))
    )
)
_PLAIN_VERBS = re.compile(
    r"(?:đã|sẽ|được|phải|cần|có thể|tự|xem xét,?|việc|HĐND|hội nghị|đại hội|kỳ họp|chưa|không|và|để|quyền)\s*$", re.IGNORECASE
)
_MEETING = re.compile(r"\s{0,2}(?:khóa|khoá|\(khóa|\(khoá|Đại hội|Trung ương|TW)")


def _is_count(text: str, match: re.Match[str], *, short: bool) -> bool:
    """Whether the figure counts things ("quyết định 15 nội dung") or begins a date, an amount, a time."""
    tail = text[match.end("raw") : match.end("raw") + 24]
    raw = match["raw"]
    if "/" not in raw and re.match(r"\s?(?:giờ|h|g)\s?\d|\s?[-–]\s?\d|\s?/\s?\d", tail):
        return True
    if match["so"] is None and "/" not in raw:
        if _UNIT_BEHIND.match(tail):
            return True
        written = match["noun"]
        if not short and written[0].islower():
            # A noun in lower case before a figure is a verb as often as not: only where a noun can stand alone.
            if _PLAIN_VERBS.search(text[max(0, match.start() - 24) : match.start()]):
                return True
            if re.match(r"\s+[a-zà-ỹđ]", tail) and not re.match(
                r"\s+(?:của|về|ngày|quy|cho|thì|là|đã|được|và|hay|hoặc|có|sẽ|nêu|ban|do|năm|từ|với|sửa|này|nói|trên|ra|mới|cũng|bởi|để|tại|vừa|chưa|không|bắt|đến|thay|theo|trong)\b",
                tail,
            ):
                return True
    if re.match(r"\s?(?:tỷ|triệu|nghìn|%|đồng)", tail):
        return True
    return len(raw) == 4 and bool(_ONE_YEAR.match(raw)) and match["so"] is None


def _counts_more(text: str, more: re.Match[str]) -> bool:
    tail = text[more.end("raw") : more.end("raw") + 24]
    return bool(_UNIT_BEHIND.match(tail)) or ("/" not in more["raw"] and bool(_ONE_YEAR.match(more["raw"])))


def _starts_sentence(text: str, at: int) -> bool:
    head = text[:at].rstrip(" \t\u00a0")
    return not head or head[-1] in ".!?\n:•*-–"


_READS_AS_DOCUMENT = re.compile(
    r"\s{0,2}(?:$|[.,;:)/]|của|về|ngày|quy định|cho phép|nêu|ban hành|là|đã|được|có|thì|và|hướng dẫn|sửa đổi|yêu cầu|năm|từ|thay|\()"
)


def _document_reading(text: str, match: re.Match[str], written: str) -> bool:
    """Whether an abbreviated noun before a figure can only be a document: TT is also a town, CT a company, a building."""
    if match["so"] or "/" in match["raw"]:
        return True
    if written in ("TT", "CT", "KH", "TB", "CV"):
        before = text[max(0, match.start() - 30) : match.start()].lower()
        cue = re.search(r"(?:theo|tại|căn cứ|thực hiện|so với|của|sửa|bổ sung|thay thế|triển khai|và|,)\s*$", before)
        return bool(cue) and bool(_READS_AS_DOCUMENT.match(text[match.end("raw") :][:20]))
    return bool(_READS_AS_DOCUMENT.match(text[match.end("raw") :][:20]) or match.start() == 0)


def _overlaps(one: Found, others: list[Found]) -> bool:
    return any(one.start < other.end and other.start < one.end for other in others)


def _without_overlap(found: list[Found]) -> list[Found]:
    """The spans in order; of two that overlap the earlier, and of two at one place the longer."""
    result: list[Found] = []
    for one in sorted(found, key=lambda f: (f.start, -f.end)):
        if not result or one.start >= result[-1].end:
            result.append(one)
    return result
