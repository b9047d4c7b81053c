"""What installing prepares and uninstalling puts back."""


def post_init_hook(env):
    """Tiers that already give price lists need the price list feature."""
    env["res.partner.grade"].search(
        [("default_pricelist_id", "!=", False)]
    )._prm_enable_pricelists()


def uninstall_hook(env):
    """Price lists and companies that relationships set go back to what they were.

    Portal users keep the company that is their own and lose those that they were
    given; users that were closed for want of a distributor can log in again.
    """
    relationships = env["prm.relationship"].with_context(active_test=False).search([])
    companies = relationships.company_id
    users = relationships._get_portal_users() | relationships.closed_user_ids
    relationships.unlink()
    users.action_unarchive()
    for user in users:
        user._prm_set_companies((user.company_ids - companies) | user.company_id)
