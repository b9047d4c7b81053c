from babel.dates import format_skeleton

from odoo import models
from odoo.tools.misc import babel_locale_parse, format_amount, get_lang

from .chart import draw_colors, draw_weeks
from .figures import NAMED


class PrmWeeklySentences(models.AbstractModel):
    """A week's figures in five sentences and two pictures, in the recipient's words."""

    _name = "prm.weekly.sentences"
    _description = "Sentences about a Week"

    def _get_week_sentences(self, figures, company):
        """:rtype: list[str]"""
        return [
            self._say_turned(figures["turned"]),
            self._say_turnover(figures["weeks"], company),
            self._say_ordered(figures, company),
            self._say_due(figures["due"]),
            self._say_dear(figures["dear"]),
        ]

    def _get_week_pictures(self, figures, monday):
        """:return: PNG by name"""
        weeks = [
            (self._say_short_day(day), now, before)
            for day, now, before in figures["weeks"]
        ]
        start = figures["weeks"][-1][0]
        colors = [
            (self._say_short_day(day), figures["colors"][when])
            for day, when in ((start, "before"), (monday, "now"))
        ]
        return {"turnover": draw_weeks(weeks), "health": draw_colors(colors)}

    def _say_short_day(self, day):
        """:return: day and month as the language writes them, such as 24.8. or 8/24"""
        locale = babel_locale_parse(get_lang(self.env).code)
        return format_skeleton("Md", day, locale=locale)

    def _say_amount(self, amount, company):
        return format_amount(
            self.env, round(amount), company.currency_id, trailing_zeroes=False
        )

    def _say_names(self, names):
        if not names:
            return self.env._("nobody")
        shown = ", ".join(names[:NAMED])
        if len(names) <= NAMED:
            return shown
        return self.env._(
            "%(names)s and %(count)s more", names=shown, count=len(names) - NAMED
        )

    def _say_products(self, ids):
        # sudo - product.product: names of what the company sells
        products = self.env["product.product"].sudo().with_context(active_test=False)
        return products.browse(ids)._prm_get_names() if ids else {}

    def _say_turned(self, turned):
        if not any(turned.values()):
            return self.env._("No reseller turned red or green.")
        return self.env._(
            "Turned red: %(red)s. Turned green: %(green)s.",
            red=self._say_names(turned["red"]),
            green=self._say_names(turned["green"]),
        )

    def _say_turnover(self, weeks, company):
        now, year = weeks[-1][1:]
        month = sum(amount for _day, amount, _before in weeks[-5:-1]) / 4
        before = year or month
        values = {
            "amount": self._say_amount(now, company),
            "before": self._say_amount(before, company),
            "percent": abs(round(100 * (now / before - 1))) if before > 0 else 0,
        }
        if before <= 0:
            return self.env._("Turnover of the week: %(amount)s.", **values)
        texts = {
            (True, True): self.env._(
                "Turnover of the week: %(amount)s, %(percent)s%% more than in the same"
                " week last year (%(before)s)."
            ),
            (True, False): self.env._(
                "Turnover of the week: %(amount)s, %(percent)s%% less than in the same"
                " week last year (%(before)s)."
            ),
            (False, True): self.env._(
                "Turnover of the week: %(amount)s, %(percent)s%% more than the four"
                " weeks before on average (%(before)s)."
            ),
            (False, False): self.env._(
                "Turnover of the week: %(amount)s, %(percent)s%% less than the four"
                " weeks before on average (%(before)s)."
            ),
        }
        return texts[bool(year), now >= before] % values

    def _say_ordered(self, figures, company):
        ordered, turnover = figures["ordered"], figures["weeks"][-1][1]
        if not ordered["count"]:
            return self.env._("No order came from a recommendation.")
        values = {
            "amount": self._say_amount(ordered["amount"], company),
            "count": ordered["count"],
        }
        if turnover <= 0:
            return self.env._(
                "Through recommendations came %(amount)s, in %(count)s order lines.",
                **values,
            )
        return self.env._(
            "Through recommendations came %(amount)s, in %(count)s order lines:"
            " %(percent)s%% of the turnover.",
            percent=round(100 * ordered["amount"] / turnover),
            **values,
        )

    def _say_due(self, due):
        if not due:
            return self.env._("Nothing is due to be ordered again this week.")
        names = self._say_products([product_id for product_id, _count in due])
        products = ", ".join(
            self.env._(
                "%(product)s (resellers: %(count)s)",
                product=names[product_id],
                count=count,
            )
            for product_id, count in due
        )
        return self.env._("Most wanted this week: %(products)s.", products=products)

    def _say_dear(self, dear):
        if not dear["count"]:
            return self.env._("Nobody found a price too dear.")
        names = self._say_products([dear["product_id"]])
        return self.env._(
            "Found too dear: %(count)s, most often %(product)s.",
            count=dear["count"],
            product=names[dear["product_id"]],
        )
