"""The limits of the health rules, as data: `limits.toml`, and a file of the operator that replaces some of them."""

from __future__ import annotations

import math
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

from scraper.model import UserError
from scraper.toml_slips import TomlSlip, toml_of
from scraper.two_languages import Message, same

SHIPPED = Path(__file__).with_name("limits.toml")


@dataclass(frozen=True, slots=True)
class Limits:
    """Every limit that a rule uses; `limits.toml` has the unit and the reason of each. There are no defaults: a missing one is an error."""

    fewest_before: float
    runs_before: float
    fewest_bad: float
    fewest_bad_new: float
    worse_share: float
    chance: float
    same_change_days: float
    gone_share: float
    lists_lost_share: float
    quiet_gap: float
    quiet_least: float
    quiet_days_known: float
    silent_factor: float
    silent_least: float
    unsteady_days: float
    down_days: float
    steady_days: float


NAMES = tuple(one.name for one in fields(Limits))


def load_limits(own: Path | None = None, *, shipped: Path = SHIPPED) -> Limits:
    """Returns the limits. `own`: a file that replaces some of them.
    Raises: UserError if a limit is missing, has no number, or is not one that a rule uses.
    """
    values = _values(shipped)
    if own is not None:
        values |= _values(own)
    for name in NAMES:
        if name not in values:
            raise UserError(
                Message(
                    f"{shipped}: the limit [{name}] is missing, so a health rule would check nothing; add it with a value",
                    f"{shipped}: thiếu giới hạn [{name}] nên một quy tắc tình trạng sẽ không kiểm tra gì; hãy thêm giới hạn và giá trị",
                )
            )
    return Limits(**values)


def _values(path: Path) -> dict[str, float]:
    try:
        tables = toml_of(path.read_bytes())
    except (OSError, TomlSlip) as error:
        why = error.message if isinstance(error, TomlSlip) else same(f"{error.strerror}")
        where = Message(f"{path}: cannot be read as the limits of the health rules: ", f"{path}: không đọc được thành các giới hạn: ")
        raise UserError(where + why) from None
    return {name: _value(path, name, table) for name, table in tables.items()}


def _value(path: Path, name: str, table: Any) -> float:
    if name not in NAMES:
        raise UserError(
            Message(
                f"{path}: there is no health limit [{name}]; known are {', '.join(NAMES)}",
                f"{path}: không có giới hạn tình trạng [{name}]; các giới hạn có {', '.join(NAMES)}",
            )
        )
    value = table.get("value") if isinstance(table, dict) else None
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value) or value <= 0:
        raise UserError(
            Message(
                f"{path}: [{name}]: value = {value!r} must be a number above 0; a health rule without a limit would check nothing",
                f"{path}: [{name}]: value = {value!r} phải là số lớn hơn 0; quy tắc tình trạng không có giới hạn thì không kiểm tra gì",
            )
        )
    return float(value)
