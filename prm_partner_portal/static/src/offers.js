import { Component, xml } from "@odoo/owl";
import { registry } from "@web/core/registry";

export class Offers extends Component {
    static template = xml`<div class="o_prm_offers"/>`;
    static props = { "*": true };
}
registry.category("view_widgets").add("prm_partner_portal.offers", { component: Offers });
