"""What a report is made from: four byte strings (five with a decision), and nothing else.

The strings are canonical JSON (RFC 8785). They are embedded in the report as they are, so that everybody can
recompute the SHA-256 values on page 1.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Any, Final

from ethiek.errors import RenderError
from ethiek.reports.house import PLAIN, House
from ethiek.reports.languages import WORDS, printed_language

Json = Mapping[str, Any]

_SHA256: Final = re.compile(r"[0-9a-f]{64}")
PLAIN_SNAPSHOT: Final = "ethiek-snapshot/1"
SNAPSHOT: Final = "ethiek-snapshot/2"
"""Since 2 the texts are light Markdown; nothing else changed."""
APPROVALS: Final = "ethiek-approvals/3"
"""Since 2 they say which signatures the finished report must carry (before: only the seal), since 3 its level."""
DECISION: Final = "ethiek-decision/1"
FORMATS: Final = {
    "snapshot": (SNAPSHOT, PLAIN_SNAPSHOT),
    "advice": ("ethiek-advice/1",),
    "approvals": (APPROVALS, "ethiek-approvals/2", "ethiek-approvals/1"),
    "decision": (DECISION,),
}


@dataclass(frozen=True, slots=True)
class ReportSource:
    """The four documents of one adopted advice, and how they are to be presented.

    ``test_seal``: the seal will be a test certificate, which page 1 then says in words. ``public_url``: the origin
    under which everybody can check the report, which page 1 then names; empty if there is none.
    ``time_stamps``: the report has room for time stamps (an authority is configured). ``preview``: it is printed for
    who may approve it, with the approvals until now; marked on every page, without documents in it, never sealed.
    ``decision``: what the accountable official decided after reading an earlier edition; empty while there is none.
    """

    snapshot: bytes
    advice: bytes
    approvals: bytes
    questionnaire: bytes
    test_seal: bool
    language: str = "nl"
    public_url: str = ""
    time_stamps: bool = False
    house: House = PLAIN
    preview: bool = False
    decision: bytes = b""

    @property
    def signatures(self) -> tuple[str, ...]:
        """The fields that the finished report must carry, as its approvals say."""
        named = _parse("approvals.json", self.approvals).get("signatures")
        return tuple(map(str, named)) if isinstance(named, list) else ()

    def files(self) -> dict[str, bytes]:
        """The files embedded in the report, by name.

        >>> list(ReportSource(b"", b"", b"", b"", test_seal=True).files())
        ['snapshot.json', 'advice.json', 'approvals.json', 'questionnaire.json']
        """
        decided = {"decision.json": self.decision} if self.decision else {}
        return {
            "snapshot.json": self.snapshot,
            "advice.json": self.advice,
            "approvals.json": self.approvals,
            "questionnaire.json": self.questionnaire,
            **decided,
        }


@dataclass(frozen=True, slots=True)
class ConceptSource:
    """A dossier to be printed before there is an advice; the documents as in :class:`ReportSource`."""

    snapshot: bytes
    questionnaire: bytes
    organisation: str
    committee: str
    language: str = "nl"
    house: House = PLAIN


@dataclass(frozen=True, slots=True)
class BundleSource:
    """Dossiers for one meeting: snapshot and question set of each, in the order of the agenda."""

    title: str
    dossiers: tuple[tuple[bytes, bytes], ...]
    organisation: str
    committee: str
    language: str = "nl"
    house: House = PLAIN

    def concepts(self) -> tuple[ConceptSource, ...]:
        """Every dossier as a concept of its own."""
        return tuple(
            ConceptSource(
                snapshot, questionnaire, self.organisation, self.committee, self.language, self.house
            )
            for snapshot, questionnaire in self.dossiers
        )


@dataclass(frozen=True, slots=True)
class HandedIn:
    """One round of a dossier: snapshot, question set, and the released remarks on it (a JSON list).

    A remark is as in ``ethiek-advice/1``.
    """

    snapshot: bytes
    questionnaire: bytes
    remarks: bytes = b"[]"


@dataclass(frozen=True, slots=True)
class FullSource:
    """Everything that was handed in and said about one dossier; ``advice``: None until it is signed."""

    rounds: tuple[HandedIn, ...]
    organisation: str
    committee: str
    advice: ReportSource | None = None
    language: str = "nl"
    house: House = PLAIN


@dataclass(frozen=True, slots=True)
class Documents:
    """The same documents, parsed. ``decision``: None while there is none."""

    snapshot: Json
    advice: Json
    approvals: Json
    questionnaire: Json
    decision: Json | None = None


def digest(data: bytes) -> str:
    """SHA-256 in lower-case hexadecimal (NL: controlegetal)."""
    return sha256(data).hexdigest()


def read(source: ReportSource) -> Documents:
    """Parse the documents and check that each names the one it is about.

    Raises:
        RenderError: a document is not JSON, has an unknown format, or names another document's SHA-256.
    """
    _check_language(source.language)
    documents = Documents(
        **{name.removesuffix(".json"): _parse(name, data) for name, data in source.files().items()}
    )
    for name in FORMATS:
        if (document := getattr(documents, name)) is not None:
            _check_format(name, document)
    _check_chain(source, documents)
    return documents


def read_concept(source: ConceptSource) -> tuple[Json, Json]:
    """Parse the snapshot and the question set of a concept.

    Raises:
        RenderError: as in :func:`read`.
    """
    _check_language(source.language)
    snapshot = _parse("snapshot.json", source.snapshot)
    questionnaire = _parse("questionnaire.json", source.questionnaire)
    _check_format("snapshot", snapshot)
    if digest(source.questionnaire) != (snapshot.get("questionnaire") or {}).get("sha256"):
        raise RenderError("questionnaire.json differs from the SHA-256 recorded for it")
    return snapshot, questionnaire


def language_of(questionnaire: bytes) -> str:
    """The language in which a report on this question set is printed."""
    return printed_language(str(_parse("questionnaire.json", questionnaire).get("language")))


def _check_language(language: str) -> None:
    if language not in WORDS:
        raise RenderError(f"language {language!r} is not supported")


def _check_format(name: str, document: Json) -> None:
    found, expected = document.get("format"), FORMATS[name]
    if found not in expected:
        raise RenderError(f"{name}.json has format {found!r}, expected {expected[0]!r}")


def has_light_markdown(snapshot: Json) -> bool:
    """Whether the texts of a dossier are light Markdown; those of an older one are plain, and stay so."""
    return bool(snapshot["format"] != PLAIN_SNAPSHOT)


def _parse(name: str, data: bytes) -> Json:
    try:
        value = json.loads(data)
    except (ValueError, RecursionError) as error:
        raise RenderError(f"{name} is not JSON") from error
    if not isinstance(value, dict):
        raise RenderError(f"{name} is not a JSON object")
    return value


def _check_chain(source: ReportSource, documents: Documents) -> None:
    named = {
        "questionnaire.json": (documents.snapshot.get("questionnaire") or {}).get("sha256"),
        "snapshot.json": documents.advice.get("snapshot_sha256"),
        "advice.json": documents.approvals.get("advice_sha256"),
    }
    for name, expected in named.items():
        if digest(source.files()[name]) != expected:
            raise RenderError(f"{name} differs from the SHA-256 recorded for it")
    if documents.decision is not None:
        _check_decision(documents.decision, documents.approvals)


def _check_decision(decision: Json, approvals: Json) -> None:
    """Pass if it is about this advice, and names a signed report that was read.

    Which file that was, only the archive can tell: the report cannot hold its own earlier edition.
    """
    if decision.get("advice_sha256") != approvals.get("advice_sha256"):
        raise RenderError("decision.json is about another advice")
    if not _SHA256.fullmatch(str(decision.get("report_sha256"))):
        raise RenderError("decision.json names no report")
