"""Asking issuers which certificates they revoked, for pyHanko: lists (CRL) and answers (OCSP), both bounded."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Iterable
from typing import Any, Final

from asn1crypto import crl, pem
from pyhanko_certvalidator.errors import CRLFetchError, OCSPFetchError
from pyhanko_certvalidator.fetchers import (
    CertificateFetcher,
    CRLFetcher,
    FetcherBackend,
    Fetchers,
    OCSPFetcher,
)
from pyhanko_certvalidator.fetchers.common_utils import (
    enumerate_delivery_point_urls,
    format_ocsp_request,
    process_ocsp_response_data,
)
from pyhanko_certvalidator.util import get_ocsp_urls, get_relevant_crl_dps

from ethiek.reports.fetching import ExchangeError, exchange

MOST_ADDRESSES: Final = 4
"""Of one certificate; real ones name one or two."""
NOTHING: Final[tuple[Any, ...]] = ()
UNREADABLE: Final = (ValueError, TypeError, KeyError)


class BoundedFetchers(FetcherBackend):
    """Fetchers for one validation. Issuers' certificates are not fetched: who is trusted is configured."""

    def get_fetchers(self) -> Fetchers:
        """See pyHanko."""
        return Fetchers(ocsp_fetcher=_Answers(), crl_fetcher=_Lists(), cert_fetcher=_NoCertificates())

    async def close(self) -> None:
        """Nothing stays open."""


class _Lists(CRLFetcher):
    def __init__(self) -> None:
        self._found: dict[bytes, list[Any]] = {}

    async def fetch(self, cert: Any, *, use_deltas: bool = True) -> Iterable[Any]:
        key = cert.issuer_serial
        if key not in self._found:
            self._found[key] = [await _list_at(url) for url in _list_addresses(cert, deltas=use_deltas)]
        return self._found[key]

    def fetched_crls(self) -> Iterable[Any]:
        return [one for found in self._found.values() for one in found]

    def fetched_crls_for_cert(self, cert: Any) -> Iterable[Any]:
        return self._found[cert.issuer_serial]


def _list_addresses(certificate: Any, *, deltas: bool) -> list[str]:
    points = get_relevant_crl_dps(certificate, use_deltas=deltas)
    return [url for point in points for url in enumerate_delivery_point_urls(point)][:MOST_ADDRESSES]


async def _list_at(url: str) -> Any:
    try:
        return read_list(await exchange(url))
    except (ExchangeError, *UNREADABLE) as error:
        raise CRLFetchError(url) from error


def read_list(data: bytes) -> Any:
    """A revocation list in DER or PEM.

    Raises:
        ValueError: it is none.
    """
    if pem.detect(data):
        _, _, data = pem.unarmor(data)
    return crl.CertificateList.load(data, strict=True)


class _Answers(OCSPFetcher):
    def __init__(self) -> None:
        self._found: dict[bytes, Any] = {}

    async def fetch(self, cert: Any, authority: Any) -> Any:
        key = cert.issuer_serial
        if key not in self._found:
            self._found[key] = await _answer_about(cert, authority)
        return self._found[key]

    def fetched_responses(self) -> Iterable[Any]:
        return list(self._found.values())

    def fetched_responses_for_cert(self, cert: Any) -> Iterable[Any]:
        return [self._found[cert.issuer_serial]] if cert.issuer_serial in self._found else []


async def _answer_about(certificate: Any, authority: Any) -> Any:
    """The first usable answer; an authority may run several servers."""
    request = format_ocsp_request(
        certificate, authority, certid_hash_algo="sha1", request_nonces=True
    )  # SHA-1 only names the issuer here (RFC 5019), and is what servers know
    for url in get_ocsp_urls(certificate)[:MOST_ADDRESSES]:
        try:
            data = await exchange(url, sent=request.dump(), content_type="application/ocsp-request")
            return process_ocsp_response_data(data, ocsp_request=request, ocsp_url=url)
        except (ExchangeError, OCSPFetchError, *UNREADABLE):
            continue
    raise OCSPFetchError("no server answered")


class _NoCertificates(CertificateFetcher):
    async def fetch_cert_issuers(self, cert: Any) -> AsyncGenerator[Any, None]:
        del cert
        for certificate in NOTHING:
            yield certificate

    async def fetch_crl_issuers(self, certificate_list: Any) -> AsyncGenerator[Any, None]:
        del certificate_list
        for certificate in NOTHING:
            yield certificate

    def fetched_certs(self) -> Iterable[Any]:
        return NOTHING
