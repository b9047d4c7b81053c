from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain
from odoo.tools import SQL

from .const import HEALTH_COLORS, MANAGER_GROUP, OPEN_STATES, STRENGTH


class PrmRelationship(models.Model):
    _name = "prm.relationship"
    _inherit = [
        "mail.thread",
        "mail.activity.mixin",
        "prm.access.mixin",
        "prm.pricelist.mixin",
        "prm.territory.mixin",
        "prm.assortment.mixin",
        "prm.offers.mixin",
        "prm.own.price.mixin",
        "prm.quotation.mixin",
        "prm.contact.mixin",
        "prm.day.mixin",
        "prm.call.mixin",
        "prm.overview.mixin",
        "prm.handover.mixin",
        "prm.state.mixin",
        "prm.landing.mixin",
    ]
    _description = "Reseller Relationship"
    _order = "partner_name, id"
    _rec_names_search = ["partner_id"]
    _check_company_auto = True

    company_id = fields.Many2one(
        "res.company",
        "Distributor",
        required=True,
        index=True,
        default=lambda self: self.env.company,
        ondelete="cascade",
    )
    partner_id = fields.Many2one(
        "res.partner",
        "Reseller",
        required=True,
        index=True,
        ondelete="cascade",
        tracking=True,
        check_company=True,
        domain="[('is_company', '=', True), ('parent_id', '=', False)]",
    )
    partner_name = fields.Char(related="partner_id.name", store=True, index=True)
    active = fields.Boolean(default=True)
    grade_id = fields.Many2one(
        "res.partner.grade",
        "Tier",
        tracking=True,
        index="btree_not_null",
        domain="[('company_id', 'in', [False, company_id])]",
        group_expand="_read_group_expand_full",
    )
    user_id = fields.Many2one(
        "res.users",
        "Salesperson",
        tracking=True,
        index="btree_not_null",
        domain="[('share', '=', False), ('company_ids', 'in', company_id)]",
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    phone = fields.Char(related="partner_id.phone")
    email = fields.Char(related="partner_id.email")
    city = fields.Char(related="partner_id.city")
    country_id = fields.Many2one(related="partner_id.country_id", related_sudo=True)
    latitude = fields.Float(related="partner_id.partner_latitude", digits=(10, 7))
    longitude = fields.Float(related="partner_id.partner_longitude", digits=(10, 7))
    avatar_128 = fields.Image(related="partner_id.avatar_128")
    note = fields.Html("Notes")
    batch_id = fields.Many2one(
        "prm.relationship.batch",
        "Found in",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="set null",
        groups=MANAGER_GROUP,
    )
    order_ids = fields.One2many("sale.order", "prm_relationship_id", "Orders")
    order_count = fields.Integer(compute="_compute_order_count")
    recommendation_ids = fields.One2many("prm.recommendation", "relationship_id")
    health_id = fields.Many2one(
        "prm.relationship.health",
        "Health Figures",
        readonly=True,
        copy=False,
        ondelete="set null",
    )
    health_color = fields.Selection(
        related="health_id.color",
        string="Health",
        group_expand="_group_expand_health_color",
    )
    health_since = fields.Date(related="health_id.color_since")
    turned_red = fields.Boolean(
        "Turned Red this Week",
        compute="_compute_turned_red",
        search="_search_turned_red",
    )
    last_order_date = fields.Date(related="health_id.last_order_date")
    turnover = fields.Monetary(related="health_id.turnover")
    turnover_year = fields.Monetary(related="health_id.turnover_year")
    trend = fields.Float(related="health_id.trend")
    trend_color = fields.Selection(
        related="health_id.trend_color", string="Colour of the Trend"
    )
    rhythm_text = fields.Char(related="health_id.rhythm_text")
    trend_text = fields.Char(related="health_id.trend_text")
    range_text = fields.Char(related="health_id.range_text")
    health_text = fields.Char(related="health_id.color_text")

    _company_partner_unique = models.Constraint(
        "UNIQUE (company_id, partner_id)",
        "This company already has a relationship with this reseller.",
    )

    @api.depends("partner_id", "company_id")
    @api.depends_context("allowed_company_ids")
    def _compute_display_name(self):
        several = len(self.env.companies) > 1
        for relationship in self:
            name = relationship.partner_id.display_name or ""
            if several and relationship.company_id:
                name = f"{name} ({relationship.company_id.name})"
            relationship.display_name = name

    def _compute_order_count(self):
        counts = dict(
            self.env["sale.order"]._read_group(
                [("prm_relationship_id", "in", self.ids)],
                ["prm_relationship_id"],
                ["__count"],
            )
        )
        for relationship in self:
            relationship.order_count = counts.get(relationship, 0)

    def _compute_turned_red(self):
        for relationship in self:
            relationship.turned_red = bool(
                relationship.filtered_domain(self._get_turned_red_domain())
            )

    def _search_turned_red(self, operator, value):
        if operator != "in":
            return NotImplemented
        domain = self._get_turned_red_domain()
        return domain if True in value else ~domain

    @api.model
    def _get_turned_red_domain(self):
        """Those who were red from the first day on have no day on which they turned."""
        return Domain("health_color", "=", "red") & Domain(
            "health_since", ">", "today -7d"
        )

    @api.model
    def _group_expand_health_color(self, _colors, _domain):
        """Columns of the kanban from the most urgent on, not by the alphabet."""
        return [color for color, _label in reversed(HEALTH_COLORS)]

    @api.constrains("partner_id", "company_id")
    def _check_partner(self):
        for relationship in self:
            partner = relationship.partner_id
            if partner.commercial_partner_id != partner:
                raise ValidationError(
                    self.env._(
                        "%(contact)s is a contact of %(reseller)s: choose the company"
                        " itself.",
                        contact=partner.name,
                        reseller=partner.commercial_partner_id.name,
                    )
                )
            if partner in relationship.company_id.partner_id:
                raise ValidationError(
                    self.env._("A company cannot be its own reseller.")
                )

    @api.constrains("grade_id", "company_id")
    def _check_grade_company(self):
        for relationship in self:
            company = relationship.grade_id.company_id
            if company and company != relationship.company_id:
                raise ValidationError(
                    self.env._(
                        "The tier %(tier)s belongs to %(company)s.",
                        tier=relationship.grade_id.name,
                        company=company.name,
                    )
                )

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            defaults = {"state": "candidate", "pricelist_source": "tier"}
            self._check_managed(
                {k: v for k, v in vals.items() if v and v != defaults.get(k)}
            )
            vals["state_date"] = fields.Datetime.now()
            vals["state_user_id"] = self.env.uid
            vals.setdefault("user_manual", bool(vals.get("user_id")))
            vals.setdefault("territory_manual", bool(vals.get("territory_id")))
        relationships = super().create(vals_list)
        relationships.sudo()._create_health()
        relationships.sudo()._assign_territory()
        relationships._link_orders()
        relationships.filtered(lambda r: r.state in OPEN_STATES)._open()
        relationships.filtered(lambda r: r._may_mirror_grade())._mirror_grade()
        return relationships

    def write(self, vals):
        same = self.filtered(lambda r: r.state == vals.get("state"))
        if same:
            rest = {k: v for k, v in vals.items() if k not in ("state", "state_reason")}
            return same.write(rest) and (self - same).write(vals)
        self._check_managed(vals)
        self._check_company_kept(vals)
        vals = self._prepare_manual_values(vals)
        if "state" in vals:
            vals = self._prepare_state_values(vals)
        before = {relationship: relationship.state for relationship in self}
        result = super().write(vals)
        if "state" in vals:
            self._follow_state(before)
        if {"grade_id", "pricelist_source"} & vals.keys():
            self._apply_pricelist()
        if "grade_id" in vals:
            self._mirror_grade()
        if "partner_id" in vals:
            self._link_orders()
        return result

    def _check_company_kept(self, vals):
        if "company_id" in vals and self.filtered(
            lambda r: r.company_id.id != vals["company_id"]
        ):
            raise UserError(
                self.env._("The distributor of a relationship cannot be changed.")
            )

    def unlink(self):
        self._check_manager()
        undone = self.env.context.get("prm_undo_batch")  # puts back what it changed
        if not undone:
            self.filtered(lambda r: r.state in OPEN_STATES)._close()
        partners = self.partner_id
        result = super().unlink()
        if undone:
            known = self.sudo().search([("partner_id", "in", partners.ids)])
            partners &= known.partner_id
        partners._prm_mirror_grade()
        return result

    def _prepare_manual_values(self, vals):
        """An assignment made by hand is kept when territories are worked out."""
        if self.env.context.get("prm_automatic"):
            return vals
        manual = {
            flag: bool(vals[field])
            for field, flag in (
                ("user_id", "user_manual"),
                ("territory_id", "territory_manual"),
            )
            if field in vals and flag not in vals
        }
        return {**vals, **manual}

    def _create_health(self):
        """The row that the nightly action fills: grey until then."""
        self.flush_recordset(["company_id"])
        self.env.cr.execute(
            SQL(
                """
                WITH made AS (
                    INSERT INTO prm_relationship_health
                           (relationship_id, company_id, color)
                    SELECT id, company_id, 'grey'
                      FROM prm_relationship WHERE id = ANY(%s)
                    RETURNING id, relationship_id)
                UPDATE prm_relationship r SET health_id = made.id
                  FROM made WHERE made.relationship_id = r.id
                """,
                self.ids,
            )
        )
        self.invalidate_recordset(["health_id"])

    # Orders

    def _link_orders(self):
        """Orders that were there before the relationship belong to it from now on."""
        orders = self.env["sale.order"].sudo()
        orders.flush_model(["partner_id", "company_id", "prm_relationship_id"])
        self.flush_recordset(["partner_id", "company_id"])
        self.env.cr.execute(
            SQL(
                """
                UPDATE sale_order o
                   SET prm_relationship_id = r.id
                  FROM prm_relationship r, res_partner p
                 WHERE r.id = ANY(%s)
                   AND p.commercial_partner_id = r.partner_id
                   AND o.partner_id = p.id
                   AND o.company_id = r.company_id
                   AND o.prm_relationship_id IS DISTINCT FROM r.id
                """,
                self.ids,
            )
        )
        orders.invalidate_model(["prm_relationship_id"])

    def action_view_orders(self):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Orders of %(reseller)s", reseller=self.display_name),
            "res_model": "sale.order",
            "view_mode": "list,form,pivot,graph",
            "domain": [("prm_relationship_id", "=", self.id)],
            "context": {
                "default_partner_id": self.partner_id.id,
                "default_company_id": self.company_id.id,
            },
        }

    def action_new_quotation(self):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "sale.order",
            "view_mode": "form",
            "context": {
                "default_partner_id": self.partner_id.id,
                "default_company_id": self.company_id.id,
            },
        }

    # Look-up and merge

    @api.model
    def _get_for_partner(self, partner, company):
        """:return: the relationship of the partner's commercial entity, or none"""
        return self.search(
            Domain("partner_id", "=", partner.commercial_partner_id.id)
            & Domain("company_id", "=", company.id)
        )

    @api.model
    def _get_merge_fields(self):
        """:return: (model, field) of what moves when relationships are merged"""
        return [
            ("sale.order", "prm_relationship_id"),
            ("prm.recommendation.event", "relationship_id"),
            ("prm.contact", "relationship_id"),
        ]

    def _merge_into(self, target):
        """Move what hangs from these relationships to ``target`` and delete them.

        :param prm.relationship target: of the same company
        """
        best = max(target | self, key=lambda r: STRENGTH.index(r.state))
        state, reason = best.state, best.state_reason
        for source in self:
            target.message_post(
                body=self.env._(
                    "Merged with the relationship of %(reseller)s.",
                    reseller=source.partner_id.display_name,
                )
            )
        self.env["mail.message"].search(
            [("model", "=", self._name), ("res_id", "in", self.ids)]
        ).write({"res_id": target.id})
        self.env.flush_all()
        for model, field in self._get_merge_fields():
            self.env.cr.execute(
                SQL(
                    "UPDATE %(table)s SET %(field)s = %(target)s"
                    " WHERE %(field)s = ANY(%(sources)s)",
                    table=SQL.identifier(self.env[model]._table),
                    field=SQL.identifier(field),
                    target=target.id,
                    sources=self.ids,
                )
            )
        self.env.invalidate_all()
        self.unlink()
        while state in OPEN_STATES and target.state not in OPEN_STATES:
            step = "candidate" if target.state == "ended" else state
            target.write({"state": step, "state_reason": reason})
