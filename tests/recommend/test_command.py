"""The command as the nightly action sees it: a process, files in, files out."""

from __future__ import annotations

import errno
import hashlib
import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any, TextIO

import pandas as pd
import pytest
from histories import make_orders
from recommend.command import main

PACKAGE = Path(__file__).parents[2] / "prm_partner_portal"


def start(*arguments: object, **options: Any) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "recommend", *map(str, arguments)],
        env={**os.environ, "PYTHONPATH": str(PACKAGE)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        **options,
    )


def run(*arguments: object) -> tuple[int, dict[str, Any], str]:
    process = start(*arguments)
    out, err = process.communicate(timeout=60)
    return process.returncode, json.loads(out.splitlines()[-1]), err


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("in")
    orders = make_orders(resellers=40, days=240)
    orders["product"] = orders["product"].map("{:03d}".format)
    orders.to_csv(folder / "orders.csv", index=False)
    orders.to_parquet(folder / "orders.parquet")
    resellers = pd.DataFrame({"reseller": range(41), "segment": "basic"})
    resellers.to_csv(folder / "resellers.csv", index=False)
    products = pd.DataFrame({"product": sorted(set(orders["product"])), "pack": 6})
    products.to_csv(folder / "products.csv", index=False)
    allowed = products[["product"]][:20].assign(segment="basic")
    allowed.to_csv(folder / "allowed.csv", index=False)
    orders[["reseller", "product"]][:5].to_csv(folder / "exclude.csv", index=False)
    return folder


def run_here(
    capsys: pytest.CaptureFixture[str], *arguments: object
) -> tuple[int, dict[str, Any]]:
    """Run in this process, which saves the time of a start."""
    code = main([str(argument) for argument in arguments])
    return code, json.loads(capsys.readouterr().out.splitlines()[-1])


def given(files: Path, out: Path, *more: object) -> list[object]:
    orders = files / "orders.csv"
    return ["run", "--orders", orders, "--as-of", "2023-08-29", "--out", out, *more]


def test_run_writes_lists_and_result(files: Path, tmp_path: Path) -> None:
    code, line, err = run(
        *given(files, tmp_path / "new" / "out", "--resellers", files / "resellers.csv"),
        *("--products", files / "products.csv", "--k-reorder", 4, "--k-discover", 3),
    )
    out = tmp_path / "new" / "out"
    assert code == 0, line
    assert line == json.loads((out / "result.json").read_text())
    data = (out / "recommendations.csv").read_bytes()
    assert line["status"] == "ok"
    assert line["sha256"] == hashlib.sha256(data).hexdigest()
    answer = pd.read_csv(out / "recommendations.csv", dtype={"product": str})
    assert len(answer) == line["rows"]
    reorder = answer["kind"] != "new"
    assert answer[reorder].groupby("reseller")["rank"].max().max() == 4
    assert answer[~reorder].groupby("reseller")["rank"].max().eq(3).all()
    assert set(answer["reseller"]) == set(range(41))
    assert answer["product"].str.len().eq(3).all()
    assert (answer["quantity"] % 6 == 0).all()
    assert all(isinstance(json.loads(text), list) for text in answer["reasons"])
    names = [stage["name"] for stage in line["stages"]]
    assert names == [
        "read",
        "check",
        "backtest",
        "learn",
        "recommend",
        "together",
        "write",
    ]
    assert line["backtest"]["cutoff"] == "2023-08-01"
    assert set(line["backtest"]["engine"]) == {"all", "reorder", "discover"}
    assert set(line["backtest"]) >= {"bestsellers", "own_usual", "judged", "days"}
    progress = [text.split() for text in err.splitlines()]
    assert all(word[0] == "progress" for word in progress)
    percents = [int(word[1]) for word in progress]
    assert percents == sorted(percents)
    assert percents[-1] == 100
    assert json.loads((out / "progress.json").read_text())["percent"] == 100


def test_articles_of_a_file_keep_variants_apart(
    files: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    products = pd.read_csv(files / "products.csv", dtype={"product": str})
    products["article"] = products["product"].str[-1]
    products.to_csv(tmp_path / "products.csv", index=False)
    more = ["--products", tmp_path / "products.csv", "--no-backtest"]
    assert run_here(capsys, *given(files, tmp_path / "out", *more))[0] == 0
    path = tmp_path / "out" / "recommendations.csv"
    answer = pd.read_csv(path, dtype={"product": str})
    new = answer[answer["kind"] == "new"]
    assert len(new) > 40
    assert new.groupby(["reseller", new["product"].str[-1]]).size().max() <= 2


def test_parquet_gives_the_same_lists(
    files: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    first, second = tmp_path / "csv", tmp_path / "parquet"
    assert run_here(capsys, *given(files, first, "--no-backtest"))[0] == 0
    more = ["--orders", files / "orders.parquet", "--no-backtest"]
    assert run_here(capsys, *given(files, second, *more))[0] == 0
    name = "recommendations.csv"
    assert (first / name).read_bytes() == (second / name).read_bytes()


def test_assortment_files(
    files: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, line = run_here(
        capsys,
        *given(files, tmp_path, "--no-backtest", "--resellers"),
        *(files / "resellers.csv", "--exclude", files / "exclude.csv"),
        *("--allowed", files / "allowed.csv"),
    )
    assert code == 0, line
    answer = pd.read_csv(tmp_path / "recommendations.csv", dtype=str)
    allowed = pd.read_csv(files / "allowed.csv", dtype=str)
    exclude = pd.read_csv(files / "exclude.csv", dtype=str)
    assert set(answer["product"]) <= set(allowed["product"])
    assert answer.merge(exclude, on=["reseller", "product"]).empty
    assert line["counts"]["excluded_pairs"] == 5
    assert line["backtest"] is None
    assert line["backtest_reason"]


def test_backtest_reason_when_history_is_short(
    files: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    more = ["--as-of", "2023-03-01"]
    code, line = run_here(capsys, *given(files, tmp_path, *more))
    assert code == 0
    assert line["backtest"] is None
    assert "days of history" in line["backtest_reason"]
    assert line["counts"]["dropped_after_as_of"] > 0


def test_backtest_prints_rows(files: Path, capsys: pytest.CaptureFixture[str]) -> None:
    orders = files / "orders.csv"
    more = ["--as-of", "2023-08-29", "--cutoffs", 1]
    code, line = run_here(capsys, "backtest", "--orders", orders, *more)
    assert code == 0, line
    assert {row["method"] for row in line["rows"]} >= {"engine", "bestsellers"}


HEADER = "reseller,product,order,date,quantity\n"
GOOD = "1,a,1,2024-01-01,2\n"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", ["is empty"]),
        ("reseller,product,order,date\n1,a,1,2024-01-01\n", ["'quantity'"]),
        (HEADER + GOOD + "1,a,1,soon,2\n", ["row 2", "'date'", "soon"]),
        (HEADER + GOOD + "1,a,1,2024-01-01,two\n", ["row 2", "'quantity'", "two"]),
        (HEADER + GOOD + "1,a,1,2024-01-01,NaN\n", ["row 2", "'quantity'"]),
        (HEADER + GOOD + "1,a,1,2024-01-01,inf\n", ["row 2", "'quantity'", "inf"]),
        (HEADER + GOOD + "1,a,1,2024-01-01,\n", ["row 2", "'quantity'"]),
        (HEADER + GOOD + "1,,1,2024-01-01,1\n", ["row 2", "'product'"]),
        (HEADER + GOOD + '1,"a,1,2024-01-01,1\n', ["cannot be read"]),
    ],
)
def test_exit_2_and_the_cell_named_when_input_is_bad(
    tmp_path: Path, text: str, words: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    orders = tmp_path / "orders.csv"
    orders.write_text(text)
    out = tmp_path / "out"
    more = ["--as-of", "2024-02-01", "--out", out]
    code, line = run_here(capsys, "run", "--orders", orders, *more)
    assert code == 2, line
    assert line["status"] == "error"
    assert line["class"].endswith("Error")
    assert all(word in line["error"] for word in words), line["error"]
    assert json.loads((out / "result.json").read_text()) == line
    assert not (out / "recommendations.csv").exists()


@pytest.mark.parametrize(
    ("more", "words"),
    [
        (["--as-of", "someday"], "--as-of"),
        (["--k-reorder", "0"], "'k'"),
        (["--orders", "nowhere.csv"], "nowhere.csv"),
        (["--config", "nowhere.json"], "nowhere.json"),
    ],
)
def test_exit_2_when_a_parameter_is_bad(
    files: Path,
    tmp_path: Path,
    more: list[str],
    words: str,
    capsys: pytest.CaptureFixture[str],
) -> None:
    code, line = run_here(capsys, *given(files, tmp_path, *more))
    assert code == 2
    assert words in line["error"]


def test_exit_2_from_a_process_of_its_own(tmp_path: Path) -> None:
    (tmp_path / "orders.csv").write_text(HEADER + "1,a,1,2024-01-01,two\n")
    code, line, _ = run(*given(tmp_path, tmp_path / "out"))
    assert (code, line["class"]) == (2, "InvalidValueError")


def test_header_alone_is_a_company_without_history(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "orders.csv").write_text(HEADER)
    code, line = run_here(capsys, *given(tmp_path, tmp_path / "out"))
    assert code == 0, line
    assert line["rows"] == 0
    answer = pd.read_csv(tmp_path / "out" / "recommendations.csv")
    assert answer.empty


def test_no_result_when_killed_half_way(files: Path, tmp_path: Path) -> None:
    (tmp_path / "result.json").write_text('{"status": "ok"}')
    process = start(*given(files, tmp_path))
    assert process.stderr is not None
    for line in process.stderr:
        if line.endswith("backtest\n"):
            process.send_signal(signal.SIGKILL)
            break
    process.communicate(timeout=60)
    assert process.returncode == -signal.SIGKILL
    assert not (tmp_path / "result.json").exists()
    assert run(*given(files, tmp_path))[0] == 0


def test_result_says_why_when_the_disk_is_full(
    files: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """What was written so far makes room for it."""

    def fill(_frame: pd.DataFrame, file: TextIO, **_options: object) -> None:
        file.write("half a ro")
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(pd.DataFrame, "to_csv", fill)
    code, line = run_here(capsys, *given(files, tmp_path))
    assert (code, line["class"]) == (1, "OSError")
    assert "No space left" in line["error"]
    left = {path.name for path in tmp_path.iterdir()}
    assert left == {"progress.json", "result.json"}
    assert json.loads((tmp_path / "result.json").read_text()) == line


def test_importing_the_package_loads_no_numpy() -> None:
    text = "import recommend, sys; sys.exit('numpy' in sys.modules)"
    environment = {**os.environ, "PYTHONPATH": str(PACKAGE)}
    done = subprocess.run([sys.executable, "-c", text], env=environment, check=False)
    assert done.returncode == 0
