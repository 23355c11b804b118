# Said once for all maintainer scripts; the build puts it into each.

# What the package brings for /etc, one path a line, relative to /etc.
stock='@STOCK@'
# The files as the package brought them, and what stood there before ours, as Debian's own package had brought it.
pristine=/usr/share/fail2ban/etc
before=/var/lib/fail2ban/before
# Sums of the files that ours put there last.
record=/var/lib/fail2ban/stock.md5
unit=fail2ban.service

# Versions of Debian's own package; ours have an epoch.
is_debians() { [ -n "$1" ] && dpkg --compare-versions "$1" lt 1:0; }
has_systemd() { [ -z "${DPKG_ROOT:-}" ] && [ -d /run/systemd/system ]; }

# A server that somebody started by hand, beside the unit: `fail2ban-client start` or `restart` do that.
end_stray() {
  ! systemctl -q is-active "$unit" 2>/dev/null || return 0
  [ -x /usr/bin/fail2ban-client ] && /usr/bin/fail2ban-client ping >/dev/null 2>&1 || return 0
  /usr/bin/fail2ban-client stop "$@" >/dev/null || true
}

# Makes ucf forget a file, which only knows those that were changed.
forget() {
  grep -q "  /etc/$1\$" /var/lib/ucf/hashfile 2>/dev/null || return 0
  ! command -v ucf >/dev/null || ucf --purge "/etc/$1" || true
  ! command -v ucfr >/dev/null || ucfr --purge fail2ban "/etc/$1" || true
}
