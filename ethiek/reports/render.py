"""From documents to one PDF/A-3a and PDF/UA-1 file: no clock, no network, always the same bytes.

The advice report, the concept of a dossier and the bundle for a meeting go the same way; only the first gets
fields for signatures and carries its documents with it.
"""

from __future__ import annotations

import gc
import io
import warnings
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from types import MappingProxyType
from typing import Any, Final

import jinja2
import pikepdf
import weasyprint
from markupsafe import Markup
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import FatalURLFetchingError

from ethiek.errors import RenderError
from ethiek.reports.assets import AssetFetcher
from ethiek.reports.boxes import with_boxes, without_boxes
from ethiek.reports.compiled import COMPILED
from ethiek.reports.conformance import Finisher
from ethiek.reports.contents import Report, Variant
from ethiek.reports.fields import SignatureField, fields_of, said_in
from ethiek.reports.fonts import printable
from ethiek.reports.house import House
from ethiek.reports.jobs import Source
from ethiek.reports.languages import WORDS
from ethiek.reports.model import TEMPLATE_VERSION, build, build_concept, build_full
from ethiek.reports.public_source import PublicSource
from ethiek.reports.publishing import build_public
from ethiek.reports.source import BundleSource, ConceptSource, FullSource, ReportSource
from ethiek.reports.typed import Typed, printed_form
from ethiek.reports.values import instant

VARIANT: Final = "pdf/a-3a"
LIGHT_MARKDOWN: Final = Typed(light_markdown=True)
NOTHING: Final = '<!DOCTYPE html><html lang="nl"><title>-</title><body><h1>-</h1><p>-</p></body></html>'
RELATIONS: Final = {
    "snapshot.json": "Source",
    "advice.json": "Source",
    "decision.json": "Source",
    "approvals.json": "Data",
    "questionnaire.json": "Data",
}


def rendered(source: Source) -> bytes:
    """Make the document that belongs to this kind of source.

    Raises:
        RenderError: the documents are wrong, a font is missing, or something is loaded that may not be.
    """
    for kind, make in MAKERS.items():
        if isinstance(source, kind):
            return make(source)
    raise RenderError(f"there is no way to print {type(source).__name__}")


def render(source: ReportSource) -> bytes:
    """Make the report, unsigned, with empty fields for the seal and, if expected, for persons and time stamps.

    Returns:
        A PDF 1.7 file that conforms to PDF/A-3a and PDF/UA-1 and embeds the documents. A preview has neither fields
        nor documents, so that nobody can make a report of it.

    Raises:
        RenderError: as :func:`rendered`.
    """
    report = build(source)
    if source.preview:
        return _pdf(page(report), _styles(report.house, report.language))
    made = fields_of(time_stamps=source.time_stamps, signatures=source.signatures)
    fields = said_in(report.language, made)
    return _pdf(page(report), _styles(report.house, report.language), _attachments(source, report), fields)


def render_concept(source: ConceptSource) -> bytes:
    """Print a dossier without advice, to read and to discuss: marked on every page, and never signed.

    Raises:
        RenderError: as :func:`rendered`.
    """
    report = build_concept(source)
    html = _page("concept.html", report, report=report, files=())
    return _pdf(html, _styles(report.house, report.language))


def render_public(source: PublicSource) -> bytes:
    """Print a copy for everybody, from which things were left out: without documents in it, and never signed.

    Raises:
        RenderError: as :func:`rendered`.
    """
    report = build_public(source)
    return _pdf(public_page(report), _styles(report.house, report.language))


def public_page(report: Report) -> str:
    """A public copy as one HTML page."""
    return _page("public.html", report, report=report, files=())


def render_bundle(source: BundleSource) -> bytes:
    """Print several dossiers for a meeting in one file, marked as a concept.

    Raises:
        RenderError: as :func:`rendered`; or there is no dossier.
    """
    if not source.dossiers:
        raise RenderError("a bundle has at least one dossier")
    concepts = enumerate(source.concepts(), 1)
    reports = tuple(build_concept(concept, f"d{number}-") for number, concept in concepts)
    chapters = _chapters("bundle_dossier.html", reports)
    html = _page(
        "bundle.html", reports[0], report=reports[0], reports=reports, chapters=chapters, title=source.title
    )
    return _pdf(html, _styles(source.house, source.language))


def render_full(source: FullSource) -> bytes:
    """Print every round of a dossier with the remarks on it, and the advice: to read, never signed.

    Raises:
        RenderError: as :func:`rendered`; or nothing was handed in yet.
    """
    if not source.rounds:
        raise RenderError("a whole dossier has at least one round")
    rounds, advice = build_full(source)
    last = rounds[-1]
    chapters = _chapters("full_round.html", rounds)
    advised = _chapters("full_advice.html", [advice] if advice else [])
    html = _page(
        "full.html", last, report=last, rounds=rounds, advice=advice, chapters=chapters, advised=advised
    )
    return _pdf(html, _styles(source.house, source.language))


def _chapters(template: str, reports: Iterable[Report]) -> list[Markup]:
    """Each dossier or round by itself, because texts of an older one are read in another way."""
    return [Markup(_page(template, one, report=one)) for one in reports]  # noqa: S704  # our own escaped pages


def warm_up() -> None:
    """Do what the first report of a process would wait for: compile the templates, load libraries and fonts."""
    environment = _environment()
    for name in environment.list_templates(extensions=["html"]):
        environment.get_template(name)
    printable()
    _pdf(NOTHING, _styles(House(), "nl"))


def page(report: Report) -> str:
    """The report as one HTML page; every text in it is escaped and printable."""
    files = sorted(RELATIONS if report.decision else RELATIONS.keys() - {"decision.json"})
    return _page("advice.html", report, report=report, files=files)


def _page(template: str, first: Report, **values: object) -> str:
    environment = _environment(Typed(light_markdown=first.light_markdown))
    environment.globals.update(w=WORDS[first.language], template_version=TEMPLATE_VERSION, **values)
    html = environment.get_template(template).render()
    if first.variant is not Variant.PUBLIC:
        return without_boxes(html)
    return with_boxes(html, WORDS[first.language], first.language)


MAKERS: Final[Mapping[type[Source], Callable[[Any], bytes]]] = MappingProxyType(
    {
        ReportSource: render,
        ConceptSource: render_concept,
        BundleSource: render_bundle,
        FullSource: render_full,
        PublicSource: render_public,
    }
)


def _pdf(
    html: str,
    styles: str,
    attachments: Sequence[Any] = (),
    fields: tuple[SignatureField, ...] = (),
) -> bytes:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", ResourceWarning)  # WeasyPrint leaves its colour profile open
            with _uncollected():
                written = _written(html, styles, attachments, fields)
            return _repacked(written)
    except FatalURLFetchingError as error:
        raise RenderError("the report asks for something that it may not load") from error


@contextmanager
def _uncollected() -> Iterator[None]:
    """Look for no garbage: nearly all objects of a layout stay to the end, and looking takes a fifth of the time."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


def _written(html: str, styles: str, attachments: Sequence[Any], fields: tuple[SignatureField, ...]) -> bytes:
    fetcher, fonts = AssetFetcher(), FontConfiguration()
    sheet = weasyprint.CSS(string=styles, url_fetcher=fetcher, font_config=fonts)
    pdf = weasyprint.HTML(
        string=html, url_fetcher=fetcher
    ).write_pdf(
        stylesheets=[sheet],
        font_config=fonts,
        pdf_variant=VARIANT,
        presentational_hints=True,  # a numbered list that starts at 4 does so by an attribute
        attachments=list(attachments),
        finisher=Finisher(fields),
        uncompressed_pdf=True,  # the repack compresses, and makes the identifier: here each would be done twice
        pdf_identifier=False,
    )
    return bytes(pdf)


def _environment(typed: Typed = LIGHT_MARKDOWN) -> jinja2.Environment:
    environment = jinja2.Environment(
        bytecode_cache=COMPILED,
        loader=jinja2.PackageLoader("ethiek", "templates/reports"),
        undefined=jinja2.StrictUndefined,
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=_printable,
    )
    environment.filters.update(
        typed=typed.text, typed_cell=typed.cell, as_typed=typed.literally, titled=_titled
    )
    return environment


def _printable(value: Any) -> Any:
    """Every value that leaves a template passes here, so that no text can be forgotten."""
    if isinstance(value, str) and not isinstance(value, Markup):
        return printed_form(value)
    return value


def _titled(svg: str, title: str) -> Markup:
    """A checked drawing with the words that stand for it; its first ``>`` ends the opening tag."""
    start, end, rest = svg.partition(">")
    named = Markup("<title>{}</title>").format(printed_form(title))
    return Markup(start + end) + named + Markup(rest)  # noqa: S704  # checked by ethiek.reports.house


def _styles(house: House, language: str) -> str:
    """The style sheet, with what differs per organisation and per language behind it."""
    environment = _environment()
    assert environment.loader is not None
    shared = environment.loader.get_source(environment, "advice.css")[0]
    return shared.replace("var(--house)", house.colour) + _margins(language)


def _margins(language: str) -> str:
    words = WORDS[language]
    return (
        f'@page {{ @bottom-right {{ content: "{words.page} " counter(page) " {words.page_of} " counter(pages); }} }}\n'
        f'@page marked {{ @top-center {{ content: "{words.concept}"; }} background-image: '
        f'url("asset:{language}-watermark.svg"); }}\n'
        f'@page copy {{ @top-center {{ content: "{words.copy}"; }} }}\n'
        f'@page previewed {{ @top-center {{ content: "{words.preview}"; }} }}\n'
        f'.to-page::after {{ content: " ({words.page.lower()} " target-counter(attr(href), page) ")"; }}\n'
    )


def _attachments(source: ReportSource, report: Report) -> list[Any]:
    at, names = instant(report.issued), WORDS[report.language].file_names
    return [
        weasyprint.Attachment(
            file_obj=io.BytesIO(data),
            name=name,
            description=names[name],
            relationship=RELATIONS[name],
            created=at,
            modified=at,
        )
        for name, data in sorted(source.files().items())  # a name tree is sorted
    ]


def _repacked(pdf: bytes) -> bytes:
    """Compress WeasyPrint's file, with an identifier of its contents, into object streams of 100 objects.

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
