from odoo import models


class StockMove(models.Model):
    _inherit = "stock.move"

    # Returns are few: what a reseller sent back is found without reading deliveries.
    _prm_returned = models.Index(
        "(product_id, date) WHERE origin_returned_move_id IS NOT NULL"
    )
