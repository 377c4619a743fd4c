"""Two nights of `scrapy update` with many served sites: time, memory, the pause of each host, and requests when nothing is new.

    python -m benchmarks.nightly [--sites 100] [--articles 100] [--slowest 300] [--gate]

One process serves all sites, each on a port of its own of 127.0.0.1; another one is the update. The delay of each site is set so that the
slowest site needs `--slowest` seconds, and the fastest a quarter of that. Choose more than the time that all pages need on one core (about
15 ms a page): then the update needs hardly longer than the slowest site. With `--gate`, a missed goal is an error.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import random
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import partial
from pathlib import Path

from benchmarks.forked_commands import as_options

PROJECT = Path(__file__).resolve().parent.parent
PER_LIST = 10  # articles on a list page
FIRST_NIGHT = "2026-11-28T02:00:00+07:00"
SECOND_NIGHT = "2026-11-29T02:00:00+07:00"
# The goals of the issue.
LONGEST = 1.2  # times the time of the slowest site
MOST_MEMORY = 500  # MB
MOST_AGAIN = 0.04  # of the requests of the first night
ARTICLES_OF_THE_GOAL = 100  # of each site, for which the goals of the requests hold
EARLY = 0.001  # seconds by which two clocks may differ

_SUBJECTS = ("Sở Thông tin và Truyền thông", "UBND huyện Kỳ Anh", "Trung tâm Công nghệ thông tin", "Bưu điện tỉnh", "Hội Nông dân tỉnh")
_DEEDS = ("tổ chức hội nghị triển khai", "kiểm tra việc thực hiện", "khai giảng lớp tập huấn về", "báo cáo kết quả", "ban hành kế hoạch về")
_THINGS = (
    "chính quyền điện tử",
    "phần mềm nguồn mở",
    "an toàn thông tin mạng",
    "chuyển đổi số trong giáo dục",
    "số hóa truyền hình mặt đất",
)
_TEXT = (
    "các đại biểu trao đổi về kết quả của quý và thống nhất cách làm trong thời gian tới phòng huyện doanh nghiệp người dân dịch vụ công"
    " trực tuyến hạ tầng mạng máy chủ đường truyền cán bộ lớp học giáo viên thanh niên nông thôn miền núi xã phường thị trấn báo cáo số"
    " liệu năm tháng tuần ngày"
)
_ACTS = (
    "Căn cứ Quyết định số {n}/QĐ-UBND ngày 17/5/2007 của UBND tỉnh",
    "Thực hiện Chỉ thị số 07/2008/CT-BTTTT ngày 30/12/2008",
    "Theo Nghị định số 64/2007/NĐ-CP ngày 10/4/2007 của Chính phủ",
    "Triển khai Kế hoạch số {n}/KH-UBND năm nay",
)


@dataclass
class ServedSite:
    """A site and the requests that it received: for each one, when it came, and when its response was sent (time.monotonic)."""

    name: str
    articles: int
    delay: float = 0.0  # seconds
    port: int = 0
    pages: dict[str, bytes] = field(default_factory=dict)
    requests: list[tuple[float, float, str]] = field(default_factory=list)

    @property
    def lists(self) -> int:
        """The number of its list pages."""
        return -(-self.articles // PER_LIST)

    def shortest_pause(self) -> float:
        """Returns the shortest time between the end of a response and the next request, in seconds."""
        return min((later[0] - earlier[1] for earlier, later in zip(self.requests, self.requests[1:], strict=False)), default=float("inf"))


def make_site(name: str, articles: int, seed: int) -> ServedSite:
    """Returns a site of no known platform: list pages with a pager, the newest article first, and articles that cite documents."""
    chance = random.Random(seed)
    site = ServedSite(name, articles)
    entries = []
    for number in range(articles):
        day = date(2026, 11, 27) - timedelta(days=number)
        title = headline(chance, number + 1)
        path = f"/tin-tuc/bai-viet-{name}-{articles - number}.html"
        entries.append((path, title, day))
        site.pages[path] = article_page(title, day, chance)
    list_pages(site, entries)
    site.pages["/robots.txt"] = b"User-agent: *\nDisallow: /admin/\n"
    return site


def list_pages(site: ServedSite, entries: Sequence[tuple[str, str, date]]) -> None:
    """Writes the list pages of a site. `entries`: path, title and day of its articles, the newest first."""
    for page in range(site.lists):
        items = "".join(
            f"<li><a href='{path}'>{title}</a> <span class='ngay'>{day:%d/%m/%Y}</span></li>"
            for path, title, day in entries[page * PER_LIST : (page + 1) * PER_LIST]
        )
        pager = "".join(
            f"<a href='/tin-tuc/trang-{other}.html'>{other}</a> " for other in range(max(1, page), min(site.lists, page + 3) + 1)
        )
        body = f"<h1>Tin tức</h1><ul class='danh-sach'>{items}</ul><div class='pagination'>{pager}</div>"
        site.pages["/" if page == 0 else f"/tin-tuc/trang-{page + 1}.html"] = _framed("Tin tức của sở", body)
    site.pages["/tin-tuc/trang-1.html"] = site.pages["/"]


def headline(chance: random.Random, number: int) -> str:
    """Returns the title of an article."""
    return f"{chance.choice(_SUBJECTS)} {chance.choice(_DEEDS)} {chance.choice(_THINGS)} đợt {number}"


def article_page(title: str, day: date, chance: random.Random) -> bytes:
    """Returns an article. Its words are in random order, because texts that are alike are compared word for word as possible reprints."""
    paragraphs = []
    for _ in range(chance.randint(6, 10)):
        act = chance.choice(_ACTS).format(n=chance.randint(100, 2000))
        words = " ".join(chance.choices(_TEXT.split(), k=chance.randint(30, 70)))
        paragraphs.append(f"<p>{act}, {chance.choice(_SUBJECTS)} {chance.choice(_DEEDS)} {chance.choice(_THINGS)}: {words}.</p>")
    text = "".join(paragraphs)
    return _framed(title, f"<h1>{title}</h1><p class='ngay'>{day:%d/%m/%Y} 08:30</p><div class='noi-dung'>{text}</div>")


def _framed(title: str, body: str) -> bytes:
    offices = ("co-cau-to-chuc", "chuc-nang-nhiem-vu")
    menu = "".join(f"<li><a href='/gioi-thieu/{name}'>{name.replace('-', ' ')}</a></li>" for name in offices)
    return (
        f"<!doctype html><html lang='vi'><head><meta charset='utf-8'><title>{title}</title></head><body><div class='menu'><ul>"
        f"<li><a href='/'>Trang chủ</a></li>{menu}</ul></div><div class='main'>{body}</div>"
        "<div class='footer'>Cổng thông tin điện tử của sở. Trang được tạo ra để đo.</div></body></html>"
    ).encode()


class Servers:
    """Serves sites in a thread of this process. Use it in a `with` block."""

    def __init__(self, sites: Sequence[ServedSite], address: str = "127.0.0.1") -> None:
        self._sites, self._address = sites, address
        self._servers: list[asyncio.Server] = []
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)

    def __enter__(self) -> Servers:
        self._thread.start()
        asyncio.run_coroutine_threadsafe(self._open(), self._loop).result()
        return self

    def __exit__(self, *error: object) -> None:
        asyncio.run_coroutine_threadsafe(self._close(), self._loop).result()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    async def _open(self) -> None:
        for site in self._sites:
            server = await asyncio.start_server(partial(_serve, site), self._address, 0)
            site.port = server.sockets[0].getsockname()[1]
            self._servers.append(server)

    async def _close(self) -> None:
        for server in self._servers:
            server.close()
        connections = asyncio.all_tasks() - {asyncio.current_task()}
        for connection in connections:
            connection.cancel()
        await asyncio.gather(*connections, return_exceptions=True)


async def _serve(site: ServedSite, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    try:
        while True:
            head = await reader.readuntil(b"\r\n\r\n")
            began = time.monotonic()
            path = head.split(b" ", 2)[1].decode("latin-1")
            body = site.pages.get(path)
            status, kind = (
                ("200 OK", "text/plain" if path == "/robots.txt" else "text/html") if body is not None else ("404 Not Found", "text/html")
            )
            sent = body if body is not None else b"<p>khong co trang nay</p>"
            headers = f"HTTP/1.1 {status}\r\nContent-Type: {kind}; charset=utf-8\r\nContent-Length: {len(sent)}\r\n\r\n"
            writer.write(headers.encode() + sent)
            await writer.drain()
            site.requests.append((began, time.monotonic(), path))
    except (asyncio.IncompleteReadError, ConnectionError):
        pass  # the other side has closed the connection
    finally:
        writer.close()


@dataclass(frozen=True)
class Night:
    """What one update needed."""

    seconds: float
    waited: float  # of them, how long the update was ready while other processes had the cores; 0.0 if the system does not say so
    cpu: float  # seconds of one core
    memory: float  # MB, the greatest so far
    requests: Mapping[str, int]  # that each site received
    results: Mapping[str, Mapping[str, object]]  # what the update says about each source
    lines: tuple[str, ...]  # what else it printed


def night(folder: Path, sites: Sequence[ServedSite], now: str, **settings: object) -> Night:
    """Runs one update of these sites and returns what it needed. `folder`: of the archive. `now`: what the clock says."""
    sources = folder / "sources.toml"
    blocks = []
    for site in sites:
        who = f'[[source]]\nid = "{site.name}"\nname = "{site.name}"\nunit = "nghe-an"\n'
        blocks.append(f'{who}site = "http://127.0.0.1:{site.port}"\ndelay = {site.delay}\n')
    sources.write_text("\n".join(blocks), encoding="utf-8")
    given = {"ARCHIVE": folder / "archive.db", "CAPTURES": folder / "captures", "SOURCES_EXTRA": sources, "NOW": now} | settings
    command = [sys.executable, "-m", "scrapy", "update", "--json", *(site.name for site in sites), *as_options(given)]
    before = {site.name: len(site.requests) for site in sites}
    began = time.monotonic()
    with (folder / "out.txt").open("w+") as out:
        process = subprocess.Popen(command, cwd=PROJECT, stdout=out, stderr=subprocess.STDOUT)
        os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOWAIT)
        waited = _time_without_a_core(process.pid)
        _, _, usage = os.wait4(process.pid, 0)
        process.returncode = 0  # waited for above
        seconds = time.monotonic() - began
        out.seek(0)
        lines = out.read().splitlines()
    rows = [json.loads(line) for line in lines if line.startswith("{")]
    memory = usage.ru_maxrss / (1024 if sys.platform == "linux" else 1024**2)
    return Night(
        seconds,
        waited,
        usage.ru_utime + usage.ru_stime,
        memory,
        {site.name: len(site.requests) - before[site.name] for site in sites},
        {row["source"]: row for row in rows if "source" in row},
        tuple(line for line in lines if not line.startswith("{")),
    )


def _time_without_a_core(process_id: int) -> float:
    """Returns how long the main thread of a process was ready to go on while others had the cores, in seconds (Linux)."""
    try:
        return int(Path(f"/proc/{process_id}/schedstat").read_text().split()[1]) / 1e9
    except (OSError, IndexError, ValueError):
        return 0.0


def set_delays(sites: Sequence[ServedSite], slowest: float) -> None:
    """Gives each site a delay, so that the slowest one needs about `slowest` seconds, and the fastest a quarter of that."""
    for place, site in enumerate(sites):
        share = 1 - 0.75 * place / max(1, len(sites) - 1)
        site.delay = round(slowest * share / (site.articles + site.lists), 3)


def main() -> int:
    """Measures two nights and prints the numbers."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sites", type=int, default=100)
    parser.add_argument("--articles", type=int, default=100)
    parser.add_argument("--slowest", type=float, default=300.0, help="seconds that the slowest site needs")
    parser.add_argument("--keep", type=Path, metavar="FOLDER", help="a new folder in which the archive stays")
    parser.add_argument("--gate", action="store_true", help="exit code 1 if a goal is missed")
    options = parser.parse_args()
    sites = [make_site(f"site-{number:03}", options.articles, number) for number in range(options.sites)]
    set_delays(sites, options.slowest)
    with tempfile.TemporaryDirectory() as name, Servers(sites):
        folder = options.keep or Path(name)
        folder.mkdir(exist_ok=True)
        first = night(folder, sites, FIRST_NIGHT)
        pauses = {site.name: site.shortest_pause() - site.delay for site in sites}
        paths: defaultdict[str, Counter[str]] = defaultdict(Counter)
        for site in sites:
            paths[site.name].update(path for _, _, path in site.requests)
            site.requests.clear()
        second = night(folder, sites, SECOND_NIGHT)
    slowest = sites[0]
    ideal = first.requests[slowest.name] * slowest.delay
    took = max(float(str(row["seconds"])) for row in first.results.values())
    missing = sum(site.articles - int(str(first.results.get(site.name, {}).get("new", 0))) for site in sites)
    again = sum(second.requests.values()) / max(1, sum(first.requests.values()))
    print(f"{len(sites)} sites of {options.articles} articles; the delays of the slowest one add up to {ideal:.0f} s")
    print(f"first night: {first.seconds:.0f} s ({first.seconds / ideal:.2f} times these delays; the slowest source took {took:.0f} s),")
    print(f"  of them {first.waited:.0f} s in which other processes had the cores; the goal does not count these")
    print(f"  {first.cpu:.0f} s of CPU, {first.memory:.0f} MB, {sum(first.requests.values())} requests, {missing} articles missing")
    print(f"  the shortest pause of a host was {min(pauses.values()):+.3f} s longer than its delay")
    print(f"second night: {second.seconds:.0f} s, {second.cpu:.0f} s of CPU, {second.memory:.0f} MB,")
    print(f"  {sum(second.requests.values())} requests ({again:.1%} of the first night)")
    for line in (*first.lines, *second.lines):
        print(f"  also printed: {line}")
    repeated = Counter(path for counted in paths.values() for path, number in counted.items() if number > 1 for _ in range(number - 1))
    if repeated:
        print(f"  requested more than once in the first night: {repeated.most_common(5)}")
    goals = {
        "time": first.seconds - first.waited <= LONGEST * ideal,
        "pauses": min(pauses.values()) >= -EARLY,
        "memory": max(first.memory, second.memory) < MOST_MEMORY,
        # The few requests of a second night do not depend on the number of articles.
        "second night": again < MOST_AGAIN or options.articles < ARTICLES_OF_THE_GOAL,
        "articles": missing == 0,
    }
    missed = [goal for goal, reached in goals.items() if not reached]
    print(f"missed: {', '.join(missed)}" if missed else "all goals are reached")
    return 1 if missed and options.gate else 0


if __name__ == "__main__":
    sys.exit(main())
