"""Where a report can be checked: the address that is printed in it, and the same as a QR code."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import segno
from markupsafe import Markup

from ethiek.reports.words import Words
from ethiek.reports.words_nl import NL

CODE_LENGTH: Final = 20
"""Hexadecimal digits: 80 bits, too many to find one by trying."""

PATH: Final = "/controle"


@dataclass(frozen=True, slots=True)
class VerificationAddress:
    """``url``: as printed. ``qr_svg``: drawn in modules, with a title; the same bytes for the same address."""

    url: str
    qr_svg: Markup


def code_of(advice_sha256: str) -> str:
    """The code of a report.

    >>> code_of("0123456789abcdef" * 4)
    '0123456789abcdef0123'
    """
    return advice_sha256[:CODE_LENGTH]


def verification_address(
    public_url: str, advice_sha256: str, words: Words = NL
) -> VerificationAddress | None:
    """The address of a report at an installation; None if that has no public address.

    Args:
        public_url: an origin, as ``https://ethiek.example.nl``; empty if there is none.
    """
    if not public_url:
        return None
    url = f"{public_url}{PATH}/{code_of(advice_sha256)}"
    return VerificationAddress(url, Markup(_qr_svg(url, words.qr_of.format(url=url))))  # noqa: S704  # made by segno, and of nothing typed


def _qr_svg(url: str, title: str) -> str:
    """One path on a white square, with the quiet zone that a scanner asks for."""
    code = segno.make_qr(url, error="m")
    return code.svg_inline(scale=1, border=4, light="#fff", omitsize=True, title=title, lineclass=None)
