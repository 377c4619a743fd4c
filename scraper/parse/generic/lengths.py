"""How long the texts of a page of unknown layout are, in characters, and within how many blocks the parts of an article are searched for."""

from __future__ import annotations

LONG_TEXT = 700  # characters that make an article on any page: introductions of sections and boxes beside the text are shorter
MIDDLE_TEXT = 400  # characters; a shorter text may be an introduction or a hidden box, and every line of it counts
SURE_TEXT = 140  # characters; a longer text is not a caption, a field or a menu
TEXT_LINE = 40  # characters of a line of text; a shorter one may be a field, a tool, a name, a caption or the label of a box
SHORTEST_TITLE, LONGEST_TITLE = 3, 600  # characters; the longest title of 2,000 real articles has 410

ABOVE_TITLE = 6  # blocks above a title that may hold its date, its author or the breadcrumb
BELOW_TITLE = 10  # blocks below a title in which its text begins: date, tools and a lead are between them
TEXT_WITHIN = 30  # blocks below a title in which a long text begins, or a short notice ends
STEPS_OUT = 8  # elements around a block that are searched for a link, a row, a table or a banner; a bound against hostile input
