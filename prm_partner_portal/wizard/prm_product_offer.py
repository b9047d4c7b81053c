from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import SQL
from odoo.tools.misc import formatLang

from ..models.mixins.quotation import QUANTITY_LIMIT
from ..report.prm_product_reseller import QUOTATIONS_LIMIT

LINES_LIMIT = 1000
ALL_GROUP = "prm_partner_portal.prm_partner_portal_group_user_all"


class PrmProductOffer(models.TransientModel):
    """What a quantity clears: how many of the likely buyers it takes.

    It holds the first resellers of the list only, as many as quotations may be made
    for: the figures are of all of them.
    """

    _name = "prm.product.offer"
    _description = "Offer Products to Resellers"

    target_ids = fields.One2many("prm.product.offer.target", "offer_id", "To Clear")
    line_ids = fields.One2many("prm.product.offer.line", "offer_id", "Resellers")
    candidates = fields.Json(help="Ids of the rows that were listed or ticked.")
    first = fields.Selection(
        [("probability", "Most likely"), ("expected", "Largest expected quantity")],
        "First Come the",
        required=True,
        default="probability",
    )
    salesperson = fields.Selection(
        [("me", "Me"), ("reseller", "Salesperson of the Reseller")],
        "In the Name of",
        required=True,
        default="me",
        help="Whose open draft is extended, and who gets a new quotation.",
    )
    sees_all = fields.Boolean(compute="_compute_sees_all")
    several = fields.Boolean("Several Products", compute="_compute_several")
    ticked_count = fields.Integer("Ticked Resellers", compute="_compute_ticked")
    ticked_expected = fields.Float(
        "Expected of Them", digits="Product Unit", compute="_compute_ticked"
    )
    result_id = fields.Many2one("prm.quotation.result", readonly=True)

    @api.depends_context("uid")
    def _compute_sees_all(self):
        self.sees_all = self.env.user.has_group(ALL_GROUP)

    @api.depends("target_ids")
    def _compute_several(self):
        for offer in self:
            offer.several = len(offer.target_ids) > 1

    @api.depends("line_ids.ticked", "line_ids.expected")
    def _compute_ticked(self):
        for offer in self:
            ticked = offer.line_ids.filtered("ticked")
            offer.ticked_count = len(ticked.relationship_id)
            offer.ticked_expected = sum(ticked.mapped("expected"))

    def _compute_display_name(self):
        self.display_name = self.env._("Offer to Resellers")

    # Filled

    @api.model
    def _prm_start(self, rows, ticked=False):
        """:param prm.product.reseller rows: those listed, or those ticked
        :param bool ticked: the user has chosen these rows: all are ticked
        """
        if ticked and len(rows) > LINES_LIMIT:
            raise UserError(
                self.env._(
                    "%(count)s rows are ticked: at most %(limit)s become lines of"
                    " quotations at a time.",
                    count=len(rows),
                    limit=LINES_LIMIT,
                )
            )
        products = rows.product_id
        free = products._prm_get_free(rows.company_id)
        offer = self.create(
            {
                "candidates": rows.ids,
                "target_ids": [
                    fields.Command.create(
                        {
                            "product_id": product.id,
                            "free": free[product.id],
                            "to_clear": max(free[product.id], 0.0),
                        }
                    )
                    for product in products
                ],
            }
        )
        offer._prm_fill(rows if ticked else None)
        return offer

    def _prm_get_rows(self):
        """:return: the candidates that are still in the list, in the order chosen"""
        rows = self.env["prm.product.reseller"].with_context(
            prm_product_ids=self.target_ids.product_id.ids
        )
        order = rows._order
        if self.first == "expected":
            order = f"expected desc, {order}"
        return rows.search([("id", "in", self.candidates or [])], order=order)

    def _prm_fill(self, ticked=None):
        """Tick from the top until what is expected reaches what is to be cleared.

        :param prm.product.reseller ticked: rows to tick instead
        """
        rows = self._prm_get_rows()
        obstacles = rows._prm_get_obstacles()
        needed, cumulative = self.target_ids._prm_plan(
            rows.filtered(lambda row: row.expected > 0 and not obstacles[row])
        )
        needed = needed if ticked is None else ticked
        shown = self._prm_get_shown(rows, needed)
        typed = {
            (line.relationship_id, line.product_id): line.quantity
            for line in self.line_ids
            if line.quantity != line.proposed
        }
        prices = shown.relationship_id._prm_get_own_prices(
            [(row.relationship_id, row.product_id, row.quantity) for row in shown],
            least=True,
        )
        self.line_ids = [fields.Command.clear()] + [
            fields.Command.create(
                {
                    **row._prepare_line_values(),
                    "ticked": row in needed,
                    "proposed": price["quantity"],
                    "quantity": typed.get(
                        (row.relationship_id, row.product_id), price["quantity"]
                    ),
                    "cumulative": cumulative.get(row, 0.0),
                    "obstacle": obstacles[row],
                }
            )
            for row, price in zip(shown, prices, strict=True)
        ]

    def _prm_get_shown(self, rows, needed):
        """:return: what is needed, and the next ones as far as quotations may go"""
        resellers = set(needed.relationship_id)
        shown = set(needed)
        for row in rows:
            if len(shown) >= LINES_LIMIT:
                break
            reseller = row.relationship_id
            if reseller in resellers or len(resellers) < QUOTATIONS_LIMIT:
                resellers.add(reseller)
                shown.add(row)
        return rows.filtered(lambda row: row in shown)

    def _prm_get_action(self):
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Offer to Resellers"),
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
            "views": [(False, "form")],
        }

    # Buttons

    def action_tick_needed(self):
        """Work out anew what the quantities clear; what was typed is kept."""
        self.ensure_one()
        self.check_access("write")
        self._prm_fill()

    def action_make(self):
        """Make the quotations, once: who presses twice sees the same result."""
        self.ensure_one()
        self.check_access("write")
        self._prm_hold()
        if not self.result_id:
            self.result_id = self._prm_make()
        return self.result_id._get_page()

    def _prm_hold(self):
        """A second press waits for the first, and begins anew when it has ended."""
        self.env.flush_all()
        self.env.cr.execute(
            SQL("SELECT id FROM prm_product_offer WHERE id = %s FOR UPDATE", self.id)
        )

    def _prm_make(self):
        ticked = self.line_ids.filtered("ticked")
        if not ticked:
            raise UserError(self.env._("Tick the resellers that get a quotation."))
        relationships = ticked.relationship_id
        self.env["prm.product.reseller"]._prm_check_resellers(relationships)
        wanted = {}
        for line in ticked:
            wanted.setdefault(line.relationship_id, {})[line.product_id] = line.quantity
        users = {}
        if self.salesperson == "reseller" and self.sees_all:
            # sudo - prm.relationship: who may not see it makes no quotation for it
            users = {one: one.sudo().user_id for one in relationships}
        outcomes = relationships._prm_make_quotations(wanted, "product", users)
        return self.env["prm.quotation.result"]._create_from_outcomes(outcomes)


class PrmProductOfferTarget(models.TransientModel):
    _name = "prm.product.offer.target"
    _description = "Product to Clear"

    offer_id = fields.Many2one(
        "prm.product.offer", required=True, index=True, ondelete="cascade"
    )
    product_id = fields.Many2one("product.product", required=True, readonly=True)
    free = fields.Float("Free in Stock", digits="Product Unit", readonly=True)
    to_clear = fields.Float("To Clear", digits="Product Unit")
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

    def _prm_plan(self, rows):
        """Who is needed, from the top, to clear the quantities.

        :param prm.product.reseller rows: those that a quantity is expected of
        :return: the rows needed, and by row the expected quantity up to it
        """
        needed, resellers, cumulative = [], set(), {}
        for target in self:
            before = reached = 0.0
            mine = rows.filtered(lambda row, t=target: row.product_id == t.product_id)
            count = 0
            for row in mine:
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
            target.text = target._prm_say(count, reached, len(mine), before)
        return rows.browse(needed), cumulative

    def _prm_say(self, count, reached, total, expected):
        """:return: the sentence that answers what the quantity takes"""
        self.ensure_one()

        def say(quantity):
            return formatLang(self.env, quantity, digits=0)

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
                "Nobody is likely to buy it now. Former buyers stand below, where there"
                " are any."
            )
        if not self.to_clear:
            return self.env._(
                "The whole list (%(total)s resellers) takes about %(expected)s %(unit)s"
                " within 28 days. How much is to be cleared?",
                **values,
            )
        if reached >= self.to_clear:
            return self.env._(
                "The first %(count)s resellers take about %(reached)s of %(to_clear)s"
                " %(unit)s within 28 days.",
                **values,
            )
        if count < total:
            return self.env._(
                "The first %(count)s resellers, no more are possible at a time, take"
                " about %(reached)s of %(to_clear)s %(unit)s within 28 days; the whole"
                " list (%(total)s) about %(expected)s.",
                **values,
            )
        return self.env._(
            "The whole list (%(total)s resellers) clears about %(expected)s of"
            " %(to_clear)s %(unit)s within 28 days.",
            **values,
        )


class PrmProductOfferLine(models.TransientModel):
    _name = "prm.product.offer.line"
    _description = "Reseller to Offer to"

    offer_id = fields.Many2one(
        "prm.product.offer", required=True, index=True, ondelete="cascade"
    )
    relationship_id = fields.Many2one(
        "prm.relationship", "Reseller", required=True, readonly=True, ondelete="cascade"
    )
    product_id = fields.Many2one(
        "product.product", required=True, readonly=True, ondelete="cascade"
    )
    ticked = fields.Boolean("Quotation")
    quantity = fields.Float(digits="Product Unit")
    proposed = fields.Float(digits="Product Unit", readonly=True)
    usual = fields.Float(digits="Product Unit", readonly=True)
    probability = fields.Float(readonly=True)
    expected = fields.Float(
        digits="Product Unit",
        compute="_compute_expected",
        help="Probability × quantity. A larger quantity than usual does not make it"
        " more.",
    )
    cumulative = fields.Float(
        "Up to Here",
        digits="Product Unit",
        readonly=True,
        help="Expected of this product from the first reseller to this one.",
    )
    last_date = fields.Date("Last Bought", readonly=True)
    last_quantity = fields.Float("Last Quantity", digits="Product Unit", readonly=True)
    reason = fields.Char("Why", readonly=True)
    obstacle = fields.Char("Mind", readonly=True)
    price = fields.Monetary(
        "Own Price", currency_field="price_currency_id", compute="_compute_price"
    )
    price_currency_id = fields.Many2one("res.currency", compute="_compute_price")

    @api.depends("probability", "quantity", "usual")
    def _compute_expected(self):
        for line in self:
            line.expected = line.probability * min(line.quantity, line.usual)

    @api.depends("relationship_id", "product_id", "quantity")
    @api.depends_context("uid", "allowed_company_ids")
    def _compute_price(self):
        readable = self.filtered(lambda line: line.relationship_id.has_access("read"))
        (self - readable).price = (self - readable).price_currency_id = False
        prices = readable.relationship_id._prm_get_own_prices(
            [
                (line.relationship_id, line.product_id, line.quantity)
                for line in readable
            ]
        )
        for line, price in zip(readable, prices, strict=True):
            line.price = price["price"]
            line.price_currency_id = price["currency_id"]
