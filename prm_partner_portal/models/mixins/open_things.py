from datetime import timedelta, timezone
from zoneinfo import ZoneInfo

from odoo import fields, models
from odoo.fields import Domain
from odoo.tools import SQL

QUESTION_DAYS = 90


class PrmOpenThingsMixin(models.AbstractModel):
    """What is open with a reseller: counted as the user may see it, with the way there.

    Whoever may not read a model is not told how many there are.
    """

    _name = "prm.open.things.mixin"
    _description = "Open Things of a Relationship"

    def _prm_get_open_domains(self, today):
        """:return: by key the model and the domain of what is open; for glue addons"""
        order = Domain("prm_relationship_id", "=", self.id)
        return {
            "quotations": (
                "sale.order",
                order
                & Domain("state", "in", ("draft", "sent"))
                & (
                    Domain("validity_date", "=", False)
                    | Domain("validity_date", ">=", today)
                ),
            ),
            "deliveries": (
                "stock.picking",
                Domain("sale_id", "any", order)
                & Domain("picking_type_code", "=", "outgoing")
                & Domain("state", "not in", ("draft", "done", "cancel")),
            ),
            "invoices": (
                "account.move",
                Domain("commercial_partner_id", "=", self.partner_id.id)
                & Domain("company_id", "=", self.company_id.id)
                & Domain("move_type", "=", "out_invoice")
                & Domain("state", "=", "posted")
                & Domain("payment_state", "in", ("not_paid", "partial")),
            ),
            "activities": (
                "mail.activity",
                Domain("res_model", "=", "prm.relationship")
                & Domain("res_id", "=", self.id),
            ),
        }

    def _prm_get_open_records(self, today):
        """:return: by key the records that the user may read, the oldest first"""
        columns = {
            "quotations": ["name", "date_order", "amount_untaxed", "currency_rate"],
            "deliveries": ["scheduled_date"],
            "invoices": ["amount_residual_signed", "invoice_date_due"],
            "activities": ["date_deadline", "summary", "activity_type_id", "user_id"],
        }
        dates = {
            "quotations": "date_order, id",
            "deliveries": "scheduled_date, id",
            "invoices": "invoice_date_due, id",
            "activities": "date_deadline, id",
        }
        return {
            key: self.env[model].search_fetch(domain, columns[key], order=dates[key])
            for key, (model, domain) in self._prm_get_open_domains(today).items()
            if self.env[model].has_access("read")
        } | {"questions": self._prm_get_questions()}

    def _prm_get_questions(self):
        """:return: orders on which the reseller wrote last, the oldest first: nobody
        but a colleague's internal note has followed"""
        orders = self.env["sale.order"]
        if not orders.has_access("read"):
            return orders
        rows = self.env.execute_query(
            SQL(
                """
                SELECT last.res_id
                  FROM (
                    SELECT DISTINCT ON (m.res_id) m.res_id, m.date, m.author_id
                      FROM mail_message m
                      JOIN sale_order o ON o.id = m.res_id
                     WHERE m.model = 'sale.order'
                       AND o.prm_relationship_id = %(relationship)s
                       AND m.message_type IN ('comment', 'email')
                       AND m.is_internal IS NOT TRUE
                       AND m.date >= %(since)s
                     ORDER BY m.res_id, m.id DESC
                  ) last
                  JOIN res_partner p ON p.id = last.author_id
                 WHERE p.commercial_partner_id = %(partner)s
                 ORDER BY last.date
                """,
                relationship=self.id,
                partner=self.partner_id.id,
                since=fields.Datetime.now() - timedelta(days=QUESTION_DAYS),
            )
        )
        ids = [order_id for (order_id,) in rows]
        found = orders.search_fetch([("id", "in", ids)], ["name"])
        return found.sorted(lambda order: ids.index(order.id))

    def _prm_get_open(self, records, today):
        """:return: list of dicts: key, label, count, amount, hint, tone, action"""
        labels = {
            "questions": self.env._("Questions without an answer"),
            "quotations": self.env._("Open quotations"),
            "deliveries": self.env._("Deliveries on the way"),
            "invoices": self.env._("Unpaid invoices"),
            "activities": self.env._("Planned activities"),
        }
        return [
            {
                "key": key,
                "label": label,
                "count": len(records[key]),
                "amount": False,
                "hint": "",
                "tone": "",
                "action": self._prm_get_records_action(label, records[key]),
                **(self._prm_get_open_detail(key, records[key], today)),
            }
            for key, label in labels.items()
            if key in records
        ]

    def _prm_get_open_detail(self, key, records, today):
        if not records:
            return {}
        if key == "questions":
            return {"tone": "danger"}
        if key == "quotations":
            days = self._prm_count_days(records[0].date_order, today)
            amounts = (o.amount_untaxed / (o.currency_rate or 1) for o in records)
            detail = {"amount": sum(amounts)}
            if days:
                hint = self.env._("the oldest: %(days)s days", days=days)
                detail["hint"] = hint
            return detail
        if key == "deliveries":
            now = fields.Datetime.now()
            late = records.filtered(lambda one: one.scheduled_date < now)
            return self._prm_say_late(late)
        if key == "invoices":
            late = records.filtered(
                lambda one: one.invoice_date_due and one.invoice_date_due < today
            )
            amount = sum(records.mapped("amount_residual_signed"))
            return {"amount": amount, **self._prm_say_late(late)}
        late = records.filtered(lambda one: one.date_deadline < today)
        return self._prm_say_late(late)

    def _prm_count_days(self, moment, today):
        """:return: days of the company since a moment"""
        zone = ZoneInfo(self.company_id._prm_get_timezone())
        local = moment.replace(tzinfo=timezone.utc).astimezone(zone)
        return (today - local.date()).days

    def _prm_say_late(self, late):
        if not late:
            return {}
        hint = self.env._("%(count)s overdue", count=len(late))
        return {"hint": hint, "tone": "danger"}

    def _prm_get_records_action(self, name, records):
        """:return: the action that opens records: one as its form, several as a list

        Invoices always as a list: core's form reads payments, which salespeople may
        not.
        """
        action = {
            "type": "ir.actions.act_window",
            "name": name,
            "res_model": records._name,
            "views": [(False, "list"), (False, "form")],
            "domain": [("id", "in", records.ids)],
        }
        if len(records) == 1 and records._name != "account.move":
            form = {"views": [(False, "form")], "res_id": records.id}
            if records._name == "mail.activity":
                form["target"] = "new"
            return {**action, **form}
        return action
