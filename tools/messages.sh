#!/bin/sh
# Bring the Dutch catalogue up to date with the texts in code and templates, and compile it.
#
#   tools/messages.sh
#
# New texts arrive untranslated, texts that are gone disappear, and nothing is guessed: translate what the last line
# counts, and run it again. A text that stayed the same gives no difference in git.
set -eu
cd "$(dirname "$0")/.."

PATH="$PWD/.venv/bin:$PATH"
CATALOGUE=ethiek/translations/nl/LC_MESSAGES/messages.po

pybabel --quiet extract --mapping-file=pyproject.toml --keywords=_l --keywords=lazy_gettext \
    --ignore-dirs='.* _* node_modules' --sort-output --add-location=file --no-wrap --output-file=messages.pot .
pybabel --quiet update --input-file=messages.pot --output-file="$CATALOGUE" --locale=nl \
    --no-fuzzy-matching --ignore-obsolete --ignore-pot-creation-date --no-wrap
python hatch_build.py
pybabel compile --statistics --input-file="$CATALOGUE" --output-file="${CATALOGUE%.po}.mo" --locale=nl
