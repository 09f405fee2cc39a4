"""The people of the benchmark, and the one thing they have in common: a password."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final
from uuid import UUID

from sqlalchemy.orm import Session

from ethiek.domain.actors import SYSTEM_ACTOR, Role, Stamp
from ethiek.questionnaires.catalogue import load_catalogue
from ethiek.services import questionnaires, users
from ethiek.services.users import Grant

PASSWORD: Final = "een lange wachtzin voor metingen"
"""Of everybody; the database is gone when the measurement ends."""

IAMA: Final = "iama/2.0"

UNITS: Final = ("Mobiliteit", "Natuur en milieu", "Ruimte en wonen", "Subsidies", "Toezicht en handhaving")

EVERYWHERE: Final = "noor"
"""Leads the team of every dossier."""

COLLEAGUES: Final = tuple(f"collega{number}" for number in range(1, 41))
"""Two of them are in each team."""


@dataclass(frozen=True, slots=True)
class Organisation:
    """Ids by name: ``people``, ``units``, and the two ``committees``, of which the first gets nearly everything."""

    people: dict[str, UUID]
    units: tuple[UUID, ...]
    committees: tuple[UUID, UUID]


def email_of(person: str) -> str:
    """Return the name to sign in with."""
    return f"{person}@voorbeeld.example"


def stamp_of(session: Session, user_id: UUID, seen: int | None = None) -> Stamp:
    """Return a stamp of this person, now."""
    account = users.account(session, user_id)
    if account is None:
        raise LookupError(user_id)
    return Stamp(account.actor, datetime.now(UTC), seen, "benchmark")


def found(session: Session) -> Organisation:
    """Publish the question sets, and make committees, units and people."""
    stamp = Stamp(SYSTEM_ACTOR, datetime.now(UTC), origin="benchmark")
    catalogue = load_catalogue()
    questionnaires.publish(session, catalogue, stamp.at)
    large = users.create_committee(session, "Ethische commissie", 1, stamp).id
    small = users.create_committee(session, "Commissie sensoren", 1, stamp).id
    units = tuple(users.create_unit(session, name, stamp).id for name in UNITS)
    people = {
        name: users.create(session, email_of(name), name.capitalize(), PASSWORD, grants, stamp).id
        for name, grants in _grants(large, small).items()
    }
    return Organisation(people, units, (large, small))


def _grants(large: UUID, small: UUID) -> dict[str, list[Grant]]:
    """Mila is assigned to every dossier, Lot to one in twenty; Wim is secretary of both committees."""
    member = [Grant(Role.MEMBER, large)]
    return {
        EVERYWHERE: [Grant(Role.SUBMITTER)],
        "sem": [Grant(Role.SECRETARY, large)],
        "chris": [Grant(Role.CHAIR, large)],
        "mila": member,
        "lot": member,
        "wim": [Grant(Role.SECRETARY, large), Grant(Role.SECRETARY, small)],
        **{name: [Grant(Role.SUBMITTER)] for name in COLLEAGUES},
    }
