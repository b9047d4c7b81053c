from ..report.prm_product_reseller import ID_BASE
from .common import PrmCommon

DAY = "2026-01-05"


class RpcCommon(PrmCommon):
    """One record of the first distributor for each model of ours."""

    @classmethod
    def _create_records(cls):
        """:return: by model a record that only the first distributor may see"""
        company, relationship = cls.company_a, cls.rel_both_a
        cls.product.company_id = company
        order = cls._create_order(cls.both, cls.product)
        assortment, territory = cls._create_assortment(), cls._create_territory()
        records = [
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
            *cls._create_happenings(),
            *cls._create_wizards(),
            *cls._create_found(),
            *cls._create_pushed(),
        ]
        cls.both.company_id = company
        return {record._name: record[:1] for record in records}

    @classmethod
    def _create_assortment(cls):
        line = {"product_tmpl_id": cls.product.product_tmpl_id.id}
        return cls.env["prm.assortment"].create(
            {
                "name": "All",
                "company_id": cls.company_a.id,
                "line_ids": [(0, 0, line)],
            }
        )

    @classmethod
    def _create_territory(cls):
        zips = {
            "country_id": cls.env.ref("base.de").id,
            "zip_from": "1",
            "zip_to": "2",
        }
        return cls.env["prm.territory"].create(
            {
                "name": "Here",
                "company_id": cls.company_a.id,
                "zip_ids": [(0, 0, zips)],
            }
        )

    @classmethod
    def _create_happenings(cls):
        """What the server notes, and what is worked out from it."""
        company = {"company_id": cls.company_a.id}
        common = {**company, "relationship_id": cls.rel_both_a.id}
        offer = {**common, "product_id": cls.product.id, "kind": "due"}
        pair = {"period_start": "2026-01-01", "probability": 0.5, "arm": "shown"}
        values = {
            "prm.contact": {
                **common,
                "user_id": cls.salesperson.id,
                "outcome": "offered",
                "date": DAY,
                "rest_until": DAY,
            },
            "prm.recommendation": offer,
            "prm.recommendation.event": {**offer, "type": "offered", "date": DAY},
            "prm.recommendation.control": {**offer, **pair, "date": DAY},
            "prm.recommendation.control.result": {
                **company,
                "period_start": "2025-01-01",
                "date": "2025-01-02",
                "class_number": 1,
                "arm": "shown",
                "pairs": 9,
                "bought": 3,
            },
            "prm.relationship.health.day": {**common, "date": DAY, "color": "red"},
            "prm.recommendation.run": company,
            "prm.weekly.mail": {
                **company,
                "user_id": cls.manager.id,
                "kind": "manager",
                "week": DAY,
            },
        }
        records = {name: cls.env[name].create(one) for name, one in values.items()}
        reported = records["prm.recommendation.event"].ids
        pair_id = cls.rel_both_a.id * ID_BASE + cls.product.id
        return [
            *records.values(),
            cls.env["prm.recommendation.report"].browse(reported),
            cls.env["prm.product.reseller"].browse(pair_id),
        ]

    @classmethod
    def _create_pushed(cls):
        """What goes with what, and what a manager wants sold."""
        company = {"company_id": cls.company_a.id}
        other = cls.env["product.product"].create({"name": "Other"})
        complement = cls.env["prm.product.complement"].create(
            {
                **company,
                "product_id": cls.product.id,
                "complement_id": other.id,
                "reseller_count": 5,
                "order_count": 5,
                "lift": 2.0,
                "score": 1.0,
            }
        )
        focus = cls.env["prm.focus"].create(
            {
                **company,
                "name": "Focus",
                "date_from": "2026-01-05",
                "date_to": "2026-02-05",
                "line_ids": [(0, 0, {"product_id": cls.product.id, "target": 1})],
            }
        )
        return [complement, focus, focus.line_ids]

    @classmethod
    def _create_wizards(cls):
        company, product = {"company_id": cls.company_a.id}, cls.product.id
        line = {"relationship_id": cls.rel_both_a.id, "product_id": product}
        values = {
            "prm.recommendation.control.report": company,
            "prm.relationship.state": {
                "relationship_ids": cls.rel_both_a.ids,
                "state": "suspended",
                "reason": "x",
            },
            "prm.product.offer": {"target_ids": [(0, 0, {"product_id": product})]},
            "prm.quotation.result": {"line_ids": [(0, 0, line)]},
            "res.config.settings": {},
        }
        records = {name: cls.env[name].create(one) for name, one in values.items()}
        offer, result = records["prm.product.offer"], records["prm.quotation.result"]
        offer.line_ids = [(0, 0, line)]
        return [*records.values(), offer.target_ids, offer.line_ids, result.line_ids]

    @classmethod
    def _create_found(cls):
        company = {"company_id": cls.company_a.id}
        find = cls.env["prm.relationship.find"].create(company)
        line = {**company, "find_id": find.id, "partner_id": cls.both.id}
        return [
            find,
            cls.env["prm.relationship.find.line"].create(line),
            cls.env["prm.relationship.batch"].create(company),
        ]
