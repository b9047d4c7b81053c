from odoo import fields, models

from .at_hand import OrderAtHand


class PrmOwnPriceMixin(models.AbstractModel):
    """What many resellers pay, each by its own price list."""

    _name = "prm.own.price.mixin"
    _description = "Own Prices of Resellers"

    def _prm_get_own_prices(self, wanted, least=False):
        """The prices that new quotations of these resellers would have.

        All rules are read at once, however many price lists there are.

        :param list wanted: (relationship, product, quantity in the product's unit)
        :param bool least: raise each quantity to what the price list asks for, in
            whole sales packs
        :return: list of dicts: price, currency_id, quantity
        """
        groups = {}
        for place, (relationship, product, quantity) in enumerate(wanted):
            key = relationship.company_id, relationship.pricelist_id
            groups.setdefault(key, []).append((place, product.id, quantity))
        now = fields.Datetime.now()
        # sudo - product.product, product.pricelist: prices of resellers that one sees
        products = self.env["product.product"].sudo()
        products = products.union(*(product for _r, product, _q in wanted))
        rules = products._prm_find_rules([pricelist for _c, pricelist in groups], now)
        prices = [None] * len(wanted)
        for (company, pricelist), asked in groups.items():
            terms = self._prm_get_terms(company, pricelist, now)
            theirs = rules.filtered(lambda rule, p=pricelist: rule.pricelist_id == p)
            one = self.filtered(lambda r, c=company: r.company_id == c)[:1]
            found = one._prm_price_at(asked, terms, theirs, least)
            for (place, _id, _quantity), price in zip(asked, found, strict=True):
                prices[place] = price
        return prices

    def _prm_price_at(self, asked, terms, rules, least):
        products = self.env["product.product"].sudo().with_company(self.company_id)
        products = products.concat(*(products.browse(one) for _place, one, _q in asked))
        quantities = [quantity for _place, _product_id, quantity in asked]
        if least:
            quantities = self._prm_round_quantities(
                products, [{"quantity": quantity} for quantity in quantities], rules
            )
        pairs = list(zip(products._ids, quantities, strict=True))
        return [
            {
                "price": price["price"],
                "currency_id": terms.currency.id,
                "quantity": quantity,
            }
            for price, quantity in zip(
                self._prm_get_prices(pairs, terms, rules), quantities, strict=True
            )
        ]

    def _prm_get_terms(self, company, pricelist, date):
        """:return: an OrderAtHand of which nothing is known but the price list"""
        none = self.env["sale.order"]
        return OrderAtHand(
            order=none,
            pricelist=pricelist.sudo(),
            currency=pricelist.sudo().currency_id or company.currency_id,
            location=self.env["stock.location"],
            fiscal_position=self.env["account.fiscal.position"],
            date=date,
            zone="UTC",
            today=date.date(),
            product_ids=(),
            resting={},
        )
