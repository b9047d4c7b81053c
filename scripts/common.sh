# Sourced by every script: where things are, and how a step shows itself.
set -euo pipefail

ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd -P)
RUN=$ROOT/.run                      # everything that can live in one folder
VENV=$RUN/venv
PYTHON=$VENV/bin/python
ODOO_ROOT=$RUN/odoo                 # unpacked Debian packages
CHECKOUT_ID=$(printf '%s' "$ROOT" | sha256sum | cut -c1-8)
SOCKETS=/tmp/prm-pg-$CHECKOUT_ID    # a socket's path may have 107 bytes at most
DB_USER=odoo
mkdir -p "$RUN/log"

say() { printf '%s\n' "$@"; }
die() { printf '\n%s\n' "$*" >&2; exit 1; }

as_root() {
    if [ "$(id -u)" = 0 ]; then
        "$@"
    elif command -v sudo >/dev/null; then
        sudo "$@"
    else
        die "This step needs root: run as root, or install sudo. Step: $*"
    fi
}

# step NAME TEXT COMMAND…: runs COMMAND with its output in .run/log/NAME.log,
# shows the seconds while it runs and the end of the log when it fails.
step() {
    local name=$1 text=$2 log=$RUN/log/$1.log begun=$SECONDS shown=0 status=0
    shift 2
    say "$text"
    ("$@") >"$log" 2>&1 </dev/null &
    local pid=$!
    trap 'kill -- -'"$pid"' 2>/dev/null || kill '"$pid"' 2>/dev/null; exit 130' INT TERM
    while kill -0 "$pid" 2>/dev/null; do
        sleep 0.5
        if [ $((SECONDS - begun - shown)) -ge 5 ]; then
            shown=$((SECONDS - begun))
            if [ -t 1 ]; then
                printf '\r\033[K   %s s  %.100s' "$shown" "$(progress_line "$log")"
            elif [ $((shown % 15)) -lt 5 ]; then
                printf '   %s s  %.100s\n' "$shown" "$(progress_line "$log")"
            fi
        fi
    done
    wait "$pid" || status=$?
    trap - INT TERM
    [ -t 1 ] && [ "$shown" -gt 0 ] && printf '\r\033[K'
    if [ "$status" != 0 ]; then
        tail -n 30 "$log" >&2
        die "Failed: $text (the whole output is in ${log#"$ROOT"/}). Mend the cause and call the same command again: it goes on from here."
    fi
    say "   done in $((SECONDS - begun)) s"
}
progress_line() { tail -c 300 "$1" | tr '\r' '\n' | grep . | tail -n 1 || true; }

# The database server, Odoo's configuration and its command line.
export PGHOST=$SOCKETS PGUSER=$DB_USER
CONF=$RUN/odoo.conf
FILESTORE=$RUN/data/filestore
write_config() {
    local home addons
    home=$(readlink -f "$RUN/odoo-path")
    addons=$home/odoo/addons
    [ -d "$home/addons" ] && addons=$addons,$home/addons
    cat >"$CONF.part" <<CONF
[options]
addons_path = $addons,$ROOT
data_dir = $RUN/data
db_host = $SOCKETS
db_user = $DB_USER
list_db = False
http_interface = 127.0.0.1
log_level = info
CONF
    mv "$CONF.part" "$CONF"
}
odoo() { PYTHONPATH=$(readlink -f "$RUN/odoo-path") "$PYTHON" -W ignore::DeprecationWarning -m odoo "$@"; }
database_exists() { psql -d postgres -qAtc "SELECT 1 FROM pg_database WHERE datname = '$1'" | grep -q 1; }
drop_database() {
    psql -d postgres -qc "DROP DATABASE IF EXISTS \"$1\" WITH (FORCE)"
    rm -rf "${FILESTORE:?}/$1"
}
# clone_database FROM TO: rows and files; a clone of rows alone has empty asset bundles.
clone_database() {
    drop_database "$2"
    psql -d postgres -qc "CREATE DATABASE \"$2\" TEMPLATE \"$1\""
    [ ! -d "$FILESTORE/$1" ] || cp -al "$FILESTORE/$1" "$FILESTORE/$2"
}
rename_database() {
    drop_database "$2"
    [ ! -d "$FILESTORE/$1" ] || mv "$FILESTORE/$1" "$FILESTORE/$2"
    psql -d postgres -qc "ALTER DATABASE \"$1\" RENAME TO \"$2\""
}
# check_log FILE: fails on a warning or an error that is not in the list of expected ones.
check_log() {
    local unexpected
    unexpected=$(grep -E '^[0-9-]+ [0-9:,]+ [0-9]+ (WARNING|ERROR|CRITICAL) ' "$1" | grep -vEf "$ROOT/scripts/expected-log.txt" || true)
    [ -z "$unexpected" ] || die "Unexpected in ${1#"$ROOT"/}:"$'\n'"$unexpected"
}
