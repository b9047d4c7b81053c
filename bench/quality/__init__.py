"""How good the lists are, beside the peers: ``make quality``, see README.md."""
