from datetime import date, timedelta

import psycopg2

from odoo import models

from ..const import CONTROL_PERIOD_DAYS
from ..prm_recommendation_control import CONTROL_SHARE
from .answer import RunError, hash_file

CONTROL = "control.csv"


class PrmRecommendationRunControl(models.AbstractModel):
    """The part of a run that belongs to the control experiment."""

    _name = "prm.recommendation.run.control"
    _description = "Control Experiment of a Recommendation Run"

    def _get_control_arguments(self):
        """:return: what the command is told of the experiment"""
        if not self.env["prm.recommendation.control"]._is_on(self.company_id):
            return []
        return ["--control-share", str(CONTROL_SHARE)]

    def _load_control(self, result):
        """Keep what was drawn, of an answer that is published.

        :raise RunError: when the file is not the one that the answer speaks of
        """
        control = result.get("control")
        if not control:
            return
        path = self._get_folder() / CONTROL
        try:
            days = CONTROL_PERIOD_DAYS * int(control["period"])
            if hash_file(path) != control["sha256"]:
                raise RunError("answer", f"{CONTROL}: the check sum does not match")
            self.env["prm.recommendation.control"]._load(
                self.company_id, path, date(1970, 1, 1) + timedelta(days=days)
            )
        except (OSError, KeyError, TypeError, ValueError) as error:
            raise RunError("answer", f"{CONTROL}: {error!r}") from error
        except (psycopg2.DataError, psycopg2.IntegrityError) as error:
            raise RunError("answer", f"{CONTROL}: {error}") from error
