"""The path from a recorded page to rows, on the sample that the project ships."""

from __future__ import annotations

import gzip
import json
import runpy

from tests.conftest import PROJECT, SAMPLE, Place

TRUTH = [json.loads(line) for line in (PROJECT / "samples/truth.jsonl").read_text(encoding="utf-8").splitlines()]
ARTICLES = [truth for truth in TRUTH if not truth["external_link"]]


def test_the_sample_is_what_it_says() -> None:
    years = {truth["published"][:4] for truth in ARTICLES}
    assert len(ARTICLES) >= 40
    assert years == {str(year) for year in range(2009, 2026)}
    assert {truth["source"] for truth in TRUTH} == set(SAMPLE)
    assert (PROJECT / "samples/sample.warc.gz").stat().st_size < 1_000_000


def test_building_it_again_gives_the_same_recording() -> None:
    recording, truth = runpy.run_path(str(PROJECT / "samples/build.py"))["build"]()
    # Compared uncompressed: another zlib may compress the same bytes differently.
    assert gzip.decompress(recording) == gzip.decompress((PROJECT / "samples/sample.warc.gz").read_bytes())
    assert truth == (PROJECT / "samples/truth.jsonl").read_text(encoding="utf-8")


def test_every_page_says_that_it_is_a_sample() -> None:
    pages = gzip.decompress((PROJECT / "samples/sample.warc.gz").read_bytes()).decode().split("WARC/1.1\r\n")[1:]
    html = [page for page in pages if "<html" in page]  # fragments of lists are sent without a frame
    assert len(html) >= 70
    assert not [page[:200] for page in html if "sample" not in page.partition("\r\n\r\n")[2]]


def test_every_field_of_every_article(sample: Place) -> None:
    fields = "id, url, title, summary, author, section, published_at"
    found = {row[1]: dict(zip(fields.split(", "), row, strict=True)) for row in sample.rows(f"select {fields} from articles")}
    assert set(found) == {truth["absolute_url"] for truth in ARTICLES}
    for truth in ARTICLES:
        article = found[truth["absolute_url"]]
        assert article["title"] == truth["title"]
        assert article["summary"] == truth["hometext"]
        assert article["author"] == truth["author"]
        assert article["section"] in [truth["category"], *truth["other_categories"]]
        assert str(article["published_at"])[:16] == truth["published"][:16]
        assert str(article["published_at"]).endswith("+07:00")
        [(body,)] = sample.rows("select body from article_text where article_id = ?", article["id"])
        assert " ".join(str(body).split()) == " ".join(truth["body_paragraphs"])
        files = [str(url).rpartition("/")[2] for (url,) in sample.rows("select url from attachments where article_id = ?", article["id"])]
        assert files == truth["attachments"]
        assert {tag for (tag,) in sample.rows("select tag from article_tags where article_id = ?", article["id"])} == set(truth["tags"])


def test_every_field_names_its_rule(sample: Place) -> None:
    fields = {field for (field,) in sample.rows("select distinct field from article_fields")}
    assert fields >= {"title", "summary", "author", "section", "published", "body", "tags"}
    assert sample.rows("select * from article_fields where rule is null or rule = ''") == []
    assert sample.rows("select * from articles where published_rule is null or layout is null") == []


def test_citations_are_found_and_stand_where_they_say(sample: Place) -> None:
    for truth in ARTICLES:
        numbers = {
            number
            for (number,) in sample.rows(
                "select coalesce(d.number, c.number) from citations c join articles a on a.id = article_id left join documents d"
                " on d.id = document_id where a.url = ? and c.kind <> 'named'",
                truth["absolute_url"],
            )
        }
        wanted = {c["number_canonical"] for c in truth["citations"] + truth["title_citations"] + truth["hometext_citations"]}
        assert {_folded(str(number)) for number in numbers} == {_folded(number) for number in wanted}, truth["absolute_url"]
    for field, start, end, text, title, summary, body in sample.rows(
        'select field, start, "end", text, title, summary, body from citations join articles on articles.id = citations.article_id'
        " join article_text on article_text.article_id = articles.id"
    ):
        assert {"title": title, "summary": summary, "body": body}[field][start:end] == text


def _folded(number: str) -> str:
    """TCVN ISO 9001 and ISO 9001 are one standard. The number of a citation is in capitals, with hyphens."""
    return number.upper().replace(".", "-").removeprefix("TCVN ")


def test_the_case_that_started_the_project(sample: Place) -> None:
    [(article_id, unit)] = sample.rows(
        "select id, unit_id from articles where url like '%mic.sample.test%' and published_at like '2009-07%'"
    )
    assert unit == "btttt"
    stories = sample.rows("select position, title, event_date from stories where article_id = ? order by position", article_id)
    assert stories == [
        (1, "Hội thảo giới thiệu phần mềm nguồn mở cho cơ quan nhà nước", "2009-07-14"),
        (2, "Tập huấn áp dụng tiêu chuẩn TCVN ISO 9001:2008", "2009-07-09"),  # the year is taken from the day of publication
    ]
    [(body, dateline, byline)] = sample.rows("select body, dateline, byline from article_text where article_id = ?", article_id)
    assert (dateline, byline) == ("Mic.sample.test", "Phòng Công nghệ thông tin - Sở TT&TT Nghệ An")
    assert str(body).startswith("(Mic.sample.test) - * Hội thảo") and str(body).endswith(byline)
    rules = sample.rows(
        "select field, rule, rule_parameter from article_fields where article_id = ? and field in ('dateline', 'byline') order by 1",
        article_id,
    )
    assert rules == [("byline", "byline-last-line", None), ("dateline", "dateline-bracket", "body")]
    cited = sample.rows(
        "select s.position, c.text, d.label, d.issued_on, d.unit_id, c.status from citations c join stories s on s.id = c.story_id"
        " join documents d on d.id = c.document_id where c.article_id = ? order by c.start",
        article_id,
    )
    assert (1, "Chỉ thị 07/2008/CT-BTTTT", "2008-12-30", None) in [(s, label, day, u) for s, _, label, day, u, _ in cited]
    assert (2, "Quyết định 1727/QĐ-UBND", "2007-05-17", "nghe-an") in [(s, label, day, u) for s, _, label, day, u, _ in cited]
    assert [(s, label) for s, _, label, *_ in cited if "9001" in str(label)] == [
        (2, "TCVN ISO 9001:2008"),
        (2, "TCVN ISO 9001:2008"),  # on the page, a word is glued to this one
        (2, "ISO 9001:2000"),
    ]
    assert sample.rows("select count(*) from citations where article_id = ? and relation = 'drafting'", article_id) == [(0,)]


def test_who_cited_it_and_how_long_after(sample: Place) -> None:
    rows = sample.rows(
        "select diffusion.unit_id, first_cited_on, days_after_issue from diffusion join documents on documents.id = document_id"
        " where number = '07/2008/CT-BTTTT' order by first_cited_on"
    )
    assert rows == [
        ("nghe-an", "2009-07-15", 197),
        ("btttt", "2009-07-17", 199),
        ("ha-noi", "2010-03-12", 437),
        ("bkhcn", "2025-03-10", 5914),
    ]


def test_what_is_no_article_is_a_failure_with_its_reason(sample: Place) -> None:
    rows = sample.rows("select reason, url, target from failures order by reason")
    assert [row[0] for row in rows] == ["off-site", "soft-404"]
    assert rows[0][2] == "https://cong-tinh.sample.test/tin/2024/tong-ket.html"
    assert sample.rows("select url from captures where outcome is null") == []


def test_one_article_in_two_categories_is_one_row(sample: Place) -> None:
    shared = [truth for truth in ARTICLES if truth["other_categories"]]
    assert len(shared) == 2
    for truth in shared:
        assert len(sample.rows("select id from articles where title = ?", truth["title"])) == 1


def test_crawling_and_reading_again_change_nothing(place: Place) -> None:
    for source in SAMPLE:
        place.scrapy("crawl", source)
    first = place.tables()
    files = {path.name: path.read_bytes() for path in place.captures.rglob("*.warc.gz")}
    done = place.scrapy("crawl", "sample-nghe-an")
    assert "0 new, 0 changed, 16 unchanged" in done.stdout
    assert place.tables() == first
    place.scrapy("reparse", "--write")
    assert place.tables() == first
    assert {path.name: path.read_bytes() for path in place.captures.rglob("*.warc.gz")} == files


def test_a_changed_article_adds_a_revision(place: Place) -> None:
    """The recording again, a day later, with one changed title."""
    place.scrapy("crawl", "sample-mst")
    raw = gzip.decompress((PROJECT / "samples/sample.warc.gz").read_bytes())
    title, other = (
        "Kết nối, chia sẻ dữ liệu giữa các cơ quan nhà nước".encode(),
        "Kết nối, chia sẻ dữ liệu giữa các cơ quan Nhà nước".encode(),
    )
    assert raw.count(title) > 1 and len(title) == len(other)
    changed = place.folder / "later.warc"
    changed.write_bytes(raw.replace(title, other).replace(b"2026-11-01T00:00:00Z", b"2026-11-02T00:00:00Z"))
    done = place.scrapy("crawl", "sample-mst", REPLAY=changed)
    assert "0 new, 1 changed, 5 unchanged" in done.stdout
    [(changed_fields, before)] = place.rows("select changed, before from revisions")
    assert json.loads(str(changed_fields)) == ["title"]
    assert json.loads(str(before))["title"].encode() == title
    assert place.rows("select title from articles where title = ?", other.decode()) != []


def test_a_span_of_days_asks_for_nothing_else(place: Place) -> None:
    place.scrapy("crawl", "sample-nghe-an", "-a", "start=2013-01-01", "-a", "end=2014-12-31")
    years = {str(year) for (year,) in place.rows("select published_year from articles")}
    assert years == {"2013", "2014"}
