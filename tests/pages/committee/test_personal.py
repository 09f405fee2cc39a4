"""Chair and secretary sign with certificates of their own: exactly what was shown, in turn, and nothing is kept."""

from __future__ import annotations

import io
import logging
import os
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, pkcs12
from flask import Flask
from sqlalchemy import select

from ethiek.config import ProofSettings, Settings
from ethiek.domain.signing import PersonalSigning
from ethiek.domain.workflow import Status
from ethiek.models import Base
from ethiek.models.advice import Approval
from ethiek.models.audit import AuditEvent
from ethiek.models.dossiers import Dossier
from ethiek.models.jobs import Job, JobStatus
from ethiek.models.signing import PendingReport, PersonalSignature, SignatureWaiver
from ethiek.models.users import Committee
from ethiek.reports.levels import Level
from ethiek.reports.sign import Pkcs12Signer
from ethiek.reports.stamping import Stamping
from ethiek.services import personal
from tests import builders
from tests.authorities import PASSPHRASE, Authorities, Issued
from tests.builders import PASSWORD, World
from tests.pages.conftest import Browser, MakeDossier, SignIn, Writing
from tests.unit.reports.signed_by_persons import Signing, signed_by_others

BOTH = ("chair", "secretary")
AUTHORITIES = Authorities()
AUTHORITIES.open("http://127.0.0.1:9")


@cache
def sealed() -> bytes:
    """A report that waits for both; made once."""
    signing, stamping = Signing(AUTHORITIES, Level.B_B), Stamping(persons=True)
    return signing.seal.seal(signing.unsigned(*BOTH), reason="Advies", at=AUTHORITIES.now, stamping=stamping)


@cache
def key_of(name: str) -> Issued:
    return AUTHORITIES.a_seal(f"{name} de Vries")


@pytest.fixture
def settings(settings: Settings, tmp_path: Path) -> Settings:
    roots = tmp_path / "persons.pem"
    roots.write_bytes(AUTHORITIES.root.pem)
    lists = AUTHORITIES.lists_in(tmp_path / "lists")
    return replace(settings, person_roots=roots, proof=ProofSettings(crl_folder=lists))


@pytest.fixture
def app(app: Flask) -> Flask:
    """By the clock of this machine, as the certificates are."""
    app.extensions["clock"] = lambda: datetime.now(UTC)
    return app


@pytest.fixture
def waiting(dossier_in: MakeDossier, world: World, writing: Writing) -> UUID:
    """A dossier whose report waits for the signatures of Chris and Sem."""
    with writing() as session:
        session.get_one(Committee, world.committee_id).personal_signing = PersonalSigning.CHAIR
    dossier_id = dossier_in(Status.AWAITING_SIGNATURE)
    with writing() as session:
        job = session.scalars(select(Job)).one()
        job.status, job.finished_at = JobStatus.DONE, datetime.now(UTC)
        advice_id = builders.present_advice(session, dossier_id).id
        personal.begin(session, advice_id, BOTH, sealed(), datetime.now(UTC))
    return dossier_id


def place(dossier_id: UUID, rest: str = "") -> str:
    return f"/dossiers/{dossier_id}/advies/ondertekenen{rest}"


def sign(
    browser: Browser,
    dossier_id: UUID,
    bundle: bytes,
    *,
    seen: str = "",
    passphrase: str = PASSPHRASE,
    password: str = PASSWORD,
) -> Any:
    browser.get(place(dossier_id))
    form = {
        "sha256": seen or sha256(sealed()).hexdigest(),
        "password": password,
        "passphrase": passphrase,
        "file": (io.BytesIO(bundle), "sleutel.p12"),
    }
    return browser.post(place(dossier_id), form)


def bring(browser: Browser, dossier_id: UUID, pdf: bytes) -> Any:
    browser.get(place(dossier_id, "/eigen-programma"))
    form = {
        "sha256": sha256(sealed()).hexdigest(),
        "password": PASSWORD,
        "file": (io.BytesIO(pdf), "rapport.pdf"),
    }
    return browser.post(place(dossier_id, "/eigen-programma"), form)


def signatures(writing: Writing) -> list[tuple[str, str]]:
    with writing() as session:
        rows = session.scalars(select(PersonalSignature).order_by(PersonalSignature.id))
        return [(row.role, row.name) for row in rows]


def test_page_shows_exactly_what_is_signed(waiting: UUID, sign_in: SignIn) -> None:
    page = sign_in("Chris").get(place(waiting)).text
    shown = (
        "Slimme camera",
        "Positive with conditions",
        sha256(sealed()).hexdigest(),
        f'href="{place(waiting, "/rapport.pdf")}"',
        "as Chair",
    )
    assert [text in page for text in shown] == [True] * 5


def test_file_that_is_signed_can_be_read_and_the_reading_is_an_event(
    waiting: UUID, sign_in: SignIn, writing: Writing
) -> None:
    answer = sign_in("Chris").get(place(waiting, "/rapport.pdf"))
    assert (answer.status_code, answer.data) == (200, sealed())
    with writing() as session:
        actions = list(session.scalars(select(AuditEvent.action)))
    assert actions.count("read_pending_report") == 1
    for name, status in (("Mila", 403), ("Noor", 403), ("Daan", 404), ("Aisha", 404)):
        assert sign_in(name).get(place(waiting, "/rapport.pdf")).status_code == status


def test_both_sign_with_their_files_in_turn_and_the_report_is_sent_to_be_closed(
    waiting: UUID, sign_in: SignIn, writing: Writing
) -> None:
    chris, sem = sign_in("Chris"), sign_in("Sem")
    assert "It is not your turn" in sem.get(place(waiting)).text
    answer = sign(chris, waiting, AUTHORITIES.bundle(key_of("Chris")))
    assert (answer.status_code, answer.headers["Location"]) == (303, place(waiting))
    page = chris.get(place(waiting)).text
    assert ("Signed with the certificate of Chris de Vries." in page, "It is not your turn" in page) == (
        True,
        True,
    )
    with writing() as session:
        seen = session.scalars(select(PendingReport.sha256)).one()
        assert session.scalars(select(Job.status)).one() is JobStatus.DONE
    answer = sign(sem, waiting, AUTHORITIES.bundle(key_of("Sem")), seen=seen)
    assert (answer.status_code, answer.headers["Location"]) == (303, f"/dossiers/{waiting}/rapport")
    assert signatures(writing) == [("chair", "Chris de Vries"), ("secretary", "Sem de Vries")]
    with writing() as session:
        assert session.scalars(select(Job.status)).one() is JobStatus.WAITING
        assert session.get_one(Dossier, waiting).status is Status.AWAITING_SIGNATURE


def test_record_of_a_signature_names_the_certificate(
    waiting: UUID, sign_in: SignIn, writing: Writing
) -> None:
    sign(sign_in("Chris"), waiting, AUTHORITIES.bundle(key_of("Chris")))
    certificate = key_of("Chris").certificate
    with writing() as session:
        row = session.scalars(select(PersonalSignature)).one()
        event = session.scalars(select(AuditEvent.body).where(AuditEvent.action == "sign_approval")).one()
    fingerprint, serial = certificate.fingerprint(hashes.SHA256()).hex(), str(certificate.serial_number)
    assert (row.certificate_sha256, row.serial) == (fingerprint, serial)
    assert [text in event for text in (fingerprint, serial, row.sha256, "de Vries")] == [
        True,
        True,
        True,
        False,
    ]


def a_stranger() -> bytes:
    return AUTHORITIES.bundle(AUTHORITIES._issue("Vreemde", AUTHORITIES.other))


def an_ended() -> bytes:
    return AUTHORITIES.bundle(AUTHORITIES.a_seal("Chris", days=(-90, -1)))


@pytest.mark.parametrize(
    ("bundle", "passphrase", "words"),
    [
        (lambda: AUTHORITIES.bundle(key_of("Chris")), "verkeerd", "This passphrase does not open the file"),
        (lambda: b"geen sleutel", PASSPHRASE, "This passphrase does not open the file"),
        (an_ended, PASSPHRASE, "This certificate has expired."),
        (a_stranger, PASSPHRASE, "This certificate was not issued by a party that is trusted here."),
        (lambda: bytes(2**16 + 1), PASSPHRASE, "This file is too large to hold a certificate"),
    ],
)
def test_certificate_that_cannot_sign_is_refused_at_its_field(
    waiting: UUID, sign_in: SignIn, writing: Writing, bundle: Any, passphrase: str, words: str
) -> None:
    answer = sign(sign_in("Chris"), waiting, bundle(), passphrase=passphrase)
    assert (answer.status_code, words in answer.text) == (422, True)
    assert (passphrase in answer.text, signatures(writing)) == (False, [])


def test_file_that_is_far_too_large_is_not_even_read(waiting: UUID, sign_in: SignIn) -> None:
    assert sign(sign_in("Chris"), waiting, bytes(2**17)).status_code == 413


def test_password_is_asked_again(waiting: UUID, sign_in: SignIn, writing: Writing) -> None:
    answer = sign(sign_in("Chris"), waiting, AUTHORITIES.bundle(key_of("Chris")), password="een ander")
    assert (answer.status_code, "This is not your password." in answer.text) == (422, True)
    assert signatures(writing) == []


def test_who_is_not_asked_signs_nothing(waiting: UUID, sign_in: SignIn, writing: Writing) -> None:
    for name, status in (("Sem", 409), ("Robin", 409), ("Mila", 403), ("Noor", 403), ("Daan", 404)):
        answer = sign(sign_in(name), waiting, AUTHORITIES.bundle(key_of(name)))
        assert (name, answer.status_code) == (name, status)
    assert signatures(writing) == []


def test_page_of_another_file_signs_nothing(waiting: UUID, sign_in: SignIn, writing: Writing) -> None:
    answer = sign(sign_in("Chris"), waiting, AUTHORITIES.bundle(key_of("Chris")), seen="0" * 64)
    assert (answer.status_code, signatures(writing)) == (409, [])


WRITING: list[str] = []
NOTING = [False]


def note_writing(event: str, arguments: tuple[Any, ...]) -> None:
    if not NOTING[0] or event != "open" or not isinstance(arguments[0], str):
        return
    if (arguments[2] or 0) & (os.O_WRONLY | os.O_RDWR):
        WRITING.append(arguments[0])


@pytest.fixture
def written() -> Iterator[list[str]]:
    """The files that this process opens to write to; hooks of Python stay, so this one can sleep."""
    if not WRITING:
        sys.addaudithook(note_writing)
    WRITING[:] = ["-"]
    NOTING[0] = True
    yield WRITING
    NOTING[0] = False


def test_nothing_of_the_key_is_kept(
    waiting: UUID,
    sign_in: SignIn,
    writing: Writing,
    settings: Settings,
    caplog: pytest.LogCaptureFixture,
    written: list[str],
) -> None:
    issued, passphrase = key_of("Chris"), "een wachtzin die nergens staat"
    assert isinstance(issued.key, ec.EllipticCurvePrivateKey)
    number = issued.key.private_numbers().private_value.to_bytes(32, "big")
    bundle = pkcs12.serialize_key_and_certificates(
        b"Chris",
        issued.key,
        issued.certificate,
        [AUTHORITIES.issuer.certificate],
        BestAvailableEncryption(passphrase.encode()),
    )
    with caplog.at_level(logging.DEBUG):
        assert sign(sign_in("Chris"), waiting, bundle, passphrase=passphrase).status_code == 303
    kept = [str(path) for path in written if path not in ("-", os.devnull)]
    database = settings.database_url.removeprefix("sqlite:///")
    the_check = [tempfile.gettempdir()] * 4  # two files without a name, each told twice
    assert [path for path in kept if not path.startswith(database)] == the_check
    secrets = (bundle[100:200], number, passphrase.encode())
    files = [path for path in settings.instance.rglob("*") if path.is_file()]
    files += [Path(f"{database}{end}") for end in ("", "-wal") if Path(f"{database}{end}").is_file()]
    found = [(str(path), secret) for path in files for secret in secrets if secret in path.read_bytes()]
    assert found == []
    with writing() as session:
        rows = [
            value
            for table in Base.metadata.sorted_tables
            for row in session.execute(select(table))
            for value in row
        ]
    texts = [value for value in rows if isinstance(value, str)] + [caplog.text]
    blobs = [value for value in rows if isinstance(value, bytes)]
    assert (any(passphrase in text for text in texts), len(blobs)) == (False, 1)
    assert [secret for blob in blobs for secret in secrets if secret in blob] == []


def test_report_that_was_signed_elsewhere_is_taken_over(
    waiting: UUID, sign_in: SignIn, writing: Writing
) -> None:
    chris = sign_in("Chris")
    page = chris.get(place(waiting, "/eigen-programma")).text
    assert "ApprovalChair" in page
    signer = Pkcs12Signer(AUTHORITIES.bundle(key_of("Chris")), PASSPHRASE)
    signed = signer.approve(sealed(), "ApprovalChair", reason="Akkoord", at=AUTHORITIES.now)
    assert bring(chris, waiting, signed).status_code == 303
    assert signatures(writing) == [("chair", "Chris de Vries")]


def by_other_tool(field: str = "ApprovalChair") -> bytes:
    return signed_by_others(sealed(), field, AUTHORITIES.bundle(key_of("Chris")))


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (sealed, "This is not the file that you downloaded here"),
        (lambda: b"%PDF-1.7 iets anders", "This is not the file that you downloaded here"),
        (lambda: by_other_tool()[:-400], "This is not the file that you downloaded here"),
        (lambda: by_other_tool("ApprovalSecretary"), "More was changed in this file"),
        (by_other_tool, "More was changed in this file"),
    ],
    ids=["nothing", "another", "half", "other field", "metadata"],
)
def test_report_that_was_signed_elsewhere_in_another_way_is_refused(
    waiting: UUID, sign_in: SignIn, writing: Writing, make: Any, words: str
) -> None:
    answer = bring(sign_in("Chris"), waiting, make())
    assert (answer.status_code, words in answer.text, signatures(writing)) == (422, True, [])


def test_secretary_goes_on_without_where_the_rule_allows_it(
    waiting: UUID, sign_in: SignIn, writing: Writing, world: World
) -> None:
    chris, sem = sign_in("Chris"), sign_in("Sem")
    form = {"sha256": sha256(sealed()).hexdigest()}
    assert "Go on without" not in sem.get(place(waiting)).text
    assert sem.post(place(waiting, "/zonder"), form).status_code == 409
    with writing() as session:
        session.get_one(Committee, world.committee_id).personal_signing = PersonalSigning.OPTIONAL
    assert "Go on without" in sem.get(place(waiting)).text
    assert chris.post(place(waiting, "/zonder"), form).status_code == 403
    assert sem.post(place(waiting, "/zonder"), form).status_code == 303
    with writing() as session:
        assert sorted(session.scalars(select(SignatureWaiver.role))) == ["chair", "secretary"]
        assert session.scalars(select(PendingReport.ended_at)).one() is not None
        assert session.scalars(select(Job.status)).one() is JobStatus.WAITING


def test_report_page_says_for_whom_it_waits(waiting: UUID, sign_in: SignIn) -> None:
    for name, button in (("Chris", True), ("Noor", False)):
        page = sign_in(name).get(f"/dossiers/{waiting}/rapport").text
        assert ("personal signature of: Chair." in page, "To the personal signatures" in page) == (
            True,
            button,
        )


@pytest.mark.parametrize(
    ("rule", "offered", "stored"),
    [
        (PersonalSigning.NOBODY, False, False),
        (PersonalSigning.OPTIONAL, True, True),
        (PersonalSigning.SECRETARY, True, True),
        (PersonalSigning.CHAIR, False, True),
    ],
)
def test_approving_asks_about_a_signature_as_the_rule_says(
    dossier_in: MakeDossier,
    sign_in: SignIn,
    writing: Writing,
    world: World,
    rule: PersonalSigning,
    *,
    offered: bool,
    stored: bool,
) -> None:
    with writing() as session:
        session.get_one(Committee, world.committee_id).personal_signing = rule
    dossier_id, chris = dossier_in(Status.ADVISED), sign_in("Chris")
    address = f"/dossiers/{dossier_id}/advies/goedkeuren"
    assert ('name="sign"' in chris.get(address).text) is offered
    with writing() as session:
        digest = builders.present_advice(session, dossier_id).sha256
    assert chris.post(address, {"sha256": digest, "password": PASSWORD, "sign": "y"}).status_code == 303
    with writing() as session:
        assert session.scalars(select(Approval.signs)).one() is stored
