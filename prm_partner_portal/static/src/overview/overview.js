import { Component, onWillStart, onWillUpdateProps, useState } from "@odoo/owl";
import { deserializeDate, formatDate } from "@web/core/l10n/dates";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { KeepLast } from "@web/core/utils/concurrency";
import { useService } from "@web/core/utils/hooks";
import { standardWidgetProps } from "@web/views/widgets/standard_widget_props";
import { formatAmount, TurnoverChart } from "./turnover_chart";

/** What somebody new to the account should know; the parts stand in the form. */
export class Overview extends Component {
    static template = "prm_partner_portal.Overview";
    static components = { TurnoverChart };
    static props = { ...standardWidgetProps };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.keepLast = new KeepLast();
        this.state = useState({ overview: null });
        onWillStart(() => {
            this.load(this.props.record); // not awaited: the form comes first
        });
        onWillUpdateProps(({ record }) => {
            const { record: before } = this.props;
            if (record.resId !== before.resId || record.data.state !== before.data.state) {
                this.load(record);
            }
        });
    }

    async load({ resId }) {
        if (!resId) {
            this.state.overview = null;
            return;
        }
        const call = this.orm.call("prm.relationship", "get_overview", [[resId]]);
        this.state.overview = await this.keepLast.add(call);
    }

    async reload() {
        await this.props.record.load();
        await this.load(this.props.record);
    }

    format(amount) {
        return formatAmount(amount, this.state.overview.currency_id);
    }

    /** @param {number|null} change a share, e.g. -0.2 */
    formatChange(change) {
        if (change === null) {
            return _t("new");
        }
        const percent = Math.round(change * 100);
        return percent > 0 ? `+${percent} %` : `${percent} %`.replace("-", "−");
    }

    toneOf(change) {
        return change === null || change > 0.05 ? "text-success" : change < -0.05 ? "text-danger" : "text-muted";
    }

    get columns() {
        return this.state.overview.basis === "year"
            ? { now: _t("12 months"), before: _t("12 before") }
            : { now: _t("90 days"), before: _t("90 before") };
    }

    get totalText() {
        const { basis, total } = this.state.overview;
        const values = { amount: this.format(total.now), before: this.format(total.before) };
        if (basis === "year") {
            return _t("%(amount)s in 12 months; %(before)s in the 12 months before.", values);
        }
        return _t(
            "%(amount)s in 90 days; %(before)s in the 90 days before. There is no full year before to compare with.",
            values
        );
    }

    widthOf(amount) {
        const { categories } = this.state.overview;
        const most = Math.max(...categories.flatMap((one) => [one.now, one.before])) || 1;
        return `width: ${Math.max((amount / most) * 100, 0).toFixed(1)}%`;
    }

    get changed() {
        const { stopped, fresh, rhythm } = this.state.overview.changes;
        return Boolean(stopped.total || fresh.total || rhythm);
    }

    get lists() {
        const { stopped, fresh } = this.state.overview.changes;
        const more = ({ total, rows }) =>
            total > rows.length ? _t("and %s more", total - rows.length) : "";
        return [
            { key: "stopped", title: _t("No longer bought"), more: more(stopped), ...stopped },
            { key: "fresh", title: _t("Bought for the first time, last 4 weeks"), more: more(fresh), ...fresh },
        ].filter((list) => list.total);
    }

    get talkText() {
        const { talk } = this.state.overview;
        const text = _t("Last contact: %(day)s, %(outcome)s, %(by)s", {
            ...talk,
            day: formatDate(deserializeDate(talk.day)),
        });
        return talk.note ? `${text}: ${talk.note}` : text;
    }

    doNext({ action, method }) {
        if (!method) {
            return this.open(action);
        }
        const { resId } = this.props.record;
        return this.action.doActionButton({
            type: "object",
            name: method,
            resModel: "prm.relationship",
            resId,
            resIds: [resId],
            context: {},
            onClose: () => this.reload(),
        });
    }

    open(action) {
        return this.action.doAction(action, { onClose: () => this.reload() });
    }
}

registry.category("view_widgets").add("prm_partner_portal.overview", {
    component: Overview,
    fieldDependencies: [{ name: "state", type: "selection" }],
});
