from odoo import fields, models


class IrUiView(models.Model):
    """A map of resellers: points in the database's own drawing, no tile server."""

    _inherit = "ir.ui.view"

    type = fields.Selection(
        selection_add=[("prm_map", "Map")], ondelete={"prm_map": "cascade"}
    )

    def _get_view_info(self):
        return {"prm_map": {"icon": "fa fa-map-marker"}, **super()._get_view_info()}
