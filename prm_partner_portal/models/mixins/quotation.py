"""Draft quotations for many resellers at once."""

from collections import defaultdict
from dataclasses import dataclass
from math import isfinite

from psycopg2 import IntegrityError

from odoo import models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command, Domain
from odoo.tools import SQL

from ..const import SOURCES

QUANTITY_LIMIT = 1_000_000


@dataclass
class Outcome:
    """What became of one product for one reseller."""

    relationship: models.BaseModel
    product: models.BaseModel
    quantity: float
    result: str = "skipped"  # a key of QUOTATION_RESULTS
    reason: str | bool = False  # where skipped, a key of SKIP_REASONS
    message: str = ""  # what Odoo said where the reason is "error"
    order: models.BaseModel | None = None


class PrmQuotationMixin(models.AbstractModel):
    """Every list that leads to quotations makes them here, in one way."""

    _name = "prm.quotation.mixin"
    _description = "Quotations for Resellers"

    def _prm_make_quotations(self, lines, source, users=None):
        """Put products into each reseller's open draft, or into a new one.

        Nothing is sent or confirmed. Prices, taxes, addresses and terms are Odoo's.
        One reseller that fails does not lose the others, and what is done twice at
        the same time is done once.

        :param dict lines: by relationship: dict, quantity in its own unit by product
        :param str source: a key of SOURCES, kept on lines that were recommended
        :param dict users: by relationship the salesperson of its quotation; the
            current user where none is given
        :return: an Outcome for each product of each relationship, in their order
        :rtype: list[Outcome]
        :raise ValidationError: for a quantity that is none; nothing is made then
        """
        if source not in dict(SOURCES):
            raise ValueError(f"{source} is none of {', '.join(dict(SOURCES))}")
        self.env["sale.order"].check_access("create")
        outcomes = [
            Outcome(
                relationship,
                product,
                relationship._prm_check_quantity(product, quantity),
            )
            for relationship in self
            for product, quantity in lines.get(relationship, {}).items()
        ]
        relationships = self._prm_hold(outcomes)
        relationships._prm_leave_out_unsaleable(outcomes)
        users = {one: (users or {}).get(one) or self.env.user for one in relationships}
        drafts = relationships._prm_get_open_drafts(users)
        self._prm_leave_out_present(drafts, outcomes)
        batch = defaultdict(list)
        for outcome in outcomes:
            if not outcome.reason:
                batch[outcome.relationship].append(outcome)
        self._prm_try_quotations(batch, drafts, users, source)
        return outcomes

    def _prm_check_quantity(self, product, quantity):
        """:return: the quantity in whole sales packs"""
        if (
            isinstance(quantity, bool)
            or not isinstance(quantity, int | float)
            or not isfinite(quantity)
            or not 0 < quantity <= QUANTITY_LIMIT
        ):
            raise ValidationError(
                self.env._(
                    "%(product)s for %(reseller)s: a quantity above 0 and up to"
                    " %(limit)s is expected, found %(found)s.",
                    product=product.sudo().display_name,
                    reseller=self.sudo().partner_id.display_name,
                    limit=QUANTITY_LIMIT,
                    found=str(quantity)[:50],
                )
            )
        return self._prm_round_to_pack(product.sudo(), quantity)

    # What is left out

    def _prm_hold(self, outcomes):
        """Keep others from making quotations for the same resellers meanwhile.

        Who comes second waits, and is then told by the database to begin anew: it
        finds the drafts that the first has made. The rows are written as they are,
        since a mere lock would not say so.

        :return: relationships for which quotations may be made
        """
        readable = self.exists()._filtered_access("read")
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                """
                UPDATE prm_relationship
                   SET write_date = write_date
                 WHERE id IN (
                    SELECT id FROM prm_relationship
                     WHERE id = ANY(%s) ORDER BY id FOR NO KEY UPDATE)
                """,
                readable.ids,
            )
        )
        for outcome in outcomes:
            if outcome.relationship not in readable:
                outcome.reason = "no_right"
            elif not outcome.relationship.active:
                outcome.reason = "archived"
            elif outcome.relationship.state != "active":
                outcome.reason = outcome.relationship.state
        return readable.filtered(lambda one: one.active and one.state == "active")

    def _prm_leave_out_unsaleable(self, outcomes):
        """What is not sold at all, not by this company or not to this reseller."""
        outcomes = [one for one in outcomes if not one.reason]
        products = self.env["product.product"].union(*(one.product for one in outcomes))
        sellable = self._prm_get_sellable(products)
        for outcome in outcomes:
            # sudo - product.product: what is not sold may be hidden from the user
            product_sudo = outcome.product.sudo()
            company = product_sudo.company_id
            if outcome.product in sellable[outcome.relationship]:
                continue
            if not product_sudo.active or not product_sudo.sale_ok:
                outcome.reason = "not_saleable"
            elif company and company != outcome.relationship.company_id:
                outcome.reason = "other_company"
            else:
                outcome.reason = "assortment"

    def _prm_get_open_drafts_domain(self):
        """Quotations that may take more lines: not those that a reseller entered."""
        return (
            Domain("prm_relationship_id", "in", self.ids)
            & Domain("state", "=", "draft")
            & Domain("locked", "=", False)
            & Domain("prm_source", "!=", "portal")
            & Domain.OR(
                Domain("company_id", "=", company.id)
                & (
                    Domain("validity_date", "=", False)
                    | Domain("validity_date", ">=", company._prm_get_today())
                )
                for company in self.company_id
            )
        )

    def _prm_get_open_drafts(self, users):
        """:return: by relationship the newest draft of its salesperson"""
        orders = self.env["sale.order"].search(
            self._prm_get_open_drafts_domain()
            & Domain("user_id", "in", [user.id for user in users.values()]),
            order="id desc",
        )
        drafts = {}
        for order in orders:
            relationship = order.prm_relationship_id
            if order.user_id == users[relationship]:
                drafts.setdefault(relationship, order)
        return drafts

    def _prm_leave_out_present(self, drafts, outcomes):
        """What stands in the draft already, and drafts that others are changing."""
        orders = self.env["sale.order"].union(*drafts.values())
        free = orders.try_lock_for_update(allow_referencing=True)
        for outcome in outcomes:
            order = drafts.get(outcome.relationship)
            if outcome.reason or not order:
                continue
            outcome.order = order
            if order not in free:
                outcome.reason = "busy"
            elif outcome.product in order.order_line.product_id:
                outcome.reason = "present"

    # What is written

    def _prm_try_quotations(self, batch, drafts, users, source):
        """All at once, and where that is refused one by one."""
        try:
            with self.env.cr.savepoint():
                self._prm_write_quotations(batch, drafts, users, source)
        except (UserError, IntegrityError) as error:
            if len(batch) > 1:
                for relationship, outcomes in batch.items():
                    self._prm_try_quotations(
                        {relationship: outcomes}, drafts, users, source
                    )
                return
            denied = isinstance(error, AccessError)
            (outcomes,) = batch.values()
            for outcome in outcomes:
                outcome.result = "skipped"
                outcome.reason = "no_right" if denied else "error"
                outcome.message = "" if denied else str(error)

    def _prm_write_quotations(self, batch, drafts, users, source):
        by_company = defaultdict(list)
        for relationship in batch:
            by_company[relationship.company_id].append(relationship)
        for company, relationships in by_company.items():
            fresh = [one for one in relationships if one not in drafts]
            # Who gets a hundred quotations is not written to a hundred times.
            orders = self.env["sale.order"].with_company(company)
            orders = orders.with_context(mail_auto_subscribe_no_notify=True).create(
                [
                    one._prepare_quotation_values(users[one], batch[one], source)
                    for one in fresh
                ]
            )
            # Without the context that they were made in
            orders = self.env["sale.order"].browse(orders.ids)
            made = dict(zip(fresh, orders, strict=True))
            self.env["sale.order.line"].with_company(company).create(
                [
                    values
                    for one in relationships
                    if one not in made
                    for values in one._prepare_more_lines(
                        drafts[one], batch[one], source
                    )
                ]
            )
            for one in relationships:
                for outcome in batch[one]:
                    outcome.result = "made" if one in made else "extended"
                    outcome.order = made.get(one) or drafts[one]

    def _prepare_quotation_values(self, user, outcomes, source):
        """:return: values of a quotation of the reseller; the rest is Odoo's"""
        return {
            "partner_id": self.partner_id.id,
            "company_id": self.company_id.id,
            "user_id": user.id,
            "order_line": [
                Command.create(values)
                for values in self._prepare_quotation_lines(outcomes, source)
            ],
        }

    def _prepare_more_lines(self, order, outcomes, source):
        """:return: values of lines below those that the order has"""
        first = max(order.order_line.mapped("sequence"), default=9) + 1
        return [
            {"order_id": order.id, "sequence": sequence, **values}
            for sequence, values in enumerate(
                self._prepare_quotation_lines(outcomes, source), start=first
            )
        ]

    def _prepare_quotation_lines(self, outcomes, source):
        return [
            {
                "product_id": outcome.product.id,
                "product_uom_qty": outcome.quantity,
                "prm_source": source,
            }
            for outcome in outcomes
        ]
