#!/usr/bin/env bash
# Removes what the other commands made; Debian packages that were installed stay.
source "$(dirname "$0")/common.sh"

"$ROOT/scripts/postgres.sh" clean
rm -rf "$RUN"
say "Removed .run and the private PostgreSQL cluster."
