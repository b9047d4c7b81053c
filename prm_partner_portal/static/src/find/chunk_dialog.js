import { Dialog } from "@web/core/dialog/dialog";
import { delay } from "@web/core/utils/concurrency";
import { _t } from "@web/core/l10n/translation";
import { formatInteger } from "@web/views/fields/formatters";
import { Component, onMounted, useState } from "@odoo/owl";

const WAIT = 1000;

/**
 * Does long work piece by piece, each a request of its own, and shows how far it is.
 * Stopped between two pieces, what was done stays done.
 */
export class ChunkDialog extends Component {
    static template = "prm_partner_portal.ChunkDialog";
    static components = { Dialog };
    static props = {
        title: String,
        left: { type: Number, optional: true },
        // () => Promise<{ done, left, busy, action }>
        step: Function,
        // (action or undefined when it was stopped)
        onEnd: Function,
        close: Function,
    };

    setup() {
        this.state = useState({
            done: 0,
            left: this.props.left || 0,
            busy: false,
            stopping: false,
        });
        this.env.dialogData.dismiss = () => this.stop();
        onMounted(() => this.run());
    }

    get percent() {
        const { done, left } = this.state;
        return done + left ? Math.floor((100 * done) / (done + left)) : 0;
    }

    get text() {
        const { done, left, busy, stopping } = this.state;
        if (stopping) {
            return _t("Stopping…");
        }
        if (busy) {
            return _t("Somebody else is making resellers: waiting for a moment.");
        }
        const total = done + left;
        if (!total) {
            return _t("One moment…");
        }
        return _t("%(done)s of %(total)s", {
            done: formatInteger(done),
            total: formatInteger(total),
        });
    }

    async run() {
        let action;
        try {
            while (!this.state.stopping) {
                const result = await this.props.step();
                this.state.done += result.done;
                this.state.left = result.left;
                this.state.busy = Boolean(result.busy);
                action = result.action;
                if (action) {
                    break;
                }
                if (result.busy) {
                    await delay(WAIT);
                }
            }
        } finally {
            this.props.close();
        }
        await this.props.onEnd(action);
    }

    stop() {
        this.state.stopping = true;
    }
}
