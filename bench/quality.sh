#!/usr/bin/env bash
# How good the lists are, beside the peers: tables and plots in .run/bench/quality.
source "$(dirname "$0")/../scripts/common.sh"
cd "$ROOT"

usage() {
    cat <<'TEXT'
bench/quality.sh [options]
  --data FILE     Online Retail II (default: $BENCH_DATA or ../shared/data/online_retail2.parquet)
  --history NAME  online_retail2 (default), or journey: the demo's history
  --short         one window, fewer peers, five subsets: in minutes
  --parts A,B     of peers, calibration, demand, quantity, dates, together, cold, subsets, ablation (default: all)
  --cutoffs N     past windows (default 3)
  --config JSON   settings of the engine that differ from its defaults
  --out DIR       default .run/bench/quality
It needs no database. Tables: quality.md and quality.json; plots: PNG.
TEXT
}
DATA=${BENCH_DATA:-$ROOT/../shared/data/online_retail2.parquet}
OPTIONS=()
while [ $# -gt 0 ]; do
    case $1 in
    --data) DATA=$2 && shift ;;
    --short) OPTIONS+=("$1") ;;
    --history | --parts | --cutoffs | --config | --out) OPTIONS+=("$1" "$2") && shift ;;
    -h | --help) usage && exit 0 ;;
    *) usage >&2 && exit 2 ;;
    esac
    shift
done
[ -f "$DATA" ] || die "The history is missing: ${DATA#"$ROOT/"} is no file. It is UCI Online Retail II as Parquet with the columns
customer, product, basket, date, quantity, price, cancel. Name it with --data FILE or BENCH_DATA=FILE."

# An environment of its own: what the addon runs with stays as it is.
export VENV=$RUN/bench/venv
export PYTHON=$VENV/bin/python
FILES=("$ROOT/prm_partner_portal/requirements.txt" "$ROOT/scripts/requirements-demo.txt" "$ROOT/scripts/requirements-bench.txt")
install_peers() {
    python3 -m venv --clear "$VENV"
    "$PYTHON" -m pip install --disable-pip-version-check --progress-bar off "${FILES[@]/#/-r}"
    cat "${FILES[@]}" | sha256sum >"$VENV/complete"
}
mkdir -p "$RUN/bench"
[ "$(cat "$VENV/complete" 2>/dev/null)" = "$(cat "${FILES[@]}" | sha256sum)" ] ||
    step bench-peers "Python: the peers' libraries" install_peers

"$PYTHON" -c 'import lightgbm' || die "LightGBM does not load: on Debian it needs the package libgomp1."

# One thread for all: CPU seconds are to be compared.
OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1 MKL_NUM_THREADS=1 PYTHONPATH=$ROOT/prm_partner_portal:$ROOT/scripts:$ROOT \
    "$PYTHON" -m bench.quality --data "$DATA" "${OPTIONS[@]}"
