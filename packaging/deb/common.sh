# Said once for all maintainer scripts; the build puts it into each.

# What the package brings for /etc, one path a line, relative to /etc.
stock='@STOCK@'
# The files as the package brought them, and what stood there before ours, as Debian's own package had brought it.
pristine=/usr/share/fail2ban/etc
before=/var/lib/fail2ban/before
unit=fail2ban.service

# Versions of Debian's own package; ours have an epoch.
is_debians() { [ -n "$1" ] && dpkg --compare-versions "$1" lt 1:; }
has_systemd() { [ -z "${DPKG_ROOT:-}" ] && [ -d /run/systemd/system ]; }
