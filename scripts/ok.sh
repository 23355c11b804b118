#!/bin/sh
# npm run ok: every check. All of them run; the names of those that failed come last.
#
#   npm run ok                     checks and tests
#   sh scripts/ok.sh --no-tests    checks only
set -eu
self=$(readlink -f "$0")
root=${self%/scripts/*}
cd "$root"
sh scripts/setup.sh --dev

failed=
check() {
  name=$1
  shift
  printf '\n== %s\n' "$name"
  "$@" || failed="$failed $name"
}
run() { sh scripts/with-node.sh "$@"; }
check types run node_modules/typescript/bin/tsc --noEmit
check lint run node_modules/oxlint/bin/oxlint --type-aware --deny-warnings
check format run node_modules/oxfmt/bin/oxfmt --check
check unused run node_modules/knip/bin/knip.js
check tidy run scripts/tidy.ts
[ "${1:-}" = --no-tests ] || check tests sh scripts/test.sh "$@"

[ -z "$failed" ] || { printf '\nnot ok:%s\n' "$failed" >&2; exit 1; }
printf '\nok\n'
