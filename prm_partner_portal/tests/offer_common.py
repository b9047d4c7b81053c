from unittest.mock import patch

from odoo.tests import Form

from ..report import prm_product_reseller as page_module
from ..wizard import prm_product_offer as offer_module
from ..wizard import prm_product_offer_target as target_module
from .resellers_common import ResellersCommon


class OfferCommon(ResellersCommon):
    """Expected of mug 0: 8 of gamma, 5 of alpha, 2 of delta; epsilon once bought it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._bought_by(cls.epsilon, cls.mug, 40)

    def _start(self, rows=None, products=None, user=None, domain=()):
        """:return: the page as it opens from the list, or from rows ticked there"""
        page = self._get_page(products, user, active_domain=list(domain))
        action = (rows or page).with_user(user or self.manager).action_offer()
        return (
            self.env[action["res_model"]]
            .with_user(user or self.manager)
            .browse(action["res_id"])
        )

    def _clear(self, quantity, **options):
        offer = self._start(**options)
        with Form(offer) as form:
            form.to_clear = quantity
        offer.action_tick_needed()
        return offer

    def _get_ticked(self, offer):
        return offer.line_ids.filtered("ticked").relationship_id

    def _make(self, offer):
        action = offer.action_make()
        return offer.env[action["res_model"]].browse(action["res_id"])

    def _get_outcomes(self, result):
        return {
            line.relationship_id: (line.result, line.reason) for line in result.line_ids
        }

    def _limit(self, resellers):
        for module in (page_module, offer_module, target_module):
            patcher = patch.object(module, "QUOTATIONS_LIMIT", resellers)
            self.startPatcher(patcher)
