from odoo import models
from odoo.tools.misc import format_date, formatLang

from .day_query import DUE_DAYS


class PrmDayWords(models.AbstractModel):
    """Why a reseller is in the list, in one sentence."""

    _name = "prm.day.words.mixin"
    _description = "Day List in Words"

    def _day_say_amount(self, amount, row):
        """Whole units: what is at stake is no invoice."""
        company = self.env["res.company"].sudo().browse(row["company_id"])
        return formatLang(
            self.env,
            amount,
            rounding_unit="units",
            rounding_method="HALF-UP",
            currency_obj=company.currency_id,
        )

    def _day_say_why(self, row, items):
        """:param dict row: of _day_rate
        :param list items: what would be offered, the most valuable first
        :return: what is to be recorded, a promise, what changed, else what most of the
            money is about
        """
        if row["settle"]:
            return self._day_say_settle(row)
        if row["promised"]:
            return self._day_say_promise(row)
        if row["news"]:
            return getattr(self, f"_day_say_{row['news']}")(row)
        parts = ("quotation", "risk", "due")
        strongest = max(parts, key=lambda part: row[part])
        if row[strongest] <= 0:
            return self.env._("Pinned: nothing is at stake today.")
        return getattr(self, f"_day_say_{strongest}")(row, items)

    def _day_say_settle(self, row):
        if row["settle"] == "ordered":
            return self.env._(
                "Order %(name)s was confirmed today. Record it, and the reseller"
                " rests.",
                name=row["filled_name"],
            )
        return self.env._(
            "Quotation %(name)s was filled today. What came of it?",
            name=row["filled_name"],
        )

    def _day_say_promise(self, row):
        day, note = format_date(self.env, row["until"]), row["talk_note"]
        if row["until"] < row["today"]:
            if note:
                return self.env._(
                    "A call was promised for %(day)s: %(note)s", day=day, note=note
                )
            return self.env._("A call was promised for %(day)s.", day=day)
        if note:
            return self.env._("A call was promised for today: %(note)s", note=note)
        return self.env._("A call was promised for today.")

    def _day_say_written(self, row):
        return self.env._(
            "Has written or answered on %(day)s, after the last contact.",
            day=format_date(self.env, row["written_date"]),
        )

    def _day_say_red(self, row):
        return self.env._(
            "Turned red on %(day)s, after the last contact.",
            day=format_date(self.env, row["color_since"]),
        )

    def _day_say_stake(self, row):
        return self.env._(
            "Since the last contact what is due or at risk rose from %(before)s to"
            " %(now)s.",
            before=self._day_say_amount(row["talk_stake"], row),
            now=self._day_say_amount(row["due"] + row["risk"], row),
        )

    def _day_say_risk(self, row, _items):
        """A little late puts a part of the month's turnover at stake, long silence all
        of it."""
        month = row["turnover_year"] / 12
        values = {
            "every": self._prm_say_every(row["median_interval"]),
            "silent": row["silent"],
            "month": self._day_say_amount(month, row),
        }
        if row["risk"] >= month:
            return self.env._(
                "Usually orders %(every)s, silent for %(silent)s days: about %(month)s"
                " a month at stake.",
                **values,
            )
        return self.env._(
            "Usually orders %(every)s, silent for %(silent)s days: about %(risk)s of"
            " its %(month)s a month at stake.",
            risk=self._day_say_amount(row["risk"], row),
            **values,
        )

    def _day_say_quotation(self, row, _items):
        amount = self._day_say_amount(row["quotation"], row)
        days = (row["today"] - row["quotation_date"]).days
        if row["quotation_count"] > 1:
            return self.env._(
                "%(count)s quotations of %(amount)s together wait for an answer, the"
                " oldest for %(days)s days.",
                count=row["quotation_count"],
                amount=amount,
                days=days,
            )
        ordered = row["last_order_date"]
        if ordered and ordered > row["quotation_date"]:
            return self.env._(
                "Quotation %(name)s of %(amount)s has waited for an answer for %(days)s"
                " days, although it ordered on %(ordered)s.",
                name=row["quotation_name"],
                amount=amount,
                days=days,
                ordered=format_date(self.env, ordered),
            )
        return self.env._(
            "Quotation %(name)s of %(amount)s has waited for an answer for %(days)s"
            " days.",
            name=row["quotation_name"],
            amount=amount,
            days=days,
        )

    def _day_say_due(self, row, items):
        """Names a product where one that is due can be delivered."""
        amount = self._day_say_amount(row["due"], row)
        named = next((item["name"] for item in items if item["due"]), False)
        if not named and row["due_count"] == 1:
            return self.env._(
                "1 product is overdue or due within %(days)s days: about %(amount)s to"
                " be expected.",
                days=DUE_DAYS,
                amount=amount,
            )
        if not named:
            return self.env._(
                "%(count)s products are overdue or due within %(days)s days: about"
                " %(amount)s to be expected.",
                count=row["due_count"],
                days=DUE_DAYS,
                amount=amount,
            )
        if row["due_count"] == 1:
            return self.env._(
                "%(product)s is overdue or due within %(days)s days: about %(amount)s"
                " to be expected.",
                product=named,
                days=DUE_DAYS,
                amount=amount,
            )
        return self.env._(
            "%(product)s and %(more)s more are overdue or due within %(days)s days:"
            " about %(amount)s to be expected.",
            product=named,
            more=row["due_count"] - 1,
            days=DUE_DAYS,
            amount=amount,
        )

    # Open questions

    def _day_say_question(self, question):
        """:param dict question: kind, name, day, amount, late, company_id
        :return: what is open with the reseller, short
        """
        amount = question["amount"] and self._day_say_amount(
            question["amount"], question
        )
        day = question["day"] and format_date(self.env, question["day"])
        name, late = question["name"], question["late"]
        texts = {
            "activity": self.env._(
                "%(summary)s, %(day)s", summary=name or self.env._("To do"), day=day
            ),
            "quotation": self.env._(
                "Quotation %(name)s, %(amount)s, of %(day)s",
                name=name,
                amount=amount or "",
                day=day,
            ),
            "delivery": self.env._("Delivery %(name)s for %(day)s", name=name, day=day),
            "late_delivery": self.env._(
                "Delivery %(name)s is late, planned for %(day)s", name=name, day=day
            ),
            "invoice": self.env._(
                "%(amount)s of invoices overdue since %(day)s",
                amount=amount or "",
                day=day,
            ),
        }
        kind = question["kind"]
        return texts["late_delivery" if kind == "delivery" and late else kind]
