"""What the files of articles cost: growth of the archive and of the captures, processor time, and whether each host keeps its spacing.

    python -m benchmarks.article_files [--notices 1000] [--pages 3] [--delay 0]

A site of our own is served on 127.0.0.1: each notice links to a decision of `--pages` pages. It is crawled without its files, and with
them, in one run. `--delay`: seconds between two requests, of which the shortest that the server saw is printed.
"""

from __future__ import annotations

import argparse
import random
import resource
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from benchmarks.forked_commands import PROJECT, as_options
from scraper.attachments.limits import MB
from tests import notices
from tests.server import Site, serving_pages

NOW = "2026-10-30T02:00:00+07:00"
_LETTERS = 2_400  # of a page of a decision
_WORDS = """
các phòng chuyên môn đơn vị trực thuộc triển khai thực hiện nhiệm vụ được giao bảo đảm an toàn thông tin hệ thống máy chủ dịch vụ công
trực tuyến báo cáo kết quả trước ngày cuối quý theo dõi đôn đốc kiểm tra việc ứng dụng công nghệ số trong hoạt động của cơ quan
"""


@dataclass(frozen=True)
class Measured:
    """One crawl. Sizes in bytes, `processor` in seconds, `shortest`: between two requests, in seconds."""

    archive: int
    captures: int
    processor: float
    files: int
    file_bytes: int
    shortest: float


def measure(number: int, pages: int, delay: float, attachments: str) -> Measured:
    """Crawls a site with `number` notices. `attachments`: the key of the source."""
    chance = random.Random(number)
    served = notices.site(number)
    for at in range(1, number + 1):
        text = "\n\n".join(_paragraph(chance) for _ in range(pages * _LETTERS // 400))
        served[f"/tep/qd-{at}.rtf"] = (200, {"Content-Type": "application/rtf"}, notices.rtf(notices.decision(at, text)))
    with tempfile.TemporaryDirectory() as name, serving_pages(served) as site:
        folder = Path(name)
        block = (
            f'[[source]]\nid = "mau"\nname = "Sở Mẫu (benchmark)"\nunit = "nghe-an"\nsite = "{site.url}"\nattachments = "{attachments}"\n'
        )
        (folder / "mau.toml").write_text(block, encoding="utf-8")
        settings = {
            "ARCHIVE": folder / "archive.db",
            "CAPTURES": folder / "captures",
            "SOURCES_EXTRA": folder / "mau.toml",
            "DOWNLOAD_DELAY": delay,
            "DOWNLOAD_DELAY_JITTER": 0,
            "FILES_PER_DAY": number,
            "NOW": NOW,
        }
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        subprocess.run(
            [sys.executable, "-m", "scrapy", "crawl", "mau", *as_options(settings)], cwd=PROJECT, check=True, capture_output=True
        )
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        processor = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
        captures = sum(one.stat().st_size for one in (folder / "captures").rglob("*.warc.gz"))
        sent = [len(page[2]) for path, page in served.items() if path.startswith("/tep/") and isinstance(page, tuple)]
        number_of_files = sum(path.startswith("/tep/") for path in site.paths())
        size = (folder / "archive.db").stat().st_size
        return Measured(size, captures, processor, number_of_files, sum(sent) if number_of_files else 0, _shortest(site))


def _paragraph(chance: random.Random) -> str:
    words = _WORDS.split()
    chosen = [chance.choice(words) for _ in range(85)]
    return f"{' '.join(chosen).capitalize()}."


def _shortest(site: Site) -> float:
    times = [at for at, path, _ in site.requests if path != "/robots.txt"]
    return min((later - before for before, later in pairwise(times)), default=0.0)


def main() -> None:
    """Measures and prints."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--notices", type=int, default=1000)
    parser.add_argument("--pages", type=int, default=3, help="of each decision")
    parser.add_argument("--delay", type=float, default=0.0, help="seconds between two requests")
    given = parser.parse_args()
    without = measure(given.notices, given.pages, given.delay, "none")
    whole = measure(given.notices, given.pages, given.delay, "all")
    per = 1000 / whole.files
    grown, kept = (whole.archive - without.archive) * per / MB, (whole.captures - without.captures) * per / MB
    print(f"{whole.files} files of {whole.file_bytes / whole.files / 1000:.0f} kB, {given.pages} pages each; per 1,000 files:")
    print(f"archive.db grows by {grown:.1f} MB, captures by {kept:.1f} MB")
    print(f"processor time: {(whole.processor - without.processor) * per:.1f} s, beside {without.processor * per:.1f} s of the other pages")
    print(f"shortest time between two requests: {without.shortest:.3f} s without files, {whole.shortest:.3f} s with them")


if __name__ == "__main__":
    main()
