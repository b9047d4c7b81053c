from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError

from ..const import MANAGER_GROUP, PEOPLE_GROUP
from .day_query import DAY_LIMIT

TEAM_DAYS = 7
FIGURES = ("listed", "stake", "red")


class PrmDayTeamMixin(models.AbstractModel):
    """The days of all salespeople, a row for each.

    How many resellers wait, what is at stake and who turned red is about resellers: a
    manager reads it in everybody's day. How many somebody contacted is about that
    person: managers see the total unless the company decides otherwise.
    """

    _name = "prm.day.team.mixin"
    _description = "Days of a Team"

    @api.model
    @api.readonly
    def get_team(self):
        """:return: dict: rows (one a salesperson and one for the resellers of nobody:
            user_id, name, resellers, listed, stake, red, contacted), total, by_person
            (whether contacted is known by salesperson), currency_id, today
        :raise AccessError: for who is no manager
        """
        self.check_access("read")
        if not self.env.user.has_group(MANAGER_GROUP):
            raise AccessError(
                self.env._("Only a manager of resellers may open the team's day.")
            )
        rows = self._day_query(self._get_team_domain())
        self._day_rate(rows)
        contacted = self._team_query_contacted()
        by_person = self.env.user.has_group(PEOPLE_GROUP)
        team = self._team_sum(rows)
        if by_person:  # also of who has no reseller any more
            for user_id in contacted:
                team.setdefault(user_id, self._team_get_nothing())
        for user_id, one in team.items():
            one["contacted"] = by_person and len(contacted.get(user_id, ()))
        total = {name: sum(one[name] for one in team.values()) for name in FIGURES}
        total["contacted"] = len(set().union(*contacted.values()))
        company = self.env.company
        return {
            "rows": self._team_sort(team),
            "total": total,
            "by_person": by_person,
            "currency_id": company.currency_id.id,
            "today": fields.Date.to_string(company._prm_get_today()),
        }

    @api.model
    def _get_team_domain(self):
        """:return: domain of the relationships that the team's day is about"""
        return [("state", "=", "active"), ("company_id", "in", self.env.companies.ids)]

    @api.model
    def _team_sum(self, rows):
        """:return: dict of figures by salesperson's id, False for those of nobody; of
        what is at stake as much as the day list shows of it"""
        team = {}
        for row in sorted(rows, key=self._day_key):
            one = team.setdefault(row["user_id"] or False, self._team_get_nothing())
            one["resellers"] += 1
            one["red"] += self._team_is_news(row)
            if row["listed"]:
                one["listed"] += 1
                if one["listed"] <= DAY_LIMIT:
                    one["stake"] += row["stake"] * row["rate"]
        return team

    @api.model
    def _team_get_nothing(self):
        return {"resellers": 0, "listed": 0, "stake": 0.0, "red": 0}

    @api.model
    def _team_is_news(self, row):
        """:return: whether a reseller turned red in the last days; one that was red
        from the first day on did not"""
        since = row["today"] - timedelta(days=TEAM_DAYS)
        return row["color"] == "red" and bool(
            row["color_since"] and row["color_since"] > since
        )

    @api.model
    def _team_sort(self, team):
        """Most at stake first, the resellers of nobody last."""
        # sudo - res.users: the names of whose resellers the manager sees
        users = self.env["res.users"].sudo().browse(one for one in team if one)
        users.partner_id.fetch(["name"])
        rows = [
            {"user_id": user.id, "name": user.name, **team[user.id]} for user in users
        ]
        rows.sort(key=lambda row: (-row["stake"], -row["listed"], row["name"]))
        if False in team:
            rows.append({"user_id": False, "name": "", **team[False]})
        return rows

    @api.model
    def _team_query_contacted(self):
        """:return: by user id the ids of whom somebody talked to in the last days"""
        since = self.env.company._prm_get_today() - timedelta(days=TEAM_DAYS)
        groups = self.env["prm.contact"]._read_group(
            [
                ("date", ">", since),
                ("outcome", "!=", "not_reached"),
                ("relationship_id", "any", self._get_team_domain()),
            ],
            ["user_id"],
            ["relationship_id:array_agg"],
        )
        return {user.id: set(ids) for user, ids in groups}
