#!/bin/sh
# Leaves half a file and says why.
head -c 10 "$1" > "$2"
echo "failing_client: connect: Connection refused" >&2
exit 1
