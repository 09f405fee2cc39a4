"""What each check of a report says, in Dutch and English: one sentence if it holds, one if it does not."""

from __future__ import annotations

from typing import Final

LANGUAGES: Final = ("nl", "en")

SENTENCES: Final[dict[str, dict[str, tuple[str, str]]]] = {
    "known": {
        "nl": (
            "Dit is byte voor byte het document dat de organisatie heeft uitgegeven.",
            "Dit is niet het document dat de organisatie heeft uitgegeven: het controlegetal wijkt af.",
        ),
        "en": (
            "This is, byte for byte, the document that the organisation issued.",
            "This is not the document that the organisation issued: the checksum of the file differs.",
        ),
    },
    "readable": {
        "nl": (
            "Het bestand is een leesbare PDF.",
            "Het bestand kan niet worden gecontroleerd: {why}.",
        ),
        "en": ("The file is a readable PDF.", "The file cannot be verified: {why}."),
    },
    "signatures": {
        "nl": (
            "Het document heeft precies het verwachte zegel.",
            "Het document heeft niet precies het verwachte zegel; gevonden: {found}.",
        ),
        "en": (
            "The document has exactly the expected seal.",
            "The document does not have exactly the expected seal; found: {found}.",
        ),
    },
    "signed": {
        "nl": (
            "Verzegeld door {subject} op {at}, als document dat niet meer mag veranderen.",
            "Het zegel noemt geen tijdstip, of verbiedt latere wijzigingen niet.",
        ),
        "en": (
            "Sealed by {subject} at {at}, as a document that may not change any more.",
            "The seal names no time, or does not forbid later changes.",
        ),
    },
    "intact": {
        "nl": (
            "De verzegelde inhoud is niet gewijzigd.",
            "De inhoud is gewijzigd nadat het document werd verzegeld, of het zegel is beschadigd.",
        ),
        "en": (
            "The sealed contents have not changed.",
            "The contents were changed after the document was sealed, or the seal is damaged.",
        ),
    },
    "trusted": {
        "nl": (
            "Het certificaat van het zegel is uitgegeven door een partij die u vertrouwt.",
            "Het zegel is niet (meer) geldig, of niet uitgegeven door een partij die u vertrouwt.",
        ),
        "en": (
            "The certificate of the seal was issued by a party that you trust.",
            "The seal is not valid (any more), or was not issued by a party that you trust.",
        ),
    },
    "whole": {
        "nl": (
            "Het zegel geldt voor het hele bestand; er is niets achter geplakt.",
            "Het zegel geldt niet voor het hele bestand: er staat iets achter of buiten het verzegelde deel.",
        ),
        "en": (
            "The seal covers the whole file; nothing was added behind it.",
            "The seal does not cover the whole file: there is something behind or outside the sealed part.",
        ),
    },
    "unchanged": {
        "nl": (
            "Na het verzegelen is het document niet aangevuld of bewerkt.",
            "Na het verzegelen is het document aangevuld of bewerkt.",
        ),
        "en": (
            "The document was not extended or edited after it was sealed.",
            "The document was extended or edited after it was sealed.",
        ),
    },
    "files": {
        "nl": (
            "De vier bijlagen met gegevens zitten in het bestand.",
            "De bijlagen met gegevens zijn niet compleet of niet de juiste.",
        ),
        "en": (
            "The four data files are inside the document.",
            "The data files inside the document are not complete, or not the right ones.",
        ),
    },
    "snapshot": {
        "nl": (
            "Het dossier in het bestand heeft het controlegetal van pagina 1 en van het advies.",
            "Het dossier in het bestand heeft een ander controlegetal dan pagina 1 of het advies noemt.",
        ),
        "en": (
            "The dossier inside the file has the checksum printed on page 1 and named in the advice.",
            "The dossier inside the file has another checksum than page 1 or the advice names.",
        ),
    },
    "advice": {
        "nl": (
            "Het advies in het bestand heeft het controlegetal van pagina 1 en van de goedkeuringen.",
            "Het advies in het bestand heeft een ander controlegetal dan pagina 1 of de goedkeuring noemt.",
        ),
        "en": (
            "The advice inside the file has the checksum printed on page 1 and named in the approvals.",
            "The advice inside the file has another checksum than page 1 or the approvals name.",
        ),
    },
    "questionnaire": {
        "nl": (
            "De vragenlijst in het bestand is de vragenlijst van het dossier.",
            "De vragenlijst in het bestand is niet de vragenlijst van het dossier.",
        ),
        "en": (
            "The question set inside the file is the one that the dossier used.",
            "The question set inside the file is not the one that the dossier used.",
        ),
    },
    "approvals": {
        "nl": (
            "De voorzitter ({chair}) en de secretaris ({secretary}) hebben het advies goedgekeurd.",
            "De goedkeuring van de voorzitter of de secretaris ontbreekt, of is van dezelfde persoon.",
        ),
        "en": (
            "The chair ({chair}) and the secretary ({secretary}) approved the advice.",
            "The approval of the chair or the secretary is missing, or both are of one person.",
        ),
    },
    "seal_kind": {
        "nl": (
            "Het document zegt zelf terecht of het een testzegel draagt.",
            "Het document en het certificaat spreken elkaar tegen over de vraag of dit een testzegel is.",
        ),
        "en": (
            "The document itself says rightly whether it bears a test seal.",
            "The document and the certificate contradict each other on whether this is a test seal.",
        ),
    },
    "test_seal": {
        "nl": (
            "Let op: dit is een TESTZEGEL zonder rechtskracht; het document zegt dat zelf ook.",
            "Dit is een TESTZEGEL zonder rechtskracht, en het document zegt dat niet.",
        ),
        "en": (
            "Please note: this is a TEST SEAL without legal value, and the document says so itself.",
            "This is a TEST SEAL without legal value, and the document does not say so.",
        ),
    },
}

WHY: Final[dict[str, dict[str, str]]] = {
    "empty": {"nl": "het is leeg", "en": "it is empty"},
    "too_large": {"nl": "het is te groot", "en": "it is too large"},
    "not_pdf": {"nl": "het is geen PDF", "en": "it is not a PDF"},
    "time": {"nl": "de controle duurde te lang", "en": "the check took too long"},
    "damaged": {
        "nl": "het is beschadigd, afgebroken of versleuteld",
        "en": "it is damaged, cut off or encrypted",
    },
}


def sentence(code: str, language: str, *, ok: bool, **facts: str) -> str:
    """The sentence of a check.

    Args:
        language: "nl" or "en"; anything else gives English.

    >>> sentence("signatures", "en", ok=False, found="none")
    'The document does not have exactly the expected seal; found: none.'
    """
    holds, fails = SENTENCES[code][language if language in LANGUAGES else "en"]
    return (holds if ok else fails).format_map(facts)


def reason(code: str, language: str) -> str:
    """Why a file cannot be verified; any code that is not in the table means that it is damaged."""
    return WHY.get(code, WHY["damaged"])[language if language in LANGUAGES else "en"]
