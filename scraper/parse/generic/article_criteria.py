"""The criteria by which a page of unknown layout is one article, or something else.

`CRITERIA` are tried in their order; the first that holds decides and gives the reason. article_or_list.py computes the features.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

from scraper.parse.generic.lengths import LONG_TEXT, MIDDLE_TEXT, SURE_TEXT

LINE = 10  # characters of a line of text ("Xem file."); a shorter line is a mark or a number
UNTITLED = "untitled-text"


class End(StrEnum):
    """The reason why the opening of a page ends."""

    NOTHING = "nothing"  # the end of the page
    ITEM = "item"  # an entry of a list
    MORE = "more"  # "Xem tiếp" below a few lines
    LABEL = "label"  # "Tin khác", or another heading of other news


@dataclass(frozen=True, slots=True)
class Features:
    """The features of a page that separate articles from other pages. Sizes are in characters."""

    is_home: bool  # the URL has neither path nor query
    is_record: bool  # labels of the record of a law ("Số ký hiệu", "Trích yếu") or of a procedure ("Thành phần hồ sơ") with their values
    is_search: bool  # title or URL of a search
    is_only_search: bool  # the title says nothing else
    is_standing: bool  # title, URL or first words about an office
    has_form: bool  # many fields to fill in
    has_title: bool  # a headline that links nowhere else and is in no list
    is_named: bool  # the URL spells the title
    is_long: bool  # the title is longer than names of sections
    is_own: bool  # `<title>` or metadata spell the title
    is_dated: bool  # a date beside the title, before any list
    says_article: bool  # metadata say that it is an article
    opening: int  # the text between title and first entry of a list
    has_file: bool  # a file there, or links to laws
    has_player: bool  # one player of a video near the title
    is_dated_often: bool  # many dates there, nearly as many as lines of text
    end: End
    text: int  # the text that was extracted
    listed: int  # of it, in entries of lists
    is_teaser: bool  # a headline that links elsewhere is right above the text
    is_above_list: bool  # an entry of a list is right below the text
    has_date: bool  # a date anywhere near
    has_day_in_url: bool  # a whole day in the path, above a name: /tin-tuc/2024/03/12/lich-tiep-dan.html


LISTS = (End.ITEM, End.MORE)
WITHOUT_TEXT = ("dated-file", "dated-picture", "dated-player")  # reasons of articles that show a file, a picture or a video and no text


class ArticleCriterion(NamedTuple):
    """One reason to classify a page as an article, or as something else."""

    reason: str
    is_article: bool
    holds: Callable[[Features], bool]


CRITERIA: tuple[ArticleCriterion, ...] = (
    ArticleCriterion("home-page", False, lambda page: page.is_home and page.text > 0),
    ArticleCriterion("record", False, lambda page: page.is_record),
    ArticleCriterion("search", False, lambda page: page.is_only_search or (page.is_search and not page.is_dated)),
    ArticleCriterion("standing-page", False, lambda page: page.is_standing and not page.is_dated and not page.says_article),
    # Entries that have a day but no link in their headlines, as on a page of files to download.
    # If the title is a sentence and has its own date above the entries, the page is an article that lists files.
    ArticleCriterion(
        "many-dates",
        False,
        lambda page: page.is_dated_often and not page.is_named and not (page.is_dated and page.is_own and page.is_long),
    ),
    # A few lines with "Xem tiếp" below them are an entry of a list, unless their headline is the page's own title.
    ArticleCriterion("teaser", False, lambda page: page.end is End.MORE and not (page.is_own and page.is_long)),
    # A title with its own date above a text or a file.
    ArticleCriterion("dated-text", True, lambda page: page.has_title and page.is_dated and page.opening >= LINE),
    ArticleCriterion("dated-file", True, lambda page: page.has_title and page.is_dated and page.has_file),
    # Only a picture, and no text. A short title with entries right below it is the title of a section.
    ArticleCriterion(
        "dated-picture",
        True,
        lambda page: page.has_title and page.is_dated and (page.is_named or page.is_own) and (page.is_long or page.end not in LISTS),
    ),
    # The page of a video whose `<title>` is the name of the site. Sections that begin with a video are recognised before by their URL and menu.
    ArticleCriterion(
        "dated-player", True, lambda page: page.has_title and page.is_dated and page.is_long and page.has_player and page.end not in LISTS
    ),
    # Related news between the lead and the text: the opening is only the lead. Readers may comment in a form below the text.
    ArticleCriterion(
        "text-below-links",
        True,
        lambda page: (
            page.has_title
            and page.is_named
            and page.is_long
            and page.end is End.LABEL
            and page.text >= LONG_TEXT
            and page.listed * 2 < page.text
        ),
    ),
    ArticleCriterion("form", False, lambda page: page.has_form and page.opening < LONG_TEXT and not page.says_article),
    # Without a date.
    ArticleCriterion("long-text", True, lambda page: page.has_title and page.opening >= LONG_TEXT),
    ArticleCriterion(
        "middle-text",
        True,
        lambda page: (
            page.has_title and page.opening >= MIDDLE_TEXT and (page.end not in LISTS or page.is_named or (page.is_own and page.is_long))
        ),
    ),
    ArticleCriterion(
        "named-text",
        True,
        lambda page: (
            page.has_title and page.is_named and page.opening >= (LINE if page.has_day_in_url else SURE_TEXT) and page.end not in LISTS
        ),
    ),
    ArticleCriterion("text-by-metadata", True, lambda page: page.says_article and page.opening >= LINE and page.text >= LINE),
    # If there is no title, or it is the headline of another page, the text may be the teaser of an entry.
    ArticleCriterion("listed-text", False, lambda page: page.listed * 2 >= page.text or page.is_teaser),
    ArticleCriterion("title-in-list", False, lambda page: page.has_title and page.end in LISTS),
    ArticleCriterion(
        "late-date",
        True,
        lambda page: page.has_title and (page.is_own or page.is_long) and page.has_date and page.opening >= SURE_TEXT,
    ),
    ArticleCriterion(
        UNTITLED,
        True,
        lambda page: page.text >= LONG_TEXT or (page.text >= SURE_TEXT and page.has_date and not page.has_title and not page.is_above_list),
    ),
    ArticleCriterion("nothing-of-an-article", False, lambda page: True),
)


def classify(page: Features) -> ArticleCriterion:
    """Return the first criterion that holds for a page. The last one always holds."""
    return next(criterion for criterion in CRITERIA if criterion.holds(page))
