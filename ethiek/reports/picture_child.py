"""Draws the pages of a document in a process of its own: ``python -m ethiek.reports.picture_child``.

Standard input is a PDF. Standard output is one JSON object: ``total``, the number of pages, and ``pages``, a list with
``width``, ``height`` (pixels) and ``png`` (base64) of the first pages. Exit status 3: it cannot be drawn.
"""

from __future__ import annotations

import base64
import io
import json
import sys
from typing import Any, Final

import pypdfium2
from PIL import Image

from ethiek.reports.confinement import confine

MEMORY_BYTES: Final = 2**30
CPU_SECONDS: Final = 60
WIDTH: Final = 800
"""Pixels: text of 9 points can be read."""
MOST_PAGES: Final = 100
COLOURS: Final = 64
"""A page has few; a third of the bytes that all colours would take."""
REFUSED: Final = 3


def drawn(pdf: bytes) -> dict[str, Any]:
    """Draw the pages of a PDF; what is behind ``MOST_PAGES`` is only counted."""
    document = pypdfium2.PdfDocument(pdf)
    try:
        pages = [_page(document[index]) for index in range(min(len(document), MOST_PAGES))]
        return {"total": len(document), "pages": pages}
    finally:
        document.close()


def _page(page: Any) -> dict[str, Any]:
    picture = page.render(scale=WIDTH / page.get_width()).to_pil()
    few = picture.quantize(COLOURS, method=Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE)
    png = io.BytesIO()
    few.save(png, "PNG")
    return {
        "width": picture.width,
        "height": picture.height,
        "png": base64.b64encode(png.getvalue()).decode(),
    }


def main() -> int:
    """Draw the document on standard input."""
    confine(memory_bytes=MEMORY_BYTES, cpu_seconds=CPU_SECONDS)
    try:
        output = json.dumps(drawn(sys.stdin.buffer.read()))
    except (pypdfium2.PdfiumError, MemoryError, ValueError, OSError):
        return REFUSED
    sys.stdout.write(output)
    return 0


if __name__ == "__main__":
    sys.exit(main())
