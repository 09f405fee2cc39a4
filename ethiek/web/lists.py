"""Paging by key: the address of the next page carries the last row of this one."""

from __future__ import annotations

from datetime import datetime

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
    kept = {name: value for name, value in request.args.items() if name not in {"na", "sinds"}}
    since = {"sinds": mark.at.isoformat()} if mark.at else {}
    return url_for(request.endpoint, **(request.view_args or {}), **kept, na=str(mark.id), **since)
