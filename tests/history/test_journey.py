"""The made-up distributor: always the same one, and one that could exist."""

import datetime

import pytest
from history import frames, journey, words

END = datetime.date(2026, 5, 20)
FORBIDDEN = "house" + "hold"


@pytest.fixture(scope="module")
def history():
    return journey.build(END)


def test_sizes(history):
    assert len(history.resellers) == 300
    assert len(history.products) == 8000
    assert 250_000 <= len(history.orders) <= 450_000


def test_history_is_one_year_and_ends_on_the_last_day(history):
    days = history.orders["date"].dt.date
    assert days.max() == END
    assert (days.max() - days.min()).days in range(355, 366)


def test_same_history_when_built_again(history):
    again = journey.build(END)
    for name in ("orders", "products", "resellers", "accounts"):
        assert getattr(history, name).equals(getattr(again, name))


def test_two_distributors_share_forty_resellers(history):
    per_reseller = history.accounts["reseller"].value_counts()
    assert (per_reseller == 2).sum() == 40
    per_salesperson = history.accounts["salesperson"].value_counts()
    assert len(per_salesperson) == 8
    assert per_salesperson.between(25, 60).all()
    assert set(history.accounts["tier"]) == set(frames.TIERS)


def test_each_salesperson_looks_after_a_territory(history):
    home = history.resellers.set_index("reseller")
    accounts = history.accounts
    towns = accounts["company"].astype(str) + accounts["reseller"].map(home["city"])
    assert accounts.groupby(towns)["salesperson"].nunique().max() == 1
    south = accounts[accounts["reseller"].map(home["city"]) == "München"]
    assert set(south["salesperson"]) == {"sales7"}


def test_every_order_is_of_an_account(history):
    keys = ["reseller", "company"]
    orders = history.orders[keys].drop_duplicates()
    assert len(orders.merge(history.accounts, on=keys)) == len(orders)


def test_orders_have_a_rhythm_of_trade(history):
    days = history.orders.drop_duplicates("order")
    per_year = days.groupby(["reseller", "company"]).size()
    assert per_year.max() <= 120
    assert per_year.median() >= 12
    assert not days[days["date"].dt.date != END]["date"].dt.day_of_week.ge(5).any()


def test_whole_sales_packs_are_ordered(history):
    packs = history.products.set_index("product")["sales_pack"]
    lines = history.orders
    assert (lines["quantity"] % lines["product"].map(packs) == 0).all()
    assert set(packs) == {1, 6, 12, 24}


def test_names_and_codes_are_unique_and_clean(history):
    for table, columns in (
        (history.products, ["name", "code"]),
        (history.resellers, ["name", "email"]),
    ):
        for column in columns:
            assert table[column].is_unique, column
    for table in (history.products, history.resellers):
        assert FORBIDDEN not in table.to_csv().lower()


def test_prices_are_above_cost(history):
    assert (history.products["price"] > history.products["cost"]).all()


def test_unit_prices_stay_near_the_list_price(history):
    lines = history.orders
    unit = lines["amount"] / lines["quantity"]
    price = lines["product"].map(history.products.set_index("product")["price"])
    assert (unit / price).between(0.6, 1.3).mean() > 0.99


@pytest.mark.parametrize(
    ("text", "better"),
    [
        ("FRZN VEGETABLE/VEG DSH", "Frozen vegetable dishes"),
        ("YOGURT", "Yogurt"),
        ("FLUID MILK WHITE ONLY", "Fresh milk whole"),
    ],
)
def test_source_text_is_spelt_out(text, better):
    assert words.readable(text) == better


@pytest.mark.parametrize(
    ("size", "better"),
    [("6 OZ", "170 g"), ("1 LB", "450 g"), ("2 L", "2 l"), ("12 CT", "12 pieces"),
     ("10/6.75 OZ", "10 × 190 g"), ("odd", "")],
)  # fmt: skip
def test_sizes_are_metric(size, better):
    assert words.metric(size, "cereal") == better
