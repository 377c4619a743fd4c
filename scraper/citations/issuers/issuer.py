"""A body that a text names as an issuer."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Issuer:
    """A body that was parsed from words, and the span that it covers in them."""

    name: str
    start: int
    end: int
    province: str | None = None
    local: bool = False  # a kind of body that every province, district or commune has
    partial: bool = False  # only a place ("huyện Anh Sơn") or only "Sở"; the code of the number decides which body
