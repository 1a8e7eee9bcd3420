"""The report `./plots.sh theory RESULTS`: what was measured, held to `plots/theory`."""
