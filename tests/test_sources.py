"""Adding a source: which lines are allowed, and the message for a wrong one."""

from __future__ import annotations

import re
import tomllib
from datetime import date, time
from pathlib import Path

import pytest

from scraper.model import TlsException
from scraper.platforms import PLATFORMS
from scraper.reference import units
from scraper.sources import SourceError, Standing, in_force, load, standing, tls_exception, tls_is_over
from tests.conftest import PROJECT, Place

GOOD = '[[source]]\nid = "ca-mau-ict"\nname = "Sở TT&TT Cà Mau"\nunit = "ca-mau"\nsite = "https://sotttt.example.test"\n'


def _load(tmp_path: Path, text: str) -> str:
    path = tmp_path / "mine.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(SourceError) as caught:
        load([path])
    message = str(caught.value)
    assert message.startswith(str(path)) and "\n" not in message
    return message


def test_the_shipped_sources() -> None:
    sources = load()
    assert {"hanoi-ict", "nghe-an-ict", "mic-2013", "mic-2020", "mic-2024", "mst", "baochinhphu", "sample-mic"} <= set(sources)
    assert all(source.unit in units() for source in sources.values())
    assert all(source.platform is None or source.platform in PLATFORMS for source in sources.values())
    assert [source.id for source in sources.values() if source.confidence != "low" and not source.basis] == []


def test_no_shipped_source_needs_more_than_eleven_keys() -> None:
    for path in (PROJECT / "scraper/sources").glob("*.toml"):
        for block in tomllib.loads(path.read_text(encoding="utf-8"))["source"]:
            assert len(block) < 12, block


def test_four_lines_are_enough(tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_text(GOOD, encoding="utf-8")
    source = load([path])["ca-mau-ict"]
    assert (source.platform, source.hosts, source.listings, source.province) == (None, ("sotttt.example.test",), (), "Cà Mau")


def test_the_keys_of_politeness(tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    lines = 'delay = 2.5\nwindow = ["22:00", 06:00:00]\nbudget = 500\ncookies = true\n'
    path.write_text(GOOD + lines + "tls = { bad_certificate = true, until = 2027-06-30 }\n", encoding="utf-8")
    source = load([path])["ca-mau-ict"]
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


def test_a_file_saved_by_notepad(tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_bytes(b"\xef\xbb\xbf" + GOOD.replace("\n", "\r\n").encode())
    assert load([path])["ca-mau-ict"].name == "Sở TT&TT Cà Mau"


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        (GOOD + 'platfrom = "nukeviet"\n', ["block 1 (ca-mau-ict)", 'key "platfrom"', "did you mean platform"]),
        (GOOD.replace('unit = "ca-mau"\n', ""), ['key "unit"', "is missing", 'unit = "..."']),
        (GOOD.replace('"ca-mau"', '"ca-mua"'), ['key "unit"', "ca-mau", "units.csv"]),
        (GOOD + 'platform = "nukeveit"\n', ['key "platform"', "did you mean nukeviet"]),
        (GOOD + 'platform = ""\n', ['key "platform"', "text in double quotes"]),
        (GOOD + GOOD, ["block 2", 'key "id"', "taken already by block 1"]),
        (GOOD.replace('"ca-mau-ict"', '"hanoi-ict"'), ['key "id"', "taken already", "provinces.toml"]),
        (GOOD.replace("https://sotttt.example.test", "sotttt.example.test"), ['key "site"', "https://"]),
        (GOOD.replace(".test", ".test/tin-tuc/"), ['key "site"', 'listings = ["/tin-tuc/"]']),
        (GOOD + 'hosts = ["https://x.test/"]\n', ['key "hosts"', "bare host"]),
        (GOOD + 'listings = ["https://elsewhere.test/"]\n', ['key "listings"', "not on a host of this source"]),
        (GOOD + 'listings = "/tin/"\n', ['key "listings"', "must be a list"]),
        (GOOD + 'valid = ["2010-02-30", ""]\n', ['key "valid"', "2008-03-01"]),
        (GOOD + 'valid = ["2011-01-01", "2010-01-01"]\n', ['key "valid"', "swap"]),
        (GOOD + 'confidence = "sure"\n', ['key "confidence"', "low, medium, high"]),
        (GOOD + "expect = { max_quiet_days = -1 }\n", ['key "expect"', "0 or more"]),
        (GOOD + "expect = { max_quite_days = 3 }\n", ['key "expect"', "did you mean max_quiet_days"]),
        (GOOD + 'successor = "nowhere"\n', ['key "successor"', "no source"]),
        (GOOD.replace('"ca-mau-ict"', '"Cà Mau"'), ['key "id"', "lower-case"]),
        (GOOD.replace('"ca-mau"', '"Cà Mau"'), ['key "unit"', 'unknown unit "Cà Mau"', '"ca-mau" (to 2025-06-30)', '"ca-mau-2025" (from']),
        (GOOD.replace('"ca-mau"', '"tinh nghe an"'), ['key "unit"', 'did you mean "nghe-an"?']),
        (GOOD + 'kind = "goverment"\n', ['key "kind"', "ict-department, st-department"]),
        (GOOD + 'under = "sites/stttt/"\n', ['key "under"', "path of the site"]),
        (GOOD + 'under = "/sites/../"\n', ['key "under"', "path of the site"]),
        (GOOD + 'under = "/stttt/"\nlistings = ["/skhcn/tin.html"]\n', ['key "listings"', 'is not under "/stttt/"']),
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
        ("[[source]]\nid = ", ["not valid TOML", "double quotes"]),
        ("# nothing\n", ["no [[source]] block"]),
        (GOOD.replace("[[source]]", "[[sources]]"), ["unknown table", "[[source]]"]),
        (GOOD.replace("[[source]]", "[source]"), ["two brackets"]),
    ],
)
def test_a_bad_block_is_refused_with_its_place_and_the_fix(tmp_path: Path, text: str, parts: list[str]) -> None:
    message = _load(tmp_path, text)
    assert [part for part in parts if part not in message] == [], message


def test_a_file_that_is_not_utf8(tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_bytes(GOOD.encode("utf-16"))
    with pytest.raises(SourceError, match="UTF-8"):
        load([path])


def test_scrapy_list_shows_the_sources(place: Place) -> None:
    listed = place.scrapy("list").stdout.split()
    assert listed == list(load())
    extra = place.folder / "mine.toml"
    extra.write_text(GOOD, encoding="utf-8")
    assert "ca-mau-ict" in place.scrapy("list", SOURCES_EXTRA=extra).stdout.split()
    assert re.search(r"^hanoi-ict\s.*Hà Nội", place.scrapy("list", "--long").stdout, re.MULTILINE)
    assert not place.archive.exists()
