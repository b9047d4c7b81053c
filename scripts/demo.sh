#!/usr/bin/env bash
# A running Odoo with the addon, a real purchase history and recommendations.
source "$(dirname "$0")/common.sh"
cd "$ROOT"
begun=$SECONDS

if [ -n "${HISTORY:-}" ]; then
    [ -f "$HISTORY" ] && [ -r "$HISTORY" ] || die "HISTORY=$HISTORY is no file that can be read."
    HISTORY=$(readlink -f "$HISTORY")
fi

take_lock
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
    end_processes $(calculations "$part/")
    clone_database prm_base "$part"
    odoo -c "$CONF" -d "$part" -i "$ADDONS" --load-language=id_ID,de_DE --stop-after-init --no-http
    PYTHONPATH=$(readlink -f "$RUN/odoo-path"):$ROOT/scripts "$PYTHON" -W ignore::DeprecationWarning -m history.load --config "$CONF" --database "$part" --frames "$FRAMES"
    odoo shell -c "$CONF" -d "$part" --no-http <scripts/run_recommendations.py
    addons_now >"$RUN/$DB.addons"
    rename_database "$part" "$DB"
}
upgrade() {
    stop_server || true
    odoo -c "$CONF" -d "$DB" -i "$ADDONS" -u "$ADDONS" --stop-after-init --no-http
    addons_now >"$RUN/$DB.addons"
}
if ! database_exists "$DB"; then
    step demo "Database: addon, history, recommendations (two to four minutes)" build
elif [ "$(cat "$RUN/$DB.addons" 2>/dev/null)" != "$(addons_now)" ]; then
    step upgrade "Database: the addon as it is now" upgrade
fi

# The first free port from 8069 on.
port_taken() { (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null; }
serve() {
    local port=${PORT:-8069} log=$RUN/log/server.log
    while true; do
        while port_taken "$port"; do
            say "Port $port is taken: trying the next."
            port=$((port + 1))
        done
        echo "$port" >"$RUN/odoo.port"
        echo "$DB" >"$RUN/odoo.database"
        PYTHONPATH=$(readlink -f "$RUN/odoo-path") setsid "$PYTHON" -W ignore::DeprecationWarning -m odoo -c "$CONF" \
            -d "$DB" --db-filter="^$DB\$" --http-port="$port" >"$log" 2>&1 </dev/null 9>&- &
        echo $! >"$RUN/odoo.pid"
        sleep 0.5
        while kill -0 $! 2>/dev/null; do
            ! grep -q 'Modules loaded' "$log" || return 0
            sleep 0.2
        done
        # Somebody else may have taken the port in the meantime.
        port_taken "$port" || { tail -n 20 "$log" >&2; die "Odoo did not start."; }
    done
}
# A running server of this database is used as it is.
if ! server_process >/dev/null || [ "$(cat "$RUN/odoo.database")" != "$DB" ]; then
    stop_server || true
    say "Odoo: starting"
    serve
fi

say "" "Odoo runs at http://localhost:$(cat "$RUN/odoo.port") (ready in $((SECONDS - begun)) s)" ""
"$PYTHON" -m history.logins --database "$DB"
say "" "'make stop' stops it, 'make clean' removes everything."
