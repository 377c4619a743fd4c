"""Parses the text around a citation (pre- and post-context): date of issue, issuer, place, title, provision, relation. A field that the
text does not state is None.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from scraper.citations.context.document_title import read_title
from scraper.citations.context.far_issuers import ISSUER_APART, far_issuers
from scraper.citations.context.issuer_choice import IssuerPlaces, is_without_place, issuer_of
from scraper.citations.context.issuing_clause import Clause, read_clause
from scraper.citations.context.just_issued import JUST_ISSUED, just_issued
from scraper.citations.context.portal_records import portal_record_cells, read_records, read_tables
from scraper.citations.context.post_context import PostContext, read_post_context, read_signer
from scraper.citations.context.relations import relations_of
from scraper.citations.forms.cited_span import CitedSpan, number_year, same_series
from scraper.citations.forms.number_shapes import flags_of
from scraper.citations.grammar.late_pattern import late_pattern
from scraper.citations.grammar.patterns import AROUND
from scraper.citations.issuers.issuers_in_phrase import has_joint_code
from scraper.citations.scan.document_tables import TableCell
from scraper.citations.scan.foreign_law_names import MAYBE_FOREIGN
from scraper.citations.scan.type_nouns import STATUTES
from scraper.model import Context, Mention
from scraper.pattern_prefilter import inner_parts


def read_citation_fields(
    text: str, found: Sequence[CitedSpan], context: Context, rows: Sequence[Sequence[TableCell]] = (), given: str | None = None
) -> list[Mention]:
    """Returns the found spans as mentions, with the fields that the text states.
    `rows`: the rows of tables of documents. `given`: the text before diacritics were restored; titles are copied from it.
    """
    places = IssuerPlaces(text, context)
    cells = portal_record_cells(found, rows) if rows else {}
    posts = []
    for at, one in enumerate(found):
        limit = found[at + 1].start if at + 1 < len(found) else len(text)
        posts.append(read_post_context(text, one, min(limit, cells[at].end) if at in cells else limit))
        _read_after_bracket(text, found, at, posts[at])
    read_records(text, found, posts)
    if rows:
        read_tables(text, found, posts, rows)
    relations = relations_of(text, found)
    _read_titles(text, found, posts)
    mentions: list[Mention] = []
    for group in _groups(text, found, posts):
        first, last = group[0], group[-1]
        floor = _end_before(found, posts, first)
        begin = max(floor, cells[first].start) if first in cells else floor
        clause = read_clause(text, found[first].start, begin, joint=has_joint_code(found[first]))
        undated = replace(clause, date=None, year=None, same_day=False)
        several = first == last or _governs_several(text, found[first].start, floor)
        apart = False  # a semicolon begins the next clause, unless the verb governs several documents
        for at in group:
            apart = apart or _apart(text, found[max(at - 1, first)], found[at], several)
            said = undated if apart else clause
            # If the clause names the issuer, the one after a semicolon and another document is not meant.
            end = at if clause.issuers and _apart(text, found[at], found[last], several) else last
            codes = slice(1, None if has_joint_code(found[at]) else 2)
            leader = found[first] if found[at].member or found[at].codes[codes] == found[first].codes[codes] else found[at]
            mentions.append(
                _mention(text, found[at], posts[at], found[end], posts[end], said, places, context, mentions, relations[at], leader)
            )
    if given is None or given is text:
        return mentions
    return [replace(mention, title=_title(given, post)) for mention, post in zip(mentions, posts, strict=True)]


# "Quyết định 60 (thay thế Quyết định 33) của UBND tỉnh": the words after the bracket are about the document before it.
_REPLACED = late_pattern(r"\s{0,3}\((?:(?:có hiệu lực )?thay(?: thế)?(?: cho)?|thay vì|bãi bỏ|sửa đổi)\s[^()\n]{5,120}\)")


def _read_after_bracket(text: str, found: Sequence[CitedSpan], at: int, post: PostContext) -> None:
    """Reads date and issuer after a bracket that names the document which this one replaces."""
    if post.issuers or post.date is not None or at + 1 == len(found) or not text.startswith(("(", " ("), found[at].end):
        return
    bracket = _REPLACED.match(text, found[at].end)
    if bracket is None or bracket.end() < found[at + 1].end:
        return
    limit = next((one.start for one in found[at + 1 :] if one.start >= bracket.end()), len(text))
    beyond = read_post_context(text, replace(found[at], end=bracket.end()), limit)
    post.issuers, post.date = beyond.issuers, beyond.date


def _read_titles(text: str, found: Sequence[CitedSpan], posts: Sequence[PostContext]) -> None:
    """Sets the titles after the citations. The words after the name of a statute are not a title: it is in the name already."""
    for at, one in enumerate(found):
        if posts[at].title is None and one.kind.is_issued and not one.kind.is_name:
            posts[at].title = title = read_title(text, one.end + posts[at].end, found, posts, at)
            if title is not None and not posts[at].issuers:
                posts[at].issuers = read_signer(text[title[1] : title[1] + AROUND], 0)


def _end_before(found: Sequence[CitedSpan], posts: Sequence[PostContext], at: int) -> int:
    """Returns the end of the citation before, with what was read after it."""
    return found[at - 1].end + posts[at - 1].end if at else 0


def _governs_several(text: str, start: int, floor: int) -> bool:
    """Returns whether the words before a list say that one verb governs all of it. `start`: its first citation."""
    return _SEVERAL.search(text, max(floor, start - _SEVERAL_MOST), start) is not None


def _apart(text: str, one: CitedSpan, other: CitedSpan, several: bool) -> bool:
    """Returns whether a semicolon ends the clause between two citations. `several`: whether its verb governs several documents."""
    return not several and text.find(";", one.end, other.start) >= 0


# Before the first of several documents of one verb: "ký các Quyết định số ...", "ban hành 2 văn bản: ...".
_SEVERAL = late_pattern(r"(?<!\w)(?:các|những|loạt|hai|ba|bốn|năm|\d{1,2})\s(?:[^\W\d_]+\s){0,3}$|:\s{0,3}$")
_SEVERAL_MOST = 40


def _mention(
    text: str,
    one: CitedSpan,
    post: PostContext,
    last: CitedSpan,
    post_last: PostContext,
    clause: Clause,
    places: IssuerPlaces,
    context: Context,
    before: Sequence[Mention],
    relation: str | None,
    leader: CitedSpan,
) -> Mention:
    """Returns the mention of one citation.
    A date or issuer after the last item of a list (`post_last`), or in the enclosing clause, applies to every item. `leader`: the first item, if
    the same body can have issued it.
    """
    issued = _issued_on(one, post, post_last, clause, context, before)
    year = _year(text, one, issued, post, clause)
    flags = (*one.flags, *_flags(text, one, year))
    issuer = province = None
    if one.kind.is_issued and MAYBE_FOREIGN not in one.flags:
        bodies = post.issuers or (post_last.issuers if same_series(one, last) else ()) or clause.issuers or post.speaker
        issuer, province = issuer_of(text, one, bodies, places)
        if (
            not bodies
            and not one.kind.is_name
            and (issuer is None or is_without_place(issuer))
            and (far := far_issuers(text, leader, places.departments))
        ):
            known = issuer
            issuer, province = issuer_of(text, one, far, places)
            flags = (*flags, ISSUER_APART) if issuer != known else flags
        if province is not None and province == places.site and not any(body.province for body in bodies):
            flags = (*flags, "province-of-site")
    return Mention(
        start=one.start,
        end=one.end,
        text=text[one.start : one.end],
        kind=one.kind,
        doc_type=one.doc_type,
        number_raw=one.number_raw,
        number=one.number,
        year=year,
        issued_on=issued if one.kind.is_issued else None,
        issuer=issuer,
        province=province,
        title=_title(text, post),
        pinpoint=_pinpoint(text, one.start),
        relation=relation,
        flags=flags,
    )


def _issued_on(
    one: CitedSpan, post: PostContext, post_last: PostContext, clause: Clause, context: Context, before: Sequence[Mention]
) -> str | None:
    """Returns the ISO day or month of issue that the text states, or None. "Cùng ngày" is the day of the citation before."""
    if post.same_day or (clause.same_day and post.date is None):
        return before[-1].issued_on if before else None
    stated = post.date or post.shared_date or post_last.shared_date or (clause.date if post.year is None else None)
    return stated.iso(number_year(one), context.published) if stated is not None else None


def _flags(text: str, one: CitedSpan, year: int | None) -> tuple[str, ...]:
    if one.kind.is_short:
        return (JUST_ISSUED,) if just_issued(text, one.start, one.end) else ()
    return flags_of(one.number, year) if one.kind.has_codes and one.number else ()


def _title(text: str, post: PostContext) -> str | None:
    if post.title is None:
        return None
    words = " ".join(text[slice(*post.title)].split())
    if "đây" in words[-12:] or "kèm" in words[-12:]:
        words = _INVITATION.sub("", words)
    return words


# "... năm 2013 đính kèm", "... trên địa bàn. Tải về tại đây./.": what to do with the file is not a part of the title.
_INVITATION = late_pattern(
    r"[.,;\s]{1,4}(?:(?:xem |chi tiết |ở |tại |trong |được |gửi ){0,3}(?:(?:file|tệp|văn bản|phụ lục) )?(?:đính|gửi) kèm(?: theo)?"
    r"|(?:Tải|Chi tiết|Xem|Nội dung chi tiết|Toàn văn)(?: [^\W\d_]+){0,5}? (?:tại |ở )?đây)[\s./]*$"
)


# --- groups ---------------------------------------------------------------------------------------

_JOIN = late_pattern(
    r"\s{0,3}(?:\([^()]{0,60}\)\s{0,3})?(?:,|;|và|hoặc|&|\+|cùng với|cùng|sang|đến|tới|hay|,\s{0,2}và|;\s{0,2}và|rồi đến)?\s{0,3}(?:các\s|với\s|cả\s|tại\s|trong\s|số\s?:?\s?){0,2}\s{0,3}$"
)


def _joins(text: str, before: CitedSpan, post: PostContext, one: CitedSpan) -> bool:
    """Returns whether a comma or "và" joins a citation to the one before it, directly or after its title: "Quyết định số 1 về chợ và Quyết định số 2
    về bến xe".
    """
    if _JOIN.match(text[before.end + post.end : one.start]) is not None:
        return True
    after_title = text[post.title[1] : one.start] if post.title is not None and post.title[1] < one.start else ""
    return bool(after_title.strip()) and _JOIN.match(after_title) is not None


def _groups(text: str, found: Sequence[CitedSpan], posts: Sequence[PostContext]) -> list[list[int]]:
    """Returns groups of citations, by index, that are joined by commas and "và". What is stated once applies to all of a group."""
    groups: list[list[int]] = []
    for at, one in enumerate(found):
        before = found[at - 1] if at else None
        if (
            before is not None
            and groups
            and one.kind.is_issued
            and before.kind.is_issued
            and one.start - before.end <= AROUND
            and not posts[at - 1].issuers
            and (one.member or _joins(text, before, posts[at - 1], one))
            and "\t" not in text[before.end : one.start]
        ):
            groups[-1].append(at)
        else:
            groups.append([at])
    return groups


# --- fields ---------------------------------------------------------------------------------------

_STANDARD_YEAR = late_pattern(r"(?::|(?<=\d)/|-)((?:19|20)\d{2})(?:/|$)")
_NAME_YEAR = late_pattern(r"(?<!\d)((?:19|20)\d{2})(?!\d)")


def _year(text: str, one: CitedSpan, issued: str | None, post: PostContext, clause: Clause) -> int | None:
    """Returns the year from the first of these: the number; the name, or the bracket after it; the date; the clause. Returns None if
    none states a year from 1945 to 2045.
    """
    if not one.kind.is_issued:
        match = _STANDARD_YEAR.search(one.number or "")
        return int(match[1]) if match else None
    year = number_year(one)
    if year is None and (one.kind.is_name or one.doc_type in STATUTES):  # "Luật Đất đai 1987 (số 3-LCT/HĐNN8)"
        years = _NAME_YEAR.findall(text[one.start : one.end])
        year = int(years[-1]) if years else None
    if year is None:
        year = post.year
    if year is None and issued is not None:
        year = int(issued[:4])
    if year is None:
        year = clause.year
    return year if year is not None and 1945 <= year <= 2045 else None


def _several(one: str) -> str:
    """Returns a pattern for one of the same parts or a list of them: "điểm a, b và c", "khoản 2, 3"."""
    return rf"{one}(?!\w)(?:,\s?{one}(?!\w)){{0,6}}(?:\s(?:và|hoặc)\s{one}(?!\w))?"


_LETTERS, _NUMBERS = _several(r"[a-zđA-HĐ]\d?"), _several(r"\d+[a-z]?")
# "mục 3", but not "danh mục tại", "mục tiêu" and "chương trình": a part has digits, a Roman number or a letter.
_PART = r"(?:(?<!danh )(?<!Danh )[Mm]ục|[Cc]hương)\s(?:\d{1,3}|[IVXLC]{1,6}|[A-ZĐa-eđ])(?!\w)|[Pp]hụ lục(?:\s(?:\d{1,3}|[IVXLC]{1,6}|[A-ZĐ]))?(?!\w)"
_PINPOINT = late_pattern(
    rf"((?:(?:[Đđ]iểm\s{_LETTERS}|(?:[Kk]hoản|[Đđ]iều)\s{_NUMBERS}|{_PART})(?:\s[-–]\s(?=[ĐđKk])|\scủa\s(?=[ĐđKk])|\s?,?\s?(?:và\s(?:các\s)?)?)){{1,8}})(?:[-–]\s|của\s|tại\s|trong\s)?(?:các\s)?$"
)
_PARTS = ("điểm", "khoản", "điều", "mục", "chương", "lục")  # one of them is among the last words of every provision
_INNER = inner_parts(_PARTS)
_LAST_WORDS = 14  # as many can follow the last part: "điểm a, b, c, d, đ, e, g và h của các"


def has_part(words: str) -> bool:
    """Returns whether _PINPOINT can match at the end of words. Most citations have no provision before them."""
    if not any(part in words for part in _INNER):
        return False
    last = " ".join(words.lower().split()[-_LAST_WORDS:])
    return any(part in last for part in _PARTS)


def _pinpoint(text: str, start: int) -> str | None:
    if not has_part(text[max(0, start - 60) : start]):
        return None
    match = _PINPOINT.search(text[max(0, start - 120) : start])
    return match[1].strip(" ,-–") if match else None
