"""Fifty orders by the ORM and by the loader: every stored column agrees.

Run: scripts/history needs a database with Odoo's apps, so
``ODOO_RC=.run/odoo.conf pytest --odoo-database=DB tests/history/test_oracle.py``.
"""

from __future__ import annotations

import datetime

import pandas as pd
from freezegun import freeze_time
from history import exemplar, past
from history_oracle import rows

from odoo.tests import TransactionCase, tagged

# Columns in which the two ways may differ, and why.
EXCEPTIONS = {
    "create_date": "the ORM stamps the writing, the loader the document's day",
    "write_date": "as create_date",
}

# Stored computed fields that a later write may have computed again.
COMPUTED = [
    "qty_delivered", "qty_invoiced", "qty_to_invoice", "invoice_status",
    "untaxed_amount_invoiced", "untaxed_amount_to_invoice", "price_subtotal",
    "price_total", "delivery_status", "effective_date", "amount_untaxed", "amount_tax",
    "amount_total", "amount_residual", "payment_state", "amount_untaxed_signed",
    "reconciled", "quantity", "product_qty",
]  # fmt: skip


@tagged("post_install", "-at_install")
class TestOracle(TransactionCase):
    @classmethod
    def setUpClass(cls) -> None:
        super().setUpClass()
        cls.env = cls.env(context=dict(cls.env.context, **exemplar.NOTHING_TO_TELL))
        cls.company = cls.env.company
        cls.company.country_id = cls.env.ref("base.de")
        cls._make_prices()
        cls._make_products()
        cls._make_partners()

    @classmethod
    def _make_prices(cls) -> None:
        euro = cls.env.ref("base.EUR")
        euro.active = True
        for day, rate in (("2025-01-01", 0.91), ("2026-03-10", 0.937)):
            cls.env["res.currency.rate"].create(
                {
                    "currency_id": euro.id,
                    "name": day,
                    "rate": rate,
                    "company_id": cls.company.id,
                }
            )
        cls.euros = cls.env["product.pricelist"].create(
            {"name": "Euro", "currency_id": euro.id, "company_id": cls.company.id}
        )

    @classmethod
    def _make_products(cls) -> None:
        env = cls.env
        second = env["account.tax"].create(
            {"name": "Levy 2.5%", "amount": 2.5, "type_tax_use": "sale"}
        )
        both = cls.company.account_sale_tax_id | second
        taxes = [
            cls.company.account_sale_tax_id,
            both,
            cls.company.account_sale_tax_id,
            second,
        ]
        cls.products = env["product.product"].create(
            [
                {
                    "name": f"Goods {number}",
                    "default_code": f"G{number}" if number % 3 else False,
                    "is_storable": True,
                    "list_price": 3.35 + 1.17 * number,
                    "standard_price": 2.05 + number,
                    "taxes_id": [(6, 0, taxes[number % 4].ids)],
                }
                for number in range(8)
            ]
        )
        stock = env["stock.warehouse"].search(
            [("company_id", "=", cls.company.id)], limit=1
        )
        for product in cls.products:
            env["stock.quant"]._update_available_quantity(
                product, stock.lot_stock_id, 10**6
            )

    @classmethod
    def _make_partners(cls) -> None:
        env = cls.env
        cls.salesperson = env["res.users"].create(
            {
                "name": "Sam Sales",
                "login": "oracle-sam",
                "group_ids": [(4, env.ref("sales_team.group_sale_salesman").id)],
            }
        )
        in_30_days = env.ref("account.account_payment_term_30days")
        cls.partners = env["res.partner"].create(
            [
                {
                    "name": f"Store {number}",
                    "is_company": True,
                    "country_id": env.ref(
                        "base.us" if number % 3 == 2 else "base.de"
                    ).id,
                    "property_payment_term_id": number % 2 and in_30_days.id,
                }
                for number in range(5)
            ]
        )

    def _plan(self) -> tuple[pd.DataFrame, pd.DataFrame]:
        """Fifty orders of one to nine lines, in an order that both ways share."""
        dozen, orders, lines = self.env.ref("uom.product_uom_dozen"), [], []
        start = datetime.datetime(2026, 3, 2, 9, 30)
        for number in range(50):
            day = start + datetime.timedelta(hours=9 * number)
            orders.append(
                {
                    "order": f"O{number:02d}",
                    "company_id": self.company.id,
                    "partner_id": self.partners[number % 5].id,
                    "user_id": self.salesperson.id,
                    "asked_pricelist_id": self.euros.id if number % 4 == 1 else 0,
                    "date_order": day,
                    "delivered": day + datetime.timedelta(days=1 + number % 3, hours=2),
                    "invoiced": day + datetime.timedelta(days=4, hours=1),
                    "paid": pd.NaT
                    if number % 4 == 3
                    else day + datetime.timedelta(days=21),
                }
            )
            for position in range(1 + number % 9):
                product = self.products[(number * 3 + position) % 8]
                twelve = (number + position) % 5 == 0
                lines.append(
                    {
                        "order": f"O{number:02d}",
                        "sequence": 10 + position,
                        "product_id": product.id,
                        "uom_id": dozen.id if twelve else product.uom_id.id,
                        "uom_factor": 12.0 if twelve else 1.0,
                        "quantity": float(1 + (number * position) % 17),
                        "price_unit": round(
                            product.list_price * (11.37 if twelve else 0.97), 2
                        ),
                        "discount": (0.0, 7.5, 12.35)[(number + position) % 3],
                        "name": product.get_product_multiline_description_sale(),
                    }
                )
        return pd.DataFrame(orders), pd.DataFrame(lines)

    def _by_the_orm(self, orders: pd.DataFrame, lines: pd.DataFrame) -> None:
        made = {}
        with freeze_time(orders["date_order"].min()) as clock:
            for row in orders.itertuples():
                clock.move_to(row.date_order)
                made[row.order] = self._confirmed(
                    row, lines[lines["order"] == row.order]
                )
            for row in orders.sort_values("delivered").itertuples():
                clock.move_to(row.delivered)
                self._deliver(made[row.order].picking_ids)
            for row in orders.sort_values("invoiced").itertuples():
                clock.move_to(row.invoiced)
                made[row.order]._create_invoices().action_post()
                self.env.flush_all()
            paid = orders[orders["paid"].notna() & (orders["asked_pricelist_id"] == 0)]
            for row in paid.sort_values("paid").itertuples():
                clock.move_to(row.paid)
                self._pay(made[row.order].invoice_ids)

    def _confirmed(self, row, lines: pd.DataFrame):
        values = lines.drop(columns=["order", "uom_factor", "name"]).rename(
            columns={"quantity": "product_uom_qty", "uom_id": "product_uom_id"}
        )
        head = {
            "partner_id": row.partner_id,
            "user_id": row.user_id,
            "date_order": row.date_order,
            "order_line": [(0, 0, line) for line in values.to_dict("records")],
        }
        if row.asked_pricelist_id:
            head["pricelist_id"] = row.asked_pricelist_id
        order = self.env["sale.order"].create(head)
        order.action_confirm()
        self.env.flush_all()
        return order

    def _deliver(self, pickings) -> None:
        for move in pickings.move_ids:
            move.write({"quantity": move.product_uom_qty, "picked": True})
        pickings.with_context(skip_backorder=True, skip_sms=True).button_validate()
        self.env.flush_all()

    def _pay(self, invoice) -> None:
        self.env["account.payment.register"].with_context(
            active_model="account.move", active_ids=invoice.ids
        ).create({})._create_payments()
        self.env.flush_all()

    def _last_ids(self) -> dict[str, int]:
        last = {}
        for table in rows.KEYS:
            self.env.cr.execute(f"SELECT COALESCE(MAX(id), 0) FROM {table}")  # noqa: S608
            last[table] = self.env.cr.fetchone()[0]
        return last

    def _restart_numbers(self) -> None:
        sequences = self.env["ir.sequence"].search([("prefix", "in", ("S", "WH/OUT/"))])
        for sequence in sequences:
            sequence.number_next = 501

    def test_rows_equal_when_written_both_ways(self) -> None:
        orders, lines = self._plan()
        last = self._last_ids()
        self.env.flush_all()
        self.env.cr.execute("SAVEPOINT by_the_orm")
        self._restart_numbers()
        self._by_the_orm(orders, lines)
        wanted = rows.snapshot(self.env.cr, last)
        self.env.invalidate_all(flush=False)
        self.env.cr.execute("ROLLBACK TO SAVEPOINT by_the_orm")
        # A second passes between two looks at the clock: no row depends on it.
        with freeze_time(datetime.datetime(2026, 3, 1), auto_tick_seconds=1):
            exemplars = {self.company.id: exemplar.make(self.env, self.company)}
        self._restart_numbers()
        before = rows.checks(self.env.cr)
        past.load_past(self.env, orders, lines, exemplars)
        self.assertEqual(rows.checks(self.env.cr), before)
        found = rows.snapshot(self.env.cr, last)
        self.maxDiff = None
        self.assertEqual(self._differences(wanted, found), [])
        self.assertEqual(len(wanted["sale_order"]), 50)

    def _loaded(self):
        orders, lines = self._plan()
        self.env.flush_all()
        exemplars = {self.company.id: exemplar.make(self.env, self.company)}
        past.load_past(self.env, orders, lines, exemplars, checked_at_end=False)
        mine = [("partner_id", "in", self.partners.ids)]
        return self.env["sale.order"].search(mine)

    def test_nothing_changes_when_everything_is_computed_again(self) -> None:
        orders = self._loaded()
        for records in (
            orders,
            orders.order_line,
            orders.picking_ids.move_ids,
            orders.invoice_ids,
            orders.invoice_ids.line_ids,
        ):
            fields = {name: records._fields.get(name) for name in COMPUTED}
            names = [
                name
                for name, one in fields.items()
                if one and one.store and one.compute
            ]
            before = records.read(names)
            for name in names:
                self.env.add_to_compute(records._fields[name], records)
            self.env.flush_all()
            self.env.invalidate_all(flush=False)
            self.assertEqual(records.read(names), before, records._name)

    def test_reports_add_up_right_afterwards(self) -> None:
        orders = self._loaded()
        wanted = sum(order.amount_untaxed / order.currency_rate for order in orders)
        [(reported,)] = self.env["sale.report"]._read_group(
            [("partner_id", "in", self.partners.ids)], [], ["price_subtotal:sum"]
        )
        self.assertAlmostEqual(reported, wanted, delta=0.01 * len(orders))
        self.assertEqual(set(orders.mapped("invoice_status")), {"invoiced"})
        self.assertEqual(set(orders.mapped("delivery_status")), {"full"})
        [(invoiced,)] = self.env["account.invoice.report"]._read_group(
            [("partner_id", "in", self.partners.ids)], [], ["price_subtotal:sum"]
        )
        signed = orders.invoice_ids.mapped("amount_untaxed_signed")
        self.assertAlmostEqual(invoiced, sum(signed), delta=0.01 * len(orders))

    def test_numbers_go_on_behind_the_loaded_ones(self) -> None:
        last = max(self._loaded().mapped("name"))
        order = self.env["sale.order"].create({"partner_id": self.partners[0].id})
        self.assertGreater(order.name, last)

    def _differences(self, wanted: dict, found: dict) -> list[str]:
        result = []
        for table in wanted:
            result += [
                f"{table}: missing {key}" for key in wanted[table].keys() - found[table]
            ]
            result += [
                f"{table}: too much {key}"
                for key in found[table].keys() - wanted[table]
            ]
            for key in wanted[table].keys() & found[table].keys():
                for column, value in wanted[table][key].items():
                    other = found[table][key][column]
                    if column not in EXCEPTIONS and not self._same(value, other):
                        pair = f"{value!r} by ORM, {other!r} loaded"
                        result.append(f"{table}.{column} {key}: {pair}")
        return sorted(result)

    @staticmethod
    def _same(value: object, other: object) -> bool:
        """Equal, or equal to the last bit of a float that sums differently."""
        if isinstance(value, float) and isinstance(other, float):
            return abs(value - other) < 1e-9
        return value == other
