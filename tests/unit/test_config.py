from __future__ import annotations

import stat
from dataclasses import replace
from pathlib import Path

import pytest

from ethiek.config import ProofSettings, Settings, TokenSettings
from ethiek.errors import ConfigurationError
from ethiek.files.scanning import Clamd, DemoScanner
from ethiek.incoming import files_of, quarantine_of, scanner_of
from ethiek.reports.house import House

SECRET = "S3cr3t-for-tests-only-0123456789abcdef"
LOGO = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 4 4"><path d="M0 0h4v4z"/></svg>'
PRODUCTION = {"ETHIEK_SECRET_KEY": SECRET, "ETHIEK_TRUSTED_HOSTS": "ethiek.example.nl"}
TOKEN = {
    "ETHIEK_PKCS11_MODULE": "/usr/lib/token.so",
    "ETHIEK_PKCS11_TOKEN": "ethiek",
    "ETHIEK_PKCS11_KEY": "zegel",
    "ETHIEK_PKCS11_PIN_FILE": "/etc/pin",
}


def test_production_needs_only_a_secret_and_a_host(tmp_path: Path) -> None:
    assert Settings.from_env(tmp_path, PRODUCTION) == Settings(
        instance=tmp_path,
        database_url=f"sqlite:///{tmp_path}/ethiek.db",
        secret_key=SECRET,
        trusted_hosts=("ethiek.example.nl",),
        organisation="Ethiek",
        archive_folder=tmp_path / "archive",
        seal_file=None,
        seal_passphrase_file=None,
        trust_roots=None,
        proxy_count=0,
        threads=8,
        demo=False,
        secure_cookie=True,
        default_locale="nl",
    )


def test_every_setting_can_be_chosen(tmp_path: Path) -> None:
    chosen = {
        "ETHIEK_DATABASE_URL": "postgresql://ethiek@localhost/ethiek",
        "ETHIEK_TRUSTED_HOSTS": "a.example.nl, b.example.nl",
        "ETHIEK_ORGANISATION": "Provincie Voorbeeld",
        "ETHIEK_ARCHIVE_FOLDER": str(tmp_path / "stukken"),
        "ETHIEK_SEAL_FILE": str(tmp_path / "seal.p12"),
        "ETHIEK_SEAL_PASSPHRASE_FILE": str(tmp_path / "passphrase"),
        "ETHIEK_TRUST_ROOTS": str(tmp_path / "roots.pem"),
        "ETHIEK_PROXY_COUNT": "1",
        "ETHIEK_THREADS": "4",
        "ETHIEK_LOCALE": "en",
        "ETHIEK_WORDS_FOLDER": str(tmp_path / "woorden"),
        "ETHIEK_PUBLIC_URL": "https://ethiek.example.nl:8443/",
        "ETHIEK_LOGO_FILE": str(tmp_path / "logo.svg"),
        "ETHIEK_COLOUR": "#0B5C4B",
    }
    (tmp_path / "logo.svg").write_text(LOGO)
    assert Settings.from_env(tmp_path, PRODUCTION | chosen) == Settings(
        instance=tmp_path,
        database_url="postgresql://ethiek@localhost/ethiek",
        secret_key=SECRET,
        trusted_hosts=("a.example.nl", "b.example.nl"),
        organisation="Provincie Voorbeeld",
        archive_folder=tmp_path / "stukken",
        seal_file=tmp_path / "seal.p12",
        seal_passphrase_file=tmp_path / "passphrase",
        trust_roots=tmp_path / "roots.pem",
        proxy_count=1,
        threads=4,
        demo=False,
        secure_cookie=True,
        default_locale="en",
        words_folder=tmp_path / "woorden",
        public_url="https://ethiek.example.nl:8443",
        house=House('<svg viewBox="0 0 4 4"><path d="M0 0h4v4z" /></svg>', "#0b5c4b"),
    )


@pytest.mark.parametrize(
    ("name", "value", "reason"),
    [
        ("ETHIEK_COLOUR", "#ffff00", "the colour is too light to be read on white"),
        ("ETHIEK_COLOUR", "blauw", "a colour has the form #rrggbb"),
        ("ETHIEK_LOGO_FILE", "text.svg", "the logo is not XML"),
        ("ETHIEK_LOGO_FILE", "nowhere.svg", "No such file or directory"),
    ],
)
def test_style_that_cannot_be_printed_stops_the_start(
    tmp_path: Path, name: str, value: str, reason: str
) -> None:
    (tmp_path / "text.svg").write_text("Provincie")
    chosen = str(tmp_path / value) if name == "ETHIEK_LOGO_FILE" else value
    with pytest.raises(ConfigurationError, match=f"^{name}: .*{reason}"):
        Settings.from_env(tmp_path, PRODUCTION | {name: chosen})


def test_folder_of_words_is_that_of_the_instance_when_it_is_there(tmp_path: Path) -> None:
    before = Settings.from_env(tmp_path, PRODUCTION).words_folder
    (tmp_path / "words").mkdir()
    assert (before, Settings.from_env(tmp_path, PRODUCTION).words_folder) == (None, tmp_path / "words")


@pytest.mark.parametrize(
    ("changed", "setting"),
    [
        ({"ETHIEK_SECRET_KEY": "short"}, "ETHIEK_SECRET_KEY"),
        ({"ETHIEK_SECRET_KEY": ""}, "ETHIEK_SECRET_KEY"),
        ({"ETHIEK_SECRET_KEY": "ab" * 40}, "ETHIEK_SECRET_KEY"),
        ({"ETHIEK_TRUSTED_HOSTS": ""}, "ETHIEK_TRUSTED_HOSTS"),
        ({"ETHIEK_TRUSTED_HOSTS": "*"}, "ETHIEK_TRUSTED_HOSTS"),
        ({"ETHIEK_TRUSTED_HOSTS": "https://ethiek.example.nl"}, "ETHIEK_TRUSTED_HOSTS"),
        ({"FLASK_DEBUG": "1"}, "FLASK_DEBUG"),
        ({"ETHIEK_DEBUG": "true"}, "ETHIEK_DEBUG"),
        ({"ETHIEK_DEMO": "perhaps"}, "ETHIEK_DEMO"),
        ({"ETHIEK_PROXY_COUNT": "-1"}, "ETHIEK_PROXY_COUNT"),
        ({"ETHIEK_PROXY_COUNT": "6"}, "ETHIEK_PROXY_COUNT"),
        ({"ETHIEK_PROXY_COUNT": "²"}, "ETHIEK_PROXY_COUNT"),
        ({"ETHIEK_THREADS": "0"}, "ETHIEK_THREADS"),
        ({"ETHIEK_LOCALE": "de"}, "ETHIEK_LOCALE"),
        ({"ETHIEK_TSA_URL": "ftp://tijd.example.nl"}, "ETHIEK_TSA_URL"),
        ({"ETHIEK_SEAL_LEVEL": "b-x"}, "ETHIEK_SEAL_LEVEL"),
        ({"ETHIEK_SEAL_LEVEL": "b-t"}, "ETHIEK_SEAL_LEVEL"),
        ({"ETHIEK_PKCS11_TOKEN": "ethiek"}, "ETHIEK_PKCS11_MODULE"),
        (TOKEN | {"ETHIEK_PKCS11_PIN_FILE": ""}, "ETHIEK_PKCS11_PIN_FILE"),
        (TOKEN | {"ETHIEK_SEAL_FILE": "zegel.p12"}, "ETHIEK_SEAL_FILE"),
    ],
)
def test_unsafe_setting_stops_the_start(tmp_path: Path, changed: dict[str, str], setting: str) -> None:
    with pytest.raises(ConfigurationError) as caught:
        Settings.from_env(tmp_path, PRODUCTION | changed)
    assert caught.value.setting == setting


def test_proof_and_token_can_be_chosen(tmp_path: Path) -> None:
    chosen = {
        "ETHIEK_TSA_URL": "https://tijd.example.nl/tsa",
        "ETHIEK_TSA_ROOTS": "/etc/stam.pem",
        "ETHIEK_CRL_FOLDER": "/etc/crl",
        "ETHIEK_SEAL_LEVEL": "b-lt",
    }
    settings = Settings.from_env(tmp_path, PRODUCTION | TOKEN | chosen)
    assert settings.proof == ProofSettings(
        "b-lt", "https://tijd.example.nl/tsa", Path("/etc/stam.pem"), Path("/etc/crl")
    )
    assert settings.token == TokenSettings(Path("/usr/lib/token.so"), "ethiek", "zegel", Path("/etc/pin"))


def test_missing_secret_stops_the_start_outside_a_demonstration(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError) as caught:
        Settings.from_env(tmp_path, {"ETHIEK_TRUSTED_HOSTS": "ethiek.example.nl"})
    assert caught.value.setting == "ETHIEK_SECRET_KEY"
    assert list(tmp_path.iterdir()) == []


def test_demonstration_makes_its_own_secret_once(tmp_path: Path) -> None:
    instance = tmp_path / "instance"
    first = Settings.from_env(instance, {"ETHIEK_DEMO": "1"})
    again = Settings.from_env(instance, {"ETHIEK_DEMO": "1"})

    assert first == again
    assert len(first.secret_key) == 43
    assert [path.name for path in instance.iterdir()] == ["secret_key"]
    assert stat.S_IMODE((instance / "secret_key").stat().st_mode) == 0o600


def test_stored_secret_is_also_read_in_production(tmp_path: Path) -> None:
    (tmp_path / "secret_key").write_text(SECRET + "\n")
    assert Settings.from_env(tmp_path, {"ETHIEK_TRUSTED_HOSTS": "ethiek.example.nl"}).secret_key == SECRET


@pytest.mark.parametrize(
    ("environ", "secure"),
    [
        ({"ETHIEK_DEMO": "1"}, False),
        ({"ETHIEK_DEMO": "1", "ETHIEK_TRUSTED_HOSTS": "localhost"}, False),
        ({"ETHIEK_DEMO": "1", "ETHIEK_TRUSTED_HOSTS": "localhost demo.example.nl"}, True),
        ({"ETHIEK_SECRET_KEY": SECRET, "ETHIEK_TRUSTED_HOSTS": "localhost"}, True),
    ],
)
def test_cookie_is_only_insecure_in_a_demonstration_on_this_machine(
    tmp_path: Path, environ: dict[str, str], *, secure: bool
) -> None:
    assert Settings.from_env(tmp_path, environ).secure_cookie is secure


def test_settings_do_not_show_the_secret(tmp_path: Path) -> None:
    assert SECRET not in repr(Settings.from_env(tmp_path, PRODUCTION))


@pytest.mark.parametrize(
    "address",
    [
        "http://ethiek.example.nl",
        "https://ethiek.example.nl/pad",
        "https://ethiek.example.nl?x=1",
        "https://wie@ethiek.example.nl",
        "https://ethiek.example.nl\n",
        "https://",
        "https://ETHIEK.example.nl",
        "javascript:alert(1)",
        "ethiek.example.nl",
    ],
)
def test_public_address_that_is_no_safe_origin_stops_the_start(tmp_path: Path, address: str) -> None:
    with pytest.raises(ConfigurationError, match="ETHIEK_PUBLIC_URL"):
        Settings.from_env(tmp_path, PRODUCTION | {"ETHIEK_PUBLIC_URL": address})


def test_public_address_of_a_demonstration_may_be_http(tmp_path: Path) -> None:
    demo = {"ETHIEK_DEMO": "1", "ETHIEK_PUBLIC_URL": "http://localhost:8000"}
    assert Settings.from_env(tmp_path, demo).public_url == "http://localhost:8000"


def test_attachments_are_in_the_instance_unless_told_and_need_a_scanner(tmp_path: Path) -> None:
    plain = Settings.from_env(tmp_path, PRODUCTION)
    assert (plain.attachment_folder, plain.scanner, scanner_of(plain)) == (tmp_path / "attachments", "", None)
    folder = str(tmp_path / "bijlagen")
    chosen = Settings.from_env(tmp_path, PRODUCTION | {"ETHIEK_ATTACHMENT_FOLDER": folder})
    assert (str(files_of(chosen).folder), str(quarantine_of(chosen).folder)) == (
        folder,
        f"{folder}/quarantine",
    )
    demo = Settings.from_env(tmp_path, {"ETHIEK_DEMO": "1"})
    assert isinstance(scanner_of(demo), DemoScanner)


@pytest.mark.parametrize("address", ["/run/clamav/clamd.ctl", "clamd:3310", "127.0.0.1:3310", "[::1]:3310"])
def test_scanner_is_a_socket_or_a_port(tmp_path: Path, address: str) -> None:
    settings = Settings.from_env(tmp_path, PRODUCTION | {"ETHIEK_SCANNER": address})
    assert scanner_of(settings) == Clamd(address)
    assert scanner_of(replace(settings, demo=True)) == Clamd(address)


@pytest.mark.parametrize(
    "address", ["clamd", "clamd:", ":3310", "http://clamd:3310", "clamd.ctl", "a b:1", "h:123456"]
)
def test_scanner_that_is_no_address_stops_the_start(tmp_path: Path, address: str) -> None:
    with pytest.raises(ConfigurationError, match="ETHIEK_SCANNER: must be"):
        Settings.from_env(tmp_path, PRODUCTION | {"ETHIEK_SCANNER": address})
