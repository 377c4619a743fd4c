"""Whether the text layer of a page is doubtful: a bad OCR of the sender, letters that were dropped, or glyphs without their letters.

Measured on texts of this project (docs/attachments.md): in Vietnamese texts 70 to 92 of 100 words have a letter with a mark, and at most
6 of
100 of these are not correct syllables. In a text layer that an English OCR made of a Vietnamese page, 24 of 100 have one, and 43 of 100 of
these are not.
"""

from __future__ import annotations

import re

from scraper.attachments.letters import is_spelled
from scraper.text import is_syllable

FEWEST_WORDS = 20  # fewer show nothing
VIETNAMESE = 0.6  # of the words, those that are syllables of Vietnamese but for their marks; English has 0.22
MARKED = 0.5  # of these, the least that have marks in a good text
MISSPELLED = 0.15  # of the words with marks, the most that are not syllables in a good text: foreign names
MEANINGLESS = 0.1  # of all words, the most with characters that stand for no letter
_WORD = re.compile(r"[^\W\d_]{2,}")
_CHARACTERS = re.compile("[\ufffd\ue000-\uf8ff\x00-\x08\x0e-\x1f]")


def is_doubtful(text: str) -> bool:
    """Returns whether a text has many characters without a meaning, or is Vietnamese whose marks are missing or wrong. A text in another
    language is not doubtful.
    """
    tokens = text.split()
    if len(tokens) < FEWEST_WORDS:
        return False
    if sum(_CHARACTERS.search(one) is not None for one in tokens) > MEANINGLESS * len(tokens):
        return True
    words = [word for one in tokens if "/" not in one for word in _WORD.findall(one)]  # not the numbers of documents
    syllables = sum(map(is_syllable, words))
    if len(words) < FEWEST_WORDS or syllables < VIETNAMESE * len(words):
        return False
    marked = [one for one in words if not one.isascii()]
    return len(marked) < MARKED * syllables or sum(not is_spelled(one) for one in marked) > MISSPELLED * len(marked)
