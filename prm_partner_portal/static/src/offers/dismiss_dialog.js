import { Component, useState } from "@odoo/owl";
import { Dialog } from "@web/core/dialog/dialog";
import { useAutofocus } from "@web/core/utils/hooks";

/** Asks where else the reseller bought it. */
export class DismissDialog extends Component {
    static template = "prm_partner_portal.DismissDialog";
    static components = { Dialog };
    static props = { name: String, dismiss: Function, close: Function };

    setup() {
        this.state = useState({ note: "" });
        useAutofocus();
    }

    async onDismiss() {
        await this.props.dismiss(this.state.note);
        this.props.close();
    }

    onKeydown(ev) {
        if (ev.key === "Enter") {
            ev.preventDefault();
            this.onDismiss();
        }
    }
}
