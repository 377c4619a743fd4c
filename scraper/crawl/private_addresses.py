"""Rejects private IP addresses: if a public host name resolves to one, no request is sent.
If the source itself names one (a server on 127.0.0.1, in a test or an office), the request is allowed.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Sequence

from scrapy.resolver import CachingThreadedResolver
from twisted.internet.defer import Deferred
from twisted.internet.error import DNSLookupError

_LOCAL_NAMES = ("localhost",)


class PrivateAddress(DNSLookupError):
    """A host name resolves to an address of a private network."""


class PublicAddressResolver(CachingThreadedResolver):
    """Scrapy's resolver; it rejects private, loopback and link-local addresses."""

    def getHostByName(self, name: str, timeout: Sequence[int] = ()) -> Deferred[str]:  # noqa: N802 (Twisted's name)
        """Returns the IP address of a host. The result fails with PrivateAddress if a public name has a private address."""
        answer: Deferred[str] = super().getHostByName(name, timeout)
        if not names_itself(name):
            answer.addCallback(public, name)
        return answer


def names_itself(name: str) -> bool:
    """Returns whether a host is an IP address or "localhost". If the user wrote one of these, a private address is intended."""
    if name in _LOCAL_NAMES:
        return True
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True


def public(address: str, name: str) -> str:
    """Returns the IP address that a host name resolves to.
    Raises: PrivateAddress if it is private.
    """
    if not ipaddress.ip_address(address).is_global:
        raise PrivateAddress(f"{name} resolves to {address}, which is a private IP address; no request is sent")
    return address
