"""Why a report was not signed, in words for a secretary. The exact text beside it is for the administrator."""

from __future__ import annotations

import re
from typing import Final

from flask_babel import LazyString
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

CODE: Final = re.compile(r"\[([a-z_]{1,40})\]\Z")
"""How a ``SigningError`` ends."""

_AWAY: Final = _l("The time stamp service does not answer. Try again later.")
_WRONG: Final = _l("The time stamp service answered something that is not right. Tell the administrator.")
_UNKNOWN: Final = _l("It cannot be checked whether a certificate may be used. Tell the administrator.")
_ENDED: Final = _l("The certificate of the time stamp service may not be used. Tell the administrator.")

REASON: Final[dict[str, LazyString]] = {
    "expired": _l("The certificate of the seal has expired. The administrator must arrange a new one."),
    "not_yet_valid": _l("The certificate of the seal is not valid yet."),
    "revoked": _l("The certificate of the seal was revoked. The administrator must arrange a new one."),
    "untrusted": _UNKNOWN,
    "revocation_unknown": _UNKNOWN,
    "usage": _l("The certificate is not meant for signatures. Tell the administrator."),
    "key_unreachable": _l("The key of the seal cannot be reached. Tell the administrator."),
    "key_refused": _l("The key of the seal was not given. Tell the administrator."),
    "settings": _l("A setting or a file of the seal is missing. Tell the administrator."),
    "self_check": _l("The signed report did not pass our own check, so it was not issued."),
    **dict.fromkeys(("tsa_unreachable", "tsa_timeout", "tsa_status", "tsa_refused"), _AWAY),
    **dict.fromkeys(
        ("tsa_garbage", "tsa_too_large", "tsa_nonce", "tsa_imprint", "tsa_time", "tsa_signature"), _WRONG
    ),
    **dict.fromkeys(
        ("tsa_untrusted", "tsa_revoked", "tsa_expired", "tsa_not_yet_valid", "tsa_revocation_unknown"), _ENDED
    ),
}
"""Code of a ``SigningError`` -> one sentence, or two."""


def signing_reason(last_error: str) -> str:
    """Return the words for what a job keeps of an error; empty for an error of another kind."""
    found = CODE.search(last_error)
    return str(REASON.get(found[1], "")) if found else ""


OF_PERSONS: Final[dict[str, LazyString]] = {
    "passphrase": _l("This passphrase does not open the file, or the file is no PKCS#12 file with a key."),
    "too_large": _l("This file is too large to hold a certificate: at most 64 kB."),
    "too_much_work": _l(
        "Opening this file takes too much work. Export your certificate again and try once more."
    ),
    "weak": _l("The key in this file is too weak, or of a kind that cannot be used."),
    "usage": _l("This certificate is not meant for signatures."),
    "expired": _l("This certificate has expired."),
    "not_yet_valid": _l("This certificate is not valid yet."),
    "revoked": _l("This certificate was revoked."),
    "untrusted": _l("This certificate was not issued by a party that is trusted here."),
    "revocation_unknown": _l("It cannot be checked whether this certificate was revoked. Try again later."),
    "same_certificate": _l("This certificate was used for another signature on this report. Use your own."),
    "no_file": _l("Choose a file."),
    "other_file": _l("This is not the file that you downloaded here with one signature behind it."),
    "other_changes": _l(
        "More was changed in this file than your own signature. Sign the file as it was downloaded."
    ),
    "breaches": _l(
        "With this signature the report is no longer an archive file. Sign without a picture or stamp."
    ),
    "no_stamp": _l(
        "This signature has no time stamp. Sign with the time stamp service that is meant for it."
    ),
}
"""Why a signature of a person was not taken: code -> what to do."""


def person_reason(code: str) -> str:
    """Return the words for why somebody's signature was not taken."""
    return str(OF_PERSONS.get(code) or REASON.get(code) or _("The report could not be signed."))
