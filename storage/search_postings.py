"""Which texts of a stretch hold a pair of characters, packed into one blob for many pairs.

A stretch is 16,384 consecutive texts. Its pairs are spread over 4,096 buckets by their hash, and
a bucket is one row: a tenth of the rows that one row for each pair would take, in both databases.
A bucket: how many keys, the keys, the length of each one's data, the data. Data is the places of
the texts within the stretch, two bytes each, or one bit for each text when that is shorter. Two
pairs of one key only make a candidate more: every candidate is compared as a text in the end.
"""

import struct
from collections.abc import Iterable, Iterator, Mapping, Sequence
from zlib import crc32

STRETCH = 16_384
BUCKETS = 4_096
_BITMAP_BYTES = STRETCH // 8


def stretch_of(text_id: int) -> int:
    """Which stretch a text is in."""
    return text_id // STRETCH


def keys_of(kind: str, account_id: str, pairs: Iterable[str]) -> set[int]:
    """The keys of pairs; each account's are its own, so that a search touches no other's."""
    seed = crc32(f"{kind}\0{account_id}\0".encode())
    return {crc32(pair.encode("utf-8", "surrogatepass"), seed) for pair in pairs}


def bucket_of(key: int) -> int:
    """The row that a key is in."""
    return key % BUCKETS


def pack(places: Mapping[int, Sequence[int]]) -> bytes:
    """A bucket from its keys and their places, which rise."""
    return _join({key: _data(places[key]) for key in sorted(places)})


def read(bucket: bytes, key: int) -> bytes:
    """The data of one key, empty when it has none."""
    for known, data in _split(bucket):
        if known == key:
            return data
    return b""


def bits(data: bytes) -> int:
    """Data as one number with a bit for each text."""
    if len(data) == _BITMAP_BYTES:
        return int.from_bytes(data, "little")
    bitmap = bytearray(_BITMAP_BYTES)
    for place in _places(data):
        bitmap[place >> 3] |= 1 << (place & 7)
    return int.from_bytes(bitmap, "little")


def places_down(bitmap: int) -> Iterator[int]:
    """The places of a number's bits, the last text first."""
    while bitmap:
        place = bitmap.bit_length() - 1
        bitmap ^= 1 << place
        yield place


def without(bucket: bytes, gone: Mapping[int, set[int]]) -> bytes:
    """The bucket when some places of its keys are gone."""
    left = {key: _data_without(data, gone.get(key, set())) for key, data in _split(bucket)}
    return _join({key: data for key, data in left.items() if data})


def _data(places: Sequence[int]) -> bytes:
    if len(places) * 2 < _BITMAP_BYTES:
        return struct.pack(f"<{len(places)}H", *places)
    return sum(1 << place for place in places).to_bytes(_BITMAP_BYTES, "little")


def _data_without(data: bytes, gone: set[int]) -> bytes:
    if not gone:
        return data
    if len(data) == _BITMAP_BYTES:
        left = bits(data) & ~sum(1 << place for place in gone)
        return left.to_bytes(_BITMAP_BYTES, "little")
    return _data([known for known in _places(data) if known not in gone])


def _places(data: bytes) -> tuple[int, ...]:
    return struct.unpack(f"<{len(data) // 2}H", data)


def _join(data: Mapping[int, bytes]) -> bytes:
    lengths = [len(one) for one in data.values()]
    head = struct.pack(f"<H{len(data)}I{len(data)}H", len(data), *data, *lengths)
    return head + b"".join(data.values())


def _split(bucket: bytes) -> Iterator[tuple[int, bytes]]:
    (count,) = struct.unpack_from("<H", bucket)
    head = struct.unpack_from(f"<{count}I{count}H", bucket, 2)
    start = 2 + 6 * count
    for key, length in zip(head[:count], head[count:], strict=True):
        yield key, bucket[start : start + length]
        start += length
