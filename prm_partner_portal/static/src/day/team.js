import { Component } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { formatInteger } from "@web/views/fields/formatters";
import { formatAmount } from "./format";

/** Whom each salesperson has to contact today: the first thing that a manager sees. */
export class Team extends Component {
    static template = "prm_partner_portal.Team";
    static props = { team: Object, title: String, open: Function, openUnassigned: Function };

    get team() {
        return this.props.team;
    }

    get summary() {
        const { listed, stake, contacted } = this.team.total;
        return _t("%(listed)s resellers to contact, %(amount)s at stake, %(contacted)s contacted in 7 days", {
            listed: formatInteger(listed),
            amount: this.formatSum(stake),
            contacted: formatInteger(contacted),
        });
    }

    getResellers(row) {
        return row.resellers === 1 ? _t("1 reseller") : _t("%s resellers", formatInteger(row.resellers));
    }

    getRed(row) {
        return _t("%s turned red", formatInteger(row.red));
    }

    getContacted(row) {
        return _t("%s contacted", formatInteger(row.contacted));
    }

    formatCount(count) {
        return formatInteger(count);
    }

    formatSum(amount) {
        return formatAmount(amount, this.team.currency_id);
    }
}
