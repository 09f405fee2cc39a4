"""The story: ten dossiers, one in every state, and one that goes the whole way with a round of changes."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Final

from ethiek.demo.cases import read_case
from ethiek.demo.play import Player, Tale
from ethiek.domain.advice import AdviceInput, Condition, Verdict
from ethiek.domain.answers import Answer, Slot

MAIN: Final = "mowing"
"""The case whose report the demonstration hands over."""

EXPIRED: Final = "SigningError: the signing certificate is away (the token was not in the reader)"


def tales(play: Player) -> Iterator[Tale]:
    """All dossiers, each from its own beginning."""
    yield mowing(play)
    yield visitors(play)
    yield wifi(play)
    yield air(play)
    yield bridges(play)
    yield subsidies(play)
    yield chatbot(play)
    yield bicycles(play)
    yield transit(play)
    yield wildlife(play)


def mowing(play: Player) -> Tale:
    """The whole story: two rounds, an advice with conditions, two approvals."""
    case = read_case(MAIN)
    yield play.ago(38, 9, 20)
    dossier = play.start(case)
    yield play.ago(34, 11, 5)
    play.fill_in(dossier, case)
    yield play.ago(33, 16, 10)
    play.submit(dossier, case.lead)
    yield play.ago(32, 9, 0)
    play.take_up(dossier, ("mila", "daan", "lotte"), days=40)
    yield play.ago(28, 14, 30)
    soil = play.remark(
        dossier,
        "mila",
        "4.3.3",
        (
            "Jullie schrijven dat het verschil tussen grondsoorten er nog is. Wat doen jullie om het kleiner te maken, en "
            "vanaf welk verschil stoppen jullie op veengrond?"
        ),
    )
    yield play.ago(27, 10, 45)
    choice = play.remark(
        dossier,
        "daan",
        "3.5.5",
        (
            "Kan een boer echt kiezen? De regeling met extra bezoeken lijkt zwaarder. Leg uit wat die keuze betekent."
        ),
    )
    yield play.ago(26, 15, 0)
    play.remark(
        dossier,
        "lotte",
        "3.4.4",
        (
            "Voor ons onderling: ik wil de uitsluiting van ander gebruik als voorwaarde in het advies zien, met een naam erbij."
        ),
    )
    yield play.ago(25, 9, 15)
    play.ask_for_changes(dossier, (soil, choice))
    yield play.ago(19, 13, 40)
    play.answer(
        dossier,
        "eva",
        {
            Slot("4.3.3", "indirect-distinction"): Answer(
                choice="medium",
                text=(
                    "Medium, omdat het verschil tussen grondsoorten echt is en nog niet weg. Wij laten 180 extra percelen op veengrond "
                    "bekijken. Klopt daar minder dan 85 procent van de waarschuwingen, dan stopt het gebruik op veengrond."
                ),
            )
        },
    )
    play.reply(
        dossier,
        "eva",
        soil,
        (
            "We laten 180 extra percelen bekijken en stoppen op veengrond onder de 85 procent. Dat staat nu in het antwoord."
        ),
    )
    yield play.ago(18, 10, 20)
    play.answer(
        dossier,
        "noor",
        {
            Slot("3.5.5"): Answer(
                choice="no",
                text=(
                    "Nee, want dan zouden juist de percelen wegvallen waar het om gaat. Een boer kan wel kiezen voor de regeling met "
                    "drie aangekondigde bezoeken per seizoen in plaats van de satelliet. De vergoeding is gelijk; een bezoek duurt "
                    "ongeveer een half uur. In de proef koos een op de dertig boeren daarvoor."
                ),
            )
        },
    )
    play.reply(
        dossier,
        "noor",
        choice,
        "De vergoeding is gelijk en een bezoek duurt een half uur. We hebben het opgeschreven.",
    )
    play.submit(dossier, case.lead)
    yield play.ago(17, 9, 0)
    play.take_up(dossier, ("mila", "daan", "lotte"), days=30)
    yield play.ago(9, 11, 30)
    play.judge(
        dossier,
        "mila",
        Verdict.CONDITIONAL,
        (
            "Zorgvuldig uitgewerkt. De einddatum en de grens op veengrond stellen mij gerust, als iemand ze bewaakt."
        ),
    )
    yield play.ago(8, 16, 5)
    play.judge(
        dossier,
        "daan",
        Verdict.CONDITIONAL,
        (
            "Positief, mits boeren hun eigen grafiek zonder moeite kunnen opvragen. Zonder inzage geen weerwoord."
        ),
    )
    yield play.ago(7, 10, 0)
    play.judge(
        dossier,
        "lotte",
        Verdict.CONDITIONAL,
        (
            "Het gebruik is te verdedigen. De druk om meer te doen met deze gegevens komt zeker; regel nu wie nee zegt."
        ),
    )
    yield play.ago(5, 14, 0)
    play.adopt(dossier, _mowing_advice(play.ago(0).date()))
    yield play.ago(2, 9, 30)
    play.approve(dossier, "chris")
    yield play.ago(0)
    play.approve(dossier, "sem")
    play.sign_what_waits()


def _mowing_advice(today: date) -> AdviceInput:
    return AdviceInput(
        Verdict.CONDITIONAL,
        "De commissie adviseert positief, onder vier voorwaarden.\n\n"
        "Het doel is waardevol, de inbreuk is licht en het team heeft het nadeel voor boeren serieus genomen. Dat een "
        "toezichthouder altijd zelf kijkt voordat er iets volgt, weegt zwaar mee. De twee zorgen die overblijven, het "
        "verschil tussen grondsoorten en ander gebruik van de gegevens, zijn met voorwaarden te ondervangen.\n\n"
        "De commissie beslist niet. Dat doet de opgavemanager, die laat weten wat met dit advies is gedaan.",
        (
            Condition(
                "Stop het gebruik op veengrond zodra daar minder dan 85 procent van de waarschuwingen klopt, en meld "
                "dat binnen een maand aan de commissie.",
                "Eva de Boer, data-analist",
                today + timedelta(days=130),
            ),
            Condition(
                "Laat elke boer de grafiek van het eigen perceel zien zonder dat daarvoor een verzoek nodig is.",
                "Noor de Vries, projectleider",
                today + timedelta(days=125),
            ),
            Condition(
                "Wijs één persoon aan die verzoeken om ander gebruik van de gegevens afwijst, en geef Provinciale "
                "Staten elk jaar de lijst.",
                "Opgavemanager Landelijk gebied",
                today + timedelta(days=60),
            ),
            Condition(
                "Leg na het eerste seizoen de evaluatie voor aan de commissie, met de enquête onder boeren erbij.",
                "Noor de Vries, projectleider",
                today + timedelta(days=365),
            ),
        ),
    )


def visitors(play: Player) -> Tale:
    """A DEDA that was found good in one round."""
    case = read_case("visitors")
    yield play.ago(31, 13, 15)
    dossier = play.start(case)
    play.fill_in(dossier, case)
    yield play.ago(30, 10, 30)
    play.submit(dossier, case.lead)
    yield play.ago(29, 9, 10)
    play.take_up(dossier, ("mila", "lotte"))
    yield play.ago(22, 15, 20)
    play.judge(
        dossier,
        "mila",
        Verdict.POSITIVE,
        "Eerlijk over wat schuurt. De ondergrens van twintig is een goede keuze.",
    )
    yield play.ago(21, 9, 50)
    play.judge(
        dossier,
        "lotte",
        Verdict.POSITIVE,
        "Positief. De einddatum en de zoektocht naar een andere bron horen erbij.",
    )
    yield play.ago(16, 11, 0)
    play.adopt(
        dossier,
        AdviceInput(
            Verdict.POSITIVE,
            (
                "De commissie adviseert positief.\n\nHet team kiest voor de lichtste vorm die nog bruikbaar is, is open over de "
                "herkomst van de gegevens en houdt zich aan een einddatum. De commissie leest de evaluatie van november 2027 graag."
            ),
        ),
    )
    yield play.ago(12, 9, 0)
    play.approve(dossier, "sem", "chris")
    play.sign_what_waits()


def wifi(play: Player) -> Tale:
    """An advice against it."""
    case = read_case("wifi")
    yield play.ago(36, 10, 0)
    dossier = play.start(case)
    play.fill_in(dossier, case)
    play.submit(dossier, case.lead)
    yield play.ago(35, 9, 30)
    play.take_up(dossier, ("daan", "lotte"))
    yield play.ago(30, 14, 0)
    play.judge(
        dossier, "daan", Verdict.NEGATIVE, "Wie niet weet dat er gemeten wordt, kan ook niet weigeren."
    )
    play.judge(
        dossier,
        "lotte",
        Verdict.NEGATIVE,
        "Telpoortjes doen hetzelfde zonder telefoons. Dan is dit niet nodig.",
    )
    yield play.ago(24, 13, 0)
    play.adopt(
        dossier,
        AdviceInput(
            Verdict.NEGATIVE,
            (
                "De commissie adviseert negatief.\n\nHet doel is te bereiken met telpoortjes, die geen telefoon hoeven te herkennen. "
                "Zolang een lichter middel niet is geprobeerd, is het volgen van wifi-signalen niet nodig. De commissie waardeert dat "
                "het team zelf liet zien waar de grens ligt."
            ),
        ),
    )
    yield play.ago(20, 10, 0)
    play.approve(dossier, "chris", "sem")
    play.sign_what_waits()


def air(play: Player) -> Tale:
    """Approved, but the key of the seal was away: it waits for its signature and can be tried again."""
    case = read_case("air")
    yield play.ago(29, 11, 0)
    dossier = play.start(case)
    play.fill_in(dossier, case)
    play.submit(dossier, case.lead)
    yield play.ago(28, 9, 0)
    play.take_up(dossier, ("mila", "daan"))
    yield play.ago(15, 15, 0)
    play.judge(
        dossier, "mila", Verdict.POSITIVE, "Het weglaten van begin en eind van de rit is overtuigend getest."
    )
    play.judge(dossier, "daan", Verdict.POSITIVE, "Goed, en fijn dat de gegevens na de proef weg zijn.")
    yield play.ago(10, 13, 30)
    play.adopt(
        dossier,
        AdviceInput(
            Verdict.POSITIVE,
            (
                "De commissie adviseert positief. Ritten zijn niet aan elkaar te knopen en het nut voor de gezondheid is duidelijk."
            ),
        ),
    )
    yield play.ago(4, 9, 45)
    play.approve(dossier, "chris", "sem")
    play.lose_the_key(EXPIRED)


def bridges(play: Player) -> Tale:
    """Adopted and approved by the chair; the secretary still has to."""
    case = read_case("bridges")
    yield play.ago(23, 9, 30)
    dossier = play.start(case)
    play.fill_in(dossier, case)
    yield play.ago(22, 10, 0)
    play.submit(dossier, case.lead)
    yield play.ago(21, 11, 0)
    play.take_up(dossier, ("daan", "lotte"))
    yield play.ago(11, 14, 15)
    play.judge(
        dossier, "daan", Verdict.CONDITIONAL, "Geen zorg over weggebruikers, wel over de brugwachters."
    )
    play.judge(dossier, "lotte", Verdict.CONDITIONAL, "Eens, als de dienstroosters er echt buiten blijven.")
    yield play.ago(3, 11, 20)
    play.adopt(
        dossier,
        AdviceInput(
            Verdict.CONDITIONAL,
            (
                "De commissie adviseert positief, onder één voorwaarde. De metingen gaan over techniek; zorg dat dat zo blijft."
            ),
            (
                Condition(
                    "Leg met de ondernemingsraad vast dat metingen niet aan dienstroosters worden gekoppeld.",
                    "Finn van Dijk, projectleider",
                    play.ago(0).date() + timedelta(days=45),
                ),
            ),
        ),
    )
    yield play.ago(1, 16, 0)
    play.approve(dossier, "chris")


def subsidies(play: Player) -> Tale:
    """With the committee: one verdict, and remarks that are still internal."""
    case = read_case("subsidies")
    yield play.ago(20, 9, 40)
    dossier = play.start(case)
    yield play.ago(14, 15, 30)
    play.fill_in(dossier, case)
    play.submit(dossier, case.lead)
    yield play.ago(13, 9, 0)
    play.take_up(dossier, ("mila", "lotte"))
    yield play.ago(6, 10, 10)
    play.remark(
        dossier,
        "mila",
        "3.5.2",
        (
            "Kleine verenigingen hebben minder ervaring met verantwoorden. Hoe voorkomen jullie dat ‘weinig ervaring’ hetzelfde "
            "wordt als ‘risico’?"
        ),
    )
    yield play.ago(5, 11, 45)
    play.remark(
        dossier, "sem", "2.4.2", "Is negen van de tien genoeg als het om geld van vrijwilligers gaat?"
    )
    yield play.ago(4, 14, 0)
    play.judge(
        dossier,
        "lotte",
        Verdict.CONDITIONAL,
        "Alleen met de vaste steekproef ernaast, anders bevestigt het model zichzelf.",
    )


def chatbot(play: Player) -> Tale:
    """Back with the team, which has answered one of two remarks."""
    case = read_case("chatbot")
    yield play.ago(18, 13, 0)
    dossier = play.start(case)
    play.fill_in(dossier, case)
    yield play.ago(17, 10, 0)
    play.submit(dossier, case.lead)
    yield play.ago(15, 9, 20)
    play.take_up(dossier, ("mila", "daan", "lotte"))
    yield play.ago(8, 10, 30)
    wrong = play.remark(
        dossier,
        "daan",
        "2.4.3",
        (
            "Drie verzonnen antwoorden op de honderd. Wie draagt de gevolgen als iemand daarop begint te bouwen?"
        ),
    )
    language = play.remark(
        dossier, "mila", "2.2B.3", "Test ook met vragen van mensen die moeite hebben met schrijven."
    )
    yield play.ago(6, 9, 0)
    play.ask_for_changes(dossier, (wrong, language))
    yield play.ago(2, 15, 40)
    play.reply(
        dossier,
        "eva",
        language,
        "Goed punt. Met het taalhuis verzamelen we tachtig vragen, geschreven en ingesproken.",
    )


def bicycles(play: Player) -> Tale:
    """Handed in; the secretary has not looked at it yet."""
    case = read_case("bicycles")
    yield play.ago(7, 14, 0)
    dossier = play.start(case)
    play.fill_in(dossier, case)
    yield play.ago(1, 10, 15)
    play.submit(dossier, case.lead)


def transit(play: Player) -> Tale:
    """Withdrawn after handing in."""
    case = read_case("transit")
    yield play.ago(26, 11, 10)
    dossier = play.start(case)
    play.fill_in(dossier, case)
    play.submit(dossier, case.lead)
    yield play.ago(23, 16, 30)
    play.withdraw(dossier, case.lead)


def wildlife(play: Player) -> Tale:
    """A draft of which two parts are filled in."""
    case = read_case("wildlife")
    yield play.ago(3, 9, 10)
    dossier = play.start(case)
    play.fill_in(dossier, case, parts=2)
