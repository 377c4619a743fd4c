"""Recognises documents of other states and of international bodies: "Tổng thống Mỹ ký Sắc lệnh số 13873", "Nghị quyết 1373 của LHQ"."""

from __future__ import annotations

from scraper.citations.grammar.late_pattern import late_pattern
from scraper.citations.grammar.loader import grammar
from scraper.citations.grammar.patterns import SMALL, UPPER
from scraper.citations.grammar.word_groups import either, unless_of, words_of
from scraper.pattern_prefilter import endings

_W = r"\s{1,4}"
_COUNTRIES = either(words_of("foreign", "countries"))
_SURNAMES = "|".join(grammar().bodies["surnames"])
_NOT_FOREIGN = either(unless_of("foreign", "bodies"))
# The name of a country may be a given name ("Nguyễn Văn Đức"), so the organ of a state must come directly before it.
FOREIGN_ISSUER = (
    rf"(?:(?!(?:{_NOT_FOREIGN})(?!\w))(?:{either(words_of('foreign', 'bodies'))})(?!\w)"
    rf"|(?:{either(words_of('foreign', 'state_organs'))}){_W}(?:(?:{either(words_of('foreign', 'country_heads'))}){_W}){{0,2}}(?:{_COUNTRIES})(?!\w)"
    # A ministry: after a word in small letters the name of a country is not that of a person.
    rf"|Bộ{_W}(?:[^\W\d_]+,?{_W}){{0,6}}[{SMALL}]+{_W}(?:{_COUNTRIES})(?!\w|{_W}[{UPPER}])"
    # A president with a name that is not Vietnamese: "Tổng thống Donald Trump".
    rf"|Tổng{_W}thống{_W}(?!(?:{_SURNAMES})(?!\w)|Việt)[A-Z][\w.]{{0,14}}(?:{_W}[A-Z][\w.]{{0,14}}){{0,3}})"
)
_VERBS, _FILLERS = words_of("issuing", "verbs"), words_of("issuing", "fillers")
_ENDS = endings([*_VERBS, *_FILLERS])
# The subject may go on with the name of the whole body: "Hội đồng Bảo an Liên hợp quốc", "Nghị viện châu Âu".
_ISSUED = late_pattern(
    rf"(?<!\w){FOREIGN_ISSUER}(?:{_W}(?:[Cc]hâu{_W}Âu|{FOREIGN_ISSUER}|{_COUNTRIES}))?(?:{_W}\([^()]{{1,40}}\))?(?:,?{_W}(?:(?:vào{_W})?ngày|hôm){_W}\d[\d/.-]{{0,9}},?)?(?:{_W}(?:đã|vừa|mới|cũng|sẽ))*"
    rf"{_W}(?:{either(_VERBS)})(?:{_W}(?:{either(_FILLERS)}|\d{{1,2}})){{0,3}}\s{{0,4}}$"
)

# The Security Council needs no name beside it, so more words may come before its verb: "Hội đồng Bảo an gồm 15 nước hôm 5/8 nhất trí thông qua".
_COUNCIL = late_pattern(
    rf"(?<!\w)(?:{either(words_of('foreign', 'councils'))})(?!\w)[^.,;:\n]{{0,70}}?{_W}(?:{either(_VERBS)})(?:{_W}(?:{either(_FILLERS)}|\d{{1,2}})){{0,3}}\s{{0,4}}$"
)
_BEFORE_DOCUMENT = " \t\n\u00a0\"“'‘"  # "ký ban hành “Chỉ thị số 1 về không gian”"


def is_issued_abroad(text: str, start: int) -> bool:
    """Returns whether the clause before a document, which begins at `start`, says that a foreign state or an international body issued it."""
    head = text[max(0, start - 120) : start].rstrip(_BEFORE_DOCUMENT)
    return head.endswith(_ENDS) and (_ISSUED.search(head) is not None or _COUNCIL.search(head) is not None)
