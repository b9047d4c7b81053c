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
        # sudo - product.product, product.pricelist: prices of resellers that one sees
        products = self.env["product.product"].sudo()
        products = products.union(*(product for _r, product, _q in wanted))
        positions = self._prm_get_fiscal_positions(products)
        groups = {}
        for place, (relationship, product, quantity) in enumerate(wanted):
            key = (
                relationship.company_id,
                relationship.pricelist_id,
                positions[relationship],
            )
            groups.setdefault(key, []).append((place, product.id, quantity))
        now = fields.Datetime.now()
        pricelists = list(dict.fromkeys(pricelist for _c, pricelist, _f in groups))
        rules = products._prm_find_rules(pricelists, now)
        prices = [None] * len(wanted)
        for (company, pricelist, position), asked in groups.items():
            terms = self._prm_get_terms(company, pricelist, position, now)
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

    def _prm_get_fiscal_positions(self, products):
        """What a new quotation of each reseller would adapt taxes to.

        Core finds it order by order: its rules are asked here of all resellers, where
        a price of these products includes a tax that it may change.

        :return: dict: account.fiscal.position by relationship
        """
        found = {}
        for company, theirs in self.grouped("company_id").items():
            # sudo - account.fiscal.position: applied to every order, read by few
            positions_sudo = self.env["account.fiscal.position"].sudo()
            positions_sudo = positions_sudo.with_company(company)
            known = positions_sudo.with_context(active_test=False).search_fetch(
                positions_sudo._check_company_domain(company),
                ["active", "auto_apply", "company_id", "country_id", "sequence"],
            )
            templates = products.with_company(company).product_tmpl_id
            taxes = known and templates.taxes_id._filter_taxes_by_company(company)
            if not any(tax.price_include for tax in taxes):
                found |= dict.fromkeys(theirs, positions_sudo)
                continue
            automatic = known.filtered(lambda one: one.active and one.auto_apply)
            by_partner = theirs._prm_find_positions(
                automatic.with_context(active_test=True)
            )
            found |= {one: by_partner[one.partner_id.id] for one in theirs}
        return found

    def _prm_find_positions(self, automatic):
        """As core's _get_fiscal_position, which reads the positions anew each time.

        :param account.fiscal.position automatic: those that core chooses from
        :return: dict: the position by partner id
        """
        company = automatic.env.company
        europe = self.env.ref("base.europe").sudo().country_ids.mapped("code")
        # sudo - res.partner: addresses of resellers that the user may read
        partners = self.sudo().with_company(company).partner_id
        addresses = {one: one.address_get(["delivery"])["delivery"] for one in partners}
        everybody = partners.browse({*partners._ids, *addresses.values()})
        everybody = {one.id: one for one in everybody}
        found = {}
        for partner, address in addresses.items():
            partner, delivery = everybody[partner.id], everybody[address]
            country = (company.vat or "")[:2]
            if country in europe and (partner.vat or "")[:2] == country:
                delivery = partner
            position = (
                delivery.property_account_position_id
                or partner.property_account_position_id
            )
            if not position and partner.country_id:
                position = automatic._get_first_matching_fpos(delivery)
            found[partner.id] = position
        return found

    def _prm_get_terms(self, company, pricelist, position, date):
        """:return: an OrderAtHand of which is known what decides on prices"""
        none = self.env["sale.order"]
        return OrderAtHand(
            order=none,
            pricelist=pricelist.sudo(),
            currency=pricelist.sudo().currency_id or company.currency_id,
            location=self.env["stock.location"],
            fiscal_position=position,
            date=date,
            zone="UTC",
            today=date.date(),
            product_ids=(),
            resting={},
        )
