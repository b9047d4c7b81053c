from datetime import datetime, time, timedelta, timezone
from zoneinfo import ZoneInfo

from dateutil.relativedelta import relativedelta

from odoo import fields, models
from odoo.tools import SQL

from .const import HEALTH_MONTHS

# A dismissal rests at once when lists are read; after this it leaves the next lists.
DISMISSED_DAYS = 7
RECENT_DAYS = 28


class PrmDataset(models.AbstractModel):
    """A company's sales as the library's files, by set-based SQL.

    The only place that knows both the database and the library's columns. The
    temporary tables live until the transaction ends and serve the health, too:

    - ``prm_dataset_relationship``: id, partner, tier, country, territory, segment
    - ``prm_dataset_product``: the product sold, the one that stands for it now
    - ``prm_dataset_order``: confirmed orders and their days
    - ``prm_dataset_line``: what was bought, returns subtracted
    - ``prm_dataset_allowed``: what may be offered to each segment
    """

    _name = "prm.dataset"
    _inherit = ["prm.dataset.product", "prm.dataset.return", "prm.dataset.attention"]
    _description = "Sales History for the Recommendations"

    # What counts

    def _get_conditions(self, company):
        """What is left out of the history and never offered.

        Conditions on products use the aliases ``p`` product_product and ``t`` its
        product_template and hold for what is offered and for what was bought, those
        on orders ``o`` sale_order, those on lines ``l`` sale_order_line.

        :param res.company company:
        :return: lists of SQL by "product", "order" and "line": all must hold
        :rtype: dict
        """
        product = [
            SQL("t.type <> 'combo'"),
            SQL("t.service_tracking <> 'partnership'"),
        ]
        if not company.prm_include_services:
            product.append(SQL("t.type <> 'service'"))
        if discount := company.sale_discount_product_id:
            product.append(SQL("p.id <> %s", discount.id))
        line = [
            SQL("l.display_type IS NULL"),
            SQL("l.is_downpayment IS NOT TRUE"),
            SQL("l.is_expense IS NOT TRUE"),
        ]
        return {"product": product, "order": [SQL("o.state = 'sale'")], "line": line}

    def _get_as_of(self, company):
        """The last day whose orders are known: today once half of it is over.

        A run at night would take the day that has just begun for a day without
        sales; a run in the afternoon should see the morning's orders.
        """
        now = fields.Datetime.now().replace(tzinfo=timezone.utc)
        local = now.astimezone(ZoneInfo(company._prm_get_timezone()))
        return (local.replace(tzinfo=None) - timedelta(hours=12)).date()

    def _get_window(self, company, months, until):
        """:return: first day of a window of months that ends with a day"""
        return until - relativedelta(months=months) + timedelta(days=1)

    # The tables

    def _prepare_tables(self, company):
        """Build the temporary tables of a company.

        :param res.company company:
        :return: number of lines that were read
        """
        self = self.sudo().with_company(company)
        company = company.sudo()
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                "SET LOCAL work_mem = '64MB'; SET LOCAL jit = off;"
                "DROP TABLE IF EXISTS prm_dataset_relationship, prm_dataset_product,"
                " prm_dataset_order, prm_dataset_line, prm_dataset_allowed"
            )
        )
        conditions = self._get_conditions(company)
        self._create_relationships(company)
        self._create_products(company, conditions["product"])
        self._create_orders(company, conditions["order"])
        self._create_lines(conditions["line"])
        lines = self.env.cr.rowcount
        self._subtract_returns()
        return lines

    def _create_relationships(self, company):
        """Segments are the tiers and assortments that occur together."""
        self.env.cr.execute(
            SQL(
                """
                CREATE TEMP TABLE prm_dataset_relationship ON COMMIT DROP AS
                WITH known AS (
                    SELECT r.id, r.partner_id, r.grade_id, r.territory_id,
                           p.country_id,
                           ARRAY(SELECT a.prm_assortment_id
                                   FROM prm_assortment_prm_relationship_rel a
                                  WHERE a.prm_relationship_id = r.id
                                  ORDER BY 1) AS assortments
                      FROM prm_relationship r
                      JOIN res_partner p ON p.id = r.partner_id AND p.active
                     WHERE r.company_id = %s
                       AND r.active
                       AND r.state IN ('candidate', 'active', 'suspended')
                )
                SELECT id, partner_id, grade_id, territory_id, country_id,
                       dense_rank() OVER (ORDER BY grade_id, assortments) AS segment
                  FROM known
                """,
                company.id,
            )
        )
        self.env.cr.execute(SQL("ANALYZE prm_dataset_relationship"))

    def _create_orders(self, company, conditions):
        """Confirmed orders up to now, with the company's day of each."""
        zone = company._prm_get_timezone()
        today = company._prm_get_today()
        months = max(company.prm_history_months, HEALTH_MONTHS)
        since = self._get_window(company, months, today)
        self.env.cr.execute(
            SQL(
                """
                CREATE TEMP TABLE prm_dataset_order ON COMMIT DROP AS
                SELECT o.id, o.prm_relationship_id AS relationship_id,
                       o.date_order AS moment,
                       (o.date_order AT TIME ZONE 'UTC' AT TIME ZONE %(zone)s)::date
                           AS day,
                       COALESCE(NULLIF(o.currency_rate, 0), 1) AS rate
                  FROM sale_order o
                  JOIN prm_dataset_relationship r ON r.id = o.prm_relationship_id
                 WHERE o.company_id = %(company)s
                   AND o.date_order >= %(since)s
                   AND o.date_order < %(until)s
                   AND %(conditions)s
                """,
                zone=zone,
                company=company.id,
                since=self._get_utc(since, zone),
                until=self._get_utc(today + timedelta(days=1), zone),
                conditions=SQL(" AND ").join(conditions),
            )
        )
        self.env.cr.execute(SQL("ANALYZE prm_dataset_order"))

    def _create_lines(self, conditions):
        """One row for each line sold, negative ones included."""
        self.env.cr.execute(
            SQL(
                """
                CREATE TEMP TABLE prm_dataset_line ON COMMIT DROP AS
                SELECT l.id AS line_id, o.id AS order_id, o.relationship_id,
                       m.product_id, o.moment, o.day,
                       (l.product_uom_qty * u.factor / m.factor)::float8 AS quantity,
                       (l.price_subtotal / o.rate)::float8 AS amount
                  FROM prm_dataset_order o
                  JOIN sale_order_line l ON l.order_id = o.id
                  JOIN prm_dataset_product m ON m.source_id = l.product_id
                  JOIN uom_uom u ON u.id = l.product_uom_id
                 WHERE l.product_uom_qty <> 0
                   AND %s
                """,
                SQL(" AND ").join(conditions),
            )
        )

    def _get_utc(self, day, zone):
        """:return: the moment at which a day of the company begins, naive in UTC"""
        begin = datetime.combine(day, time.min, tzinfo=ZoneInfo(zone))
        return begin.astimezone(timezone.utc).replace(tzinfo=None)

    # The files

    def _write_files(self, company, folder, as_of):
        """Write the library's files from the temporary tables.

        :param res.company company:
        :param Path folder: where the files go
        :param date as_of: last day whose orders are known
        :return: rows of each file, by its name
        :rtype: dict
        """
        self = self.sudo().with_company(company)
        self._create_allowed(company.sudo())
        since = self._get_window(company, company.sudo().prm_history_months, as_of)
        queries = {
            "orders.csv": self._get_orders_query(since, as_of),
            "products.csv": self._get_products_query(company),
            "resellers.csv": SQL(
                "SELECT id AS reseller, grade_id AS tier, country_id AS country,"
                " territory_id AS territory, segment FROM prm_dataset_relationship"
            ),
            "allowed.csv": SQL(
                "SELECT segment, product_id AS product FROM prm_dataset_allowed"
            ),
            "exclude.csv": self._get_exclude_query(as_of),
        }
        return {
            name: self._copy(query, folder / name) for name, query in queries.items()
        }

    def _count_bought(self, company, as_of):
        """:return: orders of the last 28 days, and resellers with orders at all"""
        since = self._get_window(company, company.sudo().prm_history_months, as_of)
        ((orders, buyers),) = self.env.execute_query(
            SQL(
                """
                SELECT count(*) FILTER (WHERE day > %(recent)s),
                       count(DISTINCT relationship_id)
                  FROM prm_dataset_order
                 WHERE day BETWEEN %(since)s AND %(as_of)s
                """,
                recent=as_of - timedelta(days=RECENT_DAYS),
                since=since,
                as_of=as_of,
            )
        )
        return {"recent_order_count": orders, "buyer_count": buyers}

    def _get_orders_query(self, since, as_of):
        return SQL(
            """
            SELECT relationship_id AS reseller, product_id AS product,
                   order_id AS order, day AS date, quantity,
                   round(amount::numeric, 4) AS amount
              FROM prm_dataset_line
             WHERE day BETWEEN %s AND %s
            """,
            since,
            as_of,
        )

    def _get_exclude_query(self, as_of):
        """What a reseller dismissed and still rests, and what is new and was declined
        or shown in vain.

        What was too dear stays in the lists: it is offered again when its price has
        fallen, which is known when a list is read.
        """
        return SQL(
            """
            SELECT DISTINCT e.relationship_id AS reseller, e.product_id AS product
              FROM prm_recommendation_event e
              JOIN prm_dataset_relationship r ON r.id = e.relationship_id
             WHERE e.type = 'dismissed'
               AND e.reason IS DISTINCT FROM 'price'
               AND e.rest_until > %(as_of)s
               AND e.date <= %(before)s
               AND NOT EXISTS (SELECT 1 FROM prm_recommendation_event u
                                WHERE u.undone_id = e.id)
             UNION
            (%(vain)s)
            """,
            as_of=as_of,
            before=as_of - timedelta(days=DISMISSED_DAYS),
            vain=self._get_vain_query(as_of),
        )

    def _copy(self, query, path):
        """Let PostgreSQL write a query's rows to a file; memory stays bounded.

        :return: number of rows
        """
        cr = self.env.cr
        statement = cr.mogrify(
            SQL("COPY (%s) TO STDOUT WITH (FORMAT csv, HEADER)", query)
        )
        with path.open("wb") as file:
            cr.copy_expert(statement.decode(), file)
        return cr.rowcount
