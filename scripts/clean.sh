#!/usr/bin/env bash
# Removes what the other commands made; Debian packages that were installed stay.
source "$(dirname "$0")/common.sh"

"$ROOT/scripts/postgres.sh" clean
rm -rf "$RUN" "$ROOT"/.{ruff,mypy,pytest}_cache
find "$ROOT" -name __pycache__ -type d -not -path "$ROOT/.git/*" -prune -exec rm -rf '{}' +
say "Removed .run and the private PostgreSQL cluster."
