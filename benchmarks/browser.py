"""One person at a browser: a connection that stays open, a cookie, and the token of its forms."""

from __future__ import annotations

import gzip
import re
import time
from collections.abc import Mapping
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPResponse
from typing import Final
from urllib.parse import urlencode

from benchmarks.figures import Answered
from benchmarks.meter import PROCESSOR, STATEMENTS

_TOKEN: Final = re.compile(r'name="csrf_token" value="([^"]+)"')


@dataclass(frozen=True, slots=True)
class Page:
    """An answer, with what it cost."""

    status: int
    text: str
    location: str
    cost: Answered


class Browser:
    """Speaks HTTP/1.1 with keep-alive, like a browser of one person who does one thing at a time."""

    def __init__(self, port: int) -> None:
        self._connection = HTTPConnection("127.0.0.1", port, timeout=60)
        self._cookie = ""
        self.csrf = ""

    def sign_in(self, email: str, password: str) -> None:
        """Sign in through the form; afterwards forms can be sent."""
        self._remember(self.get("/inloggen"))
        self.post("/inloggen", {"email": email, "password": password}, expect=303)
        self._remember(self.get("/account"))

    def _remember(self, page: Page) -> None:
        self.csrf = _TOKEN.findall(page.text)[0]

    def get(self, path: str) -> Page:
        """Open a page."""
        return self._ask("GET", path, None, {}, 200)

    def post(self, path: str, fields: Mapping[str, str], *, expect: int, json: bool = False) -> Page:
        """Send a form, as a page or as a script."""
        body = urlencode({"csrf_token": self.csrf, **fields})
        accept = {"Accept": "application/json"} if json else {}
        return self._ask(
            "POST", path, body, {"Content-Type": "application/x-www-form-urlencoded", **accept}, expect
        )

    def _ask(self, method: str, path: str, body: str | None, extra: Mapping[str, str], expect: int) -> Page:
        headers = {"Accept": "text/html", "Accept-Language": "nl", "Cookie": self._cookie, **extra}
        before = time.perf_counter()
        self._connection.request(method, path, body, headers)
        response = self._connection.getresponse()
        content = response.read()
        spent = (time.perf_counter() - before) * 1000
        if response.status != expect:
            raise RuntimeError(
                f"{method} {path}: {response.status} instead of {expect}\n{content[:3000].decode()}"
            )
        self._keep_cookie(response)
        cost = Answered(
            spent,
            float(response.headers[PROCESSOR]),
            int(response.headers[STATEMENTS]),
            len(content),
            len(gzip.compress(content, 6)),
        )
        return Page(response.status, content.decode(), response.headers.get("Location", ""), cost)

    def _keep_cookie(self, response: HTTPResponse) -> None:
        for cookie in response.headers.get_all("Set-Cookie", []):
            self._cookie = cookie.split(";")[0]
