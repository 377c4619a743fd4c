"""Compares what is extracted from pages with other extractors: `python -m benchmarks.pages [--shared FOLDER] [--most N]`.

In one run, on the same bytes: title, day and minute of publication and words of the body, by our layouts, by our general rules only, and by
each of trafilatura, htmldate, newspaper4k and news-please that is installed. news-please 1.6.16 needs 234 MB and does not resolve with
constraints.txt, so it is not in the extra `bench`. Install these peers in their own environment instead:

    python -m venv peers && peers/bin/pip install newspaper4k==0.9.4 news-please==1.6.16 trafilatura==2.3.1 htmldate==1.11.0 lxml_html_clean
    python -m benchmarks.pages --shared ../shared --peers peers/bin/python

Collections: tests/pages and, with --shared, the recorded sites, the single pages and the cases of that folder. The minute is compared only
if the truth has one. `--speed` measures the time per page against trafilatura's extraction in the same run: from bytes to an article with
its citations, on pages of 60 to 120 kB. `--speed --generic` measures the general rules on pages of a plain site of about 17 kB.
"""

from __future__ import annotations

import argparse
import csv
import json
import logging
import re
import subprocess
import time
import tomllib
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from statistics import mean, quantiles
from typing import Any

from tqdm import tqdm

from scraper.citations import DocumentsInMemory, reference_documents
from scraper.model import Capture, Precision, Source
from scraper.parse import read_page
from scraper.parse.fields.written_dates import VIETNAM
from scraper.reader import read
from scraper.sources import made_up
from scraper.warc.recording import Recording
from scraper.warc.records import decode

PROJECT = Path(__file__).resolve().parent.parent
LIMIT = 10 * 1024 * 1024  # bytes
IN_TURN = 10  # pages
MINUTE = 16  # characters of YYYY-MM-DDTHH:MM


@dataclass(frozen=True)
class Case:
    """A page and the values that a person wrote down for it. None means that nobody did."""

    collection: str
    capture: Capture
    source: Source
    title: str | None
    day: str | None  # YYYY-MM-DD, or YYYY-MM-DDTHH:MM if the minute is known
    body: str | None

    @property
    def html(self) -> str:
        """Returns the page as text, for extractors that do not accept bytes."""
        return self.capture.body.decode("utf-8", "replace")


@dataclass(frozen=True)
class Read:
    """The result of an extractor. A field is empty if it found nothing."""

    title: str = ""
    day: str = ""  # as in Case, in Vietnamese time
    body: str = ""
    cpu: float = 0.0  # seconds of processor time, if it was extracted in another process


def _said(published: str) -> str | None:
    """Returns the date of a case. A midnight counts as a day only, since it mostly means that no time is known."""
    return published[:MINUTE].replace(" ", "T").removesuffix("T00:00") or None


def fixtures() -> Iterator[Case]:
    """Yields the pages of tests/pages. We wrote them, so they show that nothing is broken, not how good the extraction is."""
    for path in sorted((PROJECT / "tests/pages").glob("*.toml")):
        truth = tomllib.loads(path.read_text(encoding="utf-8"))
        if truth["kind"] == "article":
            headers = (("Content-Type", truth.get("content_type", "text/html")),)
            page = Capture(truth["url"], 200, headers, path.with_suffix(".html").read_bytes(), truth["captured"].astimezone(UTC))
            fields = truth["fields"]
            yield Case(
                "tests/pages",
                page,
                made_up(page.url),
                fields["title"],
                _said(str(fields.get("published", ""))),
                fields["body"],
            )


def recorded_site(pages: Path, name: str, most: int) -> Iterator[Case]:
    """Yields articles of a recorded site, evenly spread."""
    truths = [json.loads(line) for line in (pages / name / "truth.jsonl").read_text(encoding="utf-8").splitlines()]
    recording = Recording([pages / name / "site.warc.gz"])
    for truth in truths[:: max(1, len(truths) // most)]:
        found = recording.find(truth["absolute_url"], LIMIT)
        if found is not None and not truth.get("external_link") and not truth.get("external_url"):
            page = decode(found.response, LIMIT)
            if page.status == 200:
                yield Case(
                    name,
                    page,
                    made_up(page.url),
                    truth["title"],
                    _said((truth["published"] or "")[: 10 if truth.get("published_precision") == "day" else MINUTE]),
                    "\n".join(truth.get("body_paragraphs", ())),
                )
    recording.close()


def real_pages(pages: Path) -> Iterator[Case]:
    """Yields single real pages whose day of publication somebody wrote down."""
    with (pages / "real/index.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            if row["published_date"]:
                body = (pages / "real" / row["file"]).read_bytes()
                headers = (("Content-Type", "text/html; charset=utf-8"),)
                page = Capture(row["url"], 200, headers, body, datetime(2026, 10, 1, tzinfo=UTC))
                yield Case("real", page, made_up(page.url), row["title"], _said(row["published_date"]), None)


def case_pages(folder: Path) -> Iterator[Case]:
    """Yields small pages with one difficulty each, with the values that the reporter of the fault expects."""
    for path in sorted(folder.glob("*.json")):
        truth = json.loads(path.read_text(encoding="utf-8"))
        if truth["kind"] == "article":
            headers = (("Content-Type", "text/html; charset=utf-8"),)
            page = Capture(truth["url"], 200, headers, path.with_suffix(".html").read_bytes(), datetime(2022, 8, 27, tzinfo=UTC))
            yield Case("cases", page, made_up(page.url), truth["title"], _said(truth["published_at"] or ""), "\n".join(truth["body"]))


def ours(case: Case, *, generic: bool = False) -> Read:
    """Returns the fields that this project extracts."""
    article = read_page(case.capture, case.source, generic=generic).article
    if article is None:
        return Read()
    when = article.published
    day = when.value.isoformat()[: MINUTE if when.precision is Precision.MINUTE else 10] if when.value else ""
    return Read(article.title.value or "", day, article.body.value or "")


def _trafilatura(case: Case) -> Read:
    found = import_module("trafilatura").bare_extraction(case.html, url=case.capture.url, with_metadata=True, include_comments=False)
    values = found.as_dict() if found is not None else {}
    return Read(values.get("title") or "", values.get("date") or "", values.get("text") or "")


def _htmldate(case: Case) -> Read:
    found = import_module("htmldate").find_date(case.html, url=case.capture.url, original_date=True, outputformat="%Y-%m-%dT%H:%M")
    return Read(day=_moment(found))


def _newspaper(case: Case) -> Read:
    article = import_module("newspaper").Article(case.capture.url, language="vi", fetch_images=False)
    article.download(input_html=case.html)
    article.parse()
    return Read(article.title or "", _moment(article.publish_date), article.text or "")


def _newsplease(case: Case) -> Read:
    article = import_module("newsplease").NewsPlease.from_html(case.html, url=case.capture.url)
    return Read(article.title or "", _moment(article.date_publish), article.maintext or "")


def _moment(value: Any) -> str:
    """Returns another extractor's date in Vietnamese time, with its minute. A midnight counts as a day only."""
    if isinstance(value, datetime):
        value = (value.astimezone(VIETNAM) if value.tzinfo is not None else value).isoformat()
    return str(value or "")[:MINUTE].replace(" ", "T").removesuffix("T00:00")


OTHERS: Mapping[str, tuple[str, Callable[[Case], Read]]] = {
    "trafilatura": ("trafilatura", _trafilatura),
    "htmldate": ("htmldate", _htmldate),
    "newspaper4k": ("newspaper", _newspaper),
    "news-please": ("newsplease", _newsplease),
}


def through(python: Path, name: str) -> Callable[[Case], Read]:
    """Returns the extractor `name`, run by another interpreter in one process for all pages."""
    worker = subprocess.Popen(
        [python, Path(__file__).with_name("peers.py"), name],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )

    def extract(case: Case) -> Read:
        assert worker.stdin is not None and worker.stdout is not None
        print(json.dumps({"html": case.html, "url": case.capture.url}), file=worker.stdin, flush=True)
        answer = json.loads(worker.stdout.readline() or "{}")
        return Read(answer.get("title", ""), answer.get("day", ""), answer.get("body", ""), answer.get("cpu", 0.0))

    return extract


def same_title(one: str, other: str) -> bool:
    """Returns whether two titles have the same letters and digits."""
    return _letters(one) == _letters(other)


def _letters(text: str) -> str:
    return re.sub(r"[^\w]+", "", unicodedata.normalize("NFC", text)).casefold()


def word_f1(one: str, other: str) -> float:
    """Returns the F1 score of the words that two texts share, each counted as often as it occurs."""
    mine, theirs = (Counter(re.findall(r"\w+", unicodedata.normalize("NFC", text).casefold())) for text in (one, other))
    both = (mine & theirs).total()
    return 2 * both / (mine.total() + theirs.total()) if both else float(not mine and not theirs)


def measure(cases: Sequence[Case], extract: Callable[[Case], Read], name: str) -> str:
    """Returns a row of the table. "-" means that the extractor does not extract that field, or that no correct value is known.

    If an extractor raises, it gave nothing for that page. If a module is missing, it is not measured.
    """
    found = []
    for case in tqdm(cases, desc=name, disable=None, leave=False):
        try:
            found.append(extract(case))
        except ImportError as error:
            return f"| {cases[0].collection} ({len(cases)}) | {name} | not measured: {error} | | | | | |"
        except Exception:  # noqa: BLE001 - an extractor may raise anything; then it extracted nothing
            found.append(Read())
    pairs = list(zip(cases, found, strict=True))
    titles = [same_title(one.title, case.title) for case, one in pairs if case.title is not None] if any(one.title for one in found) else []
    days = [one.day[: len(case.day[:10])] == case.day[:10] for case, one in pairs if case.day is not None]
    minutes = [one.day == case.day for case, one in pairs if case.day is not None and len(case.day) == MINUTE]
    bodies = [word_f1(one.body, case.body) for case, one in pairs if case.body] if any(one.body for one in found) else []
    f1 = f"{mean(bodies):.3f} | {quantiles(bodies, n=10)[0]:.3f} | {min(bodies):.3f}" if len(bodies) > 1 else "- | - | -"
    title, day, minute = (f"{mean(part):.3f}" if part else "-" for part in (titles, days, minutes))
    return f"| {cases[0].collection} ({len(cases)}) | {name} | {title} | {day} | {minute} | {f1} |"


def speed(cases: Iterable[Case]) -> str:
    """Measures the time for a page of 60 to 120 kB, from bytes to an article with its citations, against trafilatura's extraction only.

    Each page is read once, after some others of the same sites. So caches from other pages help, but no cache of the page itself. The two
    take turns of some pages each: a machine that changes its speed slows both, and neither often has to free the memory of the other (an
    lxml tree takes long to be freed).
    """
    fitting = [case for case in cases if 60_000 <= len(case.capture.body) <= 120_000]
    if len(fitting) < 2 or find_spec("trafilatura") is None:
        return "no pages of 60 to 120 kB, or no trafilatura to compare with"
    known = DocumentsInMemory(reference_documents())  # all of them loaded, as in a crawl
    warming, pages = fitting[::6], [case for place, case in enumerate(fitting) if place % 6]
    mine = theirs = 0.0
    for cases_in_turn in (warming, *(pages[start : start + IN_TURN] for start in range(0, len(pages), IN_TURN))):
        began = time.process_time()
        for case in cases_in_turn:
            read(case.capture, case.source, known, links=False)
        between = time.process_time()
        for case in cases_in_turn:
            _trafilatura(case)
        if cases_in_turn is not warming:
            mine, theirs = mine + between - began, theirs + time.process_time() - between
    count = len(pages)
    return (
        f"{count} pages of 60 to 120 kB: {mine / count * 1000:.1f} ms a page read and cited by us, "
        f"{theirs / count * 1000:.1f} ms extracted by trafilatura: {theirs / mine:.1f} times"
    )


def plain_pages(count: int) -> list[Case]:
    """Returns pages of a made-up site of no known platform: menu, date, sixteen paragraphs, two lists of news; about 15 kB each."""
    pages = []
    for number in range(count):
        day = f"{number % 28 + 1:02d}/{number % 12 + 1:02d}/2019"
        title = f"Hội nghị sơ kết công tác chuyển đổi số quý {number % 4 + 1} của ngành, lần thứ {number}"
        menu = "".join(f'<li class="item"><a href="/chuyen-muc-{at}/">Chuyên mục tin tức số {at}</a></li>' for at in range(24))
        other = "".join(
            f'<li><a href="/tin/{number * 7 + at}.html">Tin khác thứ {number * 7 + at} về hoạt động của các đơn vị trong ngành</a>'
            f" <span>({day})</span></li>"
            for at in range(20)
        )
        body = "".join(
            f'<p style="text-align: justify;"><span>Đoạn {at} của bài {number}: các đơn vị đã rà soát {number + at} hệ thống, '
            f"tập huấn cho cán bộ của {at + 3} xã và báo cáo kết quả về Văn phòng Sở trước ngày {day} để tổng hợp, trình lãnh đạo "
            f"xem xét theo Kế hoạch số {number + 10}/KH-STTTT. Đại diện các phòng đề nghị bố trí kinh phí, nhân lực và tiếp tục "
            "theo dõi tiến độ trong quý sau.</span></p>"
            for at in range(16)
        )
        html = (
            f'<!DOCTYPE html><html lang="vi"><head><meta charset="utf-8"><title>{title} - Sở Thông tin</title></head><body>'
            f'<div class="banner"><a href="/"><img src="/logo.png" alt=""></a></div><ul class="menu">{menu}</ul><div class="main">'
            f'<h1 class="title">{title}</h1><div class="date">{day} | 08:{number % 60:02d}</div><div class="content">{body}</div>'
            f'<h3>Tin khác</h3><ul>{other}</ul></div><div class="sidebar"><ul>{other}</ul></div>'
            '<div class="footer"><p>Giấy phép số 12/GP-TTĐT. Chịu trách nhiệm chính: Giám đốc Sở</p></div></body></html>'
        )
        url = f"http://so-mau.test/chitiet.aspx?id={number}"
        capture = Capture(url, 200, (("Content-Type", "text/html; charset=utf-8"),), html.encode(), datetime(2022, 1, 1, tzinfo=UTC))
        pages.append(Case("plain", capture, made_up(url), title, None, None))
    return pages


def generic_speed(cases: Sequence[Case]) -> str:
    """Measures the general rules, from bytes to an article, against trafilatura's extraction in the same run."""
    if find_spec("trafilatura") is None:
        return "no trafilatura to compare with"
    mine = theirs = 0.0
    for start in range(0, len(cases), IN_TURN):
        turn = cases[start : start + IN_TURN]
        began = time.process_time()
        for case in turn:
            read_page(case.capture, case.source, generic=True, links=False)
        between = time.process_time()
        for case in turn:
            _trafilatura(case)
        if start:  # the first turn warms both
            mine, theirs = mine + between - began, theirs + time.process_time() - between
    count = len(cases) - IN_TURN
    size = sum(len(case.capture.body) for case in cases) / len(cases) / 1000
    return (
        f"{count} plain pages of {size:.0f} kB by the general rules: {mine / count * 1000:.1f} ms a page, "
        f"{theirs / count * 1000:.1f} ms extracted by trafilatura: {theirs / mine:.1f} times"
    )


def main() -> None:
    """Prints the table and the ratio."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--shared", type=Path, help="the folder that holds pages/ with recorded sites")
    parser.add_argument("--most", type=int, default=150, help="articles of each recorded site, evenly spread (150)")
    parser.add_argument("--peers", type=Path, help="a Python in whose environment the other extractors are installed")
    parser.add_argument("--generic", action="store_true", help="with --speed: the general rules, on plain pages of about 17 kB")
    parser.add_argument("--speed", action="store_true", help="only the time that a page takes")
    options = parser.parse_args()
    logging.disable(logging.CRITICAL)
    collections = [list(fixtures())]
    if options.shared:
        pages = options.shared / "pages"
        collections += [list(recorded_site(pages, name, options.most)) for name in ("nukeviet", "hanoi")] + [
            list(real_pages(pages)),
            list(case_pages(options.shared / "cases/pages")),
        ]
    if options.speed and options.generic:
        print(generic_speed(plain_pages(200)))
        return
    if options.speed:
        print(speed(case for cases in collections for case in cases))
        return
    print("| pages | extractor | title | day | minute | body F1 mean | 10th percentile | worst |\n|" + " --- |" * 8)
    for cases in collections:
        print(measure(cases, ours, "ours"), flush=True)
        print(measure(cases, lambda case: ours(case, generic=True), "ours, general rules only"), flush=True)
        for name, (module, extract) in OTHERS.items():
            if options.peers is not None:
                print(measure(cases, through(options.peers, name), name), flush=True)
            elif find_spec(module) is not None:
                print(measure(cases, extract, name), flush=True)
    print(f"\n{speed(case for cases in collections for case in cases)}")


if __name__ == "__main__":
    main()
