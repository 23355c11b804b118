# Finds the Node that this program runs on. Sourced by the launchers and by scripts/, never run by itself.
#
# wants  $root   the project's (or the package's) folder, absolute
# gives  $node   the path of the right Node; LD_LIBRARY_PATH where libatomic had to be unpacked beside us
# or     says what is missing and how to get it, and leaves with $missing_status (255 unless set)
#
# Never looks at PATH: whatever `node` stands there is another version (docs/decisions/001-runtime.md).

missing() {
  printf '%s: %s\n' "${0##*/}" "$1" >&2
  exit "${missing_status:-255}"
}

machine=$(uname -m)
case $machine in
  x86_64) arch=x64 triplet=x86_64-linux-gnu ;;
  aarch64) arch=arm64 triplet=aarch64-linux-gnu ;;
  *) missing "there is no Node 26 for this machine ($machine); x86_64 and aarch64 are supported" ;;
esac

node=
for place in "$root/node_modules" "$root/.."; do # beside us: where npm hoists it when we are somebody's dependency
  if [ -x "$place/node-linux-$arch/bin/node" ]; then
    node=$place/node-linux-$arch/bin/node
    break
  fi
done
[ -n "$node" ] || missing "Node 26 for $machine is not here yet: run 'npm start' or 'sh scripts/setup.sh' in $root"

# Node 26 needs libatomic.so.1, which a minimal Debian does not have. Looked for without starting a process.
libatomic=
for place in "/usr/lib/$triplet" "/lib/$triplet" /usr/lib64 /lib64 /usr/lib /lib /usr/local/lib "$root/.cache/lib"; do
  if [ -e "$place/libatomic.so.1" ]; then
    libatomic=$place
    break
  fi
done
if [ "$libatomic" = "$root/.cache/lib" ]; then
  export LD_LIBRARY_PATH="$libatomic${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}"
elif [ -z "$libatomic" ] && ! "$node" --version >/dev/null 2>&1; then
  missing "Node 26 needs the library libatomic1, which is not on this machine. As root: apt-get install libatomic1"
fi
