"""Commands for question sets."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import click

from ethiek import db
from ethiek.cli import exchange
from ethiek.cli.context import as_json, database, show_json
from ethiek.cli.sentences import CheckFailed
from ethiek.errors import QuestionnaireError
from ethiek.questionnaires.answer_ids import parse_answer_ids
from ethiek.questionnaires.catalogue import canonical, load_catalogue, parse, sha256
from ethiek.questionnaires.correspondences import parse_correspondence
from ethiek.questionnaires.model import Questionnaire
from ethiek.questionnaires.words import parse_words
from ethiek.services import questionnaires as service


@click.group("questionnaires")
def questionnaires() -> None:
    """Question sets: the files that come with Ethiek, and those being written."""


@questionnaires.command("list")
@as_json
def list_questionnaires(*, machine: bool) -> None:
    """List the question sets that come with this version of Ethiek."""
    rows = [
        {"key": one.key, "title": one.title, "questions": len(list(one.questions())), "sha256": sha256(one)}
        for one in load_catalogue()
    ]
    if machine:
        show_json(rows)
        return
    for row in rows:
        click.echo(f"{row['key']}  {row['title']}  ({row['questions']} questions, SHA-256 {row['sha256']})")


@questionnaires.command("validate")
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path, dir_okay=False))
@as_json
def validate(files: tuple[Path, ...], *, machine: bool) -> None:
    """Check files: question sets, and the lists of words, correspondences and answer ids that go with them.

    Exit with 1 and name file and place of what is wrong.
    """
    results = [{"file": str(file), **_validated(file)} for file in files]
    wrong = [row for row in results if not row["ok"]]
    if machine:
        show_json(results)
    else:
        for row in results:
            if row["ok"]:
                click.echo(f"{row['file']}: {row['key']} is valid{_and_sum(row)}")
    if wrong:
        raise CheckFailed("\n".join(str(row["reason"]) for row in wrong))


def _and_sum(row: Mapping[str, object]) -> str:
    return f", SHA-256 {row['sha256']}" if "sha256" in row else ""


def _validated(file: Path) -> dict[str, object]:
    try:
        text = file.read_text(encoding="utf-8")
        read = _READERS.get(file.resolve().parent.name, _question_set)
        return {"ok": True, **read(text, str(file))}
    except QuestionnaireError as error:
        return {"ok": False, "where": error.where, "reason": str(error)}
    except UnicodeDecodeError:
        return {"ok": False, "where": str(file), "reason": f"{file}: is not UTF-8"}


def _question_set(text: str, where: str) -> dict[str, str]:
    one = parse(text, where)
    return {"key": one.key, "sha256": sha256(one)}


def _answer_ids(text: str, where: str) -> dict[str, str]:
    key, _fields = parse_answer_ids(text, where)
    return {"key": f"answer ids of {key}"}


def _correspondence(text: str, where: str) -> dict[str, str]:
    one = parse_correspondence(text, where)
    return {"key": f"correspondence of {one.source} with {one.target}"}


def _words(text: str, where: str) -> dict[str, str]:
    return {"key": f"list of words {parse_words(text, where).id}"}


_READERS: Final = {"answer_ids": _answer_ids, "correspondences": _correspondence, "words": _words}
"""Folder -> what reads a file in it; in every other folder are question sets."""


@questionnaires.command("show")
@click.argument("key")
@as_json
def show(key: str, *, machine: bool) -> None:
    """Show the outline of a question set, for example iama/2.0; with --json its canonical content."""
    questionnaire = load_catalogue().get(key)
    if machine:
        show_json(json.loads(canonical(questionnaire)))
        return
    for line in _outline(questionnaire):
        click.echo(line)


def _outline(questionnaire: Questionnaire) -> Iterator[str]:
    source = questionnaire.source
    yield f"{questionnaire.title} ({questionnaire.key})"
    yield f"{source.title}, {source.publisher}, {source.year}, {source.edition}"
    shown = ""
    for part, section in questionnaire.sections():
        if part.id != shown:
            shown = part.id
            yield f"\n{part.number} {part.title}".rstrip()
        yield f"  {section.number} {section.title}".rstrip()
        for question in section.questions:
            yield f"    {question.number or '-':8} {question.text}"


@questionnaires.command("publish")
@as_json
def publish(*, machine: bool) -> None:
    """Put the question sets that come with Ethiek in the database; what is there already stays as it is."""
    with database(), db.transaction() as session:
        new = service.publish(session, load_catalogue(), datetime.now(UTC))
    if machine:
        show_json({"published": new})
        return
    click.echo(f"Published: {', '.join(new)}." if new else "Nothing new to publish.")


for command in exchange.COMMANDS:
    questionnaires.add_command(command)

COMMANDS: Final = (questionnaires,)
