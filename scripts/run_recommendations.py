"""Run in `odoo shell`: one whole turn of the nightly action, unit by unit."""

import sys
import time

runs = env["prm.recommendation.run"]  # noqa: F821
runs._cron_recommend()
env.cr.commit()  # noqa: F821
begun = time.monotonic()
while runs.search_count([("state", "not in", ("held", "done", "failed"))]):
    runs._cron_advance()
    env.cr.commit()  # noqa: F821
    if time.monotonic() - begun > 600:
        sys.exit("The recommendations took more than ten minutes.")
for run in runs.search([]):
    print(run.company_id.name, run.state, run.summary or run.error or "")
if runs.search_count([("state", "=", "failed")]):
    sys.exit("A run failed.")
