"""The one way in which our signatures are written: what cryptography does not protect may not vary either."""

from __future__ import annotations

import re
from typing import Any, Final

from asn1crypto import cms, core

from .fields import APPROVAL_NAMES

SET_OF: Final = 0x31
TIME_STAMP: Final = "signature_time_stamp_token"
GAP: Final = re.compile(rb"<(?:[0-9A-Fa-f]{2})+>")
CAPITAL_GAP: Final = re.compile(rb"<(?:[0-9A-F]{2})+>")
SMALL_GAP: Final = re.compile(rb"<(?:[0-9a-f]{2})+>")


def is_plain_seal(signature: Any) -> bool:
    """What neither signature nor certificates protect has the one form that our seals have (RFC 5652, 5.1).

    Those are: the versions, the digests and the issuer that are named, the lengths of the parts, and what was
    added to the signature itself: at most one time stamp.
    """
    data, info = signature.signed_data, signature.signer_info
    named, used = data["digest_algorithms"].dump(), info["digest_algorithm"].dump()
    return bool(
        _is_exact(signature.pkcs7_content)
        and _versions(data, info) == ("v1", "v1")
        and _names_issuer(info, signature.signer_cert)
        and named == bytes([SET_OF, len(used)]) + used
        and all(_is_plain_token(token) for token in stamps_inside(info))
    )


def is_plain_stamp(signature: Any) -> bool:
    """The same for a time stamp over the document, which somebody else wrote."""
    return _is_exact(signature.pkcs7_content) and _is_plain_token(signature.signed_data)


def stamps_inside(info: Any) -> list[Any]:
    """The time stamps in a signature; None for anything else that was added to it, which is not looked into."""
    attributes = [] if isinstance(info["unsigned_attrs"], core.Void) else list(info["unsigned_attrs"])
    if not attributes:
        return []
    only = attributes[0] if len(attributes) == 1 else None
    if only is None or only["type"].native != TIME_STAMP or len(only["values"]) != 1:
        return [None]
    return [only["values"][0]["content"]]


def stamp_issuers(signature: Any) -> list[Any]:
    """The certificates that came with the time stamps in a seal."""
    tokens = [token for token in stamps_inside(signature.signer_info) if token is not None]
    return [certificate for token in tokens for certificate in _certificates(token)]


def _certificates(data: Any) -> list[Any]:
    return [one.chosen for one in data["certificates"] if one.name == "certificate"]


def _is_plain_token(data: Any) -> bool:
    """A time stamp of one authority; digests may be written in more than one way (RFC 3161, 2.4.2)."""
    if data is None or len(data["signer_infos"]) != 1:
        return False
    info = data["signer_infos"][0]
    named = [one["algorithm"].native for one in data["digest_algorithms"]]
    return bool(
        _versions(data, info) == ("v3", "v1")
        and any(_names_issuer(info, certificate) for certificate in _certificates(data))
        and named == [info["digest_algorithm"]["algorithm"].native]
    )


def leaves_out_only_itself(pdf: bytes, signature: Any) -> bool:
    """The gap between the signed bytes is one string in hexadecimal: the signature itself, as we write it.

    A person may have signed with a tool that writes small letters.
    """
    gap = gap_of(pdf, signature)
    small = str(signature.field_name) in APPROVAL_NAMES and SMALL_GAP.fullmatch(gap)
    return bool(small or CAPITAL_GAP.fullmatch(gap))


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


def _versions(data: Any, info: Any) -> tuple[str, str]:
    return data["version"].native, info["version"].native


def _names_issuer(info: Any, certificate: Any) -> bool:
    """The signature names this certificate, to the letter."""
    named = info["sid"].chosen
    return bool(
        named["issuer"].dump() == certificate.issuer.dump()
        and named["serial_number"].native == certificate.serial_number
    )


def _der_length(data: bytes) -> int:
    """How long the DER value at the start of ``data`` says that it is, in bytes."""
    extra = data[1] & 0x7F if data[1] & 0x80 else 0
    return 2 + extra + (int.from_bytes(data[2 : 2 + extra], "big") if extra else data[1])
