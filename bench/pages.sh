#!/usr/bin/env bash
# What it takes to open each page, beside Odoo's own pages, at the size of Online Retail II.
source "$(dirname "$0")/common.sh"

usage() {
    cat <<'TEXT'
bench/pages.sh [options]
  --data FILE            Online Retail II (default: $BENCH_DATA or ../shared/data/online_retail2.parquet)
  --salespeople "N …"    how many, a run each (default "20 50")
  --keep                 keep the scratch database prm_bench_pages
The tables go to .run/bench/pages/pages.md, the figures to pages.json. Exit code 1: a limit is broken.
TEXT
}
SIZES="20 50" KEEP=''
while [ $# -gt 0 ]; do
    case $1 in
    --data) DATA=$2 && shift ;;
    --salespeople) SIZES=$2 && shift ;;
    --keep) KEEP=1 ;;
    -h | --help) usage && exit 0 ;;
    *) usage >&2 && exit 2 ;;
    esac
    shift
done
check_data
set_up
load_database
PAGES=$OUT/pages
LISTS=${DB}_lists
SCRATCH=${DB}_pages
mkdir -p "$PAGES"

# With last night's lists: what a run knows ends on a day, and the pages ask for today.
listed_from() { echo "$(date +%F) $(cat "$OUT/loaded" "$OUT/addon")"; }
list() {
    clone_database $DB "${LISTS}_part"
    module nightly --config "$CONF" --database "${LISTS}_part"
    rename_database "${LISTS}_part" "$LISTS"
    listed_from >"$OUT/listed"
}
if ! database_exists "$LISTS" || [ "$(cat "$OUT/listed" 2>/dev/null)" != "$(listed_from)" ]; then
    step bench-lists "Database: last night's lists" list
fi

crowd() {
    clone_database "$LISTS" "$SCRATCH"
    module crowd --config "$CONF" --database "$SCRATCH" --salespeople "$1"
}
rm -f "$PAGES"/*.json
files=()
for size in $SIZES; do
    files+=("$PAGES/$size.json")
    step bench-crowd "A scratch copy with $size salespeople" crowd "$size"
    step bench-pages "Their pages" module pages --config "$CONF" --database "$SCRATCH" --salespeople "$size" --out "$PAGES/$size.json"
done
[ -n "$KEEP" ] || drop_database "$SCRATCH"
run_python -m bench.pages_report --folder "$PAGES" "${files[@]}"
