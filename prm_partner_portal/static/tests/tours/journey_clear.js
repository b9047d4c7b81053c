import { registry } from "@web/core/registry";
import { stepUtils } from "@web_tour/tour_utils";
import { fits } from "./journey_utils";

const LINES = ".o_field_widget[name=line_ids]";

function row(text) {
    return `${LINES} .o_data_row:contains(${text}), ${LINES} .o_kanban_record:contains(${text})`;
}

registry.category("web_tour.tours").add("prm_partner_portal.clear_400", {
    steps: () => [
        {
            isActive: ["mobile"],
            trigger: ".o_control_panel button:has(.fa-bolt)",
            run: "click",
        },
        {
            trigger: "button[name=action_prm_whom_to_offer]:contains(31)",
            run: "click",
        },
        { trigger: ".o_data_row:first:contains(Gamma), .o_kanban_record:first:contains(Gamma)" },
        { trigger: "button[name=action_offer]:visible", run: "click" },
        { content: "More than all of them take", trigger: ".alert:contains(of 1,000)" },
        fits(".o_form_sheet"),
        { trigger: ".o_field_widget[name=to_clear] input", run: "edit 400" },
        { trigger: "button[name=action_tick_needed]", run: "click" },
        { trigger: ".alert:contains(23 of 30 resellers, who take about 404):contains(Not counted: 1)" },
        { trigger: ".o_field_widget[name=ticked_count]:contains(23)" },
        {
            content: "One that has it in a draft is ticked all the same",
            trigger: `${LINES} .o_data_row:contains(Delta) td[name=ticked] input, ${LINES} .o_kanban_record:contains(Delta) [name=ticked] input`,
            run: "click",
        },
        { trigger: ".o_field_widget[name=ticked_count]:contains(24)" },
        ...stepUtils.statusbarButtonsSteps("Make Quotations"),
        { trigger: ".o_field_widget[name=made_count]:contains(22)" },
        { trigger: ".o_field_widget[name=extended_count]:contains(1)" },
        { trigger: ".o_field_widget[name=skipped_count]:contains(1)" },
        { trigger: row("Delta Traders"), run: () => {} },
        { trigger: row("Already in the draft quotation") },
        fits(".o_form_sheet"),
        ...stepUtils.statusbarButtonsSteps("Open the Quotations"),
        {
            trigger:
                ".o_list_view .o_data_row:contains(Gamma Traders), .o_kanban_view .o_kanban_record:contains(Gamma Traders)",
        },
    ],
});
