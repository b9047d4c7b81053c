from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain
from odoo.tools import SQL, format_date

# How many times likelier a product counts where offers are put in order.
BOOSTS = {"low": 1.5, "medium": 2.5, "high": 5.0}


class PrmFocus(models.Model):
    """Products that a manager wants pushed for a while, and how far that is."""

    _name = "prm.focus"
    _inherit = ["prm.focus.progress.mixin", "prm.focus.weeks.mixin"]
    _description = "Focus"
    _order = "date_to desc, id desc"
    _check_company_auto = True

    name = fields.Char(
        required=True, help="Salespeople read it in their lists: “Focus: …”."
    )
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        "res.company",
        required=True,
        index=True,
        default=lambda self: self.env.company,
    )
    date_from = fields.Date(
        "From", required=True, default=lambda self: self.env.company._prm_get_today()
    )
    date_to = fields.Date("Until", required=True)
    boost = fields.Selection(
        [("low", "Low"), ("medium", "Medium"), ("high", "High")],
        required=True,
        default="medium",
        help="How far the products rise in a reseller's list. Nothing that is due is"
        " hidden by it.",
    )
    # A focus on a tier that is deleted would become one on all.
    grade_ids = fields.Many2many(
        "res.partner.grade", string="Tiers", check_company=True, ondelete="restrict"
    )
    territory_ids = fields.Many2many(
        "prm.territory", string="Territories", check_company=True, ondelete="restrict"
    )
    line_ids = fields.One2many("prm.focus.line", "focus_id", "Products", copy=True)
    state = fields.Selection(
        [("planned", "Planned"), ("running", "Running"), ("over", "Over")],
        compute="_compute_state",
        search="_search_state",
    )
    target = fields.Float(
        digits="Product Unit",
        compute="_compute_progress",
        help="Quantity of all products together.",
    )
    reseller_count = fields.Integer(
        "Offered to",
        compute="_compute_progress",
        help="Resellers that one of the products was shown, offered or added for.",
    )
    ordered = fields.Float(
        digits="Product Unit",
        compute="_compute_progress",
        help="Quantity in confirmed orders of the period.",
    )
    left = fields.Float(digits="Product Unit", compute="_compute_progress")
    progress = fields.Float(compute="_compute_progress", help="Ordered, of the target.")

    @api.depends("date_from", "date_to", "company_id")
    def _compute_state(self):
        for focus in self:
            today = (focus.company_id or self.env.company)._prm_get_today()
            if focus.date_from and focus.date_from > today:
                focus.state = "planned"
            else:
                over = focus.date_to and focus.date_to < today
                focus.state = "over" if over else "running"

    def _search_state(self, operator, value):
        if operator != "in":
            return NotImplemented
        domains = []
        for company in self.env.companies:
            today = company._prm_get_today()
            states = {
                "planned": Domain("date_from", ">", today),
                "running": Domain("date_from", "<=", today)
                & Domain("date_to", ">=", today),
                "over": Domain("date_to", "<", today),
            }
            wanted = Domain.OR(states[one] for one in value if one in states)
            domains.append(Domain("company_id", "=", company.id) & wanted)
        return Domain.OR(domains)

    @api.constrains("date_from", "date_to")
    def _check_dates(self):
        for focus in self:
            if focus.date_from > focus.date_to:
                raise ValidationError(
                    self.env._(
                        "“%(focus)s” ends on %(to)s, before it begins on %(from)s.",
                        **{
                            "focus": focus.name,
                            "from": format_date(self.env, focus.date_from),
                            "to": format_date(self.env, focus.date_to),
                        },
                    )
                )

    # The name is always given: no focus is made without a product.
    @api.constrains("name", "line_ids")
    def _check_products(self):
        for focus in self:
            if not focus.line_ids:
                raise ValidationError(
                    self.env._(
                        "“%(focus)s” names no product: add at least one.",
                        focus=focus.name,
                    )
                )

    @api.constrains("company_id")
    def _check_company_of_lines(self):
        self.line_ids._check_company()

    @api.model
    def _get_pushed_query(self, relationships, today):
        """What running focuses push to these resellers.

        :param prm.relationship relationships:
        :param date today: of the company
        :return: SQL of relationship_id, product_id, focus_id, name and factor
        """
        self.env.flush_all()
        factors = [SQL("(%s, %s::float8)", name, BOOSTS[name]) for name in BOOSTS]
        return SQL(
            """
            SELECT r.id AS relationship_id, l.product_id, f.id AS focus_id, f.name,
                   boost.factor
              FROM prm_relationship r
              JOIN prm_focus f ON f.company_id = r.company_id
              JOIN prm_focus_line l ON l.focus_id = f.id
              JOIN (VALUES %(factors)s) boost (name, factor) ON boost.name = f.boost
             WHERE r.id = ANY(%(relationships)s)
               AND f.active
               AND %(today)s BETWEEN f.date_from AND f.date_to
               AND %(audience)s
            """,
            factors=SQL(", ").join(factors),
            relationships=relationships.ids,
            today=today,
            audience=self._get_audience_sql(),
        )
