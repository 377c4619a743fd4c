"""The parts of platforms: the examples of every platform hold, and a wrong module is rejected with its file, the part and the reason."""

from __future__ import annotations

import importlib
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import scraper.platforms
from scraper.platforms import PLAIN, PLATFORMS
from scraper.platforms.kit import AnyPager, PathPager, PlatformError, QueryPager, UrlRule, after_label, load_platforms
from scraper.platforms.kit.checks import faults
from tests.conftest import PROJECT

MODULES = {path.stem for path in Path(scraper.platforms.__file__).parent.glob("*.py")} - {"__init__"}

GOOD = """
from scraper.platforms.kit import DatePick, Examples, IdInPath, Layout, Marker, Pick, Platform, QueryPager, UrlRule

PLATFORM = Platform(
    id="mau",
    name="Mau",
    markers=(Marker(2, source="mau-cms"), Marker(1, css=".mau-body")),
    layouts=(
        Layout(
            name="mau/article",
            when=".mau-body",
            title=(Pick("h1.mau"),),
            body=(".mau-body",),
            published=(DatePick(Pick(".mau-date")),),
        ),
    ),
    article_ids=(IdInPath(r"-(\\d+)\\.mau$"),),
    sections=UrlRule(r"^/?$|^/[a-z-]+/$"),
    traps=UrlRule(r"^/login"),
    pager_links=(".pager a[href]",),
    pager=QueryPager("page"),
    examples=Examples(
        articles={"/tin/bai-12.mau": "12"},
        sections=("/tin/",),
        traps=("/login",),
        later_pages={"/tin/?page=2": "/tin/"},
    ),
)
"""


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Returns the folder of an empty package `mine.platforms`."""
    folder = tmp_path / "mine" / "platforms"
    folder.mkdir(parents=True)
    (folder.parent / "__init__.py").write_text("")
    (folder / "__init__.py").write_text("")
    monkeypatch.syspath_prepend(tmp_path)
    importlib.invalidate_caches()
    yield folder
    for name in [name for name in sys.modules if name.partition(".")[0] == "mine"]:
        del sys.modules[name]


def test_every_module_of_the_folder_is_a_platform_and_the_order_is_that_of_the_ids() -> None:
    assert len(PLATFORMS) == len(MODULES) > 10
    assert list(PLATFORMS) == sorted(PLATFORMS)
    assert PLAIN is PLATFORMS["plain"]


def test_the_module_in_the_docs_is_right(package: Path) -> None:
    page = (PROJECT / "docs/adding-a-platform.md").read_text(encoding="utf-8")
    (package / "vietcms.py").write_text(page.split("```python\n")[1].split("```")[0], encoding="utf-8")
    assert list(load_platforms("mine.platforms", [str(package)])) == ["vietcms"]


@pytest.mark.parametrize("platform", PLATFORMS.values(), ids=list(PLATFORMS))
def test_the_examples_of_a_platform_hold(platform: scraper.platforms.Platform) -> None:
    assert list(faults(platform)) == []
    examples = platform.examples
    assert examples.traps or not platform.is_trap("https://so.mau.test/login"), "a platform with traps shows one"
    assert examples.not_later_pages or platform.pager is None, "a pager also needs pages that are not later pages"


def test_a_module_added_to_the_folder_is_found(package: Path) -> None:
    (package / "zoo.py").write_text(GOOD.replace('"mau"', '"zoo"').replace("mau/", "zoo/"))
    (package / "mau.py").write_text(GOOD)
    (package / "kit").mkdir()
    (package / "kit" / "__init__.py").write_text("raise ValueError")
    assert list(load_platforms("mine.platforms", [str(package)])) == ["mau", "zoo"]


WRONG = {
    "two layouts of one name": (
        "layouts=(",
        'layouts=(Layout(name="mau/article", when="p", title=(Pick("p"),), body=("p",), published=(DatePick(Pick("p")),)),',
        "layouts: 2 layouts have the name 'mau/article'; give each a name of its own",
    ),
    "a weight out of range": ("Marker(2,", "Marker(9,", "markers: the weight 9 of 'mau-cms' must be above 0 and at most 5"),
    "markers too light": ("Marker(2,", "Marker(1,", "markers: all weights together are 2, so no page can reach 2.5"),
    "a marker with css and source": ('Marker(2, source="mau-cms")', 'Marker(2, "p", "q")', "must have either css or source"),
    "an empty marker": ('source="mau-cms"', 'source=""', "a marker is empty"),
    "a marker twice": ('css=".mau-body")', 'css=".mau-body"), Marker(1, css=".mau-body")', "'.mau-body' is there 2 times"),
    "a wrong selector": ('Pick("h1.mau")', 'Pick("h1..mau")', "layout 'mau/article': 'h1..mau' is not a CSS selector; correct it"),
    "a wrong selector of the pager": (".pager a[href]", ".pager a:href", "pager_links: '.pager a:href' is not a CSS selector"),
    "a wrong pattern": (r"-(\d+)\.mau$", r"-(\d+\.mau$", "is not a regular expression"),
    "a pattern without id": (r"-(\d+)\.mau$", r"-\d+\.mau$", "has no group for the id"),
    "a name without the id": ("mau/article", "article", "layout 'article': the name must begin with 'mau/'"),
    "an empty field": ("body=(", "body=() and (", "layout 'mau/article': body is empty"),
    "an example that fails": ('"12"', '"13"', "examples: '/tin/bai-12.mau' is 'article 12' by the rules, not 'article 13'"),
    "a later page that is the first": ('"/tin/?page=2"', '"/tin/?page=1"', "examples: '/tin/?page=1' is not a later page of '/tin/'"),
    "a section that is a trap": ('sections=("/tin/",)', 'sections=("/login",)', "examples: '/login' is 'trap' by the rules, not 'section'"),
    "no example": ('articles={"/tin/bai-12.mau": "12"},', "", "examples: no article; add the URL of one"),
    "a layout that is never used": (
        r'article_ids=(IdInPath(r"-(\d+)\.mau$"),),',
        "",
        "no URL of the platform has an id, so only decisive layouts",
    ),
    "a pager without links": ('pager_links=(".pager a[href]",),', "", "pager: pager_links and pager need each other"),
    "a box without day": ('traps=UrlRule(r"^/login"),', 'traps=UrlRule(r"^/login"), item_box="li",', "item_day: item_box and item_day"),
    "a feed that is not a path": (
        'traps=UrlRule(r"^/login"),',
        'traps=UrlRule(r"^/login"), feeds=("rss.xml",),',
        "feeds: 'rss.xml' must be a path",
    ),
    "a wrong id": ('id="mau"', 'id="Mau CMS"', "id: 'Mau CMS' must be lower-case letters"),
    "an unknown field": ("traps=", "trap=", "cannot be loaded (TypeError: Platform.__init__() got an unexpected keyword argument 'trap'"),
    "no platform": ("PLATFORM =", "platform =", "has no PLATFORM; every module of this folder must define PLATFORM"),
    "an import that fails": ("QueryPager, UrlRule", "QueryPager, UrlRules", ", line 2: cannot be loaded (ImportError"),
    "a syntax error": ('id="mau",', 'id="mau"', "cannot be loaded (SyntaxError"),
}


@pytest.mark.parametrize("fault", WRONG)
def test_a_wrong_module_is_rejected(package: Path, fault: str) -> None:
    before, after, message = WRONG[fault]
    assert before in GOOD
    (package / "mau.py").write_text(GOOD.replace(before, after, 1))
    with pytest.raises(PlatformError) as error:
        load_platforms("mine.platforms", [str(package)])
    assert str(error.value).startswith("mine/platforms/mau.py") and message in str(error.value)
    assert "\n" not in str(error.value)


@pytest.mark.parametrize("command", [("crawl", "mst"), ("shell",), ("check",)])
def test_a_wrong_module_ends_commands_that_use_platforms_with_one_line(tmp_path: Path, command: tuple[str, ...]) -> None:
    shutil.copytree(PROJECT / "scraper", tmp_path / "scraper", ignore=shutil.ignore_patterns("__pycache__"))
    (tmp_path / "scraper" / "platforms" / "mau.py").write_text(GOOD.replace("Marker(2,", "Marker(9,"))
    done = subprocess.run([sys.executable, "-m", "scrapy", *command], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 2 and done.stdout == ""
    assert done.stderr.startswith("error: scraper/platforms/mau.py: markers: the weight 9") and done.stderr.count("\n") == 1


def test_two_modules_with_one_id_are_rejected(package: Path) -> None:
    (package / "mau.py").write_text(GOOD)
    (package / "other.py").write_text(GOOD)
    with pytest.raises(PlatformError, match=r"mine/platforms/other\.py: id: 'mau' is the id of mine/platforms/mau\.py, too"):
        load_platforms("mine.platforms", [str(package)])


SITE = "https://so.mau.test"


@pytest.mark.parametrize(
    ("page", "target", "later"),
    [
        ("/tin", "/tin?page=2", True),
        ("/tin?page=2", "/tin/?cat=3&page=3", True),
        ("/tin?page=3", "/tin?page=2", False),
        ("/tin?page=2", "/tin?page=2", False),
        ("/tin", "/tin?page=x", False),
        ("/tin", "/khac?page=2", False),
        ("/tin", "/tin/trang-2.htm", True),
        ("/tin.htm", "/tin/trang-2.htm", True),
        ("/tin/trang-2.htm", "/tin/trang-10.htm", True),
        ("/tin/trang-2.htm", "/tin.htm", False),
        ("/tin", "/khac/trang-2.htm", False),
    ],
)
def test_a_later_page_of_the_same_list(page: str, target: str, later: bool) -> None:
    pager = AnyPager((QueryPager("page"), PathPager(r"/trang-(?P<page>\d+)\.htm$", endings=(".htm",))))
    assert pager(SITE + page, SITE + target) is later


def test_a_pager_with_the_id_of_its_list_in_the_path() -> None:
    pager = PathPager(r"/list/(?P<list>\d+)/(?P<page>\d+)/[^/]+$")
    assert pager(f"{SITE}/list/7/2/tin.html", f"{SITE}/list/7/3/tin-khac.html")
    assert not pager(f"{SITE}/list/8/2/tin.html", f"{SITE}/list/7/3/tin.html")


def test_offsets_and_pagers_that_link_all_pages() -> None:
    assert QueryPager("start", first=0)(f"{SITE}/tin", f"{SITE}/tin?start=10")
    assert not QueryPager("start", first=0)(f"{SITE}/tin", f"{SITE}/tin?start=0")
    backward = QueryPager("cur", backward=True)
    assert backward(f"{SITE}/tin?cur=9", f"{SITE}/tin?cur=3") and not backward(f"{SITE}/tin?cur=9", f"{SITE}/tin?cur=1")


def test_the_conditions_of_a_rule_hold_together() -> None:
    rule = UrlRule(r"^/tin/", query="", unless=UrlRule(r"/rss$"))
    assert [rule(SITE + path) for path in ("/tin/a", "/tin/a?x=1", "/tin/rss", "/khac/tin/")] == [True, False, False, False]
    assert UrlRule(path_and_query=r"^/tin\?$")(f"{SITE}/tin") and not UrlRule(path_and_query=r"^/tin\?$")(f"{SITE}/tin?x=1")


@pytest.mark.parametrize(
    ("colon", "needed", "text", "value"),
    [
        (True, True, "TÁC GIẢ : Lê A", "Lê A"),
        (True, True, "Tác giả Lê A", None),
        (False, True, "Tác giả Lê A", "Lê A"),
        (False, True, "Lê A", None),
        (True, False, "Lê A", "Lê A"),
        (True, False, "Tác giả: Lê A", "Lê A"),
    ],
)
def test_a_value_after_a_label(colon: bool, needed: bool, text: str, value: str | None) -> None:
    match = after_label("Tác giả", "Người viết", colon=colon, needed=needed).match(text)
    assert (match[1] if match else None) == value
