"""A bad history file is refused with row and column; a good one is typed."""

import datetime

import pandas as pd
import pytest
from history import check, frames, load, source

TODAY = datetime.date(2026, 5, 20)
HEADING = "reseller,product,order,date,quantity,amount"
GOOD = "A,1,O1,2026-05-01,3,7.50"


def read(tmp_path, text, encoding="utf-8"):
    path = tmp_path / "orders.csv"
    path.write_bytes(text.encode(encoding))
    return source.read(path, TODAY)


def problems(tmp_path, text, encoding="utf-8"):
    with pytest.raises(source.HistoryError) as caught:
        read(tmp_path, text, encoding)
    return caught.value.problems


@pytest.mark.parametrize(
    ("row", "column", "found"),
    [
        ("A,1,O1,2026-13-01,3,1", "date", "2026-13-01"),
        ("A,1,O1,2026-02-30,3,1", "date", "2026-02-30"),
        ("A,1,O1,01.05.2026,3,1", "date", "01.05.2026"),
        ("A,1,O1,2026-05-21,3,1", "date", "2026-05-21"),
        ("A,1,O1,1026-05-21,3,1", "date", "1026-05-21"),
        ("A,1,O1,,3,1", "date", ""),
        ("A,1,O1,2026-05-01,three,1", "quantity", "three"),
        ("A,1,O1,2026-05-01,,1", "quantity", ""),
        ("A,1,O1,2026-05-01,0,1", "quantity", "0"),
        ("A,1,O1,2026-05-01,nan,1", "quantity", "nan"),
        ("A,1,O1,2026-05-01,inf,1", "quantity", "inf"),
        ("A,1,O1,2026-05-01,1e400,1", "quantity", "1e400"),
        ("A,1,O1,2026-05-01,99999999999,1", "quantity", "99999999999"),
        ("A,1,O1,2026-05-01,3,1 EUR", "amount", "1 EUR"),
        ("A,1,O1,2026-05-01,3,-1", "amount", "-1"),
        (",1,O1,2026-05-01,3,1", "reseller", ""),
        ("A,,O1,2026-05-01,3,1", "product", ""),
        ("A,1, ,2026-05-01,3,1", "order", ""),
        (f"A,{'7' * 65},O1,2026-05-01,3,1", "product", "7" * 65),
    ],
)
def test_refused_with_row_and_column_when_cell_is_bad(tmp_path, row, column, found):
    [problem] = problems(tmp_path, f"{HEADING}\n{GOOD}\n{row}\n")
    assert (problem.row, problem.column, problem.found) == (3, column, found)
    assert problem.allowed


@pytest.mark.parametrize("column", source.REQUIRED)
def test_refused_when_column_is_missing(tmp_path, column):
    [problem] = problems(tmp_path, f"{HEADING.replace(column, 'other')}\n{GOOD}\n")
    assert (problem.row, problem.column) == (1, column)


def test_refused_when_column_is_there_twice(tmp_path):
    [problem] = problems(tmp_path, f"{HEADING},date\n{GOOD},2026-05-01\n")
    assert (problem.row, problem.column) == (1, "date")


def test_refused_when_order_has_two_resellers(tmp_path):
    [problem] = problems(tmp_path, f"{HEADING}\n{GOOD}\nB{GOOD[1:]}\n")
    assert (problem.row, problem.column, problem.found) == (3, "reseller", "B")


def test_refused_when_row_is_short(tmp_path):
    [problem] = problems(tmp_path, f"{HEADING}\n{GOOD}\nA,1,O1\n")
    assert (problem.row, problem.column, problem.found) == (3, "3", "3 cells")


def test_refused_when_encoding_is_wrong(tmp_path):
    text = f"{HEADING}\n{GOOD}\nCafé,1,O2,2026-05-01,3,1\n"
    [problem] = problems(tmp_path, text, "latin-1")
    assert (problem.row, problem.column, problem.found) == (3, "1", "byte 0xe9")


@pytest.mark.parametrize("text", ["", "\n", f"{HEADING}\n", "PK\x03\x04\x00\x00binary"])
def test_refused_when_file_is_no_history(tmp_path, text):
    assert all(problem.row >= 1 for problem in problems(tmp_path, text))


def test_refused_when_name_is_long(tmp_path):
    text = f"{HEADING},product_name\n{GOOD},{'x' * 257}\n"
    [problem] = problems(tmp_path, text)
    assert (problem.row, problem.column) == (2, "product_name")


def test_refused_when_cell_is_huge(tmp_path):
    text = f"{HEADING}\n{GOOD}\nA,{'x' * 200_000},O2,2026-05-01,3,1\n"
    [problem] = problems(tmp_path, text)
    assert problem.row == 3


def test_refused_when_quotation_mark_is_open(tmp_path):
    [problem] = problems(tmp_path, f'{HEADING}\n{GOOD}\n"A,1,O2,2026-05-01,3,1\n')
    assert problem.row == 3


def test_every_bad_row_is_counted(tmp_path):
    text = HEADING + "\n" + "A,1,O1,2026-05-01,x,1\n" * 12
    with pytest.raises(source.HistoryError, match=r"row 11(?s:.*)and 2 more"):
        read(tmp_path, text)


def test_row_number_is_the_file_s_when_lines_are_blank(tmp_path):
    [problem] = problems(tmp_path, f"{HEADING}\n\n{GOOD}\n\nA,1,O1,x,3,1\n")
    assert problem.row == 5


def test_semicolons_and_decimal_commas_are_read(tmp_path):
    text = HEADING.replace(",", ";") + "\nA;1;O1;2026-05-01 08:30;1,5;3,25\n"
    [row] = read(tmp_path, "\ufeff" + text).to_dict("records")
    assert (row["quantity"], row["amount"]) == (1.5, 3.25)
    assert row["date"] == pd.Timestamp(2026, 5, 1, 8, 30)


def test_amount_is_unknown_when_column_is_missing(tmp_path):
    text = "Reseller,Product,Order,Date,Quantity,Colour\nA,007,O1,2026-05-20,2,red\n"
    frame = read(tmp_path, text)
    assert frame["amount"].isna().all()
    assert frame["product"].tolist() == ["007"]
    assert "colour" not in frame


def lines(*rows):
    columns = ["reseller", "product", "order", "date", "quantity", "amount"]
    frame = pd.DataFrame(rows, columns=columns)
    frame["date"] = pd.to_datetime(frame["date"])
    return frame


def test_returns_are_taken_off_the_latest_purchases():
    kept, unknown = check.subtract_returns(
        lines(
            ("A", "1", "O1", "2026-01-01", 5.0, 50.0),
            ("A", "1", "O2", "2026-01-08", 4.0, 40.0),
            ("A", "1", "R1", "2026-01-09", -6.0, -60.0),
            ("B", "1", "O3", "2026-01-02", 2.0, 20.0),
            ("B", "1", "R2", "2026-01-03", -3.0, -30.0),
        )
    )
    assert kept[["order", "quantity", "amount"]].values.tolist() == [["O1", 3.0, 30.0]]
    assert unknown == 1.0


def test_names_are_neutral_when_the_file_has_none():
    history, _unknown = check.to_history(
        lines(
            ("A", "7", "O1", "2026-01-01", 5.0, 50.0),
            ("A", "7", "O1", "2026-01-01", 1.0, 10.0),
        )
    )
    assert history.products[["name", "category", "price"]].values.tolist() == [
        ["Product 7", "Goods", 10.0]
    ]
    assert history.resellers["name"].tolist() == ["Reseller A"]
    assert history.orders[["quantity", "amount"]].values.tolist() == [[6.0, 60.0]]


def test_names_and_categories_are_the_file_s_when_it_has_them(tmp_path):
    text = f"{HEADING},product_name,category,reseller_name,country\n"
    text += f"{GOOD},Tea,Drinks / Hot,Corner shop,GB\n"
    history, _unknown = check.to_history(read(tmp_path, text))
    assert history.products.loc[0, ["name", "category"]].tolist() == [
        "Tea",
        "Drinks / Hot",
    ]
    assert history.resellers.loc[0, ["name", "country"]].tolist() == [
        "Corner shop",
        "GB",
    ]


def test_ids_and_unknown_amounts_stay_as_they_are_when_written_and_read(tmp_path):
    rows = "NA,null,nan,2026-05-01,3,,/\nNA,007,nan,2026-05-01,3,1,\n"
    history, _unknown = check.to_history(read(tmp_path, f"{HEADING},category\n{rows}"))
    frames.write(history, tmp_path / "frames", invented=False)
    again, invented = load.read_frames(tmp_path / "frames")
    orders = again.orders.fillna({"amount": -1})
    assert orders[["reseller", "product", "order", "amount"]].values.tolist() == [
        ["NA", "null", "nan", -1],
        ["NA", "007", "nan", 1],
    ]
    assert again.products["product"].tolist() == ["007", "null"]
    assert not invented
