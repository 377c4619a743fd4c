"""Generates documents of offices with the truth of each field, to measure how exactly they are read.

    python -m benchmarks.generated_decisions [--documents 100] [--part seen|held-out|both] [--seed 17] [--show N] [--gate]

Five layouts are "seen": a decision, circular or directive of a ministry; a paper of a provincial committee; one of a department; a joint
circular; an official letter. The layout "held-out" (the Government, councils, offices of districts; with the stamps of the Gazette and of
digital signatures) was written after the rules, and no rule was changed for it. Bodies and provinces come from the reference tables, all
other words are ours. The text has the two columns of a heading one after the other in either order, on one line with a gap, or on one line
without one; lines are wrapped at random; some documents have the mistakes of a scanner. The same seed gives the same documents.

`--gate` ends with 1 if a field of the heading is exact in fewer than 95 % of the documents of a part.
"""

# ruff: noqa: E501 (a list of words, and a document in one call, stay one line)
from __future__ import annotations

import argparse
import random
import sys
import textwrap
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

from scraper.citations.issuers.full_names import full_name
from scraper.held_documents import HeldDocument, read_document
from scraper.reference import rows
from scraper.text import place_tone

SEED = 17
FLOOR = 0.95
HEADING = ("state", "number", "type", "issuers", "superior", "place", "date", "subject")
OTHERS = ("bases", "signers", "positions", "recipients", "ended", "in force from", "annexes")
MOTTO = ("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Độc lập - Tự do - Hạnh phúc")


@dataclass(frozen=True)
class Truth:
    """The fields of a generated document."""

    state: str
    number: str | None
    type: str
    issuers: tuple[str, ...]
    superior: str | None
    place: str
    date: str | None
    subject: str
    bases: tuple[str, ...] = ()  # the numbers, or the names of statutes
    signers: tuple[str, ...] = ()
    positions: tuple[str, ...] = ()
    recipients: tuple[str, ...] = ()
    ended: tuple[str, ...] = ()
    in_force_from: str | None = None
    annexes: int = 0


@dataclass
class Parts:
    """A document before it is laid out. `left`, `right`: the columns of the heading, down to the line of number and date."""

    left: list[str]
    number: str
    right: list[str]
    dateline: str
    about: str | None  # below the number: "V/v ..."
    type_lines: list[str]
    subject: str
    decides: list[str]
    bases: list[str]
    enacting: str | None
    body: list[str]
    signatures: list[list[str]]
    recipients: list[str]
    annexes: list[str] = field(default_factory=list)
    above: list[str] = field(default_factory=list)  # stamps


# --- words --------------------------------------------------------------------------------------------


def _parts(text: str) -> tuple[str, ...]:
    return tuple(text.split("|"))


_ACTS = _parts(
    "ban hành Quy chế quản lý, vận hành và sử dụng|phê duyệt Kế hoạch triển khai|phê duyệt Đề án nâng cao chất lượng|ban hành Quy định về bảo đảm an toàn của|thành lập Tổ giúp việc về"
    "|kiện toàn Ban Chỉ đạo về|phê duyệt kết quả đấu thầu gói thầu xây dựng|sửa đổi, bổ sung một số điều của Quy chế hoạt động của|giao chỉ tiêu kế hoạch phát triển|quy định mức chi cho"
)
_THINGS = _parts(
    "hệ thống thư điện tử|Cổng thông tin điện tử|mạng truyền số liệu chuyên dùng|cơ sở dữ liệu cán bộ, công chức|phần mềm quản lý văn bản và điều hành|trung tâm tích hợp dữ liệu"
    "|điểm phục vụ bưu chính|hoạt động của đài truyền thanh cơ sở|dịch vụ công trực tuyến mức độ 3|công tác thông tin đối ngoại|hạ tầng viễn thông thụ động|an toàn thông tin số"
)
_SCOPES = _parts(
    "giai đoạn 2011 - 2015|trên địa bàn tỉnh|trong các cơ quan nhà nước|năm 2014|đến năm 2020, tầm nhìn đến năm 2030|tại các xã vùng sâu, vùng xa|cho cán bộ cấp xã|theo mô hình một cửa liên thông"
)
_LETTERS = _parts(
    "báo cáo tình hình thực hiện|góp ý dự thảo Quy chế về|cung cấp số liệu về|đôn đốc triển khai|hướng dẫn đăng ký tham gia|tăng cường kiểm tra|cử cán bộ tham dự lớp tập huấn về|trả lời kiến nghị về"
)
_LAWS = _parts(
    "Luật Công nghệ thông tin ngày 29 tháng 6 năm 2006|Luật Giao dịch điện tử ngày 29/11/2005|Luật Viễn thông ngày 23 tháng 11 năm 2009|Luật Ban hành văn bản quy phạm pháp luật ngày 03/6/2008|Luật Báo chí ngày 05 tháng 4 năm 2016"
)
_DECREES = (
    ("64/2007/NĐ-CP", "ngày 10 tháng 4 năm 2007 của Chính phủ về ứng dụng công nghệ thông tin trong hoạt động của cơ quan nhà nước"),
    ("43/2011/NĐ-CP", "ngày 13/6/2011 của Chính phủ quy định về việc cung cấp thông tin và dịch vụ công trực tuyến"),
    ("102/2009/NĐ-CP", "ngày 06 tháng 11 năm 2009 của Chính phủ về quản lý đầu tư ứng dụng công nghệ thông tin"),
    ("26/2007/NĐ-CP", "ngày 15/02/2007 của Chính phủ quy định chi tiết thi hành Luật Giao dịch điện tử về chữ ký số"),
    ("110/2004/NĐ-CP", "ngày 08 tháng 4 năm 2004 của Chính phủ về công tác văn thư"),
)
_FAMILIES = _parts("Nguyễn|Trần|Lê|Phạm|Hoàng|Vũ|Đặng|Bùi|Đỗ|Hồ|Ngô|Dương|Lý|Nông|Lò|Phùng|Tống|Vi|Hà|Đinh|Thạch|Mai")
_MIDDLES = _parts("Văn|Thị|Đức|Minh|Quang|Hữu|Thanh|Ngọc|Xuân|Thị Thu|Công|Đình")
_GIVEN = _parts("An|Bình|Châu|Dũng|Hải|Hùng|Hương|Lan|Long|Mạnh|Nam|Phúc|Quyền|Sơn|Thắng|Trạc|Tuyết|Vinh|Yến|Khởi")
_OFFICES = _parts("Công nghệ thông tin|Bưu chính - Viễn thông|Kế hoạch - Tài chính|Báo chí - Xuất bản|Tổ chức - Hành chính")
_DEPARTMENTS = (
    ("Sở Thông tin và Truyền thông", "STTTT"),
    ("Sở Khoa học và Công nghệ", "SKHCN"),
    ("Sở Nội vụ", "SNV"),
    ("Sở Kế hoạch và Đầu tư", "SKHĐT"),
    ("Sở Văn hóa, Thể thao và Du lịch", "SVHTTDL"),
    ("Sở Giáo dục và Đào tạo", "SGDĐT"),
)
_PARAGRAPHS = _parts(
    "Giao Văn phòng chủ trì, phối hợp với các đơn vị liên quan theo dõi, đôn đốc và tổng hợp kết quả thực hiện.|Kinh phí thực hiện được bố trí từ nguồn ngân sách nhà nước theo phân cấp."
    "|Các cơ quan, đơn vị báo cáo kết quả trước ngày 15 tháng 12 hằng năm.|Trong quá trình thực hiện, nếu có vướng mắc, đề nghị phản ánh kịp thời để xem xét, điều chỉnh."
    "|Thực hiện theo Quyết định số 1605/QĐ-TTg ngày 27/8/2010 của Thủ tướng Chính phủ."
)
_NOUNS = {
    "QĐ": "quyết định",
    "TT": "thông tư",
    "CT": "chỉ thị",
    "KH": "kế hoạch",
    "BC": "báo cáo",
    "TB": "thông báo",
    "TTr": "tờ trình",
    "HD": "hướng dẫn",
}


def _ministries() -> list[tuple[str, str]]:
    """Returns ministries with their codes, of those that existed in 2010 to 2024."""
    return [
        (place_tone(row["name_vi"]), row["code"])
        for row in rows("issuers")
        if row["level"] == "ministry"
        and row["name_vi"].startswith("Bộ")
        and row["valid_from"] < "2010"
        and (row["valid_to"] or "9") > "2024"
    ]


def _provinces() -> list[tuple[str, str, str]]:
    """Returns provinces as level, name and capital, of those that existed until 2025."""
    return [
        ("thành phố" if row["kind"] == "city" else "tỉnh", row["name"], row["capital"] or row["name"])
        for row in rows("units")
        if row["kind"] in ("province", "city") and (row["valid_to"] or "") == "2025-06-30"
    ]


class Maker:
    """Makes documents with one source of chance."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)

    def one(self, values: Sequence[str]) -> str:
        return self.random.choice(values)

    def day(self) -> date:
        return date(2010, 1, 10) + timedelta(days=self.random.randrange(5_200))

    def person(self) -> str:
        return f"{self.one(_FAMILIES)} {self.one(_MIDDLES)} {self.one(_GIVEN)}"

    def subject(self) -> str:
        return " ".join((self.one(_ACTS), self.one(_THINGS), self.one(_SCOPES)))

    def written(self, day: date) -> str:
        """Returns a day as headings write it: the day and the months 1 and 2 with a zero, or without."""
        if self.random.random() < 0.8:
            return f"ngày {day.day:02d} tháng {f'{day.month:02d}' if day.month < 3 else day.month} năm {day.year}"
        return f"ngày {day.day} tháng {day.month} năm {day.year}"

    def bases(self, last: str | None) -> tuple[list[str], tuple[str, ...]]:
        law = self.one(_LAWS)
        decrees = self.random.sample(_DECREES, self.random.randint(1, 3))
        texts = [f"Căn cứ {law};", *(f"Căn cứ Nghị định số {number} {rest};" for number, rest in decrees)]
        named = [law.partition(" ngày")[0], *(number for number, _ in decrees)]
        if last is not None:
            texts.append(last)
        return texts, tuple(named)

    def force(self, noun: str, day: date, old: str | None) -> tuple[str, str]:
        """Returns an article on force, and the day."""
        kind = self.random.randrange(3)
        if kind == 0:
            words, since = "có hiệu lực thi hành kể từ ngày ký", day
        elif kind == 1:
            days = self.random.choice((7, 10, 15, 45))
            words = f"có hiệu lực thi hành sau {days} ngày{self.one((',', ''))} kể từ ngày ký{self.one((' ban hành', ''))}"
            since = day + timedelta(days=days)
        else:
            since = day + timedelta(days=self.random.randint(5, 60))
            shown = self.one(
                (f"{since.day:02d}/{since.month:02d}/{since.year}", f"{since.day:02d} tháng {since.month:02d} năm {since.year}")
            )
            words = f"có hiệu lực {self.one(('thi hành ', ''))}{self.one(('kể ', ''))}từ ngày {shown}"
        ending = f" và thay thế {old}" if old else ""
        return f"{noun.capitalize()} này {words}{ending}.", since.isoformat()


# --- documents ----------------------------------------------------------------------------------------


def _finish(maker: Maker, parts: Parts, truth: Truth, day: date, code: str) -> tuple[Parts, Truth]:
    """Writes number and date into the parts. Some documents are drafts, and some have a day that is left empty."""
    parts.number = f"Số: {truth.number}" if maker.random.random() < 0.8 else f"Số : {truth.number}"
    parts.dateline = f"{truth.place}, {maker.written(day)}"
    chance = maker.random.random()
    if chance < 0.06:
        blank = maker.one(("      ", " ...... ", "        "))
        parts.number = f"Số:{blank}/{code}"
        parts.dateline = f"{truth.place}, ngày{maker.one(('     ', ' ... '))}tháng{maker.one(('    ', ' ... '))}năm {day.year}"
        parts.signatures = [block[:-1] for block in parts.signatures]
        relative = truth.in_force_from is not None and not any(
            "từ ngày 0" in text or "từ ngày 1" in text or "từ ngày 2" in text or "từ ngày 3" in text for text in parts.body
        )
        truth = replace(
            truth,
            state="draft",
            number=None,
            date=str(day.year),
            signers=(),
            positions=(),
            in_force_from=None if relative else truth.in_force_from,
        )
    return parts, truth


def _articles(maker: Maker, noun: str, day: date, old: str | None) -> tuple[list[str], str | None]:
    force, since = maker.force(noun, day, old)
    body = [f"Điều 1. {maker.one(_PARAGRAPHS)}", f"Điều 2. {force}", f"Điều 3. {maker.one(_PARAGRAPHS)}"]
    if maker.random.random() < 0.5:
        body.insert(1, f"Điều 1a. {maker.one(_PARAGRAPHS)}")
    body[-1] += "/."
    return body, since


def _old(maker: Maker, code: str, day: date) -> tuple[str | None, tuple[str, ...]]:
    """Returns the decision that is replaced, in words, and its number."""
    if maker.random.random() < 0.5:
        return None, ()
    number = f"{maker.random.randint(2, 900)}/{code}"
    before = day - timedelta(days=maker.random.randint(400, 2_000))
    return f"Quyết định số {number} ngày {before.day:02d}/{before.month}/{before.year}", (number,)


def ministry(maker: Maker) -> tuple[Parts, Truth]:
    """A decision, a circular or a directive of a minister."""
    name, code = maker.random.choice(_ministries())
    day, kind = maker.day(), maker.one(("QĐ", "TT", "CT"))
    full = f"{kind}-{code}"
    serial = maker.random.randint(1, 60 if kind == "TT" else 2_900)
    number = f"{serial:02d}/{day.year}/{full}" if kind == "TT" else f"{serial:02d}/{full}"
    subject = maker.subject()
    bases, cited = maker.bases(f"Xét đề nghị của Vụ trưởng Vụ {maker.one(_OFFICES)},") if kind != "CT" else ([], ())
    old, ended = _old(maker, f"QĐ-{code}", day) if kind != "CT" else (None, ())
    body, since = _articles(maker, _NOUNS[kind], day, old)
    if kind == "CT":
        body = [
            "Thời gian qua, công tác này đã đạt được nhiều kết quả, song vẫn còn hạn chế.",
            *(f"{n}. {maker.one(_PARAGRAPHS)}" for n in range(1, 5)),
        ]
        since = None
    deputy = maker.random.random() < 0.5
    person = maker.person()
    signature = (["KT. BỘ TRƯỞNG", "THỨ TRƯỞNG"] if deputy else ["BỘ TRƯỞNG"]) + [person]
    recipients = [
        "Các Bộ, cơ quan ngang Bộ",
        "UBND các tỉnh, thành phố trực thuộc Trung ương",
        "Bộ trưởng và các Thứ trưởng",
        "Lưu: VT, CNTT",
    ]
    shown = maker.one((f"Về việc {subject}", f"{subject[0].upper()}{subject[1:]}", subject.upper()))
    parts = Parts(
        left=[name.upper()], number="", right=list(MOTTO), dateline="", about=None, type_lines=[_NOUNS[kind].upper()], subject=shown,
        decides=[f"BỘ TRƯỞNG {name.upper()}"] if kind != "CT" else [], bases=bases, enacting={"QĐ": "QUYẾT ĐỊNH:", "TT": maker.one(("QUY ĐỊNH:", "Bộ trưởng ban hành Thông tư:"))}.get(kind),
        body=body, signatures=[signature], recipients=recipients,
    )  # fmt: skip
    truth = Truth(
        "numbered", number, _NOUNS[kind], (name,), None, "Hà Nội", day.isoformat(), shown.removeprefix("Về việc "), cited, (person,), (signature[-2],), tuple(recipients), ended, since
    )  # fmt: skip
    return _finish(maker, parts, truth, day, f"{day.year}/{full}" if kind == "TT" else full)


def province(maker: Maker) -> tuple[Parts, Truth]:
    """A paper of the people's committee of a province."""
    level, name, capital = maker.random.choice(_provinces())
    day, kind = maker.day(), maker.one(("QĐ", "QĐ", "CT", "KH", "TTr"))
    code = f"{kind}-UBND"
    number = f"{maker.random.randint(1, 5_000):02d}/{code}"
    if kind == "QĐ" and maker.random.random() < 0.3:
        number = f"{maker.random.randint(1, 70):02d}/{day.year}/{code}"
    subject = maker.subject()
    bases, cited = (
        maker.bases(
            f"Theo đề nghị của Giám đốc Sở {maker.one(('Nội vụ', 'Tài chính', 'Thông tin và Truyền thông'))} tại Tờ trình số 45/TTr-SNV ngày 12/01/{day.year},"
        )
        if kind == "QĐ"
        else ([], ())
    )
    cited = (*cited, "45/TTr-SNV") if cited else cited
    old, ended = _old(maker, "QĐ-UBND", day) if kind == "QĐ" else (None, ())
    body, since = (
        _articles(maker, "quyết định", day, old)
        if kind == "QĐ"
        else ([f"{roman}. {maker.one(_PARAGRAPHS)}" for roman in ("I", "II", "III")], None)
    )
    person = maker.person()
    deputy = maker.random.random() < 0.6
    signature = ["TM. ỦY BAN NHÂN DÂN", *(["KT. CHỦ TỊCH", "PHÓ CHỦ TỊCH"] if deputy else ["CHỦ TỊCH"]), person]
    recipients = [
        maker.one(("Như Điều 3", "Như trên")),
        "Thường trực Tỉnh ủy, HĐND (b/c)",
        "Chủ tịch, các PCT UBND",
        "Cổng TTĐT; Trung tâm Công báo",
        "Lưu: VT, VX, KGVX",
    ]
    body_name = f"Ủy ban nhân dân {level} {name}"
    left = maker.random.choice(
        (
            [f"UBND {level.upper()} {name.upper()}"],
            ["ỦY BAN NHÂN DÂN", f"{level.upper()} {name.upper()}"],
            [f"UỶ BAN NHÂN DÂN {level.upper()} {name.upper()}"],
        )
    )
    shown = maker.one((f"Về việc {subject}", f"{subject[0].upper()}{subject[1:]}"))
    place = maker.one((capital, name)) if level == "tỉnh" else name
    parts = Parts(
        left=list(left), number="", right=list(MOTTO), dateline="", about=None, type_lines=[_NOUNS[kind].upper()], subject=shown,
        decides=[f"{maker.one(('', 'CHỦ TỊCH '))}ỦY BAN NHÂN DÂN {level.upper()} {name.upper()}"] if kind == "QĐ" else [], bases=bases, enacting="QUYẾT ĐỊNH:" if kind == "QĐ" else None,
        body=body, signatures=[signature], recipients=recipients,
    )  # fmt: skip
    truth = Truth(
        "numbered", number, _NOUNS[kind], (body_name,), None, place, day.isoformat(), shown.removeprefix("Về việc "), cited, (person,), (signature[-2],), tuple(recipients), ended, since
    )  # fmt: skip
    parts, truth = _finish(maker, parts, truth, day, code)
    if kind == "QĐ" and maker.random.random() < 0.4 and truth.number:
        parts.annexes = [
            f"{maker.one(('PHỤ LỤC', 'QUY CHẾ'))}",
            f"(Ban hành kèm theo Quyết định số {truth.number} của UBND {level} {name})",
            "Chương I",
            "Điều 1. Phạm vi điều chỉnh",
        ]
        truth = replace(truth, annexes=1)
    return parts, truth


def department(maker: Maker) -> tuple[Parts, Truth]:
    """A paper of a department, below the committee of its province."""
    level, province_name, capital = maker.random.choice(_provinces())
    name, code = maker.random.choice(_DEPARTMENTS)
    day, kind = maker.day(), maker.one(("QĐ", "KH", "BC", "TB", "HD"))
    full = f"{kind}-{code}"
    number = f"{maker.random.randint(1, 2_000):02d}/{full}"
    subject = maker.subject()
    bases, cited = maker.bases(f"Xét đề nghị của Trưởng phòng {maker.one(_OFFICES)},") if kind == "QĐ" else ([], ())
    old, ended = _old(maker, f"QĐ-{code}", day) if kind == "QĐ" else (None, ())
    body, since = (
        _articles(maker, "quyết định", day, old)
        if kind == "QĐ"
        else ([f"{roman}. {maker.one(_PARAGRAPHS)}" for roman in ("I", "II")], None)
    )
    person = maker.person()
    signature = (["KT. GIÁM ĐỐC", "PHÓ GIÁM ĐỐC"] if maker.random.random() < 0.5 else ["GIÁM ĐỐC"]) + [person]
    recipients = [f"UBND {level} (b/c)", "Giám đốc, các Phó Giám đốc Sở", "Các phòng, đơn vị thuộc Sở", "Lưu: VT"]
    left = [f"UBND {level.upper()} {province_name.upper()}", *maker.random.choice(([name.upper()], textwrap.wrap(name.upper(), 18)))]
    shown = maker.one((f"Về việc {subject}", f"{subject[0].upper()}{subject[1:]}"))
    place = maker.one((capital, province_name)) if level == "tỉnh" else province_name
    parts = Parts(
        left=left, number="", right=list(MOTTO), dateline="", about=None, type_lines=[_NOUNS[kind].upper()], subject=shown,
        decides=[f"GIÁM ĐỐC {name.upper()}"] if kind == "QĐ" else [], bases=bases, enacting="QUYẾT ĐỊNH:" if kind == "QĐ" else None, body=body, signatures=[signature], recipients=recipients,
    )  # fmt: skip
    superior = f"Ủy ban nhân dân {level} {province_name}"
    truth = Truth(
        "numbered", number, _NOUNS[kind], (name,), superior, place, day.isoformat(), shown.removeprefix("Về việc "), cited, (person,), (signature[-2],), tuple(recipients), ended, since
    )  # fmt: skip
    return _finish(maker, parts, truth, day, full)


def joint(maker: Maker) -> tuple[Parts, Truth]:
    """A joint circular of two ministries."""
    (first, first_code), (second, second_code) = maker.random.sample(_ministries(), 2)
    day = date(2008, 1, 5) + timedelta(days=maker.random.randrange(2_900))
    full = f"{day.year}/TTLT-{first_code}-{second_code}"
    number = f"{maker.random.randint(1, 60):02d}/{full}"
    subject = maker.subject()
    bases, cited = maker.bases(None)
    body, since = _articles(maker, "thông tư", day, None)
    people = (maker.person(), maker.person())
    signatures = [[f"KT. BỘ TRƯỞNG {second.upper()}", "THỨ TRƯỞNG", people[0]], [f"KT. BỘ TRƯỞNG {first.upper()}", "THỨ TRƯỞNG", people[1]]]
    recipients = ["Ban Bí thư Trung ương Đảng", "Thủ tướng, các Phó Thủ tướng Chính phủ", "Văn phòng Quốc hội", "Lưu: VT hai Bộ"]
    left = maker.random.choice(
        ([f"{first.upper()} - {second.upper()}"], [f"{first.upper()} -", second.upper()], [first.upper(), second.upper()])
    )
    shown = maker.one((f"Về việc {subject}", f"{subject[0].upper()}{subject[1:]}"))
    parts = Parts(
        left=list(left), number="", right=list(MOTTO), dateline="", about=None, type_lines=["THÔNG TƯ LIÊN TỊCH"], subject=shown, decides=[], bases=bases,
        enacting=f"Bộ trưởng {first} và Bộ trưởng {second} ban hành Thông tư liên tịch:", body=body, signatures=signatures, recipients=recipients,
    )  # fmt: skip
    truth = Truth(
        "numbered", number, "thông tư liên tịch", (first, second), None, "Hà Nội", day.isoformat(), shown.removeprefix("Về việc "), cited, people, ("THỨ TRƯỞNG", "THỨ TRƯỞNG"), tuple(recipients), (), since
    )  # fmt: skip
    return _finish(maker, parts, truth, day, full)


def letter(maker: Maker) -> tuple[Parts, Truth]:
    """An official letter: no line with the type, and its subject below the number."""
    day = maker.day()
    about = f"{maker.one(_LETTERS)} {maker.one(_THINGS)}"
    person = maker.person()
    if maker.random.random() < 0.5:
        name, base = maker.random.choice(_ministries())
        left, place, superior = [name.upper()], "Hà Nội", None
        signature = ["TL. BỘ TRƯỞNG", "CHÁNH VĂN PHÒNG", person]
    else:
        level, province_name, capital = maker.random.choice(_provinces())
        name, base = maker.random.choice(_DEPARTMENTS)
        left, place, superior = (
            [f"UBND {level.upper()} {province_name.upper()}", name.upper()],
            capital,
            f"Ủy ban nhân dân {level} {province_name}",
        )
        signature = ["KT. GIÁM ĐỐC", "PHÓ GIÁM ĐỐC", person]
    code = f"{base}-{maker.one(('VP', 'CNTT', 'BCVT', 'KHTC', 'TTr'))}"
    number = f"{maker.random.randint(1, 4_000)}/{code}"
    recipients = ["Như trên", "Lãnh đạo Sở", "Lưu: VT, CNTT"]
    opening = maker.one(
        (
            "Thực hiện Công văn số 2290/BTTTT-THH ngày 05/8/2013",
            "Để triển khai nhiệm vụ năm",
            "Ngày 12/3/2013, Sở nhận được Báo cáo số 15/BC-UBND",
        )
    )
    body = [
        "Kính gửi: Các cơ quan, đơn vị liên quan",
        f"{opening}, cơ quan đề nghị các đơn vị phối hợp thực hiện các nội dung sau:",
        f"1. {maker.one(_PARAGRAPHS)}",
        f"2. {maker.one(_PARAGRAPHS)}",
        "Trân trọng./.",
    ]
    parts = Parts(
        left=left, number="", right=list(MOTTO), dateline="", about=f"{maker.one(('V/v ', 'V/v: ', 'V/v '))}{about}", type_lines=[], subject="", decides=[], bases=[], enacting=None, body=body,
        signatures=[signature], recipients=recipients,
    )  # fmt: skip
    truth = Truth(
        "numbered", number, "công văn", (name,), superior, place, day.isoformat(), about, (), (person,), (signature[-2],), tuple(recipients)
    )
    return _finish(maker, parts, truth, day, code)


# --- held-out: written after the rules ------------------------------------------------------------------

_DISTRICTS = _parts(
    "huyện Anh Sơn|huyện Cần Giờ|quận Ba Đình|thị xã Sơn Tây|huyện Ea H'leo|thành phố Hạ Long|huyện Mù Cang Chải|quận 5|thị xã Từ Sơn|huyện Đông Anh"
)
_OFFICES_OF_DISTRICT = (("Phòng Văn hóa và Thông tin", "VHTT"), ("Phòng Nội vụ", "PNV"), ("Phòng Tài chính - Kế hoạch", "TCKH"))
_MINORITY = _parts("Y Thanh Hà|Lò Văn Giàng|Giàng A Chu|Triệu Tài Vinh|Hà Ban|K'Dung|Điểu Ré|Cầm Ngọc Minh|Chẩu Văn Lâm|Thào Xuân Sùng")
_ABSTRACTS = _parts(
    "Quy định chi tiết và hướng dẫn thi hành một số điều của Luật Viễn thông|Về chính sách hỗ trợ đưa thông tin về cơ sở|Thông qua Quy hoạch phát triển bưu chính, viễn thông tỉnh đến năm 2020"
    "|Phê duyệt Chương trình quốc gia về ứng dụng công nghệ thông tin trong hoạt động của cơ quan nhà nước|Về mức thu, chế độ thu, nộp, quản lý và sử dụng phí thẩm định|Về việc cử công chức tham gia đoàn kiểm tra liên ngành"
)
_GAZETTE = ["CÔNG BÁO/Số 231 + 232/Ngày 12-3-2012", "VĂN BẢN QUY PHẠM PHÁP LUẬT"]
_SIGNATURE = [
    "Người ký: Cổng Thông tin điện tử",
    "Email: congbao@so-mau.test",
    "Cơ quan: Văn phòng",
    "Thời gian ký: 12.03.2012 15:02:11 +07:00",
]


def government(maker: Maker) -> tuple[Parts, Truth]:
    """A decree of the Government, or a decision of the Prime Minister."""
    day = maker.day()
    decree = maker.random.random() < 0.5
    issuer, code = ("Chính phủ", "NĐ-CP") if decree else ("Thủ tướng Chính phủ", "QĐ-TTg")
    with_year = decree or maker.random.random() < 0.3
    tail = f"{day.year}/{code}" if with_year else code
    number = f"{maker.random.randint(1, 2_000 if not with_year else 150):02d}/{tail}"
    subject = maker.one(_ABSTRACTS)
    bases, cited = maker.bases(f"Theo đề nghị của Bộ trưởng Bộ {maker.one(('Tài chính', 'Nội vụ', 'Tư pháp'))},")
    if decree:
        bases[-1] = "Xét đề nghị của Bộ trưởng Bộ Thông tin và Truyền thông,"
    noun = "nghị định" if decree else "quyết định"
    body, since = _articles(maker, noun, day, None)
    person = maker.person()
    signature = (["TM. CHÍNH PHỦ", "THỦ TƯỚNG"] if decree else maker.random.choice((["THỦ TƯỚNG"], ["KT. THỦ TƯỚNG", "PHÓ THỦ TƯỚNG"]))) + [
        person
    ]
    recipients = [
        "Ban Bí thư Trung ương Đảng",
        "HĐND, UBND các tỉnh, thành phố trực thuộc Trung ương",
        "VPCP: BTCN, các PCN, Trợ lý TTg, Cổng TTĐT, các Vụ, Cục",
        "Lưu: VT, KGVX (3b)",
    ]
    parts = Parts(
        left=[issuer.upper()], number="", right=list(MOTTO), dateline="", about=None, type_lines=[noun.upper()], subject=subject, decides=[issuer.upper()] if not decree else [], bases=bases,
        enacting="QUYẾT ĐỊNH:" if not decree else "Chính phủ ban hành Nghị định:", body=body, signatures=[signature], recipients=recipients,
        above=maker.random.choice(([], _GAZETTE, _SIGNATURE)),
    )  # fmt: skip
    truth = Truth(
        "numbered",
        number,
        noun,
        (issuer,),
        None,
        "Hà Nội",
        day.isoformat(),
        _bare(subject),
        cited,
        (person,),
        (signature[-2],),
        tuple(recipients),
        (),
        since,
    )
    return _finish(maker, parts, truth, day, tail)


def council(maker: Maker) -> tuple[Parts, Truth]:
    """A resolution of the people's council of a province."""
    level, name, _ = maker.random.choice(_provinces())
    day = maker.day()
    code = f"{day.year}/NQ-HĐND" if maker.random.random() < 0.6 else "NQ-HĐND"
    number = f"{maker.random.randint(1, 200):02d}/{code}"
    body_name = f"Hội đồng nhân dân {level} {name}"
    session = f"KHÓA {maker.one(('XVI', 'XVII', 'VIII', 'IX'))}, KỲ HỌP THỨ {maker.random.randint(1, 20)}"
    subject = maker.one(_ABSTRACTS)
    bases, cited = maker.bases(
        "Xét Tờ trình số 3950/TTr-UBND ngày 18 tháng 6 năm 2012 của Ủy ban nhân dân tỉnh; Báo cáo thẩm tra của Ban Kinh tế và Ngân sách; ý kiến thảo luận của đại biểu,"
    )
    days = maker.random.choice((10, 15))
    body = [
        f"Điều 1. {maker.one(_PARAGRAPHS)}",
        f"Điều 2. {maker.one(_PARAGRAPHS)}",
        f"Nghị quyết này đã được {body_name} thông qua ngày {day.day} tháng {day.month} năm {day.year} và có hiệu lực sau {days} ngày kể từ ngày thông qua./.",
    ]
    person = maker.one((maker.person(), maker.one(_MINORITY)))
    signature = ["CHỦ TỊCH", person] if maker.random.random() < 0.7 else ["KT. CHỦ TỊCH", "PHÓ CHỦ TỊCH", person]
    recipients = ["Ủy ban Thường vụ Quốc hội", "TT. Tỉnh ủy, TT. HĐND, UBND", "Đại biểu HĐND", "Lưu: VT, TH"]
    parts = Parts(
        left=["HỘI ĐỒNG NHÂN DÂN", f"{level.upper()} {name.upper()}", *maker.random.choice(([], [session]))], number="", right=list(MOTTO), dateline="", about=None, type_lines=["NGHỊ QUYẾT"], subject=subject,
        decides=[f"HỘI ĐỒNG NHÂN DÂN {level.upper()} {name.upper()}", session], bases=bases, enacting="QUYẾT NGHỊ:", body=body, signatures=[signature], recipients=recipients,
        above=maker.random.choice(([], _GAZETTE)),
    )  # fmt: skip
    since = (day + timedelta(days=days)).isoformat()
    truth = Truth(
        "numbered",
        number,
        "nghị quyết",
        (body_name,),
        None,
        name,
        day.isoformat(),
        _bare(subject),
        (*cited, "3950/TTr-UBND"),
        (person,),
        (signature[-2],),
        tuple(recipients),
        (),
        since,
    )
    return _finish(maker, parts, truth, day, code)


def district(maker: Maker) -> tuple[Parts, Truth]:
    """A report or a plan of an office of a district, addressed like a letter."""
    place = maker.one(_DISTRICTS)
    name, code = maker.random.choice(_OFFICES_OF_DISTRICT)
    day, kind = maker.day(), maker.one(("BC", "KH", "TTr"))
    number = f"{maker.random.randint(1, 300)}/{kind}-{code}"
    subject = maker.one(
        (
            "Kết quả công tác tháng 3 năm 2013",
            "Tuyên truyền kỷ niệm ngày thành lập Đảng bộ huyện",
            "Về việc xin bổ sung kinh phí hoạt động",
            "Kết quả thực hiện Chỉ thị số 07/2008/CT-BTTTT ngày 30/12/2008",
        )
    )
    person = maker.one((maker.person(), maker.one(_MINORITY)))
    recipients = ["Như trên", "Lưu: VT"]
    body = [
        f"Kính gửi: Ủy ban nhân dân {place}",
        f"Thực hiện Công văn số 123/UBND-VX ngày 01/03/2013, {name} báo cáo như sau:",
        f"1. {maker.one(_PARAGRAPHS)}",
        f"2. {maker.one(_PARAGRAPHS)}",
    ]
    parts = Parts(
        left=[f"UBND {place.upper()}", name.upper()], number="", right=list(MOTTO), dateline="", about=None, type_lines=[_NOUNS[kind].upper()], subject=subject, decides=[], bases=[], enacting=None,
        body=body, signatures=[[maker.one(("TRƯỞNG PHÒNG", "Q. TRƯỞNG PHÒNG")), person]], recipients=recipients,
    )  # fmt: skip
    where = (
        "Quận 5"
        if place == "quận 5"
        else place.removeprefix("thành phố ").removeprefix("thị xã ").removeprefix("huyện ").removeprefix("quận ")
    )
    truth = Truth(
        "numbered",
        number,
        _NOUNS[kind],
        (name,),
        f"Ủy ban nhân dân {place}",
        where,
        day.isoformat(),
        _bare(subject),
        (),
        (person,),
        (parts.signatures[0][0],),
        tuple(recipients),
    )
    return _finish(maker, parts, truth, day, f"{kind}-{code}")


def _bare(subject: str) -> str:
    return subject.removeprefix("Về việc ").removeprefix("Về ")


SEEN: tuple[Callable[[Maker], tuple[Parts, Truth]], ...] = (ministry, province, department, joint, letter)
HELD_OUT: tuple[Callable[[Maker], tuple[Parts, Truth]], ...] = (government, council, district)


# --- laying out ---------------------------------------------------------------------------------------


def lay_out(maker: Maker, parts: Parts) -> tuple[str, ...]:
    """Returns the pages of a document as an extraction of text gives them."""
    way = maker.one(("gap", "left-first", "right-first", "joined", "paragraphs"))
    width = maker.random.choice((60, 72, 90))
    lines = [*parts.above, *_heading(maker, parts, way)]
    whole = way == "paragraphs"
    blank = [""] if maker.random.random() < 0.6 or whole else []

    def wrapped(text: str, size: int = width) -> list[str]:
        return [text, ""] if whole else textwrap.wrap(text, size, break_long_words=False, break_on_hyphens=False)

    lines += blank
    lines += parts.type_lines
    if parts.subject:
        lines += blank if whole else []
        lines += wrapped(parts.subject, maker.random.choice((45, 58, 70)))
        lines += maker.random.choice(([], ["__________"], ["-------"]))
    lines += [*blank, *parts.decides, *blank]
    for text in parts.bases:
        lines += wrapped(text)
    lines += [*blank, parts.enacting, *blank] if parts.enacting else []
    for text in parts.body:
        lines += wrapped(text)
    lines += [*blank, *_end(maker, parts, way)]
    pages = [lines]
    if parts.annexes:
        pages.append(parts.annexes)
    return tuple("\n".join(page) for page in pages)


def _heading(maker: Maker, parts: Parts, way: str) -> list[str]:
    rule = maker.random.choice(([], ["-------"], ["_______"]))
    about = textwrap.wrap(parts.about, maker.random.choice((26, 34, 60))) if parts.about else []
    if way in ("left-first", "paragraphs"):
        return [*parts.left, *rule, parts.number, *about, *parts.right, *rule, parts.dateline]
    if way == "right-first":
        return [*parts.right, *rule, parts.dateline, *parts.left, *rule, parts.number, *about]
    gap = " " if way == "joined" else " " * maker.random.randint(4, 20)
    left, right = list(parts.left), list(parts.right)
    while len(left) < len(right):
        left.append("")
    while len(right) < len(left):
        right.append("")
    lines = [f"{one}{gap}{other}".strip() for one, other in zip(left, right, strict=True)]
    return [*lines, *rule, f"{parts.number}{gap}{parts.dateline}", *about]


def _end(maker: Maker, parts: Parts, way: str) -> list[str]:
    signed = ["(Đã ký)"] if maker.random.random() < 0.3 and any(len(block) > 1 for block in parts.signatures) else []
    marks = [f"- {one}{';' if at < len(parts.recipients) - 1 else '.'}" for at, one in enumerate(parts.recipients)]
    left = ["Nơi nhận:", *marks]
    if len(parts.signatures) > 1:
        wide = max(len(row) for row in parts.signatures[0]) + 6
        side = [f"{one:<{wide}}{other}" for one, other in zip(*parts.signatures, strict=True)]
        return [*side, *left] if maker.random.random() < 0.5 else [*left, *side]
    [block] = parts.signatures
    has_name = not block[-1].isupper() if block else False
    right = [*block[:-1], *(signed if has_name else []), *block[-1:]]
    if way in ("left-first", "paragraphs"):
        return [*left, *right]
    if way == "right-first":
        return [*right, *left]
    wide = max(map(len, left)) + 8
    height = max(len(left), len(right))
    rows_of_end = zip(left + [""] * (height - len(left)), right + [""] * (height - len(right)), strict=True)
    return [f"{one:<{wide}}{other}".rstrip() if way == "gap" or not other else f"{one} {other}".strip() for one, other in rows_of_end]


_SCANNED = (
    ("Số:", "Sô:"),
    ("Độc lập - Tự do", "Đôc lâp - Tư do"),
    ("XÃ HỘI", "XÃ HÔI"),
    ("QUYẾT ĐỊNH\n", "QUYÉT ĐỊNH\n"),
    ("Căn cứ", "Căn cử"),
    ("ngày 0", "ngày O"),
    ("/QĐ-", "/QD-"),
    ("Nơi nhận", "Noi nhận"),
)


def scanned(maker: Maker, pages: Sequence[str]) -> tuple[str, ...]:
    """Returns the pages with some mistakes of a scanner in the frame of the document."""
    first, *others = pages
    for right, wrong in maker.random.sample(_SCANNED, 3):
        count = 1 if right in ("ngày 0", "/QĐ-") else -1
        first = first.replace(right, wrong, count)
    return (first, *others)


@dataclass(frozen=True)
class Generated:
    """A generated document: its layout, its pages and its fields."""

    layout: str
    pages: tuple[str, ...]
    truth: Truth


def generate(count: int, layouts: Sequence[Callable[[Maker], tuple[Parts, Truth]]] = SEEN, seed: int = SEED) -> Iterator[Generated]:
    """Yields documents, each layout in turn. One of eight has the mistakes of a scanner."""
    maker = Maker(seed)
    for number in range(count):
        layout = layouts[number % len(layouts)]
        parts, truth = layout(maker)
        pages = lay_out(maker, parts)
        if maker.random.random() < 0.125:
            pages = scanned(maker, pages)
        yield Generated(layout.__name__, pages, truth)


# --- measuring ----------------------------------------------------------------------------------------


def fields_of(read: HeldDocument) -> dict[str, object]:
    """Returns the fields of a document that was read, in the form of `truth_of`."""
    return {
        "state": str(read.state),
        "number": read.number.value,
        "type": read.doc_type.value,
        "issuers": tuple(one.value for one in read.issuers),
        "superior": read.superior.value,
        "place": read.place.value,
        "date": read.issued_on.value,
        "subject": read.subject.value,
        "bases": tuple(one.mention.number or one.mention.text for basis in read.legal_bases for one in basis.documents),
        "signers": tuple(one.name.value for one in read.signers),
        "positions": tuple(one.position.value for one in read.signers),
        "recipients": tuple(one.value for one in read.recipients),
        "ended": tuple(one.mention.number for clause in read.ended for one in clause.documents),
        "in force from": read.in_force_from.value,
        "annexes": len(read.annexes),
    }


def truth_of(truth: Truth) -> dict[str, object]:
    """Returns the fields that a document has."""
    upper = {name: tuple(one.upper() if "/" in one else one for one in getattr(truth, name)) for name in ("bases", "ended")}
    return {
        "state": truth.state,
        "number": truth.number.upper() if truth.number else None,
        "type": truth.type,
        "issuers": tuple(full_name(one) for one in truth.issuers),  # in the spelling of the citations: "Phòng Văn hóa - Thông tin"
        "superior": truth.superior,
        "place": truth.place,
        "date": truth.date,
        "subject": truth.subject,
        "bases": upper["bases"],
        "signers": truth.signers,
        "positions": truth.positions,
        "recipients": truth.recipients,
        "ended": upper["ended"],
        "in force from": truth.in_force_from,
        "annexes": truth.annexes,
    }


def wrong_fields(one: Generated) -> dict[str, tuple[object, object]]:
    """Returns the fields that were read wrongly, as truth and reading."""
    found, true = fields_of(read_document(one.pages)), truth_of(one.truth)
    return {name: (true[name], found[name]) for name in true if found[name] != true[name]}


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--documents", type=int, default=100)
    parser.add_argument("--part", choices=("seen", "held-out", "both"), default="both")
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument("--show", type=int, default=0, help="print this many wrong fields")
    parser.add_argument("--gate", action="store_true")
    given = parser.parse_args()
    failed = False
    for part, layouts in (("seen", SEEN), ("held-out", HELD_OUT)):
        if given.part not in (part, "both") or not layouts:
            continue
        documents = list(generate(given.documents, layouts, given.seed))
        began = time.perf_counter()
        wrong: Counter[str] = Counter()
        shown = 0
        for one in documents:
            for name, (true, found) in wrong_fields(one).items():
                wrong[name] += 1
                if shown < given.show:
                    shown += 1
                    print(f"--- {one.layout}: {name}\n  truth {true!r}\n  read  {found!r}\n" + one.pages[0] * (given.show == 1))
        took = (time.perf_counter() - began) / len(documents)
        print(f"{part}: {len(documents)} documents, {took * 1000:.1f} ms each")
        for name in (*HEADING, *OTHERS):
            exact = 1 - wrong[name] / len(documents)
            below = name in HEADING and exact < FLOOR
            failed = failed or below
            print(f"  {name:14} {exact:.3f}{'  below the floor' if below else ''}")
    return int(given.gate and failed)


if __name__ == "__main__":
    sys.exit(main())
