import base64
import json
from datetime import datetime, time, timedelta

from odoo import fields
from odoo.fields import Command
from odoo.tests import freeze_time, new_test_user, tagged

from .common import SALES_OWN
from .journey_common import JourneyCommon

READ_MAIL = """
document.open();
document.write(%s);
document.close();
const images = [...document.images];
const loaded = images.map((image) => image.decode());
Promise.all(loaded).then(() => {
    const items = document.querySelectorAll("li").length;
    const shown = images.filter((image) => image.getBoundingClientRect().width > 200);
    const { scrollWidth, clientWidth } = document.documentElement;
    if (items === 5 && shown.length === 2 && scrollWidth <= clientWidth) {
        console.log("test successful");
    } else {
        console.error(`${items} items, ${shown.length} pictures, ${scrollWidth} wide`);
    }
});
"""


@tagged("post_install", "-at_install")
class TestFriday(JourneyCommon):
    """A week of two salespeople, as their manager reads it in a browser.

    Nine recommendations were shown: Big Shop ordered two of them, Small Shop has two
    in a draft, Middle Shop found one too dear, and turned red.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.first.email = "manager@x.example"
        cls.colleague = new_test_user(
            cls.env,
            "prm_colleague",
            groups=SALES_OWN,
            company_id=cls.new.id,
            company_ids=[(6, 0, cls.new.ids)],
        )
        cls.today = cls.new._prm_get_today()
        cls.big, cls.middle, cls.small = (
            cls._create_relationship(shop, cls.new, user_id=user.id)
            for shop, user in zip(
                cls.shops[:3], (cls.seller, cls.seller, cls.colleague), strict=True
            )
        )
        cls._recommend_fruits()
        cls.focus = cls.env["prm.focus"].create(
            {
                "name": "Overstock",
                "company_id": cls.new.id,
                "date_from": cls.today,
                "date_to": cls.today + timedelta(days=20),
                "line_ids": [
                    Command.create({"product_id": cls.fruits[0].id, "target": 10})
                ],
            }
        )
        cls._sell_a_week()
        cls._turn_red()

    @classmethod
    def _recommend_fruits(cls):
        cls.env["prm.recommendation"].create(
            [
                {
                    "relationship_id": relationship.id,
                    "company_id": cls.new.id,
                    "product_id": fruit.id,
                    "kind": "due",
                    "rank": rank,
                    "probability": 0.5,
                    "quantity": 4,
                    "price": 10,
                    "due_date": cls.today,
                }
                for relationship in (cls.big, cls.middle, cls.small)
                for rank, fruit in enumerate(cls.fruits[:3], 1)
            ]
        )

    @classmethod
    def _sell_a_week(cls):
        """What salespeople do in the pages of the addon, by the same methods."""
        fruits = cls.fruits
        for relationship in (cls.big, cls.middle, cls.small):
            relationship.with_user(relationship.user_id).record_call(fruits[:3].ids)
        quantities = {str(fruits[0].id): 4, str(fruits[1].id): 2}
        for relationship in (cls.big, cls.small):
            relationship.with_user(relationship.user_id).quote_call(quantities)
        cls.order = cls.env["sale.order"].search(
            [("partner_id", "=", cls.shops[0].id), ("state", "=", "draft")]
        )
        cls.order.with_user(cls.seller).action_confirm()
        cls.middle.with_user(cls.seller).dismiss_offer(fruits[2].id, "price")

    @classmethod
    def _turn_red(cls):
        cls.middle.health_id.write(
            {"color": "red", "rhythm_color": "red", "color_since": cls.today}
        )
        cls.env["prm.relationship.health.day"].create(
            [
                {
                    "relationship_id": relationship.id,
                    "company_id": cls.new.id,
                    "date": day,
                    "color": color,
                }
                for relationship, day, color in (
                    (cls.big, cls.today - timedelta(days=20), "green"),
                    (cls.middle, cls.today - timedelta(days=20), "green"),
                    (cls.middle, cls.today, "red"),
                )
            ]
        )

    def test_friday(self):
        self.env.ref("base.group_user").implied_ids |= self.env.ref(
            "prm_partner_portal.prm_partner_portal_group_people"
        )
        self.assertEqual(self.order.amount_untaxed, 60)
        self.start_tour("/odoo", "prm_partner_portal.friday", login="prm_first")
        mail = self._get_mail_of_monday()
        self._check_sentences(mail)
        self._read_mail(mail)
        link = "/odoo/action-prm_partner_portal.prm_recommendation_report_action"
        self.assertIn(f'href="{self.base_url()}{link}"', str(mail.body_html))
        self.start_tour(link, "prm_partner_portal.friday_report", login="prm_first")

    def _get_mail_of_monday(self):
        monday = self.today + timedelta(days=7 - self.today.weekday())
        cron = self.env.ref("prm_partner_portal.ir_cron_prm_weekly")
        with freeze_time(datetime.combine(monday, time(6, 30))):
            self._trigger(cron)
        mails = self.env["mail.mail"].search([("email_to", "like", self.first.email)])
        self.assertEqual(mails.mapped("subject"), [self._get_subject()])
        return mails

    def _get_subject(self):
        return "New Distributor: Your resellers last week"

    def _check_sentences(self, mail):
        text = " ".join(str(mail.body_html).split())
        turnover = sum(
            self.env["sale.order"]
            .search(
                [
                    ("prm_relationship_id.company_id", "=", self.new.id),
                    ("state", "=", "sale"),
                    ("date_order", ">=", self._get_week_start()),
                ]
            )
            .mapped("amount_untaxed")
        )
        for sentence in (
            "Turned red: Middle Shop. Turned green: nobody.",
            f"Turnover of the week: $ {turnover:.0f}",
            "Through recommendations came $ 60, in 2 order lines:"
            f" {100 * 60 / turnover:.0f}% of the turnover.",
            "Most wanted this week: ",
            "Found too dear: 1, most often Fruit 2.",
        ):
            self.assertIn(sentence, text)

    def _get_week_start(self):
        monday = self.today - timedelta(days=self.today.weekday())
        return fields.Datetime.to_string(datetime.combine(monday, time()))

    def _read_mail(self, mail):
        """As a mail program shows it, on the screen at hand."""
        body = str(mail.body_html)
        for picture in mail.attachment_ids:
            name = f"cid:{picture.name}"
            self.assertIn(name, body)
            data = base64.b64encode(picture.raw).decode()
            body = body.replace(name, f"data:image/png;base64,{data}")
        self.browser_js("/web/login", READ_MAIL % json.dumps(body))


class TestFridayPhone(TestFriday):
    browser_size = "360x740"
    touch_enabled = True
