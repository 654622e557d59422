"""The numbers: one module per measure, run as `python -m bench.NAME` from the checkout."""
