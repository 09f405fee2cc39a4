"""From the four documents to one PDF/A-3a and PDF/UA-1 file: no clock, no network, always the same bytes."""

from __future__ import annotations

import io
import warnings
from typing import Any, Final

import jinja2
import pikepdf
import weasyprint
from markupsafe import Markup
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import FatalURLFetchingError

from ethiek.errors import RenderError
from ethiek.reports.assets import AssetFetcher
from ethiek.reports.conformance import Finisher
from ethiek.reports.fields import fields_of
from ethiek.reports.model import Report, build
from ethiek.reports.source import ReportSource
from ethiek.reports.typed import Typed, printed_form
from ethiek.reports.values import instant

VARIANT: Final = "pdf/a-3a"
DESCRIPTIONS: Final = {
    "snapshot.json": ("Het dossier zoals ingediend", "Source"),
    "advice.json": ("Het vastgestelde advies", "Source"),
    "approvals.json": ("De goedkeuringen van het advies", "Data"),
    "questionnaire.json": ("De vragenlijst", "Data"),
}


def render(source: ReportSource) -> bytes:
    """Make the report, unsigned, with empty fields for the seal and, if expected, for time stamps.

    Returns:
        A PDF 1.7 file that conforms to PDF/A-3a and PDF/UA-1 and embeds the four documents.

    Raises:
        RenderError: the documents are wrong, a font is missing, or something is loaded that may not be.
    """
    report = build(source)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", ResourceWarning)  # WeasyPrint leaves its colour profile open
            return _repacked(
                _written(page(report), _attachments(source, report), time_stamps=source.time_stamps)
            )
    except FatalURLFetchingError as error:
        raise RenderError("the report asks for something that it may not load") from error


def _written(html: str, attachments: list[Any], *, time_stamps: bool) -> bytes:
    fetcher, fonts = AssetFetcher(), FontConfiguration()
    sheet = weasyprint.CSS(string=_stylesheet(), url_fetcher=fetcher, font_config=fonts)
    pdf = weasyprint.HTML(string=html, url_fetcher=fetcher).write_pdf(
        stylesheets=[sheet],
        font_config=fonts,
        pdf_variant=VARIANT,
        presentational_hints=True,  # a numbered list that starts at 4 does so by an attribute
        attachments=attachments,
        finisher=Finisher(fields_of(time_stamps=time_stamps)),
    )
    return bytes(pdf)


def page(report: Report) -> str:
    """The report as one HTML page; every text in it is escaped and printable."""
    environment = _environment()
    typed = Typed(light_markdown=report.light_markdown)
    environment.filters.update(typed=typed.text, typed_cell=typed.cell, as_typed=typed.literally)
    return environment.get_template("advice.html").render(report=report)


def _environment() -> jinja2.Environment:
    return jinja2.Environment(
        loader=jinja2.PackageLoader("ethiek", "templates/reports"),
        undefined=jinja2.StrictUndefined,
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=_printable,
    )


def _printable(value: Any) -> Any:
    """Every value that leaves a template passes here, so that no text can be forgotten."""
    if isinstance(value, str) and not isinstance(value, Markup):
        return printed_form(value)
    return value


def _stylesheet() -> str:
    environment = _environment()
    assert environment.loader is not None
    return environment.loader.get_source(environment, "advice.css")[0]


def _attachments(source: ReportSource, report: Report) -> list[Any]:
    at = instant(report.issued)
    return [
        weasyprint.Attachment(
            file_obj=io.BytesIO(data),
            name=name,
            description=DESCRIPTIONS[name][0],
            relationship=DESCRIPTIONS[name][1],
            created=at,
            modified=at,
        )
        for name, data in sorted(source.files().items())  # a name tree is sorted
    ]


def _repacked(pdf: bytes) -> bytes:
    """Split WeasyPrint's one object stream into streams of 100 objects.

    Difference analysis of signatures is quadratic in the size of a stream: 20 s becomes 3 s. qpdf would also
    rewrite the XMP packet, which ``fix_metadata_version`` prevents.
    """
    packed = io.BytesIO()
    with pikepdf.open(io.BytesIO(pdf)) as document:
        document.save(
            packed,
            object_stream_mode=pikepdf.ObjectStreamMode.generate,
            deterministic_id=True,
            compress_streams=True,
            recompress_flate=False,
            fix_metadata_version=False,
        )
    return packed.getvalue()
