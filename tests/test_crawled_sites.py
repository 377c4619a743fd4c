"""Sites with traps for crawlers, served by a real server. The sites are made by this project.

The first site combines many traps, so that they need only one crawl. Each test checks one of them.
"""

from __future__ import annotations

import gzip
from itertools import pairwise
from typing import Any

import brotli
import pytest

from tests.conftest import Place
from tests.server import Site, article, listing, serving_pages

SITEMAP = "<?xml version='1.0'?><{root} xmlns='http://www.sitemaps.org/schemas/sitemap/0.9'>{entries}</{root}>"
LISTS = 6
PER_LIST = 4
TEN, FIVE = "Báo cáo tổng kết mười năm thực hiện chương trình", "Báo cáo sơ kết năm năm thực hiện chương trình"
LISTINGS = 'listings = ["/", "/tin/trang-1.html"]\ndiscover_sections = true'


def _title(number: int) -> str:
    return f"Triển khai nhiệm vụ số {number} của kế hoạch cải cách hành chính"


def _path(number: int) -> str:
    return f"/ban-tin/trien-khai-nhiem-vu-cua-ke-hoach-cai-cach-{number}.html"


def _item(number: int, session: str = "") -> tuple[str, str]:
    return _path(number) + session, _title(number)


def _sitemap(root: str, *urls: str) -> str:
    entry = "sitemap" if root == "sitemapindex" else "url"
    return SITEMAP.format(root=root, entries="".join(f"<{entry}><loc>{url}</loc></{entry}>" for url in urls))


def _list_page(number: int) -> str:
    """Returns a list page whose links carry a new session id each time, and whose first item is pinned."""
    session = f";jsessionid={number}F3A9C0D1E2B{number}.node{number}"
    first = 100 + (number - 1) * PER_LIST
    pager = f"<div class='pagination'><a href='/tin/trang-{number + 1}.html{session}'>{number + 1}</a></div>" if number < LISTS else ""
    pinned = _item(199, f"?PHPSESSID=q{number}w8e7r6t5y4")
    return listing(pinned, *(_item(first + place, session) for place in range(PER_LIST)), foot=pager)


def _pages() -> dict[str, str | tuple[int, dict[str, str], bytes]]:
    """Returns the first site."""
    twins = "<link rel='canonical' href='SITE/ban-tin/trien-khai-nhiem-vu-cua-ke-hoach-cai-cach-301.html'>"
    template = "<link rel='canonical' href='SITE/'>"
    adjacent = f"<link rel='next' href='{_path(312)}'>"
    many = "/bai-dai/bao-cao-tong-ket-muoi-nam-thuc-hien-chuong-trinh-401"
    broken = "/bai-dai/bao-cao-so-ket-nam-nam-thuc-hien-chuong-trinh-402"
    section = listing(
        _item(301),
        (_path(301).replace("ban-tin", "thoi-su"), _title(301)),
        _item(311),
        _item(312),
        (f"{many}.html?trang=2", TEN),  # a later page of the next one
        (f"{many}.html", TEN),
        (f"{broken}.html", FIVE),
        _item(501),
        _item(502),
        _item(503),
        _item(504),
        _item(505),
        _item(506),
        *(_item(number) for number in (511, 512, 513, 514)),
        head="<link rel='alternate' type='application/rss+xml' href='/moi.rss'><base href='http://[hong/'>",
        foot="<div class='trang'><a href=\"javascript:__doPostBack('ctl00$phanTrang','Page$2')\">Trang sau</a></div>",
    )
    pages: dict[str, str | tuple[int, dict[str, str], bytes]] = {
        "/robots.txt": "User-agent: *\nDisallow: /quan-tri/\nSitemap: SITE/so-do.xml\nSitemap: http://[hong/\n",
        "/so-do.xml": _sitemap("sitemapindex", "SITE/bai.xml", "SITE/vong-1.xml", "http://[hong/a.xml"),
        "/bai.xml": _sitemap("urlset", _path(601), "http://[hong/bai.html", "http://cu.mau.test/ban-tin/bai-viet-cua-trang-cu-77.html"),
        "/moi.rss": "<?xml version='1.0'?><rss version='2.0'><channel>"
        f"<item><link>{_path(611)}?a=1&b=2</link></item>"
        f"<item><guid>SITE{_path(612)}</guid></item>"
        "<item><guid isPermaLink='false'>tin_613</guid></item></channel></rss>",
        "/": section,
        _path(301): article(_title(301), head=twins),
        _path(301).replace("ban-tin", "thoi-su"): article(_title(301), head=twins),
        _path(311): article(_title(311), head=template + adjacent),
        _path(312): article(_title(312), head=template),
        f"{many}.html": article(TEN, "Phần một của báo cáo nói về tình hình chung. " * 4, foot="<a href='?trang=2'>2</a>"),
        f"{many}.html?trang=2": article(TEN, "Phần hai nêu kết quả của từng huyện. " * 5, foot="<a href='?trang=3'>Trang sau »</a>"),
        f"{many}.html?trang=3": article(TEN, "Phần ba là phương hướng, thi hành Nghị định số 64/2007/NĐ-CP. " * 3),
        f"{broken}.html": article(FIVE, "Phần một của báo cáo. " * 9, foot="<a rel='next' href='?trang=2'>Trang sau</a>"),
        _path(501): (302, {"Location": _path(501), "Set-Cookie": "wall=1"}, b""),
        _path(502): (302, {"Location": "http://[hong/"}, b""),
        _path(503): (200, {"Content-Encoding": "exi"}, bytes(range(256)) * 4),
        _path(504): (200, {"Content-Encoding": "br"}, brotli.compress(article(_title(504)).encode())),
        _path(505): article(_title(505)),
        _path(506): article(_title(506), day="5 phút trước"),
        _path(511): (301, {"Location": f" /tin da chuyen{_path(521)}#x"}, b""),
        "/tin%20da%20chuyen" + _path(521): (200, {}, gzip.compress(article(_title(521)).encode())),  # gzip, and not announced
        _path(512): (302, {"Location": _path(513)}, b""),
        _path(513): (302, {"Location": _path(512)}, b""),
        _path(514): (302, {"Location": "/loi.html"}, b""),
    }
    pages |= {f"/vong-{number}.xml": _sitemap("sitemapindex", f"SITE/vong-{number + 1}.xml") for number in range(1, 30)}
    pages |= {f"/tin/trang-{number}.html": _list_page(number) for number in range(1, LISTS + 1)}
    for number in (*range(100, 100 + LISTS * PER_LIST), 199, 601, 612):
        pages[_path(number)] = article(_title(number))
    pages[f"{_path(611)}?a=1&b=2"] = article(_title(611))
    return pages


def _crawl(place: Place, site: Site, *arguments: str, code: int = 0, more: str = LISTINGS, **settings: Any) -> str:
    block = f'[[source]]\nid = "mau"\nname = "Sở Mẫu"\nunit = "nghe-an"\nsite = "{site.url}"\n{more}\n'
    (place.folder / "mau.toml").write_text(block, encoding="utf-8")
    given: dict[str, Any] = {"SOURCES_EXTRA": place.folder / "mau.toml", "DOWNLOAD_DELAY": 0, "DOWNLOAD_DELAY_JITTER": 0} | settings
    return place.scrapy("crawl", "mau", *arguments, code=code, **given).stdout


@pytest.fixture(scope="module")
def crawled(tmp_path_factory: pytest.TempPathFactory) -> tuple[Place, list[str], str, dict[str, int]]:
    """The first site after a crawl: the archive, the requested paths, the output of the run, and how often each path was requested."""
    place = Place(tmp_path_factory.mktemp("traps"))
    with serving_pages(_pages()) as site:
        site.cut[_path(505)] = 900
        said = _crawl(place, site)
        return place, site.paths(), said, dict(site.times)


Crawled = tuple[Place, list[str], str, dict[str, int]]


def _articles(place: Place, like: str) -> list[tuple[object, ...]]:
    return place.rows("select title, flags from articles where url like ? order by url", f"%{like}%")


def _failures(place: Place) -> list[tuple[object, ...]]:
    return place.rows("select url, stage, reason, cleared_at from failures order by url, stage, reason")


def _reasons(place: Place) -> dict[str, int]:
    return {str(reason): int(str(number)) for reason, number in place.rows("select reason, count(*) from failures group by reason")}


def test_sessions_in_urls_are_no_other_pages(crawled: Crawled) -> None:
    place, paths, _, _ = crawled
    assert len(_articles(place, "cai-cach-1")) == LISTS * PER_LIST + 1
    assert paths.count(_path(199)) == 1
    assert not [path for path in paths if "jsessionid" in path or "PHPSESSID" in path]


def test_feeds_and_sitemaps_that_are_only_announced(crawled: Crawled) -> None:
    place, *_ = crawled
    assert [len(_articles(place, f"cai-cach-{number}")) for number in (601, 611, 612)] == [1, 1, 1]


def test_ill_formed_urls_cost_one_row_each(crawled: Crawled) -> None:
    place, *_ = crawled
    rows = place.rows("select url, detail from failures where reason = 'bad-url' order by url")
    assert [str(url).partition("/")[2].partition("/")[2].partition("/")[2] for url, _ in rows] == sorted(
        ["", "bai.xml", _path(502)[1:], "robots.txt", "so-do.xml"]
    )
    assert all("[hong/" in str(detail) for _, detail in rows)
    assert "reader-fault" not in _reasons(place)


def test_endless_sitemaps_end(crawled: Crawled) -> None:
    place, paths, *_ = crawled
    assert _reasons(place)["endless-sitemap"] == 1
    assert len([path for path in paths if path.startswith("/vong-")]) <= 3
    # What is over the limit gets no row: there may be millions of such URLs.
    assert place.rows("select count(*) from discovered where kind = 'sitemap' and name like '%/vong-%'") <= [(3,)]


def test_another_host_is_named_and_not_requested(crawled: Crawled) -> None:
    place, _, said, _ = crawled
    assert place.rows("select target from failures where reason = 'other-host'") == [("cu.mau.test",)]
    assert 'hosts = ["cu.mau.test"]' in said


def test_two_urls_of_one_article_are_one_row_and_a_template_merges_nothing(crawled: Crawled) -> None:
    place, *_ = crawled
    assert len(place.rows("select 1 from articles where title = ?", _title(301))) == 1
    assert len(_articles(place, "cai-cach-31")) == 2
    assert place.rows("select count(*) from revisions") == [(0,)]


def test_an_article_on_several_pages(crawled: Crawled) -> None:
    place, _, _, times = crawled
    joined = "join articles on articles.id = article_id where url like '%-401.html'"
    [(body, flags)] = place.rows(f"select body, flags from article_text {joined}")
    assert [part in str(body) for part in ("Phần một", "Phần hai", "Phần ba")] == [True] * 3 and flags is None
    assert place.rows(f"select distinct number from citations {joined}") == [("64/2007/NĐ-CP",)]
    assert _articles(place, "-402") == [(FIVE, "pages-missing")]
    assert len(_articles(place, "bai-dai")) == 2 and times[_path(312)] == 1


def test_redirects_of_articles_without_an_id(crawled: Crawled) -> None:
    place, *_ = crawled
    assert _articles(place, "cai-cach-521") == [(_title(521), None)]
    sql = "select reason from failures where url like ? or url like ? order by reason"
    assert place.rows(sql, f"%{_path(512)}", f"%{_path(513)}") == [("redirect-loop",)]
    assert place.rows("select reason from failures where url like ?", f"%{_path(514)}") == [("soft-404",)]


def test_what_cannot_be_had_is_a_row(crawled: Crawled) -> None:
    place, *_ = crawled
    reasons = _reasons(place)
    assert [reasons[name] for name in ("cookie-wall", "bad-encoding", "postback-pager")] == [1, 1, 1]
    assert _articles(place, "cai-cach-504") == [(_title(504), None)]


def test_a_page_whose_end_is_missing(crawled: Crawled) -> None:
    place, _, _, times = crawled
    assert _articles(place, "cai-cach-505") == [(_title(505), "truncated")]
    assert place.rows("select reason, cleared_at from failures where url like ?", f"%{_path(505)}") == [("truncated", None)]
    assert times[_path(505)] == 3


def test_reading_again_gives_the_same_rows(crawled: Crawled) -> None:
    place, *_ = crawled
    before, failed = place.tables(), _failures(place)
    place.scrapy("reparse", "mau", "--write", code=1, SOURCES_EXTRA=place.folder / "mau.toml")  # one encoding cannot be undone
    after = place.tables()
    for table in ("articles", "article_text", "citations", "revisions"):
        assert after[table] == before[table], table
    assert _failures(place) == failed


# --- again -----------------------------------------------------------------------------------------


def test_daily_runs(place: Place) -> None:
    """A run costs one request per list if nothing is new."""
    pages = _pages() | {"/": listing(*(_item(301 + number) for number in range(3)))}
    pages |= {_path(301 + number): article(_title(301 + number)) for number in range(3)}
    pages[_path(302)] = (200, {"ETag": '"v1"'}, article(_title(302)).encode())
    pages[_path(303)] = article(_title(303), day="5 phút trước")
    with serving_pages(pages) as site:
        site.pages["/tin/trang-1.html"][1]["Last-Modified"] = "Mon, 14 May 2012 02:15:00 GMT"
        site.rules[_path(104)] = lambda before: (500, {}, b"") if before == 0 else None
        _crawl(place, site, RETRY_TIMES=0)
        dates = place.rows("select url, published_at from articles order by url")

        # everything twice again: pages whose validators proved reliable are not sent if unchanged, and nothing becomes a revision
        _crawl(place, site, "-a", "again=yes")
        assert not site.unmodified
        site.requests.clear()
        assert "0 changed" in _crawl(place, site, "-a", "again=yes")
        assert site.unmodified == {_path(302): 1, "/tin/trang-1.html": 1}
        assert len([path for path in site.paths() if path.startswith("/tin/")]) == LISTS
        assert place.rows("select count(*) from revisions") == [(0,)]
        after = dict(place.rows("select url, published_at from articles"))
        assert all(after[url] == date for url, date in dates) and len(after) == len(dates) + 1
        assert [outcome for (outcome,) in place.rows("select outcome from captures where status = 304")] == ["not-modified"] * 2

        # nothing new: one request per list
        site.requests.clear()
        _crawl(place, site, "-a", "again=no")
        assert [path for path in site.paths() if not path.endswith((".xml", ".rss", ".txt"))] == ["/", "/tin/trang-1.html"]

        # the run after an interrupted one goes on with the list, to the first page that shows nothing new
        site.pages["/tin/trang-1.html"] = (
            200,
            {},
            listing(_item(901), foot="<div class='pagination'><a href='/tin/trang-2.html'>2</a></div>").encode(),
        )
        site.pages[_path(901)] = site.pages[_path(100)]
        _crawl(place, site, "-a", "again=no", code=1, CLOSESPIDER_PAGECOUNT=3)
        site.requests.clear()
        _crawl(place, site, "-a", "again=no")
        assert [path for path in site.paths() if path.startswith("/tin/")] == ["/tin/trang-1.html", "/tin/trang-2.html"]
        assert len(_articles(place, "cai-cach-901")) == 1


# --- polite ----------------------------------------------------------------------------------------


def _small(**more: str | tuple[int, dict[str, str], bytes]) -> dict[str, str | tuple[int, dict[str, str], bytes]]:
    """Returns a home page with 12 articles, and the articles."""
    pages: dict[str, str | tuple[int, dict[str, str], bytes]] = {"/": listing(*(_item(700 + number) for number in range(12)))}
    return pages | {_path(700 + number): article(_title(700 + number)) for number in range(12)} | more


@pytest.mark.parametrize("rule", ["Crawl-delay: 0.15", pytest.param("Request-rate: 20/3", marks=pytest.mark.gate)])
def test_no_gap_is_shorter_than_robots_txt_requires(place: Place, rule: str) -> None:
    with serving_pages(_small(**{"/robots.txt": f"User-agent: *\n{rule}\n"})) as site:
        _crawl(place, site, more="")
        times = [moment for moment, *_ in site.requests]
    assert len(times) == 15  # with robots.txt, the list and the usual sitemap
    # The pause begins after the response, so a busy machine can only lengthen a gap.
    assert min(later - earlier for earlier, later in pairwise(times)) >= 0.15


def test_a_host_that_asks_for_a_day_is_left_at_once(place: Place) -> None:
    with serving_pages(_small(**{_path(702): (429, {"Retry-After": "86400"}, b"")})) as site:
        said = _crawl(place, site, more="", code=1)
        assert site.paths() == ["/robots.txt", "/", _path(700), _path(701), _path(702)]
    assert "86400 s" in said and "9 requests were not sent" in said
    assert place.rows("select outcome, complete from runs") == [("rate-limited", 0)]


def test_pages_that_always_refuse_cost_one_short_wait_each_and_few_of_them(place: Place) -> None:
    refusing = [_path(700 + number) for number in range(0, 12, 2)]
    with serving_pages(_small(**{path: (429, {}, b"") for path in refusing})) as site:
        _crawl(place, site, more="", RETRY_AFTER_DEFAULT=0.05, RETRY_AFTER_TIMES=3)
        assert [site.times[path] for path in refusing] == [2, 2, 2, 1, 1, 1]
    assert place.rows("select count(*) from articles") == [(6,)]
    assert _reasons(place) == {"rate-limited": 6}


def test_a_host_that_refuses_everything_is_left(place: Place) -> None:
    with serving_pages(_small(**{_path(700 + number): (503, {}, b"") for number in range(12)})) as site:
        _crawl(place, site, more="", code=1, RETRY_AFTER_DEFAULT=0.02, RETRY_AFTER_REFUSALS=4)
        assert len(site.requests) == 2 + 5
