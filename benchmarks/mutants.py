"""Measures how many small faults the tests notice: changes one expression at a time, and runs the tests that reach it.

    pip install mutmut coverage
    python -m benchmarks.mutants --sample 500 --seed 11
    python -m benchmarks.mutants --of storing --sample 300

The mutants are those of mutmut (in functions without decorators), drawn with a fixed seed from all mutants of `TARGETS`. No file is
changed. The tests are collected once. Then each mutant runs in a fork of that process, in which one function has the changed code. A
function that runs while the project is imported needs a fresh import instead.

A mutant is killed if a test fails, or if the tests take far more processor time than usual. Only tests in one process count: those that
start a browser do not see the changed function. With `--of storing`, the commands of tests run in forks of that process, so they do. Of
the tests that reach a mutant, some of each function are run, for at most `MOST` seconds, but at least one test. So the share is a
lower limit. Mutants that change nothing that anybody can observe count as survivors.

The results are lines of JSON in the file of `--results`. A run that was interrupted continues them.
"""

from __future__ import annotations

import argparse
import ast
import functools
import gc
import inspect
import json
import math
import os
import random
import resource
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from importlib.machinery import SourceFileLoader
from itertools import accumulate, zip_longest
from pathlib import Path
from types import CodeType, FunctionType
from typing import Any

import coverage
import libcst as cst
import pytest
from libcst.metadata import MetadataWrapper, PositionProvider
from mutmut.mutation.file_mutation import MutationVisitor, deep_replace
from mutmut.mutation.mutators import mutation_operators
from mutmut.mutation.pragma_handling import IgnoredCode

from benchmarks.forked_commands import Done, ForkedCommands, as_options, import_project, run_here

PROJECT = Path(__file__).resolve().parent.parent
# What is changed: the code that reads pages, or the code that crawls, stores and judges.
TARGETS = {
    "reading": ("scraper/text.py", "scraper/reader.py", "scraper/parse", "scraper/citations"),
    "storing": ("scraper/store", "scraper/crawl", "scraper/health"),
}
# Seconds of tests for one mutant, while coverage is measured; that takes about three times as long. A test of storing runs whole crawls.
MOST = {"reading": 10.0, "storing": 12.0}
LONGEST = 60  # seconds of a command
# Fixtures of tests that start commands, servers or browsers.
OUTSIDE = {"reading": frozenset(("place", "sample", "commands")), "storing": frozenset[str]()}
# Tests of other parts, and of time or memory: most of the seconds, and little that only they notice.
LEFT_OUT = {
    "storing": (
        "tests/web/test_browser.py",
        *(
            f"tests/citations/test_{name}.py"
            for name in ("document_keys", "fields", "gate", "grammar", "properties", "quick_checks", "relations", "statute_names", "titles")
        ),
        *(
            f"tests/test_{name}.py"
            for name in (
                "across_pages", "architecture", "article_fields", "beautifulsoup_tree", "body_text", "boilerplate_words", "complexity",
                "content_coding", "dates", "decoding", "doctests", "generated_pages", "generic_head", "generic_text", "hostile_pages",
                "live", "named_files", "nightly", "page_parts", "pages", "platform_kit", "probe_platform", "quick_checks",
                "readings", "recorded_readings", "recorded_sites", "rules", "stories", "text", "thresholds",
                "vocabulary", "wheel", "written_dates",
            )
        ),
    ),
    "reading": (
    "tests/web",
    "tests/test_architecture.py",
    "tests/test_content_coding.py",
    "tests/test_crawled_sites.py",
    "tests/test_hostile_pages.py",
    "tests/test_live.py",
    "tests/citations/test_import.py",
    "tests/citations/test_properties.py::test_no_text_makes_it_slow",
    "tests/citations/test_properties.py::test_resolving_is_linear",
    "tests/citations/test_relations.py::test_the_relations_of_a_real_site_stay_above_their_floors",
    "tests/test_quick_checks.py",
    "tests/test_recorded_sites.py",
    ),
}  # fmt: skip
PYTEST = (
    "-q",
    "-s",
    "--assert=plain",
    "-p",
    "no:cacheprovider",
    "-p",
    "no:xdist",
    "-p",
    "no:warnings",
    "--hypothesis-seed=0",
    "--no-header",
    "--tb=no",
)


# --- mutants ---------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Mutant:
    """One changed expression. `number`: its place among the mutants of the file. `source`: the changed file."""

    path: str
    number: int
    line: int
    before: str
    after: str
    source: str


class _Mutations:
    """The mutants of one file."""

    def __init__(self, path: Path) -> None:
        visitor = MutationVisitor(mutation_operators, IgnoredCode(set(), set(), set()))
        self._path = path
        self._wrapper = MetadataWrapper(cst.parse_module(path.read_text(encoding="utf-8")))
        self._module = self._wrapper.visit(visitor)
        self._found = visitor.mutations
        self.numbers = [number for number, one in enumerate(self._found) if one.contained_by_top_level_function is not None]

    def mutant(self, number: int) -> Mutant | None:
        """Returns a mutant, or None if Python cannot compile it."""
        found = self._found[number]
        changed = deep_replace(self._module, found.original_node, found.mutated_node)
        assert isinstance(changed, cst.Module)
        try:
            compile(changed.code, self._path, "exec")
        except SyntaxError:
            return None
        before, after = (self._module.code_for_node(node).strip() for node in (found.original_node, found.mutated_node))
        line = self._wrapper.resolve(PositionProvider)[found.original_node].start.line
        return Mutant(self._path.relative_to(PROJECT).as_posix(), number, line, before, after, changed.code)


def draw(sample: int, seed: int, targets: Sequence[str]) -> tuple[list[Mutant], int]:
    """Returns a sample of the mutants, and the number of all of them."""
    paths = [
        path for target in targets for path in ([PROJECT / target] if target.endswith(".py") else sorted((PROJECT / target).rglob("*.py")))
    ]
    every = [(file, number) for file in map(_Mutations, paths) for number in file.numbers]
    mutants = (file.mutant(number) for file, number in random.Random(seed).sample(every, len(every)))
    return [mutant for mutant, _ in zip((one for one in mutants if one is not None), range(sample), strict=False)], len(every)


# --- which tests reach which lines -----------------------------------------------------------------


@dataclass(frozen=True)
class Reach:
    """Which tests reach which lines of a file ("" is the import), and the seconds that each test takes."""

    lines: dict[str, dict[int, list[str]]]
    seconds: dict[str, float]


class _InProcess:
    """Selects the tests that run in this process. `of`: a key of TARGETS."""

    def __init__(self, of: str) -> None:
        self._of = of

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        outside, left_out = OUTSIDE[self._of], LEFT_OUT[self._of]
        items[:] = [item for item in items if not outside & set(getattr(item, "fixturenames", ())) and not item.nodeid.startswith(left_out)]


class _Recorder(_InProcess):
    """Records the lines that each test reaches, and the seconds that it takes. Only tests that pass are kept.

    The caches are emptied before each file of tests. So the first of its tests that depends on a cached value reaches what computes it.
    """

    def __init__(self, of: str, measured: coverage.Coverage) -> None:
        super().__init__(of)
        self.seconds: dict[str, float] = {}
        self._measured = measured
        self._file: Path | None = None

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Iterator[None]:
        if item.path != self._file:
            _clear_caches("tests", "scraper", "benchmarks")
            self._file = item.path
        self._measured.switch_context(item.nodeid)
        _commands.test = item.nodeid
        began = _cpu()
        yield
        self.seconds.setdefault(item.nodeid, _cpu() - began)
        self._measured.switch_context("")

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if not report.passed:
            self.seconds[report.nodeid] = math.inf


def _cpu() -> float:
    """Returns the processor time of this process and of the commands that it ran, in seconds."""
    return time.process_time() + sum(resource.getrusage(resource.RUSAGE_CHILDREN)[:2])


def _clear_caches(*packages: str) -> None:
    """Empties the caches of the functions of these packages."""
    modules = [module for name, module in sys.modules.items() if name.split(".")[0] in packages]
    for owner in [*modules, *(thing for module in modules for thing in vars(module).values() if isinstance(thing, type))]:
        for thing in vars(owner).values():
            if isinstance(thing, functools._lru_cache_wrapper):
                thing.cache_clear()


def record(data: Path, of: str, tests: Sequence[str]) -> Reach:
    """Runs all tests once in a fork, and returns what each reaches and the seconds it takes. Both are kept in files for the next time."""
    times = data.with_name(data.name + ".json")

    def recorded() -> int:
        _prepare(of)
        measured = coverage.Coverage(data_file=f"{data}.part-0", source=[str(PROJECT / "scraper")])
        _commands.measured, _commands.data = measured, data
        measured.start()
        recorder = _Recorder(of, measured)
        pytest.main([*PYTEST, *tests], plugins=[recorder])
        measured.stop()
        measured.save()
        whole = coverage.Coverage(data_file=str(data), source=[str(PROJECT / "scraper")])
        whole.combine([str(path) for path in data.parent.glob(f"{data.name}.part-*")], keep=False)
        whole.save()
        times.write_text(json.dumps({test: seconds for test, seconds in recorder.seconds.items() if seconds < math.inf}), encoding="utf-8")
        return 0

    if not times.exists():
        _in_a_fork(recorded)
    found = coverage.CoverageData(basename=str(data))
    found.read()
    lines = {Path(path).relative_to(PROJECT).as_posix(): found.contexts_by_lineno(path) for path in found.measured_files()}
    return Reach(lines, json.loads(times.read_text(encoding="utf-8")))


# --- commands of tests -----------------------------------------------------------------------------


class _Commands:
    """Runs the commands of tests in forks of this process, so that they see a changed function. `test`: the test that runs now.
    `measured`: the measurement of this process, if the lines that a command reaches are recorded. `data`: the file of the whole record;
    that of a command is beside it.
    """

    def __init__(self) -> None:
        self.test = ""
        self.measured: coverage.Coverage | None = None
        self.data = Path()
        self._number = 0

    def run(self, arguments: Sequence[str], folder: Path, cwd: Path = PROJECT) -> Done:
        self._number += 1
        out, err = (folder / f"{name}-{self._number}.txt" for name in ("out", "err"))
        began = time.monotonic()
        child = os.fork()
        if child == 0:
            os._exit(self._child({"arguments": [*arguments], "out": str(out), "err": str(err), "environment": {}}, cwd))
        _, status, usage = os.wait4(child, 0)
        texts = [path.read_text(encoding="utf-8", errors="replace") if path.exists() else "" for path in (out, err)]
        for path in (out, err):
            path.unlink(missing_ok=True)
        code = os.waitstatus_to_exitcode(status)
        return Done(code, texts[0], texts[1], time.monotonic() - began, usage.ru_utime + usage.ru_stime)

    def _child(self, command: dict[str, Any], cwd: Path) -> int:
        signal.setitimer(signal.ITIMER_REAL, LONGEST)
        os.chdir(cwd)
        if self.measured is None:
            return run_here(command)
        self.measured.stop()
        own = coverage.Coverage(data_file=f"{self.data}.part-{os.getpid()}", source=[str(PROJECT / "scraper")])
        own.start()
        own.switch_context(self.test)
        code = run_here(command)
        own.stop()
        own.save()
        return code


_commands = _Commands()


def _prepare(of: str) -> None:
    """Makes the commands of tests run in forks of this process, if these tests are run."""
    if of == "reading":
        return
    from tests.conftest import Place

    def scrapy(
        self: Place, *arguments: str, code: int | None = 0, cwd: Path = PROJECT, forked: bool = True, **settings: object
    ) -> subprocess.CompletedProcess[str]:
        given = {"ARCHIVE": self.archive, "CAPTURES": self.captures} | settings
        with tempfile.TemporaryDirectory() as folder:
            done = _commands.run([*arguments, *as_options(given)], Path(folder), cwd)
        assert code is None or done.code == code, done
        return subprocess.CompletedProcess([*arguments], done.code, done.stdout, done.stderr)

    def run(self: ForkedCommands, arguments: Sequence[str], folder: Path, **more: Any) -> Done:
        assert not more, "a fault needs a process of its own"
        return _commands.run(arguments, folder)

    import_project()
    Place.scrapy = scrapy  # type: ignore[method-assign]
    ForkedCommands.run = run  # type: ignore[method-assign]


class Choice:
    """Chooses the tests of a mutant."""

    def __init__(self, reach: Reach, most: float) -> None:
        self._reach = reach
        self._most = most
        self._breadth = Counter(test for lines in reach.lines.values() for tests in lines.values() for test in tests)

    def runs_at_import(self, mutant: Mutant) -> bool:
        """Returns whether the line of a mutant runs while the project and its tests are imported."""
        return "" in self._tests(mutant)

    def tests(self, mutant: Mutant, *, whole_file: bool) -> list[str]:
        """Returns tests that reach the mutant, for at most `most` seconds, but at least one. The functions take turns, so that different
        tests come early. `whole_file`: tests that reach any line of the file, for what runs while it is imported, like a default.

        Within a function, and at each turn, the most specific and quickest test is the first.
        """
        found = self._tests(mutant)
        if whole_file:
            found = {test for tests in self._reach.lines.get(mutant.path, {}).values() for test in tests}
        turns: Counter[str] = Counter()
        ordered = []
        for test in sorted(found & self._reach.seconds.keys(), key=self._cost):
            function = test.partition("[")[0]
            turns[function] += 1
            ordered.append((turns[function], test))
        ordered.sort(key=lambda pair: pair[0])
        spent = accumulate(self._reach.seconds[test] for _, test in ordered)
        return [test for at, ((_, test), seconds) in enumerate(zip(ordered, spent, strict=True)) if seconds <= self._most or at == 0]

    def _cost(self, test: str) -> float:
        return self._breadth[test] * (0.02 + self._reach.seconds[test])

    def _tests(self, mutant: Mutant) -> set[str]:
        """Returns the tests of a line. A line inside a statement has those of the nearest line above it that was recorded."""
        lines, begin, line = self._reach.lines.get(mutant.path, {}), _begin(mutant.path), mutant.line
        while line not in lines and line not in begin and line > 1:
            line -= 1
        return set(lines.get(line, ()))


@functools.cache
def _begin(path: str) -> set[int]:
    """Returns the lines on which the statements of a file begin."""
    tree = ast.parse((PROJECT / path).read_text(encoding="utf-8"))
    return {node.lineno for node in ast.walk(tree) if isinstance(node, ast.stmt)}


# --- changed functions -----------------------------------------------------------------------------


def _functions(code: CodeType) -> tuple[dict[str, CodeType], list[object]]:
    """Returns the functions and methods of a module by their qualified names, and the rest of the module in a form that can be compared."""
    functions: dict[str, CodeType] = {}
    rest: list[object] = [code.co_code, code.co_names, [one for one in code.co_consts if not isinstance(one, CodeType)]]
    for one in code.co_consts:
        if isinstance(one, CodeType) and one.co_flags & inspect.CO_OPTIMIZED:
            functions[one.co_qualname] = one
        elif isinstance(one, CodeType):
            inner, around = _functions(one)
            functions |= inner
            rest.append(around)
    return functions, rest


def _content(code: CodeType) -> object:
    """Returns what a function does, without its line numbers."""
    constants = [_content(one) if isinstance(one, CodeType) else (type(one), one) for one in code.co_consts]
    return code.co_code, code.co_names, code.co_varnames, code.co_freevars, code.co_exceptiontable, constants


def _changed_function(mutant: Mutant) -> CodeType | None:
    """Returns the new code of the one function that a mutant changes, or None if it changes more than that (such as a default)."""
    original = (PROJECT / mutant.path).read_text(encoding="utf-8")
    (functions, rest), (others, other_rest) = (_functions(compile(source, "", "exec")) for source in (original, mutant.source))
    if rest != other_rest or functions.keys() != others.keys():
        return None
    changed = [name for name, code in functions.items() if _content(code) != _content(others[name])]
    if len(changed) != 1 or functions[changed[0]].co_freevars != others[changed[0]].co_freevars:
        return None
    return others[changed[0]]


def _replace(path: str, code: CodeType) -> None:
    """Gives a function of an imported module another code. All modules that have imported the function share it."""
    thing: Any = sys.modules[path.removesuffix(".py").removesuffix("/__init__").replace("/", ".")]
    for name in code.co_qualname.split("."):
        thing = vars(thing)[name]
    while not isinstance(thing, FunctionType):
        thing = next(getattr(thing, name) for name in ("__wrapped__", "__func__", "fget", "func") if hasattr(thing, name))
    thing.__code__ = code


def _install(path: Path, source: str) -> None:
    """Makes this process compile `source` when it imports the module at `path`."""
    original = SourceFileLoader.get_code

    def get_code(self: SourceFileLoader, fullname: str) -> CodeType | None:
        return compile(source, path, "exec") if Path(self.path) == path else original(self, fullname)

    SourceFileLoader.get_code = get_code  # type: ignore[assignment, method-assign]


# --- running ---------------------------------------------------------------------------------------


def _in_a_fork(work: Callable[[], int]) -> int:
    """Returns the exit code of `work`, which imports the project in a process of its own."""
    child = os.fork()
    if child == 0:
        os._exit(work())
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def _answer(work: Callable[[int], None], seconds: float) -> str:
    """Runs `work` in a fork with a limit of processor time. Returns what it writes to the file descriptor that it gets, or how it died."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reading)
        limit = int(20 + 8 * seconds)
        resource.setrlimit(resource.RLIMIT_CPU, (limit, limit + 2))
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, 1)
        os.dup2(nowhere, 2)
        try:
            work(writing)
        except BaseException as error:  # noqa: BLE001 (a mutant may raise anything)
            os.write(writing, repr(error)[:200].encode())
        os._exit(0)
    os.close(writing)
    said = b"".join(iter(lambda: os.read(reading, 4096), b"")).decode()
    os.close(reading)
    status = os.waitpid(child, 0)[1]
    return said or (f"ended with {os.waitstatus_to_exitcode(status)}" if status else "")


class _Loop:
    """Takes the place of pytest's loop over the collected tests, and calls `work` with them."""

    def __init__(self, work: Callable[[_Loop, dict[str, pytest.Item]], None]) -> None:
        self._work = work
        self._writing = -1

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        self._work(self, {item.nodeid: item for item in session.items})
        return True

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.failed:
            os.write(self._writing, report.nodeid.encode())
            os._exit(0)

    def run(self, items: Sequence[pytest.Item], writing: int) -> None:
        """Runs tests up to the first that fails. Then its name is written, and the process ends."""
        self._writing = writing
        for item, following in zip_longest(items, items[1:]):
            item.config.hook.pytest_runtest_protocol(item=item, nextitem=following)


def _imported_anew(of: str, mutant: Mutant, tests: Sequence[str], seconds: float) -> str:
    """Returns what kills a mutant, if anything. It is imported in a fork of this process, which has not imported the project."""

    def work(writing: int) -> None:
        _install(PROJECT / mutant.path, mutant.source)
        _prepare(of)
        loop = _Loop(lambda loop, items: loop.run([items[test] for test in tests], writing))
        code = pytest.main([*PYTEST, *dict.fromkeys(test.partition("::")[0] for test in tests)], plugins=[loop])
        if code != pytest.ExitCode.OK:
            os.write(writing, b"import")

    return _answer(work, seconds)


def _collected(of: str, work: Callable[[_Loop, dict[str, pytest.Item]], None]) -> int:
    _prepare(of)
    return int(pytest.main([*PYTEST, "tests"], plugins=[_InProcess(of), _Loop(work)]))


def run(of: str, mutants: Sequence[Mutant], reach: Reach, add: Callable[[Mutant, int, str], None]) -> int:
    """Runs mutants one after the other, and calls `add` with each, the number of its tests, and what killed it ("" if it survived)."""
    choice = Choice(reach, MOST[of])
    quick: list[tuple[Mutant, CodeType, list[str]]] = []
    for mutant in mutants:
        code = None if choice.runs_at_import(mutant) else _changed_function(mutant)
        tests = choice.tests(mutant, whole_file=code is None)
        if not tests:
            add(mutant, 0, "")
        elif code is None:
            add(mutant, len(tests), _imported_anew(of, mutant, tests, sum(reach.seconds[test] for test in tests)))
        else:
            quick.append((mutant, code, tests))

    def all_quick(loop: _Loop, items: dict[str, pytest.Item]) -> None:
        gc.freeze()  # a fork copies no memory only because the collector visited it
        for mutant, code, tests in quick:
            chosen = [items[test] for test in tests]

            def work(writing: int, path: str = mutant.path, code: CodeType = code, chosen: list[pytest.Item] = chosen) -> None:
                _replace(path, code)
                loop.run(chosen, writing)

            add(mutant, len(tests), _answer(work, sum(reach.seconds[test] for test in tests)))

    return _in_a_fork(lambda: _collected(of, all_quick))


# --- results ---------------------------------------------------------------------------------------


class _Results:
    """The results in a file of JSON lines."""

    def __init__(self, path: Path, mutants: Sequence[Mutant]) -> None:
        self._path = path
        self._mutants = {(mutant.path, mutant.number): mutant for mutant in mutants}
        path.touch()

    def rows(self) -> list[dict[str, Any]]:
        rows = map(json.loads, self._path.read_text(encoding="utf-8").splitlines())
        return [row for row in rows if (row["path"], row["number"]) in self._mutants]

    def missing(self) -> list[Mutant]:
        done = {(row["path"], row["number"]) for row in self.rows()}
        return [mutant for key, mutant in self._mutants.items() if key not in done]

    def add(self, mutant: Mutant, tests: int, killed: str) -> None:
        row = asdict(mutant) | {"tests": tests, "killed": killed}
        del row["source"]
        with self._path.open("a", encoding="utf-8") as file:
            file.write(json.dumps(row, ensure_ascii=False) + "\n")


def interval(killed: int, of: int) -> tuple[float, float]:
    """Returns Wilson's interval of a share, 95 %."""
    z, share = 1.96, killed / of
    middle, half = share + z * z / (2 * of), z * math.sqrt(share * (1 - share) / of + z * z / (4 * of * of))
    return (middle - half) / (1 + z * z / of), (middle + half) / (1 + z * z / of)


def _share(name: str, rows: Iterable[dict[str, Any]]) -> str:
    killed = [bool(row["killed"]) for row in rows]
    low, high = interval(sum(killed), len(killed))
    return f"{name:<20} {sum(killed):>3} of {len(killed):>3} killed: {sum(killed) / len(killed):.1%} ({low:.1%} to {high:.1%})"


def main() -> None:
    """Draws, runs and counts."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--of", choices=[*TARGETS], default="reading", help="which code is changed")
    parser.add_argument("--sample", type=int, default=500)
    parser.add_argument("--seed", type=int, default=11)
    parser.add_argument("--tests", nargs="+", default=["tests"], help="files of tests that may kill a mutant")
    parser.add_argument("--processes", type=int, default=1)
    parser.add_argument("--reach", type=Path, help="where to keep which tests reach which lines (default: .mutants.OF.coverage)")
    parser.add_argument("--results", type=Path, help="default: .mutants.OF.jsonl")
    given = parser.parse_args()
    mutants, total = draw(given.sample, given.seed, TARGETS[given.of])
    reach = record(given.reach or PROJECT / f".mutants.{given.of}.coverage", given.of, given.tests)
    results = _Results(given.results or PROJECT / f".mutants.{given.of}.jsonl", mutants)
    missing = results.missing()
    print(f"{total} mutants, {len(mutants)} drawn, {len(missing)} to run; {len(reach.seconds)} tests", flush=True)
    parts = [missing[part :: given.processes] for part in range(given.processes)]
    with ThreadPoolExecutor(given.processes) as pool:
        if any(pool.map(lambda part: _in_a_fork(lambda: run(given.of, part, reach, results.add)), parts)):
            raise SystemExit("error: the tests cannot be collected; run them without mutants")
    rows = results.rows()
    groups: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for row in rows:
        groups["/".join(row["path"].split("/")[:2])].append(row)
    for name, group in [("all", rows), *sorted(groups.items())]:
        print(_share(name, group))


if __name__ == "__main__":
    main()
