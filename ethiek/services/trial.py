"""A trial of the report before the hand-in: the dossier as it is, with a stand-in for the advice."""

from __future__ import annotations

import hashlib

import rfc8785
from sqlalchemy.orm import Session

from ethiek.domain.actors import Stamp
from ethiek.reports.source import ReportSource
from ethiek.services import questionnaires, submission
from ethiek.services.submission import Draft


def source_of(session: Session, draft: Draft, organisation: str, stamp: Stamp) -> ReportSource:
    """Gather what the report of this dossier would be rendered from, were it handed in and advised on now."""
    snapshot = submission.preview(session, draft, stamp)
    at = stamp.at.isoformat().replace("+00:00", "Z")
    advice = _advice(draft, hashlib.sha256(snapshot).hexdigest(), organisation, at)
    approvals = rfc8785.dumps(
        {
            "format": "ethiek-approvals/1",
            "advice_sha256": hashlib.sha256(advice).hexdigest(),
            "approvals": [{"role": role, "by": "Proef", "at": at} for role in ("chair", "secretary")],
        }
    )
    content = questionnaires.content_of(session, draft.access.dossier.questionnaire_key)
    return ReportSource(snapshot, advice, approvals, content, test_seal=True)


def _advice(draft: Draft, snapshot_sha256: str, organisation: str, at: str) -> bytes:
    dossier = draft.access.dossier
    return rfc8785.dumps(
        {
            "format": "ethiek-advice/1",
            "organisation": organisation,
            "committee": dossier.committee.name,
            "dossier": {"id": str(dossier.id), "reference": dossier.reference, "title": dossier.title},
            "round": dossier.round + 1,
            "snapshot_sha256": snapshot_sha256,
            "verdict": "positive",
            "motivation": "Proef",
            "conditions": [],
            "reviews": [],
            "remarks": [],
            "rounds": [],
            "adopted": {"by": "Proef", "at": at},
        }
    )
