"""A source that is a part of a host: crawling keeps to its path, and the rest of the host belongs to other sources."""

from __future__ import annotations

from pathlib import Path

import pytest

from scraper.sources import SourceError, is_inside, load
from tests.conftest import Place
from tests.server import Answer, article, listing, serving_pages

PART = '[[source]]\nid = "part"\nname = "Sở TT&TT"\nunit = "lam-dong"\nsite = "{site}"\nunder = "/sites/stttt"\n'
PORTAL = '[[source]]\nid = "portal"\nname = "Cổng TTĐT"\nunit = "lam-dong"\nsite = "{site}"\n'

NEWS = "/sites/stttt/tin/hoi-nghi-{}-ve-chuyen-doi-so-{}.html"
OTHER = "/tin/ky-hop-cua-tinh-{}-ve-ngan-sach-{}.html"


def _site() -> dict[str, str | Answer]:
    mine = [(NEWS.format(number, number), f"Hội nghị {number} về chuyển đổi số của tỉnh") for number in range(1, 6)]
    others = [(OTHER.format(number, number), f"Kỳ họp {number} của tỉnh về ngân sách năm") for number in range(1, 6)]
    moved = ("/sites/stttt/tin/bai-da-chuyen-di-noi-khac-99.html", "Bài đã chuyển đi nơi khác của trang")
    locations = "".join(f"<url><loc>SITE{url}</loc></url>" for url, _ in [*mine, *others])
    return {
        "/robots.txt": "User-agent: *\nDisallow: /quan-tri/\nSitemap: SITE/sitemap.xml\n",
        "/sitemap.xml": f"<?xml version='1.0'?><urlset xmlns='http://www.sitemaps.org/schemas/sitemap/0.9'>{locations}</urlset>",
        "/": listing(*others, (mine[0][0], mine[0][1])),
        "/sites/stttt/": listing(*mine[:3], moved, *others[:2], foot="<a rel='next' href='/sites/stttt/?page=2'>Trang sau</a>"),
        "/sites/stttt/?page=2": listing(*mine[3:], others[2]),
        moved[0]: (302, {"Location": OTHER.format(1, 1)}, b""),
        **{url: article(title) for url, title in [*mine, *others]},
    }


def test_a_part_and_the_portal_of_its_host_share_no_page(place: Place) -> None:
    with serving_pages(_site()) as site:
        path = place.folder / "mine.toml"
        path.write_text((PART + PORTAL).format(site=site.url), encoding="utf-8")
        output = place.scrapy("crawl", "part", SOURCES_EXTRA=path, DOWNLOAD_DELAY=0).stdout
        of_part = set(site.paths())
        site.requests.clear()
        place.scrapy("crawl", "portal", SOURCES_EXTRA=path, DOWNLOAD_DELAY=0)
        of_portal = set(site.paths())
    assert {path for path in of_part if not path.startswith("/sites/stttt/")} == {"/robots.txt", "/sitemap.xml"}
    assert {NEWS.format(number, number) for number in range(1, 6)} < of_part
    assert "other-part" in output
    assert place.rows("select detail from failures where reason = 'other-part'") == [
        (f"status 302: leads to {site.url}{OTHER.format(1, 1)}",)
    ]
    assert not [path for path in of_portal if path.startswith("/sites/")]
    assert place.rows("select source_id, count(*) from articles group by 1 order by 1") == [("part", 5), ("portal", 5)]


def _two(tmp_path: Path, one: str, other: str) -> Path:
    path = tmp_path / "two.toml"
    block = '[[source]]\nid = "{}"\nname = "Hai nguồn"\nunit = "lam-dong"\nsite = "https://x.example.test"\n{}\n'
    path.write_text(block.format("one", one) + block.format("other", other), encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("", ""),
        ('valid = ["2008-03-01", "2025-02-28"]', 'valid = ["2025-02-28"]'),  # both own the last day
        ('valid = ["2008-03-01", ""]', 'valid = ["", "2008-03-01"]'),
        ('under = "/stttt"', 'under = "/STTTT/"'),
        ('hosts = ["www.y.example.test"]', 'hosts = ["y.example.test"]\nunder = "/"'),
    ],
)
def test_two_sources_of_the_same_pages_are_refused(tmp_path: Path, one: str, other: str) -> None:
    with pytest.raises(SourceError) as caught:
        load([_two(tmp_path, one, other)])
    message = str(caught.value)
    assert {"one", "other"} < set(load([_two(tmp_path, one, other)], live=False))  # recordings answer, so nothing is requested twice
    assert "block 2 (other)" in message and "block 1 (one)" in message and "two.toml" in message and 'under = "' in message


@pytest.mark.parametrize(
    ("one", "other", "parts"),
    [
        ('valid = ["2008-03-01", "2025-02-28"]', 'valid = ["2025-03-01"]', ()),
        ('under = "/stttt/"', 'under = "/skhcn/"', ()),
        ("", 'under = "/skhcn/"', ("/skhcn/",)),
        ('valid = ["", "2024-12-31"]', 'under = "/skhcn/"\nvalid = ["2025-01-01", ""]', ()),
    ],
)
def test_sources_of_one_host_without_a_page_in_common(tmp_path: Path, one: str, other: str, parts: tuple[str, ...]) -> None:
    assert load([_two(tmp_path, one, other)])["one"].other_parts == parts


@pytest.mark.parametrize(
    ("url", "inside"),
    [
        ("https://x.example.test/sites/STTTT/Pages/tin.aspx", True),
        ("https://x.example.test/sites/stttt", True),
        ("https://x.example.test/sites/stttt?ItemID=5", True),
        ("https://x.example.test/sites/stttt-cu/tin.aspx", False),
        ("https://x.example.test/sites/stttt/../skhcn/tin.aspx", False),
        ("https://x.example.test/sites/stttt/%2e%2e/skhcn/tin.aspx", False),
        ("https://x.example.test/?next=/sites/stttt/", False),
        ("https://x.example.test/sites/stttt/attt/tin.aspx", False),  # a part that is a source of its own
    ],
)
def test_what_is_under_a_path(tmp_path: Path, url: str, inside: bool) -> None:
    sources = load([_two(tmp_path, 'under = "/sites/stttt/"', 'under = "/sites/stttt/attt/"')])
    assert is_inside(sources["one"], url) is inside
