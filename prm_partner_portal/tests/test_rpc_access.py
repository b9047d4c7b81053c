"""Nobody without the right reaches anything of ours by RPC.

Models, fields and methods are enumerated from the registry, so that new ones are
covered: a core model that gets its first ``prm_`` field or a new ``prm.*`` model
fails here until it has a record in ``_create_records``.
"""

import inspect
import json

from odoo import models
from odoo.exceptions import AccessError
from odoo.tests import HttpCase, JsonRpcException, tagged
from odoo.tools import mute_logger

from .common import PrmCommon

OURS = "prm_partner_portal"
REFUSED = {
    "odoo.exceptions.AccessError",
    "odoo.exceptions.MissingError",
    "odoo.http.SessionExpiredException",
    "werkzeug.exceptions.NotFound",
}
# Nobody writes these, not even who may read them.
APPEND_ONLY = {
    name: "odoo.exceptions.UserError"
    for name in ("prm.recommendation.control", "prm.recommendation.event")
}
MUTED = (
    "odoo.http",
    "odoo.addons.base.models.ir_rule",
    "odoo.addons.base.models.ir_model",
    "odoo.addons.base.models.ir_access",
    "odoo.orm.models",
    "odoo.models",
)


def is_ours(cls):
    return (getattr(cls, "_module", None) or "").startswith(OURS)


def our_classes(env):
    """Yield (model name, class) of each class that our addons define or extend."""
    for name, model in env.registry.items():
        for cls in model.mro():
            if is_ours(cls):
                yield name, cls


@tagged("post_install", "-at_install")
class TestRpcAccess(HttpCase, PrmCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.records = cls._create_records()
        users = cls.user_both, cls.employee, cls.stranger
        cls.keys = {user: cls._create_key(user) for user in users}

    @classmethod
    def _create_key(cls, user):
        keys = cls.env["res.users.apikeys"].with_user(user).sudo()
        return keys._generate(None, "test", "2100-01-01")

    @classmethod
    def _create_records(cls):
        """One record of the first distributor for each model that is looked at."""
        company, relationship = cls.company_a, cls.rel_both_a
        cls.product.company_id = company
        order = cls._create_order(cls.both, cls.product)
        assortment = cls.env["prm.assortment"].create(
            {
                "name": "All",
                "company_id": company.id,
                "line_ids": [
                    (0, 0, {"product_tmpl_id": cls.product.product_tmpl_id.id})
                ],
            }
        )
        territory = cls.env["prm.territory"].create(
            {
                "name": "Here",
                "company_id": company.id,
                "zip_ids": [
                    (
                        0,
                        0,
                        {
                            "country_id": cls.env.ref("base.de").id,
                            "zip_from": "1",
                            "zip_to": "2",
                        },
                    )
                ],
            }
        )
        common = {"relationship_id": relationship.id, "company_id": company.id}
        offer = {**common, "product_id": cls.product.id, "kind": "due"}
        event = {**offer, "type": "offered", "date": "2026-01-05"}
        day = {**common, "date": "2026-01-05", "color": "red"}
        pair = {"period_start": "2026-01-01", "probability": 0.5, "arm": "shown"}
        other = cls.env["product.product"].create({"name": "Other"})
        focus = {
            "name": "Focus",
            "company_id": company.id,
            "date_from": "2026-01-05",
            "date_to": "2026-02-05",
            "line_ids": [(0, 0, {"product_id": cls.product.id, "target": 1})],
        }
        complement = {
            "company_id": company.id,
            "product_id": cls.product.id,
            "complement_id": other.id,
            "reseller_count": 5,
            "order_count": 5,
            "lift": 2.0,
            "score": 1.0,
        }
        create = {
            "prm.recommendation": offer,
            "prm.recommendation.event": event,
            "prm.recommendation.control": {**offer, **pair, "date": "2026-01-05"},
            "prm.recommendation.control.report": {"company_id": company.id},
            "prm.relationship.health.day": day,
            "prm.recommendation.run": {"company_id": company.id},
            "prm.product.complement": complement,
            "prm.relationship.state": {
                "relationship_ids": relationship.ids,
                "state": "suspended",
                "reason": "x",
            },
            "res.config.settings": {},
        }
        pushed = cls.env["prm.focus"].create(focus)
        records = [
            pushed,
            pushed.line_ids,
            relationship,
            relationship.health_id,
            assortment,
            assortment.line_ids,
            territory,
            territory.zip_ids,
            order,
            order.order_line,
            cls.product,
            cls.product.product_tmpl_id,
            cls.user_both,
            cls.both,
            cls.gold_a,
            cls.list_a,
            company,
            *(cls.env[name].create(values) for name, values in create.items()),
        ]
        cls.both.company_id = company
        return {record._name: record[:1] for record in records}

    # Enumerated

    def _our_models(self):
        return sorted(
            name
            for name in self.env.registry
            if name.startswith("prm.") and not self.env[name]._abstract
        )

    def _our_fields(self):
        return sorted(
            (name, field)
            for name, model in self.env.registry.items()
            for field in model._fields
            if field.startswith("prm_")
            and not name.startswith("prm.")
            and not model._abstract
            and model._auto
        )

    def _our_methods(self):
        """Public methods that exist because of us: not overrides of core's own."""
        found = set()
        for name, cls in our_classes(self.env):
            others = [c for c in self.env.registry[name].mro() if not is_ours(c)]
            core = [c for c in others if getattr(c, "_module", None)]
            for method, function in vars(cls).items():
                if (
                    not method.startswith("_")
                    and inspect.isfunction(function)
                    and not getattr(function, "_api_private", False)
                    and not any(method in vars(c) for c in (*core, models.BaseModel))
                    and not self.env[name]._abstract
                ):
                    found.add((name, method))
        return sorted(found)

    # Two doors

    def _login(self, user):
        if user:
            self.authenticate(user.login, user.login)
        else:
            self.authenticate(None, None)

    def _call_kw(self, model, method, args=(), kwargs=None):
        """:return: True when refused"""
        try:
            self.make_jsonrpc_request(
                "/web/dataset/call_kw",
                {
                    "model": model,
                    "method": method,
                    "args": args,
                    "kwargs": kwargs or {},
                },
            )
        except JsonRpcException as error:
            return str(error) if str(error) not in REFUSED else True
        return False

    def _json2(self, user, model, method, ids=(), **kwargs):
        """:return: True when refused"""
        key = self.keys.get(user, "none")
        response = self.url_open(
            f"/json/2/{model}/{method}",
            data=json.dumps({"ids": list(ids), **kwargs}),
            headers={
                "Authorization": f"Bearer {key}",
                "Content-Type": "application/json",
            },
        )
        return response.status_code in (401, 403, 404)

    def _everyone(self):
        for user in (None, self.user_both, self.employee, self.stranger):
            with self.subTest(user=user and user.login), mute_logger(*MUTED):
                self._login(user)
                yield user

    # Tests

    def test_every_model_is_refused(self):
        for user in self._everyone():
            for name in self._our_models():
                self.assertIn(name, self.records, "add a record of this model")
                ids = self.records[name].ids
                with self.subTest(model=name):
                    self.assertIs(self._call_kw(name, "read", [ids]), True)
                    refused = self._call_kw(name, "write", [ids, {}])
                    self.assertIn(refused, (True, APPEND_ONLY.get(name)))
                    self.assertIs(self._call_kw(name, "unlink", [ids]), True)
                    self.assertTrue(self._json2(user, name, "read", ids))
                    self.assertTrue(self._json2(user, name, "unlink", ids))

    def test_search_finds_nothing_of_another_company(self):
        for name in self._our_models():
            model = self.env[name].with_user(self.stranger)
            with self.subTest(model=name):
                if model.has_access("read"):
                    self.assertFalse(model.search([]) & self.records[name])

    def test_search_is_refused_without_the_group(self):
        for user in (self.user_both, self.employee):
            for name in self._our_models():
                with self.subTest(model=name), self.assertRaises(AccessError):
                    self.env[name].with_user(user).search([])

    def test_every_field_is_refused(self):
        for user in self._everyone():
            for name, field in self._our_fields():
                self.assertIn(name, self.records, "add a record of this model")
                ids = self.records[name].ids
                with self.subTest(field=f"{name}.{field}"):
                    self.assertIs(self._call_kw(name, "read", [ids, [field]]), True)
                    self.assertTrue(
                        self._json2(user, name, "read", ids, fields=[field])
                    )

    def test_fields_are_refused_on_records_that_one_may_read(self):
        """Not the record is refused but the field: these are the user's own."""
        order = self.records["sale.order"]
        for record, user in ((order, self.user_both), (self.both, self.user_both)):
            record.with_user(user).read(["name"])
            for name, field in self._our_fields():
                if name == record._name:
                    with self.subTest(field=field), self.assertRaises(AccessError):
                        record.with_user(user).read([field])

    def test_every_method_is_refused(self):
        methods = self._our_methods()
        self.assertIn(("prm.relationship", "action_activate"), methods)
        for user in self._everyone():
            for name, method in methods:
                ids = self.records[name].ids
                with self.subTest(method=f"{name}.{method}"):
                    arguments = self._get_arguments(name, method)
                    function = getattr(self.env.registry[name], method)
                    positional = [] if hasattr(function, "_api_model") else [ids]
                    self.assertIs(
                        self._call_kw(name, method, positional, arguments), True
                    )
                    self.assertTrue(
                        self._json2(user, name, method, positional and ids, **arguments)
                    )

    def _get_arguments(self, name, method):
        """Plausible arguments, so that it is access that refuses and not a type."""
        signature = inspect.signature(getattr(self.env.registry[name], method))
        given = {
            "relationship_id": self.rel_both_a.id,
            "partner_id": self.both.id,
            "company_id": self.company_a.id,
            "order_id": self.records["sale.order"].id,
            "product_id": self.product.id,
            "product_ids": self.product.ids,
        }
        values = {}
        for parameter in list(signature.parameters.values())[1:]:
            if parameter.kind in (parameter.VAR_POSITIONAL, parameter.VAR_KEYWORD):
                continue
            if parameter.name in given:
                values[parameter.name] = given[parameter.name]
            elif parameter.default is parameter.empty:
                values[parameter.name] = "x"
        return values

    def test_groups_hide_every_field(self):
        """A field that is for all internal users stands in this list, with a reason."""
        exceptions = {"res.config.settings"}  # the model is for administrators
        for name, field in self._our_fields():
            if name not in exceptions:
                with self.subTest(field=f"{name}.{field}"):
                    self.assertTrue(self.env[name]._fields[field].groups)

    def test_every_model_with_a_company_has_a_rule(self):
        rules = self.env["ir.rule"].search([("global", "=", True)])
        for name in self._our_models():
            if "company_id" in self.env[name]._fields and not self.env[name]._transient:
                with self.subTest(model=name):
                    self.assertIn(name, rules.mapped("model_id.model"))
