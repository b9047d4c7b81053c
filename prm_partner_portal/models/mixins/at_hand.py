"""The order, saved or not, that a list of offers is read for."""

from dataclasses import dataclass
from datetime import datetime

from odoo import fields, models
from odoo.exceptions import ValidationError

PRODUCTS_LIMIT = 5000
# What belongs to a company as a whole, with the few columns that are needed of it
OF_COMPANY = {
    "account.fiscal.position": ["company_id"],
    "product.pricelist": ["company_id", "currency_id"],
    "stock.warehouse": ["company_id", "view_location_id"],
}


@dataclass(frozen=True)
class OrderAtHand:
    """What of an order decides on offers and their prices, already checked."""

    order: models.BaseModel
    pricelist: models.BaseModel
    currency: models.BaseModel
    warehouse: models.BaseModel
    fiscal_position: models.BaseModel
    date: datetime
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
        order = self._prm_look_up("sale.order", values.get("order_id"))
        pricelist = self._prm_look_up("product.pricelist", values.get("pricelist_id"))
        warehouse = self._prm_look_up("stock.warehouse", values.get("warehouse_id"))
        fiscal = self._prm_look_up(
            "account.fiscal.position", values.get("fiscal_position_id")
        )
        return OrderAtHand(
            order=order,
            pricelist=pricelist.sudo(),
            currency=(pricelist.currency_id or company.currency_id).sudo(),
            warehouse=warehouse.sudo(),
            fiscal_position=fiscal.sudo(),
            date=fields.Datetime.to_datetime(values.get("date_order"))
            or fields.Datetime.now(),
            product_ids=self._prm_check_ids(values.get("product_ids") or []),
            resting=self._prm_get_resting(self._prm_get_today()),
        )

    def _prm_look_up(self, model, record_id):
        """:return: the record, readable for the user and usable for the company

        The rules of what belongs to a company as a whole ask for the company only,
        which reading the relationship has settled: they are not worked out again.
        """
        records = self.env[model]
        if not record_id:
            return records
        (record_id,) = self._prm_check_ids([record_id])
        record = records.browse(record_id)
        if model in OF_COMPANY:
            records.check_access("read")
            record.sudo().fetch(OF_COMPANY[model])
        else:
            record.check_access("read")
        company = record.sudo().company_id
        # A branch uses what belongs to the companies above it.
        if company and company not in self.company_id.sudo().parent_ids:
            record.check_access("read")
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
