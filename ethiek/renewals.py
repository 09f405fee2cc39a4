"""Renewing the time stamps of the archive: one report at a time, so that what is done stays done."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from ethiek import db
from ethiek.config import Settings
from ethiek.domain.actors import Stamp
from ethiek.errors import ArchiveError, NotFoundError, SigningError
from ethiek.reports.archive import Archive
from ethiek.reports.renewal import Standing, renewed, standing_of
from ethiek.reports.stamping import Stamping
from ethiek.reports.verify import verify
from ethiek.seals import signer_of, stamping_of, trusted_by
from ethiek.services import renewing

DAYS_PER_MONTH = 30


@dataclass(frozen=True, slots=True)
class Outcome:
    """What happened to one report that is due.

    ``why``: "ends" or "algorithm". ``sha256``: of its newest file now. ``failed``: why there is no new time
    stamp; empty when there is one, or when only looking.
    """

    reference: str
    why: str
    ends: datetime
    sha256: str
    failed: str = ""


class Renewing:
    """Goes through the archive of one installation."""

    def __init__(self, settings: Settings, stamp: Stamp, *, months: int) -> None:
        self._settings = settings
        self._files = Archive(settings.archive_folder)
        self._stamp = stamp
        self._by = stamp.at + timedelta(days=months * DAYS_PER_MONTH)

    def due(self) -> Iterator[tuple[UUID, Outcome, str]]:
        """Every report that needs a new time stamp, with its id and the field for it; reports without room count.

        Raises:
            ArchiveError: a file is missing or changed; nothing is renewed over a damaged archive.
        """
        with db.reading() as session:
            newest = list(renewing.newest_files(session))
        for record_id, reference, sha256 in newest:
            found = standing_of(self._files.read(sha256))
            if why := found.why_due(self._by):
                yield record_id, _outcome(reference, why, found, sha256), found.field

    def renew(self) -> Iterator[Outcome]:
        """Give every report that is due a new time stamp; one that fails does not stop the others.

        Raises:
            SigningError: no time stamp authority is configured.
        """
        signer = signer_of(self._settings)
        stamping = stamping_of(self._settings, signer)
        if stamping.authority is None:
            raise SigningError("no time stamp authority is configured: set ETHIEK_TSA_URL", "settings")
        trusted = trusted_by(self._settings, signer)
        for record_id, outcome, field in self.due():
            try:
                sha256 = self._renew(record_id, outcome.sha256, field, stamping, trusted)
                yield Outcome(outcome.reference, outcome.why, outcome.ends, sha256)
            except (SigningError, ArchiveError, NotFoundError) as error:
                yield Outcome(outcome.reference, outcome.why, outcome.ends, outcome.sha256, str(error))

    def _renew(
        self, record_id: UUID, sha256: str, field: str, stamping: Stamping, trusted: tuple[bytes, ...]
    ) -> str:
        if not field:
            raise SigningError("the report has no room for another time stamp", "no_room")
        pdf = renewed(self._files.read(sha256), field, stamping)
        failures = verify(pdf, trusted, language="en").failures()
        if failures:
            raise SigningError(" ".join(finding.sentence for finding in failures), "self_check")
        file = self._files.put(pdf)
        with db.transaction() as session:
            renewing.store(session, record_id, sha256, file, self._stamp)
        return file.sha256


def _outcome(reference: str, why: str, found: Standing, sha256: str) -> Outcome:
    return Outcome(reference, why, found.ends, sha256, "" if found.field else "no room")
