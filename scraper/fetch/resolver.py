"""No request goes to a private address: a name of the public web that resolves to one is not followed.

A source that names such an address itself (a server on 127.0.0.1, in a test or an office) is taken at its word.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Sequence

from scrapy.resolver import CachingThreadedResolver
from twisted.internet.defer import Deferred
from twisted.internet.error import DNSLookupError

_LOCAL_NAMES = ("localhost",)


class PrivateAddress(DNSLookupError):
    """A host name that leads to an address of a private network."""


class PublicAddressResolver(CachingThreadedResolver):
    """Scrapy's resolver, with private, loopback and link-local answers refused."""

    def getHostByName(self, name: str, timeout: Sequence[int] = ()) -> Deferred[str]:  # noqa: N802 (Twisted's name)
        answer: Deferred[str] = super().getHostByName(name, timeout)
        if not names_itself(name):
            answer.addCallback(public, name)
        return answer


def names_itself(name: str) -> bool:
    """Whether a host is named by its address, or is this machine: whoever writes that means it."""
    if name in _LOCAL_NAMES:
        return True
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True


def public(address: str, name: str) -> str:
    """The address that a name leads to. Raises PrivateAddress where it is one of a private network."""
    if not ipaddress.ip_address(address).is_global:
        raise PrivateAddress(f"{name} leads to {address}, an address of a private network; it is not asked")
    return address
