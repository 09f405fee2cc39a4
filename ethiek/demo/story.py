"""The story: ten dossiers, one in every state, and one that goes the whole way with a round of changes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from ethiek.demo.attachments import trial_results
from ethiek.demo.cases import read_case
from ethiek.demo.play import Player, Tale
from ethiek.domain.decisions import DecisionInput, Follows, Outcome
from ethiek.domain.redactions import Redaction

MAIN: Final = "mowing"
"""The case whose report the demonstration hands over."""

GOES_AHEAD: Final = DecisionInput(
    Follows.YES,
    Outcome.PROCEED,
    "Ik volg het advies. We leren zo waar het te druk wordt, met gegevens die niet over personen gaan.\n\n"
    "De einddatum staat vast: na de evaluatie besluit ik opnieuw.",
    "Directeur Natuur en Recreatie",
)

KEY_AWAY: Final = "SigningError: the key of the seal cannot be reached"


def tales(play: Player) -> Iterator[Tale]:
    """All dossiers, each from its own beginning."""
    for tell in (mowing, visitors, wifi, air, bridges, subsidies, chatbot, bicycles, transit, wildlife):
        yield tell(play)


def mowing(play: Player) -> Tale:
    """The whole story: two rounds, an advice with conditions, two approvals."""
    case = read_case(MAIN)
    yield play.ago(38, 9, 20)
    dossier = play.start(case)
    yield play.ago(34, 11, 5)
    play.fill_in(dossier, case)
    yield play.ago(33, 15, 40)
    play.attach(
        dossier,
        "eva",
        "2.3.2",
        "proef met satellietbeelden 2026.csv",
        trial_results(),
        "De proef van juni: wat de satelliet zag, en wat er bij het bezoek bleek.",
    )
    play.gather(dossier, case)
    yield play.ago(33, 16, 10)
    play.submit(dossier, case)
    yield play.ago(32, 9)
    play.take_up(dossier, ("mila", "daan", "lotte"))
    yield play.ago(28, 14, 30)
    soil = play.remark(dossier, case, "soil")
    yield play.ago(27, 10, 45)
    choice = play.remark(dossier, case, "choice")
    yield play.ago(26, 15)
    play.remark(dossier, case, "internal")
    yield play.ago(25, 9, 15)
    play.ask_for_changes(dossier, (soil, choice))
    yield play.ago(19, 13, 40)
    play.revise(dossier, case, "eva", "4.3.3@indirect-distinction")
    play.reply(dossier, case, "eva", "soil", soil)
    yield play.ago(18, 10, 20)
    play.revise(dossier, case, "noor", "3.5.5")
    play.reply(dossier, case, "noor", "choice", choice)
    play.submit(dossier, case)
    yield play.ago(17, 9)
    play.take_up(dossier, ("mila", "daan", "lotte"))
    for workdays, member in ((9, "mila"), (8, "daan"), (7, "lotte")):
        yield play.ago(workdays, 11, 30)
        play.judge(dossier, case, member)
    yield play.ago(5, 14)
    play.adopt(dossier, case, "chris", "sem", "mila", "daan")
    yield play.ago(2, 9, 30)
    play.approve(dossier, "chris")
    yield play.ago(0)
    play.approve(dossier, "sem")
    play.do_what_waits()


def visitors(play: Player) -> Tale:
    """A DEDA found good in one round, a public copy in which no member is named, and the decision of the director."""
    case = read_case("visitors")
    yield play.ago(31, 13, 15)
    dossier = play.start(case)
    play.fill_in(dossier, case)
    yield play.ago(30, 10, 30)
    play.submit(dossier, case)
    yield play.ago(29, 9, 10)
    play.take_up(dossier, ("mila", "lotte"))
    yield play.ago(22, 15, 20)
    play.judge(dossier, case, "mila", "lotte")
    yield play.ago(16, 11)
    play.adopt(dossier, case)
    yield play.ago(12, 9)
    play.approve(dossier, "sem", "chris")
    play.do_what_waits()
    yield play.ago(11, 10)
    play.publish(dossier, *(Redaction("5.1.2.e", passage=play.name_of(one)) for one in ("mila", "lotte")))
    yield play.ago(9, 10)
    play.put_before(dossier, "otto")
    yield play.ago(7, 15)
    play.decide(dossier, "otto", GOES_AHEAD)
    play.do_what_waits()


def wifi(play: Player) -> Tale:
    """An advice against it, put before the director, who has not decided yet."""
    case = read_case("wifi")
    yield play.ago(36, 10)
    dossier = play.start(case)
    play.fill_in(dossier, case)
    play.submit(dossier, case)
    yield play.ago(35, 9, 30)
    play.take_up(dossier, ("daan", "lotte"))
    yield play.ago(30, 14)
    play.judge(dossier, case, "daan", "lotte")
    yield play.ago(24, 13)
    play.adopt(dossier, case)
    yield play.ago(20, 10)
    play.approve(dossier, "chris", "sem")
    play.do_what_waits()
    yield play.ago(8, 9, 30)
    play.put_before(dossier, "otto")


def air(play: Player) -> Tale:
    """Approved, but the key of the seal was away: it waits for its signature and can be tried again."""
    case = read_case("air")
    yield play.ago(29, 11)
    dossier = play.start(case)
    play.fill_in(dossier, case)
    play.submit(dossier, case)
    yield play.ago(28, 9)
    play.take_up(dossier, ("mila", "daan", "lotte"))
    yield play.ago(27, 11, 20)
    play.recuse(dossier, case, "lotte")
    yield play.ago(15, 15)
    play.judge(dossier, case, "mila", "daan")
    yield play.ago(10, 13, 30)
    play.adopt(dossier, case)
    yield play.ago(4, 9, 45)
    play.approve(dossier, "chris", "sem")
    play.lose_the_key(KEY_AWAY)


def bridges(play: Player) -> Tale:
    """Adopted and approved by the chair; the secretary still has to."""
    case = read_case("bridges")
    yield play.ago(23, 9, 30)
    dossier = play.start(case)
    play.fill_in(dossier, case)
    yield play.ago(22, 10)
    play.submit(dossier, case)
    yield play.ago(21, 11)
    play.take_up(dossier, ("daan", "lotte"))
    yield play.ago(11, 14, 15)
    play.judge(dossier, case, "daan", "lotte")
    yield play.ago(3, 11, 20)
    play.adopt(dossier, case)
    yield play.ago(1, 16)
    play.approve(dossier, "chris")


def subsidies(play: Player) -> Tale:
    """With the committee: one verdict, and remarks that are still internal."""
    case = read_case("subsidies")
    yield play.ago(20, 9, 40)
    dossier = play.start(case)
    yield play.ago(14, 15, 30)
    play.fill_in(dossier, case)
    play.submit(dossier, case)
    yield play.ago(13, 9)
    play.take_up(dossier, ("mila", "lotte"))
    yield play.ago(6, 10, 10)
    play.remark(dossier, case, "small")
    yield play.ago(5, 11, 45)
    play.remark(dossier, case, "norm")
    yield play.ago(4, 14)
    play.judge(dossier, case, "lotte")


def chatbot(play: Player) -> Tale:
    """Back with the team, which has answered one of two remarks."""
    case = read_case("chatbot")
    yield play.ago(18, 13)
    dossier = play.start(case)
    play.fill_in(dossier, case)
    yield play.ago(17, 10)
    play.submit(dossier, case)
    yield play.ago(15, 9, 20)
    play.take_up(dossier, ("mila", "daan", "lotte"))
    yield play.ago(8, 10, 30)
    invented = play.remark(dossier, case, "invented")
    language = play.remark(dossier, case, "language")
    yield play.ago(6, 9)
    play.ask_for_changes(dossier, (invented, language))
    yield play.ago(2, 15, 40)
    play.reply(dossier, case, "eva", "language", language)


def bicycles(play: Player) -> Tale:
    """Handed in; the secretary has not looked at it yet."""
    case = read_case("bicycles")
    yield play.ago(7, 14)
    dossier = play.start(case)
    play.fill_in(dossier, case)
    yield play.ago(1, 10, 15)
    play.submit(dossier, case)


def transit(play: Player) -> Tale:
    """Withdrawn after handing in."""
    case = read_case("transit")
    yield play.ago(26, 11, 10)
    dossier = play.start(case)
    play.fill_in(dossier, case)
    play.submit(dossier, case)
    yield play.ago(23, 16, 30)
    play.withdraw(dossier, case)


def wildlife(play: Player) -> Tale:
    """A draft of which two parts are filled in."""
    case = read_case("wildlife")
    yield play.ago(3, 9, 10)
    dossier = play.start(case)
    play.fill_in(dossier, case, parts=2)
