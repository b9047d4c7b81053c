from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import format_date

from ..models.const import KINDS
from .prm_product_reseller_query import ID_BASE

PRODUCTS_LIMIT = 80
QUOTATIONS_LIMIT = 200
LINES_LIMIT = 1000
CANDIDATES_LIMIT = 20000


class PrmProductReseller(models.Model):
    """Whom to offer a product: who is likely to buy it, and who once did.

    The products stand in the context (prm_product_ids): nothing else is read.
    """

    _name = "prm.product.reseller"
    _inherit = ["prm.reasons.mixin", "prm.product.reseller.query.mixin"]
    _description = "Reseller to Offer a Product"
    _auto = False
    _order = "probability desc, expected desc, last_date desc nulls last, id"
    _rec_name = "relationship_id"
    _depends = {
        "prm.recommendation": [
            "relationship_id",
            "product_id",
            "kind",
            "probability",
            "quantity",
            "due_date",
            "reasons",
        ],
        "prm.recommendation.event": ["type", "rest_until", "undone_id"],
        "prm.relationship": ["state", "active", "user_id", "grade_id", "territory_id"],
        "product.product": ["active", "product_tmpl_id"],
        "product.template": ["prm_sales_pack", "prm_successor_id", "uom_id"],
        "sale.order": ["state", "date_order", "validity_date", "prm_relationship_id"],
        "sale.order.line": [
            "order_id",
            "product_id",
            "product_uom_id",
            "product_uom_qty",
            "display_type",
        ],
    }

    relationship_id = fields.Many2one("prm.relationship", "Reseller", readonly=True)
    product_id = fields.Many2one("product.product", readonly=True)
    company_id = fields.Many2one("res.company", "Distributor", readonly=True)
    user_id = fields.Many2one("res.users", "Salesperson", readonly=True)
    territory_id = fields.Many2one("prm.territory", readonly=True)
    grade_id = fields.Many2one("res.partner.grade", "Tier", readonly=True)
    kind = fields.Selection(
        [*KINDS, ("former", "Former Buyer")],
        readonly=True,
        help="Due, forgotten and new: the reseller's list, which holds what it most"
        " likely orders next, has the product. Former buyers of it, or of the product"
        " that it replaces: it has not.",
    )
    probability = fields.Float(
        help="Of being ordered within 28 days. Former buyers whose list does not hold"
        " the product have none.",
        readonly=True,
        aggregator="avg",
    )
    quantity = fields.Float(
        digits="Product Unit",
        readonly=True,
        help="What the reseller is expected to take, in whole sales packs; of former"
        " buyers what they took last.",
    )
    expected = fields.Float(
        "Expected Quantity",
        digits="Product Unit",
        readonly=True,
        help="Probability × quantity: many resellers together take about this much"
        " within 28 days, some of it without being asked.",
    )
    due_date = fields.Date("Due", readonly=True)
    last_date = fields.Date(
        "Last Bought", readonly=True, help="Where it never was: its predecessor."
    )
    last_quantity = fields.Float(digits="Product Unit", readonly=True, aggregator=None)
    quoted = fields.Float(
        "In Quotations",
        digits="Product Unit",
        readonly=True,
        help="Stands in open quotations to this reseller already.",
    )
    rest_until = fields.Date(
        "Rests until",
        readonly=True,
        help="Dismissed for this reseller: not offered before this day.",
    )
    reasons = fields.Json(readonly=True)
    reason = fields.Char("Why", compute="_compute_reason")
    price = fields.Monetary(
        "Own Price",
        currency_field="price_currency_id",
        compute="_compute_price",
        help="What a new quotation would have for this quantity: by the reseller's"
        " price list, taxes in it adapted to its country.",
    )
    price_currency_id = fields.Many2one("res.currency", compute="_compute_price")

    @property
    def _table_query(self):
        product_ids = self.env.context.get("prm_product_ids") or []
        product_ids = [one for one in product_ids if type(one) is int]
        return self._prm_get_pairs_query(product_ids)

    @api.depends("reasons", "last_date", "quoted", "rest_until")
    @api.depends_context("lang")
    def _compute_reason(self):
        """What speaks against it comes first."""
        named = set().union(*(self._prm_get_reason_products(r.reasons) for r in self))
        # sudo - product.product: a name, of a product that the company sells
        names = self.env["product.product"].sudo().browse(named).exists()
        names = names._prm_get_names()
        for row in self:
            days = row.last_date and (row.company_id._prm_get_today() - row.last_date)
            sentences = self._prm_render_reasons(
                row.reasons, names, days.days if days else None
            )
            row.reason = " · ".join(filter(None, [row._prm_say_obstacle(), *sentences]))

    def _prm_say_obstacle(self):
        """:return: in words what of the row itself speaks against a quotation"""
        self.ensure_one()
        if self.quoted:
            return self.env._("Stands in an open quotation")
        if self.rest_until:
            return self.env._(
                "Dismissed, rests until %(day)s",
                day=format_date(self.env, self.rest_until),
            )
        return ""

    @api.depends("relationship_id", "product_id", "quantity")
    @api.depends_context("uid", "allowed_company_ids")
    def _compute_price(self):
        prices = self.relationship_id._prm_get_own_prices(
            [(row.relationship_id, row.product_id, row.quantity) for row in self]
        )
        for row, price in zip(self, prices, strict=True):
            row.price = price["price"]
            row.price_currency_id = price["currency_id"]

    def _prm_get_obstacles(self):
        """:return: by row in words what speaks against a quotation, or nothing"""
        sellable = self.relationship_id._prm_get_sellable(self.product_id)
        refusal = self.env._("Not in the reseller's assortment")
        return {
            row: row._prm_say_obstacle()
            if row.product_id in sellable[row.relationship_id]
            else refusal
            for row in self
        }

    def _prepare_line_values(self, obstacle):
        """:return: values of the row as a line to make a quotation of"""
        self.ensure_one()
        if obstacle and obstacle != self._prm_say_obstacle():
            reason = f"{obstacle}; {self.reason}"
        else:
            reason = self.reason
        return {
            "relationship_id": self.relationship_id.id,
            "product_id": self.product_id.id,
            "usual": self.quantity,
            "probability": self.probability,
            "last_date": self.last_date,
            "last_quantity": self.last_quantity,
            "reason": reason,
        }

    # Opened for products

    @api.model
    def _prm_open(self, products):
        """:return: action that lists whom to offer these products"""
        self.check_access("read")
        if not products:
            raise UserError(self.env._("There is no product to offer."))
        if len(products) > PRODUCTS_LIMIT:
            raise UserError(
                self.env._(
                    "%(count)s products are chosen: at most %(limit)s are offered at a"
                    " time.",
                    count=len(products),
                    limit=PRODUCTS_LIMIT,
                )
            )
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "prm_partner_portal.prm_product_reseller_action"
        )
        several = len(products) > 1
        action["context"] = {
            "prm_product_ids": products.ids,
            "prm_several_products": several,
            "search_default_not_resting": 1,
        }
        action["display_name"] = (
            self.env._("Whom to offer: %(count)s products", count=len(products))
            if several
            else self.env._("Whom to offer: %(product)s", product=products.display_name)
        )
        return action

    # What to do with the list

    def action_open_relationship(self):
        self.ensure_one()
        relationship_id = self.id // ID_BASE
        self.env["prm.relationship"].browse(relationship_id).check_access("read")
        return {
            "type": "ir.actions.act_window",
            "res_model": "prm.relationship",
            "res_id": relationship_id,
            "view_mode": "form",
            "views": [(False, "form")],
        }

    def action_offer(self):
        """Work out what a quantity clears, for all that is listed or ticked.

        Called by the list, which says what is filtered (context: active_domain).
        """
        rows = self._prm_get_scoped()
        if not self:
            rows = rows._prm_find(
                Domain(self.env.context.get("active_domain") or []),
                limit=CANDIDATES_LIMIT,
            )
            if not rows:
                raise UserError(self.env._("There is nobody to offer this to."))
            return self.env["prm.product.offer"]._prm_start(rows)._prm_get_action()
        return self._prm_offer_ticked()

    def action_make_quotations(self):
        """Check the quantities of those that are ticked, then make quotations."""
        if not self:
            raise UserError(
                self.env._(
                    "Tick the resellers first, at most %(limit)s.",
                    limit=QUOTATIONS_LIMIT,
                )
            )
        return self._prm_offer_ticked()

    def _prm_offer_ticked(self):
        rows = self._prm_get_scoped()
        rows = rows._prm_find([("id", "in", self.ids)])
        if not rows:
            raise UserError(
                self.env._(
                    "These resellers are no longer in the list. Load the page again."
                )
            )
        self._prm_check_resellers(rows.relationship_id)
        offer = self.env["prm.product.offer"]._prm_start(rows, ticked=True)
        return offer._prm_get_action()

    @api.model
    def _prm_find(self, domain, **options):
        """Search and read in one statement: each reading works everything out."""
        names = [field.name for field in self._fields.values() if field.store]
        return self.search_fetch(domain, names, **options)

    def _prm_get_scoped(self):
        """:return: this model, of the products that the rows are about"""
        self.check_access("read")
        products = {row_id % ID_BASE for row_id in self.ids} or set(
            self.env.context.get("prm_product_ids") or []
        )
        return self.browse().with_context(prm_product_ids=sorted(products))

    @api.model
    def _prm_check_resellers(self, relationships):
        if len(relationships) > QUOTATIONS_LIMIT:
            raise UserError(
                self.env._(
                    "%(count)s resellers are ticked: quotations are made for at most"
                    " %(limit)s at a time. Untick some, or filter the list first, by"
                    " territory for example.",
                    count=len(relationships),
                    limit=QUOTATIONS_LIMIT,
                )
            )
