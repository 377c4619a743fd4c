"""`scrapy probe --platform`: checks a platform against a recorded site, and names what needs attention."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from scraper.platforms import PLATFORMS
from scraper.warc.records import Response
from scraper.warc.writing import encode
from tests.conftest import PROJECT, Place, is_one_error
from tests.test_platform_sites import TEMPLATES, TITLES, Built

SITE = "http://so.mau.test"
SAMPLE = PROJECT / "samples/sample.warc.gz"


def _record(folder: Path, platform: str, change: Callable[[str, str], str | None] = lambda path, text: text) -> Path:
    """Writes the site of a template as a WARC file. `change`: returns the text of the page at a path, or None to leave the page out."""
    file = folder / f"{platform}.warc.gz"
    with file.open("wb") as out:
        for path, (status, headers, body) in Built(platform, SITE).pages().items():
            text = change(path, body.decode())
            if text is not None:
                headers = {"Content-Type": "text/html; charset=utf-8"} | headers
                at = datetime(2021, 1, 1, tzinfo=UTC)
                out.write(encode(Response(SITE + path, status, "OK", tuple(headers.items()), text.encode(), at))[0])
    return file


def _check(place: Place, platform: str, *arguments: str, code: int = 0) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(place.scrapy("probe", "--platform", platform, *arguments, "--json", code=code).stdout)
    return found


def _all_by_layout(articles: int) -> dict[str, int]:
    return {"by the layout": articles, "by other rules": 0, "missing": 0}


def _kinds(found: Mapping[str, Any]) -> dict[str, set[str]]:
    """Returns the details of the problems by kind."""
    kinds: dict[str, set[str]] = {}
    for one in found["problems"]:
        kinds.setdefault(one["kind"], set()).add(one["detail"])
    return kinds


@pytest.mark.parametrize(
    ("host", "platform", "articles", "pager"),
    [
        ("mic.sample.test", "sharepoint", 16, 0),
        ("mst.sample.test", "vccorp-ims", 6, 3),
        ("sotttt-hn.sample.test", "liferay", 10, 1),
        ("sotttt.sample.test", "nukeviet", 18, 0),
    ],
)
def test_a_site_of_the_sample(place: Place, host: str, platform: str, articles: int, pager: int) -> None:
    found = _check(place, platform, str(SAMPLE), "--url", f"https://{host}")
    assert found["problems"] == [] and found["detected"] == found["pages"] > articles
    assert found["lowest_score"] > found["best_other"][1]
    assert [found["fields"][name] for name in ("title", "published", "body")] == 3 * [_all_by_layout(articles)]
    assert found["lists_with_articles"] == found["kinds"]["listing"] and found["lists_with_pager"] == pager


# Plain has no markers. Of the portal of Khánh Hòa, only articles have known ones; its list pages are read by the general rules.
_OWN_LISTS = [one for one in TEMPLATES if one not in ("plain", "khanhhoa")]


@pytest.mark.parametrize("platform", _OWN_LISTS)
def test_the_site_of_a_platform(place: Place, platform: str) -> None:
    found = _check(place, platform, str(_record(place.folder, platform)))
    assert found["problems"] == [] and found["detected"] == found["pages"]
    assert found["fields"]["title"]["by the layout"] == found["kinds"]["article"] == len(TITLES)
    assert sum(found["layouts"].values()) == len(TITLES)
    by_script = PLATFORMS[platform].next_fragment is not None  # then a script requests later parts of a list, as JSON
    assert found["lists_with_pager"] >= 1 and (by_script or found["links"]["later page"] >= 1)
    assert by_script or found["links"]["article"] + found["links"]["maybe article"] >= len(TITLES)


def test_a_recording_of_another_platform(place: Place) -> None:
    site = str(_record(place.folder, "wordpress"))
    assert set(_kinds(_check(place, "3cms", site, code=1))) == {"other-platform"}
    shown = place.scrapy("probe", "--platform", "3cms", site, code=1).stdout
    assert "detected as 3cms: 0 of" in shown and "other-platform" in shown and f"{SITE}/  (score 0; wordpress has" in shown


def test_pages_that_no_platform_is_detected_on(place: Place) -> None:
    assert set(_kinds(_check(place, "ckan", str(_record(place.folder, "plain")), code=1))) == {"not-detected"}


def test_a_layout_that_finds_no_date(place: Place) -> None:
    site = _record(place.folder, "3cms", lambda path, text: text.replace('class="PostDate"', 'class="Ngay"'))
    found = _check(place, "3cms", str(site), code=1)
    assert _kinds(found) == {"missing-field": {"published"}} and found["fields"]["published"]["missing"] == len(TITLES)


def test_a_layout_that_no_longer_matches(place: Place) -> None:
    site = _record(place.folder, "3cms", lambda path, text: text.replace("ArticleHeader", "TieuDe").replace("ArticleDetailControl", "Tin"))
    found = _check(place, "3cms", str(site), code=1)
    assert _kinds(found) == {"no-layout": {"read by generic"}} and found["layouts"]["3cms/article"] == 0


def test_a_pager_that_is_not_found(place: Place) -> None:
    site = _record(place.folder, "3cms", lambda path, text: text.replace("?page=", "?trang="))
    assert set(_kinds(_check(place, "3cms", str(site), code=1))) == {"pager-not-found"}


def test_articles_whose_urls_the_rules_do_not_know(place: Place) -> None:
    """The same pages at URLs of another form, as after a change of the program."""
    folder = place.folder / "saved"
    folder.mkdir()
    for number, article in enumerate(Built("3cms", SITE).articles):
        page = Built("3cms", SITE).pages()[article.path][2].decode()
        (folder / f"Bai{number}.html").write_text(f"<!-- saved from url=(0042){SITE}/Bai{number}.aspx -->{page}", encoding="utf-8")
    found = _check(place, "3cms", str(folder), code=1)
    assert found["pages"] == len(TITLES) and _kinds(found) == {"unknown-article-url": {"its URL is 'other'"}}


def test_pages_that_are_not_articles_although_their_urls_say_so(place: Place) -> None:
    later = "Nội dung đang được cập nhật, mời bạn đọc quay lại sau."
    empty = f'<html><link href="/3cms/x.css"><body><p>{later}</p><div class="ArticleDetailControl"></div></body></html>'
    site = _record(place.folder, "3cms", lambda path, text: empty if path.endswith("-4100") else text)
    assert _kinds(_check(place, "3cms", str(site), code=1)) == {"not-an-article": {"no-title"}}


def test_saved_pages_with_their_urls(place: Place) -> None:
    """The URL of a saved page: in a TOML file beside it, in its canonical link, or the path below --url."""
    folder = place.folder / "saved"
    folder.mkdir()
    for name in ("ckan-article", "ckan-listing"):
        for suffix in (".html", ".toml"):
            (folder / f"{name}{suffix}").write_bytes((PROJECT / "tests/pages" / f"{name}{suffix}").read_bytes())
    assert _check(place, "ckan", str(folder))["kinds"] == {"article": 1, "listing": 1}
    (folder / "other.html").write_text("<html><body><p>Trang</p></body></html>", encoding="utf-8")
    assert (
        "other.html: does not state its URL; give the site with --url"
        in place.scrapy("probe", "--platform", "ckan", str(folder), code=2).stderr
    )
    found = _check(place, "ckan", str(folder), "--url", SITE, code=1)
    assert [one["url"] for one in found["problems"]] == [f"{SITE}/other.html"]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--platform", "nukevet", "x"), "did you mean nukeviet?"),
        (("--platform", "nukeviet"), "give one recording"),
        (("--platform", "nukeviet", "no/such.warc.gz"), "does not exist"),
        (("--platform", "nukeviet", "docs"), "has no WARC file and no HTML file"),
        (("--platform", "nukeviet", "pyproject.toml"), "has no WARC file and no HTML file"),
    ],
)
def test_bad_input(place: Place, arguments: tuple[str, ...], words: str) -> None:
    done = place.scrapy("probe", *arguments, code=2)
    assert done.stderr.startswith("error: ") and words in done.stderr and is_one_error(done.stderr)


def test_a_recording_without_pages_of_the_site(place: Place) -> None:
    found = _check(place, "nukeviet", str(SAMPLE), "--url", "https://khac.sample.test", code=1)
    assert found["pages"] == 0 and set(_kinds(found)) == {"no-page"}
