"""Rejects private IP addresses: if a public host name resolves to one, no request is sent.
If the source itself names one (a server on 127.0.0.1, in a test or an office), the request is allowed.
"""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Sequence

from scrapy.resolver import CachingThreadedResolver
from twisted.internet.defer import Deferred
from twisted.internet.error import DNSLookupError

_LOCAL_NAMES = ("localhost",)


class PrivateAddress(DNSLookupError):
    """A host is in a private network, or its name resolves to an IP address of one."""


class PublicAddressResolver(CachingThreadedResolver):
    """Scrapy's resolver; it rejects private, loopback and link-local IP addresses. Twisted connects to the IP address that it returns, so
    a name that resolves to another one the next time gains nothing.
    """

    def getHostByName(self, name: str, timeout: Sequence[int] = ()) -> Deferred[str]:  # noqa: N802 (Twisted's name)
        """Returns the IP address of a host. The result fails with PrivateAddress if a public name has a private address."""
        answer: Deferred[str] = super().getHostByName(name, timeout)
        if not names_itself(name):
            answer.addCallback(self._public, name)
        return answer

    def _public(self, address: str, name: str) -> str:
        try:
            return public(address, name)
        except PrivateAddress as error:
            _rejected[name] = error
            raise


_rejected: dict[str, PrivateAddress] = {}  # by host name; Twisted drops the exception of a resolver


def rejected(name: str) -> PrivateAddress | None:
    """Returns why a host name was rejected just now, or None if it was not."""
    return _rejected.pop(name, None)


def names_itself(name: str) -> bool:
    """Returns whether a host is an IP address or "localhost". If the user wrote one of these, a private IP address is
    intended. Other forms of one, like 2130706433 or 0x7f.1, and names like "localhost." are not accepted: nobody writes them by intention.
    """
    return name in _LOCAL_NAMES or _parsed(name) is not None


def is_private(host: str) -> bool:
    """Returns whether a host is written as a private IP address, in any form that the system understands, or is "localhost".

    >>> [is_private(host) for host in ("127.0.0.1", "10.1.2.3", "2130706433", "0x7f.1", "::ffff:10.0.0.1", "localhost.")]
    [True, True, True, True, True, True]
    >>> [is_private(host) for host in ("mic.gov.vn", "8.8.8.8", "2606:4700::1111")]
    [False, False, False]
    """
    host = host.strip("[]").rstrip(".").lower()
    if host in _LOCAL_NAMES or host.endswith(".localhost"):
        return True
    address = _parsed(host)
    if address is None:
        try:
            address = ipaddress.ip_address(socket.inet_aton(host))  # understands decimal, octal and hexadecimal parts
        except (OSError, ValueError):
            return False
    return not _is_global(address)


def public(address: str, name: str) -> str:
    """Returns the IP address that a host name resolves to.
    Raises: PrivateAddress if it is private.
    """
    if not _is_global(ipaddress.ip_address(address)):
        raise PrivateAddress(f"{name} resolves to {address}, which is a private IP address; no request is sent")
    return address


def _parsed(host: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        return ipaddress.ip_address(host)
    except ValueError:
        return None


def _is_global(address: ipaddress.IPv4Address | ipaddress.IPv6Address) -> bool:
    if isinstance(address, ipaddress.IPv6Address):
        inner = address.ipv4_mapped or address.sixtofour
        if inner is not None:  # IPv4 inside IPv6
            return _is_global(inner)
    return address.is_global and not address.is_multicast
