import { Component, onMounted, useRef, useState } from "@odoo/owl";
import { DateTimeInput } from "@web/core/datetime/datetime_input";
import { Dialog } from "@web/core/dialog/dialog";
import { deserializeDate, serializeDate } from "@web/core/l10n/dates";
import { _t } from "@web/core/l10n/translation";
import { uuid } from "@web/core/utils/strings";

export const OUTCOMES = [
    ["ordered", _t("Ordered"), _t("rests for 7 days")],
    ["offered", _t("Offered"), _t("rests for 7 days")],
    ["not_reached", _t("Not reached"), _t("back tomorrow")],
    ["call_back", _t("Call back"), _t("an activity on that day")],
    ["not_now", _t("Not now"), _t("rests for 14 days")],
];

/** What came of a contact, in two clicks and a line. */
export class OutcomeDialog extends Component {
    static template = "prm_partner_portal.OutcomeDialog";
    static components = { DateTimeInput, Dialog };
    static props = {
        name: String,
        today: String,
        // What the quotation that was filled says already
        outcome: { type: [String, Boolean], optional: true },
        record: Function,
        close: Function,
    };

    setup() {
        this.outcomes = OUTCOMES;
        // Whatever is sent twice is recorded once.
        this.token = uuid();
        const tomorrow = deserializeDate(this.props.today).plus({ days: 1 });
        this.state = useState({
            outcome: this.props.outcome || "",
            note: "",
            day: tomorrow,
            missing: false,
            busy: false,
        });
        this.start = this.state.outcome || OUTCOMES[0][0];
        const start = useRef("start");
        onMounted(() => start.el.focus());
    }

    get title() {
        return _t("What came of it? %s", this.props.name);
    }

    get today() {
        return deserializeDate(this.props.today);
    }

    setDay(day) {
        this.state.day = day;
    }

    async onRecord() {
        const { outcome, note, day } = this.state;
        this.state.missing = !outcome || (outcome === "call_back" && !day);
        if (this.state.missing || this.state.busy) {
            return;
        }
        this.state.busy = true;
        try {
            await this.props.record({
                outcome,
                label: this.outcomes.find(([code]) => code === outcome)[1],
                note: note.trim(),
                day: outcome === "call_back" ? serializeDate(day) : false,
                token: this.token,
            });
        } finally {
            this.state.busy = false;
        }
        this.props.close();
    }

    onKeydown(ev) {
        if (ev.key === "Enter" && !ev.target.matches("button, .o_datetime_input")) {
            ev.preventDefault();
            this.onRecord();
        }
    }
}
