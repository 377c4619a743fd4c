"""The security of connections: certificates are verified, and TLS is 1.2 or newer, but for a source that has an exception until a day."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from OpenSSL import SSL
from service_identity import VerificationError

from scraper.model import Source
from scraper.sources import tls_exception

_EXCEPTION_DAYS = 180  # of the exception that a message proposes; then somebody must look again
_DEEPEST = 5  # causes of causes that are looked at

# Parts of the messages of OpenSSL, by what they mean.
_CERTIFICATE = ("certificate verify failed", "certificate unknown", "unknown ca", "certificate expired")
_OLD = (
    "unsupported protocol",
    "no protocols available",
    "protocol version",
    "wrong ssl version",
    "wrong version number",
    "handshake failure",
    "no shared cipher",
    "no ciphers available",
    "dh key too small",
    "key too small",
    "md too weak",
    "wrong signature type",
    "internal error",  # what OpenSSL sends as an alert if it finds no signature algorithm for an old version
    "unsafe legacy renegotiation disabled",
)


class InsecureConnection(Exception):
    """The connection is less secure than required. `reason`: that of a failure, bad-certificate or old-tls."""

    def __init__(self, message: str, reason: str) -> None:
        super().__init__(message)
        self.reason = reason


def settings_of(source: Source, day: date) -> dict[str, Any]:
    """Returns the settings of Scrapy that follow from the exception of a source on a day: none if it has none, or if it is over."""
    found = tls_exception(source, day)
    settings: dict[str, Any] = {}
    if found is not None and found.bad_certificate:
        settings["DOWNLOAD_VERIFY_CERTIFICATES"] = False
    if found is not None and found.old_protocol:
        settings["DOWNLOAD_TLS_MIN_VERSION"] = "TLSv1.0"
        settings["DOWNLOADER_CLIENT_TLS_CIPHERS"] = "DEFAULT:@SECLEVEL=0"
    return settings


def insecure(error: BaseException, host: str, source: Source | None, day: date) -> InsecureConnection | None:
    """Returns the exception that says what the connection to a host lacks, or None if the error has another cause."""
    messages = [str(one).lower() for one in _causes(error) if isinstance(one, SSL.Error | VerificationError)]
    if not messages:
        return None
    wrong_host = any(isinstance(one, VerificationError) for one in _causes(error))
    if wrong_host or any(part in message for message in messages for part in _CERTIFICATE):
        what, key, reason = "certificate is not valid", "bad_certificate", "bad-certificate"
    elif any(part in message for message in messages for part in _OLD):
        what, key, reason = "encryption is too old", "old_protocol", "old-tls"
    else:
        return None
    until = day + timedelta(_EXCEPTION_DAYS)
    advice = (
        f'; if it must be requested anyway, add to its block: tls = {{ until = "{until}", {key} = true }}' if source is not None else ""
    )
    return InsecureConnection(f"{host}: its {what} ({messages[0][:200]}){advice}", reason)


def _causes(error: BaseException | None, depth: int = 0) -> Iterator[BaseException]:
    """Yields an exception and those that caused it. Twisted keeps them in a list of failures."""
    if error is None or depth > _DEEPEST:
        return
    yield error
    for failure in getattr(error, "reasons", ()):
        yield from _causes(getattr(failure, "value", None), depth + 1)
    yield from _causes(error.__cause__, depth + 1)
