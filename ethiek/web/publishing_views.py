"""What a page needs to show what is left out: boxes, names of grounds, and names of places."""

from __future__ import annotations

from flask_babel import get_locale
from flask_babel import gettext as _
from markupsafe import Markup

from ethiek.domain.grounds import BY_CODE
from ethiek.domain.redactions import MARKS, Redaction, ground_of
from ethiek.services.public_texts import Sheet
from ethiek.web.publishing_labels import where

BOX = Markup('<span class="et-box"><span class="et-hidden">{} </span>{}</span>')


def boxed(html: Markup) -> Markup:
    """Return the HTML of a text in which every mark became a black box with its ground."""
    boxes = MARKS.sub(lambda mark: BOX.format(_("left out:"), ground_of(mark[0])), str(html))
    return Markup(boxes)  # noqa: S704  # HTML already; only marks were replaced, by HTML of ours


def unmarked(text: str) -> str:
    """Return a text in which grounds stand between brackets, where there can be no box.

    >>> from ethiek.domain.redactions import mark_of
    >>> unmarked(f"Over {mark_of('5.2')}")
    'Over [5.2]'
    """
    return MARKS.sub(lambda mark: f"[{ground_of(mark[0])}]", text)


def ground_name(code: str) -> str:
    """Return a ground with its article and its name, in the language of the page."""
    told = BY_CODE[code].told(str(get_locale()))
    return f"{code} – {told.name}"


def place_of(sheet: Sheet, redaction: Redaction) -> str:
    """Return what the place of a redaction is called; the pointer itself if it is in no list."""
    for chapter in sheet.chapters:
        for entry in chapter.entries:
            inside = f"{redaction.pointer}/".startswith(f"{entry.pointer}/")
            if entry.document == redaction.document and inside:
                name = unmarked(entry.title) or where(entry.names)
                rest = redaction.pointer.removeprefix(entry.pointer).strip("/").split("/")
                steps = [int(step) if step.isdigit() else step for step in rest if step]
                return f"{name} – {where(steps)}" if steps else name
    return redaction.pointer
