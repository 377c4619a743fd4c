"""The floors of the citation engine: the best rates reached on each set of passages. No rate may fall below its floor.

python -m tests.citations.floors                                   show the measured rates next to the floors
python -m tests.citations.floors raise                             raise every floor to the measured rate; none is lowered
python -m tests.citations.floors lower SET MEASURE --reason TEXT   the only way to lower one; the reason is kept in the file
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from tests.citations import relations
from tests.citations.scoring import gold_passages, measure, own_passages

FILE = Path(__file__).parent / "floors.json"
SHARED = Path(__file__).resolve().parents[3] / "shared"
GOLD = SHARED / "citations" / "dev.jsonl"
SITE = SHARED / "pages" / "hanoi" / "site.warc.gz"
SETS: dict[str, Callable[[], dict[str, float]]] = {
    "own": lambda: measure(own_passages()),
    "dev": lambda: measure(gold_passages(GOLD)),
} | {f"relations, {part}": lambda part=part: relations.measured(SITE, part) for part in relations.PARTS}
NEEDS = {"dev": GOLD} | {f"relations, {part}": SITE for part in relations.PARTS}


def load() -> dict[str, Any]:
    """Returns {"floors": {set: {measure: rate}}, "lowered": [{"set", "measure", "from", "to", "reason", "on"}]}."""
    return dict(json.loads(FILE.read_text(encoding="utf-8"))) if FILE.exists() else {"floors": {}, "lowered": []}


def unexplained(before: dict[str, Any], now: dict[str, Any]) -> list[str]:
    """Returns the floors that were lowered or removed without a row in `lowered`."""
    explained = {(row["set"], row["measure"]) for row in now["lowered"]}
    return [
        f"{name}: {measure} fell from {floor} to {now['floors'].get(name, {}).get(measure)}"
        for name, floors in before["floors"].items()
        for measure, floor in floors.items()
        if (now["floors"].get(name, {}).get(measure) or 0) < floor and (name, measure) not in explained
    ]


def _main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = parser.add_subparsers(dest="command")
    commands.add_parser("raise", help="lift every floor to what is measured")
    lower = commands.add_parser("lower", help="lower one floor to what is measured")
    lower.add_argument("set", choices=SETS)
    lower.add_argument("measure")
    lower.add_argument("--reason", required=True)
    options = parser.parse_args()
    data = load()
    for name in [options.set] if options.command == "lower" else SETS:
        if name in NEEDS and not NEEDS[name].exists():
            print(f"{name}: ../shared/{NEEDS[name].relative_to(SHARED)} is not there; its floors stay", file=sys.stderr)
            continue
        floors, measured = data["floors"].setdefault(name, {}), SETS[name]()
        if options.command == "lower":
            if options.measure not in floors or options.measure not in measured:
                print(f"{name}: no measure {options.measure}; known: {', '.join(floors)}", file=sys.stderr)
                return 2
            day = datetime.now(tz=UTC).date().isoformat()
            data["lowered"].append(
                {"set": name, "measure": options.measure, "from": floors[options.measure], "to": measured[options.measure]}
                | {"reason": options.reason, "on": day}
            )
            floors[options.measure] = measured[options.measure]
        for key, rate in measured.items():
            if options.command is None:
                print(f"{name:4} {key:48} {rate:7.4f}   floor {floors.get(key, 0):7.4f}{'   BELOW' if rate < floors.get(key, 0) else ''}")
            elif options.command == "raise":
                floors[key] = max(rate, floors.get(key, 0))
    if options.command:
        FILE.write_text(json.dumps(data, ensure_ascii=False, indent=1, sort_keys=True) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(_main())
