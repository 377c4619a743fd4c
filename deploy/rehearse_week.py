"""Rehearses a week of cron: runs the line of deploy/crontab at each hour of seven simulated days, against sites on 127.0.0.1.

    .venv/bin/python deploy/rehearse_week.py [--days 7] [--every 1]

Two sites publish an article a day. On the third day one of them does not answer; on the fifth a run is killed in the middle. The line is
run as cron runs it: by /bin/sh, with cron's few variables, and with those at the head of deploy/crontab. Only NOW, the paths of a temporary
folder and `--group own` (no real site) are added. Exit code 0 if every run did what docs/operations.md says; what it prints is a line for
each run that printed something or did not end with 0.
"""

from __future__ import annotations

import argparse
import os
import re
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import datetime, timedelta, timezone
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import urlsplit

PROJECT = Path(__file__).resolve().parent.parent
BEGIN = datetime(2026, 11, 2, 0, 17, tzinfo=timezone(timedelta(hours=7)))
OLD = 5  # articles that a site has before the first day
DEAD_DAY, KILLED_DAY = 3, 5  # from 1


class News:
    """A site that publishes an article a day. `today`: the number of days that have begun."""

    def __init__(self, name: str) -> None:
        self.name, self.today, self.port = name, 1, 0
        self.answers = True  # False: connections are closed without an answer
        self.slow = 0.0  # seconds before an answer to the request for an article

    def titles(self) -> dict[str, tuple[str, datetime]]:
        """Returns the title and the day of each article by its path."""
        days = {number: BEGIN + timedelta(days=number - OLD) for number in range(OLD + self.today)}
        return {
            f"/tin-tuc/{self.name}-hop-ban-viec-{at}.html": (f"Huyện {self.name} họp bàn về công việc thứ {at}", day)
            for at, day in days.items()
        }

    def page(self, path: str) -> str | None:
        """Returns the page at a path, or None if there is none."""
        titles = self.titles()
        if path == "/":
            items = "".join(f"<li><a href='{url}'>{title}</a></li>" for url, (title, _) in reversed(titles.items()))
            return f"<!doctype html><html lang='vi'><head><title>Tin tức</title></head><body><h1>Tin tức</h1><ul>{items}</ul></body></html>"
        if path not in titles:
            return None
        title, day = titles[path]
        text = (
            f"Chiều qua đã diễn ra buổi làm việc về nội dung {title.lower()}, với đại diện của các phòng và các huyện.",
            "Các đại biểu nghe báo cáo kết quả của quý, trao đổi về những việc còn chậm và thống nhất cách làm của những tháng tới.",
            "Phát biểu kết thúc, phó giám đốc giao văn phòng theo dõi, đôn đốc và báo cáo lại trước ngày cuối cùng của tháng sau.",
        )
        body = "".join(f"<p>{paragraph}</p>" for paragraph in text)
        return (
            f"<!doctype html><html lang='vi'><head><title>{title}</title></head><body><h1>{title}</h1>"
            f"<p class='ngay'>{day:%d/%m/%Y} 08:00</p><div class='chi-tiet'>{body}</div></body></html>"
        )


@contextmanager
def served(site: News) -> Iterator[News]:
    """Serves a site on a free port of 127.0.0.1."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            if not site.answers:
                self.close_connection = True
                return
            path = urlsplit(self.path).path
            page = site.page(path)
            if path != "/" and page is not None:
                time.sleep(site.slow)
            body = (page or "not here").encode()
            self.send_response(200 if page is not None else 404)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:
            """Writes no log."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    site.port = server.server_port
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield site
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def cron_line() -> tuple[dict[str, str], str]:
    """Returns the variables of deploy/crontab, and the command of the line that runs `update`, as cron understands them."""
    variables: dict[str, str] = {}
    command = ""
    for line in (PROJECT / "deploy" / "crontab").read_text(encoding="utf-8").splitlines():
        if (found := re.match(r"(\w+)\s*=\s*(.*)", line)) is not None:
            variables[found[1]] = found[2]
        elif re.match(r"[\d*]", line) and " update " in line:
            command = line.split(None, 5)[5]
    if not command or "%" in command:  # an unescaped % would end the command
        raise SystemExit("deploy/crontab: has no line that runs `update`, or its command has a %")
    return variables, command


class Cron:
    """Runs the line as cron does."""

    def __init__(self, folder: Path, sites: list[News]) -> None:
        self.folder = folder
        variables, command = cron_line()
        self.command = f"{command} --group own"
        blocks = [
            f'[[source]]\nid = "{one.name}"\nname = "Huyện {one.name}"\nunit = "nghe-an"\nsite = "http://127.0.0.1:{one.port}"\n'
            for one in sites
        ]
        (folder / "sources.toml").write_text("".join(blocks), encoding="utf-8")
        # A folder of its own, so that the archive and the captures of this checkout are not touched.
        self.environment = {"PATH": "/usr/bin:/bin", "HOME": str(folder), "LOGNAME": "rehearsal", "LANG": "C"} | variables
        self.environment |= {
            "ARCHIVE_HOME": str(folder),
            "SCRAPY": str(Path(sys.executable).with_name("scrapy")),
            "ARCHIVE": str(folder / "archive.db"),
            "CAPTURES": str(folder / "captures"),
            "SOURCES_EXTRA": str(folder / "sources.toml"),
        }

    def start(self, now: datetime) -> subprocess.Popen[str]:
        """Starts the line at a simulated time."""
        environment = self.environment | {"NOW": now.isoformat()}
        return subprocess.Popen(
            ["/bin/sh", "-c", self.command],
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )

    def run(self, now: datetime) -> tuple[int, str]:
        """Runs the line at a simulated time. Returns its exit code and what cron would mail."""
        process = self.start(now)
        said, _ = process.communicate(timeout=300)
        print(
            f"{now:%a %H:%M}  exit {process.returncode}  {said.strip()[:180]}" if said or process.returncode else f"{now:%a %H:%M}",
            flush=True,
        )
        return process.returncode, said

    def rows(self, sql: str) -> list[tuple[object, ...]]:
        """Returns the rows of a query on the archive."""
        with closing(sqlite3.connect(self.folder / "archive.db")) as archive:
            return archive.execute(sql).fetchall()


def rehearse(cron: Cron, sites: list[News], days: int, every: int) -> list[str]:
    """Runs the week. Returns what was not as it must be."""
    wrong: list[str] = []
    for day in range(1, days + 1):
        for site in sites:
            site.today = day
        sites[1].answers = day != DEAD_DAY
        for hour in range(0, 24, every):
            now = BEGIN + timedelta(days=day - 1, hours=hour)
            if day == KILLED_DAY and hour == 0:
                wrong += _killed_in_the_middle(cron, sites[0], now)
                continue
            code, said = cron.run(now)
            expected = f"{sites[1].name}: " in said if day == DEAD_DAY and code else not said
            if code not in ((0, 1) if day == DEAD_DAY else (0,)) or not expected:
                wrong.append(f"{now:%a %H:%M}: exit code {code}, output {said!r}")
        if day == DEAD_DAY and not cron.rows(f"select 1 from runs where source_id = '{sites[1].name}' and outcome <> 'finished'"):
            wrong.append(f"day {day}: the site that does not answer was not noticed")
    return wrong


def _killed_in_the_middle(cron: Cron, site: News, now: datetime) -> list[str]:
    """Kills a run in the middle of an article, while a second one finds the archive busy."""
    site.slow = 5.0
    process = cron.start(now)
    until = time.monotonic() + 60
    while not cron.rows("select 1 from runs where outcome is null") and time.monotonic() < until:
        time.sleep(0.1)
    code, said = cron.run(now + timedelta(minutes=1))
    os.killpg(process.pid, signal.SIGKILL)
    process.communicate()
    site.slow = 0.0
    return [] if code == 3 and "another update is active" in said else [f"the second update: exit code {code}, output {said!r}"]


def at_the_end(cron: Cron, sites: list[News], days: int) -> list[str]:
    """Returns what is wrong with the archive after the week."""
    wrong = []
    for site in sites:
        [(stored,)] = cron.rows(f"select count(*) from articles where source_id = '{site.name}'")
        if stored != OLD + days:
            wrong.append(f"{site.name}: {stored} articles, not {OLD + days}")
        [(crawled,)] = cron.rows(f"select count(*) from runs where source_id = '{site.name}' and outcome = 'finished'")
        if crawled not in range(days - 1, days + 3):
            wrong.append(f"{site.name}: {crawled} good runs in {days} days, though it is due once a day")
    if cron.rows("pragma integrity_check") != [("ok",)] or cron.rows("pragma foreign_key_check"):
        wrong.append("the database is damaged")
    verified = subprocess.run(
        [cron.environment["SCRAPY"], "captures", "verify"],
        cwd=cron.folder,
        env=cron.environment,
        capture_output=True,
        text=True,
        check=False,
    )
    if verified.returncode:
        wrong.append(f"captures verify: {verified.stdout}{verified.stderr}")
    return wrong


def main() -> int:
    """Rehearses and returns the exit code."""
    parser = argparse.ArgumentParser(description="Rehearse a week of cron against sites on 127.0.0.1.")
    parser.add_argument("--days", type=int, default=7)
    parser.add_argument("--every", type=int, default=1, help="hours between two runs")
    options = parser.parse_args()
    if options.days <= DEAD_DAY or not 1 <= options.every <= 24:
        parser.error(f"--days must be above {DEAD_DAY}, so that the site that did not answer answers again; --every from 1 to 24")
    folder = Path(tempfile.mkdtemp(prefix="rehearsal-"))
    try:
        with served(News("mot")) as one, served(News("hai")) as other:
            cron = Cron(folder, [one, other])
            print(f"cron runs: {cron.command}")
            wrong = rehearse(cron, [one, other], options.days, options.every) + at_the_end(cron, [one, other], options.days)
            last = cron.rows("select source_id, outcome, count(*) from runs group by 1, 2 order by 1, 2")
        print(f"{options.days} days: {last}")
        print("\n".join(f"WRONG: {line}" for line in wrong) or "all is as docs/operations.md says")
        return 1 if wrong else 0
    finally:
        shutil.rmtree(folder)


if __name__ == "__main__":
    sys.exit(main())
