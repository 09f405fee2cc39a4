"""The ``ethiek`` command: what it does, what it prints, and how it ends."""

from __future__ import annotations

import json
import socket
from collections.abc import Callable
from pathlib import Path

import click
import pytest
from click.testing import CliRunner, Result
from sqlalchemy import text
from sqlalchemy.orm import Session

from ethiek import db
from ethiek.cli import cli
from ethiek.cli.sentences import bug
from ethiek.domain.workflow import Status
from ethiek.questionnaires.catalogue import HOME
from ethiek.reports.archive import Archive
from tests import builders
from tests.conftest import Database

PASSWORD = "vier rustige paarden in de wei"

Run = Callable[..., Result]


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    return {
        "ETHIEK_INSTANCE": str(tmp_path),
        "ETHIEK_TRUSTED_HOSTS": "localhost",
        "ETHIEK_SECRET_KEY": "0123456789abcdef0123456789abcdef",
    }


@pytest.fixture
def run(environment: dict[str, str]) -> Run:
    """Run a command as an installation without a database yet."""

    def run_(*arguments: str, stdin: str | None = None) -> Result:
        result = CliRunner().invoke(cli, arguments, input=stdin, env=environment)
        assert "Traceback" not in result.output
        return result

    return run_


@pytest.fixture
def installed(run: Run, environment: dict[str, str], database: Database) -> Run:
    """The same with a database that has its tables."""
    environment["ETHIEK_DATABASE_URL"] = database.url
    return run


def all_commands(group: click.Group, names: tuple[str, ...] = ()) -> list[tuple[str, ...]]:
    found = [names] if names else []
    for name, command in group.commands.items():
        if isinstance(command, click.Group):
            found += all_commands(command, (*names, name))
        else:
            found.append((*names, name))
    return found


@pytest.mark.parametrize("names", all_commands(cli), ids=" ".join)
def test_every_command_has_help(run: Run, names: tuple[str, ...]) -> None:
    result = run(*names, "--help")
    assert result.exit_code == 0
    assert len(result.output.splitlines()) > 4


def test_without_settings_a_sentence_names_the_one_that_is_missing(
    run: Run, environment: dict[str, str]
) -> None:
    environment["ETHIEK_TRUSTED_HOSTS"] = ""
    result = run("users", "list")
    assert (result.exit_code, result.stderr) == (
        2,
        "Error: ETHIEK_TRUSTED_HOSTS names no host under which the application may be reached.\n",
    )


def test_before_the_upgrade_a_sentence_says_what_to_run(run: Run) -> None:
    result = run("users", "list")
    assert (result.exit_code, result.stderr) == (
        2,
        "Error: The database has no tables yet: run 'ethiek db upgrade' first.\n",
    )


def test_db_upgrade_makes_the_tables_and_can_be_repeated(run: Run) -> None:
    first, second = run("db", "upgrade", "--json"), run("db", "upgrade")
    assert (first.exit_code, second.exit_code) == (0, 0)
    assert json.loads(first.stdout)["before"] is None
    assert json.loads(run("users", "list", "--json").stdout) == []


def test_users_are_made_changed_and_listed(installed: Run) -> None:
    assert installed("committees", "create", "Ethische commissie", "--quorum", "3").exit_code == 0
    made = installed(
        "users", "create", "Chris@Voorbeeld.example", "Chris", "--role", "chair", "--role", "member",
        stdin=f"{PASSWORD}\n",
    )  # fmt: skip
    assert (made.exit_code, made.stderr) == (0, "")
    assert installed("users", "disable", "chris@voorbeeld.example").exit_code == 0
    row = {
        "email": "chris@voorbeeld.example",
        "name": "Chris",
        "active": False,
        "roles": ["chair@Ethische commissie", "member@Ethische commissie"],
    }
    assert json.loads(installed("users", "list", "--json").stdout) == [row]
    assert installed("users", "enable", "chris@voorbeeld.example").exit_code == 0
    assert installed("users", "set-roles", "chris@voorbeeld.example", "--role", "submitter").exit_code == 0
    changed = installed(
        "users", "set-password", "chris@voorbeeld.example", stdin="een heel ander wachtwoord\n"
    )
    assert changed.exit_code == 0
    assert installed("users", "list").stdout == "chris@voorbeeld.example  Chris  submitter\n"
    assert PASSWORD not in made.output


@pytest.mark.parametrize(
    ("arguments", "stdin", "sentence"),
    [
        (("users", "create", "a@b.example", "A"), "kort\n", "password must have at least 15 characters."),
        (("users", "create", "a@b.example", "A"), "", "No password came in on standard input."),
        (("users", "create", "zomaar", "A"), PASSWORD, "email is not valid."),
        (("users", "disable", "a@b.example"), None, "a@b.example does not exist."),
        (
            ("users", "create", "a@b.example", "A", "--role", "koning"),
            PASSWORD,
            (
                "koning is no role; choose from administrator, auditor, chair, content_owner, member, "
                "official, secretary, submitter."
            ),
        ),
        (
            ("users", "create", "a@b.example", "A", "--role", "chair"),
            PASSWORD,
            "chair: name the committee. Committees: none yet; make one with 'ethiek committees create'.",
        ),
        (
            ("users", "create", "a@b.example", "A", "--role", "auditor@X"),
            PASSWORD,
            "auditor is no role in a committee.",
        ),
        (
            ("users", "create", "a@b.example", "A", "--role", "auditor", "--role", "submitter"),
            PASSWORD,
            "roles exclude each other: an auditor or administrator has no other role.",
        ),
        (("committees", "create", "X", "--quorum", "0"), None, "quorum must be 1 or more."),
        (("questionnaires", "show", "iama/9"), None, "iama/9 does not exist."),
    ],
)
def test_what_cannot_be_done_is_one_sentence_and_exit_code_2(
    installed: Run, arguments: tuple[str, ...], stdin: str | None, sentence: str
) -> None:
    result = installed(*arguments, stdin=stdin)
    assert (result.exit_code, result.stderr) == (2, f"Error: {sentence}\n")


def test_last_administrator_cannot_be_disabled(installed: Run) -> None:
    installed("users", "create", "o@b.example", "Olivia", "--role", "administrator", stdin=PASSWORD)
    result = installed("users", "disable", "o@b.example")
    assert result.exit_code == 2
    assert "last active administrator" in result.stderr


def test_units_are_made_and_listed(installed: Run) -> None:
    assert installed("units", "create", "Mobiliteit", "Natuur").exit_code == 0
    assert json.loads(installed("units", "list", "--json").stdout) == ["Mobiliteit", "Natuur"]


def test_questionnaires_are_published_once(installed: Run) -> None:
    first, second = installed("questionnaires", "publish", "--json"), installed("questionnaires", "publish")
    keys = [row["key"] for row in json.loads(installed("questionnaires", "list", "--json").stdout)]
    assert sorted(json.loads(first.stdout)["published"]) == sorted(keys)
    assert second.stdout == "Nothing new to publish.\n"


def test_questionnaires_validate_names_file_and_place_of_what_is_wrong(run: Run, tmp_path: Path) -> None:
    good, bad = HOME / "iama" / "2.0.yaml", tmp_path / "bad.yaml"
    bad.write_text('id: "iama"\nversion: 2.0\n')
    assert run("questionnaires", "validate", str(good)).exit_code == 0
    result = run("questionnaires", "validate", str(good), str(bad))
    assert result.exit_code == 1
    assert f"{good}: iama/2.0 is valid" in result.stdout
    assert str(bad) in result.stderr


def test_questionnaires_validate_reads_each_kind_of_file_by_its_folder(run: Run, tmp_path: Path) -> None:
    files = [str(path) for path in sorted(HOME.glob("*/*.yaml"))]
    assert [path.parent.name for path in sorted(HOME.glob("*/*.yaml"))].count("iama") == 2
    result = run("questionnaires", "validate", *files)
    assert (result.exit_code, result.stdout.count(" is valid")) == (0, len(files))
    for line in (
        "answer_ids/iama-2.0.yaml: answer ids of iama/2.0 is valid",
        "iama-1.0--iama-2.0.yaml: correspondence of iama/1.0 with iama/2.0 is valid",
        "words/codio.yaml: list of words codio is valid",
    ):
        assert line in result.stdout
    for folder in ("answer_ids", "correspondences", "words"):
        (tmp_path / folder).mkdir()
        bad = tmp_path / folder / "bad.yaml"
        bad.write_text('id: "codio"\n')
        rows = json.loads(run("questionnaires", "validate", "--json", str(bad)).stdout)
        assert [(row["ok"], str(bad) in row["where"]) for row in rows] == [(False, True)]


def test_questionnaires_show_prints_outline_or_canonical_content(run: Run) -> None:
    assert "1.3.1" in run("questionnaires", "show", "iama/2.0").stdout
    assert json.loads(run("questionnaires", "show", "iama/2.0", "--json").stdout)["id"] == "iama"


def test_verify_needs_no_settings_and_tells_an_unreadable_file(
    run: Run, environment: dict[str, str], tmp_path: Path
) -> None:
    environment["ETHIEK_TRUSTED_HOSTS"] = ""
    file = tmp_path / "report.pdf"
    file.write_bytes(b"no pdf")
    assert run("verify", str(file)).exit_code == 2
    assert json.loads(run("verify", "--json", str(file)).stdout)[0]["ok"] is False
    assert run("verify", str(tmp_path / "absent.pdf")).exit_code == 2
    assert run("verify").exit_code == 2


def test_audit_verify_names_the_first_row_that_was_changed(installed: Run, database: Database) -> None:
    installed("units", "create", "Mobiliteit", "Natuur", "Economie")
    whole = json.loads(installed("audit", "verify", "--json").stdout)
    assert (whole["ok"], whole["events"], whole["broken"]) == (True, 3, None)

    with database.engine.begin() as connection:
        if database.dialect == "sqlite":
            for name in (
                connection.execute(text("SELECT name FROM sqlite_master WHERE type = 'trigger'"))
                .scalars()
                .all()
            ):
                connection.execute(text(f"DROP TRIGGER {name}"))
        else:
            connection.execute(text("ALTER TABLE audit_event DISABLE TRIGGER ALL"))
        connection.execute(text("UPDATE audit_event SET action = 'nothing' WHERE seq = 2"))
    result = installed("audit", "verify", "--json")
    assert result.exit_code == 1
    reason = "the columns differ from the hashed contents"
    assert json.loads(result.stdout)["broken"] == {"seq": 2, "reason": reason}
    assert result.stderr == f"Error: event 2: {reason}.\n"


def test_archive_verify_finds_changed_missing_and_unrecorded_files(
    installed: Run, database: Database, tmp_path: Path
) -> None:
    files = Archive(tmp_path / "archive")
    with Session(database.engine) as session, db.writing(session, database.engine):
        world = builders.a_world(session)
        for title in ("een", "twee"):
            dossier = builders.a_dossier(session, world, Status.AWAITING_SIGNATURE, title=title)
            builders.archive(session, dossier, files, f"%PDF-1.7 {title}".encode())
    loose = files.put(b"%PDF-1.7 of a run that was interrupted")
    whole = installed("archive", "verify", "--json")
    assert whole.exit_code == 0
    assert json.loads(whole.stdout) == {
        "ok": True,
        "records": 2,
        "unrecorded": [loose.name],
        "corrupt": [],
        "corrupt_attachments": [],
    }

    first, second = (files.put(f"%PDF-1.7 {title}".encode()) for title in ("een", "twee"))
    (files.folder / first.name).write_bytes(b"%PDF-1.7 forged")
    (files.folder / second.name).unlink()
    result = installed("archive", "verify")
    assert result.exit_code == 1
    assert f"ETH-2026-0001 ({first.name}): changed" in result.stderr
    assert f"ETH-2026-0002 ({second.name}): missing" in result.stderr


def test_serve_with_a_wrong_list_of_words_is_one_sentence_with_file_and_line(
    installed: Run, environment: dict[str, str], tmp_path: Path
) -> None:
    (tmp_path / "eigen.yaml").write_text("id: 12\n", encoding="utf-8")
    environment["ETHIEK_WORDS_FOLDER"] = str(tmp_path)
    with socket.create_server(("127.0.0.1", 0)) as taken:  # it could not serve, if it came to that
        result = installed("serve", "--port", str(taken.getsockname()[1]))
    assert (result.exit_code, result.stderr.startswith("Error: eigen.yaml, line 1: ")) == (2, True)


def test_serve_on_a_port_that_is_taken_is_a_sentence(installed: Run) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        result = installed("serve", "--port", str(port))
    assert result.exit_code == 2
    assert result.stderr.startswith(f"Error: Cannot serve on 127.0.0.1:{port}: ")


def test_bug_is_told_by_place_without_its_text() -> None:
    with pytest.raises(KeyError) as caught:
        dict[str, str]()["Noor wrote this"]
    told = bug(caught.value)
    assert told.startswith(f"This is a mistake in Ethiek: KeyError at {__file__}:")
    assert "Noor" not in told
