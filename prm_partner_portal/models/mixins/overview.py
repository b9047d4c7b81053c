from odoo import api, models
from odoo.tools.misc import format_date, formatLang

WAITING_DAYS = 5
NAMED_PRODUCTS = 3


class PrmOverviewMixin(models.AbstractModel):
    """What somebody new to the account should know, on one page."""

    _name = "prm.overview.mixin"
    _inherit = ["prm.figures.mixin", "prm.open.things.mixin"]
    _description = "Overview of a Relationship"

    @api.readonly
    def get_overview(self):
        """The figures of the relationship's page, for who may read it.

        :return: dict: next (text, button, action), focus (what to push, two products
            at most), open, talk (the last one), and those of _prm_get_figures
        """
        self.ensure_one()
        self.check_access("read")
        relationship = self.with_company(self.company_id)
        today = relationship._prm_get_today()
        relationship.env.flush_all()
        records = relationship._prm_get_open_records(today)
        active = self.state == "active"
        return {
            "next": relationship._prm_get_next_step(records, today),
            "focus": relationship._prm_get_focused_offers(today) if active else [],
            "open": relationship._prm_get_open(records, today),
            "talk": next(iter(relationship._call_get_contacts()), False),
            "currency_id": relationship.currency_id.id,
            **relationship._prm_get_figures(today),
        }

    # The next best step

    def _prm_get_next_steps(self):
        """:return: names of methods, the most urgent first: the first that has
        something to say is the next step; for glue addons"""
        return [
            "_prm_step_state",
            "_prm_step_question",
            "_prm_step_activity",
            "_prm_step_quotation",
            "_prm_step_red",
            "_prm_step_due",
            "_prm_step_nothing",
        ]

    def _prm_get_next_step(self, records, today):
        for name in self._prm_get_next_steps():
            step = getattr(self, name)(records, today)
            if step:
                return {"tone": "primary", "button": False, "action": False, **step}
        return False

    def _prm_step_state(self, _records, _today):
        if self.state == "candidate":
            step = {
                "text": self.env._(
                    "This reseller is not active yet: nothing can be offered to it."
                )
            }
            if self.is_manager:
                button = self.env._("Activate")
                return {**step, "button": button, "method": "action_activate"}
            return step
        if self.state != "active":
            return {
                "tone": "warning",
                "text": self.env._("Nothing is offered to this reseller at present."),
            }
        return None

    def _prm_step_question(self, records, _today):
        order = records["questions"][:1]
        return order and {
            "tone": "danger",
            "text": self.env._(
                "The reseller wrote on %(order)s and nobody has answered.",
                order=order.name,
            ),
            "button": self.env._("Answer"),
            "action": self._prm_get_records_action(order.name, order),
        }

    def _prm_step_activity(self, records, today):
        due = records.get("activities", self.env["mail.activity"])
        due = due.filtered(lambda one: one.date_deadline <= today)[:1]
        if not due:
            return None
        what = due.summary or due.activity_type_id.name or ""
        if due.date_deadline < today:
            day = format_date(self.env, due.date_deadline)
            text = self.env._("Planned for %(day)s: %(what)s.", day=day, what=what)
        else:
            text = self.env._("Planned for today: %(what)s.", what=what)
        return {
            "text": text,
            "button": self.env._("Open"),
            "action": self._prm_get_records_action(what, due),
        }

    def _prm_step_quotation(self, records, today):
        order = records.get("quotations", self.env["sale.order"])[:1]
        days = self._prm_count_days(order.date_order, today) if order else 0
        if days < WAITING_DAYS:
            return None
        return {
            "text": self.env._(
                "Quotation %(order)s of %(amount)s has been waiting for %(days)s days.",
                order=order.name,
                amount=formatLang(
                    self.env,
                    order.amount_untaxed / (order.currency_rate or 1),
                    currency_obj=self.currency_id,
                ),
                days=days,
            ),
            "button": self.env._("Follow up"),
            "action": self._prm_get_records_action(order.name, order),
        }

    def _prm_step_red(self, records, _today):
        """Somebody at risk is called, unless a call is planned already."""
        if self.health_color != "red" or records.get("activities"):
            return None
        return {
            "tone": "danger",
            "text": self.env._("At risk: %(why)s", why=self.health_text),
            "button": self.env._("Plan a call"),
            "action": self._prm_get_call_action(),
        }

    def _prm_get_call_action(self):
        call = self.env.ref("mail.mail_activity_data_call", raise_if_not_found=False)
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Plan a call"),
            "res_model": "mail.activity.schedule",
            "views": [(False, "form")],
            "target": "new",
            "context": {
                "active_model": self._name,
                "active_ids": self.ids,
                "active_id": self.id,
                "dialog_size": "large",
                "default_activity_type_id": call and call.id,
            },
        }

    def _prm_step_due(self, _records, _today):
        """What the order tab would call due: what it would show, nothing else."""
        at_hand = self._prm_get_order_at_hand({})
        due = [
            one["name"]
            for one in self._prm_get_candidates(at_hand)
            if self._prm_is_due(one, at_hand)
        ]
        if not due:
            return None
        names = ", ".join(due[:NAMED_PRODUCTS])
        rest = len(due) - NAMED_PRODUCTS
        if rest > 0:
            text = self.env._(
                "Due to be ordered again: %(products)s and %(count)s more.",
                products=names,
                count=rest,
            )
        else:
            text = self.env._("Due to be ordered again: %(products)s.", products=names)
        button = self.env._("New quotation")
        return {"text": text, "button": button, "method": "action_new_quotation"}

    def _prm_step_nothing(self, records, _today):
        """Nothing is urgent: a word keeps a relationship alive."""
        if records.get("activities"):
            return {
                "tone": "success",
                "text": self.env._("Nothing is urgent; the next contact is planned."),
            }
        return {
            "tone": "success",
            "text": self.env._("Nothing is urgent. No next contact is planned."),
            "button": self.env._("Plan a call"),
            "action": self._prm_get_call_action(),
        }
