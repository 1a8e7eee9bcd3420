"""What happened in one run, in words and a picture: `./plots.sh explain RESULTS RUN_ID`."""
