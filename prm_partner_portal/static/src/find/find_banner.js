import { _t } from "@web/core/l10n/translation";
import { useBus, useService } from "@web/core/utils/hooks";
import { formatInteger, formatMonetary } from "@web/views/fields/formatters";
import { Component, onWillStart, onWillUpdateProps, useState } from "@odoo/owl";
import { ChunkDialog } from "./chunk_dialog";

const MODEL = "prm.relationship.find";

/** The limits of the search, what it found, and the button that makes resellers. */
export class FindBanner extends Component {
    static template = "prm_partner_portal.FindBanner";
    static props = { list: Object };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.dialog = useService("dialog");
        this.turn = 0;
        this.state = useState({ data: null, typed: {}, wrong: {}, busy: false });
        useBus(this.props.list.model.bus, "PRM_TICKED", () => this.load());
        onWillStart(() => this.load());
        onWillUpdateProps(() => {
            this.load(); // the list need not wait for it
        });
    }

    get data() {
        return this.state.data;
    }

    get foundText() {
        const { found, ticked, turnover, currency_id } = this.data;
        return _t("%(found)s found, %(ticked)s ticked with a turnover of %(turnover)s", {
            found: formatInteger(found),
            ticked: formatInteger(ticked),
            turnover: formatMonetary(turnover, { currencyId: currency_id }),
        });
    }

    get makeText() {
        const { ticked } = this.data;
        if (!ticked) {
            return _t("Make Resellers");
        }
        return ticked === 1
            ? _t("Make 1 Reseller")
            : _t("Make %s Resellers", formatInteger(ticked));
    }

    get limits() {
        const { min_orders, months, most_orders, most_months } = this.data;
        const { typed } = this.state;
        return [
            { name: "min_orders", value: typed.min_orders ?? min_orders, most: most_orders },
            { name: "months", value: typed.months ?? months, most: most_months },
        ];
    }

    wrongText(limit) {
        return _t("A whole number from 1 to %s", formatInteger(limit.most));
    }

    async load() {
        const turn = ++this.turn;
        const data = await this.orm.call(MODEL, "get_summary", []);
        if (turn === this.turn) {
            this.state.data = data;
        }
        if (data.fresh) {
            await this.reload();
        }
    }

    async reload() {
        await this.props.list.model.load();
    }

    async call(method, args) {
        this.state.busy = true;
        try {
            await this.orm.call(MODEL, method, args);
            await this.reload();
            await this.load();
        } finally {
            this.state.busy = false;
        }
    }

    async onLimit(limit, ev) {
        const text = ev.target.value.trim();
        const value = /^\d+$/.test(text) ? Number(text) : 0;
        const wrong = value < 1 || value > limit.most;
        this.state.wrong[limit.name] = wrong;
        this.state.typed[limit.name] = wrong ? text : undefined;
        if (!wrong && value !== this.data[limit.name]) {
            const values = { ...this.data, [limit.name]: value };
            await this.call("recount", [values.min_orders, values.months]);
        }
    }

    async tick(ticked) {
        await this.call("tick", [ticked, this.env.searchModel.domain]);
    }

    make() {
        this.dialog.add(ChunkDialog, {
            title: _t("Making resellers"),
            left: this.data.ticked,
            step: () => this.orm.call(MODEL, "make", []),
            onEnd: async (made) => {
                const next = made || (await this.orm.call(MODEL, "action_stop", []));
                await this.action.doAction(next || "soft_reload");
            },
        });
    }

    openLast() {
        this.action.doAction({
            type: "ir.actions.act_window",
            res_model: "prm.relationship.batch",
            res_id: this.data.last.id,
            views: [[false, "form"]],
        });
    }
}
