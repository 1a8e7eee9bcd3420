#!/bin/sh
# Says that it listens, and does nothing more. $1: what its child sleeps by (a marker for tests).
echo "listening on 127.0.0.1:0"
exec sleep "$1"
