{
    "name": "Partner Relationship Management - Delivery",
    "summary": "Delivery charges are no purchases of a reseller",
    "version": "19.0.1.0.0",
    "category": "Sales/Sales",
    "author": "prm_partner_portal contributors",
    "license": "LGPL-3",
    "depends": ["prm_partner_portal", "delivery"],
    "auto_install": True,
}
