from datetime import timedelta

from psycopg2.errors import UniqueViolation

from odoo import api, fields, models
from odoo.exceptions import ConcurrencyError, UserError, ValidationError
from odoo.tools import SQL, mute_logger

from .const import DISMISS_REASONS, EVENT_TYPES, KINDS, MANAGER_GROUP, SOURCES

# Days that a dismissed product rests; "enough" asks the reseller's own rhythm.
REST_DAYS = {"range": 365, "price": 90, "elsewhere": 60, "wrong": 180}
ENOUGH_DAYS = (30, 60, 120)  # at least, unknown, at most
# An offer made while the quotation was not saved yet belongs to it.
UNSAVED_HOURS = timedelta(hours=12)
EXPIRED_WITHIN = timedelta(days=28)
REVOCABLE = ("dismissed", "offered")
NOTE_LENGTH = 500


class PrmRecommendationEvent(models.Model):
    """What people did with recommendations: append-only."""

    _name = "prm.recommendation.event"
    _description = "Recommendation Event"
    _order = "id desc"
    _rec_name = "product_id"

    relationship_id = fields.Many2one(
        "prm.relationship", "Reseller", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one("res.company", required=True, index=True)
    product_id = fields.Many2one("product.product", required=True, ondelete="cascade")
    user_id = fields.Many2one(
        "res.users", "By", required=True, default=lambda self: self.env.user
    )
    type = fields.Selection(EVENT_TYPES, required=True, index=True)
    date = fields.Date("Day", required=True, help="In the company's time zone.")
    source = fields.Selection(SOURCES, "Where")
    reason = fields.Selection(DISMISS_REASONS)
    note = fields.Char()
    rest_until = fields.Date(
        "Rests until", help="The product is not offered before this day."
    )
    kind = fields.Selection(KINDS)
    rank = fields.Integer(aggregator=None)
    probability = fields.Float(aggregator="avg")
    price = fields.Float(
        "Own Price",
        digits="Product Price",
        aggregator="avg",
        help="At the time of the event.",
    )
    price_currency_id = fields.Many2one("res.currency", "Currency of the Price")
    quantity = fields.Float(digits="Product Unit")
    amount = fields.Monetary(help="Of the order line, without taxes.")
    currency_id = fields.Many2one(related="company_id.currency_id")
    order_id = fields.Many2one(
        "sale.order", index="btree_not_null", ondelete="set null"
    )
    order_line_id = fields.Many2one(
        "sale.order.line", index="btree_not_null", ondelete="set null"
    )
    undone_id = fields.Many2one(
        "prm.recommendation.event",
        "Undoes",
        index="btree_not_null",
        ondelete="cascade",
    )

    _shown_once = models.UniqueIndex(
        "(relationship_id, product_id, user_id, date) WHERE type = 'shown'"
    )
    _product_day = models.Index("(product_id, date)")
    _acted = models.Index("(relationship_id, product_id) WHERE type <> 'shown'")
    _ordered_once = models.UniqueIndex("(order_line_id) WHERE type = 'ordered'")
    _undone_once = models.UniqueIndex("(undone_id) WHERE type = 'undone'")

    def write(self, vals):
        if self:
            raise UserError(self.env._("What happened is not changed afterwards."))
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(self.env._("What happened is not deleted."))

    # Recording

    @api.model
    def _record_shown(self, relationship, product_ids, source):
        """Once per product, user and day, in one statement for all of them.

        :return: how many were new today
        """
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO prm_recommendation_event
                       (relationship_id, company_id, product_id, user_id, type, date,
                        source, kind, rank, probability,
                        create_uid, create_date, write_uid, write_date)
                SELECT r.relationship_id, r.company_id, r.product_id, %(user)s,
                       'shown', %(today)s, %(source)s, r.kind, r.rank, r.probability,
                       %(user)s, %(now)s, %(user)s, %(now)s
                  FROM prm_recommendation r
                 WHERE r.relationship_id = %(relationship)s
                   AND r.product_id = ANY(%(products)s)
                 ORDER BY r.product_id
                    ON CONFLICT (relationship_id, product_id, user_id, date)
                 WHERE type = 'shown' DO NOTHING
                """,
                user=self.env.uid,
                today=relationship._prm_get_today(),
                source=source,
                now=fields.Datetime.now(),
                relationship=relationship.id,
                products=list(product_ids),
            )
        )
        return self.env.cr.rowcount

    @api.model
    def _record(self, relationship, event_type, values_by_product):
        """Record what a person did with recommended products.

        A product that the nightly action took out of the list a moment ago still
        counts; one that was never recommended does not.

        :param dict values_by_product: further values by product id
        :return: the events
        """
        traces = {
            product_id: trace
            for (_relationship_id, product_id), trace in self._get_traces(
                relationship, values_by_product
            ).items()
        }
        unknown = set(values_by_product) - set(traces)
        if unknown:
            products = self.env["product.product"].sudo().browse(unknown)
            raise UserError(
                self.env._(
                    "%(products)s: not recommended to %(reseller)s.",
                    products=", ".join(products.mapped("display_name")),
                    reseller=relationship.display_name,
                )
            )
        # sudo - prm.recommendation.event: append-only, written by the server only
        return self.sudo().create(
            [
                {
                    "relationship_id": relationship.id,
                    "company_id": relationship.company_id.id,
                    "product_id": product_id,
                    "user_id": self.env.uid,
                    "type": event_type,
                    "date": relationship._prm_get_today(),
                    **traces[product_id],
                    **values,
                }
                for product_id, values in values_by_product.items()
            ]
        )

    @api.model
    def _get_traces(self, relationships, product_ids):
        """:return: by (relationship id, product id) what the recommendation said:
        kind, rank and probability, from the list as it is or as somebody last saw
        it"""
        if not relationships or not product_ids:
            return {}
        rows = self.env.execute_query_dict(
            SQL(
                """
                SELECT DISTINCT ON (relationship_id, product_id)
                       relationship_id, product_id, kind, rank, probability
                  FROM (
                    SELECT relationship_id, product_id, kind, rank, probability,
                           0 AS age, 0 AS id
                      FROM prm_recommendation
                     WHERE relationship_id = ANY(%(relationships)s)
                       AND product_id = ANY(%(products)s)
                    UNION ALL
                    SELECT relationship_id, product_id, kind, rank, probability,
                           1, -id
                      FROM prm_recommendation_event
                     WHERE relationship_id = ANY(%(relationships)s)
                       AND product_id = ANY(%(products)s)
                       AND type = 'shown'
                       AND date > %(since)s
                  ) trace
                 ORDER BY relationship_id, product_id, age, id
                """,
                relationships=relationships.ids,
                products=list(product_ids),
                since=relationships[0]._prm_get_today() - timedelta(days=30),
            )
        )
        return {
            (row.pop("relationship_id"), row.pop("product_id")): row for row in rows
        }

    # Declining

    @api.model
    def _record_declined(self, company, order_ids, user=None):
        """What was offered in quotations that came to nothing is declined.

        Marked as offered or added from the list to the quotation, or marked by its
        maker in the hours before it was first saved; not what was ordered, dismissed
        or taken back since.

        :param res.company company: of the quotations
        :param list order_ids: cancelled or expired quotations
        :param res.users user: who cancelled them, else who offered
        """
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO prm_recommendation_event
                       (relationship_id, company_id, product_id, user_id, type, date,
                        source, kind, rank, probability, order_id,
                        create_uid, create_date, write_uid, write_date)
                SELECT DISTINCT ON (o.id, e.product_id)
                       e.relationship_id, e.company_id, e.product_id,
                       COALESCE(%(user)s, e.user_id), 'declined', %(today)s,
                       COALESCE(e.source, 'order'), e.kind, e.rank, e.probability, o.id,
                       %(uid)s, %(now)s, %(uid)s, %(now)s
                  FROM sale_order o
                  JOIN prm_recommendation_event e
                    ON e.relationship_id = o.prm_relationship_id
                   AND e.type IN ('offered', 'added')
                   AND (e.order_id = o.id
                     OR (e.order_id IS NULL AND e.type = 'offered'
                         AND e.user_id = o.create_uid
                         AND e.create_date BETWEEN o.create_date - %(unsaved)s
                                               AND o.create_date))
                 WHERE o.id = ANY(%(orders)s)
                   AND o.company_id = %(company)s
                   AND NOT EXISTS (
                       SELECT FROM prm_recommendation_event later
                        WHERE later.relationship_id = e.relationship_id
                          AND later.product_id = e.product_id
                          AND later.id > e.id
                          AND later.type IN
                              ('ordered', 'declined', 'dismissed', 'undone'))
                 ORDER BY o.id, e.product_id, e.id DESC
                """,
                user=user.id if user else None,
                today=company._prm_get_today(),
                uid=self.env.uid,
                now=fields.Datetime.now(),
                unsaved=UNSAVED_HOURS,
                orders=list(order_ids),
                company=company.id,
            )
        )

    @api.model
    def _record_expired(self, company):
        """What was offered in quotations that expired lately is declined, too."""
        today = company._prm_get_today()
        orders = list(
            self.env["sale.order"]
            .sudo()
            ._search(
                [
                    ("company_id", "=", company.id),
                    ("state", "in", ("draft", "sent")),
                    ("prm_relationship_id", "!=", False),
                    ("validity_date", "<", today),
                    ("validity_date", ">=", today - EXPIRED_WITHIN),
                ]
            )
        )
        if orders:
            self._record_declined(company, orders)

    # Dismissing

    @api.model
    def _record_dismissed(self, relationship, product, reason, note, at_hand):
        """:return: the event, with the day until which its reason lets rest"""
        if reason not in dict(DISMISS_REASONS):
            raise ValidationError(
                self.env._(
                    "“%(found)s” is no reason to dismiss: one of %(allowed)s is.",
                    found=reason,
                    allowed=", ".join(dict(DISMISS_REASONS)),
                )
            )
        values = {
            "source": "order",
            "reason": reason,
            "note": str(note)[:NOTE_LENGTH] if note else False,
            "order_id": at_hand.order.id,
            "rest_until": relationship._prm_get_today()
            + timedelta(days=self._get_rest_days(relationship, product, reason)),
        }
        if reason == "price":
            stored = self.env["prm.recommendation"].sudo()
            stored = stored.search(
                [
                    ("relationship_id", "=", relationship.id),
                    ("product_id", "=", product.id),
                ]
            )
            quantity = stored.quantity or 1.0
            (price,) = relationship._prm_get_prices([(product.id, quantity)], at_hand)
            values |= {
                "quantity": quantity,
                "price": price["price"],
                "price_currency_id": at_hand.currency.id,
            }
        return self._record(relationship, "dismissed", {product.id: values})

    @api.model
    def _get_rest_days(self, relationship, product, reason):
        if reason != "enough":
            return REST_DAYS[reason]
        least, unknown, most = ENOUGH_DAYS
        interval = self._get_own_interval(relationship, product)
        return min(max(round(interval), least), most) if interval else unknown

    @api.model
    def _get_own_interval(self, relationship, product):
        """:return: median of the days between this reseller's orders of a product"""
        self.env.flush_all()
        rows = self.env.execute_query(
            SQL(
                """
                SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY gap)
                  FROM (
                    SELECT day - lag(day) OVER (ORDER BY day) AS gap
                      FROM (
                        SELECT DISTINCT (o.date_order AT TIME ZONE 'UTC'
                                         AT TIME ZONE %(zone)s)::date AS day
                          FROM sale_order o
                          JOIN sale_order_line l ON l.order_id = o.id
                         WHERE o.prm_relationship_id = %(relationship)s
                           AND o.state = 'sale'
                           AND l.product_id = %(product)s
                           AND l.product_uom_qty > 0
                      ) days
                  ) gaps
                 WHERE gap IS NOT NULL
                """,
                zone=relationship.company_id._prm_get_timezone(),
                relationship=relationship.id,
                product=product.id,
            )
        )
        return rows[0][0]

    def _undo(self):
        """:raise UserError: where there is nothing that could be undone"""
        self.ensure_one()
        if self.type not in REVOCABLE:
            raise UserError(self.env._("Only a dismissal or an offer can be undone."))
        if self.search_count([("undone_id", "=", self.id)], limit=1):
            return
        self._unlink_exclusions()
        values = {
            "relationship_id": self.relationship_id.id,
            "company_id": self.company_id.id,
            "product_id": self.product_id.id,
            "user_id": self.env.uid,
            "type": "undone",
            "date": self.relationship_id._prm_get_today(),
            "undone_id": self.id,
            **{name: self[name] for name in ("source", "kind", "rank", "probability")},
        }
        try:
            with mute_logger("odoo.sql_db"):
                self.create(values)
        except UniqueViolation as error:  # somebody else undid it in this moment
            raise ConcurrencyError(str(error)) from error

    def _unlink_exclusions(self):
        """Sell again what was excluded because of this dismissal.

        :raise UserError: for who may not: the product would stay away all the same
        """
        # sudo - prm.assortment.line: found for everybody, removed by managers only
        lines_sudo = self.env["prm.assortment.line"].sudo()
        lines_sudo = lines_sudo.search([("event_id", "=", self.id)])
        if lines_sudo and not self.env.user.has_group(MANAGER_GROUP):
            raise UserError(
                self.env._(
                    "The category “%(category)s” is not sold to %(reseller)s since this"
                    " was dismissed. Ask a manager to undo it.",
                    category=lines_sudo[0].category_id.display_name,
                    reseller=self.relationship_id.partner_id.name,
                )
            )
        lines_sudo.unlink()
