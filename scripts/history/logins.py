"""Print who may log in to a loaded database: ``python -m history.logins``."""

from __future__ import annotations

import argparse

import psycopg2

from history.people import MANAGER, PASSWORD, PEOPLE


def found(database: str) -> list[tuple[str, str, str]]:
    """Give (role, login, name) of two salespeople, the manager and a reseller."""
    with psycopg2.connect(dbname=database) as connection, connection.cursor() as cr:
        cr.execute(
            """
            SELECT u.login, p.name, u.share, c.name
              FROM res_users u
              JOIN res_partner p ON p.id = u.partner_id
              JOIN res_company c ON c.id = u.company_id
             WHERE u.active AND u.password IS NOT NULL
             ORDER BY u.id
            """
        )
        users = cr.fetchall()
    names = {
        login: (name, company) for login, name, share, company in users if not share
    }
    salespeople = [
        login for _name, login, _company in PEOPLE.values() if login in names
    ]
    rows = []
    for login in dict.fromkeys([*salespeople[-1:], *salespeople[:1]]):
        name, company = names[login]
        rows.append(("Salesperson", login, f"{name}, {company}"))
    if MANAGER[1] in names:
        rows.append(("Manager", MANAGER[1], names[MANAGER[1]][0]))
    buyers = [user for user in users if user[2] and "@" in user[0]]
    rows += [("Reseller", login, name) for login, name, _share, _company in buyers[:1]]
    return rows


def main() -> None:
    """Connect as libpq's environment says, and print a table."""
    parser = argparse.ArgumentParser(prog="history.logins", description=__doc__)
    parser.add_argument("--database", required=True)
    rows = found(parser.parse_args().database)
    width = max((len(login) for _role, login, _name in rows), default=0)
    print(f"Logins, all with the password {PASSWORD!r}:")
    for role, login, name in rows:
        print(f"   {role:<12} {login:<{width}}   {name}")


if __name__ == "__main__":
    main()
