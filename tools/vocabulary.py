#!/usr/bin/env python3
"""Rejects words that a reader has to decode, in docs, comments, docstrings, messages and names. `vocabulary.toml` lists them.

    python tools/vocabulary.py [FILE ...]        # default: every committed file

Prints `file:line: word → better word` for each, and ends with exit code 1 if there is one. Runs in `make lint`.
"""

from __future__ import annotations

import ast
import io
import re
import subprocess
import sys
import tokenize
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).resolve().parent
PROJECT = HERE.parent
TEXT = {".csv", ".md", ".toml", ".yml", ".yaml", ".cff", ".js", ".css", ".html", ""}  # checked line by line; "" is the Makefile


@dataclass(frozen=True)
class Word:
    """A word that is rejected. `allow`: phrases in which it is right. `name`: whether it is rejected in names of Python code, too."""

    find: re.Pattern[str]
    use: str
    allow: re.Pattern[str] | None
    name: bool

    def found(self, line: str) -> Iterator[str]:
        """Yields the occurrences in a line that no allowed phrase contains."""
        right = [match.span() for match in self.allow.finditer(line)] if self.allow else []
        for match in self.find.finditer(line):
            if not any(start <= match.start() and match.end() <= end for start, end in right):
                yield match[0]


def words(entries: list[dict[str, object]]) -> list[Word]:
    """Returns the rejected words. A pattern matches whole words, in any case."""
    made = []
    for entry in entries:
        allow = entry.get("allow")
        phrases = re.compile("|".join(map(str, allow)), re.IGNORECASE) if isinstance(allow, list) else None
        made.append(Word(re.compile(rf"\b(?:{entry['find']})\b", re.IGNORECASE), str(entry["use"]), phrases, bool(entry.get("name"))))
    return made


def lines(path: Path) -> Iterator[tuple[int, str, bool]]:
    """Yields the lines of a file that are checked: number, text, and whether it is a name."""
    text = path.read_text(encoding="utf-8")
    if path.suffix != ".py":
        yield from ((number, line, False) for number, line in enumerate(text.splitlines(), start=1))
        return
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        if token.type == tokenize.COMMENT:
            yield token.start[0], token.string, False
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and " " in node.value:
            yield from ((node.lineno + at, line, False) for at, line in enumerate(node.value.split("\n")))
        elif isinstance(node, ast.FunctionDef | ast.ClassDef | ast.arg):
            yield node.lineno, (node.arg if isinstance(node, ast.arg) else node.name).replace("_", " "), True
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            yield node.lineno, node.id.replace("_", " "), True


def faults(path: Path, vocabulary: list[Word]) -> Iterator[str]:
    """Yields a message for each rejected word in a file."""
    seen = set()
    for number, line, is_name in lines(path):
        for word in vocabulary:
            for found in word.found(line) if word.name or not is_name else ():
                seen.add((number, f"{found} → {word.use}{' (name)' if is_name else ''}"))
    name = path.relative_to(PROJECT) if path.is_relative_to(PROJECT) else path
    yield from (f"{name}:{number}: {message}" for number, message in sorted(seen))


def main(arguments: list[str]) -> int:
    """Checks the files and returns the exit code."""
    data = tomllib.loads((HERE / "vocabulary.toml").read_text(encoding="utf-8"))
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=PROJECT, capture_output=True, text=True, check=True).stdout.split("\0")
    paths = [Path(name).resolve() for name in arguments] or [PROJECT / name for name in listed if name]
    skip = tuple(str(PROJECT / name) for name in data["skip"])
    checked = [path for path in paths if path.suffix in (".py", *TEXT) and path.is_file() and not str(path).startswith(skip)]
    vocabulary = words(data["word"])
    messages = [message for path in checked for message in faults(path, vocabulary)]
    print("\n".join(messages), end="\n" if messages else "")
    return 1 if messages else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
