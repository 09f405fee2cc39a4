"""What a browser fetches on the first visit to a page: the page, style sheets, scripts, images and fonts."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from http import HTTPStatus
from http.client import HTTPConnection
from typing import Final
from urllib.parse import urljoin, urlsplit

_IN_PAGE: Final = re.compile(r'<(?:link[^>]+href|script[^>]+src|img[^>]+src|use[^>]+href)="([^"#]+)')
_IN_SCRIPT: Final = re.compile(r'(?:from|import)\s+"(\./[^"]+)"')
_FACE: Final = re.compile(r"@font-face\s*\{([^}]+)\}")
_URL: Final = re.compile(r'url\("?([^")]+)"?\)')


@dataclass(frozen=True, slots=True)
class Weight:
    """Bytes over the line, by kind: "page", "css", "js", "img", "fonts"."""

    kinds: dict[str, int]
    files: int

    @property
    def total(self) -> int:
        """All bytes."""
        return sum(self.kinds.values())


def weigh(port: int, page: str, page_bytes: int) -> Weight:
    """Fetch what the page refers to, as a browser that accepts gzip does; its cache is empty.

    Of the fonts only those count that a Dutch page needs: basic Latin, upright, regular and bold.
    """
    fetched = {path: _fetch(port, path) for path in _all_paths(port, page)}
    kinds = {"page": page_bytes}
    for path, size in fetched.items():
        kind = _kind(path)
        kinds[kind] = kinds.get(kind, 0) + size
    return Weight(kinds, 1 + len(fetched))


def _all_paths(port: int, page: str) -> list[str]:
    found: dict[str, None] = {}
    waiting = _IN_PAGE.findall(page)
    while waiting:
        path = waiting.pop()
        if path not in found:
            found[path] = None
            waiting += _referred(path, _read(port, path))
    return list(found)


def _referred(path: str, text: str) -> Iterator[str]:
    kind = _kind(path)
    if kind == "js":
        for module in _IN_SCRIPT.findall(text):
            yield urljoin(path, module)
    if kind == "css":
        for face in _FACE.findall(text):
            if "U+0000-00FF" in face and "italic" not in face:
                yield urljoin(path, _URL.findall(face)[0])


def _kind(path: str) -> str:
    suffix = urlsplit(path).path.rpartition(".")[2]
    return {"css": "css", "js": "js", "svg": "img", "woff2": "fonts"}[suffix]


def _read(port: int, path: str) -> str:
    return _get(port, path, "identity").decode("utf-8", "replace")


def _fetch(port: int, path: str) -> int:
    return len(_get(port, path, "gzip, deflate, br"))


def _get(port: int, path: str, encoding: str) -> bytes:
    connection = HTTPConnection("127.0.0.1", port, timeout=10)
    connection.request("GET", path, headers={"Accept-Encoding": encoding})
    response = connection.getresponse()
    if response.status != HTTPStatus.OK:
        raise RuntimeError(f"{path}: {response.status}")
    return response.read()
