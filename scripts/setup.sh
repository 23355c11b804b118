#!/bin/sh
# Brings what the project runs on into node_modules, and nothing anywhere else.
#
#   sh scripts/setup.sh          what the programs need: Node 26 and three small libraries
#   sh scripts/setup.sh --dev    and what development needs: TypeScript, the linter, …
#
# Two steps, because the user's Node may be 18: npm then leaves out, without an error, the native parts of tools that
# want a newer one. So the user's npm fetches Node 26 first, and Node 26 runs npm for the rest. Both install exactly
# what package-lock.json pins; the lock may not change. `npm ci` is no way: it refuses locks that list packages for
# other platforms. Does nothing, quickly, when a stamp in node_modules names this lock.
set -eu
self=$(readlink -f "$0")
root=${self%/scripts/*}
cd "$root"
want=runtime
[ "${1:-}" != --dev ] || want=dev

fail() {
  printf '\nset-up failed: %s\n' "$1" >&2
  exit 1
}

stamp=node_modules/.fail2ban-ts
lock_sum=$(cat package.json package-lock.json | cksum)
here="$(uname -m) $lock_sum"
if [ -e "$stamp" ]; then
  read -r had done_for <"$stamp" || true
  if [ "$done_for" = "$here" ] && { [ "$had" = dev ] || [ "$want" = runtime ]; }; then
    (missing_status=1 && . bin/runtime.sh) && exit 0
    exit 1
  fi
fi

case $(uname -m) in
  x86_64) arch=x64 ;;
  aarch64) arch=arm64 ;;
  *) fail "there is no Node 26 for this machine ($(uname -m)); x86_64 and aarch64 are supported" ;;
esac
node=$root/node_modules/node-linux-$arch/bin/node
command -v npm >/dev/null || fail "npm is not here. As root: apt-get install npm"
[ -w . ] || fail "$root is not writable for $(id -un): clone it as the user who runs it"

work=$(mktemp -d "${TMPDIR:-/tmp}/fail2ban-ts-setup.XXXXXX")
cp package-lock.json "$work/lock"
restore_lock() {
  if ! cmp -s package-lock.json "$work/lock"; then
    cp package-lock.json "$work/changed"
    cp "$work/lock" package-lock.json
    return 1
  fi
}
trap 'restore_lock || true; rm -rf "$work"' EXIT
trap 'exit 1' INT TERM HUP

# install <what it brings> <command…>: runs an npm and explains its failure
install() {
  what=$1
  shift
  printf 'set-up: %s\n' "$what"
  if ! "$@" install --no-save --ignore-scripts --no-audit --no-fund --loglevel=error >"$work/log" 2>&1; then
    cat "$work/log" >&2
    if grep -q 'EINTEGRITY' "$work/log"; then
      fail 'a package is not the one that package-lock.json pins; nothing of it was used'
    fi
    fail "npm install (its words are above)"
  fi
  restore_lock || fail "npm wanted to change package-lock.json; it was put back. package.json and the lock must agree"
}

has_node() { (missing_status=1 && . bin/runtime.sh && "$node" --version >/dev/null); }
has_all() { sh scripts/with-node.sh scripts/check-lock.ts "$1"; }
done_with() {
  printf '%s %s\n' "$1" "$here" >"$stamp"
  exit 0
}

# Somebody else's npm install may have done it all.
[ ! -x "$node" ] || ! { has_node && has_all "$want"; } >/dev/null 2>&1 || done_with "$want"

# Asked first, with an empty cache: without a network npm install goes on trying for many minutes.
npm view "node-linux-$arch" name --cache="$work/cache" --fetch-retries=1 --fetch-retry-mintimeout=1000 \
  --loglevel=error >"$work/log" 2>&1 || {
  cat "$work/log" >&2
  fail 'npm cannot reach its registry: set-up needs the network (behind a proxy: npm config set proxy …)'
}

# Step 1: the user's npm. Skipped where Node 26 stands already and step 2 follows.
if [ "$want" = runtime ] || [ ! -x "$node" ]; then
  install 'Node 26 and the libraries that run with it' npm --omit=dev
  [ -x "$node" ] || fail "npm left out node-linux-$arch: is 'omit=optional' in an .npmrc?"
fi

# Node 26 needs libatomic.so.1. Where the machine has none, a copy is unpacked into .cache/lib for our own use.
if ! has_node >/dev/null 2>&1; then
  printf 'set-up: libatomic1 (not on this machine; a copy for the project alone, in .cache/lib)\n'
  if sh scripts/fetch-deb.sh libatomic1 "$root/.cache/libatomic1"; then
    mkdir -p .cache/lib
    find .cache/libatomic1 -name 'libatomic.so.1*' -exec cp -P '{}' .cache/lib/ \;
  fi
  has_node || exit 1
fi

# Step 2: npm again, run by Node 26.
if [ "$want" = dev ]; then
  npm_program=${npm_execpath:-}
  case $npm_program in *npm-cli.js) ;; *) npm_program=$(readlink -f "$(command -v npm)") ;; esac
  # Debian's npm keeps its libraries in /usr/share/nodejs, a path that only Debian's Node knows by itself.
  case $npm_program in /usr/share/nodejs/*) export NODE_PATH=/usr/share/nodejs ;; esac
  install 'development tools' sh scripts/with-node.sh --no-deprecation "$npm_program" --include=dev
fi
has_all "$want" || fail 'what npm installed is not what package-lock.json pins (above)'
done_with "$want"
