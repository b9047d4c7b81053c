from odoo import models
from odoo.tools import SQL

from ..const import STYLES

DUE_KINDS = ("due", "forgotten")
# Of a complement's score beside the probability: what found most of the second half of
# a basket in `bench`.
TOGETHER_WEIGHT = 0.2
MOST_TOGETHER = 5
MOST_FOCUS = 2
SEEN_FIRST = 5
MOST_ALIKE = 3


class PrmOfferBlocksMixin(models.AbstractModel):
    """Which offers are shown, in which block and in which order.

    What goes with the order at hand and what is in focus rises; it never takes the
    place of a usual product that is due.
    """

    _name = "prm.offer.blocks.mixin"
    _description = "Blocks of Offers"

    def _prm_get_blocks(self, candidates, marks, at_hand):
        """:return: dict of lists of candidates: due, new, together"""
        kept = self._prm_keep_focus(candidates, marks)
        together = [
            one
            for one in candidates
            if one.get("extra") == "together" and not one["focus"] and not one["tired"]
        ]
        together.sort(key=lambda one: (-self._prm_get_pull(one, marks), one["place"]))
        limits = STYLES[self.sudo().company_id.prm_style]
        due, new = self._prm_part(kept)
        return {
            "due": self._prm_rerank(due, limits["due"], marks, at_hand),
            "new": self._prm_rerank(new, limits["new"], marks, at_hand),
            "together": together[:MOST_TOGETHER],
        }

    def _prm_part(self, candidates):
        """:return: what is due, and what is new: a short list rather than one filled
        with last week's order"""
        due = [one for one in candidates if one["kind"] in DUE_KINDS]
        new = [one for one in candidates if one["kind"] not in DUE_KINDS]
        named = [one for one in due if one["focus"] or not one["just_bought"]]
        if not named and all(one["tired"] for one in new):
            named = due
        return self._prm_vary(named), self._prm_vary(new)

    def _prm_vary(self, candidates):
        """:return: the same, but of the five that are seen first, three at most look
        like one article: their names share two words"""
        first, rest = [], []
        for one in candidates:
            words = {word for word in one["name"].casefold().split() if len(word) > 2}
            alike = sum(len(words & other) > 1 for _one, other in first)
            if len(first) < SEEN_FIRST and alike < MOST_ALIKE:
                first.append((one, words))
            else:
                rest.append(one)
        return [one for one, _words in first] + rest

    def _prm_keep_focus(self, candidates, marks):
        """:return: the candidates of the list, and those added that are in focus"""
        for place, one in enumerate(candidates):
            one["place"] = place
        self._prm_choose_focus(candidates, marks)
        return [one for one in candidates if not one.get("extra") or one["focus"]]

    def _prm_get_focused_offers(self, today):
        """:return: list of dicts: id, name and focus of what the order tab pushes for
        this reseller in an order without lines"""
        pushed = self.env["prm.focus"]._get_pushed_query(self, today)
        if not self.env.execute_query(SQL("SELECT 1 FROM (%s) every LIMIT 1", pushed)):
            return []
        at_hand = self._prm_get_order_at_hand({})
        marks = self._prm_get_marks(at_hand)
        candidates = self._prm_get_candidates(at_hand, marks)
        return [
            {"id": one["product_id"], "name": one["name"], "focus": one["focus"]}
            for one in self._prm_keep_focus(candidates, marks)
            if one["focus"]
        ]

    def _prm_choose_focus(self, candidates, marks):
        """Name the focus of two products at most: the strongest, likeliest first."""
        found = [
            one
            for one in candidates
            if one["product_id"] in marks.focus and not one["tired"]
        ]
        found.sort(
            key=lambda one: (
                -marks.focus[one["product_id"]]["factor"],
                -one["probability"],
                one["place"],
            )
        )
        for one in candidates:
            one["focus"] = False
        for one in found[:MOST_FOCUS]:
            name = marks.focus[one["product_id"]]["name"]
            one["focus"] = name
            reason = {"code": "focus", "params": {"name": name}}
            one["reasons"] = [reason, *(one["reasons"] or ())]

    def _prm_get_pull(self, candidate, marks):
        """:return: how much the lines of the order speak for a product"""
        mark = marks.together.get(candidate["product_id"])
        return mark["score"] if mark else 0.0

    def _prm_rerank(self, block, limit, marks, at_hand):
        """Order a block anew and cut it, but hide nothing due that it showed.

        The list's own order stands for the probabilities, so that one by turnover or
        margin stays one. What was added in focus counts as the last of the list; what
        is due beyond the limit, or in focus, makes it longer.
        """
        listed = [one for one in block if not one.get("extra")]
        due = {one["place"] for one in listed[:limit] if self._prm_is_due(one, at_hand)}
        values = self._prm_get_values(block, listed, marks)
        block = sorted(
            block,
            key=lambda one: (
                one["tired"],
                -values[one["place"]],
                bool(one.get("extra")),
            ),
        )
        return [
            one
            for place, one in enumerate(block)
            if place < limit or one["focus"] or one["place"] in due
        ]

    def _prm_get_values(self, block, listed, marks):
        """:return: what a block is ordered by, by place among the candidates"""
        chances = sorted((one["probability"] for one in listed), reverse=True)
        places = [one["place"] for one in listed]
        values = dict(zip(places, chances, strict=True))
        least = chances[-1] if chances else 1.0
        for one in block:
            value = values.get(one["place"], least)
            value += TOGETHER_WEIGHT * self._prm_get_pull(one, marks)
            if one["focus"]:
                value *= marks.focus[one["product_id"]]["factor"]
            values[one["place"]] = value
        return values
