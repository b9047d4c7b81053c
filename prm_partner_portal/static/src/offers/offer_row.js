import { Component, useRef, useState } from "@odoo/owl";
import { Dropdown } from "@web/core/dropdown/dropdown";
import { DropdownItem } from "@web/core/dropdown/dropdown_item";
import { deserializeDate, formatDate } from "@web/core/l10n/dates";
import { _t } from "@web/core/l10n/translation";
import { formatFloat, formatMonetary } from "@web/views/fields/formatters";
import { parseFloat } from "@web/views/fields/parsers";
import { Sparkline } from "./sparkline";

export const DISMISS_REASONS = [
    ["enough", _t("Have enough")],
    ["range", _t("Not my range")],
    ["price", _t("Too dear")],
    ["elsewhere", _t("Bought elsewhere")],
    ["wrong", _t("Wrong suggestion")],
];
const KINDS = { due: _t("Due"), usual: _t("Bought before"), forgotten: _t("Forgotten"), new: _t("New") };
const KIND_CLASSES = { due: "text-bg-info", usual: "text-bg-light", forgotten: "text-bg-warning", new: "text-bg-success" };

/** One product: what speaks for it, and what to do with it. */
export class OfferRow extends Component {
    static template = "prm_partner_portal.OfferRow";
    static components = { Dropdown, DropdownItem, Sparkline };
    static props = {
        offer: Object,
        currencyId: { type: [Number, Boolean] },
        readonly: Boolean,
        setQuantity: Function,
        add: Function,
        toggleOffered: Function,
        dismiss: Function,
    };

    setup() {
        this.reasons = DISMISS_REASONS;
        this.quantityLabel = _t("Quantity");
        this.addLabel = _t("Add");
        this.offeredLabel = _t("Offered");
        this.dismissLabel = _t("Dismiss, because…");
        this.invalidText = _t("A number above 0 is needed.");
        this.state = useState({ invalid: false, typed: "" });
        this.quantity = useRef("quantity");
    }

    get kind() {
        return KINDS[this.shownKind];
    }

    get kindClass() {
        return KIND_CLASSES[this.shownKind];
    }

    /** What is bought again and again is due when its day is near. */
    get shownKind() {
        const { kind, due } = this.props.offer;
        return kind === "due" && !due ? "usual" : kind;
    }

    get imageUrl() {
        return `/web/image/product.product/${this.props.offer.id}/image_128`;
    }

    get stock() {
        const { free, arrival } = this.props.offer;
        if (free === null) {
            return { text: _t("Available"), class: "text-success" };
        }
        if (free > 0) {
            return { text: _t("%s free", this.formatQuantity(free)), class: "" };
        }
        return { text: _t("Comes %s", this.formatDay(arrival)), class: "text-warning-emphasis" };
    }

    get lastBought() {
        const { last, unit } = this.props.offer;
        return (
            last && {
                date: this.formatDay(last.date),
                quantity: `${this.formatQuantity(last.quantity)} ${unit}`.trim(),
                price: formatMonetary(last.price, { currencyId: last.currency_id }),
            }
        );
    }

    formatDay(day) {
        return formatDate(deserializeDate(day));
    }

    formatQuantity(quantity) {
        return formatFloat(quantity, { trailingZeros: false });
    }

    formatPrice(price) {
        return formatMonetary(price, { currencyId: this.props.currencyId });
    }

    labelFor(action) {
        return `${action}: ${this.props.offer.name}`;
    }

    /** @returns {boolean} whether what stands there is a quantity */
    readQuantity() {
        let quantity = 0;
        try {
            quantity = parseFloat(this.quantity.el.value);
        } catch {
            quantity = 0;
        }
        this.state.invalid = !(quantity > 0);
        this.state.typed = this.quantity.el.value;
        this.props.setQuantity(!this.state.invalid && quantity);
        return !this.state.invalid;
    }

    onAdd() {
        if (this.readQuantity()) {
            this.props.add();
        }
    }

    onKeydown(ev) {
        if (ev.key === "Enter") {
            ev.preventDefault();
            ev.stopPropagation();
            this.onAdd();
        }
    }
}
