from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL, format_date

from ..models.const import KINDS

PRODUCTS_LIMIT = 80
QUOTATIONS_LIMIT = 200
CANDIDATES_LIMIT = 20000
# Ids are made of two: relationship * ID_BASE + product. A browser counts to 2^53.
ID_BASE = 2**25


class PrmProductReseller(models.Model):
    """Whom to offer a product: who is likely to buy it, and who once did.

    The products stand in the context (prm_product_ids): nothing else is read.
    """

    _name = "prm.product.reseller"
    _inherit = ["prm.reasons.mixin"]
    _description = "Reseller to Offer a Product"
    _auto = False
    _order = "probability desc, expected desc, last_date desc nulls last, id"
    _rec_name = "relationship_id"
    _depends = {
        "prm.recommendation": ["relationship_id", "product_id", "probability"],
        "prm.recommendation.event": ["type", "rest_until", "undone_id"],
        "prm.relationship": ["state", "active", "user_id", "grade_id", "territory_id"],
        "product.template": ["prm_sales_pack", "uom_id"],
        "sale.order": ["state", "date_order", "validity_date", "prm_relationship_id"],
        "sale.order.line": ["order_id", "product_id", "product_uom_qty"],
    }

    relationship_id = fields.Many2one("prm.relationship", "Reseller", readonly=True)
    product_id = fields.Many2one("product.product", readonly=True)
    company_id = fields.Many2one("res.company", "Distributor", readonly=True)
    user_id = fields.Many2one("res.users", "Salesperson", readonly=True)
    territory_id = fields.Many2one("prm.territory", readonly=True)
    grade_id = fields.Many2one("res.partner.grade", "Tier", readonly=True)
    kind = fields.Selection([*KINDS, ("former", "Former Buyer")], readonly=True)
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
    last_date = fields.Date("Last Bought", readonly=True)
    last_quantity = fields.Float(
        "Last Quantity", digits="Product Unit", readonly=True, aggregator=None
    )
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
        help="By the reseller's price list, for this quantity, before taxes are"
        " adapted to its country.",
    )
    price_currency_id = fields.Many2one("res.currency", compute="_compute_price")

    @property
    def _table_query(self):
        product_ids = self.env.context.get("prm_product_ids") or []
        days = [
            (one.id, one._prm_get_timezone(), one._prm_get_today())
            for one in self.env.companies
        ]
        return SQL(
            """
            WITH product AS MATERIALIZED (
                SELECT p.id, u.factor, COALESCE(t.prm_sales_pack, 1) AS pack
                  FROM product_product p
                  JOIN product_template t ON t.id = p.product_tmpl_id
                  JOIN uom_uom u ON u.id = t.uom_id
                 WHERE p.id = ANY(%(products)s)
            ), company (id, zone, today) AS (
                VALUES %(days)s
            ), line AS MATERIALIZED (
                SELECT o.prm_relationship_id AS relationship_id, l.product_id, l.id,
                       o.id AS order_id, o.state, o.date_order, company.zone,
                       l.product_uom_qty * u.factor / product.factor AS quantity
                  FROM product
                  JOIN sale_order_line l ON l.product_id = product.id
                  JOIN sale_order o ON o.id = l.order_id
                  JOIN company ON company.id = o.company_id
                  JOIN uom_uom u ON u.id = l.product_uom_id
                 WHERE l.display_type IS NULL
                   AND l.product_uom_qty > 0
                   AND o.prm_relationship_id IS NOT NULL
                   AND (o.state = 'sale'
                     OR (o.state IN ('draft', 'sent')
                         AND (o.validity_date IS NULL
                              OR o.validity_date >= company.today)))
            ), bought AS (
                SELECT relationship_id, product_id,
                       COUNT(DISTINCT order_id) AS orders,
                       (MAX(date_order) AT TIME ZONE 'UTC'
                            AT TIME ZONE MIN(zone))::date AS last_date,
                       (array_agg(quantity ORDER BY date_order DESC, id DESC))[1]
                           AS last_quantity
                  FROM line
                 WHERE state = 'sale'
                 GROUP BY relationship_id, product_id
            ), quotation AS (
                SELECT relationship_id, product_id, SUM(quantity) AS quoted
                  FROM line
                 WHERE state <> 'sale'
                 GROUP BY relationship_id, product_id
            ), dismissed AS (
                SELECT e.relationship_id, e.product_id, MAX(e.rest_until) AS rest_until
                  FROM prm_recommendation_event e
                  JOIN company ON company.id = e.company_id
                 WHERE e.product_id = ANY(%(products)s)
                   AND e.type = 'dismissed'
                   AND e.rest_until > company.today
                   AND NOT EXISTS (
                       SELECT FROM prm_recommendation_event u
                        WHERE u.undone_id = e.id AND u.type = 'undone')
                 GROUP BY e.relationship_id, e.product_id
            ), pair AS (
                SELECT relationship_id, product_id, r.kind, r.probability, r.quantity,
                       r.due_date, r.reasons,
                       bought.orders, bought.last_date, bought.last_quantity
                  FROM (SELECT * FROM prm_recommendation
                         WHERE product_id = ANY(%(products)s)) r
                  FULL JOIN bought USING (relationship_id, product_id)
            ), offer AS (
                SELECT pair.*, rel.company_id, rel.user_id, rel.territory_id,
                       rel.grade_id, company.today,
                       CEIL((COALESCE(pair.quantity, pair.last_quantity)
                             / product.pack)::numeric - 1e-9) * product.pack AS packed
                  FROM pair
                  JOIN product ON product.id = pair.product_id
                  JOIN prm_relationship rel ON rel.id = pair.relationship_id
                   AND rel.state = 'active' AND rel.active
                  JOIN company ON company.id = rel.company_id
            )
            SELECT offer.relationship_id::bigint * %(base)s + offer.product_id AS id,
                   offer.relationship_id, offer.product_id, offer.company_id,
                   offer.user_id, offer.territory_id, offer.grade_id,
                   COALESCE(offer.kind, 'former') AS kind,
                   COALESCE(offer.probability, 0) AS probability,
                   offer.packed AS quantity,
                   COALESCE(offer.probability, 0) * offer.packed AS expected,
                   offer.due_date, offer.last_date, offer.last_quantity,
                   COALESCE(quotation.quoted, 0) AS quoted, dismissed.rest_until,
                   COALESCE(offer.reasons, jsonb_build_array(jsonb_build_object(
                       'code', 'usual', 'params', jsonb_build_object(
                           'orders', offer.orders,
                           'days_since', offer.today - offer.last_date)))) AS reasons
              FROM offer
              LEFT JOIN quotation USING (relationship_id, product_id)
              LEFT JOIN dismissed USING (relationship_id, product_id)
            """,
            products=[one for one in product_ids if type(one) is int],
            days=SQL(", ").join(SQL("(%s, %s, %s::date)", *day) for day in days),
            base=ID_BASE,
        )

    @api.depends("reasons", "last_date")
    @api.depends_context("lang")
    def _compute_reason(self):
        named = set().union(*(self._prm_get_reason_products(r.reasons) for r in self))
        # sudo - product.product: a name, of a product that the company sells
        names = self.env["product.product"].sudo().browse(named).exists()
        names = names._prm_get_names()
        for row in self:
            days = row.last_date and (row.company_id._prm_get_today() - row.last_date)
            sentences = self._prm_render_reasons(
                row.reasons, names, days.days if days else None
            )
            row.reason = "; ".join(sentences)

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
        obstacles = {}
        for row in self:
            obstacle = ""
            if row.product_id not in sellable[row.relationship_id]:
                obstacle = self.env._("Not in the reseller's assortment")
            elif row.quoted:
                obstacle = self.env._("Stands in an open quotation")
            elif row.rest_until:
                obstacle = self.env._(
                    "Dismissed, rests until %(day)s",
                    day=format_date(self.env, row.rest_until),
                )
            obstacles[row] = obstacle
        return obstacles

    def _prepare_line_values(self):
        """:return: values of the row as a line to make a quotation of"""
        self.ensure_one()
        return {
            "relationship_id": self.relationship_id.id,
            "product_id": self.product_id.id,
            "usual": self.quantity,
            "probability": self.probability,
            "last_date": self.last_date,
            "last_quantity": self.last_quantity,
            "reason": self.reason,
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
            rows = rows.search(
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
        rows = rows.search([("id", "in", self.ids)])
        if not rows:
            raise UserError(
                self.env._(
                    "These resellers are no longer in the list. Load the page again."
                )
            )
        self._prm_check_resellers(rows.relationship_id)
        offer = self.env["prm.product.offer"]._prm_start(rows, ticked=True)
        return offer._prm_get_action()

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
