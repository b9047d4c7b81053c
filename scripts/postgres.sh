#!/usr/bin/env bash
# The project's own PostgreSQL: start | stop | clean. It listens on a socket only, in a folder of its own.
source "$(dirname "$0")/common.sh"

# PostgreSQL refuses to run as root, and its user cannot enter a folder that only root may enter:
# then the data live with Debian's clusters and are linked from .run.
if [ "$(id -u)" = 0 ]; then
    DATA=/var/lib/postgresql/prm-$CHECKOUT_ID
    as_owner() { (cd / && runuser -u postgres -- "$@"); }
    OWNER=postgres
else
    DATA=$RUN/postgres
    as_owner() { "$@"; }
    OWNER=$(id -un)
fi
BIN=$(find /usr/lib/postgresql -path '*/bin/postgres' 2>/dev/null | sort -V | tail -n 1)
BIN=${BIN%/postgres}

running() { as_owner "$BIN/pg_ctl" -D "$DATA" status >/dev/null 2>&1; }

make_cluster() {
    rm -rf "$DATA" "$DATA.part"
    as_owner "$BIN/initdb" -D "$DATA.part" -U postgres -A trust -E UTF8 --locale=C.UTF-8
    as_owner tee -a "$DATA.part/postgresql.conf" <<CONF
listen_addresses = ''
unix_socket_directories = '$SOCKETS'
unix_socket_permissions = 0700
shared_buffers = 512MB
work_mem = 32MB
maintenance_work_mem = 256MB
max_wal_size = 4GB
synchronous_commit = off
random_page_cost = 1.1
jit = off
log_timezone = 'UTC'
timezone = 'UTC'
CONF
    as_owner mv "$DATA.part" "$DATA"
}
make_sockets() {
    mkdir -p "$SOCKETS" && chmod 700 "$SOCKETS"
    [ "$(id -u)" != 0 ] || chown postgres "$SOCKETS"
}
start() {
    [ -n "$BIN" ] || die "PostgreSQL is not installed: see README.md."
    [ -e "$DATA/PG_VERSION" ] || step initdb "PostgreSQL: a private cluster" make_cluster
    [ "$DATA" = "$RUN/postgres" ] || ln -sfn "$DATA" "$RUN/postgres"
    make_sockets
    running || as_owner "$BIN/pg_ctl" -D "$DATA" -w -t 120 -l "$DATA/server.log" start >"$RUN/log/postgres.log" 2>&1 || {
        as_owner tail -n 20 "$DATA/server.log" >&2
        die "PostgreSQL did not start."
    }
    psql -h "$SOCKETS" -U postgres -d postgres -qAtc "SELECT 1 FROM pg_roles WHERE rolname = '$DB_USER'" | grep -q 1 ||
        psql -h "$SOCKETS" -U postgres -d postgres -qc "CREATE ROLE $DB_USER LOGIN CREATEDB"
}
stop() {
    [ -e "$DATA/PG_VERSION" ] && running && as_owner "$BIN/pg_ctl" -D "$DATA" -m fast -w stop >/dev/null
    return 0
}

case ${1:-} in
start) start ;;
stop) stop ;;
clean) stop && rm -rf "$DATA" "$DATA.part" "$SOCKETS" ;;
*) die "Usage: postgres.sh start | stop | clean" ;;
esac
