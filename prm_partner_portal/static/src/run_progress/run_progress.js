import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { standardFieldProps } from "@web/views/fields/standard_field_props";
import { Component, onMounted, onWillUnmount } from "@odoo/owl";

const INTERVAL = 2000;

/** How far a recommendation run is; asks again until the run has ended. */
export class RunProgress extends Component {
    static template = "prm_partner_portal.RunProgress";
    static props = { ...standardFieldProps };

    setup() {
        onMounted(() => this.plan());
        onWillUnmount(() => clearTimeout(this.timer));
    }

    get percent() {
        return this.props.record.data[this.props.name] || 0;
    }

    get label() {
        return _t("%s %", this.percent);
    }

    plan() {
        if (this.props.record.data.is_open) {
            this.timer = setTimeout(() => this.refresh(), INTERVAL);
        }
    }

    async refresh() {
        await this.props.record.load();
        this.plan();
    }
}

registry.category("fields").add("prm_run_progress", {
    component: RunProgress,
    supportedTypes: ["integer"],
    fieldDependencies: [{ name: "is_open", type: "boolean" }],
});
