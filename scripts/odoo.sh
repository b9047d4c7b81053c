#!/usr/bin/env bash
# Puts Odoo 19 into .run/odoo. Debian's unstable suite has it as a package; it is unpacked, not installed.
# ODOO_DEB=file takes a package that is already on disk; ODOO_HOME=folder uses an Odoo that is already there.
source "$(dirname "$0")/common.sh"

SITE_PACKAGES=$ODOO_ROOT/usr/lib/python3/dist-packages
APT=$RUN/apt

if [ -n "${ODOO_HOME:-}" ]; then
    grep -qsE "^version_info *= *\(19, *0" "$ODOO_HOME/odoo/release.py" ||
        die "ODOO_HOME=$ODOO_HOME holds no Odoo 19.0 (looked for odoo/release.py with version 19.0)."
    ln -sfn "$(cd "$ODOO_HOME" && pwd -P)" "$RUN/odoo-path"
    exit 0
fi
if [ -e "$ODOO_ROOT/complete" ]; then
    ln -sfn "$SITE_PACKAGES" "$RUN/odoo-path"
    exit 0
fi

# apt_sid COMMAND…: apt-get on the unstable suite only, apart from the machine's own configuration.
apt_sid() {
    apt-get -q -o Dir::State::lists="$APT/lists" -o Dir::Cache="$APT/cache" \
        -o Dir::Etc::sourcelist="$APT/sid.list" -o Dir::Etc::sourceparts="$APT/none" \
        -o Acquire::Languages=none -o Acquire::IndexTargets::deb::Contents-deb::DefaultEnabled=false "$@"
}
prepare_sid() {
    local site
    site=$(apt-get indextargets --format '$(SITE)' 'Identifier: Packages' | grep -v security | head -n 1)
    [ -n "$site" ] || { as_root apt-get update -q; site=$(apt-get indextargets --format '$(SITE)' 'Identifier: Packages' | grep -v security | head -n 1); }
    [ -n "$site" ] || die "apt knows no mirror: check /etc/apt/sources.list."
    mkdir -p "$APT/lists/partial" "$APT/cache/archives/partial" "$APT/none" "$APT/debs"
    echo "deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] $site sid main" >"$APT/sid.list"
    apt_sid update
}
# Each file arrives under a name of apt's own and is moved when it is whole.
download() {
    local how=$1 package
    shift
    for package in "$@"; do
        [ -n "$(find "$APT/debs" -name "${package}_*.deb" -print -quit)" ] && continue
        (rm -rf "$APT/part" && mkdir -p "$APT/part" && cd "$APT/part" && $how download "$package" && mv ./*.deb "$APT/debs/")
    done
}
fetch() {
    prepare_sid
    download apt_sid odoo-19 libjs-jquery libjs-jquery-form libjs-underscore \
        fonts-montserrat fonts-roboto-unhinted fonts-ocr-b
    fetch_stable
}
# Only the stable suite's Font Awesome has the 4.7 file names that Odoo links to.
fetch_stable() {
    apt-cache show fonts-font-awesome >/dev/null 2>&1 || as_root apt-get update -q
    download "apt-get -q" fonts-font-awesome fonts-inconsolata
}
fetch_offline() {
    mkdir -p "$APT/debs"
    cp "$ODOO_DEB" "$APT/part.deb" && mv "$APT/part.deb" "$APT/debs/odoo-19_local.deb"
    download "apt-get -q" libjs-jquery libjs-jquery-form libjs-underscore \
        fonts-montserrat fonts-roboto-unhinted fonts-ocr-b
    fetch_stable
}
# Translations are most of the package's 1.2 GB: the project speaks English, Indonesian and German.
unpack() {
    rm -rf "$ODOO_ROOT" && mkdir -p "$ODOO_ROOT"
    local deb
    for deb in "$APT"/debs/*.deb; do
        echo "unpacking ${deb##*/}"
        dpkg-deb --fsys-tarfile "$deb" | tar -x -C "$ODOO_ROOT" --exclude='*/i18n/*.po' --exclude='*/i18n/*.pot'
    done
    for deb in "$APT"/debs/odoo-19_*.deb; do
        dpkg-deb --fsys-tarfile "$deb" | tar -x -C "$ODOO_ROOT" --wildcards '*/i18n/id.po' '*/i18n/de.po' || true
    done
    local segmentation=$SITE_PACKAGES/odoo/addons/mail/static/lib/selfie_segmentation
    mkdir -p "$segmentation" && : >"$segmentation/selfie_segmentation.js"
    grep -qE "^version_info *= *\(19, *0" "$SITE_PACKAGES/odoo/release.py" || { echo "The package is no Odoo 19.0."; exit 1; }
    local dangling
    dangling=$(find "$SITE_PACKAGES/odoo/addons" -xtype l)
    [ -z "$dangling" ] || { echo "Files that Odoo links to are missing:"; echo "$dangling"; exit 1; }
    touch "$ODOO_ROOT/complete"
}

if [ -n "${ODOO_DEB:-}" ]; then
    [ -f "$ODOO_DEB" ] || die "ODOO_DEB=$ODOO_DEB is no file."
    step odoo-fetch "Odoo 19: taking $ODOO_DEB" fetch_offline
else
    step odoo-fetch "Odoo 19: downloading (about 125 MB; ODOO_DEB=file takes a package you have)" fetch
fi
step odoo-unpack "Odoo 19: unpacking" unpack
rm -rf "$APT"
ln -sfn "$SITE_PACKAGES" "$RUN/odoo-path"
