#!/bin/sh
# npm start: sets up what is needed and guards this machine in the foreground, to try the program out.
#
#   npm start                        with the project's own config/
#   npm start -- -c /etc/fail2ban    with a configuration of yours; other options of fail2ban-server may follow
#
# Nothing of an installed fail2ban is touched: with our own config/ (and always without root) the socket, pid file and
# database lie in folders of their own. They are named by a small overlay of the configuration: links to the real
# files, and one fail2ban.d/zz-start.local. An overlay and not options, so that `fail2ban-client -c <overlay>` finds the
# server and a reload keeps its database.
set -eu
self=$(readlink -f "$0")
root=${self%/scripts/*}
say() { printf '%s\n' "$*"; }

sh "$root/scripts/setup.sh"
PATH=$PATH:/usr/sbin:/sbin
cd "${INIT_CWD:-.}" # npm came from here: paths among the arguments are meant from here

# Our -c is taken out of the arguments; the rest goes on to the server.
given=
count=$#
while [ "$count" -gt 0 ]; do
  word=$1
  shift
  count=$((count - 1))
  case $word in
    -c | --conf)
      [ "$count" -gt 0 ] || { say "npm start: $word needs a folder" >&2; exit 255; }
      given=$1
      shift
      count=$((count - 1))
      ;;
    -c?*) given=${word#-c} ;;
    --conf=*) given=${word#--conf=} ;;
    *) set -- "$@" "$word" ;;
  esac
done
[ -z "$given" ] || [ -d "$given" ] || {
  say "npm start: there is no folder $given; name the one that holds jail.conf" >&2
  exit 255
}

export FAIL2BAN_TS_ANNOUNCE=1 # the server prints what it watches, how it enforces, and how to ask it
user=$(id -u)
if [ "$user" != 0 ]; then
  export FAIL2BAN_TS_WATCH_ONLY=1
  say "Not root: this only watches. Bans are decided, counted and remembered, and nothing is closed (sudo npm start enforces)."
elif ! command -v nft >/dev/null; then
  if [ -z "$given" ]; then
    export FAIL2BAN_TS_WATCH_ONLY=1
    say "The program nft is missing: this only watches, nothing is closed. To enforce: apt-get install nftables"
  fi
elif read -r pid 2>/dev/null </run/fail2ban/fail2ban.pid && grep -q fail2ban "/proc/$pid/cmdline" 2>/dev/null; then
  # Both would write to the nftables table f2b-table, and the one that stops first would take the other's bans along.
  say "npm start: fail2ban is running on this machine (process $pid) and owns the bans in the firewall." >&2
  say "Stop it first (systemctl stop fail2ban), or try as another user than root, which only watches." >&2
  exit 255
fi

if [ "$user" = 0 ] && [ -n "$given" ]; then # the real thing: that configuration's own socket and database
  say "configuration  $given"
  say "ask it         $root/bin/fail2ban-client -c $given status"
  exec "$root/bin/fail2ban-server" -xf -c "$given" "$@"
fi

if [ "$user" = 0 ]; then
  state=/var/lib/fail2ban-ts run=/run/fail2ban-ts
else
  state=${XDG_STATE_HOME:-${HOME:?}/.local/state}/fail2ban-ts
  run=${XDG_RUNTIME_DIR:+$XDG_RUNTIME_DIR/fail2ban-ts}
  run=${run:-$state/run}
fi
[ ${#run} -lt 80 ] || { # a socket's path has at most 107 bytes
  say "npm start: $run is too long a path for a socket: set XDG_RUNTIME_DIR to a shorter one" >&2
  exit 255
}
umask 077
mkdir -p "$state" "$run"

base=$(readlink -f "${given:-$root/config}")
overlay=$run/config
rm -rf "$overlay"
mkdir -p "$overlay/fail2ban.d"
for entry in "$base"/* "$base"/fail2ban.d/*; do
  [ -e "$entry" ] || continue
  place=${entry#"$base"/}
  [ "$place" = fail2ban.d ] || ln -s "$entry" "$overlay/$place"
done
cat >"$overlay/fail2ban.d/zz-start.local" <<OVERLAY
# Written by npm start at each start; changes here are lost. The other entries of this folder are links to
# $base
[Definition]
logtarget = STDOUT
socket = $run/fail2ban.sock
pidfile = $run/fail2ban.pid
dbfile = $state/fail2ban.sqlite3
OVERLAY

say "configuration  $base"
say "database       $state/fail2ban.sqlite3"
say "ask it         $root/bin/fail2ban-client -c $overlay status"
exec "$root/bin/fail2ban-server" -xf -c "$overlay" "$@"
