"""Asking a server of somebody else: a bounded answer within a bounded time, and never from another address."""

from __future__ import annotations

from typing import Final

import aiohttp

SECONDS: Final = 10.0
LARGEST_ANSWER: Final = 8 * 2**20
"""Revocation lists of large issuers are a few megabytes."""
OK: Final = 200


class ExchangeError(OSError):
    """There was no usable answer. ``code``: ``unreachable``, ``timeout``, ``status`` or ``too_large``."""

    def __init__(self, code: str, url: str) -> None:
        super().__init__(f"{url}: {code}")
        self.code = code


async def exchange(
    url: str,
    *,
    sent: bytes | None = None,
    content_type: str = "",
    seconds: float = SECONDS,
    limit: int = LARGEST_ANSWER,
) -> bytes:
    """Return the body of the answer to one request; a redirect is no answer.

    Args:
        sent: the body of a POST; None for a GET.
        seconds: for everything together, so that a slow server cannot stretch it byte by byte.
        limit: of the answer, in bytes.

    Raises:
        ExchangeError: there is no usable answer.
    """
    headers = {"Accept-Encoding": "identity", **({"Content-Type": content_type} if content_type else {})}
    try:
        async with (
            aiohttp.ClientSession(
                timeout=aiohttp.ClientTimeout(total=seconds), trust_env=True, auto_decompress=False
            ) as session,
            session.request(
                "GET" if sent is None else "POST", url, data=sent, headers=headers, allow_redirects=False
            ) as answer,
        ):
            if answer.status != OK:
                raise ExchangeError("status", url)
            return await _read(answer, limit, url)
    except TimeoutError as error:
        raise ExchangeError("timeout", url) from error
    except (aiohttp.ClientError, ValueError) as error:
        raise ExchangeError("unreachable", url) from error


async def _read(answer: aiohttp.ClientResponse, limit: int, url: str) -> bytes:
    body = bytearray()
    async for chunk in answer.content.iter_any():
        body += chunk
        if len(body) > limit:
            raise ExchangeError("too_large", url)
    return bytes(body)
