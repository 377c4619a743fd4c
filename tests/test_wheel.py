"""The wheel, installed in an environment of its own and used in an empty folder."""

from __future__ import annotations

import shutil
import subprocess
import sys
import sysconfig
import tomllib
import venv
from pathlib import Path

import pytest

from scraper.version import parser_version
from tests.conftest import PROJECT, Place, is_one_error

SOURCE = """[[source]]
id = "nghe-an-sample"
name = "Sở Thông tin và Truyền thông Nghệ An"
unit = "nghe-an"
site = "https://sotttt.sample.test"
"""
TEXT = "Căn cứ Quyết định số 1727/QĐ-UBND ngày 17/5/2007 của UBND tỉnh Nghệ An"


@pytest.fixture(scope="module")
def environment(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Returns an environment with the wheel. Its dependencies are those of the environment of the tests, so it needs no network."""
    folder = tmp_path_factory.mktemp("wheel")
    # Built from a copy: setuptools also packs what an earlier build left in build/.
    shutil.copytree(PROJECT / "scraper", folder / "tree/scraper", ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("pyproject.toml", "README.md", "LICENSE", "metadata.yml", "settings.json"):
        shutil.copy(PROJECT / name, folder / "tree")
    pip: list[str | Path] = [sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check"]
    subprocess.run([*pip, "wheel", "--no-deps", "--no-build-isolation", "-w", folder, folder / "tree"], check=True, capture_output=True)
    venv.create(folder / "env", with_pip=False)
    packages = next((folder / "env").glob("lib/python*/site-packages"))
    (packages / "dependencies.pth").write_text(sysconfig.get_path("purelib"), encoding="utf-8")
    [wheel] = folder.glob("*.whl")
    command: list[str | Path] = [*pip, "--python", folder / "env/bin/python", "install", "--no-deps", "--no-index", wheel]
    subprocess.run(command, check=True, capture_output=True)
    shutil.rmtree(folder / "tree")
    return folder / "env"


def _scrapy(environment: Path, cwd: Path, *arguments: str, text: str | None = None) -> subprocess.CompletedProcess[str]:
    command: list[str | Path] = [environment / "bin/python", "-m", "scrapy", *arguments]
    return subprocess.run(command, cwd=cwd, input=text, capture_output=True, text=True, timeout=120, check=False)


def _files(environment: Path) -> set[str]:
    return {path.relative_to(environment).as_posix() for path in environment.rglob("*") if "__pycache__" not in path.parts}


def test_commands_work_in_any_folder_and_data_goes_there(environment: Path, tmp_path: Path) -> None:
    before = _files(environment)
    (tmp_path / "mine.toml").write_text(SOURCE, encoding="utf-8")
    assert '"status": "resolved"' in _scrapy(environment, tmp_path, "cite", "-", "--json", text=TEXT).stdout
    assert "nghe-an-sample" in _scrapy(environment, tmp_path, "list", "-s", "SOURCES_EXTRA=mine.toml").stdout.split()
    assert f"Parsing code {parser_version()}" in _scrapy(environment, tmp_path, "version").stdout

    recording = f"REPLAY={PROJECT / 'samples/sample.warc.gz'}"
    crawl = _scrapy(environment, tmp_path, "crawl", "nghe-an-sample", "-s", "SOURCES_EXTRA=mine.toml", "-s", recording)
    assert "16 new" in crawl.stdout, crawl.stderr
    assert {path.name for path in tmp_path.iterdir()} == {"archive.db", "captures", "mine.toml"}
    assert list((tmp_path / "captures/nghe-an-sample").glob("*.warc.gz"))
    assert _files(environment) == before
    assert Place(tmp_path).rows("select count(*), min(parser) from articles") == [(16, parser_version())]


def test_the_libraries_of_the_charts_are_installed_with_their_licences(environment: Path) -> None:
    [static] = environment.glob("lib/python*/site-packages/scraper/web/plugin/static")
    names = {path.relative_to(static).as_posix() for path in static.rglob("*") if path.is_file()}
    vendor = {
        path.relative_to(PROJECT / "scraper/web/plugin/static").as_posix()
        for path in (PROJECT / "scraper/web/plugin/static/vendor").iterdir()
    }
    assert len(vendor) == 5 and vendor <= names and {"charts.js", "vega_charts.js", "chart_builder.js", "charts.css"} <= names


def test_a_source_of_the_sample_says_that_its_recording_is_not_installed(environment: Path, tmp_path: Path) -> None:
    done = _scrapy(environment, tmp_path, "crawl", "sample-mic")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("error: sample-mic: its recording is not installed") and is_one_error(done.stderr)
    assert list(tmp_path.iterdir()) == []


def test_the_folder_of_another_scrapy_project(environment: Path, tmp_path: Path) -> None:
    (tmp_path / "scrapy.cfg").write_text("[settings]\ndefault = other\n", encoding="utf-8")
    (tmp_path / "other.py").write_text('BOT_NAME = "other"\n', encoding="utf-8")
    done = _scrapy(environment, tmp_path, "crawl", "sample-mic")
    assert done.returncode == 2 and 'another Scrapy project, "other"' in done.stderr


def test_the_descriptions_for_datasette_are_installed(environment: Path) -> None:
    share = environment / "share/vietnam-government-news-archive"
    for name in ("metadata.yml", "settings.json"):
        assert (share / name).read_bytes() == (PROJECT / name).read_bytes()


def test_every_command_has_an_entry_point() -> None:
    points = tomllib.loads((PROJECT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["entry-points"]["scrapy.commands"]
    commands = {path.stem for path in (PROJECT / "scraper/commands").glob("*.py") if not path.stem.startswith("_")}
    assert points == {name: f"scraper.commands.{name}:Command" for name in commands}
