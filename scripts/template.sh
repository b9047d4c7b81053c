#!/usr/bin/env bash
# The database prm_base: Odoo with the apps that the addon builds on or has glue for, and no addon.
# Everything else is cloned from it. It has its name only when it is whole.
source "$(dirname "$0")/common.sh"

APPS=sale_management,sale_stock,partnership,portal,sale_loyalty,delivery
write_config
if ! database_exists prm_base; then
    build() {
        drop_database prm_base_part
        odoo -c "$CONF" -d prm_base_part -i "$APPS" --stop-after-init --no-http
        rename_database prm_base_part prm_base
    }
    step template "Odoo: a database with its apps" build
fi
