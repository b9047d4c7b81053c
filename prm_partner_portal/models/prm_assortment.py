from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain

TARGETS = ("category_id", "tag_id", "product_tmpl_id")


class PrmAssortment(models.Model):
    _name = "prm.assortment"
    _description = "Assortment"
    _order = "name, id"

    name = fields.Char(required=True, translate=True)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one("res.company", index=True)
    line_ids = fields.One2many("prm.assortment.line", "assortment_id", "Lines")
    grade_ids = fields.Many2many("res.partner.grade", string="Tiers")
    relationship_ids = fields.Many2many("prm.relationship", string="Resellers")

    def _get_product_domain(self, day):
        """What these assortments together let through on a day.

        A product beats a tag beats a category, excluding wins a tie, and where
        nothing is included everything is that is not excluded.

        :param date day:
        :return: a domain on product.product
        """
        lines = self.line_ids.filtered(lambda line: line._is_valid_on(day))
        allowed = Domain(not any(line.mode == "include" for line in lines))
        for target in TARGETS:
            included = lines._get_target_domain(target, "include")
            excluded = lines._get_target_domain(target, "exclude")
            allowed = ~excluded & (included | allowed)
        return allowed


class PrmAssortmentLine(models.Model):
    _name = "prm.assortment.line"
    _description = "Assortment Line"
    _order = "assortment_id, sequence, id"

    assortment_id = fields.Many2one(
        "prm.assortment", required=True, index=True, ondelete="cascade"
    )
    sequence = fields.Integer(default=10)
    mode = fields.Selection(
        [("include", "Include"), ("exclude", "Exclude")],
        required=True,
        default="include",
    )
    category_id = fields.Many2one("product.category", ondelete="cascade")
    tag_id = fields.Many2one("product.tag", "Product Tag", ondelete="cascade")
    product_tmpl_id = fields.Many2one("product.template", "Product", ondelete="cascade")
    date_from = fields.Date("From")
    date_to = fields.Date("Until")
    event_id = fields.Many2one(
        "prm.recommendation.event",
        "Dismissal",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="set null",
        help="The dismissal that led to this line; undoing it removes the line.",
    )

    @api.constrains("mode", *TARGETS)
    def _check_one_target(self):
        for line in self:
            if sum(bool(line[target]) for target in TARGETS) != 1:
                raise ValidationError(
                    self.env._(
                        "A line of an assortment names a category, a tag or a product:"
                        " one of them."
                    )
                )

    @api.constrains("date_from", "date_to")
    def _check_dates(self):
        for line in self:
            if line.date_from and line.date_to and line.date_from > line.date_to:
                raise ValidationError(
                    self.env._("A line of an assortment ends before it begins.")
                )

    def _is_valid_on(self, day):
        self.ensure_one()
        return not (
            (self.date_from and day < self.date_from)
            or (self.date_to and day > self.date_to)
        )

    def _get_target_domain(self, target, mode):
        """:return: domain on product.product of the lines of one kind and mode"""
        ids = self.filtered(lambda line: line.mode == mode)[target].ids
        if not ids:
            return Domain.FALSE
        return {
            "category_id": Domain("categ_id", "child_of", ids),
            "tag_id": Domain("all_product_tag_ids", "in", ids),
            "product_tmpl_id": Domain("product_tmpl_id", "in", ids),
        }[target]
