"""Two people in two browsers: one in the day's list, one in an order's tab."""

import time
from typing import Any

from actors import Ledger, Session, of_answer
from playwright.sync_api import Page, Response, sync_playwright

DAY = "/odoo/action-prm_partner_portal.prm_day_action"
ORDER = "/odoo/action-sale.action_quotations_with_onboarding/new"
QUIET = ("websocket", "Failed to load resource")
# The first page waits until its scripts are put together.
PATIENCE = 60_000


class Browser:
    """A window of a salesperson, whose calls go into the ledger."""

    def __init__(self, chromium: Any, session: Session) -> None:
        self.session = session
        self.context = chromium.new_context(viewport={"width": 1366, "height": 900})
        cookie = {"name": "session_id", "value": session.cookie, "url": session.url}
        self.context.add_cookies([cookie])
        self.page: Page = self.context.new_page()
        self.page.set_default_timeout(PATIENCE)
        self.wrong: list[str] = []
        # No service on the internet is asked about companies.
        self.page.route("**/autocomplete_by_name*", self._know_nobody)
        self.page.on("response", self._listen)
        self.page.on("pageerror", lambda error: self.wrong.append(str(error)))
        self.page.on("console", self._hear)

    def _know_nobody(self, route: Any) -> None:
        route.fulfill(json={"jsonrpc": "2.0", "result": []})

    def _hear(self, message: Any) -> None:
        quiet = any(word in message.text for word in QUIET)
        if message.type == "error" and not quiet:
            self.wrong.append(message.text)

    def _listen(self, response: Response) -> None:
        ours = "/call_kw/prm." in response.url or "/call_kw/sale.order/" in response.url
        if ours or "/call_button/sale.order/" in response.url:
            asked, answered = of_answer(response.request, response)
            self.session.ledger.add(f"browser {self.session.login}", asked, answered)

    def open(self, path: str) -> None:
        self.page.goto(self.session.url + path)

    def no_dialog(self) -> None:
        """An error would stand in a dialog of its own."""
        assert not self.page.locator(".o_error_dialog").count(), self.page.locator(
            ".o_error_dialog"
        ).inner_text()


def call_round(one: Browser) -> None:
    """The day's list: an outcome, and undo; put off, and undo; pin."""
    page = one.page
    card = page.locator(".o_prm_day_card").first
    if not card.count():
        one.open(DAY)  # contacted by a colleague: it rests
        page.locator(".o_prm_day").wait_for()
        return
    card.locator(".o_prm_day_outcome").click()
    page.locator("#o_prm_outcome_not_reached").check()
    page.locator(".o_prm_outcome_record").click()
    page.locator(".o_prm_day_undo").click()
    page.locator(".o_prm_day_undo").wait_for(state="detached")
    one.no_dialog()


def order_round(one: Browser, reseller: str) -> None:
    """An order's tab: offered, dismissed, undone, added, confirmed."""
    page = one.page
    one.open(ORDER)
    page.locator(".o_field_widget[name=partner_id] input").fill(reseller)
    page.locator(".o-autocomplete--dropdown-item", has_text=reseller).first.click()
    page.locator("a[name=prm_offers]").click()
    rows = page.locator(".o_prm_offer")
    rows.first.wait_for()
    rows.nth(1).locator(".o_prm_offer_offered").click()
    page.locator(".o_prm_offer_offered[aria-pressed=true]").first.wait_for()
    rows.first.locator(".o_prm_offer_dismiss").click()
    page.locator(".o-dropdown--menu .o_prm_dismiss_enough").click()
    page.locator(".o_prm_offers_undo").click()
    page.locator(".o_prm_offers_undo").wait_for(state="detached")
    rows.first.locator(".o_prm_offer_add").click()
    page.locator("a[name=order_lines]").click()
    page.locator(".o_field_widget[name=order_line] .o_data_row").first.wait_for()
    page.locator("button[name=action_confirm]:visible").first.click()
    page.locator(".o_arrow_button_current", has_text="Sales Order").wait_for()
    one.no_dialog()


def browse(
    sessions: tuple[Session, Session], reseller: str, until: float, ready: Any
) -> list[str]:
    """Let both act in turn while others act; :return: what went wrong in a console."""
    with sync_playwright() as player:
        chromium = player.chromium.launch(executable_path="/usr/bin/chromium")
        caller, seller = (Browser(chromium, session) for session in sessions)
        caller.open(DAY)
        caller.page.locator(".o_prm_day").wait_for()
        seller.open(ORDER)
        seller.page.locator(".o_field_widget[name=partner_id] input").wait_for()
        ready()
        call_round(caller)
        order_round(seller, reseller)
        while time.monotonic() < until():
            call_round(caller)
            order_round(seller, reseller)
        wrong = caller.wrong + seller.wrong
        chromium.close()
    return wrong


def close_to(ledger: Ledger) -> dict[str, int]:
    """:return: how often each browser's call succeeded, by method"""
    counts: dict[str, int] = {}
    for one in ledger.entries:
        if one.who.startswith("browser") and not one.error:
            counts[one.method] = counts.get(one.method, 0) + 1
    return counts
