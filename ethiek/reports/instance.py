"""Asking the organisation itself whether a report still counts. Only its SHA-256 leaves the machine."""

from __future__ import annotations

import json
from http.client import HTTPException
from typing import Any, Final
from urllib.error import HTTPError
from urllib.parse import urlsplit
from urllib.request import HTTPRedirectHandler, build_opener

from .findings import finding
from .reasons import reason
from .verification import Finding

SECONDS: Final = 10.0
LARGEST_ANSWER: Final = 2**16
LOOPBACK: Final = {"localhost", "127.0.0.1", "::1"}
STATES: Final = {"valid": "", "superseded": "superseded", "withdrawn": "withdrawn", "unknown": "not_issued"}
"""What the instance says -> why the report does not hold."""
ISSUED: Final = STATES.keys() - {"unknown"}


def current(
    instance: str, sha256: str, language: str, *, inside_sha256: str = "", seconds: float = SECONDS
) -> Finding:
    """Ask an instance of Ethiek about a file; no answer is never a pass.

    Args:
        instance: its address, for example ``https://ethiek.example.org``.
        inside_sha256: of the signed file that this one begins with; asked about when the file is not known.
    """
    answer = _answer(instance, sha256, seconds)
    if answer == "unknown" and inside_sha256 and _answer(instance, inside_sha256, seconds) in ISSUED:
        return finding("status", language, ok=False, words="asked_inside")
    if answer not in STATES:
        return finding("status", language, ok=False, words="asked", why=reason(answer, language))
    why = STATES[answer]
    return finding("status", language, ok=not why, why=reason(why, language))


def _answer(instance: str, sha256: str, seconds: float) -> str:
    """The status in the answer, or a code that says why there is none."""
    if not _is_safe(instance):
        return "address"
    url = f"{instance.rstrip('/')}/controle/status.json?sha256={sha256}"
    try:
        with build_opener(_StaysThere).open(url, timeout=seconds) as response:
            said = json.loads(response.read(LARGEST_ANSWER))
    except (HTTPError, HTTPException, ValueError, RecursionError):
        return "unclear"
    except OSError:
        return "unreachable"
    return _status(said, sha256)


def _status(said: object, sha256: str) -> str:
    """An answer about another file is no answer."""
    if not isinstance(said, dict) or said.get("sha256", sha256) != sha256:
        return "unclear"
    status = said.get("status")
    return status if isinstance(status, str) and status in STATES else "unclear"


def _is_safe(instance: str) -> bool:
    """Over https, or to this machine itself; without the name of a user."""
    try:
        parts = urlsplit(instance)
    except ValueError:
        return False
    plain = parts.scheme == "http" and parts.hostname in LOOPBACK
    return (parts.scheme == "https" or plain) and bool(parts.hostname) and "@" not in parts.netloc


class _StaysThere(HTTPRedirectHandler):
    """The organisation that was named answers, and nobody else."""

    def redirect_request(self, *_: Any, **__: Any) -> None:
        """Follow nothing."""
