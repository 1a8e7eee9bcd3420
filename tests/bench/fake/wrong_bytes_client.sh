#!/bin/sh
# Copies $1 to $2 with one wrong byte.
cp "$1" "$2"
printf x | dd of="$2" bs=1 seek=100 conv=notrunc 2>/dev/null
