"""Words by which a text of a public body differs from one of a shop, a blog or a betting house. Pure.

An article of an agency names its work in many ways: of 1,601 texts of a city's department, 19 have fewer than two of these groups of words,
and of 263 of a province's department none. Pages of sellers have at most one. The words are compared with their marks, because "dang" is
"đảng" and "đang".
"""

from __future__ import annotations

import re
from itertools import islice

from scraper.text import fold, nfc

LEAST_GROUPS = 2  # of a text of a public body
SHORTEST = 200  # characters; a shorter text is the caption of a picture, or says nothing
LONGEST_READ = 4000  # characters of a text that are searched

_GROUPS = tuple(
    re.compile(rf"(?<!\w)(?:{words})(?!\w)")
    for words in (
        r"ubnd|[uủ][yỷ] ban nhân dân|ủy ban nhân dân|hđnd|hội đồng nhân dân",
        r"sở|giám đốc sở|chi cục|tổng cục|cục trưởng|vụ trưởng|thanh tra",
        r"bộ trưởng|thứ trưởng|các bộ|bộ (?:y tế|nội vụ|tài chính|công thương|xây dựng|giáo dục|tư pháp|thông tin|khoa học"
        r"|nông nghiệp|tài nguyên|văn h[óo][aá]|lao động|công an|quốc phòng|ngoại giao|chính trị|kế hoạch|giao thông)",
        r"tỉnh|huyện|thị xã|xã|phường|quận|địa phương|địa bàn",
        r"chủ tịch|bí thư|lãnh đạo|trưởng phòng|phó giám đốc|đại biểu|phó trưởng",
        r"nghị quyết|nghị định|quyết định số|thông tư|chỉ thị|công văn|kế hoạch|quy định|văn bản|pháp luật|chương trình|thủ tục hành chính",
        r"đảng|đảng [uủ][yỷ]|đảng bộ|đảng viên|mặt trận|đoàn thanh niên|công đoàn|hội phụ nữ|cựu chiến binh|tổ quốc",
        r"cơ quan|ban chỉ đạo|ban tổ chức|đơn vị|các ngành|ban ngành|đoàn thể",
        r"cán bộ|công chức|viên chức|đồng chí|nhân dân|người dân|công dân|bà con",
        r"chính phủ|nhà nước|thủ tướng|quốc hội|trung ương",
        r"hội nghị|tập huấn|tổng kết|sơ kết|triển khai|chỉ đạo|phát động|tuyên truyền|khai mạc|nhiệm vụ|công tác",
        r"công an|quân sự|biên phòng|t[oò][àa] án|viện kiểm sát|kho bạc|hải quan|quốc phòng",
        r"governments?|ministr(?:y|ies)|ministers?|departments?|provinc(?:e|es|ial)|people['’]s committees?|districts?|communes?",
        r"viet ?nam(?:ese)?|national assembly|chairman|committees?|prime minister|deputy|authorities|citizens?|public",
    )
)

# Words of betting houses, folded: of Viet Nam, of Indonesia and of China, whose pages take over domains most often.
_BETTING = re.compile(
    r"(?<!\w)(?:nha cai|ca cuoc|soi keo|keo nha cai|ty le keo|ca do|no hu|ban ca doi thuong|game bai|doi thuong|tai xiu|xoc dia|song bai"
    r"|casinos?|baccarat|jackpot|slots? (?:game|online|gacor)|lo de|soi cau|judi|togel|gacor|bandar|taruhan|nap tien|rut tien"
    r"|khuyen mai nap|(?:link|duong dan) vao|uy tin nhat|(?:bet|win|vip|club|fun)\d{2,3}"
    r"|\w{1,8}(?:bet|win)(?:\d{2,3})?|8xbet|w88|m88|kubet|sunwin|go88|hitclub)(?!\w)|博彩|赌场|娱乐城|百家乐|彩票"
)
# A quick check: a page of betting has one of these, in small letters. To look for each takes a fifth of the time of one pattern.
_MAY_BET = (
    *("nhà cái", "cá cược", "kèo", "casino", "slot", "tài xỉu", "nổ hũ", "game bài", "judi", "togel", "gacor", "nha cai", "bet"),
    *("博彩", "赌场", "娱乐城", "百家乐"),
)
_FEWEST_OF_BETTING = 3  # different words of betting, in a text that names no public body


def names_public_body(text: str) -> bool:
    """Return True if a text has the words of a public body.

    >>> names_public_body("UBND huyện tổ chức hội nghị tổng kết"), names_public_body("Nhà cái uy tín, nạp tiền nhanh, khuyến mãi lớn")
    (True, False)
    """
    small = nfc(text[:LONGEST_READ]).lower()
    found = (group for group in _GROUPS if group.search(small) is not None)
    return sum(1 for _ in islice(found, LEAST_GROUPS)) == LEAST_GROUPS


def advertises_betting(text: str) -> bool:
    """Return True if a text advertises betting. News about those who were arrested for it name the police, the court or the place.

    >>> advertises_betting("Nhà cái VUABET88: soi kèo, nổ hũ, tài xỉu, link vào không bị chặn")
    True
    >>> advertises_betting("Công an huyện bắt nhóm đối tượng lập nhà cái, tổ chức cá độ, đánh tài xỉu trên địa bàn")
    False
    """
    beginning = text[:LONGEST_READ]
    small = beginning.lower()
    if not any(word in small for word in _MAY_BET):
        return False
    found = {match[0] for match in _BETTING.finditer(fold(beginning))}
    return len(found) >= _FEWEST_OF_BETTING and not names_public_body(text)
