from odoo import models
from odoo.tools import SQL

# Quantities are floats: what is left below this is nothing.
NOTHING = 1e-6


class PrmDatasetReturn(models.AbstractModel):
    """What came back was not bought: subtracted once, by delivery or by order."""

    _name = "prm.dataset.return"
    _description = "Returns in the Sales History"

    def _subtract_returns(self):
        self._subtract_returned_moves()
        self._subtract_negative_lines()
        self.env.cr.execute(
            SQL("DELETE FROM prm_dataset_line WHERE quantity < %s", NOTHING)
        )
        self.env.cr.execute(SQL("ANALYZE prm_dataset_line"))

    def _subtract_returned_moves(self):
        """Goods that the customer sent back and that were not sent again.

        An exchange, or a return of a return, delivers more than was ordered: that
        much did not come back for good.
        """
        self.env.cr.execute(
            SQL(
                """
                WITH concerned AS (
                    SELECT DISTINCT d.line_id
                      FROM stock_move b
                      JOIN stock_location f
                        ON f.id = b.location_id AND f.usage = 'customer'
                      JOIN prm_dataset_line d ON d.line_id = b.sale_line_id
                     WHERE b.state = 'done'
                       AND b.origin_returned_move_id IS NOT NULL
                       AND d.quantity > 0
                ), moved AS (
                    SELECT l.id, l.product_uom_qty * lu.factor AS ordered,
                           sum(b.quantity * u.factor)
                               FILTER (WHERE t.usage = 'customer') AS gone,
                           sum(b.quantity * u.factor)
                               FILTER (WHERE f.usage = 'customer'
                                         AND b.origin_returned_move_id IS NOT NULL)
                               AS back
                      FROM concerned c
                      JOIN sale_order_line l ON l.id = c.line_id
                      JOIN uom_uom lu ON lu.id = l.product_uom_id
                      JOIN stock_move b ON b.sale_line_id = l.id
                                       AND b.product_id = l.product_id
                                       AND b.state = 'done'
                      JOIN uom_uom u ON u.id = b.product_uom
                      JOIN stock_location f ON f.id = b.location_id
                      JOIN stock_location t ON t.id = b.location_dest_id
                     GROUP BY l.id, lu.factor
                ), kept AS (
                    SELECT id,
                           greatest(0, 1 - greatest(0,
                               COALESCE(back, 0)
                               - greatest(0, COALESCE(gone, 0) - ordered)
                           ) / ordered)::float8 AS share
                      FROM moved
                )
                UPDATE prm_dataset_line d
                   SET quantity = d.quantity * k.share, amount = d.amount * k.share
                  FROM kept k
                 WHERE k.id = d.line_id AND k.share < 1
                """
            )
        )

    def _subtract_negative_lines(self):
        """A negative line takes from the latest purchases before it.

        Purchases are a pile and a negative line takes from its top. With ``height``
        the pile after each line, what lasts of a purchase is how far the lowest
        height from then on reaches into it.
        """
        self.env.cr.execute(
            SQL(
                """
                WITH line AS (
                    SELECT d.line_id, d.quantity, d.relationship_id, d.product_id,
                           sum(d.quantity) OVER pile AS total,
                           row_number() OVER pile AS place
                      FROM prm_dataset_line d
                      JOIN (SELECT DISTINCT relationship_id, product_id
                              FROM prm_dataset_line
                             WHERE quantity < 0) n
                        ON n.relationship_id = d.relationship_id
                       AND n.product_id = d.product_id
                    WINDOW pile AS (
                        PARTITION BY d.relationship_id, d.product_id
                            ORDER BY d.moment, d.quantity < 0, d.line_id
                    )
                ), piled AS (
                    SELECT *, total - least(0, min(total) OVER (
                                  PARTITION BY relationship_id, product_id
                                      ORDER BY place)) AS height
                      FROM line
                ), lasting AS (
                    SELECT line_id, quantity,
                           greatest(0, least(quantity,
                               min(height) OVER (
                                   PARTITION BY relationship_id, product_id
                                       ORDER BY place
                                        ROWS BETWEEN CURRENT ROW
                                                 AND UNBOUNDED FOLLOWING)
                               - (height - quantity))) AS kept
                      FROM piled
                )
                UPDATE prm_dataset_line d
                   SET quantity = l.kept, amount = d.amount * l.kept / l.quantity
                  FROM lasting l
                 WHERE l.line_id = d.line_id
                   AND l.quantity > 0
                   AND l.kept < l.quantity
                """
            )
        )
