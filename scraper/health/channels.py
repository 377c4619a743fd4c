"""Sends a message by mail, Slack and Telegram, with the actions of Spidermon, and to a URL (webhook).

Spidermon runs its actions at the end of one spider. Here they are run after an update of all sources, so their constructors get what
their settings would say. A message that is lost must be noticed, so three things are replaced: smtplib sends the mail (Spidermon uses a
deprecated module of Scrapy, which needs its reactor), a refusal of Telegram is an error and not only a line of the log, and Telegram gets
plain text, not Markdown, in which an underscore of an id is an error.
"""

from __future__ import annotations

import json
import smtplib
import ssl
import threading
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any, Protocol

from scraper.health.messages import Message
from scraper.model import UserError
from scraper.two_languages import Message as Text

_TIMEOUT = 30.0  # seconds; a server that does not answer by then must not hold up the update
_LONGEST = 90.0  # seconds for one message; a server that answers a byte at a time is never silent for long
_LONGEST_CHAT = 4096  # characters; Telegram takes no longer text
_NO_MONITORS = SimpleNamespace(monitors_passed_results=[], monitors_failed_results=[])  # what the templates of Spidermon may ask for
_TEMPLATE = "{{ text }}"  # the text itself is not a template: it may contain braces of a site

Settings = Mapping[str, str]


Refused = Mapping[str, Exception]  # why a message did not reach a receiver, by receiver


class Channel(Protocol):
    """A way to send messages. `name`: what a report calls it. `receivers`: all of them, as a report may name them. `secrets`: texts that
    no report may contain.
    """

    name: str
    receivers: tuple[str, ...]
    secrets: tuple[str, ...]

    def send(self, message: Message, receivers: Sequence[str]) -> Refused:
        """Sends a message to some of the receivers, and returns those that it did not reach.
        Raises: any exception if it reached none of them.
        """


def send_in_time(channel: Channel, message: Message, receivers: Sequence[str]) -> Refused:
    """Sends a message as `Channel.send` does, or gives up after a while, also if the server still answers something.
    Raises: TimeoutError then; and what `Channel.send` raises.
    """
    done: list[Refused] = []
    failed: list[BaseException] = []

    def send() -> None:
        try:
            done.append(channel.send(message, receivers))
        except BaseException as error:  # noqa: BLE001 (it is raised below, in the thread that waits)
            failed.append(error)

    thread = threading.Thread(target=send, daemon=True)  # the end of the process does not wait for it
    thread.start()
    thread.join(_LONGEST)
    if failed:
        raise failed[0]
    if not done:
        raise TimeoutError(f"not sent within {_LONGEST:g} seconds")
    return done[0]


def _one_by_one(receivers: Sequence[str], send: Callable[[str], None]) -> Refused:
    """Sends to each receiver. One that is refused must not keep the others from getting the message, nor give it to them twice."""
    refused: dict[str, Exception] = {}
    for receiver in receivers:
        try:
            send(receiver)
        except Exception as error:  # noqa: BLE001 (of any kind, because a chat has its own)
            refused[receiver] = error
    return refused


def channels(settings: Settings) -> list[Channel]:
    """Returns the channels that the settings HEALTH_... configure; docs/health.md describes them.
    Raises: UserError if one of them lacks a setting, or has a wrong one.
    """
    found: list[Channel] = []
    if _all_given(settings, ("HEALTH_MAIL_TO", "HEALTH_SMTP_HOST"), ("HEALTH_MAIL_FROM", "HEALTH_SMTP_USER", "HEALTH_SMTP_PASSWORD")):
        found.append(_mail(settings))
    if _all_given(settings, ("HEALTH_SLACK_TOKEN", "HEALTH_SLACK_TO"), ("HEALTH_SLACK_API",)):
        found.append(
            _Slack(settings["HEALTH_SLACK_TOKEN"], _receivers(settings, "HEALTH_SLACK_TO"), settings.get("HEALTH_SLACK_API") or None)
        )
    if _all_given(settings, ("HEALTH_TELEGRAM_TOKEN", "HEALTH_TELEGRAM_TO"), ("HEALTH_TELEGRAM_API",)):
        api = settings.get("HEALTH_TELEGRAM_API") or "https://api.telegram.org"
        found.append(_Telegram(settings["HEALTH_TELEGRAM_TOKEN"], _receivers(settings, "HEALTH_TELEGRAM_TO"), api))
    if settings.get("HEALTH_WEBHOOK"):
        found.append(_Webhook(settings["HEALTH_WEBHOOK"]))
    return found


def _all_given(settings: Settings, needed: tuple[str, ...], more: tuple[str, ...]) -> bool:
    """Returns whether a channel is configured. Raises: UserError if only some of the needed settings are given."""
    if not any(settings.get(name) for name in (*needed, *more)):
        return False
    for name in needed:
        if not settings.get(name):
            given = next(one for one in (*needed, *more) if settings.get(one))
            raise UserError(
                Text(
                    f"{name}: is missing, so {given} would have no effect; set both, or neither",
                    f"{name}: còn thiếu nên {given} không có tác dụng; hãy đặt cả hai, hoặc không đặt cái nào",
                )
            )
    return True


def _receivers(settings: Settings, name: str) -> list[str]:
    """Returns the receivers that a setting names. Raises: UserError if it names nobody: the message would count as sent."""
    found = [one.strip() for one in settings[name].split(",") if one.strip()]
    if not found:
        raise UserError(
            Text(
                f"{name}: names nobody; write a receiver, or several with commas between them",
                f"{name}: chưa có người nhận; hãy ghi một người nhận, hoặc vài người cách nhau bằng dấu phẩy",
            )
        )
    return found


# --- mail -------------------------------------------------------------------------------------------------


def _mail(settings: Settings) -> Channel:
    port, security = settings.get("HEALTH_SMTP_PORT") or "25", settings.get("HEALTH_SMTP_SECURITY") or "none"
    if not port.isdecimal() or not 0 < int(port) < 65536:
        raise UserError(
            Text(f"HEALTH_SMTP_PORT={port}: must be the number of a port, like 587", f"HEALTH_SMTP_PORT={port}: phải là số cổng, ví dụ 587")
        )
    if security not in ("none", "starttls", "tls"):
        raise UserError(
            Text(
                f"HEALTH_SMTP_SECURITY={security}: must be none, starttls or tls",
                f"HEALTH_SMTP_SECURITY={security}: phải là none, starttls hoặc tls",
            )
        )
    if bool(settings.get("HEALTH_SMTP_USER")) != bool(settings.get("HEALTH_SMTP_PASSWORD")):
        raise UserError(
            Text(
                "HEALTH_SMTP_USER, HEALTH_SMTP_PASSWORD: set both, or neither if the server takes mail without a log-in",
                "HEALTH_SMTP_USER, HEALTH_SMTP_PASSWORD: hãy đặt cả hai, hoặc không đặt cái nào nếu máy chủ nhận thư không cần đăng nhập",
            )
        )
    to = _receivers(settings, "HEALTH_MAIL_TO")
    for one in (*to, settings.get("HEALTH_MAIL_FROM") or to[0]):
        if one.count("@") != 1 or any(char.isspace() for char in one):
            raise UserError(
                Text(
                    f"HEALTH_MAIL_TO, HEALTH_MAIL_FROM: {one!r} is not an e-mail address; write it like you@example.org",
                    f"HEALTH_MAIL_TO, HEALTH_MAIL_FROM: {one!r} không phải địa chỉ e-mail; hãy viết như you@example.org",
                )
            )
    server = _Server(
        settings["HEALTH_SMTP_HOST"],
        int(port),
        security,
        settings.get("HEALTH_SMTP_USER") or "",
        settings.get("HEALTH_SMTP_PASSWORD") or "",
    )
    return _Mail(server, settings.get("HEALTH_MAIL_FROM") or to[0], to)


@dataclass(frozen=True, slots=True)
class _Server:
    """A mail server. `security`: none, starttls or tls."""

    host: str
    port: int
    security: str
    user: str
    password: str

    def send(self, mail: Any, to: Sequence[str]) -> Refused:
        """Sends a mail and returns the receivers that the server refused, of several."""
        context = ssl.create_default_context()
        if self.security == "tls":
            connection: smtplib.SMTP = smtplib.SMTP_SSL(self.host, self.port, timeout=_TIMEOUT, context=context)
        else:
            connection = smtplib.SMTP(self.host, self.port, timeout=_TIMEOUT)
        with connection:
            if self.security == "starttls":
                connection.starttls(context=context)
            if self.user:
                connection.login(self.user, self.password)
            refused = connection.send_message(mail, to_addrs=list(to))
        return {one: smtplib.SMTPRecipientsRefused({one: why}) for one, why in refused.items()}


class _Mail:
    name = "mail"

    def __init__(self, server: _Server, sender: str, to: list[str]) -> None:
        self._server, self._sender, self.receivers = server, sender, (*to,)
        self.secrets: tuple[str, ...] = (server.password,) if server.password else ()

    def send(self, message: Message, receivers: Sequence[str]) -> Refused:
        # Imported here: it takes 0.3 s, and most updates send no message.
        from spidermon.contrib.actions.email import SendEmail

        server, refused = self._server, dict[str, Exception]()

        class Send(SendEmail):  # type: ignore[misc]
            """Makes the mail as Spidermon does, with our texts."""

            body_html_template = None

            def send_message(self, mail: Any, **kwargs: Any) -> None:
                del mail["Content-Transfer-Encoding"]  # of the parts, not of the whole: RFC 2045, 6.4
                refused.update(server.send(mail, receivers))

        context = {"text": message.text, "subject": message.subject.replace("\n", " ")}
        _run(Send(sender=self._sender, to=[*self.receivers], subject="{{ subject }}", body_text=_TEMPLATE, context=context))
        return refused


def _run(action: Any) -> None:
    """Runs an action of Spidermon outside a spider. Its own method `run` catches every exception."""
    action.result, action.data = _NO_MONITORS, SimpleNamespace()
    action.run_action()


# --- chats ------------------------------------------------------------------------------------------------


class _Slack:
    name = "Slack"

    def __init__(self, token: str, to: list[str], api: str | None) -> None:
        self._token, self.receivers, self._api = token, (*to,), api
        self.secrets: tuple[str, ...] = (token,)

    def send(self, message: Message, receivers: Sequence[str]) -> Refused:
        from slack_sdk import WebClient
        from spidermon.contrib.actions.slack import SendSlackMessage

        api = self._api.rstrip("/") + "/" if self._api else WebClient.BASE_URL
        client = WebClient(self._token, base_url=api, timeout=int(_TIMEOUT))

        def send(receiver: str) -> None:
            action = SendSlackMessage(
                sender_token=self._token, sender_name="health", recipients=[receiver], message=_TEMPLATE, include_attachments=False
            )
            action.manager._client = client
            action.context = {"text": f"{message.subject}\n\n{message.text}"}
            _run(action)

        return _one_by_one(receivers, send)


class _Telegram:
    name = "Telegram"

    def __init__(self, token: str, to: list[str], api: str) -> None:
        self._token, self.receivers, self._api = token, (*to,), api.rstrip("/")
        self.secrets: tuple[str, ...] = (token,)

    def send(self, message: Message, receivers: Sequence[str]) -> Refused:
        from spidermon.contrib.actions.telegram import SendTelegramMessage

        def send(receiver: str) -> None:
            action = SendTelegramMessage(sender_token=self._token, recipients=[receiver], message=_TEMPLATE)
            action.manager._client = self
            action.context = {"text": message.within(_LONGEST_CHAT)}
            _run(action)

        return _one_by_one(receivers, send)

    def send_message(self, text: str, recipient: str) -> None:
        """Sends a text to a chat. Spidermon's action calls it. Raises: RuntimeError if Telegram refuses it."""
        fields = urllib.parse.urlencode({"chat_id": recipient, "text": text}).encode()
        answer = json.loads(_post(f"{self._api}/bot{self._token}/sendMessage", fields, "application/x-www-form-urlencoded"))
        if not answer.get("ok"):
            raise RuntimeError(f"refused: {answer.get('description')}")


# --- webhook ----------------------------------------------------------------------------------------------


class _Webhook:
    name = "webhook"

    def __init__(self, url: str) -> None:
        try:
            parts = urllib.parse.urlsplit(url)
            is_url = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0  # raises if it is not a number
        except ValueError:
            is_url = False
        if not is_url:
            raise UserError(
                Text(
                    "HEALTH_WEBHOOK: is not a URL; write it like https://example.org/hook",
                    "HEALTH_WEBHOOK: không phải URL; hãy viết như https://example.org/hook",
                )
            )
        self._url = url
        self.receivers: tuple[str, ...] = (urllib.parse.urlsplit(url).hostname or "",)
        self.secrets: tuple[str, ...] = (url,)  # such URLs often have a key

    def send(self, message: Message, receivers: Sequence[str]) -> Refused:
        _post(self._url, json.dumps(message.as_json(), ensure_ascii=False).encode(), "application/json; charset=utf-8")
        return {}


class _NoRedirects(urllib.request.HTTPRedirectHandler):
    """Follows none: after one, urllib sends a GET without the message, and the page that comes looks as if it was taken."""

    def redirect_request(self, *args: Any, **kwargs: Any) -> None:
        return None


def _post(url: str, body: bytes, content_type: str) -> bytes:
    """Sends a POST request, and returns the body of the answer. Raises: OSError if it fails or is refused."""
    request = urllib.request.Request(url, data=body, headers={"Content-Type": content_type}, method="POST")
    try:
        with urllib.request.build_opener(_NoRedirects).open(request, timeout=_TIMEOUT) as answer:
            return bytes(answer.read(1 << 20))
    except urllib.error.HTTPError as error:
        raise OSError(f"status {error.code}: {error.read(300).decode('utf-8', 'replace')}") from None
