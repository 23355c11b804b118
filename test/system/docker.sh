#!/bin/sh
# Unpacks Debian's docker engine and a static busybox into .cache/stage/docker, for test/system/docker.ts: nothing is
# installed on this machine and no daemon is started. Kept in the cache.
set -eu
self=$(readlink -f "$0")
root=${self%/test/system/*}
tree=$root/.cache/stage/docker
mkdir -p "$root/.cache/stage"
# Two test files may ask at once: the second waits for the first's, or it would pull the tree away under a running engine.
exec 9>"$root/.cache/stage/docker.lock"
flock 9
[ ! -e "$tree/complete" ] || exit 0
work=$(mktemp -d "$root/.cache/stage/docker.XXXXXX")
trap 'rm -rf "$work"' EXIT
trap 'exit 1' INT TERM HUP
mkdir "$work/tree"
for package in docker.io containerd runc busybox-static; do
  sh "$root/scripts/fetch-deb.sh" "$package" "$work/$package"
  cp -a "$work/$package/." "$work/tree/"
done
touch "$work/tree/complete"
rm -rf "$tree"
mv "$work/tree" "$tree"
