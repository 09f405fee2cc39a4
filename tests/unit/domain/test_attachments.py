"""Names of attachments are safe on every page and every disk."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ethiek.domain.attachments import LONGEST_NAME, FileKind, safe_name


@pytest.mark.parametrize(
    ("sent", "kind", "kept"),
    [
        ("plan.pdf", FileKind.PDF, "plan.pdf"),
        ("Plan België 2026.PDF", FileKind.PDF, "Plan België 2026.pdf"),
        ("foto.JPG", FileKind.JPEG, "foto.jpg"),
        ("foto.jpeg", FileKind.JPEG, "foto.jpeg"),
        ("../../etc/passwd.txt", FileKind.TXT, "passwd.txt"),
        (r"C:\Users\noor\plan.pdf", FileKind.PDF, "plan.pdf"),
        ("C:plan.pdf", FileKind.PDF, "C_plan.pdf"),
        ("plan\u202efdp.exe", FileKind.PDF, "planfdp.exe.pdf"),
        ("\u2066\u200fplan\u2069.pdf", FileKind.PDF, "plan.pdf"),
        ("pl\x00an.pdf", FileKind.PDF, "plan.pdf"),
        ("plan\r\nSet-Cookie: x.pdf", FileKind.PDF, "plan Set-Cookie_ x.pdf"),
        ('plan".pdf', FileKind.PDF, "plan_.pdf"),
        ("<b>plan</b>.pdf", FileKind.PDF, "b_.pdf"),
        ("CON.txt", FileKind.TXT, "_CON.txt"),
        ("nul", FileKind.CSV, "_nul.csv"),
        ("   ...pdf", FileKind.PDF, "pdf.pdf"),
        ("", FileKind.CSV, "bijlage.csv"),
        ("..", FileKind.CSV, "bijlage.csv"),
        ("/", FileKind.CSV, "bijlage.csv"),
        ("cafe\u0301.txt", FileKind.TXT, "café.txt"),
        ("\ud800plan.pdf", FileKind.PDF, "plan.pdf"),
        ("-rf.txt", FileKind.TXT, "-rf.txt"),
    ],
)
def test_name_is_made_safe(sent: str, kind: FileKind, kept: str) -> None:
    assert safe_name(sent, kind) == kept


def test_long_name_keeps_its_ending() -> None:
    assert safe_name(f"{'a' * 300}.docx", FileKind.DOCX) == f"{'a' * 115}.docx"


@given(st.text(max_size=300), st.sampled_from(FileKind))
def test_every_name_is_short_visible_and_of_its_kind(sent: str, kind: FileKind) -> None:
    name = safe_name(sent, kind)
    assert 0 < len(name) <= LONGEST_NAME
    assert name.rpartition(".")[2] in kind.endings
    assert not set(name) & set('/\\:*?"<>|`\n\r\t\0')
    assert not [one for one in name if unicodedata.category(one).startswith("C")]
    assert not name.startswith((".", " "))
    assert safe_name(name, kind) == name
