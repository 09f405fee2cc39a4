"""A round reads as it was handed in; the team never meets what is internal."""

from __future__ import annotations

import html
from collections.abc import Callable
from uuid import UUID

import html5lib
import pytest

from ethiek.domain.answers import Answer, Slot
from ethiek.domain.workflow import Status
from ethiek.services import casework, dossiers, remarks
from tests import builders
from tests.builders import World
from tests.pages.conftest import CountStatements, MakeDossier, SignIn, Writing
from tests.question_sets import FIRST

HOSTILE = "<script>alert(1)</script>\"'&{{ 7 * 7 }}"


def another_round(writing: Writing, world: World, dossier_id: UUID, given: dict[Slot, Answer]) -> None:
    """Release a remark, give back, reply, change these answers, hand in again."""
    with writing() as session:
        remark_id = builders.a_remark(session, world, dossier_id, "Leg uit.", by="Chris", released=True)
        casework.request_changes(session, dossier_id, world.stamp(session, "Sem"))
        remarks.reply(
            session, dossier_id, remark_id, "Uitgelegd.", f"r{remark_id}", world.stamp(session, "Noor")
        )
        builders.fill_in(session, world, dossier_id, given)
        builders.hand_in(session, world, dossier_id)


def test_read_when_handed_in_shows_every_answer_in_order(dossier_in: MakeDossier, sign_in: SignIn) -> None:
    given = {
        FIRST: Answer(
            text="Eerste alinea.\n\nTweede.",
            considerations="Wij wogen twee wegen.",
            dissent="Yara ziet het **anders**.",
        ),
        Slot("1.1.2"): Answer(choice="yes"),
        Slot("1.1.4"): Answer(choices=("privacy", "equality")),
        Slot("2.1.1", "equality"): Answer(text="Gering."),
        Slot("2.2.1"): Answer(rows=({"what": "Bord plaatsen", "when": "2026-09-01"},)),
    }
    dossier_id = dossier_in(Status.IN_REVIEW, given=given)
    page = sign_in("Mila").get(f"/dossiers/{dossier_id}/rondes/1").text
    expected = (
        "Slimme camera", "Noor", "Toets liever voor het gebruik.", "Eerste alinea.", "Tweede.",
        "Wij wogen twee wegen.", "Dissenting view", "Yara ziet het <strong>anders</strong>.",
        "Ja", "Antwoord op 1.1.3.", "Privacy", "Gering.", "Bord plaatsen", "1 september 2026",
    )  # fmt: skip
    places = [page.index(text) for text in expected]
    assert places == sorted(places)


@pytest.mark.parametrize("name", ["Mila", "Noor"])
def test_read_when_parsed_is_valid_and_has_unique_ids(
    dossier_in: MakeDossier, sign_in: SignIn, name: str
) -> None:
    dossier_id = dossier_in(Status.CHANGES_REQUESTED)
    page = sign_in(name).get(f"/dossiers/{dossier_id}/rondes/1").text
    tree = html5lib.HTMLParser(strict=True, namespaceHTMLElements=False).parse(page)
    ids = [element.get("id") for element in tree.iter() if element.get("id")]
    assert sorted(ids) == sorted(set(ids))


def test_read_when_text_is_hostile_escapes_it(
    dossier_in: MakeDossier, sign_in: SignIn, writing: Writing, world: World
) -> None:
    dossier_id = dossier_in(
        Status.IN_REVIEW, title=HOSTILE, given={FIRST: Answer(text=HOSTILE, considerations=HOSTILE)}
    )
    with writing() as session:
        builders.a_remark(session, world, dossier_id, HOSTILE)
    page = sign_in("Mila").get(f"/dossiers/{dossier_id}/rondes/1").text
    assert "<script>alert" not in page
    assert (
        html.unescape(page).count(HOSTILE) == 6
    )  # title, breadcrumb, heading, answer, considerations, remark


@pytest.mark.parametrize(("version", "shown"), [("1", ["p"]), ("2", ["li", "p", "strong", "ul"])])
def test_read_when_handed_in_before_markdown_shows_the_signs(
    dossier_in: MakeDossier, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch, version: str, shown: list[str]
) -> None:
    monkeypatch.setattr("ethiek.services.submission.SNAPSHOT", f"ethiek-snapshot/{version}")
    dossier_id = dossier_in(Status.IN_REVIEW, given={FIRST: Answer(text="- **opsomming**")})
    page = sign_in("Mila").get(f"/dossiers/{dossier_id}/rondes/1").text
    texts = html5lib.parse(page, namespaceHTMLElements=False).iterfind(".//div[@class='et-prose']")
    (block,) = [one for one in texts if "opsomming" in "".join(one.itertext())]
    assert sorted({str(part.tag) for part in block.iter()} - {"div"}) == shown


def test_read_when_there_is_a_later_round_stays_as_it_was(
    dossier_in: MakeDossier, sign_in: SignIn, writing: Writing, world: World
) -> None:
    dossier_id = dossier_in(Status.IN_REVIEW, given={FIRST: Answer(text="Zoals eerst.")})
    another_round(writing, world, dossier_id, {FIRST: Answer(text="Zoals nu.")})
    mila = sign_in("Mila")
    first, second = (mila.get(f"/dossiers/{dossier_id}/rondes/{number}").text for number in (1, 2))
    assert [text in first for text in ("Zoals eerst.", "Zoals nu.", "Write a remark", "This is an earlier round")] == [
        True, False, False, True]  # fmt: skip
    assert [text in second for text in ("Zoals eerst.", "Zoals nu.", "Write a remark", "Uitgelegd.")] == [
        False, True, True, True]  # fmt: skip


def test_read_when_team_shows_released_remarks_and_nothing_internal(
    dossier_in: MakeDossier, sign_in: SignIn, writing: Writing, world: World
) -> None:
    dossier_id = dossier_in(Status.IN_REVIEW)
    with writing() as session:
        builders.a_remark(session, world, dossier_id, "Geheime gedachte.")
        builders.a_remark(session, world, dossier_id, "Geheim over het geheel.", slot=Slot(""))
        builders.a_remark(session, world, dossier_id, "Vraag aan het team.", released=True)
        casework.request_changes(session, dossier_id, world.stamp(session, "Sem"))
    noor = sign_in("Noor")
    for url in ("rondes/1", "opmerkingen", "advies", "rapport"):
        page = noor.get(f"/dossiers/{dossier_id}/{url}").text
        assert ("Geheim" in page, "internal" in page.lower()) == (False, False)
    assert "Vraag aan het team." in noor.get(f"/dossiers/{dossier_id}/rondes/1").text
    assert "Geheime gedachte." in sign_in("Sem").get(f"/dossiers/{dossier_id}/rondes/1").text


def test_read_when_a_question_is_no_longer_asked_names_it_at_its_remark(
    dossier_in: MakeDossier, sign_in: SignIn, writing: Writing, world: World
) -> None:
    dossier_id = dossier_in(Status.IN_REVIEW, given={Slot("1.1.4"): Answer(choices=("privacy",))})
    with writing() as session:
        builders.a_remark(session, world, dossier_id, "Over privacy.", slot=Slot("2.1.1", "privacy"))
    other = {Slot("1.1.4"): Answer(choices=("equality",)), Slot("2.1.1", "equality"): Answer(text="Gering.")}
    another_round(writing, world, dossier_id, other)
    page = sign_in("Sem").get(f"/dossiers/{dossier_id}/rondes/2").text
    whole = page.split('id="v-geheel"')[1]
    assert "2.1.1 Hoe zwaar is de inbreuk? – Privacy" in whole
    assert whole.count("Over privacy.") == page.count("Over privacy.") == 1


@pytest.mark.parametrize(
    "url", ["rondes/1", "rondes/1/verschillen", "opmerkingen", "advies", "rapport", "oordeel"]
)
@pytest.mark.parametrize("name", ["Daan", "Aisha"])
def test_pages_when_not_assigned_do_not_exist(
    dossier_in: MakeDossier, sign_in: SignIn, url: str, name: str
) -> None:
    dossier_id = dossier_in(Status.IN_REVIEW)
    assert sign_in(name).get(f"/dossiers/{dossier_id}/{url}").status_code == 404


@pytest.mark.parametrize("url", ["rondes/1", "oordeel", "advies"])
def test_pages_when_the_member_left_the_team_do_not_exist(
    dossier_in: MakeDossier, sign_in: SignIn, writing: Writing, world: World, url: str
) -> None:
    dossier_id = dossier_in(Status.DRAFT)
    with writing() as session:
        stamp = world.stamp(session, "Noor")
        dossiers.add_team_member(session, dossier_id, builders.email_of("Robin"), "Jurist", stamp)
        dossiers.remove_team_member(session, dossier_id, world.ids["Robin"], stamp)
        builders.hand_in(session, world, dossier_id)
    assert sign_in("Robin").get(f"/dossiers/{dossier_id}/{url}").status_code == 404
    assert sign_in("Chris").get(f"/dossiers/{dossier_id}/rondes/1").status_code == 200


@pytest.mark.parametrize("number", ["0", "2", "10000", "99999999999999999999"])
def test_read_when_there_is_no_such_round_is_not_found(
    dossier_in: MakeDossier, sign_in: SignIn, number: str
) -> None:
    dossier_id = dossier_in(Status.IN_REVIEW)
    assert sign_in("Mila").get(f"/dossiers/{dossier_id}/rondes/{number}").status_code == 404


def test_changes_when_two_rounds_differ_shows_what_changed_new_and_gone(
    dossier_in: MakeDossier, sign_in: SignIn, writing: Writing, world: World
) -> None:
    dossier_id = dossier_in(Status.IN_REVIEW, given={
        FIRST: Answer(text="Wij meten fraude."), Slot("1.1.4"): Answer(choices=("privacy",)),
        Slot("2.1.1", "privacy"): Answer(text="Zwaar."),
    })  # fmt: skip
    another_round(writing, world, dossier_id, {
        FIRST: Answer(text="Wij meten risico.", considerations="Met de jurist.", dissent="Yara niet."),
        Slot("1.1.4"): Answer(choices=("equality",)), Slot("2.1.1", "equality"): Answer(text="Gering."),
    })  # fmt: skip
    page = sign_in("Mila").get(f"/dossiers/{dossier_id}/rondes/2/verschillen").text
    for piece in ("fraude", "Privacy", "Zwaar."):
        assert f'[removed: </span>{piece}<span class="et-hidden"> end]</span></del>' in page
    for piece in ("risico", "Gelijke behandeling", "Gering.", "Met de jurist.", "Yara niet."):
        assert f'[added: </span>{piece}<span class="et-hidden"> end]</span></ins>' in page
    assert "Answers that stayed the same are not shown: 1." in page
    assert page.count("no longer there") == 1


def test_changes_when_it_is_the_first_round_is_not_found(dossier_in: MakeDossier, sign_in: SignIn) -> None:
    dossier_id = dossier_in(Status.IN_REVIEW)
    assert sign_in("Mila").get(f"/dossiers/{dossier_id}/rondes/1/verschillen").status_code == 404


def test_changes_when_nothing_changed_says_so(
    dossier_in: MakeDossier, sign_in: SignIn, writing: Writing, world: World
) -> None:
    dossier_id = dossier_in(Status.IN_REVIEW)
    another_round(writing, world, dossier_id, {})
    assert (
        "No answer was changed." in sign_in("Noor").get(f"/dossiers/{dossier_id}/rondes/2/verschillen").text
    )


@pytest.mark.parametrize(
    ("name", "url"), [("Mila", "rondes/1"), ("Noor", "rondes/1"), ("Noor", "opmerkingen")]
)
def test_pages_when_there_are_more_remarks_ask_the_database_no_more(
    dossier_in: MakeDossier, sign_in: SignIn, writing: Writing, world: World,
    count_statements: CountStatements, name: str, url: str,
) -> None:  # fmt: skip
    dossier_id = dossier_in(Status.CHANGES_REQUESTED)
    browser = sign_in(name)
    look: Callable[[], object] = lambda: browser.get(f"/dossiers/{dossier_id}/{url}")  # noqa: E731
    look()
    one = count_statements(look)
    with writing() as session:
        for row in remarks.visible(
            session, casework.case_of(session, dossier_id, world.stamp(session, "Sem")).access
        ):
            for number in range(3):
                remarks.reply(
                    session,
                    dossier_id,
                    row.id,
                    f"Reactie {number}",
                    f"t{number}",
                    world.stamp(session, "Noor"),
                )
        builders.hand_in(session, world, dossier_id)
        for number in range(5):
            builders.a_remark(session, world, dossier_id, f"Nieuw {number}", released=True, by="Chris")
    assert count_statements(look) <= one
