import { Component } from "@odoo/owl";
import { deserializeDate, formatDate } from "@web/core/l10n/dates";
import { _t } from "@web/core/l10n/translation";
import { formatFloat } from "@web/views/fields/formatters";
import { formatAmount, getPhoneUrl } from "./format";

export const COLORS = {
    green: { class: "text-success", label: _t("Healthy") },
    amber: { class: "text-warning", label: _t("Watch") },
    red: { class: "text-danger", label: _t("At risk") },
    grey: { class: "text-muted", label: _t("Too few orders") },
};

/** One reseller: why today, and what to do. */
export class DayCard extends Component {
    static template = "prm_partner_portal.DayCard";
    static props = {
        card: Object,
        open: Function,
        call: Function,
        quote: Function,
        outcome: Function,
        pin: Function,
        skip: Function,
        move: Function,
    };

    get card() {
        return this.props.card;
    }

    get color() {
        return COLORS[this.card.color];
    }

    get pinTitle() {
        return this.card.pinned ? _t("No longer on top") : _t("Keep on top");
    }

    get skipTitle() {
        return _t("Not today");
    }

    get phoneTitle() {
        return this.card.contact || this.card.name;
    }

    get phoneUrl() {
        return getPhoneUrl(this.card.phone);
    }

    get subtitle() {
        const { city, company, currency_id, stake } = this.card;
        const amount = stake && _t("%s at stake", formatAmount(stake, currency_id));
        return [city, company, amount].filter(Boolean).join(" · ");
    }

    get quoteLabel() {
        return this.card.items.length === 1 ? _t("Quotation with this") : _t("Quotation with these");
    }

    get lastOrder() {
        const day = this.card.last_order;
        return day ? _t("Last order: %s", this.formatDay(day)) : _t("No order yet");
    }

    get lastContact() {
        const last = this.card.last_contact;
        return last
            ? _t("Last contact: %(day)s, %(outcome)s, %(by)s", { ...last, day: this.formatDay(last.day) })
            : _t("No contact recorded");
    }

    formatDay(day) {
        return formatDate(deserializeDate(day));
    }

    formatQuantity(quantity) {
        return formatFloat(quantity, { trailingZeros: false });
    }

    onKeydown(ev) {
        if (ev.target !== ev.currentTarget) {
            return;
        }
        const step = { ArrowDown: 1, ArrowUp: -1 }[ev.key];
        if (step) {
            ev.preventDefault();
            this.props.move(step);
        } else if (ev.key === "Enter") {
            ev.preventDefault();
            this.props.call();
        }
    }
}
