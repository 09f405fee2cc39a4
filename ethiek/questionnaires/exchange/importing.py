"""Read a question set from any file that we know the format of."""

from __future__ import annotations

import hashlib
import re
from dataclasses import replace
from pathlib import PurePosixPath, PureWindowsPath
from typing import Final

from ethiek.errors import QuestionnaireError
from ethiek.questionnaires.catalogue import schema_problems
from ethiek.questionnaires.exchange import (
    algoritmeregister,
    assessment_definition,
    own,
    reading,
    task_registry,
)
from ethiek.questionnaires.exchange.exporting import to_file
from ethiek.questionnaires.exchange.frame import File
from ethiek.questionnaires.exchange.imported import Imported, Wishes
from ethiek.questionnaires.model import Questionnaire

_FOREIGN: Final = (task_registry, assessment_definition, algoritmeregister)
_LONGEST_NAME: Final = 100
_MOST_TAGS: Final = 20_000
"""HTML tags in a file: reading them takes a second or two; the largest public set has some four hundred."""
_ID: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,39}")


def import_file(data: bytes, name: str, wishes: Wishes | None = None) -> Imported:
    """Read a question set; ``name`` is that of the file, for errors and for its source.

    Raises:
        QuestionnaireError: the file cannot be read, or is of no format that we know; names file and line.
    """
    wishes = _checked_wishes(wishes or Wishes(), name)
    where = file_name(name)
    text = reading.text_of(data, where)
    root = reading.root_of(text, where)
    if own.recognises(root):
        found = own.read(text, where, wishes)
    else:
        reader = next((one for one in _FOREIGN if one.recognises(root)), None)
        if reader is None:
            raise QuestionnaireError(where, "is of no format that Ethiek knows")
        if max(text.count("<"), text.count("&")) > _MOST_TAGS:
            raise QuestionnaireError(where, f"holds more than {_MOST_TAGS} HTML tags")
        found = reader.read(root, File(where, hashlib.sha256(data).hexdigest()), wishes)
    _refuse_problems(found.questionnaire, where)
    return found


def file_name(name: str) -> str:
    r"""Return a file's name without folders and signs that do not belong in a name.

    >>> file_name("C:\\sets\\iama.yaml"), file_name("../a\x1b[31m\n.yaml"), file_name("")
    ('iama.yaml', 'a[31m.yaml', 'file')
    """
    last = PureWindowsPath(PurePosixPath(name).name).name
    printable = "".join(sign for sign in last if sign.isprintable())
    return printable.strip()[-_LONGEST_NAME:] or "file"


def _checked_wishes(wishes: Wishes, name: str) -> Wishes:
    for wish in (wishes.id, wishes.version):
        if wish and not _ID.fullmatch(wish):
            raise QuestionnaireError(file_name(name), f"{wish!r} cannot be an id or version")
    return replace(wishes, language=wishes.language.lower())


def _refuse_problems(questionnaire: Questionnaire, where: str) -> None:
    """Pass if the set has the shape of a file of ours; the readers see to it, so this is for what they did not foresee.

    What only ``checks`` can see, such as a question that can never be asked, is for whoever writes the draft.

    Raises:
        QuestionnaireError: it has not.
    """
    for problem in schema_problems(to_file(questionnaire)):
        raise QuestionnaireError(where, problem)
