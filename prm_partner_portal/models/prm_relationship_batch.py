from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL, format_date
from odoo.tools.misc import formatLang

CHUNK = 1000  # relationships taken back in one request: well below 30 s


class PrmRelationshipBatch(models.Model):
    """Relationships that were made together, so that they can be taken back."""

    _name = "prm.relationship.batch"
    _description = "Batch of Relationships"
    _order = "id desc"

    company_id = fields.Many2one(
        "res.company", required=True, index=True, readonly=True, ondelete="cascade"
    )
    user_id = fields.Many2one("res.users", "Made by", readonly=True)
    date = fields.Datetime(
        "Made on", required=True, readonly=True, default=fields.Datetime.now
    )
    min_orders = fields.Integer("At Least Orders", readonly=True)
    months = fields.Integer("In the Last Months", readonly=True)
    count = fields.Integer("Made", readonly=True)
    skipped_count = fields.Integer("Skipped", readonly=True)
    before = fields.Json(
        "What Was before",
        readonly=True,
        help="Price lists by partner, and portal users without the company.",
    )
    undone_date = fields.Datetime("Undone on", readonly=True)
    undone_user_id = fields.Many2one("res.users", "Undone by", readonly=True)
    undone_count = fields.Integer("Undone", readonly=True)
    relationship_ids = fields.One2many("prm.relationship", "batch_id")
    relationship_count = fields.Integer(
        "Resellers", compute="_compute_relationship_count"
    )
    unassigned_count = fields.Integer(
        "Without Salesperson", compute="_compute_relationship_count"
    )
    kept_text = fields.Text("What Stays", compute="_compute_kept_text")

    @api.depends("date", "count")
    @api.depends_context("lang", "tz")
    def _compute_display_name(self):
        for batch in self:
            date = format_date(self.env, batch.date)
            batch.display_name = (
                self.env._("1 reseller of %(date)s", date=date)
                if batch.count == 1
                else self.env._(
                    "%(count)s resellers of %(date)s",
                    count=formatLang(self.env, batch.count, digits=0),
                    date=date,
                )
            )

    def _compute_relationship_count(self):
        relationships = self.env["prm.relationship"].with_context(active_test=False)
        domain = Domain("batch_id", "in", self.ids)
        made, unassigned = (
            dict(relationships._read_group(which, ["batch_id"], ["__count"]))
            for which in (domain, domain & Domain("user_id", "=", False))
        )
        for batch in self:
            batch.relationship_count = made.get(batch, 0)
            batch.unassigned_count = unassigned.get(batch, 0)

    @api.depends_context("lang")
    def _compute_kept_text(self):
        labels = self._get_kept_labels()
        for batch in self:
            counts = batch._count_kept() if batch.undone_date else {}
            batch.kept_text = "\n".join(
                f"{count}: {labels[code]}" for code, count in counts.items()
            )

    # Making

    def _add(self, lines):
        """Make active relationships of the customers found.

        :param prm.relationship.find.line lines: that may become resellers
        """
        self.ensure_one()
        company = self.company_id
        partners = lines.partner_id
        relationships = self.env["prm.relationship"].with_context(tracking_disable=True)
        lists = self._read_pricelists(partners)
        # sudo - res.users: portal users of the new resellers
        users = relationships._get_portal_users_of(partners)
        without = users.filtered(lambda user: company not in user.company_ids)
        made = relationships.create(
            [
                {
                    "partner_id": line.partner_id.id,
                    "partner_name": line.partner_id.name,  # spares an UPDATE
                    "company_id": company.id,
                    "state": "active",
                    "user_id": line.user_id.id,
                    "user_manual": False,
                    "territory_id": line.territory_id.id,
                    "territory_manual": False,
                    "grade_id": line.grade_id.id,
                    "batch_id": self.id,
                }
                for line in lines
            ]
        )
        self._follow(made)
        now = self._read_pricelists(partners)
        self._remember(
            {str(key): old for key, old in lists.items() if now[key] != old},
            without.filtered(lambda user: company in user.company_ids).ids,
        )
        # sudo - prm.relationship.batch: bookkeeping of what a manager made
        self.sudo().count += len(made)

    def _read_pricelists(self, partners):
        # sudo - res.partner: to put the list back when the batch is undone
        here = partners.sudo().with_company(self.company_id)
        return {
            partner.id: partner.specific_property_product_pricelist.id
            for partner in here
        }

    def _follow(self, relationships):
        """Salespeople follow theirs, as when they are chosen by hand, but get no mail
        about each of hundreds."""
        for user, theirs in relationships.grouped("user_id").items():
            if user:
                # sudo - mail.followers: as the tracking of the field does
                self.env["mail.followers"].sudo()._insert_followers(
                    theirs._name,
                    theirs.ids,
                    user.sudo().partner_id.ids,
                    customer_ids=[],
                    check_existing=False,
                )

    def _remember(self, pricelists, user_ids):
        known = self.sudo().before or {}
        self.sudo().before = {
            "pricelists": {**known.get("pricelists", {}), **pricelists},
            "user_ids": [*known.get("user_ids", []), *user_ids],
        }

    # Pages

    @api.model
    def _get_last(self, company):
        """:return: the company's last batch, as it is named on the page that finds"""
        batch = self.search(
            [("company_id", "=", company.id), ("undone_date", "=", False)], limit=1
        )
        return {"id": batch.id, "name": batch.display_name} if batch else False

    def _get_action(self):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Resellers Made"),
            "res_model": self._name,
            "res_id": self.id,
            "views": [(False, "form")],
            "target": "current",
        }

    def action_view_relationships(self):
        self.check_access("read")
        self.ensure_one()
        action = self.env["ir.actions.actions"]._for_xml_id(
            "prm_partner_portal.prm_relationship_action"
        )
        unassigned = {"search_default_unassigned": 1}
        return {
            **action,
            "domain": [("batch_id", "=", self.id)],
            "context": unassigned if self.env.context.get("prm_unassigned") else {},
        }

    def action_run_now(self):
        """Work out the recommendations of the new resellers now, not tonight."""
        self.ensure_one()
        self.check_access("read")
        runs = self.env["prm.recommendation.run"].with_company(self.company_id)
        return runs.action_run_now()

    # Undoing

    def action_undo(self):
        """Take the batch back, piece by piece, in the browser's sight."""
        self.ensure_one()
        self._check_undo()
        return {
            "type": "ir.actions.client",
            "tag": "prm_partner_portal.undo_batch",
            "params": {"batch_id": self.id, "left": len(self._query_free())},
        }

    def undo(self):
        """Take back the next relationships that nobody has worked with since.

        :return: dict of ``done`` and ``left`` relationships, and the ``action`` that
            shows what stayed once nothing is left
        """
        self.ensure_one()
        self._check_undo()
        free = self._query_free()
        relationships = self.env["prm.relationship"].browse(free[:CHUNK])
        self._take_back(relationships)
        left = len(free) - len(relationships)
        # sudo - prm.relationship.batch: bookkeeping of what a manager does
        batch_sudo = self.sudo()
        batch_sudo.undone_count += len(relationships)
        if not left:
            batch_sudo.undone_date = fields.Datetime.now()
            batch_sudo.undone_user_id = self.env.uid
        return {
            "done": len(relationships),
            "left": left,
            "action": not left and self._get_action(),
        }

    def _check_undo(self):
        self.env["prm.relationship"]._check_manager()
        self.check_access("read")
        if self.undone_date:
            raise UserError(self.env._("This batch has been undone already."))

    def _take_back(self, relationships):
        """Delete them; prices and portal access are again what they were before."""
        before = self.before or {}
        company = self.company_id
        lists, groups = before.get("pricelists", {}), {}
        for partner in relationships.partner_id:
            if str(partner.id) in lists:
                groups.setdefault(lists[str(partner.id)], []).append(partner.id)
        for pricelist_id, ids in groups.items():
            # sudo - res.partner: the batch gave them the list that is taken back
            partners = self.env["res.partner"].sudo().browse(ids).with_company(company)
            partners.with_context(
                prm_set_pricelist=True
            ).specific_property_product_pricelist = pricelist_id
        users = relationships._get_portal_users().filtered(
            lambda user: user.id in before.get("user_ids", [])
        )
        relationships.with_context(prm_undo_batch=True).unlink()
        for user in users:  # an open relationship would give it back
            user._prm_set_companies(user.company_ids - company)
        self.env.registry.clear_cache()

    # What stays when the batch is taken back

    @api.model
    def _get_kept_labels(self):
        return {
            "changed": self.env._("changed, or written about, since then"),
            "activity": self.env._("with an activity planned"),
            "offers": self.env._("with recommendations that were shown or used"),
            "portal": self.env._("with a new portal user or orders from the portal"),
        }

    @api.model
    def _get_kept_conditions(self):
        """What says that somebody has worked with a relationship ``r`` since.

        Extend it, and the labels, where another addon lets people do so.

        :return: a condition by code
        """
        return {
            "changed": SQL(
                """
                r.state <> 'active' OR NOT r.active OR r.user_manual
                OR r.territory_manual OR r.day_pinned
                OR COALESCE(r.note, '') NOT IN ('', '<p><br></p>')
                OR EXISTS (SELECT FROM mail_message m
                            WHERE m.model = 'prm.relationship' AND m.res_id = r.id)
                OR EXISTS (SELECT FROM prm_assortment_prm_relationship_rel a
                            WHERE a.prm_relationship_id = r.id)
                """
            ),
            "activity": SQL(
                """
                EXISTS (SELECT FROM mail_activity a
                         WHERE a.res_model = 'prm.relationship' AND a.res_id = r.id)
                """
            ),
            "offers": SQL(
                """
                EXISTS (SELECT FROM prm_recommendation_event e
                         WHERE e.relationship_id = r.id)
                """
            ),
            "portal": SQL(
                """
                EXISTS (SELECT FROM sale_order o
                         WHERE o.prm_relationship_id = r.id
                           AND o.prm_source = 'portal'
                           AND o.create_date > r.create_date)
                OR EXISTS (SELECT FROM res_partner p
                             JOIN res_users u ON u.partner_id = p.id AND u.share
                            WHERE p.commercial_partner_id = r.partner_id
                              AND u.create_date > r.create_date)
                """
            ),
        }

    def _query_kept(self):
        """:return: rows of relationship id and the code of why it stays, or None"""
        self.env.flush_all()
        cases = [
            SQL("WHEN %s THEN %s", condition, code)
            for code, condition in self._get_kept_conditions().items()
        ]
        return self.env.execute_query(
            SQL(
                "SELECT r.id, CASE %s END FROM prm_relationship r"
                " WHERE r.batch_id = %s ORDER BY r.id",
                SQL(" ").join(cases),
                self.id,
            )
        )

    def _query_free(self):
        return [key for key, code in self._query_kept() if code is None]

    def _count_kept(self):
        counts = {}
        for _key, code in self._query_kept():
            if code:
                counts[code] = counts.get(code, 0) + 1
        return counts
