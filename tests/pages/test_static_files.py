from __future__ import annotations

import gzip
from pathlib import Path

import pytest
from flask import Flask

from tests.conftest import only_sqlite

pytestmark = only_sqlite

STATIC = Path("ethiek/static")
YEAR = "public, max-age=31536000, immutable"


@pytest.mark.parametrize(
    ("name", "mimetype"),
    [
        ("css/theme.css", "text/css"),
        ("js/main.js", "text/javascript"),
        ("img/icons.svg", "image/svg+xml"),
        ("vendor/nlds.css", "text/css"),
    ],
)
def test_static_file_when_the_browser_takes_gzip_is_sent_so(app: Flask, name: str, mimetype: str) -> None:
    response = app.test_client().get(f"/static/{name}", headers={"Accept-Encoding": "br, gzip"})
    assert gzip.decompress(response.data) == (STATIC / name).read_bytes()
    assert (response.mimetype, response.headers["Content-Encoding"], "Accept-Encoding" in response.vary) == (
        mimetype,
        "gzip",
        True,
    )
    assert response.headers["Cache-Control"] == YEAR


@pytest.mark.parametrize("encodings", ["", "br", "gzip;q=0"])
def test_static_file_when_the_browser_takes_no_gzip_is_sent_as_it_is(app: Flask, encodings: str) -> None:
    response = app.test_client().get("/static/css/theme.css", headers={"Accept-Encoding": encodings})
    assert response.data == (STATIC / "css/theme.css").read_bytes()
    assert "Content-Encoding" not in response.headers
    assert ("Accept-Encoding" in response.vary, response.headers["Cache-Control"]) == (True, YEAR)
    response.close()


def test_static_file_when_a_font_is_not_compressed_again(app: Flask) -> None:
    font = "vendor/fonts/noto-sans-latin-400-normal.woff2"
    response = app.test_client().get(f"/static/{font}", headers={"Accept-Encoding": "gzip"})
    assert response.data == (STATIC / font).read_bytes()
    assert "Content-Encoding" not in response.headers
    response.close()


def test_static_file_when_unknown_is_not_found(app: Flask) -> None:
    assert app.test_client().get("/static/css/x.css", headers={"Accept-Encoding": "gzip"}).status_code == 404
