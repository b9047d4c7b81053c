def migrate(cr, version):
    """Of a product's events the day is asked for, too: one index has both, and the old
    one would be kept up for nobody."""
    cr.execute("DROP INDEX IF EXISTS prm_recommendation_event__product_id_index")
