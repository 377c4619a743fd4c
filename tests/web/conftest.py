"""What the tests in a real browser share: Chromium, and a server of the sample."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import Browser, sync_playwright

from benchmarks.datasette_server import serving
from tests.conftest import Place

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
in_chromium = pytest.mark.skipif(CHROMIUM is None, reason="needs Chromium (the package chromium)")


@contextmanager
def started_browser() -> Iterator[Browser]:
    """Starts Chromium. As long as it is open, no test of this process can use an event loop of its own."""
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield started
        started.close()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """A browser for one module, so that the next module can use event loops."""
    with started_browser() as started:
        yield started


@pytest.fixture(scope="session")
def url(sample: Place, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The URL of a server of the sample."""
    folder = tmp_path_factory.mktemp("served")
    shutil.copy(sample.archive, folder / "archive.db")
    with serving(folder) as address:
        yield address
