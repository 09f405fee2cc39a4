"""The kinds of file in which a dossier can be taken along."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from ethiek.exchange.composing import compose
from ethiek.exchange.dossier import DossierExport
from ethiek.exchange.dossier_json import to_json
from ethiek.exchange.markdown import to_markdown
from ethiek.exchange.opendocument import to_odt
from ethiek.exchange.word import to_docx


@dataclass(frozen=True, slots=True)
class Format:
    """One kind of file."""

    extension: str
    media_type: str
    render: Callable[[DossierExport], bytes]


def _markdown(dossier: DossierExport) -> bytes:
    return to_markdown(compose(dossier))


def _odt(dossier: DossierExport) -> bytes:
    return to_odt(compose(dossier))


def _docx(dossier: DossierExport) -> bytes:
    return to_docx(compose(dossier))


FORMATS: Final[Mapping[str, Format]] = {
    one.extension: one
    for one in (
        Format("odt", "application/vnd.oasis.opendocument.text", _odt),
        Format("docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document", _docx),
        Format("md", "text/markdown; charset=utf-8", _markdown),
        Format("json", "application/json", to_json),
    )
}
"""By the end of the file's name, in the order in which they are offered."""
