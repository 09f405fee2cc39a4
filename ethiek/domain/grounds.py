"""Why something may be left out of what is published: the grounds of the Wet open overheid (Woo).

Source: Wet open overheid, articles 5.1 (paragraphs 1, 2 and 5) and 5.2, in force since 1 May 2022. The words are ours.
Paragraph 4 of article 5.1 is no ground here: it postpones, and who has to wait publishes later. Article 5.3 is none
either: it asks for a better reason once information is more than five years old.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final


@dataclass(frozen=True, slots=True)
class Told:
    """A ground in one language: where it stands in the law, in a few words, and in a sentence."""

    article: str
    name: str
    why: str


@dataclass(frozen=True, slots=True)
class Ground:
    """A ground (NL: weigeringsgrond). ``code`` is what is printed in the place of what is hidden."""

    code: str
    nl: Told
    en: Told

    def told(self, language: str) -> Told:
        """Return the ground in Dutch, or in English."""
        return self.en if language == "en" else self.nl


def _absolute(letter: str, nl: tuple[str, str], en: tuple[str, str]) -> Ground:
    return Ground(
        f"5.1.1.{letter}",
        Told(f"artikel 5.1 lid 1 onder {letter}", *nl),
        Told(f"article 5.1, paragraph 1 under {letter}", *en),
    )


def _relative(letter: str, nl: tuple[str, str], en: tuple[str, str]) -> Ground:
    return Ground(
        f"5.1.2.{letter}",
        Told(f"artikel 5.1 lid 2 onder {letter}", *nl),
        Told(f"article 5.1, paragraph 2 under {letter}", *en),
    )


GROUNDS: Final = (
    _relative(
        "e",
        ("persoonlijke levenssfeer", "Openbaar maken zou iemands privéleven schaden."),
        ("private life", "Publishing would harm somebody's private life."),
    ),
    _absolute(
        "a",
        ("eenheid van de Kroon", "Openbaar maken kan de eenheid van Koning en ministers in gevaar brengen."),
        ("unity of the Crown", "Publishing could endanger the unity of the King and the ministers."),
    ),
    _absolute(
        "b",
        ("veiligheid van de Staat", "Openbaar maken kan de veiligheid van het land schaden."),
        ("security of the State", "Publishing could harm the security of the country."),
    ),
    _absolute(
        "c",
        (
            "vertrouwelijke bedrijfsgegevens",
            "Een persoon of bedrijf gaf deze bedrijfsgegevens in vertrouwen aan de overheid.",
        ),
        ("confidential business data", "A person or company gave these business data in confidence."),
    ),
    _absolute(
        "d",
        (
            "bijzondere persoonsgegevens",
            "Het gaat om zeer gevoelige gegevens over iemand, zoals gezondheid, geloof of een strafblad.",
        ),
        (
            "special personal data",
            "These are very sensitive data about somebody, such as health, belief or a criminal record.",
        ),
    ),
    _absolute(
        "e",
        ("nummers van personen", "Het is een nummer waarmee de overheid iemand herkent, zoals het BSN."),
        ("numbers of persons", "This is a number by which the authorities know somebody, such as the BSN."),
    ),
    _relative(
        "a",
        ("betrekkingen met andere landen", "Openbaar maken schaadt de band met een ander land."),
        ("relations with other countries", "Publishing harms the relations with another country."),
    ),
    _relative(
        "b",
        ("financiële belangen van de overheid", "Openbaar maken kost de overheid geld of haar positie."),
        ("financial interests of authorities", "Publishing costs the authorities money or their position."),
    ),
    _relative(
        "c",
        ("opsporing van strafbare feiten", "Openbaar maken hindert het vinden en vervolgen van daders."),
        ("criminal investigation", "Publishing hinders finding and prosecuting offenders."),
    ),
    _relative(
        "d",
        ("inspectie, controle en toezicht", "Openbaar maken hindert het werk van een inspectie of toezichthouder."),
        ("inspection and supervision", "Publishing hinders the work of an inspectorate or supervisor."),
    ),
    _relative(
        "f",
        ("concurrentiegevoelige gegevens", "Openbaar maken geeft concurrenten van een bedrijf een voordeel."),
        ("competitive data", "Publishing gives competitors of a company an advantage."),
    ),
    _relative(
        "g",
        ("bescherming van het milieu", "Openbaar maken schaadt de natuur of het milieu waar het over gaat."),
        ("protection of the environment", "Publishing harms the nature or environment that this is about."),
    ),
    _relative(
        "h",
        ("beveiliging en sabotage", "Openbaar maken maakt mensen of bedrijven minder veilig, of helpt sabotage."),
        ("security and sabotage", "Publishing makes people or companies less safe, or helps sabotage."),
    ),
    _relative(
        "i",
        ("goed functioneren van de overheid", "Openbaar maken zou het werk van de overheid te veel verstoren."),
        ("functioning of authorities", "Publishing would disturb the work of the authorities too much."),
    ),
    Ground(
        "5.1.5",
        Told(
            "artikel 5.1 lid 5",
            "onevenredige benadeling",
            "Openbaar maken schaadt in dit uitzonderlijke geval een ander belang veel te zwaar.",
        ),
        Told(
            "article 5.1, paragraph 5",
            "disproportionate harm",
            "In this exceptional case publishing harms another interest far too much.",
        ),
    ),
    Ground(
        "5.2",
        Told(
            "artikel 5.2",
            "persoonlijke beleidsopvattingen",
            "Het is een persoonlijke mening over beleid, gegeven in intern overleg.",
        ),
        Told(
            "article 5.2",
            "personal views on policy",
            "This is a personal view on policy, given in internal consultation.",
        ),
    ),
)  # fmt: skip
"""The one that is needed most comes first."""

BY_CODE: Final[Mapping[str, Ground]] = MappingProxyType({ground.code: ground for ground in GROUNDS})
