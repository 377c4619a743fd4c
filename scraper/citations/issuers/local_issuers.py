"""Parses the name of a people's committee, a council or a Party committee with its level and place: "UBND huyện Anh Sơn"."""

from __future__ import annotations

import re
from dataclasses import replace

from scraper.citations.grammar.late_pattern import late_pattern
from scraper.citations.grammar.loader import grammar
from scraper.citations.grammar.word_groups import words_of
from scraper.citations.issuers.issuer import Issuer
from scraper.citations.issuers.issuer_patterns import BARE_PLACE, PLACE, PROPER, SAIGON, W
from scraper.citations.issuers.provinces import leading_province, province_in, province_kind
from scraper.text import place_tone, squeeze

# "xã Diễn Kỷ, huyện Diễn Châu", "phường 12, Q.Tân Bình", "xã Vân Hồ (Sơn La)"
_OUTER_PLACE = late_pattern(
    rf"(?:\s?,?{W}|\s?(?P<bracket>\())(?:(?P<level>huyện|quận|thị xã|tỉnh|thành phố|TP|TX|[QH](?=\.))(?:{W}|\.\s?)|(?P<city>TP\.?)(?=HCM))?"
    rf"(?P<name>{PROPER}|(?<=quận )\d{{1,2}}(?!\w)|(?<=Q\.)\d{{1,2}}(?!\w))(?(bracket)\))"
)


_LEVELS = {"tp": "thành phố", "tx": "thị xã", "q": "quận", "h": "huyện", "p": "phường", "x": "xã"}


def local_level_of(written: str) -> str:
    level = squeeze(written).lower().rstrip(".")
    return _LEVELS.get(level, level)


def local_issuer(words: str, start: int, match: re.Match[str]) -> Issuer:
    """Returns a people's committee, a council or a Party committee, with its level and place if they are written.
    `match`: the name of the body, without its place. `start`: where its office holder begins.
    """
    full = _full_name(match["body"])
    if (saigon := SAIGON.match(words, match.end())) is not None:
        return _of_province(full, "thành phố", "Hồ Chí Minh", start, saigon.end())
    place = PLACE.match(words, match.end())
    if place is not None and place["name"] and local_level_of(place["level"]) in _BELOW and _is_person(place["name"], start, match):
        place = None
    if place is None:
        return _without_level(full, words, start, match)
    level, name = local_level_of(place["level"]), place["name"]
    at_level = Issuer(f"{full} {level}" if full.endswith("nhân dân") else full, start, place.end("level"), local=True)
    if name is None:
        return at_level
    if level in ("tỉnh", "thành phố"):
        if (province := leading_province(name)) is not None:
            return _of_province(full, level, province[0], start, place.start("name") + province[1])
        if _is_person(name, start, match) or level == "tỉnh":
            return at_level
    end = place.end()
    if match.start() > start:
        end -= len(name) - len(_without_person(name))
        name = _without_person(name)
    return in_outer_place(Issuer(f"{full} {level} {squeeze(name)}", start, end, None, local=True), words)


_BELOW = frozenset(local_level_of(word) for word in words_of("bodies", "levels.below"))


def _full_name(written: str) -> str:
    """Returns the usual name of a committee or council: "UBND" is "Ủy ban nhân dân"."""
    written = place_tone(squeeze(written))
    names: dict[str, list[str]] = grammar().bodies["local"]
    return next((name for name, variants in names.items() if written == name or written in map(place_tone, variants)), written)


def _of_province(full: str, level: str, province: str, start: int, end: int) -> Issuer:
    """Returns the body of a province. A Party committee is that of the level which the province has: "Thành ủy Hà Nội"."""
    return Issuer(
        f"{full} {level} {province}" if full.endswith("nhân dân") else f"{_party(full, province)} {province}",
        start,
        end,
        province,
        local=True,
    )


def _without_level(full: str, words: str, start: int, match: re.Match[str]) -> Issuer:
    """Returns the body if only a name, or nothing, follows: "UBND Nghệ An", "Huyện ủy Quỳ Hợp"."""
    end = match.end()
    bare = BARE_PLACE.match(words, end)
    if bare is None:
        return Issuer(full, start, end, local=True)
    if (province := leading_province(bare["name"])) is not None:
        name, length = province
        end = bare.start("name") + length
        if full in ("Ủy ban nhân dân", "Hội đồng nhân dân"):
            return _of_province(full, province_kind(name, None), name, start, end)
        return Issuer(f"{_party(full, name)} {name}", start, end, name, local=True)
    if full.endswith("ủy") and full != "Tỉnh ủy" and not _is_person(bare["name"], start, match):
        return in_outer_place(Issuer(f"{full} {bare['name']}", start, bare.end(), province_in(bare["name"]), local=True), words)
    return Issuer(full, start, end, local=True)


def in_outer_place(issuer: Issuer, words: str) -> Issuer:
    """Returns the body of a district or a commune with the place that contains it: "xã Diễn Kỷ, huyện Diễn Châu", "huyện Anh Sơn, Nghệ An"."""
    outer = _OUTER_PLACE.match(words, issuer.end)
    if outer is None:
        return issuer
    written = outer["level"] or outer["city"]
    level = local_level_of(written) if written else None
    if (province := ("Hồ Chí Minh", 3) if outer["name"] == "HCM" else leading_province(outer["name"])) is not None:
        name = f"{issuer.name}, {level} {province[0]}" if level else issuer.name
        return replace(issuer, name=name, end=outer.end(), province=province[0])
    if level is not None and level != "tỉnh":
        inner = replace(issuer, name=f"{issuer.name}, {level} {squeeze(outer['name'])}", end=outer.end())
        return replace(in_outer_place(inner, words), name=inner.name)
    return issuer


def _party(full: str, province: str) -> str:
    return ("Thành ủy" if province_kind(province, None) == "thành phố" else "Tỉnh ủy") if full in ("Tỉnh ủy", "Thành ủy") else full


def _without_person(name: str) -> str:
    """Returns the name of a place without the office holder after it: "Đông Hà Phạm Văn" gives "Đông Hà", although "Hà" is a family name
    too, and "Cẩm Xuyên Phạm Hoàng" gives "Cẩm Xuyên": most names of places have two words.
    """
    words, surnames = name.split(), grammar().bodies["surnames"]
    for at in range(1, len(words) - 1):
        if words[at] in surnames and (at > 1 or words[at + 1] not in surnames) and leading_province(name) is None:
            return " ".join(words[:at])
    return name


def _is_person(name: str, start: int, match: re.Match[str]) -> bool:
    """Returns whether the capitals after a body are its office holder: "Chủ tịch UBND huyện Nguyễn Văn A"."""
    return is_person(name, 2 if match.start() > start else 3)


def is_person(name: str, least: int) -> bool:
    """Returns whether capitals are the name of a person, with at least so many words."""
    parts = name.split()
    return len(parts) >= least and parts[0] in grammar().bodies["surnames"] and leading_province(name) is None
