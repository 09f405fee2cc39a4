"""The forms with which chair and secretary sign a report with certificates of their own."""

from __future__ import annotations

from typing import Final

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from flask_wtf.file import FileField, FileRequired
from wtforms import HiddenField, PasswordField
from wtforms.validators import InputRequired, Length

MAX_PASSPHRASE: Final = 1000


class SeenForm(FlaskForm):
    """``sha256``: of the file that was on the screen."""

    sha256 = HiddenField(validators=[InputRequired(), Length(max=64)])


class _SigningForm(SeenForm):
    password = PasswordField(
        _l("Your password"),
        description=_l("Enter it again, so that it is certain that it is you."),
        validators=[InputRequired(_l("Fill in your password."))],
        render_kw={"autocomplete": "current-password"},
    )


class KeyForm(_SigningForm):
    """The file with the key of a person, and what opens it."""

    file = FileField(
        _l("Your certificate (PKCS#12)"),
        description=_l("A file that ends in .p12 or .pfx, at most 64 kB. It is used once and never kept."),
        validators=[FileRequired(_l("Choose a file."))],
    )
    passphrase = PasswordField(
        _l("Passphrase of the certificate"),
        description=_l("It opens the file with your certificate. It is not kept either."),
        validators=[Length(max=MAX_PASSPHRASE, message=_l("Use at most %(max)d characters."))],
        render_kw={"autocomplete": "off"},
    )


class SignedForm(_SigningForm):
    """A report that was signed with a tool of somebody's own."""

    file = FileField(
        _l("Signed report (PDF)"),
        description=_l("The file that you downloaded here, with your signature behind it."),
        validators=[FileRequired(_l("Choose a file."))],
    )
