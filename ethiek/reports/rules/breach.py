"""What a rule of the gate reports, and every rule that there is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

RULES: Final = {
    # the file
    "encrypted": "nobody needs a key to read it (A-3 6.1.3)",
    "header": "it says PDF 1.4 to 1.7, and that it is binary (A-3 6.1.2)",
    "identifier": "it has an identifier (A-3 6.1.3)",
    "language": "it says in which language it is written (UA-1 7.2)",
    "marked": "it says that it is tagged (UA-1 7.1)",
    "title-shown": "readers show its title, not its file name (UA-1 7.1)",
    "bookmarks": "from four pages on it has bookmarks (ours)",
    "output-intent": "it says what its colours mean, once (A-3 6.2.3)",
    "action": "it does nothing by itself when it is opened, and hides no layers (A-3 6.5)",
    "script": "it holds no scripts (A-3 6.5.1)",
    # embedded files
    "file-not-associated": "every embedded file is an associated file (A-3 6.8)",
    "file-associated-twice": "and only once (A-3 6.8)",
    "file-relationship": "it says what the file is to the document (A-3 6.8)",
    "file-type": "it says what type of file it is (A-3 6.8)",
    "file-name": "its name is in Unicode (A-3 6.8)",
    "file-date": "it says when the file was changed (A-3 6.8)",
    # metadata
    "metadata": "it has an XMP packet (A-3 6.6.2.1)",
    "metadata-filtered": "that anybody can read without a PDF reader (ours; A-1 6.7.2)",
    "metadata-xml": "that is well-formed XML without a document type (A-3 6.6.2.1)",
    "metadata-one-rdf": "with exactly one rdf:RDF (ISO 16684-1 7.4)",
    "pdfa-identifier": "that claims PDF/A-3a (A-3 6.6.4)",
    "pdfua-identifier": "and PDF/UA-1 (UA-1 5)",
    "pdfua-schema": "and explains that second claim to PDF/A (A-3 6.6.2.3)",
    "title": "it has a title (UA-1 7.1)",
    "title-differs": "the same one in both places (A-3 6.6.3)",
    "date-differs": "and the same date of change (A-3 6.6.3)",
    # structure
    "structure": "it has a structure tree (A-3 6.7.3, UA-1 7.1)",
    "figure-text": "every figure has a text alternative (UA-1 7.3)",
    "figure-box": "and stands on its page (ISO 32000-1 14.8.5.4.3)",
    "heading-order": "headings begin at the first level and skip none (UA-1 7.4.2)",
    "header-scope": "a header cell says what it heads (UA-1 7.5)",
    "cell-outside-row": "cells are in rows (UA-1 7.2, 7.5)",
    "row-outside-table": "rows are in tables (UA-1 7.2, 7.5)",
    "item-outside-list": "list items are in lists (UA-1 7.2, 7.6)",
    # pages and what is painted on them
    "tab-order": "a page's controls are visited in the order of the structure (UA-1 7.18.3)",
    "page-owners": "a page says which element owns what is painted (UA-1 7.1)",
    "owner-outside-tree": "and that element is part of the tree (UA-1 7.1)",
    "untagged": "everything painted is tagged or an artifact (UA-1 7.1)",
    "missing-glyph": "no text is printed as the empty box (A-3 6.2.11.8)",
    "image-smoothed": "no image asks the reader to invent pixels (A-3 6.2.8)",
    "image-colours": "no image has colours that the output intent does not explain (A-3 6.2.4.3)",
    # fonts
    "font-outside": "every font is in the file (A-3 6.2.11.4)",
    "font-without-text": "and says which characters its glyphs are (A-3 6.2.11.7)",
    # annotations
    "annotation-flags": "links and fields are printed, and not hidden (A-3 6.3.2)",
    "annotation-owner": "an element of the structure owns it (UA-1 7.18.1)",
    "annotation-appearance": "what is visible has an appearance (A-3 6.3.3)",
    "field-name": "a field has a name for people (UA-1 7.18.4)",
    "field-owner": "and is a Form in the structure (UA-1 7.18.4)",
    "link-text": "a link says in words where it goes (UA-1 7.18.5)",
    "link-address": "and not as an address inside the file (ours)",
    "link-owner": "and is a Link in the structure (UA-1 7.18.5)",
    # signatures
    "appearance-left-to-reader": "the form does not ask readers to draw (A-3 6.4.1)",
    "signature-range": "a signature covers a whole revision but itself (A-3 6.4.3, ISO 32000-1 12.8.1)",
    "signature-kind": "it is a PAdES signature or a time stamp (A-3 6.4.3), in a field of ours",
    # all of it
    "readable": "the gate can read it to the end",
}  # fmt: skip
"""Name of each rule -> what it asks. A-3 is ISO 19005-3, UA-1 is ISO 14289-1; "ours" asks more than both."""


@dataclass(frozen=True, slots=True)
class Breach:
    """A rule that does not hold, and where: "page 3", a file name, a field."""

    rule: str
    where: str = ""

    def __str__(self) -> str:
        return f"{self.rule} ({self.where})" if self.where else self.rule
