"""Paging by key: the address of the next page carries the last row of this one."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask import abort, request, url_for
from werkzeug.datastructures import MultiDict

from ethiek.services.worklists import Mark
from ethiek.web.security import uuid_of


def mark_from(args: MultiDict[str, str]) -> Mark | None:
    """Read where a page starts; nonsense is answered 400."""
    if "na" not in args:
        return None
    try:
        at = datetime.fromisoformat(args["sinds"]) if "sinds" in args else None
    except ValueError:
        abort(400)
    if at is not None and at.tzinfo is None:
        abort(400)
    return Mark(uuid_of(args["na"]), at)


def next_url(mark: Mark | None) -> str | None:
    """Return the address of the page after this one, with the same filter."""
    if mark is None or request.endpoint is None:
        return None
    values: dict[str, Any] = {**(request.view_args or {}), **request.args.to_dict(), "na": str(mark.id)}
    values["sinds"] = mark.at.isoformat() if mark.at else None
    return url_for(request.endpoint, **values)
