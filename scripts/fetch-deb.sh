#!/bin/sh
# Unpacks a Debian package into a folder, installing nothing; needs no root.
#
#   sh scripts/fetch-deb.sh <package>[=<version>] <folder>
#
# The machine's package lists are used when they know the package; otherwise lists are fetched into .cache/apt from
# the machine's own sources. Exit 1 with one sentence on stderr when the package cannot be had.
set -eu
package=$1 folder=$2
self=$(readlink -f "$0")
cache=${self%/scripts/*}/.cache
name=${package%%=*}

give_up() {
  printf 'cannot get the Debian package %s: %s\n' "$package" "$1" >&2
  exit 1
}
command -v apt-get >/dev/null && command -v dpkg-deb >/dev/null || give_up 'this machine has no apt-get'

mkdir -p "$cache/apt/state/lists/partial" "$cache/apt/cache/archives/partial"
work=$(mktemp -d "$cache/fetch.XXXXXX")
trap 'rm -rf "$work"' EXIT
trap 'exit 1' INT TERM HUP
cd "$work"

own_lists() {
  apt-get -q -o Dir::State="$cache/apt/state" -o Dir::State::status=/var/lib/dpkg/status -o Dir::Cache="$cache/apt/cache" \
    -o APT::Sandbox::User="$(id -un)" "$@"
}
apt-get -q -o APT::Sandbox::User="$(id -un)" download "$package" >log 2>&1 ||
  { own_lists update >log 2>&1 && own_lists download "$package" >log 2>&1; } ||
  give_up "$(grep -m1 '^E:' log || echo 'apt-get download failed')"
rm -rf "$folder.new"
mkdir -p "$folder.new"
dpkg-deb -x "$name"_*.deb "$folder.new" || give_up 'it cannot be unpacked'
rm -rf "$folder"
mv "$folder.new" "$folder"
