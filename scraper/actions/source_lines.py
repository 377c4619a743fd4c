"""The facts about a source, as lines for people, in English or Vietnamese."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from scraper.actions.source_facts import ARCHIVE, Facts
from scraper.clock import VIETNAM
from scraper.failures import meaning
from scraper.reference import label
from scraper.sources import doubt_of
from scraper.store.discovered import FEED, LIST, PLATFORM, SITEMAP, Found
from scraper.two_languages import EMPTY, Message, same

_SHOWN = 30  # list pages, feeds or sitemaps; --json has all
_ORIGINS = {
    "archive": Message("the archive, filled by crawls", "kho, do các lượt thu thập ghi lại"),
    "site": Message(
        "a look at the site just now ({requests} requests, nothing stored)", "vừa xem trang ({requests} yêu cầu, không lưu gì)"
    ),
    "recording": Message(
        "a look into the recording just now ({requests} requests, nothing stored)", "vừa xem bản ghi ({requests} yêu cầu, không lưu gì)"
    ),
}
_COUNTS = {
    "captures": Message("received", "nhận được"),
    "articles_new": Message("new", "mới"),
    "articles_changed": Message("changed", "thay đổi"),
    "failures": Message("failed", "lỗi"),
}
_PAGERS = {
    "link": Message("later pages by link", "trang sau qua liên kết"),
    "form": Message("later pages by form", "trang sau qua biểu mẫu"),
    "none": Message("one page", "một trang"),
}
_ORDERS = {
    "newest-first": Message("newest first", "mới nhất trước"),
    "oldest-first": Message("oldest first", "cũ nhất trước"),
    "mixed": Message("mixed", "thứ tự lẫn lộn"),
    "unknown": Message("unknown order", "chưa rõ thứ tự"),
}
_LOOKS = {"nightly": Message("looked at nightly", "xem mỗi đêm"), "weekly": Message("looked at weekly", "xem mỗi tuần")}
_SITE = Message("site", "trang")
_PERIOD = Message("in force", "hiệu lực")
_CONFIDENCE = Message("confidence", "độ chắc")
_KNOWN = Message("known from", "biết từ")
_LOOK_AT = Message("look at", "cần xem")
_PLATFORM = Message("platform", "nền tảng")
_NAMES = (
    (Message("sitemaps", "sitemap"), SITEMAP, "sitemaps"),
    (Message("feeds", "feed"), FEED, "feeds"),
    (Message("list pages", "danh sách"), LIST, "listings"),
)
_HOSTS = Message("add hosts", "thêm hosts")
_POLITENESS = Message("politeness", "giữ phép")
_FAILED = Message("failed", "lỗi")
_RUNS = Message("runs", "lượt")


def fact_lines(facts: Facts) -> Iterator[Message]:
    """Yields the facts about a source, each fact with its date and where it was found."""
    shown = facts.as_json()
    yield same(f"{shown['source']}  {shown['name']}")
    hosts = ", ".join(shown["hosts"])
    under = Message(f", only under {shown['under']}", f", chỉ dưới {shown['under']}") if shown["under"] != "/" else EMPTY
    yield _line(_SITE, same(shown["site"]) + under + Message(f"; requests go to {hosts} only", f"; chỉ gửi yêu cầu tới {hosts}"))
    yield _line(_PERIOD, _validity(shown["validity"]))
    basis = same(shown["basis"]) if shown["basis"] else Message("no basis given", "không ghi căn cứ")
    block = Message(f" ({shown['file']}, block {shown['block']})", f" ({shown['file']}, khối {shown['block']})")
    yield _line(_CONFIDENCE, same(f"{shown['confidence']}: ") + basis + block)
    origin = _ORIGINS[facts.origin]
    yield _line(_KNOWN, Message(origin.en.format(requests=facts.requests), origin.vi.format(requests=facts.requests)))
    if doubt := doubt_of(facts.source):
        yield _line(_LOOK_AT, doubt)
    yield from _platform(facts)
    for name, kind, key in _NAMES:
        yield from _lists(name, facts.of_kind(kind), shown["configured"][key])
    looked = [one for one in facts.found if one.kind in (LIST, FEED, SITEMAP) and one.last_read]
    if looked and facts.origin != ARCHIVE and not any(one.articles for one in looked):
        yield _line(
            _LOOK_AT,
            Message(
                "none of these pages names an article; name those that list the news in `listings` of the block",
                "không trang nào ở trên có liên kết tới bài; hãy ghi các trang liệt kê tin vào `listings` trong khối",
            ),
        )
    for number, one in enumerate(facts.hosts_to_add()):
        yield _line(EMPTY if number else _HOSTS, same(f"{one.name}, ") + _where(one))
    yield from _politeness(shown["politeness"])
    for failure in facts.failures:
        detail = f" ({failure.detail})" if failure.detail else ""
        yield _line(_FAILED, same(f"{failure.url}  {failure.reason}: ") + meaning(failure.reason) + same(detail))
    yield from _runs(shown["runs"])


def _line(name: Message, text: Message) -> Message:
    return Message(f"  {name.en:<11}{text.en}", f"  {name.vi:<11}{text.vi}")


def _joined(parts: list[Message]) -> Message:
    """Returns the parts that are not empty, with commas."""
    known = [part for part in parts if part]
    return Message(", ".join(part.en for part in known), ", ".join(part.vi for part in known))


def _validity(shown: dict[str, Any]) -> Message:
    if not (shown["from"] or shown["to"]):
        return Message("period not known", "chưa rõ thời kỳ")
    successor = shown["successor"]
    after = Message(f"; successor: {successor}", f"; nguồn kế tiếp: {successor}") if successor else EMPTY
    first = same(shown["from"]) if shown["from"] else Message("an unknown day", "ngày chưa rõ")
    last = same(shown["to"]) if shown["to"] else Message("today", "nay")
    standing = {"in-force": "đang hiệu lực", "ended": "đã kết thúc", "not-yet": "chưa bắt đầu"}.get(shown["standing"], shown["standing"])
    return Message(
        f"{first.en} to {last.en} ({shown['standing']}{after.en})",
        f"{first.vi} đến {last.vi} ({standing}{after.vi})",
    )


def _platform(facts: Facts) -> Iterator[Message]:
    rows = facts.of_kind(PLATFORM)
    for number, one in enumerate(rows):
        yield _line(EMPTY if number else _PLATFORM, same(f"{one.name}, ") + _where(one))
    stated = facts.source.platform
    if not rows:
        known = Message(f"{stated}, as the block states", f"{stated}, theo khối khai báo")
        yield _line(_PLATFORM, known if stated else Message("not known yet", "chưa biết"))
    elif stated and stated not in {one.name for one in rows}:
        yield _line(EMPTY, Message(f"the block states {stated}", f"khối khai báo {stated}"))


def _lists(name: Message, rows: list[Found], configured: list[str]) -> Iterator[Message]:
    rows = sorted(rows, key=lambda one: (one.last_read is None, -(one.articles or 0)))
    for number, one in enumerate(rows[:_SHOWN]):
        facts = [Message(f"{one.articles} articles", f"{one.articles} bài") if one.articles is not None else EMPTY, _reading(one)]
        if one.kind == LIST and one.last_read:
            order = one.list_order or "unknown"
            facts += [_ORDERS.get(order, same(order.replace("-", " ")))]
            facts += [_PAGERS.get(one.pager or "", Message("pager not known", "chưa rõ cách chuyển trang"))]
        facts += [_LOOKS.get(one.look, Message(f"looked at {one.look}", f"đã xem: {one.look}")) if one.look else EMPTY, _where(one)]
        yield _line(EMPTY if number else name, same(f"{one.name}  ") + _joined(facts))
    if len(rows) > _SHOWN:
        left = len(rows) - _SHOWN
        yield _line(EMPTY, Message(f"and {left} more; --json has all", f"và {left} nữa; --json có tất cả"))
    if not rows:
        listed = ", ".join(configured)
        known = Message(f"in the block: {listed}", f"trong khối: {listed}")
        yield _line(name, known if configured else Message("none known", "chưa biết"))


def _reading(one: Found) -> Message:
    if one.read_to_end:
        return Message(f"read to its end {_day(one.read_to_end)}", f"đọc đến hết {_day(one.read_to_end)}")
    if one.last_read:
        return Message(f"read {_day(one.last_read)}", f"đọc {_day(one.last_read)}")
    return Message("not read yet", "chưa đọc")


_UNNAMED = {
    PLATFORM: Message("recognised from the pages", "nhận ra từ các trang"),
    LIST: Message("where a crawl begins", "nơi bắt đầu thu thập"),
}
_OTHERWISE = Message("named by the block or the platform", "do khối hoặc nền tảng nêu")


def _where(one: Found) -> Message:
    on = _UNNAMED.get(one.kind, _OTHERWISE)
    if one.found_on:
        on = Message(f"found on {one.found_on}", f"thấy ở {one.found_on}")
    first, last = _day(one.first_seen), _day(one.last_seen)
    return on + same(f", {first}") + (Message(f" to {last}", f" đến {last}") if last != first else EMPTY)


def _day(moment: str) -> str:
    """Returns the day of a stored time, in Viet Nam."""
    return datetime.fromisoformat(moment).astimezone(VIETNAM).date().isoformat()


_DELAYS = {
    "block": Message("the block", "theo khối"),
    "DOWNLOAD_DELAY": Message("the setting DOWNLOAD_DELAY", "theo thiết lập DOWNLOAD_DELAY"),
}
_OF_OTHER = Message("another source on the host", "theo nguồn khác cùng máy chủ")


def _politeness(shown: dict[str, Any]) -> Iterator[Message]:
    origin = _DELAYS.get(shown["delay_from"], _OF_OTHER)
    windows = shown["windows"]
    when = Message(
        ", ".join(f"{first} to {last}" for first, last in windows) or "at any time",
        ", ".join(f"{first} đến {last}" for first, last in windows) or "mọi lúc",
    )
    number = shown["budget"]
    budget = Message("no daily limit", "không giới hạn mỗi ngày")
    if number is not None:
        budget = Message(f"at most {number} requests a day", f"nhiều nhất {number} yêu cầu mỗi ngày")
    yield _line(
        _POLITENESS,
        Message(
            f"{shown['delay']:g} s between requests ({origin.en}); {when.en}; {budget.en}",
            f"cách nhau {shown['delay']:g} giây ({origin.vi}); {when.vi}; {budget.vi}",
        ),
    )
    if shown["crawl_delay_at"] is None:
        yield _line(EMPTY, Message("robots.txt was not received", "chưa nhận được robots.txt"))
        return
    delay = Message("requires no delay", "không đòi khoảng cách")
    if shown["crawl_delay"]:
        delay = Message(f"requires {shown['crawl_delay']:g} s", f"đòi cách nhau {shown['crawl_delay']:g} giây")
    yield _line(EMPTY, same(f"{shown['crawl_delay_found_on']} ") + delay + same(f" ({_day(shown['crawl_delay_at'])})"))


def _runs(runs: list[dict[str, Any]]) -> Iterator[Message]:
    for number, run in enumerate(runs):
        counts = _joined([same(f"{run[column] or 0} ") + name for column, name in _COUNTS.items()])
        outcome = Message("interrupted, or going on", "bị ngắt, hoặc đang chạy")
        if run["outcome"]:
            outcome = Message(run["outcome"], label("run outcome", run["outcome"], "vi"))
        yield _line(EMPTY if number else _RUNS, same(f"{run['started_at']}  {run['command']}: ") + outcome + same("; ") + counts)
    if not runs:
        yield _line(_RUNS, Message("none in the archive", "kho chưa có"))
