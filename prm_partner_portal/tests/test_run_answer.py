import hashlib
import json
from unittest.mock import patch

from ..models.nightly import unit as unit_module
from ..models.nightly.answer import (
    ANSWER,
    HEADER,
    RunError,
    check_answer,
)
from .nightly_common import AnswerCommon


class TestRunAnswer(AnswerCommon):
    def test_published_when_nothing_was_changed(self):
        run = self._answer()
        self._turn()
        self.assertEqual(run.state, "done", run.error_detail)
        self.assertEqual(self._get_list(self.rel_alpha).run_id, run)

    def test_planner_knows_the_lists_that_were_empty_before(self):
        table = "FROM pg_class WHERE relname = 'prm_recommendation'"
        self.env.cr.execute("DELETE FROM prm_recommendation")
        self.env.cr.execute("ANALYZE prm_recommendation")
        run = self._answer()
        self._turn()
        self.assertEqual(run.state, "done", run.error_detail)
        self.env.cr.execute(f"SELECT reltuples {table}")
        self.assertEqual(self.env.cr.fetchone()[0], run.recommendation_count)

    def test_checked_in_a_unit_of_its_own_when_it_is_long(self):
        run = self._answer()
        run.publish_count = 1
        with patch.object(unit_module, "MANY_ROWS", 1):
            self._turn()
            self.assertEqual((run.state, run.publish_count), ("publishing", 0))
            self.assertEqual(self._read_lists(), self.before)
            self._turn()
        self.assertEqual(run.state, "done", run.error_detail)
        self.assertEqual(self._get_list(self.rel_alpha).run_id, run)

    def test_checked_again_when_another_answer_lies_there_after_it(self):
        run = self._answer()
        with patch.object(unit_module, "MANY_ROWS", 1):
            self._turn()
            self._forge(run, self._set_cell(0, self.rel_beta.id))
            self._assert_refused(run, "row", "reseller")

    def _forge(self, run, change, **result):
        """Change the rows of an answer and make its check sum fit again."""
        folder = run._get_folder()
        lines = (folder / ANSWER).read_text().splitlines()
        rows = [lines[0], *change(lines[1:])]
        content = "".join(f"{row}\n" for row in rows)
        (folder / ANSWER).write_text(content)
        values = json.loads((folder / "result.json").read_text())
        values["sha256"] = hashlib.sha256(content.encode()).hexdigest()
        values["rows"] = len(rows) - 1
        values.update(result)
        (folder / "result.json").write_text(json.dumps(values))

    def _set_cell(self, place, value):
        def change(rows):
            cells = rows[0].split(",", 8)
            cells[place] = str(value)
            return [",".join(cells), *rows[1:]]

        return change

    def _assert_refused(self, run, code, text=""):
        self._turn()
        self.assertEqual(run.state, "failed")
        self.assertEqual(run.error_code, code, run.error_detail)
        self.assertIn(text, f"{run.error} {run.error_detail}")
        self.assertEqual(self._read_lists(), self.before)
        self.assertFalse(run._get_folder().exists())

    def test_refused_when_the_answer_is_cut_off(self):
        run = self._answer()
        path = run._get_folder() / ANSWER
        path.write_bytes(path.read_bytes()[:-20])
        self._assert_refused(run, "answer", "check sum")

    def test_refused_when_rows_are_missing(self):
        run = self._answer()
        self._forge(run, lambda rows: rows[:-1], rows=99)
        self._assert_refused(run, "answer", "rows")

    def test_refused_when_a_reseller_is_another_companys(self):
        run = self._answer()
        self._forge(run, self._set_cell(0, self.rel_beta.id))
        self._assert_refused(run, "row", "reseller")

    def test_refused_when_a_product_was_not_handed_over(self):
        run = self._answer()
        foreign = self._create_products("Foreign", company_id=self.company_b.id)
        self._forge(run, self._set_cell(1, foreign.id))
        self._assert_refused(run, "row", "product")

    def test_refused_when_ids_were_added_to_the_input(self):
        run = self._answer()
        with (run._get_folder() / "resellers.csv").open("a") as file:
            file.write(f"{self.rel_beta.id},,,,\n")
        self._forge(run, self._set_cell(0, self.rel_beta.id))
        self._assert_refused(run, "answer", "changed")

    def test_refused_when_a_reason_names_another_companys_product(self):
        run = self._answer()
        foreign = self._create_products("Foreign", company_id=self.company_b.id)
        reasons = json.dumps(
            [
                {
                    "code": "together",
                    "weight": 1,
                    "params": {"product": str(foreign.id), "buyers": 5, "days": 9},
                }
            ]
        ).replace('"', '""')
        self._forge(run, self._set_cell(8, f'"{reasons}"'))
        self._assert_refused(run, "answer", "another company")

    def test_refused_when_a_cell_is_not_right(self):
        run = self._answer()
        folder = run._get_folder()
        rows = (folder / ANSWER).read_text()
        ids = set(range(100_000))
        for place, value in (
            (2, 0),
            (3, "nan"),
            (3, "inf"),
            (4, "1.5"),
            (4, "NaN"),
            (5, "magic"),
            (6, "-1"),
            (6, "1e30"),
            (7, "2026-02-31"),
            (7, "9999-01-01"),
            (8, "{}"),
            (8, '"[{""code"":""magic"",""weight"":1,""params"":{}}]"'),
            (8, '"[{""code"":""usual"",""weight"":NaN,""params"":{}}]"'),
            (0, "1; DROP TABLE res_users"),
        ):
            with self.subTest(place=place, value=value):
                (folder / ANSWER).write_text(rows)
                self._forge(run, self._set_cell(place, value))
                result = json.loads((folder / "result.json").read_text())
                with self.assertRaises(RunError) as caught:
                    check_answer(folder, result, ids, ids, run.as_of)
                self.assertEqual(caught.exception.code, "row")
                self.assertEqual(caught.exception.params["column"], HEADER[place])
        self._assert_refused(run, "row", "Row 1")

    def test_refused_when_a_pair_comes_twice(self):
        run = self._answer()
        self._forge(run, lambda rows: [*rows, rows[0]])
        self._assert_refused(run, "answer", "twice")

    def test_refused_when_the_result_is_no_json(self):
        run = self._answer()
        (run._get_folder() / "result.json").write_text('{"status": "ok", "rows": NaN')
        self._assert_refused(run, "answer", "result.json")

    def test_refused_when_the_library_says_no(self):
        run = self._answer()
        (run._get_folder() / "result.json").write_text(
            '{"status": "error", "error": "Column date: 5", "class": "ValueError"}'
        )
        self._assert_refused(run, "refused", "Column date: 5")

    def test_tried_again_when_the_library_found_no_space(self):
        run = self._answer()
        (run._get_folder() / "result.json").write_text(
            '{"status": "error", "error": "OSError: no space", "class": "OSError"}'
        )
        self._turn()
        self.assertEqual((run.state, run.error_code), ("waiting", "storage"))
        self.assertIn(str(run._get_root()), run.error)
        self.assertIn("no space", run.error_detail)
        self.assertEqual(self._read_lists(), self.before)

    def test_left_out_when_deleted_in_the_meantime(self):
        run = self._answer()
        self.rel_alpha.with_user(self.manager).unlink()
        self._turn()
        self.assertEqual(run.state, "done", run.error_detail)
        found = self.env["prm.recommendation"].search(
            [("company_id", "=", self.company_a.id)]
        )
        self.assertEqual(found.relationship_id, self.rel_both_a)

    def test_empty_when_ended_in_the_meantime(self):
        run = self._answer()
        self.rel_alpha.state = "ended"
        self._turn()
        self.assertEqual(run.state, "done", run.error_detail)
        self.assertFalse(self._get_list(self.rel_alpha))
        self.assertTrue(self._get_list(self.rel_both_a))

    def test_started_again_when_the_answer_is_gone(self):
        run = self._answer()
        run._remove_folder()
        self._turn()
        self.assertEqual((run.state, run.attempt), ("waiting", 1))
        self._finish(run)
        self.assertEqual((run.state, run.attempt), ("done", 2))
