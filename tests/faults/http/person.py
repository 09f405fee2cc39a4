"""Somebody with a browser of the simplest kind: one connection that is kept open, one cookie."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException
from http.cookies import SimpleCookie
from typing import Any, Final
from urllib.parse import urlencode

from tests.builders import PASSWORD, email_of

_TOKEN: Final = re.compile(r'name="csrf_token" value="([^"]+)"')
_REVISION: Final = re.compile(r'name="revision"[^>]* value="(\d+)"')
KEPT_SECONDS: Final = 1.0
"""How long a connection is used again; the server closes it after two seconds without a request."""
FORM: Final = {"Content-Type": "application/x-www-form-urlencoded"}


class NoAnswerError(Exception):
    """The connection broke before the answer was there."""


@dataclass(frozen=True)
class Answer:
    """``seconds``: from the first byte sent to the last byte read."""

    status: int
    text: str
    seconds: float

    @property
    def json(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self.text)
        return found

    @property
    def revision(self) -> str:
        """Of the dossier, in the form on this page."""
        found = _REVISION.search(self.text)
        assert found is not None, self.text
        return found[1]


class Person:
    """Somebody who uses the site; one thread at a time."""

    def __init__(self, name: str, port: int) -> None:
        self.name = name
        self.cookie = ""
        self.csrf = ""
        self._used = 0.0
        self._connection = HTTPConnection("127.0.0.1", port, timeout=30)

    def close(self) -> None:
        self._connection.close()

    def sign_in(self) -> Person:
        self.get("/inloggen")
        answer = self.post("/inloggen", {"email": email_of(self.name), "password": PASSWORD})
        assert answer.status == 303, answer
        self.get("/account")
        return self

    def get(self, path: str, headers: Mapping[str, str] | None = None) -> Answer:
        return self.send("GET", path, None, headers)

    def steadily(self, path: str, seconds: float = 20.0) -> Answer:
        """Read a page; if the connection breaks or the server asks to wait, try again for a while."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            with suppress(NoAnswerError):
                answer = self.get(path)
                if answer.status != 503:
                    return answer
            time.sleep(0.1)
        raise NoAnswerError

    def post(self, path: str, fields: Mapping[str, str], headers: Mapping[str, str] | None = None) -> Answer:
        """Send a form with the token of the page that was read last."""
        body = urlencode({"csrf_token": self.csrf, **fields}).encode()
        return self.send("POST", path, body, {**FORM, **(headers or {})})

    def send(
        self, method: str, path: str, body: bytes | None, headers: Mapping[str, str] | None = None
    ) -> Answer:
        """Send anything.

        Raises:
            NoAnswerError: the connection broke; the server may have done it, or not.
        """
        begin = time.monotonic()
        if begin > self._used + KEPT_SECONDS:
            self._connection.close()
        try:
            cookie = {"Cookie": f"ethiek={self.cookie}"} if self.cookie else {}
            self._connection.request(method, path, body, {**cookie, **(headers or {})})
            response = self._connection.getresponse()
            text = response.read().decode()
        except (OSError, HTTPException) as error:
            self._connection.close()
            raise NoAnswerError from error
        self._used = time.monotonic()
        for line in response.headers.get_all("Set-Cookie", []):
            morsel = SimpleCookie(line).get("ethiek")
            self.cookie = morsel.value if morsel else self.cookie
        if found := _TOKEN.search(text):
            self.csrf = found[1]
        return Answer(response.status, text, time.monotonic() - begin)
