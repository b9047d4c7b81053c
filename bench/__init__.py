"""Quality and cost on a real history: ``bench/run.sh``, see its ``--help``."""
