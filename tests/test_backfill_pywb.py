"""A back-fill from a real pywb, in place of the archives: the same rows as a crawl of the recording that pywb serves.

The recording is made of the sample: three sites of three platforms, each with the time of another era, and of each one an article
that was edited between two captures. pywb needs older libraries than the project, so it gets an environment of its own; the environment
variable PYWB names the folder of one that exists.
"""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from scraper.warc.records import response_of, scan
from tests.conftest import PROJECT, Place
from tests.warc_records import response_record

pytestmark = pytest.mark.gate

_ERAS = {"mic.sample.test": "2023-12-01", "sotttt.sample.test": "2024-06-01", "mst.sample.test": "2025-12-01"}
_EDITED = {"mic.sample.test": "2024-02-01", "sotttt.sample.test": "2024-09-01", "mst.sample.test": "2026-02-01"}
_FAST: dict[str, Any] = {"BACKFILL_QUERIES_PER_MINUTE": 600_000, "BACKFILL_PAGES_PER_MINUTE": 600_000, "NOW": "2026-11-28T02:00:00+07:00"}
# Rows are compared without the numbers of this archive. robots.txt is not queried of a web archive, and the recording has it.
_ROWS = {
    "captures": "select url, captured_at, status, digest, length, outcome, reason, platform from captures where outcome <> 'robots'",
    "articles": "select source_id, key, url, title, summary, author, section, published_at, published_rule, first_seen, last_seen, layout,"
    " citation_count, story_count, flags, gone_at from articles",
    "texts": "select key, body, body_rule, dateline, byline from article_text join articles on articles.id = article_id",
    "fields": "select key, field, rule, rule_parameter, rule_notes, rejected from article_fields join articles on articles.id = article_id",
    "stories": "select key, position, stories.title from stories join articles on articles.id = article_id",
    "citations": "select key, number, citations.kind, status, relation, text from citations join articles on articles.id = article_id",
    "revisions": "select key, seen_at, changed, before from revisions join articles on articles.id = article_id",
}


@pytest.fixture(scope="module")
def programs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder with the programs of pywb. The tests are skipped if it cannot be installed."""
    if given := os.environ.get("PYWB"):
        return Path(given)
    folder = tmp_path_factory.mktemp("pywb")
    made = subprocess.run([sys.executable, "-m", "venv", folder], capture_output=True, text=True, check=False)
    if made.returncode == 0:
        pip = [f"{folder}/bin/python", "-m", "pip", "install", "--quiet", "pywb==2.10.0"]
        made = subprocess.run(pip, capture_output=True, text=True, check=False)
    if made.returncode:
        pytest.skip(f"pywb 2.10.0 cannot be installed: {made.stderr[-200:]}")
    return folder / "bin"


def _recording(path: Path) -> Path:
    """Writes the recording: three sites of the sample with the times of their eras, and an edited article of each."""
    edited: set[str] = set()
    with path.open("wb") as file:
        for record, _ in scan(PROJECT / "samples" / "sample.warc.gz"):
            if record.rec_type != "response" or record.http_headers is None:
                continue
            response = response_of(record, 1 << 24)
            host = response.url.split("/")[2]
            if host not in _ERAS:
                continue
            status = f"{response.status} {response.reason}"
            file.write(response_record(response.url, response.body, f"{_ERAS[host]}T02:00:00Z", *response.headers, status=status))
            if host not in edited and b"2008/CT-BTTTT" in response.body and b"<p" in response.body and len(response.url) > 60:
                edited.add(host)
                body = response.body.replace(b"2008/CT-BTTTT", b"2008/CT-BTTTT (b\xe1\xbb\x95 sung)")
                headers = [(name, value) for name, value in response.headers if name.lower() != "content-length"]
                file.write(response_record(response.url, body, f"{_EDITED[host]}T02:00:00Z", *headers, status=status))
    assert edited
    return path


@pytest.fixture(scope="module")
def collection(programs: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, str]]:
    """The recording, and the URL of the collection in which a running pywb serves it."""
    folder = tmp_path_factory.mktemp("collections")
    recording = _recording(folder / "eras.warc.gz")
    for command in (("init", "gov"), ("add", "gov", recording)):
        subprocess.run([programs / "wb-manager", *command], cwd=folder, check=True, capture_output=True)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with (folder / "pywb.log").open("w") as log:
        server = subprocess.Popen([programs / "wayback", "-b", "127.0.0.1", "-p", f"{port}"], cwd=folder, stdout=log, stderr=log)
        try:
            for _ in range(600):
                with socket.socket() as trial:
                    if server.poll() is not None or trial.connect_ex(("127.0.0.1", port)) == 0:
                        break
                time.sleep(0.1)
            assert server.poll() is None, (folder / "pywb.log").read_text()
            urllib.request.urlopen(f"http://127.0.0.1:{port}/gov/cdx?url=mic.sample.test&limit=1").read()
            yield recording, f"http://127.0.0.1:{port}/gov"
        finally:
            server.terminate()
            server.wait()


def _place(folder: Path) -> Place:
    folder.mkdir()
    return Place(folder)


def test_a_backfill_gives_the_rows_of_a_crawl_of_the_recording(tmp_path: Path, collection: tuple[Path, str]) -> None:
    recording, url = collection
    crawled, filled = _place(tmp_path / "crawled"), _place(tmp_path / "filled")
    for host in _ERAS:
        name = f"mau-{host.partition('.')[0]}"
        for place in (crawled, filled):
            place.source(name, f"https://{host}", unit="btttt")
        crawled.scrapy("crawl", name, SOURCES_EXTRA=crawled.folder / f"{name}.toml", REPLAY=recording, NOW=_FAST["NOW"])
        command = ("backfill", name, "--from", "2023", "--to", "2026", "--archive", url)
        filled.scrapy(*command, SOURCES_EXTRA=filled.folder / f"{name}.toml", **_FAST)
    for name, sql in _ROWS.items():
        expected, found = (sorted(place.rows(sql), key=repr) for place in (crawled, filled))
        assert found == expected, name
    assert len(filled.rows("select 1 from articles")) > 30
    assert filled.rows("select count(*) from revisions")[0][0] >= 1
    assert filled.rows("select count(*) from articles where archive_first_seen is not first_seen") == [(0,)]
    assert filled.rows("select count(*) from captures where origin not like ?", f"{url}/%id_/https://%") == [(0,)]
    assert filled.scrapy("captures", "verify").stdout.rstrip().endswith("no faults")
