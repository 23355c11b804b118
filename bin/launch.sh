# Starts one of the three programs. Sourced by bin/fail2ban-*, which set $program to server, client or regex and
# $self to their own real path.
#
# The source is preferred to a bundle: a package carries only the bundle, a clone may carry a stale one.

root=${self%/bin/*}
. "$root/bin/runtime.sh"
main=$root/src/cli/main.ts
[ -e "$main" ] || main=$root/dist/main.mjs
export MALLOC_ARENA_MAX=1 # each thread of V8 would keep memory of its own: 9 MB in a server with five jails
unset NODE_OPTIONS # meant for another Node, and not a way to steer a daemon of root's
exec "$node" --max-semi-space-size=2 --heap-growing-percent=40 --disable-warning=ExperimentalWarning "$main" "$program" "$@"
