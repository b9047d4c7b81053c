#!/usr/bin/env bash
# Lint, style and types.
source "$(dirname "$0")/common.sh"
cd "$ROOT"

ADDONS=(prm_partner_portal*/)
"$VENV/bin/ruff" check .
"$VENV/bin/ruff" format --check -q . || die "ruff format would change files: run '.run/venv/bin/ruff format .'"
"$PYTHON" scripts/check_style.py
"$PYTHON" scripts/check_translations.py
PYTHONPATH=$(readlink -f "$RUN/odoo-path") "$PYTHON" -m pylint --rcfile=.pylintrc "${ADDONS[@]}"
"$PYTHON" -m mypy -p recommend
MYPYPATH=scripts "$PYTHON" -m mypy -p history
MYPYPATH=scripts:prm_partner_portal "$PYTHON" -m mypy -p bench
say "Lint and types: nothing found."
