"""Words for a decision: whether it follows the advice, and what happens with the project."""

from __future__ import annotations

from typing import Final

from flask_babel import lazy_gettext as _l

from ethiek.domain.decisions import Follows, Outcome

FOLLOWS: Final = {
    Follows.YES: _l("Yes, I follow the advice"),
    Follows.PARTLY: _l("Partly"),
    Follows.NO: _l("No, I depart from the advice"),
}
"""As choices of the official."""

FOLLOWED: Final = {
    Follows.YES: _l("The decision follows the advice."),
    Follows.PARTLY: _l("The decision follows part of the advice."),
    Follows.NO: _l("The decision departs from the advice."),
}
"""As everybody reads it."""

OUTCOME: Final = {
    Outcome.PROCEED: _l("The project goes ahead"),
    Outcome.WITH_CONDITIONS: _l("The project goes ahead under conditions"),
    Outcome.STOP: _l("The project does not go ahead"),
    Outcome.ADAPT: _l("The project is adapted and comes back"),
}
