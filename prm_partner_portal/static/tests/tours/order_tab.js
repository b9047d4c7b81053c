import { registry } from "@web/core/registry";

const TAB = "a[name=prm_offers]";

function chooseCustomer(name) {
    return [
        {
            trigger: ".o_field_widget[name=partner_id] input",
            run: `edit ${name}`,
        },
        {
            trigger: `.o-autocomplete--dropdown-item:contains(${name})`,
            run: "click",
        },
    ];
}

function row(name) {
    return `.o_prm_offer:contains(${name})`;
}

registry.category("web_tour.tours").add("prm_partner_portal.order_tab", {
    steps: () => [
        ...chooseCustomer("Alpha Traders"),
        { content: "The tab is there before saving", trigger: TAB, run: "click" },
        { trigger: ".o_prm_offers_due .o_prm_offer:eq(4)" },
        { trigger: ".o_prm_offers_new .o_prm_offer:eq(2)" },
        {
            content: "Nothing but a quantity is taken",
            trigger: `${row("Mug 0")} .o_prm_offer_quantity`,
            run: "edit nothing && press Enter",
        },
        { trigger: `${row("Mug 0")} .o_prm_offer_quantity.is-invalid:value(nothing)` },
        { trigger: `${row("Mug 0")} [role=alert]:contains(A number above 0)` },
        {
            content: "Enter adds the quantity that was typed",
            trigger: `${row("Mug 0")} .o_prm_offer_quantity`,
            run: "edit 12 && press Enter",
        },
        { trigger: ".o_prm_offers:not(:has(.o_prm_offer:contains(Mug 0)))" },
        { content: "The hands stay where they are", trigger: `${row("Mug 1")} .o_prm_offer_quantity:focus` },
        {
            content: "Dismiss with a reason",
            trigger: `${row("Mug 1")} .o_prm_offer_dismiss`,
            run: "click",
        },
        { trigger: ".o-dropdown--menu .o_prm_dismiss_enough", run: "click" },
        { trigger: ".o_prm_offers:not(:has(.o_prm_offer:contains(Mug 1)))" },
        { trigger: `${row("Mug 2")} .o_prm_offer_quantity:focus` },
        { content: "Undo at once", trigger: ".o_prm_offers_undo", run: "click" },
        { trigger: `${row("Mug 1")} .o_prm_offer_quantity:focus` },
        {
            content: "Bought elsewhere asks where",
            trigger: `${row("Mug 2")} .o_prm_offer_dismiss`,
            run: "click",
        },
        { trigger: ".o-dropdown--menu .o_prm_dismiss_elsewhere", run: "click" },
        { trigger: ".modal input", run: "edit At the market && press Enter" },
        { trigger: "body:not(:has(.modal)) .o_prm_offers_resting button:contains(Resting)", run: "click" },
        { trigger: ".o_prm_offers_resting li:contains(At the market)" },
        {
            content: "Mark as offered",
            trigger: `${row("Mug 5")} .o_prm_offer_offered`,
            run: "click",
        },
        { trigger: `${row("Mug 5")} .o_prm_offer_offered[aria-pressed=true]` },
        { content: "Add all due", trigger: ".o_prm_offers_add_due", run: "click" },
        { trigger: ".o_prm_offers:not(:has(.o_prm_offers_due))" },
        { trigger: "a[name=order_lines]", run: "click" },
        { trigger: ".o_field_widget[name=order_line] .o_data_row:eq(3)" },
        { trigger: ".o_form_button_save", run: "click" },
        { trigger: ".o_form_saved" },
        { trigger: "button[name=action_confirm]:visible", run: "click" },
        { trigger: ".o_arrow_button_current:contains(Sales Order)" },
        { trigger: TAB, run: "click" },
        { trigger: ".o_prm_offers_new .o_prm_offer:eq(2)" },
    ],
});

registry.category("web_tour.tours").add("prm_partner_portal.order_tab_together", {
    steps: () => [
        ...chooseCustomer("Alpha Traders"),
        { trigger: TAB, run: "click" },
        { trigger: ".o_prm_offers:not(:has(.o_prm_offers_together))" },
        {
            content: "In focus, and at the top of what is new",
            trigger: ".o_prm_offers_new .o_prm_offer:first:contains(Mug 7):contains(Focus: Overstock)",
        },
        {
            content: "A line that is not saved calls for what goes with it",
            trigger: `${row("Mug 0")} .o_prm_offer_quantity`,
            run: "edit 3 && press Enter",
        },
        { trigger: `.o_prm_offers_together ${row("Ink")}:contains(Goes with Mug 0 in this order)` },
        {
            content: "What is in the list rises",
            trigger: ".o_prm_offers_due .o_prm_offer:first:contains(Mug 4):contains(Goes with Mug 0)",
        },
        { trigger: `${row("Ink")} .o_prm_offer_offered`, run: "click" },
        { trigger: `${row("Ink")} .o_prm_offer_offered[aria-pressed=true]` },
        { trigger: `${row("Ink")} .o_prm_offer_add`, run: "click" },
        { trigger: ".o_prm_offers:not(:has(.o_prm_offers_together))" },
        { trigger: ".o_form_button_save", run: "click" },
        { trigger: ".o_form_saved" },
    ],
});

registry.category("web_tour.tours").add("prm_partner_portal.order_tab_none", {
    steps: () => [
        ...chooseCustomer("Nobody's Customer"),
        { trigger: ".o_form_view .o_field_widget[name=partner_id] input:value(Nobody's Customer)" },
        { trigger: `.o_notebook:not(:has(${TAB}))` },
        {
            content: "A reseller without recommendations is told what comes next",
            trigger: ".o_field_widget[name=partner_id] input",
            run: "edit Both Traders",
        },
        { trigger: ".o-autocomplete--dropdown-item:contains(Both Traders)", run: "click" },
        { trigger: TAB, run: "click" },
        { trigger: ".o_prm_offers_empty:contains(No recommendations yet)" },
        { trigger: ".o_form_button_cancel", run: "click" },
    ],
});

registry.category("web_tour.tours").add("prm_partner_portal.order_tab_readonly", {
    steps: () => [
        { trigger: TAB, run: "click" },
        { trigger: ".o_prm_offers .o_prm_offer:eq(3)" },
        {
            content: "A cancelled order is looked at only",
            trigger: ".o_prm_offers:not(:has(button.o_prm_offer_add, .o_prm_offers_add_due, input))",
        },
    ],
});

registry.category("web_tour.tours").add("prm_partner_portal.catalogue", {
    steps: () => [
        { trigger: "button[name=action_add_from_catalog]", run: "click" },
        { trigger: ".o_kanban_record:first .o_prm_catalogue_reason:contains(Usually every 28 days)" },
        { trigger: ".o_searchview_dropdown_toggler", run: "click" },
        { trigger: ".o_filter_menu .o_menu_item:contains(Recommended)", run: "click" },
        { trigger: ".o_facet_value:contains(Recommended)" },
        { trigger: ".o_kanban_renderer:not(:has(.o_kanban_record:contains(Not recommended)))" },
        { trigger: ".o_kanban_record:first button:contains(Add)", run: "click" },
        { trigger: ".o_kanban_record:first .o_product_catalog_quantity" },
        { trigger: ".o-kanban-button-back, button:contains(Back to Quotation)", run: "click" },
        { trigger: ".o_form_view .o_data_row:contains(Mug)" },
    ],
});
