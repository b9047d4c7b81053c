from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import SQL, html2plaintext

STOPPED, DUE, NEW = 5, 8, 5
CONTACTS = 3
DOCUMENTS = 5
MESSAGE_LENGTH = 300


class PrmCallMixin(models.AbstractModel):
    """All that one wants to have in sight while the reseller is on the phone."""

    _name = "prm.call.mixin"
    _description = "Preparation of a Call"

    @api.readonly
    def get_call(self):
        """:return: dict: who (see _call_get_who), due, stopped and new (rows as in the
        order tab), quotations, deliveries, invoices, contacts, message, health"""
        relationship = self._prm_check_offers()
        sudo = relationship.sudo()
        offers = relationship._call_get_offers()
        company = sudo.company_id
        return {
            "id": self.id,
            "name": sudo.partner_id.name,
            "currency_id": company.currency_id.id,
            "phones": relationship._call_query_phones(),
            "note": (sudo.note and html2plaintext(sudo.note)) or "",
            **offers,
            **relationship._call_get_documents(),
            "contacts": relationship._call_get_contacts(),
            "message": relationship._call_get_message(),
            "health": relationship._call_get_health(),
        }

    def _call_get_offers(self):
        """What to talk about, under the same rules as in the order tab: what is in
        focus rises, and hides nothing due."""
        at_hand = self._call_get_at_hand()
        marks = self._prm_get_marks(at_hand)
        blocks = {"stopped": [], "due": [], "new": []}
        names = {"forgotten": "stopped", "due": "due", "new": "new"}
        candidates = self._prm_get_candidates(at_hand, marks)
        due, new = self._prm_part(self._prm_keep_focus(candidates, marks))
        for candidate in (*due, *new):
            blocks[names[candidate["kind"]]].append(candidate)
        limits = {"stopped": STOPPED, "due": DUE, "new": NEW}
        blocks = {
            name: self._prm_rerank(blocks[name], limit, marks, at_hand)
            for name, limit in limits.items()
        }
        return {
            **self._prm_get_block_rows(blocks, at_hand),
            "price_currency_id": at_hand.currency.id,
        }

    def _call_get_at_hand(self):
        """:return: as of an order without lines at the reseller's own prices"""
        sudo = self.sudo()
        partner = sudo.partner_id
        delivery = partner.browse(partner.address_get(["delivery"])["delivery"])
        positions = sudo.env["account.fiscal.position"]
        return self._prm_get_order_at_hand(
            {
                "pricelist_id": sudo.pricelist_id.id,
                "fiscal_position_id": positions._get_fiscal_position(
                    partner, delivery
                ).id,
            }
        )

    def _call_query_phones(self):
        """:return: the reseller's own number first, then those of its contacts"""
        return self.env.execute_query_dict(
            SQL(
                """
                SELECT p.name, p.phone, COALESCE(p.function, '') AS function
                  FROM res_partner p
                 WHERE (p.id = %(partner)s OR p.parent_id = %(partner)s)
                   AND p.active AND p.phone <> ''
                 ORDER BY p.id <> %(partner)s, p.type <> 'contact', p.id
                 LIMIT %(limit)s
                """,
                partner=self.partner_id.id,
                limit=DOCUMENTS,
            )
        )

    def _call_get_documents(self):
        """Open quotations, deliveries and invoices of the reseller.

        Whoever made them: the reseller on the phone asks who looks after it. What the
        user may not open is named without a link.
        """
        rows = self._call_query_documents()
        models_by_kind = {
            "quotations": "sale.order",
            "deliveries": "stock.picking",
            "invoices": "account.move",
        }
        documents = {}
        for kind, model in models_by_kind.items():
            theirs = [row for row in rows if row["kind"] == kind]
            records = self.env[model].browse(row["id"] for row in theirs)
            readable = records._filtered_access("read").ids
            documents[kind] = [
                {
                    "id": row["id"] in readable and row["id"],
                    "model": model,
                    "name": row["name"],
                    "day": fields.Date.to_string(row["day"]),
                    "late": row["late"],
                    "amount": row["amount"],
                }
                for row in theirs[:DOCUMENTS]
            ]
            documents[f"{kind}_count"] = theirs[0]["count"] if theirs else 0
            documents[f"{kind}_amount"] = theirs[0]["total"] if theirs else 0.0
        return documents

    def _call_query_documents(self):
        company = self.sudo().company_id
        return self.env.execute_query_dict(
            SQL(
                """
                WITH document AS (
                    SELECT 'quotations' AS kind, o.id, o.name,
                           (o.date_order AT TIME ZONE 'UTC'
                               AT TIME ZONE %(zone)s)::date AS day,
                           (o.amount_untaxed / COALESCE(NULLIF(o.currency_rate, 0), 1))
                               ::float8 AS amount,
                           FALSE AS late
                      FROM sale_order o
                     WHERE o.prm_relationship_id = %(relationship)s
                       AND o.state IN ('draft', 'sent')
                       AND (o.validity_date IS NULL OR o.validity_date >= %(today)s)
                     UNION
                    SELECT 'deliveries', d.id, d.name,
                           (d.scheduled_date AT TIME ZONE 'UTC'
                               AT TIME ZONE %(zone)s)::date,
                           NULL,
                           (d.scheduled_date AT TIME ZONE 'UTC'
                               AT TIME ZONE %(zone)s)::date < %(today)s
                      FROM sale_order o
                      JOIN stock_picking d ON d.sale_id = o.id
                      JOIN stock_picking_type k ON k.id = d.picking_type_id
                     WHERE o.prm_relationship_id = %(relationship)s
                       AND k.code = 'outgoing'
                       AND d.state NOT IN ('draft', 'done', 'cancel')
                     UNION
                    SELECT 'invoices', v.id, v.name, v.invoice_date_due,
                           v.amount_residual_signed::float8,
                           v.invoice_date_due < %(today)s
                      FROM res_partner p
                      JOIN account_move v
                        ON v.partner_id = p.id AND v.company_id = %(company)s
                     WHERE p.commercial_partner_id = %(partner)s
                       AND v.move_type IN ('out_invoice', 'out_refund')
                       AND v.state = 'posted'
                       AND v.payment_state IN ('not_paid', 'partial')
                )
                SELECT * FROM (
                    SELECT d.*, count(*) OVER (PARTITION BY kind) AS count,
                           sum(amount) OVER (PARTITION BY kind) AS total,
                           row_number() OVER (PARTITION BY kind ORDER BY day, id)
                               AS place
                      FROM document d) placed
                 WHERE place <= %(limit)s
                 ORDER BY kind, place
                """,
                zone=company._prm_get_timezone(),
                today=company._prm_get_today(),
                relationship=self.id,
                company=company.id,
                partner=self.partner_id.id,
                limit=DOCUMENTS,
            )
        )

    def record_call(self, product_ids):
        """Note the products that the user has before the eyes while calling."""
        relationship = self._prm_check_offers()
        product_ids = relationship._prm_check_ids(product_ids)
        events = self.env["prm.recommendation.event"]
        count = events._record_shown(relationship, product_ids, "day")
        at_hand = relationship._call_get_at_hand()
        return count + relationship._prm_record_extras(product_ids, at_hand, "day")

    def quote_call(self, quantities):
        """Put what the reseller wants to hear the price of into a draft quotation.

        :param dict quantities: by product id, as text or number
        :return: dict: action that opens the quotation, or nothing, and skipped (name of
            the product and why), where something was left out
        """
        relationship = self._prm_check_offers()
        lines = relationship._call_check_quantities(quantities)
        user = relationship.sudo().user_id or self.env.user
        outcomes = relationship._prm_make_quotations(
            {relationship: lines}, "day", {relationship: user}
        )
        reasons = self.env["prm.quotation.result.line"]._fields["reason"]
        reasons = dict(reasons._description_selection(self.env))
        order = next((one.order for one in outcomes if one.order), None)
        return {
            "order_id": order.id if order else False,
            "skipped": [
                {
                    "name": one.product.sudo().display_name,
                    "why": one.message or reasons[one.reason],
                }
                for one in outcomes
                if one.result == "skipped"
            ],
        }

    def _call_check_quantities(self, quantities):
        """:return: quantities by product, which the user may read"""
        if not isinstance(quantities, dict) or not quantities:
            raise ValidationError(
                self.env._(
                    "Quantities by product are expected, found %(found)s.",
                    found=str(quantities)[:200],
                )
            )
        ids = [int(one) if str(one).isdecimal() else one for one in quantities]
        products = self.env["product.product"].browse(self._prm_check_ids(ids))
        products.check_access("read")
        return dict(zip(products, quantities.values(), strict=True))

    # What was said, and how it goes

    def _call_get_contacts(self):
        contacts = self.env["prm.contact"].search_fetch(
            [("relationship_id", "=", self.id)],
            ["date", "outcome", "note", "user_id"],
            limit=CONTACTS,
        )
        outcomes = dict(contacts._fields["outcome"]._description_selection(self.env))
        return [
            {
                "id": contact.id,
                "day": fields.Date.to_string(contact.date),
                "outcome": outcomes[contact.outcome],
                "note": contact.note or "",
                "by": contact.sudo().user_id.name,
            }
            for contact in contacts
        ]

    def _call_get_message(self):
        """:return: the last thing that somebody wrote about or to this reseller: in its
        page or in one of its orders, as far as the user may read it"""
        orders = self.env["sale.order"]._search([("prm_relationship_id", "=", self.id)])
        rows = self.env.execute_query_dict(
            SQL(
                """
                SELECT m.id
                  FROM mail_message m
                 WHERE ((m.model = 'prm.relationship' AND m.res_id = %(id)s)
                     OR (m.model = 'sale.order' AND m.res_id IN %(orders)s))
                   AND m.message_type IN ('email', 'comment')
                   AND m.body <> ''
                 ORDER BY m.date DESC, m.id DESC
                 LIMIT 1
                """,
                id=self.id,
                orders=orders.subselect(),
            )
        )
        message = self.env["mail.message"].browse(row["id"] for row in rows)
        message = message._filtered_access("read")
        if not message:
            return False
        text = html2plaintext(message.body).strip()
        return {
            "day": fields.Datetime.to_string(message.date),
            "by": message.sudo().author_id.name or message.email_from or "",
            "text": text[:MESSAGE_LENGTH] + ("…" if len(text) > MESSAGE_LENGTH else ""),
        }

    def _call_get_health(self):
        # sudo - prm.relationship.health: of a reseller that the user may read
        health = self.sudo().health_id
        return {
            "color": health.color or "grey",
            "label": dict(health._fields["color"]._description_selection(self.env))[
                health.color or "grey"
            ],
            "since": fields.Date.to_string(health.color_since),
            "texts": [health.rhythm_text, health.trend_text, health.range_text]
            if health.color not in (False, "grey")
            else [health.rhythm_text],
            "last_order": fields.Date.to_string(health.last_order_date),
            "turnover": health.turnover,
            "turnover_year": health.turnover_year,
        }
