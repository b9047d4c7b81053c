from odoo import api, fields, models
from odoo.exceptions import AccessError

from ..const import MANAGER_GROUP
from .day_query import DAY_LIMIT

PARTS = ("due", "risk", "quotation")
# Of a reseller that was talked to: so much more at stake is news.
NEWS_FACTOR = 2


class PrmDayMixin(models.AbstractModel):
    """The resellers that a salesperson should contact today, most at stake first.

    At stake is what is due within a week or overdue (probability times quantity times
    price), a month's turnover where the rhythm is broken, and open quotations that
    wait. The list is that of a relationship's salesperson: it moves with the
    relationship, and so does what was pinned and what was recorded.
    """

    _name = "prm.day.mixin"
    _inherit = [
        "prm.day.query.mixin",
        "prm.day.cards.mixin",
        "prm.day.words.mixin",
        "prm.day.team.mixin",
    ]
    _description = "Day of a Salesperson"

    day_pinned = fields.Boolean("On Top of the Day List", copy=False)
    day_skipped = fields.Date(
        "Not in the Day List on", copy=False, help="Put off by hand on this day."
    )

    @api.model
    @api.readonly
    def get_day(self, user_id=False):
        """The list of the user, or for managers that of somebody who is away.

        :param int user_id: another salesperson
        :return: dict: cards, and what explains them; see _day_prepare
        """
        self.check_access("read")
        user = self._day_get_user(user_id)
        rows = self._day_query(self._get_day_domain(user))
        self._day_rate(rows)
        listed = sorted((row for row in rows if row["listed"]), key=self._day_key)
        return self._day_prepare(user, rows, listed[:DAY_LIMIT])

    @api.model
    def _get_day_domain(self, user):
        """:return: domain of the relationships that a user's day is about"""
        return [
            ("user_id", "=", user.id),
            ("state", "=", "active"),
            ("company_id", "in", self.env.companies.ids),
        ]

    @api.model
    def _day_get_user(self, user_id):
        """:raise AccessError: where somebody who is no manager asks for another's"""
        if not user_id or user_id == self.env.uid:
            return self.env.user
        if type(user_id) is not int or not self.env.user.has_group(MANAGER_GROUP):
            raise AccessError(
                self.env._("Only a manager of resellers may open another's day.")
            )
        return self.env["res.users"].browse(user_id).exists() or self.env.user

    # Ranking

    @api.model
    def _day_rate(self, rows):
        """Add what is at stake and whether the reseller is in the list.

        One that was talked to rests, unless it turned red, wrote or answered, or
        twice as much is at stake as then. One that a quotation was filled for today
        stays until it is said what came of it.
        """
        for row in rows:
            row["risk"] = self._day_get_risk(row)
            row["stake"] = sum(row[part] for part in PARTS)
            promised = row["outcome"] == "call_back" and row["talk_open"]
            row["promised"] = promised and row["until"] <= row["today"]
            row["settle"] = self._day_get_settle(row)
            row["resting"] = (
                bool(row["talk_id"])
                and row["until"] > row["today"]
                and not row["settle"]
            )
        written = self._day_query_written([row for row in rows if row["resting"]])
        for row in rows:
            row["news"] = row["resting"] and self._day_get_news(row, written)
            row["resting"] = row["resting"] and not row["news"]
            row["listed"] = not (row["resting"] or row["skipped"]) and bool(
                row["settle"]
                or row["pinned"]
                or row["promised"]
                or row["news"]
                or row["stake"] > 0
            )

    @api.model
    def _day_get_settle(self, row):
        """:return: the outcome that is still to be recorded, by what became of the
        quotation that was filled today, or False"""
        if not row["filled_name"]:
            return False
        return "ordered" if row["filled_sold"] else "offered"

    @api.model
    def _day_get_risk(self, row):
        r"""A month's turnover, in full from where the rhythm is red.

        .. math:: \frac{T_{12}}{12} \cdot \min\left(1, \frac{r - g}{a - g}\right)

        with the turnover :math:`T_{12}` of twelve months, the days of silence divided
        by the usual days between orders :math:`r`, and the company's limits of green
        and amber :math:`g, a`. It shrinks by itself when nothing is ordered any more.
        One that often pauses for longer than green allows is not late as long as it
        only does what it usually does: both limits move up to its longest usual pause.
        """
        days = [day for day in (row["last_order_date"], row["recent_date"]) if day]
        row["last_order_date"] = max(days, default=None)
        row["silent"] = (row["today"] - max(days)).days if days else 0
        interval = row["median_interval"]
        # The nightly action leaves out who has no rhythm yet: it has no colour either.
        if not interval or row["color"] in (None, "grey"):
            return 0.0
        usual = max(row["green"], (row["late_interval"] or 0.0) / interval)
        beyond = row["silent"] / interval - usual
        if beyond <= 0:
            return 0.0
        width = row["amber"] - row["green"]
        share = min(1.0, beyond / width) if width > 0 else 1.0
        return max(row["turnover_year"] or 0.0, 0.0) / 12 * share

    @api.model
    def _day_get_news(self, row, written):
        """:return: code of what changed since the last contact, or nothing"""
        if row["id"] in written:
            row["written_date"] = written[row["id"]]
            return "written"
        if (
            row["color"] == "red"
            and (row["color_since"] or row["talk_date"]) > (row["talk_date"])
        ):
            return "red"
        before = row["talk_stake"] or 0.0
        if before > 0 and row["due"] + row["risk"] >= NEWS_FACTOR * before:
            return "stake"
        return False

    @api.model
    def _day_key(self, row):
        return (
            not row["settle"],
            not row["pinned"],
            not row["promised"],
            -row["stake"] * row["rate"],
            row["id"],
        )

    # What the page gets

    @api.model
    def _day_prepare(self, user, rows, listed):
        company = self.env.company
        today = company._prm_get_today()
        working = company._prm_get_working_day(today)
        return {
            "user_id": user.id,
            "user_name": user.name,
            "users": self._day_get_users(),
            "today": fields.Date.to_string(today),
            "holiday": working > today
            and {
                "name": company._prm_get_holiday(today) or "",
                "next": fields.Date.to_string(working),
            },
            "currency_id": company.currency_id.id,
            "sums": {
                part: sum(row[part] * row["rate"] for row in listed) for part in PARTS
            },
            "counts": {
                "all": len(rows),
                "listed": sum(row["listed"] for row in rows),
                "resting": sum(row["resting"] for row in rows),
                "skipped": sum(row["skipped"] for row in rows),
            },
            "skipped_ids": [
                row["id"] for row in rows if row["skipped"] and not row["resting"]
            ],
            "empty": False if listed else self._day_get_empty(rows),
            "next": fields.Date.to_string(
                min((row["until"] for row in rows if row["resting"]), default=False)
            ),
            "cards": self._day_get_cards(listed),
            "is_manager": self.env.user.has_group(MANAGER_GROUP),
        }

    @api.model
    def _day_get_empty(self, rows):
        """:return: code of why there is nobody to contact"""
        if not rows:
            return "nobody"
        if any(row["resting"] or row["skipped"] for row in rows):
            return "done"
        lists = self.env["prm.recommendation"].sudo()
        known = lists.search_count(
            [("company_id", "in", self.env.companies.ids)], limit=1
        )
        return "nothing" if known else "never"

    @api.model
    def _day_get_users(self):
        """:return: whose list a manager may open to stand in for somebody"""
        if not self.env.user.has_group(MANAGER_GROUP):
            return []
        groups = self._read_group(
            [
                ("user_id", "!=", False),
                ("state", "=", "active"),
                ("company_id", "in", self.env.companies.ids),
            ],
            ["user_id"],
        )
        users = self.env["res.users"].union(*(user for (user,) in groups))
        return users.sudo().sorted("name").read(["name"], load=None)

    # Pinned and put off

    def pin_in_day(self, pinned):
        """Keep a reseller on top of its salesperson's list, or no longer."""
        self._prm_check_own()
        self.write({"day_pinned": bool(pinned)})
        return True

    def skip_in_day(self, skipped):
        """Leave a reseller out for today, or take that back."""
        self._prm_check_own()
        for relationship in self:
            today = relationship.company_id._prm_get_today()
            relationship.day_skipped = today if skipped else False
        return True
