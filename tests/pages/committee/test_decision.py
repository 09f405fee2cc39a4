"""The official reads a signed report and decides: on exactly that, with nothing lost that was typed."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

import pytest
from sqlalchemy import select

from ethiek.domain.workflow import Status
from ethiek.models.audit import AuditEvent
from ethiek.models.decisions import Decision
from ethiek.services import jobs, report_status, throttle
from tests import builders
from tests.builders import PASSWORD, World
from tests.conftest import only_sqlite
from tests.pages.conftest import MakeDossier, SignIn, Writing

REASON = "De <b>commissie</b> heeft **goed** gekeken."
Given = dict[str, object]


@pytest.fixture
def put(dossier_in: MakeDossier, writing: Writing, world: World) -> UUID:
    """A dossier whose signed advice was put before Otto."""
    dossier_id = dossier_in(Status.ARCHIVED)
    with writing() as session:
        builders.put_before(session, world, dossier_id)
    return dossier_id


@pytest.fixture
def given(writing: Writing, put: UUID) -> Callable[..., Given]:
    """What the form sends when everything is filled in."""
    with writing() as session:
        sha256 = builders.read_sha256(session, put)

    def fill(**changes: object) -> Given:
        form = {
            "follows": "yes",
            "outcome": "with_conditions",
            "reason": REASON,
            "capacity": "Directeur Mobiliteit",
            "conditions-0-adopted": "yes",
            "conditions-0-reason": "",
            "sha256": sha256,
            "revision": "0",
            "token": "token-0001",
            "password": PASSWORD,
        }
        return form | changes

    return fill


def page_of(dossier_id: UUID, name: str = "nemen") -> str:
    return f"/dossiers/{dossier_id}/besluit/{name}".rstrip("/")


def decisions_in(writing: Writing) -> int:
    with writing() as session:
        return len(session.scalars(select(Decision)).all())


def test_secretary_puts_the_advice_before_an_official_who_finds_it_in_the_list(
    dossier_in: MakeDossier, sign_in: SignIn, writing: Writing, world: World
) -> None:
    dossier_id, sem, otto = dossier_in(Status.ARCHIVED), sign_in("Sem"), sign_in("Otto")
    assert "Nothing was put before you" in otto.get("/besluiten").text
    assert otto.get(f"/dossiers/{dossier_id}").status_code == 404
    page = sem.get(page_of(dossier_id, "voorleggen")).text
    assert [name in page for name in ("Otto", "Olga", "Chris")] == [True, True, False]
    with writing() as session:
        revision = builders.revision_now(session, dossier_id)
    answer = sem.post(
        page_of(dossier_id, "voorleggen"), {"official": str(world.ids["Otto"]), "revision": revision}
    )
    assert (answer.status_code, answer.headers["Location"]) == (303, page_of(dossier_id, ""))

    assert "put before Otto" in sem.get(page_of(dossier_id, "")).text
    worklist = otto.get("/besluiten").text
    assert ("Slimme camera" in worklist, "To decide" in worklist) == (True, True)
    assert otto.get("/").headers["Location"] == "/besluiten"
    for path in ("", "/advies", "/rondes/1", "/rapport", "/rapport.pdf", "/besluit", "/besluit/nemen"):
        assert otto.get(f"/dossiers/{dossier_id}{path}").status_code == 200, path


def test_put_before_nobody_or_somebody_else_is_refused_at_the_field(
    dossier_in: MakeDossier, sign_in: SignIn, world: World, writing: Writing
) -> None:
    dossier_id, sem = dossier_in(Status.ARCHIVED), sign_in("Sem")
    with writing() as session:
        revision = builders.revision_now(session, dossier_id)
    sem.get(page_of(dossier_id, "voorleggen"))
    for official in ("", str(world.ids["Chris"]), "iemand"):
        answer = sem.post(page_of(dossier_id, "voorleggen"), {"official": official, "revision": revision})
        assert (answer.status_code, "et-fieldset--invalid" in answer.text) == (422, True), official
    stale = sem.post(page_of(dossier_id, "voorleggen"), {"official": str(world.ids["Otto"]), "revision": "0"})
    assert stale.status_code == 409


def test_page_shows_exactly_what_is_decided_on(
    put: UUID, sign_in: SignIn, given: Callable[..., Given]
) -> None:
    page = sign_in("Otto").get(page_of(put)).text
    shown = (
        "Slimme camera",
        "Positive with conditions",
        "De commissie ziet meer baten dan risico.",
        "Zet een bord bij de camera.",
        f"/dossiers/{put}/rapport.pdf",
        f'name="sha256" type="hidden" value="{given()["sha256"]}"',
    )
    assert [text for text in shown if text not in page] == []
    assert "replaces_reason" not in page


def test_official_decides_and_everybody_involved_reads_it(
    put: UUID, sign_in: SignIn, given: Callable[..., Given], writing: Writing
) -> None:
    otto = sign_in("Otto")
    before = otto.client.get_cookie("ethiek")
    answer = otto.post(page_of(put), given())
    assert (answer.status_code, answer.headers["Location"]) == (303, page_of(put, ""))
    after = otto.client.get_cookie("ethiek")
    assert before is not None
    assert after is not None
    assert before.value != after.value

    for name in ("Otto", "Noor", "Mila", "Sem"):
        page = sign_in(name).get(page_of(put, "")).text
        assert "The project goes ahead under conditions" in page, name
        assert "&lt;b&gt;commissie&lt;/b&gt;" in page
        assert ("Directeur Mobiliteit" in page, "Revise the decision" in page) == (True, False)
    assert "The project goes ahead under conditions" in otto.get("/besluiten").text
    assert otto.get(page_of(put, "status"), headers={"Accept": "application/json"}).get_json() == {
        "state": "waiting",
        "progress": 0,
        "total": 100,
        "label": "",
        "done_url": page_of(put, ""),
    }
    assert decisions_in(writing) == 1


def test_decision_sent_twice_is_one(
    put: UUID, sign_in: SignIn, given: Callable[..., Given], writing: Writing
) -> None:
    otto = sign_in("Otto")
    assert [otto.post(page_of(put), given()).status_code for _ in range(2)] == [303, 303]
    assert decisions_in(writing) == 1


@only_sqlite
@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"password": "iets anders"}, "This is not your password."),
        ({"password": ""}, "Fill in your password."),
        ({"reason": " "}, "Fill this in."),
        ({"reason": "a\0b"}, "This text holds characters that cannot be stored."),
        ({"reason": "n\n" * 1001 + "n"}, "This text has too many lines"),
        ({"reason": "x" * 20_001}, "This text is too long"),
        ({"capacity": ""}, "Fill in your function."),
        ({"capacity": "W" * 81}, "Use at most 80 characters."),
        ({"follows": "perhaps"}, "Invalid Choice"),
        ({"follows": "no"}, "Explain more fully"),
        ({"outcome": "proceed"}, "the project goes ahead under conditions"),
        ({"conditions-0-adopted": ""}, "Choose yes or no."),
        ({"conditions-0-adopted": "no"}, "Say why you do not adopt this condition."),
        (
            {"conditions-0-adopted": "no", "conditions-0-reason": "Te duur."},
            "so you follow the advice partly",
        ),
        ({"conditions-1-adopted": "yes"}, "Say of each condition"),
    ],
)
def test_decision_that_is_not_right_is_refused_at_the_field_with_everything_kept(
    put: UUID, sign_in: SignIn, given: Callable[..., Given], writing: Writing, wrong: Given, message: str
) -> None:
    answer = sign_in("Otto").post(page_of(put), given(**wrong))
    assert answer.status_code == 422
    assert message in answer.text
    assert ("Directeur Mobiliteit" in answer.text) is ("capacity" not in wrong)
    assert ("&lt;b&gt;commissie" in answer.text) is ("reason" not in wrong)
    assert (PASSWORD in answer.text, decisions_in(writing)) == (False, 0)


def test_another_report_by_now_is_told_with_everything_kept(
    put: UUID, sign_in: SignIn, given: Callable[..., Given], writing: Writing
) -> None:
    otto, real = sign_in("Otto"), str(given()["sha256"])
    answer = otto.post(page_of(put), given(sha256="0" * 64))
    assert answer.status_code == 409
    assert "There is something else to read now" in answer.text
    assert ("&lt;b&gt;commissie" in answer.text, "Directeur Mobiliteit" in answer.text) == (True, True)
    assert f'name="sha256" type="hidden" value="{real}"' in answer.text
    assert decisions_in(writing) == 0
    with writing() as session:
        refused = session.scalars(
            select(AuditEvent).where(AuditEvent.action == "decisions.take", AuditEvent.result == "refused")
        ).all()
    assert len(refused) == 1


def test_another_decision_by_now_is_told_with_everything_kept(
    put: UUID, sign_in: SignIn, given: Callable[..., Given], writing: Writing
) -> None:
    otto = sign_in("Otto")
    assert otto.post(page_of(put), given()).status_code == 303
    answer = otto.post(page_of(put), given(token="token-0002"))
    assert (answer.status_code, "&lt;b&gt;commissie" in answer.text) == (409, True)
    assert 'name="revision" type="hidden" value="1"' in answer.text
    assert decisions_in(writing) == 1


@only_sqlite
@pytest.mark.parametrize(
    ("missing", "status"), [("sha256", 428), ("revision", 428), ("token", 422), ("csrf_token", 403)]
)
def test_form_without_what_binds_it_is_refused(
    put: UUID, sign_in: SignIn, given: Callable[..., Given], writing: Writing, missing: str, status: int
) -> None:
    answer = sign_in("Otto").post(page_of(put), given(**{missing: ""}))
    assert (answer.status_code, decisions_in(writing)) == (status, 0)


@only_sqlite
def test_too_many_passwords_are_refused_with_everything_kept(
    put: UUID, sign_in: SignIn, given: Callable[..., Given], monkeypatch: pytest.MonkeyPatch
) -> None:
    otto = sign_in("Otto")
    monkeypatch.setattr(throttle, "ACCOUNT_LIMIT", 1, raising=False)
    answers = [otto.post(page_of(put), given(password="iets anders")) for _ in range(12)]
    assert answers[-1].status_code == 429
    assert ("Retry-After" in answers[-1].headers, "&lt;b&gt;commissie" in answers[-1].text) == (True, True)


def test_decision_is_revised_when_the_report_with_it_is_there(
    put: UUID, sign_in: SignIn, given: Callable[..., Given], writing: Writing
) -> None:
    otto = sign_in("Otto")
    assert otto.post(page_of(put), given()).status_code == 303
    waiting = otto.get(page_of(put)).text
    assert ("is not there yet" in waiting, 'name="password"' in waiting) == (True, False)
    unexplained = otto.post(page_of(put), given(token="token-0002", revision="1"))
    assert (unexplained.status_code, "Explain why you revise" in unexplained.text) == (422, True)
    with writing() as session:
        decision = session.scalars(select(Decision)).one()
        builders.issue_decision(session, decision)
        sha256 = builders.read_sha256(session, put)
    revised = given(
        token="token-0002", revision="1", sha256=sha256, replaces_reason="De leverancier haakte af."
    )
    assert "Why do you revise the earlier decision?" in otto.get(page_of(put)).text
    assert otto.post(page_of(put), revised).status_code == 303

    page = sign_in("Noor").get(page_of(put, "")).text
    assert [
        text in page for text in ("Revised decision", "De leverancier haakte af.", "Earlier decision")
    ] == [True] * 3


def test_report_that_waits_can_be_tried_again_by_the_secretary(
    put: UUID, sign_in: SignIn, given: Callable[..., Given], writing: Writing
) -> None:
    assert sign_in("Otto").post(page_of(put), given()).status_code == 303
    with writing() as session:
        lease = jobs.claim(session, "test")
        while lease is not None and lease.kind != "seal_decision":
            lease = jobs.claim(session, "test")
        assert lease is not None
        jobs.fail(session, lease, "SigningError: no seal is configured [settings]", retry=False)
    sem, noor = sign_in("Sem"), sign_in("Noor")
    page = sem.get(page_of(put, "")).text
    assert ("could not be signed" in page, "A setting or a file of the seal is missing." in page) == (
        True,
        True,
    )
    assert "A setting or a file" not in noor.get(page_of(put, "")).text
    assert noor.post(page_of(put, "opnieuw")).status_code == 403
    assert sem.post(page_of(put, "opnieuw")).status_code == 303
    assert "could not be signed" not in sem.get(page_of(put, "")).text


def test_withdrawn_report_offers_no_decision(
    put: UUID, sign_in: SignIn, given: Callable[..., Given], writing: Writing, world: World
) -> None:
    with writing() as session:
        report_status.change(session, put, "Fout.", world.stamp(session, "Chris", seen=0))
    otto = sign_in("Otto")
    page = otto.get(page_of(put)).text
    assert ("The report was withdrawn" in page, 'name="password"' in page) == (True, False)
    assert otto.post(page_of(put), given()).status_code == 409
    assert decisions_in(writing) == 0


def test_decision_page_of_a_dossier_that_is_not_signed_does_not_exist(
    dossier_in: MakeDossier, sign_in: SignIn
) -> None:
    dossier_id = dossier_in(Status.ADVISED)
    assert sign_in("Noor").get(page_of(dossier_id, "")).status_code == 404
