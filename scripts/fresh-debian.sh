#!/bin/sh
# Makes the file tree of a fresh Debian 12 with Node 18 and npm 9, nothing else, as .cache/fresh/debian12.tar: what
# test/system/fresh.test.ts tries the project's two commands on. Root only; installs nothing on this machine. 45 s,
# then kept in the cache.
set -eu
self=$(readlink -f "$0")
root=${self%/scripts/*}
fresh=$root/.cache/fresh
[ ! -e "$fresh/debian12.tar" ] || exit 0
mkdir -p "$fresh"
if ! command -v mmdebstrap >/dev/null; then
  sh "$root/scripts/fetch-deb.sh" mmdebstrap "$fresh/mmdebstrap"
  PATH=$fresh/mmdebstrap/usr/bin:$PATH
fi
mmdebstrap --quiet --mode=root --variant=minbase --include=ca-certificates,nodejs,npm \
  --aptopt='APT::Install-Recommends "false"' --aptopt='Acquire::Languages "none"' --dpkgopt=force-unsafe-io \
  --dpkgopt='path-exclude=/usr/share/{doc,info,man,locale}/*' bookworm "$fresh/debian12.new.tar"
mv "$fresh/debian12.new.tar" "$fresh/debian12.tar"
