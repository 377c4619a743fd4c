"""Makes the pictures of the README again: crawl the sample, serve it, open it in Chromium.

python -m docs.make_screenshots
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import sync_playwright

from benchmarks.datasette_server import PROJECT, serving

IMAGES = PROJECT / "docs" / "images"
SAMPLE = ("sample-mic", "sample-mst", "sample-nghe-an", "sample-ha-noi")


def crawl_sample(folder: Path) -> None:
    """Crawls the sample into `folder`."""
    for source in SAMPLE:
        places = ("-s", f"ARCHIVE={folder}/archive.db", "-s", f"CAPTURES={folder}/captures")
        command = [sys.executable, "-m", "scrapy", "crawl", source, *places]
        subprocess.run(command, cwd=PROJECT, check=True, stdout=subprocess.DEVNULL)


def main() -> None:
    """Writes docs/images/*.png."""
    chromium = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if chromium is None:
        sys.exit("error: there is no Chromium; install the package chromium")
    IMAGES.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as name, sync_playwright() as playwright:
        crawl_sample(Path(name))
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        with serving(Path(name)) as url:
            page = browser.new_page(viewport={"width": 1100, "height": 1000})
            page.goto(url)
            page.screenshot(path=IMAGES / "home.png")
            page.click("text=Chỉ thị 07/2008/CT-BTTTT")
            page.screenshot(path=IMAGES / "document.png")
            page.click("text=Nghệ An: Hội thảo phần mềm nguồn mở")
            page.screenshot(path=IMAGES / "article.png", full_page=True)
        browser.close()


if __name__ == "__main__":
    main()
