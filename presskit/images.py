"""Image files made fit to publish: what a camera or an editor wrote about itself is taken out."""

import struct

_KEPT_EXIF = (
    # A minimal Exif block that holds the orientation alone (Exif 2.32, 4.6): the image still stands upright.
    b"Exif\0\0MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01"
)


def without_private_metadata(octets: bytes) -> bytes:
    """A JPEG without its Exif (GPS, camera, author), XMP, IPTC and comments; others as they are.

    The picture itself, its colour profile and its orientation stay, to the byte.
    """
    if not octets.startswith(b"\xff\xd8"):
        return octets
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
