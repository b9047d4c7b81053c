from datetime import timedelta

from odoo import fields, models
from odoo.tools import SQL

from ..const import ACTIONS, TESTED_DAYS, TESTED_REST_DAYS, TESTED_WITHIN_DAYS

RETURN_DAYS = 60
ARRIVAL_DAYS = 30
JUST_BOUGHT_DAYS = 14
PRICE_FALL = 0.05
TESTED_REST = timedelta(days=TESTED_REST_DAYS)
TESTED_WITHIN = timedelta(days=TESTED_WITHIN_DAYS)
OFFERED_REMEMBERED = 28
PRODUCT_FIELDS = ("product_tmpl_id", "default_code", "combination_indices")
TEMPLATE_FIELDS = (
    "name",
    "type",
    "is_storable",
    "uom_id",
    "categ_id",
    "list_price",
    "company_id",
    "prm_sales_pack",
)


class PrmOfferCandidatesMixin(models.AbstractModel):
    """Which recommendations may be offered now: checked when the list is read."""

    _name = "prm.offer.candidates.mixin"
    _description = "Offers that may be Made to a Reseller"

    def _prm_get_candidates(self, at_hand, marks=None):
        """Everything that may be offered for the order at hand, best first.

        :param OrderAtHand at_hand:
        :param Marks marks: what stands out for it, in the list or added to it (these
            have ``extra``)
        :return: list of dicts: product_id, kind, rank, probability, quantity (what
            is still missing, in the product's unit), reasons, due_date, name, names
            (of the products in its reasons, by id), offered_id, tired, just_bought,
            free (None where stock does not matter), arrival, and those of
            _prm_get_dealings
        """
        self.env.flush_all()
        resting = at_hand.resting
        candidates = [
            candidate
            for candidate in self._prm_query_candidates(at_hand, marks)
            if self._prm_is_wanted(candidate, resting)
        ]
        self._prm_wake_cheaper(candidates, resting, at_hand)
        candidates = [one for one in candidates if not one.pop("asleep", False)]
        self._prm_add_stock(candidates, at_hand)
        candidates = [one for one in candidates if self._prm_is_available(one)]
        self._prm_add_attention(candidates, at_hand.today)
        for one in candidates:
            one["just_bought"] = self._prm_is_just_bought(one, at_hand)
        candidates.sort(
            key=lambda one: (
                one["tired"],
                one["just_bought"],
                one["rank"],
                one["product_id"],
            )
        )
        return candidates

    def _prm_is_just_bought(self, candidate, at_hand):
        """Likely as it is to be bought again, nobody would name what the reseller has
        on its shelf: bought within two weeks, and nearer to that day than to the day
        when it is due again."""
        days, due_date = candidate["days_since"], candidate["due_date"]
        if days is None or days > JUST_BOUGHT_DAYS:
            return False
        return not due_date or days < (due_date - at_hand.today).days

    def _prm_query_candidates(self, at_hand, marks=None):
        """The stored list without what the order at hand, the assortment, other
        orders or a return rule out.

        Several small statements: one large one takes longer to plan than to run.
        """
        products = marks.products if marks else self._prm_get_sold_products(at_hand)
        rows = self.env.execute_query_dict(
            SQL(
                """
                SELECT r.product_id, r.kind, r.rank, r.probability, r.quantity,
                       r.due_date, r.reasons
                  FROM prm_recommendation r
                 WHERE r.relationship_id = %(relationship)s
                   AND r.product_id IN %(products)s
                   AND r.product_id <> ALL(%(present)s)
                """,
                relationship=self.id,
                products=products,
                present=list(at_hand.product_ids),
            )
        )
        if marks:
            self._prm_mark(rows, marks)
        self._prm_fetch_products(rows)
        product_ids = [row["product_id"] for row in rows]
        dealings = self._prm_get_dealings(product_ids, at_hand)
        returned = self._prm_get_returned(product_ids)
        for row in rows:
            row |= dealings[row["product_id"]]
            self._prm_complete_extra(row)
            row["quantity"] -= row["pending"]
        return [row for row in rows if row["product_id"] not in returned]

    def _prm_fetch_products(self, candidates):
        """Read the few columns that lists and prices need: products have a hundred.

        The products that reasons name are read with them, so that the number of
        statements does not depend on the reasons.
        """
        named = [self._prm_get_reason_products(one["reasons"]) for one in candidates]
        needed = {one["product_id"] for one in candidates}.union(*named)
        products = self.env["product.product"].sudo().with_context(active_test=False)
        products = products.search_fetch(
            [("id", "in", list(needed))], PRODUCT_FIELDS, order="id"
        )
        products.product_tmpl_id.fetch(TEMPLATE_FIELDS)
        products.product_tmpl_id.uom_id.fetch(["name", "factor"])
        names = products._prm_get_names()
        for candidate, others in zip(candidates, named, strict=True):
            candidate["name"] = names[candidate["product_id"]]
            candidate["names"] = {one: names[one] for one in others if one in names}

    def _prm_get_returned(self, product_ids):
        """:return: ids of the products that the reseller sent back lately"""
        rows = self.env.execute_query(
            SQL(
                """
                SELECT m.product_id
                  FROM stock_move m
                 WHERE m.origin_returned_move_id IS NOT NULL
                   AND m.product_id = ANY(%(products)s)
                   AND m.date >= %(since)s
                   AND m.state = 'done'
                   AND EXISTS (
                       SELECT FROM stock_location source
                        WHERE source.id = m.location_id
                          AND source.usage = 'customer')
                   AND EXISTS (
                       SELECT FROM sale_order_line l
                         JOIN sale_order o ON o.id = l.order_id
                        WHERE l.id = m.sale_line_id
                          AND o.prm_relationship_id = %(relationship)s)
                """,
                products=product_ids,
                since=fields.Datetime.now() - timedelta(days=RETURN_DAYS),
                relationship=self.id,
            )
        )
        return {product_id for (product_id,) in rows}

    # Dismissed

    def _prm_get_resting(self, today):
        """:return: by product id, the dismissals that still hold, newest last"""
        rows = self.env.execute_query_dict(
            SQL(
                """
                SELECT e.id, e.product_id, e.reason, e.rest_until, e.note,
                       e.price, e.price_currency_id, e.quantity
                  FROM prm_recommendation_event e
                 WHERE e.relationship_id = %s
                   AND e.type = 'dismissed'
                   AND e.rest_until > %s
                   AND NOT EXISTS (
                       SELECT FROM prm_recommendation_event u
                        WHERE u.undone_id = e.id AND u.type = 'undone')
                 ORDER BY e.id
                """,
                self.id,
                today,
            )
        )
        resting = {}
        for row in rows:
            resting.setdefault(row["product_id"], []).append(row)
        return resting

    def _prm_is_wanted(self, candidate, resting):
        """Not on the way in full, and not dismissed for good."""
        dismissals = resting.get(candidate["product_id"], ())
        return candidate["quantity"] > 0 and all(
            dismissal["reason"] == "price" and dismissal["price"]
            for dismissal in dismissals
        )

    def _prm_wake_cheaper(self, candidates, resting, at_hand):
        """What was too dear comes back when its own price has fallen enough.

        Compared is the price of the quantity that was refused.
        """
        dear = [one for one in candidates if one["product_id"] in resting]
        if not dear:
            return
        dismissals = [resting[one["product_id"]][-1] for one in dear]
        prices = self._prm_get_prices(
            [(one["product_id"], one["quantity"]) for one in dismissals], at_hand
        )
        for candidate, dismissal, price in zip(dear, dismissals, prices, strict=True):
            currency = self.env["res.currency"].browse(dismissal["price_currency_id"])
            before = (currency or self.company_id.currency_id)._convert(
                dismissal["price"],
                at_hand.currency,
                self.company_id,
                at_hand.date,
                round=False,
            )
            candidate["asleep"] = price["price"] > before * (1 - PRICE_FALL) + 1e-9

    # In stock

    def _prm_add_stock(self, candidates, at_hand):
        """Add what is free in the order's warehouse, and when more comes.

        Free is None where stock does not matter.
        """
        products = (
            self.env["product.product"]
            .sudo()
            .with_company(self.company_id)
            .browse(one["product_id"] for one in candidates)
        )
        storable = products.filtered("product_tmpl_id.is_storable")
        stock = storable._prm_get_stock(
            at_hand.location or self._prm_get_locations(),
            fields.Datetime.now() + timedelta(days=ARRIVAL_DAYS),
        )
        for candidate in candidates:
            free, arrival = stock.get(candidate["product_id"], (None, None))
            candidate["free"] = free
            candidate["arrival"] = arrival

    def _prm_get_locations(self):
        warehouses = self.env["stock.warehouse"].sudo()
        return warehouses.search_fetch(
            [("company_id", "=", self.company_id.id)], ["view_location_id"]
        ).view_location_id

    def _prm_is_available(self, candidate):
        free = candidate["free"]
        return free is None or free > 0 or bool(candidate["arrival"])

    # Shown in vain

    def _prm_add_attention(self, candidates, today):
        """Add what people did with each product: marked as offered, or nothing."""
        rows = self.env.execute_query_dict(
            SQL(
                """
                SELECT e.product_id,
                       array_agg(DISTINCT e.date ORDER BY e.date)
                           FILTER (WHERE e.type = 'shown') AS shown,
                       max(e.date) FILTER (WHERE e.type IN %(actions)s) AS action,
                       max(e.date) FILTER (WHERE e.type = 'declined') AS declined,
                       max(e.id) FILTER (
                           WHERE e.type = 'offered' AND e.date > %(remembered)s
                             AND NOT EXISTS (
                                 SELECT FROM prm_recommendation_event u
                                  WHERE u.undone_id = e.id)) AS offered_id
                  FROM prm_recommendation_event e
                 WHERE e.relationship_id = %(relationship)s
                   AND e.product_id = ANY(%(products)s)
                   AND e.date > %(since)s
                 GROUP BY e.product_id
                """,
                relationship=self.id,
                products=[one["product_id"] for one in candidates],
                actions=ACTIONS,
                remembered=today - timedelta(days=OFFERED_REMEMBERED),
                since=today - timedelta(days=365),
            )
        )
        attention = {row["product_id"]: row for row in rows}
        for candidate in candidates:
            found = attention.get(candidate["product_id"], {})
            candidate["offered_id"] = found.get("offered_id")
            candidate["tired"] = self._prm_is_tired(found, today)

    def _prm_is_tired(self, attention, today):
        """Declined lately, or shown on enough days since somebody acted.

        Enough are six within eight weeks; counted anew after each rest.
        """
        action, declined = attention.get("action"), attention.get("declined")
        if declined and declined == action and today < declined + TESTED_REST:
            return True
        rested, days = None, []
        for day in attention.get("shown") or ():
            if (action and day <= action) or (rested and day < rested):
                continue
            days.append(day)
            if len(days) >= TESTED_DAYS and day - days[-TESTED_DAYS] <= TESTED_WITHIN:
                rested, days = day + TESTED_REST, []
        return bool(rested and today < rested)
