"""Recognises the law of a country that the words around it name: "Bộ Nội vụ Malaysia cho biết họ bị điều tra theo Luật Ngư nghiệp".

`not_statutes` recognises a country in or after the name. Here the country is elsewhere in the sentence, or in a sentence beside it. If a law
of Vietnam has the same name, an organ of that country must be in the sentence. If none has, the name of the country is enough.
"""

from __future__ import annotations

from collections.abc import Sequence

from scraper.citations.grammar.late_pattern import late_pattern
from scraper.citations.grammar.word_groups import either, words_of
from scraper.citations.issuers.issuer_patterns import CAPITAL
from scraper.citations.scan.known_statute_names import end_of_known
from scraper.citations.scan.not_statutes import is_foreign_word

_W = r"\s{1,3}"
_BEFORE, _AFTER = 300, 200  # characters that are read
_COUNTRIES = words_of("foreign", "countries")
_CLEAR = [name for name in _COUNTRIES if name not in words_of("foreign", "also_names")]
_UNCLEAR = rf"(?:{either(words_of('foreign', 'also_names'))})(?!{_W}{CAPITAL})"  # not "hải quan Lào Cai", "chính quyền Mỹ Đức"
_NAMED = rf"{either(_CLEAR)}|{_UNCLEAR}"
_ORGANS = either([*words_of("foreign", "state_organs"), *words_of("foreign", "organs_of_prose")], capital=True)
_ONLY_ABROAD = either(words_of("foreign", "organs_only_abroad"), capital=True)
_ORGAN = late_pattern(
    rf"(?<!\w)(?:{_ORGANS}){_W}(?:(?:của|tại|ở){_W})?(?:(?:{either(words_of('foreign', 'country_heads'))}){_W}){{0,2}}(?:{_NAMED})(?!\w)"
    rf"|(?<!\w)(?:{_ONLY_ABROAD})(?!\w)"
)
_ORGAN_AND_NAME = late_pattern(
    rf"(?<!\w)(?:{either(words_of('foreign', 'organs_before_names'), capital=True)}){_W}(?P<name>[A-Z][^\W\d_]{{3,}})"
)
_COUNTRY = late_pattern(
    rf"(?<!\w)(?:{either(_CLEAR)}|(?:{either(words_of('foreign', 'before_countries'), capital=True)}){_W}{_UNCLEAR})(?!\w)"
)
# Vietnam, as the state and not as the home of a person: "ngư dân Việt Nam" may be tried by a law of another country.
VIETNAM = late_pattern(
    rf"(?<!\w)(?:(?:{either(words_of('foreign', 'before_vietnam'), capital=True)}){_W}(?:Việt{_W}Nam|VN)|{either(words_of('foreign', 'only_vietnam'))})(?!\w)"
)
# "điều 433-21-1": the articles of Vietnamese laws have letters, and no hyphens.
_FOREIGN_ARTICLE = late_pattern(r"[Đđ]iều\s[A-Z]?\.?\d{1,4}-\d{1,3}-\d{1,3}\s(?:của\s|trong\s)?$")
SENTENCE = late_pattern(r"[.?!…]\s|\n")


def is_law_abroad(text: str, start: int, end: int, name: int | None) -> bool:
    """Returns whether the words around a law say that it is one of another country. `name`: where the name after "Luật" begins; a constitution
    has none.
    """
    before, after = text[max(0, start - _BEFORE) : start], text[end : end + _AFTER]
    if _FOREIGN_ARTICLE.search(before, max(0, len(before) - 30)):
        return True
    sentences, rest = SENTENCE.split(before), SENTENCE.split(after)
    own = f"{sentences[-1]}\0{rest[0]}"
    if VIETNAM.search(own):
        return False
    if _has_organ(sentences[-1]):
        return True
    if name is not None and (end_of_known(text, name) is not None or text[name:end].lstrip().lower().startswith(("sửa", "bổ sung"))):
        return _are_all_abroad(sentences, rest)
    if _COUNTRY.search(own) or _has_organ(own):
        return True
    beside = "\0".join((*sentences[-3:-1], *rest[1:2]))
    if VIETNAM.search(beside):
        return False
    named = _COUNTRY.findall(beside)
    return _has_organ(beside) or (len(named) > 1 and len(set(named)) == 1)  # several countries are compared with Vietnam


_ANY_VIETNAM = late_pattern(r"Việt|VN|UBND|HĐND|[Tt]ỉnh|[Đđ]ại biểu")
_FEW = 2  # organs of another country in the sentences around a law whose name is also that of a law of Vietnam


def _are_all_abroad(sentences: Sequence[str], rest: Sequence[str]) -> bool:
    """Returns whether the sentences around a law name organs of another country again and again, and nothing of Vietnam: "Giới chức Romania ...
    Chính phủ Romania ... việc sửa đổi Bộ luật Hình sự".
    """
    around = "\0".join((*sentences[-4:], *rest[:2]))
    if not any(country in around for country in _COUNTRIES) or _ANY_VIETNAM.search(around) or VIETNAM.search(around):
        return False
    return sum(1 for _ in _ORGAN.finditer(around)) >= _FEW


def _has_organ(words: str) -> bool:
    """Returns whether words name an organ of another country."""
    return _ORGAN.search(words) is not None or any(is_foreign_word(match["name"]) for match in _ORGAN_AND_NAME.finditer(words))
