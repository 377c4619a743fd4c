"""Code that all commands share: the settings, one-line messages for bad input, and the exit codes 0, 1 and 2."""

from __future__ import annotations

import argparse
import contextlib
import logging
import math
import os
import sqlite3
import sys
from abc import abstractmethod
from typing import Any, ClassVar

from scrapy.commands import ScrapyCommand, ScrapyHelpFormatter
from scrapy.settings import SETTINGS_PRIORITIES, BaseSettings, Settings
from scrapy.settings import default_settings as scrapy_settings
from scrapy.utils.misc import load_object

from scraper import clock, report_language, settings
from scraper.model import UserError
from scraper.store.patient_connection import database_problem
from scraper.two_languages import EN, VI, Message, as_message, same

WELL, FAILED, BAD_INPUT, BUSY = 0, 1, 2, 3
_LEAST = {"UPDATE_AT_ONCE": 1}  # of settings that are numbers; else 0. With none at once, an update would do nothing and call that well

# Scrapy reads the settings of a project only if it finds a scrapy.cfg. An installed command brings them along; those of a project, of
# the environment and of the command line are stronger.
DEFAULT_SETTINGS: dict[str, Any] = {name: getattr(settings, name) for name in dir(settings) if name.isupper()}

# Names of our settings that other programs read from the environment, or that containers set for all.
_OF_OTHERS = frozenset(("BOT_NAME", "EDITOR", "LOG_FILE", "LOG_FORMAT", "LOG_DATEFORMAT", "LOG_ENCODING", "USER_AGENT", "DEBUG"))
# Of Scrapy's settings, those that say how sites are requested. The others have names that belong to other programs, too: a store of
# captures needs AWS_ACCESS_KEY_ID, and many containers have MAIL_HOST.
_OF_REQUESTS = (
    "AUTOTHROTTLE_",
    "CLOSESPIDER_",
    "CONCURRENT_",
    "COOKIES_",
    "DEPTH_",
    "DOWNLOAD_",
    "HTTPCACHE_",
    "HTTPERROR_",
    "METAREFRESH_",
    "RANDOMIZE_",
    "REDIRECT_",
    "RETRY_",
    "ROBOTSTXT_",
)
_NOT_IN_ENVIRONMENT = (
    {*DEFAULT_SETTINGS, *(name for name in dir(scrapy_settings) if name.startswith(_OF_REQUESTS))} - settings.from_environment - _OF_OTHERS
)

_OUR_PREFIXES = tuple({name[:6] for name in settings.from_environment})


def is_own_project(current: BaseSettings) -> bool:
    """Returns whether settings are ours: not those of the folder of another Scrapy project, which are stronger than ours."""
    return bool(current["BOT_NAME"] == settings.BOT_NAME)


def silence_failed_requests() -> None:
    """Turns off the loggers of Scrapy that describe failed requests, some with a traceback. Our commands report each failure themselves:
    `crawl` in the table `failures` and at its end, `fetch`, `shell` and `view` in one line. Call it
    after Scrapy has configured logging, which resets these loggers.

    A certificate without the name of its host is logged by Twisted with a traceback, though the failure of the request says so, too.
    """
    from twisted.logger import globalLogBeginner

    for name in ("scrapy.downloadermiddlewares.retry", "scrapy.downloadermiddlewares.robotstxt"):
        logging.getLogger(name).setLevel(logging.CRITICAL)
    logging.getLogger("twisted").addFilter(_is_no_certificate)
    # Until then, Twisted prints its errors on the standard error output, too, although Scrapy sends them to the log.
    globalLogBeginner.beginLoggingTo([], discardBuffer=True, redirectStandardIO=False)


def print_error(error: UserError) -> None:
    """Prints a message on standard error: in English and in Vietnamese, unless the reader has chosen one. What only SQLite or Datasette
    says is there once.
    """
    vietnamese = error.vietnamese if error.vietnamese != str(error) else None
    for language in report_language.languages_of_errors():
        if language == VI and vietnamese is not None:
            print(f"lỗi: {vietnamese}", file=sys.stderr)
        elif language == EN or len(report_language.languages_of_errors()) == 1:
            print(f"error: {error}", file=sys.stderr)


def print_failure(problem: str | Message) -> None:
    """Prints on standard error what went wrong in a command, in the language of its reader."""
    for line in report_language.lines(Message("error: ", "lỗi: ") + as_message(problem)):
        print(line, file=sys.stderr)


def note_lines(note: Message) -> str:
    """Returns what a person should look at, a line for each language."""
    heads = {EN: "note", VI: "lưu ý"}
    return "\n".join(f"{heads[language]}: {note.of(language)}" for language in report_language.languages_of_errors())


def _is_no_certificate(record: logging.LogRecord) -> bool:
    return "while verifying certificate" not in record.getMessage()


def _write_no_more() -> None:
    """Sends the rest of standard output nowhere, because Python would try to write it again at its exit."""
    with contextlib.suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


class _HelpFormatter(ScrapyHelpFormatter):
    """Scrapy's formatter underlines each line that ends with a colon as a heading, also one of the text of an option."""

    def _split_lines(self, text: str, width: int) -> list[str]:
        return [f"{line} " if line.endswith(":") else line for line in super()._split_lines(text, width)]


class LogLevelCheck(ScrapyCommand):
    """Base class that rejects an unknown log level and a wrong platform module in one line. Scrapy's commands end in a traceback."""

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        super().add_options(parser)
        parser.formatter_class = _HelpFormatter

    def process_options(self, args: list[str], opts: argparse.Namespace) -> None:
        super().process_options(args, opts)
        assert self.settings is not None
        level = self.settings["LOG_LEVEL"]
        if level not in logging.getLevelNamesMapping():
            print_error(
                UserError(
                    Message(
                        f"{level}: is not a log level; use DEBUG, INFO, WARNING, ERROR or CRITICAL",
                        f"{level}: không phải mức nhật ký; hãy dùng DEBUG, INFO, WARNING, ERROR hoặc CRITICAL",
                    )
                )
            )
            sys.exit(BAD_INPUT)
        if self.requires_crawler_process:  # Scrapy imports the spiders next, and with them the platforms
            try:
                load_object(self.settings["SPIDER_LOADER_CLASS"])
            except UserError as error:
                print_error(error)
                sys.exit(BAD_INPUT)


class ArchiveCommand(LogLevelCheck):
    """Base class of the project's commands. A subclass writes `execute`, which returns an exit code or raises UserError.

    Scrapy imports the modules of all commands for each command. So a module of `commands` has only what `--help` prints, and imports what
    does the work, a module of `actions`, in `execute`.

    Exit codes: 0 if all is well; 1 if something failed, which the command names; 2 for bad input, with nothing done; 3 if another run is
    active, so that nothing could be done.
    """

    settings: Settings  # Scrapy sets it before it calls any method
    default_settings = DEFAULT_SETTINGS
    requires_project = False  # it works in any folder
    requires_crawler_process = False  # Scrapy would make it before `execute` has checked anything: see crawl/crawler_process.py
    summary: ClassVar[Message]  # one line
    example: ClassVar[str]  # a command line that works
    rejects_unknown_options: ClassVar[bool] = True

    def short_desc(self) -> str:
        return report_language.help_text(self.summary.en, self.summary.vi)

    def long_desc(self) -> str:
        return report_language.described(self.summary, self.example)

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        for name in ("stdout", "stderr"):
            if getattr(sys, name) is None:  # it was closed before the program began, as in `scrapy list >&-`
                setattr(sys, name, open(os.devnull, "w"))  # noqa: SIM115, PTH123 (stays open until the end)
        try:
            self._choose_language()
            self._check_settings()
            self._check_options(args)
            clock.set_now(self.settings["NOW"])
            self.exitcode = self.execute(args, opts)
            sys.stdout.flush()
        except BrokenPipeError:  # the reader of the output has ended, as in `scrapy cite article.txt | head`
            _write_no_more()
            self.exitcode = FAILED
        except UserError as error:
            print_error(error)
            self.exitcode = BAD_INPUT
        except sqlite3.Error as error:
            print_failure(same(f"{self.settings['ARCHIVE']}: ") + as_message(database_problem(error)))
            self.exitcode = FAILED
        except OSError as error:
            _write_no_more()
            what = f"{error.strerror or error}"
            print_failure(
                Message(
                    f"{error.filename or 'writing failed'}: {what}; nothing that was stored before is lost",
                    f"{error.filename or 'không ghi được'}: {what}; không mất gì đã lưu trước đó",
                )
            )
            self.exitcode = FAILED
        except KeyboardInterrupt:
            print_failure(
                Message("stopped by Ctrl-C; nothing that was stored before is lost", "đã dừng bằng Ctrl-C; không mất gì đã lưu trước đó")
            )
            self.exitcode = FAILED

    def _choose_language(self) -> None:
        """Raises UserError if REPORT_LANGUAGE is not one that there is."""
        chosen = str(self.settings.get("REPORT_LANGUAGE") or "")
        if chosen and chosen not in report_language.CHOICES:
            raise UserError(
                Message(
                    f"REPORT_LANGUAGE={chosen}: must be {', '.join(report_language.CHOICES[:-1])} or {report_language.BOTH}",
                    f"REPORT_LANGUAGE={chosen}: phải là {', '.join(report_language.CHOICES[:-1])} hoặc {report_language.BOTH}",
                )
            )
        report_language.choose(chosen)

    def _check_settings(self) -> None:
        """Raises UserError in the folder of another Scrapy project, whose settings are stronger than ours, or if a setting is not the
        number that it must be: a delay of `nan` or of less than 0 would be none.
        """
        if not is_own_project(self.settings):
            raise UserError(
                Message(
                    f'these are the settings of another Scrapy project, "{self.settings["BOT_NAME"]}"; run the command in another folder.'
                    " This package replaces commands of Scrapy, so install it in an environment of its own",
                    f"""đây là thiết lập của một dự án Scrapy khác, "{self.settings["BOT_NAME"]}"; hãy chạy lệnh trong thư mục khác."""
                    " Gói này thay các lệnh của Scrapy, nên hãy cài trong một môi trường riêng",
                )
            )
        self._check_names()
        self._check_environment()
        for name, default in DEFAULT_SETTINGS.items():
            if type(default) not in (int, float):
                continue
            least = _LEAST.get(name, 0)
            try:
                value = type(default)(self.settings[name])
            except (TypeError, ValueError, OverflowError):
                value = None
            if value is None or not math.isfinite(value) or value < least:
                kind = Message("a number", "số")
                if isinstance(default, int):
                    kind = Message("a whole number", "số nguyên")
                raise UserError(
                    Message(
                        f"{name}={self.settings[name]}: must be {kind.en} of {least} or more, like -s {name}={default}",
                        f"{name}={self.settings[name]}: phải là {kind.vi} từ {least} trở lên, ví dụ -s {name}={default}",
                    )
                )

    def _check_names(self) -> None:
        """Raises UserError for a mistyped setting of this project: it would have no effect, and its message would never come."""
        given = {str(name) for name in self.settings if self.settings.getpriority(name) == SETTINGS_PRIORITIES["cmdline"]}
        in_environment = {name for name in os.environ if name.startswith(_OUR_PREFIXES)}
        for name in sorted((given | in_environment) - DEFAULT_SETTINGS.keys()):
            if hasattr(scrapy_settings, name):
                continue
            from scraper.suggestions import suggestion  # most calls have no such name

            if hint := suggestion(name, DEFAULT_SETTINGS, most=1, similarity=0.85):
                where = Message(f"{name} in the environment", f"{name} trong môi trường")
                if name in given:
                    where = same(f"-s {name}=")
                raise UserError(
                    Message(
                        f"{where.en}: there is no such setting, so it would have no effect{hint.en}",
                        f"{where.vi}: không có thiết lập này nên nó không có tác dụng{hint.vi}",
                    )
                )

    def _check_environment(self) -> None:
        """Raises UserError for an environment variable with the name of a setting that is given with -s only. Somebody who writes
        DOWNLOAD_DELAY=10 before a command must not send requests every 2 seconds.
        """
        for name in sorted(os.environ.keys() & _NOT_IN_ENVIRONMENT):
            value = os.environ[name]
            if self.settings.getpriority(name) == SETTINGS_PRIORITIES["cmdline"] or str(self.settings[name]) == value:
                continue
            raise UserError(
                Message(
                    f"{name} in the environment: this setting is not read from there, so it would have no effect; write"
                    f" -s {name}={value} after the command, or unset it",
                    f"{name} trong môi trường: thiết lập này không đọc từ đó nên không có tác dụng; hãy viết"
                    f" -s {name}={value} sau lệnh, hoặc bỏ biến này",
                )
            )

    def _check_options(self, args: list[str]) -> None:
        """Raises UserError for an option that the command does not have. Scrapy leaves unknown options among the arguments."""
        unknown = next((one for one in args if one.startswith("-") and one != "-"), None)
        if unknown is not None and self.rejects_unknown_options:
            raise UserError(
                Message(
                    f"{unknown}: the command has no such option; see: scrapy {type(self).__module__.rpartition('.')[2]} --help",
                    f"{unknown}: lệnh không có tùy chọn này; xem: scrapy {type(self).__module__.rpartition('.')[2]} --help",
                )
            )

    @abstractmethod
    def execute(self, args: list[str], opts: argparse.Namespace) -> int:
        """Does the work and returns the exit code. Raises UserError for bad input, before anything is written."""


class RefusedCommand(ArchiveCommand):
    """A command of Scrapy that makes no sense here. It says so in one line, whatever the arguments are, and names what to use instead."""

    rejects_unknown_options = False
    reason: ClassVar[Message]  # why, and what to use

    def execute(self, args: list[str], opts: argparse.Namespace) -> int:
        raise UserError(self.reason)
