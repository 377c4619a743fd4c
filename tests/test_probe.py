"""`scrapy probe` and `scrapy fixture` on saved pages, without network."""

from __future__ import annotations

import json
import shutil
import tomllib
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import PROJECT, Place, is_one_error
from tests.server import serving


@pytest.fixture(scope="module")
def page() -> tuple[Path, dict[str, Any]]:
    """Returns a page of a NukeViet site in our own words, and its expected fields."""
    found = PROJECT / "tests/pages/nukeviet-44-other-zone.toml"
    return found.with_suffix(".html"), tomllib.loads(found.read_text(encoding="utf-8"))


def test_a_saved_page_as_json(place: Place, page: tuple[Path, dict[str, Any]]) -> None:
    file, truth = page
    shown = json.loads(place.scrapy("probe", str(file), "--url", str(truth["url"]), "--captured", "2026-01-02", "--json").stdout)
    assert shown["platform"] == "nukeviet" and shown["score"] > shown["runner_up_score"]
    assert shown["fields"]["title"]["value"] == truth["fields"]["title"]
    assert shown["fields"]["published"]["readings"][0]["verdict"] == "taken"
    assert all(field["rule"] for field in shown["fields"].values())
    assert shown["captured"].startswith("2026-01-02") and shown["missing"] == []
    general = json.loads(place.scrapy("probe", str(file), "--url", str(truth["url"]), "--generic", "--json").stdout)
    assert general["layout"] == "generic" and general["fields"]["title"]["value"] == truth["fields"]["title"]
    assert not place.archive.exists()


def test_a_source_for_people(place: Place) -> None:
    shown = place.scrapy("probe", "sample-nghe-an").stdout
    assert "platform   nukeviet" in shown and "to article" in shown


def test_what_is_refused_says_so(place: Place) -> None:
    url = tomllib.loads((PROJECT / "tests/pages/dotnetnuke-login.toml").read_text(encoding="utf-8"))["url"]
    done = place.scrapy("probe", "tests/pages/dotnetnuke-login.html", "--url", url, code=1)
    assert "refused" in done.stdout and "login" in done.stdout


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ((str(PROJECT / "README.md"),), "--url"),
        (("nghe-an-icx",), "nghe-an-ict"),
        ((str(PROJECT / "README.md"), "--url", "x"), "https://"),
        ((str(PROJECT / "README.md"), "--url", "http://x.test/", "--captured", "yesterday"), "2026-02-01"),
        (("http://127.0.0.1:9/x",), "no answer"),
        ((), "give one"),
    ],
)
def test_bad_input(place: Place, arguments: tuple[str, ...], words: str) -> None:
    done = place.scrapy("probe", *arguments, code=2)
    assert is_one_error(done.stderr) and words in done.stderr


def test_a_page_of_the_web_is_requested_once_and_no_other_site(place: Place) -> None:
    at_once: dict[str, Any] = {"DOWNLOAD_DELAY": 0}
    with serving("sotttt.sample.test") as other, serving("sotttt.sample.test") as site:
        away = "/di-noi-khac.html"
        site.rules[away] = lambda before: (302, {"Location": f"{other.url}/"}, b"")
        shown = json.loads(place.scrapy("probe", f"{site.url}/", "--json", **at_once, CRAWLER_CONTACT="archive@example.test").stdout)
        assert shown["platform"] == "nukeviet"
        assert site.paths() == ["/robots.txt", "/"]
        assert "archive@example.test" in site.requests[1][2]
        assert "another site" in place.scrapy("probe", f"{site.url}{away}", code=2, **at_once).stderr
        robots = site.pages["/robots.txt"]
        site.pages["/robots.txt"] = (200, robots[1], b"User-agent: *\nDisallow: /kin/\n")
        assert "robots.txt" in place.scrapy("probe", f"{site.url}/kin/bai.html", code=2, **at_once).stderr
        assert other.requests == [] and "/kin/bai.html" not in site.paths()


def test_a_fixture_reads_back_and_waits_for_a_person(place: Place, page: tuple[Path, dict[str, Any]]) -> None:
    file, truth = page
    into = place.folder / "pages"
    into.mkdir()
    shutil.copy(file, place.folder / "saved.html")
    arguments = ("fixture", str(place.folder / "saved.html"), "--url", str(truth["url"]), "--name", "mine", "--into", str(into))
    assert "checked_by" in place.scrapy(*arguments).stdout
    made = tomllib.loads((into / "mine.toml").read_text(encoding="utf-8"))
    assert (into / "mine.html").read_bytes() == file.read_bytes()
    assert made["checked_by"] == "" and made["kind"] == "article" and made["platform"] == "nukeviet"
    assert made["fields"]["title"] == truth["fields"]["title"]
    assert made["fields"]["body"] == truth["fields"]["body"]
    assert "exists already" in place.scrapy(*arguments, code=2).stderr
