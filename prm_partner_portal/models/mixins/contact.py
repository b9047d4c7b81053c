from datetime import timedelta

from psycopg2.errors import UniqueViolation

from odoo import fields, models
from odoo.exceptions import (
    AccessError,
    ConcurrencyError,
    UserError,
    ValidationError,
)
from odoo.tools import format_date, mute_logger, plaintext2html

from ..const import CONTACT_REST_DAYS, OUTCOMES

CALL = "mail.mail_activity_data_call"
NOTE_LENGTH = 500
TOKEN_LENGTH = 64
LATEST = timedelta(days=365)


class PrmContactMixin(models.AbstractModel):
    """What came of talking to a reseller, and who goes on with it."""

    _name = "prm.contact.mixin"
    _description = "Contacts with a Reseller"

    def _prm_check_own(self):
        """:raise AccessError: also where the reseller was given to somebody else while
        its card was open: then a sentence says so"""
        # Users have no right at all, or not this reseller
        self.browse().check_access("write")
        if not self.has_access("write"):
            raise AccessError(
                self.env._(
                    "This reseller is not, or no longer, yours: nothing was recorded."
                    " Tell who looks after it now what you know."
                )
            )

    def record_contact(self, outcome, note=False, day=False, token=False):
        """Note what came of a contact; the reseller leaves the day list.

        :param str outcome: one of OUTCOMES
        :param str note: a line in the salesperson's words
        :param str day: for a call back
        :param str token: of the dialog; what was recorded with it is not recorded twice
        :return: dict: contact_id, until (first day that it may be in the list again),
            moved (whether the day asked for is a holiday), others (who talked to the
            reseller today, too)
        """
        self.ensure_one()
        self._prm_check_own()
        values = self._prepare_contact_values(outcome, note, day, token)
        contact = self._get_contact(values["token"])
        if not contact:
            contact = self._create_contact(values)
        return {
            "contact_id": contact.id,
            "until": fields.Date.to_string(contact.rest_until),
            "moved": bool(
                outcome == "call_back"
                and contact.rest_until != fields.Date.to_date(day)
            ),
            "others": self._get_other_callers(contact),
        }

    def _get_contact(self, token):
        """:return: what was recorded with this token, or none"""
        # sudo - prm.contact: a reseller that is the user's, as was checked
        contacts_sudo = self.env["prm.contact"].sudo().with_context(active_test=False)
        domain = [("token", "=", token), ("relationship_id", "=", self.id)]
        return contacts_sudo.search(domain) if token else contacts_sudo

    def _prepare_contact_values(self, outcome, note, day, token):
        """:raise ValidationError: for what is no outcome, or a day that is none"""
        outcomes = dict(OUTCOMES)
        if outcome not in outcomes:
            raise ValidationError(
                self.env._(
                    "“%(found)s” is no outcome: one of %(allowed)s is.",
                    found=outcome,
                    allowed=", ".join(outcomes),
                )
            )
        today = self.company_id._prm_get_today()
        return {
            "relationship_id": self.id,
            "company_id": self.company_id.id,
            "user_id": self.env.uid,
            "outcome": outcome,
            "date": today,
            "note": str(note).strip()[:NOTE_LENGTH] if note else False,
            "rest_until": self._get_call_back_day(day, today)
            if outcome == "call_back"
            else today + timedelta(days=CONTACT_REST_DAYS[outcome]),
            "token": str(token)[:TOKEN_LENGTH] if token else False,
        }

    def _get_call_back_day(self, day, today):
        """:return: the day asked for, or the next on which the company works"""
        try:
            asked = fields.Date.to_date(day)
        except (TypeError, ValueError):
            asked = None
        if not asked or not today <= asked <= today + LATEST:
            raise ValidationError(
                self.env._(
                    "Call back on which day? One from %(first)s to %(last)s is"
                    " expected, found “%(found)s”.",
                    first=format_date(self.env, today),
                    last=format_date(self.env, today + LATEST),
                    found=day or "",
                )
            )
        return self.company_id._prm_get_working_day(asked)

    def _create_contact(self, values):
        text = self._get_contact_text(values)
        values["closed_activity_id"] = self._close_planned_call(text)
        if values["outcome"] == "call_back":
            values["activity_id"] = self._plan_call(values)
        (row,) = self._day_query([("id", "=", self.id)])
        values["stake"] = row["due"] + self._day_get_risk(row)
        # sudo - prm.contact: append-only, written by the server only
        contacts_sudo = self.env["prm.contact"].sudo()
        try:
            with mute_logger("odoo.sql_db"):
                contact = contacts_sudo.create(values)
        except UniqueViolation as error:  # a double click: the other request was first
            raise ConcurrencyError(str(error)) from error
        self.message_post(body=text, subtype_xmlid="mail.mt_note")
        return contact

    def _get_contact_text(self, values):
        outcomes = self.env["prm.contact"]._fields["outcome"]
        text = dict(outcomes._description_selection(self.env))[values["outcome"]]
        if values["outcome"] == "call_back":
            text = self.env._(
                "Call back on %(day)s", day=format_date(self.env, values["rest_until"])
            )
        return f"{text}: {values['note']}" if values["note"] else text

    def _close_planned_call(self, text):
        """This was the call that was planned, whatever came of it.

        :return: id of its activity, where one is open
        """
        contact = self._get_last_contact()
        activity = contact.activity_id
        if not activity.active:
            return False
        activity.write({"feedback": text, "active": False})
        return activity.id

    def _get_last_contact(self):
        # sudo - prm.contact: a reseller that is the user's, as was checked
        contacts_sudo = self.env["prm.contact"].sudo()
        return contacts_sudo.search([("relationship_id", "=", self.id)], limit=1)

    def _plan_call(self, values):
        """:return: id of the salesperson's activity"""
        return self.activity_schedule(
            CALL,
            values["rest_until"],
            summary=self.env._("Call back"),
            note=plaintext2html(values["note"] or ""),
            user_id=(self.sudo().user_id or self.env.user).id,
            automated=False,
        ).id

    def _get_other_callers(self, contact):
        """:return: names of colleagues who talked to the reseller on the same day"""
        others = contact.search(
            [
                ("relationship_id", "=", self.id),
                ("date", "=", contact.date),
                ("user_id", "!=", contact.user_id.id),
            ]
        )
        return others.user_id.mapped("name")

    def undo_contact(self, contact_id):
        """Take back what the user recorded today: the reseller is in the list again.

        :raise UserError: where there is nothing of the user's to take back
        """
        self.ensure_one()
        self._prm_check_own()
        (contact_id,) = self._prm_check_ids([contact_id])
        # sudo - prm.contact: append-only, taken back by the server only
        contact_sudo = self.env["prm.contact"].sudo()
        contact_sudo = contact_sudo.with_context(active_test=False).search(
            [
                ("id", "=", contact_id),
                ("relationship_id", "=", self.id),
                ("user_id", "=", self.env.uid),
                ("date", "=", self.company_id._prm_get_today()),
            ]
        )
        if not contact_sudo:
            raise UserError(
                self.env._("Only what you recorded yourself today can be taken back.")
            )
        if contact_sudo.active:
            contact_sudo.active = False
            contact_sudo.activity_id.unlink()
            contact_sudo.closed_activity_id.write({"feedback": False, "active": True})
            self.message_post(
                body=self.env._(
                    "Taken back: %(contact)s",
                    contact=self._get_contact_text(contact_sudo),
                ),
                subtype_xmlid="mail.mt_note",
            )
        return True
