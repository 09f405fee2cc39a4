"""Commands that read question sets from files of others, and write published ones to files."""

from __future__ import annotations

from dataclasses import asdict, replace
from pathlib import Path
from typing import Final

import click

from ethiek import db
from ethiek.cli.context import as_json, database, show_json, stamp
from ethiek.cli.sentences import CheckFailed, Refused
from ethiek.domain.actors import Role, Stamp
from ethiek.errors import InputError, QuestionnaireError
from ethiek.questionnaires.exchange.imported import Imported, Wishes
from ethiek.questionnaires.exchange.importing import file_name
from ethiek.questionnaires.exchange.reading import MAX_BYTES
from ethiek.questionnaires.exchange.sentences import sentence
from ethiek.services import exchange, users

_REFUSED: Final = {
    "published": "{key} is published already; choose another name with --as.",
    "taken": "{key} is being written already; choose another name with --as, or discard that draft.",
    "too_long": "{field} is too long.",
}


@click.command("import")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.option(
    "--language", type=click.Choice(["nl", "en"]), help="For a file in two languages, or that names none."
)
@click.option("--as", "name", metavar="ID/VERSION", help="What to call it, instead of what the file says.")
@click.option(
    "--year", type=click.IntRange(1900, 2200), help="Year of the edition, for a file without a date."
)
@click.option(
    "--by", metavar="EMAIL", help="The content owner whose draft it becomes; without it, the first one."
)
@as_json
def import_set(
    file: Path, language: str | None, name: str | None, year: int | None, by: str | None, *, machine: bool
) -> None:
    """Make a draft of a question set in a file, and list what got lost on the way.

    Reads our own YAML and JSON, instruments of the task registry, and definitions of the Invulhulpen.
    """
    data = _bytes(file)
    wishes = _wishes(language, name, year)
    try:
        with database(), db.transaction() as session:
            draft_id, found = exchange.import_draft(session, data, file.name, _as_owner(session, by), wishes)
    except QuestionnaireError as error:
        raise CheckFailed(f"{error}.") from error
    except InputError as error:
        key = name or "This version"
        raise Refused(
            _REFUSED.get(error.reason, "{field}: {reason}.").format(**vars(error), key=key)
        ) from error
    if machine:
        show_json({"draft": str(draft_id), **_as_plain(found)})
        return
    for loss in found.losses:
        click.echo(sentence(loss, file_name(file.name)))
    counts = found.counts
    click.echo(
        f"{found.questionnaire.key} is a draft now: {counts.questions} questions in {counts.groups} groups read, "
        f"{len(found.losses)} things to look at. Open “Question sets” to go on."
    )


@click.command("export")
@click.argument("key")
@click.option(
    "--format", "format_", type=click.Choice(sorted(exchange.WRITERS)), default="yaml", show_default=True
)
@click.option("-o", "--output", type=click.Path(path_type=Path, dir_okay=False), required=True)
def export_set(key: str, format_: str, output: Path) -> None:
    """Write a published question set, for example iama/2.0, to a file that can be imported again."""
    with database(), db.reading() as session:
        data = exchange.export(session, key, format_)
    output.write_bytes(data)
    click.echo(f"{output}: {key}, {len(data)} bytes.")


def _bytes(file: Path) -> bytes:
    """Read no more of a file than what is refused for its size."""
    with file.open("rb") as opened:
        return opened.read(MAX_BYTES + 1)


def _wishes(language: str | None, name: str | None, year: int | None) -> Wishes:
    id_, slash, version = (name or "").partition("/")
    if name and not (id_ and slash and version):
        raise Refused("--as must be an id and a version, for example iama/1.0-bzk.")
    return Wishes(id_, version, language or "", year)


def _as_owner(session: db.Session, email: str | None) -> Stamp:
    """Return the stamp of the content owner with this address, or of the first one."""
    for user in users.everybody(session):
        account = users.account(session, user.id)
        if account is None or Role.CONTENT_OWNER not in account.actor.all_roles:
            continue
        if email is None or account.email == email.strip().lower():
            return replace(stamp(), actor=account.actor)
    raise Refused(
        "There is no active content owner with this address." if email else "There is no content owner."
    )


def _as_plain(found: Imported) -> dict[str, object]:
    return {
        "key": found.questionnaire.key,
        "format": found.format,
        "counts": asdict(found.counts),
        "losses": [asdict(loss) for loss in found.losses],
    }


COMMANDS: Final = (import_set, export_set)
