from datetime import timedelta

from odoo import fields, models
from odoo.tools import SQL

from .day_query import DUE_DAYS
from .offer_candidates import ARRIVAL_DAYS

ITEMS = 3
# So many are looked up, in case some cannot be delivered.
ITEMS_SEARCHED = 8
QUESTIONS = 4


class PrmDayCards(models.AbstractModel):
    """What stands on the cards: a few statements for all of them."""

    _name = "prm.day.cards.mixin"
    _description = "Cards of the Day List"

    def _day_get_cards(self, rows):
        """:param list rows: of _day_rate, as many as are shown
        :return: list of dicts that the page can show
        """
        if not rows:
            return []
        ids = [row["id"] for row in rows]
        items = self._day_get_items(ids)
        who = self._day_query_who(ids)
        questions = self._day_query_questions(ids)
        outcomes = self.env["prm.contact"]._fields["outcome"]
        outcomes = dict(outcomes._description_selection(self.env))
        callers = self.env["res.users"].sudo()
        callers = callers.browse({row["talk_user_id"] for row in rows} - {None})
        callers.partner_id.fetch(["name"])
        several = len(self.env.companies) > 1
        cards = []
        for row in rows:
            caller = callers.browse(row["talk_user_id"] or [])
            cards.append(
                {
                    **who[row["id"]],
                    "id": row["id"],
                    "company": several and who[row["id"]]["company"],
                    "currency_id": who[row["id"]]["currency_id"],
                    "color": row["color"] or "grey",
                    "pinned": row["pinned"],
                    "promised": row["promised"],
                    "settle": row["settle"],
                    "stake": row["stake"],
                    "last_order": fields.Date.to_string(row["last_order_date"]),
                    "last_contact": bool(row["talk_id"])
                    and {
                        "day": fields.Date.to_string(row["talk_date"]),
                        "outcome": outcomes[row["outcome"]],
                        "by": caller.name,
                    },
                    "why": self._day_say_why(row, items[row["id"]]),
                    "items": items[row["id"]][:ITEMS],
                    "questions": questions[row["id"]],
                }
            )
        return cards

    def _day_query_who(self, ids):
        """:return: by relationship id: name, company, currency, and whom to call: the
        reseller itself, else a contact of it that has a number"""
        rows = self.env.execute_query_dict(
            SQL(
                """
                SELECT r.id, r.partner_id, p.name, COALESCE(p.city, '') AS city,
                       COALESCE(NULLIF(p.phone, ''), contact.phone, '') AS phone,
                       CASE WHEN COALESCE(p.phone, '') = '' THEN contact.name END
                           AS contact,
                       c.name AS company, c.currency_id
                  FROM prm_relationship r
                  JOIN res_partner p ON p.id = r.partner_id
                  JOIN res_company c ON c.id = r.company_id
                  LEFT JOIN LATERAL (
                       SELECT k.name, k.phone
                         FROM res_partner k
                        WHERE k.parent_id = p.id AND k.active AND k.phone <> ''
                        ORDER BY k.type = 'contact' DESC, k.id
                        LIMIT 1) contact ON TRUE
                 WHERE r.id = ANY(%s)
                """,
                ids,
            )
        )
        return {row.pop("id"): row for row in rows}

    # Items

    def _day_get_items(self, ids):
        """What to offer first: what is due, then what is likeliest to be worth it.

        :return: by relationship id a list of dicts: product_id, name, quantity, due,
            reason
        """
        rows = self._day_query_items(ids)
        self._prm_fetch_products(rows)
        available = self._day_get_available(rows)
        items = {one: [] for one in ids}
        for row in rows:
            if (row["company_id"], row["product_id"]) not in available:
                continue
            reasons = self._prm_render_reasons(
                row["reasons"], row["names"], self._day_get_days_since(row)
            )
            items[row["relationship_id"]].append(
                {
                    "product_id": row["product_id"],
                    "name": row["name"],
                    "quantity": float(row["quantity"]),
                    "due": row["due"],
                    "reason": reasons[0] if reasons else "",
                }
            )
        return items

    def _day_get_days_since(self, row):
        """:return: since the last purchase, or None where no reason speaks of one: the
        reasons count until the run, and what was ordered since is not in the list
        """
        counted = (
            (reason.get("params") or {}).get("days_since")
            for reason in row["reasons"] or ()
        )
        days = next((days for days in counted if days is not None), None)
        return days if days is None else days + (row["age"] or 0)

    def _day_query_items(self, ids):
        """The same conditions as for the money at stake, and what can still be sold."""
        return self.env.execute_query_dict(
            SQL(
                """
                WITH company (id, today, zone, rate, green, amber) AS (
                    VALUES %(companies)s
                ), mine AS MATERIALIZED (
                    SELECT r.id, r.company_id, c.today, c.zone, h.date AS health_date
                      FROM prm_relationship r
                      JOIN company c ON c.id = r.company_id
                      LEFT JOIN prm_relationship_health h ON h.relationship_id = r.id
                     WHERE r.id = ANY(%(ids)s)
                ), %(orders)s, %(due)s, ranked AS (
                    SELECT x.relationship_id, mine.company_id, x.product_id,
                           x.quantity, x.reasons, mine.today - run.as_of AS age,
                           COALESCE(x.due_date <= mine.today + %(days)s, FALSE) AS due,
                           row_number() OVER (
                               PARTITION BY x.relationship_id
                               ORDER BY COALESCE(x.due_date <= mine.today + %(days)s,
                                                 FALSE) DESC,
                                        x.probability * x.quantity::float8
                                            * COALESCE(x.price, 0) DESC,
                                        x.id) AS place
                      FROM mine
                      JOIN prm_recommendation x ON x.relationship_id = mine.id
                      JOIN product_product p ON p.id = x.product_id AND p.active
                      JOIN product_template t ON t.id = p.product_tmpl_id AND t.sale_ok
                      LEFT JOIN prm_recommendation_run run ON run.id = x.run_id
                     WHERE NOT EXISTS (
                           SELECT FROM settled
                            WHERE settled.relationship_id = x.relationship_id
                              AND settled.product_id = x.product_id)
                )
                SELECT * FROM ranked
                 WHERE place <= %(searched)s
                 ORDER BY relationship_id, place
                """,
                companies=self._day_get_companies(),
                ids=ids,
                orders=self._day_get_orders_query(),
                due=self._day_get_due_query(),
                days=DUE_DAYS,
                searched=ITEMS_SEARCHED,
            )
        )

    def _day_get_available(self, rows):
        """:return: pairs (company id, product id) of what is in stock or comes soon"""
        until = fields.Datetime.now() + timedelta(days=ARRIVAL_DAYS)
        available = set()
        for company in self.env.companies.sudo():
            ids = {r["product_id"] for r in rows if r["company_id"] == company.id}
            products = self.env["product.product"].sudo().with_company(company)
            products = products.browse(ids)
            storable = products.filtered("product_tmpl_id.is_storable")
            warehouses = self.env["stock.warehouse"].sudo()
            warehouses = warehouses.search_fetch(
                [("company_id", "=", company.id)], ["view_location_id"]
            )
            stock = storable._prm_get_stock(warehouses.view_location_id, until)
            available |= {
                (company.id, product.id)
                for product in products
                if product not in storable or any(stock.get(product.id, ()))
            }
        return available

    # Open questions

    def _day_query_questions(self, ids):
        """:return: by relationship id what is open, in words, the most urgent first"""
        rows = self.env.execute_query_dict(
            SQL(
                """
                WITH company (id, today, zone, rate, green, amber) AS (
                    VALUES %(companies)s
                ), mine AS MATERIALIZED (
                    SELECT r.id, r.company_id, r.partner_id, c.today, c.zone
                      FROM prm_relationship r
                      JOIN company c ON c.id = r.company_id
                     WHERE r.id = ANY(%(ids)s)
                ), question AS (
                    %(questions)s
                )
                SELECT * FROM (
                    SELECT q.*, row_number() OVER (
                               PARTITION BY q.id ORDER BY q.late DESC, q.day, q.name)
                               AS place
                      FROM question q) placed
                 WHERE place <= %(limit)s
                 ORDER BY id, place
                """,
                companies=self._day_get_companies(),
                ids=ids,
                questions=self._day_get_questions_query(),
                limit=QUESTIONS,
            )
        )
        questions = {one: [] for one in ids}
        for row in rows:
            questions[row["id"]].append(
                {
                    "kind": row["kind"],
                    "late": row["late"],
                    "text": self._day_say_question(row),
                }
            )
        return questions

    def _day_get_questions_query(self):
        """Activities (a promised call is told otherwise), open quotations, deliveries
        that are late, overdue invoices.

        Amounts are of the reseller, whoever made the document: who calls must know
        what is owed.
        """
        return SQL(
            """
            SELECT mine.id, mine.company_id, 'activity' AS kind,
                   COALESCE(a.summary, '') AS name, a.date_deadline AS day,
                   NULL::float8 AS amount, a.date_deadline < mine.today AS late
              FROM mine
              JOIN mail_activity a ON a.res_id = mine.id
               AND a.res_model = 'prm.relationship' AND a.active
             WHERE NOT EXISTS (SELECT FROM prm_contact t
                                WHERE t.activity_id = a.id)
             UNION ALL
            SELECT mine.id, mine.company_id, 'quotation', o.name,
                   (o.date_order AT TIME ZONE 'UTC' AT TIME ZONE mine.zone)::date,
                   (o.amount_untaxed / COALESCE(NULLIF(o.currency_rate, 0), 1))::float8,
                   FALSE
              FROM mine
              JOIN sale_order o ON o.prm_relationship_id = mine.id
             WHERE o.state IN ('draft', 'sent')
               AND (o.validity_date IS NULL OR o.validity_date >= mine.today)
             UNION ALL
            SELECT DISTINCT mine.id, mine.company_id, 'delivery', d.name,
                   (d.scheduled_date AT TIME ZONE 'UTC' AT TIME ZONE mine.zone)::date,
                   NULL::float8, TRUE
              FROM mine
              JOIN sale_order o ON o.prm_relationship_id = mine.id
              JOIN stock_picking d ON d.sale_id = o.id
              JOIN stock_picking_type k ON k.id = d.picking_type_id
             WHERE k.code = 'outgoing'
               AND d.state NOT IN ('draft', 'done', 'cancel')
               AND (d.scheduled_date AT TIME ZONE 'UTC' AT TIME ZONE mine.zone)::date
                   < mine.today
             UNION ALL
            SELECT mine.id, mine.company_id, 'invoice', '', min(v.invoice_date_due),
                   sum(v.amount_residual_signed)::float8, TRUE
              FROM mine
              JOIN res_partner p ON p.commercial_partner_id = mine.partner_id
              JOIN account_move v
                ON v.partner_id = p.id AND v.company_id = mine.company_id
             WHERE v.move_type IN ('out_invoice', 'out_refund')
               AND v.state = 'posted'
               AND v.payment_state IN ('not_paid', 'partial')
               AND v.invoice_date_due < mine.today
             GROUP BY mine.id, mine.company_id
            HAVING sum(v.amount_residual_signed) > 0
            """
        )
