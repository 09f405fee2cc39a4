"""The one way in which our signatures are written: what cryptography does not protect may not vary either."""

from __future__ import annotations

import re
from typing import Any, Final

from asn1crypto import cms

SET_OF: Final = 0x31
GAP: Final = re.compile(rb"<(?:[0-9A-Fa-f]{2})+>")
CAPITAL_GAP: Final = re.compile(rb"<(?:[0-9A-F]{2})+>")


def is_plain_seal(signature: Any) -> bool:
    """What neither signature nor certificates protect has the one form that our seals have (RFC 5652, 5.1).

    Those are: the versions, the digests and the issuer that are named, and the lengths of the parts.
    """
    data, info = signature.signed_data, signature.signer_info
    named, used = data["digest_algorithms"].dump(), info["digest_algorithm"].dump()
    return bool(
        _is_exact(signature.pkcs7_content)
        and _versions(signature) == ("v1", "v1")
        and _names_its_issuer(signature)
        and named == bytes([SET_OF, len(used)]) + used
    )


def is_plain_stamp(signature: Any) -> bool:
    """The same for a time stamp, which somebody else wrote: digests may be written in more than one way."""
    data, info = signature.signed_data, signature.signer_info
    named = [one["algorithm"].native for one in data["digest_algorithms"]]
    return bool(
        _is_exact(signature.pkcs7_content)
        and _versions(signature) == ("v3", "v1")
        and _names_its_issuer(signature)
        and named == [info["digest_algorithm"]["algorithm"].native]
    )


def leaves_out_only_itself(pdf: bytes, signature: Any) -> bool:
    """The gap between the signed bytes is one string in hexadecimal: the signature itself, as we write it."""
    gap = gap_of(pdf, signature)
    return bool(CAPITAL_GAP.fullmatch(gap) or (is_stamp(signature) and GAP.fullmatch(gap)))


def is_where_it_says(pdf: bytes, signature: Any) -> bool:
    """The gap between the signed bytes holds this signature; not so in a file that was written anew."""
    gap = gap_of(pdf, signature)
    return bool(GAP.fullmatch(gap)) and bytes.fromhex(gap[1:-1].decode()) == signature.pkcs7_content


def signed_end(signature: Any) -> int:
    """The offset of the first byte that is behind the signed ones."""
    return int(signature.byte_range[2]) + int(signature.byte_range[3])


def gap_of(pdf: bytes, signature: Any) -> bytes:
    """The bytes that the signature leaves out; empty when it does not begin at the start of the file."""
    start, first, second, _ = (int(number) for number in signature.byte_range)
    return pdf[first:second] if start == 0 < first < second else b""


def is_stamp(signature: Any) -> bool:
    """The signature is a time stamp over the document."""
    return str(signature.sig_object_type) == "/DocTimeStamp"


def _is_exact(container: bytes) -> bool:
    """Strict DER, and behind it nothing but room."""
    length = _der_length(container)
    again = cms.ContentInfo.load(container[:length], strict=True).dump(force=True)
    return bool(again == container[:length]) and not container[length:].strip(b"\0")


def _versions(signature: Any) -> tuple[str, str]:
    return signature.signed_data["version"].native, signature.signer_info["version"].native


def _names_its_issuer(signature: Any) -> bool:
    issuer = signature.signer_info["sid"].chosen["issuer"]
    return bool(issuer.dump() == signature.signer_cert.issuer.dump())


def _der_length(data: bytes) -> int:
    """How long the DER value at the start of ``data`` says that it is, in bytes."""
    extra = data[1] & 0x7F if data[1] & 0x80 else 0
    return 2 + extra + (int.from_bytes(data[2 : 2 + extra], "big") if extra else data[1])
