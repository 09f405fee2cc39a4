"""Signatures of persons behind the seal: at every level, for every verifier, and what is seen when one is missing."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from ethiek.errors import SigningError
from ethiek.reports.gate import breaches
from ethiek.reports.inspection import inspect_anything
from ethiek.reports.levels import Level
from ethiek.reports.sign import Pkcs12Signer
from ethiek.reports.source import digest
from ethiek.reports.stamping import Proof, stamped
from ethiek.reports.verification import Verification
from ethiek.reports.verify import judge
from tests.attacks import tampering
from tests.authorities import Authorities, serving
from tests.unit.reports.authority import Party
from tests.unit.reports.signed_by_persons import (
    CHAIR,
    SECRETARY,
    Signing,
    signed_by_others,
    signer_of,
)
from tests.unit.reports.test_conformance import BYTE_RANGE, failures
from tests.unit.reports.verifiers import by_openssl, by_pdfsig, by_pyhanko

ALL = ("Seal", CHAIR, SECRETARY, "ArchiveTimestamp1")


@pytest.fixture(autouse=True, scope="module")
def quiet() -> None:
    """The library writes a page about every forgery."""
    logging.getLogger("pyhanko").setLevel(logging.CRITICAL)


@pytest.fixture(scope="module")
def authorities() -> Iterator[Authorities]:
    with serving(Authorities()) as served:
        yield served


@pytest.fixture(scope="module")
def lasting(authorities: Authorities) -> Signing:
    return Signing(authorities, Level.B_LTA)


@pytest.fixture(scope="module")
def plain(authorities: Authorities) -> Signing:
    """Without time stamps: the signature of the secretary is the last one."""
    return Signing(authorities, Level.B_B)


def checked(pdf: bytes, signing: Signing, language: str = "nl") -> Verification:
    facts = inspect_anything(pdf, [signing.authorities.root.pem])
    return judge(digest(pdf), facts, language=language)


def failed(pdf: bytes, signing: Signing) -> list[str]:
    return [finding.code for finding in checked(pdf, signing).failures()]


@pytest.mark.parametrize("level", Level)
def test_report_that_persons_signed_is_in_order_at_every_level(
    authorities: Authorities, level: Level
) -> None:
    signing = Signing(authorities, level)
    result = checked(signing.closed, signing)
    assert (result.failures(), result.level) == ((), level.value.upper())
    assert result.signatures == (ALL if level is Level.B_LTA else ALL[:3])
    assert "Goedgekeurd met een persoonlijke handtekening door Chris, Sem." in [
        finding.sentence for finding in result.findings
    ]
    assert [str(breach) for breach in breaches(signing.closed)] == []


def test_report_that_persons_signed_convinces_other_verifiers(lasting: Signing, tmp_path: Path) -> None:
    root = Party(lasting.authorities.root.key, lasting.authorities.root.certificate)
    verdicts = (
        by_pyhanko(lasting.closed, root, []),
        by_pdfsig(lasting.closed, root, tmp_path),
        by_openssl(lasting.closed, root, [], tmp_path),
    )
    assert verdicts == (True, True, True)


@pytest.mark.parametrize("profile", ["3a", "ua1"])
def test_report_conforms_after_every_signature(lasting: Signing, profile: str) -> None:
    """The checker wants the first signature to end at the end of the file; our own gate looks at that."""
    states = (lasting.sealed, lasting.by_chair, lasting.by_both, lasting.closed)
    found = [rule for pdf in states for rule in failures(pdf, profile) if not rule.endswith(BYTE_RANGE)]
    assert found == []


def test_each_signature_keeps_the_bytes_before_it(lasting: Signing) -> None:
    states = (lasting.unsigned("chair", "secretary"), lasting.sealed, lasting.by_chair, lasting.by_both)
    assert [lasting.closed.startswith(pdf) for pdf in states] == [True] * 4


def test_report_without_persons_has_the_bytes_that_it_had(plain: Signing) -> None:
    """The fields of persons are only made where somebody signs."""
    assert b"ApprovalChair" not in plain.unsigned()
    assert plain.unsigned("chair").count(b"(ApprovalSecretary)") == 0


CUT_BACK: dict[str, tuple[Callable[[Signing], bytes], str]] = {
    "to the seal": (lambda signing: signing.sealed, f"{CHAIR}, {SECRETARY}, ArchiveTimestamp1"),
    "to the chair": (lambda signing: signing.by_chair, f"{SECRETARY}, ArchiveTimestamp1"),
    "to the secretary": (lambda signing: signing.by_both, "ArchiveTimestamp1"),
}


@pytest.mark.parametrize("how", CUT_BACK)
def test_file_that_was_cut_back_is_called_that(lasting: Signing, how: str) -> None:
    cut, lost = CUT_BACK[how]
    found = checked(cut(lasting), lasting).failures()
    sentence = f"Het bestand is afgekapt tot een eerdere toestand: {lost} hoort er nog in te zitten."
    assert [(finding.code, finding.sentence) for finding in found] == [("signatures", sentence)]


def test_persons_who_sign_in_another_order_are_seen(plain: Signing) -> None:
    swapped = plain.approved(plain.sealed, SECRETARY, plain.sem)
    swapped = plain.approved(swapped, CHAIR, plain.chris)
    assert failed(swapped, plain) == ["signatures"]


def test_third_signature_behind_the_others_is_seen(plain: Signing) -> None:
    bundle = plain.authorities.bundle(plain.authorities.a_seal("Mila"))
    added = signed_by_others(plain.by_both, "Another", bundle, own_field=True)
    assert failed(added, plain) == ["signatures", "unchanged"]


def test_signature_behind_the_time_stamp_is_seen(lasting: Signing) -> None:
    bundle = lasting.authorities.bundle(lasting.authorities.a_seal("Mila"))
    added = signed_by_others(lasting.closed, "ArchiveTimestamp2", bundle)
    assert failed(added, lasting) == ["signatures", "unchanged"]


def stranger(signing: Signing) -> Pkcs12Signer:
    authorities = signing.authorities
    return signer_of(authorities, authorities._issue("Vreemde", authorities.other))


def by_ended(signing: Signing) -> bytes:
    """Our own code refuses to sign with it, so another library does."""
    ended = signing.authorities.bundle(signing.authorities.a_seal("Chris", days=(-90, -30)))
    signed = signed_by_others(signing.sealed, CHAIR, ended)
    return signing.approved(signed, SECRETARY, signing.sem, replace(signing.stamping, trust=None))


REFUSED: dict[str, tuple[str, Callable[[Signing], bytes]]] = {
    "of an untrusted issuer": (
        "het certificaat is niet uitgegeven door een partij die u vertrouwt",
        lambda signing: signing.with_chair(stranger(signing)),
    ),
    "that had ended": (
        "het certificaat is verlopen, en geen tijdstempel bewijst dat het toen nog gold",
        by_ended,
    ),
    "of the same person": (
        "het certificaat is ook voor een andere handtekening gebruikt",
        lambda signing: signing.with_chair(signing.sem),
    ),
    "of the organisation itself": (
        "het certificaat is ook voor een andere handtekening gebruikt",
        lambda signing: signing.with_chair(signing.seal),
    ),
    "with a change behind it": (
        "er kwam iets tussen de handtekening ervoor en deze",
        lambda signing: signing.with_chair(signing.chris, tampering.appended(tampering._retitle)),
    ),
}


@pytest.mark.parametrize("whose", REFUSED)
def test_signature_of_a_person_that_does_not_count_is_named_with_its_reason(
    plain: Signing, whose: str
) -> None:
    why, sign = REFUSED[whose]
    field = SECRETARY if "same person" in whose or "change" in whose else CHAIR
    found = checked(sign(plain), plain).failures()
    assert [(finding.code, finding.sentence) for finding in found] == [
        ("personal", f"Een persoonlijke handtekening ({field}) telt niet: {why}.")
    ]


TAMPERED: dict[str, tuple[Callable[[bytes], bytes], list[str]]] = {
    "a form field added": (tampering.appended(tampering._add_field), ["whole", "unchanged"]),
    "the seal dressed up": (tampering.appended(tampering._dress_seal), ["whole", "unchanged"]),
    "a page painted over": (tampering.appended(tampering._paint_over), ["whole", "unchanged"]),
    "a data file swapped": (
        tampering.appended(tampering._swap_file),
        ["whole", "unchanged", "snapshot", "advice"],
    ),
    "fields in another order": (tampering.rewritten(tampering._reverse_fields), ["signatures"]),
    "all signatures stripped": (tampering.rewritten(tampering._strip), ["signatures"]),
    "something behind the end": (lambda pdf: pdf + b"\n% junk\n", ["whole"]),
}


@pytest.mark.parametrize("what", TAMPERED)
def test_report_that_was_changed_after_the_persons_signed_is_seen(plain: Signing, what: str) -> None:
    tamper, codes = TAMPERED[what]
    assert failed(tamper(plain.by_both), plain) == codes


FLIPS = 6


def test_every_flipped_byte_of_the_signatures_of_persons_is_seen(plain: Signing) -> None:
    pdf = plain.by_both
    gaps = [match.span() for match in tampering.GAP.finditer(pdf)]
    places = [start + part * (end - start) // FLIPS for start, end in gaps for part in range(FLIPS)]
    assert len(gaps) == 3
    assert [place for place in places if not failed(tampering.flipped(pdf, place), plain)] == []


def test_seal_that_allows_persons_where_nobody_signs_is_seen(plain: Signing) -> None:
    """It would let anybody sign behind it later."""
    open_ended = plain.seal.seal(
        plain.unsigned(), reason="Advies", at=plain.authorities.now, stamping=plain.stamping
    )
    assert failed(open_ended, plain) == ["signed"]


def test_time_stamp_in_the_place_of_a_person_is_seen(lasting: Signing) -> None:
    stamping = lasting.stamping
    assert stamping.authority is not None
    assert stamping.trust is not None
    proof = Proof(stamping.trust.context(proof=False), [])
    stamped_twice = stamped(lasting.sealed, CHAIR, stamping.authority, proof)
    assert failed(stamped_twice, lasting) == ["signatures"]


def test_seal_that_forbids_all_changes_is_signed_by_nobody(plain: Signing) -> None:
    closed = replace(plain.stamping, persons=False)
    sealed = plain.seal.seal(
        plain.unsigned("chair"), reason="Advies", at=plain.authorities.now, stamping=closed
    )
    with pytest.raises(SigningError, match="cannot be signed"):
        plain.approved(sealed, CHAIR, plain.chris)


def test_certificate_of_a_person_is_looked_up_before_it_signs(plain: Signing) -> None:
    authorities = plain.authorities
    revoked = authorities.a_seal("Ingetrokken")
    authorities.revoked.append(revoked.certificate)
    codes = []
    for signer in (signer_of(authorities, revoked), stranger(plain)):
        with pytest.raises(SigningError) as caught:
            plain.approved(plain.sealed, CHAIR, signer)
        codes.append(caught.value.code)
    assert codes == ["revoked", "untrusted"]


def test_gate_knows_the_fields_in_which_may_be_signed(plain: Signing) -> None:
    bundle = plain.authorities.bundle(plain.authorities.a_seal("Mila"))
    added = signed_by_others(plain.by_both, "Another", bundle, own_field=True)
    assert "signature-kind (Another)" in [str(breach) for breach in breaches(added)]
