#!/usr/bin/env bash
# Stops the demo's Odoo and the private PostgreSQL.
source "$(dirname "$0")/common.sh"

if [ -e "$RUN/odoo.pid" ]; then
    pid=$(cat "$RUN/odoo.pid")
    if kill -0 "$pid" 2>/dev/null && grep -qa odoo "/proc/$pid/cmdline"; then
        kill "$pid"
        for _ in $(seq 40); do
            kill -0 "$pid" 2>/dev/null || break
            sleep 0.5
        done
        say "Odoo stopped."
    fi
    rm -f "$RUN/odoo.pid"
fi
"$ROOT/scripts/postgres.sh" stop
