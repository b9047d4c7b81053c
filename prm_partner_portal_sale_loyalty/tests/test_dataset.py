from odoo import Command
from odoo.tests import freeze_time, tagged

from odoo.addons.prm_partner_portal.tests.nightly_common import NOW, NightlyCommon


@tagged("post_install", "-at_install")
@freeze_time(NOW)
class TestDatasetLoyalty(NightlyCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["loyalty.program"].search([]).active = False
        cls.company_a.prm_include_services = True

    def test_left_out_when_it_is_a_reward(self):
        program = self.env["loyalty.program"].create(
            {
                "name": "A pear with every apple, and 10 % off",
                "program_type": "promotion",
                "trigger": "auto",
                "rule_ids": [Command.create({"product_ids": self.apple.ids})],
                "reward_ids": [
                    Command.create(
                        {"reward_type": "product", "reward_product_id": self.pear.id}
                    ),
                    Command.create({"reward_type": "discount", "discount": 10}),
                ],
            }
        )
        order = self._sell(self.alpha, (self.apple, 2), confirm=False)
        order._update_programs_and_rewards()
        for reward, card in (
            (reward, card)
            for card, rewards in order._get_claimable_rewards().items()
            for reward in rewards
        ):
            order._apply_program_reward(reward, card)
        self.assertTrue(order.order_line.reward_id <= program.reward_ids)
        self.assertTrue(order.order_line.reward_id)
        order.action_confirm()
        self.assertEqual(self._get_bought(), [(self.apple.id, 2.0)])
        self._sell(self.alpha, (self.pear, 1))
        self.assertIn((self.pear.id, 1.0), self._get_bought())

    def test_left_out_when_it_is_a_gift_card_or_a_top_up(self):
        card, top_up = self._create_products("Card", "Top-up", type="service")
        for kind, product in (("gift_card", card), ("ewallet", top_up)):
            self.env["loyalty.program"].create(
                {
                    "name": kind,
                    "program_type": kind,
                    "trigger": "auto",
                    "applies_on": "future",
                    "rule_ids": [Command.create({"product_ids": product.ids})],
                }
            )
        self._sell(self.alpha, (self.apple, 1), (card, 1), (top_up, 1))
        self.assertEqual(self._get_bought(), [(self.apple.id, 1.0)])
        offered = {row["product"] for row in self._extract()["products"]}
        self.assertFalse(offered & {str(card.id), str(top_up.id)})
