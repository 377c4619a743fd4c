"""Whole sites whose articles are odd: kept for a script, shown by a viewer, on several pages, in old encodings."""

from __future__ import annotations

import html
import json
import unicodedata
from collections.abc import Callable
from urllib.parse import quote

from tests.server import Answer
from tests.whole_sites.stories import SITE_NAME, SITES, Data, Made, Maker, Story, lists_of, menu_of, plain, site, slugs


@site("spa with sitemap and state")
def spa_state(data: Data) -> Made:
    """The pages hold their data for the script (Next, without rendering); a sitemap names them."""

    def shell(props: object, title: str) -> str:
        state = json.dumps({"props": {"pageProps": props}, "page": "/bai-viet/[slug]"}, ensure_ascii=False).replace("<", "\\u003c")
        return f"<!DOCTYPE html><html lang='vi'><head><meta charset='utf-8'><title>{title}</title></head><body><div id='__next'></div><script id='__NEXT_DATA__' type='application/json'>{state}</script></body></html>"

    articles = {f"/bai-viet/{one.slug}": one for one in data.stories}
    pages: dict[str, str | Answer] = {
        path: shell(
            {
                "article": {
                    "id": one.id,
                    "title": one.title,
                    "content": one.html + one.links(),
                    "publishedAt": one.day("%Y-%m-%dT%H:%M:%S+07:00"),
                }
            },
            one.title,
        )
        for path, one in articles.items()
    }
    urls = "".join(f"<url><loc>SITE{path}</loc><lastmod>{one.day('%Y-%m-%d')}</lastmod></url>" for path, one in articles.items())
    pages["/sitemap.xml"] = (
        f"<?xml version='1.0' encoding='UTF-8'?><urlset xmlns='http://www.sitemaps.org/schemas/sitemap/0.9'><url><loc>SITE/</loc></url>{urls}</urlset>"
    )
    pages["/robots.txt"] = "User-agent: *\nAllow: /\nSitemap: SITE/sitemap.xml\n"
    pages["/"] = shell({}, SITE_NAME)
    return Made(pages, articles)


@site("day only in the URL")
def day_in_url(data: Data) -> Made:
    urls = [f"/{slug}/" for slug in slugs()]

    def path_of(one: Story) -> str:
        return f"/{slugs()[one.section]}/{one.day('%Y/%m/%d')}/{one.slug}.html"

    def item(one: Story) -> str:
        return f"<div class='item'><h3><a href='{path_of(one)}'>{one.title}</a></h3><p>{one.summary}...</p></div>"

    def content(one: Story) -> str:
        return f"<h1>{one.title}</h1><div class='content'>{one.html}{one.links()}</div>"

    return lists_of(data, urls, path_of, later="trang-{page}/", item=item, content=content)


def _with_content(content: Callable[[Story], str]) -> Maker:
    def make(data: Data) -> Made:
        return lists_of(
            data, [f"/{slug}" for slug in slugs()], lambda one: f"/{one.slug}-a{one.id}.html", later="?trang={page}", content=content
        )

    return make


def _srcdoc(one: Story) -> str:
    inside = html.escape(f"<html><body>{one.html}{one.links()}</body></html>", quote=True)
    return f"<h1 class='title'>{one.title}</h1><div class='date'>{one.day('%d/%m/%Y %H:%M')}</div><iframe class='noi-dung' srcdoc=\"{inside}\" width='100%' frameborder='0'></iframe>"


def _textarea(one: Story) -> str:
    inside = html.escape(one.html + one.links())
    return f"<h1 class='title'>{one.title}</h1><div class='date'>{one.day('%d/%m/%Y %H:%M')}</div><div id='noi-dung'></div><textarea id='hdNoiDung' style='display:none'>{inside}</textarea><script>$('#noi-dung').html($('#hdNoiDung').val());</script>"


def _hidden_input(one: Story) -> str:
    inside = html.escape(one.html + one.links(), quote=True)
    return f"<h1 class='title'>{one.title}</h1><div class='date'>{one.day('%d/%m/%Y %H:%M')}</div><div id='noi-dung'></div><input type='hidden' id='hdNoiDung' value=\"{inside}\"><script>document.getElementById('noi-dung').innerHTML = document.getElementById('hdNoiDung').value;</script>"


def _template(one: Story) -> str:
    return f"<h1 class='title'>{one.title}</h1><div class='date'>{one.day('%d/%m/%Y %H:%M')}</div><div id='noi-dung'></div><template id='bai'>{one.html}{one.links()}</template><script>document.getElementById('noi-dung').append(document.getElementById('bai').content);</script>"


SITES |= {
    "text in srcdoc": _with_content(_srcdoc),
    "text in a textarea": _with_content(_textarea),
    "text in a hidden input": _with_content(_hidden_input),
    "text in a template": _with_content(_template),
}


@site("only a viewer of PDF")
def viewer(data: Data) -> Made:
    """Each article is a scan, shown in one of four ways."""

    def content(one: Story) -> str:
        path = f"/uploads/vb/{one.id}.pdf"
        shown = (
            f"<iframe src='/pdfjs/web/viewer.html?file={quote(path, safe='')}' width='100%' height='800'></iframe>",
            f"<embed src='{path}' type='application/pdf' width='100%' height='800'>",
            f"<object data='{path}' type='application/pdf' width='100%' height='800'></object>",
            f"<iframe src='https://docs.google.com/gview?url=SITE{path}&amp;embedded=true'></iframe>",
        )[one.id // 12 % 4]
        return f"<h1 class='title'>{one.title}</h1><div class='date'>{one.day('%d/%m/%Y %H:%M')}</div><div class='content'>{shown}</div>"

    made = _with_content(content)(data)
    for path, one in made.articles.items():
        made.articles[path] = Story(one.id, one.section, one.title, one.at, (), (f"/uploads/vb/{one.id}.pdf",), "")
    return made


@site("articles of three pages")
def three_pages(data: Data) -> Made:
    def foot(one: Story, page: int) -> str:
        path = f"/{one.slug}-a{one.id}.html"
        return (
            "<div class='trang'>Trang: "
            + " ".join(f"<b>{n}</b>" if n == page else f"<a href='{path}{f'?trang={n}' if n > 1 else ''}'>{n}</a>" for n in (1, 2, 3))
            + "</div>"
        )

    def content(one: Story, page: int = 1) -> str:
        text = (
            "".join(f"<p>{part}</p>" for part in one.paragraphs[page - 1 : page] if page < 3)
            if page < 3
            else "".join(f"<p>{part}</p>" for part in one.paragraphs[2:])
        )
        long = len(one.paragraphs) > 1
        return f"<h1 class='title'>{one.title}</h1><div class='date'>{one.day('%d/%m/%Y %H:%M')}</div><div class='content'>{text if long else one.html}{one.links()}</div>{foot(one, page) if long else ''}"

    made = _with_content(content)(data)
    menu = menu_of([f"/{slug}" for slug in slugs()])
    for path, one in made.articles.items():
        if len(one.paragraphs) > 1:
            made.pages |= {f"{path}?trang={page}": plain(f"{one.title} - {SITE_NAME}", content(one, page), menu) for page in (2, 3)}
    return made


def _in_bytes(made: Made, encode: Callable[[str], bytes], content_type: str) -> Made:
    made.pages = {
        path: (200, {"Content-Type": content_type}, encode(page)) if isinstance(page, str) else page for path, page in made.pages.items()
    }
    return made


_MARKS = {"̀": "\xcc", "̉": "\xd2", "̃": "\xde", "́": "\xec", "̣": "\xf2"}


def _windows_1258(text: str) -> bytes:
    out = []
    for letter in unicodedata.normalize("NFC", text):
        try:
            out.append(letter.encode("cp1258"))
        except UnicodeEncodeError:
            base = unicodedata.normalize("NFD", letter)
            tone = "".join(mark for mark in base if mark in _MARKS)
            rest = unicodedata.normalize("NFC", "".join(mark for mark in base if mark not in _MARKS))
            out.append(rest.encode("cp1258") + tone.encode("cp1258"))
    return b"".join(out)


@site("windows-1258")
def cp1258(data: Data) -> Made:
    made = lists_of(
        data,
        [f"/{slug}/" for slug in slugs()],
        lambda one: f"/tin/{one.id}.htm",
        later="p{page}.htm",
        shell=lambda title, content, menu: plain(title, content, menu, charset="windows-1258"),
    )
    return _in_bytes(made, _windows_1258, "text/html")


_TCVN3 = dict(
    zip(
        "àảãáạăằẳẵắặâầẩẫấậđèẻẽéẹêềểễếệìỉĩíịòỏõóọôồổỗốộơờởỡớợùủũúụưừửữứựỳỷỹýỵĂÂÊÔƠƯĐ",
        "\xb5\xb6\xb7\xb8\xb9\xa8\xbb\xbc\xbd\xbe\xc6\xa9\xc7\xc8\xc9\xca\xcb\xae\xcc\xce\xcf\xd0\xd1\xaa\xd2\xd3\xd4\xd5\xd6\xd7\xd8\xdc\xdd\xde\xdf\xe1\xe2\xe3\xe4\xab\xe5\xe6\xe7\xe8\xe9\xac\xea\xeb\xec\xed\xee\xef\xf1\xf2\xf3\xf4\xad\xf5\xf6\xf7\xf8\xf9\xfa\xfb\xfc\xfd\xfe\xa1\xa2\xa3\xa4\xa5\xa6\xa7",
        strict=True,
    )
)


def _tcvn3(text: str) -> bytes:
    return "".join(_TCVN3.get(letter, letter) for letter in text).encode("latin-1", "replace")


@site("tcvn3")
def tcvn3(data: Data) -> Made:
    """Bytes of TCVN3 fonts (.VnTime), without any encoding named."""

    def shell(title: str, content: str, menu: str) -> str:
        return f"<html><head><title>{title}</title><style>body {{ font-family: .VnTime }}</style></head><body><font face='.VnTime'>{menu}<table><tr><td>{content}</td></tr></table></font></body></html>"

    return _in_bytes(
        lists_of(
            data,
            [f"/list.asp?cat={section + 1}" for section in range(3)],
            lambda one: f"/view.asp?id={one.id}",
            later="&page={page}",
            shell=shell,
        ),
        _tcvn3,
        "text/html",
    )
