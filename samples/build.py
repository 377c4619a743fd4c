"""Builds sample.warc.gz and truth.jsonl from articles/*.toml and templates/*.html.

    python samples/build.py

The collection was written by this project. Its sites never existed. Their markup is that of the platforms, so the same code crawls, parses
and cites the sample as a real site. The same input gives the same bytes.
"""

from __future__ import annotations

import io
import json
import re
import tomllib
import unicodedata
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from scraper.text import fold

HERE = Path(__file__).resolve().parent
RECORDED_AT = "2026-11-01T00:00:00Z"
WEEKDAYS = ("Thứ hai", "Thứ ba", "Thứ tư", "Thứ năm", "Thứ sáu", "Thứ bảy", "Chủ nhật")
_MARK = re.compile(r"\{([^{}|]+)\|([^{}]*)\}")
_HEADLINE = re.compile(r"(?:\([^()]+\) - )?\* (.+)")  # of a story, perhaps after a dateline
_STANDARD = re.compile(r"(?:TCVN|QCVN|ISO|IEC)\b")
_PER_PAGE = 8
_TEMPLATES = Environment(
    loader=FileSystemLoader(HERE / "templates"), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
)


@dataclass(frozen=True)
class Answer:
    """The response of a host for one URL."""

    url: str
    body: bytes
    content_type: str = "text/html; charset=utf-8"
    status: str = "200 OK"
    location: str | None = None


@dataclass(frozen=True)
class Site:
    """A site that never existed: its host, the templates of its platform, and its articles."""

    id: str
    origin: str
    name: str

    def articles(self) -> list[dict[str, Any]]:
        """Returns the articles as written, newest first, with the values that every template needs."""
        with (HERE / "articles" / f"{self.id}.toml").open("rb") as file:
            written = tomllib.load(file)["article"]
        return sorted((self._complete(article) for article in written), key=lambda article: article["at"], reverse=True)

    def _complete(self, article: dict[str, Any]) -> dict[str, Any]:
        at = datetime.fromisoformat(article["date"])
        article |= {"at": at, "slug": slug(article["title"]), "day": f"{at:%d/%m/%Y}", "weekday": WEEKDAYS[at.weekday()]}
        article["paragraphs"] = [_MARK.sub(r"\1", part.strip()) for part in article["text"].strip().split("\n\n") if part.strip()]
        article = {"summary": None, "author": None, "tags": [], "attachments": [], "shown_path": None} | article
        article["path"] = PATHS[self.id](article)
        article["url"] = self.origin + article["path"]
        article["html"] = body_html(article)
        return article


def slug(text: str) -> str:
    """Returns a title as these sites write it in URLs."""
    return re.sub(r"[^a-z0-9]+", "-", fold(text)).strip("-")


def _camel(text: str) -> str:
    return slug(text).capitalize()


PATHS = {
    "mic": lambda a: f"/mic_2020/Pages/TinTuc/{a['id']}/{_camel(a['title'])}.html",
    "mst": lambda a: f"/{a['slug']}-{a['id']}.htm",
    "ha-noi": lambda a: f"/vi/tin-tuc-su-kien/-/view_content/{a['id']}-{a['slug']}.html",
    "nghe-an": lambda a: f"/{slug(a['section'])}/{a['slug']}-{a['id']}.html",
}

SITES = (
    Site("mic", "https://mic.sample.test", "Bộ Thông tin và Truyền thông (trang mẫu)"),
    Site("mst", "https://mst.sample.test", "Bộ Khoa học và Công nghệ (trang mẫu)"),
    Site("nghe-an", "https://sotttt.sample.test", "Sở Thông tin và Truyền thông Nghệ An (trang mẫu)"),
    Site("ha-noi", "https://sotttt-hn.sample.test", "Sở Thông tin và Truyền thông Hà Nội (trang mẫu)"),
)


def body_html(article: dict[str, Any]) -> Markup:
    """Returns the text as an editor would have left it: plain, pasted from Word, with no-break spaces, or decomposed."""
    paragraphs = []
    for text in article["paragraphs"]:
        words = escape(text)
        if article.get("nbsp"):
            words = Markup(re.sub(r"(?<=số) (?=\d)|(?<=ngày) (?=\d)", "&nbsp;", words))
        if article.get("decomposed"):
            words = Markup(unicodedata.normalize("NFD", words))
        if article.get("word"):
            # Word splits a word or a number into several spans, with line breaks in the source.
            words = Markup(re.sub(r"/(?=[A-ZĐ]{2})", '/</span><span lang="VI" style="font-size:14.0pt">', words))
            open_p = Markup('<p class="MsoNormal" style="text-align: justify;"><span lang="VI" style="font-size:14.0pt;font-family:Arial">')
            paragraphs.append(open_p + words + Markup("<o:p></o:p></span></p>"))
        elif text.startswith("* "):
            paragraphs.append(Markup("<p><strong>{}</strong></p>").format(words))
        else:
            paragraphs.append(Markup("<p>{}</p>").format(words))
    if rows := article.get("table"):
        cells = Markup("").join(
            Markup("<tr>{}</tr>").format(Markup("").join(Markup("<td>{}</td>").format(cell) for cell in row)) for row in rows
        )
        paragraphs.append(Markup('<table border="1"><tbody>{}</tbody></table>').format(cells))
    if box := article.get("box"):
        paragraphs.append(Markup('<p class="danhgia">{}</p>').format(box))  # a rating box inside the element of the text
    return Markup("\n").join(paragraphs)


def page(template: str, site: Site, **values: object) -> bytes:
    """Returns a page of a site."""
    return _TEMPLATES.get_template(template).render(site=site, origin=site.origin, **values).encode()


def pages_of(articles: list[dict[str, Any]]) -> list[list[dict[str, Any]]]:
    """Returns the articles of each page of a list."""
    return [articles[start : start + _PER_PAGE] for start in range(0, len(articles), _PER_PAGE)]


def robots(site: Site, lines: str) -> Answer:
    """Returns robots.txt."""
    return Answer(f"{site.origin}/robots.txt", f"# Self-written sample\nUser-agent: *\n{lines}".encode(), "text/plain; charset=utf-8")


def mic(site: Site) -> Iterator[Answer]:
    """SharePoint: sections with page numbers in the path."""
    articles = site.articles()
    sections = {name: 1747 + number for number, name in enumerate(dict.fromkeys(article["section"] for article in articles))}
    links = [(name, f"/mic_2020/Pages/ChuyenMuc/PhanTrang/{number}/1/{_camel(name)}.html") for name, number in sections.items()]
    yield robots(site, "Disallow: /_layouts/\n")
    yield Answer(site.origin + "/", page("mic-listing.html", site, name="Trang chủ", links=links, articles=articles[:3], pager=[]))
    for name, number in sections.items():
        parts = pages_of([article for article in articles if article["section"] == name])
        pager = [(at, f"/mic_2020/Pages/ChuyenMuc/PhanTrang/{number}/{at}/{_camel(name)}.html") for at in range(1, len(parts) + 1)]
        for (_, path), part in zip(pager, parts, strict=True):
            yield Answer(site.origin + path, page("mic-listing.html", site, name=name, links=links, articles=part, pager=pager))
    for article in articles:
        yield Answer(article["url"], page("mic-article.html", site, links=links, article=article))


def mst(site: Site) -> Iterator[Answer]:
    """VCCorp IMS: sections whose further articles come as fragments; a sitemap; a feed."""
    articles = site.articles()
    sections = list(dict.fromkeys((article["section"], article["slug_section"]) for article in articles))
    yield robots(site, f"Disallow: /search/\nSitemap: {site.origin}/sitemap.xml\n")
    xml = "text/xml; charset=utf-8"
    yield Answer(f"{site.origin}/sitemap.xml", page("sitemap.xml", site, articles=articles[:4]), xml)
    yield Answer(f"{site.origin}/rss/home.rss", page("feed.xml", site, articles=articles[:3]), xml)
    yield Answer(site.origin + "/", page("mst-listing.html", site, name="Trang chủ", zone=0, sections=sections, articles=articles[:2]))
    for zone, (name, path) in enumerate(sections, 197001):
        mine = [article for article in articles if article["section"] == name]
        yield Answer(
            f"{site.origin}/{path}.htm", page("mst-listing.html", site, name=name, zone=zone, sections=sections, articles=mine[:3])
        )
        yield Answer(f"{site.origin}/timelinelist/{zone}/2.htm", page("mst-items.html", site, articles=mine[3:]))
        yield Answer(f"{site.origin}/timelinelist/{zone}/3.htm", page("mst-items.html", site, articles=[]))
    for article in articles:
        yield Answer(article["url"], page("mst-article.html", site, sections=sections, article=article))


def nghe_an(site: Site) -> Iterator[Answer]:
    """NukeViet: a sitemap; categories with a pager; one article in two categories; one that points to another site; one that is gone."""
    articles = site.articles()
    names = list(dict.fromkeys(name for article in articles for name in (article["section"], *article.get("also_in", ()))))
    sections = [(name, f"/{slug(name)}/") for name in names]
    yield robots(site, f"Disallow: /users/\nDisallow: /admin/\nSitemap: {site.origin}/sitemap.xml\n")
    xml = "text/xml; charset=utf-8"
    yield Answer(f"{site.origin}/sitemap.xml", page("sitemap-index.xml", site), xml)
    yield Answer(f"{site.origin}/sitemap-vi.news.xml", page("sitemap.xml", site, articles=articles[:10]), xml)
    gone = f"{site.origin}/tin-hoat-dong/tin-da-go-bo-9.html"
    yield Answer(
        site.origin + "/",
        page("nukeviet-listing.html", site, name="Trang chủ", path="/", sections=sections, articles=articles[:5], gone=gone, at=1, last=1),
    )
    for name, path in sections:
        parts = pages_of(
            [a | {"shown_path": path + a["path"].split("/")[-1]} for a in articles if name in (a["section"], *a.get("also_in", ()))]
        )
        for at, part in enumerate(parts, 1):
            address = site.origin + path + (f"page-{at}/" if at > 1 else "")
            values: dict[str, Any] = {"name": name, "path": path, "sections": sections, "articles": part, "gone": None}
            yield Answer(address, page("nukeviet-listing.html", site, at=at, last=len(parts), **values))
    for article in articles:
        paths = [article["path"]] + [f"/{slug(name)}/{article['path'].split('/')[-1]}" for name in article.get("also_in", ())]
        for path in paths:
            if "external" in article:
                yield Answer(site.origin + path, b"", status="302 Found", location=article["external"])
            else:
                yield Answer(site.origin + path, page("nukeviet-article.html", site, sections=sections, article=article))
    yield Answer(gone, page("nukeviet-404.html", site, sections=sections))  # status 200: a soft 404


def ha_noi(site: Site) -> Iterator[Answer]:
    """Liferay 6.2: an asset publisher with a drop-down of pages, and print copies beside each article."""
    articles = site.articles()
    yield robots(site, "Disallow: /c/\n")
    parts = pages_of(articles)
    pager = [
        f"{site.origin}/vi/tin-tuc-su-kien?p_p_id=101&p_p_lifecycle=0&p_p_state=normal&_101_delta={_PER_PAGE}&_101_cur={at}"
        for at in range(1, len(parts) + 1)
    ]
    yield Answer(site.origin + "/", page("liferay-listing.html", site, articles=articles[:3], pager=[]))
    yield Answer(f"{site.origin}/vi/tin-tuc-su-kien", page("liferay-listing.html", site, articles=parts[0], pager=pager))
    for address, part in zip(pager[1:], parts[1:], strict=True):
        yield Answer(address, page("liferay-listing.html", site, articles=part, pager=pager))
    for article in articles:
        yield Answer(article["url"], page("liferay-article.html", site, article=article))


BUILDERS = {"mic": mic, "mst": mst, "nghe-an": nghe_an, "ha-noi": ha_noi}


def truth(site: Site, article: dict[str, Any]) -> dict[str, Any]:
    """Returns the values that parsing the article must give."""
    marked = _MARK.findall(article["text"])
    numbers = [number for _, number in marked if number] + article.get("table_cites", [])
    paragraphs = article["paragraphs"] + [" ".join(row) for row in article.get("table", [])]
    return {
        "source": f"sample-{site.id}",
        "url": article["path"],
        "absolute_url": article["url"],
        "id": article["id"],
        "title": article["title"],
        "hometext": article["summary"],
        "category": article["section"],
        "other_categories": article.get("also_in", []),
        "published": article["at"].isoformat(timespec="minutes") + "+07:00",
        "author": article.get("author"),
        "tags": article.get("tags", []),
        "attachments": article.get("attachments", []),
        "body_paragraphs": paragraphs,
        "stories": [{"title": found[1]} for text in article["paragraphs"] if (found := _HEADLINE.match(text))],
        "citations": [
            {"number_canonical": number, "kind": "standard" if _STANDARD.match(number) else "full"} for number in dict.fromkeys(numbers)
        ],
        "title_citations": [{"number_canonical": number} for number in article.get("title_cites", [])],
        "hometext_citations": [{"number_canonical": number} for number in article.get("summary_cites", [])],
        "external_link": article.get("external"),
    }


def warc(answers: list[Answer]) -> bytes:
    """Returns the responses as WARC 1.1, gzipped record by record."""
    buffer = io.BytesIO()
    writer = WARCWriter(buffer, gzip=True, warc_version="1.1")
    for answer in answers:
        headers = [("Content-Type", answer.content_type), ("Content-Length", str(len(answer.body)))]
        if answer.location:
            headers.append(("Location", answer.location))
        name = uuid.uuid5(uuid.NAMESPACE_URL, answer.url)
        record = writer.create_warc_record(
            answer.url,
            "response",
            payload=io.BytesIO(answer.body),
            http_headers=StatusAndHeaders(answer.status, headers, protocol="HTTP/1.1"),
            warc_headers_dict={"WARC-Date": RECORDED_AT, "WARC-Record-ID": f"<urn:uuid:{name}>"},
        )
        writer.write_record(record)
    return buffer.getvalue()


def build() -> tuple[bytes, str]:
    """Returns the recording, and the correct values as JSON lines."""
    answers = [answer for site in SITES for answer in BUILDERS[site.id](site)]
    urls = [answer.url for answer in answers]
    if len(set(urls)) != len(urls):
        raise ValueError(f"a URL occurs twice: {sorted({url for url in urls if urls.count(url) > 1})}")
    lines = [json.dumps(truth(site, article), ensure_ascii=False) for site in SITES for article in site.articles()]
    return warc(answers), "\n".join(lines) + "\n"


def main() -> None:
    """Writes both files."""
    recording, lines = build()
    (HERE / "sample.warc.gz").write_bytes(recording)
    (HERE / "truth.jsonl").write_text(lines, encoding="utf-8")
    print(f"sample.warc.gz: {len(recording):,} bytes; truth.jsonl: {lines.count(chr(10))} articles")


if __name__ == "__main__":
    main()
