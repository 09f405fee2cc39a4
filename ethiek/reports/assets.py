"""The only things a report may load while it is rendered: our own fonts, under ``asset:`` addresses."""

from __future__ import annotations

from typing import Final

from weasyprint.urls import URLFetcher, URLFetcherResponse

from ethiek.reports.fonts import MONO, SANS, font_bytes

SCHEME: Final = "asset:"


class AssetFetcher(URLFetcher):  # type: ignore[misc]  # WeasyPrint is not typed
    """Serves the shipped fonts and refuses everything else.

    A refusal ends the rendering: WeasyPrint makes a ``FatalURLFetchingError`` of it, a BaseException.
    """

    def __init__(self) -> None:
        super().__init__(fail_on_errors=True, allow_redirects=False, allowed_protocols=("asset",))

    def fetch(self, url: str, headers: object = None) -> URLFetcherResponse:
        """Return a font.

        Raises:
            ValueError: the address is not one of a shipped font.
        """
        del headers
        name = url.removeprefix(SCHEME)
        if not url.startswith(SCHEME) or name not in {*SANS, MONO}:
            raise ValueError(f"a report may not load {url[:200]!r}")
        return URLFetcherResponse(url, font_bytes(name), {"Content-Type": "font/ttf"})
