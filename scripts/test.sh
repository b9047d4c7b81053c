#!/usr/bin/env bash
# Everything that is checked, on a machine that may be fresh.
source "$(dirname "$0")/common.sh"
cd "$ROOT"
begun=$SECONDS

take_lock
scripts/system.sh browser
scripts/odoo.sh
scripts/python.sh demo test
scripts/postgres.sh start
scripts/template.sh
give_lock
[ ! -e "$RUN/log/template.log" ] || check_log "$RUN/log/template.log"

say "Lint and types"
scripts/lint.sh

DB=prm_test
install_addons() {
    clone_database prm_base "$DB"
    odoo -c "$CONF" -d "$DB" -i "$ADDONS" --stop-after-init --no-http
    # Made once here, or every browser test would make them in a transaction that is undone.
    echo "env['ir.qweb']._pregenerate_assets_bundles(); env.cr.commit()" |
        odoo shell -c "$CONF" -d "$DB" --no-http
}

# start_tests NAME ARGUMENTS…: one pytest run in the background, its output in a log;
# finish_tests NAME: the output on the screen as it comes, and what passed and failed.
# In an order that changes: the seed stands in the output.
passed=0 failed=0
declare -A runs
trap 'kill $(jobs -p) 2>/dev/null || true' EXIT
start_tests() {
    local log=$RUN/log/pytest-$1.log
    : >"$log"
    OMP_NUM_THREADS=1 "$PYTHON" -m pytest -q "${@:2}" >"$log" 2>&1 &
    runs[$1]=$!
}
finish_tests() {
    local name=$1 log=$RUN/log/pytest-$1.log summary status=0 p f e
    say "" "Tests: $name"
    tail -n +1 -f --pid="${runs[$name]}" "$log" 2>/dev/null
    wait "${runs[$name]}" || status=$?
    summary=$(grep -E '(passed|failed|error).* in [0-9.]+s' "$log" | tail -n 1)
    p=$(grep -oE '[0-9]+ passed' <<<"$summary" | grep -oE '[0-9]+' || echo 0)
    f=$(grep -oE '[0-9]+ failed' <<<"$summary" | grep -oE '[0-9]+' || echo 0)
    e=$(grep -oE '[0-9]+ errors?' <<<"$summary" | grep -oE '[0-9]+' || echo 0)
    # A run that broke off without counting a failure is one.
    [ "$status" = 0 ] || [ $((f + e)) -gt 0 ] || e=1
    passed=$((passed + p)) failed=$((failed + f + e))
}

# Two cores: what needs no database of the tests runs beside what does.
start_tests library -p no:odoo tests/recommend tests/bench tests/history tests/scripts --ignore=tests/history/test_oracle.py
step install "Odoo: the addon in a database of its own" install_addons
finish_tests library
check_log "$RUN/log/install.log"

export_texts() {
    mkdir -p "$RUN/texts"
    local addon
    for addon in ${ADDONS//,/ }; do
        odoo i18n export -c "$CONF" -d "$DB" "$addon" -l pot -o "$RUN/texts/$addon.pot"
    done
}
step texts "Translations: texts as they are now" export_texts
"$PYTHON" scripts/check_translations.py "$RUN/texts"

SERVER_LOG=$RUN/log/odoo-tests.log
rm -f "$SERVER_LOG"
export ODOO_RC=$CONF PYTHONPATH=
PYTHONPATH=$(readlink -f "$RUN/odoo-path"):$ROOT/scripts
start_tests system -p no:odoo tests/system --ignore=tests/system/test_storm.py
# One process holds all tests and their servers' threads: more than a worker's share of virtual memory.
start_tests odoo --odoo-database="$DB" --odoo-http --odoo-log-level=warn --odoo-extra "logfile=$SERVER_LOG" \
    --odoo-extra limit-memory-hard=0 \
    prm_partner_portal*/tests tests/history/test_oracle.py
finish_tests odoo
[ ! -e "$SERVER_LOG" ] || check_log "$SERVER_LOG"
finish_tests system
# Four workers and two browsers: alone, or neither they nor what runs beside them is in time.
start_tests storm -p no:odoo tests/system/test_storm.py
finish_tests storm

say "" "All in $(((SECONDS - begun) / 60)) min $(((SECONDS - begun) % 60)) s"
say "$passed passed, $failed failed"
[ "$failed" = 0 ] && [ "$passed" -gt 0 ]
