from odoo import models

# Others are spoken of only where nobody can be recognised among them.
FEWEST_OTHERS = 5


def _as_id(value):
    """The library gives ids back as it read them: as numbers or as text."""
    return int(value) if str(value).isdecimal() else None


class PrmReasonsMixin(models.AbstractModel):
    """The library's reasons, codes with parameters, in words."""

    _name = "prm.reasons.mixin"
    _description = "Reasons in Words"

    def _prm_render_reasons(self, reasons, product_names, days_since=None):
        """Put reasons into sentences of the user's language.

        A code or parameter that is not known (an older or newer run) is left out.

        :param list reasons: dicts with code and params
        :param dict product_names: by product id, for reasons that name one
        :param int days_since: since the last purchase, as of today
        :rtype: list[str]
        """
        sentences = []
        for reason in reasons or ():
            params = dict(reason.get("params") or {})
            if days_since is not None and "days_since" in params:
                params["days_since"] = days_since
            if "product" in params:
                params["product"] = product_names.get(_as_id(params["product"]))
            render = getattr(self, f"_prm_render_{reason.get('code')}", None)
            try:
                sentence = render and render(params)
            except (KeyError, TypeError, ValueError):
                continue
            if sentence:
                sentences.append(sentence)
        return sentences

    def _prm_get_reason_products(self, reasons):
        """:return: ids of the products that reasons name"""
        named = {
            _as_id((reason.get("params") or {}).get("product"))
            for reason in reasons or ()
        }
        return named - {None}

    def _prm_say_every(self, days):
        """:return: an interval in words, to stand in a sentence"""
        days = max(round(days), 1)
        if days == 1:
            return self.env._("every day")
        return self.env._("every %(days)s days", days=days)

    def _prm_say_ago(self, days):
        """:return: how long ago in words, to stand in a sentence"""
        days = round(days)
        if days < 1:
            return self.env._("today")
        if days == 1:
            return self.env._("yesterday")
        return self.env._("%(days)s days ago", days=days)

    def _prm_render_rhythm(self, params):
        return self.env._(
            "Usually %(every)s, last bought %(ago)s",
            every=self._prm_say_every(params["interval_days"]),
            ago=self._prm_say_ago(params["days_since"]),
        )

    def _prm_render_usual(self, params):
        ago = self._prm_say_ago(params["days_since"])
        if params["orders"] == 1:
            return self.env._("Bought once, %(ago)s", ago=ago)
        return self.env._(
            "Bought in %(orders)s orders, the last %(ago)s",
            orders=round(params["orders"]),
            ago=ago,
        )

    def _prm_render_predecessor(self, params):
        if not params["product"]:
            return False
        ago = self._prm_say_ago(params["days_since"])
        if params["orders"] == 1:
            return self.env._(
                "Bought the predecessor %(product)s once, %(ago)s",
                product=params["product"],
                ago=ago,
            )
        return self.env._(
            "Bought the predecessor %(product)s in %(orders)s orders, the last %(ago)s",
            product=params["product"],
            orders=round(params["orders"]),
            ago=ago,
        )

    def _prm_render_forgotten(self, params):
        return self.env._(
            "Used to buy it %(every)s, last %(ago)s",
            every=self._prm_say_every(params["interval_days"]),
            ago=self._prm_say_ago(params["days_since"]),
        )

    def _prm_render_similar(self, params):
        if params["of"] < FEWEST_OTHERS or params["buyers"] < 1:
            return False
        if params["buyers"] == 1:
            return self.env._(
                "1 of %(of)s similar resellers buys it", of=round(params["of"])
            )
        return self.env._(
            "%(buyers)s of %(of)s similar resellers buy it",
            buyers=round(params["buyers"]),
            of=round(params["of"]),
        )

    def _prm_render_together(self, params):
        if not params["product"]:
            return False
        return self.env._("Often bought with %(product)s", product=params["product"])

    def _prm_render_alike(self, params):
        if not params["product"]:
            return False
        return self.env._(
            "New, and like %(product)s, bought before", product=params["product"]
        )

    def _prm_render_popular(self, params):
        if params["buyers"] < FEWEST_OTHERS:
            return False
        return self.env._(
            "%(buyers)s resellers bought it in the last %(days)s days",
            buyers=round(params["buyers"]),
            days=round(params["days"]),
        )

    # Of the order at hand, not of a run

    def _prm_render_goes_with(self, params):
        if not params["product"]:
            return False
        return self.env._("Goes with %(product)s in this order", **params)

    def _prm_render_focus(self, params):
        return self.env._("Focus: %(name)s", **params)
