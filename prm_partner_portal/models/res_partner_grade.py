from odoo import api, fields, models

from .const import USER_GROUP


class ResPartnerGrade(models.Model):
    _inherit = "res.partner.grade"

    prm_relationship_ids = fields.One2many(
        "prm.relationship", "grade_id", "Relationships", groups=USER_GROUP
    )
    prm_relationship_count = fields.Integer(
        "Resellers", compute="_compute_prm_relationship_count", groups=USER_GROUP
    )
    prm_assortment_ids = fields.Many2many(
        "prm.assortment", string="Assortments", groups=USER_GROUP
    )

    def _compute_prm_relationship_count(self):
        counts = dict(
            self.env["prm.relationship"]._read_group(
                [("grade_id", "in", self.ids)], ["grade_id"], ["__count"]
            )
        )
        for grade in self:
            grade.prm_relationship_count = counts.get(grade, 0)

    @api.model_create_multi
    def create(self, vals_list):
        grades = super().create(vals_list)
        grades._prm_enable_pricelists()
        return grades

    def write(self, vals):
        if vals.get("active") is False:
            self._prm_clear_relationships()
        result = super().write(vals)
        if "default_pricelist_id" in vals:
            self._prm_enable_pricelists()
            self._prm_get_relationships()._apply_pricelist()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_clear_relationships(self):
        self._prm_clear_relationships()

    def _prm_get_relationships(self):
        return (
            self.env["prm.relationship"]
            .sudo()
            .with_context(active_test=False)
            .search([("grade_id", "in", self.ids)])
        )

    def _prm_clear_relationships(self):
        """A tier that goes takes its price list with it."""
        self._prm_get_relationships().write({"grade_id": False})

    def _prm_enable_pricelists(self):
        """Without the feature Odoo ignores every price list, a tier's too."""
        feature = "product.group_product_pricelist"
        if self.default_pricelist_id and not self.env["res.groups"]._is_feature_enabled(
            feature
        ):
            # sudo - res.groups: the feature is what the tier needs to work
            self.env.ref("base.group_user").sudo()._apply_group(
                self.env.ref(feature).sudo()
            )
