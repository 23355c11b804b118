#!/bin/sh
# Unpacks Debian's fail2ban 1.0.2 into .cache/oracle/tree, for the tests that compare us with it (test/oracle.ts).
# Installs nothing. Exit 1 with one sentence on stderr when it cannot be had: those tests are then skipped.
set -eu
self=$(readlink -f "$0")
root=${self%/scripts/*}
tree=$root/.cache/oracle/tree
[ ! -x "$tree/usr/bin/fail2ban-regex" ] || exit 0
mkdir -p "$root/.cache/oracle"
# Exactly this version: the tests were written against it, and Debian 13 has another.
sh "$root/scripts/fetch-deb.sh" 'fail2ban=1.0.2-*' "$tree"
