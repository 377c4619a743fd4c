"""Vietnamese letters. No other module knows them.

Composition, folding, tone placement, collation and white space. All functions are pure and accept every `str`. Sources of the rules:
Unicode 15 (composition), the two accepted schools of tone placement ("kiểu cũ" hòa and "kiểu mới" hoà, which differ only in open syllables
in oa, oe, uy, never after q), and ICU's Vietnamese collation.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from functools import cache
from typing import Literal

# Control characters, soft hyphen, Arabic letter mark, zero-width space to right-to-left mark, word joiner and similar ones, byte order
# mark. Also halves of characters (surrogates): "\\ud83d" in JSON is half an emoji. UTF-8 cannot encode them, so SQLite cannot store them.
_INVISIBLE = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\ud800-\udfff]"
)

# đ has no decomposition in Unicode. Eth (U+00D0, U+00F0) and the African D (U+0189, U+0256) are sometimes typed instead.
_D_LETTERS = "đðɖ"
_MARKS = re.compile("[\u0300-\u036f]+")
_MOST_MARKS = 30
# A run this long without Latin letters and punctuation occurs in no Vietnamese text, and is quick to search for.
_MAYBE_MANY_MARKS = re.compile("[^\x00-\u02ff\u1e00-\u1eff\u2000-\u206f]{31}")

_TONES = "\u0300\u0309\u0303\u0301\u0323"  # huyền, hỏi, ngã, sắc, nặng: in dictionary order
# The tone on the second vowel of an open syllable in oa, oe, uy (hoà, khoẻ, thuỷ), not after q (quý).
_SECOND_VOWEL_TONE = re.compile(rf"(?<![qQ])([oO])([aAeE])([{_TONES}])(?![^\W\d_])|(?<![qQ])([uU])([yY])([{_TONES}])(?![^\W\d_])")


def _normal(form: Literal["NFC", "NFD"], text: str) -> str:
    """Returns the text in a normalisation form. A run of more than 30 marks stays as it is (compare UAX 15, stream-safe text).

    No language writes so many marks on a letter, and the time to sort them grows with the square of their number.
    """
    if unicodedata.is_normalized(form, text):
        return text
    if len(text) <= _MOST_MARKS or _MAYBE_MANY_MARKS.search(text) is None:
        return unicodedata.normalize(form, text)
    parts = _many_marks().split(text)
    return "".join(part if place % 2 else unicodedata.normalize(form, part) for place, part in enumerate(parts))


@cache
def _many_marks() -> re.Pattern[str]:
    """Returns a pattern for runs of more than 30 marks. Few texts need it, and to look for all marks of Unicode takes 10 ms."""
    return re.compile("([{}]{{31,}})".format("".join(char for char in map(chr, range(0x20000)) if unicodedata.combining(char))))


def nfc(text: str) -> str:
    """Returns the text in Unicode normalisation form C: one code point for each Vietnamese letter."""
    return _normal("NFC", text)


def drop_invisible(text: str) -> str:
    """Returns the text without characters that are not visible: zero-width ones, soft hyphens, control characters, half characters."""
    # All of them are unprintable in Unicode, and that check is faster.
    return text if text.isprintable() else _INVISIBLE.sub("", text)


def squeeze(text: str) -> str:
    """Returns one line: every run of white space, including no-break spaces and line breaks, becomes one blank."""
    return " ".join(text.split())


def clean(text: str) -> str:
    """Returns one clean line for a field: NFC, no invisible characters, single blanks.

    >>> clean("  Sở Thông tin\\n và\\u00a0Truyền\\u200b thông ")
    'Sở Thông tin và Truyền thông'
    """
    text = text.strip()
    # A printable text has no line break, no-break space or invisible character, so only blanks can be left to squeeze.
    if text.isprintable() and (text.isascii() or unicodedata.is_normalized("NFC", text)):
        return text if "  " not in text else " ".join(text.split())
    return squeeze(nfc(drop_invisible(text)))


def fold(text: str) -> str:
    """Returns the text as typed without diacritics: lower case, and d for đ and the letters that look like it.

    >>> fold("Đắk Lắk") == fold("Ðắk Lắk") == "dak lak"
    True
    """
    if text.isascii():
        return text.lower()
    return _FOLDED.of(text)


def _fold(text: str) -> str:
    folded = _MARKS.sub("", _normal("NFD", text)).casefold()
    for letter in _D_LETTERS:
        folded = folded.replace(letter, "d")
    return folded


class _WordForms(dict[str, str]):
    """A cache of a form of words. Vietnamese has about 7,000 syllables, so most words of a page are already in it. A text can be split at
    its blanks and line ends because no form of a word depends on the words beside it. `form`: returns the form of a word.
    """

    _MOST = 20_000
    _LONGEST = 30  # characters; longer words are not kept, so that no page can fill the memory

    def __init__(self, form: Callable[[str], str]) -> None:
        super().__init__()
        self._form, self._line_end = form, form("\n")

    def of(self, text: str) -> str:
        """Returns the forms of the words of a text, with blanks between them."""
        return " ".join(map(self.__getitem__, text.split(" ")))

    def __missing__(self, word: str) -> str:
        # The last word of a line and the first one of the next.
        found = self._line_end.join(map(self.__getitem__, word.split("\n"))) if "\n" in word else self._form(word)
        if len(word) <= self._LONGEST:
            if len(self) >= self._MOST:
                self.clear()
            self[word] = found
        return found


_FOLDED = _WordForms(_fold)


def letters_of(text: str) -> str:
    """Returns the letters and digits of a text, folded and without anything between them.

    >>> letters_of("Sở Y tế (2009)")
    'soyte2009'
    """
    return "".join(map(_LETTERS.__getitem__, text.split(" ")))


_LETTERS = _WordForms(lambda word: "".join(filter(str.isalnum, _fold(word))))


def place_tone(text: str) -> str:
    """Returns the text with the tone mark on the first vowel of open syllables in oa, oe, uy: "Thanh Hoá" becomes "Thanh Hóa".

    The result is in NFC. Closed syllables (hoàn), and uy after q (quý), have only one spelling and do not change.

    >>> place_tone("Thanh Hoá, khoẻ, thuỷ, hoàn, quý")
    'Thanh Hóa, khỏe, thủy, hoàn, quý'
    """
    if text.isascii():
        return text
    decomposed = _normal("NFD", text)

    def move(match: re.Match[str]) -> str:
        first, second, tone = (match[1], match[2], match[3]) if match[1] else (match[4], match[5], match[6])
        return first + tone + second

    return nfc(_SECOND_VOWEL_TONE.sub(move, decomposed))


def search_form(text: str) -> str:
    """Returns the exact form that the full-text index holds: NFC, one tone placement, eth replaced by đ, lower case.

    >>> search_form("Ðường Hoà Bình")
    'đường hòa bình'
    """
    if text.isascii():
        return text.lower()
    return _SEARCHED.of(text)


def _search_form(text: str) -> str:
    return place_tone(nfc(text)).replace("Ð", "Đ").replace("ð", "đ").casefold()


_SEARCHED = _WordForms(_search_form)


_PRIMARY = {letter: index for index, letter in enumerate("aăâbcdđeêfghijklmnoôơpqrstuưvwxyz", start=1)}
_TONE_ORDER = {tone: index for index, tone in enumerate(_TONES, start=1)}
_SHAPES = {"\u0306", "\u0302", "\u031b"}  # breve, circumflex, horn: they form letters, not tones


def collation_key(text: str) -> str:
    """Returns a key whose code-point order is the Vietnamese dictionary order of the text (that of ICU).

    Letters come first (a ă â b c d đ e ê ...), then tones (none, huyền, hỏi, ngã, sắc, nặng). Each letter of the alphabet becomes one
    printable ASCII character, so that SQLite sorts the stored key with its default collation.

    >>> sorted(["Đà Nẵng", "Điện Biên", "Cà Mau", "Dak Lak", "Đắk Lắk"], key=collation_key)
    ['Cà Mau', 'Dak Lak', 'Đà Nẵng', 'Đắk Lắk', 'Điện Biên']
    """
    letters: list[str] = []
    tones: list[str] = []
    for char in nfc(text.casefold()):
        parts = unicodedata.normalize("NFD", char.replace("ð", "đ"))
        base = unicodedata.normalize("NFC", parts[0] + "".join(c for c in parts[1:] if c in _SHAPES))
        tone = next((c for c in parts[1:] if c in _TONE_ORDER), "")
        if base in _PRIMARY:
            letters.append(chr(0x40 + _PRIMARY[base]))
        elif base.isdigit():
            letters.append(base)
        elif base.isspace():
            letters.append(" ")
        elif base in "-–—.,'\"()":
            letters.append("!")
        else:
            letters.append("~" + base)
        tones.append(str(_TONE_ORDER.get(tone, 0)))
    return "".join(letters) + " " + "".join(tones).rstrip("0")


_NUMBER_SEPARATORS = re.compile(r"[\s/.:\-\u2010-\u2015\u2212]+")


def number_form(number: str) -> str:
    """Returns a document's number in the form for look-ups, however it was typed: folded, equal separators, no leading zeros.

    >>> number_form("07/2008/CT-BTTTT") == number_form("7 / 2008 / ct–btttt") == "7/2008/ct/btttt"
    True
    """
    folded = fold(number.replace("Đ", "d"))  # most numbers have no other letter with a mark, and plain text is folded at once
    return "/".join([part.lstrip("0") or "0" for part in _NUMBER_SEPARATORS.split(folded) if part])


_INITIAL = "(?:ngh|ng|nh|ch|gh|gi|kh|ph|qu|th|tr|[bcdghklmnprstvx])?"
_NUCLEUS = (
    "(?:uyê|uya|uye|oai|oay|oao|oeo|uay|uoi|uou|ieu|yeu|uyu|iê|yê|uô|ươ"
    "|ai|ao|au|ay|eo|eu|ia|ie|iu|oa|oe|oi|oo|ua|ue|ui|uo|uu|uy|ya|ye|[aeiouy])"
)
_FINAL = "(?:ng|nh|ch|[cmnpt])?"
_SYLLABLE = re.compile(f"{_INITIAL}{_NUCLEUS}{_FINAL}")


def is_syllable(word: str) -> bool:
    """Returns whether a word can be a Vietnamese syllable, with or without its diacritics. The grammar is that of every spelling book: an
    initial, a nucleus, a final.

    >>> is_syllable("Nghệ"), is_syllable("nghe"), is_syllable("Ohm"), is_syllable("Thng")
    (True, True, False, False)
    """
    return _SYLLABLE.fullmatch(fold(word)) is not None


# A syllable without its tone: initial, nucleus, final. The marks of ă â ê ô ơ ư belong to the letters.
_TONED_SYLLABLE = re.compile(f"({_INITIAL})([aeiouyăâêôơư]{{1,3}})({_FINAL})")
_SHAPED = set("ăâêôơư")
_TONE = re.compile(f"[{_TONES}]")


def correct_tone(word: str) -> str:
    """Returns a syllable with its tone on the right vowel, in the placement of `search_form`; any other word as it is. People who type fast
    put the tone on another vowel.

    >>> [correct_tone(word) for word in ("baỏ", "hoà", "tóan", "nghịêp", "quí", "gía", "Hà")]
    ['bảo', 'hòa', 'toán', 'nghiệp', 'quí', 'giá', 'hà']
    """
    word = nfc(word).casefold().replace("ð", "đ")
    decomposed = _normal("NFD", word)
    tones = _TONE.findall(decomposed)
    plain = nfc(_TONE.sub("", decomposed))
    match = _TONED_SYLLABLE.fullmatch(plain.replace("đ", "d")) if len(tones) == 1 else None
    if match is None:
        return word
    nucleus, final = match[2], match[3]
    shaped = [place for place, letter in enumerate(nucleus) if letter in _SHAPED]
    if shaped and final and shaped[-1] < len(nucleus) - 1:
        return word  # "trưòng": a mark is missing, too
    if shaped:
        place = shaped[-1]
    elif len(nucleus) == 3 or (len(nucleus) == 2 and final):
        place = 1
    else:
        place = 0
    at = match.start(2) + place + 1
    return nfc(plain[:at] + tones[0] + plain[at:])
