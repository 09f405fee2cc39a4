"""ZIP files that are the same when their contents are."""

from __future__ import annotations

import io
import zipfile
from typing import Final

from ethiek.reports.bundle import FIXED_DATE, READABLE_BY_ALL

STORED: Final = frozenset({"mimetype"})
"""OpenDocument wants this one first, and not compressed."""


def repacked(data: bytes, leave_out: frozenset[str] = frozenset()) -> bytes:
    """The same files in the same order, with a fixed date on each."""
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(target, "w") as packed:
        for name in source.namelist():
            if name not in leave_out and not name.endswith("/"):
                packed.writestr(_info(name), source.read(name))
    return target.getvalue()


def _info(name: str) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo(name, FIXED_DATE)
    info.compress_type = zipfile.ZIP_STORED if name in STORED else zipfile.ZIP_DEFLATED
    info.external_attr = READABLE_BY_ALL
    info.create_system = 3  # the same bytes on every system
    return info
