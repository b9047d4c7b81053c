import { registry } from "@web/core/registry";
import { fits, openApp, openMenu, switchView } from "./journey_utils";

const FOCUS =
    ".o_data_row td[name=name]:contains(Overstock), .o_kanban_record:contains(Overstock)";
const SEARCH = ".o_control_panel .o_searchview_dropdown_toggler";

/** Open the search menu; on a phone the search itself is behind a button. */
function openSearch() {
    return [
        {
            isActive: ["mobile"],
            trigger: ".o_control_panel_navigation .btn:has(.oi-search, .fa-search)",
            run: "click",
        },
        { trigger: SEARCH, run: "click" },
    ];
}

/** A row of the pivot: shown, offered, added, ordered, ordered of shown, amount. */
function expectRow(title, figures) {
    return {
        trigger: `.o_pivot tbody tr:contains(${title})`,
        run({ anchor }) {
            const found = [...anchor.querySelectorAll("td")].map((cell) =>
                cell.textContent.trim().replaceAll("\u00a0", " ")
            );
            if (JSON.stringify(found) !== JSON.stringify(figures)) {
                throw new Error(`${title}: ${figures} expected, found ${found}`);
            }
        },
    };
}

registry.category("web_tour.tours").add("prm_partner_portal.friday", {
    steps: () => [
        ...openApp(),
        { trigger: ".o_prm_day" },
        ...openMenu("prm_focus_menu", "prm_recommendation_menu_root"),
        { trigger: FOCUS, run: "click" },
        { trigger: ".o_form_view .o_field_widget[name=target]:first:contains(10)" },
        { trigger: ".o_form_view .o_field_widget[name=reseller_count]:first:contains(3)" },
        { trigger: ".o_form_view .o_field_widget[name=ordered]:first:contains(4)" },
        { trigger: ".o_form_view .o_field_widget[name=left]:first:contains(6)" },
        fits(".o_form_sheet"),
        ...openMenu("prm_relationship_menu"),
        { trigger: ".o_data_row:contains(Big Shop), .o_kanban_record:contains(Big Shop)" },
        ...switchView("kanban", ["desktop"]),
        { trigger: ".o_kanban_view .o_kanban_record:contains(Big Shop)" },
        ...openSearch(),
        {
            trigger: ".o_filter_menu .o_menu_item:contains(Turned Red this Week)",
            run: "click",
        },
        { trigger: ".o_kanban_view:not(:has(.o_kanban_record:contains(Big Shop)))" },
        fits(".o_kanban_record:contains(Middle Shop):contains(Turned red this week)"),
    ],
});

registry.category("web_tour.tours").add("prm_partner_portal.friday_report", {
    steps: () => [
        {
            content: "What fits a phone comes first",
            isActive: ["mobile"],
            ...fits(".o_graph_renderer canvas"),
        },
        ...switchView("pivot", ["mobile"]),
        expectRow("Total", ["9", "0", "4", "2", "22.22%", "$ 60.00"]),
        ...openSearch(),
        { trigger: ".o_group_by_menu .o_menu_item:contains(Salesperson)", run: "click" },
        expectRow("prm_seller", ["6", "0", "2", "2", "33.33%", "$ 60.00"]),
        expectRow("prm_colleague", ["3", "0", "2", "0", "0.00%", ""]),
        ...switchView("graph"),
        { trigger: ".o_graph_renderer canvas" },
        fits(".o_graph_renderer"),
        ...switchView("list"),
        { trigger: ".o_group_header:contains(prm_seller):contains($ 60.00)" },
    ],
});
