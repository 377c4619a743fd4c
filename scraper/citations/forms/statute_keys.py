"""Keys for comparing names of statutes: one key for all ways to write one name."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache, lru_cache

from scraper.citations.grammar.late_pattern import late_pattern
from scraper.reference import rows
from scraper.text import fold, nfc, squeeze

AMENDING = "sua doi "  # prefix of the key of an amending law; the key of the amended law follows
_HEAD = late_pattern(r"^(?:bo luat|luat|phap lenh|hien phap)\s+")
_ABOUT = late_pattern(r"^((?:Bộ\s+)?luật|pháp\s+lệnh)\s+về\s+", re.IGNORECASE)
_AND = late_pattern(r"\s*&\s*")
_YEAR = late_pattern(r"\b(?:(?<!viet )nam\s+)?(?:19|20)\d{2}\b")  # not the "Nam" of "Việt Nam 2015"
_REVISED = late_pattern(r"(?:\s*+(?:,\s*+)?\b(?:va\s+)?(?:sua doi|bo sung))+\s*$")
_TITLE_OF_AMENDING = late_pattern(
    r"^(?:sua doi\b(?:\s*(?:,|va\b)?\s*bo sung\b)?|bo sung\b).*?\b(?:bo luat|luat|phap lenh)\s+(?P<amended>\S.*)$|^sua doi\b.*?\bhien phap\b"
)
_AMENDED = r"sua doi(?:,? bo sung)?"
_STATE = "cong hoa xa hoi chu nghia viet nam"


@lru_cache(maxsize=8192)
def name_key(name: str) -> str:
    """Returns the key of the name of a statute: folded, with abbreviations spelt out, without "Luật" and similar nouns, the year, brackets
    and "và".
    >>> name_key("Luật PCTN năm 2005") == name_key("Luật Phòng, chống tham nhũng (sửa đổi)") == "phong chong tham nhung"
    True
    >>> name_key("Luật sửa đổi, bổ sung một số điều của Luật Báo chí")
    'sua doi bao chi'
    """
    text = _ABOUT.sub(r"\1 ", squeeze(re.sub(r"\([^()]*\)", " ", nfc(name))))
    text = _AND.sub("&", text)
    folded = squeeze(_YEAR.sub(" ", fold(_spelt_out(text))))
    if re.fullmatch(rf"hien phap(?: nuoc)?(?: {_STATE}| (?:chxhcn|cong hoa xhcn)(?: ?(?:viet nam|vn))?)?(?: {_AMENDED})?", folded):
        return "hien phap"
    folded = squeeze(_REVISED.sub("", folded))
    bare = _HEAD.sub("", folded)
    if bare in ("", "luat", "bo luat", "phap lenh"):
        return ""
    amending = _TITLE_OF_AMENDING.match(bare) if bare.startswith(("sua doi", "bo sung")) else None
    if amending is not None:
        amended = amending["amended"]
        return AMENDING + (_plain(re.sub(r"\b(?:bo luat|luat|phap lenh)\b", " ", amended)) if amended else "hien phap")
    return _whole_names().get(plain := _plain(bare), plain)


def title_key(title: str) -> str:
    """Returns the key of the title of a statute itself. "Luật Các tổ chức tín dụng sửa đổi" is the title of an amending law.
    In a text, the same words can mean the law as amended, so `name_key` ignores them.
    """
    key = name_key(title)
    bare = squeeze(_YEAR.sub(" ", fold(re.sub(r"\([^()]*\)", " ", nfc(title)))))
    return AMENDING + key if _REVISED.search(bare) and not key.startswith(AMENDING) else key


def amending_key(key: str) -> str | None:
    """Returns the key of the amended law if `key` is that of an amending law, otherwise None."""
    return key.removeprefix(AMENDING) if key.startswith(AMENDING) else None


def _plain(folded: str) -> str:
    """Returns letters, digits and blanks only. People write "và", a comma or nothing; they often leave out "Việt Nam" at the end."""
    words = [word for word in re.sub(r"[^a-z0-9]+", " ", folded).split() if word != "va"]
    if len(words) > 3 and words[-2:] == ["viet", "nam"]:
        del words[-2:]
        if words[-1] in ("tai", "o"):
            del words[-1]
    return " ".join(words)


def _spelt_out(text: str) -> str:
    pattern, words = _abbreviations()
    return pattern.sub(lambda match: words[match[0]], text)


@cache
def _abbreviations() -> tuple[re.Pattern[str], Mapping[str, str]]:
    """Returns a pattern for the abbreviations inside names, in capitals as people write them, and the words that they mean."""
    words = {nfc(row["written"]): row["means"] for row in rows("abbreviations") if row["scope"] == "word"}
    listed = "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True))
    return late_pattern(rf"(?<!\w)(?:{listed})(?!\w)"), words


@cache
def _whole_names() -> Mapping[str, str]:
    """Returns the common names of statutes, with the key of the official name."""
    return {
        _plain(fold(_spelt_out(nfc(row["written"])))): _plain(fold(row["means"])) for row in rows("abbreviations") if row["scope"] == "name"
    }
