import { Component, onWillStart, useState } from "@odoo/owl";
import { Dialog } from "@web/core/dialog/dialog";
import { deserializeDate, deserializeDateTime, formatDate } from "@web/core/l10n/dates";
import { _t } from "@web/core/l10n/translation";
import { useService } from "@web/core/utils/hooks";
import { formatFloat, formatMonetary } from "@web/views/fields/formatters";
import { COLORS } from "./day_card";
import { formatAmount, getPhoneUrl } from "./format";

/** Everything that one wants to have in sight while the reseller is on the phone. */
export class CallDialog extends Component {
    static template = "prm_partner_portal.CallDialog";
    static components = { Dialog };
    static props = {
        card: Object,
        quote: Function,
        outcome: Function,
        openRecord: Function,
        close: Function,
    };

    setup() {
        this.orm = useService("orm");
        this.getPhoneUrl = getPhoneUrl;
        this.state = useState({ call: null, chosen: {}, busy: false });
        onWillStart(async () => {
            const id = this.props.card.id;
            const call = await this.orm.call("prm.relationship", "get_call", [[id]]);
            // What is only pushed is for the reseller to ask for.
            call.due.forEach((row) => (this.state.chosen[row.id] = !row.extra));
            this.state.call = call;
            const shown = this.blocks.flatMap((block) => block.rows.map((row) => row.id));
            if (shown.length) {
                this.orm.silent.call("prm.relationship", "record_call", [[id], shown]);
            }
        });
    }

    get call() {
        return this.state.call;
    }

    get blocks() {
        return [
            { name: "due", title: _t("Usually bought"), rows: this.call.due },
            { name: "stopped", title: _t("Stopped buying"), rows: this.call.stopped },
            { name: "new", title: _t("New for this reseller"), rows: this.call.new },
        ].filter((block) => block.rows.length);
    }

    get documents() {
        return [
            ["quotations", _t("Open quotations"), _t("of %s")],
            ["deliveries", _t("Open deliveries"), _t("planned for %s"), _t("late, planned for %s")],
            ["invoices", _t("Unpaid invoices"), _t("due on %s"), _t("overdue since %s")],
        ]
            .filter(([kind]) => this.call[kind].length)
            .map(([kind, title, text, late]) => ({
                kind,
                title: this.getDocumentsTitle(kind, title),
                rows: this.call[kind].map((row) => ({
                    ...row,
                    text: (row.late ? late : text).replace("%s", this.formatDay(row.day)),
                })),
                more: this.call[`${kind}_count`] - this.call[kind].length,
            }));
    }

    getDocumentsTitle(kind, title) {
        const amount = this.call[`${kind}_amount`];
        const count = this.call[`${kind}_count`];
        return amount ? `${title} (${count}): ${this.formatAmount(amount)}` : `${title} (${count})`;
    }

    get color() {
        return COLORS[this.call.health.color];
    }

    get turnover() {
        return _t("90 days: %(quarter)s · 12 months: %(year)s", {
            quarter: this.formatAmount(this.call.health.turnover),
            year: this.formatAmount(this.call.health.turnover_year),
        });
    }

    getMore(block) {
        return _t("and %s more", block.more);
    }

    get chosenRows() {
        return this.blocks.flatMap((block) => block.rows).filter((row) => this.state.chosen[row.id]);
    }

    get quoteLabel() {
        return _t("Quotation with these (%s)", this.chosenRows.length);
    }

    formatDay(day) {
        return formatDate(deserializeDate(day));
    }

    formatMoment(moment) {
        return formatDate(deserializeDateTime(moment));
    }

    formatAmount(amount) {
        return formatAmount(amount, this.call.currency_id);
    }

    formatQuantity(row, quantity) {
        return `${formatFloat(quantity, { trailingZeros: false })} ${row.unit}`.trim();
    }

    formatPrice(price, currencyId) {
        return formatMonetary(price, { currencyId });
    }

    getLast(row) {
        return _t("Last paid: %(price)s on %(day)s, %(quantity)s", {
            day: this.formatDay(row.last.date),
            quantity: this.formatQuantity(row, row.last.quantity),
            price: this.formatPrice(row.last.price, row.last.currency_id),
        });
    }

    /** What speaks for it; that it is in focus stands before. */
    getWhy(row) {
        const reason = row.reasons[row.focus ? 1 : 0];
        return [reason, row.last && this.getLast(row)].filter(Boolean).join(" · ");
    }

    toggle(row) {
        this.state.chosen[row.id] = !this.state.chosen[row.id];
    }

    async onQuote() {
        if (this.state.busy) {
            return;
        }
        this.state.busy = true;
        try {
            const rows = this.chosenRows.map((row) => [row.id, row.quantity]);
            if (await this.props.quote(Object.fromEntries(rows))) {
                this.props.close();
            }
        } finally {
            this.state.busy = false;
        }
    }

    onOutcome() {
        this.props.close();
        this.props.outcome();
    }

    async onOpen(row) {
        this.props.close();
        await this.props.openRecord(row.model, row.id);
    }
}
