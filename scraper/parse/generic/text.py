"""The text of an article on a page of unknown layout: the lines of its stretch, without what stands above and below."""

from __future__ import annotations

import re
from collections.abc import Sequence

from selectolax.lexbor import LexborNode

from scraper.model import Text
from scraper.parse.body import lines, repair_entities
from scraper.parse.boxes import Line, is_label, without_boxes
from scraper.parse.credits import is_account
from scraper.parse.document import Document
from scraper.parse.generic.blocks import Block
from scraper.parse.generic.dates import is_side_line
from scraper.parse.generic.names import LEAST, NAME, key
from scraper.parse.generic.second_opinion import text_by_trafilatura
from scraper.parse.structured import Structured
from scraper.text import clean

# Fields that programs print below the text.
_FIELD_LINE = re.compile(
    r"^(?:tác giả(?: bài viết)?|nguồn tin|(?:file|tệp|tập) (?:tin )?(?:đính kèm)?|tập tin|tải về|đính kèm)\s*(?::.{0,120})?$", re.IGNORECASE
)


def find_text(
    said: Structured, node: LexborNode | None, blocks: Sequence[Block], stretch: tuple[int, int] | None, title: str, summary: str
) -> Text:
    """The lines of `node` that are of the stretch, without title, sapo and fields around them; what machines are told where that is longer."""
    found = without_boxes(lines(node)) if node is not None else []
    named = node is not None and node.attributes.get("itemprop") == "articleBody"
    if stretch is not None and not named:
        found = _of_stretch(found, blocks[stretch[0] : stretch[1] + 1])
    text = "\n\n".join(line.text for line in _without_foot(_without_head(found, title, summary)))
    rule = f"{NAME}: {'microdata articleBody' if named else 'the longest stretch of text that leads nowhere'}"
    told = max((one.value for one in said.body), key=len, default="")
    if len(text) < LEAST and len(told) > len(text):
        text, rule = "\n\n".join(clean(part) for part in re.split(r"\n+", told) if part.strip()), f"{NAME}: {said.body[0].rule}"
    if not text:
        return Text(None, f"{NAME}: no body text on the page")
    mended, repaired = repair_entities(text)
    return Text(mended, rule + (", broken entities repaired" if repaired else ""), text if repaired else None)


def second_text(document: Document, title: str) -> Text | None:
    """The text as trafilatura reads it, where there is enough of it to be one."""
    lines = text_by_trafilatura(document)
    text = "\n\n".join(line for line in lines if not _says_title_alone(line, title) and not is_side_line(line))
    return Text(text, f"{NAME}: trafilatura") if len(text) >= LEAST else None


def text_beside_files(node: LexborNode, title: str) -> Text | None:
    """What little an element says beside its title and its files ("Tải về tại đây")."""
    found = _without_foot(_without_head(without_boxes(lines(node)), title, ""))
    text = "\n\n".join(line.text for line in found if not line.is_link)
    return Text(text, f"{NAME}: what stands beside the files below the title") if 0 < len(text) < LEAST else None


def _says_title_alone(line: str, title: str) -> bool:
    """Whether a line is the title, perhaps twice and with a date: all that a notice with nothing but a file shows."""
    said, wanted = key(line), key(title)
    return said == wanted or (len(wanted) >= 16 and wanted in said and len(said.replace(wanted, "")) <= 20)


def _of_stretch(found: list[Line], stretch: Sequence[Block]) -> list[Line]:
    """The lines from the first block of the stretch to its last, and what short lines follow that lead nowhere."""
    first = next((at for block in stretch for at, line in enumerate(found) if _same_line(line, block)), 0)
    last = next(
        (at for block in reversed(stretch) for at in range(len(found) - 1, first - 1, -1) if _same_line(found[at], block)), len(found) - 1
    )
    end = last + 1
    while (
        end < len(found) and end <= last + 3 and not found[end].is_link and len(found[end].text) <= 90 and not is_side_line(found[end].text)
    ):
        end += 1
    return found[first:end]


def _same_line(line: Line, block: Block) -> bool:
    if len(block.text) <= 20 or len(line.text) <= 20:
        return False
    return block.text in line.text or (line.text in block.text and len(line.text) * 3 > len(block.text))


def _without_head(found: list[Line], title: str, summary: str) -> list[Line]:
    """The lines without what stands above the text of an article in the same element: breadcrumb, title, date, sapo."""
    wanted = key(title)
    for at, line in enumerate(found[:8]):
        if wanted and key(line.text) == wanted:
            found = found[at + 1 :]
            break
    for at, line in enumerate(found[:4]):
        if is_side_line(line.text) and all(len(above.text) < 100 for above in found[:at]):
            found = found[at + 1 :]
            break
    sapo = key(summary)
    for at, line in enumerate(found[:4]):
        # Above the sapo stand captions at most.
        if sapo and len(found) > at + 1 and key(line.text) == sapo and all(len(above.text) < 100 for above in found[:at]):
            found = found[at + 1 :]
            break
    while found and (is_label(found[0].text) or found[0].is_link or is_side_line(found[0].text)):
        found = found[1:]
    return found


def _without_foot(found: list[Line]) -> list[Line]:
    """The lines without links to elsewhere, tags, dates, accounts and the fields of a form behind the text."""
    while found and ((found[-1].is_link and len(found) > 1) or _is_field(found[-1].text)):
        found = found[:-1]
    return found


def _is_field(text: str) -> bool:
    return is_side_line(text) or _FIELD_LINE.match(text) is not None or is_account(text)
