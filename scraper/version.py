"""The version of the program, and the version of its parsing code, which every article states (`articles.parser`)."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from hashlib import blake2b
from pathlib import Path

from scraper import __version__

# The modules and folders that decide what a capture is read as. All other code only fetches, stores and shows.
PARSING = (
    "text.py",
    "pattern_prefilter.py",
    "urls.py",
    "web_archive_urls.py",
    "post_urls.py",
    "public_words.py",
    "content_coding.py",
    "model.py",
    "rule_codes.py",
    "reader.py",
    "parse",
    "platforms",
    "citations",
    "reference",
)
# Those that decide what the text of a file is, and what it says.
READING_FILES = (
    "text.py",
    "pattern_prefilter.py",
    "model.py",
    "rule_codes.py",
    "file_reader.py",
    "attachments",
    "held_documents",
    "citations",
    "reference",
)
_SUFFIXES = frozenset((".py", ".toml", ".csv"))
_PACKAGE = Path(__file__).parent


@cache
def extractor_version(package: Path = _PACKAGE) -> str:
    """Returns the version of the code that reads files, such as "0.2.0+f3f9c2a1": that of READING_FILES, as `parser_version`."""
    return f"{__version__}+f{_digest(package, READING_FILES)}"


@cache
def parser_version(package: Path = _PACKAGE) -> str:
    """Returns the version of the parsing code, such as "0.2.0+p3f9c2a1".

    The part after `+p` is a digest of the code and data in PARSING, so it differs whenever one byte of them does, a comment too. It depends
    on the names of the files inside the package and on their contents, but not on the folder of the package, on line endings or on the form
    of installation (checkout or wheel). Dependencies do not count. Takes 20 to 40 ms, once per process.

    `package`: the folder of the package `scraper`.
    """
    return f"{__version__}+p{_digest(package, PARSING)}"


def program_version(package: Path = _PACKAGE) -> str:
    """Returns the version of all code and data, such as "0.2.0+a3f9c2a1": that of the whole package, as `parser_version`. Machines that
    work together need the same one: another list of sources, or another crawl, would send other requests. Takes about 80 ms: a worker
    reads it again for each process that it starts, since somebody may have updated the program meanwhile.
    """
    return f"{__version__}+a{_digest(package, ('.',))}"


def _digest(package: Path, names: Sequence[str]) -> str:
    digest = blake2b(digest_size=4)
    for path in sorted(_files(package, names), key=lambda path: path.relative_to(package).as_posix()):
        content = path.read_bytes().replace(b"\r\n", b"\n")
        name = path.relative_to(package).as_posix()
        digest.update(f"{name}\n{len(content)}\n".encode())
        digest.update(content)
    return digest.hexdigest()[:7]


def _files(package: Path, names: Sequence[str]) -> list[Path]:
    named = [package / name for name in names]
    paths = [path for one in named for path in (one.rglob("*") if one.is_dir() else [one])]
    return [path for path in paths if path.suffix in _SUFFIXES]
