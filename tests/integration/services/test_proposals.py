"""From draft to version: reasons, four eyes, and what is refused at the last moment."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from uuid import UUID

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from ethiek.domain.drafts import DraftStatus, Reason, Weight
from ethiek.domain.workflow import Status
from ethiek.errors import (
    ConcurrentEditError,
    GuardFailedError,
    InputError,
    PermissionDeniedError,
    TransitionNotAllowedError,
)
from ethiek.models.questionnaires import PublishedQuestionnaire, QuestionnaireOffer
from ethiek.questionnaires import editing
from ethiek.questionnaires.canonical import canonical, sha256
from ethiek.questionnaires.editing import Target
from ethiek.questionnaires.model import Kind
from ethiek.questionnaires.problems import Scope
from ethiek.services import draft_editing, drafts, offers, proposals, questionnaires
from tests import builders
from tests import drafts as made
from tests.builders import AT, World
from tests.integration.services.conftest import By, Events


def guard(action: Callable[[], object]) -> str:
    with pytest.raises(GuardFailedError) as caught:
        action()
    return caught.value.guard


def test_a_change_needs_a_reason_that_is_not_too_light(session: Session, world: World, by: By) -> None:
    draft_id = made.a_draft(session, world)
    made.rewrite(session, world, draft_id, lambda one: replace(one, kind=Kind.SHORT_TEXT))
    assert guard(lambda: proposals.propose(session, draft_id, by("Vera"))) == "reasons_given"
    wrong = {
        "too_light": Reason(Weight.SUBSTANTIVE, "Korter."),
        "required": Reason(Weight.BREAKING, " "),
        "too_long": Reason(Weight.BREAKING, "x" * 2001),
        "not_text": Reason(Weight.BREAKING, "a\0b"),
    }
    for reason, given in wrong.items():
        with pytest.raises(InputError) as caught:
            proposals.classify(session, draft_id, {"1.1.1": given}, by("Vera"))
        assert (caught.value.field, caught.value.reason) == ("1.1.1", reason)

    proposals.classify(session, draft_id, {"1.1.1": Reason(Weight.BREAKING, "Korter.")}, by("Vera"))
    found = drafts.view(session, made.load(session, world, draft_id))
    assert [(line.question_id, line.reason) for line in found.changed] == [
        ("1.1.1", Reason(Weight.BREAKING, "Korter."))
    ]
    assert found.ready


def test_a_reason_can_be_given_again_and_that_of_an_equal_question_is_not_kept(
    session: Session, world: World, by: By, new_events: Events
) -> None:
    draft_id = made.a_draft(session, world)
    made.rewrite(session, world, draft_id)
    new_events()
    for reason in (made.EDITORIAL, made.EDITORIAL, Reason(Weight.SUBSTANTIVE, "Toch meer.")):
        proposals.classify(session, draft_id, {"1.1.1": reason, "1.1.2": made.EDITORIAL}, by("Vera"))
    assert new_events() == [("classify_draft", "done")] * 2
    found = drafts.view(session, made.load(session, world, draft_id))
    assert {line.question_id: line.reason for line in found.lines if line.reason} == {
        "1.1.1": Reason(Weight.SUBSTANTIVE, "Toch meer.")
    }


def test_a_later_change_can_be_too_heavy_for_its_reason(session: Session, world: World, by: By) -> None:
    draft_id = made.a_draft(session, world)
    made.rewrite(session, world, draft_id)
    made.explain(session, world, draft_id)
    made.rewrite(session, world, draft_id, lambda one: replace(one, kind=Kind.SHORT_TEXT))
    assert guard(lambda: proposals.propose(session, draft_id, by("Vera"))) == "reasons_given"


def test_what_is_wrong_or_the_same_is_not_proposed(session: Session, world: World, by: By) -> None:
    draft_id = made.a_draft(session, world)
    assert guard(lambda: proposals.propose(session, draft_id, by("Vera"))) == "something_changed"
    made.rewrite(session, world, draft_id, lambda one: replace(one, text=""))
    assert guard(lambda: proposals.propose(session, draft_id, by("Vera"))) == "no_problems"


def test_the_same_question_under_another_id_is_refused_and_both_are_named(
    session: Session, world: World, by: By
) -> None:
    draft_id = made.a_draft(session, world)
    old = made.question(session, world, draft_id)
    seen = editing.whole_fingerprint(drafts.content_of(made.load(session, world, draft_id)), made.FIRST)
    draft_editing.remove(session, draft_id, made.FIRST, seen, by("Vera"))
    new = replace(old, id="1.1.9")
    draft_editing.add(session, draft_id, Target(Scope.SECTION, "1.1"), new, by("Vera"))
    made.explain(session, world, draft_id)

    assert guard(lambda: proposals.propose(session, draft_id, by("Vera"))) == "nothing_renamed"
    found = drafts.view(session, made.load(session, world, draft_id))
    assert [(one.old, one.new) for one in found.renamed] == [(old, new)]


def test_a_second_person_publishes_and_it_is_offered_from_the_date(
    session: Session, world: World, by: By, new_events: Events
) -> None:
    draft_id = made.a_proposal(session, world)
    content = drafts.content_of(made.load(session, world, draft_id))
    new_events()
    key = made.publish(session, world, draft_id, on=made.LATER)

    published = session.get_one(PublishedQuestionnaire, key)
    assert (published.content, published.sha256, published.published_at) == (
        canonical(content).decode(),
        sha256(content),
        AT,
    )
    assert session.get_one(QuestionnaireOffer, key).offered_from == made.LATER
    draft = made.load(session, world, draft_id)
    assert (draft.status, draft.approved_by_id, draft.offered_from) == (
        DraftStatus.PUBLISHED,
        world.ids["Wout"],
        made.LATER,
    )
    assert new_events() == [("publish_questionnaire", "done"), ("approve_draft", "done")]
    before = {offer.questionnaire.key for offer in offers.offered(session, AT.date())}
    after = {offer.questionnaire.key for offer in offers.offered(session, made.LATER)}
    assert after - before == {key}
    assert guard(lambda: made.publish(session, world, draft_id)) == "proposed"
    with pytest.raises(TransitionNotAllowedError):
        drafts.discard(session, draft_id, by("Vera"))


@pytest.mark.parametrize(
    ("editors", "proposer", "approver", "allowed"),
    [
        (("Vera",), "Vera", "Wout", True),
        (("Vera",), "Vera", "Vera", False),
        (("Vera",), "Wout", "Vera", False),  # she would approve what only she wrote
        (("Vera", "Wout"), "Wout", "Vera", True),
        (("Vera", "Wout"), "Wout", "Wout", False),
    ],
)
def test_who_publishes_is_a_second_person(
    session: Session,
    world: World,
    by: By,
    editors: tuple[str, ...],
    proposer: str,
    approver: str,
    allowed: bool,
) -> None:
    draft_id = made.a_draft(session, world)
    for name in editors:
        seen = editing.fingerprint(drafts.content_of(made.load(session, world, draft_id)), made.FIRST)
        new = replace(made.question(session, world, draft_id), text=f"Van {name}")
        draft_editing.change(session, draft_id, made.FIRST, new, seen, by(name))
    made.explain(session, world, draft_id)
    proposals.propose(session, draft_id, by(proposer))
    if allowed:
        assert made.publish(session, world, draft_id, by=approver)
    else:
        assert guard(lambda: made.publish(session, world, draft_id, by=approver)) == "second_person"


def test_only_who_wrote_since_the_last_proposal_counts(session: Session, world: World, by: By) -> None:
    draft_id = made.a_draft(session, world, by="Wout")
    made.rewrite(session, world, draft_id, by="Wout")
    made.explain(session, world, draft_id)
    proposals.propose(session, draft_id, by("Wout"))
    proposals.send_back(session, draft_id, by("Vera"))
    assert proposals.editors(session, made.load(session, world, draft_id)) == {world.ids["Wout"]}
    made.rewrite(session, world, draft_id, lambda one: replace(one, text="Van Vera"), by="Vera")
    proposals.propose(session, draft_id, by("Wout"))

    assert proposals.editors(session, made.load(session, world, draft_id)) == {world.ids["Vera"]}
    assert guard(lambda: made.publish(session, world, draft_id, by="Vera")) == "second_person"


def test_a_past_date_an_old_page_and_another_role_are_refused(session: Session, world: World, by: By) -> None:
    draft_id = made.a_proposal(session, world)
    with pytest.raises(InputError) as caught:
        made.publish(session, world, draft_id, on=AT.date() - timedelta(days=1))
    assert (caught.value.field, caught.value.reason) == ("offered_from", "past")
    with pytest.raises(ConcurrentEditError):
        proposals.approve(session, draft_id, made.LATER, by("Wout", seen=1))
    with pytest.raises(PermissionDeniedError):
        made.publish(session, world, draft_id, by="Noor")


def test_a_version_that_was_published_meanwhile_is_refused(session: Session, world: World) -> None:
    draft_id = made.a_proposal(session, world)
    other = replace(world.questionnaire, version="2.0", title="Iets anders")
    questionnaires.publish(session, [other], AT)
    with pytest.raises(InputError) as caught, session.begin_nested():
        made.publish(session, world, draft_id)
    assert (caught.value.field, caught.value.reason) == ("version", "published")


def test_a_proposal_that_went_wrong_meanwhile_is_not_published(session: Session, world: World) -> None:
    """The content of a proposed draft cannot change by our services; the last check does not trust that."""
    draft_id = made.a_proposal(session, world)
    content = drafts.content_of(made.load(session, world, draft_id))
    made.load(session, world, draft_id).content = canonical(replace(content, title=" ")).decode()
    session.flush()
    assert guard(lambda: made.publish(session, world, draft_id)) == "no_problems"


def test_a_draft_without_a_base_needs_no_reasons(session: Session, world: World, by: By) -> None:
    new = replace(world.questionnaire, id="nieuw", version="1.0")
    draft_id = drafts.create(session, new, by("Vera")).id
    proposals.propose(session, draft_id, by("Vera"))
    assert made.publish(session, world, draft_id) == "nieuw/1.0"


def test_a_discarded_draft_leaves_its_version_free(session: Session, world: World, by: By) -> None:
    draft_id = made.a_proposal(session, world)
    drafts.discard(session, draft_id, by("Vera"))
    assert made.load(session, world, draft_id).status is DraftStatus.DISCARDED
    again = made.a_draft(session, world)
    assert [draft.id for draft in drafts.unfinished(session, by("Vera"))] == [again]


def _set(session: Session, draft_id: UUID, values: str) -> None:
    """Change a row behind the back of the services."""
    session.flush()
    session.execute(
        text(f"UPDATE questionnaire_draft SET {values} WHERE id = :id"),
        {"id": draft_id.hex if session.get_bind().dialect.name == "sqlite" else draft_id},
    )


@pytest.mark.parametrize(
    ("values", "constraint"),
    [
        ("status = 'published'", "approved_by_somebody"),
        ("status = 'writing'", "proposed_by_somebody"),
        ("proposed_by_id = NULL", "proposed_by_somebody"),
        (
            "status = 'published', approved_by_id = proposed_by_id, approved_at = proposed_at",
            "approved_by_another",
        ),
        ("status = 'ready', proposed_by_id = NULL, proposed_at = NULL", "draftstatus"),
    ],
)
def test_the_database_refuses_what_the_rules_do(
    session: Session, world: World, values: str, constraint: str
) -> None:
    draft_id = made.a_proposal(session, world)
    with pytest.raises(IntegrityError) as caught, session.begin_nested():
        _set(session, draft_id, values)
    assert f"ck_questionnaire_draft_{constraint}" in str(caught.value.orig)


def test_the_database_keeps_every_draft_and_one_open_draft_per_version(
    session: Session, world: World
) -> None:
    draft_id = made.a_draft(session, world)
    other_id = made.a_draft(session, world, version="3.0")
    with pytest.raises(IntegrityError), session.begin_nested():
        _set(session, other_id, f"key = '{made.load(session, world, draft_id).key}'")
    with pytest.raises(IntegrityError) as caught, session.begin_nested():
        session.execute(text("DELETE FROM questionnaire_draft"))
    assert ": never removed" in str(caught.value.orig)


def test_versions_name_what_is_open_on_them_first(session: Session, world: World) -> None:
    made.publish(session, world, made.a_proposal(session, world))
    for title in ("Een", "Twee"):
        builders.a_dossier(session, world, title=title)
    builders.a_dossier(session, world, Status.WITHDRAWN)
    found = offers.versions(session)
    assert [(one.key, one.open_dossiers, one.state(AT.date())) for one in found] == [
        (world.questionnaire.key, 2, "offered"),
        (f"{world.questionnaire.id}/2.0", 0, "offered"),
    ]


def test_a_withdrawn_version_is_not_chosen_any_more_and_that_can_be_undone(
    session: Session, world: World, by: By, new_events: Events
) -> None:
    key = world.questionnaire.key
    dossier_id = builders.a_dossier(session, world)
    new_events()
    for reason, code in ((" ", "required"), ("x" * 2001, "too_long"), ("a\0", "not_text")):
        with pytest.raises(InputError) as caught:
            offers.withdraw(session, key, reason, by("Vera"))
        assert (caught.value.field, caught.value.reason) == ("reason", code)
    offers.withdraw(session, key, "Er is een betere.", by("Vera"))

    found = offers.version(session, key)
    assert (found.state(AT.date()), found.reason) == ("withdrawn", "Er is een betere.")
    assert offers.offered(session, AT.date()) == []
    with pytest.raises(InputError) as caught:
        builders.a_dossier(session, world, title="Nog een")
    assert (caught.value.field, caught.value.reason) == ("questionnaire_key", "unknown")
    assert guard(lambda: offers.withdraw(session, key, "Weer.", by("Vera"))) == "offered"
    builders.advance(session, world, dossier_id, Status.SUBMITTED)

    offers.offer_again(session, key, by("Wout"))
    assert [one.questionnaire.key for one in offers.offered(session, AT.date())] == [key]
    assert guard(lambda: offers.offer_again(session, key, by("Wout"))) == "withdrawn"
    assert [action for action, _ in new_events()] == [
        "withdraw_questionnaire",
        "submit",
        "offer_questionnaire",
    ]
    with pytest.raises(ConcurrentEditError):
        offers.withdraw(session, key, "Oud.", by("Vera", seen=1))


def test_the_newest_edition_in_each_language_is_offered_first(session: Session, world: World) -> None:
    one = world.questionnaire
    english = replace(one, version="1.0-en", language="en", title="A title")
    old = replace(one, version="0.9")
    questionnaires.publish(session, [english, old], AT - timedelta(days=30))
    offered = offers.offered(session, AT.date())
    assert [(offer.questionnaire.key, offer.newest) for offer in offered] == [
        (english.key, True),
        (one.key, True),
        (old.key, False),
    ]
    assert not offers.is_offered(session, one.key, date(2020, 1, 1))
