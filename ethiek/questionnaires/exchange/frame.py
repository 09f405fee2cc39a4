"""What every foreign file needs around its questions: name, source, roles, and texts that fit their places."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from ethiek.questionnaires.exchange.entries import Entry
from ethiek.questionnaires.exchange.ids import made_valid
from ethiek.questionnaires.exchange.imported import Losses, What, Wishes
from ethiek.questionnaires.exchange.texts import light_markdown, plain, plain_and_dropped, shortened
from ethiek.questionnaires.model import Conclusion, Part, Questionnaire, Role, Source
from ethiek.questionnaires.wording import LONGEST_HELP, LONGEST_NUMBER, LONGEST_TEXT

LONGEST_TITLE: Final = 200
FIRST_VERSION: Final = "1.0"
"""The version of a file that has none."""

_ABBREVIATION: Final = re.compile(r"\(([A-Z]{2,10})\)")
_YEAR: Final = re.compile(r"(?<![0-9])(?:19|20)[0-9]{2}(?![0-9])")

WORDS: Final = {
    "nl": {
        "wording": "Deze tekst is overgenomen uit het bestand {name} (SHA-256 {sha256}).",
        "choose": "Kies dit instrument als het bij jullie project past.",
        "choose_more": "Deze vragenlijst is overgenomen uit een bestand: vul hier aan wanneer je hem kiest.",
        "unknown": "onbekend",
        "team": "Team",
        "yes": "Ja",
        "no": "Nee",
        "part": "Deel {number}",
        "see": "Zie ook",
        "image": "Afbeelding",
        "no_image": "Een afbeelding toevoegen kan hier niet. Beschrijf haar, of noem de plaats waar zij staat.",
    },
    "en": {
        "wording": "This text was taken from the file {name} (SHA-256 {sha256}).",
        "choose": "Choose this instrument if it suits your project.",
        "choose_more": "This question set was taken from a file: say here when to choose it.",
        "unknown": "unknown",
        "team": "Team",
        "yes": "Yes",
        "no": "No",
        "part": "Part {number}",
        "see": "See also",
        "image": "Image",
        "no_image": "An image cannot be added here. Describe it, or say where it can be found.",
    },
}
"""Words that stand in the question set itself, by its language."""


@dataclass(frozen=True, slots=True)
class File:
    """The file as it arrived: its name, without folders, and the SHA-256 of its bytes."""

    name: str
    sha256: str


@dataclass(frozen=True, slots=True)
class Facts:
    """What a file says about itself; empty where it says nothing."""

    id: str
    version: str
    name: str
    description: str
    language: str
    publisher: str = ""
    date: str = ""
    url: str = ""


def language_of(written: str, wishes: Wishes, losses: Losses) -> str:
    """Return the language of the question set, Dutch if the file does not say."""
    wanted = (wishes.language or written or "nl").lower()[:2]
    if wanted not in WORDS:
        losses.add(What.LANGUAGE, value=wanted)
        return "nl"
    return wanted


def questionnaire(
    facts: Facts,
    parts: tuple[Part, ...],
    roles: tuple[Role, ...],
    conclusions: tuple[Conclusion, ...],
    file: File,
    wishes: Wishes,
    losses: Losses,
) -> Questionnaire:
    """Put the frame around the parts; what the file does not say is made up and noted."""
    words = WORDS[facts.language]
    title, _ = shortened(plain(facts.name) or facts.id, LONGEST_TITLE)
    version = made_valid(wishes.version or facts.version or FIRST_VERSION)
    if not (wishes.version or facts.version):
        losses.add(What.VERSION_UNKNOWN, value=version)
    if not roles:
        losses.add(What.ROLES_MISSING)
    losses.add(What.CHOOSE_WHEN_MISSING)
    description, _ = shortened(plain(facts.description), LONGEST_TEXT)
    id_ = made_valid(wishes.id or facts.id)
    return Questionnaire(
        id=id_,
        version=version,
        title=title,
        short_title=f"{_short(title, id_)} {version}",
        language=facts.language,
        choose_when=(description or words["choose"], words["choose_more"]),
        source=_source(facts, version, title, file, wishes, losses),
        roles=roles or (Role("team", words["team"]),),
        parts=parts,
        conclusions=conclusions,
    )


def _short(title: str, id_: str) -> str:
    found = _ABBREVIATION.search(title)
    return found[1] if found else (id_.upper() if len(id_) <= 6 else title)  # noqa: PLR2004  # an abbreviation


def _source(facts: Facts, version: str, title: str, file: File, wishes: Wishes, losses: Losses) -> Source:
    words = WORDS[facts.language]
    publisher = plain(facts.publisher)[:LONGEST_TITLE]
    if not publisher:
        losses.add(What.PUBLISHER_UNKNOWN)
    return Source(
        title=title,
        publisher=publisher or words["unknown"],
        year=_year(facts, wishes, losses),
        edition=version,
        wording=words["wording"].format(name=file.name, sha256=file.sha256),
        url=facts.url if re.fullmatch(r"https://\S+", facts.url) else "",
    )


def _year(facts: Facts, wishes: Wishes, losses: Losses) -> int:
    if wishes.year is not None:
        return wishes.year
    for text in (facts.date, facts.url):
        if found := _YEAR.search(text):
            return int(found[0])
    losses.add(What.YEAR_UNKNOWN, value=str(wishes.this_year))
    return wishes.this_year


def title(entry: Entry, name: str, at: str, losses: Losses) -> str:
    """Return a text of one line; what went from it is noted."""
    text, dropped = plain_and_dropped(entry.text(name))
    if dropped:
        losses.add(What.HTML, entry, at, ", ".join(sorted(dropped)))
    return text


def body(entry: Entry, name: str, at: str, losses: Losses) -> str:
    """Return a text in light Markdown; what went from it is noted."""
    text, dropped = light_markdown(entry.text(name))
    if dropped:
        losses.add(What.HTML, entry, at, ", ".join(sorted(dropped)))
    return text


def fitted(text: str, entry: Entry, at: str, losses: Losses) -> tuple[str, str]:
    """Return the text of a question, and what did not fit and belongs in its help text."""
    text, rest = shortened(text, LONGEST_TEXT)
    if rest:
        losses.add(What.LONG_TEXT, entry, at, "text")
    return text, rest


def joined(*texts: str) -> str:
    """Return texts as paragraphs of one text."""
    return "\n\n".join(text for text in texts if text)


def cut(text: str, entry: Entry | None, at: str, losses: Losses) -> str:
    """Return a help text or introduction that fits; what is cut off is noted."""
    text, rest = shortened(text, LONGEST_HELP)
    if rest:
        losses.add(What.LONG_TEXT, entry, at, "help")
    return text


def number(text: str) -> str:
    """Return a number, or nothing if it is too long to be one."""
    return text if len(text) <= LONGEST_NUMBER else ""


Reading = Callable[[Entry, str, str, Losses], str]
"""How a text is read: :func:`title` or :func:`body`."""
