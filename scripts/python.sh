#!/usr/bin/env bash
# The virtual environment in .run/venv. Arguments: requirement files besides Odoo's and the addon's.
source "$(dirname "$0")/common.sh"

FILES=("$ROOT/scripts/requirements-odoo.txt" "$ROOT/prm_partner_portal/requirements.txt")
for name in "$@"; do
    FILES+=("$ROOT/scripts/requirements-$name.txt")
done

make_venv() { python3 -m venv --clear "$VENV" && touch "$VENV/complete"; }
[ -e "$VENV/complete" ] || step venv "Python: virtual environment" make_venv

install_file() { "$PYTHON" -m pip install --progress-bar off -r "$1" && sha256sum <"$1" >"$VENV/${1##*/}.installed"; }
for file in "${FILES[@]}"; do
    done_mark=$VENV/${file##*/}
    [ "${file%/*}" = "$ROOT/prm_partner_portal" ] && done_mark=$VENV/requirements.txt
    if [ ! -e "$done_mark.installed" ] || [ "$(sha256sum <"$file")" != "$(cat "$done_mark.installed")" ]; then
        step "pip-$(basename "$file" .txt)" "Python: packages of ${file#"$ROOT"/}" install_file "$file"
    fi
done
