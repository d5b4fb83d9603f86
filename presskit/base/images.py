"""Image files made fit to publish: without what a camera or an editor wrote about itself."""

import struct
import zlib

_KEPT_EXIF = (
    # A minimal Exif block that holds the orientation alone (Exif 2.32, 4.6): the image still stands upright.
    b"Exif\0\0MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01"
)
_PNG = b"\x89PNG\r\n\x1a\n"


def without_private_metadata(octets: bytes) -> bytes:
    """An image without what was written about it: Exif (GPS, camera, author), XMP, IPTC, comments.

    The picture itself, its colour profile and its orientation stay, to the byte. JPEG, PNG and WebP are cleaned;
    other files are given back as they are.
    """
    if octets.startswith(b"\xff\xd8"):
        return _clean_jpeg(octets)
    if octets.startswith(_PNG):
        return _clean_png(octets)
    if octets.startswith(b"RIFF") and octets[8:12] == b"WEBP":
        return _clean_webp(octets)
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
