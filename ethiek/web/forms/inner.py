"""A form that does not stand alone: a row of another form, or what an address carries."""

from __future__ import annotations

from flask_wtf import FlaskForm
from wtforms import Form


class InnerForm(Form):
    """A form without a token of its own, that speaks the language of the page.

    A plain ``Form`` would say "Not a valid date value." in English on every page.
    """

    class Meta(FlaskForm.Meta):
        """Messages as in other forms; the form around it carries the token, an address needs none."""

        csrf = False
