"""Settings: read once, at start, from ``ETHIEK_*`` and the instance folder; an unsafe one stops the start."""

from __future__ import annotations

import os
import re
import secrets
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from ethiek.errors import ConfigurationError, RenderError
from ethiek.reports.house import COLOUR, PLAIN, House, checked_colour, checked_logo

SECRET_BYTES: Final = 32
_DISTINCT_CHARACTERS: Final = 10
_LOOPBACK: Final = ("localhost", "127.0.0.1", "[::1]")
_ORIGIN: Final = re.compile(r"(https?)://[a-z0-9.-]{1,100}(?::[0-9]{1,5})?", re.ASCII)
_HOST_AND_PORT: Final = re.compile(r"(?:[A-Za-z0-9.-]{1,100}|\[[0-9A-Fa-f:.]{2,50}\]):[0-9]{1,5}", re.ASCII)
_LEVELS: Final = ("b-b", "b-t", "b-lt", "b-lta")
_LOCALES: Final = ("nl", "en")
_YES: Final = {"1": True, "true": True, "yes": True, "0": False, "false": False, "no": False, "": False}


@dataclass(frozen=True, slots=True)
class ProofSettings:
    """What makes seals last. ``level``: empty for the highest that is configured.

    ``crl_folder``: revocation lists that somebody puts there; then no issuer is asked over the network.
    """

    level: str = ""
    tsa_url: str = ""
    tsa_roots: Path | None = None
    crl_folder: Path | None = None


@dataclass(frozen=True, slots=True)
class TokenSettings:
    """Where the key is: the driver of the token, the token's label, the label of the key, and the PIN."""

    module: Path
    token: str
    key: str
    pin_file: Path


@dataclass(frozen=True, slots=True)
class Settings:
    """What an installation can choose.

    ``proxy_count``: how many reverse proxies of ours stand before the application; what those further
    away say about addresses is not believed. ``seal_file``: PKCS#12 with key and certificate of the
    organisation; None: documents say that they are not sealed. ``trust_roots``: PEM file or folder.
    ``public_url``: the origin that reports name, to be checked at; empty: they name none.
    ``threads``: per process.
    """

    instance: Path
    database_url: str
    secret_key: str = field(repr=False)
    trusted_hosts: tuple[str, ...]
    organisation: str
    archive_folder: Path
    seal_file: Path | None
    seal_passphrase_file: Path | None
    trust_roots: Path | None
    proxy_count: int
    threads: int
    demo: bool
    secure_cookie: bool
    default_locale: str
    words_folder: Path | None = None
    """Lists of words of the organisation itself; see ``questionnaires/words``."""
    public_url: str = ""
    house: House = PLAIN
    """How documents look: logo and colour of the organisation."""
    proof: ProofSettings = ProofSettings()
    token: TokenSettings | None = None
    """The key of the seal is in a token (PKCS#11); then there is no ``seal_file``."""
    person_roots: Path | None = None
    """Who may have issued the certificates of persons, if not ``trust_roots``: PEM file or folder."""
    attachments: Path | None = None
    """Where files of teams are kept; None: in the instance folder."""
    scanner: str = ""
    """clamd, as the path of its socket or as host:port. Empty: nobody can add files, except in a demonstration."""

    @property
    def attachment_folder(self) -> Path:
        """Where files of teams are kept."""
        return self.attachments or self.instance.resolve() / "attachments"

    @classmethod
    def from_env(cls, instance: Path, environ: Mapping[str, str] = os.environ) -> Settings:
        """Read and check all settings.

        Raises:
            ConfigurationError: names the variable that is missing or unsafe.
        """
        _refuse_debug(environ)
        demo = _flag(environ, "ETHIEK_DEMO")
        hosts = _hosts(environ, demo=demo)
        seal = _path(environ, "ETHIEK_SEAL_FILE")
        return cls(
            instance=instance,
            database_url=environ.get("ETHIEK_DATABASE_URL") or f"sqlite:///{instance.resolve()}/ethiek.db",
            secret_key=_secret_key(environ, instance, may_make=demo),
            trusted_hosts=hosts,
            organisation=environ.get("ETHIEK_ORGANISATION", "Ethiek"),
            archive_folder=_path(environ, "ETHIEK_ARCHIVE_FOLDER") or instance.resolve() / "archive",
            seal_file=seal,
            seal_passphrase_file=_path(environ, "ETHIEK_SEAL_PASSPHRASE_FILE"),
            trust_roots=_path(environ, "ETHIEK_TRUST_ROOTS"),
            proxy_count=_number(environ, "ETHIEK_PROXY_COUNT", default=0, allowed=range(6)),
            threads=_number(environ, "ETHIEK_THREADS", default=8, allowed=range(1, 65)),
            demo=demo,
            secure_cookie=not (demo and set(hosts) <= set(_LOOPBACK)),
            default_locale=_locale(environ),
            words_folder=_path(environ, "ETHIEK_WORDS_FOLDER") or _if_there(instance.resolve() / "words"),
            public_url=_origin(
                environ, "ETHIEK_PUBLIC_URL", schemes=("http", "https") if demo else ("https",)
            ),
            house=_house(environ),
            proof=_proof(environ),
            token=_token(environ, has_file=seal is not None),
            person_roots=_path(environ, "ETHIEK_PERSON_ROOTS"),
            attachments=_path(environ, "ETHIEK_ATTACHMENT_FOLDER"),
            scanner=_scanner(environ),
        )


def _proof(environ: Mapping[str, str]) -> ProofSettings:
    url, level = environ.get("ETHIEK_TSA_URL", ""), environ.get("ETHIEK_SEAL_LEVEL", "")
    if url and not url.startswith(("https://", "http://")):
        raise ConfigurationError("ETHIEK_TSA_URL", "must start with https:// or http://")
    if level and level not in _LEVELS:
        raise ConfigurationError("ETHIEK_SEAL_LEVEL", f"must be one of {', '.join(_LEVELS)}")
    if level not in {"", _LEVELS[0]} and not url:
        raise ConfigurationError("ETHIEK_SEAL_LEVEL", f"{level} needs ETHIEK_TSA_URL")
    return ProofSettings(level, url, _path(environ, "ETHIEK_TSA_ROOTS"), _path(environ, "ETHIEK_CRL_FOLDER"))


def _token(environ: Mapping[str, str], *, has_file: bool) -> TokenSettings | None:
    names = [f"ETHIEK_PKCS11_{name}" for name in ("MODULE", "TOKEN", "KEY", "PIN_FILE")]
    module, token, key, pin_file = (environ.get(name, "") for name in names)
    if not any((module, token, key, pin_file)):
        return None
    if has_file:
        raise ConfigurationError("ETHIEK_SEAL_FILE", "and ETHIEK_PKCS11_MODULE exclude each other")
    for name in names:
        if not environ.get(name):
            raise ConfigurationError(name, "is missing")
    return TokenSettings(Path(module).resolve(), token, key, Path(pin_file).resolve())


def _scanner(environ: Mapping[str, str]) -> str:
    address = environ.get("ETHIEK_SCANNER", "")
    if address and not (address.startswith("/") or _HOST_AND_PORT.fullmatch(address)):
        raise ConfigurationError("ETHIEK_SCANNER", "must be the path of a socket, or host:port")
    return address


def _refuse_debug(environ: Mapping[str, str]) -> None:
    for name in ("FLASK_DEBUG", "ETHIEK_DEBUG"):
        if _flag(environ, name):
            raise ConfigurationError(name, "debug mode shows code and settings to visitors")


def _flag(environ: Mapping[str, str], name: str) -> bool:
    try:
        return _YES[environ.get(name, "").lower()]
    except KeyError:
        raise ConfigurationError(name, "must be 0 or 1") from None


def _hosts(environ: Mapping[str, str], *, demo: bool) -> tuple[str, ...]:
    hosts = tuple(environ.get("ETHIEK_TRUSTED_HOSTS", "").replace(",", " ").split())
    if not hosts and not demo:
        raise ConfigurationError(
            "ETHIEK_TRUSTED_HOSTS", "names no host under which the application may be reached"
        )
    if any("*" in host or "/" in host for host in hosts):
        raise ConfigurationError("ETHIEK_TRUSTED_HOSTS", "must be host names, without * or scheme")
    return hosts or _LOOPBACK


def _secret_key(environ: Mapping[str, str], instance: Path, *, may_make: bool) -> str:
    file = instance / "secret_key"
    key = environ.get("ETHIEK_SECRET_KEY")
    if key is None and (file.exists() or may_make):
        key = _stored_secret(file)
    if key is None:
        raise ConfigurationError("ETHIEK_SECRET_KEY", "is missing")
    if len(key.encode()) < SECRET_BYTES or len(set(key)) < _DISTINCT_CHARACTERS:
        raise ConfigurationError("ETHIEK_SECRET_KEY", f"must be {SECRET_BYTES} random bytes or more")
    return key


def _stored_secret(file: Path) -> str:
    """Read the key, or make it: two processes that start together end up with the same one."""
    file.parent.mkdir(parents=True, exist_ok=True)
    draft = file.with_name(f".{file.name}.{os.getpid()}")
    if not file.exists():
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w") as stream:
            stream.write(secrets.token_urlsafe(SECRET_BYTES))
        with suppress(FileExistsError):
            file.hardlink_to(draft)  # whole at once, and never over another's
        draft.unlink()
    return file.read_text().strip()


def _path(environ: Mapping[str, str], name: str) -> Path | None:
    value = environ.get(name)
    return Path(value).resolve() if value else None


def _origin(environ: Mapping[str, str], name: str, *, schemes: Sequence[str]) -> str:
    """Read an origin: it is printed in documents that stay, so nothing is guessed or repaired."""
    value = environ.get(name, "").removesuffix("/")
    match = _ORIGIN.fullmatch(value)
    if value and (match is None or match[1] not in schemes):
        raise ConfigurationError(
            name, f"must be an origin as {schemes[-1]}://ethiek.example.nl, without a path"
        )
    return value


def _house(environ: Mapping[str, str]) -> House:
    """Read logo and colour: what goes into every document is checked before the first one is made."""
    logo, name = _path(environ, "ETHIEK_LOGO_FILE"), "ETHIEK_LOGO_FILE"
    try:
        drawing = checked_logo(logo.read_bytes()) if logo else ""
        name = "ETHIEK_COLOUR"
        return House(drawing, checked_colour(environ.get(name) or COLOUR))
    except (RenderError, OSError) as error:
        raise ConfigurationError(name, str(error)) from error


def _if_there(folder: Path) -> Path | None:
    return folder if folder.is_dir() else None


def _number(environ: Mapping[str, str], name: str, *, default: int, allowed: range) -> int:
    text = environ.get(name, str(default))
    if not (text.isascii() and text.isdigit() and int(text) in allowed):
        raise ConfigurationError(name, f"must be a number from {allowed[0]} to {allowed[-1]}")
    return int(text)


def _locale(environ: Mapping[str, str]) -> str:
    locale = environ.get("ETHIEK_LOCALE", "nl")
    if locale not in _LOCALES:
        raise ConfigurationError("ETHIEK_LOCALE", f"must be one of {', '.join(_LOCALES)}")
    return locale
