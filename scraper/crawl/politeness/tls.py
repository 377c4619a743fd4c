"""The security of connections: certificates are verified, and TLS is 1.2 or newer, but for a source that has an exception until a day."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from OpenSSL import SSL
from service_identity import VerificationError
from twisted.web.client import BrowserLikePolicyForHTTPS

from scraper.model import Source
from scraper.sources import tls_exception

_EXCEPTION_DAYS = 180  # of the exception that a message proposes; then somebody must look again
_LEGACY_SERVER_CONNECT = 0x4  # OpenSSL's SSL_OP_LEGACY_SERVER_CONNECT
_DEEPEST = 5  # causes of causes that are looked at

# Parts of the messages of OpenSSL, by what they mean.
_WITHOUT = ("wrong version number",)  # the answer is not TLS at all, but plain HTTP, for example
_CERTIFICATE = ("certificate verify failed", "certificate unknown", "unknown ca", "certificate expired")
_OLD = (
    "unsupported protocol",
    "no protocols available",
    "protocol version",
    "wrong ssl version",
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
    """The connection is less secure than required. `reason`: that of a failure, bad-certificate, old-tls or no-tls."""

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
        settings["OLD_TLS_ALLOWED"] = True
    return settings


class _OldTlsPolicy(BrowserLikePolicyForHTTPS):
    """Scrapy's policy for connections, with the old ciphers and renegotiation, too. Scrapy has no setting for them: OpenSSL refuses TLS
    before 1.2 at its usual security level, and Twisted drops the level from a list of ciphers.
    """

    def __init__(self, policy: Any) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self._policy = policy

    def creatorForNetloc(self, hostname: bytes, port: int) -> Any:  # noqa: N802 (Twisted's name)
        """Returns what makes the connections to a host."""
        creator = self._policy.creatorForNetloc(hostname, port)
        context: SSL.Context = creator._createConnection.__self__.getContext()  # as Scrapy finds it, to log keys
        context.set_cipher_list(b"DEFAULT:@SECLEVEL=0")
        context.set_options(_LEGACY_SERVER_CONNECT)
        return creator


def old_tls_policy(policy: Any) -> Any:
    """Returns a policy of Twisted for connections that accepts old TLS, too."""
    return _OldTlsPolicy(policy)


def insecure(error: BaseException, host: str, source: Source | None, day: date) -> InsecureConnection | None:
    """Returns the exception that says what the connection to a host lacks, or None if the error has another cause."""
    messages = [str(one).lower() for one in _causes(error) if isinstance(one, SSL.Error | VerificationError)]
    if not messages:
        return None
    wrong_host = any(isinstance(one, VerificationError) for one in _causes(error))
    if wrong_host or any(part in message for message in messages for part in _CERTIFICATE):
        found = "it is of another host" if wrong_host else "it is expired, self-signed, or of an unknown issuer"
        what, key, reason = f"certificate is not valid ({found})", "bad_certificate", "bad-certificate"
    elif any(part in message for message in messages for part in _WITHOUT):
        return InsecureConnection(f"{host} answers without encryption; its URL begins with http:// then, not with https://", "no-tls")
    elif any(part in message for message in messages for part in _OLD):
        what, key, reason = f"encryption is too old ({messages[0][:200]})", "old_protocol", "old-tls"
    else:
        return None
    until = day + timedelta(_EXCEPTION_DAYS)
    advice = (
        f'; if it must be requested anyway, add to its block: tls = {{ until = "{until}", {key} = true }}' if source is not None else ""
    )
    return InsecureConnection(f"{host}: its {what}{advice}", reason)


def _causes(error: BaseException | None, depth: int = 0) -> Iterator[BaseException]:
    """Yields an exception and those that caused it. Twisted keeps them in a list of failures."""
    if error is None or depth > _DEEPEST:
        return
    yield error
    for failure in getattr(error, "reasons", ()):
        yield from _causes(getattr(failure, "value", None), depth + 1)
    yield from _causes(error.__cause__, depth + 1)
