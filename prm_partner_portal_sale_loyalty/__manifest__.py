{
    "name": "Partner Relationship Management - Sale Loyalty",
    "summary": "Rewards, gift cards and eWallet top-ups are no purchases of a reseller",
    "version": "19.0.1.0.0",
    "category": "Sales/Sales",
    "author": "prm_partner_portal contributors",
    "license": "LGPL-3",
    "depends": ["prm_partner_portal", "sale_loyalty"],
    "auto_install": True,
}
