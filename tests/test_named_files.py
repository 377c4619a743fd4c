"""Docs, docstrings, comments and messages name only files of the project that exist."""

from __future__ import annotations

import re
import subprocess

from tests.conftest import PROJECT

# A file in a folder, as in `citations/forms/number_spelling.py`; the beginning of the path may be left out.
_FILE = re.compile(r"(?<![\w/.:<{-])(?:\.\./)*((?:[a-z_][\w-]*/)+[\w.-]+\.(?:py|toml|md|yml|csv|cfg|sh))\b")
# Files of the examples in the docs, and of the collection `../shared`, which is not part of the project.
_OTHERS = {"scraper/platforms/vietcms.py", "scraper/citations/scan/treaties.py", "real/index.csv"}
_ROOTS = ("docs/", "scraper/", "benchmarks/", "samples/", "tools/")


def _files() -> list[str]:
    listed = subprocess.run(["git", "ls-files", "-co", "--exclude-standard"], cwd=PROJECT, capture_output=True, text=True, check=True)
    return [name for name in listed.stdout.splitlines() if (PROJECT / name).is_file()]


def test_every_file_that_a_text_names_exists() -> None:
    files = _files()
    known = {"/".join(parts[start:]) for parts in (name.split("/") for name in files) for start in range(len(parts))} | _OTHERS
    missing = []
    named = 0
    for name in files:
        if name == "CHANGELOG.md" or not (name.startswith(_ROOTS) or "/" not in name) or not name.endswith((".py", ".md", ".toml", ".yml")):
            continue
        for number, line in enumerate((PROJECT / name).read_text(encoding="utf-8").splitlines(), start=1):
            for path in _FILE.findall(line):
                named += 1
                if path not in known and "shared/" not in line:
                    missing.append(f"{name}:{number}: {path}")
    assert missing == [] and named > 100
