"""The report `python3 -m plots theory RESULTS`: what was measured, held to `plots/theory`."""
