import { registry } from "@web/core/registry";
import { stepUtils } from "@web_tour/tour_utils";
import { openApp } from "./journey_utils";

const OPEN_APP = [
    stepUtils.showAppsMenuItem(),
    {
        content: "Open the app for the first time",
        trigger: ".o_app[data-menu-xmlid='prm_partner_portal.prm_menu_root']",
        run: "click",
    },
];

function found(text) {
    return { trigger: `.o_prm_find_text:contains(${text})` };
}

function tick(name) {
    return {
        trigger: `.o_data_row:contains(${name}) [name=ticked] input`,
        run: "click",
    };
}

registry.category("web_tour.tours").add("prm_partner_portal.find", {
    steps: () => [
        ...OPEN_APP,
        { content: "Three have three orders", ...found("3 found, 3 ticked") },
        { trigger: ".o_data_row:contains(Big Shop):contains(prm_seller)" },
        {
            content: "Nonsense is refused in words",
            trigger: ".o_prm_find input[name=min_orders]",
            run: "edit 0 && press Tab",
        },
        { trigger: ".o_prm_find [role=alert]:contains(A whole number from 1 to 10,000)" },
        {
            content: "Fewer orders, more customers",
            trigger: ".o_prm_find input[name=min_orders]",
            run: "edit 2 && press Tab",
        },
        found("4 found, 4 ticked"),
        { trigger: ".o_prm_find:not(:has([role=alert]))" },
        { trigger: ".o_data_row:contains(Tiny Shop)" },
        tick("Tiny Shop"),
        found("4 found, 3 ticked"),
        { trigger: ".o_prm_find_none", run: "click" },
        found("4 found, 0 ticked"),
        { trigger: ".o_prm_find_make:disabled" },
        { trigger: ".o_prm_find_all", run: "click" },
        found("4 found, 4 ticked"),
        tick("Tiny Shop"),
        { trigger: ".o_prm_find_make:contains(Make 3 Resellers):enabled", run: "click" },
        { content: "The page of what was made", trigger: "h1:contains(3 resellers)" },
        { trigger: "button[name=action_run_now]" },
        { trigger: "button[name=action_undo]", run: "click" },
        { trigger: ".modal .btn-primary", run: "click" },
        { trigger: ".alert-info:contains(Undone)" },
        {
            content: "An empty list leads back",
            trigger: ".o_menu_sections [data-menu-xmlid='prm_partner_portal.prm_relationship_menu']",
            run: "click",
        },
        { trigger: ".o_nocontent_help a:contains(Find My Resellers)", run: "click" },
        { content: "The tick that was taken away stays so", ...found("4 found, 3 ticked") },
        { trigger: ".o_prm_find_none", run: "click" },
        found("4 found, 0 ticked"),
        { trigger: ".o_data_row:contains(Big Shop)" },
        tick("Big Shop"),
        { trigger: ".o_prm_find_make:contains(Make 1 Reseller):enabled", run: "click" },
        { trigger: "h1:contains(1 reseller)" },
        { trigger: "button[name=action_view_relationships]:first", run: "click" },
        { trigger: ".o_data_row:contains(Big Shop)" },
    ],
});

registry.category("web_tour.tours").add("prm_partner_portal.find_others", {
    steps: () => [
        ...OPEN_APP,
        { trigger: ".o_nocontent_help:contains(Ask prm_first)" },
        { trigger: "body:not(:has(.o_nocontent_help a:contains(Find)))" },
    ],
});

registry.category("web_tour.tours").add("prm_partner_portal.find_nothing", {
    steps: () => [
        ...openApp(),
        {
            content: "What to do stands below the limits, not upon them",
            trigger: ".o_nocontent_help:contains(No customer found)",
            run({ anchor }) {
                const limits = document.querySelector(".o_prm_find").getBoundingClientRect();
                const { top } = anchor.getBoundingClientRect();
                if (top < limits.bottom) {
                    throw new Error(`The help begins at ${top}, the limits end at ${limits.bottom}`);
                }
            },
        },
    ],
});
