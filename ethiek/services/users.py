"""Accounts: who somebody is, what they may do now, and signing in."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.orm import Session, selectinload

from ethiek.domain.actors import COMMITTEE_ROLES, GRANTABLE_ROLES, Actor, Role, Stamp, may_combine
from ethiek.domain.signing import PersonalSigning
from ethiek.errors import InputError, NotFoundError
from ethiek.models.users import Committee, RoleGrant, Unit, User
from ethiek.services import audit, passwords, sessions

MAX_ADDRESS: Final = 254
"""Characters in an e-mail address (RFC 5321)."""


@dataclass(frozen=True, slots=True)
class Account:
    """A signed-in person: the actor, and how to show the pages to them."""

    actor: Actor
    email: str
    locale: str


ACCOUNT: Final = (User.id, User.name, User.email, User.locale, RoleGrant.role, RoleGrant.committee_id)
"""What an account is read from: a row per role, or one without."""


def account(session: Session, user_id: UUID) -> Account | None:
    """Return an active account with its rights of this moment, in one query; None if it is disabled or gone."""
    found = select(*ACCOUNT).outerjoin(RoleGrant, RoleGrant.user_id == User.id)
    return account_of(session.execute(found.where(User.id == user_id, User.active)).all())


def account_of(rows: Sequence[Any]) -> Account | None:
    """Put an account together from rows with the columns of ``ACCOUNT``; None if there is nobody in them."""
    if not rows or rows[0].id is None:
        return None
    committees: dict[UUID, frozenset[Role]] = {}
    for row in rows:
        if row.committee_id is not None:
            committees[row.committee_id] = committees.get(row.committee_id, frozenset()) | {row.role}
    everywhere = frozenset(row.role for row in rows if row.committee_id is None and row.role is not None)
    person = rows[0]
    return Account(Actor(person.id, person.name, everywhere, committees), person.email, person.locale)


def sign_in(session: Session, email: str, password: str) -> Account | None:
    """Check name and password; None if they do not fit, without telling which.

    Unknown and disabled accounts take as long as a wrong password. The caller asks the throttle first.

    Raises:
        InputError: the password cannot be one (too long, not text).
    """
    user = session.execute(
        select(User.id, User.password_hash).where(User.email == email.strip().lower(), User.active)
    ).one_or_none()
    fits = passwords.verify_or_dummy(user.password_hash if user else None, password)
    return account(session, user.id) if user and fits else None


def confirm_password(session: Session, actor: Actor, password: str) -> bool:
    """Tell whether this is the actor's own password, for a step that asks for it again."""
    stored = session.scalar(select(User.password_hash).where(User.id == actor.user_id, User.active))
    return passwords.verify_or_dummy(stored, password)


@dataclass(frozen=True, slots=True)
class Grant:
    """A role, in a committee where the role is one of a committee."""

    role: Role
    committee_id: UUID | None = None


def create(
    session: Session,
    email: str,
    name: str,
    password: str,
    grants: Collection[Grant],
    stamp: Stamp,
) -> User:
    """Make an account.

    Raises:
        InputError: the address is taken, the password is too weak, or the roles exclude each other.
    """
    address = email.strip().lower()
    if "@" not in address or len(address) > MAX_ADDRESS:
        raise InputError("email", "invalid")
    if session.scalar(select(User.id).where(User.email == address)) is not None:
        raise InputError("email", "taken")
    _check_grants(grants)
    user = User(
        email=address,
        name=name.strip(),
        password_hash=passwords.new_hash(password),
        created_at=stamp.at,
        role_grants=[RoleGrant(role=grant.role, committee_id=grant.committee_id) for grant in grants],
    )
    session.add(user)
    session.flush()
    audit.record(
        session,
        stamp,
        "create_user",
        audit.Subject("user", str(user.id)),
        details={"roles": " ".join(sorted(grant.role for grant in grants))},
    )
    return user


def _check_grants(grants: Collection[Grant]) -> None:
    for grant in grants:
        if grant.role not in GRANTABLE_ROLES or (grant.role in COMMITTEE_ROLES) != (
            grant.committee_id is not None
        ):
            raise InputError("roles", "invalid")
    if not may_combine({grant.role for grant in grants}):
        raise InputError("roles", "exclude_each_other")


def set_roles(session: Session, email: str, grants: Collection[Grant], stamp: Stamp) -> None:
    """Replace somebody's roles; all their sessions end.

    Raises:
        InputError: the roles exclude each other, or nobody would be administrator any more.
        NotFoundError: there is no such account.
    """
    _check_grants(grants)
    user = _by_email(session, email)
    losing = _is_administrator(user) and not any(grant.role is Role.ADMINISTRATOR for grant in grants)
    if losing and not _other_administrators(session, user):
        raise InputError("roles", "last_administrator")
    for grant in list(user.role_grants):
        session.delete(grant)
    session.flush()
    session.add_all(
        RoleGrant(user_id=user.id, role=grant.role, committee_id=grant.committee_id) for grant in grants
    )
    sessions.end_all(session, user.id)
    session.flush()
    audit.record(
        session,
        stamp,
        "set_roles",
        audit.Subject("user", str(user.id)),
        details={"roles": " ".join(sorted(grant.role for grant in grants))},
    )


def set_active(session: Session, email: str, *, active: bool, stamp: Stamp) -> None:
    """Disable or enable an account; disabling ends its sessions in the same transaction.

    Raises:
        InputError: it is the last administrator's.
        NotFoundError: there is no such account.
    """
    user = _by_email(session, email)
    if not active and _is_administrator(user) and not _other_administrators(session, user):
        raise InputError("email", "last_administrator")
    user.active = active
    if not active:
        sessions.end_all(session, user.id)
    session.flush()
    audit.record(
        session, stamp, "enable_user" if active else "disable_user", audit.Subject("user", str(user.id))
    )


def set_password(session: Session, email: str, password: str, stamp: Stamp) -> None:
    """Give an account another password; all its sessions end.

    Raises:
        InputError: the password is too weak.
        NotFoundError: there is no such account.
    """
    user = _by_email(session, email)
    user.password_hash = passwords.new_hash(password)
    sessions.end_all(session, user.id)
    session.flush()
    audit.record(session, stamp, "set_password", audit.Subject("user", str(user.id)))


def set_locale(session: Session, user_id: UUID, locale: str) -> None:
    """Remember the language in which somebody reads the pages."""
    session.execute(update(User).where(User.id == user_id).values(locale=locale))


def _by_email(session: Session, email: str) -> User:
    user = session.scalar(
        select(User).where(User.email == email.strip().lower()).options(selectinload(User.role_grants)),
    )
    if user is None:
        raise NotFoundError(email)
    return user


def _is_administrator(user: User) -> bool:
    return any(grant.role is Role.ADMINISTRATOR for grant in user.role_grants)


def _other_administrators(session: Session, user: User) -> bool:
    return (
        session.scalar(
            select(User.id)
            .join(RoleGrant, RoleGrant.user_id == User.id)
            .where(RoleGrant.role == Role.ADMINISTRATOR, User.active, User.id != user.id)
            .limit(1),
        )
        is not None
    )


def everybody(session: Session) -> list[User]:
    """Return all accounts with their roles, by name."""
    return list(session.scalars(select(User).options(selectinload(User.role_grants)).order_by(User.name)))


def create_committee(session: Session, name: str, quorum: int, stamp: Stamp) -> Committee:
    """Make a committee.

    Raises:
        InputError: the quorum is less than one.
    """
    if quorum < 1:
        raise InputError("quorum", "too_low")
    committee = Committee(name=name, quorum=quorum)
    session.add(committee)
    session.flush()
    audit.record(session, stamp, "create_committee", audit.Subject("committee", str(committee.id)))
    return committee


def set_personal_signing(session: Session, name: str, rule: PersonalSigning, stamp: Stamp) -> None:
    """Say whether chair and secretary of a committee also sign with certificates of their own.

    Raises:
        NotFoundError: there is no such committee.
    """
    committee = session.scalar(select(Committee).where(Committee.name == name))
    if committee is None:
        raise NotFoundError(name)
    committee.personal_signing = rule
    subject = audit.Subject("committee", str(committee.id))
    audit.record(session, stamp, "set_personal_signing", subject, details={"rule": rule.value})


def create_unit(session: Session, name: str, stamp: Stamp) -> Unit:
    """Make a unit of the organisation."""
    unit = Unit(name=name)
    session.add(unit)
    session.flush()
    audit.record(session, stamp, "create_unit", audit.Subject("unit", str(unit.id)))
    return unit


def note_refused_sign_in(session: Session, at: datetime, origin: str) -> None:
    """Write in the audit trail that somebody could not sign in; not as whom: people type passwords there too."""
    nobody = Stamp(Actor(None, ""), at, origin=origin)
    audit.record(session, nobody, "sign_in", audit.Subject("user", "unknown"), result=audit.Result.REFUSED)


def note_sign_in(session: Session, actor: Actor, at: datetime, origin: str) -> None:
    """Write in the audit trail that somebody signed in."""
    audit.record(
        session, Stamp(actor, at, origin=origin), "sign_in", audit.Subject("user", str(actor.user_id))
    )
