from odoo import api, fields, models

from .const import HEALTH_COLORS


class PrmRelationshipHealth(models.Model):
    """How a relationship goes. Only the nightly action writes here."""

    _name = "prm.relationship.health"
    _description = "Health of a Reseller Relationship"
    _rec_name = "relationship_id"
    _log_access = False

    relationship_id = fields.Many2one(
        "prm.relationship", required=True, ondelete="cascade"
    )
    company_id = fields.Many2one("res.company", required=True, index=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    color = fields.Selection(HEALTH_COLORS, required=True, default="grey", index=True)
    color_since = fields.Date(help="Empty while no other colour was there before.")
    date = fields.Date("Worked out for")
    order_count = fields.Integer("Orders", help="Order days in the last 24 months.")
    last_order_date = fields.Date()
    days_since = fields.Integer("Days since last Order")
    median_interval = fields.Float("Usual Days between Orders")
    late_interval = fields.Float(
        "Longest Usual Pause",
        help="Four in five pauses between its orders last at most so many days; 0"
        " where there are too few to tell.",
    )
    rhythm = fields.Float(
        help="Days since the last order, divided by the usual days between orders.",
        aggregator="avg",
    )
    rhythm_color = fields.Selection(HEALTH_COLORS)
    turnover = fields.Monetary("Turnover of 90 Days")
    turnover_before = fields.Monetary("Turnover of 90 Days before")
    turnover_year = fields.Monetary("Turnover of 12 Months")
    trend_base = fields.Selection(
        [("year", "Same days last year"), ("quarter", "90 days before")]
    )
    trend = fields.Float(
        help="Change against the days compared with.", aggregator="avg"
    )
    trend_color = fields.Selection(HEALTH_COLORS)
    usual_count = fields.Integer("Usual Products")
    overdue_count = fields.Integer("Usual Products Overdue")
    range_share = fields.Float("Share of Range Overdue", aggregator="avg")
    range_color = fields.Selection(HEALTH_COLORS)
    rhythm_text = fields.Char("Rhythm in Words", compute="_compute_texts")
    trend_text = fields.Char("Trend in Words", compute="_compute_texts")
    range_text = fields.Char("Range in Words", compute="_compute_texts")
    color_text = fields.Char("Health in Words", compute="_compute_texts")

    _relationship_unique = models.Constraint(
        "UNIQUE (relationship_id)", "A relationship has one health."
    )

    @api.depends_context("lang")
    def _compute_texts(self):
        for health in self:
            health.rhythm_text = health._get_rhythm_text()
            health.trend_text = health._get_trend_text()
            health.range_text = health._get_range_text()
            health.color_text = health._get_color_text()

    def _get_color_text(self):
        """What the worst of the three measures says."""
        texts = {
            self.range_color: self.range_text,
            self.trend_color: self.trend_text,
            self.rhythm_color: self.rhythm_text,
        }
        return texts.get(self.color, self.rhythm_text)

    def _get_rhythm_text(self):
        if self.rhythm_color in (False, "grey"):
            return self.env._("Fewer than 3 orders: no rhythm yet.")
        say = self.env["prm.reasons.mixin"]
        return self.env._(
            "Usually orders %(every)s; the last order was %(ago)s.",
            every=say._prm_say_every(self.median_interval),
            ago=say._prm_say_ago(self.days_since),
        )

    def _get_trend_text(self):
        if self.trend_color in (False, "grey"):
            return self.env._("No turnover to compare with.")
        texts = {
            ("year", True): self.env._(
                "%(percent)s%% more than in the same 90 days last year."
            ),
            ("year", False): self.env._(
                "%(percent)s%% less than in the same 90 days last year."
            ),
            ("quarter", True): self.env._(
                "%(percent)s%% more than in the 90 days before."
            ),
            ("quarter", False): self.env._(
                "%(percent)s%% less than in the 90 days before."
            ),
        }
        return texts[self.trend_base, self.trend >= 0] % {
            "percent": abs(round(100 * self.trend))
        }

    def _get_range_text(self):
        if self.range_color in (False, "grey"):
            return self.env._("No usual products yet.")
        if not self.overdue_count:
            return self.env._("No usual product is long overdue.")
        if self.overdue_count == 1:
            return self.env._(
                "1 of %(usual)s usual products is long overdue.",
                usual=self.usual_count,
            )
        return self.env._(
            "%(overdue)s of %(usual)s usual products are long overdue.",
            overdue=self.overdue_count,
            usual=self.usual_count,
        )


class PrmRelationshipHealthDay(models.Model):
    """The colour of each day, kept as the days on which it changed."""

    _name = "prm.relationship.health.day"
    _description = "Health of a Reseller Relationship by Day"
    _order = "date desc, id desc"
    _log_access = False

    relationship_id = fields.Many2one(
        "prm.relationship", required=True, ondelete="cascade"
    )
    company_id = fields.Many2one("res.company", required=True, index=True)
    date = fields.Date("From", required=True)
    color = fields.Selection(HEALTH_COLORS, required=True)

    _relationship_date_unique = models.Constraint(
        "UNIQUE (relationship_id, date)", "A relationship has one colour a day."
    )
