"""A dossier as data, format ``ethiek-dossier/1``: documented in docs/formats.md, described by a JSON Schema."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

import rfc8785

from ethiek.exchange.dossier import DossierExport, Earlier, Entry, Group, Remark, Section, State, ToConfirm
from ethiek.reports.source import Json
from ethiek.reports.values import Table

FORMAT: Final = "ethiek-dossier/1"
SCHEMA: Final = Path(__file__).with_name("dossier.schema.json")


def to_json(dossier: DossierExport) -> bytes:
    """The dossier in canonical JSON (RFC 8785)."""
    facts = dossier.facts
    instrument = dossier.instrument
    names = ("reference", "title", "purpose", "unit", "committee", "kind", "phase")
    submitted = {"at": facts.submitted_at, "by": facts.submitted_by}
    return rfc8785.dumps(
        {
            "format": FORMAT,
            "state": dossier.state.value,
            "light_markdown": dossier.light_markdown,
            "exported_at": dossier.exported_at,
            "dossier": {name: getattr(facts, name) for name in names},
            "round": facts.round,
            "submitted": submitted if dossier.state is State.SUBMITTED else None,
            "team": [{"name": name, "role": role} for name, role in facts.team],
            "questionnaire": {
                "key": instrument.key,
                "title": instrument.title,
                "language": dossier.language,
                "sha256": dossier.questionnaire_sha256,
                "source": _source(dossier),
            },
            "parts": [
                {
                    "number": part.number,
                    "title": part.title,
                    "intro": part.intro,
                    "sections": [_section(section) for section in part.sections],
                }
                for part in dossier.parts
            ],
            "conclusions": [
                {"title": one.title, "level": one.level, "reason": one.reason} for one in dossier.conclusions
            ],
            "actions": [
                {"part": one.part, "question": one.question, **_table(one.table)} for one in dossier.actions
            ],
            "earlier_answers": [_earlier(one) for one in dossier.earlier],
            "remarks": [_remark(remark) for remark in dossier.remarks],
            **({"attachments": list(dossier.attachments)} if dossier.attachments else {}),
            **({"sessions": [one.to_json() for one in dossier.gatherings]} if dossier.gatherings else {}),
        }
    )


def _source(dossier: DossierExport) -> Json:
    instrument = dossier.instrument
    return {
        "title": instrument.source_title,
        "publisher": instrument.publisher,
        "year": instrument.year,
        "edition": instrument.edition,
        "wording": instrument.wording,
        "url": instrument.url,
        "authors": list(instrument.authors),
    }


def _section(section: Section) -> dict[str, Any]:
    return {
        "number": section.number,
        "title": section.title,
        "intro": section.intro,
        "groups": [_group(group) for group in section.groups],
        "not_asked": list(section.not_asked),
    }


def _group(group: Group) -> dict[str, Any]:
    return {"label": group.label, "questions": [_entry(entry) for entry in group.entries]}


def _entry(entry: Entry) -> dict[str, Any]:
    names = ("question", "item", "number", "text", "kind", "help", "optional")
    return {
        **{name: getattr(entry, name) for name in names},
        "who": list(entry.who),
        "answered": not entry.value.empty,
        "answer": dict(entry.answer),
        "chosen": list(entry.value.choices),
        "table": _table(entry.value.table) if entry.value.table else None,
        "to_confirm": _to_confirm(entry.to_confirm),
        "warnings": list(entry.warnings),
        "remarks": [_remark(remark) for remark in entry.remarks],
    }


def _to_confirm(waits: ToConfirm | None) -> dict[str, str] | None:
    return {"origin": waits.origin, "question": waits.question, "at": waits.at} if waits else None


def _table(table: Table) -> dict[str, Any]:
    return {"columns": list(table.columns), "rows": [list(row) for row in table.rows]}


def _earlier(one: Earlier) -> dict[str, Any]:
    return {
        "question": one.question,
        "text": one.text,
        "why": one.why.value,
        "origin": one.origin,
        "at": one.at,
        "answer": dict(one.answer),
    }


def _remark(remark: Remark) -> dict[str, Any]:
    replies = [{"by": reply.by, "text": reply.text, "at": reply.at} for reply in remark.replies]
    return {
        "round": remark.round,
        "about": remark.about,
        "by": remark.by,
        "text": remark.text,
        "at": remark.at,
        "replies": replies,
    }
