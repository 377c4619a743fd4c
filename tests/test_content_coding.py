"""Content encodings as servers send them: announced and not applied, applied twice, cut, damaged, far too large."""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Callable

import brotli
import pytest
from backports import zstd

from scraper.content_coding import CannotDecode, Decoded, TooLarge, gunzip, undo

PICTURE = bytes(range(256)) * 40
PAGE = "".join(
    f"<p>{n}. Thực hiện Quyết định số {n * 7919 % 100_003}/QĐ-UBND ngày {n % 28 + 1}/5/2007.</p>\n" for n in range(6000)
).encode()
LIMIT = 10_000_000


def _bare_deflate(data: bytes) -> bytes:
    packer = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    return packer.compress(data) + packer.flush()


PACKERS: dict[str, tuple[str, Callable[[bytes], bytes]]] = {
    "gzip": ("gzip", gzip.compress),
    "x-gzip": ("x-gzip", gzip.compress),
    "zlib": ("deflate", zlib.compress),
    "bare deflate": ("deflate", _bare_deflate),
    "brotli": ("br", brotli.compress),
    "zstd": ("zstd", zstd.compress),
}


@pytest.mark.parametrize("packer", PACKERS)
def test_an_encoding(packer: str) -> None:
    name, pack = PACKERS[packer]
    packed = pack(PAGE)
    assert undo(packed, [name.upper()], LIMIT) == Decoded(PAGE)
    assert undo(PAGE, [name], LIMIT) == Decoded(PAGE), "announced, but not applied"
    cut = undo(packed[: len(packed) // 2], [name], LIMIT)
    assert cut.truncated and len(cut.body) > len(PAGE) // 4 and PAGE.startswith(cut.body)
    with pytest.raises(TooLarge):
        undo(pack(bytes(LIMIT * 4)), [name], LIMIT)


def test_two_encodings_and_one_that_was_applied_twice() -> None:
    twice = gzip.compress(gzip.compress(PAGE))
    assert undo(twice, ["gzip"], LIMIT).body == undo(twice, ["gzip", "gzip"], LIMIT).body == PAGE
    assert undo(gzip.compress(PAGE), ["gzip", "gzip"], LIMIT).body == PAGE
    assert undo(brotli.compress(gzip.compress(PAGE)), ["gzip", "br"], LIMIT).body == PAGE
    assert undo(PAGE, ["identity", ""], LIMIT).body == PAGE
    for name, pack in {"br": brotli.compress, "deflate": zlib.compress, "zstd": zstd.compress}.items():
        assert undo(pack(pack(PAGE)), [name], LIMIT) == Decoded(PAGE), "applied twice"
        assert undo(pack(PICTURE), [name], LIMIT) == Decoded(PICTURE), "not text, and applied once"
    assert undo(_bare_deflate(_bare_deflate(PAGE)), ["deflate"], LIMIT) == Decoded(PAGE)
    for name in ("br", "deflate", "zstd"):
        assert undo(gzip.compress(PAGE), [name], LIMIT) == Decoded(PAGE), "gzip under another name"
    assert undo(gzip.compress(PAGE[:5000]) + gzip.compress(PAGE[5000:]), ["gzip"], LIMIT) == Decoded(PAGE)


@pytest.mark.parametrize("name", ["gzip", "deflate", "br", "zstd", "x-unknown"])
def test_what_cannot_be_decoded_is_an_error(name: str) -> None:
    with pytest.raises(CannotDecode, match=name):
        undo(b"\x00\x01\x02 no such data \xff\xfe" * 9, [name], LIMIT)
    assert undo(b"", [name], LIMIT) == Decoded(b"")


@pytest.mark.parametrize("packer", ["gzip", "zlib", "brotli"])  # zstd decodes a page as one block, and bare deflate has no checksum
@pytest.mark.parametrize("size", [3_000, len(PAGE)])
def test_of_damaged_data_what_is_before_the_damage_is_kept(packer: str, size: int) -> None:
    name, pack = PACKERS[packer]
    packed = bytearray(pack(PAGE[:size]))
    at = len(packed) * 3 // 4
    packed[at : at + 12] = b"\xff" * 12
    read = undo(bytes(packed), [name], LIMIT)
    assert read.truncated and read.body[: size // 2] == PAGE[: size // 2]


def test_a_page_with_a_wrong_checksum_is_whole_but_marked() -> None:
    packed = bytearray(gzip.compress(PAGE[:3000]))
    packed[-6] ^= 255
    assert undo(bytes(packed), ["gzip"], LIMIT) == Decoded(PAGE[:3000], truncated=True)
    large = bytearray(gzip.compress(PAGE))
    large[-6] ^= 255
    read = undo(bytes(large), ["gzip"], LIMIT)
    assert read.truncated and PAGE.startswith(read.body) and len(PAGE) - len(read.body) < 2000


def test_a_damaged_end_is_marked_and_a_file_that_is_no_gzip_is_an_error() -> None:
    packed = bytearray(gzip.compress(PAGE))
    packed[-6] ^= 255  # in the checksum
    assert undo(bytes(packed), ["gzip"], LIMIT).truncated
    with pytest.raises(CannotDecode):
        gunzip(b"<urlset/>", LIMIT)
    with pytest.raises(CannotDecode):
        undo(PAGE, ["gzip"] * 40, LIMIT)
