# Sourced by what works on Online Retail II in a database: the data, and how it gets there.
source "$(dirname "${BASH_SOURCE[0]}")/../scripts/common.sh"
cd "$ROOT"

DATA=${BENCH_DATA:-$ROOT/../shared/data/online_retail2.parquet}
OUT=$RUN/bench
DB=prm_bench
check_data() {
    [ -f "$DATA" ] || die "The history is missing: ${DATA#"$ROOT/"} is no file. It is UCI Online Retail II as Parquet with the columns
customer, product, basket, date, quantity, price, cancel. Name it with --data FILE or BENCH_DATA=FILE."
}
run_python() { PYTHONPATH=$(readlink -f "$RUN/odoo-path"):$ROOT/scripts:$ROOT "$PYTHON" -W ignore::DeprecationWarning "$@"; }
module() { run_python -m "bench.$1" "${@:2}"; }
set_up() {
    scripts/system.sh
    scripts/odoo.sh
    scripts/python.sh demo
    scripts/postgres.sh start
    scripts/template.sh
    write_config
    mkdir -p "$OUT"
}

# The loaded database, again when the loader or the data changed, upgraded when the addon did.
loaded_from() { sha256sum bench/load.py "$DATA" | sha256sum; }
load() {
    clone_database prm_base "${DB}_part"
    odoo -c "$CONF" -d "${DB}_part" -i "$ADDONS" --stop-after-init --no-http
    module load --config "$CONF" --database "${DB}_part" --data "$DATA"
    rename_database "${DB}_part" "$DB"
    loaded_from >"$OUT/loaded"
    addons_now >"$OUT/addon"
}
upgrade() {
    odoo -c "$CONF" -d "$DB" -u prm_partner_portal --stop-after-init --no-http
    addons_now >"$OUT/addon"
}
# load_database [FRESH]
load_database() {
    if [ -n "${1:-}" ] || ! database_exists $DB || [ "$(cat "$OUT/loaded" 2>/dev/null)" != "$(loaded_from)" ]; then
        step bench-load "Database: Online Retail II" load
    elif [ "$(cat "$OUT/addon" 2>/dev/null)" != "$(addons_now)" ]; then
        step bench-upgrade "Database: the addon as it is now" upgrade
    fi
}
