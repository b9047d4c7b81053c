import { Component, useEffect, useRef, useState } from "@odoo/owl";
import { hasTouch } from "@web/core/browser/feature_detection";
import { ConfirmationDialog } from "@web/core/confirmation_dialog/confirmation_dialog";
import { deserializeDate, formatDate } from "@web/core/l10n/dates";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { KeepLast } from "@web/core/utils/concurrency";
import { useService } from "@web/core/utils/hooks";
import { standardWidgetProps } from "@web/views/widgets/standard_widget_props";
import { DismissDialog } from "./dismiss_dialog";
import { OfferRow } from "./offer_row";
import { addOffersToOrder, getOrderAtHand } from "./order_at_hand";

/** What to offer this reseller, in a tab of its order. */
export class Offers extends Component {
    static template = "prm_partner_portal.Offers";
    static components = { OfferRow };
    static props = { ...standardWidgetProps };

    setup() {
        this.orm = useService("orm");
        this.dialog = useService("dialog");
        this.root = useRef("root");
        this.keepLast = new KeepLast();
        this.quantities = {}; // edited by hand, by product
        this.seen = new Set(); // recorded as shown
        this.state = useState({ loading: true, busy: false, offers: {}, undo: false, resting: false });
        useEffect(
            () => {
                this.load();
            },
            () => [this.relationshipId, JSON.stringify(this.atHand)]
        );
    }

    get relationshipId() {
        return this.props.record.data.prm_relationship_id?.id;
    }

    get atHand() {
        return getOrderAtHand(this.props.record);
    }

    get blocks() {
        const present = new Set(this.atHand.product_ids);
        const { due = [], new: fresh = [], together = [] } = this.state.offers;
        const absent = (rows) => rows.filter((row) => !present.has(row.id));
        return [
            { name: "due", title: _t("Due or forgotten"), rows: absent(due) },
            { name: "together", title: _t("Goes with this order"), rows: absent(together) },
            { name: "new", title: _t("New for this reseller"), rows: absent(fresh) },
        ].filter((block) => block.rows.length);
    }

    get dueRows() {
        const block = this.blocks.find((block) => block.name === "due");
        return block ? block.rows.filter((row) => row.due && !row.invalid) : [];
    }

    get addDueLabel() {
        return _t("Add all due (%s)", this.dueRows.length);
    }

    get addDueTitle() {
        return _t("What is forgotten or not due yet is added one by one: ask first");
    }

    get emptyText() {
        if (this.state.offers.empty === "none") {
            return this.state.offers.is_manager
                ? _t("They are worked out every night. You can start it now from Resellers › Recommendations › Runs.")
                : _t("They are worked out every night; a manager can start it now.");
        }
        return _t(
            "Everything that is recommended is in this order, on its way, resting or out of stock."
        );
    }

    get emptyTitle() {
        return this.state.offers.empty === "none"
            ? _t("No recommendations yet")
            : _t("Nothing left to offer");
    }

    call(method, ...args) {
        return this.orm.call("prm.relationship", method, [[this.relationshipId], ...args]);
    }

    async load() {
        if (!this.relationshipId) {
            return;
        }
        const { atHand } = this;
        const offers = await this.keepLast.add(this.call("get_offers", atHand));
        for (const row of [...offers.due, ...offers.new, ...offers.together]) {
            row.quantity = this.quantities[row.id] || row.quantity;
        }
        Object.assign(this.state, { offers, loading: false });
        this.recordShown(atHand);
    }

    /**
     * Only what stands before somebody's eyes counts as shown. What is not in the list
     * counts for the order that it was added for.
     */
    recordShown(atHand) {
        const rows = this.blocks.flatMap((block) => block.rows);
        const fresh = rows.filter((row) => !this.seen.has(row.id));
        if (fresh.length) {
            fresh.forEach((row) => this.seen.add(row.id));
            const ids = fresh.map((row) => row.id);
            const order = fresh.some((row) => row.extra) && atHand;
            this.orm.silent.call("prm.relationship", "record_shown", [[this.relationshipId], ids, order]);
        }
    }

    /** @param {number|false} quantity false for what is none */
    setQuantity(row, quantity) {
        row.invalid = !quantity;
        if (quantity) {
            row.quantity = quantity;
            this.quantities[row.id] = quantity;
        }
    }

    async add(rows) {
        if (this.state.busy || !rows.length) {
            return;
        }
        this.state.busy = true;
        const place = this.placeOf(rows[0]);
        try {
            await addOffersToOrder(this.props.record, rows);
            this.state.undo = false;
        } finally {
            this.state.busy = false;
        }
        this.focusRow(place);
    }

    placeOf({ id }) {
        return this.blocks.flatMap((block) => block.rows).findIndex((row) => row.id === id);
    }

    /**
     * Keep the focus where the hands are: the next product has moved up there. On a
     * phone a focused field would open the keyboard.
     */
    focusRow(place) {
        const drawn = (callback) => requestAnimationFrame(() => requestAnimationFrame(callback));
        drawn(() => {
            const rows = [...(this.root.el?.querySelectorAll(".o_prm_offer") || [])];
            const row = rows[Math.max(0, Math.min(place, rows.length - 1))];
            const target = hasTouch() ? ".o_prm_offer_add" : ".o_prm_offer_quantity";
            (row?.querySelector(target) || this.root.el)?.focus();
        });
    }

    async toggleOffered(row) {
        if (row.offered_id) {
            await this.call("undo_offer_event", row.offered_id);
            row.offered_id = null;
        } else {
            row.offered_id = await this.call("record_offered", row.id, this.atHand);
        }
    }

    dismiss(row, reason) {
        if (reason === "elsewhere") {
            this.dialog.add(DismissDialog, {
                name: row.name,
                dismiss: (note) => this.confirmDismiss(row, reason, note),
            });
        } else {
            return this.confirmDismiss(row, reason, false);
        }
    }

    async confirmDismiss(row, reason, note) {
        const place = this.placeOf(row);
        const answer = await this.call("dismiss_offer", row.id, reason, note, this.atHand);
        const until = formatDate(deserializeDate(answer.until));
        this.state.undo = {
            eventId: answer.event_id,
            productId: row.id,
            text: _t("%(product)s is not offered before %(date)s.", { product: row.name, date: until }),
        };
        this.state.resting = false;
        await this.load();
        this.focusRow(place);
        if (answer.category) {
            this.askForCategory(answer);
        }
    }

    askForCategory({ category, event_id }) {
        this.dialog.add(ConfirmationDialog, {
            title: _t("Exclude the whole category?"),
            body: _t("“%s” is then no longer sold to this reseller.", category),
            confirmLabel: _t("Exclude the category"),
            cancelLabel: _t("Only this product"),
            confirm: async () => {
                const assortment = await this.call("exclude_offer_category", event_id);
                this.state.undo = {
                    eventId: event_id,
                    text: _t("“%(category)s” is excluded in “%(assortment)s”.", { category, assortment }),
                };
                await this.load();
            },
            cancel: () => {},
        });
    }

    async undo({ eventId, productId }) {
        await this.call("undo_offer_event", eventId);
        this.state.undo = false;
        await this.load();
        if (this.state.resting) {
            await this.loadResting();
        }
        this.focusRow(this.placeOf({ id: productId }));
    }

    async loadResting() {
        this.state.resting = await this.call("get_resting_offers");
    }

    async toggleResting() {
        if (this.state.resting) {
            this.state.resting = false;
        } else {
            await this.loadResting();
        }
    }

    formatDay(day) {
        return formatDate(deserializeDate(day));
    }
}

registry.category("view_widgets").add("prm_partner_portal.offers", {
    component: Offers,
    fieldDependencies: [
        { name: "prm_relationship_id", type: "many2one" },
        { name: "fiscal_position_id", type: "many2one" },
    ],
});
