"""Forms of the account pages."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import EmailField, PasswordField
from wtforms.validators import InputRequired

from ethiek.web.forms.plain_text import PlainText


class LoginForm(FlaskForm):
    """Name and password."""

    email = EmailField(
        _l("E-mail address"),
        validators=[InputRequired(_l("Fill in your e-mail address.")), PlainText()],
        render_kw={"autocomplete": "username"},
    )
    password = PasswordField(
        _l("Password"),
        validators=[InputRequired(_l("Fill in your password."))],
        render_kw={"autocomplete": "current-password"},
    )
