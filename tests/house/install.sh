#!/bin/sh
# An installed Ananke can be built against: install.sh ROOT BUILD
# Installs into a fresh folder; compiles examples/*.c and a probe against it by pkg-config (shared and static) and by find_package; runs the
# probe, which prints the library's version; and looks that nothing installed names the folders it was built in.
set -eu
root=$1 build=$2
prefix=$(mktemp -d)
trap 'rm -rf "$prefix"' EXIT
fail() { echo "install: $*" >&2; exit 1; }

cmake --install "$build" --prefix "$prefix" >"$prefix/install.log" || { cat "$prefix/install.log"; fail "cmake --install failed"; }
version=$(sed -n 's/^#define ANANKE_VERSION "\(.*\)"/\1/p' "$root/include/ananke/version.h")
config=$(find "$prefix" -name ananke.pc -exec dirname {} \;)
library=$(dirname "$config")
export PKG_CONFIG_PATH="$config" LD_LIBRARY_PATH="$library"

[ "$(pkg-config --modversion ananke)" = "$version" ] || fail "pkg-config says $(pkg-config --modversion ananke), the header $version"
[ -e "$library/libananke.so.${version%%.*}" ] || fail "no libananke.so.${version%%.*}"

mkdir "$prefix/probe"
cat >"$prefix/probe/probe.c" <<'C'
#include <ananke/ananke.h>
#include <stdio.h>
int main(void) { return puts(ananke_version()) < 0; }
C
cat >"$prefix/probe/CMakeLists.txt" <<'CMAKE'
cmake_minimum_required(VERSION 3.25)
project(probe LANGUAGES C CXX)
find_package(ananke REQUIRED)
foreach(form IN ITEMS ananke static)
    foreach(source IN LISTS SOURCES)
        cmake_path(GET source STEM name)
        add_executable(${name}_${form} ${source})
        target_link_libraries(${name}_${form} PRIVATE ananke::${form})
    endforeach()
endforeach()
CMAKE

sources=$prefix/probe/probe.c
for example in "$root"/examples/*.c; do if [ -e "$example" ]; then sources="$sources $example"; fi; done

for source in $sources; do
    name=$(basename "$source" .c)
    for form in shared static; do
        flags=$(pkg-config --cflags --libs ananke)
        # The static library by its name, for -lananke would take the shared one beside it.
        [ $form = shared ] || flags=$(pkg-config --static --cflags --libs ananke | sed 's/-lananke /-l:libananke.a /')
        # shellcheck disable=SC2086 # flags are words
        cc -std=c17 -Wall -Wextra -Wpedantic -Werror -D_DEFAULT_SOURCE "$source" $flags -o "$prefix/probe/$name-$form" || fail "$name does not build, $form, by pkg-config"
    done
done

cat >"$prefix/probe/llguidance.c" <<'C'
#include <stdio.h>
const char *llg_get_version(void);
int main(void) { return puts(llg_get_version()) < 0; }
C
cc "$prefix/probe/llguidance.c" -L"$library" -lananke_llguidance -o "$prefix/probe/llguidance-shared" || fail "libananke_llguidance.so cannot be linked"
flags=$(pkg-config --static --libs ananke | sed 's/-lananke /-l:libananke.a /')
# shellcheck disable=SC2086 # flags are words
cc "$prefix/probe/llguidance.c" "$library/libananke_llguidance.a" $flags -o "$prefix/probe/llguidance-static" || fail "libananke_llguidance.a cannot be linked"
for probe in "$prefix/probe/llguidance-shared" "$prefix/probe/llguidance-static"; do
    case $("$probe") in "ananke@$version"*) ;; *) fail "$(basename "$probe") prints '$("$probe")'" ;; esac
done
list=$(echo "$sources" | tr ' ' ';')
if ! { cmake -G Ninja -S "$prefix/probe" -B "$prefix/probe/out" -DSOURCES="$list" -DCMAKE_PREFIX_PATH="$prefix" &&
    cmake --build "$prefix/probe/out"; } >"$prefix/probe.log" 2>&1; then
    tail -n 30 "$prefix/probe.log"
    fail "find_package does not work"
fi

for probe in "$prefix/probe/probe-shared" "$prefix/probe/probe-static" "$prefix/probe/out/probe_ananke" "$prefix/probe/out/probe_static"; do
    [ "$("$probe")" = "$version" ] || fail "$(basename "$probe") prints '$("$probe")', not $version"
done
ldd "$prefix/probe/probe-static" | grep -q libananke && fail "the static probe takes the shared library"
! grep -rlF "$build" "$config" "$library/cmake" || fail "installed files name the build folder"
echo "installed, built against and run: $(echo "$sources" | wc -w) programs, four ways"
