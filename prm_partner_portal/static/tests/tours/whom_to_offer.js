import { registry } from "@web/core/registry";

registry.category("web_tour.tours").add("prm_partner_portal.whom_to_offer", {
    steps: () => [
        {
            content: "Three lists hold the product",
            trigger: "button[name=action_prm_whom_to_offer]:contains(3)",
            run: "click",
        },
        { trigger: ".o_list_view .o_data_row:eq(3)" },
        { trigger: ".o_data_row:first:contains(Gamma Traders):contains(80%)" },
        { trigger: ".o_searchview_input", run: "edit Delta" },
        { content: "Filter", trigger: ".o_searchview_autocomplete .o-dropdown-item:first", run: "click" },
        { trigger: ".o_list_view:not(:has(.o_data_row:contains(Gamma)))" },
        { trigger: ".o_facet_value:contains(Delta) + .o_facet_remove, .o_searchview_facet:contains(Delta) .o_facet_remove", run: "click" },
        { trigger: ".o_data_row:contains(Gamma)" },
        { content: "The whole list", trigger: "button[name=action_offer]", run: "click" },
        { trigger: ".alert:contains(clears about 15 of 97)" },
        { trigger: ".o_field_widget[name=to_clear] input", run: "edit 12" },
        { trigger: "button[name=action_tick_needed]", run: "click" },
        { trigger: ".alert:contains(2 of 3 resellers, who take about 13)" },
        { trigger: ".o_field_widget[name=ticked_count]:contains(2)" },
        {
            content: "Another quantity for the first",
            trigger: ".o_data_row:first td[name=quantity]",
            run: "click",
        },
        { trigger: ".o_data_row:first td[name=quantity] input", run: "edit 20" },
        { content: "Untick the second", trigger: ".o_data_row:eq(1) td[name=ticked] input", run: "click" },
        { trigger: ".o_field_widget[name=ticked_count]:contains(1)" },
        { trigger: "button[name=action_make]", run: "click" },
        { trigger: ".o_field_widget[name=made_count]:contains(1)" },
        { trigger: ".o_data_row:contains(Gamma Traders):contains(20.00)" },
        { trigger: "button[name=action_view_orders]", run: "click" },
        { trigger: ".o_list_view .o_data_row:only:contains(Gamma Traders)" },
    ],
});
