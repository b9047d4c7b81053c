#!/usr/bin/env bash
# Debian packages that the project needs: Python's venv, PostgreSQL; with "browser" also Chromium.
source "$(dirname "$0")/common.sh"

command -v apt-get >/dev/null || die "This is no Debian machine: 'make demo' installs what it needs by apt-get.
Elsewhere install PostgreSQL 13 or newer, Python 3.10 or newer with venv, and Odoo 19 yourself, then see 'On your own Odoo' in README.md."

python3 -c 'import sys; sys.exit(sys.version_info < (3, 10))' ||
    die "Python 3.10 or newer is needed, found: $(python3 --version). Debian 12 (bookworm) has it."

missing=()
python3 -c 'import venv, ensurepip' 2>/dev/null || missing+=(python3-venv)
ls /usr/lib/postgresql/*/bin/postgres >/dev/null 2>&1 || missing+=(postgresql)
dpkg -s debian-archive-keyring >/dev/null 2>&1 || missing+=(debian-archive-keyring)
dpkg -s ca-certificates >/dev/null 2>&1 || missing+=(ca-certificates)
if [ "${1:-}" = browser ]; then
    command -v chromium >/dev/null || missing+=(chromium)
    [ -n "$(find /usr/share/fonts -name '*.ttf' -print -quit 2>/dev/null)" ] || missing+=(fonts-dejavu-core)
fi
[ ${#missing[@]} = 0 ] && exit 0

install_packages() {
    export DEBIAN_FRONTEND=noninteractive
    as_root apt-get update -q
    # The private cluster is the only one wanted: no server of Debian's own is made or started.
    if [[ " ${missing[*]} " == *" postgresql "* ]] && [ ! -e /etc/postgresql-common/createcluster.conf ]; then
        as_root mkdir -p /etc/postgresql-common
        echo 'create_main_cluster = false' | as_root tee /etc/postgresql-common/createcluster.conf
    fi
    as_root apt-get install -q -y --no-install-recommends "${missing[@]}"
}
step system "Debian packages: ${missing[*]}" install_packages
