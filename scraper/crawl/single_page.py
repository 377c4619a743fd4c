"""Fetches one page from a saved file, a recording or the web, for inspection only. Nothing is stored."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable
from datetime import UTC, datetime
from pathlib import Path

from scrapy import Request, Spider
from scrapy.crawler import CrawlerProcess
from scrapy.http import Response
from scrapy.settings import BaseSettings, Settings
from scrapy.utils.datatypes import SequenceExclude
from twisted.python.failure import Failure as TwistedFailure

from scraper import clock
from scraper.base_command import silence_failed_requests
from scraper.content_coding import CannotDecode, TooLarge
from scraper.crawl.exception_reasons import reason_of_exception
from scraper.crawl.exception_texts import detail_of_exception
from scraper.crawl.spider.source_spider import PageSpider
from scraper.crawl.user_agent import user_agent
from scraper.failures import TRANSIENT, meaning
from scraper.model import Capture, Source, UserError
from scraper.two_languages import Bilingual, Message, as_message, message_of, same
from scraper.urls import host_of
from scraper.warc.recording import Recording
from scraper.warc.records import Response as RecordedResponse
from scraper.warc.records import decode

_SAVE = Bilingual("save the page in a browser and give the file with --url", "hãy lưu trang bằng trình duyệt rồi đưa tệp cùng --url")


def page_from_file(path: Path, url: str | None, captured_at: datetime | None, limit: int) -> Capture:
    """Returns a page that was saved to a file.
    `url`: the URL that the page came from. `captured_at`: the time of capture; the default is the time when the file was written (UTC).
    `limit`: maximum length in bytes.
    Raises: UserError if the file cannot be read, if it is longer than `limit`, or if `url` is missing.
    """
    if url is None:
        raise UserError(
            Message(
                f"{path}: name the URL that it came from, like --url https://so.tinh.gov.vn/tin-tuc/bai-12.html",
                f"{path}: hãy cho biết trang này lấy từ URL nào, ví dụ --url https://so.tinh.gov.vn/tin-tuc/bai-12.html",
            )
        )
    try:
        body, written = path.read_bytes(), datetime.fromtimestamp(path.stat().st_mtime, UTC)
    except OSError as error:
        raise UserError(
            Message(
                f"{path}: cannot be read ({error.strerror}); give the path of a saved page",
                f"{path}: không đọc được ({error.strerror}); hãy ghi đường dẫn của một trang đã lưu",
            )
        ) from error
    if len(body) > limit:
        raise UserError(
            Message(
                f"{path}: {len(body)} bytes; no page is longer than {limit} (DOWNLOAD_MAXSIZE)",
                f"{path}: {len(body)} byte; không trang nào được dài hơn {limit} (DOWNLOAD_MAXSIZE)",
            )
        )
    return Capture(url, 200, (("Content-Type", "text/html"),), body, captured_at or written)


def page_from_recording(paths: Iterable[Path], url: str, limit: int) -> Capture:
    """Returns a page from a recording. `limit`: maximum length of the decoded body in bytes.
    Raises: UserError if the recording has no such page, or if its body cannot be decoded.
    """
    recording = Recording(paths)
    try:
        found = recording.find(url, limit)
        if found is None:
            raise UserError(
                Message(
                    f"{url}: the recording has no such page; give the URL that was recorded",
                    f"{url}: bản ghi không có trang này; hãy ghi URL đã được ghi lại",
                )
            )
        return _decoded(found.response, limit)
    finally:
        recording.close()


def _decoded(response: RecordedResponse, limit: int) -> Capture:
    try:
        return decode(response, limit)
    except (CannotDecode, TooLarge) as error:
        raise UserError(same(f"{response.url}: ") + message_of(error)) from error


def page_from_web(url: str, source: Source, settings: BaseSettings) -> Capture:
    """Returns a page of the web. It is requested once, by the rules of a crawl: only from the hosts of the source, when it is the turn of
    its host, and only if robots.txt allows it. Can be called only once in a process, because it runs the event loop of Scrapy.
    Raises: UserError if no page is returned; the message says why, and what to do.
    """
    answers: list[Response] = []
    failures: list[BaseException] = []

    def failed(failure: TwistedFailure) -> None:
        assert failure.value is not None
        failures.append(failure.value)

    async def start(spider: Spider) -> AsyncIterator[Request]:
        meta = {"handle_httpstatus_list": SequenceExclude(range(300, 400))}
        yield Request(url, callback=answers.append, errback=failed, dont_filter=True, meta=meta)

    process = CrawlerProcess(page_settings(settings))
    silence_failed_requests()
    process.crawl(type("OnePage", (PageSpider,), {"name": source.id, "source": source, "start": start}))
    process.start()
    if answers and answers[0].status == 200:
        return capture_of(answers[0])
    if answers:
        raise UserError(
            Message(f"{url}: the server answered {answers[0].status}; {_SAVE}", f"{url}: máy chủ trả lời {answers[0].status}; {_SAVE.vi}")
        )
    error = failures[0] if failures else None
    reason = (error and reason_of_exception(error)) or "fetch-fault"
    if reason == "off-site":
        assert isinstance(error, Exception)
        raise UserError(same(f"{url}: ") + message_of(error))
    what = same(f"{reason}: ") + meaning(reason)
    if reason in TRANSIENT:
        what = Message(f"no answer from {host_of(url)}", f"{host_of(url)} không trả lời")
    raise UserError(same(f"{url}: ") + what + same(f" ({detail_of_exception(error)}); ") + as_message(_SAVE))


def page_settings(settings: BaseSettings) -> Settings:
    """Returns the settings with which a single page is requested: without a run, nothing decodes a body, so Scrapy does."""
    own = Settings()
    own.update(settings)  # with their priorities
    own.setdict({"COMPRESSION_ENABLED": True, "USER_AGENT": user_agent(settings)}, priority="cmdline")
    return own


def capture_of(response: Response) -> Capture:
    """Returns a response whose body Scrapy has decoded, as a capture at this moment."""
    headers = [(name.decode("latin-1"), value.decode("latin-1")) for name, values in response.headers.items() for value in values or []]
    gone = ("content-encoding", "content-length")  # Scrapy decoded the body
    kept = tuple((name, value) for name, value in headers if name.lower() not in gone)
    return Capture(response.url, response.status, kept, response.body, clock.now(), "dataloss" in response.flags)
