#!/bin/sh
# Leaves processes behind: in its group, in a session of their own, and deaf to SIGTERM.
sleep "$1" &
setsid sh -c "trap '' TERM; sleep $1; sleep $1" &
echo "listening on 127.0.0.1:0"
trap '' TERM
wait
