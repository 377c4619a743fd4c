"""Issuers: from the code in a number, or from the words around it, to a full name without the office holder."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from scraper.citations.grammar import LOCAL_CODES, grammar
from scraper.reference import rows, split
from scraper.text import fold, place_tone, squeeze


@dataclass(frozen=True, slots=True)
class Named:
    """An issuer read out of words, and how many characters of them it took."""

    name: str
    province: str | None
    length: int


def of_code(codes: Sequence[str], doc_type: str, noun: str) -> str | None:
    """The body, or bodies of a joint document, that the codes of a number name; None where they name no single one."""
    data = grammar()
    parts = [code for code in codes if not re.fullmatch(r"(?:19|20)\d{2}", code)]
    names: list[str] = []
    for place, code in enumerate(parts):
        if place == 0 and code in data.codes and len(parts) > 1:
            continue
        if code in LOCAL_CODES:
            break
        name = data.issuers.get(code) or _assembly(code)
        if name is None:
            if code == "TW":
                return None
            # A code that is not known ends the issuers: what follows is the unit that drafted.
            break
        if code == "TW":
            return None
        if name not in names:
            names.append(name)
    if not names:
        return None
    joint = doc_type.endswith("liên tịch") or (len(parts) > 2 and parts[0] in data.codes and len(names) > 1)
    if doc_type in ("luật", "bộ luật") and names[0] == "Chủ tịch nước":
        return "Quốc hội"
    if doc_type == "pháp lệnh" and names[0] == "Chủ tịch nước":
        return "Ủy ban Thường vụ Quốc hội"
    return "; ".join(names) if joint else names[0]


def _assembly(code: str) -> str | None:
    if re.fullmatch(r"QH(?:\d{1,2}|[IVX]+)", code):
        return "Quốc hội"
    if re.fullmatch(r"UBTVQH(?:K?(?:\d{1,2}|[IVX]+))?", code):
        return "Ủy ban Thường vụ Quốc hội"
    return None


def local_default(codes: Sequence[str]) -> str | None:
    """What a local or Party code says where no words say more."""
    for code in codes:
        if code in ("UBND", "UB", "CTUBND"):
            return "Ủy ban nhân dân"
        if code == "HĐND":
            return "Hội đồng nhân dân"
        if code == "TU":
            return "Tỉnh ủy"
        if code == "TW":
            return "Trung ương Đảng"
    return None


def province_in(words: str) -> str | None:
    """The province that words name, or None. The longest name wins: "Bà Rịa - Vũng Tàu" before "Vũng Tàu"."""
    folded = squeeze(re.sub(r"[^a-z0-9 -]", " ", fold(words)))
    for bare in _by_length():
        if re.search(rf"(?:^| ){re.escape(bare)}(?= |$)", folded):
            return grammar().provinces[bare]
    return None


@cache
def _by_length() -> tuple[str, ...]:
    return tuple(sorted(grammar().provinces, key=len, reverse=True))


_ABBREVIATIONS = (
    (r"UBND", "Ủy ban nhân dân"), (r"Uỷ ban", "Ủy ban"), (r"HĐND", "Hội đồng nhân dân"), (r"TT\s?(?:&|và)\s?TT|TTTT", "Thông tin và Truyền thông"),
    (r"TN\s?(?:&|và)\s?MT|TNMT", "Tài nguyên và Môi trường"), (r"GD\s?(?:&|và|-)\s?ĐT|GDĐT", "Giáo dục và Đào tạo"), (r"GTVT", "Giao thông vận tải"),
    (r"NN\s?(?:&|và)\s?PTNT", "Nông nghiệp và Phát triển nông thôn"), (r"LĐ-?TB\s?(?:&|và)?\s?XH|LĐTBXH", "Lao động - Thương binh và Xã hội"), (r"KH\s?(?:&|và)\s?ĐT", "Kế hoạch và Đầu tư"),
    (r"KH\s?(?:&|và)\s?CN|KHCN", "Khoa học và Công nghệ"), (r"VH,?\s?TT\s?(?:&|và)\s?DL|VHTTDL|VHTT&DL", "Văn hóa, Thể thao và Du lịch"), (r"THADS", "Thi hành án dân sự"), (r"TTg", "Thủ tướng Chính phủ"),
    (r"NHNN(?: Việt Nam)?|Ngân hàng Nhà nước(?: Việt Nam)?", "Ngân hàng Nhà nước Việt Nam"), (r"TP\.?(?=\s)", "thành phố"), (r"CP(?!\w)", "Chính phủ"),
)  # fmt: skip
_HOLDERS = re.compile(
    r"^(?:(?:Phó\s+)?(?:Bộ trưởng|Thứ trưởng|Chủ tịch|Giám đốc|Tổng Giám đốc|Cục trưởng|Tổng cục trưởng|Chánh án|Viện trưởng|Thống đốc|Tổng Thanh tra|Trưởng ban|Chánh Thanh tra|Bí thư|Chánh Văn phòng|Tổng Kiểm toán|Hiệu trưởng|Trưởng phòng)\s+)+",
    re.IGNORECASE,
)
_OFFICES = {
    "bộ trưởng": "Bộ", "thứ trưởng": "Bộ", "thống đốc": "Ngân hàng Nhà nước Việt Nam", "tổng thanh tra": "Thanh tra", "chánh án": "", "viện trưởng": "",
}  # fmt: skip
_BODY = re.compile(
    r"(?<!\w)(?:(?:(?:Phó\s+)?(?:Bộ trưởng|Thứ trưởng|Chủ tịch|Giám đốc|Tổng Giám đốc|Cục trưởng|Chánh án|Viện trưởng|Thống đốc|Tổng Thanh tra|Trưởng ban|Bí thư|Chánh Văn phòng)\s+)?"
    r"(?:Chính phủ|CP(?!\w)|Thủ tướng(?:\s+Chính phủ)?|Phó Thủ tướng(?:\s+Chính phủ)?|TTg|Quốc hội|Ủy ban|Uỷ ban|UBND|HĐND|Hội đồng|Bộ|Ban|Tỉnh ủy|Tỉnh uỷ|Thành ủy|Thành uỷ|Huyện ủy|Huyện uỷ|Quận ủy|Đảng ủy|Đảng uỷ"
    r"|Sở|Phòng|Cục|Tổng cục|Vụ|Văn phòng|Công an|Thanh tra|Bảo hiểm|Tòa án|Toà án|Viện|Trung ương|Ngân hàng|NHNN|Tập đoàn|Tổng công ty|Kho bạc|Chi cục|Trường|Bệnh viện|Đài|Chủ tịch nước|Kiểm toán|Liên đoàn|Hội|Trung tâm|Đảng đoàn|Tổng Liên đoàn))(?!\w)"
)
_ENDS = re.compile(
    r"\s+(?:về|ngày|v/v|quy định|phê duyệt|ban hành|sửa đổi|hướng dẫn|công bố|đã|vừa|có|được|thì|là|trong|tại|để|nhằm|cho|gửi|yêu cầu|và\s+(?:các|Quyết|Nghị|Thông|Chỉ|Công|Kế|Luật|văn bản)|thực hiện|triển khai|kèm|nêu|với|từ|sẽ|cũng|giao|đến|khóa|khoá|theo|ký|ra|liên quan|bổ sung|thay thế|do|chỉ đạo|đề nghị|số|thông qua|xử phạt|trình|tiếp tục|mới|hồi|năm|nói|này|trên|kết luận|thông báo|chấp thuận|cấp|điều chỉnh|thành lập|bãi bỏ|giai đoạn|đối với|khi|đang|phải|không|chưa|nay|đồng ý|quyết định|giải quyết)(?!\w)|[,.;:()\"“”\n]|\s[-–]\s(?=[A-ZĐ][^\n]{0,40}(?:ngày|đã))"
)


@cache
def _known_names() -> re.Pattern[str]:
    names: set[str] = set()
    for row in rows("issuers"):
        if row["level"] in ("ministry", "ministerial", "government-agency", "judicial", "state"):
            names |= {row["name_vi"], *split(row["aliases"])}
    names |= {
        "Chính phủ",
        "Thủ tướng Chính phủ",
        "Quốc hội",
        "Ủy ban Thường vụ Quốc hội",
        "Bộ Chính trị",
        "Ban Bí thư",
        "Chủ tịch nước",
        "Văn phòng Chính phủ",
    }
    good = [name for name in names if len(name) > 5 and "(" not in name and name[0].isupper() and " " in name]
    return re.compile(
        r"(?:{})(?!\w)".format("|".join(re.escape(name).replace(r"\ ", r"\s+") for name in sorted(good, key=len, reverse=True)))
    )


def of_words(words: str, *, whole: bool = True, last: bool = False) -> Named | None:
    """The issuer that words begin with (`whole`), or that stands in them (the last one, with `last`).

    Office holders are left out, abbreviations spelt out, the province named beside it kept.
    """
    matches = list(_BODY.finditer(words))
    if not matches:
        return None
    match = matches[-1] if last else matches[0]
    if last:
        # "Sở ... trình UBND tỉnh": the nearest body before the verb is the subject, but not the place inside its name.
        match = _outermost(words, matches)
    if whole and match.start() > 2:
        return None
    tail = words[match.start() :]
    known = _known_names().match(_strip_holder(tail)[0])
    if known is not None:
        shift = _strip_holder(tail)[1]
        end = shift + known.end()
        rest = tail[end:]
        name = tail[:end]
        if not known[0].startswith(("Bộ", "Chính phủ", "Thủ tướng", "Quốc hội")) and (
            place := re.match(r"\s+(?:tỉnh|thành phố|huyện|quận)\s+[^,.;()]{2,40}", rest)
        ):
            name += place[0]
            end += place.end()
    else:
        stop = _ENDS.search(tail, match.end() - match.start())
        end = stop.start() if stop else len(tail)
        name = tail[:end]
    clean = full_name(name)
    return Named(clean, province_in(clean), match.start() + end) if clean else None


def _outermost(words: str, matches: list[re.Match[str]]) -> re.Match[str]:
    chosen = matches[-1]
    for earlier in reversed(matches[:-1]):
        between = words[earlier.end() : chosen.start()]
        if re.search(r"[,;]|\s(?:và|đã|vừa|có|ban hành|trình|giao|của)\s", between) or len(between) > 40:
            break
        chosen = earlier
    return chosen


def _strip_holder(text: str) -> tuple[str, int]:
    match = re.match(r"^(?:Phó\s+)?(?:Bộ trưởng|Thứ trưởng)\s+(?=Bộ\s)", text)
    if match:
        return text[match.end() :], match.end()
    match = re.match(
        r"^(?:Phó\s+)?(?:Chủ tịch|Giám đốc|Cục trưởng|Chánh án|Viện trưởng|Tổng Giám đốc|Trưởng ban|Bí thư|Chánh Văn phòng)\s+(?=[A-ZĐỦ])",
        text,
    )
    if match:
        return text[match.end() :], match.end()
    return text, 0


def full_name(words: str) -> str:
    """The name of a body without its office holder, with abbreviations spelt out and tones placed one way."""
    text = squeeze(words).strip(" ,.;:-")
    if re.match(r"^(?:Phó\s+)?Thủ tướng", text) or text == "TTg":
        return "Thủ tướng Chính phủ"
    text = _strip_holder(text)[0]
    text = re.sub(r"^(?:Bộ trưởng|Thứ trưởng)\s+(?!Bộ)", "Bộ ", text)
    text = re.sub(r"^Thống đốc.*$", "Ngân hàng Nhà nước Việt Nam", text)
    for pattern, spelt in _ABBREVIATIONS:
        text = re.sub(rf"(?<!\w)(?:{pattern})(?!\w)", spelt, text)
    text = re.sub(r"\s+khóa\s.*$|\s+khoá\s.*$", "", text)
    if re.match(r"^Ban Chấp hành (?:Trung ương|TW|TƯ)", text):
        return "Ban Chấp hành Trung ương Đảng"
    return place_tone(text)
