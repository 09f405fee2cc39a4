"""The demonstration: every case can be handed in, and the story ends in a report that verifies."""

from __future__ import annotations

import json
import os
import stat
import zipfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import select

from ethiek import db, demo
from ethiek.config import Settings
from ethiek.demo import accounts
from ethiek.demo.attachments import trial_results
from ethiek.demo.cases import HOME, answers_for, read_case
from ethiek.demo.organisation import PEOPLE, Organisation
from ethiek.demo.play import Player
from ethiek.domain.advice import Verdict
from ethiek.domain.completeness import completeness
from ethiek.domain.workflow import Status
from ethiek.headless import headless
from ethiek.models.archive import ArchiveRecord
from ethiek.models.dossiers import Dossier, Snapshot
from ethiek.models.jobs import Job
from ethiek.questionnaires.catalogue import load_catalogue
from ethiek.services import audit, users

CASES = sorted(path.stem for path in (HOME / "cases").glob("*.yaml"))


@pytest.mark.parametrize("key", CASES)
def test_every_case_answers_every_question_and_is_not_stopped(key: str) -> None:
    case = read_case(key)
    questionnaire = load_catalogue().get(case.questionnaire)
    found = completeness(questionnaire, answers_for(case, questionnaire))
    assert (found.missing, found.stopped) == ((), False)


@pytest.mark.parametrize("key", CASES)
def test_every_case_names_functions_and_people_that_exist(key: str) -> None:
    case = read_case(key)
    functions = {role.id for role in load_catalogue().get(case.questionnaire).roles}
    assert set(case.team.values()) <= functions
    assert case.team.keys() <= {person.key for person in PEOPLE}


def test_moments_of_the_story_are_working_days_by_the_clock_on_the_wall() -> None:
    monday = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
    play = Player(Flask("ethiek"), Organisation(UUID(int=0), {}), monday)
    assert play.ago(1, 16, 30) == datetime(2026, 11, 20, 15, 30, tzinfo=UTC)
    assert play.ago(6, 9) == datetime(2026, 11, 13, 8, 0, tzinfo=UTC)
    assert play.ago(0) == monday


def test_passphrases_can_be_used_and_differ() -> None:
    made = {accounts.passphrase() for _ in range(50)}
    assert len(made) == 50
    assert min(map(len, made)) >= 15


@pytest.fixture(scope="module")
def instance(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("instance") / "demo"


@pytest.fixture(scope="module")
def said() -> list[str]:
    return []


@pytest.fixture(scope="module")
def played(instance: Path, said: list[str]) -> demo.Demonstration:
    """The whole story, played once for all tests; something of an earlier one lies in the way."""
    (instance / "archive").mkdir(parents=True)
    (instance / "archive" / "old.pdf").write_text("of an earlier demonstration")
    return demo.run(instance, None, said.append)


@pytest.fixture
def settings(played: demo.Demonstration, instance: Path) -> Settings:
    return Settings.from_env(instance, played.environment)


@pytest.fixture
def app(settings: Settings) -> Iterator[Flask]:
    with headless(settings) as app:
        yield app


def test_story_ends_in_a_report_an_archive_and_a_verification(
    played: demo.Demonstration, instance: Path, said: list[str]
) -> None:
    results = played.results
    assert results.report.read_bytes().startswith(b"%PDF-")
    with zipfile.ZipFile(results.archive) as bundle:
        names = bundle.namelist()
        assert len(names) == 7
        assert len([name for name in names if "-besluit-" in name]) == 1
        attached = f"ETH-{_year()}-0001-bijlagen/01 proef met satellietbeelden 2026.csv"
        assert bundle.read(attached) == trial_results()
    told = json.loads(results.verification_file.read_text())
    assert (told["ok"], told["is_test"], told["reference"]) == (True, True, f"ETH-{_year()}-0001")
    assert results.verification.failures() == ()
    assert results.manifest_holds
    assert str(results.report) in "\n".join(said)
    assert not (instance / "archive" / "old.pdf").exists()


@pytest.mark.usefixtures("app")
def test_story_leaves_a_dossier_in_every_state() -> None:
    with db.reading() as session:
        assert set(session.scalars(select(Dossier.status))) == set(Status)
        verdicts = set(session.scalars(select(ArchiveRecord.verdict)))
        rounds = session.scalar(select(Snapshot.round).order_by(Snapshot.round.desc()))
        job = session.scalars(select(Job).where(Job.last_error != "")).one()
        assert job.last_error == "SigningError: the key of the seal cannot be reached"
    assert verdicts == {Verdict.POSITIVE, Verdict.CONDITIONAL, Verdict.NEGATIVE}
    assert rounds == 2


@pytest.mark.usefixtures("app")
def test_story_leaves_a_whole_audit_trail_in_the_order_of_time() -> None:
    with db.reading() as session:
        assert audit.verify_chain(session).ok


@pytest.mark.usefixtures("app")
def test_accounts_can_sign_in_and_only_their_owner_reads_the_file(instance: Path) -> None:
    file = instance / accounts.FILE
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    kept = accounts.kept(instance)
    assert [account.name for account in kept] == [person.name for person in PEOPLE]
    with db.reading() as session:
        for account in kept[:2]:
            assert users.sign_in(session, account.email, account.password) is not None


def test_accounts_are_shown_in_demo_mode_only(app: Flask) -> None:
    accounts.show_on_login_page(app)
    assert app.extensions["demo_accounts"] == accounts.kept(app.extensions["settings"].instance)
    production = Flask("ethiek")
    production.extensions["settings"] = _Production()
    accounts.show_on_login_page(production)
    assert "demo_accounts" not in production.extensions


def _year() -> int:
    return Player(Flask("ethiek"), Organisation(UUID(int=0), {}), datetime.now(UTC)).ago(38).year


class _Production:
    demo = False


def test_enter_takes_no_setting_of_another_installation_along(
    played: demo.Demonstration, instance: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ETHIEK_DATABASE_URL", "postgresql://production")
    monkeypatch.setenv("ETHIEK_INSTANCE", "elsewhere")
    monkeypatch.setenv("ETHIEK_DEMO", "0")
    monkeypatch.setenv("ETHIEK_ORGANISATION", "")
    demo.enter(played)
    ours = {name: value for name, value in os.environ.items() if name.startswith("ETHIEK_")}
    assert ours == played.environment
    assert ours["ETHIEK_INSTANCE"] == str(instance)
