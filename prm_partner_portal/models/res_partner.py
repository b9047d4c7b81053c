from odoo import api, fields, models

from .const import USER_GROUP

# What moves a contact to another commercial entity.
STRUCTURE_FIELDS = {"parent_id", "is_company", "active"}
ADDRESS_FIELDS = {"country_id", "state_id", "zip"}
PRICELIST_FIELDS = {
    "specific_property_product_pricelist",
    "property_product_pricelist",
}


class ResPartner(models.Model):
    _inherit = "res.partner"

    prm_relationship_ids = fields.One2many(
        "prm.relationship", "partner_id", "Reseller Relationships", groups=USER_GROUP
    )
    prm_relationship_id = fields.Many2one(
        "prm.relationship",
        "Reseller Relationship",
        compute="_compute_prm_relationship_id",
        search="_search_prm_relationship_id",
        groups=USER_GROUP,
    )
    prm_health_color = fields.Selection(
        related="prm_relationship_id.health_color", string="Health", groups=USER_GROUP
    )

    @api.depends("commercial_partner_id.prm_relationship_ids")
    @api.depends_context("company", "uid")
    def _compute_prm_relationship_id(self):
        for partner in self:
            relationships = partner.commercial_partner_id.prm_relationship_ids
            partner.prm_relationship_id = relationships.filtered(
                lambda r: r.company_id == self.env.company
            )[:1]

    def _search_prm_relationship_id(self, operator, value):
        if operator not in ("in", "not in"):
            return NotImplemented
        known = self.env["prm.relationship"].search(
            [("company_id", "=", self.env.company.id)]
        )
        wanted = known.filtered(lambda r: r.id in value)
        domain = [("commercial_partner_id", "in", wanted.partner_id.ids)]
        if False in value:
            domain = [
                "|",
                *domain,
                ("commercial_partner_id", "not in", known.partner_id.ids),
            ]
        return domain if operator == "in" else ["!", *domain]

    def write(self, vals):
        vals, grade_id = self._prm_take_grade(vals)
        before = {partner: partner.commercial_partner_id for partner in self}
        result = super().write(vals)
        if grade_id is not None:
            self._prm_redirect_grade(grade_id)
        if STRUCTURE_FIELDS & vals.keys():
            self._prm_follow_structure(before, vals)
        if ADDRESS_FIELDS & vals.keys():
            self.sudo().prm_relationship_ids._assign_territory()
        if PRICELIST_FIELDS & vals.keys():
            self._prm_follow_pricelist()
        return result

    def action_prm_relationship(self):
        """Open the relationship with the company at hand, or a new one to fill in."""
        self.ensure_one()
        reseller = self.commercial_partner_id
        return {
            "type": "ir.actions.act_window",
            "res_model": "prm.relationship",
            "view_mode": "form",
            "res_id": self.prm_relationship_id.id,
            "context": {"default_partner_id": reseller.id},
        }

    # Tier

    def _prm_take_grade(self, vals):
        """Take the tier out of ``vals`` where relationships decide about it.

        :return: the other values, and the tier's id or None where it stays in
        """
        if (
            "grade_id" not in vals
            or self.env.context.get("prm_mirror_grade")
            or not self.sudo().prm_relationship_ids
        ):
            return vals, None
        vals = dict(vals)
        return vals, vals.pop("grade_id") or False

    def _prm_redirect_grade(self, grade_id):
        """Odoo's field is one for all companies: it is written as the tier that the
        reseller has with the company at hand."""
        relationships = self.prm_relationship_ids.filtered(
            lambda r: r.company_id == self.env.company
        )
        relationships.write({"grade_id": grade_id})
        others = self - relationships.partner_id
        if others:
            others.with_context(prm_mirror_grade=True).write({"grade_id": grade_id})

    def _prm_mirror_grade(self):
        """Show the tier on the partner where there is one relationship only.

        Core's ``write`` gives the list of the tier to the company at hand, so the
        list is put back to what the relationship says.
        """
        for partner in self.exists().sudo():
            relationships = partner.prm_relationship_ids
            grade = relationships.grade_id if len(relationships) == 1 else None
            grade = grade or partner.env["res.partner.grade"]
            if partner.grade_id == grade:
                continue
            company = relationships[:1].company_id or self.env.company
            here = partner.with_company(company).with_context(
                prm_mirror_grade=True, prm_set_pricelist=True
            )
            pricelist = here.specific_property_product_pricelist
            here.write({"grade_id": grade.id})
            if here.specific_property_product_pricelist != pricelist:
                here.specific_property_product_pricelist = pricelist

    # Price list

    def _prm_follow_pricelist(self):
        """A list chosen on the partner was agreed individually."""
        if self.env.context.get("prm_set_pricelist"):
            return
        for relationship in self.sudo().prm_relationship_ids:
            if relationship.company_id != self.env.company:
                continue
            chosen = relationship._get_company_partner()
            by_tier = relationship.grade_id.default_pricelist_id
            chosen = chosen.specific_property_product_pricelist
            relationship.pricelist_source = (
                "tier" if not chosen or chosen == by_tier else "own"
            )

    # Contacts that move, resellers that become contacts

    def _prm_follow_structure(self, before, vals):
        """Access and relationships follow a contact at once, in every worker.

        :param dict before: commercial partner of each partner before the write
        """
        if "active" in vals:
            self.sudo().with_context(
                active_test=False
            ).prm_relationship_ids.active = vals["active"]
        moved = self.filtered(lambda p: p.commercial_partner_id != before[p])
        if not moved:
            return
        contacts = self.sudo().with_context(active_test=False)
        contacts = contacts.search([("id", "child_of", moved.ids)])
        for partner in moved.sudo():
            partner._prm_move_relationships()
        former = self.browse(partner.id for partner in before.values())
        contacts.user_ids.filtered("share")._prm_leave_companies(former)
        # Record rules are cached by user: odoo/addons/base/models/ir_rule.py
        self.env.registry.clear_cache()

    def _prm_move_relationships(self):
        """A reseller that became a contact brings its relationships to its parent."""
        self.ensure_one()
        target = self.commercial_partner_id
        if target == self:
            return
        for relationship in self.with_context(active_test=False).prm_relationship_ids:
            existing = relationship._get_for_partner(target, relationship.company_id)
            if existing:
                relationship._merge_into(existing)
            else:
                relationship.partner_id = target
