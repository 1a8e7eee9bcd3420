#!/bin/sh
# Ends before it listens.
echo "no such luck" >&2
exit 3
