"""Who acts in the storm: sessions like those of the web client, and what each does.

Everything that the server answered is kept in a ledger, whoever asked: what it said
was done is what must be found in the end.
"""

import copy
import itertools
import json
import threading
import time
from dataclasses import dataclass
from typing import Any

import requests

RELATIONSHIP = "prm.relationship"
PATIENCE = 60
# Rounds of each, however slow the machine is.
LEAST = 3


@dataclass(frozen=True)
class Entry:
    """A call and what was answered: a result, or the name of an error."""

    who: str
    model: str
    method: str
    args: list[Any]
    result: Any
    error: str = ""


class Ledger:
    """What the clients were told, in the order in which they heard it."""

    def __init__(self) -> None:
        self.entries: list[Entry] = []

    def add(self, who: str, asked: dict[str, Any], answered: dict[str, Any]) -> Entry:
        params = asked["params"]
        failed = answered.get("error", {}).get("data", {})
        error = failed.get("name", "") and f"{failed['name']}: {failed['message']}"
        names = (params[key] for key in ("model", "method", "args"))
        entry = Entry(who, *names, answered.get("result"), error)
        self.entries.append(entry)
        return entry

    def done(self, method: str) -> list[Entry]:
        """:return: calls of a method that succeeded"""
        return [one for one in self.entries if one.method == method and not one.error]

    def of(self, who: str, method: str, args: list[Any]) -> list[Entry]:
        """:return: calls of somebody with these arguments after the ids"""
        found = [one for one in self.done(method) if one.args[1:] == args]
        return [one for one in found if one.who == who]

    def failed(self) -> list[Entry]:
        return [one for one in self.entries if one.error]


class Session:
    """A salesperson's session; its calls go the way that the web client's go."""

    def __init__(self, url: str, database: str, login: str, ledger: Ledger) -> None:
        self.url, self.login, self.ledger = url, login, ledger
        self.http = requests.Session()
        who = {"db": database, "login": login, "password": login}
        found = self._post("/web/session/authenticate", who)
        self.context = found["result"]["user_context"]

    def copy(self) -> "Session":
        """:return: another window of the same login"""
        other = copy.copy(self)
        other.http = requests.Session()
        other.http.cookies.update(self.http.cookies)
        return other

    @property
    def cookie(self) -> str:
        return self.http.cookies["session_id"]

    def _post(self, route: str, params: dict[str, Any]) -> dict[str, Any]:
        body = {"jsonrpc": "2.0", "params": params}
        answer = self.http.post(self.url + route, json=body, timeout=PATIENCE)
        answer.raise_for_status()
        return answer.json()

    def call(self, model: str, method: str, *args: Any) -> Entry:
        params = {"model": model, "method": method, "args": list(args)}
        params["kwargs"] = {"context": self.context}
        route = f"/web/dataset/call_kw/{model}/{method}"
        return self.ledger.add(
            self.login, {"params": params}, self._post(route, params)
        )


class Crowd:
    """Threads that act on one reseller until the time is over."""

    def __init__(self, base: dict[str, Any]) -> None:
        self.base = base
        self.relationship, self.partner = base["relationship"], base["partner"]
        self.until = 0.0
        self.broken: list[BaseException] = []
        self.threads: list[threading.Thread] = []
        self.numbers = itertools.count()
        self.barrier = threading.Barrier(2, timeout=PATIENCE)
        self.duel: dict[str, int] = {}

    def start(self, act: Any, session: Session, *args: Any) -> None:
        """Let somebody do the same again and again, in a window of its own."""
        session = session.copy()

        def go() -> None:
            rounds = 0
            try:
                while time.monotonic() < self.until or rounds < LEAST:
                    act(session, next(self.numbers), *args)
                    rounds += 1
            except threading.BrokenBarrierError:
                pass
            except BaseException as error:
                self.broken.append(error)
            finally:
                if act in (self.confirm_in_duel, self.cancel_in_duel):
                    self.barrier.abort()  # nobody is left to wait for

        self.threads.append(threading.Thread(target=go))
        self.threads[-1].start()

    def join(self) -> None:
        for thread in self.threads:
            thread.join(PATIENCE)
            assert not thread.is_alive(), "somebody waits for ever"
        assert not self.broken, self.broken

    def _ask(self, session: Session, method: str, *args: Any) -> Entry:
        return session.call(RELATIONSHIP, method, [self.relationship], *args)

    def _order(self, session: Session, products: list[int]) -> int:
        lines = [
            (0, 0, {"product_id": one, "product_uom_qty": 2, "prm_source": "order"})
            for one in products
        ]
        values = {"partner_id": self.partner, "order_line": lines}
        return session.call("sale.order", "create", [values]).result[0]

    # What one does

    def sell(self, session: Session, number: int) -> None:
        """Order, cancel and think again; some quotations come to nothing."""
        products = self.base["sold"]
        first = number % len(products)
        order = self._order(session, [products[first], products[first - 1]])
        if number % 3 == 0:
            session.call("sale.order", "action_cancel", [order])
            return
        session.call("sale.order", "action_confirm", [order])
        if number % 3 == 1:
            for method in ("action_cancel", "action_draft", "action_confirm"):
                session.call("sale.order", method, [order])

    def confirm_in_duel(self, session: Session, _number: int) -> None:
        """Confirm an order that somebody cancels in the same moment."""
        self.duel["order"] = self._order(session, self.base["hot"][:2])
        self.barrier.wait()
        session.call("sale.order", "action_confirm", [self.duel["order"]])
        self.barrier.wait()

    def cancel_in_duel(self, session: Session, _number: int) -> None:
        self.barrier.wait()
        session.call("sale.order", "action_cancel", [self.duel["order"]])
        self.barrier.wait()

    def dismiss(self, session: Session, number: int, others: list[int]) -> None:
        """Dismiss what others act on, too, and undo that, or what a colleague did."""
        products = self.base["hot"]
        reason = ("enough", "price", "wrong")[number % 3]
        product = products[number % len(products)]
        event = self._ask(session, "dismiss_offer", product, reason, "A word")
        others.append(event.result["event_id"])
        # Both undo the same ones: that is what two open lists lead to.
        for one in others[-2:]:
            self._ask(session, "undo_offer_event", one)

    def offer(self, session: Session, number: int) -> None:
        product = self.base["hot"][number % len(self.base["hot"])]
        event = self._ask(session, "record_offered", product)
        if number % 2:
            self._ask(session, "undo_offer_event", event.result)

    def look(self, session: Session, number: int) -> None:
        """Open lists: what is shown is noted, the same by everybody."""
        self._ask(session, "get_offers", {})
        self._ask(session, "record_shown", self.base["hot"] + self.base["sold"])
        session.call(RELATIONSHIP, "get_day", False)
        self._ask(session, "record_call", self.base["quoted"])

    def talk(self, session: Session, number: int) -> None:
        """Record an outcome by a double click; take some back."""
        outcome = ("ordered", "offered", "not_now")[number % 3]
        values = [outcome, f"Talk {number}", False, f"{session.login}-{number}"]
        clicks = [
            threading.Thread(target=self._ask, args=(window, "record_contact", *values))
            for window in (session, session.copy())
        ]
        for click in clicks:
            click.start()
        for click in clicks:
            click.join(PATIENCE)
        found = session.ledger.of(session.login, "record_contact", values)
        if number % 2:
            contact = found[-1].result["contact_id"]
            self._ask(session, "undo_contact", contact)

    def quote(self, session: Session, number: int) -> None:
        """Make quotations from the day's list, and send them or let them go."""
        product = self.base["quoted"][number % len(self.base["quoted"])]
        made = self._ask(session, "quote_call", {str(product): 1 + number % 5}).result
        if made["order_id"] and number % 2:
            session.call("sale.order", "action_cancel", [made["order_id"]])


def of_answer(request: Any, response: Any) -> tuple[dict[str, Any], dict[str, Any]]:
    """:return: what a browser asked and was answered, as a ledger takes it"""
    return json.loads(request.post_data or "{}"), json.loads(response.text())
