from dateutil.relativedelta import relativedelta

from odoo import fields, models
from odoo.tools import SQL
from odoo.tools.misc import format_date

from ..nightly.health import LEAST_ORDERS, LONG_HISTORY_DAYS, TREND_DAYS

MONTHS = 12
CATEGORIES_SHOWN = 6
PRODUCTS_SHOWN = 5
# Bought for the first time is what was first bought so lately, by somebody whose orders
# reach back so much further: of others everything would be new.
FRESH_DAYS = 28
KNOWN_DAYS = 182
# Rounding and one early order are no change of rhythm.
INTERVAL_CHANGE = 1.25


class PrmFiguresMixin(models.AbstractModel):
    """What a reseller bought, against last year, and what changed, from its orders.

    Turnover is that of Odoo's own sales analysis: all lines of confirmed orders,
    without taxes, in the company's currency; its days are the company's.
    """

    _name = "prm.figures.mixin"
    _description = "Figures of a Relationship"

    def _prm_get_figures(self, today):
        """:return: dict: months, total, categories, changes, and the days compared"""
        row = self._prm_query_figures(today)
        year = row["first_day"] and self._prm_is_long_known(row["first_day"], today)
        basis = "year" if year else "quarter"
        return {
            "basis": basis,
            "months": self._prm_get_months(row["months"] or [], today, year),
            "total": self._prm_compare(row["totals"][basis]),
            "categories": self._prm_get_categories(row["categories"] or [], basis),
            "changes": self._prm_get_changes(row, today),
        }

    def _prm_is_long_known(self, first_day, today):
        return (today - fields.Date.to_date(first_day)).days >= LONG_HISTORY_DAYS

    def _prm_query_figures(self, today):
        """One statement that reads the reseller's lines of two years once."""
        company = self.company_id.sudo()
        (row,) = self.env.execute_query_dict(
            SQL(
                """
                WITH first_order AS (
                    SELECT min(o.date_order AT TIME ZONE 'UTC'
                               AT TIME ZONE %(zone)s)::date AS day
                      FROM sale_order o
                     WHERE o.prm_relationship_id = %(relationship)s
                       AND o.state = 'sale'
                ), line AS MATERIALIZED (
                    SELECT l.product_id, t.categ_id, l.product_uom_qty AS quantity,
                           t.sale_ok AND t.active AND p.active AS sold,
                           (o.date_order AT TIME ZONE 'UTC'
                               AT TIME ZONE %(zone)s)::date AS day,
                           l.price_subtotal / COALESCE(NULLIF(o.currency_rate, 0), 1)
                               AS amount
                      FROM sale_order o
                      JOIN sale_order_line l ON l.order_id = o.id
                      JOIN product_product p ON p.id = l.product_id
                      JOIN product_template t ON t.id = p.product_tmpl_id
                     WHERE o.prm_relationship_id = %(relationship)s
                       AND o.state = 'sale'
                       AND l.display_type IS NULL
                       AND o.date_order > %(since)s
                ), dated AS (
                    SELECT *, day > %(year)s AS in_year,
                           day BETWEEN %(before_year)s + 1 AND %(year)s AS in_before,
                           day > %(quarter)s AS in_quarter,
                           day BETWEEN %(before_quarter)s + 1 AND %(quarter)s
                               AS in_quarter_before
                      FROM line
                     WHERE day <= %(today)s
                ), sums AS (
                    SELECT c.parent_path,
                           COALESCE(sum(amount) FILTER (WHERE in_year), 0) AS year,
                           COALESCE(sum(amount) FILTER (WHERE in_before), 0)
                               AS year_before,
                           COALESCE(sum(amount) FILTER (WHERE in_quarter), 0)
                               AS quarter,
                           COALESCE(sum(amount) FILTER (WHERE in_quarter_before), 0)
                               AS quarter_before
                      FROM dated
                      LEFT JOIN product_category c ON c.id = categ_id
                     GROUP BY c.id
                ), monthly AS (
                    SELECT to_char(day, 'YYYY-MM') AS month, sum(amount) AS amount,
                           sum(amount) FILTER (WHERE extract(day FROM day)
                                                   <= extract(day FROM %(today)s))
                               AS to_date
                      FROM dated GROUP BY 1
                ), order_gap AS (
                    SELECT day, day - lag(day) OVER (ORDER BY day) AS gap
                      FROM (SELECT DISTINCT day FROM dated WHERE quantity > 0) d
                ), rhythm AS (
                    SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY gap)
                               FILTER (WHERE day > %(quarter)s) AS now,
                           count(gap) FILTER (WHERE day > %(quarter)s) AS now_count,
                           percentile_cont(0.5) WITHIN GROUP (ORDER BY gap)
                               FILTER (WHERE day <= %(quarter)s) AS before,
                           count(gap) FILTER (WHERE day <= %(quarter)s)
                               AS before_count
                      FROM order_gap
                ), product_day AS (
                    SELECT product_id, sold, day, sum(amount) AS amount,
                           day - lag(day) OVER (PARTITION BY product_id ORDER BY day)
                               AS gap
                      FROM dated WHERE quantity > 0
                     GROUP BY product_id, sold, day
                ), product AS (
                    SELECT product_id, sold, min(day) AS first, max(day) AS last,
                           count(*) AS days, sum(amount) AS amount,
                           percentile_cont(0.5) WITHIN GROUP (ORDER BY gap)
                               AS interval
                      FROM product_day GROUP BY product_id, sold
                ), stopped AS (
                    SELECT product_id, last, interval, amount, count(*) OVER () AS total
                      FROM product
                     WHERE sold AND days >= %(least)s
                       AND %(today)s - last - interval > %(overdue)s * interval
                     ORDER BY amount DESC, product_id LIMIT %(limit)s
                ), fresh AS (
                    SELECT product_id, first, amount, count(*) OVER () AS total
                      FROM product
                     WHERE first > %(fresh)s
                       AND (SELECT day FROM first_order) <= %(known)s
                       AND product_id NOT IN (
                           SELECT l.product_id
                             FROM sale_order o
                             JOIN sale_order_line l ON l.order_id = o.id
                            WHERE o.prm_relationship_id = %(relationship)s
                              AND o.state = 'sale'
                              AND o.date_order <= %(since)s
                              AND l.product_id IS NOT NULL)
                     ORDER BY amount DESC, product_id LIMIT %(limit)s
                )
                SELECT (SELECT day FROM first_order) AS first_day,
                       (SELECT json_agg(monthly) FROM monthly) AS months,
                       (SELECT json_agg(sums) FROM sums) AS categories,
                       (SELECT json_build_object(
                           'year', json_build_array(
                               COALESCE(sum(year), 0), COALESCE(sum(year_before), 0)),
                           'quarter', json_build_array(
                               COALESCE(sum(quarter), 0),
                               COALESCE(sum(quarter_before), 0)))
                          FROM sums) AS totals,
                       (SELECT row_to_json(rhythm) FROM rhythm) AS rhythm,
                       (SELECT json_agg(stopped) FROM stopped) AS stopped,
                       (SELECT json_agg(fresh) FROM fresh) AS fresh
                """,
                zone=company._prm_get_timezone(),
                relationship=self.id,
                # A day more: the zone decides on the day.
                since=today - relativedelta(years=2, days=1),
                today=SQL("%s::date", today),
                year=SQL("%s::date", today - relativedelta(years=1)),
                before_year=SQL("%s::date", today - relativedelta(years=2)),
                quarter=SQL("%s::date", today - relativedelta(days=TREND_DAYS)),
                before_quarter=SQL(
                    "%s::date", today - relativedelta(days=2 * TREND_DAYS)
                ),
                fresh=SQL("%s::date", today - relativedelta(days=FRESH_DAYS)),
                known=SQL(
                    "%s::date", today - relativedelta(days=FRESH_DAYS + KNOWN_DAYS)
                ),
                least=LEAST_ORDERS,
                overdue=company.prm_range_overdue,
                limit=PRODUCTS_SHOWN,
            )
        )
        return row

    # Turnover

    def _prm_compare(self, amounts):
        """:return: dict: now, before, change (None where there is nothing before)"""
        now, before = amounts
        change = now / before - 1 if before > 0 else None
        return {"now": now, "before": before, "change": change}

    def _prm_get_months(self, rows, today, compared):
        """Twelve months, the present one last and, as a year ago, up to today.

        :param bool compared: whether the year before is known
        """
        found = {row["month"]: row for row in rows}
        months = []
        for back in reversed(range(MONTHS)):
            month = today.replace(day=1) - relativedelta(months=back)
            before = month - relativedelta(years=1)
            before = found.get(f"{before:%Y-%m}", {}) if compared else {}
            months.append(
                {
                    "label": format_date(self.env, month, date_format="MMM yy"),
                    "now": found.get(f"{month:%Y-%m}", {}).get("amount") or 0.0,
                    "before": before.get("amount" if back else "to_date") or 0.0,
                }
            )
        return months

    def _prm_get_categories(self, rows, basis):
        """The categories that count most, at the level where there is more than one.

        A tree often has one root that says nothing ("All"), and leaves by the hundred.
        """
        paths = [
            [int(one) for one in (row["parent_path"] or "").split("/") if one]
            for row in rows
        ]
        longest = max(map(len, paths), default=0)
        keys = [0] * len(rows)
        for depth in range(1, longest + 1):
            keys = [path[:depth][-1] if path else 0 for path in paths]
            if len(set(keys)) > 1:
                break
        sums = {}
        for key, row in zip(keys, rows, strict=True):
            now, before = sums.get(key, (0.0, 0.0))
            sums[key] = (now + row[basis], before + row[f"{basis}_before"])
        return self._prm_order_categories(sums)

    def _prm_order_categories(self, sums):
        ordered = sorted(sums.items(), key=lambda one: (-max(one[1]), one[0]))
        ordered = [one for one in ordered if any(one[1])]
        shown, rest = ordered[:CATEGORIES_SHOWN], ordered[CATEGORIES_SHOWN:]
        # sudo - product.category: the names of what the reseller bought
        categories = self.env["product.category"].sudo()
        categories = categories.browse(key for key, _amounts in shown)
        result = [
            {
                "name": (key and category.name) or self.env._("No category"),
                **self._prm_compare(amounts),
            }
            for category, (key, amounts) in zip(categories, shown, strict=True)
        ]
        if rest:
            both = [sum(side) for side in zip(*(one[1] for one in rest), strict=True)]
            name = self.env._("%(count)s others", count=len(rest))
            result.append({"name": name, **self._prm_compare(both)})
        return result

    # What changed

    def _prm_get_changes(self, row, today):
        """:return: dict: stopped, fresh (total and rows with name and sentence), and
        rhythm (a sentence, or False where it is as before)"""
        stopped, fresh = row["stopped"] or [], row["fresh"] or []
        named = [one["product_id"] for one in stopped + fresh]
        # sudo - product.product: the names of what the reseller bought
        products = self.env["product.product"].sudo().with_context(active_test=False)
        names = products.browse(named)._prm_get_names() if named else {}
        for one in stopped:
            one["text"] = self.env._(
                "used to buy %(every)s, last %(ago)s",
                every=self.env["prm.reasons.mixin"]._prm_say_every(one["interval"]),
                ago=self._prm_ago(one["last"], today),
            )
        for one in fresh:
            one["text"] = self.env._(
                "first bought %(ago)s", ago=self._prm_ago(one["first"], today)
            )
        return {
            key: {
                "total": rows[0]["total"] if rows else 0,
                "rows": [
                    {
                        "id": one["product_id"],
                        "name": names[one["product_id"]],
                        "text": one["text"],
                    }
                    for one in rows
                ],
            }
            for key, rows in (("stopped", stopped), ("fresh", fresh))
        } | {"rhythm": self._prm_get_rhythm_change(row["rhythm"])}

    def _prm_ago(self, day, today):
        days = (today - fields.Date.to_date(day)).days
        return self.env["prm.reasons.mixin"]._prm_say_ago(days)

    def _prm_get_rhythm_change(self, rhythm):
        if min(rhythm["now_count"], rhythm["before_count"]) < LEAST_ORDERS - 1:
            return False
        now, before = rhythm["now"], rhythm["before"]
        if max(now, before) < INTERVAL_CHANGE * min(now, before):
            return False
        say = self.env["prm.reasons.mixin"]._prm_say_every
        values = {"now": say(now), "before": say(before)}
        if now < before:
            return self.env._(
                "Orders more often: %(now)s, before it was %(before)s.", **values
            )
        return self.env._(
            "Orders less often: %(now)s, before it was %(before)s.", **values
        )
