"""What a test of sealing does and looks at, in one installation."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from threading import Event
from uuid import UUID

from flask import Flask
from sqlalchemy import select

from ethiek import db
from ethiek.config import ProofSettings, Settings
from ethiek.domain.workflow import Status
from ethiek.models.archive import ArchiveRecord
from ethiek.models.dossiers import Dossier
from ethiek.models.jobs import Job
from ethiek.reports.pki import TestPki, make_test_pki
from ethiek.seal_job import handlers
from ethiek.worker import work_once
from tests.authorities import PASSPHRASE, Authorities, Issued

NOW = datetime.now(UTC)


def a_seal(folder: Path, at: datetime) -> TestPki:
    """Put a seal and its chain in a folder, over what was there."""
    folder.mkdir(exist_ok=True)
    for file in folder.iterdir():
        file.unlink()
    make_test_pki(folder, at)
    return TestPki(folder)


def work(app: Flask) -> None:
    assert work_once(app, handlers(app), Event()) is True


def the_job(app: Flask) -> Job:
    with app.app_context(), db.own_reading() as session:
        return session.scalars(select(Job)).one()


def status_of(app: Flask, dossier_id: UUID) -> Status:
    with app.app_context(), db.own_reading() as session:
        return session.get_one(Dossier, dossier_id).status


def records(app: Flask) -> list[ArchiveRecord]:
    with app.app_context(), db.own_reading() as session:
        return list(session.scalars(select(ArchiveRecord)))


def with_proof(settings: Settings, authorities: Authorities, seal: Issued) -> Settings:
    """The same installation with a seal of these authorities, and their time stamps."""
    folder = (settings.seal_file or Path()).parent
    (folder / "own.p12").write_bytes(authorities.bundle(seal))
    (folder / "own.txt").write_text(PASSPHRASE)
    (folder / "stamps.pem").write_bytes(authorities.root.pem)
    return replace(
        settings,
        seal_file=folder / "own.p12",
        seal_passphrase_file=folder / "own.txt",
        proof=ProofSettings(tsa_url=authorities.tsa_url, tsa_roots=folder / "stamps.pem"),
    )
