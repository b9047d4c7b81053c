from odoo import api, fields, models
from odoo.tools import SQL


class PrmRelationshipFindLine(models.TransientModel):
    """A customer that may be a reseller, with what it bought.

    Written by one statement, read page by page: there may be tens of thousands.
    """

    _name = "prm.relationship.find.line"
    _description = "Customer Found"
    _order = "turnover desc, id"
    _rec_name = "partner_id"
    _transient_max_hours = 24.0

    find_id = fields.Many2one(
        "prm.relationship.find", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one("res.company", required=True, ondelete="cascade")
    currency_id = fields.Many2one(related="company_id.currency_id")
    ticked = fields.Boolean("Make Reseller", default=True)
    partner_id = fields.Many2one(
        "res.partner",
        "Customer",
        required=True,
        readonly=True,
        ondelete="cascade",
    )
    order_count = fields.Integer("Orders", readonly=True)
    turnover = fields.Monetary(readonly=True)
    last_order_date = fields.Date("Last Order", readonly=True)
    user_id = fields.Many2one("res.users", "Salesperson", readonly=True)
    territory_id = fields.Many2one("prm.territory", readonly=True)
    grade_id = fields.Many2one("res.partner.grade", "Tier", readonly=True)
    country_id = fields.Many2one(related="partner_id.country_id", related_sudo=True)
    city = fields.Char(related="partner_id.city")
    category_ids = fields.Many2many(related="partner_id.category_id", string="Tags")

    def action_open_partner(self):
        """Look at the customer before ticking it."""
        self.ensure_one()
        self.check_access("read")
        return {
            "type": "ir.actions.act_window",
            "res_model": "res.partner",
            "res_id": self.partner_id.id,
            "view_mode": "form",
        }

    @api.model
    def _get_eligible_sql(self, company):
        """What a partner ``c`` has to be so that it may become a reseller.

        Extend it where another addon knows partners that never are.

        :param res.company company: the distributor
        :return: a condition over ``res_partner c``
        """
        # sudo - res.users: those that stand for nobody, whatever their partner says
        public = self.env.ref("base.group_public").sudo()
        nobody = public.with_context(active_test=False).user_ids
        template = self.env.ref(
            "base.template_portal_user_id", raise_if_not_found=False
        )
        nobody |= template.sudo() if template else nobody.browse()
        return SQL(
            """
            c.active
            AND (c.is_company OR trim(COALESCE(c.vat, '')) NOT IN ('', '/'))
            AND (c.company_id IS NULL OR c.company_id = ANY(%(companies)s))
            AND c.commercial_partner_id = c.id
            AND c.employee IS NOT TRUE
            AND NOT EXISTS (SELECT FROM res_company own WHERE own.partner_id = c.id)
            AND NOT EXISTS (
                SELECT FROM res_users u
                 WHERE u.partner_id = c.id
                   AND (u.share IS NOT TRUE OR u.id = ANY(%(nobody)s)))
            AND NOT EXISTS (
                SELECT FROM prm_relationship r
                 WHERE r.company_id = %(company)s AND r.partner_id = c.id)
            """,
            companies=company.parent_ids.ids,
            nobody=nobody.ids,
            company=company.id,
        )

    @api.model
    def _refill(self, find):
        """Replace the lines of a search; who was unticked stays so.

        The salesperson is the partner's, else the territory's, if they still work for
        the company. The tier is the partner's, unless it mirrors another company's.

        :param prm.relationship.find find:
        """
        company = find.company_id
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                """
                WITH old AS (
                    DELETE FROM prm_relationship_find_line
                     WHERE find_id = %(find)s RETURNING partner_id, ticked
                ), bought AS (
                    SELECT p.commercial_partner_id AS id, count(*) AS order_count,
                           sum(o.amount_untaxed
                               / COALESCE(NULLIF(o.currency_rate, 0), 1)) AS turnover,
                           max(o.date_order) AS last_order
                      FROM sale_order o JOIN res_partner p ON p.id = o.partner_id
                     WHERE o.company_id = %(company)s AND o.state = 'sale'
                       AND o.date_order >= %(since)s
                     GROUP BY p.commercial_partner_id HAVING count(*) >= %(orders)s
                ), candidate AS MATERIALIZED (
                    SELECT bought.*, c.user_id, c.grade_id
                      FROM bought JOIN res_partner c ON c.id = bought.id
                     WHERE %(eligible)s
                ), territory AS (%(territories)s),
                salesperson AS (
                    SELECT u.id FROM res_users u
                      JOIN res_company_users_rel works ON works.user_id = u.id
                     WHERE works.cid = %(company)s AND u.active AND NOT u.share
                )
                INSERT INTO prm_relationship_find_line
                       (find_id, company_id, partner_id, ticked, order_count, turnover,
                        last_order_date, user_id, territory_id, grade_id,
                        create_uid, write_uid, create_date, write_date)
                SELECT %(find)s, %(company)s, c.id, COALESCE(old.ticked, TRUE),
                       c.order_count, round(c.turnover, %(digits)s),
                       (c.last_order AT TIME ZONE 'UTC' AT TIME ZONE %(zone)s)::date,
                       COALESCE(own.id, theirs.id), territory.territory_id, g.id,
                       %(uid)s, %(uid)s, %(now)s, %(now)s
                  FROM candidate c
                  LEFT JOIN old ON old.partner_id = c.id
                  LEFT JOIN territory ON territory.key = c.id
                  LEFT JOIN salesperson own ON own.id = c.user_id
                  LEFT JOIN salesperson theirs ON theirs.id = territory.user_id
                  LEFT JOIN res_partner_grade g
                    ON g.id = c.grade_id AND g.active
                   AND (g.company_id IS NULL OR g.company_id = %(company)s)
                   AND NOT EXISTS (
                       SELECT FROM prm_relationship r WHERE r.partner_id = c.id)
                """,
                find=find.id,
                company=company.id,
                since=find._get_since(),
                orders=find.min_orders,
                eligible=self._get_eligible_sql(company),
                territories=self.env["prm.territory"]._get_match_sql(
                    SQL(
                        "SELECT id AS key, id AS partner_id, %s AS company_id"
                        " FROM candidate",
                        company.id,
                    )
                ),
                digits=company.currency_id.decimal_places,
                zone=company._prm_get_timezone(),
                uid=self.env.uid,
                now=self.env.cr.now(),
            )
        )
        self.invalidate_model()

    def _query_eligible(self):
        """:return: ids of those lines whose customer may still become a reseller"""
        company = self.find_id.company_id
        self.env.flush_all()
        rows = self.env.execute_query(
            SQL(
                """
                SELECT l.id FROM prm_relationship_find_line l
                  JOIN res_partner c ON c.id = l.partner_id
                 WHERE l.id = ANY(%s) AND %s
                 ORDER BY l.id
                """,
                self.ids,
                self._get_eligible_sql(company),
            )
        )
        return [line_id for (line_id,) in rows]
