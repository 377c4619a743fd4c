"""Words in the URL of a frame, or of a part that a script loads, that say that it is neither a menu nor a text."""

from __future__ import annotations

# Counters, weather, polls, viewers of files, videos, maps, calendars, comments, banners, social networks, forms for members.
OTHER_CONTENT = (
    r"count|online|thoi-?tiet|weather|ty-?gia|vote|binh-?chon|viewer|player|video|youtu|map|lich|calendar|comment|binh-?luan"
    r"|banner|quang-?cao|advert|facebook|zalo|chat|login|captcha"
)
# The end of the URL of a file instead of a page.
OTHER_FILE = r"\.(?:pdf|docx?|xlsx?|pptx?|png|jpe?g|gif|svg|mp[34]|json|css)(?:$|\?)"
