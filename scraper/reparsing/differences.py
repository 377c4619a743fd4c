"""What another parser gains, loses and changes: compares the values of an article before and after, and counts them per field. Pure.

A loss is a value that was there and is not any more. A weaker value counts as one, too: it is there, but a general rule now finds what the
layout of the site named before. That is how most broken layouts show, because the general rules fill the gap.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from scraper.rule_codes import RuleCode

# The kinds of differences, in the order in which they are shown.
LOST, WEAKER, CHANGED, GAINED = KINDS = ("lost", "weaker", "changed", "gained")
_EXAMPLES = 3  # of each kind, per field of a source
_SHOWN = 120  # characters of a value in an example
_CONTEXT = 20  # of these before the first difference
_KEPT = 0.5  # of the letters of a text; a text that lost more than half of them has lost what it reported
ARTICLE = "article"  # the field for whether the capture is an article at all
LAYOUT = "layout"
_LONG = "body"
_LISTS = frozenset(("tags", "attachments", "stories", "citations", "documents"))  # each item is a value of its own
_NAMED_BY_PAGE = frozenset((RuleCode.JSON_LD, RuleCode.MICRODATA, RuleCode.META, RuleCode.TITLE_ELEMENT, RuleCode.DATE_IN_URL))


@dataclass(frozen=True, slots=True)
class Value:
    """The value of a field: its items (at most one, unless it is one of _LISTS) and the rule that filled it, if it has one."""

    items: tuple[str, ...]
    rule: str | None = None


Values = Mapping[str, Value]  # of one article, by field, with its URL as ARTICLE; empty if the capture is not an article


@dataclass(frozen=True, slots=True)
class Difference:
    """One difference of a field. `before`, `after`: what is shown of the values."""

    field: str
    kind: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Comparison:
    """How the values of a capture differ. `values`: how many there were before, by field. `failure`: reason and detail, if it could not
    be parsed.
    """

    values: tuple[tuple[str, int], ...] = ()
    differences: tuple[Difference, ...] = ()
    failure: tuple[str, str] | None = None


def compared(before: Values, after: Values, failure: tuple[str, str] | None = None) -> Comparison:
    """Returns the comparison of two readings of a capture. `failure`: reason and detail, if the second reading failed."""
    counted = ((name, len(value.items)) for name, value in before.items() if name != LAYOUT or not is_general(value.items[0]))
    return Comparison(tuple(counted), tuple(differences(before, after)), failure)


def differences(before: Values, after: Values) -> list[Difference]:
    """Returns the differences between two readings of a capture. If only one of them is an article, that is the only difference."""
    if not before or not after:
        if not before and not after:
            return []
        title = _shown(*(before or after).get("title", (before or after)[ARTICLE]).items)
        return [Difference(ARTICLE, LOST, title, "") if before else Difference(ARTICLE, GAINED, "", title)]
    return [one for name in before if name != ARTICLE for one in _of_field(name, before[name], after[name])]


def _of_field(name: str, before: Value, after: Value) -> Iterable[Difference]:
    if name == LAYOUT:
        yield from _of_layout(before, after)
    elif name in _LISTS:
        yield from (Difference(name, LOST, _shown(item), "") for item in _without(before.items, after.items))
        yield from (Difference(name, GAINED, "", _shown(item)) for item in _without(after.items, before.items))
    elif before.items and not after.items:
        yield Difference(name, LOST, _shown(*before.items), "")
    elif after.items and not before.items:
        yield Difference(name, GAINED, "", _shown(*after.items))
    elif before.items:
        yield from _of_value(name, before, after)


def _of_value(name: str, before: Value, after: Value) -> Iterable[Difference]:
    [old], [new] = before.items, after.items
    if _strength(after.rule) < _strength(before.rule):
        yield Difference(name, WEAKER, f"{before.rule}: {_shown(old)}", f"{after.rule}: {_shown(new)}")
    elif old != new:
        kind = CHANGED
        if name == _LONG:
            kind = LOST if len(new) < _KEPT * len(old) else GAINED if len(old) < _KEPT * len(new) else CHANGED
        yield Difference(name, kind, *_where_they_differ(old, new))


def _of_layout(before: Value, after: Value) -> Iterable[Difference]:
    [old], [new] = before.items, after.items
    if old != new:
        kind = LOST if is_general(new) else GAINED if is_general(old) else CHANGED
        yield Difference(LAYOUT, kind, old, new)


def is_general(layout: str) -> bool:
    """Returns whether a page was read by general rules only, because no layout fits."""
    return layout.split("/")[0] in ("generic", "plain")


def _strength(rule: str | None) -> int:
    """Returns how much a rule knows of the site: its layout (3), what the page itself names (2), general rules (1), another program (0)."""
    if rule is None or rule == RuleCode.LAYOUT_SELECTOR:
        return 3
    if rule in _NAMED_BY_PAGE:
        return 2
    return 0 if rule.startswith("fallback") else 1 if rule.startswith("generic") else 3


def _without(items: Sequence[str], others: Sequence[str]) -> list[str]:
    """Returns the items that are not among the others. An item that occurs twice needs two others."""
    left = list(others)
    missing = []
    for item in items:
        if item in left:
            left.remove(item)
        else:
            missing.append(item)
    return missing


def _where_they_differ(old: str, new: str) -> tuple[str, str]:
    """Returns the parts of two texts around their first difference."""
    same = next((at for at, (one, other) in enumerate(zip(old, new, strict=False)) if one != other), min(len(old), len(new)))
    start = max(same - _CONTEXT, 0)
    return _shown(old[start:]), _shown(new[start:])


def _shown(*texts: str) -> str:
    text = " ".join(" ".join(texts)[: _SHOWN * 2].split()).encode("utf-8", "replace").decode()  # half a surrogate pair cannot be printed
    return text if len(text) <= _SHOWN else text[: _SHOWN - 1] + "…"


@dataclass(slots=True)
class FieldTally:
    """The differences of a field of a source. `before`: how many values there were. `examples`: of each kind, with the URL."""

    before: int = 0
    counts: dict[str, int] = field(default_factory=lambda: dict.fromkeys(KINDS, 0))
    examples: dict[str, list[dict[str, str]]] = field(default_factory=dict)

    @property
    def losses(self) -> int:
        """Returns how many values are lost or weaker."""
        return self.counts[LOST] + self.counts[WEAKER]

    @property
    def share_lost(self) -> float:
        """Returns the share of the values that are lost or weaker, from 0 to 1."""
        return self.losses / max(self.before, self.losses) if self.losses else 0.0


@dataclass(slots=True)
class FailureTally:
    """The captures of a source that could not be parsed, for one reason. `examples`: with URL and detail."""

    count: int = 0
    examples: list[dict[str, str]] = field(default_factory=list)


class Tally:
    """The differences of a source by field, and its captures that could not be parsed, by reason."""

    def __init__(self, fields: Mapping[str, Any] | None = None, failures: Mapping[str, Any] | None = None) -> None:
        """`fields`, `failures`: what `as_json` and `failures_as_json` returned, to go on from there."""
        self.fields = {name: FieldTally(**values) for name, values in (fields or {}).items()}
        self.failures = {reason: FailureTally(**values) for reason, values in (failures or {}).items()}

    def add(self, url: str, comparison: Comparison) -> None:
        """Counts one capture. `url`: for the examples."""
        for name, number in comparison.values:
            self._of(name).before += number
        for one in comparison.differences:
            found = self._of(one.field)
            found.counts[one.kind] += 1
            examples = found.examples.setdefault(one.kind, [])
            if len(examples) < _EXAMPLES:
                examples.append({"url": url, "before": one.before, "after": one.after})
        if comparison.failure is not None:
            reason, detail = comparison.failure
            failed = self.failures.setdefault(reason, FailureTally())
            failed.count += 1
            if len(failed.examples) < _EXAMPLES:
                failed.examples.append({"url": url, "detail": _shown(detail)})

    def above(self, limit: float) -> list[str]:
        """Returns the fields of which a larger share than `limit` (0 to 1) would be lost."""
        return [name for name, found in self.fields.items() if found.share_lost > limit]

    def differing(self) -> dict[str, FieldTally]:
        """Returns the fields with at least one difference."""
        return {name: found for name, found in self.fields.items() if any(found.counts.values())}

    def as_json(self) -> dict[str, Any]:
        """Returns the counts and examples by field."""
        return {name: {"before": one.before, "counts": one.counts, "examples": one.examples} for name, one in self.fields.items()}

    def failures_as_json(self) -> dict[str, Any]:
        """Returns the number and examples of the captures that could not be parsed, by reason."""
        return {reason: {"count": one.count, "examples": one.examples} for reason, one in self.failures.items()}

    def _of(self, name: str) -> FieldTally:
        return self.fields.setdefault(name, FieldTally())
