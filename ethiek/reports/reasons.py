"""Why a check does not hold, and what an advice says, in a few words of Dutch or English."""

from __future__ import annotations

from typing import Final

from .sentences import LANGUAGES

WHY: Final[dict[str, dict[str, str]]] = {
    "empty": {"nl": "het is leeg", "en": "it is empty"},
    "too_large": {"nl": "het is te groot", "en": "it is too large"},
    "not_pdf": {"nl": "het is geen PDF", "en": "it is not a PDF"},
    "trust": {
        "nl": "een certificaat of lijst die u vertrouwt, is niet te lezen",
        "en": "a certificate or list that you trust cannot be read",
    },
    "time": {"nl": "de controle duurde te lang", "en": "the check took too long"},
    "revoked": {"nl": "het certificaat was ingetrokken", "en": "the certificate was revoked"},
    "expired": {
        "nl": "het certificaat is verlopen, en geen tijdstempel bewijst dat het toen nog gold",
        "en": "the certificate has expired, and no time stamp proves that it was still valid then",
    },
    "not_yet": {"nl": "het certificaat gold nog niet", "en": "the certificate was not valid yet"},
    "weak": {
        "nl": "het certificaat steunt op een verouderde techniek",
        "en": "the certificate rests on an outdated technique",
    },
    "unknown": {
        "nl": "het certificaat is niet uitgegeven door een partij die u vertrouwt",
        "en": "the certificate was not issued by a party that you trust",
    },
    "usage": {
        "nl": "het certificaat is hiervoor niet bedoeld",
        "en": "the certificate is not meant for this",
    },
    "broken": {
        "nl": "de handtekening of het certificaat klopt niet",
        "en": "the signature or the certificate does not fit",
    },
    "between": {
        "nl": "er kwam iets tussen de handtekening ervoor en deze",
        "en": "something came between the signature before it and this one",
    },
    "same": {
        "nl": "het certificaat is ook voor een andere handtekening gebruikt",
        "en": "the certificate was used for another signature too",
    },
    "no_stamp": {
        "nl": "geen tijdstempel bewijst wanneer zij is gezet",
        "en": "no time stamp proves when it was set",
    },
    "superseded": {
        "nl": "er is een later advies over hetzelfde dossier",
        "en": "there is a later advice on the same dossier",
    },
    "withdrawn": {"nl": "het is ingetrokken", "en": "it was withdrawn"},
    "not_issued": {
        "nl": "zij kent dit bestand niet als door haar uitgegeven",
        "en": "it does not know this file as one that it issued",
    },
    "address": {
        "nl": "het adres is geen https-adres",
        "en": "the address is not an https address",
    },
    "unreachable": {"nl": "het adres gaf geen antwoord", "en": "the address gave no answer"},
    "unclear": {
        "nl": "het antwoord was niet te begrijpen",
        "en": "the answer could not be understood",
    },
    "changed_pages": {"nl": "wat er op de pagina's staat", "en": "what is on the pages"},
    "changed_notes": {
        "nl": "notities of stempels over de pagina's",
        "en": "notes or stamps over the pages",
    },
    "changed_files": {"nl": "de bijlagen met gegevens", "en": "the data files"},
    "changed_fields": {
        "nl": "formuliervelden of ondertekeningen",
        "en": "form fields or signatures",
    },
    "changed_properties": {"nl": "de titel of andere eigenschappen", "en": "the title or other properties"},
    "changed_behaviour": {
        "nl": "lagen, scripts of verwijzingen",
        "en": "layers, scripts or references",
    },
    "damaged": {
        "nl": "het is beschadigd, afgebroken of versleuteld",
        "en": "it is damaged, cut off or encrypted",
    },
}


VERDICTS: Final[dict[str, dict[str, str]]] = {
    "positive": {"nl": "Positief", "en": "Positive"},
    "conditional": {"nl": "Positief onder voorwaarden", "en": "Positive with conditions"},
    "negative": {"nl": "Negatief", "en": "Negative"},
    "out_of_scope": {
        "nl": "Valt buiten het werkgebied van de commissie",
        "en": "Outside the remit of the committee",
    },
}


def reason(code: str, language: str) -> str:
    """Why a check does not hold; any code that is not in the table means that the file is damaged."""
    return WHY.get(code, WHY["damaged"])[language if language in LANGUAGES else "en"]


def verdict_words(code: object, language: str) -> str:
    """The verdict of an advice in words; empty for a code that is not ours."""
    return VERDICTS.get(str(code), {}).get(language if language in LANGUAGES else "en", "")
