#!/usr/bin/env bash
# The nightly action under kill -9, a crashing database, a crowd and a clock set back, with real workers.
source "$(dirname "$0")/common.sh"

usage() {
    cat <<'TEXT'
bench/storm.sh [options]
  --rounds N   kills of worker and calculation in turn (default 10)
  --stride N   two of N resellers take part, one for each company (default 4; 2 is all)
  --seed N     of the random moments (default 1)
  --only TEXT  only rounds with this in their name: clock, crash, kill
  --keep       keep the scratch database prm_storm
It needs the database that bench/run.sh loads, and restarts this checkout's PostgreSQL. Exit code 1: something did not hold.
TEXT
}
ROUNDS=10 STRIDE=4 SEED=1 ONLY='' KEEP=''
while [ $# -gt 0 ]; do
    case $1 in
    --rounds) ROUNDS=$2 && shift ;;
    --stride) STRIDE=$2 && shift ;;
    --seed) SEED=$2 && shift ;;
    --only) ONLY=$2 && shift ;;
    --keep) KEEP=1 ;;
    -h | --help) usage && exit 0 ;;
    *) usage >&2 && exit 2 ;;
    esac
    shift
done
SCRATCH=prm_storm
scripts/postgres.sh start
write_config
database_exists $DB || die "The database $DB is missing: call bench/run.sh first."
others=$(psql -d postgres -qAtc "SELECT string_agg(DISTINCT datname, ', ') FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND datname IS NOT NULL")
[ -z "$others" ] || die "In use, and this restarts PostgreSQL: $others. Stop what uses it first (make stop)."

prepare() {
    clone_database $DB $SCRATCH
    odoo -c "$CONF" -d $SCRATCH -u prm_partner_portal --stop-after-init --no-http
    module halves --config "$CONF" --database $SCRATCH --stride "$STRIDE"
}
step storm-prepare "A scratch copy with two companies, two of $STRIDE resellers" prepare
status=0
module storm --config "$CONF" --database $SCRATCH --log "$RUN/log/storm.log" --rounds "$ROUNDS" --seed "$SEED" --only "$ONLY" \
    --crash "$ROOT/scripts/postgres.sh crash" || status=$?
[ -n "$KEEP" ] || drop_database $SCRATCH
exit $status
