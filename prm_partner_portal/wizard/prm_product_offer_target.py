from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools.misc import formatLang

from ..models.mixins.quotation import QUANTITY_LIMIT
from ..report.prm_product_reseller import LINES_LIMIT, QUOTATIONS_LIMIT


class PrmProductOfferTarget(models.TransientModel):
    _name = "prm.product.offer.target"
    _description = "Product to Clear"

    offer_id = fields.Many2one(
        "prm.product.offer", required=True, index=True, ondelete="cascade"
    )
    product_id = fields.Many2one("product.product", required=True, readonly=True)
    free = fields.Float("Free in Stock", digits="Product Unit", readonly=True)
    to_clear = fields.Float(digits="Product Unit")
    unit = fields.Char(related="product_id.uom_id.name")
    text = fields.Char("What It Takes", readonly=True)

    @api.constrains("to_clear")
    def _check_to_clear(self):
        for target in self:
            if not 0 <= target.to_clear <= QUANTITY_LIMIT:
                raise ValidationError(
                    self.env._(
                        "%(product)s: the quantity to clear is from 0 to %(limit)s,"
                        " found %(found)s.",
                        product=target.product_id.display_name,
                        limit=QUANTITY_LIMIT,
                        found=f"{target.to_clear:g}",
                    )
                )

    def _prm_plan(self, rows, obstacles):
        """Who is needed, from the top, to clear the quantities.

        :param prm.product.reseller rows: those that a quantity is expected of
        :param dict obstacles: by row what speaks against it
        :return: the rows needed, and by row the expected quantity up to it
        """
        needed, resellers, cumulative = [], set(), {}
        by_product = rows.grouped("product_id")
        for target in self:
            before = reached = 0.0
            mine = by_product.get(target.product_id, rows.browse())
            free = mine.filtered(lambda row: not obstacles[row])
            count = 0
            for row in free:
                reseller = row.relationship_id
                if (
                    before < target.to_clear
                    and len(needed) < LINES_LIMIT
                    and (reseller in resellers or len(resellers) < QUOTATIONS_LIMIT)
                ):
                    needed.append(row.id)
                    resellers.add(reseller)
                    reached += row.expected
                    count += 1
                before += row.expected
                cumulative[row] = before
            texts = [target._prm_say(count, reached, len(free), before)]
            if len(mine) > len(free):
                texts.append(target._prm_say_left_out(len(mine) - len(free)))
            target.text = " ".join(texts)
        return rows.browse(needed), cumulative

    def _prm_say_left_out(self, count):
        return self.env._(
            "Not counted: %(count)s that have it in a quotation, dismissed it or may"
            " not buy it.",
            count=count,
        )

    def _prm_say(self, count, reached, total, expected):
        """:return: the sentence that answers what the quantity takes"""
        self.ensure_one()

        def say(quantity):
            whole = quantity >= 10 or quantity == round(quantity)
            return formatLang(self.env, quantity, digits=0 if whole else 1)

        values = {
            "count": count,
            "reached": say(reached),
            "total": total,
            "expected": say(expected),
            "to_clear": say(self.to_clear),
            "unit": self.unit,
        }
        if not total:
            return self.env._(
                "Nobody to count on. Former buyers stand below, where there are any."
            )
        if not self.to_clear:
            return self.env._(
                "The whole list (resellers: %(total)s) takes about %(expected)s"
                " %(unit)s within 28 days. How much is to be cleared?",
                **values,
            )
        if reached >= self.to_clear:
            return self.env._(
                "Needed from the top: %(count)s of %(total)s resellers, who take about"
                " %(reached)s %(unit)s within 28 days.",
                **values,
            )
        if count < total:
            return self.env._(
                "The first %(count)s resellers, no more are possible at a time, take"
                " about %(reached)s of %(to_clear)s %(unit)s within 28 days; the whole"
                " list (resellers: %(total)s) about %(expected)s.",
                **values,
            )
        return self.env._(
            "The whole list (resellers: %(total)s) clears about %(expected)s of"
            " %(to_clear)s %(unit)s within 28 days.",
            **values,
        )
