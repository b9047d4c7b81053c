import { rpc } from "@web/core/network/rpc";
import { registry } from "@web/core/registry";

function card(name) {
    return `.o_prm_day_card:contains(${name})`;
}

function noCard(name) {
    return `.o_prm_day:not(:has(${card(name)}))`;
}

function callModel(model, method, args) {
    return rpc(`/web/dataset/call_kw/${model}/${method}`, { model, method, args, kwargs: {} });
}

registry.category("web_tour.tours").add("prm_partner_portal.day", {
    steps: () => [
        { trigger: ".o_menu_sections a:contains(My Day)" },
        { trigger: `.o_prm_day_card:first:contains(Alpha Traders)` },
        { trigger: `${card("Alpha Traders")} a[href="tel:+6221555"]` },
        { content: "Why these?", trigger: ".o_prm_day_why", run: "click" },
        { trigger: ".o_prm_day_help:contains(Broken rhythm)" },
        {
            content: "Enter prepares the call",
            trigger: card("Alpha Traders"),
            async run({ anchor, press }) {
                anchor.focus();
                await press("Enter");
            },
        },
        { trigger: ".o_prm_call .o_prm_call_due:contains(Mug 0)" },
        { trigger: ".o_prm_call .o_prm_call_new:contains(Mug 1)" },
        { trigger: ".o_prm_call_new .form-check-input", run: "click" },
        { trigger: ".o_prm_call_quote:contains(2)", run: "click" },
        {
            content: "The draft is filled",
            trigger: ".o_form_view .o_field_widget[name=order_line] .o_data_row:eq(1):contains(Mug 1)",
        },
        { content: "Back", trigger: ".breadcrumb a:contains(My Day)", run: "click" },
        {
            trigger: `${card("Alpha Traders")} .o_prm_day_outcome`,
            run: "click",
        },
        { content: "The draft says what it is so far", trigger: "#o_prm_outcome_offered:checked" },
        { trigger: "#o_prm_outcome_call_back", run: "click" },
        { trigger: "#o_prm_outcome_day" },
        { trigger: ".o_prm_outcome_record", run: "click" },
        { trigger: `body:not(:has(.modal)) ${noCard("Alpha Traders")}` },
        { content: "The hands stay in the list", trigger: `${card("Both Traders")}:focus` },
        { trigger: ".o_prm_day_undo", run: "click" },
        { trigger: `${card("Alpha Traders")}:focus` },
        { trigger: `${card("Alpha Traders")} .o_prm_day_outcome`, run: "click" },
        { trigger: "#o_prm_outcome_ordered", run: "click" },
        { trigger: "#o_prm_outcome_note", run: "edit Ten boxes && press Enter" },
        { trigger: `body:not(:has(.modal)) ${noCard("Alpha Traders")}` },
        { trigger: ".o_prm_day_news:contains(Alpha Traders: Ordered.)" },
        { trigger: `${card("Both Traders")} .o_prm_day_outcome`, run: "click" },
        { trigger: ".o_prm_outcome_record", run: "click" },
        { trigger: ".o_prm_outcome [role=alert]" },
        { trigger: ".modal-footer .btn-secondary:contains(Cancel)", run: "click" },
        { trigger: `body:not(:has(.modal)) ${card("Both Traders")} .o_prm_day_pin`, run: "click" },
        { trigger: `${card("Both Traders")} .o_prm_day_pin[aria-pressed=true]` },
        { trigger: `${card("Both Traders")} .o_prm_day_skip`, run: "click" },
        { trigger: ".o_prm_day_empty:contains(All done for today)" },
        { trigger: "button:contains(Show those put off today)", run: "click" },
        { trigger: card("Both Traders") },
    ],
});

registry.category("web_tour.tours").add("prm_partner_portal.day_moved", {
    steps: () => [
        { trigger: `${card("Alpha Traders")} .o_prm_day_outcome`, run: "click" },
        { trigger: "#o_prm_outcome_ordered", run: "click" },
        {
            content: "Meanwhile the reseller is given to a colleague",
            trigger: "#o_prm_outcome_note",
            async run(helpers) {
                await helpers.edit("Ten boxes");
                const id = Number(document.querySelector(".o_prm_day_card").dataset.id);
                const [user] = await callModel("res.users", "search", [
                    [["login", "=", "prm_colleague"]],
                ]);
                await callModel("prm.relationship", "write", [[id], { user_id: user }]);
            },
        },
        { trigger: ".o_prm_outcome_record", run: "click" },
        { trigger: ".o_error_dialog:contains(no longer, yours), .modal:contains(no longer, yours)" },
        { content: "What was typed is not lost", trigger: "#o_prm_outcome_note:value(Ten boxes)" },
        { trigger: ".modal:contains(no longer, yours) .modal-footer button:first", run: "click" },
        { trigger: ".o_prm_outcome_record:not(:disabled)" },
        { trigger: ".modal-footer .btn-secondary:contains(Cancel)", run: "click" },
        { trigger: ".o_prm_day_empty" },
    ],
});

registry.category("web_tour.tours").add("prm_partner_portal.day_team", {
    steps: () => [
        { content: "Who has no resellers begins with the team", trigger: ".o_prm_team" },
        { trigger: ".o_prm_day_user:not(:has(option[value='']))" },
        { trigger: ".o_prm_team tbody tr:eq(0):contains(prm_seller):contains(2 resellers)" },
        { trigger: ".o_prm_team tbody tr:eq(0) .o_prm_team_open", run: "click" },
        { trigger: card("Alpha Traders") },
        { trigger: `${card("Alpha Traders")} .o_prm_day_call`, run: "click" },
        { trigger: ".o_prm_call_due .badge:contains(Focus: Overstock)" },
        { content: "What is due is ticked", trigger: ".o_prm_call_due .form-check-input:checked" },
        { trigger: ".o_prm_call_due .form-check:contains(Mug 4) .form-check-input:not(:checked)" },
        { trigger: ".modal-footer button:contains(Close)", run: "click" },
        { content: "Back to the team", trigger: ".o_prm_day_user", run: "select team" },
        { trigger: ".o_prm_team tbody tr:eq(1) .o_prm_team_unassigned", run: "click" },
        { trigger: ".o_data_row:contains(Gamma Traders)" },
        { content: "Back", trigger: ".breadcrumb a:contains(My Day)", run: "click" },
        { trigger: ".o_prm_team" },
    ],
});
