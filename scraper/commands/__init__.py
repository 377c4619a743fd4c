"""The commands, one module each. A platform module that is wrong ends every command with one line and exit code 2."""

from __future__ import annotations

import sys

from scraper.model import UserError

try:
    import scraper.platforms  # noqa: F401
except UserError as error:
    print(f"error: {error}", file=sys.stderr)
    sys.exit(2)
