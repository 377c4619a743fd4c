"""Messages about sources whose state changed: by a mail server and HTTP servers on 127.0.0.1. The sites are made by this project."""

from __future__ import annotations

import email
import sqlite3
import time
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from email.message import Message as Mail
from email.policy import default
from pathlib import Path
from typing import Any, Protocol

import pytest
from aiosmtpd.controller import Controller

from scraper import clock
from scraper.health import judging
from scraper.health.channels import Refused, channels, send_in_time
from scraper.health.facts import Judgement, RunFacts, State
from scraper.health.limits import load_limits
from scraper.health.messages import Message, due, message
from scraper.health.overview import Line
from scraper.health.reporting import report_changes
from scraper.health.rules import RunEnd
from scraper.health.unsteady import as_reported
from scraper.model import UserError
from scraper.store import source_health
from scraper.store.archive import open_archive
from tests.conftest import Place
from tests.server import Sent, Site, article, listing, serving_pages

FIRST = date(2026, 11, 1)
TODAY = date(2026, 11, 20)
LIMITS = load_limits()


def _line(source_id: str, state: State, run_id: int = 1) -> Line:
    reason = "parked-domain" if state is State.BROKEN else "as-expected"
    return Line(
        source_id, f"Sở {source_id}", f"https://{source_id}.test", "Nghệ An", state, reason, "2026-11-20", "2026-11-19", "2026-11-20",
        "2026-11-20T02:00:00Z", None, run_id, (),
    )  # fmt: skip


def test_what_a_message_reports() -> None:
    ok, quiet, broken, blocked = (_line("a", state) for state in (State.OK, State.QUIET, State.BROKEN, State.BLOCKED))
    earlier = {"a": (State.BROKEN, TODAY - timedelta(days=1))}
    assert due([ok], {}, TODAY) == due([quiet], {}, TODAY) == []
    assert due([broken], {}, TODAY) == [broken]
    assert due([broken], earlier, TODAY) == []
    assert due([blocked], earlier, TODAY) == [blocked]
    assert due([quiet], earlier, TODAY) == [quiet]  # it is well again
    assert as_reported(State.QUIET) == as_reported(State.ENDED) == "ok"
    assert due([ok], {"a": (State.BROKEN, TODAY)}, TODAY) == []  # at most once on a day
    assert [line.source_id for line in due([_line("z", State.OK), _line("b", State.BROKEN)], {"z": earlier["a"]}, TODAY)] == ["b", "z"]


def test_a_message_is_whole_in_both_languages_and_bounded() -> None:
    made = message([_line(f"s{number}", State.BROKEN) for number in range(60)])
    assert made.subject == "60 nguồn cần xem · 60 sources need attention: Sở s0: hỏng; Sở s1: hỏng; Sở s2: hỏng …"
    assert made.text.count("https://") == 50 and made.text.endswith("… 10 nguồn khác · 10 other sources: scrapy health")
    assert "hỏng: tên miền hết hạn hoặc rao bán; từ 2026-11-20, tốt lần cuối 2026-11-19. Tên miền hiện trang" in made.text
    assert "broken: parked domain; since 2026-11-20, last good day 2026-11-19. The domain shows" in made.text
    assert message([_line("a", State.OK)]).subject == "1 nguồn tốt trở lại · 1 source is well again: Sở a: tốt"


def test_a_finding_without_numbers_has_no_empty_brackets() -> None:
    order = {"reason": "date-order-broken", "bad": 0, "among": 0, "expected": None}
    undated = {"reason": "more-missing-dates", "bad": 3, "among": 4, "expected": 0.0}
    line = replace(_line("a", State.BROKEN), findings=({"reason": "parked-domain", "bad": 1, "among": 1, "expected": None}, order, undated))
    assert line.others("en") == ["date order broken", "more missing dates (3 of 4, expected at most 0 %)"]
    assert replace(line, reason="date-order-broken", findings=(order,)).reason_with_numbers("vi") == "thứ tự ngày bị đảo"


@pytest.mark.parametrize(
    ("settings", "error"),
    [
        ({"HEALTH_MAIL_TO": "a@b.test"}, "HEALTH_SMTP_HOST: is missing"),
        ({"HEALTH_SMTP_HOST": "mail.test"}, "HEALTH_MAIL_TO: is missing"),
        ({"HEALTH_MAIL_TO": "a.test", "HEALTH_SMTP_HOST": "mail.test"}, "'a.test' is not an e-mail address"),
        ({"HEALTH_MAIL_TO": "a@b.test", "HEALTH_SMTP_HOST": "mail.test", "HEALTH_SMTP_PORT": "smtp"}, "HEALTH_SMTP_PORT=smtp"),
        ({"HEALTH_MAIL_TO": "a@b.test", "HEALTH_SMTP_HOST": "mail.test", "HEALTH_SMTP_SECURITY": "ssl"}, "must be none, starttls or tls"),
        ({"HEALTH_MAIL_TO": "a@b.test", "HEALTH_SMTP_HOST": "mail.test", "HEALTH_SMTP_USER": "me"}, "set both, or neither"),
        ({"HEALTH_SLACK_TOKEN": "xoxb"}, "HEALTH_SLACK_TO: is missing"),
        ({"HEALTH_TELEGRAM_TO": "1"}, "HEALTH_TELEGRAM_TOKEN: is missing"),
        ({"HEALTH_WEBHOOK": "ftp://x.test/"}, "HEALTH_WEBHOOK: is not a URL"),
        ({"HEALTH_WEBHOOK": "https://[x.test/"}, "HEALTH_WEBHOOK: is not a URL"),
        # A list of nobody: a message would be lost, and count as sent.
        ({"HEALTH_MAIL_TO": " , ", "HEALTH_SMTP_HOST": "mail.test"}, "HEALTH_MAIL_TO: names nobody"),
        ({"HEALTH_SLACK_TOKEN": "xoxb", "HEALTH_SLACK_TO": ","}, "HEALTH_SLACK_TO: names nobody"),
        ({"HEALTH_TELEGRAM_TOKEN": "9:Z", "HEALTH_TELEGRAM_TO": " "}, "HEALTH_TELEGRAM_TO: names nobody"),
    ],
)
def test_a_channel_without_all_its_settings_is_an_error(settings: dict[str, str], error: str) -> None:
    with pytest.raises(UserError, match=error):
        channels(settings)
    assert channels({}) == []


@dataclass
class _Box:
    """A mail server, and the mails that it got."""

    port: int = 0
    mails: list[Mail] = field(default_factory=list)

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802 - the name that aiosmtpd calls
        self.mails.append(email.message_from_bytes(envelope.content, policy=default))
        return "250 OK"


class _FreePort(Controller):
    """A controller whose port the system chooses. The base class connects once, to see that the server runs."""

    def _trigger_server(self) -> None:
        assert self.server is not None
        self.port = self.server.sockets[0].getsockname()[1]  # type: ignore[attr-defined]
        super()._trigger_server()  # type: ignore[no-untyped-call]


@contextmanager
def _mail_server() -> Iterator[_Box]:
    box = _Box()
    controller = _FreePort(box, hostname="127.0.0.1", port=0)
    controller.start()
    try:
        box.port = controller.port
        yield box
    finally:
        controller.stop()


def _row(source_id: str, run_id: int, day: date, state: State, before: str | None, reason: str) -> dict[str, Any]:
    """Returns the row of a run that was judged."""
    facts = judging._row(source_id, run_id, RunFacts(), RunEnd("finished", day), Judgement(state, reason), before)
    return {**facts, "first_bad_day": None if state is State.OK else day.isoformat(), "judged_at": f"{day}T19:00:00Z"}


class _Add(Protocol):
    """Adds a judged run of the first source."""

    def __call__(self, day: date, state: State, before: str | None, reason: str = "parked-domain") -> None: ...


class _Received:
    """A channel that keeps the subjects of its messages. `refuses`: receivers that do not get any."""

    name = "test"
    secrets: tuple[str, ...] = ()

    def __init__(self, *receivers: str) -> None:
        self.receivers = receivers or ("one",)
        self.refuses: set[str] = set()
        self.subjects: list[str] = []
        self.texts: list[str] = []
        self.got: dict[str, list[str]] = {one: [] for one in self.receivers}

    def send(self, message: Message, receivers: Sequence[str]) -> Refused:
        if self.refuses.issuperset(receivers):
            raise OSError("down")
        self.subjects.append(message.subject.partition(":")[0])
        self.texts.append(message.text)
        for one in self.refuses.symmetric_difference(receivers) & set(receivers):
            self.got[one].append(message.lines[0].state.value)
        return {one: OSError("full") for one in self.refuses & set(receivers)}


@pytest.fixture
def judged(tmp_path: Path) -> Iterator[tuple[Path, _Add]]:
    """An archive with two sources, and what adds a run of the first one. The clock is at the day of that run."""
    path = tmp_path / "archive.db"
    database = open_archive(path)
    for name in ("so-mau", "so-khac"):
        database.table("sources").insert(
            {"id": name, "name": name, "unit_id": "nghe-an", "site": "http://x.test", "hosts": "[]", "confidence": "low"}
        )

    def add(day: date, state: State, before: str | None, reason: str = "parked-domain") -> None:
        clock.set_now(f"{day}T02:00:00+07:00")
        for name in ("so-mau", "so-khac"):
            database.table("runs").insert({"command": "crawl", "source_id": name, "started_at": f"{day}T00:00:00Z", "arguments": "{}"})
            run_id = database.execute("select max(id) from runs").fetchone()[0]
            with database.conn:
                source_health.write(database.conn, _row(name, run_id, day, state if name == "so-mau" else State.OK, before, reason))

    with clock.set_back_at_end():
        yield path, add
    database.close()


def test_a_source_whose_period_is_over_is_reported_once(judged: tuple[Path, _Add]) -> None:
    """Its last run stays the one in which it was broken, so that the message about its end must not come each day."""
    path, add = judged
    received = _Received()
    add(TODAY, State.BROKEN, None)
    assert report_changes(path, [received], LIMITS) == []
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("update sources set valid_to = ? where id = 'so-mau'", [TODAY.isoformat()])
    for later in (1, 2, 3):
        with closing(sqlite3.connect(path)) as connection, connection:
            connection.execute(
                "update source_health set day = ? where source_id = 'so-khac'", [(TODAY + timedelta(days=later)).isoformat()]
            )
        clock.set_now(f"{TODAY + timedelta(days=later)}T02:00:00+07:00")
        report_changes(path, [received], LIMITS)
    assert received.subjects == [
        "1 nguồn cần xem · 1 source needs attention",
        "1 nguồn không còn cần xem · 1 source needs no more attention",
    ]


def test_a_clock_that_was_ahead_repeats_no_message(judged: tuple[Path, _Add]) -> None:
    path, add = judged
    received = _Received()
    add(date(2031, 1, 1), State.BROKEN, None)
    report_changes(path, [received], LIMITS)
    add(TODAY, State.OK, "broken")
    report_changes(path, [received], LIMITS)
    add(TODAY + timedelta(days=1), State.OK, "ok")
    report_changes(path, [received], LIMITS)
    assert len(received.subjects) == 2


def test_no_change_of_the_last_days_is_missing_in_the_feed(judged: tuple[Path, _Add]) -> None:
    """In the night after Tết, so many sources were quiet no more that the feed, with 50 changes, lost the one that broke."""
    path, add = judged
    for number, (state, before) in enumerate([(State.QUIET, "ok"), (State.OK, "quiet")] * 3):
        add(TODAY + timedelta(days=number), state, before)
    database = open_archive(path)
    found = source_health.changes(database, 1)
    assert {row["day"] for row in found} == {f"{TODAY + timedelta(days=number)}" for number in (3, 4, 5)} and len(found) > 3
    database.close()


def test_whom_a_message_did_not_reach_gets_it_later_and_nobody_gets_it_twice(
    judged: tuple[Path, _Add],
) -> None:
    """A mail server was down in the night in which a site broke, and a chat was not: the mail came never. And a receiver that the
    server refused let all the others get the same message each night."""
    path, add = judged
    mail, chat = _Received("an", "binh"), _Received()
    nights = [
        (State.BROKEN, {"an", "binh"}, ["the message about 1 source could not be sent by test: OSError: down"]),
        (State.BROKEN, {"binh"}, ["the message about 1 source could not be sent by test to binh: OSError: full"]),
        (State.BROKEN, {"binh"}, ["the message about 1 source could not be sent by test: OSError: down"]),
        (State.BLOCKED, set(), []),
        (State.BLOCKED, set(), []),
        (State.OK, {"an"}, ["the message about 1 source could not be sent by test to an: OSError: full"]),
        (State.BLOCKED, {"an"}, []),  # it never heard that the site was well
        (State.OK, set(), []),
    ]
    before = None
    for number, (state, refuses, said) in enumerate(nights):
        add(TODAY + timedelta(days=number if number < 6 else number + 30), state, before)  # else the source would be unsteady
        before, mail.refuses = state.value, refuses
        assert [problem.en for problem in report_changes(path, [mail, chat], LIMITS)] == said, number
    assert chat.got == {"one": ["broken", "blocked", "ok", "blocked", "ok"]}
    assert mail.got == {"an": ["broken", "blocked", "ok"], "binh": ["blocked", "ok", "blocked", "ok"]}
    assert not path.with_name("archive.db.unsent").exists()


NIGHT = {
    ".": (State.OK, "as-expected"),
    "q": (State.QUIET, "nothing-new"),
    "x": (State.BROKEN, "host-dead"),
    "r": (State.BLOCKED, "robots-not-received"),
    "s": (State.DEGRADED, "server-errors"),
    "p": (State.BROKEN, "parked-domain"),
}
# Nights, and below each whether a message comes: of a break (x), that it is well (w), unsteady (u), steady again (s), or down (d).
UNSTEADY = {
    "a real break": ("..xxxxxx..........", "  x     w         "),
    "two breaks in a month": (".x.................x.", " xw                xw"),
    "by turns": (".x.x..x.x.qx........", " xwu              s "),
    "for six weeks": (".x." + "x.." * 13, " xwu" + " " * 38),
    "by turns, with other words of it": (".x.r..sx.rx........", " xwu             s "),
    "another break while unsteady": (".x.x..p....x.x.......", " xwu  u             s"),
    "at last down": (".x.x.xxxxxxxxxxxx", " xwu   d         "),
    "often down for some nights": (".x.x.xxx.xxx.xxxxx........", " xwu   d                s"),
    "down, with other words of it": (".xrxrx........", " x    w       "),
    "worse": (".sxx", " sx "),
    "unsteady again, a week later": (".x.x.......x.......", " xwu      su      s"),
}


@pytest.mark.parametrize("name", UNSTEADY)
def test_a_source_that_breaks_and_is_well_by_turns(judged: tuple[Path, _Add], name: str) -> None:
    path, add = judged
    nights, expected = UNSTEADY[name]
    received, heard, before = _Received(), "", None
    for number, letter in enumerate(nights):
        state, reason = NIGHT[letter]
        add(TODAY + timedelta(days=number), state, before, reason)
        before, count = state.value, len(received.texts)
        assert report_changes(path, [received], LIMITS) == []
        heard += _kind(received, letter) if len(received.texts) > count else " "
    assert heard == expected.ljust(len(nights)), f"\n{nights}\n{heard}"


def _kind(received: _Received, letter: str) -> str:
    subject, text = received.subjects[-1], received.texts[-1]
    is_bad = letter in "xrsp"
    assert ("1 source needs attention" in subject) == is_bad and ("1 nguồn cần xem" in subject) == is_bad
    for sign, vietnamese, english in (
        ("s", "Ổn định trở lại: 7 ngày liền tốt.", "Steady again: well for 7 days."),
        ("d", "Chập chờn, và nay hỏng liền 3 ngày. Chỉ báo lại khi tốt liền 7", "Unsteady, and bad for 3 days now. The next message"),
        ("u", "Chập chờn: hỏng ", "Unsteady: "),
    ):
        assert (vietnamese in text) == (english in text)
        if vietnamese in text:
            return sign
    return letter if is_bad else "w"


def test_who_missed_that_a_source_is_unsteady_hears_it_while_it_is_well(judged: tuple[Path, _Add]) -> None:
    path, add = judged
    received = _Received()
    for number, letter in enumerate(".x.x.."):
        add(TODAY + timedelta(days=number), *NIGHT[letter][:1], None, NIGHT[letter][1])
        received.refuses = {"one"} if number == 3 else set()
        assert bool(report_changes(path, [received], LIMITS)) == (number == 3)
    assert len(received.texts) == 3 and received.subjects[-1] == "1 nguồn cần xem · 1 source needs attention"
    assert (
        "tốt: như dự kiến. Chập chờn: hỏng 2 lần trong 14 ngày. Chỉ báo lại khi tốt liền 7 ngày, hỏng liền 3 ngày, hoặc"
        in received.texts[-1]
    )
    assert "well: as expected. Unsteady: 2 breaks within 14 days. The next message comes when it was well for 7 days" in received.texts[-1]


def test_servers_that_take_no_message(monkeypatch: pytest.MonkeyPatch) -> None:
    """None of them may count as having taken it, nor hold up the update for ever."""
    made = message([_line(f"s{number}", State.BROKEN) for number in range(60)])
    monkeypatch.setattr("scraper.health.channels._LONGEST", 0.2)

    def slow(sent: Sent) -> None:
        time.sleep(0.5)

    with serving_pages({"/to": (302, {"Location": "/login"}, b""), "/login": "log in"}) as site:
        [webhook] = channels({"HEALTH_WEBHOOK": f"{site.url}/to"})
        with pytest.raises(OSError, match="status 302"):
            webhook.send(made, webhook.receivers)
        site.program = slow
        with pytest.raises(TimeoutError, match=r"not sent within 0\.2 seconds"):
            send_in_time(webhook, made, webhook.receivers)


def test_a_chat_says_how_many_sources_it_does_not_name() -> None:
    made = message([_line(f"s{number}", State.BROKEN) for number in range(60)])
    shown = made.within(4096)
    assert len(shown) <= 4096 and shown.startswith(made.subject)
    named = shown.count("\nSở s")
    assert 20 < named < 60 and shown.endswith(f"… {60 - named} nguồn khác · {60 - named} other sources: scrapy health")
    assert "Sở s0 (s0) hỏng: tên miền hết hạn hoặc rao bán · broken: parked domain" in shown
    few = message([_line("a", State.BROKEN)])
    assert few.within(4096) == f"{few.subject}\n\n{few.text}"


def _pages(number: int) -> dict[str, tuple[int, dict[str, str], bytes]]:
    titles = {f"/tin-tuc/so-hop-ban-cong-viec-cua-quy-lan-{at}-{at}.html": f"Sở họp bàn công việc của quý lần {at}" for at in range(number)}
    pages = {"/": listing(*titles.items())} | {url: article(title, day="30/10/2026 08:00") for url, title in titles.items()}
    return {path: (200, {}, page.encode()) for path, page in pages.items()}


def _night(place: Place, site: Site, night: int, code: int, **settings: Any) -> str:
    path = place.folder / "mau.toml"
    path.write_text(f'[[source]]\nid = "so-mau"\nname = "Sở Mẫu {{{{ 7 * 6 }}}}"\nunit = "nghe-an"\nsite = "{site.url}"\n')
    given: dict[str, Any] = {"DOWNLOAD_DELAY": 0, "DOWNLOAD_DELAY_JITTER": 0, "RETRY_TIMES": 0, "SOURCES_EXTRA": path}
    now = f"{FIRST + timedelta(days=night)}T02:00:00+07:00"
    return place.scrapy("update", "so-mau", code=code, **(given | {"NOW": now} | settings)).stdout


def test_one_message_for_each_change_by_every_channel(place: Place) -> None:

    def answer(sent: Sent) -> tuple[int, dict[str, str], bytes] | None:
        return (200, {"Content-Type": "application/json"}, b'{"ok": true, "members": []}')

    with serving_pages({}) as site, serving_pages({}) as hooks, _mail_server() as box:
        hooks.program = answer
        receivers: dict[str, Any] = {
            "HEALTH_MAIL_TO": "truc@so.test, phong@so.test",
            "HEALTH_SMTP_HOST": "127.0.0.1",
            "HEALTH_SMTP_PORT": box.port,
            "HEALTH_SLACK_TOKEN": "xoxb-1",
            "HEALTH_SLACK_TO": "#tin",
            "HEALTH_SLACK_API": f"{hooks.url}/api",
            "HEALTH_TELEGRAM_TOKEN": "12:AB",
            "HEALTH_TELEGRAM_TO": "-100",
            "HEALTH_TELEGRAM_API": hooks.url,
            "HEALTH_WEBHOOK": f"{hooks.url}/hook?key=1",
        }
        site.pages = _pages(4)
        assert _night(place, site, 0, 0, **receivers) == ""
        assert box.mails == [] and hooks.sent == []

        site.pages = dict.fromkeys(site.pages, (403, {}, b"no"))
        line = _night(place, site, 1, 1, **receivers)
        assert line.count("\n") == 1 and line.startswith("so-mau: blocked, access refused")
        [mail] = box.mails
        assert mail["To"] == "truc@so.test, phong@so.test" and mail["From"] == "truc@so.test"
        assert mail["Subject"].startswith("1 nguồn cần xem · 1 source needs attention: Sở Mẫu {{ 7 * 6 }}: bị chặn")
        text = mail.get_body(("plain",)).get_content()  # type: ignore[attr-defined]
        assert "bị chặn: bị từ chối truy cập (1 trên 1); từ 2026-11-02, tốt lần cuối 2026-11-01." in text
        assert "blocked: access refused (1 of 1); since 2026-11-02, last good day 2026-11-01." in text and site.url in text
        assert {sent.path for sent in hooks.sent} == {"/api/users.list", "/api/chat.postMessage", "/bot12:AB/sendMessage", "/hook?key=1"}
        [telegram] = [sent for sent in hooks.sent if sent.path.startswith("/bot")]
        assert telegram.fields["chat_id"] == "-100" and "blocked: access refused" in telegram.fields["text"]
        [slack] = [sent for sent in hooks.sent if sent.path.endswith("postMessage")]
        assert '"channel": "#tin"' in str(slack.fields) and "{{ 7 * 6 }}" in str(slack.fields)  # it is JSON

        hooks.sent.clear()
        site.pages = _pages(4)
        assert _night(place, site, 2, 0, **receivers) == ""
        assert [mail["Subject"].partition(":")[0] for mail in box.mails[1:]] == ["1 nguồn tốt trở lại · 1 source is well again"]
        assert len(hooks.sent) == 4
    reported = place.rows("select state, substr(reported_at, 1, 10) from source_health where reported_at is not null order by run_id")
    assert reported == [("blocked", "2026-11-01"), ("ok", "2026-11-02")]


def test_a_message_that_cannot_be_sent_is_named_and_sent_after_the_next_update(place: Place) -> None:
    with serving_pages({}) as site, serving_pages({}) as hooks:
        hooks.pages = {"/hook?key=geheim": (500, {}, b"full"), "/bot9:Z/sendMessage": (200, {}, b'{"ok": false, "description": "chat"}')}
        webhook: dict[str, Any] = {"HEALTH_WEBHOOK": f"{hooks.url}/hook?key=geheim"}
        telegram: dict[str, Any] = {"HEALTH_TELEGRAM_TOKEN": "9:Z", "HEALTH_TELEGRAM_TO": "1", "HEALTH_TELEGRAM_API": hooks.url}
        site.pages = {"/": (403, {}, b"no")}
        shown = _night(place, site, 0, 1, **webhook, **telegram)
        assert "could not be sent by webhook: OSError: status 500: full" in shown and "geheim" not in shown
        assert "could not be sent by Telegram: RuntimeError: refused: chat" in shown
        hooks.pages = {"/hook?key=geheim": (200, {}, b"")}
        hooks.sent.clear()
        assert "could not be sent" not in _night(place, site, 1, 1, **webhook)
        assert [sent.path for sent in hooks.sent] == ["/hook?key=geheim"]


def test_a_message_that_waits_is_sent_also_if_nothing_is_due(place: Place) -> None:
    """An hour later, a source that is degraded is not due; its message would wait until the next night, and the exit code said that all is
    well.
    """
    with serving_pages({}) as site, serving_pages({"/hook": (500, {}, b"full")}) as hooks:
        site.pages = _pages(4)
        source = place.source("so-mau", site.url, more="expect = { min_articles_total = 9 }")
        given: dict[str, Any] = {"SOURCES_EXTRA": source, "DOWNLOAD_DELAY": 0, "DOWNLOAD_DELAY_JITTER": 0, "RETRY_TIMES": 0}
        given["HEALTH_WEBHOOK"] = f"{hooks.url}/hook"
        for hour, code, sent in ((2, 1, 1), (3, 1, 1), (4, 0, 1), (5, 0, 0)):
            if hour == 4:
                hooks.pages = {"/hook": (200, {}, b"")}
            hooks.sent.clear()
            done = place.scrapy("update", "--group", "own", code=code, NOW=f"2026-11-01T0{hour}:00:00+07:00", **given)
            assert len(hooks.sent) == sent, (hour, done.stdout)
            assert ("could not be sent by webhook" in done.stdout) == (hour < 4)


def test_a_mistyped_setting_is_bad_input(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    """Otherwise a message would never come, and nobody would notice."""
    said = place.scrapy("update", "sample-mst", code=2, HEALTH_WEBHOK="http://127.0.0.1:9/").stderr
    assert "-s HEALTH_WEBHOK=: there is no such setting, so it would have no effect; did you mean HEALTH_WEBHOOK?" in said
    assert "did you mean SOURCES_EXTRA?" in place.scrapy("list", code=2, SOURCE_EXTRA="mine.toml").stderr
    place.scrapy("list", LOG_LEVEL="ERROR", MY_OWN_SETTING="1")
    monkeypatch.setenv("HEALTH_MAIL_T0", "you@example.org")
    said = place.scrapy("update", "sample-mst", code=2, forked=False).stderr
    assert "HEALTH_MAIL_T0 in the environment: there is no such setting" in said and not place.archive.exists()
    monkeypatch.delenv("HEALTH_MAIL_T0")
    for name, value, code, hint in (
        ("SOURCE_EXTRA", "mine.toml", 2, "did you mean SOURCES_EXTRA?"),
        ("DOWNLOAD_DELAY", "10", 2, "lỗi: DOWNLOAD_DELAY trong môi trường: thiết lập này không đọc từ đó"),
        ("CLOSESPIDER_PAGECOUNT", "5", 2, "write -s CLOSESPIDER_PAGECOUNT=5 after the command, or unset it"),
        ("RETRY_TIMES", "2", 0, ""),  # as it is anyway
        ("EDITOR", "vi", 0, ""),
        ("AWS_ACCESS_KEY_ID", "khoa", 0, ""),  # of Scrapy, and of a store of captures
        ("MAIL_HOST", "thu.so.test", 0, ""),
    ):
        monkeypatch.setenv(name, value)
        assert hint in place.scrapy("list", "--unit", "ca-mau-2025", code=code).stderr
        monkeypatch.delenv(name)
    monkeypatch.setenv("DOWNLOAD_DELAY", "10")
    place.scrapy("list", "--unit", "ca-mau-2025", DOWNLOAD_DELAY=10.0)
