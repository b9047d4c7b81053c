import { stepUtils } from "@web_tour/tour_utils";

const APP = "prm_partner_portal.prm_menu_root";

function entry(menu) {
    return `[data-menu-xmlid='prm_partner_portal.${menu}']`;
}

/** Open the app as a user does, by mouse or by thumb. */
export function openApp() {
    return [
        ...stepUtils.toggleHomeMenu().map((step) => ({ ...step, isActive: ["mobile"] })),
        { ...stepUtils.showAppsMenuItem(), isActive: ["desktop"] },
        { trigger: `.o_app[data-menu-xmlid='${APP}']`, run: "click" },
    ];
}

/** Open a page from the menu of the app; on a phone it is behind the burger. */
export function openMenu(menu, parent = false) {
    const steps = [
        { isActive: ["mobile"], trigger: ".o_menu_toggle", run: "click" },
        {
            isActive: ["mobile"],
            trigger: `.o_app_menu_sidebar ${entry(menu)}`,
            run: "click",
        },
    ];
    if (parent) {
        steps.push({
            isActive: ["desktop"],
            trigger: `.o_menu_sections ${entry(parent)}`,
            run: "click",
        });
    }
    const place = parent ? ".o-dropdown--menu" : ".o_menu_sections";
    steps.push({ isActive: ["desktop"], trigger: `${place} ${entry(menu)}`, run: "click" });
    return steps;
}

/** Nothing has to be moved sideways to be read. */
export function fits(trigger) {
    return {
        trigger,
        run({ anchor }) {
            const { scrollWidth, clientWidth } = document.documentElement;
            if (scrollWidth > clientWidth) {
                throw new Error(`The page is ${scrollWidth} wide, the screen ${clientWidth}`);
            }
            const { left, right } = anchor.getBoundingClientRect();
            if (left < 0 || right > clientWidth + 1) {
                throw new Error(`${trigger} reaches from ${left} to ${right} of ${clientWidth}`);
            }
        },
    };
}

/** Choose how the records are shown; on a phone behind a button. */
export function switchView(type, where = ["mobile", "desktop"]) {
    const name = type[0].toUpperCase() + type.slice(1);
    return [
        { isActive: ["mobile"], trigger: ".o_cp_switch_buttons button:visible", run: "click" },
        {
            isActive: ["mobile"],
            trigger: `.o-dropdown-item:visible:contains(${name})`,
            run: "click",
        },
        { isActive: ["desktop"], trigger: `.o_switch_view.o_${type}`, run: "click" },
    ].filter((step) => where.includes(step.isActive[0]));
}
