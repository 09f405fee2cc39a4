"""What a document about a dossier says, in which order. In Dutch, as all documents of Ethiek are."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain
from typing import Final

from ethiek.domain.answer_text import DISSENT
from ethiek.exchange.blocks import Block, Document, Grid, Heading, Text, Written
from ethiek.exchange.characters import shown
from ethiek.exchange.dossier import (
    DossierExport,
    Earlier,
    Entry,
    Group,
    Part,
    Remark,
    Section,
    State,
    ToConfirm,
    Why,
)
from ethiek.exchange.typed import Typed, literal
from ethiek.markup import BulletList, Table, plain, read
from ethiek.markup.tree import Cell
from ethiek.reports.source import Json
from ethiek.reports.values import Value, date_words, moment_words

NOT_SIGNED: Final = "Concept — niet ondertekend"
"""The first line of every document: only a sealed report is final."""
UNANSWERED: Final = "Nog niet beantwoord"
LEFT_EMPTY: Final = "Niet ingevuld"
TO_CONFIRM: Final = "Nog te bevestigen"
WHY: Final = {
    Why.NO_PLACE: "Deze versie van de vragenlijst stelt deze vraag niet.",
    Why.NOT_USED: "Bij de vraag stond al een antwoord. Dat is niet veranderd.",
    Why.NOT_ASKED: "Deze vraag wordt nu niet gesteld, door een ander antwoord.",
}
_IN_A_ROW: Final = " — "


def compose(dossier: DossierExport) -> Document:
    """Put a dossier in a document."""
    facts = dossier.facts
    content = _Content(dossier, Typed(dossier.light_markdown))
    blocks = chain(
        _opening(dossier),
        content.parts(),
        _conclusions(dossier),
        content.gatherings(),
        content.actions(),
        _attachments(dossier),
        content.remarks(),
        content.earlier(),
    )
    return Document(
        f"{facts.reference} {facts.title}",
        facts.reference,
        dossier.language,
        dossier.exported_at,
        tuple(blocks),
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
    people = tuple((literal(name), literal(role)) for name, role in facts.team)
    yield Grid("Team", Table((literal("Naam"), literal("Rol")), people))
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


@dataclass(frozen=True, slots=True)
class _Content:
    """What team and committee wrote, chapter by chapter."""

    dossier: DossierExport
    typed: Typed

    def parts(self) -> Iterator[Block]:
        for part in self.dossier.parts:
            yield Heading(2, _numbered(part))
            yield from _of_the_set(part.intro)
            for section in part.sections:
                yield from self._section(section)

    def _section(self, section: Section) -> Iterator[Block]:
        yield Heading(3, _numbered(section))
        yield from _of_the_set(section.intro)
        for group in section.groups:
            yield from self._group(group)
        if section.not_asked:
            yield Text("; ".join(section.not_asked), "Niet gevraagd, door een ander antwoord", quiet=True)

    def _group(self, group: Group) -> Iterator[Block]:
        if group.label:
            yield Heading(4, group.label)
        for entry in group.entries:
            yield Heading(5 if group.label else 4, f"{entry.number} {entry.text}".strip())
            yield from self._entry(entry)

    def _entry(self, entry: Entry) -> Iterator[Block]:
        if entry.who:
            yield Text(", ".join(entry.who), "Aan tafel", quiet=True)
        yield from _of_the_set(entry.help, "Hulp")
        if entry.value.empty:
            unanswered = self.dossier.state is State.DRAFT and not entry.optional
            yield Text(UNANSWERED if unanswered else LEFT_EMPTY, quiet=True)
        if entry.to_confirm:
            yield Text(_origin(entry.to_confirm), TO_CONFIRM)
        yield from self._value(entry.value, entry.text)
        if entry.considerations:
            yield self.typed.text(entry.considerations, "Overwegingen")
        if entry.dissent:
            yield self.typed.text(entry.dissent, DISSENT)
        for reason in entry.warnings:
            yield Text(reason, "Let op")
        for remark in entry.remarks:
            yield from self._remark(remark)

    def _value(self, value: Value, name: str) -> Iterator[Block]:
        if len(value.choices) > 1:
            yield Written((BulletList(tuple(plain(shown(choice)) for choice in value.choices)),))
        elif value.choices:
            yield Text(value.choices[0])
        if value.table:
            yield self.typed.table(name, value.table)
        if value.text:
            yield self.typed.text(value.text)

    def _remark(self, remark: Remark) -> Iterator[Block]:
        head = (f"Opmerking bij ronde {remark.round}", remark.about, remark.by, moment_words(remark.at))
        yield self.typed.text(remark.text, _IN_A_ROW.join(filter(None, head)))
        for reply in remark.replies:
            yield self.typed.text(reply.text, _IN_A_ROW.join(("Reactie", reply.by, moment_words(reply.at))))

    def gatherings(self) -> Iterator[Block]:
        if self.dossier.gatherings:
            yield Heading(2, "Bijeenkomsten van het team")
        for one in self.dossier.gatherings:
            yield Heading(3, one.title)
            yield Text(date_words(one.on.isoformat()), "Datum")
            people = tuple((literal(person.name), literal(person.role)) for person in one.participants)
            yield Grid("Deelnemers", Table((literal("Naam"), literal("Rol")), people))
            if one.note:
                yield self.typed.text(one.note, "Notities")

    def actions(self) -> Iterator[Block]:
        if self.dossier.actions:
            yield Heading(2, "Alle actiepunten")
        for actions in self.dossier.actions:
            yield Heading(3, actions.part)
            yield self.typed.table(f"Actiepunten: {actions.part}", actions.table)

    def remarks(self) -> Iterator[Block]:
        if self.dossier.remarks:
            yield Heading(2, "Andere opmerkingen")
        for remark in self.dossier.remarks:
            yield from self._remark(remark)

    def earlier(self) -> Iterator[Block]:
        if self.dossier.earlier:
            yield Heading(2, "Eerdere antwoorden")
            yield Text("Deze antwoorden staan nu bij geen vraag. Ze zijn bewaard, en tellen niet mee.")
        for one in self.dossier.earlier:
            yield from self._earlier(one)

    def _earlier(self, one: Earlier) -> Iterator[Block]:
        yield Heading(3, one.question or "Zonder vraag")
        yield Text(WHY[one.why], quiet=True)
        if one.origin:
            when = f", {moment_words(one.at)}" if one.at else ""
            yield Text(f"{one.origin}{when}", "Herkomst", quiet=True)
        if one.text:
            yield self.typed.text(one.text)
        if considerations := one.answer.get("considerations"):
            yield self.typed.text(considerations, "Overwegingen")
        if dissent := one.answer.get("dissent"):
            yield self.typed.text(dissent, DISSENT)


def _of_the_set(text: str, label: str = "") -> Iterator[Block]:
    """A text of the question set, which is light Markdown in every round."""
    if text:
        yield Written(read(text), label, quiet=True)


def _origin(waits: ToConfirm) -> str:
    return (
        f"overgenomen uit {waits.origin}, daar geschreven op {moment_words(waits.at)} bij: {waits.question}"
    )


def _conclusions(dossier: DossierExport) -> Iterator[Block]:
    if dossier.conclusions:
        yield Heading(2, "Uitkomst")
    for one in dossier.conclusions:
        yield Heading(3, f"{one.title}: {one.level.lower()}")
        yield Text(one.reason)


def _attachments(dossier: DossierExport) -> Iterator[Block]:
    if dossier.attachments:
        yield Heading(2, "Bijlagen")
        yield Text("De bestanden zelf zitten hier niet bij.", quiet=True)
        columns = tuple(map(literal, ("Bestand", "Bij vraag", "Omschrijving", "SHA-256")))
        yield Grid("Bijlagen", Table(columns, tuple(map(_attachment, dossier.attachments))))


def _attachment(row: Json) -> tuple[Cell, ...]:
    place = row["question"] or "het hele dossier"
    return tuple(map(literal, (row["name"], place, row["description"], row["sha256"])))


def _numbered(thing: Part | Section) -> str:
    return f"{thing.number} {thing.title}".strip()
