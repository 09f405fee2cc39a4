"""The revision that was on the screen: every form that changes something says which one it is based on."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from flask import abort
from wtforms import HiddenField

_REVISION: Final = re.compile(r"[0-9]{1,9}", re.ASCII)


class RevisionField(HiddenField):
    """A hidden whole number. A form without it is answered 428, one with nonsense in it 400."""

    def process_formdata(self, valuelist: Sequence[str]) -> None:
        """Read the number; our own pages always send a good one."""
        self.data = revision_of(valuelist[0] if valuelist else "")


def revision_of(text: str | None) -> int:
    """Read the revision a change is based on.

    Raises:
        HTTPException: 428 if there is none, 400 if it is not a number.
    """
    if not text:
        abort(428)
    if not _REVISION.fullmatch(text):
        abort(400)
    return int(text)
