"""What happened in one run, in words and a picture: `python3 -m plots explain RESULTS RUN_ID`."""
