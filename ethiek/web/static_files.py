"""Style sheets, scripts and icons, compressed once at start; a browser asks for each of them once a year.

Pages themselves are not compressed here: they hold secrets beside text that others may have chosen (BREACH).
"""

from __future__ import annotations

import gzip
from mimetypes import guess_type
from pathlib import Path
from typing import Final

from flask import Flask, Response, request

COMPRESSED: Final = frozenset({".css", ".js", ".svg"})
"""What becomes several times smaller; fonts are compressed of themselves."""


def install(app: Flask) -> None:
    """Let the application send its static files in the shortest form that the browser takes."""
    packed = _packed(Path(app.static_folder or ""))

    def send(filename: str) -> Response:
        body = packed.get(filename)
        if body is None:
            return app.send_static_file(filename)
        response = _gzipped(filename, body) if _takes_gzip() else app.send_static_file(filename)
        response.vary.add("Accept-Encoding")
        return response

    app.view_functions["static"] = send


def _packed(folder: Path) -> dict[str, bytes]:
    files = (file for file in folder.rglob("*") if file.suffix in COMPRESSED and file.is_file())
    return {file.relative_to(folder).as_posix(): gzip.compress(file.read_bytes(), mtime=0) for file in files}


def _takes_gzip() -> bool:
    return request.accept_encodings.quality("gzip") > 0


def _gzipped(filename: str, body: bytes) -> Response:
    return Response(body, mimetype=guess_type(filename)[0], headers={"Content-Encoding": "gzip"})
