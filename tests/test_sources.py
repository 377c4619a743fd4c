"""Adding a source: which lines are allowed, and the message for a wrong one."""

from __future__ import annotations

import json
import re
import tomllib
from collections import Counter
from datetime import date, time
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from scraper.model import TlsException
from scraper.platforms import PLATFORMS
from scraper.reference import units
from scraper.sources import GROUPS, SourceError, Standing, in_force, load, standing, tls_exception, tls_is_over
from scraper.sources.block import KEYS
from tests.conftest import PROJECT, Place
from tests.described import named_queries
from tests.server import article, listing, serving_pages

GOOD = '[[source]]\nid = "ca-mau-tai-chinh"\nname = "Sở Tài chính Cà Mau"\nunit = "ca-mau"\nsite = "https://sotttt.example.test"\n'


def _load(tmp_path: Path, text: str) -> str:
    path = tmp_path / "mine.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(SourceError) as caught:
        load([path])
    message = str(caught.value)
    assert message.startswith(str(path)) and "\n" not in message
    _check_vietnamese(message, caught.value.vietnamese)
    return message


def _check_vietnamese(english: str, vietnamese: str | None) -> None:
    """Checks that a message is whole in Vietnamese, too: same place, same values, other words."""
    assert vietnamese is not None and "\n" not in vietnamese
    assert re.search("[àáảãạăằắẳẵặâầấẩẫậđèéẻẽẹêềếểễệìíỉĩịòóỏõọôồốổỗộơờớởỡợùúủũụưừứửữựỳýỷỹỵ]", vietnamese), vietnamese
    for value in (*re.findall(r'"[^"]+"', english), *re.findall(r"\d+", english)):
        if not re.search(r"[A-Za-z] [A-Za-z]|^\W*$|^\"(?:from|to)\"$", value):  # between two values, or words
            assert value in vietnamese, f"{value} is not in: {vietnamese}"
    for word in ("must", "did you mean", "unknown", "like", "write", "leave"):
        assert not re.search(rf"\b{word}\b", vietnamese), f"{word}: {vietnamese}"


def test_the_shipped_sources() -> None:
    """A house rule for every block: its unit existed then, its successor does not end before it, its pages are on its hosts."""
    sources = load()
    assert len(sources) > 350
    assert {"hanoi-ict", "nghe-an-ict", "mic-2013", "mic-2020", "mic-2024", "mst", "baochinhphu", "sample-mic"} <= set(sources)
    assert Counter(source.kind for source in sources.values()) == {
        "province": 93,
        "st-department": 89,
        "ict-department": 63,
        "ministry": 36,
        "dx-portal": 29,
        "culture-department": 26,
        "agency": 19,
        "party": 4,
        "national-assembly": 2,
        "open-data": 1,
        "sample": 4,
    }
    for source in sources.values():
        unit = units()[source.unit]
        first, last = unit.valid_from or date.min, unit.valid_to or date.max
        assert (source.valid_from or date.min) <= last and first <= (source.valid_to or date.max), f"{source.id}: {unit.id} did not exist"
        assert source.platform is None or source.platform in PLATFORMS
        assert source.kind == "sample" or source.basis, source.id
        if source.successor is not None:
            after = sources[source.successor].valid_to or date.max
            assert source.valid_to is not None and source.valid_to < after, f"{source.id}: its successor ends before it"
        assert {urlsplit(url).netloc for url in (*source.listings, *source.feeds, *source.sitemaps)} <= set(source.hosts), source.id
        assert source.province is not None or source.kind not in GROUPS["provinces"], source.id
    ended = [source for source in sources.values() if standing(source, date(2026, 11, 28)) is Standing.ENDED]
    assert len(ended) == 200


def test_no_block_has_two_names_for_a_host_or_more_than_fourteen_keys() -> None:
    for path in (PROJECT / "scraper/sources").glob("*.toml"):
        for block in tomllib.loads(path.read_text(encoding="utf-8"))["source"]:
            assert len(block) < 15, block
            hosts = [urlsplit(block["site"]).netloc, *block.get("hosts", [])]
            assert len(hosts) == len(set(hosts)), block


@pytest.mark.parametrize("guide", ["docs/adding-a-source.md", "docs/vi/adding-a-source.md"])
def test_the_guide_names_every_key_in_each_language(guide: str) -> None:
    text = (PROJECT / guide).read_text(encoding="utf-8")
    assert [key for key in KEYS if f"`{key}`" not in text and f"\n{key} = " not in text] == []


def test_four_lines_are_enough(tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_text(GOOD, encoding="utf-8")
    source = load([path])["ca-mau-tai-chinh"]
    assert (source.platform, source.hosts, source.listings, source.province) == (None, ("sotttt.example.test",), (), "Cà Mau")


def test_the_keys_of_politeness(tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    lines = 'delay = 2.5\nwindow = ["22:00", 06:00:00]\nbudget = 500\ncookies = true\n'
    path.write_text(GOOD + lines + "tls = { bad_certificate = true, until = 2027-06-30 }\n", encoding="utf-8")
    source = load([path])["ca-mau-tai-chinh"]
    assert (source.delay, source.window, source.budget, source.cookies) == (2.5, (time(22), time(6)), 500, True)
    assert source.tls == TlsException(date(2027, 6, 30), old_protocol=False, bad_certificate=True)
    assert tls_exception(source, date(2027, 6, 30)) == source.tls and not tls_is_over(source, date(2027, 6, 30))
    assert tls_exception(source, date(2027, 7, 1)) is None and tls_is_over(source, date(2027, 7, 1))


def test_a_source_is_in_force_from_its_first_to_its_last_day() -> None:
    ended, open_end = load()["hanoi-ict"], load()["mst"]
    assert [in_force(ended, day) for day in (date(2008, 2, 29), date(2008, 3, 1), date(2025, 2, 28), date(2025, 3, 1))] == [
        False,
        True,
        True,
        False,
    ]
    assert standing(ended, date(2026, 1, 1)) is Standing.ENDED and standing(open_end, date(1999, 1, 1)) is Standing.NOT_YET
    assert in_force(open_end, date(2099, 1, 1))  # an unknown end excludes nothing


@pytest.mark.parametrize("name", ["README.md", "README.vi.md", "docs/adding-a-source.md", "docs/vi/adding-a-source.md"])
def test_the_example_of_the_readme_saved_by_notepad(tmp_path: Path, name: str) -> None:
    """With a byte order mark and CR LF. It has five lines, names its file, and is in force."""
    [block] = re.findall(r"```toml\n(.*?)```", (PROJECT / name).read_text(encoding="utf-8"), re.DOTALL)
    assert "`mine.toml`" in (PROJECT / name).read_text(encoding="utf-8") and block.count("\n") == 5
    path = tmp_path / "mine.toml"
    path.write_bytes(b"\xef\xbb\xbf" + block.replace("\n", "\r\n").encode())
    assert in_force(load([path])["ca-mau-y-te"], date(2026, 11, 28))


def test_the_sources_of_the_readme_are_in_force() -> None:
    text = "".join((PROJECT / name).read_text(encoding="utf-8") for name in ("README.md", "README.vi.md", "Makefile"))
    named = set(re.findall(r"scrapy crawl ([a-z0-9-]+)", text)) | set(" ".join(re.findall(r'SOURCES="([a-z0-9 -]+)"', text)).split())
    sources = load()
    assert {"mst", "baochinhphu"} <= named
    assert [one for one in named if one in sources and not in_force(sources[one], date(2026, 11, 28))] == []


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        (GOOD + 'platfrom = "nukeviet"\n', ["block 1 (ca-mau-tai-chinh)", 'key "platfrom"', "did you mean platform"]),
        (GOOD.replace('unit = "ca-mau"\n', ""), ['key "unit"', "is missing", 'unit = "..."']),
        (GOOD.replace('"ca-mau"', '"ca-mua"'), ['key "unit"', "ca-mau", "units.csv"]),
        (GOOD + 'platform = "nukeveit"\n', ['key "platform"', "did you mean nukeviet"]),
        (GOOD + 'platform = ""\n', ['key "platform"', "text in double quotes"]),
        (GOOD + GOOD, ["block 2", 'key "id"', "taken already by block 1"]),
        (GOOD.replace('"ca-mau-tai-chinh"', '"hanoi-ict"'), ['key "id"', "taken already", "ict-departments.toml"]),
        (GOOD.replace("https://sotttt.example.test", "sotttt.example.test"), ['key "site"', "https://"]),
        (GOOD.replace(".test", ".test/tin-tuc/"), ['key "site"', 'listings = ["/tin-tuc/"]']),
        (GOOD.replace("https://", "https://["), ['key "site"', "must be a URL"]),
        (GOOD.replace(".test", ".test:99999"), ['key "site"', "must be a URL"]),
        (GOOD + 'hosts = ["https://x.test/"]\n', ['key "hosts"', "bare host"]),
        (GOOD + 'hosts = ["x.test:70000"]\n', ['key "hosts"', "bare host"]),
        (GOOD + 'listings = ["//[x/tin.html"]\n', ['key "listings"', "not on a host of this source"]),
        (GOOD + 'listings = ["https://elsewhere.test/"]\n', ['key "listings"', "not on a host of this source"]),
        (GOOD + 'listings = "/tin/"\n', ['key "listings"', "must be a list"]),
        (GOOD + 'valid = ["2010-02-30", ""]\n', ['key "valid"', "2008-03-01"]),
        (GOOD + 'valid = ["2011-01-01", "2010-01-01"]\n', ['key "valid"', "swap"]),
        (GOOD + 'confidence = "sure"\n', ['key "confidence"', "low, medium, high"]),
        (GOOD + "expect = { max_quiet_days = -1 }\n", ['key "expect"', "0 or more"]),
        (GOOD + "expect = { max_quite_days = 3 }\n", ['key "expect"', "did you mean max_quiet_days"]),
        (GOOD + 'successor = "nowhere"\n', ['key "successor"', "no source"]),
        (GOOD.replace('"ca-mau-tai-chinh"', '"Cà Mau"'), ['key "id"', "lower-case"]),
        (GOOD.replace('"ca-mau"', '"Cà Mau"'), ['key "unit"', 'unknown unit "Cà Mau"', '"ca-mau" (to 2025-06-30)', '"ca-mau-2025" (from']),
        (GOOD.replace('"ca-mau"', '"tinh nghe an"'), ['key "unit"', 'did you mean "nghe-an"?']),
        (GOOD.replace('"ca-mau"', '"Bạc Liêu"'), ['"bac-lieu" (to 2025-06-30; then "ca-mau-2025")']),
        (GOOD.replace('"ca-mau"', '"Sở Y tế Cà Mau"'), ['"ca-mau-2025" (from', "the unit of a department is its province"]),
        (GOOD.replace("ca-mau-tai-chinh", "Sở_Tài chính"), ['like "so-tai-chinh"']),
        (GOOD.replace("https://sotttt", "SoTTTT"), ['did you mean "https://sotttt.example.test"?']),
        (GOOD.replace("https://", "https:/ \u200b"), ['did you mean "https://sotttt.example.test"?']),
        (GOOD.replace(".test", ".test/?lang=vi"), ['must end after the host: site = "https://sotttt.example.test"']),
        (GOOD + "[expect]\nmax_quiet_days = 14\n", ["[expect] begins a table of its own", "expect = {"]),
        (GOOD.replace("[[source]]\n", ""), ['the key "id" is not in a block', "[[source]]"]),
        (GOOD + 'kind = "goverment"\n', ['key "kind"', "ict-department, st-department", "leave the line out"]),
        (GOOD + 'under = "sites/stttt/"\n', ['key "under"', "path of the site"]),
        (GOOD + 'under = "/sites/../"\n', ['key "under"', "path of the site"]),
        (GOOD + 'under = "/stttt/"\nlistings = ["/skhcn/tin.html"]\n', ['key "listings"', 'is not under "/stttt/"']),
        (GOOD.replace("name =", "ten ="), ['key "ten"', "did you mean name?"]),
        (GOOD.replace("site =", "dia_chi ="), ['key "dia_chi"', "did you mean site?"]),
        (
            GOOD + 'expect = { max_quiet_days = "14 ngày" }\n',
            ['key "expect"', "max_quiet_days must be a number of 0 or more"],
        ),
        (GOOD + 'delay = "5"\n', ['key "delay"', "a number of 0 or more, without quotes"]),
        (GOOD + "delay = nan\n", ['key "delay"', "a number of 0 or more"]),
        (GOOD + 'window = ["22:00"]\n', ['key "window"', "two times", '["22:00", "06:00"]']),
        (GOOD + 'window = ["22:00", "25:00"]\n', ['key "window"', "25:00", "not a time of the day"]),
        (GOOD + 'window = ["22:00", "22:00"]\n', ['key "window"', "leave the line out"]),
        (GOOD + "budget = 0\n", ['key "budget"', "1 or more"]),
        (GOOD + "budget = 1.5\n", ['key "budget"', "whole number"]),
        (GOOD + 'cookies = "yes"\n', ['key "cookies"', "true or false"]),
        (GOOD + "tls = true\n", ['key "tls"', "must be a table", "until"]),
        (GOOD + "tls = { bad_certificate = true }\n", ['key "tls"', "last day of the exception is missing"]),
        (GOOD + 'tls = { until = "2027-06-30" }\n', ['key "tls"', "allows nothing"]),
        (GOOD + 'tls = { old_protocl = true, until = "2027-06-30" }\n', ['key "tls"', "did you mean old_protocol"]),
        ("[[source]]\nid = ", ["not valid TOML", "line 2: id =", "the value", "is missing"]),
        ("# nothing\n", ["no [[source]] block"]),
        (GOOD.replace("[[source]]", "[[sources]]"), ["unknown table", "[[source]]"]),
        (GOOD.replace("[[source]]", "[source]"), ["two brackets"]),
    ],
)
def test_a_bad_block_is_refused_with_its_place_and_the_fix(tmp_path: Path, text: str, parts: list[str]) -> None:
    message = _load(tmp_path, text)
    assert [part for part in parts if part not in message] == [], message


NAME = 'name = "Sở Tài chính Cà Mau"'


@pytest.mark.parametrize(
    ("before", "after", "line", "why"),
    [
        (NAME, "name = “Sở Tài chính Cà Mau”", 3, "typographic"),
        (NAME, "name = «Sở Tài chính Cà Mau»", 3, "typographic"),
        (NAME, 'name = "Sở Tài chính Cà Mau”', 3, "typographic"),
        (NAME, 'name\u00a0= "Sở Tài chính Cà Mau"', 3, "a space of another kind"),
        (NAME, 'name = "Sở Tài chính Cà Mau', 3, "the quote at the end of the text is missing"),
        (NAME, 'name = "Sở Tài chính Cà Mau      # its usual name', 3, "the quote at the end of the text is missing"),
        (NAME, 'name = Sở Tài chính Cà Mau"', 3, "the quote at the beginning"),
        (NAME, "name = Sở Tài chính Cà Mau", 3, "a text is in double quotes"),
        (NAME, 'name: "Sở Tài chính Cà Mau"', 3, "not a colon"),
        (NAME, 'name "Sở Tài chính Cà Mau"', 3, "an equals sign"),
        (NAME, 'name = "Sở Tài chính Cà Mau",', 3, "the sign at the end"),
        (NAME, 'name = ""Sở Tài chính Cà Mau""', 3, "doubled"),
        ("[[source]]", "[[source]", 1, "two brackets on each side"),
        ("[[source]]", "[[nguồn]]", 1, "two brackets on each side"),
        (NAME, f"• {NAME}", 3, "a mark of a list"),
        (NAME, f"- {NAME}", 3, "a mark of a list"),
        ('listings = ["/a", "/b"]', 'listings = ["/a" "/b"]', 6, "a comma between the texts"),
        ('listings = ["/a", "/b"]', 'listings = ["/a"; "/b"]', 6, "a comma between the texts"),
        ('listings = ["/a", "/b"]', 'listings = ["/a", "/b"', 6, "must end with ]"),
        ('listings = ["/a", "/b"]', "listings = [“/a”, “/b”]", 6, "typographic"),
        ("expect = { max_quiet_days = 3 }", "expect = { max_quiet_days = 3", 7, "must end with }"),
        ("delay = 2.5", "delay = 2,5", 8, "a point, not a comma"),
        ("cookies = true", "cookies = True", 9, "small letters"),
    ],
)
def test_a_slip_of_toml_is_shown_with_its_line_and_the_line_as_it_should_be(
    tmp_path: Path, before: str, after: str, line: int, why: str
) -> None:
    whole = GOOD + 'listings = ["/a", "/b"]\nexpect = { max_quiet_days = 3 }\ndelay = 2.5\ncookies = true\n'
    assert whole.count(before) == 1
    for end in ("\n", "\r\n"):  # as Linux and Windows end lines
        message = _load(tmp_path, whole.replace(before, after).replace("\n", end))
        assert f"not valid TOML: line {line}: {after}: " in message and why in message, message
        assert message.endswith(f"; write it like this: {before}"), message


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        (GOOD + NAME + "\n", ["line 6", 'the key "name" is in the block twice, first in line 3']),
        (GOOD.replace("name =", "tên ="), ["line 3", "an English word without diacritics, like name"]),
        (GOOD.replace("name =", "Đơn vị ="), ["line 3", "an English word without diacritics, like unit"]),
        (GOOD.replace("name =", "tiêu đề ="), ["line 3", "like id, name, unit or site"]),
        (
            GOOD + "expect = { max_gone_share = 0,2, max_quiet_days = 3 }\n",
            ["line 6", "not a comma", "= 0.2, max_quiet_days = 3 }"],
        ),
        (GOOD.replace("\n", " ", 2), ["line 1", "a line of its own; write it like this: [[source]] ↵ id = "]),
        (GOOD.replace("\nname", ", name"), ["line 2", 'write it like this: id = "ca-mau-tai-chinh" ↵ name = "Sở']),
        (f"```toml\n{GOOD}```\n", ["line 1: ```toml", "remove both lines"]),
        (GOOD + 'valid = [01/03/2025, ""]\n', ["line 6", "2008-03-01"]),
        (GOOD + "xin chào\n", ["line 6: xin chào", "double quotes"]),
    ],
)
def test_other_slips_of_toml_name_their_line(tmp_path: Path, text: str, parts: list[str]) -> None:
    message = _load(tmp_path, text)
    assert [part for part in parts if part not in message] == [], message


def test_a_unit_that_ended_before_the_source_is_said_by_the_commands_that_check_a_block(place: Place) -> None:
    file = place.source("bac-lieu-y-te", "http://127.0.0.1:9", unit="bac-lieu")
    done = place.scrapy("list", "--unit", "ca-mau-2025", SOURCES_EXTRA=file)
    assert "bac-lieu-y-te" not in done.stdout  # this is why the note must not depend on what is listed
    note = (
        f'{file}: block 1 (bac-lieu-y-te): key "unit": "bac-lieu" ended on 2025-06-30; if the site is that of its successor, write unit ='
    )
    assert done.stderr.startswith(f'note: {note} "ca-mau-2025"; ') and 'valid = ["", "2025-06-30"]' in done.stderr
    assert note in place.scrapy("crawl", "bac-lieu-y-te", code=1, SOURCES_EXTRA=file, DOWNLOAD_DELAY=0, RETRY_TIMES=0).stdout
    assert '"bac-lieu" ended on 2025-06-30' in place.scrapy("probe", "bac-lieu-y-te", code=1, SOURCES_EXTRA=file, DOWNLOAD_DELAY=0).stdout
    for right in ('valid = ["", "2025-06-30"]', 'valid = ["2012-01-01", "2025-02-28"]'):
        assert (
            place.scrapy("list", SOURCES_EXTRA=place.source("bac-lieu-y-te", "http://127.0.0.1:9", unit="bac-lieu", more=right)).stderr
            == ""
        )
    early = place.source("ca-mau-cu", "http://127.0.0.1:9", unit="ca-mau-2025", more='valid = ["", "2024-12-31"]')
    assert "began on 2025-07-01, after the source ended" in place.scrapy("list", SOURCES_EXTRA=early).stderr


def test_a_file_that_is_not_utf8(tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_bytes(GOOD.encode("utf-16"))
    with pytest.raises(SourceError, match="UTF-8"):
        load([path])


def test_scrapy_list_shows_the_sources(place: Place) -> None:
    sources = load()
    assert place.scrapy("list").stdout.split() == list(sources)
    extra = place.folder / "mine.toml"
    extra.write_text(GOOD, encoding="utf-8")
    # A source without a kind belongs to the group that its unit suggests.
    assert "ca-mau-tai-chinh" in place.scrapy("list", "--group", "provinces", "--in-force", SOURCES_EXTRA=extra).stdout.split()
    listed = place.scrapy("list", "--long", "--unit", "ha-noi", NOW="2025-03-01").stdout
    assert re.search(r"^hanoi-ict +2008-2025 +ended +ict-department +liferay +Hà Nội +https://", listed, re.MULTILINE)
    assert listed.endswith("sources, 3 of them in force on 2025-03-01\n")
    rows = [json.loads(line) for line in place.scrapy("list", "--json", "--kind", "ict-department").stdout.splitlines()]
    assert [row["under"] for row in rows if row["id"] == "lam-dong-ict"] == ["/sites/stttt/"] and len(rows) == 63
    assert "did you mean ministries" in place.scrapy("list", "--group", "ministry", code=2).stderr
    assert '"ca-mau"' in place.scrapy("list", "--unit", "Ca Mau", code=2).stderr
    assert place.scrapy("list", "--json", "--kind", "open-data", "--unit", "nghe-an").stdout == ""
    assert not place.archive.exists()


def test_an_ended_source_is_not_crawled_live(place: Place) -> None:
    refused = place.scrapy("crawl", "hanoi-ict", code=2).stderr
    assert "ended on 2025-02-28" in refused and "scrapy crawl ha-noi-khcn" in refused and "--force" in refused
    assert "begins on 2025-07-01" in place.scrapy("crawl", "can-tho-2025-portal", code=2, NOW="2025-06-30T23:00:00").stderr
    assert not place.archive.exists()
    site = {"/": listing(*ITEMS), **{url: article(title, day=day) for (url, title), day in zip(ITEMS, DAYS, strict=True)}}
    with serving_pages(site) as served:
        path = place.folder / "mine.toml"
        path.write_text(
            GOOD.replace("https://sotttt.example.test", served.url) + 'valid = ["2012-05-14", "2014-12-31"]\n', encoding="utf-8"
        )
        assert "it has no successor" in place.scrapy("crawl", "ca-mau-tai-chinh", code=2, SOURCES_EXTRA=path).stderr
        assert served.requests == []
        report = place.scrapy("crawl", "ca-mau-tai-chinh", "--force", SOURCES_EXTRA=path, DOWNLOAD_DELAY=0).stdout
    assert "2 articles are from outside the period of the source (2012-05-14 to 2014-12-31)" in report
    query = named_queries()["outside_the_period"]
    assert [row[2] for row in place.rows(query["sql"])] == ["2012-05-13", "2015-01-01"]
    # A recording answers: what was captured from the site is crawled again, whatever the day is.
    place.archive.unlink()
    [recording] = (place.folder / "captures").rglob("*.warc.gz")
    replayed = recording.rename(place.folder / "site.warc.gz")
    assert "4 articles" in place.scrapy("crawl", "ca-mau-tai-chinh", SOURCES_EXTRA=path, REPLAY=replayed).stdout


ITEMS = [(f"/tin/hoi-nghi-{number}-cua-so-ve-ngan-sach-{number}.html", f"Hội nghị {number} của sở về ngân sách") for number in range(1, 5)]
DAYS = ["13/05/2012 23:59", "14/05/2012 00:01", "31/12/2014 23:59", "01/01/2015 00:01"]
