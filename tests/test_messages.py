"""Every message of a command exists in both languages. The type of UserError ensures it for errors; these tests for what is printed."""

from __future__ import annotations

import ast
import os
import pickle
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from scraper.store.errors import ArchiveError
from scraper.two_languages import Message
from scraper.warc.records import CutOff
from tests.conftest import PROJECT, Place

_FILES = sorted((PROJECT / "scraper").rglob("*.py"))
# What prints, or passes on to what prints.
_SAYS = frozenset(("print", "say", "_say", "warn", "note", "report", "print_failure", "fail", "_print", "ArgumentTypeError"))
_WORDS = re.compile(r"[a-z]{2,} [a-z]{2,}")
# Whoever reads these writes Python: the report on a platform module, and the versions, below those that Scrapy prints.
_FOR_PROGRAMMERS = frozenset(("actions/platform_lines.py", "commands/version.py", "platforms/kit/checks.py", "platforms/kit/loading.py"))


def _name(call: ast.Call) -> str:
    return call.func.id if isinstance(call.func, ast.Name) else call.func.attr if isinstance(call.func, ast.Attribute) else ""


def _words(node: ast.expr) -> str:
    """Returns the words of a text in an expression, with … for what is inserted."""
    match node:
        case ast.Constant(value=str() as text):
            return text
        case ast.JoinedStr(values=values):
            return "".join(_words(one) if isinstance(one, ast.Constant) else "…" for one in values)
        case ast.BinOp(left=left, right=right):
            return _words(left) + _words(right)
        case ast.IfExp(body=body, orelse=orelse):
            return f"{_words(body)} {_words(orelse)}"
    return ""


def _calls(path: Path) -> Iterator[ast.Call]:
    return (node for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))) if isinstance(node, ast.Call))


def _is_for_people(path: Path) -> bool:
    return path.relative_to(PROJECT / "scraper").as_posix() not in _FOR_PROGRAMMERS and "web" not in path.parts


def test_nothing_is_printed_in_one_language_only() -> None:
    found = [
        f"{path.name}:{call.lineno}: {_words(text)}"
        for path in filter(_is_for_people, _FILES)
        for call in _calls(path)
        if _name(call) in _SAYS
        for text in call.args
        if _WORDS.search(_words(text))
    ]
    assert found == []


def test_no_text_is_called_the_same_in_both_languages_that_has_words() -> None:
    found = [
        f"{path.name}:{call.lineno}: {_words(call.args[0])}"
        for path in _FILES
        for call in _calls(path)
        if _name(call) == "same" and call.args and _WORDS.search(_words(call.args[0]))
    ]
    assert found == []


def test_the_vietnamese_of_a_message_is_vietnamese() -> None:
    """It has a letter that English lacks wherever the English has two words, and inserts no less than the English."""
    found, number = [], 0
    for path in _FILES:
        for call in _calls(path):
            if _name(call) not in ("Message", "Bilingual", "Text", "help_text") or len(call.args) != 2:
                continue
            english, vietnamese = map(_words, call.args)
            if not _WORDS.search(english.replace("…", " ")):
                continue
            number += 1
            if english == vietnamese or vietnamese.isascii():
                found.append(f"{path.name}:{call.lineno}: {vietnamese or english}")
    assert found == [] and number > 300


def test_the_help_of_an_option_is_in_both_languages() -> None:
    """Options of Scrapy itself are in English."""
    found = [
        f"{path.name}:{keyword.value.lineno}: {_words(keyword.value)}"
        for path in sorted((PROJECT / "scraper/commands").glob("*.py"))
        for call in _calls(path)
        for keyword in call.keywords
        if keyword.arg == "help" and _words(keyword.value)
    ]
    assert found == []


@pytest.mark.parametrize(("chosen", "words"), [("en", ["Say how the sources"]), ("vi", ["Cho biết"]), ("both", ["Say how", "Cho biết"])])
def test_the_help_of_a_command_is_in_the_language_of_its_reader(chosen: str, words: list[str]) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "scrapy", "health", "--help"],
        cwd=PROJECT,
        env=os.environ | {"REPORT_LANGUAGE": chosen},
        capture_output=True,
        text=True,
        check=True,
    )
    said = " ".join(done.stdout.split())
    assert [one for one in ("Say how the sources", "Say how", "Cho biết") if one in said and one in words] == words
    assert ("trang tình trạng" in said) == (chosen != "en") and ("status page in" in said) == (chosen != "vi")


@pytest.mark.parametrize("error", [ArchiveError(Message("is full", "đã đầy")), CutOff(Message("is cut off", "bị cụt"), 12)])
def test_an_error_reaches_another_process_in_both_languages(error: ArchiveError | CutOff) -> None:
    again = pickle.loads(pickle.dumps(error))
    assert (str(again), again.vietnamese, vars(again)) == (str(error), error.vietnamese, vars(error)) and type(again) is type(error)


def test_faults_and_sums_of_captures_are_in_the_language_of_the_reader(copied: Place) -> None:
    file = next((copied.captures / "sample-mst").glob("*.warc.gz"))
    file.write_bytes(file.read_bytes()[:-200])
    said = {language: copied.scrapy("captures", "verify", code=1, REPORT_LANGUAGE=language).stdout for language in ("en", "vi")}
    assert "the last record lacks its end" in said["en"] and "bản ghi cuối thiếu phần cuối" in said["vi"]
    assert re.search(r"\d,\d{3} bytes, .* captures: 2 faults$", said["en"].strip())
    assert re.search(r"\d\.\d{3} byte, .* bản chụp: 2 lỗi$", said["vi"].strip())
    assert not re.search(r"\b(the|is|files|records|fetch)\b", said["vi"])
