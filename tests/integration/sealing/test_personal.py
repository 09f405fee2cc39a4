"""Signatures of persons, on both databases: in turn, once, and with one document at the end whatever happens."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from threading import Event
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import select, update

from ethiek import db, persons
from ethiek.config import ProofSettings, Settings
from ethiek.domain.signing import PersonalSigning
from ethiek.domain.workflow import Status
from ethiek.errors import (
    ConcurrentEditError,
    PermissionDeniedError,
    RuleError,
    SigningError,
    TransitionNotAllowedError,
)
from ethiek.models.audit import AuditEvent
from ethiek.models.base import database_now
from ethiek.models.jobs import Job, JobStatus
from ethiek.models.signing import PendingReport, PersonalSignature, SignatureWaiver
from ethiek.models.users import Committee
from ethiek.reports.archive import Archive
from ethiek.reports.continuation import PersonalSignature as Signed
from ethiek.reports.verify import verify
from ethiek.seal_job import Sealing
from ethiek.seals import signer_of
from ethiek.services import advice, jobs, personal
from ethiek.services.personal import ToSign
from ethiek.worker import JobContext
from tests import builders
from tests.authorities import PASSPHRASE, Authorities, Issued
from tests.builders import World
from tests.integration.sealing.installations import NOW, records, status_of, the_job, with_proof, work

BOTH = ("Seal", "ApprovalChair", "ApprovalSecretary", "ArchiveTimestamp1")


@pytest.fixture
def world(app: Flask) -> World:
    with app.app_context(), db.transaction() as session:
        return builders.a_world(session)


@pytest.fixture
def installation(app: Flask, settings: Settings, authorities: Authorities, tmp_path: Path) -> Settings:
    """One that seals with time stamps, and trusts the certificates of persons of the same issuer."""
    roots = tmp_path / "persons.pem"
    roots.write_bytes(authorities.root.pem)
    made = replace(with_proof(settings, authorities, authorities.a_seal()), person_roots=roots)
    app.extensions["settings"] = made
    return made


def approved(app: Flask, world: World, rule: PersonalSigning, wants: tuple[str, ...] = ()) -> UUID:
    """A dossier of a committee with this rule, approved by Chris and Sem; ``wants``: who chose to sign."""
    with app.app_context(), db.transaction() as session:
        session.get_one(Committee, world.committee_id).personal_signing = rule
        dossier_id = builders.a_dossier(session, world, Status.ADVISED)
        for name in ("Chris", "Sem"):
            sha256 = builders.present_advice(session, dossier_id).sha256
            stamp = world.stamp(session, name)
            advice.approve(session, dossier_id, sha256, stamp, wants_to_sign=name in wants)
        return dossier_id


def pending(app: Flask, dossier_id: UUID) -> PendingReport | None:
    with app.app_context(), db.own_reading() as session:
        return personal.pending_of(session, builders.present_advice(session, dossier_id).id, file=True)


def sha256_of(app: Flask, dossier_id: UUID) -> str:
    found = pending(app, dossier_id)
    assert found is not None
    return found.sha256


def given_to(app: Flask, world: World, dossier_id: UUID, name: str, seen: str = "") -> ToSign:
    seen = seen or sha256_of(app, dossier_id)
    with app.app_context(), db.own_reading() as session:
        return personal.to_sign(session, dossier_id, seen, world.stamp(session, name))


def taken(app: Flask, world: World, dossier_id: UUID, name: str, seen: str, signed: Signed) -> bool:
    with app.app_context(), db.transaction() as session:
        return personal.record(session, dossier_id, seen, signed, world.stamp(session, name))


def sign(
    app: Flask, world: World, dossier_id: UUID, name: str, authorities: Authorities, key: Issued | None = None
) -> bool:
    """Sign as somebody; returns whether the report is complete."""
    seen = sha256_of(app, dossier_id)
    given = given_to(app, world, dossier_id, name)
    bundle = authorities.bundle(key or authorities.a_seal(f"{name} de Vries"))
    signed = persons.signed_with_file(app.extensions["settings"], given, bundle, PASSPHRASE, NOW)
    return taken(app, world, dossier_id, name, seen, signed)


def rows(app: Flask, table: type) -> int:
    with app.app_context(), db.own_reading() as session:
        return len(session.scalars(select(table)).all())


def actions(app: Flask) -> list[str]:
    with app.app_context(), db.own_reading() as session:
        found = session.scalars(select(AuditEvent.action).order_by(AuditEvent.seq))
        return [action for action in found if "sign" in action or action == "archive"]


def test_report_that_both_sign_is_issued_once_with_all_signatures_in_order(
    app: Flask, installation: Settings, world: World, authorities: Authorities
) -> None:
    dossier_id = approved(app, world, PersonalSigning.BOTH)
    work(app)
    assert (status_of(app, dossier_id), records(app)) == (Status.AWAITING_SIGNATURE, [])
    assert not installation.archive_folder.exists()
    assert (the_job(app).last_error, the_job(app).status) == ("", JobStatus.DONE)

    assert sign(app, world, dossier_id, "Chris", authorities) is False
    assert sign(app, world, dossier_id, "Sem", authorities) is True
    work(app)
    assert (the_job(app).last_error, status_of(app, dossier_id)) == ("", Status.ARCHIVED)
    (record,) = records(app)
    pdf = Archive(installation.archive_folder).read(record.sha256)
    found = verify(pdf, [authorities.root.pem], known_sha256=record.sha256)
    assert (found.failures(), found.level, found.signatures) == ((), "B-LTA", BOTH)
    assert "Goedgekeurd met een persoonlijke handtekening door Chris de Vries, Sem de Vries." in [
        finding.sentence for finding in found.findings
    ]
    assert pending(app, dossier_id) is None
    assert actions(app) == ["send_to_sign", "sign_approval", "sign_approval", "archive"]
    with app.app_context(), db.own_reading() as session:
        (left,) = session.scalars(select(PendingReport))
        assert (left.ended_at is not None, left.content) == (True, None)


@pytest.mark.parametrize(
    ("rule", "wants", "expected"),
    [
        (PersonalSigning.NOBODY, ("Chris", "Sem"), ("Seal",)),
        (PersonalSigning.CHAIR, ("Sem",), ("Seal", "ApprovalChair", "ApprovalSecretary")),
        (PersonalSigning.OPTIONAL, ("Sem",), ("Seal", "ApprovalSecretary")),
    ],
)
def test_rule_of_the_committee_says_who_signs(
    app: Flask,
    installation: Settings,
    world: World,
    authorities: Authorities,
    rule: PersonalSigning,
    wants: tuple[str, ...],
    expected: tuple[str, ...],
) -> None:
    app.extensions["settings"] = replace(
        installation, proof=ProofSettings(), trust_roots=installation.person_roots
    )
    dossier_id = approved(app, world, rule, wants)
    work(app)
    for name, field in (("Chris", "ApprovalChair"), ("Sem", "ApprovalSecretary")):
        if field in expected:
            sign(app, world, dossier_id, name, authorities)
    if len(expected) > 1:
        work(app)
    (record,) = records(app)
    pdf = Archive(installation.archive_folder).read(record.sha256)
    found = verify(pdf, [authorities.root.pem])
    assert (found.failures(), found.level, found.signatures) == ((), "B-B", expected)


def test_nobody_signs_before_their_turn_for_another_or_twice(
    app: Flask, installation: Settings, world: World, authorities: Authorities
) -> None:
    assert installation.person_roots
    dossier_id = approved(app, world, PersonalSigning.BOTH)
    work(app)
    for name in ("Sem", "Robin"):
        with pytest.raises(TransitionNotAllowedError):
            given_to(app, world, dossier_id, name)
    with pytest.raises(PermissionDeniedError):
        given_to(app, world, dossier_id, "Noor", sha256_of(app, dossier_id))
    sign(app, world, dossier_id, "Chris", authorities)
    with pytest.raises(TransitionNotAllowedError):
        given_to(app, world, dossier_id, "Chris")


def test_signature_on_a_file_that_was_signed_meanwhile_is_refused(
    app: Flask, installation: Settings, world: World, authorities: Authorities
) -> None:
    """Twice at the same moment, from two windows: one counts, the other is told to look again."""
    dossier_id = approved(app, world, PersonalSigning.BOTH)
    work(app)
    seen, given = sha256_of(app, dossier_id), given_to(app, world, dossier_id, "Chris")
    bundle = authorities.bundle(authorities.a_seal("Chris"))
    first, second = (persons.signed_with_file(installation, given, bundle, PASSPHRASE, NOW) for _ in range(2))
    taken(app, world, dossier_id, "Chris", seen, first)
    with pytest.raises(TransitionNotAllowedError):
        taken(app, world, dossier_id, "Chris", seen, second)
    with pytest.raises(ConcurrentEditError):
        given_to(app, world, dossier_id, "Sem", seen)
    assert (sha256_of(app, dossier_id), rows(app, PersonalSignature)) == (first.sha256, 1)


def test_one_certificate_signs_a_report_once(
    app: Flask, installation: Settings, world: World, authorities: Authorities
) -> None:
    assert installation.person_roots
    dossier_id, key = approved(app, world, PersonalSigning.BOTH), authorities.a_seal("Chris en Sem")
    work(app)
    sign(app, world, dossier_id, "Chris", authorities, key)
    with pytest.raises(SigningError) as caught:
        sign(app, world, dossier_id, "Sem", authorities, key)
    assert (caught.value.code, rows(app, PersonalSignature)) == ("same_certificate", 1)


class KilledError(BaseException):
    """The power is cut here."""


@pytest.mark.parametrize(
    ("point", "signed"),
    [
        ("ethiek.seal_job.personal.begin", False),
        ("ethiek.seal_job.personal.end", True),
        ("ethiek.seal_job.reporting.store", True),
    ],
)
def test_work_that_is_killed_at_any_point_gives_one_document(
    app: Flask,
    installation: Settings,
    world: World,
    authorities: Authorities,
    monkeypatch: pytest.MonkeyPatch,
    point: str,
    *,
    signed: bool,
) -> None:
    def cut(*_: object, **__: object) -> None:
        raise KilledError

    dossier_id = approved(app, world, PersonalSigning.CHAIR)
    if signed:
        work(app)
        sign(app, world, dossier_id, "Chris", authorities)
    with app.app_context(), db.transaction() as session:
        lease = jobs.claim(session, "killed", lease_seconds=60)
    assert lease is not None
    with monkeypatch.context() as fault, app.app_context():
        fault.setattr(point, cut)
        with pytest.raises(KilledError):
            Sealing(installation).do(JobContext(lease, Event()))
    assert (records(app), status_of(app, dossier_id)) == ([], Status.AWAITING_SIGNATURE)
    with app.app_context(), db.transaction() as session:
        session.execute(update(Job).values(lease_until=database_now(-1)))
    work(app)
    if not signed:
        assert rows(app, PendingReport) == 1
        sign(app, world, dossier_id, "Chris", authorities)
        work(app)
    (record,) = records(app)
    assert verify(Archive(installation.archive_folder).read(record.sha256), [authorities.root.pem]).ok
    assert status_of(app, dossier_id) is Status.ARCHIVED


def test_authority_that_is_away_at_the_end_leaves_all_signatures_for_the_next_try(
    app: Flask, installation: Settings, world: World, authorities: Authorities
) -> None:
    dossier_id = approved(app, world, PersonalSigning.CHAIR)
    work(app)
    sign(app, world, dossier_id, "Chris", authorities)
    authorities.behaviour = "status"
    work(app)
    assert the_job(app).last_error == (
        "SigningError: the time stamp authority did not accept the request [tsa_status]"
    )
    assert (records(app), status_of(app, dossier_id)) == ([], Status.AWAITING_SIGNATURE)
    authorities.behaviour = "good"
    with app.app_context(), db.transaction() as session:
        jobs.try_now(session, the_job(app).id)
    work(app)
    assert len(records(app)) == len(list(installation.archive_folder.glob("*.pdf"))) == 1


def test_certificate_that_is_revoked_after_signing_stops_the_report_and_it_can_be_begun_anew(
    app: Flask, installation: Settings, world: World, authorities: Authorities
) -> None:
    dossier_id, key = approved(app, world, PersonalSigning.CHAIR), authorities.a_seal("Chris")
    work(app)
    first = sha256_of(app, dossier_id)
    sign(app, world, dossier_id, "Chris", authorities, key)
    authorities.revoked.append(key.certificate)
    work(app)
    assert the_job(app).last_error == (
        "SigningError: the certificate of Chris was revoked by its issuer [revoked]"
    )
    with app.app_context(), db.transaction() as session:
        stamp = world.stamp(session, "Sem")
        personal.begin_anew(session, dossier_id, sha256_of(app, dossier_id), stamp)
    work(app)
    assert sha256_of(app, dossier_id) != first
    sign(app, world, dossier_id, "Chris", authorities)
    work(app)
    assert (len(records(app)), status_of(app, dossier_id)) == (1, Status.ARCHIVED)
    assert rows(app, PersonalSignature) == 2
    assert installation.archive_folder.exists()


def test_secretary_goes_on_without_who_does_not_sign(
    app: Flask, installation: Settings, world: World, authorities: Authorities
) -> None:
    dossier_id = approved(app, world, PersonalSigning.OPTIONAL, ("Chris", "Sem"))
    work(app)
    sign(app, world, dossier_id, "Chris", authorities)
    seen = sha256_of(app, dossier_id)
    with app.app_context(), db.transaction() as session:
        personal.go_on_without(session, dossier_id, seen, world.stamp(session, "Sem"))
    work(app)
    with pytest.raises(ConcurrentEditError):
        given_to(app, world, dossier_id, "Chris", seen)
    assert sign(app, world, dossier_id, "Chris", authorities) is True
    work(app)
    (record,) = records(app)
    found = verify(Archive(installation.archive_folder).read(record.sha256), [authorities.root.pem])
    assert (found.failures(), found.signatures) == ((), ("Seal", "ApprovalChair", "ArchiveTimestamp1"))
    assert rows(app, SignatureWaiver) == 1
    assert actions(app) == [
        "send_to_sign",
        "sign_approval",
        "go_on_without_signature",
        "sign_approval",
        "archive",
    ]


def test_signature_that_is_required_is_not_left_out(
    app: Flask, installation: Settings, world: World, authorities: Authorities
) -> None:
    assert installation.person_roots
    dossier_id = approved(app, world, PersonalSigning.SECRETARY, ("Chris",))
    work(app)
    sign(app, world, dossier_id, "Chris", authorities)
    seen = sha256_of(app, dossier_id)
    with app.app_context(), pytest.raises(TransitionNotAllowedError), db.transaction() as session:
        personal.go_on_without(session, dossier_id, seen, world.stamp(session, "Sem"))
    assert (rows(app, SignatureWaiver), pending(app, dossier_id) is not None) == (0, True)


def test_report_that_is_being_closed_is_not_begun_anew(
    app: Flask, installation: Settings, world: World, authorities: Authorities
) -> None:
    assert installation.person_roots
    dossier_id = approved(app, world, PersonalSigning.CHAIR)
    work(app)
    sign(app, world, dossier_id, "Chris", authorities)
    with app.app_context(), db.transaction() as session:
        assert jobs.claim(session, "worker") is not None
    with app.app_context(), pytest.raises(RuleError), db.transaction() as session:
        personal.begin_anew(session, dossier_id, sha256_of(app, dossier_id), world.stamp(session, "Sem"))
    assert pending(app, dossier_id) is not None


def test_seal_is_not_opened_to_sign_for_a_person(
    app: Flask, installation: Settings, world: World, authorities: Authorities
) -> None:
    dossier_id = approved(app, world, PersonalSigning.CHAIR)
    work(app)
    away = replace(installation, seal_file=None, seal_passphrase_file=None)
    app.extensions["settings"] = away
    with pytest.raises(SigningError):
        signer_of(away)
    assert sign(app, world, dossier_id, "Chris", authorities) is True
