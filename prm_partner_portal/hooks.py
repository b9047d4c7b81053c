"""What installing prepares and uninstalling puts back."""


def post_init_hook(env):
    """Tiers that already give price lists need the price list feature."""
    env["res.partner.grade"].search(
        [("default_pricelist_id", "!=", False)]
    )._prm_enable_pricelists()


def uninstall_hook(env):
    """Price lists and companies that relationships set go back to what they were."""
    relationships = env["prm.relationship"].with_context(active_test=False).search([])
    relationships.filtered(lambda r: r.state in ("active", "suspended"))._close()
