#!/bin/sh
# package-rootfs.sh [trixie]
#
# Makes the file tree of a Debian 12 with systemd, sshd, firewalls, a mail server and what Debian's fail2ban depends on, as
# .cache/stage/package-debian12.tar: the machine on which test/system/package*.test.ts installs packages. It carries
# lintian, mandoc and the shells as well, to look at what was built. With `trixie` a Debian 13 as package-debian13.tar, which
# has only what guarding needs. Root only; installs nothing on this machine; kept in the cache.
set -eu
self=$(readlink -f "$0")
root=${self%/test/system/*}
suite=${1:-bookworm}
case $suite in
  bookworm) tar=$root/.cache/stage/package-debian12.tar ;;
  trixie) tar=$root/.cache/stage/package-debian13.tar ;;
  *) exit 2 ;;
esac
mkdir -p "$root/.cache/stage"
# Two test files may ask at once: the second waits for the first's (one lock for both suites, which share mmdebstrap).
exec 9>"$root/.cache/stage/rootfs.lock"
flock 9
[ ! -e "$tar" ] || exit 0
if ! command -v mmdebstrap >/dev/null; then
  sh "$root/scripts/fetch-deb.sh" mmdebstrap "$root/.cache/stage/mmdebstrap"
  PATH=$root/.cache/stage/mmdebstrap/usr/bin:$PATH
fi
packages=systemd,systemd-sysv,dbus,libpam-systemd,procps,netbase,iproute2,openssh-server,nftables,iptables,ipset
packages=$packages,ucf,libatomic1
[ "$suite" = trixie ] || packages=$packages,logrotate,exim4-daemon-light,bsd-mailx,whois,man-db
[ "$suite" = trixie ] || packages=$packages,python3,python3-systemd,python3-pyinotify,lintian,mandoc,zsh,fish,bash-completion
work=$(mktemp -d "$root/.cache/stage/rootfs.XXXXXX")
trap 'rm -rf "$work"' EXIT
trap 'exit 1' INT TERM HUP
TMPDIR=$work mmdebstrap --quiet --mode=root --variant=minbase --include="$packages" \
  --aptopt='APT::Install-Recommends "false"' --aptopt='Acquire::Languages "none"' --dpkgopt=force-unsafe-io \
  --dpkgopt='path-exclude=/usr/share/locale/*' "$suite" "$work/rootfs.tar"
mv "$work/rootfs.tar" "$tar"
