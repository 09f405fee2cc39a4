"""A time stamp authority (RFC 3161) that is not believed: every answer is checked before it is used."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from asn1crypto import core, tsp
from pyhanko.sign.timestamps import TimeStamper
from pyhanko.sign.timestamps.common_utils import extract_ts_certs
from pyhanko.sign.validation.errors import SignatureValidationError
from pyhanko.sign.validation.generic_cms import validate_tst_signed_data
from pyhanko_certvalidator import ValidationContext
from pyhanko_certvalidator.registry import SimpleCertificateStore

from ethiek.errors import SigningError
from ethiek.reports.fetching import ExchangeError, exchange
from ethiek.reports.issuers import Trust, checked_path

SECONDS: Final = 15.0
LARGEST_TOKEN: Final = 256 * 2**10
"""Real answers are 2 to 10 KiB."""
TOLERANCE: Final = timedelta(minutes=15)
"""How far the clocks of the authority and of this machine may be apart."""
GRANTED: Final = (0, 1)
"""Status of an answer with a time stamp (RFC 3161, 2.4.2)."""
QUERY: Final = "application/timestamp-query"
NO_ANSWER: Final = {
    "unreachable": "the time stamp authority cannot be reached",
    "timeout": "the time stamp authority did not answer in time",
    "status": "the time stamp authority did not accept the request",
    "too_large": "the time stamp authority sent far too much",
}


def _now() -> datetime:
    return datetime.now(UTC)


class TimeStampAuthority(TimeStamper):
    """Asks for time stamps over HTTP, and hands out only those that hold.

    Args:
        url: where it listens.
        trust: who may have issued its certificate; None: only the stamp itself is checked.
        proof: revocation data are needed for its certificate.
    """

    def __init__(
        self,
        url: str,
        trust: Trust | None,
        *,
        proof: bool = False,
        seconds: float = SECONDS,
        clock: Callable[[], datetime] = _now,
    ) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self.url = url
        self._trust = trust
        self._proof = proof
        self._seconds = seconds
        self._clock = clock

    async def async_request_tsa_response(self, req: Any) -> Any:
        """See pyHanko."""
        try:
            body = await exchange(
                self.url, sent=req.dump(), content_type=QUERY, seconds=self._seconds, limit=LARGEST_TOKEN
            )
        except ExchangeError as error:
            raise SigningError(NO_ANSWER[error.code], f"tsa_{error.code}") from error
        if core.Sequence.load(body, strict=True)[0][0].native not in GRANTED:
            raise SigningError("the time stamp authority refused the request", "tsa_refused")
        return tsp.TimeStampResp.load(body, strict=True)

    async def async_timestamp(self, message_digest: bytes, md_algorithm: str) -> Any:
        """A time stamp on a digest.

        Raises:
            SigningError: there is none that holds; ``code`` starts with ``tsa_``.
        """
        nonce, request = self.request_cms(message_digest, md_algorithm)  # type: ignore[no-untyped-call]
        try:
            answer = await self.async_request_tsa_response(request)
            token = answer["time_stamp_token"]
            self._check_content(token, nonce, request["message_imprint"])
            await self._check_signature(token["content"], message_digest)
        except (ValueError, TypeError, LookupError, AttributeError, AssertionError) as error:
            raise SigningError("the time stamp authority did not send a time stamp", "tsa_garbage") from error
        return token

    def _check_content(self, token: Any, nonce: int, imprint: Any) -> None:
        content = token["content"]["encap_content_info"]["content"].parsed
        if content["nonce"].native != nonce:
            raise SigningError("the time stamp answers another request", "tsa_nonce")
        if content["message_imprint"].dump() != imprint.dump():
            raise SigningError("the time stamp is on another document", "tsa_imprint")
        if abs(content["gen_time"].native - self._clock()) > TOLERANCE:
            raise SigningError("the time stamp authority has another time than this machine", "tsa_time")

    async def _check_signature(self, signed: Any, digest: bytes) -> None:
        store = SimpleCertificateStore()  # type: ignore[no-untyped-call]
        certificate = next(iter(extract_ts_certs({"content": signed}, store)))
        if self._trust is not None:
            context = self._trust.context(proof=self._proof)
            try:
                await checked_path(certificate, list(store), context, usage="time_stamping")
            except SigningError as error:
                raise SigningError(error.reason, f"tsa_{error.code}") from error
        try:
            only_this = ValidationContext(trust_roots=[certificate], allow_fetching=False)
            found = await validate_tst_signed_data(signed, only_this, lambda _: digest)
        except SignatureValidationError as error:
            raise SigningError("the signature of the time stamp is not valid", "tsa_signature") from error
        if not (found["intact"] and found["valid"]):
            raise SigningError("the signature of the time stamp is not valid", "tsa_signature")
