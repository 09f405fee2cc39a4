"""The error tree: every error that is raised on purpose.

Errors carry facts, not sentences. ``ethiek/web/errors.py`` turns each into a page (or JSON) that says
what happened, what was kept, and what to do next.
"""

from __future__ import annotations


class EthiekError(Exception):
    """Base of all errors raised on purpose."""


class NotFoundError(EthiekError):
    """The thing does not exist, or this actor may not know that it does (404)."""


class PermissionDeniedError(EthiekError):
    """The actor is known, but lacks the role for this action (403)."""

    def __init__(self, action: str) -> None:
        super().__init__(action)
        self.action = action


class RuleError(EthiekError):
    """Something is asked that the rules do not allow now (409)."""


class TransitionNotAllowedError(RuleError):
    """The workflow has no such step from this status."""

    def __init__(self, action: str, status: str) -> None:
        super().__init__(action, status)
        self.action = action
        self.status = status


class GuardFailedError(RuleError):
    """The step exists, but a condition for it is not met yet."""

    def __init__(self, action: str, guard: str) -> None:
        super().__init__(action, guard)
        self.action = action
        self.guard = guard


class ConcurrentEditError(RuleError):
    """Somebody else changed the thing after the actor's page was made."""

    def __init__(self, object_id: object) -> None:
        super().__init__(str(object_id))
        self.object_id = str(object_id)


class NotRestoredError(RuleError):
    """Undoing a move would not give back what was there before it; nothing was done."""


class InputError(EthiekError):
    """A field holds something that cannot be accepted (422). ``field`` names it, ``reason`` is a code."""

    def __init__(self, field: str, reason: str) -> None:
        super().__init__(field, reason)
        self.field = field
        self.reason = reason


class ConfigurationError(EthiekError):
    """A setting is missing or unsafe; the application does not start."""

    def __init__(self, setting: str, reason: str) -> None:
        super().__init__(f"{setting}: {reason}")
        self.setting = setting
        self.reason = reason


class QuestionnaireError(EthiekError):
    """A question set file is not valid. ``where`` names file and place in it."""

    def __init__(self, where: str, reason: str) -> None:
        super().__init__(f"{where}: {reason}")
        self.where = where
        self.reason = reason


class UnknownQuestionError(EthiekError):
    """An answer names a question that this version does not have."""

    def __init__(self, question_id: str) -> None:
        super().__init__(question_id)
        self.question_id = question_id


class RenderError(EthiekError):
    """A report could not be rendered. ``questions`` are the ids whose answers cause it, if known."""

    def __init__(self, reason: str, questions: tuple[str, ...] = ()) -> None:
        super().__init__(reason)
        self.reason = reason
        self.questions = questions


class SigningError(EthiekError):
    """A report could not be signed. ``code`` names the kind of reason, and is at the end of the text: [expired]."""

    def __init__(self, reason: str, code: str = "") -> None:
        super().__init__(f"{reason} [{code}]" if code else reason)
        self.reason = reason
        self.code = code


class ArchiveError(EthiekError):
    """An archived file is missing or differs from its recorded SHA-256."""

    def __init__(self, name: str, reason: str) -> None:
        super().__init__(f"{name}: {reason}")
        self.name = name
        self.reason = reason


class ScanError(EthiekError):
    """A file could not be looked through for viruses, so nothing is known about it. ``reason`` is a code."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class ServiceUnavailableError(EthiekError):
    """The database cannot take this now: unreachable, full or too busy (503). Trying again later may help."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class BusyError(EthiekError):
    """Too many people ask at once for something that takes seconds to make (503). Trying again later will help."""


class LeaseLostError(EthiekError):
    """A worker's turn at a job is over: another may have it, so its late result does not count."""

    def __init__(self, job_id: object) -> None:
        super().__init__(str(job_id))
        self.job_id = str(job_id)
