# Starts one of the three programs. Sourced by bin/fail2ban-*, which set $program to server, client or regex and
# $self to their own real path.
#
# The source is preferred to a bundle: a package carries only the bundle, a clone may carry a stale one.

root=${self%/bin/*}
. "$root/bin/runtime.sh"
main=$root/src/cli/main.ts
[ -e "$main" ] || main=$root/dist/start.cjs
unset NODE_OPTIONS # meant for another Node, and not a way to steer a daemon of root's
# MiB for what is young. The server, which the client may start with its own switches, wins a fifth of its speed under attack by the room.
case $program in regex) young=4 ;; *) young=8 ;; esac
# Printing the configuration is over before V8's optimising compilers are and before anything need be collected, and what it reads is root's
# own, so that names need no secret hashes. Otherwise switches of V8 that change how it compiles do not stand here: under them, Node does not
# use the code that it has of its own modules.
switches=
[ $program != client ] || for word do
  case $word in -d | --dp | --dump-pretty)
    program=dump young=16 switches="--no-rehash-snapshot --no-opt --no-maglev --no-regexp-tier-up --min-semi-space-size=16 --v8-pool-size=1" ;;
  esac
done
# Each thread of V8 would keep memory of its own: 9 MB in a server with five jails, which the client may start. Alone, they are in each other's way.
[ $program = dump ] || export MALLOC_ARENA_MAX=1
exec "$node" $switches --max-semi-space-size=$young --disable-warning=ExperimentalWarning "$main" $program "$@"
