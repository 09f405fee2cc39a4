"""The report of an advice that waits for approval, as it would be printed now: a file, and pictures of its pages."""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, TypeVar
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from ethiek.domain.actors import Stamp
from ethiek.domain.permissions import Permission
from ethiek.domain.workflow import Status
from ethiek.errors import BusyError, NotFoundError, RenderError
from ethiek.models.advice import Advice
from ethiek.reports.house import House
from ethiek.reports.isolated import render_isolated
from ethiek.reports.jobs import job_of
from ethiek.reports.pictures import Pictures, pictures_of
from ethiek.reports.source import ReportSource, digest
from ethiek.services import audit
from ethiek.services.access import open_dossier
from ethiek.services.reporting import source_of

KEPT: Final = 8
"""Previews in memory: one is a few megabytes."""
SEATS: Final = 4
"""Of the threads of a server process, so many may wait for a preview; the others stay free."""
SECONDS: Final = 60.0
"""How long a report may take here, and how long anybody waits for their turn."""
FAILED_SECONDS: Final = 60.0
"""How long what could not be made is not tried again."""

Value = TypeVar("Value")


@dataclass(frozen=True, slots=True)
class Preview:
    """A report as it would be printed now, not signed, and its pages."""

    pdf: bytes
    pictures: Pictures


def to_preview(
    session: Session,
    dossier_id: UUID,
    stamp: Stamp,
    *,
    sha256: str = "",
    test_seal: bool,
    public_url: str,
    house: House,
) -> ReportSource:
    """Gather what the preview is made from, for who may approve the advice.

    Args:
        sha256: of the advice that was on the screen; empty for the present one.

    Raises:
        NotFoundError: no advice waits for approval, or it is another one by now.
    """
    access = open_dossier(session, dossier_id, stamp.actor, Permission.ADVICE_APPROVE)
    found = session.execute(
        select(Advice.id, Advice.sha256).where(Advice.dossier_id == dossier_id, Advice.revoked_at.is_(None))
    ).one_or_none()
    if found is None or access.dossier.status is not Status.ADVISED or sha256 not in ("", found.sha256):
        raise NotFoundError
    return source_of(session, found.id, test_seal=test_seal, public_url=public_url, house=house, preview=True)


def note_taken(session: Session, dossier_id: UUID, source: ReportSource, stamp: Stamp) -> None:
    """Write down that somebody took the file along."""
    audit.record(
        session,
        stamp,
        "export_dossier",
        audit.Subject("dossier", str(dossier_id)),
        details={"kind": "preview", "sha256": digest(source.advice)},
    )


def made(source: ReportSource) -> Preview:
    """Render the report and draw its pages, both in a child process.

    Raises:
        RenderError: it cannot be made, or not in time.
    """
    pdf = render_isolated(source, SECONDS)
    return Preview(pdf, pictures_of(pdf))


class Press:
    """Makes previews one at a time, each once, and keeps the last ones; one per server process.

    The key is the SHA-256 of everything that a preview is made from, so that a later approval makes another one.
    """

    def __init__(self, make: Callable[[ReportSource], Preview] = made, seconds: float = SECONDS) -> None:
        self._make = make
        self._seconds = seconds
        self._kept: OrderedDict[str, Preview] = OrderedDict()
        self._failed: OrderedDict[str, tuple[float, str]] = OrderedDict()
        self._seats = threading.BoundedSemaphore(SEATS)
        self._turn = threading.Lock()
        self._shelf = threading.Lock()

    def known(self, source: ReportSource) -> Preview | None:
        """Return a preview that was made before; this never waits."""
        return self._taken(_key(source))

    def preview(self, source: ReportSource) -> Preview:
        """Return the preview, made now if need be.

        Raises:
            BusyError: too many wait already, or it took too long before it was this one's turn.
            RenderError: it cannot be made, or could not a moment ago.
        """
        key = _key(source)
        if found := self._taken(key):
            return found
        if not self._seats.acquire(blocking=False):
            raise BusyError
        try:
            return self._in_turn(key, source)
        finally:
            self._seats.release()

    def _in_turn(self, key: str, source: ReportSource) -> Preview:
        if not self._turn.acquire(timeout=self._seconds):
            raise BusyError
        try:
            return self._taken(key) or self._made(key, source)
        finally:
            self._turn.release()

    def _made(self, key: str, source: ReportSource) -> Preview:
        until, reason = self._failed.get(key, (0.0, ""))
        if time.monotonic() < until:
            raise RenderError(reason)
        try:
            preview = self._make(source)
        except RenderError as error:
            _put(self._failed, key, (time.monotonic() + FAILED_SECONDS, error.reason))
            raise
        with self._shelf:
            _put(self._kept, key, preview)
        return preview

    def _taken(self, key: str) -> Preview | None:
        with self._shelf:
            if key in self._kept:
                self._kept.move_to_end(key)
            return self._kept.get(key)


def _key(source: ReportSource) -> str:
    return digest(job_of(source))


def _put(shelf: OrderedDict[str, Value], key: str, value: Value) -> None:
    shelf[key] = value
    while len(shelf) > KEPT:
        shelf.popitem(last=False)
