"""Commands for accounts, committees and units. Passwords are asked for, or read from standard input."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from typing import Any, Final
from uuid import UUID

import click

from ethiek import db
from ethiek.cli.context import as_json, database, show_json, stamp
from ethiek.cli.sentences import Refused
from ethiek.domain.actors import COMMITTEE_ROLES, GRANTABLE_ROLES, Role
from ethiek.domain.signing import PersonalSigning
from ethiek.services import dossiers
from ethiek.services import users as service
from ethiek.services.users import Grant

ROLE_HELP: Final = (
    f"One of {', '.join(sorted(GRANTABLE_ROLES))}. Roles in a committee name it: 'chair@Ethische commissie'; "
    "without a name it is the only committee. May be repeated."
)


@click.group("users")
def users() -> None:
    """Accounts and their roles."""


@users.command("list")
@as_json
def list_users(*, machine: bool) -> None:
    """List all accounts."""
    with database(), db.reading() as session:
        names = {committee.id: committee.name for committee in dossiers.committees(session)}
        rows: list[dict[str, Any]] = [
            {
                "email": user.email,
                "name": user.name,
                "active": user.active,
                "roles": sorted(
                    f"{grant.role}@{names[grant.committee_id]}" if grant.committee_id else str(grant.role)
                    for grant in user.role_grants
                ),
            }
            for user in service.everybody(session)
        ]
    if machine:
        show_json(rows)
        return
    for row in rows:
        state = "" if row["active"] else "  (disabled)"
        click.echo(f"{row['email']}  {row['name']}  {', '.join(row['roles']) or '-'}{state}")


@users.command("create")
@click.argument("email")
@click.argument("name")
@click.option("--role", "roles", multiple=True, help=ROLE_HELP)
def create(email: str, name: str, roles: tuple[str, ...]) -> None:
    """Make an account; the first one is best an administrator."""
    password = read_password()
    with database(), db.transaction() as session:
        committees = {committee.name: committee.id for committee in dossiers.committees(session)}
        service.create(session, email, name, password, grants_of(roles, committees), stamp())
    click.echo(f"{email} can log in now.")


@users.command("set-roles")
@click.argument("email")
@click.option("--role", "roles", multiple=True, help=ROLE_HELP)
def set_roles(email: str, roles: tuple[str, ...]) -> None:
    """Replace all roles of an account; its sessions end."""
    with database(), db.transaction() as session:
        committees = {committee.name: committee.id for committee in dossiers.committees(session)}
        service.set_roles(session, email, grants_of(roles, committees), stamp())
    click.echo(f"{email} has these roles now: {', '.join(roles) or 'none'}.")


@users.command("set-password")
@click.argument("email")
def set_password(email: str) -> None:
    """Give an account another password; its sessions end."""
    password = read_password()
    with database(), db.transaction() as session:
        service.set_password(session, email, password, stamp())
    click.echo(f"{email} has another password, and is signed out everywhere.")


@users.command("disable")
@click.argument("email")
def disable(email: str) -> None:
    """Let nobody in with this account; its sessions end."""
    _set_active(email, active=False)
    click.echo(f"{email} cannot log in any more.")


@users.command("enable")
@click.argument("email")
def enable(email: str) -> None:
    """Let an account in again."""
    _set_active(email, active=True)
    click.echo(f"{email} can log in again.")


def _set_active(email: str, *, active: bool) -> None:
    with database(), db.transaction() as session:
        service.set_active(session, email, active=active, stamp=stamp())


def read_password() -> str:
    """Ask for a password twice, or read one line of standard input; never an argument, which others can see."""
    if sys.stdin.isatty():
        return str(
            click.prompt("Password (at least 15 characters)", hide_input=True, confirmation_prompt=True)
        )
    line = sys.stdin.readline().rstrip("\r\n")
    if not line:
        raise Refused("No password came in on standard input.")
    return line


def grants_of(texts: tuple[str, ...], committees: Mapping[str, UUID]) -> list[Grant]:
    """Read roles as they are typed.

    Args:
        committees: name -> id of all committees.

    Raises:
        Refused: there is no such role or committee, or it is not clear which committee is meant.
    """
    return [_grant(text, committees) for text in dict.fromkeys(texts)]


def _grant(text: str, committees: Mapping[str, UUID]) -> Grant:
    name, _, committee = text.partition("@")
    if name not in GRANTABLE_ROLES:
        raise Refused(f"{name} is no role; choose from {', '.join(sorted(GRANTABLE_ROLES))}.")
    role = Role(name)
    if role not in COMMITTEE_ROLES:
        if committee:
            raise Refused(f"{name} is no role in a committee.")
        return Grant(role)
    if committee in committees:
        return Grant(role, committees[committee])
    if not committee and len(committees) == 1:
        return Grant(role, next(iter(committees.values())))
    known = ", ".join(committees) or "none yet; make one with 'ethiek committees create'"
    raise Refused(f"{text}: name the committee. Committees: {known}.")


@click.group("committees")
def committees() -> None:
    """Ethics committees."""


@committees.command("create")
@click.argument("name")
@click.option("--quorum", type=int, default=2, show_default=True, help="Verdicts needed before an advice.")
def create_committee(name: str, quorum: int) -> None:
    """Make a committee."""
    with database(), db.transaction() as session:
        service.create_committee(session, name, quorum, stamp())
    click.echo(f"{name} is there now, with a quorum of {quorum}.")


@committees.command("set-signing")
@click.argument("name")
@click.argument("rule", type=click.Choice([rule.value for rule in PersonalSigning]))
def set_signing(name: str, rule: str) -> None:
    """Say whether chair and secretary also sign reports with certificates of their own.

    RULE is nobody, optional (who wants to), chair, secretary or both (who has to; the other one may). It counts for
    approvals from now on.
    """
    with database(), db.transaction() as session:
        service.set_personal_signing(session, name, PersonalSigning(rule), stamp())
    click.echo(f"{name}: personal signatures: {rule}.")


@committees.command("list")
@as_json
def list_committees(*, machine: bool) -> None:
    """List all committees."""
    with database(), db.reading() as session:
        rows = [
            {"name": one.name, "quorum": one.quorum, "personal_signing": one.personal_signing.value}
            for one in dossiers.committees(session)
        ]
    if machine:
        show_json(rows)
        return
    for row in rows:
        signing = row["personal_signing"]
        click.echo(f"{row['name']}  (quorum {row['quorum']}, personal signatures: {signing})")


@click.group("units")
def units() -> None:
    """Parts of the organisation that dossiers belong to."""


@units.command("create")
@click.argument("names", nargs=-1, required=True)
def create_unit(names: tuple[str, ...]) -> None:
    """Make units."""
    with database(), db.transaction() as session:
        for name in names:
            service.create_unit(session, name, stamp())
    click.echo(f"{len(names)} units are there now: {', '.join(names)}.")


@units.command("list")
@as_json
def list_units(*, machine: bool) -> None:
    """List the units that new dossiers can belong to."""
    with database(), db.reading() as session:
        names = [unit.name for unit in dossiers.units(session)]
    if machine:
        show_json(names)
        return
    for name in names:
        click.echo(name)


COMMANDS: Final = (users, committees, units)
