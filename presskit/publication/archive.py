"""A communiqué's ZIP: kit, attachments, images with their credits, and texts, with a list of their sums."""

import hashlib
import json
import stat
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path, PurePosixPath
from typing import Any
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

MANIFEST = "manifest.json"
# What is packed already: packing it once more takes time and saves nothing.
_PACKED = set(".pdf .jpg .jpeg .png .webp .gif .docx .xlsx .pptx .odt .ods .odp .zip .epub .mp3 .mp4 .m4a .ogg".split())
_CHUNK = 1 << 20


def write_archive(
    target: Path, folder: str, files: Mapping[str, Path], *, moment: datetime, about: Mapping[str, Any]
) -> None:
    """Write a ZIP of ``files`` (by the path that each has in it), all under one ``folder``.

    ``manifest.json`` lists them with sizes and SHA-256 sums, after what it says ``about`` them. All bear the
    ``moment``, so that the same files give the same ZIP. Raises ValueError for a path that would leave the folder.
    """
    date = (min(max(moment.year, 1980), 2107), moment.month, moment.day, moment.hour, moment.minute, moment.second)

    def entry(inside: str, size: int) -> ZipInfo:
        path = PurePosixPath(inside)
        if path.is_absolute() or ".." in path.parts or "\\" in inside:
            raise ValueError(f"{inside} would leave its folder")
        info = ZipInfo(f"{folder}/{path}", date)
        info.compress_type = ZIP_STORED if path.suffix.lower() in _PACKED else ZIP_DEFLATED
        info.external_attr = (stat.S_IFREG | 0o644) << 16
        info.file_size = size
        return info

    listed = []
    with ZipFile(target, "w") as archive:
        for inside, path in sorted(files.items()):
            size, digest = path.stat().st_size, hashlib.sha256()
            with path.open("rb") as file, archive.open(entry(inside, size), "w") as packed:
                while chunk := file.read(_CHUNK):
                    digest.update(chunk)
                    packed.write(chunk)
            listed.append({"path": inside, "bytes": size, "sha256": digest.hexdigest()})
        manifest = json.dumps({**about, "files": listed}, ensure_ascii=False, indent=2) + "\n"
        archive.writestr(entry(MANIFEST, len(manifest)), manifest)
