from odoo import api, fields, models

from .const import STATES, USER_GROUP


class SaleOrder(models.Model):
    _inherit = "sale.order"

    prm_relationship_id = fields.Many2one(
        "prm.relationship",
        "Reseller Relationship",
        compute="_compute_prm_relationship_id",
        store=True,
        index="btree_not_null",
        ondelete="set null",
        groups=USER_GROUP,
    )
    prm_relationship_state = fields.Selection(
        STATES,
        "State of the Relationship",
        compute="_compute_prm_relationship_state",
        groups=USER_GROUP,
    )
    prm_source = fields.Selection(
        [("sales", "Salesperson"), ("portal", "Reseller Portal")],
        "Entered by",
        default="sales",
        copy=False,
        groups=USER_GROUP,
    )

    @api.depends("partner_id.commercial_partner_id", "company_id")
    def _compute_prm_relationship_id(self):
        relationships = {
            (relationship.company_id, relationship.partner_id): relationship
            for relationship in self.env["prm.relationship"]
            .sudo()
            .search([("partner_id", "in", self.partner_id.commercial_partner_id.ids)])
        }
        for order in self:
            order.prm_relationship_id = relationships.get(
                (order.company_id, order.partner_id.commercial_partner_id), False
            )

    @api.depends("prm_relationship_id")
    def _compute_prm_relationship_state(self):
        for order in self:
            order.prm_relationship_state = order.sudo().prm_relationship_id.state

    def _add_partnership(self):
        """A tier that was bought belongs to the company that sold it."""
        for order in self:
            super(SaleOrder, order.with_company(order.company_id))._add_partnership()
