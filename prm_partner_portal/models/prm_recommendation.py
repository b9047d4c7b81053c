from odoo import api, fields, models
from odoo.tools import SQL

from .const import KINDS


class PrmRecommendation(models.Model):
    """What to offer a reseller now. Disposable: the nightly action replaces it."""

    _name = "prm.recommendation"
    _inherit = ["prm.reasons.mixin", "prm.recommendation.publish"]
    _description = "Recommendation"
    _order = "relationship_id, score desc, id"
    _rec_name = "product_id"
    _log_access = False

    relationship_id = fields.Many2one(
        "prm.relationship", "Reseller", required=True, ondelete="cascade"
    )
    company_id = fields.Many2one("res.company", required=True, index=True)
    user_id = fields.Many2one(related="relationship_id.user_id", related_sudo=True)
    product_id = fields.Many2one(
        "product.product", required=True, index=True, ondelete="cascade"
    )
    kind = fields.Selection(KINDS, required=True)
    rank = fields.Integer(help="Place in the list of its kind: reorder or new.")
    reseller_rank = fields.Integer(
        "Rank for the Reseller",
        help="By probability alone, whatever order the company has chosen for its own"
        " lists.",
        aggregator=None,
    )
    score = fields.Float(digits=0, aggregator=None)
    probability = fields.Float(
        help="Of being ordered within 28 days.", aggregator="avg"
    )
    quantity = fields.Float(digits="Product Unit")
    due_date = fields.Date("Due")
    reasons = fields.Json(help="Codes with their parameters, the strongest first.")
    reason = fields.Char("Why", compute="_compute_reason")
    focus = fields.Char(
        compute="_compute_focus", help="A manager wants this product pushed for now."
    )
    # No index: every night would write it anew for every row.
    run_id = fields.Many2one("prm.recommendation.run", ondelete="set null")

    _relationship_product_unique = models.Constraint(
        "UNIQUE (relationship_id, product_id)",
        "A product is recommended to a reseller once.",
    )

    @api.depends("reasons")
    @api.depends_context("lang")
    def _compute_reason(self):
        named = set().union(*(self._prm_get_reason_products(r.reasons) for r in self))
        # sudo - product.product: a name, of a product that the company sells
        products = self.env["product.product"].sudo().browse(named).exists()
        names = products._prm_get_names()
        for recommendation in self:
            recommendation.reason = " · ".join(
                self._prm_render_reasons(recommendation.reasons, names)
            )

    @api.depends("relationship_id", "product_id")
    def _compute_focus(self):
        focus = self.env["prm.focus"]
        names = {}
        for company in self.company_id:
            theirs = self.filtered(lambda one, c=company: one.company_id == c)
            pushed = focus._get_pushed_query(
                theirs.relationship_id, company._prm_get_today()
            )
            query = SQL("%s ORDER BY boost.factor, f.id DESC", pushed)
            for row in self.env.execute_query_dict(query):
                names[row["relationship_id"], row["product_id"]] = row["name"]
        for one in self:
            one.focus = names.get((one.relationship_id.id, one.product_id.id))
