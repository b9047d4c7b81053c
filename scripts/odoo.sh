#!/usr/bin/env bash
# Puts Odoo 19 into .run/odoo. Debian's unstable suite has it as a package; it is unpacked, not installed.
# ODOO_DEB=file takes a package that is already on disk; ODOO_HOME=folder uses an Odoo that is already there.
source "$(dirname "$0")/common.sh"

SITE_PACKAGES=$ODOO_ROOT/usr/lib/python3/dist-packages
APT=$RUN/apt
LIBRARIES=(libjs-jquery libjs-jquery-form libjs-underscore)
FONTS=(fonts-montserrat fonts-roboto-unhinted fonts-ocr-b)

use() { ln -sfn "$1" "$RUN/odoo-path" && exit 0; }
if [ -n "${ODOO_HOME:-}" ]; then
    is_odoo "$ODOO_HOME" || die "ODOO_HOME=$ODOO_HOME holds no Odoo 19.0 (looked for odoo/release.py with version 19.0)."
    use "$(cd "$ODOO_HOME" && pwd -P)"
fi
if [ -n "${ODOO_DEB:-}" ]; then
    [ -f "$ODOO_DEB" ] && [ -r "$ODOO_DEB" ] || die "ODOO_DEB=$ODOO_DEB is no file that can be read."
    ODOO_DEB=$(readlink -f "$ODOO_DEB")
fi
if [ -e "$ODOO_ROOT/complete" ]; then
    rm -rf "$APT"
    use "$SITE_PACKAGES"
fi
if [ -z "${ODOO_DEB:-}" ] && is_odoo "$RUN/odoo-path"; then
    say "Odoo 19: $(readlink -f "$RUN/odoo-path"), as in the call before"
    exit 0
fi

# apt_sid COMMAND…: apt-get on the unstable suite only, apart from the machine's own configuration.
# Signatures are checked; a mirror that is some weeks behind does as well.
apt_sid() {
    apt-get -q -o Dir::State::lists="$APT/lists" -o Dir::Cache="$APT/cache" \
        -o Dir::Etc::sourcelist="$APT/sid.list" -o Dir::Etc::sourceparts="$APT/none" \
        -o Acquire::Check-Valid-Until=false -o Acquire::Languages=none \
        -o Acquire::IndexTargets::deb::Contents-deb::DefaultEnabled=false "$@"
}
# The mirror that this machine uses for Debian, not the first of anybody's; whose each one is, is
# known from the lists only, which may not have been fetched yet.
mirror() {
    local found
    found=$(apt-get indextargets --format '$(SITE)' 'Identifier: Packages' 'Origin: Debian' 'Label: Debian' | sed -n 1p)
    [ -n "$found" ] || found=$(apt-get update --print-uris | sed -n "s|^'\([^']*\)/dists/.*|\1|p" | grep -v security | sed -n 1p) || true
    echo "$found"
}
prepare_sid() {
    local site
    site=$(mirror)
    [ -n "$site" ] || die "apt knows no mirror of Debian here: give the package with ODOO_DEB=file, or an Odoo that is there with ODOO_HOME=folder."
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
    local font
    if [ -n "${ODOO_DEB:-}" ]; then
        check_package "$ODOO_DEB"
        mkdir -p "$APT/debs"
        # From the machine's own suite: a package is given where the unstable one cannot be had.
        download "apt-get -q" "${LIBRARIES[@]}"
        for font in "${FONTS[@]}"; do
            download "apt-get -q" "$font" || echo "Without $font, which is not in this suite: pages show another font."
        done
    else
        prepare_sid
        download apt_sid odoo-19 "${LIBRARIES[@]}" "${FONTS[@]}"
    fi
    # Only the stable suite's Font Awesome has the 4.7 file names that Odoo links to.
    download "apt-get -q" fonts-font-awesome fonts-inconsolata
}
# check_package FILE: reads it to its end, so that a truncated one is known before it is taken.
check_package() {
    local files=$RUN/log/odoo-package.txt
    if ! dpkg-deb --fsys-tarfile "$1" | tar -t >"$files"; then
        echo "$1 is no whole Debian package."
    elif ! grep -q '/odoo/release\.py$' "$files"; then
        echo "$1 is no package of Odoo: there is no odoo/release.py in it."
    else
        return 0
    fi
    return 1
}
# Translations are most of the package's 1.2 GB: the project speaks English, Indonesian and German.
unpack() {
    rm -rf "$ODOO_ROOT" && mkdir -p "$ODOO_ROOT"
    local package=${ODOO_DEB:-$(find "$APT/debs" -name 'odoo-19_*.deb')} deb
    for deb in "$package" "$APT"/debs/*.deb; do
        [[ $deb != "$APT"/debs/odoo-19_* || $deb = "$package" ]] || continue
        echo "unpacking ${deb##*/}"
        dpkg-deb --fsys-tarfile "$deb" | tar -x -C "$ODOO_ROOT" --exclude='*/i18n/*.po' --exclude='*/i18n/*.pot'
    done
    dpkg-deb --fsys-tarfile "$package" | tar -x -C "$ODOO_ROOT" --wildcards '*/i18n/id.po' '*/i18n/de.po' || true
    local segmentation=$SITE_PACKAGES/odoo/addons/mail/static/lib/selfie_segmentation
    mkdir -p "$segmentation" && touch "$segmentation/selfie_segmentation.js"
    is_odoo "$SITE_PACKAGES" || { echo "The package is no Odoo 19.0."; exit 1; }
    local dangling
    [ -z "${ODOO_DEB:-}" ] || find "$SITE_PACKAGES/odoo/addons" -xtype l -path '*/fonts/*' -print -delete
    dangling=$(find "$SITE_PACKAGES/odoo/addons" -xtype l)
    [ -z "$dangling" ] || { echo "Files that Odoo links to are missing:"; echo "$dangling"; exit 1; }
    touch "$ODOO_ROOT/complete"
}

if [ -n "${ODOO_DEB:-}" ]; then
    step odoo-fetch "Odoo 19: taking $ODOO_DEB" fetch
else
    step odoo-fetch "Odoo 19: downloading (about 125 MB; ODOO_DEB=file takes a package you have)" fetch
fi
step odoo-unpack "Odoo 19: unpacking" unpack
rm -rf "$APT"
use "$SITE_PACKAGES"
