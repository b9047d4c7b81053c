#!/usr/bin/env bash
# Stops the demo's Odoo, a set-up that is going on, and the private PostgreSQL.
source "$(dirname "$0")/common.sh"

[ -z "$(set_up_processes)" ] || { end_set_up && say "The set-up that was going on is stopped; the next call goes on from there."; }
stop_server && say "Odoo stopped."
end_processes $(calculations)
"$ROOT/scripts/postgres.sh" stop
