from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from threading import Barrier
from uuid import UUID

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from ethiek import db
from ethiek.domain.answers import Answer, Outcome, Slot
from ethiek.domain.workflow import EDITABLE, Status
from ethiek.errors import NotFoundError
from ethiek.models.audit import AuditEvent
from ethiek.models.dossiers import AnswerRevision
from ethiek.services import answers, audit
from ethiek.services.answers import NOTHING, Present, Saved, Sent
from tests import builders
from tests.builders import World
from tests.conftest import AT, Database
from tests.integration.services.conftest import By, Events

WHY = Slot("1.1.1")
OURS, THEIRS = Answer(text="Van Noor."), Answer(text="Van Tess.")


@pytest.fixture
def dossier_id(session: Session, world: World) -> UUID:
    """Noor's and Tess's, with an answer to 1.1.1 by Noor at revision 1."""
    made = builders.a_dossier(session, world, given={WHY: Answer(text="Eerst.")})
    builders.add_colleague(session, world, made)
    return made


def save(session: Session, dossier_id: UUID, stamp: By, who: str, *sent: Sent) -> tuple[Saved, ...]:
    return answers.save(session, dossier_id, sent, stamp(who))[1]


def kept(session: Session, dossier_id: UUID, slot: Slot = WHY) -> list[tuple[str, Outcome, int, int | None]]:
    """Text, outcome, base and revision of everything ever sent, the first first."""
    rows = session.scalars(
        select(AnswerRevision)
        .where(AnswerRevision.dossier_id == dossier_id, AnswerRevision.question_id == slot.question)
        .where(AnswerRevision.item == slot.item)
        .order_by(AnswerRevision.id)
    )
    return [(answers.decode(row.content).text, row.outcome, row.based_on, row.revision) for row in rows]


def present(session: Session, dossier_id: UUID, slot: Slot = WHY) -> tuple[str, int, str]:
    found = answers.present_answers(session, dossier_id)[slot]
    return found.answer.text, found.revision, found.by


FIRST = ("Eerst.", Outcome.SAVED, 0, 1)


def test_save_on_the_present_revision_is_the_next_one_and_one_event(
    session: Session, dossier_id: UUID, by: By, new_events: Events
) -> None:
    new_events()
    saved = save(session, dossier_id, by, "Tess", Sent(WHY, THEIRS, 1, "t1"))
    now = Present(THEIRS, 2, "Tess", AT)
    assert saved == (Saved(WHY, Outcome.SAVED, THEIRS, now, changed=True),)
    assert present(session, dossier_id) == ("Van Tess.", 2, "Tess")
    assert kept(session, dossier_id) == [FIRST, ("Van Tess.", Outcome.SAVED, 1, 2)]
    assert new_events() == [("save_answer", "done")]


def test_save_when_overtaken_keeps_both_texts_and_says_who_and_when(
    session: Session, dossier_id: UUID, by: By, new_events: Events
) -> None:
    new_events()
    save(session, dossier_id, by, "Tess", Sent(WHY, THEIRS, 1, "t1"))
    saved = save(session, dossier_id, by, "Noor", Sent(WHY, OURS, 1, "n1"))
    assert saved == (Saved(WHY, Outcome.CONFLICT, OURS, Present(THEIRS, 2, "Tess", AT)),)
    assert present(session, dossier_id) == ("Van Tess.", 2, "Tess")
    assert kept(session, dossier_id) == [
        FIRST,
        ("Van Tess.", Outcome.SAVED, 1, 2),
        ("Van Noor.", Outcome.CONFLICT, 1, None),
    ]
    assert new_events() == [("save_answer", "done"), ("save_answer", "refused")]


def test_save_when_sent_again_gives_the_revision_it_already_got(
    session: Session, dossier_id: UUID, by: By, new_events: Events
) -> None:
    sent = Sent(WHY, OURS, 1, "n1")
    first = save(session, dossier_id, by, "Noor", sent)
    new_events()
    again = save(session, dossier_id, by, "Noor", sent)
    assert again == (replace(first[0], changed=False),)
    assert (len(kept(session, dossier_id)), new_events()) == (2, [])


def test_save_when_sent_again_after_somebody_elses_still_gives_its_own_revision(
    session: Session, dossier_id: UUID, by: By, new_events: Events
) -> None:
    sent = Sent(WHY, OURS, 1, "n1")
    save(session, dossier_id, by, "Noor", sent)
    save(session, dossier_id, by, "Tess", Sent(WHY, THEIRS, 2, "t1"))
    new_events()
    (again,) = save(session, dossier_id, by, "Noor", sent)
    assert (again.outcome, again.present) == (Outcome.SAVED, Present(OURS, 2, "Noor", AT))
    assert (present(session, dossier_id), new_events()) == (("Van Tess.", 3, "Tess"), [])


def test_conflict_when_sent_again_is_one_conflict(
    session: Session, dossier_id: UUID, by: By, new_events: Events
) -> None:
    save(session, dossier_id, by, "Tess", Sent(WHY, THEIRS, 1, "t1"))
    sent = Sent(WHY, OURS, 1, "n1")
    first = save(session, dossier_id, by, "Noor", sent)
    new_events()
    assert save(session, dossier_id, by, "Noor", sent) == first
    assert (len(kept(session, dossier_id)), new_events()) == (3, [])


def test_save_with_a_used_token_and_another_text_is_kept_as_a_conflict(
    session: Session, dossier_id: UUID, by: By
) -> None:
    save(session, dossier_id, by, "Noor", Sent(WHY, OURS, 1, "n1"))
    (saved,) = save(session, dossier_id, by, "Noor", Sent(WHY, Answer(text="Later."), 1, "n1"))
    assert (saved.outcome, present(session, dossier_id)) == (Outcome.CONFLICT, ("Van Noor.", 2, "Noor"))
    assert kept(session, dossier_id)[-1] == ("Later.", Outcome.CONFLICT, 1, None)


def test_two_answers_with_one_token_in_one_save_are_both_saved(
    session: Session, dossier_id: UUID, by: By
) -> None:
    weight = Slot("2.1.1", "privacy")
    sent = (Sent(WHY, OURS, 1, "same"), Sent(weight, Answer(text="Klein."), 1, "same"))
    save(session, dossier_id, by, "Noor", *sent)
    assert present(session, dossier_id, WHY) == ("Van Noor.", 2, "Noor")
    assert present(session, dossier_id, weight) == ("Klein.", 2, "Noor")
    again = save(session, dossier_id, by, "Noor", *sent)
    assert [(one.outcome, one.changed) for one in again] == [(Outcome.SAVED, False)] * 2
    assert (len(kept(session, dossier_id, WHY)), len(kept(session, dossier_id, weight))) == (2, 2)


def test_late_text_with_a_used_token_is_kept_too(
    session: Session, world: World, dossier_id: UUID, by: By
) -> None:
    save(session, dossier_id, by, "Noor", Sent(WHY, OURS, 1, "n1"))
    builders.advance(session, world, dossier_id, Status.SUBMITTED)
    (saved,) = save(session, dossier_id, by, "Noor", Sent(WHY, Answer(text="Later."), 1, "n1"))
    assert saved.outcome is Outcome.TOO_LATE
    assert kept(session, dossier_id)[-1] == ("Later.", Outcome.TOO_LATE, 1, None)


def test_tokens_of_two_people_never_meet(session: Session, dossier_id: UUID, by: By) -> None:
    save(session, dossier_id, by, "Tess", Sent(WHY, THEIRS, 1, "same"))
    (saved,) = save(session, dossier_id, by, "Noor", Sent(WHY, OURS, 2, "same"))
    assert (saved.outcome, present(session, dossier_id)) == (Outcome.SAVED, ("Van Noor.", 3, "Noor"))


def test_stale_text_that_its_sender_did_not_touch_is_no_conflict(
    session: Session, dossier_id: UUID, by: By, new_events: Events
) -> None:
    save(session, dossier_id, by, "Tess", Sent(WHY, THEIRS, 1, "t1"))
    new_events()
    (saved,) = save(session, dossier_id, by, "Noor", Sent(WHY, Answer(text="Eerst."), 1, "n1"))
    assert saved == Saved(WHY, Outcome.SAVED, Answer(text="Eerst."), Present(THEIRS, 2, "Tess", AT))
    assert (present(session, dossier_id), new_events()) == (("Van Tess.", 2, "Tess"), [])


def test_stale_empty_page_that_its_sender_did_not_touch_is_no_conflict(
    session: Session, dossier_id: UUID, by: By
) -> None:
    (saved,) = save(session, dossier_id, by, "Tess", Sent(WHY, Answer(), 0, "t1"))
    assert (saved.outcome, present(session, dossier_id)) == (Outcome.SAVED, ("Eerst.", 1, "Noor"))


def test_stale_text_equal_to_what_is_there_is_no_conflict(
    session: Session, dossier_id: UUID, by: By, new_events: Events
) -> None:
    save(session, dossier_id, by, "Tess", Sent(WHY, THEIRS, 1, "t1"))
    new_events()
    (saved,) = save(session, dossier_id, by, "Noor", Sent(WHY, THEIRS, 1, "n1"))
    assert (saved.outcome, saved.changed, new_events()) == (Outcome.SAVED, False, [])


def test_base_from_the_future_is_a_conflict_and_keeps_the_text(
    session: Session, dossier_id: UUID, by: By
) -> None:
    (saved,) = save(session, dossier_id, by, "Noor", Sent(WHY, OURS, 7, "n1"))
    assert saved.outcome is Outcome.CONFLICT
    assert kept(session, dossier_id)[-1] == ("Van Noor.", Outcome.CONFLICT, 7, None)


def test_answer_when_emptied_is_a_revision_and_the_old_text_stays(
    session: Session, dossier_id: UUID, by: By
) -> None:
    save(session, dossier_id, by, "Noor", Sent(WHY, Answer(), 1, "n1"))
    assert present(session, dossier_id) == ("", 2, "Noor")
    assert kept(session, dossier_id) == [FIRST, ("", Outcome.SAVED, 1, 2)]


def test_empty_answer_where_there_is_none_is_no_revision(
    session: Session, dossier_id: UUID, by: By, new_events: Events
) -> None:
    new_events()
    slot = Slot("1.1.3")
    saved = save(session, dossier_id, by, "Noor", Sent(slot, Answer(), 0, "n1"))
    assert saved == (Saved(slot, Outcome.SAVED, Answer(), NOTHING),)
    assert (kept(session, dossier_id, slot), new_events()) == ([], [])


def test_revisions_of_a_slot_have_no_gap(session: Session, dossier_id: UUID, by: By) -> None:
    for revision in range(1, 6):
        who = "Noor" if revision % 2 else "Tess"
        save(session, dossier_id, by, who, Sent(WHY, Answer(text=f"{revision}"), revision, f"t{revision}"))
        save(session, dossier_id, by, "Noor", Sent(WHY, Answer(text=f"oud {revision}"), 0, f"o{revision}"))
    numbers = [row[3] for row in kept(session, dossier_id) if row[1] is Outcome.SAVED]
    assert numbers == [1, 2, 3, 4, 5, 6]


@pytest.mark.parametrize("status", [status for status in Status if status not in EDITABLE])
def test_save_when_not_with_the_team_is_kept_as_too_late_and_changes_nothing(
    session: Session, world: World, by: By, new_events: Events, status: Status
) -> None:
    dossier_id = builders.a_dossier(session, world, status, given={WHY: Answer(text="Eerst.")})
    new_events()
    (saved,) = save(session, dossier_id, by, "Noor", Sent(WHY, OURS, 1, "n1"))
    assert (saved.outcome, saved.present.answer) == (Outcome.TOO_LATE, Answer(text="Eerst."))
    assert present(session, dossier_id) == ("Eerst.", 1, "Noor")
    assert kept(session, dossier_id) == [FIRST, ("Van Noor.", Outcome.TOO_LATE, 1, None)]
    assert new_events() == [("save_answer", "refused")]


def test_same_text_after_the_hand_in_is_not_too_late(session: Session, world: World, by: By) -> None:
    dossier_id = builders.a_dossier(session, world, Status.SUBMITTED, given={WHY: Answer(text="Eerst.")})
    (saved,) = save(session, dossier_id, by, "Noor", Sent(WHY, Answer(text="Eerst."), 1, "n1"))
    assert saved.outcome is Outcome.SAVED


@pytest.mark.parametrize("who", ["Sem", "Mila", "Chris", "Robin", "Aisha", "Ada", "Omar"])
def test_save_by_an_outsider_is_not_found_and_keeps_nothing(
    session: Session, dossier_id: UUID, by: By, who: str
) -> None:
    with pytest.raises(NotFoundError):
        save(session, dossier_id, by, who, Sent(WHY, THEIRS, 1, "t1"))
    assert kept(session, dossier_id) == [FIRST]


def test_history_gives_everything_ever_sent_the_newest_first(
    session: Session, dossier_id: UUID, by: By
) -> None:
    save(session, dossier_id, by, "Tess", Sent(WHY, THEIRS, 1, "t1"))
    save(session, dossier_id, by, "Noor", Sent(WHY, OURS, 1, "n1"))
    found = [
        (answers.decode(row.content).text, row.author.name, row.outcome)
        for row in answers.history(session, dossier_id, WHY)
    ]
    assert found == [
        ("Van Noor.", "Noor", Outcome.CONFLICT),
        ("Van Tess.", "Tess", Outcome.SAVED),
        ("Eerst.", "Noor", Outcome.SAVED),
    ]


def test_event_of_a_save_names_slot_revision_and_hash_and_never_the_text(
    session: Session, dossier_id: UUID, by: By
) -> None:
    save(session, dossier_id, by, "Noor", Sent(WHY, Answer(text="geheimwoord"), 1, "n1"))
    body = session.scalars(select(AuditEvent.body).order_by(AuditEvent.seq.desc()).limit(1)).one()
    assert '"slot":"1.1.1"' in body
    assert '"revision":2' in body
    assert "geheimwoord" not in body


def test_saves_at_once_from_one_revision_are_one_save_and_conflicts(database: Database) -> None:
    """A5 with six at a time: one wins, nobody's text is lost, versions have no gap, the chain holds."""
    with Session(database.engine) as session, db.writing(session, database.engine):
        world = builders.a_world(session)
        dossier_id = builders.a_dossier(session, world, given={WHY: Answer(text="Eerst.")})
    together = Barrier(6)

    def one(number: int) -> Outcome:
        sent = Sent(WHY, Answer(text=f"Tekst {number}"), 1, f"token-{number}")
        together.wait()
        with Session(database.engine) as session, db.writing(session, database.engine):
            return answers.save(session, dossier_id, [sent], world.stamp(session, "Noor"))[1][0].outcome

    with ThreadPoolExecutor(6) as pool:
        outcomes = sorted(pool.map(one, range(6)))
    assert outcomes == [Outcome.CONFLICT] * 5 + [Outcome.SAVED]
    with Session(database.engine) as session:
        rows = kept(session, dossier_id)
        assert sorted(text for text, *_ in rows) == ["Eerst.", *(f"Tekst {n}" for n in range(6))]
        assert sorted(revision for *_, revision in rows if revision) == [1, 2]
        assert audit.verify_chain(session).ok


def test_same_save_twice_at_once_is_one_save(database: Database) -> None:
    """A7 when the retry overtakes the first try."""
    with Session(database.engine) as session, db.writing(session, database.engine):
        world = builders.a_world(session)
        dossier_id = builders.a_dossier(session, world, given={WHY: Answer(text="Eerst.")})
    together = Barrier(2)

    def one(_number: int) -> tuple[Outcome, int]:
        together.wait()
        with Session(database.engine) as session, db.writing(session, database.engine):
            sent = [Sent(WHY, OURS, 1, "n1")]
            (saved,) = answers.save(session, dossier_id, sent, world.stamp(session, "Noor"))[1]
            return saved.outcome, saved.present.revision

    with ThreadPoolExecutor(2) as pool:
        assert list(pool.map(one, range(2))) == [(Outcome.SAVED, 2)] * 2
    with Session(database.engine) as session:
        assert kept(session, dossier_id) == [FIRST, ("Van Noor.", Outcome.SAVED, 1, 2)]
