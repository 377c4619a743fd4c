"""Each page is in one language: Vietnamese at /..., English at /en/... ."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import pytest
from babel.messages.extract import extract_from_file
from babel.messages.pofile import read_po
from selectolax.lexbor import LexborHTMLParser

from scraper.reference import rows
from scraper.text import fold
from scraper.web.languages import LANGUAGES
from scraper.web.metadata_texts import in_language
from tests.conftest import PROJECT, Place
from tests.described import metadata
from tests.web.site_pages import VALUES, every_page
from tests.web.test_datasette import Get, served

CATALOGUE = PROJECT / "scraper/web/locale/vi/LC_MESSAGES/messages.po"
METADATA = metadata()


@pytest.fixture(scope="module")
def get(sample: Place, tmp_path_factory: pytest.TempPathFactory) -> Get:
    return served(sample.archive, tmp_path_factory.mktemp("languages"))


def _links(page: str) -> set[str]:
    """Returns the links and form actions of a page, but not those to the same page in the other language, nor to static files."""
    body = re.sub(r'<ul class="languages">.*?</ul>', "", page[page.index("<body") :], flags=re.DOTALL)
    found = {link.replace("&amp;", "&") for link in re.findall(r'(?:href|action)="([^"]+)"', body)}
    return {
        link for link in found if not link.startswith(("/-/static", "#", "http://", "https://")) or link.startswith("http://localhost/")
    }


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/archive",
        "/archive/articles?_size=2&_facet=section&source_id__contains=sample",
        "/archive/articles?_search=nghe+an&_sort=id",
        "/archive/articles/1",
        "/archive/sources/sample-nghe-an",
        "/archive/captures/1",
        "/archive?sql=select+1&_hide_sql=1",
        "/archive/search?q=nghe+an",
        "/-/gaps",
        "/-/lives",
        "/-/health",
    ],
)
def test_links_keep_the_language(get: Get, path: str) -> None:
    vietnamese, english = get(path).text, get(f"/en{path}").text
    assert '<html lang="vi">' in vietnamese and '<html lang="en">' in english
    links = _links(english)
    assert links and {link for link in links if not re.match(r"(http://localhost)?/en(/|$)", link)} == set()
    assert {link for link in _links(vietnamese) if re.match(r"(http://localhost)?/en(/|$)", link)} == set()
    # The switch keeps the page and its query string.
    assert f'<a href="/en{path.replace("&", "&amp;")}" lang="en"' in vietnamese
    assert f'<a href="{path.replace("&", "&amp;")}" lang="vi"' in english


@pytest.mark.parametrize("path", ["/archive/", "/archive/articles?_filter_column=id&_filter_op=exact&_filter_value=1"])
def test_redirects_keep_the_language(get: Get, path: str) -> None:
    assert get(f"/en{path}", 302).headers["location"].startswith("/en/archive")
    assert get(path, 302).headers["location"].startswith("/archive")


@pytest.mark.parametrize(
    ("path", "vietnamese", "english"),
    [
        ("/archive/nothing", "Không có bảng hay câu hỏi nào tên như vậy.", "There is no table and no question of this name."),
        ("/archive/articles?_sort=nothing", "Không xếp được bảng theo nothing.", "The table cannot be sorted by nothing."),
        ("/archive/articles.nothing", "Không có tệp nào có đuôi này", "There is no file with this ending"),
    ],
)
def test_an_error_says_in_the_language_what_is_wrong(get: Get, path: str, vietnamese: str, english: str) -> None:
    status = 400 if "_sort" in path else 404
    assert f'<p class="message-error">{vietnamese}</p>' in get(path, status).text
    assert f'<p class="message-error">{english}</p>' in get(f"/en{path}", status).text


def test_what_only_sqlite_says_is_marked_as_english(get: Get) -> None:
    page = get("/archive/articles?_where=nothing", 400).text
    assert '<code lang="en">near &#34;nothing&#34;: syntax error</code>' in page
    assert "<code" not in get("/en/archive/articles?_where=nothing", 400).text


def test_errors_are_in_the_language(get: Get) -> None:
    assert '<html lang="en">' in get("/en/archive/nothing", 404).text
    assert '<html lang="vi">' in get("/archive/nothing", 404).text
    assert '<html lang="vi">' in get("/fr/archive", 404).text


def test_every_text_of_the_catalogue_is_translated() -> None:
    with CATALOGUE.open("rb") as file:
        catalogue = read_po(file, locale="vi")
    assert [message.id for message in catalogue if message.id and (not message.string or message.fuzzy)] == []
    # Two branches that add the same text are merged without a conflict: their translations must be the same.
    pairs = re.findall(r'^msgid "(.+)"\nmsgstr "(.+)"$', CATALOGUE.read_text(encoding="utf-8"), flags=re.MULTILINE)
    assert len(dict(pairs)) == len(set(pairs))


def _texts(metadata: Mapping[str, Any], under: str = "") -> dict[str, str]:
    found: dict[str, str] = {}
    for key, value in metadata.items():
        if isinstance(value, Mapping):
            found |= _texts(value, f"{under}/{key}")
        elif isinstance(value, str) and (key in ("title", "description", "license", "empty") or under.endswith("/columns")):
            found[f"{under}/{key}"] = value
    return found


def test_the_texts_of_the_metadata_have_two_halves() -> None:
    both = _texts(METADATA)
    assert len(both) > 300
    halves = {language: _texts(in_language(METADATA, language)) for language in LANGUAGES}
    for key, text in both.items():
        separator = " · " if key.endswith("/title") and not key.endswith("/columns/title") else " / "
        assert text.count(separator) == 1, key
        assert separator.join(halves[code][key] for code in ("en", "vi")) == text.strip(), key


def test_the_metadata_of_a_page_are_in_its_language(get: Get) -> None:
    vietnamese, english = get("/archive/articles").text, get("/en/archive/articles").text
    assert "<h1>Bài viết</h1>" in vietnamese and "<h1>Articles</h1>" in english
    assert "Số thứ tự của bài trong kho." in vietnamese and "Number of the article in this archive." not in vietnamese
    assert "Number of the article in this archive." in english and "Số thứ tự" not in english
    reasons = [get(f"{start}/archive/open_failures.json", _shape="array").json()[0]["meaning"] for start in ("", "/en")]
    assert reasons[0] != reasons[1] and "·" not in "".join(reasons)


def test_the_language_of_a_proxied_server(sample: Place, tmp_path: Path) -> None:
    get = served(sample.archive, tmp_path, base_url="/news/")
    page = get("/en/archive/articles").text
    assert 'href="/news/en/archive/articles/1"' in page and 'href="/news/en/archive/units/' in page
    assert 'href="/news/-/static/app.css' in page and 'href="/news/archive/articles" lang="vi"' in page


def _used_texts() -> dict[str, str]:
    """Returns the texts of the templates and modules: English text → the file in which it is."""
    found: dict[str, str] = {}
    for path in sorted((PROJECT / "scraper/web").rglob("*")):
        if path.suffix not in (".html", ".py"):
            continue
        method = "python" if path.suffix == ".py" else "jinja2.ext:babel_extract"
        options = {} if path.suffix == ".py" else {"extensions": "jinja2.ext.i18n", "trimmed": "true", "silent": "false"}
        for _, message, *_ in extract_from_file(method, path, options=options, keywords={"_": None, "gettext": None, "ngettext": (1, 2)}):
            found[message if isinstance(message, str) else message[0]] = path.name
    return found


def test_every_text_of_the_pages_has_a_translation() -> None:
    with CATALOGUE.open("rb") as file:
        translated = {message.id if isinstance(message.id, str) else message.id[0] for message in read_po(file, locale="vi") if message.id}
    used = _used_texts()
    assert len(used) > 200
    assert {text: name for text, name in used.items() if text not in translated} == {}
    assert translated - set(used) == set()  # and no translation is left of a text that is gone


def test_every_column_has_a_name_in_both_languages(get: Get) -> None:
    names = {row["column"]: row for row in rows("column_names")}
    assert all(row["name_en"] and row["name_vi"] for row in names.values())
    archive = METADATA["databases"]["archive"]
    columns = {column for table in archive["tables"].values() for column in table.get("columns", {})}
    columns |= {parameter for query in archive["queries"].values() for parameter in query.get("params", ())}
    for name, query in archive["queries"].items():
        columns |= set(get(f"/archive/{name}.json", **{one: VALUES[one] for one in query.get("params", ())}).json()["columns"])
    assert columns - set(names) == set()


def _shown(page: str) -> list[str]:
    """Returns the texts of a page that people see or hear. Code and SQL are the same in both languages, and what is marked as being in the
    other language is data.
    """
    tree = LexborHTMLParser(page)
    other = "vi" if '<html lang="en">' in page else "en"
    for node in tree.css(f"script, style, pre, code, textarea, .languages, [lang={other}]"):
        node.decompose()
    attributes = [
        node.attributes.get(name) or "" for name in ("title", "aria-label", "placeholder", "alt") for node in tree.css(f"[{name}]")
    ]
    attributes += [node.attributes.get("value") or "" for node in tree.css("input[type=submit]")]
    assert tree.root is not None
    texts = [node.text(deep=False) for node in tree.root.traverse(include_text=True) if node.tag == "-text"]
    return [found for text in (*texts, *attributes) if (found := " ".join(text.split()))]


def _foreign(shown: list[str], texts: Iterable[str], names: Iterable[str]) -> set[str]:
    """Returns those of some texts and names that a page shows: each as a whole; a text of several words also inside another."""
    whole, everything = set(shown), "\n".join(shown)
    inside = {text for text in texts if " " in text and len(text) > 11 and text in everything}
    return inside | (whole & {*texts, *names})


def _some(paths: Mapping[str, int]) -> list[Any]:
    """Returns all pages, and every third of them for the suite."""
    return [
        pytest.param(path, status, marks=() if number % 3 == 0 or status != 200 else pytest.mark.gate)
        for number, (path, status) in enumerate(paths.items())
        if path != "/-/copies"  # which the settings of these tests do not offer
    ]


@pytest.mark.parametrize(("path", "status"), _some(every_page()))
def test_a_page_has_no_words_of_the_other_language(get: Get, path: str, status: int) -> None:
    with CATALOGUE.open("rb") as file:
        pairs = [
            (message.id, message.string)
            for message in read_po(file, locale="vi")
            if isinstance(message.id, str) and message.id and isinstance(message.string, str)
        ]
    # The name of a file format or of a thing may be the same in both.
    pairs = [(english, vietnamese) for english, vietnamese in pairs if english != vietnamese and "%" not in english and "<" not in english]
    names = [(row["name_en"], row["name_vi"]) for row in (*rows("column_names"), *rows("labels")) if row["name_en"] != row["name_vi"]]
    both = [*pairs, *names]
    for start, language, other in (("", 1, 0), ("/en", 0, 1)):
        own = {one[language] for one in both}
        texts, short = ({one[other] for one in many} - own for many in (pairs, names))
        assert _foreign(_shown(get(f"{start}{path.partition('#')[0]}", status).text), texts, short) == set(), start


def test_a_description_names_the_columns_as_the_table_does(get: Get) -> None:
    page = get("/archive/cited_together", number="07/2008/CT-BTTTT").text
    assert "“Số bài đã đọc” là số bài đã đọc" in page and "articles_read là" not in page
    assert ">Văn bản</th>" in page and ">Văn bản (mã)</th>" in page
    assert ">Document (key)</th>" in get("/en/archive/cited_together", number="07/2008/CT-BTTTT").text
    chart = get("/-/charts/cocitations").text
    assert "“Số bài đã đọc” là số bài" in chart and "articles_read là" not in chart


def test_tooltips_name_the_columns_as_the_table_does(get: Get) -> None:
    titles = [node.attributes.get("title") or "" for node in LexborHTMLParser(get("/archive").text).css(".topics a")]
    assert any("“Số bài đã đọc” là số bài đã đọc" in title for title in titles)
    assert not any("articles_read" in title for title in titles)


def test_a_page_that_is_not_open_says_so_in_one_language(get: Get) -> None:
    page = get("/-/permissions", 403).text
    assert "Trang này không mở" in page and "Permission" not in page


def test_a_fault_of_the_program_is_marked_as_english(get: Get, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise RuntimeError("no more memory")

    monkeypatch.setattr("scraper.web.search_page.given_of", fail)
    assert '<code lang="en">no more memory</code>' in get("/-/search", 500).text
    assert "no more memory</p>" in get("/en/-/search", 500).text


def test_what_a_site_published_is_marked_as_vietnamese(get: Get) -> None:
    for path in ("/archive/articles?_size=5&_sort=id", "/archive/failures"):
        for node in LexborHTMLParser(get(f"/en{path}").text).css("td"):
            assert (node.attributes.get("lang") == "vi") == (fold(node.text()) != node.text().lower()), node.html
        assert ' lang="vi"' not in "".join(re.findall("<td[^>]*>", get(path).text))
