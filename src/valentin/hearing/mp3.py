"""Whether a file is MP3 at all, before a decoder that complains on its own is asked.

In: the first bytes of a file. Out: yes or no.

**Conventions.** Three frames of layer III, of one kind, must follow one another; before the first
may lie a tag or rubbish, as players allow.

**Knows nothing of** sound.

**Reference.** ISO/IEC 11172-3 and 13818-3: the header of a frame.
"""

from __future__ import annotations

from pathlib import Path

__all__ = ["is_mp3"]

LOOKED_AT = 1 << 16
"""Bytes behind the tag in which a frame must begin."""
FOLLOWING = 3  # frames
_KBITS_1 = (0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320)  # MPEG 1
_KBITS_2 = (0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160)  # MPEG 2 and 2.5
_RATES_HZ = {3: (44_100, 48_000, 32_000), 2: (22_050, 24_000, 16_000), 0: (11_025, 12_000, 8_000)}


def is_mp3(path: Path) -> bool:
    """Whether frames of MP3 lie at the beginning of a file, behind its tag."""
    with path.open("rb") as file:
        head = file.read(10)
        tag = 0
        if head[:3] == b"ID3" and len(head) == 10:
            sizes = zip(head[6:], (21, 14, 7, 0), strict=True)
            tag = 10 + sum((byte & 0x7F) << shift for byte, shift in sizes)
        file.seek(tag)
        data = file.read(LOOKED_AT)
    return any(_frames(data, at) for at in range(len(data) - 4) if data[at] == 0xFF)


def _frames(data: bytes, at: int) -> bool:
    """Whether frames of one kind follow one another from here to the end, or three of them."""
    kind = None
    for _ in range(FOLLOWING):
        if kind and at >= len(data) - 4:
            return True
        length = _length(data[at : at + 4])
        if not length or kind not in (None, data[at + 1] & 0xFE):
            return False
        kind = data[at + 1] & 0xFE
        at += length
    return True


def _length(header: bytes) -> int:
    """Bytes of a frame of layer III, 0 for what is no header."""
    version, layer = header[1] >> 3 & 3, header[1] >> 1 & 3
    kbits, rate = header[2] >> 4, header[2] >> 2 & 3
    if header[0] != 0xFF or header[1] < 0xE0 or version == 1 or layer != 1:
        return 0
    if kbits in (0, 15) or rate == 3:
        return 0
    first = version == 3
    bits = 1000 * (_KBITS_1 if first else _KBITS_2)[kbits]
    return (144 if first else 72) * bits // _RATES_HZ[version][rate] + (header[2] >> 1 & 1)
