import { Component } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { formatFloat } from "@web/views/fields/formatters";

const HEIGHT = 20;

/** Twelve months as bars; read out as their numbers. */
export class Sparkline extends Component {
    static template = "prm_partner_portal.Sparkline";
    static props = { values: { type: Array, element: Number } };

    get bars() {
        const highest = Math.max(...this.props.values, 0) || 1;
        return this.props.values.map((value, index) => {
            const height = value > 0 ? Math.max((value / highest) * HEIGHT, 2) : 0.5;
            return { x: index * 5, y: HEIGHT - height, height };
        });
    }

    get label() {
        const values = this.props.values.map((value) => formatFloat(value, { trailingZeros: false }));
        return _t("Bought in the last 12 months, oldest first: %s", values.join(", "));
    }
}
