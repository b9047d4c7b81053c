from odoo.tests import tagged

from .journey_common import JourneyCommon


@tagged("post_install", "-at_install")
class TestFirstDay(JourneyCommon):
    """From the first click after the installation to the first order, in a browser."""

    def test_first_day(self):
        self.start_tour("/odoo", "prm_partner_portal.first_day_find", login="prm_first")
        run = self.runs.search([("company_id", "=", self.new.id)])
        self.assertEqual(run.requested_by_id, self.first)
        self._finish(run)
        self.assertEqual(run.state, "done", run.error_detail)
        self.start_tour(
            f"/odoo/recommendation-runs/{run.id}",
            "prm_partner_portal.first_day_run",
            login="prm_first",
        )
        self.start_tour(
            "/odoo", "prm_partner_portal.first_day_sell", login="prm_seller"
        )
        order = self.env["sale.order"].search([("order_line.prm_source", "=", "day")])
        self.assertEqual(order.partner_id, self.shops[0])
        self.assertEqual(order.state, "sale")
        events = self.env["prm.recommendation.event"].search(
            [("type", "=", "ordered"), ("company_id", "=", self.new.id)]
        )
        self.assertEqual(events.order_line_id, order.order_line)
        self.assertAlmostEqual(sum(events.mapped("amount")), order.amount_untaxed)
        contact = self.env["prm.contact"].search([("company_id", "=", self.new.id)])
        self.assertEqual(contact.relationship_id.partner_id, self.shops[0])
        self.assertEqual((contact.user_id, contact.outcome), (self.seller, "ordered"))


class TestFirstDayPhone(TestFirstDay):
    browser_size = "360x740"
    touch_enabled = True
