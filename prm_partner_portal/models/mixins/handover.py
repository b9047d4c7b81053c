from odoo import models


class PrmHandoverMixin(models.AbstractModel):
    """What a new salesperson of a reseller takes over."""

    _name = "prm.handover.mixin"
    _description = "Change of Salesperson"

    def write(self, vals):
        """Planned activities go to the new salesperson, orders stay.

        An order belongs to who made it: its team's figures, its commission and the
        name under the mail that the reseller got hang from it.
        """
        if not vals.get("user_id"):
            return super().write(vals)
        former = {
            user: relationships
            for user, relationships in self.grouped("user_id").items()
            if user and user.id != vals["user_id"]
        }
        result = super().write(vals)
        if former:
            self._hand_over(former, self.env["res.users"].browse(vals["user_id"]))
        return result

    def _hand_over(self, former, user):
        """Move what a former salesperson had planned.

        :param dict former: relationships by their former salesperson
        :param res.users user: the new one
        """
        # sudo - mail.activity: who may change the salesperson may move the plans
        activities = self.env["mail.activity"].sudo()
        for before, relationships in former.items():
            activities |= activities.search(
                [
                    ("res_model", "=", self._name),
                    ("res_id", "in", relationships.ids),
                    ("user_id", "=", before.id),
                ]
            )
        if len(self) > 1:
            # One mail an activity would bury whoever takes over a whole territory.
            activities = activities.with_context(mail_activity_quick_update=True)
        if activities:
            activities.write({"user_id": user.id})
