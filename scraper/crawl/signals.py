"""Scrapy signals of this project."""

from __future__ import annotations

# Sent when a host must get no further request in this run. Arguments: `host`, and `why`, a clause that says the reason.
host_closed = object()
