"""``ethiek questionnaires import`` and ``export``: what they do, print and end with."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from sqlalchemy.orm import Session

from ethiek import db
from ethiek.cli import cli
from ethiek.questionnaires.catalogue import load_catalogue, parse
from tests import builders
from tests.conftest import Database
from tests.unit.questionnaires.exchange.definitions import EVERYTHING, definition, field, group

Run = Callable[..., Result]


@pytest.fixture
def run(tmp_path: Path, database: Database) -> Run:
    """Run a command as an installation in which Vera and Wout write question sets."""
    with db.writing(Session(database.engine), database.engine) as session:
        builders.a_world(session)
    environment = {
        "ETHIEK_INSTANCE": str(tmp_path),
        "ETHIEK_TRUSTED_HOSTS": "localhost",
        "ETHIEK_SECRET_KEY": "0123456789abcdef0123456789abcdef",
        "ETHIEK_DATABASE_URL": database.url,
    }

    def run_(*arguments: str) -> Result:
        result = CliRunner().invoke(cli, ("questionnaires", *arguments), env=environment)
        assert "Traceback" not in result.output
        return result

    return run_


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "proef.json"
    path.write_text(
        json.dumps(definition(group("1", field("1.1", is_official_id=True)), colour="red"), indent=1)
    )
    return path


def test_import_prints_every_loss_with_file_and_line_and_what_was_read(run: Run, file: Path) -> None:
    result = run("import", str(file))

    assert (result.exit_code, result.stderr) == (0, "")
    assert "proef.json, line 1: the field colour is not known, and was left out\n" in result.stdout
    assert result.stdout.endswith(
        "proef/1.2 is a draft now: 1 questions in 1 groups read, 7 things to look at. Open “Question sets” to go on.\n"
    )


def test_import_for_machines_gives_key_counts_and_losses(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "all.json"
    path.write_text(json.dumps(EVERYTHING))
    shown = json.loads(run("import", str(path), "--as", "eigen/1", "--year", "2020", "--json").stdout)

    assert (shown["key"], shown["format"], shown["counts"]["questions"]) == (
        "eigen/1",
        "assessment-definition",
        23,
    )
    assert {"what": "calculation", "at": "1.3", "line": 1, "value": "dieren"} in shown["losses"]


def test_import_twice_is_refused_the_second_time(run: Run, file: Path) -> None:
    assert run("import", str(file), "--by", builders.email_of("Wout")).exit_code == 0
    again = run("import", str(file))
    assert (again.exit_code, again.stderr) == (
        2,
        "Error: This version is being written already; choose another name with --as, or discard that draft.\n",
    )


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("--as", "x"), "--as must be an id and a version, for example iama/1.0-bzk."),
        (("--by", "noor@voorbeeld.example"), "There is no active content owner with this address."),
    ],
)
def test_import_with_a_wish_that_cannot_be_is_refused(
    run: Run, file: Path, arguments: tuple[str, ...], told: str
) -> None:
    result = run("import", str(file), *arguments)
    assert (result.exit_code, result.stderr) == (2, f"Error: {told}\n")


def test_import_of_a_broken_file_names_the_line_and_imports_nothing(run: Run, file: Path) -> None:
    file.write_text('{\n"a": 1,\n"a": 2}')
    result = run("import", str(file))
    assert (result.exit_code, result.stderr) == (1, "Error: proef.json, line 3: key 'a' appears twice.\n")


def test_import_of_a_file_that_is_not_there_is_a_sentence(run: Run) -> None:
    result = run("import", "nergens.yaml")
    assert (result.exit_code, result.stderr) == (2, "Error: nergens.yaml: No such file or directory.\n")


@pytest.mark.parametrize("format_", ["yaml", "json"])
def test_export_writes_a_file_that_is_the_same_set(run: Run, tmp_path: Path, format_: str) -> None:
    run("publish")
    first = next(iter(load_catalogue()))
    output = tmp_path / f"set.{format_}"
    result = run("export", first.key, "--format", format_, "-o", str(output))

    assert (result.exit_code, result.stdout) == (
        0,
        f"{output}: {first.key}, {output.stat().st_size} bytes.\n",
    )
    if format_ == "yaml":
        assert parse(output.read_text(encoding="utf-8"), "set.yaml") == first
    assert run("export", "no/1", "-o", str(output)).exit_code == 2
