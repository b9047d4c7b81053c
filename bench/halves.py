"""Split the loaded sales between two companies where it is night: ``bench.halves``."""

from __future__ import annotations

from datetime import datetime, timezone
from typing import Any

from .database import ADMIN, database_parser, open_registry, transaction
from .nightly import prepare

NIGHT = 2
SPLIT = """
UPDATE prm_relationship SET active = mod(id, %(stride)s) < 2;
UPDATE prm_relationship SET company_id = %(second)s, grade_id = NULL
 WHERE mod(id, %(stride)s) = 1;
UPDATE sale_order o SET company_id = r.company_id
  FROM prm_relationship r
 WHERE r.id = o.prm_relationship_id AND r.company_id = %(second)s;
UPDATE sale_order_line l SET company_id = o.company_id
  FROM sale_order o
 WHERE o.id = l.order_id AND o.company_id = %(second)s;
"""


def night_zone() -> str:
    """:return: a time zone where it is two to three o'clock at night"""
    ahead = (NIGHT - datetime.now(timezone.utc).hour) % 24
    return f"Etc/GMT{-(ahead if ahead <= 14 else ahead - 24):+d}"


def split(env: Any, stride: int) -> None:
    """Let two of every so many resellers stay, one for each company."""
    second = env["res.company"].create({"name": "Second"})
    env["res.users"].browse(ADMIN).company_ids |= second
    (env.company | second).partner_id.tz = night_zone()
    env.flush_all()
    env.cr.execute(SPLIT, {"stride": stride, "second": second.id})


def main() -> None:
    """Read the command line, split, and forget earlier runs."""
    parser = database_parser("halves", __doc__)
    parser.add_argument("--stride", type=int, required=True)
    options = parser.parse_args()
    registry = open_registry(options.config, options.database)
    with transaction(registry) as env:
        split(env, options.stride)
    prepare(registry)


if __name__ == "__main__":
    main()
