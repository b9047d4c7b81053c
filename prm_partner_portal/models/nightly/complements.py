import psycopg2

from odoo import models

from .answer import RunError, hash_file

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
        try:
            if hash_file(path) != said["sha256"]:
                raise RunError("answer", f"{COMPLEMENTS}: the check sum does not match")
            self.env["prm.product.complement"]._load(
                self.company_id, path, int(said["rows"])
            )
        except (OSError, KeyError, TypeError, ValueError) as error:
            raise RunError("answer", f"{COMPLEMENTS}: {error!r}") from error
        except (psycopg2.DataError, psycopg2.IntegrityError) as error:
            raise RunError("answer", f"{COMPLEMENTS}: {error}") from error
