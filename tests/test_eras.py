"""The site of the ministry in its four eras, imported from one recording: the right layout, and every value of every article.

The pages were made by this project (`tests/era_pages.py`), so they prove nothing about the real site.
"""

from __future__ import annotations

import json
import re
from typing import Any

from scraper.sources import load
from tests.conftest import PROJECT, Place
from tests.era_pages import CLASSIC, ERAS, SHAREPOINT_2013, SHAREPOINT_2020, VCCORP, Era, articles, page, records, url_of
from tests.warc_records import response_record

_SHOWN = {CLASSIC: (2009, 2012), SHAREPOINT_2013: (2013, 2018), SHAREPOINT_2020: (2019, 2022), VCCORP: (2023, 2023)}


def _truth() -> dict[str, dict[str, Any]]:
    lines = (PROJECT / "samples/truth.jsonl").read_text(encoding="utf-8").splitlines()
    return {one["title"]: one for one in map(json.loads, lines) if one["source"] == "sample-mic"}


def _number(cited: str) -> str:
    return re.sub(r"[^0-9A-ZĐ]", "", cited.upper())


def test_one_recording_of_four_eras(place: Place) -> None:
    # A page of 2009 that was captured when the next system ran, and one of 2013 that was captured in 2022, are what they were.
    late = (CLASSIC, articles(2009, 2009)[0], "2016-03-02T03:00:00Z"), (SHAREPOINT_2013, articles(2014, 2014)[0], "2022-03-02T03:00:00Z")
    shown = {era: [one for one in articles(*years) if one not in [article for _, article, _ in late]] for era, years in _SHOWN.items()}
    file = place.folder / "eras.warc.gz"
    rehosted = [response_record(url_of(era, article), page(era, article), seen) for era, article, seen in late]
    file.write_bytes(b"".join([*rehosted, *(record for era in ERAS for record in records(era, shown[era]))]))
    output = place.scrapy("captures", "import", str(file), code=None).stdout

    truth = _truth()
    wanted: dict[tuple[str, str], tuple[str, str]] = {(era.source, one["title"]): _read(era, one) for era in ERAS for one in shown[era]}
    wanted |= {("mic-2013", late[0][1]["title"]): _read(*late[0][:2]), ("mic-2020", late[1][1]["title"]): _read(*late[1][:2])}
    read = place.rows("select source_id, title, layout, published_at, id from articles")
    assert {(source, title): (layout, published[:16]) for source, title, layout, published, _ in read} == wanted, output
    for _, title, _, _, article_id in read:
        stories = place.rows("select title from stories where article_id = ? order by position", article_id)
        assert [one for (one,) in stories] == [one["title"] for one in truth[title]["stories"]], title
        sql = "select number from citations where article_id = ? and field = 'body' and kind in ('numbered', 'standard') order by start"
        cited = place.rows(sql, article_id)
        numbers = [_number(one["number_canonical"]) for one in truth[title]["citations"]]  # each once
        assert list(dict.fromkeys(_number(one) for (one,) in cited)) == numbers, title
    bylines = place.rows("select dateline, byline from articles join article_text on article_id = id where title like 'Nghệ An: Hội thảo%'")
    assert bylines == [("Mic.sample.test", "Phòng Công nghệ thông tin - Sở TT&TT Nghệ An")]
    assert place.rows("select count(*) from article_text where body like '%ĐÁNH GIÁ%'") == [(0,)]
    rules = place.rows("select distinct body_rule from article_text")
    assert all(str(rule).startswith("layout-selector") for (rule,) in rules), rules

    before = place.tables()["articles"]
    place.scrapy("reparse", "--write")  # only from the captures
    assert place.tables()["articles"] == before


def _read(era: Era, article: dict[str, Any]) -> tuple[str, str]:
    return era.layout, f"{article['at']:%Y-%m-%dT00:00}" if era.by_day else f"{article['at']:%Y-%m-%dT%H:%M}"


def test_without_its_layout_a_page_is_read_by_the_general_rules(place: Place) -> None:
    """A redesign renamed everything that the layouts know: title and text are still found, and the rule says how."""
    names = {
        "td class=": "td id=",
        "news_content": "tin",
        "date-detail": "luc",
        "divArticle": "bai",
        "detail-": "x-",
        "data-role": "data-x",
    }
    for era, years in _SHOWN.items():
        [article, *_] = articles(*years)
        text = page(era, article).decode()
        for known, other in names.items():
            text = text.replace(known, other)
        file = place.folder / f"{era.source}.html"
        file.write_text(text, encoding="utf-8")
        shown = json.loads(place.scrapy("probe", str(file), "--url", url_of(era, article), "--captured", era.seen[:10], "--json").stdout)
        fields = shown["fields"]
        assert (shown["layout"], fields["title"]["value"]) == ("generic", article["title"]), era.source
        assert article["paragraphs"][-1][:60] in fields["body"]["value"] and article["paragraphs"][0][:60] in fields["body"]["value"]
        assert fields["published"]["value"][:10] == f"{article['at']:%Y-%m-%d}"
        assert not any(fields[name]["rule"].startswith("layout") for name in ("title", "body", "published")), fields


def test_the_eras_follow_each_other() -> None:
    sources = load()
    for era, following in zip(ERAS, (*ERAS[1:], None), strict=True):
        source = sources[era.source]
        assert source.platform == era.layout.partition("/")[0] and source.valid_from and source.valid_to
        assert source.successor == (following.source if following else "mst")
        assert era.seen[:10] <= source.valid_to.isoformat() and era.seen[:10] >= source.valid_from.isoformat()
