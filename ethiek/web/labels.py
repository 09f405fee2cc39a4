"""Words for values: what a status, a verdict or a reason is called on screen."""

from __future__ import annotations

from typing import Final

from flask_babel import lazy_gettext as _l

from ethiek.domain.actors import Role
from ethiek.domain.advice import Verdict
from ethiek.domain.projects import Phase, ProjectKind
from ethiek.domain.recusals import Shortage
from ethiek.domain.workflow import Status
from ethiek.questionnaires.model import Level

STATUS: Final = {
    Status.DRAFT: _l("Draft"),
    Status.SUBMITTED: _l("Submitted"),
    Status.IN_REVIEW: _l("In review"),
    Status.CHANGES_REQUESTED: _l("Changes requested"),
    Status.ADVISED: _l("Advice adopted"),
    Status.AWAITING_SIGNATURE: _l("Waiting for signature"),
    Status.ARCHIVED: _l("Signed and archived"),
    Status.WITHDRAWN: _l("Withdrawn"),
}

VERDICT: Final = {
    Verdict.POSITIVE: _l("Positive"),
    Verdict.CONDITIONAL: _l("Positive with conditions"),
    Verdict.NEGATIVE: _l("Negative"),
    Verdict.OUT_OF_SCOPE: _l("Out of scope"),
}

LANGUAGE: Final = {"nl": _l("Dutch"), "en": _l("English")}


def label_of_language(code: str) -> str:
    """Return the name of a language; one we do not know by its code."""
    return str(LANGUAGE.get(code, code))


KIND: Final = {
    ProjectKind.ALGORITHM: _l("Algorithm"),
    ProjectKind.AI_SYSTEM: _l("AI system"),
    ProjectKind.SENSOR: _l("Sensor"),
    ProjectKind.DATA_PROJECT: _l("Data project"),
}

PHASE: Final = {
    Phase.IDEA: _l("Idea"),
    Phase.DESIGN: _l("Design"),
    Phase.PILOT: _l("Pilot"),
    Phase.IN_USE: _l("In use"),
    Phase.CHANGE: _l("Change of something in use"),
}

LEVEL: Final = {
    Level.REQUIRED: _l("Required"),
    Level.RECOMMENDED: _l("Recommended"),
    Level.NOT_NEEDED: _l("Not needed"),
}

ROLE: Final = {
    Role.SUBMITTER: _l("Project lead"),
    Role.TEAM: _l("Team member"),
    Role.MEMBER: _l("Committee member"),
    Role.CHAIR: _l("Chair"),
    Role.SECRETARY: _l("Secretary"),
    Role.AUDITOR: _l("Auditor"),
    Role.CONTENT_OWNER: _l("Content owner"),
    Role.ADMINISTRATOR: _l("Administrator"),
    Role.OFFICIAL: _l("Official"),
}

SHORTAGE: Final = {
    Shortage.NO_CHAIR: _l(
        "Nobody who takes part in this dossier is chair, so nobody can adopt or approve the advice. Ask the "
        "administrator to make somebody else of the committee chair, or look whether a recusal can be undone."
    ),
    Shortage.NO_SECRETARY: _l(
        "Nobody who takes part in this dossier is secretary, so nobody can handle it or approve the advice. Ask the "
        "administrator to make somebody else of the committee secretary."
    ),
    Shortage.ONE_PERSON: _l(
        "Only one person is left as chair and as secretary, and two people have to approve the advice. Ask the "
        "administrator to give somebody else of the committee one of these roles."
    ),
}
"""Who is missing to finish an advice, and what to do."""

GUARD: Final = {
    "not_stopped": _l(
        "By the rules of the question set this may not go on, or not yet. The reason is shown with the questions."
    ),
    "answers_complete": _l("Not every question has an answer yet."),
    "answers_confirmed": _l("Not every answer that was carried along has been confirmed yet."),
    "remarks_answered": _l("Not every remark of the committee has a reply yet."),
    "attachments_clean": _l("Not every attachment has been found free of viruses yet."),
    "remark_released": _l("Release at least one remark first, so that the team knows what to change."),
    "quorum_reached": _l("Not enough members have recorded their verdict yet."),
    "approved_by_two": _l("Chair and secretary must both approve, and they must be different persons."),
    "report_sealed": _l("There is no signed report yet."),
    "being_written": _l("This draft cannot be changed now: it was proposed, published or put aside."),
    "proposed": _l("This draft is not proposed (any more)."),
    "no_problems": _l("Something is still wrong with this draft. Its page says what."),
    "nothing_renamed": _l("A question was removed and stands here again under another id."),
    "something_changed": _l("Nothing differs from the version that this draft is based on."),
    "reasons_given": _l("Not every changed question has a reason yet."),
    "second_person": _l("Somebody else has to publish this: you proposed it, or nobody but you wrote it."),
    "offered": _l("This version was withdrawn from new use already."),
    "withdrawn": _l("This version is offered already."),
    "copy_proposed": _l("The secretary has to lay this public copy before you first."),
    "copy_second_person": _l("Somebody else has to adopt this public copy: you worked on it."),
    "copy_differs": _l("A public copy of exactly this was adopted already."),
}
"""Why a step cannot be taken yet, by the name of its guard in ``domain.workflow``."""

CHANGED: Final = {
    "text": _l("What changed in the question"),
    "why": _l("What changed in the reason for the question"),
    "help": _l("What changed in the help text"),
    "options": _l("What changed in the choices"),
}
"""What is asked otherwise than in an earlier version; see ``services.earlier.Beside``."""

STAGE: Final = {
    "reading": _l("The dossier is read."),
    "rendering": _l("The report is made."),
    "signing": _l("The report is signed."),
    "checking": _l("The signature is checked."),
    "storing": _l("The report is put in the archive."),
}
"""What happens to a report now, by the label of its job's progress."""

INPUT: Final = {
    "required": _l("Fill this in."),
    "too_long": _l("This text is too long: at most %(limit)s characters.", limit="20.000"),
    "not_text": _l(
        "This text holds characters that cannot be stored. Remove them, or paste it as plain text."
    ),
    "unknown": _l("This does not exist, or no longer."),
    "role_excludes": _l("This person checks or manages, and therefore cannot take part in a dossier."),
    "leads": _l("The project lead cannot leave the team."),
    "not_assignable": _l("Somebody you chose is no member of this committee, or worked on the dossier."),
    "past": _l("Choose a date that is not in the past."),
    "before_dossier": _l("This date is before the dossier was started."),
    "not_attending": _l("Somebody you chose takes no part in this dossier any more."),
    "future": _l("Choose a date that is not in the future."),
    "long_ago": _l("Look at the year: this is too long ago."),
    "too_many_people": _l("Name at most 100 people."),
    "no_name": _l("Somebody has no name. Write the name first, then a comma and the role."),
    "over_200": _l("Use at most 200 characters."),
    "too_many_lines": _l("This text has too many lines: at most %(limit)s.", limit="1.000"),
    "too_many_gatherings": _l("A dossier can hold 100 gatherings."),
    "incomplete": _l("Fill in the text, the owner and the date of each condition."),
    "not_with_this_verdict": _l("Conditions belong only to the verdict “positive with conditions”."),
    "taken": _l("There is already an account with this address."),
    "too_short": _l("Use at least 15 characters."),
    "invalid": _l("Use letters, digits, points, dashes and underscores only, at most 40."),
    "published": _l("This version is published already. Choose another."),
    "used_before": _l("This id was used before, for another question. Choose another."),
    "fixed": _l("An id never changes."),
    "edge": _l("It stands at the end already."),
    "too_light": _l("This change weighs more than you say."),
    "no_file": _l("Choose a file."),
    "file_too_large": _l("This file is too large: at most 2 MB."),
    "not_json": _l("This file cannot be read. It is no JSON, or it is damaged."),
    "no_answers_file": _l("This is no answers file of the Invulhulpen."),
    "other_instrument": _l("This file holds answers to another question set, or to another version of it."),
    "no_dossier": _l("Give at least one dossier a place."),
    "too_many_dossiers": _l("At most ten dossiers fit in one file. Leave the place of the others empty."),
    "explain_more": _l(
        "Explain more fully why you do not (quite) follow the advice: at least 80 characters."
    ),
    "one_each": _l("Say of each condition whether you adopt it."),
    "why_not": _l("Say why you do not adopt this condition."),
    "not_all_adopted": _l("You do not adopt every condition, so you follow the advice partly."),
    "against_advice": _l("The advice is negative. A project that goes ahead does not follow it."),
    "has_conditions": _l(
        "The advice has conditions, and you follow it: the project goes ahead under conditions."
    ),
    "not_an_official": _l("This person cannot decide on this dossier. Choose somebody else."),
    "too_many_answers": _l("This file holds more answers than a question set can have."),
    "not_found": _l("This was not found there. Copy it exactly as it stands in the text."),
    "too_few_letters": _l("Use at least two letters or digits."),
    "too_many_redactions": _l("There are too many redactions. Take some back, or redact whole texts."),
}
"""What is wrong with a field, by the reason of an ``InputError``."""

STEP: Final = {
    "fill_in": _l("Fill in"),
    "review": _l("Review"),
    "approve": _l("Approve"),
    "sign": _l("Sign"),
    "archived": _l("Archived"),
}
"""The steps of the way of a dossier."""

EXPORT: Final = {
    "odt": {
        "label": _l("Text document (ODT)"),
        "use": _l("to read and edit in LibreOffice and other word processors."),
    },
    "docx": {"label": _l("Text document (DOCX)"), "use": _l("to read and edit in Microsoft Word.")},
    "md": {"label": _l("Plain text (Markdown)"), "use": _l("to read everywhere, and to compare versions.")},
    "json": {"label": _l("Data (JSON)"), "use": _l("to process with another program.")},
}
"""The kinds of file in which a dossier can be taken along, and what each is good for."""

NO_PLACE: Final = {
    "unknown_field": _l("This question set does not know this field."),
    "image": _l("Pictures cannot be brought in."),
    "no_value": _l("This is no text."),
    "no_option": _l("This cannot be chosen here."),
    "for_which": _l(
        "Here this is asked several times, and the file does not say for which this is the answer."
    ),
    "twice": _l("This field has an answer already."),
    "not_storable": _l("This text is too long, or is not what the question asks."),
}
"""Why something in an answers file has no place here."""
