"""The words that a report prints around what people typed: one frozen table per language.

A report is a function of its documents, so its words do not pass through gettext, whose catalogues and whose
language of the moment belong to the pages. Texts with ``{names}`` are filled in with ``format``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Words:
    """All words of a report in one language. No field has a default, so no language can lack one."""

    months: tuple[str, ...]
    day: str
    moment: str
    decimal_sign: str
    yes_no: Mapping[str, str]
    verdicts: Mapping[str, str]
    approvers: Mapping[str, str]
    levels: Mapping[str, str]
    project: Mapping[str, str]
    """Kinds and phases, as the snapshot names them, in the words of this language."""
    residual: str
    """The instruments' own word: a table under a heading or question that names it lists residual risks."""

    # Cover and margins
    kind: str
    concept: str
    concept_kind: str
    concept_says: str
    page: str
    page_of: str
    subject: str
    committee_advice: str
    with_condition: str
    with_conditions: str
    test_title: str
    test_mark: str
    """The verifier looks for this sentence on page 1."""
    test_meaning: str
    instrument: str
    unit: str
    round: str
    round_handed_in: str
    adopted: str
    approved: str
    at_by: str
    at_by_role: str
    dossier_hash: str
    """The verifier looks for this label on page 1, and for the next one."""
    advice_hash: str
    check_online: str
    check_short: str
    logo_of: str

    # Summary and contents
    summary: str
    reasons: str
    more_rows: str
    open_risks: str
    no_open_risks: str
    risk_follows: str
    read_on: str
    read_verdict: str
    read_conditions: str
    read_dossier: str
    read_check: str
    contents: str

    # The advice
    advice: str
    no_motivation: str
    conditions: str
    no_conditions: str
    number: str
    condition: str
    owner: str
    due: str
    minority: str
    minority_says: str
    no_minority: str
    reviews: str
    no_reviews: str
    quorum: str
    quorum_received: str
    quorum_received_one: str
    quorum_needed: str
    approval: str
    approval_says: str
    role: str
    name: str
    approved_at: str
    loose_remarks: str

    # The assessment
    dossier: str
    dossier_says: str
    dossier_says_concept: str
    purpose: str
    project_kind: str
    phase: str
    not_asked: str
    outcome: str
    outcome_column: str
    outcome_level: str
    outcome_reason: str
    no_outcome: str
    considerations: str
    attention: str
    remark_by: str
    reply_by: str
    unanswered: str

    # The annexes
    actions: str
    no_actions: str
    risks: str
    no_risks: str
    instrument_warnings: str
    question: str
    rounds: str
    rounds_say: str
    handed_in: str
    people: str
    team: str
    no_team: str
    participants: str
    handed_in_by: str
    reviewed: str
    adopted_by: str
    approved_as: str
    account: str
    source: str
    publisher: str
    authors: str
    edition: str
    found_at: str
    wording: str
    unresolved: str
    check: str
    check_say: str
    check_steps: tuple[str, ...]
    about: str
    about_say: str
    template_version: str
    set_hash: str
    set_key: str
    standards: str
    files: str
    file_names: Mapping[str, str]

    # The bundle for a meeting
    bundle: str
    bundle_says: str
    bundle_contents: str

    # The public copy
    public: str
    public_kind: str
    public_says: str
    public_of_test: str
    public_version: str
    public_preview: str
    left_out: str
    left_out_because: str
    omitted: str
    omitted_say: str
    nothing_omitted: str
    ground: str
    ground_says: str
    places: str
    check_public: str
    check_public_say: str
    check_public_steps: tuple[str, ...]
    # The whole dossier
    full: str
    full_says: str
    full_round: str
    full_handed_in: str
    full_no_advice: str
    full_remarks: str
    copy: str
    # The seal
    qr_of: str
    seal_reason: str
    """Stands in the signature itself."""

    # The preview at approval
    preview: str
    preview_says: str
    not_yet: str
    not_yet_by: str

    # What changed in a round
    changes_added: str
    changes_changed: str
    changes_removed: str
    no_changes: str
    # Files that were handed in
    attachments: str
    attachments_say: str
    attachment_facts: str
    attachment_at: str
    attachment_whole: str
    attachments_here: str
    # Facts of the committee and the team
    recusals: str
    recusals_say: str
    capacity: str
    capacities: Mapping[str, str]
    recusal_reason: str
    recorded_at: str
    meeting: str
    meeting_on: str
    meeting_present: str
    meeting_absent: str
    gatherings: str
    gatherings_say: str
    gathering_participants: str
    dissent: str
    # The decision of the official
    decision: str
    decision_caption: str
    decision_row: str
    decision_outcomes: Mapping[str, str]
    decision_follows: Mapping[str, str]
    decision_by: str
    decision_capacity: str
    decision_at: str
    decision_reason: str
    decision_conditions: str
    decision_adopts: str
    decision_adopted: Mapping[str, str]
    decision_revised: str
    decision_earlier_hash: str
    decision_read: str
    decision_read_says: str
    decision_read_hash: str
    decision_hash: str
    """The verifier looks for this label on page 1, behind that of the advice."""
    decided: str

    # Signatures of persons
    signs_too: str
