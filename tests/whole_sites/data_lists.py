"""Whole sites whose lists are data on a page with a menu: the view of a SharePoint list, a variable, an attribute of a component."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Callable

from tests.whole_sites.portals import sharepoint_page
from tests.whole_sites.stories import SITES, Data, Made, Maker, Story, lists_of, site, slugs


def _rows(stories: list[Story], path_of: Callable[[Story], str]) -> list[dict[str, object]]:
    return [{"id": one.id, "tieuDe": one.title, "duongDan": path_of(one), "ngayDang": one.day("%Y-%m-%dT%H:%M:%S")} for one in stories]


def _with_data(shown: Callable[[list[dict[str, object]]], str]) -> Maker:
    """Returns a site whose section pages have no entry in their HTML. `shown`: what they have for the rows of all articles."""

    def make(data: Data) -> Made:
        urls = [f"/chuyen-muc/{slug}" for slug in slugs()]

        def path_of(one: Story) -> str:
            return f"/tin/{one.slug}-{one.id}.html"

        made = lists_of(data, urls, path_of, later="#{page}", pager=lambda url, page: "")
        made.pages = {path: page for path, page in made.pages.items() if "#" not in path}
        for section, url in enumerate(urls):
            page = made.pages[url]
            assert isinstance(page, str)
            before, _, rest = page.partition("<div class='item'>")
            made.pages[url] = before + shown(_rows(data.of(section), path_of)) + rest.rpartition("</p></div>")[2]
        return made

    return make


def _variable(rows: list[dict[str, object]]) -> str:
    data = re.sub(r'"(\w+)":', r"\1: ", json.dumps(rows, ensure_ascii=False))  # as a person writes it
    return f"<div id='ds-tin'></div><script>var trang = 1;\nvar dsTin = {data};\nhienThi(dsTin, trang);</script>"


def _attribute(rows: list[dict[str, object]]) -> str:
    return f'<danh-sach-tin :items="{html.escape(json.dumps(rows, ensure_ascii=False))}" :per-page="4"></danh-sach-tin>'


SITES |= {"list: a variable": _with_data(_variable), "list: an attribute": _with_data(_attribute)}


@site("list: a view of SharePoint")
def sharepoint_view(data: Data) -> Made:
    """A web part that draws its rows from WPQ2ListData (client-side rendering), the default since 2013."""
    names = ("tintuc", "chuyendoiso", "thongbao")
    urls = [f"/{name}/Pages/default.aspx" for name in names]

    def path_of(one: Story) -> str:
        return f"/{names[one.section]}/Pages/{one.slug}.aspx"

    def view(stories: list[Story]) -> str:
        rows = [
            {"ID": f"{one.id}", "PermMask": "0x1b03c431aef", "FSObjType": "0", "FileRef": path_of(one), "FileLeafRef": f"{one.slug}.aspx", "Title": one.title, "ArticleStartDate": one.day(), "ContentTypeId": "0x010100"}
            for one in stories
        ]  # fmt: skip
        data = json.dumps({"Row": rows, "FirstRow": 1, "FolderPermissions": "0x1b03c431aef", "LastRow": len(rows)}).replace("/", "\\u002f")
        return f"<div id='WebPartWPQ2' class='ms-wpContentDivSpace'><div id='scriptWPQ2'></div><script type='text/javascript'>\nvar WPQ2ListData = {data};\nvar WPQ2SchemaData = {{}};</script></div>"

    pages = {"/Pages/default.aspx": sharepoint_page("Trang chủ", view(data.stories[:3]), urls)}
    pages |= {url: sharepoint_page(names[section], view(data.of(section)), urls) for section, url in enumerate(urls)}
    articles = {path_of(one): one for one in data.stories}
    for path, one in articles.items():
        content = f"<h1 class='title-page'>{one.title}</h1><div class='date-line'>{one.day()}</div><div class='ms-rtestate-field'>{one.html}{one.links()}</div>"
        pages[path] = sharepoint_page(one.title, content, urls)
    return Made({"/": (302, {"Location": "/Pages/default.aspx"}, b""), **pages}, articles)
