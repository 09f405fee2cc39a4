"""What persons sign with: the file that holds their key, or a tool of their own on their own machine."""

from __future__ import annotations

import io
from datetime import datetime
from typing import Final

from pyhanko.pdf_utils.reader import PdfFileReader

from ethiek.config import Settings
from ethiek.reports.continuation import PersonalSignature, continued
from ethiek.reports.opening import signer_in
from ethiek.reports.stamping import Stamping
from ethiek.seals import personal_stamping_of
from ethiek.services.personal import ToSign

REASONS: Final = {"chair": "Goedgekeurd als voorzitter", "secretary": "Goedgekeurd als secretaris"}
"""Stands in the signature itself: role -> words."""


def signed_with_file(
    settings: Settings, given: ToSign, bundle: bytes, passphrase: str, at: datetime
) -> PersonalSignature:
    """Sign with the key in a PKCS#12 file, which is forgotten with this call.

    Raises:
        SigningError: there is no signature; ``code`` says why.
    """
    stamping = personal_stamping_of(settings)
    signer = signer_in(bundle, passphrase)
    signed = signer.approve(given.pdf, given.field, reason=REASONS[given.role], at=at, stamping=stamping)
    return _continued(given, signed, stamping)


def signed_elsewhere(settings: Settings, given: ToSign, signed: bytes) -> PersonalSignature:
    """Take over a file that was signed with a tool of somebody's own.

    Raises:
        SigningError: it is another file, holds something else, or is signed with a certificate that does not count.
    """
    stamping = personal_stamping_of(settings)
    found = _continued(given, signed, stamping)
    signature = PdfFileReader(io.BytesIO(signed)).embedded_signatures[-1]
    stamping.begin(signature.signer_cert, signature.other_embedded_certs)
    return found


def _continued(given: ToSign, signed: bytes, stamping: Stamping) -> PersonalSignature:
    roots = stamping.trust.roots if stamping.trust else ()
    return continued(given.pdf, signed, given.fields, roots, stamping.level)
