"""What an exception of the downloader says, for a person."""

from __future__ import annotations

import re

# Twisted writes a list of its failures, with the names of their classes.
_FAILURE = re.compile(r"\[?<twisted\.python\.failure\.Failure [\w.]+: (.*?)>\]?(?=$|, <|\s)", re.DOTALL)
_LONGEST = 500  # characters


def detail_of_exception(error: BaseException | None) -> str:
    """Returns the message of an exception in one line.

    >>> detail_of_exception(OSError("[<twisted.python.failure.Failure twisted.internet.error.ConnectionLost: The connection was lost.>]"))
    'The connection was lost.'
    """
    return " ".join(_FAILURE.sub(r"\1", f"{error}").split())[:_LONGEST]
