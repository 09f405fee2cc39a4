"""What a document about a dossier says, in which order. In Dutch, as all documents of Ethiek are."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from ethiek.exchange.blocks import Block, Document, Grid, Heading, Items, Text
from ethiek.exchange.dossier import DossierExport, Earlier, Entry, Group, Part, Remark, Section, State, Why
from ethiek.reports.values import Value, moment_words

NOT_SIGNED: Final = "Concept — niet ondertekend"
"""The first line of every document: only a sealed report is final."""
UNANSWERED: Final = "Nog niet beantwoord"
LEFT_EMPTY: Final = "Niet ingevuld"
WHY: Final = {
    Why.NO_PLACE: "Deze versie van de vragenlijst stelt deze vraag niet.",
    Why.NOT_USED: "Bij de vraag stond al een antwoord. Dat is niet veranderd.",
    Why.NOT_ASKED: "Deze vraag wordt nu niet gesteld, door een ander antwoord.",
}
_IN_A_ROW: Final = " — "


def compose(dossier: DossierExport) -> Document:
    """Put a dossier in a document."""
    facts = dossier.facts
    chapters = (_opening, _parts, _conclusions, _actions, _remarks, _earlier)
    blocks = tuple(block for chapter in chapters for block in chapter(dossier))
    return Document(
        f"{facts.reference} {facts.title}", facts.reference, dossier.language, dossier.exported_at, blocks
    )


def _opening(dossier: DossierExport) -> Iterator[Block]:
    facts = dossier.facts
    yield Text(NOT_SIGNED, quiet=True)
    yield Heading(1, facts.title)
    yield Text(facts.purpose)
    yield Heading(2, "Over dit dossier")
    yield Text(facts.reference, "Kenmerk")
    yield Text(_state(dossier), "Stand")
    yield Text(moment_words(dossier.exported_at), "Meegenomen op")
    yield Text(facts.unit, "Onderdeel van de organisatie")
    yield Text(facts.committee, "Commissie")
    yield Text(facts.kind, "Het gaat om")
    yield Text(facts.phase, "Fase van het project")
    yield Grid("Team", ("Naam", "Rol"), facts.team)
    yield from _instrument(dossier)


def _state(dossier: DossierExport) -> str:
    facts = dossier.facts
    if dossier.state is State.SUBMITTED:
        return (
            f"Ronde {facts.round}, ingediend op {moment_words(facts.submitted_at)} door {facts.submitted_by}"
        )
    return "Concept" if not facts.round else f"Concept, na ronde {facts.round}"


def _instrument(dossier: DossierExport) -> Iterator[Block]:
    instrument = dossier.instrument
    yield Heading(2, "Over de vragenlijst")
    yield Text(f"{instrument.title} ({instrument.key})", "Vragenlijst")
    made_by = ", ".join((*instrument.authors, instrument.publisher))
    yield Text(f"{instrument.source_title}, {instrument.edition}. {made_by}, {instrument.year}.", "Bron")
    yield Text(instrument.url, "Adres van de bron")
    yield Text(instrument.wording, "Over de formulering")
    yield Text(dossier.questionnaire_sha256, "Controlegetal van de vragenlijst (SHA-256)")


def _parts(dossier: DossierExport) -> Iterator[Block]:
    for part in dossier.parts:
        yield Heading(2, _numbered(part))
        for section in part.sections:
            yield from _section(section, dossier.state)


def _section(section: Section, state: State) -> Iterator[Block]:
    yield Heading(3, _numbered(section))
    for group in section.groups:
        yield from _group(group, state)
    if section.not_asked:
        yield Text("; ".join(section.not_asked), "Niet gevraagd, door een ander antwoord", quiet=True)


def _group(group: Group, state: State) -> Iterator[Block]:
    if group.label:
        yield Heading(4, group.label)
    for entry in group.entries:
        yield Heading(5 if group.label else 4, f"{entry.number} {entry.text}".strip())
        yield from _entry(entry, state)


def _entry(entry: Entry, state: State) -> Iterator[Block]:
    if entry.who:
        yield Text(", ".join(entry.who), "Aan tafel", quiet=True)
    if entry.help:
        yield Text(entry.help, "Hulp", quiet=True)
    if entry.value.empty:
        unanswered = state is State.DRAFT and not entry.optional
        yield Text(UNANSWERED if unanswered else LEFT_EMPTY, quiet=True)
    yield from _value(entry.value, entry.text)
    if entry.considerations:
        yield Text(entry.considerations, "Overwegingen")
    for reason in entry.warnings:
        yield Text(reason, "Let op")
    for remark in entry.remarks:
        yield from _remark(remark)


def _value(value: Value, name: str) -> Iterator[Block]:
    if len(value.choices) > 1:
        yield Items(value.choices)
    elif value.choices:
        yield Text(value.choices[0])
    if value.table:
        yield Grid(name, value.table.columns, value.table.rows)
    if value.text:
        yield Text(value.text)


def _remark(remark: Remark) -> Iterator[Block]:
    head = (f"Opmerking bij ronde {remark.round}", remark.about, remark.by, moment_words(remark.at))
    yield Text(remark.text, _IN_A_ROW.join(filter(None, head)))
    for reply in remark.replies:
        yield Text(reply.text, _IN_A_ROW.join(("Reactie", reply.by, moment_words(reply.at))))


def _conclusions(dossier: DossierExport) -> Iterator[Block]:
    if dossier.conclusions:
        yield Heading(2, "Uitkomst")
    for one in dossier.conclusions:
        yield Heading(3, f"{one.title}: {one.level.lower()}")
        yield Text(one.reason)


def _actions(dossier: DossierExport) -> Iterator[Block]:
    if dossier.actions:
        yield Heading(2, "Alle actiepunten")
    for actions in dossier.actions:
        yield Heading(3, actions.part)
        yield Grid(f"Actiepunten: {actions.part}", actions.table.columns, actions.table.rows)


def _remarks(dossier: DossierExport) -> Iterator[Block]:
    if dossier.remarks:
        yield Heading(2, "Andere opmerkingen")
    for remark in dossier.remarks:
        yield from _remark(remark)


def _earlier(dossier: DossierExport) -> Iterator[Block]:
    if dossier.earlier:
        yield Heading(2, "Eerdere antwoorden")
        yield Text("Deze antwoorden staan nu bij geen vraag. Ze zijn bewaard, en tellen niet mee.")
    for one in dossier.earlier:
        yield from _earlier_one(one)


def _earlier_one(one: Earlier) -> Iterator[Block]:
    yield Heading(3, one.question or "Zonder vraag")
    yield Text(WHY[one.why], quiet=True)
    if one.origin:
        when = f", {moment_words(one.at)}" if one.at else ""
        yield Text(f"{one.origin}{when}", "Herkomst", quiet=True)
    if one.text:
        yield Text(one.text)
    if considerations := one.answer.get("considerations"):
        yield Text(considerations, "Overwegingen")


def _numbered(thing: Part | Section) -> str:
    return f"{thing.number} {thing.title}".strip()
