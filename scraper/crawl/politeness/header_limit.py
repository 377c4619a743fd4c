"""Bounds the headers of a response. Twisted bounds each line of them (16 KB), but not their number, and keeps all of them in memory."""

from __future__ import annotations

from typing import Any

_MOST = 1_000_000  # bytes; the longest real headers seen have some kilobytes
_BODY = "BODY"  # the state of Twisted's parser after the headers


def with_bounded_headers(factory: type[Any]) -> type[Any]:
    """Returns the factory of connections of a pool, whose connections are closed when the headers of a response are too long."""

    class Bounded(factory):  # type: ignore[misc]
        def buildProtocol(self, addr: object) -> Any:  # noqa: N802 (the name that Twisted calls)
            return _bounded(super().buildProtocol(addr))

    return Bounded


def _bounded(protocol: Any) -> Any:
    """Returns a connection that counts what it receives before a body. Answers before the last one (status 1xx) count, too."""
    receive, size, counted = protocol.dataReceived, 0, None

    def received(data: bytes) -> None:
        nonlocal size, counted
        parser = protocol._parser
        if parser is not counted:  # each request has a parser of its own
            size, counted = 0, parser
        if parser is not None and parser.state != _BODY:
            size += len(data)
            if size > _MOST:
                protocol.transport.abortConnection()
                return
        receive(data)

    protocol.dataReceived = received
    return protocol
