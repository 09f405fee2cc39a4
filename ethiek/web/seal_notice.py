"""The end of the seal, announced to those who can see to another certificate."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from flask import current_app
from flask_babel import gettext as _

from ethiek.config import Settings
from ethiek.domain.actors import Role
from ethiek.seals import SealFacts, announced, facts_of
from ethiek.web import security
from ethiek.web.texts import day

FOR: Final = frozenset({Role.SECRETARY, Role.ADMINISTRATOR})
LOOKS: Final = {90: "info", 30: "warning", 7: "error"}
FRESH: Final = timedelta(hours=1)
"""How long an answer is kept: opening a seal takes a moment, and a new one must be seen soon."""


@dataclass(frozen=True, slots=True)
class Notice:
    """What stands above the page. ``kind`` as the macro ``alert`` takes it."""

    kind: str
    title: str
    text: str


def current() -> Notice | None:
    """Return the announcement for whoever makes this request, if there is one for them."""
    if not security.current_actor().all_roles & FOR:
        return None
    now, facts = security.now(), _facts()
    if facts is None:
        return None
    end = facts.valid_until
    days = (end - now).days
    look = LOOKS.get(announced(days))
    return None if look is None else Notice(look, _title(end, past=end < now), _text(past=end < now))


def is_test() -> bool:
    """Tell whether reports that are sealed now say on page 1 that it is a test."""
    facts = _facts()
    return facts is not None and facts.is_test


def _facts() -> SealFacts | None:
    kept: tuple[datetime, SealFacts | None] | None = current_app.extensions.get("seal_facts")
    now = security.now()
    if kept is None or not timedelta() <= now - kept[0] < FRESH:
        settings: Settings = current_app.extensions["settings"]
        kept = current_app.extensions["seal_facts"] = (now, facts_of(settings))
    return kept[1]


def _title(end: datetime, *, past: bool) -> str:
    if past:
        return str(_("The certificate of the seal ended on %(day)s.", day=day(end.date())))
    return str(_("The certificate of the seal ends on %(day)s.", day=day(end.date())))


def _text(*, past: bool) -> str:
    if past:
        return str(_("No report can be signed until there is a new certificate. Tell the administrator."))
    return str(_("Arrange a new certificate in time: without one no report can be signed."))
