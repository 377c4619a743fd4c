"""Served sites that publish through a year, and break in thirteen ways. The pages are made by this project.

Each site shows its newest articles on its home page and on older pages, as it is on a day. `Break` says what replaces them, and in which
days. The texts of the pages that come instead are not those of the tests.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

from tests.server import Answer, Sent

PER_PAGE = 10
BACKLOG = 24  # articles before the first day
Page = tuple[str, str]  # title, body

_SUBJECTS = ("Sở Nông nghiệp", "UBND huyện Quỳ Châu", "Trung tâm Y tế dự phòng", "Liên đoàn Lao động tỉnh", "Ban Quản lý khu kinh tế")
_DEEDS = ("tổng kết công tác", "phát động phong trào", "kiểm tra tiến độ", "tiếp nhận hồ sơ", "công bố quy hoạch", "tập huấn kỹ năng")
_THINGS = ("thủy lợi nội đồng", "tiêm chủng mở rộng", "văn hóa cơ sở", "dịch vụ công trực tuyến", "phòng cháy rừng", "đo đạc địa chính")
_TEXT = (
    "các đơn vị báo cáo số liệu của quý trước hội nghị và đề xuất giải pháp để hoàn thành chỉ tiêu được giao trong năm nay tại địa phương"
    " đại biểu thảo luận về kinh phí nhân lực thời gian thực hiện cùng trách nhiệm của từng phòng ban xã phường thị trấn doanh nghiệp"
)


def _html(status: int, page: str, **headers: str) -> Answer:
    return status, {"Content-Type": "text/html; charset=utf-8"} | headers, page.encode()


@dataclass(frozen=True)
class Post:
    """An article of a site."""

    number: int
    day: date
    title: str
    text: str

    @property
    def path(self) -> str:
        return f"/tin-tuc/bai-viet-so-{self.number}.html"


@dataclass
class YearSite:
    """A site. `every`: days between two articles. `pauses`: days without any, in which the others of the year are published as usual."""

    name: str
    first_day: date
    every: int
    seed: int
    pauses: tuple[tuple[date, date], ...] = ()
    wordpress: bool = False
    today: date = field(init=False)
    broken: Break | None = None
    posts: list[Post] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.today, self._chance = self.first_day, random.Random(self.seed)
        for number in range(BACKLOG):
            self._publish(self.first_day - timedelta(days=self.every * (BACKLOG - number)))

    def _publish(self, day: date) -> None:
        number = len(self.posts) + 1
        title = f"{self._chance.choice(_SUBJECTS)} {self._chance.choice(_DEEDS)} {self._chance.choice(_THINGS)} lần thứ {number}"
        paragraphs = (" ".join(self._chance.choices(_TEXT.split(), k=self._chance.randint(30, 60))).capitalize() for _ in range(4))
        act = f"Căn cứ Quyết định số {100 + number}/QĐ-UBND ngày 12/3/2019 của UBND tỉnh, "
        self.posts.append(
            Post(number, day, title, "".join(f"<p>{act if not place else ''}{one}.</p>" for place, one in enumerate(paragraphs)))
        )

    def go_to(self, day: date) -> None:
        """Makes it a day: what is due is published."""
        while self.today < day:
            self.today += timedelta(days=1)
            is_due = (self.today - self.first_day).days % self.every == self.seed % self.every
            if is_due and not any(first <= self.today <= last for first, last in self.pauses):
                self._publish(self.today - timedelta(days=1))

    @property
    def is_broken(self) -> bool:
        """Whether the site is out of order today."""
        return self.broken is not None and self.broken.first <= self.today <= self.broken.last

    def answer(self, sent: Sent) -> Answer:
        """Returns the response to a request."""
        if self.is_broken and self.broken is not None:
            replaced = self.broken.way.answer(self, sent.path)
            if replaced is not None:
                return replaced
        return self.page(sent.path)

    def page(self, path: str) -> Answer:
        """Returns the page at a path of the site in order."""
        if path == "/robots.txt":
            return 200, {"Content-Type": "text/plain"}, b"User-agent: *\nDisallow: /quan-tri/\n"
        post = self.post(path)
        if post is not None:
            return _html(200, self.article(post))
        pages = -(-len(self.posts) // PER_PAGE)
        number = 1 if path == "/" else int(path.removeprefix("/trang/")) if path.removeprefix("/trang/").isdigit() else 0
        if not 1 <= number <= pages:
            return _html(404, "<h1>Không tìm thấy trang</h1>")
        newest = self.posts[::-1][(number - 1) * PER_PAGE : number * PER_PAGE]
        items = "".join(f"<li><a href='{one.path}'>{one.title}</a> <span class='ngay'>{one.day:%d/%m/%Y}</span></li>" for one in newest)
        others = "".join(f"<a href='/trang/{one}'>{one}</a> " for one in range(max(1, number - 1), min(pages, number + 2) + 1))
        return _html(200, self.framed("Tin tức", f"<h2>Tin mới</h2><ul class='ds-tin'>{items}</ul><div class='pagination'>{others}</div>"))

    def post(self, path: str) -> Post | None:
        """Returns the article at a path."""
        number = path.removeprefix("/tin-tuc/bai-viet-so-").removesuffix(".html")
        return self.posts[int(number) - 1] if number.isdigit() and 0 < int(number) <= len(self.posts) else None

    def article(self, post: Post, *, dated: bool = True, redesigned: bool = False) -> str:
        """Returns the page of an article."""
        day = f"{post.day:%d/%m/%Y} 09:{post.number % 60:02}"
        if self.wordpress and not redesigned:
            return self.framed(
                post.title,
                f"<article id='post-{post.number}' class='post type-post hentry'><header class='entry-header'>"
                f"<h1 class='entry-title'>{post.title}</h1><div class='entry-meta'><time class='entry-date published'"
                f" datetime='{post.day.isoformat()}T09:00:00+07:00'>{post.day:%d/%m/%Y}</time></div></header>"
                f"<div class='entry-content'>{post.text}</div></article>",
            )
        shown = f"<p class='thoi-gian'>{day}</p>" if dated else ""
        return self.framed(post.title, f"<h1>{post.title}</h1>{shown}<div class='noi-dung-tin'>{post.text}</div>", redesigned=redesigned)

    def framed(self, title: str, body: str, *, redesigned: bool = False) -> str:
        """Returns a page with the menu of the site."""
        made = '<meta name="generator" content="WordPress 5.8.2">' if self.wordpress and not redesigned else ""
        kind = ("single single-post" if "entry-content" in body else "home blog") if made else "trang"
        return (
            f"<!doctype html><html lang='vi'><head><meta charset='utf-8'>{made}<title>{title}</title></head><body class='{kind}'>"
            f"<div id='dau-trang'><a href='/'>Trang chủ</a></div><div id='than-trang'>{body}</div>"
            f"<div id='chan-trang'>Cổng thông tin {self.name}</div></body></html>"
        )


# --- ways to break ----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Way:
    """How a site breaks. `answer`: the response to a path, or None for that of the site in order. `expected`: the states and the
    reasons that are right. `days`: how long it lasts; 0 for ever.
    """

    name: str
    answer: Callable[[YearSite, str], Answer | None]
    expected: frozenset[tuple[str, str]]
    days: int = 6


@dataclass(frozen=True)
class Break:
    """A disturbance of a site, from the first day to the last."""

    way: Way
    first: date
    last: date


def _everything(page: Callable[[YearSite], Answer]) -> Callable[[YearSite, str], Answer | None]:
    return lambda site, path: None if path == "/robots.txt" else page(site)


def _emptied(site: YearSite, path: str) -> Answer | None:
    if path == "/" or path.startswith("/trang/"):
        return _html(200, site.framed("Tin tức", "<h2>Tin mới</h2><ul class='ds-tin'></ul><p>Chưa có bản ghi nào.</p>"))
    return None


def _shell(site: YearSite) -> Answer:
    scripts = "<script>window.__APP__={}</script><script src='/static/js/main.4f1c2a.js' defer></script>"
    return _html(200, f"<!doctype html><html><head><title>{site.name}</title></head><body><div id='app'></div>{scripts}</body></html>")


def _parked(site: YearSite) -> Answer:
    return _html(
        200,
        f"<!doctype html><html><head><title>{site.name}.vn</title></head><body><h1>{site.name}.vn</h1><p>Buy this domain. The domain"
        f" {site.name}.vn is for sale!</p><ul><li><a href='/?kw=loan'>Vay tiền nhanh</a></li><li><a href='/?kw=hotel'>Hotels</a></li></ul>"
        "<p>Sponsored listings displayed above are served automatically by a third party.</p></body></html>",
    )


def _challenge(site: YearSite) -> Answer:
    page = (
        "<!doctype html><html><head><title>Just a moment...</title></head><body><h1>Checking your browser before accessing the site</h1>"
        "<noscript>Enable JavaScript and cookies to continue</noscript>"
        "<script src='/cdn-cgi/challenge-platform/h/b/orchestrate/v1'></script></body></html>"
    )
    return _html(503, page, Server="cloudflare")


def _login(site: YearSite) -> Answer:
    form = (
        "<form action='/dang-nhap' method='post'><label>Tên đăng nhập</label><input name='user'><label>Mật khẩu</label>"
        "<input type='password' name='pass'><button>Đăng nhập</button></form>"
    )
    return _html(200, f"<!doctype html><html><head><title>Đăng nhập</title></head><body><h1>Đăng nhập hệ thống</h1>{form}</body></html>")


def _robots_500(site: YearSite, path: str) -> Answer | None:
    return _html(500, "<h1>Internal Server Error</h1>") if path == "/robots.txt" else None


def _articles(page: Callable[[YearSite, Post], Answer]) -> Callable[[YearSite, str], Answer | None]:
    def answer(site: YearSite, path: str) -> Answer | None:
        post = site.post(path)
        return page(site, post) if post is not None else None

    return answer


def _ways() -> Mapping[str, Way]:
    def expected(state: str, *reasons: str) -> frozenset[tuple[str, str]]:
        return frozenset((state, reason) for reason in reasons)

    missing = _html(404, "<h1>404 Not Found</h1>")
    ways = (
        Way("emptied list", _emptied, expected("broken", "lists-without-articles")),
        Way("script shell", _everything(_shell), expected("broken", "script-shells")),
        Way("parked domain", _everything(_parked), expected("broken", "parked-domain")),
        Way("challenge", _everything(_challenge), expected("blocked", "challenge-pages")),
        Way("login", _everything(_login), expected("blocked", "login-pages")),
        Way("403", _everything(lambda site: _html(403, "<h1>Forbidden</h1>")), expected("blocked", "access-refused")),
        Way("500", _everything(lambda site: _html(500, "<h1>Runtime Error</h1>")), expected("broken", "server-errors")),
        Way("robots 500", _robots_500, expected("blocked", "robots-not-received")),
        Way("redesign", _articles(lambda site, post: _html(200, site.article(post, redesigned=True))),
            expected("degraded", "more-generic-readings"), days=0),
        Way("dates gone", _articles(lambda site, post: _html(200, site.article(post, dated=False))),
            expected("degraded", "more-missing-dates"), days=20),
        Way("articles lead home", _articles(lambda site, post: (302, {"Location": "/"}, b"")),
            expected("degraded", "articles-lead-home")),
        Way("one night of 404s", _articles(lambda site, post: missing), expected("degraded", "many-gone-at-once"), days=1),
        Way("one night without pages", _everything(lambda site: missing), expected("broken", "lists-missing"), days=1),
    )  # fmt: skip
    return {way.name: way for way in ways}


WAYS = _ways()
