#!/usr/bin/env python3
"""Draw the pages of a report that the documentation shows: ``tools/report_images.py demo-out/report.pdf``.

``make demo DEMO='--no-serve --out demo-out'`` makes that report.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Final

import pypdf

from ethiek.reports.pictures import pictures_of

FOLDER: Final = Path(__file__).parents[1] / "docs" / "images"
HEADINGS: Final = {
    "cover": "Ethisch advies",
    "summary": "Samenvatting voor bestuurders",
    "assessment": "Het ingediende dossier",
    "check": "Zo controleert u dit document",
}
"""Name of a picture -> heading near the top of its page."""
TOP: Final = 200
"""Characters; the contents names all headings, further down."""


def main(report: Path) -> None:
    """Write one PNG per heading."""
    texts = [page.extract_text()[:TOP] for page in pypdf.PdfReader(report).pages]
    pictures = pictures_of(report.read_bytes()).pages
    for name, heading in HEADINGS.items():
        number = next(index for index, text in enumerate(texts) if heading in text)
        file = FOLDER / f"report-{name}.png"
        file.write_bytes(pictures[number].png)
        print(f"{file.name}: page {number + 1}, {file.stat().st_size // 1000} kB")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
