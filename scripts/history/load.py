"""Load a history into an Odoo database: ``python -m history.load``.

The database is one that nobody uses yet, with Odoo's sales and stock apps. The
caller keeps it under another name until this command has ended well.
"""

from __future__ import annotations

import argparse
import configparser
import datetime
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from history.frames import ACCOUNT_COLUMNS, History

if TYPE_CHECKING:
    from history.company import Setup


class Stages:
    """Says what is being done and, afterwards, how long it took."""

    def __init__(self) -> None:
        self.begun = self.last = time.monotonic()
        self.text = ""

    def __call__(self, text: str) -> None:
        now = time.monotonic()
        if self.text:
            print(f"   {now - self.last:6.1f} s  {self.text}", flush=True)
        self.last, self.text = now, text

    def end(self, text: str) -> None:
        self("")
        print(f"   {time.monotonic() - self.begun:6.1f} s  in all: {text}", flush=True)


def read_frames(folder: Path) -> tuple[History, bool]:
    """Read what ``journey`` or ``check`` wrote; ids are texts everywhere.

    :return: the history, and whether its distributors are the invented ones.
    """
    keys = {
        name: str for name in ("reseller", "product", "order", "code", "zip", "phone")
    }
    frames = {
        name: pd.read_csv(
            folder / f"{name}.csv", dtype=keys, keep_default_na=False, na_values=[]
        )
        for name in ("products", "resellers", "accounts")
    }
    orders = pd.read_csv(
        folder / "orders.csv",
        dtype={**keys, "quantity": float},
        parse_dates=["date"],
        keep_default_na=False,  # "NA" is an id like any other
        na_values={"amount": [""]},
    )
    history = History(orders, **frames)
    return history, (folder / "invented").exists()


def load(env: Any, history: History, invented: bool, stages: Stages) -> None:
    """Write everything; the caller commits."""
    from history import company, masters, recent, relationships

    stages("companies, people, tiers, price lists")
    setup = company.set_up(env, history.accounts, invented)
    stages("products")
    products = masters.make_products(env, history.products, setup)
    stages("resellers")
    resellers = masters.make_resellers(env, history.resellers, invented)
    accounts = _with_ids(history.accounts, resellers, setup)
    _portal(env, accounts, setup)
    stages("relationships")
    related = relationships.make_relationships(env, accounts, setup, invented)
    orders, lines = _ready(env, history, products, accounts)
    today = datetime.date.today()
    _write_past(env, setup, orders, lines, stages)
    stages("stock")
    _write_stock(env, setup, lines, products, today)
    stages("orders to deliver or to invoice")
    unfinished = orders[orders["end"] != "finished"]
    recent.make_orders(env, unfinished, lines)
    stages("open quotations")
    recent.make_quotations(env, accounts, lines, today)
    if related:
        related._link_orders()  # finished orders were written without computing
    stages("relationships: their orders")


def _with_ids(
    accounts: pd.DataFrame, resellers: pd.DataFrame, setup: Setup
) -> pd.DataFrame:
    table = accounts[ACCOUNT_COLUMNS].merge(
        resellers[["reseller", "partner_id"]], on="reseller"
    )
    table["company_id"] = table["company"].map(
        {k: one.id for k, one in setup.companies.items()}
    )
    users = {key: user.id for key, user in setup.users.items()}
    table["user_id"] = table["salesperson"].map(users).fillna(0).astype(int)
    return table


def _portal(env: Any, accounts: pd.DataFrame, setup: Setup) -> None:
    """The buyer of one reseller, of both distributors if there is such a one."""
    from history.masters import make_portal_user

    count = accounts["partner_id"].value_counts()
    partner = env["res.partner"].browse(int(count[count == count.max()].index.min()))
    mine = accounts[accounts["partner_id"] == partner.id]["company"]
    companies = [setup.companies[one] for one in sorted(mine)]
    make_portal_user(env, partner, companies, setup.password)


def _ready(
    env: Any, history: History, products: pd.DataFrame, accounts: pd.DataFrame
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Put database ids in place of the history's, and plan each order's days."""
    from history import plan

    lines = plan.lines_with_ids(env, history.orders, products, accounts)
    orders = plan.orders_with_days(lines, datetime.date.today())
    lines["end"] = lines["order"].map(orders.set_index("order")["end"])
    lines["finished"] = lines["end"] == "finished"
    return orders, lines


def _write_past(
    env: Any, setup: Setup, orders: pd.DataFrame, lines: pd.DataFrame, stages: Stages
) -> None:
    from history import exemplar, past, plan

    stages("exemplars")
    exemplars = {one.id: exemplar.make(env, one) for one in setup.companies.values()}
    finished = orders[orders["end"] == "finished"]
    mine = lines.loc[lines["finished"], plan.LINE_COLUMNS]
    past.load_past(env, finished[plan.ORDER_COLUMNS], mine, exemplars, stages)


def _write_stock(
    env: Any,
    setup: Setup,
    lines: pd.DataFrame,
    products: pd.DataFrame,
    today: datetime.date,
) -> None:
    from history import stock

    table = lines[stock.LINE_COLUMNS].rename(columns={"pieces": "quantity"})
    plan = stock.plan_stock(table, today)
    opening = lines["date"].min().to_pydatetime() - datetime.timedelta(days=2)
    stock.write_stock(env, plan, setup, opening)
    stock.make_receipts(env, plan, setup, today)


def _make_importable(config: Path) -> None:
    """Find Odoo where the configuration has its addons, if it is on no path yet."""
    parser = configparser.ConfigParser(interpolation=None)
    parser.read(config)
    first = parser["options"]["addons_path"].split(",")[0]
    sys.path.append(str(Path(first).parents[1]))


def open_database(config: Path, name: str) -> Any:
    """Give the registry of a database."""
    _make_importable(config)
    from odoo.modules.registry import Registry
    from odoo.tools import config as settings

    settings.parse_config(["-c", str(config), "-d", name, "--log-level=warn"])
    return Registry(name)


def main() -> None:
    """Read the command line, load, commit, and gather statistics."""
    parser = argparse.ArgumentParser(prog="history.load", description=__doc__)
    parser.add_argument(
        "--config", type=Path, required=True, help="Odoo's configuration"
    )
    parser.add_argument("--database", required=True)
    parser.add_argument(
        "--frames", type=Path, required=True, help="folder of the history"
    )
    options = parser.parse_args()
    stages = Stages()
    stages("reading")
    history, invented = read_frames(options.frames)
    registry = open_database(options.config, options.database)
    from odoo import SUPERUSER_ID, api

    from history.exemplar import NOTHING_TO_TELL

    with registry.cursor() as cr:
        load(
            api.Environment(cr, SUPERUSER_ID, NOTHING_TO_TELL),
            history,
            invented,
            stages,
        )
        stages("commit")
    stages("statistics")
    with registry.cursor() as cr:
        cr.execute("ANALYZE")
    stages.end(history.summary())


if __name__ == "__main__":
    main()
