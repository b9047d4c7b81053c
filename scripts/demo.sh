#!/usr/bin/env bash
# A running Odoo with the addon, a real purchase history and recommendations.
source "$(dirname "$0")/common.sh"
cd "$ROOT"
begun=$SECONDS
trap 'die "Stopped. Call make demo again: it goes on from here."' INT

if [ -n "${HISTORY:-}" ]; then
    [ -f "$HISTORY" ] || die "HISTORY=$HISTORY is no file."
    HISTORY=$(readlink -f "$HISTORY")
fi

scripts/system.sh
scripts/odoo.sh
scripts/python.sh demo
export PYTHONPATH=$ROOT/scripts
# A bad file is refused before anything is written.
if [ -n "${HISTORY:-}" ]; then
    DB=prm_demo_$(sha256sum <"$HISTORY" | cut -c1-8)
    FRAMES=$RUN/history/$DB
    [ -e "$FRAMES/orders.csv" ] || "$PYTHON" -m history.check "$HISTORY" --out "$FRAMES" || exit 1
else
    DB=prm_demo
    FRAMES=$RUN/history/journey
fi
scripts/postgres.sh start
scripts/template.sh
if [ -z "${HISTORY:-}" ] && ! database_exists "$DB"; then
    # Made anew for each database: its orders end yesterday.
    make_history() { "$PYTHON" -m history.journey --out "$FRAMES"; }
    step history "History: a distributor's year" make_history
fi

build() {
    local part=${DB}_part
    clone_database prm_base "$part"
    odoo -c "$CONF" -d "$part" -i "$ADDONS" --load-language=id_ID,de_DE --stop-after-init --no-http
    PYTHONPATH=$(readlink -f "$RUN/odoo-path"):$ROOT/scripts "$PYTHON" -W ignore::DeprecationWarning -m history.load --config "$CONF" --database "$part" --frames "$FRAMES"
    odoo shell -c "$CONF" -d "$part" --no-http <scripts/run_recommendations.py
    rename_database "$part" "$DB"
}
ADDONS=$(ls -d prm_partner_portal*/ | tr -d / | paste -sd,)
if ! database_exists "$DB"; then
    step demo "Database: addon, history, recommendations (two to four minutes)" build
fi

# The first free port from 8069 on; a running server of this database is used as it is.
port_taken() { (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null; }
if [ -e "$RUN/odoo.pid" ] && kill -0 "$(cat "$RUN/odoo.pid")" 2>/dev/null && [ "$(cat "$RUN/odoo.database")" = "$DB" ]; then
    PORT=$(cat "$RUN/odoo.port")
else
    if [ -e "$RUN/odoo.pid" ] && kill "$(cat "$RUN/odoo.pid")" 2>/dev/null; then
        sleep 3
    fi
    PORT=${PORT:-8069}
    while port_taken "$PORT" || port_taken $((PORT + 3)); do
        say "Port $PORT is taken: trying the next."
        PORT=$((PORT + 1))
    done
    PYTHONPATH=$(readlink -f "$RUN/odoo-path") setsid nohup "$PYTHON" -W ignore::DeprecationWarning -m odoo -c "$CONF" \
        -d "$DB" --db-filter="^$DB\$" --http-port="$PORT" --gevent-port=$((PORT + 3)) \
        >"$RUN/log/server.log" 2>&1 </dev/null &
    echo $! >"$RUN/odoo.pid"
    echo "$PORT" >"$RUN/odoo.port"
    echo "$DB" >"$RUN/odoo.database"
    for _ in $(seq 120); do
        port_taken "$PORT" && break
        kill -0 "$(cat "$RUN/odoo.pid")" 2>/dev/null || { tail -n 20 "$RUN/log/server.log" >&2; die "Odoo did not start."; }
        sleep 0.5
    done
fi

say "" "Odoo runs at http://localhost:$PORT (ready in $((SECONDS - begun)) s)" ""
"$PYTHON" -m history.logins --database "$DB"
say "" "'make stop' stops it, 'make clean' removes everything."
