"""Scrapy signals of this project."""

from __future__ import annotations

# Sent when a host must get no further request in this run. Arguments: `host`; `why`, a clause that says the reason; `closed`, the exception
# HostClosed with the outcome of the run.
host_closed = object()
