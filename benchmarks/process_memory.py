"""The memory of a process and its children, as Linux shows it in /proc. What several processes share counts once."""

from __future__ import annotations

import re
from contextlib import suppress
from pathlib import Path

_SHARE = re.compile(r"^Pss:\s+(\d+) kB$", re.MULTILINE)


def memory_of(pid: int) -> int:
    """Returns the memory of a process and its children together, in bytes; 0 if the process has ended."""
    return sum(map(_memory, (pid, *_children(pid)))) if _memory(pid) else 0


def _children(pid: int) -> list[int]:
    with suppress(OSError):
        return [int(one) for one in Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii").split()]
    return []


def _memory(pid: int) -> int:
    with suppress(OSError):
        # Each process has its part of a page that several have: a copy of a process shares most of them with it.
        found = _SHARE.search(Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="ascii"))
        return int(found[1]) * 1024 if found is not None else 0
    return 0
