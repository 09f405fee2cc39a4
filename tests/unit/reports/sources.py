"""A complete, realistic advice: the four documents of a small question set, filled in and approved."""

from __future__ import annotations

import json
from dataclasses import asdict
from hashlib import sha256
from typing import Any

import rfc8785

from ethiek.questionnaires.model import (
    Check,
    Column,
    Kind,
    Option,
    Part,
    Question,
    Questionnaire,
    Section,
    Source,
    Test,
)
from ethiek.reports.source import BundleSource, ConceptSource, ReportSource

RIGHTS = (Option("privacy", "Privacy en gegevensbescherming"), Option("equality", "Gelijke behandeling"))
ACTION_COLUMNS = (
    Column("what", "Wat", Kind.OPEN_TEXT),
    Column("who", "Wie"),
    Column("when", "Uiterlijk", Kind.DATE),
)
ACTIONS = Question("1.actions", "Actiepunten van dit deel", Kind.TABLE, columns=ACTION_COLUMNS, actions=True)
LOREM = (
    "De provincie wil weten hoeveel mensen de natuurgebieden bezoeken, en wanneer. Met die aantallen kan zij "
    "paden verleggen voordat de rust van broedende vogels wordt verstoord. Tellen met lussen bij de ingang "
    "geeft alleen een beeld van de hoofdpaden; telefoonapps geven een beeld van het hele gebied."
)


def a_questionnaire() -> Questionnaire:
    why = Section(
        "1.1",
        "Aanleiding en doel",
        (
            Question(
                "1.1.1", "Wat is de aanleiding om dit algoritme in te zetten?", Kind.OPEN_TEXT, number="1.1.1"
            ),
            Question("1.1.2", "Wordt het algoritme al gebruikt?", Kind.YES_NO, number="1.1.2", explain=True),
            Question(
                "1.1.3",
                "Hoe lang wordt het al gebruikt?",
                Kind.SHORT_TEXT,
                number="1.1.3",
                show_when=Check("1.1.2", Test.IS, ("yes",)),
            ),
        ),
        number="1.1",
    )
    values = Section(
        "1.2",
        "Publieke waarden",
        (
            Question(
                "1.2.1",
                "Welke waarde weegt het zwaarst?",
                Kind.CHOICE,
                number="1.2.1",
                options=(Option("nature", "Natuur"), Option("freedom", "Vrijheid")),
            ),
            Question("1.2.2", "Wanneer wordt het algoritme in gebruik genomen?", Kind.DATE, number="1.2.2"),
            Question("1.2.3", "Hoeveel telefoons zijn er gemiddeld per dag?", Kind.NUMBER, number="1.2.3"),
            ACTIONS,
        ),
        number="1.2",
    )
    rights = Section(
        "4.1",
        "Geraakte grondrechten",
        (
            Question(
                "4.1.1", "Welke grondrechten raakt het algoritme?", Kind.MULTI_CHOICE, "4.1.1", options=RIGHTS
            ),
        ),
        number="4.1",
    )
    per_right = Section(
        "4.2",
        "Per grondrecht",
        (
            Question("4.2.1", "Hoe zwaar is de inbreuk?", Kind.OPEN_TEXT, number="4.2.1"),
            Question("4.2.2", "Welke maatregelen verkleinen de inbreuk?", Kind.OPEN_TEXT, number="4.2.2"),
        ),
        number="4.2",
        repeat_for="4.1.1",
    )
    closing = Section(
        "5.C",
        "Restrisico’s en acceptatie",
        (
            Question(
                "5.C.1",
                "Welke risico’s blijven over, en worden die aanvaard?",
                Kind.TABLE,
                columns=(
                    Column("risk", "Risico", Kind.OPEN_TEXT),
                    Column(
                        "decision",
                        "Besluit",
                        Kind.CHOICE,
                        (Option("accepted", "Aanvaard"), Option("no", "Afgewezen")),
                    ),
                ),
            ),
        ),
        number="5.C",
    )
    return Questionnaire(
        id="proef",
        version="1.0",
        title="Proeftoets mensenrechten en algoritmes 1.0",
        short_title="Proeftoets",
        language="nl",
        choose_when=("Kies deze toets bij een algoritme.", "Kies een andere bij een dataproject."),
        source=Source(
            title="Handreiking voor een proeftoets",
            publisher="Proefuitgeverij",
            year=2026,
            edition="eerste uitgave",
            wording="De formulering van de vragen is van ons, in eenvoudige taal.",
            url="https://example.org/proeftoets",
            authors=("A. Auteur", "B. Schrijver"),
            unresolved=("Het nummer van vraag 1.2.3 is niet te bevestigen.",),
        ),
        roles=(),
        parts=(
            Part("1", "Waarom?", (why, values), number="1"),
            Part("4", "Grondrechten", (rights, per_right), number="4"),
            Part("5", "Afsluiting", (closing,), number="5"),
        ),
    )


def answers() -> list[dict[str, Any]]:
    return [
        _answer(
            "1.1.1",
            text=f"{LOREM}\n\nDe tweede alinea\nstaat op twee regels.",
            considerations="Lussen zijn duurder.",
        ),
        _answer("1.1.2", choice="no", text="Er is alleen een proef gedaan."),
        _answer("1.2.1", choice="nature"),
        _answer("1.2.2", date="2027-04-01"),
        _answer("1.2.3", number="1250.5"),
        _answer(
            "1.actions",
            rows=[
                {
                    "what": "Leg vast hoe lang de tellingen worden bewaard.",
                    "who": "Noor",
                    "when": "2027-01-31",
                },
                {"what": "Vraag de leverancier om een beschrijving.", "who": "Inkoop", "when": "2027-02-28"},
            ],
        ),
        _answer("4.1.1", choices=["privacy", "equality"]),
        _answer("4.2.1", item="privacy", text="Een verblijfplaats zegt iets over iemands leven."),
        _answer("4.2.2", item="privacy", text="Tellen per vak van 500 meter, nooit onder de tien telefoons."),
        _answer("4.2.1", item="equality", text="Ouderen gebruiken de apps minder vaak."),
        _answer("4.2.2", item="equality", text="Elk kwartaal een handtelling ter vergelijking."),
        _answer("5.C.1", rows=[{"risk": "Een klein vak is toch herleidbaar.", "decision": "accepted"}]),
    ]


def _answer(question: str, item: str = "", **answer: object) -> dict[str, Any]:
    return {"question": question, "item": item, "answer": answer}


def a_snapshot(questionnaire: bytes, **changes: object) -> dict[str, Any]:
    return {
        "format": "ethiek-snapshot/2",
        "dossier": {
            "id": "0b7c9d5e-0000-4000-8000-000000000007",
            "reference": "ETH-2026-0007",
            "title": "Bezoekersaantallen in natuurgebieden uit telefoonapps",
            "purpose": "Paden verleggen voordat broedende vogels worden verstoord.",
            "unit": "Natuur en Water",
            "kind": "Algoritme",
            "phase": "Verkenning",
        },
        "round": 2,
        "questionnaire": {
            "key": "proef/1.0",
            "title": "Proeftoets mensenrechten en algoritmes 1.0",
            "language": "nl",
            "sha256": sha256(questionnaire).hexdigest(),
        },
        "team": [{"name": "Noor", "role": "Projectleider"}, {"name": "Yara", "role": "Jurist"}],
        "submitted": {"at": "2026-11-10T09:30:00Z", "by": "Noor"},
        "answers": answers(),
        "warnings": [
            {
                "question": "4.1.1",
                "item": "",
                "effect": "warn",
                "reason": "Er zijn grondrechten geraakt: betrek een jurist.",
            }
        ],
        "not_asked": ["1.1.3"],
        **changes,
    }


def an_advice(snapshot: bytes, **changes: object) -> dict[str, Any]:
    return {
        "format": "ethiek-advice/1",
        "organisation": "Provincie Voorbeeldland",
        "committee": "Commissie Ethiek en Digitalisering",
        "dossier": {
            "id": "0b7c9d5e-0000-4000-8000-000000000007",
            "reference": "ETH-2026-0007",
            "title": "Bezoekersaantallen in natuurgebieden uit telefoonapps",
        },
        "round": 2,
        "snapshot_sha256": sha256(snapshot).hexdigest(),
        "verdict": "conditional",
        "motivation": f"{LOREM}\n\nDe commissie vindt het doel goed onderbouwd.",
        "conditions": [
            {
                "text": "Bewaar de tellingen niet langer dan een jaar, en leg dat vast in de overeenkomst.",
                "owner": "Opgavemanager Natuur",
                "due_on": "2027-01-31",
            },
            {
                "text": "Publiceer de telmethode in het Algoritmeregister.",
                "owner": "Noor",
                "due_on": "2027-03-01",
            },
        ],
        "reviews": [
            {
                "by": "Mila",
                "verdict": "conditional",
                "motivation": "Het doel is goed; de bewaartermijn ontbreekt.",
                "at": "2026-11-15T13:00:00Z",
            },
            {
                "by": "Chris",
                "verdict": "positive",
                "motivation": "Zorgvuldig voorbereid.",
                "at": "2026-11-16T08:20:00Z",
            },
        ],
        "remarks": [
            {
                "round": 1,
                "question": "1.1.1",
                "item": "",
                "by": "Mila",
                "text": "Waarom zijn lussen niet genoeg?",
                "at": "2026-11-02T10:00:00Z",
                "replies": [
                    {"by": "Noor", "text": "Dat staat nu bij de overwegingen.", "at": "2026-11-04T16:45:00Z"}
                ],
            },
            {
                "round": 2,
                "question": "4.2.2",
                "item": "privacy",
                "by": "Chris",
                "text": "Is tien telefoons genoeg?",
                "at": "2026-11-12T11:00:00Z",
                "replies": [],
            },
            {
                "round": 1,
                "question": "",
                "item": "",
                "by": "Sem",
                "text": "Het dossier is compleet.",
                "at": "2026-11-01T09:00:00Z",
                "replies": [],
            },
        ],
        "rounds": [
            {"round": 1, "submitted_at": "2026-10-28T12:00:00Z", "sha256": "a1" * 32},
            {"round": 2, "submitted_at": "2026-11-10T09:30:00Z", "sha256": sha256(snapshot).hexdigest()},
        ],
        "adopted": {"by": "Chris", "at": "2026-11-20T14:00:00Z"},
        **changes,
    }


def an_approval(advice: bytes, **changes: object) -> dict[str, Any]:
    return {
        "format": "ethiek-approvals/3",
        "advice_sha256": sha256(advice).hexdigest(),
        "signatures": ["Seal"],
        "level": "b-b",
        "approvals": [
            {"role": "chair", "by": "Chris", "at": "2026-11-21T09:00:00Z"},
            {"role": "secretary", "by": "Sem", "at": "2026-11-21T10:15:00Z"},
        ],
        **changes,
    }


def a_source(
    *,
    questionnaire: Questionnaire | None = None,
    snapshot: dict[str, object] | None = None,
    advice: dict[str, object] | None = None,
    approvals: dict[str, object] | None = None,
    test_seal: bool = True,
    time_stamps: bool = False,
) -> ReportSource:
    """A source whose documents name each other's SHA-256; the arguments replace top-level fields."""
    questions = canonical(asdict(questionnaire or a_questionnaire()))
    snapshot_ = canonical(a_snapshot(questions, **(snapshot or {})))
    advice_ = canonical(an_advice(snapshot_, **(advice or {})))
    approvals_ = canonical(an_approval(advice_, **(approvals or {})))
    return ReportSource(
        snapshot_, advice_, approvals_, questions, test_seal=test_seal, time_stamps=time_stamps
    )


def every_kind() -> tuple[ReportSource, ConceptSource, BundleSource]:
    """The same dossier as an advice, as a concept and in a bundle."""
    source = a_source()
    concept = ConceptSource(source.snapshot, source.questionnaire, "Provincie", "Commissie")
    bundle = BundleSource("Vergadering", ((source.snapshot, source.questionnaire),), "Provincie", "Commissie")
    return source, concept, bundle


def canonical(value: object) -> bytes:
    return rfc8785.dumps(json.loads(json.dumps(value)))
