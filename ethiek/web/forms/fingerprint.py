"""The SHA-256 of what was on the screen: a form that changes one element says which state it is based on."""

from __future__ import annotations

import re
from collections.abc import Sequence
from http import HTTPStatus
from typing import Final

from flask import abort
from wtforms import HiddenField

_FINGERPRINT: Final = re.compile(r"[0-9a-f]{64}", re.ASCII)


class FingerprintField(HiddenField):
    """A hidden SHA-256. A form without it is answered 428, one with nonsense in it 400."""

    def process_formdata(self, valuelist: Sequence[str]) -> None:
        """Read it; our own pages always send a good one."""
        self.data = fingerprint_of(valuelist[0] if valuelist else "")


def fingerprint_of(text: str) -> str:
    """Read a fingerprint.

    Raises:
        HTTPException: 428 if there is none, 400 if it is no SHA-256.
    """
    if not text:
        abort(HTTPStatus.PRECONDITION_REQUIRED)
    if not _FINGERPRINT.fullmatch(text):
        abort(HTTPStatus.BAD_REQUEST)
    return text
