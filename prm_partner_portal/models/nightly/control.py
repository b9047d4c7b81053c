from datetime import date, timedelta

from odoo import models

from ..const import CONTROL_PERIOD_DAYS
from ..prm_recommendation_control import CONTROL_SHARE
from .answer import file_beside_answer

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
        with file_beside_answer(path, control):
            days = CONTROL_PERIOD_DAYS * int(control["period"])
            self.env["prm.recommendation.control"]._load(
                self.company_id, path, date(1970, 1, 1) + timedelta(days=days)
            )
