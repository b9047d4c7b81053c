#!/usr/bin/env bash
# Quality and cost of the nightly action on Online Retail II, compared with bench/baseline.json.
source "$(dirname "$0")/common.sh"

usage() {
    cat <<'TEXT'
bench/run.sh [options]
  --data FILE    Online Retail II (default: $BENCH_DATA or ../shared/data/online_retail2.parquet)
  --fresh        load the data again
  --cutoffs N    judge N past windows besides the run's own, with standard errors (default 1; 3 is the protocol)
  --sample N     resellers for which lists are read (default 200)
  --no-peer      without the OCA addon
  --store        write the figures to bench/baseline.json
  --keep         keep the scratch database prm_bench_run
The figures go to .run/bench/result.json. Exit code 1: worse than the baseline, or a limit is broken.
TEXT
}
FRESH='' CUTOFFS=1 SAMPLE=200 PEER=1 STORE='' KEEP=''
while [ $# -gt 0 ]; do
    case $1 in
    --data) DATA=$2 && shift ;;
    --fresh) FRESH=1 ;;
    --cutoffs) CUTOFFS=$2 && shift ;;
    --sample) SAMPLE=$2 && shift ;;
    --no-peer) PEER='' ;;
    --store) STORE=--store ;;
    --keep) KEEP=1 ;;
    -h | --help) usage && exit 0 ;;
    *) usage >&2 && exit 2 ;;
    esac
    shift
done
check_data
set_up
SCRATCH=prm_bench_run
OCA=sale_order_product_recommendation
load_database "$FRESH"

rm -f "$OUT"/{nightly,offers,wizard,backtest}.json
step bench-clone "A scratch copy of it" clone_database $DB $SCRATCH
step bench-nightly "The nightly action, twice" module nightly --config "$CONF" --database $SCRATCH --out "$OUT"
step bench-offers "Lists of $SAMPLE resellers as the order tab reads them" \
    module peer offers --config "$CONF" --database $SCRATCH --out "$OUT" --sample "$SAMPLE"

# For comparison only, never a part of the addon: it stays in .run, and its database is dropped.
peer() {
    [ -d "$OUT/oca/odoo/addons/$OCA" ] ||
        "$PYTHON" -m pip install --no-deps --target "$OUT/oca" "odoo-addon-${OCA//_/-}>=19.0,<20"
    sed "s|^addons_path = .*|&,$OUT/oca/odoo/addons|" "$CONF" >"$OUT/odoo.conf"
    odoo -c "$OUT/odoo.conf" -d $SCRATCH -i $OCA --stop-after-init --no-http
    module peer wizard --config "$OUT/odoo.conf" --database $SCRATCH --out "$OUT" --sample "$SAMPLE"
}
[ -z "$PEER" ] || step bench-peer "The OCA addon on draft orders of the same resellers" peer
[ -n "$KEEP" ] || drop_database $SCRATCH

backtest() {
    local name files=()
    for name in orders products resellers; do files+=("--$name" "$OUT/files/$name.csv"); done
    OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1 PYTHONPATH=$ROOT/prm_partner_portal "$PYTHON" -m recommend backtest \
        "${files[@]}" --as-of "$("$PYTHON" -c 'import json,sys; print(json.load(open(sys.argv[1]))["as_of"])' "$OUT/nightly.json")" \
        --cutoffs "$CUTOFFS" >"$OUT/backtest.part"
    mv "$OUT/backtest.part" "$OUT/backtest.json"
}
[ "$CUTOFFS" = 0 ] || step bench-backtest "Backtest at $CUTOFFS past day(s)" backtest

run_python -m bench.report --folder "$OUT" --baseline bench/baseline.json $STORE
