"""The page model of a public copy: that of the report, made from documents from which things were left out."""

from __future__ import annotations

import re
from dataclasses import fields, replace
from typing import Final

from ethiek.domain.redactions import MARKS, Redacted, redact
from ethiek.reports.attachments import Attachment
from ethiek.reports.contents import Hashes, Report, Variant
from ethiek.reports.decision import Decision
from ethiek.reports.languages import WORDS
from ethiek.reports.model import build
from ethiek.reports.public import PublicCopy, omitted
from ethiek.reports.public_source import PublicSource, read_redactions
from ethiek.reports.source import Documents, read
from ethiek.reports.values import date_words, day_words, number_words

MOMENT: Final = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z")


def build_public(source: PublicSource) -> Report:
    """Make the page model.

    Only the checksum of the advice is printed, by which the signed report is found; see decision 0029.

    Raises:
        RenderError: the documents or the redactions are incomplete, or do not belong together.
    """
    left = redacted(source, read(source.report))
    report = build(source.report, Documents(**left.documents))
    words = WORDS[report.language]
    return replace(
        report,
        variant=Variant.PUBLIC,
        hashes=Hashes("", report.hashes.advice, report.hashes.questionnaire),
        rounds=tuple(replace(one, sha256="") for one in report.rounds),
        attachments=tuple(_without_size(one) for one in report.attachments),
        decision=_without_checksums(report.decision),
        public=PublicCopy(
            source.version,
            day_words(source.adopted_at, words) if source.adopted_at else "",
            omitted(left.boxes(), report.language),
        ),
    )


def _without_size(file: Attachment) -> Attachment:
    """A file that is left out could be recognised by its size."""
    return replace(file, size="–") if MARKS.search(file.sha256) else file


def _without_checksums(decision: Decision | None) -> Decision | None:
    return decision and replace(decision, sha256="", report_sha256="", replaces_sha256="")


def redacted(source: PublicSource, documents: Documents) -> Redacted:
    """Return the documents without what is to be left out."""
    present = {one.name: getattr(documents, one.name) for one in fields(documents)}
    return redact(
        {name: value for name, value in present.items() if value is not None},
        read_redactions(source),
        printed_forms,
    )


def printed_forms(text: str) -> tuple[str, ...]:
    """Return every way in which a report prints a text: dates in words, numbers with the sign of the language.

    >>> printed_forms("2027-01-31")
    ('2027-01-31', '31 januari 2027', '31 January 2027')
    """
    forms = [text]
    for words in WORDS.values():
        printed = date_words(text, words)
        forms.append(printed if printed != text or not _is_number(text) else number_words(text, words))
        if MOMENT.fullmatch(text):
            forms.append(day_words(text, words))
    return tuple(dict.fromkeys(forms))


def _is_number(text: str) -> bool:
    return text.replace(".", "", 1).lstrip("-").isdigit()
