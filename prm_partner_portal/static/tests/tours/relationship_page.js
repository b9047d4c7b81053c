import { registry } from "@web/core/registry";

registry.category("web_tour.tours").add("prm_partner_portal.relationship_page", {
    steps: () => [
        {
            content: "Who is at risk is to be called",
            trigger: ".o_prm_overview_next:contains(At risk) button",
            run: "click",
        },
        {
            content: "The call is planned in Odoo's own dialog",
            trigger: ".modal button[name=action_schedule_activities]",
            run: "click",
        },
        {
            content: "The next step is another one then, and the call is counted",
            trigger: ".o_prm_overview_next:contains(Mug 0)",
        },
        { trigger: ".o_prm_overview_tile[data-key=activities]:enabled:contains(1)" },
        { trigger: ".o_prm_overview_chart canvas" },
        {
            trigger: ".o_prm_overview_next button:contains(New quotation)",
            run: "click",
        },
        { trigger: "a[name=prm_offers]" },
    ],
});

registry.category("web_tour.tours").add("prm_partner_portal.map", {
    steps: () => [
        { trigger: ".o_switch_view.o_prm_map", run: "click" },
        {
            content: "Who is next door lies beside it, not upon it",
            trigger: ".o_prm_map_frame:contains(North):has(.o_prm_map_point:nth-child(4))",
            run({ anchor }) {
                const spots = [...anchor.querySelectorAll(".o_prm_map_point")].map((point) => [
                    point.cx.baseVal.value,
                    point.cy.baseVal.value,
                ]);
                const covered = spots.filter(([x, y], place) =>
                    spots.some(([a, b], other) => other < place && Math.hypot(a - x, b - y) < 6)
                );
                if (covered.length) {
                    throw new Error(`Covered: ${covered}`);
                }
            },
        },
        { trigger: ".o_prm_map_frame:contains(North) button", run: "click" },
        {
            content: "A point can be opened without a mouse",
            trigger: ".o_prm_large .o_prm_map_point.o_prm_red[aria-label*='Alpha Traders']",
            run({ anchor }) {
                anchor.focus();
                const keys = { key: "Enter", bubbles: true };
                document.activeElement.dispatchEvent(new KeyboardEvent("keydown", keys));
            },
        },
        { trigger: ".o_prm_overview_chart canvas" },
    ],
});
