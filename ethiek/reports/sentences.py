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
    "inside": {
        "nl": (
            "Achter het uitgegeven document staat niets.",
            (
                "Dit bestand begint met het document dat de organisatie heeft uitgegeven, de eerste {size} bytes; "
                "wat erachter staat hoort er niet bij."
            ),
        ),
        "en": (
            "Nothing is behind the document that was issued.",
            (
                "This file begins with the document that the organisation issued, the first {size} bytes; what is "
                "behind it does not belong to it."
            ),
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
            "Het document heeft precies de ondertekeningen die het zelf noemt: {found}.",
            (
                "Het document heeft niet precies de verwachte ondertekeningen; verwacht: {expected}; gevonden: "
                "{found}."
            ),
        ),
        "en": (
            "The document has exactly the signatures that it says it has: {found}.",
            (
                "The document does not have exactly the expected signatures; expected: {expected}; found: "
                "{found}."
            ),
        ),
    },
    "signed": {
        "nl": (
            "Verzegeld door {subject}, als document dat niet meer mag veranderen.",
            "Het zegel noemt geen tijdstip, of verbiedt latere wijzigingen niet.",
        ),
        "en": (
            "Sealed by {subject}, as a document that may not change any more.",
            "The seal names no time, or does not forbid later changes.",
        ),
    },
    "truncated": {
        "nl": (
            "Er is niets van het einde van het bestand afgehaald.",
            "Het bestand is afgekapt tot een eerdere toestand: {missing} hoort er nog in te zitten.",
        ),
        "en": (
            "Nothing was cut from the end of the file.",
            "The file was cut back to an earlier state: {missing} should still be in it.",
        ),
    },
    "level": {
        "nl": (
            "Het bewijs in het document heeft het niveau dat het zelf noemt: {expected}.",
            "Het bewijs in het document hoort niveau {expected} te hebben, en heeft {found}.",
        ),
        "en": (
            "The proof inside the document has the level that it names itself: {expected}.",
            "The proof inside the document should have level {expected}, and has {found}.",
        ),
    },
    "unstamped": {
        "nl": (
            "Het tijdstempel zit in het zegel.",
            (
                "Het tijdstempel is uit het zegel gehaald: het document hoort niveau {expected} te hebben, en "
                "heeft {found}."
            ),
        ),
        "en": (
            "The time stamp is in the seal.",
            (
                "The time stamp was taken out of the seal: the document should have level {expected}, and has "
                "{found}."
            ),
        ),
    },
    "unproven": {
        "nl": (
            "De gegevens voor een latere controle zitten in het document.",
            (
                "De gegevens waarmee het zegel later te controleren is, zijn weg: het document hoort niveau "
                "{expected} te hebben, en heeft {found}."
            ),
        ),
        "en": (
            "The data for a later check are in the document.",
            (
                "The data with which the seal can be checked later are gone: the document should have level "
                "{expected}, and has {found}."
            ),
        ),
    },
    "proven": {
        "nl": (
            "Het tijdstip is bewezen: een tijdstempeldienst zag het zegel op {at}.",
            "Het tijdstip van het zegel ({claimed}) ligt na het tijdstip van het tijdstempel ({at}).",
        ),
        "en": (
            "The time is proven: a time stamp authority saw the seal at {at}.",
            "The time that the seal names ({claimed}) is later than its time stamp ({at}).",
        ),
    },
    "claimed": {
        "nl": (
            "Het tijdstip is {at}, volgens de ondertekenaar zelf: er is geen tijdstempel dat het bewijst.",
            "Het tijdstip {at} ligt in de toekomst.",
        ),
        "en": (
            "The time is {at} according to the signer itself: no time stamp proves it.",
            "The time {at} is in the future.",
        ),
    },
    "timestamps": {
        "nl": (
            "Elk tijdstempel is van een dienst die u vertrouwt.",
            "Een tijdstempel ({field}) is niet te vertrouwen: {why}.",
        ),
        "en": (
            "Every time stamp is of an authority that you trust.",
            "A time stamp ({field}) cannot be trusted: {why}.",
        ),
    },
    "resaved": {
        "nl": (
            "Het bestand is niet opnieuw opgeslagen.",
            (
                "Het bestand is opnieuw opgeslagen, en geen zegel geldt nog voor dit bestand. Dat kan "
                "onschuldig zijn (door een programma om te lezen) of een vervalsing: een deel van een pagina "
                "kan bedekt of veranderd zijn. Geloof niets wat erin staat, en vraag de organisatie om het "
                "oorspronkelijke bestand."
            ),
        ),
        "en": (
            "The file was not saved again.",
            (
                "The file was saved again, and no seal covers this file any more. That may be innocent (by a "
                "viewer) or a forgery: part of a page may be covered or changed. Believe nothing that is in "
                "it, and ask the organisation for the original file."
            ),
        ),
    },
    "reprinted": {
        "nl": (
            "Op de pagina's staat wat de gegevens in het bestand zeggen.",
            (
                "Het bestand is opnieuw opgeslagen en dit is niet meer wat werd verzegeld: op de pagina's "
                "staat een andere tekst dan in de gegevens in het bestand. Geloof niets wat erin staat, en vraag "
                "de organisatie om het oorspronkelijke bestand."
            ),
        ),
        "en": (
            "The pages say what the data inside the file say.",
            (
                "The file was saved again and is no longer what was sealed: the pages say something else than "
                "the data inside the file. Believe nothing that is in it, and ask the organisation for the "
                "original file."
            ),
        ),
    },
    "forged": {
        "nl": (
            "De gegevens in het bestand horen bij elkaar en bij pagina 1.",
            (
                "Het bestand is opnieuw opgeslagen en dit is niet meer wat werd verzegeld: de gegevens in het "
                "bestand kloppen niet meer met elkaar of met pagina 1. Geloof niets wat erin staat, en vraag de "
                "organisatie om het oorspronkelijke bestand."
            ),
        ),
        "en": (
            "The data inside the file belong to each other and to page 1.",
            (
                "The file was saved again and is no longer what was sealed: the data inside do not fit each "
                "other or page 1 any more. Believe nothing that is in it, and ask the organisation for the "
                "original file."
            ),
        ),
    },
    "extended": {
        "nl": (
            "Achter het verzegelde deel is niets opgeslagen.",
            (
                "Het bestand is opnieuw opgeslagen met andere eigenschappen (zoals een titel of datum) achter "
                "het verzegelde deel: het verzegelde deel zelf is ongewijzigd."
            ),
        ),
        "en": (
            "Nothing was saved behind the sealed part.",
            (
                "The file was saved again with other properties (such as a title or a date) behind the sealed "
                "part: the sealed part itself has not changed."
            ),
        ),
    },
    "status": {
        "nl": (
            "De organisatie zegt dat dit haar geldige advies is.",
            "De organisatie zegt dat dit advies niet geldt: {why}.",
        ),
        "en": (
            "The organisation says that this is its valid advice.",
            "The organisation says that this advice does not hold: {why}.",
        ),
    },
    "asked_inside": {
        "nl": (
            "De organisatie kent het hele bestand.",
            (
                "De organisatie kent dit bestand niet, maar wel het begin ervan als haar eigen document: wat "
                "erachter staat hoort er niet bij."
            ),
        ),
        "en": (
            "The organisation knows the whole file.",
            (
                "The organisation does not know this file, but it does know the beginning of it as its own "
                "document: what is behind that does not belong to it."
            ),
        ),
    },
    "asked": {
        "nl": (
            "De organisatie heeft geantwoord.",
            "De organisatie kon niet worden gevraagd of dit advies nog geldt: {why}.",
        ),
        "en": (
            "The organisation has answered.",
            "The organisation could not be asked whether this advice still holds: {why}.",
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
            "Het zegel is niet te vertrouwen: {why}.",
        ),
        "en": (
            "The certificate of the seal was issued by a party that you trust.",
            "The seal cannot be trusted: {why}.",
        ),
    },
    "whole": {
        "nl": (
            "Het zegel en de tijdstempels gelden samen voor het hele bestand; er is niets achter geplakt.",
            "Het zegel geldt niet voor het hele bestand: er staat iets achter of buiten het verzegelde deel.",
        ),
        "en": (
            "The seal and the time stamps together cover the whole file; nothing was added behind it.",
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
    "altered": {
        "nl": (
            "Na het verzegelen is het document niet aangevuld of bewerkt.",
            "Na het verzegelen is het document bewerkt; veranderd of toegevoegd: {what}.",
        ),
        "en": (
            "The document was not extended or edited after it was sealed.",
            "The document was edited after it was sealed; changed or added: {what}.",
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
    "personal": {
        "nl": (
            "Goedgekeurd met een persoonlijke handtekening door {names}.",
            "Een persoonlijke handtekening ({field}) telt niet: {why}.",
        ),
        "en": (
            "Approved with a personal signature by {names}.",
            "A personal signature ({field}) does not count: {why}.",
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
    "five_files": {
        "nl": (
            "De vier bijlagen met gegevens en het besluit zitten in het bestand.",
            "De bijlagen met gegevens zijn niet compleet of niet de juiste.",
        ),
        "en": (
            "The four data files and the decision are inside the document.",
            "The data files inside the document are not complete, or not the right ones.",
        ),
    },
    "decision": {
        "nl": (
            "Het besluit in het bestand heeft het controlegetal van pagina 1, en gaat over dit advies.",
            (
                "Het besluit in het bestand heeft een ander controlegetal dan pagina 1 noemt, of gaat over een "
                "ander advies."
            ),
        ),
        "en": (
            "The decision inside the file has the checksum printed on page 1, and is about this advice.",
            (
                "The decision inside the file has another checksum than page 1 names, or is about another "
                "advice."
            ),
        ),
    },
    "no_decision": {
        "nl": (
            "Er hoort geen besluit in het bestand te zitten.",
            "Pagina 1 noemt een besluit, maar het besluit zit niet in het bestand.",
        ),
        "en": (
            "No decision should be inside the file.",
            "Page 1 names a decision, but the decision is not inside the file.",
        ),
    },
}


def sentence(code: str, language: str, *, ok: bool, **facts: str) -> str:
    """The sentence of a check.

    Args:
        language: "nl" or "en"; anything else gives English.

    >>> sentence("truncated", "en", ok=False, missing="ArchiveTimestamp1")
    'The file was cut back to an earlier state: ArchiveTimestamp1 should still be in it.'
    """
    holds, fails = SENTENCES[code][language if language in LANGUAGES else "en"]
    return (holds if ok else fails).format_map(facts)
