"""The order, saved or not, that a list of offers is read for."""

import datetime
from dataclasses import dataclass

from odoo import fields, models
from odoo.exceptions import ValidationError
from odoo.tools import SQL

PRODUCTS_LIMIT = 5000
# What of an order decides on its prices and its stock
TERMS = {
    "pricelist_id": "product.pricelist",
    "warehouse_id": "stock.warehouse",
    "fiscal_position_id": "account.fiscal.position",
}


@dataclass(frozen=True)
class OrderAtHand:
    """What of an order decides on offers and their prices, already checked."""

    order: models.BaseModel
    pricelist: models.BaseModel
    currency: models.BaseModel
    location: models.BaseModel  # of the order's warehouse
    fiscal_position: models.BaseModel
    date: datetime.datetime
    zone: str  # of the company's days
    today: datetime.date
    product_ids: tuple[int, ...]
    resting: dict  # dismissals that hold, by product id


class PrmOrderAtHandMixin(models.AbstractModel):
    """Nothing that a client says about its order is taken unchecked."""

    _name = "prm.order.at.hand.mixin"
    _description = "Order at Hand of a Relationship"

    def _prm_get_order_at_hand(self, values):
        """Look up what the client sent under the user's own rights.

        :param dict values: ids (order_id, pricelist_id, warehouse_id,
            fiscal_position_id), date_order and product_ids, all optional
        :rtype: OrderAtHand
        """
        self.ensure_one()
        values = self._prm_check_order_values(values)
        company = self.company_id
        zone = company._prm_get_timezone()
        today = company._prm_get_today(zone)
        order = self._prm_look_up("sale.order", values.get("order_id"))
        terms = self._prm_look_up_terms(values)
        currency = terms["pricelist_id"]["currency_id"] or company.currency_id.id
        sudo = self.sudo().env
        return OrderAtHand(
            order=order,
            pricelist=sudo["product.pricelist"].browse(terms["pricelist_id"]["id"]),
            currency=sudo["res.currency"].browse(currency),
            location=sudo["stock.location"].browse(
                terms["warehouse_id"]["location_id"]
            ),
            fiscal_position=sudo["account.fiscal.position"].browse(
                terms["fiscal_position_id"]["id"]
            ),
            date=fields.Datetime.to_datetime(values.get("date_order"))
            or fields.Datetime.now(),
            zone=zone,
            today=today,
            product_ids=self._prm_check_ids(values.get("product_ids") or []),
            resting=self._prm_get_resting(today),
        )

    def _prm_look_up(self, model, record_id):
        """:return: the record, readable for the user and usable for the company"""
        records = self.env[model]
        if not record_id:
            return records
        (record_id,) = self._prm_check_ids([record_id])
        record = records.browse(record_id)
        record.check_access("read")
        company = record.sudo().company_id
        if company and company not in self._prm_get_companies_above():
            raise ValidationError(
                self.env._(
                    "%(record)s belongs to %(company)s, the reseller's distributor is"
                    " %(distributor)s.",
                    record=record.display_name,
                    company=company.name,
                    distributor=self.company_id.name,
                )
            )
        return record

    def _prm_get_companies_above(self):
        """A branch uses what belongs to the companies above it."""
        return self.company_id.sudo().parent_ids

    def _prm_look_up_terms(self, values):
        """Look up what decides on prices and stock, in one statement.

        Record rules ask no more of these models than the company, which reading the
        relationship has settled: they are worked out again only to refuse.

        :return: by the keys of TERMS a dict: id, currency_id, location_id
        """
        self.env.flush_all()
        ids = dict.fromkeys(TERMS, 0)
        for key, model in TERMS.items():
            if values.get(key):
                (ids[key],) = self._prm_check_ids([values[key]])
                self.env[model].check_access("read")
        rows = self.env.execute_query_dict(
            SQL(
                """
                SELECT 'pricelist_id' AS key, id, company_id, currency_id,
                       NULL::integer AS location_id
                  FROM product_pricelist WHERE id = %(pricelist_id)s
                 UNION ALL
                SELECT 'warehouse_id', id, company_id, NULL, view_location_id
                  FROM stock_warehouse WHERE id = %(warehouse_id)s
                 UNION ALL
                SELECT 'fiscal_position_id', id, company_id, NULL, NULL
                  FROM account_fiscal_position WHERE id = %(fiscal_position_id)s
                """,
                **ids,
            )
        )
        companies = {None, *self._prm_get_companies_above().ids}
        terms = {row["key"]: row for row in rows if row["company_id"] in companies}
        for key, model in TERMS.items():
            if key not in terms:
                self._prm_look_up(model, ids[key])
                terms[key] = {"id": False, "currency_id": False, "location_id": False}
        return terms

    def _prm_check_order_values(self, values):
        values = values or {}
        try:
            fields.Datetime.to_datetime(values.get("date_order"))
        except (AttributeError, TypeError, ValueError) as error:
            raise ValidationError(
                self.env._(
                    "The order at hand is not understood: ids and a date are expected,"
                    " found %(found)s.",
                    found=str(values)[:200],
                )
            ) from error
        return values

    def _prm_check_ids(self, ids):
        """:return: the ids as a tuple, when they are nothing but ids"""
        if (
            not isinstance(ids, list | tuple)
            or len(ids) > PRODUCTS_LIMIT
            or not all(type(one) is int and 0 < one < 2**31 for one in ids)
        ):
            raise ValidationError(
                self.env._(
                    "A list of at most %(limit)s ids is expected, found %(found)s.",
                    limit=PRODUCTS_LIMIT,
                    found=str(ids)[:200],
                )
            )
        return tuple(ids)
