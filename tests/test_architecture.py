"""Checks on the whole project: the direction of imports, the descriptions of columns, and strings that no file may contain."""

from __future__ import annotations

import ast
import json
import re
import sqlite3
import subprocess
import tomllib
from contextlib import closing, suppress
from importlib.metadata import PackageNotFoundError, metadata, version
from pathlib import Path

import pytest
from packaging.specifiers import SpecifierSet

from scraper.store.archive import open_archive
from tests.conftest import PROJECT
from tests.described import described_tables, named_queries

MODULES = sorted((PROJECT / "scraper").rglob("*.py"))
PURE = (
    "content_coding",
    "urls",
    "web_archive_urls",
    "post_urls",
    "reader",
    "file_reader",
    "article_forms",
    "text_similarity",
    "content_changes",
    "public_words",
    "word_difference",
    "warc",
    "webarchives",
    "parse",
    "platforms",
    "citations",
    "held_documents",
    "model",
    "rule_codes",
    "text",
    "numbers",
    "reference",
    "failures",
    "pattern_prefilter",
)
IMPURE = {
    "socket",
    "requests",
    "httpx",
    "urllib.request",
    "time",
    "sqlite3",
    "sqlite_utils",
    "scrapy",
    "twisted",
    "random",
    "asyncio",
    "datasette",
}
# The modules of the project that each folder or module may import, besides itself.
MAY: dict[str, set[str]] = {
    "rule_codes": set(),
    "two_languages": set(),
    "model": {"rule_codes", "two_languages"},
    "text": set(),
    "failures": {"reference", "two_languages"},
    "report_language": {"reference", "two_languages"},
    "pattern_prefilter": set(),
    "urls": set(),
    "web_archive_urls": set(),
    "post_urls": {"model"},
    "content_coding": set(),
    "clock": {"model", "two_languages"},
    "paths": set(),
    "scratch_folder": set(),
    "suggestions": {"two_languages"},
    "toml_slips": {"two_languages"},
    "base_command": {"clock", "model", "report_language", "settings", "store", "suggestions", "two_languages"},
    "settings": {"garbage"},
    "garbage": set(),
    "reference": {"model", "text"},
    "platforms": {"model", "text", "urls"},
    "parse": {
        "model",
        "rule_codes",
        "pattern_prefilter",
        "content_coding",
        "text",
        "urls",
        "web_archive_urls",
        "post_urls",
        "platforms",
        "public_words",
        "reference",
    },
    "citations": {"model", "text", "reference", "pattern_prefilter"},
    "held_documents": {"model", "text", "rule_codes", "reference", "citations", "pattern_prefilter"},
    "sources": {"model", "text", "urls", "reference", "platforms", "paths", "suggestions", "toml_slips", "two_languages"},
    "reader": {"rule_codes", "model", "text", "parse", "citations"},
    "file_reader": {"model", "attachments", "citations", "held_documents"},
    "text_similarity": {"text"},
    "article_forms": {"model", "reader", "text", "text_similarity"},
    "content_changes": {"text", "urls"},
    "public_words": {"text"},
    "word_difference": {"text"},
    "warc": {"model", "content_coding", "scratch_folder", "two_languages", "urls", "web_archive_urls", "post_urls"},
    "webarchives": {"model", "content_coding", "two_languages", "urls", "web_archive_urls", "warc"},
    "stopping": set(),
    "imports": {"model", "sources", "urls", "warc", "web_archive_urls"},
    "store": {
        "clock",
        "report_language",
        "scratch_folder",
        "stopping",
        "suggestions",
        "toml_slips",
        "two_languages",
        "model",
        "rule_codes",
        "content_coding",
        "text",
        "urls",
        "web_archive_urls",
        "post_urls",
        "reference",
        "citations",
        "reader",
        "attachments",
        "file_reader",
        "held_documents",
        "failures",
        "article_forms",
        "text_similarity",
        "content_changes",
        "public_words",
        "warc",
    },
    "version": set(),
    "worker_process": set(),
    "numbers": set(),
    "health": {"clock", "model", "numbers", "reference", "store", "toml_slips", "two_languages", "warc"},
    "publishing": {"clock", "model", "store", "two_languages", "version", "warc"},
    "reparsing": {
        "two_languages",
        "article_forms",
        "garbage",
        "clock",
        "stopping",
        "rule_codes",
        "citations",
        "model",
        "content_coding",
        "reader",
        "store",
        "urls",
        "warc",
        "version",
        "worker_process",
    },
    "crawl": {
        "report_language",
        "two_languages",
        "reference",
        "article_forms",
        "garbage",
        "worker_process",
        "clock",
        "stopping",
        "base_command",
        "model",
        "content_coding",
        "urls",
        "web_archive_urls",
        "post_urls",
        "store",
        "warc",
        "reader",
        "attachments",
        "file_reader",
        "failures",
        "paths",
        "reparsing",
        "sources",
        "platforms",
        "version",
        "health",
        "webarchives",
    },
    "cluster": {
        "two_languages",
        "base_command",
        "clock",
        "crawl",
        "model",
        "paths",
        "reader",
        "reparsing",
        "scratch_folder",
        "sources",
        "store",
        "version",
        "warc",
    },
    "commands": {
        "actions",
        "base_command",
        "crawl",
        "failures",
        "model",
        "paths",
        "report_language",
        "sources",
        "two_languages",
        "version",
    },
    "actions": {
        "numbers",
        "report_language",
        "scratch_folder",
        "attachments",
        "held_documents",
        "publishing",
        "stopping",
        "clock",
        "suggestions",
        "two_languages",
        "base_command",
        "model",
        "text",
        "store",
        "warc",
        "reader",
        "file_reader",
        "parse",
        "content_coding",
        "urls",
        "reparsing",
        "failures",
        "paths",
        "cluster",
        "crawl",
        "sources",
        "platforms",
        "reference",
        "citations",
        "version",
        "imports",
        "health",
        "export",
        "web",
        "webarchives",
    },
    "attachments": {"model", "text"},
    "export": {"scratch_folder"},
    "web": {
        "worker_process",
        "citations",
        "clock",
        "content_coding",
        "export",
        "health",
        "model",
        "numbers",
        "parse",
        "paths",
        "reference",
        "store",
        "text",
        "urls",
        "word_difference",
    },
}

# The stages inside a folder, in order: each imports only those before it. A stage is some folders or modules; `.` is all other modules.
STAGES: dict[str, tuple[tuple[str, ...], ...]] = {
    "parse": (("decode",), ("tree",), ("fields",), ("body",), ("discover",), ("classify",), ("enrich",), ("generic",), (".",)),
    "crawl": (
        (
            "signals",
            "exception_texts",
            "clock_check",
            "user_agent",
            "private_addresses",
            "run_counts",
            "source_lock",
            "stored_capture",
            "list_reading",
            "site",
            "parsing_process",
        ),
        ("shared_archive", "run_health", "reading_ahead", "kept_files"),
        ("request_purpose",),
        ("politeness",),
        ("web_recording", "article_files"),
        ("run_captures",),
        ("run",),
        ("replay",),
        ("middlewares",),
        ("exception_reasons",),
        ("spider",),
        ("backfill",),
        (".",),
    ),
    "citations": (("grammar",), ("forms",), ("issuers",), ("scan",), ("context",), ("resolving",), (".",)),
}


def _part(path: Path) -> str:
    parts = path.relative_to(PROJECT / "scraper").with_suffix("").parts
    return parts[0]


def _imports(path: Path) -> set[str]:
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names.add(node.module)
    return names


def _named(path: Path) -> set[str]:
    """The modules of the project that a module imports: `from scraper.store import rows` names scraper.store.rows."""
    names = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module and node.module.startswith("scraper"):
            inner = {f"{node.module}.{alias.name}" for alias in node.names}
            of_module = {
                name
                for name in inner
                if (PROJECT / Path(*name.split("."))).with_suffix(".py").exists() or (PROJECT / Path(*name.split("."))).is_dir()
            }
            names |= of_module or {node.module}
    return names


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(PROJECT)))
def test_imports_run_one_way(path: Path) -> None:
    part = _part(path)
    if part == "__init__":
        return
    ours = {name.split(".")[1] for name in _imports(path) if name.startswith("scraper.")}
    assert ours - MAY[part] - {part} == set()
    if part in PURE:
        assert {name for name in _imports(path) if name in IMPURE or name.split(".")[0] in IMPURE} == set()


@pytest.mark.parametrize("folder", STAGES)
def test_imports_inside_a_folder_run_from_stage_to_stage(folder: str) -> None:
    place = {stage: number for number, stages in enumerate(STAGES[folder]) for stage in stages}
    root = PROJECT / "scraper" / folder

    def stage_of(path: Path) -> str:
        first = path.relative_to(root).parts[0].removesuffix(".py")
        return first if path.parent != root or first in place else "."

    assert {stage_of(path) for path in root.rglob("*.py")} == set(place), "a folder without a place in STAGES, or a place without a folder"
    wrong = []
    for path in root.rglob("*.py"):
        own = stage_of(path)
        for name in _imports(path):
            if not name.startswith(f"scraper.{folder}."):
                continue
            first = name.split(".")[2]
            other = stage_of(root / first / "module.py" if (root / first).is_dir() else root / f"{first}.py")
            if other != own and place[other] >= place[own]:
                wrong.append(f"{path.relative_to(PROJECT)} imports {name}")
    assert wrong == []


def test_no_two_modules_import_each_other() -> None:
    """Follows the imports of every module; a circle is named with all of its modules."""
    modules = {".".join(path.relative_to(PROJECT).with_suffix("").parts).removesuffix(".__init__"): path for path in MODULES}
    uses = {name: {one for one in _named(path) if one in modules and one != name} for name, path in modules.items()}
    done: set[str] = set()

    def visit(name: str, way: tuple[str, ...]) -> None:
        assert name not in way, " imports ".join((*way[way.index(name) :], name))
        if name not in done:
            for other in sorted(uses[name]):
                visit(other, (*way, name))
            done.add(name)

    for name in sorted(modules):
        visit(name, ())


@pytest.mark.parametrize("path", [path for path in MODULES if _part(path) in PURE], ids=lambda path: str(path.relative_to(PROJECT)))
def test_pure_parts_read_no_clock(path: Path) -> None:
    assert not re.search(r"\b(?:datetime\.(?:now|utcnow|today)|date\.today|time\.(?:time|monotonic))\(", path.read_text(encoding="utf-8"))


def test_every_table_and_column_is_described_in_both_languages(tmp_path: Path) -> None:
    open_archive(tmp_path / "archive.db").close()
    described = described_tables()
    with closing(sqlite3.connect(tmp_path / "archive.db")) as database:
        tables = {
            name: [row[1] for row in database.execute(f'pragma table_info("{name}")')]
            for (name,) in database.execute("select name from sqlite_master where type in ('table', 'view')")
            if not name.startswith(("sqlite", "_")) and "_fts" not in name
        }
    for name, columns in tables.items():
        assert " · " in described[name]["title"], name
        assert " / " in described[name]["description"], name
        assert {column for column in columns if " / " not in described[name]["columns"].get(column, "")} == set(), name
        assert set(described[name]["columns"]) <= set(columns), name
    assert {name for name in described if name not in tables and not described[name].get("hidden")} == set()


def test_every_named_query_has_a_title_in_both_languages() -> None:
    queries = named_queries()
    assert all(" · " in query["title"] for query in queries.values())


def test_the_settings_of_datasette_are_json() -> None:
    json.loads((PROJECT / "settings.json").read_text(encoding="utf-8"))


def test_foreign_keys_of_every_table_have_an_index(tmp_path: Path) -> None:
    open_archive(tmp_path / "archive.db").close()
    with closing(sqlite3.connect(tmp_path / "archive.db")) as database:
        for (table,) in database.execute("select name from sqlite_master where type = 'table' and name not like 'sqlite%'").fetchall():
            indexed = {
                database.execute(f'pragma index_info("{row[1]}")').fetchone()[2]
                for row in database.execute(f'pragma index_list("{table}")')
            }
            primary = {row[1] for row in database.execute(f'pragma table_info("{table}")') if row[5] == 1}
            columns = {row[3] for row in database.execute(f'pragma foreign_key_list("{table}")')}
            # There are few units and sources, and nobody deletes them.
            assert columns - indexed - primary - {"unit_id", "source_id"} == set(), table


def _committed() -> list[Path]:
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=PROJECT, capture_output=True, check=False)
    if listed.returncode:
        pytest.skip("not a git checkout")
    return [PROJECT / name for name in listed.stdout.decode().split("\0") if name and (PROJECT / name).is_file()]


def test_nothing_of_a_machine_is_committed() -> None:
    # Written in pieces, because this file is checked, too.
    words = "/" + "work/", "/" + r"home/\w+/", "/" + "root/", r"pypi\.o" + "rg", r"files\.python" + "hosted", "index" + "-url"
    for path in _committed():
        if path.suffix not in (".gz", ".png"):
            found = re.search("|".join(words), path.read_text(encoding="utf-8", errors="replace"))
            assert found is None, f"{path}: {found[0]}"
    names = {path.relative_to(PROJECT).as_posix() for path in _committed()}
    assert not [name for name in names if name.startswith(("archive.db", "captures/", "shared/"))]


def test_constraints_are_names_and_versions_and_cover_the_requirements() -> None:
    lines = (PROJECT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    assert all(re.fullmatch(r"[A-Za-z0-9._-]+==[A-Za-z0-9.+!]+", line) for line in lines)
    pinned = {line.split("==")[0].lower().replace("_", "-") for line in lines}
    project = tomllib.loads((PROJECT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    required = [*project["dependencies"], *project["optional-dependencies"]["test"], *project["optional-dependencies"]["bench"]]
    assert {re.split(r"[<>=! ;\[]", one)[0].lower().replace("_", "-") for one in required} <= pinned


def test_pinned_versions_work_with_the_oldest_python() -> None:
    """Debian 12 has Python 3.11.2, for which a library that wants 3.11.5 cannot be installed."""
    for line in (PROJECT / "constraints.txt").read_text(encoding="utf-8").splitlines():
        with suppress(PackageNotFoundError):  # some are for other versions of Python
            for wanted in metadata(line.split("==")[0]).get_all("Requires-Python", []):
                assert SpecifierSet(wanted).contains("3.11.0"), f"{line}: needs Python {wanted}"


def test_versions_that_were_measured_together() -> None:
    """Datasette 1.0 moves queries and settings to other places; a newer Scrapy may move its settings, too."""
    assert version("datasette").startswith("0.65.")
    assert version("scrapy").startswith("2.")


_POSSESSIVE_GROUP = re.compile(r"\)(?:[?*+]|\{\d*,?\d*\})\+")


def test_no_group_is_repeated_possessively() -> None:
    """Before Python 3.11.5 (CPython issue 106052), a possessive group keeps what its last, failed repetition had consumed; Debian 12 has
    3.11.2. An atomic group is right everywhere: `(?>(?:...)*)` instead of `(?:...)*+`."""
    found = []
    for path in MODULES:
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            without_classes = re.sub(r"\[(?:\\.|[^\]\\])+\]", "c", re.sub(r"\\[()\[\]]", "c", line))
            if _POSSESSIVE_GROUP.search(without_classes):
                found.append(f"{path.relative_to(PROJECT)}:{number}")
    assert found == []
