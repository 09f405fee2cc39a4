"""A seal whose key is in a token: a smart card, a USB key or a hardware security module (PKCS#11)."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import Any, Final

import pkcs11
from cryptography import x509
from pkcs11.util.ec import encode_ecdsa_signature

from ethiek.errors import SigningError
from ethiek.reports.issuers import certificates
from ethiek.reports.sealing import CertificateSigner

SHA256_INFO: Final = bytes.fromhex("3031300d060960864801650304020105000420")
"""What goes before a SHA-256 digest in a signature of PKCS#1 v1.5 (RFC 8017, 9.2)."""


class TokenSigner(CertificateSigner):
    """Seals with a key in a token; the certificate is in the token under the same label."""

    @classmethod
    def open(
        cls, module: Path, token: str, label: str, pin_file: Path, roots: tuple[bytes, ...] = ()
    ) -> TokenSigner:
        """Look the certificate up, and check that the key is there.

        Args:
            roots: certificates of issuers, beside those in the token.

        Raises:
            SigningError: driver, token, key or certificate is not there, or the PIN is wrong.
        """
        key = TokenKey(module, token, label, pin_file)
        certificate, others = key.certificates()
        known = [x509.load_der_x509_certificate(one.dump()) for one in certificates(roots)]
        return cls(key, certificate, (*others, *known))


class TokenKey:
    """A private key that stays in its token. A session is opened for every use: a token may be pulled out."""

    _one_at_a_time = threading.Lock()

    def __init__(self, module: Path, token: str, label: str, pin_file: Path) -> None:
        self._module = module
        self._token = token
        self._label = label
        self._pin_file = pin_file

    def certificates(self) -> tuple[x509.Certificate, tuple[x509.Certificate, ...]]:
        """The certificate with the label of the key, and the other ones in the token."""
        found = self._use(_certificates)
        mine = [certificate for label, certificate in found if label == self._label]
        if len(mine) != 1:
            raise SigningError(
                f"the token has {len(mine)} certificates {self._label!r}; it needs one", "key_refused"
            )
        self._use(self._key)
        return mine[0], tuple(certificate for label, certificate in found if label != self._label)

    def sign_digest(self, digest: bytes) -> bytes:
        """See :class:`ethiek.reports.sealing.RemoteSigner`."""
        return bytes(self._use(lambda session: self._signed(session, digest)))

    def _signed(self, session: Any, digest: bytes) -> bytes:
        key = self._key(session)
        if key.key_type == pkcs11.KeyType.RSA:
            return bytes(key.sign(SHA256_INFO + digest, mechanism=pkcs11.Mechanism.RSA_PKCS))
        return bytes(encode_ecdsa_signature(key.sign(digest, mechanism=pkcs11.Mechanism.ECDSA)))

    def _key(self, session: Any) -> Any:
        return session.get_key(object_class=pkcs11.ObjectClass.PRIVATE_KEY, label=self._label)

    def _use(self, work: Any) -> Any:
        try:
            pin = self._pin_file.read_text(encoding="utf-8").strip()
            with self._one_at_a_time:
                token = pkcs11.lib(str(self._module)).get_token(token_label=self._token)
                with token.open(user_pin=pin) as session:
                    return work(session)
        except (pkcs11.exceptions.PinIncorrect, pkcs11.exceptions.PinLocked) as error:
            raise SigningError("the PIN of the token is not accepted", "key_refused") from error
        except pkcs11.exceptions.NoSuchKey as error:
            raise SigningError(f"the token holds no key {self._label!r}", "key_refused") from error
        except (pkcs11.exceptions.PKCS11Error, OSError, RuntimeError, UnicodeDecodeError) as error:
            raise SigningError(
                f"the token cannot be reached ({type(error).__name__})", "key_unreachable"
            ) from error


def _certificates(session: Any) -> list[tuple[str, x509.Certificate]]:
    wanted = {pkcs11.Attribute.CLASS: pkcs11.ObjectClass.CERTIFICATE}
    return [
        (str(one[pkcs11.Attribute.LABEL]), x509.load_der_x509_certificate(one[pkcs11.Attribute.VALUE]))
        for one in session.get_objects(wanted)
    ]
