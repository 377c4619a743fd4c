"""Resolves a citation to the cited document, to several candidates, or to none."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from scraper.citations import DocumentsInMemory, KnownDocument, Resolution, document_keys, find, reference_documents, resolve
from scraper.citations.forms.document_keys import fold_number
from scraper.citations.resolving.known_documents import statute_names
from scraper.citations.resolving.short import Candidate, ShortCitation, of_source
from scraper.model import Context, Mention

KNOWN = DocumentsInMemory(reference_documents())


def _resolved(text: str, context: Context | None = None, known: DocumentsInMemory = KNOWN) -> list[tuple[Mention, Resolution]]:
    context = context or Context()
    mentions = find(text, context)
    return list(zip(mentions, resolve(mentions, known, context), strict=True))


def _one(text: str, context: Context | None = None, known: DocumentsInMemory = KNOWN) -> Resolution:
    [(_, resolution)] = _resolved(text, context, known)
    return resolution


def _document(doc_id: str, doc_type: str, number: str, issued: str, place: str | None = None, issuer: str | None = None) -> KnownDocument:
    day = date.fromisoformat(issued)
    return KnownDocument(doc_id, doc_type, number, day.year, place, issuer, day)


def test_one_number_in_two_provinces_is_two_documents() -> None:
    text = "Quyết định số 12/QĐ-UBND ngày 5/3/2010 của UBND tỉnh {}"
    keys = {document_keys(find(text.format(name))[0], Context()) for name in ("Nghệ An", "Hà Tĩnh")}
    assert {key.place for (key,) in keys} == {"nghe-an", "ha-tinh"}
    assert {_one(text.format(name)).status for name in ("Nghệ An", "Hà Tĩnh")} == {"stub"}


def test_a_decision_whose_province_is_nowhere_stated_is_not_guessed() -> None:
    known = DocumentsInMemory([_document(f"12-{p}", "quyết định", "12/QĐ-UBND", "2010-03-05", p) for p in ("nghe-an", "ha-tinh")])
    text = "Thực hiện Quyết định số 12/QĐ-UBND ngày 5/3/2010, các đơn vị đã báo cáo."
    assert _one(text).status == "unresolved"
    assert _one(text, known=known).status == "unresolved"
    # On the site of a department of one of the two, it is the document of that one.
    assert _one(text, Context(unit="nghe-an", province="Nghệ An", published=date(2010, 4, 1)), known).document == "12-nghe-an"


def test_two_decisions_of_one_number_are_distinguished_by_their_date() -> None:
    of = "Chỉ thị 14/CT-TTg ngày {} của Thủ tướng Chính phủ"
    first, second = (_one(of.format(day)) for day in ("25/5/2018", "07/6/2019"))
    assert "resolved" in (first.status, second.status)
    assert (first.document, first.key) != (second.document, second.key)
    undated = _one("Chỉ thị 14/CT-TTg của Thủ tướng Chính phủ", Context(published=date(2024, 1, 1)))
    assert undated.status in ("ambiguous", "unresolved")
    if undated.status == "ambiguous":
        assert len(undated.candidates) > 1


def test_a_number_without_its_year_is_found_by_its_day() -> None:
    known = DocumentsInMemory([_document("decree", "nghị định", "91/2031/NĐ-CP", "2031-05-04", issuer="Chính phủ")])
    found = _one("Nghị định số 91/NĐ-CP ngày 04/5/2031 của Chính phủ", known=known)
    assert (found.document, found.rule, found.confidence) == ("decree", "number-without-its-year", "medium")
    for other in ("Nghị định số 91/NĐ-CP ngày 05/5/2031", "Nghị định số 91/NĐ-CP năm 2031", "Nghị định số 91/NĐ-HĐBT ngày 04/5/2031"):
        assert _one(other, known=known).document is None


def test_a_number_of_the_national_assembly_can_be_a_law_and_a_resolution() -> None:
    law, resolution = _one("Luật số 15/2008/QH12"), _one("Nghị quyết số 15/2008/QH12")
    assert (law.document, law.key) != (resolution.document, resolution.key)


def test_the_province_of_that_time_is_meant() -> None:
    """Hà Tây was merged into Hà Nội in 2008, Bắc Giang into Bắc Ninh in 2025. A citation of an old document means the old unit."""
    text = "Quyết định số 12/QĐ-UBND ngày 5/3/{} của UBND tỉnh Hà Tây"
    [key] = document_keys(find(text.format(2007))[0], Context())
    assert key.place == "ha-tay"
    mentions = find("Quyết định số 12/QĐ-UBND ngày 5/3/2024", context := Context(unit="bac-ninh-2025", published=date(2025, 9, 1)))
    assert {key.place for key in document_keys(mentions[0], context)} <= {"bac-ninh", "bac-giang"}


def test_a_short_mention_is_the_full_one_of_its_article() -> None:
    text = "Nghị định số 64/2007/NĐ-CP ngày 10/4/2007 của Chính phủ quy định nhiều việc. Theo Nghị định 64, mỗi cơ quan có một trang."
    (_, full), (mention, short) = _resolved(text)
    assert mention.kind == "short"
    assert (short.status, short.document) == (full.status, full.document)


@pytest.mark.parametrize("first", ["64/2007/NĐ-CP", "64/2001/NĐ-CP"])
def test_a_short_mention_with_a_year_is_the_full_one_of_that_year(first: str) -> None:
    other = "64/2001/NĐ-CP" if first.startswith("64/2007") else "64/2007/NĐ-CP"
    text = f"Bài nêu Nghị định số {first} và Nghị định số {other} của Chính phủ. Nghị định 64{{}} quy định nhiều việc."
    for year in (" năm 2001", "/2001", "-2001", " (năm 2001)", " ngày 20/9/2001"):
        *full, (mention, short) = _resolved(text.format(year))
        [(_, wanted)] = [one for one in full if one[0].year == 2001]
        assert mention.kind == "short" and mention.resolved == "64/2001/NĐ-CP"
        assert (short.status, short.document, short.key, short.rule) == (wanted.status, wanted.document, wanted.key, "short-in-article")
    assert _resolved(text.format(""))[-1][1].rule == "short-in-article-several"


@pytest.mark.parametrize(("stated", "target"), [({"year": 2001}, 1), ({"year": 2007}, 7), ({}, None), ({"issued_on": "2001-09-20"}, 1)])
def test_the_same_rule_decides_between_the_full_citations_of_other_articles(stated: dict[str, Any], target: int | None) -> None:
    full = [
        Candidate(7, 2007, days=frozenset(["2007-04-10"]), issuers=frozenset(["Chính phủ"])),
        Candidate(1, 2001, days=frozenset(["2001-09-20"]), issuers=frozenset(["Chính phủ"])),
    ]
    assert of_source(ShortCitation("nghị định", "64", issuer="Chính phủ", published="2008-05-01", **stated), full) == target


def test_a_short_mention_without_a_full_one_needs_its_year_or_its_issuer() -> None:
    assert _one("Sau ba năm thực hiện Quyết định 5, tỷ lệ tăng lên.").status in ("unresolved", "ambiguous")
    named = _one("Nghị quyết 36a của Chính phủ được triển khai rộng rãi.", Context(published=date(2016, 5, 1)))
    assert named.status == "resolved"


def test_a_law_is_the_one_in_force_when_it_was_cited() -> None:
    old = _one("Luật Giao dịch điện tử quy định chữ ký số.", Context(published=date(2015, 1, 1)))
    new = _one("Luật Giao dịch điện tử quy định chữ ký số.", Context(published=date(2025, 1, 1)))
    assert (old.status, new.status) == ("resolved", "resolved")
    assert old.document != new.document
    assert _one("Luật Giao dịch điện tử quy định chữ ký số.").status == "ambiguous"


def test_a_date_that_contradicts_is_reported_and_nothing_is_overwritten() -> None:
    text = "Chỉ thị số 07/2008/CT-BTTTT ngày 30/12/2009 của Bộ Thông tin và Truyền thông"
    [(mention, resolution)] = _resolved(text)
    assert (mention.issued_on, mention.year) == ("2009-12-30", 2008)
    assert (resolution.status, resolution.date_conflict) == ("resolved", True)


def test_a_year_that_slipped_does_not_make_a_second_document() -> None:
    text = "Quyết định số 749/QĐ-TTg ngày 3/6/2021 của Thủ tướng Chính phủ"
    resolution = _one(text)
    assert (resolution.status, resolution.date_conflict) == ("resolved", True)


def test_what_is_later_than_the_article_is_not_meant() -> None:
    known = DocumentsInMemory([_document("late", "quyết định", "749/QĐ-TTG", "2020-06-03")])
    assert _one("Quyết định số 749/QĐ-TTg", Context(published=date(2015, 1, 1)), known).status == "unresolved"
    assert _one("Quyết định số 749/QĐ-TTg", Context(published=date(2021, 1, 1)), known).document == "late"


def test_every_resolution_names_its_rule() -> None:
    text = "Luật Đất đai, Nghị định 64, Quyết định số 12/QĐ-UBND và TCVN ISO 9001:2008"
    assert all(resolution.rule for _, resolution in _resolved(text))


# --- short citations ------------------------------------------------------------------------------

REGISTER = DocumentsInMemory(
    [  # made by this project
        _document("ct16-2017", "chỉ thị", "16/CT-TTG", "2017-05-04", issuer="Thủ tướng Chính phủ"),
        _document("ct16-2020", "chỉ thị", "16/CT-TTG", "2020-03-31", issuer="Thủ tướng Chính phủ"),
        _document("ct41-2020", "chỉ thị", "41/CT-TTG", "2020-12-21", issuer="Thủ tướng Chính phủ"),
        _document("ct23-2019", "chỉ thị", "23/CT-TTG", "2019-09-05", issuer="Thủ tướng Chính phủ"),
        _document("qd28-2018", "quyết định", "28/2018/QĐ-TTG", "2018-07-12", issuer="Thủ tướng Chính phủ"),
        _document("nd30-2020", "nghị định", "30/2020/NĐ-CP", "2020-03-05", issuer="Chính phủ"),
        _document("tt12-btc", "thông tư", "12/2019/TT-BTC", "2019-02-26", issuer="Bộ Tài chính"),
        _document("kh9", "kế hoạch", "9/KH-UBND", "2020-01-15", place="nghe-an", issuer="Ủy ban nhân dân tỉnh Nghệ An"),
    ]
)


def _short(text: str, published: str | None = "2020-10-01", **context: str) -> Resolution:
    day = date.fromisoformat(published) if published else None
    return _one(text, Context(published=day, **context), REGISTER)


def test_that_the_register_knows_no_other_is_no_reason_to_link() -> None:
    for text in ("Chỉ thị 23 của Thủ tướng được triển khai.", "Theo Nghị định 30, văn bản phải ghi rõ."):
        resolution = _short(text)
        assert (resolution.status, resolution.document, resolution.rule) == ("unresolved", None, "short-no-year")
    both = _short("Chỉ thị 16 của Thủ tướng được triển khai.")
    assert (both.status, both.candidates, both.rule) == ("ambiguous", ("ct16-2017", "ct16-2020"), "short-several")
    assert _short("Thực hiện Thông tư 12 năm 2019, đơn vị đã báo cáo.").rule == "short-no-issuer"


def test_year_and_issuer_or_the_day_resolve() -> None:
    for text, document, rule, confidence in (
        ("Chỉ thị 16 năm 2020 của Thủ tướng Chính phủ", "ct16-2020", "short-year-issuer", "medium"),
        ("Chỉ thị 23 ngày 5/9/2019 của Thủ tướng Chính phủ", "ct23-2019", "short-year-issuer", "medium"),
        ("Chỉ thị 23 ngày 05/9/2019", "ct23-2019", "short-day", "medium"),
        ("Quyết định 28/2018 của Thủ tướng", "qd28-2018", "short-year-issuer", "medium"),
        ("Nghị định 30 năm 2020", "nd30-2020", "short-year-issuer", "medium"),
        ("Chỉ thị 16 năm 2017 của Chính phủ", "ct16-2017", "short-year-issuer", "medium"),  # the press means the Prime Minister
    ):
        resolution = _short(f"Thực hiện {text}, đơn vị đã báo cáo.")
        assert (text, resolution.document, resolution.rule, resolution.confidence) == (text, document, rule, confidence)


def test_what_contradicts_is_no_candidate() -> None:
    for text, published in (
        ("Chỉ thị 23 ngày 6/9/2019 của Thủ tướng Chính phủ", "2020-10-01"),  # another day
        ("Thông tư 12 năm 2019 của Bộ Y tế", "2020-10-01"),  # another issuer
        ("Chỉ thị 23 năm 2019 của UBND tỉnh Nghệ An", "2020-10-01"),
        ("Chỉ thị 23 năm 2018 của Thủ tướng Chính phủ", "2020-10-01"),  # another year
        ("Chỉ thị 23 năm 2019 của Thủ tướng Chính phủ", "2019-06-01"),  # later than the article
        ("Nghị định 30 năm 2020", "2020-02-01"),
    ):
        resolution = _short(f"Thực hiện {text}, đơn vị đã báo cáo.", published)
        assert (text, resolution.status, resolution.rule) == (text, "unresolved", "short-contradicted")


def test_a_local_document_needs_its_province() -> None:
    assert _short("Kế hoạch số 9 năm 2020 của UBND tỉnh Nghệ An", unit="nghe-an", province="Nghệ An").document == "kh9"
    assert _short("Kế hoạch số 9 năm 2020 của UBND tỉnh Hà Tĩnh", unit="ha-tinh", province="Hà Tĩnh").status == "unresolved"


@pytest.mark.parametrize(
    ("text", "published", "document"),
    [
        ("Thủ tướng Chính phủ vừa ban hành Chỉ thị 16, yêu cầu cách ly.", "2020-04-02", "ct16-2020"),
        ("Chỉ thị số 16 của Thủ tướng Chính phủ vừa được ban hành.", "2020-04-02", "ct16-2020"),
        ("Thủ tướng Chính phủ vừa ký ban hành Chỉ thị 16.", "2017-05-10", "ct16-2017"),
        ("Thủ tướng Chính phủ vừa ban hành Chỉ thị 16.", "2021-04-02", None),  # none of that year is known
        ("Thủ tướng Chính phủ vừa ban hành Chỉ thị 23.", "2019-12-30", None),  # "just" is not four months ago
        ("Thủ tướng Chính phủ vừa ban hành Chỉ thị 41.", "2021-01-10", "ct41-2020"),  # at the turn of the year
        ("Thủ tướng Chính phủ vừa ban hành Chỉ thị 41.", "2021-02-10", None),
        ("Bộ Y tế vừa ban hành Chỉ thị 16.", "2020-04-02", None),
        ("Sở vừa ban hành Kế hoạch thực hiện Chỉ thị 16 của Thủ tướng Chính phủ.", "2020-04-02", None),  # the plan is new
        ("Thủ tướng Chính phủ vừa ban hành Chỉ thị 16.", None, None),
    ],
)
def test_just_issued_means_the_weeks_before_the_article(text: str, published: str | None, document: str | None) -> None:
    resolution = _short(text, published)
    assert resolution.document == document
    if document:
        assert (resolution.rule, resolution.confidence) == ("short-just-issued", "low")


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("Nghị định 64/2007/NĐ-CP thay Nghị định 64/2001/NĐ-CP. Nghị định 64 năm 2001 hết hiệu lực.", "64/2001/NĐ-CP"),
        ("Nghị định 64/2001/NĐ-CP và Nghị định 64/2007/NĐ-CP. Theo Nghị định 64/2007, có một trang.", "64/2007/NĐ-CP"),
        ("Quyết định 72/QĐ-TTg ngày 3/2/2012 và Quyết định 72/QĐ-BTTTT ngày 5/2/2013. Quyết định 72 của Thủ tướng nêu rõ.", "72/QĐ-TTG"),
        ("Quyết định 72/QĐ-TTg ngày 3/2/2012, Quyết định 72/QĐ-BTTTT ngày 5/2/2013. Quyết định 72 ngày 5/2/2013 nêu.", "72/QĐ-BTTTT"),
        ("Nghị định 64/2001/NĐ-CP và Nghị định 64/2007/NĐ-CP. Theo Nghị định 64, có một trang.", None),
        ("Quyết định 72/QĐ-TTg ngày 3/2/2012 nêu rõ. Quyết định 72 của UBND tỉnh Nghệ An nêu khác.", None),
    ],
)
def test_a_short_citation_takes_the_full_one_that_does_not_contradict_it(text: str, number: str | None) -> None:
    *_, (mention, resolution) = _resolved(text, Context(published=date(2014, 1, 1)), DocumentsInMemory([]))
    assert mention.kind == "short"
    assert mention.resolved == number
    assert (resolution.key.number if resolution.key else None) == (fold_number(number) if number else None)
    assert resolution.rule == ("short-in-article" if number else resolution.rule)


def test_several_full_numbers_are_candidates() -> None:
    text = "Nghị định 64/2001/NĐ-CP và Nghị định 64/2007/NĐ-CP. Theo Nghị định 64, có một trang."
    *_, (_, resolution) = _resolved(text)
    assert (resolution.status, len(resolution.candidates), resolution.rule) == ("ambiguous", 2, "short-in-article-several")


# --- statutes -------------------------------------------------------------------------------------


def test_no_document_is_a_candidate_twice() -> None:
    for text in ("Hiến pháp năm 1992 quy định.", "Điều 4 Hiến pháp quy định.", "Luật Báo chí quy định."):
        for published in (None, date(1999, 1, 1), date(2016, 6, 1)):
            [(_, resolution)] = _resolved(text, Context(published=published))
            assert len(set(resolution.candidates)) == len(resolution.candidates)
    constitution = _one("Hiến pháp năm 1992 quy định quyền sở hữu.")
    assert (constitution.document, constitution.rule) == ("HP-1992", "name-year")
    assert _one("Theo Điều 4 Hiến pháp, Đảng lãnh đạo.", Context(published=date(2010, 5, 5))).document == "HP-1992"


@pytest.mark.parametrize(
    ("text", "published", "document", "rule"),
    [
        ("Luật Đê điều giao việc hộ đê cho tỉnh.", "2012-07-01", "79/2006/QH11", "name-in-force"),
        ("Luật sửa đổi, bổ sung một số điều của Luật Báo chí có hiệu lực.", "2005-01-01", "12/1999/QH10", "name-only"),
        ("Luật Sở hữu trí tuệ năm 2009 sửa nhiều điều.", "2012-01-01", "36/2009/QH12", "name-year-amending"),
        ("Pháp lệnh Bưu chính, Viễn thông từng quy định.", "2012-01-01", "43/2002/PL-UBTVQH10", "name-ended"),
        ("Luật Bảo hiểm xã hội (sửa đổi) sẽ có hiệu lực.", "2014-12-20", "58/2014/QH13", "name-revised"),
        ("Luật Báo chí sẽ có hiệu lực năm sau.", "2016-06-01", None, "name-several"),  # the old one is in force, the new one is passed
        ("Luật Trồng cây gây rừng sẽ quy định.", "2016-06-01", None, "name-unknown"),
        ("Luật Công nghệ thông tin đang được thảo luận.", "2005-01-01", None, "name-other-time"),  # passed in 2006
    ],
)
def test_which_statute_a_name_means(text: str, published: str, document: str | None, rule: str) -> None:
    resolution = _one(text, Context(published=date.fromisoformat(published)))
    assert (resolution.known.number if resolution.known else None, resolution.rule) == (document, rule)


def test_a_law_that_a_list_added_is_found_by_its_title() -> None:
    law = KnownDocument(1, "luật", "99/2031/QH17", 2031, None, "Quốc hội", date(2031, 6, 1), names=statute_names("Luật Thăm dò vũ trụ"))
    assert _one("Luật Thăm dò vũ trụ năm 2031 cho phép.", known=DocumentsInMemory([law])).document == 1


@pytest.mark.parametrize(
    ("subject", "target"),
    [
        (None, 5),
        ("trồng rừng ven biển", 5),
        ("phòng cháy rừng mùa khô", 5),
        ("tăng lương tối thiểu vùng", None),  # no word in common
        ("tăng lương", 5),  # two words prove nothing
        ("về việc thực hiện các quy định", 5),  # words of every subject
    ],
)
def test_another_subject_is_a_contradiction(subject: str | None, target: int | None) -> None:
    full = [Candidate(5, 2020, days=frozenset(["2020-03-02"]), titles=frozenset(["phê duyệt đề án trồng rừng phòng hộ"]))]
    assert of_source(ShortCitation("quyết định", "12", issued_on="2020-03-02", title=subject), full) == target
