"""Image files made fit to publish: without what a camera or an editor wrote about itself."""

import re
import struct
import zlib

_KEPT_EXIF = (
    # A minimal Exif block that holds the orientation alone (Exif 2.32, 4.6): the image still stands upright.
    b"Exif\0\0MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01"
)
_TIFF = (b"II*\0", b"MM\0*")
# Where Exif begins in a HEIC or an AVIF: after the offset of its header, and that (ISO/IEC 23008-12, A.2.1).
_EXIF_OF_HEIF = re.compile(rb"(?<=Exif\0\0)(?:II\*\0|MM\0\*)|(?<=\0\0\0\0)(?:II\*\0\x08\0\0\0|MM\0\*\0\0\0\x08)")
# Tags of a TIFF that tell of it (TIFF 6.0; Exif 2.32, 4.6): names, programs, machines, dates, people, places.
_TELLING = {269, 270, 271, 272, 285, 305, 306, 315, 316, 700, 33432, 33723, 34377, 34665, 34853, 37724}
_TELLING |= set(range(40091, 40096))
_BLOCKS = {34665, 34853}
_SIZES = {1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 6: 1, 7: 1, 8: 2, 9: 4, 10: 8, 11: 4, 12: 8, 13: 4}
# What makes a GIF move; other programs' blocks tell of them.
_MOVING = (b"NETSCAPE2.0", b"ANIMEXTS1.0")
_PNG = b"\x89PNG\r\n\x1a\n"


def without_private_metadata(octets: bytes) -> bytes:
    """An image without what was written about it: Exif (GPS, camera, author), XMP, IPTC, comments.

    The picture itself, its colour profile and its orientation stay, to the byte. JPEG, PNG, WebP, GIF, TIFF, HEIC and
    AVIF are cleaned; other files are given back as they are.
    """
    if octets.startswith(b"\xff\xd8"):
        return _clean_jpeg(octets)
    if octets.startswith(_PNG):
        return _clean_png(octets)
    if octets.startswith(b"RIFF") and octets[8:12] == b"WEBP":
        return _clean_webp(octets)
    if octets.startswith((b"GIF87a", b"GIF89a")):
        return _clean_gif(octets)
    if octets.startswith(_TIFF):
        return _with_blank_tiffs(octets, [0])
    if octets[4:8] == b"ftyp":
        starts = [found.start() for found in _EXIF_OF_HEIF.finditer(octets)]
        return _without_xmp(_with_blank_tiffs(octets, starts))
    return octets


def _clean_jpeg(octets: bytes) -> bytes:
    kept, position = [b"\xff\xd8"], 2
    while octets[position : position + 1] == b"\xff" and position + 4 <= len(octets):
        marker = octets[position + 1]
        if marker == 0xDA:
            break
        if marker == 0xFF:
            position += 1
            continue
        (length,) = struct.unpack(">H", octets[position + 2 : position + 4])
        segment = octets[position : position + 2 + length]
        if marker == 0xE1 and segment[4:10] == b"Exif\0\0":
            orientation = _orientation(segment[10:])
            if orientation > 1:
                exif = _KEPT_EXIF + struct.pack(">HHI", orientation, 0, 0)
                kept.append(b"\xff\xe1" + struct.pack(">H", len(exif) + 2) + exif)
        elif marker not in (0xE1, 0xED, 0xFE):
            kept.append(segment)
        position += 2 + length
    return b"".join(kept) + octets[position:]


def _clean_png(octets: bytes) -> bytes:
    """A PNG without its texts, date and Exif (PNG, third edition, 11.3)."""
    kept, position = [_PNG], len(_PNG)
    while position + 12 <= len(octets):
        (length,) = struct.unpack_from(">I", octets, position)
        kind, end = octets[position + 4 : position + 8], position + 12 + length
        if kind == b"eXIf":
            orientation = _orientation(octets[position + 8 : end - 4])
            if orientation > 1:
                block = _KEPT_EXIF[6:] + struct.pack(">HHI", orientation, 0, 0)
                chunk = kind + block
                kept.append(struct.pack(">I", len(block)) + chunk + struct.pack(">I", zlib.crc32(chunk)))
        elif kind not in (b"tEXt", b"zTXt", b"iTXt", b"tIME"):
            kept.append(octets[position:end])
        position = end
    return b"".join(kept) if position >= len(octets) else octets


def _clean_webp(octets: bytes) -> bytes:
    """A WebP without XMP, and with no more Exif than its orientation (WebP container specification)."""
    kept: list[bytes] = []
    position, flags_at = 12, -1
    while position + 8 <= len(octets):
        kind = octets[position : position + 4]
        (length,) = struct.unpack_from("<I", octets, position + 4)
        end = position + 8 + length + length % 2
        chunk = octets[position:end]
        if kind == b"VP8X":
            flags_at = len(b"".join(kept)) + 8
        if kind == b"EXIF":
            data = octets[position + 8 : position + 8 + length].removeprefix(b"Exif\0\0")
            orientation = _orientation(data)
            block = _KEPT_EXIF[6:] + struct.pack(">HHI", orientation, 0, 0)
            chunk = kind + struct.pack("<I", len(block)) + block
        if kind != b"XMP ":
            kept.append(chunk)
        position = end
    body = bytearray(b"".join(kept))
    if flags_at >= 0:
        # The bit that announces XMP.
        body[flags_at] &= ~0x04
    return b"RIFF" + struct.pack("<I", len(body) + 4) + b"WEBP" + bytes(body)


def _clean_gif(octets: bytes) -> bytes:
    """A GIF without comments, and blocks of programs other than what makes it move (GIF89a, 24, 26)."""
    try:
        position = 13 + _colours(octets[10])
        kept = [octets[:position]]
        while octets[position] != 0x3B:
            is_picture, start = octets[position] == 0x2C, position
            if not is_picture and octets[position] != 0x21:
                return octets
            position += 11 + _colours(octets[position + 9]) if is_picture else 2
            label, name = octets[start + 1], octets[position + 1 : position + 12]
            while octets[position]:
                position += octets[position] + 1
            position += 1
            if is_picture or label not in (0xFE, 0xFF) or (label == 0xFF and name in _MOVING):
                kept.append(octets[start:position])
        return b"".join([*kept, b";"])
    except IndexError:
        return octets


def _colours(flags: int) -> int:
    """How many octets a table of colours has (GIF89a, 18, 20)."""
    return 3 << ((flags & 7) + 1) if flags & 0x80 else 0


def _with_blank_tiffs(octets: bytes, starts: list[int]) -> bytes:
    """A file with what its TIFF structures tell of it overwritten: all else stays in its place."""
    done = bytearray(octets)
    for start in starts:
        order = "<" if octets[start : start + 2] == b"II" else ">"
        try:
            directory, seen = struct.unpack_from(f"{order}I", done, start + 4)[0], set[int]()
            while directory and directory not in seen:
                seen.add(directory)
                directory = _blank(done, start, directory, order=order, telling=_TELLING)
        except struct.error:
            continue
    return bytes(done)


def _blank(done: bytearray, start: int, directory: int, *, order: str, telling: set[int] | None) -> int:
    """Take entries (all, without ``telling``) out of a directory of a TIFF, with what they hold; gives the next one."""
    at = start + directory
    (count,) = struct.unpack_from(f"{order}H", done, at)
    entries = [bytes(done[at + 2 + 12 * i : at + 14 + 12 * i]) for i in range(count)]
    after = bytes(done[at + 2 + 12 * count : at + 6 + 12 * count])
    kept = []
    for entry in entries:
        tag, kind, many, value = struct.unpack(f"{order}HHII", entry)
        if telling is not None and tag not in telling:
            kept.append(entry)
            continue
        if tag in _BLOCKS and telling is not None:
            _blank(done, start, value, order=order, telling=None)
        size = _SIZES.get(kind, 1) * many
        if size > 4 and start + value + size <= len(done):
            done[start + value : start + value + size] = bytes(size)
    whole = struct.pack(f"{order}H", len(kept)) + b"".join(kept) + after
    done[at : at + 6 + 12 * count] = whole.ljust(6 + 12 * count, b"\0")
    return int(struct.unpack(f"{order}I", after)[0])


def _without_xmp(octets: bytes) -> bytes:
    """A file whose XMP packets are blank."""
    position = octets.find(b"<x:xmpmeta")
    while position >= 0:
        end = octets.find(b"</x:xmpmeta>", position)
        if end < 0:
            break
        end += len(b"</x:xmpmeta>")
        octets = octets[:position] + b" " * (end - position) + octets[end:]
        position = octets.find(b"<x:xmpmeta", end)
    return octets


def _orientation(tiff: bytes) -> int:
    """The orientation (1 to 8) that an Exif block gives, 1 when it gives none."""
    order = {b"II": "<", b"MM": ">"}.get(tiff[:2])
    try:
        if order:
            (offset,) = struct.unpack_from(f"{order}I", tiff, 4)
            (count,) = struct.unpack_from(f"{order}H", tiff, offset)
            for entry in range(offset + 2, offset + 2 + 12 * count, 12):
                tag, _kind, _count, value = struct.unpack_from(f"{order}HHIH", tiff, entry)
                if tag == 0x0112:
                    return value if 1 <= value <= 8 else 1
    except struct.error:
        pass
    return 1
