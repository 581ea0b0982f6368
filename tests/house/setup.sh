#!/bin/sh
# deps/setup keeps its promises: setup.sh ROOT
# It runs from a copy whose list of Debian packages names one that no machine has, with stand-ins for `id` and `apt-get` before the real
# ones: what is missing is said before it is installed, only then installed, not twice, and not without root.
set -eu
root=$1
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
fail() { echo "setup: $*" >&2; cat "$work/out" >&2; exit 1; }

ANANKE_DEPS_DIR=$(dirname "$("$root/deps/setup" --where llama)")
export ANANKE_DEPS_DIR PATH="$work/bin:$PATH"
mkdir "$work/bin"
cp -r "$root/deps" "$work/deps"
echo "build ananke-no-such-package command ananke-no-such-command" >"$work/deps/debian.txt"
cat >"$work/bin/apt-get" <<SH
#!/bin/sh
echo "\$*" >>"$work/apt"
case " \$* " in *" install "*) printf '#!/bin/sh\n' >"$work/bin/ananke-no-such-command" && chmod +x "$work/bin/ananke-no-such-command" ;; esac
SH
# shellcheck disable=SC2016 # expanded by the stand-in
printf '#!/bin/sh\necho "${FAKE_ID:-0}"\n' >"$work/bin/id"
chmod +x "$work/bin/apt-get" "$work/bin/id"
run() { "$work/deps/setup" "$@" >"$work/out" 2>&1 </dev/null; }

FAKE_ID=1000 run build && fail "goes on without root although a package is missing"
grep -q 'apt-get install --no-install-recommends ananke-no-such-package' "$work/out" || fail "does not say what root should run"
[ ! -e "$work/apt" ] || fail "calls apt-get without root"

run build || fail "cannot install"
grep -q 'will install Debian packages: ananke-no-such-package' "$work/out" || fail "does not say what it will install"
grep -q 'install .*ananke-no-such-package' "$work/apt" || fail "does not install"

rm "$work/apt"
FAKE_ID=1000 run build || fail "fails without root although everything is there"
[ ! -e "$work/apt" ] || fail "installs twice"
[ ! -s "$work/out" ] || fail "talks although there is nothing to do"

run no-such-step && fail "takes a step that does not exist"
grep -q "unknown step 'no-such-step'" "$work/out" || fail "does not name the wrong step"
run && fail "takes no step at all"
echo "says, installs, and does nothing twice"
