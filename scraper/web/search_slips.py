"""What a mistyped Vietnamese word may have been: keys of an input method that was off, a wrong or missing mark, a letter that sounds like
another one, letters in a wrong order. Pure: whether such a word exists, the full-text index says.
"""

from __future__ import annotations

import re
import string
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product

from scraper.text import correct_tone, fold, is_syllable, nfc

_LONGEST = 24  # letters of a word that is looked at
_SHORTEST = 2  # letters of a word that is looked at
_TONES = {"s": "\u0301", "f": "\u0300", "r": "\u0309", "x": "\u0303", "j": "\u0323"}  # keys of Telex
_VNI_TONES = dict(zip("12345", "\u0301\u0300\u0309\u0303\u0323", strict=True))
_CIRCUMFLEX, _BREVE, _HORN = "\u0302", "\u0306", "\u031b"
_SHAPES = {_CIRCUMFLEX: "aeo", _BREVE: "a", _HORN: "ou"}  # the letters that each may be on
_VNI_SHAPES = {"6": _CIRCUMFLEX, "7": _HORN, "8": _BREVE}
_VOWELS = "aeiouy"
_MARKED = {"a": "aăâ", "e": "eê", "o": "oôơ", "u": "uư", "i": "i", "y": "y"}
_EVERY_TONE = ("", "\u0300", "\u0301", "\u0303", "\u0309", "\u0323")
_PARTS = re.compile("(ngh|ng|nh|ch|gh|gi|kh|ph|qu|th|tr|[bcdghklmnprstvx])?([aeiouy]{1,3})(ng|nh|ch|[cmnpt])?")
# What sounds alike somewhere in the country, or is spelled by a rule that people forget.
_INITIALS = (
    ("s", "x"), ("ch", "tr"), ("d", "gi"), ("d", "r"), ("gi", "r"), ("d", "v"), ("v", "gi"), ("l", "n"),
    ("c", "k"), ("c", "qu"), ("k", "qu"), ("g", "gh"), ("ng", "ngh"), ("h", "qu"),
)  # fmt: skip
_FINALS = (("n", "ng"), ("n", "nh"), ("c", "t"), ("ch", "t"), ("ng", "nh"))


@dataclass(frozen=True, slots=True)
class Guess:
    """What a word may have been. `cost`: how far it is from what was typed; 0 if it is the same keys."""

    word: str
    cost: float


def from_keys(word: str) -> str | None:
    """Returns the syllable that the keys of a word give with Telex or VNI, or None if they give none. It was typed while the input method
    was off, or with a key too late.

    >>> [from_keys(word) for word in ("quyeest", "ddinhj", "dinhdj", "quye61t", "d9inh5", "truwowngf", "tin", "nd72")]
    ['quyết', 'định', 'định', 'quyết', 'định', 'trường', None, None]
    """
    if not _SHORTEST <= len(word) <= _LONGEST:
        return None
    letters: list[list[str]] = []  # each with its shape: ["e", circumflex], or the empty text
    tone, used = "", False
    for char in unicodedata.normalize("NFD", word.casefold()):
        shape = _shape_of_key(char, letters)
        if char in _TONES.values():
            tone = char
        elif char in _SHAPES and letters:
            letters[-1][1] = char
        elif _has_vowel(letters) and (found := _TONES.get(char) or _VNI_TONES.get(char)):
            tone, used = found, True
        elif shape is not None:
            used = True
            if not _add_shape(letters, shape):
                return None
        elif char in "d9" and letters and letters[0] == ["d", ""] and _is_stroke(char, letters):
            letters[0][0], used = "đ", True
        else:
            letters.append([char, ""])
    made = nfc("".join(letter + shape for letter, shape in letters)).replace("ưo", "ươ")  # one w is enough for both
    return _with_tone(made, tone) if used and is_syllable(made) else None


def _has_vowel(letters: list[list[str]]) -> bool:
    return any(letter in _VOWELS for letter, _ in letters)


def _shape_of_key(char: str, letters: list[list[str]]) -> str | None:
    """Returns the mark that a key adds to a letter before it; None if it is a letter itself."""
    if char in _VNI_SHAPES:
        return _VNI_SHAPES[char] if _has_vowel(letters) else None
    if char == "w" and _has_vowel(letters):
        return _HORN
    return _CIRCUMFLEX if char in "aeo" and [char, ""] in letters else None


def _add_shape(letters: list[list[str]], shape: str) -> bool:
    """Adds a mark to the last letter that may have it. Returns False if there is none. The w of Telex is the breve of an a, too."""
    plain = "".join(letter if not mark else "-" for letter, mark in letters)
    if shape == _HORN and "uo" in plain:
        at = plain.rindex("uo")
        letters[at][1] = letters[at + 1][1] = _HORN
        return True
    at = max((plain.rfind(letter) for letter in _SHAPES[shape]), default=-1)
    if at < 0 and shape == _HORN and "a" in plain:
        at, shape = plain.rindex("a"), _BREVE
    if at < 0:
        return False
    letters[at][1] = shape
    return True


def _is_stroke(char: str, letters: list[list[str]]) -> bool:
    """Returns whether a key makes the first d a đ: the second one of "ddinh", the last one of "dinhd", the 9 of VNI."""
    return char == "9" or len(letters) == 1 or _has_vowel(letters)


def _with_tone(word: str, tone: str) -> str:
    """Returns a syllable with a tone on the vowel that has it by the rules."""
    place = max((at for at, char in enumerate(word) if fold(char) in _VOWELS), default=len(word) - 1)
    return correct_tone(nfc(word[: place + 1] + tone + word[place + 1 :]))


def likely(word: str) -> Iterator[Guess]:
    """Yields the words that differ only in marks, or in letters that sound alike. A word without marks is searched in every spelling, so
    its marks are not guessed.

    >>> {"quyết", "quyệt"} <= {guess.word for guess in likely("quyêt")}
    True
    >>> sorted(guess.word for guess in likely("sử") if guess.cost == 1.5)
    ['xử']
    """
    if not _SHORTEST <= len(word) <= _LONGEST:
        return
    plain = fold(word)
    match = _PARTS.fullmatch(plain)
    if match is None or len(plain) != len(word):
        return
    initial, nucleus, final = match[1] or "", match[2], match[3] or ""
    before, vowels, after = word[: len(initial)], word[len(initial) : len(initial) + len(nucleus)], word[len(initial) + len(nucleus) :]
    if plain != word:
        yield from _other_marks(word, before, nucleus, after)
    for one, other in (*_INITIALS, *((b, a) for a, b in _INITIALS)):
        if fold(before) == one:
            yield Guess(correct_tone(other + vowels + after), 1.5)
    for one, other in (*_FINALS, *((b, a) for a, b in _FINALS)):
        if final == one:
            yield Guess(correct_tone(before + vowels + other), 1.5)
    if swapped := _with_other_i(vowels):
        yield Guess(correct_tone(before + swapped + after), 1.2)


def _other_marks(word: str, before: str, nucleus: str, after: str) -> Iterator[Guess]:
    """Yields a syllable with every other combination of marks, the tone on its right vowel."""
    typed = unicodedata.normalize("NFD", word)
    initials = [before, *([("đ" if before == "d" else "d")] if before in ("d", "đ") else [])]
    for first, *vowels in product(initials, *(_MARKED[letter] for letter in nucleus)):
        for tone in _EVERY_TONE:
            made = _with_tone(first + "".join(vowels) + after, tone)
            if made not in (word, fold(word)):  # without marks, it would be searched in every spelling
                differs = set(unicodedata.normalize("NFD", made)) ^ set(typed)
                yield Guess(made, 1 + 0.1 * len(differs))


def _with_other_i(vowels: str) -> str:
    """Returns vowels with y for i or i for y, with the same tone; "" if there is neither: "kĩ" and "kỹ" are the same word."""
    decomposed = unicodedata.normalize("NFD", vowels)
    if decomposed[0] in "iy" and len(fold(vowels)) == 1:
        return nfc(("y" if decomposed[0] == "i" else "i") + decomposed[1:])
    return nfc(decomposed.replace("y", "i")) if "y" in decomposed else ""


def edited(word: str) -> Iterator[Guess]:
    """Yields the words that are one letter away: two letters in the other order, one too many, one missing, one wrong; and the two words
    that a missing blank has joined.

    >>> {"hội", "quyết"} & {guess.word for guess in edited("hộii")}
    {'hội'}
    >>> "quyet dinh" in {guess.word for guess in edited("quyetdinh")}
    True
    """
    if not _SHORTEST <= len(word) <= _LONGEST:
        return
    if (plain := fold(word)) != word:  # with a mark and a letter wrong, only the search in every spelling can find it
        yield from (Guess(guess.word, guess.cost + 0.6) for guess in edited(plain))
    for at in range(2, len(word) - 1):
        if is_syllable(word[:at]) and is_syllable(word[at:]):
            yield Guess(f"{word[:at]} {word[at:]}", 1.8)
    for at in range(len(word) - 1):
        if word[at] != word[at + 1]:
            yield Guess(correct_tone(word[:at] + word[at + 1] + word[at] + word[at + 2 :]), 1.7)
    for at in range(len(word) if len(word) > _SHORTEST else 0):
        yield Guess(correct_tone(word[:at] + word[at + 1 :]), 1.9)
    for at in range(len(word) + 1):
        for letter in string.ascii_lowercase:
            yield Guess(correct_tone(word[:at] + letter + word[at:]), 2.0)
            if at < len(word) and fold(word[at]) != letter:
                yield Guess(correct_tone(word[:at] + letter + word[at + 1 :]), 2.1)
