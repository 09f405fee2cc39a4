"""Writing behind a signed PDF without touching what is there."""

from __future__ import annotations

from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter


class UntouchedMetadata(IncrementalPdfFileWriter):
    """Leaves the XMP packet and the PDF version alone: pyHanko would rewrite them, and PDF/A-3 is PDF 1.7.

    This overrides a private method; tests prove that packet and version survive.
    """

    def _update_meta(self) -> None:
        pass

    def ensure_output_version(self, version: object) -> None:
        """Stay at the version of the rendered file; PAdES needs no later one."""
