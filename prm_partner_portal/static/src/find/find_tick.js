import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import {
    BooleanToggleField,
    booleanToggleField,
} from "@web/views/fields/boolean_toggle/boolean_toggle_field";

/** A check box that is saved at once; what stands above the list follows it. */
export class FindTick extends BooleanToggleField {
    static template = "prm_partner_portal.FindTick";

    get label() {
        return _t("Make a reseller of %s", this.props.record.data.partner_id.display_name);
    }

    async onChange(newValue) {
        await super.onChange(newValue);
        this.props.record.model.bus.trigger("PRM_TICKED");
    }
}

registry.category("fields").add("prm_tick", {
    ...booleanToggleField,
    component: FindTick,
    fieldDependencies: [{ name: "partner_id", type: "many2one", relation: "res.partner" }],
});
