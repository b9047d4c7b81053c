import { Component, onWillStart, useExternalListener, useRef, useState } from "@odoo/owl";
import { deserializeDate, formatDate } from "@web/core/l10n/dates";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { KeepLast } from "@web/core/utils/concurrency";
import { useService } from "@web/core/utils/hooks";
import { useSetupAction } from "@web/search/action_hook";
import { Layout } from "@web/search/layout";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";
import { CallDialog } from "./call_dialog";
import { DayCard } from "./day_card";
import { formatAmount } from "./format";
import { OutcomeDialog } from "./outcome_dialog";
import { Team } from "./team";

const MODEL = "prm.relationship";
// Instead of a salesperson: the days of all of them.
const TEAM = "team";
// A list that was left open for so long is read again when somebody looks at it.
const STALE = 10 * 60 * 1000;

/** Whom to contact today, why, and what came of it. */
export class Day extends Component {
    static template = "prm_partner_portal.Day";
    static components = { DayCard, Layout, Team };
    static props = { ...standardActionServiceProps };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.dialog = useService("dialog");
        this.notification = useService("notification");
        this.root = useRef("root");
        this.keepLast = new KeepLast();
        this.userId = this.props.state?.userId || false;
        useSetupAction({ getLocalState: () => ({ userId: this.userId }) });
        this.state = useState({ day: null, team: false, undo: false, help: false });
        useExternalListener(document, "visibilitychange", () => this.refreshStale());
        onWillStart(() => this.load());
    }

    async load() {
        const loaded = await this.keepLast.add(this.read());
        this.loadedAt = Date.now();
        Object.assign(this.state, loaded);
    }

    /** Who has no resellers and may see the team's begins with the team. */
    async read() {
        const chosen = this.userId;
        const day = await this.orm.call(MODEL, "get_day", [chosen === TEAM ? false : chosen]);
        const alone = !chosen && day.empty === "nobody" && day.users.length;
        const team = (chosen === TEAM || alone) && (await this.orm.call(MODEL, "get_team", []));
        return { day, team };
    }

    refreshStale() {
        if (document.visibilityState === "visible" && Date.now() - this.loadedAt > STALE) {
            this.load();
        }
    }

    get day() {
        return this.state.day;
    }

    get title() {
        return deserializeDate(this.day.today).toLocaleString({
            weekday: "long",
            day: "numeric",
            month: "long",
        });
    }

    get summary() {
        const { counts, cards } = this.day;
        return _t("%(shown)s of %(listed)s resellers to contact, %(amount)s at stake", {
            shown: cards.length,
            listed: counts.listed,
            amount: this.formatSum(Object.values(this.day.sums).reduce((a, b) => a + b, 0)),
        });
    }

    get holidayText() {
        const { name, next } = this.day.holiday;
        const values = { holiday: name, day: this.formatDay(next) };
        return name
            ? _t("Today is a holiday (%(holiday)s): better call on %(day)s.", values)
            : _t("Nobody works today: better call on %(day)s.", values);
    }

    get helpTitle() {
        return _t("Why these %s?", this.day.cards.length);
    }

    get helpParts() {
        const { due, risk, quotation } = this.day.sums;
        return [
            {
                name: _t("Due"),
                text: _t("probability × quantity × price of what is overdue or due within 7 days"),
                sum: this.formatSum(due),
            },
            {
                name: _t("Broken rhythm"),
                text: _t("up to a month's turnover of who is silent for longer than usual"),
                sum: this.formatSum(risk),
            },
            {
                name: _t("Open quotations"),
                text: _t("those that have waited for an answer for 3 days or longer"),
                sum: this.formatSum(quotation),
            },
        ];
    }

    get helpRest() {
        return _t("Whom you filled a quotation for today comes first, until you record what came of it; then promised calls and pinned resellers. Who was contacted rests: 7 days after an order or an offer, until tomorrow when not reached, 14 days after a “not now”. It is back earlier when it writes or answers, turns red, or twice as much is at stake.");
    }

    get unskipLabel() {
        return _t("Show those put off today (%s)", this.day.skipped_ids.length);
    }

    get emptyTitle() {
        return {
            nobody: _t("No reseller is assigned to you yet"),
            never: _t("No recommendations yet"),
            done: _t("All done for today"),
            nothing: _t("Nothing is at stake today"),
        }[this.day.empty];
    }

    get emptyText() {
        const { empty, is_manager: isManager } = this.day;
        switch (empty) {
            case "nobody":
                if (this.day.users.length) {
                    return _t("Those whose salesperson you are stand here. Above you may choose somebody else's list.");
                }
                return isManager
                    ? _t("Give active resellers a salesperson, by hand or by territory: they are here the moment that you do.")
                    : _t("A manager assigns resellers, by hand or by territory. Those without a salesperson are among the resellers.");
            case "never":
                return isManager
                    ? _t("They are worked out every night. You can start it now from Resellers › Recommendations › Runs.")
                    : _t("They are worked out every night; a manager can start it now.");
            case "done":
                return this.doneText;
            default:
                return _t("Nothing is due within a week, no rhythm is broken and no quotation waits. A good day for resellers that are still to be won.");
        }
    }

    get doneText() {
        const { counts, next } = this.day;
        return [
            counts.resting && _t("Contacted: %s.", counts.resting),
            counts.skipped && _t("Put off until tomorrow: %s.", counts.skipped),
            next && _t("The next one is back on %s, or as soon as something changes.", this.formatDay(next)),
        ]
            .filter(Boolean)
            .join(" ");
    }

    formatDay(day) {
        return formatDate(deserializeDate(day));
    }

    formatSum(amount) {
        return formatAmount(amount, this.day.currency_id);
    }

    get chosen() {
        return this.state.team ? TEAM : String(this.userId || "");
    }

    /** Who has no resellers has no list of the own to choose. */
    get choices() {
        const own = !this.state.team || this.day.counts.all;
        return [
            ...(own ? [{ value: "", name: _t("My own list") }] : []),
            { value: TEAM, name: _t("The team") },
            ...this.day.users.map(({ id, name }) => ({ value: String(id), name })),
        ];
    }

    async chooseUser(userId) {
        this.userId = userId === TEAM ? TEAM : Number(userId) || false;
        this.state.undo = false;
        await this.load();
        this.root.el?.scrollIntoView({ block: "start" });
    }

    openUnassigned() {
        return this.action.doAction("prm_partner_portal.prm_relationship_action", {
            additionalContext: { search_default_unassigned: 1, search_default_mine: 0 },
        });
    }

    openResellers() {
        return this.action.doAction("prm_partner_portal.prm_relationship_action");
    }

    open(card) {
        return this.action.doAction({
            type: "ir.actions.act_window",
            res_model: MODEL,
            res_id: card.id,
            views: [[false, "form"]],
        });
    }

    openOrder(orderId) {
        return this.action.doAction({
            type: "ir.actions.act_window",
            res_model: "sale.order",
            res_id: orderId,
            views: [[false, "form"]],
        });
    }

    // What one does with a card

    call(card) {
        this.dialog.add(
            CallDialog,
            {
                card,
                quote: (quantities) => this.quote(card, quantities),
                outcome: () => this.outcome(card),
                openRecord: (model, id) =>
                    this.action.doAction({
                        type: "ir.actions.act_window",
                        res_model: model,
                        res_id: id,
                        views: [[false, "form"]],
                    }),
            },
            { onClose: () => this.focusCard(this.placeOf(card)) }
        );
    }

    async quote(card, quantities) {
        const answer = await this.orm.call(MODEL, "quote_call", [[card.id], quantities]);
        if (answer.skipped.length) {
            this.notification.add(
                answer.skipped.map(({ name, why }) => `${name}: ${why}`).join("\n"),
                { title: _t("Left out"), type: "warning", sticky: !answer.order_id }
            );
        }
        if (answer.order_id) {
            await this.openOrder(answer.order_id);
        }
        return Boolean(answer.order_id);
    }

    quoteItems(card) {
        return this.quote(
            card,
            Object.fromEntries(card.items.map((item) => [item.product_id, item.quantity]))
        );
    }

    outcome(card) {
        const place = this.placeOf(card);
        this.dialog.add(
            OutcomeDialog,
            {
                name: card.name,
                today: this.day.today,
                outcome: card.settle,
                record: (values) => this.record(card, values),
            },
            { onClose: () => this.focusCard(place) }
        );
    }

    async record(card, { outcome, label, note, day, token }) {
        let answer;
        try {
            const values = [[card.id], outcome, note, day, token];
            answer = await this.orm.call(MODEL, "record_contact", values);
        } catch (error) {
            this.load(); // the reseller may have been given to somebody else
            throw error;
        }
        const values = { reseller: card.name, outcome: label, day: this.formatDay(answer.until) };
        let text = _t("%(reseller)s: %(outcome)s. Back on %(day)s, or as soon as something changes.", values);
        if (outcome === "call_back") {
            text = answer.moved
                ? _t("%(reseller)s: that day is a holiday, the call is planned for %(day)s.", values)
                : _t("%(reseller)s: the call is planned for %(day)s.", values);
        }
        if (answer.others.length) {
            text += ` ${_t("%s has recorded a contact today, too.", answer.others.join(", "))}`;
        }
        this.state.undo = {
            text,
            run: () => this.orm.call(MODEL, "undo_contact", [[card.id], answer.contact_id]),
            cardId: card.id,
        };
        await this.load();
    }

    async pin(card) {
        await this.orm.call(MODEL, "pin_in_day", [[card.id], !card.pinned]);
        await this.load();
        this.focusCard(this.placeOf(card));
    }

    async skip(card) {
        const place = this.placeOf(card);
        await this.orm.call(MODEL, "skip_in_day", [[card.id], true]);
        this.state.undo = {
            text: _t("%s: not today. Back tomorrow.", card.name),
            run: () => this.orm.call(MODEL, "skip_in_day", [[card.id], false]),
            cardId: card.id,
        };
        await this.load();
        this.focusCard(place);
    }

    async unskip() {
        await this.orm.call(MODEL, "skip_in_day", [this.day.skipped_ids, false]);
        this.state.undo = false;
        await this.load();
    }

    async undo({ run, cardId }) {
        this.state.undo = false;
        await run();
        await this.load();
        this.focusCard(this.placeOf({ id: cardId }));
    }

    // By keyboard

    placeOf({ id }) {
        return this.day.cards.findIndex((card) => card.id === id);
    }

    move(card, step) {
        this.focusCard(this.placeOf(card) + step);
    }

    /**
     * Keep the focus where the hands are: the next reseller has moved up there. A
     * dialog that was opened in the meantime keeps it.
     */
    focusCard(place) {
        const drawn = (callback) => requestAnimationFrame(() => requestAnimationFrame(callback));
        drawn(() => {
            if (document.querySelector(".o_dialog")) {
                return;
            }
            const cards = [...(this.root.el?.querySelectorAll(".o_prm_day_card") || [])];
            cards[Math.max(0, Math.min(place, cards.length - 1))]?.focus();
        });
    }
}

registry.category("actions").add("prm_partner_portal.day", Day);
