import csv
import tempfile
from datetime import timedelta
from pathlib import Path

from odoo import fields
from odoo.tests import freeze_time

from .nightly_common import NOW, NightlyCommon

# What happened how many days ago: (type, days); and whether it is tired then.
SIX = [("shown", days) for days in (9, 8, 7, 6, 5, 4)]
CASES = {
    "nothing happened": ([], False),
    "five days": (SIX[1:], False),
    "six days": (SIX, True),
    "six days twice seen": ([*SIX, *SIX], True),
    "five days, one of them twice": ([*SIX[1:], SIX[1]], False),
    "seven days": ([("shown", 10), *SIX], True),
    "six days, then acted": ([*SIX, ("offered", 3)], False),
    "six days, acted on the last": ([*SIX, ("added", 4)], False),
    "acted before all of them": ([("dismissed", 10), *SIX], True),
    "acted on the first of them": ([("offered", 9), *SIX], False),
    "acted in the midst": ([*SIX, ("ordered", 7)], False),
    "rested until yesterday": ([("shown", 28 + n) for n in range(6)], False),
    "rests until today's end": ([("shown", 27 + n) for n in range(6)], True),
    "rested, then five more": (
        [*(("shown", 45 + n) for n in range(6)), *SIX[1:]],
        False,
    ),
    "rested, then six more": ([*(("shown", 45 + n) for n in range(6)), *SIX], True),
    "within eight weeks": ([("shown", 1 + n) for n in (0, 10, 20, 30, 40, 56)], True),
    "one day beyond": ([("shown", 1 + n) for n in (0, 10, 20, 30, 40, 57)], False),
    "beyond, then within": (
        [("shown", 1 + n) for n in (0, 10, 20, 30, 40, 50, 60)],
        True,
    ),
    "a year ago": ([*SIX[1:], ("shown", 365)], False),
    "declined": ([("declined", 5)], True),
    "declined on the last day that counts": ([("declined", 27)], True),
    "declined long enough ago": ([("declined", 28)], False),
    "declined, then offered": ([("declined", 5), ("offered", 3)], False),
    "offered, then declined": ([("offered", 5), ("declined", 3)], True),
    "declined and offered on a day": ([("offered", 5), ("declined", 5)], True),
    "declined long ago, then six days": ([("declined", 40), *SIX], True),
    "shown on while it rests": (
        [*(("shown", 20 + n) for n in range(6)), *SIX[1:]],
        True,
    ),
}


@freeze_time(NOW)
class TestTired(NightlyCommon):
    """The rule of what is shown in vain stands twice: SQL for the night, Python for
    the order tab. Each case goes through both doors."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.products = cls._create_products(*CASES)
        # Seen by one user on each of the days, or by two.
        events = []
        for product, (happened, _tired) in zip(
            cls.products, CASES.values(), strict=True
        ):
            seen = {}
            for event_type, days in happened:
                users = seen.setdefault((event_type, days), [])
                users.append((cls.env.user, cls.manager)[len(users)])
                events.append(
                    {
                        "relationship_id": cls.rel_alpha.id,
                        "company_id": cls.company_a.id,
                        "product_id": product.id,
                        "user_id": users[-1].id,
                        "type": event_type,
                        "date": fields.Date.today() - timedelta(days=days),
                        "kind": "new",
                    }
                )
        cls.env["prm.recommendation.event"].create(events)
        cls.env["prm.recommendation"].create(
            [
                {
                    "relationship_id": cls.rel_alpha.id,
                    "company_id": cls.company_a.id,
                    "product_id": product.id,
                    "kind": "new",
                    "rank": rank,
                    "quantity": 1,
                    "probability": 0.1,
                }
                for rank, product in enumerate(cls.products, start=1)
            ]
        )
        cls.env["prm.recommendation.event"].flush_model()

    def _name(self, product_ids):
        names = dict(zip(self.products.ids, CASES, strict=True))
        return {names[one] for one in product_ids if one in names}

    def test_both_rules_say_the_same_of_every_case(self):
        expected = {name for name, (_happened, tired) in CASES.items() if tired}
        self.assertEqual(self._name(self._exclude_tonight()), expected)
        self.assertEqual(self._name(self._move_down_in_the_tab()), expected)

    def _exclude_tonight(self):
        """:return: ids of what the next night's lists are told to leave out"""
        dataset = self.env["prm.dataset"]
        dataset._prepare_tables(self.company_a)
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            today = self.company_a._prm_get_today()
            dataset._write_files(self.company_a, folder, today)
            with (folder / "exclude.csv").open(newline="") as file:
                return {int(row["product"]) for row in csv.DictReader(file)}

    def _move_down_in_the_tab(self):
        """:return: ids of what the order tab puts behind all others"""
        relationship = self.rel_alpha.with_user(self.manager)._prm_check_offers()
        at_hand = relationship._prm_get_order_at_hand({})
        candidates = relationship._prm_get_candidates(at_hand)
        found = {one["product_id"] for one in candidates}
        self.assertEqual(found, set(self.products.ids))
        tired = [one["tired"] for one in candidates]
        self.assertEqual(tired, sorted(tired), "what is tired comes last")
        return {one["product_id"] for one in candidates if one["tired"]}
