"""Salespeople and what they did: ``python -m bench.crowd``, on a base with lists.

One salesperson has 300 resellers, one 2,000, one none; the others share the rest. A
third of the resellers have an open quotation, a fifth were talked to in the last 30
days, every order has a message. Each recommendation was shown on two days; some were
offered, added, dismissed, and a sixth of what was bought lately came from them.
"""

from __future__ import annotations

from typing import Any

from history import sql
from history.exemplar import NOTHING_TO_TELL, undone

from odoo.fields import Command, Domain

from .database import database_parser, open_registry, transaction, vacuum

FEW, MANY = 300, 2000
FIRST, LARGE, IDLE, MANAGER = "bench_first", "bench_many", "bench_none", "bench_manager"
SALESMAN = "sales_team.group_sale_salesman"
SALES_MANAGER = "sales_team.group_sale_manager"
QUOTED_PRODUCTS, FOCUSED_PRODUCTS = 5, 10
# Spread evenly, the same whenever it runs.
SPREAD = """
    (SELECT id, row_number() OVER (ORDER BY md5(id::text)) AS place
       FROM prm_relationship WHERE state = 'active') x
"""
TODAY = "CURRENT_DATE"
WRITTEN = (
    "sale_order",
    "sale_order_line",
    "prm_relationship",
    "prm_recommendation_event",
    "prm_contact",
    "mail_activity",
    "mail_message",
)
EVENT = """
INSERT INTO prm_recommendation_event
       (relationship_id, company_id, product_id, user_id, type, date, source, kind,
        rank, probability, reason, rest_until, create_uid, create_date)
SELECT d.relationship_id, d.company_id, d.product_id, d.user_id, %(type)s, d.date,
       'order', d.kind, d.rank, d.probability, d.reason,
       CASE WHEN d.reason IS NOT NULL THEN d.date + 60 END, d.user_id, d.date
  FROM (
    SELECT x.*, r.user_id,
           CURRENT_DATE - (1 + (x.id * 7 + turn * 37) %% 80)::int AS date,
           CASE WHEN %(type)s = 'dismissed'
                THEN (ARRAY['enough', 'range', 'price', 'wrong'])[1 + x.id / 30 %% 4]
           END AS reason
      FROM prm_recommendation x
      JOIN prm_relationship r ON r.id = x.relationship_id
      JOIN generate_series(1, %(turns)s) turn ON TRUE
     WHERE r.user_id IS NOT NULL AND (x.id + 1) %% %(share)s = 0) d
    ON CONFLICT DO NOTHING
"""
# Which share of the recommendations, and how often.
HAPPENED = {"shown": (1, 2), "offered": (12, 1), "added": (25, 1), "dismissed": (30, 1)}
UNDONE = """
INSERT INTO prm_recommendation_event
       (relationship_id, company_id, product_id, user_id, type, date, source, kind,
        undone_id, create_uid, create_date)
SELECT relationship_id, company_id, product_id, user_id, 'undone', date, source, kind,
       id, user_id, create_date
  FROM prm_recommendation_event WHERE type = 'dismissed' AND id % 5 = 0
"""
BOUGHT = """
CREATE TEMP TABLE b_bought AS
SELECT l.id, o.id AS order_id, l.product_id, l.product_uom_qty, l.price_unit,
       l.price_subtotal, o.company_id, r.id AS relationship_id, r.user_id,
       o.date_order::date AS date,
       (ARRAY['due', 'due', 'new', 'forgotten'])[1 + l.id / 6 % 4] AS kind
  FROM sale_order o
  JOIN prm_relationship r ON r.id = o.prm_relationship_id
  JOIN sale_order_line l ON l.order_id = o.id
 WHERE o.state = 'sale' AND o.date_order > CURRENT_DATE - 80
   AND l.id % 6 = 0 AND l.product_uom_qty > 0 AND r.user_id IS NOT NULL;
UPDATE sale_order_line l
   SET prm_source = 'order', prm_kind = b.kind, prm_rank = 3, prm_probability = 0.4
  FROM b_bought b WHERE b.id = l.id;
INSERT INTO prm_recommendation_event
       (relationship_id, company_id, product_id, user_id, type, date, source, kind,
        rank, probability, quantity, price, amount, order_id, order_line_id,
        create_uid, create_date)
SELECT relationship_id, company_id, product_id, user_id, stage, date, 'order', kind, 3,
       0.4, product_uom_qty, price_unit, price_subtotal, order_id,
       CASE WHEN stage <> 'shown' THEN id END, user_id, date
  FROM b_bought, unnest(ARRAY['shown', 'added', 'ordered']) stage
    ON CONFLICT DO NOTHING
"""


def create_users(env: Any, count: int) -> list[int]:
    """Create the people; :return: ids of all who sell, the first and large one first"""
    names = [FIRST, LARGE, IDLE, MANAGER]
    names += [f"bench_{number}" for number in range(2, count + 1)]
    sale = env.ref(SALESMAN)
    users = env["res.users"].create(
        [
            {
                "name": name.replace("_", " ").title(),
                "login": name,
                "group_ids": [Command.link(sale.id)],
            }
            for name in names
        ]
    )
    users[3].group_ids = [Command.link(env.ref(SALES_MANAGER).id)]
    return [user.id for user in users if user.login not in (IDLE, MANAGER)]


def spread(env: Any, users: list[int]) -> None:
    """Give relationships to them, and orders to who looks after the reseller."""
    cr = env.cr
    first, large, *others = users
    cr.execute(
        f"""
        UPDATE prm_relationship r
           SET user_id = CASE WHEN x.place <= %(few)s THEN %(first)s
                              WHEN x.place <= %(both)s THEN %(large)s
                              ELSE (%(others)s::int[])[1 + x.place %% %(count)s] END
          FROM {SPREAD} WHERE x.id = r.id
        """,  # noqa: S608
        {
            "few": FEW,
            "both": FEW + MANY,
            "first": first,
            "large": large,
            "others": others,
            "count": len(others),
        },
    )
    cr.execute(
        """
        UPDATE sale_order o SET user_id = r.user_id
          FROM prm_relationship r WHERE r.id = o.prm_relationship_id;
        UPDATE sale_order_line l SET salesman_id = o.user_id
          FROM sale_order o WHERE o.id = l.order_id
        """
    )


def make_rows(env: Any) -> dict[str, dict[str, Any]]:
    """Let the ORM make one of each, and give the rows; undone."""
    with undone(env):
        relationship = env["prm.relationship"].search([("state", "=", "active")])[0]
        line = {
            "product_id": env["product.product"].search([], limit=1).id,
            "product_uom_qty": 1,
        }
        order = env["sale.order"].create(
            {
                "partner_id": relationship.partner_id.id,
                "order_line": [Command.create(line)],
            }
        )
        records = [
            order,
            order.order_line,
            order.message_post(body="A word", message_type="comment"),
            relationship.activity_schedule("mail.mail_activity_data_call"),
        ]
        relationship.record_contact("offered")
        records.append(env["prm.contact"].search([], limit=1))
        env.flush_all()
        return {one._table: sql.read_row(env.cr, one._table, one.id) for one in records}


def write_quotations(env: Any, rows: dict[str, Any]) -> None:
    """A third of the resellers wait for an answer: five products each."""
    cr = env.cr
    first = sql.next_id(cr, "sale_order")
    cr.execute(
        """
        CREATE TEMP TABLE b_quoted AS
        SELECT r.id, r.partner_id, r.user_id, %s + row_number() OVER (ORDER BY r.id)
               AS order_id, CURRENT_DATE - (r.id %% 28)::int AS date
          FROM prm_relationship r WHERE r.id %% 3 = 0 AND r.user_id IS NOT NULL;
        CREATE TEMP TABLE b_quoted_line AS
        SELECT q.*, x.product_id, x.quantity, x.price::numeric,
               t.name->>'en_US' AS name,
               x.quantity * COALESCE(x.price::numeric, 0) AS amount
          FROM b_quoted q
          JOIN prm_recommendation x ON x.relationship_id = q.id AND x.rank <= %s
          JOIN product_product p ON p.id = x.product_id
          JOIN product_template t ON t.id = p.product_tmpl_id;
        DELETE FROM b_quoted
         WHERE id NOT IN (SELECT id FROM b_quoted_line)
        """,
        [first, QUOTED_PRODUCTS],
    )
    amount = "(SELECT sum(l.amount) FROM b_quoted_line l WHERE l.id = q.id)"
    order = {
        "id": "q.order_id",
        "name": "'BQ' || q.order_id",
        "partner_id": "q.partner_id",
        "partner_invoice_id": "q.partner_id",
        "partner_shipping_id": "q.partner_id",
        "user_id": "q.user_id",
        "date_order": "q.date + interval '12 hours'",
        "create_date": "q.date + interval '12 hours'",
        "amount_untaxed": amount,
        "amount_tax": "0",
        "amount_total": amount,
        "prm_relationship_id": "q.id",
    }
    sql.clone(cr, "sale_order", rows["sale_order"], order, "b_quoted q")
    line = {
        "order_id": "q.order_id",
        "order_partner_id": "q.partner_id",
        "salesman_id": "q.user_id",
        "product_id": "q.product_id",
        "name": "q.name",
        "product_uom_qty": "q.quantity",
        "price_unit": "q.price",
        "price_subtotal": "q.amount",
        "price_total": "q.amount",
        "price_tax": "0",
        "price_reduce_taxexcl": "q.price",
        "price_reduce_taxinc": "q.price",
        "prm_source": "'day'",
    }
    sql.clone(cr, "sale_order_line", rows["sale_order_line"], line, "b_quoted_line q")
    sql.fit_sequence(cr, ["sale_order"])


def write_contacts(env: Any, rows: dict[str, Any]) -> None:
    """What was said, planned and written."""
    who = {"relationship_id": "r.id", "user_id": "r.user_id", "activity_id": "NULL"}
    day = f"{TODAY} - mod(r.id, 30)"
    contact = {
        **who,
        "date": day,
        "moment": f"{day} + interval '9 hours'",
        "rest_until": f"{day} + 7",
        "outcome": "(ARRAY['offered', 'not_reached', 'ordered'])[1 + mod(r.id / 5, 3)]",
    }
    source = "prm_relationship r WHERE r.user_id IS NOT NULL AND mod(r.id, {}) = 0"
    sql.clone(env.cr, "prm_contact", rows["prm_contact"], contact, source.format(5))
    activity = {
        "res_id": "r.id",
        "user_id": "r.user_id",
        "date_deadline": f"{TODAY} + mod(r.id / 8, 9) - 4",
    }
    sql.clone(
        env.cr, "mail_activity", rows["mail_activity"], activity, source.format(8)
    )
    wrote = "mod(o.id, 20) = 0"
    message = {
        "res_id": "o.id",
        "date": "o.date_order",
        "message_type": f"CASE WHEN {wrote} THEN 'comment' ELSE 'notification' END",
        "author_id": f"CASE WHEN {wrote} THEN o.partner_id ELSE u.partner_id END",
        "message_id": "'<bench.' || o.id || '@example.com>'",
    }
    source = "sale_order o JOIN res_users u ON u.id = o.user_id"
    sql.clone(env.cr, "mail_message", rows["mail_message"], message, source)


def write_events(env: Any) -> None:
    """What came of the recommendations."""
    for kind, (share, turns) in HAPPENED.items():
        env.cr.execute(EVENT, {"type": kind, "share": share, "turns": turns})
    env.cr.execute(UNDONE)
    env.cr.execute(BOUGHT)


def create_focuses(env: Any) -> None:
    """Two focuses run, each of ten products that many lists hold."""
    groups = env["prm.recommendation"]._read_group(
        [], ["product_id"], ["__count"], order="__count desc, product_id", limit=20
    )
    products = [product.id for product, _count in groups]
    today = env.company._prm_get_today()
    for number in range(2):
        some = products[number::2][:FOCUSED_PRODUCTS]
        lines = [Command.create({"product_id": one, "target": 5000}) for one in some]
        env["prm.focus"].create(
            {
                "name": f"Focus {number + 1}",
                "date_from": today.replace(day=1),
                "date_to": today.replace(month=12, day=31),
                "line_ids": lines,
            }
        )


def count_all(env: Any) -> dict[str, int]:
    """Give how many rows of each kind there are."""
    models = {
        "resellers": "prm.relationship",
        "recommendations": "prm.recommendation",
        "events": "prm.recommendation.event",
        "contacts": "prm.contact",
        "orders": "sale.order",
        "lines": "sale.order.line",
        "messages": "mail.message",
    }
    return {
        name: env[model].search_count(Domain.TRUE) for name, model in models.items()
    }


def main() -> None:
    """Read the command line, write everything, commit, and gather statistics."""
    parser = database_parser("crowd", __doc__)
    parser.add_argument("--salespeople", type=int, required=True)
    options = parser.parse_args()
    registry = open_registry(options.config, options.database)
    with transaction(registry) as env:
        env = env(context=NOTHING_TO_TELL)
        users = create_users(env, options.salespeople)
        rows = make_rows(env)
        spread(env, users)
        write_quotations(env, rows)
        write_contacts(env, rows)
        write_events(env)
        create_focuses(env)
        env.flush_all()
        print(count_all(env))
    vacuum(registry, *WRITTEN)
    with transaction(registry) as env:
        env.cr.execute("ANALYZE")


if __name__ == "__main__":
    main()
