#!/usr/bin/env bash
# The virtual environment in .run/venv. Arguments: requirement files besides Odoo's and the addon's.
source "$(dirname "$0")/common.sh"

FILES=("$ROOT/scripts/requirements-odoo.txt" "$ROOT/prm_partner_portal/requirements.txt")
for name in "$@"; do
    FILES+=("$ROOT/scripts/requirements-$name.txt")
done

# It works in one place and with one Python only.
made_for() { echo "$ROOT $(python3 -c 'import sys; print(sys.base_prefix, sys.version)')"; }
make_venv() { python3 -m venv --clear "$VENV" && made_for >"$VENV/complete"; }
[ "$(cat "$VENV/complete" 2>/dev/null)" = "$(made_for)" ] || step venv "Python: virtual environment" make_venv

install_file() {
    # A package without the list of its files was being installed when pip was killed.
    find "$VENV"/lib/python3*/site-packages -name '*.dist-info' ! -exec test -e '{}/RECORD' \; -print -exec rm -r '{}' +
    rm -rf "$RUN/tmp" && mkdir "$RUN/tmp" # what a killed pip leaves is not left in /tmp
    TMPDIR=$RUN/tmp "$PYTHON" -m pip install --disable-pip-version-check --progress-bar off -r "$1"
    sha256sum <"$1" >"$VENV/${1##*/}.installed"
}
for file in "${FILES[@]}"; do
    mark=$VENV/${file##*/}.installed
    [ "$(cat "$mark" 2>/dev/null)" = "$(sha256sum <"$file")" ] ||
        step "pip-$(basename "$file" .txt)" "Python: packages of ${file#"$ROOT"/}" install_file "$file"
done
