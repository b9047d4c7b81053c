"""A purchase history for an Odoo database: made, checked, loaded.

``journey`` makes a distributor's year out of public data, ``source`` reads
anybody's own file, ``load`` writes either of them into a database.
"""
