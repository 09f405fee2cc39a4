"""Provincie Voorbeeldland: its units, its ethics committee and its people. All of it is invented."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy.orm import Session

from ethiek.demo.accounts import DemoAccount, passphrase
from ethiek.domain.actors import COMMITTEE_ROLES, SYSTEM_ACTOR, Role, Stamp
from ethiek.questionnaires.catalogue import load_catalogue
from ethiek.services import questionnaires, users
from ethiek.services.users import Grant

NAME: Final = "Provincie Voorbeeldland"
COMMITTEE: Final = "Commissie Data en Ethiek"
QUORUM: Final = 2
ADDRESS: Final = "{}@voorbeeldland.example"
"""The domain .example reaches nobody (RFC 2606)."""

UNITS: Final = (
    "Opgave Landelijk gebied en natuur",
    "Opgave Mobiliteit en bereikbaarheid",
    "Opgave Regionale economie",
    "Programma Recreatie en toerisme",
    "Beheer en onderhoud infrastructuur",
    "Vergunningen, toezicht en handhaving",
    "Subsidies",
    "Informatievoorziening",
)


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody of the demonstration; ``key`` is the first name in small letters."""

    key: str
    name: str
    about: str
    role: Role | None


PEOPLE: Final = (
    Person("noor", "Noor de Vries", "Projectleider, Landelijk gebied", Role.SUBMITTER),
    Person("finn", "Finn van Dijk", "Projectleider, Mobiliteit", Role.SUBMITTER),
    Person("eva", "Eva de Boer", "Data-analist, schrijft mee in teams", None),
    Person("thijs", "Thijs Meijer", "Jurist en privacyadviseur, schrijft mee in teams", None),
    Person("sem", "Sem Bakker", "Secretaris van de commissie", Role.SECRETARY),
    Person("mila", "Mila Jansen", "Lid van de commissie", Role.MEMBER),
    Person("daan", "Daan Smit", "Lid van de commissie", Role.MEMBER),
    Person("lotte", "Lotte Mulder", "Lid van de commissie", Role.MEMBER),
    Person("chris", "Chris Visser", "Voorzitter van de commissie", Role.CHAIR),
    Person("aisha", "Aisha Amrani", "Auditor, ziet alleen het archief", Role.AUDITOR),
    Person("vera", "Vera Hendriks", "Inhoudsbeheerder, schrijft vragenlijsten", Role.CONTENT_OWNER),
    Person("wout", "Wout Peeters", "Inhoudsbeheerder, stelt vragenlijsten vast", Role.CONTENT_OWNER),
    Person("otto", "Otto Hoekstra", "Directeur, besluit na het advies", Role.OFFICIAL),
    Person("beheer", "Olivia Peters", "Beheerder van de accounts", Role.ADMINISTRATOR),
)


@dataclass(frozen=True, slots=True)
class Organisation:
    """What was made: ids by key of a person and by name of a unit."""

    committee: UUID
    units: dict[str, UUID]
    people: dict[str, UUID] = field(default_factory=dict)
    accounts: list[DemoAccount] = field(default_factory=list)


def set_up(session: Session, at: datetime) -> Organisation:
    """Make the organisation and publish the question sets, at a moment before the story begins."""
    stamp = Stamp(SYSTEM_ACTOR, at, origin="demo")
    questionnaires.publish(session, load_catalogue(), at)
    committee = users.create_committee(session, COMMITTEE, QUORUM, stamp).id
    made = Organisation(committee, {name: users.create_unit(session, name, stamp).id for name in UNITS})
    for person in PEOPLE:
        account = DemoAccount(person.name, person.about, ADDRESS.format(person.key), passphrase())
        user = users.create(
            session, account.email, person.name, account.password, _grants(person, committee), stamp
        )
        made.people[person.key] = user.id
        made.accounts.append(account)
    return made


def _grants(person: Person, committee: UUID) -> list[Grant]:
    if person.role is None:
        return []
    return [Grant(person.role, committee if person.role in COMMITTEE_ROLES else None)]
