import { registry } from "@web/core/registry";
import { stepUtils } from "@web_tour/tour_utils";
import { fits, openApp, openMenu, switchView } from "./journey_utils";

const CARD = ".o_prm_day_card:contains(Big Shop)";
const seen = {};

/** Remember the amount that stands somewhere, to find it again elsewhere. */
function readAmount(trigger) {
    return {
        trigger,
        run({ anchor }) {
            seen.amount = anchor.textContent.match(/[\d.,]+/)[0];
        },
    };
}

function expectAmount(trigger) {
    return {
        trigger,
        run({ anchor }) {
            if (!anchor.textContent.includes(seen.amount)) {
                throw new Error(`${seen.amount} was ordered, here is ${anchor.textContent}`);
            }
        },
    };
}

const openReport = () => openMenu("prm_recommendation_report_menu", "prm_report_menu_root");

registry.category("web_tour.tours").add("prm_partner_portal.first_day_find", {
    steps: () => [
        ...openApp(),
        { trigger: ".o_prm_find_text:contains(4 found, 4 ticked)" },
        fits(".o_prm_find"),
        {
            content: "Not this one yet",
            trigger:
                ".o_data_row:contains(Odd Shop) [name=ticked] input, .o_kanban_record:contains(Odd Shop) [name=ticked] input",
            run: "click",
        },
        { trigger: ".o_prm_find_text:contains(4 found, 3 ticked)" },
        { trigger: ".o_prm_find_make:contains(Make 3 Resellers):enabled", run: "click" },
        { trigger: "h1:contains(3 resellers)" },
        ...stepUtils.statusbarButtonsSteps("Work Out Recommendations Now"),
        { content: "It says how far it is", trigger: ".o_prm_run_progress" },
        fits(".o_form_sheet"),
    ],
});

registry.category("web_tour.tours").add("prm_partner_portal.first_day_run", {
    steps: () => [
        { trigger: ".o_form_view .alert-info:visible" },
        fits(".o_form_sheet"),
    ],
});

registry.category("web_tour.tours").add("prm_partner_portal.first_day_sell", {
    steps: () => [
        ...openApp(),
        { content: "The app opens on the day", trigger: `${CARD}` },
        { trigger: ".o_prm_day_card:eq(2)" },
        fits(CARD),
        ...openReport(),
        { content: "Before the first call", trigger: ".o_nocontent_help:contains(Nothing has come of it yet)" },
        ...openMenu("prm_day_menu"),
        { trigger: `${CARD} a[href="tel:+6221555"]` },
        { trigger: `${CARD} .o_prm_day_call`, run: "click" },
        { trigger: ".o_prm_call .o_prm_call_due .form-check" },
        fits(".o_prm_call .modal-body"),
        { trigger: ".o_prm_call_quote:enabled", run: "click" },
        { trigger: ".o_form_view .o_field_widget[name=order_line]" },
        ...stepUtils.statusbarButtonsSteps("Confirm"),
        {
            isActive: ["desktop"],
            trigger: ".o_statusbar_status .o_arrow_button_current:contains(Sales Order)",
        },
        {
            isActive: ["mobile"],
            trigger: ".o_statusbar_status button:visible:contains(Sales Order)",
        },
        readAmount(".o_field_widget[name=tax_totals] [name=amount_total]"),
        ...openMenu("prm_day_menu"),
        {
            content: "All that was due is ordered, what came of it is still to be recorded",
            trigger: `.o_prm_day_card:first:contains(Big Shop):contains(was confirmed today)`,
        },
        { trigger: `${CARD} .o_prm_day_outcome.btn-primary`, run: "click" },
        { trigger: "#o_prm_outcome_ordered:checked" },
        { trigger: "#o_prm_outcome_note", run: "edit Wants a display" },
        { trigger: ".o_prm_outcome_record", run: "click" },
        { trigger: ".o_prm_day_news:contains(Big Shop: Ordered.)" },
        { content: "The list shrinks", trigger: `.o_prm_day:not(:has(${CARD}))` },
        { trigger: ".o_prm_day_card:eq(1)" },
        ...openReport(),
        ...switchView("pivot", ["mobile"]),
        { content: "The figures rise", trigger: ".o_pivot tbody tr:first:contains(Total)" },
        expectAmount(".o_pivot tbody tr:first"),
    ],
});
