"""Finds the platforms: every module of a folder is one. A module that cannot be used is rejected with its file, the part and the reason."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterable
from pathlib import Path

from scraper.model import UserError
from scraper.platforms.kit.checks import faults
from scraper.platforms.kit.platform import Platform


class PlatformError(UserError):
    """A platform module that cannot be used. Only whoever writes such a module, in Python, sees it, so it is in English only."""

    def __init__(self, problem: str) -> None:
        Exception.__init__(self, problem)
        self.vietnamese = None


def load_platforms(package: str, path: Iterable[str]) -> dict[str, Platform]:
    """Returns the platforms of a package by id, ordered by id. Sub-packages are left out.

    `package`: its name. `path`: its `__path__`.

    Raises:
        PlatformError: if a module cannot be imported, has no PLATFORM, has the id or a layout name of another one, or has a fault.
    """
    found: dict[str, Platform] = {}
    files: dict[str, str] = {}
    for module in sorted(pkgutil.iter_modules(path), key=lambda module: module.name):
        if module.ispkg:
            continue
        file = f"{package.replace('.', '/')}/{module.name}.py"
        platform = _platform(f"{package}.{module.name}", file)
        if platform.id in found:
            raise PlatformError(f"{file}: id: {platform.id!r} is the id of {files[platform.id]}, too; choose another one")
        found[platform.id], files[platform.id] = platform, file
    return dict(sorted(found.items()))


def _platform(name: str, file: str) -> Platform:
    try:
        module = importlib.import_module(name)
    except Exception as error:
        reason = " ".join(f"{type(error).__name__}: {error}".split())
        raise PlatformError(f"{file}{_line(error, file)}: cannot be loaded ({reason}); correct it, or take it out of the folder") from error
    platform = getattr(module, "PLATFORM", None)
    if not isinstance(platform, Platform):
        raise PlatformError(f"{file}: has no PLATFORM; every module of this folder must define PLATFORM = Platform(...)")
    wrong = list(faults(platform))
    if wrong:
        more = f" (and {len(wrong) - 1} more)" if len(wrong) > 1 else ""
        raise PlatformError(f"{file}: {wrong[0]}{more}")
    return platform


def _line(error: BaseException, file: str) -> str:
    """Returns the line of the module at which an error was raised, as ", line 12"; "" if it is not in the module."""
    if isinstance(error, SyntaxError) and error.lineno is not None:
        return f", line {error.lineno}"
    line, step = "", error.__traceback__
    while step is not None:
        if Path(step.tb_frame.f_code.co_filename).name == Path(file).name:
            line = f", line {step.tb_lineno}"
        step = step.tb_next
    return line
