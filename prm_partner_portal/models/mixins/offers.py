from itertools import islice

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ..const import MANAGER_GROUP

RESTING_LIMIT = 80
RELATIONSHIP_FIELDS = ("company_id", "grade_id", "partner_id", "state", "user_id")
COMPANY_FIELDS = (
    "active",
    "currency_id",
    "parent_path",
    "partner_id",
    "prm_style",
    "resource_calendar_id",
)


class PrmOffersMixin(models.AbstractModel):
    """What the order form and the product catalogue ask for.

    Every public method is called by clients: each checks the relationship under the
    user's rights first, and takes nothing from the client but checked ids.
    """

    _name = "prm.offers.mixin"
    _inherit = [
        "prm.order.at.hand.mixin",
        "prm.dealings.mixin",
        "prm.offer.candidates.mixin",
        "prm.offer.marks.mixin",
        "prm.offer.blocks.mixin",
        "prm.offer.rows.mixin",
        "prm.reasons.mixin",
    ]
    _description = "Offers to a Reseller"

    def _prm_check_offers(self):
        """Only who may see the reseller makes offers, and only to an active one."""
        self.ensure_one()
        # Few columns instead of all: this is asked while a customer is on the phone.
        relationship_sudo = self.sudo()
        relationship_sudo.fetch(RELATIONSHIP_FIELDS)
        relationship_sudo.company_id.fetch(COMPANY_FIELDS)
        relationship_sudo.grade_id.fetch(["sequence"])
        self.check_access("read")
        if self.state != "active":
            raise UserError(
                self.env._(
                    "%(reseller)s is not an active reseller: nothing is offered.",
                    reseller=self.display_name,
                )
            )
        return self.with_company(self.company_id)

    @api.readonly
    def get_offers(self, order=None):
        """The blocks of the order tab.

        :param dict order: what the form holds, see _prm_get_order_at_hand
        :return: dict: due, new and together (lists of rows), resting_count, and where
            all lists are empty the reason in ``empty``
        """
        relationship = self._prm_check_offers()
        at_hand = relationship._prm_get_order_at_hand(order)
        return relationship._prm_get_offers(at_hand)

    def _prm_get_offers(self, at_hand):
        marks = self._prm_get_marks(at_hand)
        candidates = self._prm_get_candidates(at_hand, marks)
        blocks = self._prm_get_blocks(candidates, marks, at_hand)
        rows = self._prm_get_block_rows(blocks, at_hand)
        return {
            **rows,
            "currency_id": at_hand.currency.id,
            "resting_count": len(at_hand.resting),
            "empty": False if any(rows.values()) else self._prm_get_empty_reason(),
            "is_manager": self.env.user.has_group(MANAGER_GROUP),
        }

    def _prm_get_block_rows(self, blocks, at_hand):
        """:return: the blocks with rows for the client instead of candidates"""
        shown = [one for block in blocks.values() for one in block]
        rows = self._prm_get_rows(shown, at_hand) if shown else []
        for row, one in zip(rows, shown, strict=True):
            row |= {"focus": one["focus"], "extra": bool(one.get("extra"))}
        left = iter(rows)
        return {name: list(islice(left, len(block))) for name, block in blocks.items()}

    def _prm_get_empty_reason(self):
        """:return: "none" where nothing is stored, else "hidden" """
        stored = self.env["prm.recommendation"].sudo()
        stored = stored.search_count([("relationship_id", "=", self.id)], limit=1)
        return "hidden" if stored else "none"

    @api.readonly
    def get_resting_offers(self):
        """What was dismissed and is not offered for now, soonest back first."""
        relationship = self._prm_check_offers()
        resting = relationship._prm_get_resting(relationship._prm_get_today())
        events = sorted(
            (dismissals[-1] for dismissals in resting.values()),
            key=lambda event: (event["rest_until"], event["id"]),
        )[:RESTING_LIMIT]
        products = self.env["product.product"].sudo()
        products = products.browse(event["product_id"] for event in events)
        labels = relationship._prm_get_reason_labels()
        return [
            {
                "event_id": event["id"],
                "product_id": event["product_id"],
                "name": product.display_name,
                "reason": labels.get(event["reason"]),
                "note": event["note"] or "",
                "until": fields.Date.to_string(event["rest_until"]),
            }
            for event, product in zip(events, products, strict=True)
        ]

    def _prm_get_reason_labels(self):
        events = self.env["prm.recommendation.event"]
        return dict(events._fields["reason"]._description_selection(self.env))

    def record_shown(self, product_ids, order=None):
        """Note the products that the user has before the eyes.

        :param dict order: what the form holds, where some of the products are not in
            the list but stand out for this order
        """
        relationship = self._prm_check_offers()
        product_ids = relationship._prm_check_ids(product_ids)
        events = self.env["prm.recommendation.event"]
        count = events._record_shown(relationship, product_ids, "order")
        if order:
            at_hand = relationship._prm_get_order_at_hand(order)
            count += relationship._prm_record_extras(product_ids, at_hand, "order")
        return count

    def record_offered(self, product_id, order=None):
        """The salesperson told the reseller about it: no rest, but it counts.

        :return: id of the event, to undo it
        """
        relationship = self._prm_check_offers()
        product = relationship._prm_look_up("product.product", product_id)
        at_hand = relationship._prm_get_order_at_hand(order)
        event = self.env["prm.recommendation.event"]._record(
            relationship,
            "offered",
            {product.id: {"source": "order", "order_id": at_hand.order.id}},
        )
        return event.id

    def dismiss_offer(self, product_id, reason, note=False, order=None):
        """Take a product out of the list for as long as the reason says.

        :return: dict: event_id, until, and category (name) where the user may be
            asked to exclude the whole category
        """
        relationship = self._prm_check_offers()
        product = relationship._prm_look_up("product.product", product_id)
        at_hand = relationship._prm_get_order_at_hand(order)
        event = self.env["prm.recommendation.event"]._record_dismissed(
            relationship, product, reason, note, at_hand
        )
        may_exclude = reason == "range" and self.env.user.has_group(MANAGER_GROUP)
        category = product.sudo().categ_id
        return {
            "event_id": event.id,
            "until": fields.Date.to_string(event.rest_until),
            "category": category.display_name if may_exclude and category else False,
        }

    def undo_offer_event(self, event_id):
        """Take back a dismissal, or the mark that something was offered."""
        relationship = self._prm_check_offers()
        (event_id,) = relationship._prm_check_ids([event_id])
        # sudo - prm.recommendation.event: what a colleague dismissed rests for all
        event_sudo = self.env["prm.recommendation.event"].sudo().browse(event_id)
        if event_sudo.exists().relationship_id != relationship:
            raise AccessError(self.env._("There is nothing to undo for this reseller."))
        event_sudo._undo()
        return True

    def exclude_offer_category(self, event_id):
        """Exclude the category of a product that was dismissed as not the range.

        :return: name of the reseller's assortment that says so from now on
        """
        relationship = self._prm_check_offers()
        relationship._check_manager()
        (event_id,) = relationship._prm_check_ids([event_id])
        event = self.env["prm.recommendation.event"].browse(event_id).exists()
        if event.relationship_id != self or event.reason != "range":
            raise AccessError(
                self.env._("There is nothing to exclude for this reseller.")
            )
        category = event.product_id.categ_id
        return relationship._prm_exclude_category(category, event).name

    def _prm_exclude_category(self, category, event):
        """Add the category to the assortment that is this reseller's alone.

        The line remembers the dismissal, so that undoing it undoes the line.
        """
        assortment = self.assortment_ids.filtered(
            lambda a: a.relationship_ids == self and not a.grade_ids
        )[:1]
        if not assortment:
            assortment = self.env["prm.assortment"].create(
                {
                    "name": self.env._(
                        "Assortment of %(reseller)s", reseller=self.partner_id.name
                    ),
                    "company_id": self.company_id.id,
                    "relationship_ids": [fields.Command.link(self.id)],
                }
            )
        if (
            category
            not in assortment.line_ids.filtered(
                lambda line: line.mode == "exclude"
            ).category_id
        ):
            assortment.line_ids = [
                fields.Command.create(
                    {
                        "mode": "exclude",
                        "category_id": category.id,
                        "event_id": event.id,
                    }
                )
            ]
        return assortment
