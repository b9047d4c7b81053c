{
    "name": "Partner Relationship Management",
    "summary": "Know your resellers: tiers, territories, assortments, health, and what"
    " to offer each of them next",
    "version": "19.0.1.0.0",
    "category": "Sales/Sales",
    "author": "prm_partner_portal contributors",
    "license": "LGPL-3",
    "application": True,
    "depends": ["portal", "partnership", "sale_stock"],
    "external_dependencies": {"python": ["numpy", "pandas", "scipy", "scikit-learn"]},
    "data": [
        "security/prm_partner_portal_groups.xml",
        "security/ir.model.access.csv",
        "security/prm_partner_portal_security.xml",
    ],
    "post_init_hook": "post_init_hook",
    "uninstall_hook": "uninstall_hook",
}
