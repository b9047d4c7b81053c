import json
from unittest.mock import patch

from ..models.nightly.answer import RESULT, hash_file
from ..models.nightly.complements import COMPLEMENTS
from .nightly_common import AnswerCommon, RunCommon

HEAD = "product,complement,resellers,orders,lift,score"


class TestRunComplements(AnswerCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.complements = cls.env["prm.product.complement"]
        cls.old = cls.complements.create(
            [
                {
                    "company_id": company.id,
                    "product_id": cls.apple.id,
                    "complement_id": cls.pear.id,
                    "reseller_count": 7,
                    "order_count": 8,
                    "lift": 2.0,
                    "score": 0.5,
                }
                for company in (cls.company_a, cls.company_b)
            ]
        )

    def _write(self, run, *rows, head=HEAD, **said):
        """Let the answer speak of these rows."""
        folder = run._get_folder()
        path = folder / COMPLEMENTS
        path.write_text("\n".join([head, *rows, ""]))
        result = json.loads((folder / RESULT).read_text())
        result["complements"] = {"rows": len(rows), "sha256": hash_file(path)} | said
        (folder / RESULT).write_text(json.dumps(result))

    def _read(self):
        return self.complements.search([], order="id").read(load=False)

    def _assert_refused(self, run):
        before = self._read()
        self._turn()
        self.assertEqual((run.state, run.error_code), ("failed", "answer"))
        self.assertEqual(self._read(), before)
        self.assertEqual(self._read_lists(), self.before)

    def test_rows_of_the_company_are_replaced_and_ids_stay(self):
        run = self._answer()
        apple, pear, plum = (self.apple | self.pear | self.plum).ids
        self._write(
            run, f"{apple},{pear},5,9,1.5,0.25", f"{plum},{apple},6,6,4.0,0.125"
        )
        self._turn()
        self.assertEqual(run.state, "done", run.error_detail)
        mine = self.complements.search([("company_id", "=", self.company_a.id)])
        self.assertEqual(
            [
                (c.product_id, c.complement_id, c.reseller_count, c.order_count)
                for c in mine
            ],
            [(self.apple, self.pear, 5, 9), (self.plum, self.apple, 6, 6)],
        )
        self.assertEqual(mine[0], self.old[0])
        self.assertEqual((mine[0].lift, mine[0].score), (1.5, 0.25))
        self.assertEqual(self.old[1].order_count, 8)

    def test_answer_of_an_older_engine_changes_nothing(self):
        run, before = self._answer(), self._read()
        folder = run._get_folder()
        result = json.loads((folder / RESULT).read_text())
        self.assertIn("complements", result)
        del result["complements"]
        (folder / RESULT).write_text(json.dumps(result))
        (folder / COMPLEMENTS).unlink()
        self._turn()
        self.assertEqual(run.state, "done", run.error_detail)
        self.assertEqual(self._read(), before)

    def test_none_are_left_when_nothing_goes_together_any_more(self):
        run = self._answer()
        self._turn()
        self.assertEqual(run.state, "done", run.error_detail)
        self.assertEqual(self.complements.search([]), self.old[1])

    def test_product_that_was_deleted_meanwhile_is_left_out(self):
        run = self._answer()
        gone = self._create_products("Gone")
        apple, pear = self.apple.id, self.pear.id
        self._write(
            run, f"{apple},{gone.id},5,9,1.5,0.25", f"{apple},{pear},5,9,1.5,0.2"
        )
        gone.unlink()
        self._turn()
        self.assertEqual(run.state, "done", run.error_detail)
        self.assertEqual(self.old[0].order_count, 9)
        self.assertEqual(len(self.complements.search([])), 2)

    def test_old_rows_stand_when_killed_at_any_moment(self):
        run, before = self._answer(), self._read()
        self._write(run, f"{self.plum.id},{self.apple.id},5,9,1.5,0.25")
        self.env.flush_all()
        model = type(self.complements)
        with patch.object(model, "invalidate_model", side_effect=KeyboardInterrupt):
            savepoint = self.env.cr.savepoint(flush=False)
            with self.assertRaises(KeyboardInterrupt):
                run._load_complements(
                    json.loads((run._get_folder() / RESULT).read_text())
                )
            savepoint.rollback()
        self.env.invalidate_all()
        self.assertEqual(self._read(), before)
        self._turn()
        self.assertEqual(run.state, "done", run.error_detail)

    def test_refused_when_changed_cut_or_below_five_resellers(self):
        apple, pear = self.apple.id, self.pear.id
        right = f"{apple},{pear},5,9,1.5,0.25"
        many = [
            f"{apple},{product.id},5,9,1.5,0.25"
            for product in self._create_products(*map(str, range(21)))
        ]
        foreign = self._create_products("Foreign", company_id=self.company_b.id)
        cases = {
            "fewer than five": ([f"{apple},{pear},4,9,1.5,0.25"], {}),
            "more resellers than orders": ([f"{apple},{pear},9,5,1.5,0.25"], {}),
            "no number": ([f"{apple},{pear},5,9,nan,0.25"], {}),
            "itself": ([f"{apple},{apple},5,9,1.5,0.25"], {}),
            "twice": ([right, right], {}),
            "a column too few": ([right[:-5]], {}),
            "rows missing": ([right], {"rows": 2}),
            "no rows said": ([right], {"rows": None}),
            "changed": ([right], {"sha256": "0"}),
            "other columns": ([right], {"head": "product,complement,a,b,c,d"}),
            "too many": (many, {}),
            "another company": ([f"{apple},{foreign.id},5,9,1.5,0.25"], {}),
        }
        for name, (rows, said) in cases.items():
            with self.subTest(name):
                run = self._answer()
                self._write(run, *rows, **said)
                self._assert_refused(run)
                self.env["prm.recommendation"].search([]).unlink()


class TestRunFindsComplements(RunCommon):
    def test_what_five_resellers_bought_in_one_order_goes_together(self):
        printer, toner, paper, chair = self._create_products(
            "Printer", "Toner", "Paper", "Chair"
        )
        buyers = [self._create_reseller(f"Buyer {n}") for n in range(6)]
        for buyer in buyers:
            self._create_relationship(buyer, self.company_a)
            for day in range(9):
                self._sell(buyer, (paper, 1), days_ago=20 + day, confirm=False)
            self._sell(buyer, (printer, 1), (toner, 2), days_ago=9, confirm=False)
        for buyer in buyers[:4]:
            self._sell(buyer, (printer, 1), (chair, 1), days_ago=5, confirm=False)
        partners = [buyer.id for buyer in buyers]
        orders = self.env["sale.order"].search([("partner_id", "in", partners)])
        orders.state = "sale"
        run = self._run()
        self.assertEqual(run.state, "done", run.error_detail)
        found = self.env["prm.product.complement"].search([])
        pairs = {(one.product_id, one.complement_id) for one in found}
        self.assertEqual(pairs, {(printer, toner), (toner, printer)})
        self.assertEqual(set(found.mapped("reseller_count")), {6})
        self.assertEqual(found.company_id, self.company_a)
        names = {stage["name"] for stage in run.stages}
        self.assertIn("together", names)
