#!/usr/bin/env bash
# Debian packages that the project needs: Python's venv, PostgreSQL; with "browser" also Chromium.
source "$(dirname "$0")/common.sh"

python3 -c 'import sys; sys.exit(sys.version_info < (3, 10))' ||
    die "Python 3.10 or newer is needed, found: $(python3 --version). Debian 12 (bookworm) has it."

missing=()
python3 -c 'import venv, ensurepip' 2>/dev/null || missing+=(python3-venv)
[ -n "$(postgres_programs)" ] || missing+=(postgresql)
if command -v apt-get >/dev/null; then
    dpkg -s debian-archive-keyring >/dev/null 2>&1 || missing+=(debian-archive-keyring)
    dpkg -s ca-certificates >/dev/null 2>&1 || missing+=(ca-certificates)
fi
if [ "${1:-}" = browser ]; then
    command -v chromium >/dev/null || missing+=(chromium)
    [ -n "$(find /usr/share/fonts -name '*.ttf' -print -quit 2>/dev/null)" ] || missing+=(fonts-dejavu-core)
fi

if ! command -v apt-get >/dev/null; then
    [ -n "${ODOO_HOME:-}" ] || [ -e "$RUN/odoo-path/odoo/release.py" ] || missing+=("Odoo 19 (ODOO_HOME=folder says where)")
    [ ${#missing[@]} = 0 ] || die "This is no Debian system, where packages could be installed by apt-get. Missing here: $(printf '%s, ' "${missing[@]}" | sed 's/, $//').
Install them (PostgreSQL 13 or newer), then call: make demo ODOO_HOME=/path/to/odoo-19
Or put the addon into an Odoo 19 that you have: see 'On your own Odoo' in README.md."
fi

quiet=(env DEBIAN_FRONTEND=noninteractive) # in its place: sudo passes nothing on
apt=("${quiet[@]}" apt-get -q -o DPkg::Lock::Timeout=300)
update_lists() { as_root "${apt[@]}" update || echo "apt-get update failed: going on with the lists there are."; }
install_packages() {
    as_root "${quiet[@]}" dpkg --configure -a || true # an installation that was interrupted
    update_lists
    # The private cluster is the only one wanted: no server of Debian's own is made or started.
    if [[ " ${missing[*]} " == *" postgresql "* ]] && [ ! -e /etc/postgresql-common/createcluster.conf ]; then
        as_root mkdir -p /etc/postgresql-common
        echo 'create_main_cluster = false' | as_root tee /etc/postgresql-common/createcluster.conf
    fi
    as_root "${apt[@]}" install -y --no-install-recommends "${missing[@]}"
}
if [ ${#missing[@]} -gt 0 ]; then
    ask_root "Installing Debian packages (${missing[*]})"
    step system "Debian packages: ${missing[*]}" install_packages
elif [ -z "${ODOO_HOME:-}" ] && [ ! -e "$ODOO_ROOT/complete" ] && ! apt-cache show fonts-font-awesome >/dev/null 2>&1; then
    ask_root "Fetching the lists of Debian packages"
    step system "Debian packages: lists" update_lists
fi
