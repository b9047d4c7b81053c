from odoo import fields, models

from ..models.const import KINDS, SOURCES, USER_GROUP


class SaleReport(models.Model):
    """Odoo's own sales analysis tells lines that came from recommendations."""

    _inherit = "sale.report"

    prm_source = fields.Selection(
        SOURCES, "Recommended in", readonly=True, groups=USER_GROUP
    )
    prm_kind = fields.Selection(
        KINDS, "Recommended as", readonly=True, groups=USER_GROUP
    )
    prm_relationship_id = fields.Many2one(
        "prm.relationship", "Reseller Relationship", readonly=True, groups=USER_GROUP
    )
    prm_territory_id = fields.Many2one(
        "prm.territory", "Territory", readonly=True, groups=USER_GROUP
    )
    prm_grade_id = fields.Many2one(
        "res.partner.grade", "Tier", readonly=True, groups=USER_GROUP
    )

    def _select_additional_fields(self):
        return {
            **super()._select_additional_fields(),
            "prm_source": "l.prm_source",
            "prm_kind": "l.prm_kind",
            "prm_relationship_id": "s.prm_relationship_id",
            "prm_territory_id": "prm_r.territory_id",
            "prm_grade_id": "prm_r.grade_id",
        }

    def _from_sale(self):
        return f"""{super()._from_sale()}
            LEFT JOIN prm_relationship prm_r ON prm_r.id = s.prm_relationship_id"""

    def _group_by_sale(self):
        return f"""{super()._group_by_sale()},
            l.prm_source,
            l.prm_kind,
            s.prm_relationship_id,
            prm_r.territory_id,
            prm_r.grade_id"""
