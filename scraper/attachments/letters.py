"""Vietnamese letters of the fonts before Unicode, and the rules by which a text is read as written in one of them.

Two families were in use until about 2010. TCVN3 (TCVN 5712:1993, VN3; fonts .VnTime, .VnArial; "QuyÕt ®Þnh") has one byte for each letter;
its capital letters with a tone are those of fonts whose names end in H (.VnTimeH), which draw small letters as capital ones. VNI (fonts
VNI-Times, VNI-Helve; "Quyeát ñònh") writes a vowel and then its mark. The programs of that time stored such a text as if it were Western
European, so its letters are those of Latin-1.

A text is never converted by a guess:

1. The name of the font decides, if the format has it: .Vn... or VNI-.... The letters may object: if more words of all text in that font are
   Vietnamese as they are than after the conversion, the font keeps its text (its name is wrong, or the program has converted it already).
   A run with a letter that only Unicode has (ạ, ế, đ, ư ...) is never converted.
2. Without such a name the letters of the whole file decide: at least FEWEST_WORDS words have letters beyond ASCII, at least CONVERTED_SHARE
   of them are syllables of Vietnamese after the conversion, and at most PLAIN_SHARE as they are. Paragraphs with a letter that only
   Unicode has do not count, so that they do not hide the others of a mixed file. Five words with correct letters and tones
   do not come about by chance: of the words of French, German or Portuguese that have letters beyond ASCII, under one in ten becomes a
   syllable. Then each paragraph is checked in the same way by its majority, so that a paragraph in Unicode or in another language stays.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache

from scraper.attachments.file_text import Font
from scraper.text import drop_invisible, nfc

FEWEST_WORDS = 5  # words with letters beyond ASCII; fewer may be a name
CONVERTED_SHARE = 0.9  # of these words, syllables after conversion; the rest are names and misprints
PLAIN_SHARE = 0.5  # of these words, syllables as they are; text in Unicode has nearly all


@dataclass(frozen=True, slots=True)
class Run:
    """A piece of text in one font. `font`: its name, empty if the format has none."""

    text: str
    font: str = ""


Paragraph = Sequence[Run]


@dataclass(frozen=True, slots=True)
class Converted:
    """A text in Unicode. `original`: the text as it is in the file, if it was converted."""

    text: str
    original: str | None
    font: Font


# The letters of TCVN 5712:1993 VN3 from 0xA1 on; `iconv -f TCVN5712-1` gives the same.
_TCVN3 = dict(zip(range(0xA1, 0xAF), "ĂÂÊÔƠƯĐăâêôơưđ", strict=True)) | {
    ord(old): new
    for old, new in zip(
        "µ¸¶·¹»¾¼½ÆÇÊÈÉËÌÐÎÏÑÒÕÓÔÖ×ÝØÜÞßãáâäåèæçéêíëìîïóñòôõøö÷ùúýûüþ",
        "àáảãạằắẳẵặầấẩẫậèéẻẽẹềếểễệìíỉĩịòóỏõọồốổỗộờớởỡợùúủũụừứửữựỳýỷỹỵ",
        strict=True,
    )
}
# Characters that a PDF has instead of a letter of TCVN3, because their glyphs have the same names or shapes: a hyphen or minus for 0xAD
# (ư), an operator's dot for 0xB7 (ã), the Greek mu for 0xB5 (à). They count only beside a letter.
_GLYPHS = {"\u2212": "\xad", "\u2010": "\xad", "\x02": "\xad", "\u2219": "\xb7", "\u2022": "\xb7", "\u03bc": "\xb5"}
_GLYPH = re.compile("(?<=[^\\W\\d_])[{0}]|[{0}](?=[^\\W\\d_])".format("".join(_GLYPHS)))
_SYMBOLS = {0xF000 + code: code for code in range(0x20, 0x100)}  # fonts of symbols: Word stores their bytes in the private area

# VNI: a vowel and its mark. Tones: ù sắc, ø huyền, û hỏi, õ ngã, ï nặng. With a circumflex: â (none), á, à, å, ã, ä. With a breve: ê
# (none), é, è, ú, ü, ë.
_TONES = dict(zip("ùøûõï", "\u0301\u0300\u0309\u0303\u0323", strict=True))
_CIRCUMFLEX = dict(zip("âáàåãä", ("", *_TONES.values()), strict=True))
_BREVE = dict(zip("êéèúüë", ("", *_TONES.values()), strict=True))
_SINGLE = dict(zip("ñôöæóòî", "đơưỉĩịỵ", strict=True))


@cache
def _vni() -> tuple[re.Pattern[str], dict[str, str]]:
    table = dict(_SINGLE)
    for vowel in "aeiouyôö":
        base = _SINGLE.get(vowel, vowel)
        table |= {vowel + mark: nfc(base + tone) for mark, tone in _TONES.items()}
        if vowel in "aeo":
            table |= {vowel + mark: nfc(vowel + "\u0302" + tone) for mark, tone in _CIRCUMFLEX.items()}
        if vowel == "a":
            table |= {vowel + mark: nfc(vowel + "\u0306" + tone) for mark, tone in _BREVE.items()}
    # Capital letters have capital marks; after a capital first letter some typists went on with small ones.
    table |= {old.upper(): new.upper() for old, new in table.items()} | {
        old[0].upper() + old[1:]: new.upper() for old, new in table.items()
    }
    return re.compile("|".join(sorted(map(re.escape, table), key=len, reverse=True))), table


def to_unicode(text: str, font: Font, *, capitals: bool = False) -> str:
    """Returns a text of an old font in Unicode, NFC. `capitals`: its font draws small letters as capital ones (.VnTimeH).

    >>> to_unicode("QuyÕt ®Þnh", Font.TCVN3), to_unicode("Quyeát ñònh", Font.VNI)
    ('Quyết định', 'Quyết định')
    """
    text = text.translate(_SYMBOLS)
    if font is Font.TCVN3:
        text = nfc(_GLYPH.sub(lambda match: _GLYPHS[match[0]], text).translate(_TCVN3))
    elif font is Font.VNI:
        pattern, table = _vni()
        text = pattern.sub(lambda match: table[match[0]], text)
    return nfc(text.upper() if capitals else text)


_FEWEST_CAPITALS = 5  # letters of ASCII


def _are_capital(text: str) -> bool:
    """Returns whether a text in TCVN3 is one in capital letters, though its letters with tones are small: TCVN3 has only those. Its letters
    of ASCII show it: many are capital, and none is small. The numbers of documents ("12/2009/Q§-BTTTT") do not count."""
    words = "".join(word for word in text.split() if "/" not in word and not any(map(str.isdigit, word)))
    return sum("A" <= char <= "Z" for char in words) >= _FEWEST_CAPITALS and not any("a" <= char <= "z" for char in text)


_FONT_NAMES = (
    (Font.TCVN3, re.compile(r"(?:[A-Z]{6}\+)?\.?Vn[A-Z][\w .,-]*")),
    (Font.VNI, re.compile(r"(?:[A-Z]{6}\+)?VNI[-_ ][\w .,-]+", re.IGNORECASE)),
)
_CAPITAL_FONT = re.compile(r"\.?Vn\w*[a-z]H(?:[ ,-].*)?")


@lru_cache(1024)
def named_font(name: str) -> Font:
    """Returns the encoding that the name of a font stands for.

    >>> named_font(".VnTime"), named_font("ABCDEF+VNI-Times,Bold"), named_font("Times New Roman")
    (<Font.TCVN3: 'tcvn3'>, <Font.VNI: 'vni'>, <Font.UNICODE: 'unicode'>)
    """
    return next((font for font, pattern in _FONT_NAMES if pattern.fullmatch(name)), Font.UNICODE)


@lru_cache(1024)
def draws_capitals(name: str) -> bool:
    """Returns whether a font draws small letters as capital ones: ".VnTimeH"."""
    return _CAPITAL_FONT.fullmatch(name.split("+")[-1]) is not None


_WORD = re.compile(
    r"[^\W\d_](?:[^\s\d!-/:-@\[-`{-~\u2026\u201c\u201d\u2013]*[^\s\d!-/:-@\[-`{-~\u2026\u201c\u201d\u2013])?|[\xa1-\xff][^\s\d!-/:-@\[-`{-~]*"
)
_ONLY_UNICODE = re.compile("[ăđĩũơưĂĐĨŨƠƯ\u1ea0-\u1ef9\u0300\u0301\u0303\u0309\u0323]")
_INITIALS = "(?:ngh|ng|nh|ch|gh|gi|kh|ph|qu|th|tr|[bcdđghklmnprstvx])?"
_VOWELS = (
    "(?:uyê|uya|uyu|oai|oay|oao|oeo|uây|uôi|ươi|ươu|iêu|yêu|iê|yê|uô|ươ|uâ|oă|uê|uơ"
    "|ai|ao|au|ay|âu|ây|eo|êu|ia|iu|oa|oe|oi|ôi|ơi|oo|ua|ui|uy|ưa|ưi|ưu|[aăâeêioôơuưy])"
)
_SYLLABLE = re.compile(f"{_INITIALS}{_VOWELS}(?P<final>ng|nh|ch|[ckmnpt])?")
_TONE_MARKS = re.compile("[\u0300\u0301\u0303\u0309\u0323]")
_STOPS = frozenset(("c", "ch", "k", "p", "t"))  # k in names: Đắk Lắk
_TONES_OF_STOPS = frozenset(("\u0301", "\u0323"))


@lru_cache(16_384)
def is_spelled(word: str) -> bool:
    """Returns whether a word is a syllable of Vietnamese with the marks that it must have: at most one tone, and after c, ch, p, t only sắc
    or nặng.

    >>> is_spelled("Quyết"), is_spelled("QuyÕt"), is_spelled("Quyeát"), is_spelled("hoc")
    (True, False, False, False)
    """
    if len(word) > 8:  # "nghiêng" has seven letters
        return False
    decomposed = unicodedata.normalize("NFD", word.lower())
    tones = _TONE_MARKS.findall(decomposed)
    found = _SYLLABLE.fullmatch(nfc(_TONE_MARKS.sub("", decomposed)))
    if found is None or len(tones) > 1:
        return False
    return found["final"] not in _STOPS or (len(tones) == 1 and tones[0] in _TONES_OF_STOPS)


@dataclass
class Evidence:
    """Counts of words with letters beyond ASCII: all, syllables as they are, and syllables after each conversion."""

    words: int = 0
    plain: int = 0
    tcvn3: int = 0
    vni: int = 0

    def add(self, text: str) -> None:
        """Counts the words of a text. Words with letters of Unicode are syllables as they are, or foreign."""
        for word in _WORD.findall(text):
            if word.isascii():
                continue
            self.words += 1
            self.plain += is_spelled(word)
            if _ONLY_UNICODE.search(word) is None:
                self.tcvn3 += is_spelled(to_unicode(word, Font.TCVN3))
                self.vni += is_spelled(to_unicode(word, Font.VNI))

    def after(self, font: Font) -> int:
        """Returns how many words are syllables after the conversion from a font."""
        return {Font.TCVN3: self.tcvn3, Font.VNI: self.vni}.get(font, self.plain)

    @property
    def best(self) -> Font:
        """The conversion that gives most syllables."""
        return Font.TCVN3 if self.tcvn3 >= self.vni else Font.VNI

    @property
    def decides(self) -> bool:
        """Whether the letters suffice to convert a text whose font has no name."""
        return (
            self.words >= FEWEST_WORDS and self.after(self.best) >= CONVERTED_SHARE * self.words and self.plain <= PLAIN_SHARE * self.words
        )


@dataclass
class Fonts:
    """What the whole text of a file says about its fonts: the encoding of each named font, and of text without a name that says it."""

    named: dict[str, Font]
    unnamed: Font

    def of(self, run: Run) -> Font:
        """Returns the encoding of a run."""
        font = self.named.get(run.font, Font.UNICODE)
        return Font.UNICODE if font is not Font.UNICODE and _ONLY_UNICODE.search(run.text) else font


def look(paragraphs: Iterable[Paragraph]) -> Fonts:
    """Returns what the paragraphs of a whole file say about its fonts; see the rules of this module."""
    by_name: dict[str, Evidence] = {}
    rest = Evidence()
    for paragraph in paragraphs:
        is_unicode = any(_ONLY_UNICODE.search(run.text) for run in paragraph)  # it must not hide the others of a mixed file
        for run in paragraph:
            if run.text.isascii():
                continue
            if named_font(run.font) is Font.UNICODE:
                rest.add("" if is_unicode else run.text)
            else:
                by_name.setdefault(run.font, Evidence()).add(run.text)
    named = {name: font for name, found in by_name.items() if found.after(font := named_font(name)) >= found.plain}
    named |= {name: Font.UNICODE for name in by_name if name not in named}
    return Fonts(named, rest.best if rest.decides else Font.UNICODE)


def convert(paragraph: Paragraph, fonts: Fonts) -> Converted:
    """Returns a paragraph in Unicode, run by run."""
    parts: list[str] = []
    used: Counter[Font] = Counter()
    unnamed = _unnamed(paragraph, fonts)
    capital = _are_capital("".join(run.text for run in paragraph))
    for run in paragraph:
        font = fonts.of(run) if run.font in fonts.named or named_font(run.font) is not Font.UNICODE else unnamed
        capitals = font is Font.TCVN3 and (capital or draws_capitals(run.font))
        parts.append(
            drop_invisible(nfc(run.text)) if font is Font.UNICODE else drop_invisible(to_unicode(run.text, font, capitals=capitals))
        )
        if run.text.strip() and (font is not Font.UNICODE or not run.text.isascii()):
            used[font] += len(run.text)
    font = Font.UNICODE if not used else next(iter(used)) if len(used) == 1 else Font.MIXED
    return Converted("".join(parts), None if set(used) <= {Font.UNICODE} else "".join(run.text for run in paragraph), font)


def _unnamed(paragraph: Paragraph, fonts: Fonts) -> Font:
    """Returns the encoding of the runs of a paragraph whose font says nothing: the one of the file, if most of the paragraph's words
    agree."""
    if fonts.unnamed is Font.UNICODE:
        return Font.UNICODE
    found = Evidence()
    for run in paragraph:
        if named_font(run.font) is Font.UNICODE:
            found.add(run.text)
    agrees = found.words > 0 and found.after(fonts.unnamed) * 2 > found.words and found.after(fonts.unnamed) > found.plain
    return fonts.unnamed if agrees else Font.UNICODE
