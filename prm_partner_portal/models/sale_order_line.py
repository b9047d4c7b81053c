from odoo import api, fields, models
from odoo.tools import SQL

from .const import KINDS, SOURCES, USER_GROUP

TRACE_FIELDS = ("prm_source", "prm_kind", "prm_rank", "prm_probability")


class SaleOrderLine(models.Model):
    _inherit = "sale.order.line"

    # Values, not links: the recommendation is gone after the next run.
    prm_source = fields.Selection(
        SOURCES,
        "Recommended in",
        copy=False,
        groups=USER_GROUP,
        help="Where the product was taken from the recommendations; empty where"
        " somebody thought of it.",
    )
    prm_kind = fields.Selection(KINDS, "Recommended as", copy=False, groups=USER_GROUP)
    prm_rank = fields.Integer(
        "Recommended at Rank", copy=False, aggregator=None, groups=USER_GROUP
    )
    prm_probability = fields.Float(
        "Recommended with Probability", copy=False, aggregator="avg", groups=USER_GROUP
    )

    @api.model_create_multi
    def create(self, vals_list):
        source = self.env.context.get("prm_line_source")
        claims = []
        for vals in vals_list:
            claims.append(vals.get("prm_source") or source)
            for name in TRACE_FIELDS:
                vals.pop(name, None)
        lines = super().create(vals_list)
        if any(claims):
            lines._prm_set_sources(claims)
        return lines

    def write(self, vals):
        """Where a line came from is set by the server alone; with another product it
        is another line."""
        vals = {name: vals[name] for name in vals if name not in TRACE_FIELDS}
        changed = self.browse()
        if "product_id" in vals:
            # sudo - sale.order.line: the fields are hidden from who does not use them
            changed = self.filtered(
                lambda line: (
                    line.sudo().prm_source and line.product_id.id != vals["product_id"]
                )
            )
        result = super().write(vals)
        if changed:
            changed.sudo()._prm_write_traces(dict.fromkeys(TRACE_FIELDS, False))
        return result

    def _prm_write_traces(self, values):
        return super().write(values)

    def _prm_set_sources(self, claims):
        """Keep on new lines what the recommendation said, where there was one.

        :param list claims: for each line the source that its maker names, or nothing
        """
        # sudo - sale.order.line: relationship and traces are read and written by the
        # server for whoever may make the line
        claimed = [
            (line, claim)
            for line, claim in zip(self.sudo(), claims, strict=True)
            if claim in dict(SOURCES) and line.product_id
        ]
        traces = self.env["prm.recommendation.event"]._get_traces(
            self.sudo().order_id.prm_relationship_id,
            {line.product_id.id for line, _claim in claimed},
        )
        for line, claim in claimed:
            key = line.order_id.prm_relationship_id.id, line.product_id.id
            if trace := traces.get(key):
                line._prm_write_traces(
                    {
                        "prm_source": claim,
                        **{f"prm_{name}": trace[name] for name in trace},
                    }
                )
        recommended = self.sudo().filtered("prm_source")
        recommended._prm_record("added")
        recommended.filtered(lambda line: line.state == "sale")._prm_record("ordered")

    def _prm_record(self, event_type):
        """Record once for each line that it was added or ordered."""
        if not self:
            return
        known = self._prm_get_recorded(event_type)
        values = []
        for line in self:
            relationship = line.order_id.prm_relationship_id
            if line.id in known or not relationship:
                continue
            rate = line.order_id.currency_rate or 1.0
            values.append(
                {
                    "relationship_id": relationship.id,
                    "company_id": line.company_id.id,
                    "product_id": line.product_id.id,
                    "user_id": self.env.uid,
                    "type": event_type,
                    "date": line.company_id._prm_get_today(),
                    "source": line.prm_source,
                    "kind": line.prm_kind,
                    "rank": line.prm_rank,
                    "probability": line.prm_probability,
                    "quantity": line.product_uom_id._compute_quantity(
                        line.product_uom_qty, line.product_id.uom_id, round=False
                    ),
                    "price": line.price_reduce_taxexcl,
                    "price_currency_id": line.currency_id.id,
                    "amount": line.price_subtotal / rate,
                    "order_id": line.order_id.id,
                    "order_line_id": line.id,
                }
            )
        self.env["prm.recommendation.event"].sudo().create(values)

    def _prm_get_recorded(self, event_type):
        """:return: ids of the lines that have such an event: an order that is
        cancelled and confirmed again is ordered once"""
        self.env.flush_all()
        rows = self.env.execute_query(
            SQL(
                """
                SELECT order_line_id FROM prm_recommendation_event
                 WHERE order_line_id = ANY(%s) AND type = %s
                """,
                self.ids,
                event_type,
            )
        )
        return {line_id for (line_id,) in rows}
