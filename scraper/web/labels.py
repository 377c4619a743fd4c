"""What the codes of the archive are called on the pages, in Vietnamese and English."""

from __future__ import annotations

from collections.abc import Mapping

_VIETNAMESE: Mapping[str, str] = {
    # citations.relation (docs/relations.md)
    "legal basis": "căn cứ",
    "implementing": "thực hiện",
    "issuing": "ban hành",
    "amending": "sửa đổi",
    "replacing": "thay thế",
    "drafting": "dự thảo",
    "attached": "kèm theo",
    "checking": "kiểm tra",
    # documents.status and citations.status
    "known": "có trong bảng tra",
    "stub": "chỉ biết qua viện dẫn",
    "ambiguous": "nhiều khả năng",
    "unresolved": "chưa xác định",
    # sources.confidence
    "high": "cao",
    "medium": "vừa",
    "low": "thấp",
}


def named(code: str | None) -> str:
    """Returns a code with its Vietnamese name, like "thực hiện · implementing"; a code without one as it is; "" for None."""
    if code is None:
        return ""
    return f"{_VIETNAMESE[code]} · {code}" if code in _VIETNAMESE else code
