"""Each group of phrases in boilerplate.toml recognises its examples, and leaves its counter-examples in the text."""

from __future__ import annotations

import tomllib
from collections.abc import Callable

import pytest

from scraper.parse.body.boilerplate import begins_comments, begins_other_news, introduces_list, is_label
from scraper.text import fold
from tests.conftest import PROJECT

GROUPS = tomllib.loads((PROJECT / "scraper/parse/body/boilerplate.toml").read_text(encoding="utf-8"))
LONG = "Một dòng dài của bài báo, kể lại nội dung của hội nghị và ý kiến của các đại biểu tham dự trong buổi sáng hôm nay. " * 3


def _is_widget(line: str) -> bool:
    return is_label(line) and not begins_other_news(line)


def _begins_comments(line: str) -> bool:
    return begins_comments(fold(line), list)


def _is_comment_line(line: str) -> bool:
    """Returns whether the line shows that the heading before it begins comments."""
    return begins_comments("y kien", lambda: [line, LONG])


# How each group is seen from outside of the module.
APPLIES: dict[str, Callable[[str], bool]] = {
    "other_news": begins_other_news,
    "loose_other_news": lambda line: not introduces_list(line),
    "buttons": _is_widget,
    "widget": _is_widget,
    "comments": _begins_comments,
    "comment_lines": _is_comment_line,
    "author": _begins_comments,
}


@pytest.mark.parametrize("group", GROUPS)
def test_each_group_of_phrases(group: str) -> None:
    applies = APPLIES[group]
    assert [line for line in GROUPS[group]["examples"] if not applies(line)] == []
    assert [line for line in GROUPS[group]["counter_examples"] if applies(line)] == []
