#!/bin/sh
# Installs what the stage tests need on Debian, as root, and only because somebody asked (npm test -- --with-packages).
# The heavy tests (npm run test:system) need no more: what they want besides they unpack into .cache.
#
# No daemon is started by it: the stage runs its own.
set -eu
commands='ip:iproute2 nft:nftables iptables:iptables ipset:ipset sshd:openssh-server ssh:openssh-client
  sshpass:sshpass rsyslogd:rsyslog python3:python3 unshare:util-linux'
PATH=$PATH:/usr/sbin:/sbin

lacking=
for pair in $commands; do
  command -v "${pair%%:*}" >/dev/null || lacking="$lacking ${pair##*:}"
done
[ -n "$lacking" ] || exit 0
[ "$(id -u)" = 0 ] || { echo "not root: the packages$lacking were not installed" >&2; exit 1; }
command -v apt-get >/dev/null || { echo "no apt-get here: the packages$lacking were not installed" >&2; exit 1; }

echo "installing$lacking"
# Debian starts a daemon when its package is installed, unless this file says no.
policy=/usr/sbin/policy-rc.d
if [ ! -e "$policy" ]; then
  trap 'rm -f "$policy"' EXIT
  trap 'exit 1' INT TERM HUP
  printf '#!/bin/sh\nexit 101\n' >"$policy"
  chmod 755 "$policy"
fi
export DEBIAN_FRONTEND=noninteractive
apt-get -q update || true # a foreign source that fails need not stop us: the next command tells
# shellcheck disable=SC2086 # a list of names
apt-get -q install -y --no-install-recommends -o Dpkg::Options::=--force-confold $lacking
