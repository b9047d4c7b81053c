from odoo.tests import tagged

from .common import PrmCommon


@tagged("post_install", "-at_install")
class TestHandover(PrmCommon):
    """A reseller gets another salesperson."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.rel_alpha.user_id = cls.salesperson

    def _plan(self, user, relationship=None, **values):
        return (relationship or self.rel_alpha).activity_schedule(
            "mail.mail_activity_data_call", user_id=user.id, **values
        )

    def test_activities_go_to_the_new_salesperson(self):
        theirs = self._plan(self.salesperson)
        other = self._plan(self.env.user)
        elsewhere = self._plan(self.salesperson, self.rel_both_a)
        done = self._plan(self.salesperson)
        done.action_archive()
        order = self._create_order(self.alpha, self._product(), user_id=2)
        self.rel_alpha.with_user(self.manager).user_id = self.manager
        self.assertEqual(theirs.user_id, self.manager)
        self.assertEqual(other.user_id, self.env.user)
        self.assertEqual(elsewhere.user_id, self.salesperson)
        self.assertEqual(done.user_id, self.salesperson)
        self.assertEqual(order.user_id.id, 2)

    def _product(self):
        return self.env["product.product"].create({"name": "Cup"})

    def test_who_gives_its_own_reseller_away_gives_the_plans_away(self):
        plan = self._plan(self.salesperson)
        self.rel_alpha.with_user(self.salesperson).user_id = self.manager
        self.assertEqual(plan.user_id, self.manager)

    def test_nobody_as_salesperson_leaves_the_plans(self):
        plan = self._plan(self.salesperson)
        self.rel_alpha.user_id = False
        self.assertEqual(plan.user_id, self.salesperson)

    def test_whole_territory_is_handed_over_in_silence(self):
        plans = self._plan(self.salesperson) | self._plan(
            self.salesperson, self.rel_both_a
        )
        both = self.rel_alpha | self.rel_both_a
        both.user_id = self.salesperson
        mails = self.env["mail.message"].search_count(
            [("message_type", "=", "user_notification")]
        )
        both.user_id = self.manager
        self.assertEqual(plans.user_id, self.manager)
        self.assertEqual(
            self.env["mail.message"].search_count(
                [("message_type", "=", "user_notification")]
            ),
            mails,
        )


@tagged("post_install", "-at_install")
class TestFigures(PrmCommon):
    def test_map_reads_places_as_the_user_may(self):
        self.alpha.write({"partner_latitude": 1.5, "partner_longitude": 103.5})
        self.rel_alpha.user_id = self.manager
        columns = ["latitude", "longitude", "health_color", "territory_id", "city"]
        relationships = self.env["prm.relationship"]
        domain = [("partner_id", "=", self.alpha.id)]
        (place,) = relationships.with_user(self.manager).search_read(domain, columns)
        self.assertEqual((place["latitude"], place["longitude"]), (1.5, 103.5))
        theirs = relationships.with_user(self.salesperson)
        self.assertFalse(theirs.search_read(domain, columns))

    def test_dimensions_of_pivot_and_graph(self):
        territory = self.env["prm.territory"].create(
            {"name": "North", "company_id": self.company_a.id}
        )
        self.rel_alpha.write({"territory_id": territory.id})
        for relationship, turnover, trend in (
            (self.rel_alpha, 100.0, 0.5),
            (self.rel_both_a, 50.0, -0.1),
        ):
            relationship.health_id.sudo().write(
                {"color": "red", "turnover_year": turnover, "trend": trend}
            )
        ours = self.rel_alpha | self.rel_both_a
        groups = (
            self.env["prm.relationship"]
            .with_user(self.manager)
            ._read_group(
                [("id", "in", ours.ids)],
                ["health_color"],
                ["turnover_year:sum", "trend:avg", "__count"],
            )
        )
        self.assertEqual(groups, [("red", 150.0, 0.2, 2)])
        for name in ("territory_id", "grade_id", "user_id", "state"):
            groups = ours._read_group(
                [("id", "in", ours.ids)], [name], ["turnover_year:sum"]
            )
            self.assertEqual(sum(amount for _key, amount in groups), 150.0, name)
