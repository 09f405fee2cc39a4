"""Two people press at the same moment: what they asked for happens once."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from sqlalchemy import select

from ethiek.domain.workflow import Status
from ethiek.models.advice import Advice
from ethiek.models.dossiers import Dossier
from ethiek.models.jobs import Job
from ethiek.models.reviews import Remark
from tests import builders
from tests.builders import PASSWORD, World
from tests.pages.conftest import MakeDossier, SignIn, Writing


def together(presses: Sequence[Callable[[], int]]) -> list[int]:
    """Do all of it at once; the sorted statuses."""
    ready = Barrier(len(presses))

    def press(one: Callable[[], int]) -> int:
        ready.wait()
        return one()

    with ThreadPoolExecutor(len(presses)) as pool:
        return sorted(pool.map(press, presses))


def test_adopt_when_two_chairs_press_at_once_lets_one_win(
    dossier_in: MakeDossier, sign_in: SignIn, writing: Writing, world: World
) -> None:
    dossier_id = dossier_in(Status.IN_REVIEW)
    with writing() as session:
        builders.judge(session, world, dossier_id)
        revision = session.get_one(Dossier, dossier_id).revision
    chris, robin = sign_in("Chris"), sign_in("Robin")
    form = {"verdict": "positive", "motivation": "Goed.", "revision": revision}
    url = f"/dossiers/{dossier_id}/advies/vaststellen"
    statuses = together(
        [lambda: chris.post(url, form).status_code, lambda: robin.post(url, form).status_code]
    )
    assert statuses == [303, 409]
    with writing() as session:
        assert len(session.scalars(select(Advice.id)).all()) == 1


def test_approve_when_chair_and_secretary_press_at_once_counts_both(
    dossier_in: MakeDossier, sign_in: SignIn, writing: Writing
) -> None:
    dossier_id = dossier_in(Status.ADVISED)
    with writing() as session:
        sha256 = builders.present_advice(session, dossier_id).sha256
    chris, sem = sign_in("Chris"), sign_in("Sem")
    form = {"sha256": sha256, "password": PASSWORD}
    url = f"/dossiers/{dossier_id}/advies/goedkeuren"
    statuses = together([lambda: chris.post(url, form).status_code, lambda: sem.post(url, form).status_code])
    assert statuses == [303, 303]
    with writing() as session:
        assert session.get_one(Dossier, dossier_id).status is Status.AWAITING_SIGNATURE
        assert len(session.scalars(select(Job.id)).all()) == 1


def test_remark_when_sent_twice_at_once_is_one_remark(
    dossier_in: MakeDossier, sign_in: SignIn, writing: Writing
) -> None:
    dossier_id, mila = dossier_in(Status.IN_REVIEW), sign_in("Mila")
    form = {"at": "1.1.1", "body-1.1.1": "Waarom?", "token": "t"}
    url = f"/dossiers/{dossier_id}/rondes/1/opmerkingen"
    assert together([lambda: mila.post(url, form).status_code] * 2) == [303, 303]
    with writing() as session:
        assert session.scalars(select(Remark.body)).all() == ["Waarom?"]
