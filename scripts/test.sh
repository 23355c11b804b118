#!/bin/sh
# npm test: sets up what the tests need and runs them.
#
#   npm test                      what this machine can run; what it lacks skips just the tests that need it
#   npm test -- --with-packages   as root on Debian: installs what the stage needs first (also with CI=true)
#   npm test -- src/core/date     only the tests in these files or folders
#   npm run test:system           the heavy ones: whole machines, containers
set -eu
self=$(readlink -f "$0")
root=${self%/scripts/*}
cd "$root"

system= packages= places=
[ "${CI:-}" != true ] || packages=yes
for word in "$@"; do
  case $word in
    --system) system=yes ;;
    --with-packages) packages=yes ;;
    -*) echo "npm test: unknown option $word" >&2; exit 2 ;;
    *) places="$places $word" ;;
  esac
done

sh scripts/setup.sh --dev
if [ -n "$packages" ]; then
  sh scripts/packages.sh || echo 'going on with what is here' >&2
fi
sh scripts/oracle.sh || echo 'the tests that compare with fail2ban itself are skipped' >&2

# The heavy tests live apart and run only when asked for.
exclude=none limit=300000
if [ -n "$system" ]; then
  places=${places:-test/system} limit=1200000
elif [ -z "$places" ]; then
  places="src scripts test" exclude=test/system
fi
# shellcheck disable=SC2086 # a list of names without blanks
files=$(find $places -name '*.test.ts' -not -path "$exclude/*" | LC_ALL=C sort)
[ -n "$files" ] || { echo "npm test: no *.test.ts under $places" >&2; exit 2; }

FAIL2BAN_LEDGER=$(mktemp "$root/.cache/ledger.XXXXXX")
export FAIL2BAN_LEDGER
trap 'rm -f "$FAIL2BAN_LEDGER"' EXIT
trap 'exit 1' INT TERM HUP
# Two files at a time: the machines that run this have two cores, and node's own choice there is one.
# What hangs must not hang for ever.
# shellcheck disable=SC2086
sh scripts/with-node.sh --test --test-concurrency=2 --test-timeout="$limit" \
  --test-reporter=./test/reporter.ts $files
