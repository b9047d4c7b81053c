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
    prm_can_offer = fields.Boolean(
        "May Offer",
        compute="_compute_prm_can_offer",
        groups=USER_GROUP,
        help="The reseller is active and the user may see it.",
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

    @api.depends("prm_relationship_id.state")
    def _compute_prm_relationship_state(self):
        for order in self:
            order.prm_relationship_state = order.sudo().prm_relationship_id.state

    @api.depends("prm_relationship_id.state", "prm_relationship_id.user_id")
    @api.depends_context("uid", "allowed_company_ids")
    def _compute_prm_can_offer(self):
        relationships = self.prm_relationship_id
        allowed = relationships._filtered_access("read").filtered(
            lambda relationship: relationship.state == "active"
        )
        for order in self:
            order.prm_can_offer = order.prm_relationship_id in allowed

    # Recommendations

    def _action_confirm(self):
        result = super()._action_confirm()
        # sudo - sale.order.line: whoever confirms, the reseller in the portal too
        self.sudo().order_line.filtered("prm_source")._prm_record("ordered")
        return result

    def _action_cancel(self):
        quotations = self.sudo().filtered(
            lambda order: order.state in ("draft", "sent") and order.prm_relationship_id
        )
        result = super()._action_cancel()
        for company in quotations.company_id:
            theirs = quotations.filtered(lambda order, c=company: order.company_id == c)
            self.env["prm.recommendation.event"]._record_declined(
                company, theirs.ids, self.env.user
            )
        return result

    # Product catalogue

    def action_add_from_catalog(self):
        action = super().action_add_from_catalog()
        if self and self._prm_get_catalogue_relationship():
            view = self.env.ref("prm_partner_portal.product_product_view_kanban_prm")
            action["views"] = [
                (view.id if kind == "kanban" else view_id, kind)
                for view_id, kind in action["views"]
            ]
            action["context"] = {**action["context"], "prm_catalogue": True}
        return action

    def _prm_get_catalogue_relationship(self):
        """:return: the relationship that the user may make offers to, or none"""
        none = self.env["prm.relationship"]
        if not self.env.user.has_group(USER_GROUP):
            return none
        return self.prm_relationship_id if self.prm_can_offer else none

    def _update_order_line_info(self, product_id, quantity, **kwargs):
        return super(
            SaleOrder, self.with_context(prm_line_source="catalogue")
        )._update_order_line_info(product_id, quantity, **kwargs)

    def _add_partnership(self):
        """A tier that was bought belongs to the company that sold it."""
        for order in self:
            # sudo - prm.relationship: the tier was bought, nobody has to grant it
            order_sudo = order.sudo().with_company(order.company_id)
            super(SaleOrder, order_sudo)._add_partnership()
        return None
