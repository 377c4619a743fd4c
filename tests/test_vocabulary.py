"""The check of words: it finds them in prose and names, and leaves phrases in which they are right."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import PROJECT


def _found(path: Path, text: str) -> list[str]:
    path.write_text(text, encoding="utf-8")
    done = subprocess.run([sys.executable, PROJECT / "tools/vocabulary.py", path], capture_output=True, text=True, check=False)
    assert done.returncode == (1 if done.stdout else 0), done.stderr
    return [line.removeprefix(f"{path}:").split(" → ")[0] for line in done.stdout.splitlines()]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("# where it stands", ["1: stands"]),
        ('"""One line.\n\nIt is told by its place."""', ["3: told"]),
        ("print(f'{1} is no URL')", ["1: is no"]),
        ("def asked(): ...", ["1: asked"]),
        ("behind = 1", ["1: behind"]),
        ("# an IP address, and one that stands for another", []),
        ("x = None  # the value is None", []),
        ("# what a URL is, and whether there is no other", []),
    ],
)
def test_python(tmp_path: Path, text: str, found: list[str]) -> None:
    assert _found(tmp_path / "a.py", text + "\n") == found


def test_every_line_of_a_document_counts(tmp_path: Path) -> None:
    assert _found(tmp_path / "a.md", "# Title\n\nThe address is an address.\n") == ["3: address"]
