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

say() { printf '%s\n' "$@"; }
die() { printf '\n%s\n' "$*" >&2; exit 1; }
[ ! -e "$RUN" ] || [ -O "$RUN" ] || die "$RUN belongs to another user ($(stat -c %U "$RUN")): call make as that user."
mkdir -p "$RUN/log"

# In a step nobody can be asked: what needs a password asks before.
ask_root() {
    [ "$(id -u)" != 0 ] || return 0
    command -v sudo >/dev/null || die "$* needs root: run as root, or as a user with sudo."
    sudo -n true 2>/dev/null || { say "$* needs your password for sudo."; sudo -v; }
}
as_root() {
    if [ "$(id -u)" = 0 ]; then
        "$@"
    else
        sudo -n "$@"
    fi
}

# end_processes PID…: asks them to end, and after ten seconds makes them.
end_processes() {
    local _
    [ $# -gt 0 ] && kill "$@" 2>/dev/null || true
    for _ in $(seq 20); do
        any_alive "$@" || return 0
        sleep 0.5
    done
    kill -9 "$@" 2>/dev/null || true
}
# One that has ended and waits for its parent to notice is not alive.
any_alive() {
    local pid
    for pid in "$@"; do
        ! grep -qs '^State:[[:space:]]*[^ZX[:space:]]' "/proc/$pid/status" || return 0
    done
    return 1
}

STOPPED="Stopped. Call the same command again: it goes on from here."
# One set-up at a time. Its processes have the lock's file open as number 9; by that they are found
# when the set-up itself was killed. Servers that stay are started without it.
LOCK=$RUN/lock
set_up_processes() {
    find /proc/[0-9]*/fd -maxdepth 1 -name 9 -printf '%l\t%h\n' 2>/dev/null |
        awk -F '[\t/]' -v lock="$LOCK" 'index($0, lock "\t") == 1 { print $(NF - 1) }' || true
}
# Until there is none: one may be starting the next while it is ended.
end_set_up() {
    local left
    while left=$(set_up_processes) && [ -n "$left" ]; do
        end_processes $left
    done
}
# A calculation outlives the Odoo that started it; it is known by the folder in its command line.
calculations() {
    { grep -lsaF -- "$RUN/data/prm_partner_portal/${1:-}" /proc/[0-9]*/cmdline || true; } | cut -d/ -f3 | grep -vx "$$" || true
}
take_lock() {
    local owner said=
    while ! flock -n "$LOCK" true; do
        owner=$(cat "$LOCK")
        if [ -n "$owner" ] && any_alive "$owner"; then
            [ -n "$said" ] || say "Another call works in this folder (process $owner): waiting for it. 'make stop' would end it."
            said=1
            sleep 2
        else
            say "A call was killed here: ending what it left running."
            end_set_up
        fi
    done
    exec 9>>"$LOCK"
    flock -n 9 || { exec 9>&-; take_lock; return; }
    echo $$ >"$LOCK"
    export PRM_OWNER=$$
    trap 'die "$STOPPED"' INT
}
give_lock() { exec 9>&- && unset PRM_OWNER && trap - INT; }

# step NAME TEXT COMMAND…: runs COMMAND with its output in .run/log/NAME.log,
# shows the seconds while it runs and the end of the log when it fails.
step() {
    local text=$2 log=$RUN/log/$1.log begun=$SECONDS shown=0 status=0 stopped='' pid guard before
    shift 2
    say "$text"
    # Process groups of their own: whether a command that catches an interrupt was stopped, only its
    # caller knows; and the guard has to outlive a kill.
    before=$(trap -p INT)
    trap 'stopped=1' INT
    set -m
    (trap - INT && set -e && "$@") >"$log" 2>&1 </dev/null &
    pid=$!
    guard_step "$pid" 9>&- >/dev/null 2>&1 </dev/null &
    guard=$!
    set +m
    trap 'stop_step "$pid" "$guard"' INT
    [ -z "$stopped" ] || stop_step "$pid" "$guard"
    while kill -0 "$pid" 2>/dev/null; do
        sleep 0.3
        [ $((SECONDS - begun - shown)) -lt 5 ] || { shown=$((SECONDS - begun)) && show_progress "$shown" "$log"; }
    done
    { wait "$pid" || status=$?; } 2>/dev/null
    { kill "$guard" && wait "$guard"; } 2>/dev/null || true
    eval "${before:-trap - INT}"
    [ -t 1 ] && [ "$shown" -gt 0 ] && printf '\r\033[K'
    if [ "$status" != 0 ]; then
        tail -n 30 "$log" >&2
        die "Failed: $text (the whole output is in ${log#"$ROOT"/}). Mend the cause and call the same command again: it goes on from here."
    fi
    say "   done in $((SECONDS - begun)) s"
}
# Odoo and apt tidy up when they are asked to end; a shell between them must not go on.
stop_step() {
    kill -TERM -- "-$1" 2>/dev/null || true
    for _ in $(seq 20); do
        kill -0 -- "-$1" 2>/dev/null || break
        sleep 0.5
    done
    kill -KILL -- "-$1" "-$2" 2>/dev/null || true
    [ "$$" != "${PRM_OWNER:-}" ] || die "$STOPPED"
    trap - INT
    kill -INT $$
}
# Ends the command when the script of this step was killed, and the set-up when its first script was.
guard_step() {
    while any_alive "$$" && any_alive "${PRM_OWNER:-$$}"; do
        sleep 0.5
    done
    sleep 1
    kill -TERM -- "-$1"
    [ -z "${PRM_OWNER:-}" ] || any_alive "$PRM_OWNER" || [ "$(cat "$LOCK")" != "$PRM_OWNER" ] || end_set_up
}
show_progress() {
    if [ -t 1 ]; then
        printf '\r\033[K   %s s  %.100s' "$1" "$(progress_line "$2")"
    elif [ $(($1 % 15)) -lt 5 ]; then
        printf '   %s s  %.100s\n' "$1" "$(progress_line "$2")"
    fi
}
progress_line() { tail -c 300 "$1" | tr '\r' '\n' | grep . | tail -n 1 || true; }

# postgres_programs: the newest PostgreSQL's folder, nothing where there is none.
postgres_programs() {
    local newest
    newest=$(find /usr/lib/postgresql -path '*/bin/postgres' 2>/dev/null | sort -V | tail -n 1)
    newest=${newest:-$(command -v postgres || true)}
    echo "${newest%/postgres}"
}
# is_odoo FOLDER: whether Odoo 19.0 is there.
is_odoo() { grep -qsE "^version_info *= *\(19, *0" "$1/odoo/release.py"; }

# The addons of this checkout, and what they are: it changes with any file that an installed one has.
ADDONS=$(cd "$ROOT" && printf '%s\n' prm_partner_portal*/ | tr -d / | paste -sd,)
addons_now() {
    (cd "$ROOT" && find prm_partner_portal*/ -type f -not -name '*.pyc' -not -path '*/tests/*' -print0 | sort -z | xargs -0 sha256sum | sha256sum)
}

# The database server, Odoo's configuration and its command line.
export PGHOST=$SOCKETS PGPORT=5432 PGUSER=$DB_USER
unset PGDATABASE PGSERVICE PGPASSWORD PGOPTIONS
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
    # A copy goes on in the server when the one who asked for it was killed.
    psql -d postgres -qAtc "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE 'CREATE DATABASE \"$1\"%' AND state = 'active'" >/dev/null
    # By force a worker of the server itself that vacuums there may not be ended; asked plainly it goes.
    psql -d postgres -qc "DROP DATABASE IF EXISTS \"$1\" WITH (FORCE)" ||
        psql -d postgres -qc "DROP DATABASE IF EXISTS \"$1\""
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
# The demo's server: its number alone may by now be anybody's.
server_process() {
    local pid
    pid=$(cat "$RUN/odoo.pid" 2>/dev/null) && grep -qsaF -- "$CONF" "/proc/$pid/cmdline" && echo "$pid"
}
stop_server() {
    local pid
    pid=$(server_process) || { rm -f "$RUN/odoo.pid"; return 1; }
    end_processes "$pid" $(calculations "$(cat "$RUN/odoo.database")/")
    rm -f "$RUN/odoo.pid"
}
# check_log FILE: fails on a warning or an error that is not in the list of expected ones.
check_log() {
    local unexpected
    unexpected=$(grep -E '^[0-9-]+ [0-9:,]+ [0-9]+ (WARNING|ERROR|CRITICAL) ' "$1" | grep -vEf "$ROOT/scripts/expected-log.txt" || true)
    [ -z "$unexpected" ] || die "Unexpected in ${1#"$ROOT"/}:"$'\n'"$unexpected"
}
