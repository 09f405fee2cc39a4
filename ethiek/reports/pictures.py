"""Pictures of the pages of a document, drawn in a child process: what draws a PDF reads what users typed."""

from __future__ import annotations

import base64
import json
from dataclasses import dataclass
from typing import Final

from ethiek.errors import RenderError
from ethiek.reports.child_process import ChildTimeoutError, run_child

CHILD: Final = "ethiek.reports.picture_child"
SECONDS: Final = 60.0
A4: Final = (800, 1132)
"""Width and height in pixels of a page that was not drawn yet."""


@dataclass(frozen=True, slots=True)
class Picture:
    """One page; ``width`` and ``height`` in pixels."""

    width: int
    height: int
    png: bytes


@dataclass(frozen=True, slots=True)
class Pictures:
    """The first pages of a document that has ``total`` of them."""

    pages: tuple[Picture, ...]
    total: int


def pictures_of(pdf: bytes, wall_seconds: float = SECONDS) -> Pictures:
    """Draw the pages of a PDF, the first hundred at most.

    Raises:
        RenderError: they cannot be drawn, or not in time.
    """
    try:
        status, output = run_child(CHILD, pdf, wall_seconds=wall_seconds)
    except ChildTimeoutError as error:
        raise RenderError(f"the pages were not drawn after {wall_seconds:g} seconds") from error
    if status != 0:
        raise RenderError("the pages cannot be drawn")
    found = json.loads(output)
    pages = tuple(
        Picture(page["width"], page["height"], base64.b64decode(page["png"])) for page in found["pages"]
    )
    return Pictures(pages, found["total"])
