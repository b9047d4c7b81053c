#!/usr/bin/env bash
# The project's own PostgreSQL: start | stop | clean | crash. It listens on a socket only, in a folder of its own.
source "$(dirname "$0")/common.sh"

# PostgreSQL refuses to run as root, and its user cannot enter a folder that only root may enter:
# then the data live with Debian's clusters and are linked from .run.
if [ "$(id -u)" = 0 ]; then
    DATA=$(readlink -f /var/lib/postgresql)/prm-$CHECKOUT_ID
    as_owner() { (cd / && runuser -u postgres -- "$@"); }
else
    DATA=$RUN/postgres
    as_owner() { "$@"; }
fi
BIN=$(postgres_programs)

# The number in a file that a killed server left may by now be anybody's: a server works in its data.
postmaster() {
    local pid
    pid=$(head -n 1 "$DATA/postmaster.pid" 2>/dev/null) && [ "$(readlink "/proc/$pid/cwd")" = "$DATA" ] && echo "$pid"
}
server_processes() { find /proc/[0-9]*/cwd -maxdepth 0 -lname "$DATA" 2>/dev/null | cut -d/ -f3; }
answers() { "$BIN/pg_isready" -q -h "$SOCKETS" -U postgres -d postgres; }

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
launch() {
    local try
    if [ -n "$(postmaster)" ]; then # it is starting, or mending itself
        for try in $(seq 240); do
            answers && return 0
            sleep 0.5
        done
        return 1
    fi
    # What a killed postmaster left behind keeps a new one from starting until it is gone.
    for try in 1 2 3 4 5; do
        end_processes $(server_processes)
        rm -f "$DATA/postmaster.pid"
        as_owner "$BIN/pg_ctl" -D "$DATA" -w -t 120 -l "$DATA/server.log" start >"$RUN/log/postgres.log" 2>&1 9>&- && return 0
        sleep "$try"
    done
    return 1
}
start() {
    [ -n "$BIN" ] || die "PostgreSQL is not installed: see README.md."
    [ -e "$DATA/PG_VERSION" ] || step initdb "PostgreSQL: a private cluster" make_cluster
    [ "$DATA" = "$RUN/postgres" ] || ln -sfn "$DATA" "$RUN/postgres"
    make_sockets
    answers || launch || {
        as_owner tail -n 20 "$DATA/server.log" >&2
        die "PostgreSQL did not start."
    }
    psql -U postgres -d postgres -qAtc "SELECT 1 FROM pg_roles WHERE rolname = '$DB_USER'" | grep -q 1 ||
        psql -U postgres -d postgres -qc "CREATE ROLE $DB_USER LOGIN CREATEDB"
}
stop() {
    [ -z "$(postmaster)" ] || as_owner "$BIN/pg_ctl" -D "$DATA" -m fast -w stop >/dev/null || true
    end_processes $(server_processes)
}

case ${1:-} in
start) start ;;
stop) stop ;;
clean) stop && rm -rf "$DATA" "$DATA.part" "$SOCKETS" ;;
# As if the power had failed and come back: for bench/storm.sh.
crash) as_owner "$BIN/pg_ctl" -D "$DATA" -m immediate -w stop >/dev/null && start ;;
*) die "Usage: postgres.sh start | stop | clean | crash" ;;
esac
