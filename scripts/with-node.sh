#!/bin/sh
# Runs the project's Node with the given arguments: `sh scripts/with-node.sh scripts/tidy.ts`.
self=$(readlink -f "$0")
root=${self%/scripts/*}
missing_status=1
. "$root/bin/runtime.sh"
exec "$node" --disable-warning=ExperimentalWarning "$@"
