"""Turns one `[[source]]` block into a Source. A wrong key or value is rejected; nothing is guessed."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import urljoin, urlsplit

from scraper.model import ATTACHMENTS, NEW_FILES, Source, Unit
from scraper.reference import units
from scraper.sources import block_politeness
from scraper.sources.block_values import BlockValues
from scraper.sources.groups import FOLDER, KINDS
from scraper.sources.likely_values import likely_id, likely_site
from scraper.sources.platform_names import all_platforms, is_platform
from scraper.sources.unit_names import unknown_unit
from scraper.suggestions import did_you_mean, suggestion
from scraper.toml_slips import meant_key
from scraper.two_languages import Message
from scraper.urls import host_of, is_under

_ID = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_HOST = re.compile(r"[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?(?::\d{1,5})?")
_PATH = re.compile(r"/(?:[^/?#\\\s]+/)*")
_CONFIDENCE = ("low", "medium", "high")
# What `expect` may name, each with the largest number that makes sense; docs/health.md describes them.
_EXPECT = {
    "max_quiet_days": math.inf,
    "min_articles_per_run": math.inf,
    "min_articles_total": math.inf,
    "min_dated_share": 1,
    "max_undated_share": 1,
    "max_generic_share": 1,
    "max_empty_share": 1,
    "max_gone_share": 1,
    "max_changed_share": 1,
    "max_failed_share": 1,
    "max_unofficial_share": 1,
    "other_language": 1,
    "other_site": 1,
}
_REQUIRED = ("id", "name", "unit", "site")
_OPTIONAL = (
    "kind",
    "hosts",
    "under",
    "platform",
    "listings",
    "discover_sections",
    "feeds",
    "sitemaps",
    "valid",
    "successor",
    "confidence",
    "basis",
    "expect",
    "delay",
    "window",
    "budget",
    "cookies",
    "tls",
    "attachments",
    "ocr",
    "replay",
)
KEYS = (*_REQUIRED, *_OPTIONAL)


def source_of(path: Path, number: int, block: Mapping[str, Any]) -> Source:
    """Returns the source of a block. `number`: the position of the block in its file, from 1.

    Raises:
        SourceError: for the first key that is wrong.
    """
    return _Block(path, number, block).source()


class _Block(BlockValues):
    def source(self) -> Source:
        for key in self.block:
            if key not in KEYS:
                meant = meant_key(key)
                hint, known = did_you_mean([meant]) if meant else suggestion(key, KEYS), ", ".join(KEYS)
                raise self.error(key, f"unknown key{hint.en}; known are {known}", f"không có khóa này{hint.vi}; các khóa là {known}")
        for key in _REQUIRED:
            if key not in self.block:
                raise self.error(key, f'is missing; add a line {key} = "..."', f'còn thiếu; hãy thêm dòng {key} = "..."')
        source_id, name, site, under = self.text("id"), self.text("name"), self.site(), self.under()
        if not _ID.fullmatch(source_id):
            like = likely_id(source_id) or "nghe-an-ict"
            raise self.error(
                "id",
                f'"{source_id}" must be lower-case letters and digits separated by hyphens, like "{like}"',
                f'"{source_id}" phải gồm chữ thường không dấu và chữ số, nối bằng gạch ngang, ví dụ "{like}"',
            )
        unit = self.unit()
        valid_from, valid_to = self.valid()
        return Source(
            id=source_id,
            name=name,
            unit=unit.id,
            site=site,
            hosts=self.hosts(site),
            kind=self.one_of("kind", KINDS, ""),
            under=under,
            platform=self.platform(),
            listings=self.listings(site, under),
            discover_sections=self.flag("discover_sections", "listings" not in self.block),
            feeds=self.urls("feeds", site),
            sitemaps=self.urls("sitemaps", site),
            valid_from=valid_from,
            valid_to=valid_to,
            successor=self.optional_text("successor"),
            confidence=self.one_of("confidence", _CONFIDENCE, "low"),
            basis=self.optional_text("basis"),
            expect=self.expect(),
            delay=block_politeness.delay(self),
            window=block_politeness.window(self),
            budget=block_politeness.budget(self),
            cookies=self.flag("cookies", False),
            tls=block_politeness.tls(self),
            attachments=self.one_of("attachments", ATTACHMENTS, NEW_FILES),
            ocr=self.flag("ocr", False),
            province=unit.name if unit.kind in ("province", "city") else None,
            replay=self.replay(),
            file=str(self.path),
            block=self.number,
        )

    def site(self) -> str:
        value = self.text("site")
        if host_of(value) is None or not _HOST.fullmatch(urlsplit(value).netloc):
            meant = likely_site(value)
            is_usable = host_of(meant) is not None and _HOST.fullmatch(urlsplit(meant).netloc)
            hint = did_you_mean([f'"{meant}"'] if is_usable else [])
            raise self.error(
                "site",
                f'"{value}" must be a URL like "https://sotttt.example.gov.vn"{hint.en}',
                f'"{value}" phải là địa chỉ như "https://sotttt.example.gov.vn"{hint.vi}',
            )
        parts = urlsplit(value)
        if parts.path not in ("", "/") or parts.query or parts.fragment:
            path = parts.path if parts.path != "/" else ""
            home = f'site = "{parts.scheme}://{parts.netloc}"'
            more = Message(
                f'; put pages into listings = ["{path}"], or write under = "{path}" if the source is only this part of the site',
                f'; các trang thì ghi vào listings = ["{path}"], hoặc ghi under = "{path}" nếu nguồn chỉ là phần này của trang',
            )
            raise self.error(
                "site",
                f'"{value}" must end after the host: {home}{more.en if path else ""}',
                f'"{value}" phải kết thúc sau tên miền: {home}{more.vi if path else ""}',
            )
        return f"{parts.scheme}://{parts.netloc}"

    def hosts(self, site: str) -> tuple[str, ...]:
        more = self.texts("hosts")
        for host in more:
            if not _HOST.fullmatch(host) or host_of(f"http://{host}") is None:
                raise self.error(
                    "hosts",
                    f'"{host}" must be a bare host in lower case like "www.example.gov.vn", without https:// or a path',
                    f'"{host}" phải chỉ là tên miền bằng chữ thường như "www.example.gov.vn", không có https:// và không có đường dẫn',
                )
        return tuple(dict.fromkeys([urlsplit(site).netloc, *more]))

    def under(self) -> str:
        value = self.optional_text("under") or "/"
        path = value if value.endswith("/") else f"{value}/"
        if not _PATH.fullmatch(path) or not is_under(f"https://host{path}", path):
            raise self.error(
                "under",
                f'"{value}" must be a path of the site, like "/sites/stttt/"',
                f'"{value}" phải là một đường dẫn của trang, ví dụ "/sites/stttt/"',
            )
        return path

    def unit(self) -> Unit:
        value = self.text("unit")
        unit = units().get(value)
        if unit is None:
            unknown = unknown_unit(value)
            raise self.error("unit", unknown.en, unknown.vi)
        return unit

    def platform(self) -> str | None:
        value = self.optional_text("platform")
        if value is not None and not is_platform(value):
            hint, known = suggestion(value, all_platforms()), ", ".join(all_platforms())
            raise self.error(
                "platform",
                f'unknown platform "{value}"{hint.en}; known are {known}; leave the line out to recognise it from the pages',
                f'không có nền tảng "{value}"{hint.vi}; các nền tảng là {known}; bỏ dòng này thì nền tảng được nhận ra từ các trang',
            )
        return value

    def one_of(self, key: str, known: Mapping[str, str] | tuple[str, ...], default: str) -> str:
        value = self.optional_text(key) or default
        if value != default and value not in known:
            names = ", ".join(known)
            raise self.error(
                key,
                f'"{value}" must be one of {names}; leave the line out if none of them fits',
                f'"{value}" phải là một trong các từ {names}; nếu không từ nào hợp thì bỏ dòng này',
            )
        return value

    def urls(self, key: str, site: str) -> tuple[str, ...]:
        return tuple(self.url(key, site, value) for value in self.texts(key))

    def url(self, key: str, site: str, value: str) -> str:
        """Returns a URL of the source that is written as one, or as a path."""
        try:
            url = urljoin(f"{site}/", value)
        except ValueError:
            url = value
        if host_of(url) is None or urlsplit(url).netloc not in self.hosts(site):
            raise self.error(
                key,
                f'"{url}" is not on a host of this source; write a path like "/tin-tuc/" or add its host to hosts',
                f'"{url}" không thuộc tên miền nào của nguồn này; hãy viết đường dẫn như "/tin-tuc/" hoặc thêm tên miền đó vào hosts',
            )
        return url

    def listings(self, site: str, under: str) -> tuple[str, ...]:
        urls = self.urls("listings", site)
        for url in urls:
            if not is_under(url, under):
                raise self.error(
                    "listings",
                    f'"{url}" is not under "{under}", the part of the site that this source is; change one of them',
                    f'"{url}" không nằm dưới "{under}", tức là phần của trang mà nguồn này lấy; hãy sửa một trong hai',
                )
        return urls

    def replay(self) -> tuple[str, ...]:
        """Returns the recordings of the source. Those of the project's own files are relative to its checkout."""
        values = self.texts("replay")
        return tuple(str(FOLDER.parent.parent / value) for value in values) if self.path.parent == FOLDER else values

    def valid(self) -> tuple[date | None, date | None]:
        value = self.block.get("valid", [])
        if not isinstance(value, list) or len(value) > 2:
            raise self.error(
                "valid",
                'must be ["from", "to"], like ["2008-03-01", "2025-02-28"]; "" if the end is open',
                'phải là ["ngày đầu", "ngày cuối"], ví dụ ["2008-03-01", "2025-02-28"]; ghi "" nếu chưa có ngày cuối',
            )
        first, last = (self.day("valid", item) for item in [*value, "", ""][:2])
        if first and last and first > last:
            raise self.error(
                "valid",
                f"begins ({first}) after it ends ({last}); swap the two days",
                f"ngày đầu ({first}) sau ngày cuối ({last}); hãy đổi chỗ hai ngày",
            )
        return first, last

    def expect(self) -> Mapping[str, float]:
        value = self.block.get("expect", {})
        if not isinstance(value, dict):
            raise self.error("expect", "must be a table, like { max_quiet_days = 14 }", "phải là một bảng, ví dụ { max_quiet_days = 14 }")
        for name, number in value.items():
            if name not in _EXPECT:
                hint, known = suggestion(name, _EXPECT), ", ".join(_EXPECT)
                raise self.error(
                    "expect",
                    f'unknown expectation "{name}"{hint.en}; known are {known}',
                    f'không có mục "{name}"{hint.vi}; các mục là {known}',
                )
            if self.number_of("expect", number, name=name) > _EXPECT[name]:
                raise self.error(
                    "expect",
                    f"{name} is a share, so it must be between 0 and 1, not {number!r}",
                    f"{name} là một tỷ lệ nên phải từ 0 đến 1, không phải {number!r}",
                )
        return dict(value)
