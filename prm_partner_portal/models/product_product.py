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

    prm_reseller_count = fields.Integer(
        "Resellers to Offer to",
        compute="_compute_prm_reseller_count",
        groups=USER_GROUP,
        help="In how many resellers' lists the product stands.",
    )

    @api.depends_context("uid", "allowed_company_ids")
    def _compute_prm_reseller_count(self):
        counts = dict(
            self.env["prm.recommendation"]._read_group(
                [
                    ("product_id", "in", self.ids),
                    ("relationship_id.state", "=", "active"),
                ],
                ["product_id"],
                ["__count"],
            )
        )
        for product in self:
            product.prm_reseller_count = counts.get(product, 0)

    @api.depends_context("order_id", "uid", "lang", "allowed_company_ids")
    def _compute_prm_catalogue(self):
        relationship, candidates = self._prm_get_catalogue()
        places = {
            candidate["product_id"]: (place, candidate)
            for place, candidate in enumerate(candidates, start=1)
        }
        for product in self:
            place, candidate = places.get(product.id, (0, {}))
            product.prm_catalogue_rank = place
            product.prm_catalogue_kind = candidate.get("kind", False)
            product.prm_catalogue_recommended = bool(place)
            sentences = relationship._prm_render_reasons(
                candidate.get("reasons"),
                candidate.get("names"),
                candidate.get("days_since"),
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

    def action_prm_whom_to_offer(self):
        """Open whom to offer these products."""
        self.check_access("read")
        return self.env["prm.product.reseller"]._prm_open(self)

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

    def _prm_get_names(self):
        """:return: names, with the attributes of variants, by id"""
        names = {}
        for product in self:
            template = product.product_tmpl_id
            attributes = product.combination_indices and (
                product.product_template_attribute_value_ids._get_combination_name()
            )
            names[product.id] = (
                f"{template.name} ({attributes})" if attributes else template.name
            )
        return names

    def _prm_get_free(self, companies):
        """:return: by id the quantity that is free in all warehouses of companies"""
        # sudo - stock.warehouse: a quantity, of products that the user may read
        warehouses = self.env["stock.warehouse"].sudo()
        warehouses = warehouses.search([("company_id", "in", companies.ids)])
        stored = self.sudo().filtered("is_storable")
        stock = stored._prm_get_stock(
            warehouses.view_location_id, fields.Datetime.now()
        )
        return {one: stock.get(one, (0.0, None))[0] for one in self.ids}

    def _prm_find_rules(self, pricelists, date):
        """:return: the rules of several price lists for these products, at once"""
        rules = self.env["product.pricelist.item"]
        pricelist_ids = [pricelist.id for pricelist in pricelists if pricelist]
        if not pricelist_ids:
            return rules
        domain = self.env["product.pricelist"]._get_applicable_rules_domain(self, date)
        return rules.search_fetch(
            [
                ("pricelist_id", "in", pricelist_ids)
                if leaf[0] == "pricelist_id"
                else leaf
                for leaf in domain
            ]
        )

    def _prm_get_stock(self, locations, until):
        """What is free in locations and when more comes, in one statement.

        Core's own quantities read all moves of a product to forecast it, which is
        too much for a list that is read while a customer is on the phone. Glue
        addons extend this for kits and for what is made or bought to order.

        :param stock.location locations: with what is below them
        :param datetime until: later arrivals do not count
        :return: (free quantity, date of the next arrival as text or None) by id
        """
        if not self:
            return {}
        rows = self.env.execute_query(
            SQL(
                """
                WITH place AS MATERIALIZED (
                    SELECT l.id
                      FROM stock_location l
                      JOIN stock_location top
                        ON l.parent_path LIKE top.parent_path || '%%'
                     WHERE top.id = ANY(%(tops)s)
                )
                SELECT p.id,
                       (SELECT SUM(q.quantity - q.reserved_quantity)
                          FROM stock_quant q
                         WHERE q.product_id = p.id
                           AND q.location_id IN (SELECT id FROM place)),
                       (SELECT MIN(m.date)
                          FROM stock_move m
                         WHERE m.product_id = p.id
                           AND m.state IN ('waiting', 'confirmed', 'assigned',
                                           'partially_available')
                           AND m.date <= %(until)s
                           AND COALESCE(m.location_final_id, m.location_dest_id)
                               IN (SELECT id FROM place)
                           AND m.location_id NOT IN (SELECT id FROM place))
                  FROM unnest(%(products)s) p (id)
                """,
                tops=locations.ids,
                until=until,
                products=self.ids,
            )
        )
        return {
            product_id: (
                self.browse(product_id).product_tmpl_id.uom_id.round(free or 0.0),
                arrival and fields.Date.to_string(arrival.date()),
            )
            for product_id, free, arrival in rows
        }
