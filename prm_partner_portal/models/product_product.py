from odoo import api, fields, models
from odoo.tools import SQL

from .const import KINDS, USER_GROUP


class ProductProduct(models.Model):
    _inherit = "product.product"

    # Of the order that the product catalogue was opened from (context: order_id)
    prm_catalogue_rank = fields.Integer(
        "Recommended at",
        compute="_compute_prm_catalogue",
        groups=USER_GROUP,
    )
    prm_catalogue_kind = fields.Selection(
        KINDS, "Recommended as", compute="_compute_prm_catalogue", groups=USER_GROUP
    )
    prm_catalogue_reason = fields.Char(
        "Why", compute="_compute_prm_catalogue", groups=USER_GROUP
    )
    prm_catalogue_recommended = fields.Boolean(
        "Recommended",
        compute="_compute_prm_catalogue",
        search="_search_prm_catalogue_recommended",
        groups=USER_GROUP,
    )

    @api.depends_context("order_id", "uid", "lang", "allowed_company_ids")
    def _compute_prm_catalogue(self):
        relationship, candidates = self._prm_get_catalogue()
        places = {
            candidate["product_id"]: (place, candidate)
            for place, candidate in enumerate(candidates, start=1)
        }
        shown = [places[product.id][1] for product in self if product.id in places]
        named = set().union(
            *(relationship._prm_get_reason_products(one["reasons"]) for one in shown)
        )
        products = self.browse(named).exists()
        names = {product.id: product.display_name for product in products}
        for product in self:
            place, candidate = places.get(product.id, (0, {}))
            product.prm_catalogue_rank = place
            product.prm_catalogue_kind = candidate.get("kind", False)
            product.prm_catalogue_recommended = bool(place)
            sentences = relationship._prm_render_reasons(
                candidate.get("reasons"), names
            )
            product.prm_catalogue_reason = sentences[0] if sentences else False

    def _search_prm_catalogue_recommended(self, operator, value):
        if operator != "in":
            return NotImplemented
        _relationship, candidates = self._prm_get_catalogue()
        return [("id", "in", [candidate["product_id"] for candidate in candidates])]

    def _order_field_to_sql(self, alias, field_name, direction, nulls, query):
        """The place in the list of offers; what is not in it comes after."""
        if field_name != "prm_catalogue_rank":
            return super()._order_field_to_sql(
                alias, field_name, direction, nulls, query
            )
        _relationship, candidates = self._prm_get_catalogue()
        if not candidates:
            return SQL()
        return SQL(
            "array_position(%s::integer[], %s) %s %s",
            [candidate["product_id"] for candidate in candidates],
            SQL.identifier(alias, "id"),
            direction,
            nulls,
        )

    @api.model
    def _prm_get_catalogue(self):
        """:return: the relationship of the order at hand and what may be offered"""
        none = self.env["prm.relationship"], []
        order_id = self.env.context.get("order_id")
        if not isinstance(order_id, int) or not self.env.user.has_group(USER_GROUP):
            return none
        order = self.env["sale.order"].browse(order_id).exists()
        if not order or not order.has_access("read"):
            return none
        relationship = order._prm_get_catalogue_relationship()
        if not relationship:
            return none
        relationship = relationship.with_company(relationship.company_id)
        at_hand = relationship._prm_get_order_at_hand(
            {
                "order_id": order.id,
                "pricelist_id": order.pricelist_id.id,
                "warehouse_id": order.warehouse_id.id,
                "date_order": order.date_order,
            }
        )
        return relationship, relationship._prm_get_candidates(at_hand)

    def _prm_get_arrivals(self, until):
        """When more of each product comes into the warehouse at hand.

        :param datetime until: later arrivals do not count
        :return: date of the next one by product id, as text
        """
        if not self:
            return {}
        _quants, incoming, _outgoing = self._get_domain_locations()
        rows = self.env["stock.move"]._read_group(
            [
                ("product_id", "in", self.ids),
                (
                    "state",
                    "in",
                    ("waiting", "confirmed", "assigned", "partially_available"),
                ),
                ("date", "<=", until),
                *incoming,
            ],
            ["product_id"],
            ["date:min"],
        )
        return {
            product.id: fields.Date.to_string(fields.Date.to_date(date))
            for product, date in rows
        }
