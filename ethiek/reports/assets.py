"""The only things a report may load while it is rendered: our own fonts and watermarks, under ``asset:`` addresses."""

from __future__ import annotations

from typing import Final

from weasyprint.urls import URLFetcher, URLFetcherResponse

from ethiek.reports.fonts import MONO, SANS, font_bytes
from ethiek.reports.languages import WORDS
from ethiek.reports.watermark import watermark

SCHEME: Final = "asset:"
WATERMARK: Final = "-watermark.svg"


class AssetFetcher(URLFetcher):  # type: ignore[misc]  # WeasyPrint is not typed
    """Serves the shipped fonts and the watermark of each language, and refuses everything else.

    A refusal ends the rendering: WeasyPrint makes a ``FatalURLFetchingError`` of it, a BaseException.
    """

    def __init__(self) -> None:
        super().__init__(fail_on_errors=True, allow_redirects=False, allowed_protocols=("asset",))

    def fetch(self, url: str, headers: object = None) -> URLFetcherResponse:
        """Return a font or a watermark.

        Raises:
            ValueError: the address is not one of ours.
        """
        del headers
        name = url.removeprefix(SCHEME) if url.startswith(SCHEME) else ""
        if name in {*SANS, MONO}:
            return URLFetcherResponse(url, font_bytes(name), {"Content-Type": "font/ttf"})
        language = name.removesuffix(WATERMARK)
        if name.endswith(WATERMARK) and language in WORDS:
            svg = watermark(WORDS[language].concept)
            return URLFetcherResponse(url, svg, {"Content-Type": "image/svg+xml"})
        raise ValueError(f"a report may not load {url[:200]!r}")
