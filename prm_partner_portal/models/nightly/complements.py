from odoo import models

from .answer import file_beside_answer

COMPLEMENTS = "complements.csv"


class PrmRecommendationRunComplements(models.AbstractModel):
    """The part of a run that says what goes with what."""

    _name = "prm.recommendation.run.complements"
    _description = "Complements of a Recommendation Run"

    def _load_complements(self, result):
        """Keep what goes with what, of an answer that is published.

        An answer that does not speak of it changes nothing.

        :raise RunError: when the file is not the one that the answer speaks of
        """
        said = result.get("complements")
        if not said:
            return
        path = self._get_folder() / COMPLEMENTS
        with file_beside_answer(path, said):
            self.env["prm.product.complement"]._load(
                self.company_id, path, int(said["rows"])
            )
