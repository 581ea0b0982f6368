#!/usr/bin/env python3
"""Every check of the house can fail: selftest.py CC CXX

Builds a small project that keeps every rule, then breaks one rule at a time and asks the check that holds it: it must pass before and
say what is wrong after."""
import pathlib
import subprocess
import sys
import tempfile

import globals as globals_check
import headers
import layers
import locks
import mirror
import size
import symbols

CC, CXX = sys.argv[1], sys.argv[2]

GOOD = {
    "src/layers.txt": "base: public\nmask: public base  # a comment\n",
    "src/base/arena.h": "#ifndef A\n#define A\n#include <ananke/thing.h>\n#endif\n",
    "src/base/arena.c": '#include "base/arena.h"\nint ananke_thing(void) {\n    return 1;\n}\n',
    "src/mask/trie.c": '#include "base/arena.h"\nstatic const char *const names[] = {"a", "b"};\n'
                       "int ak_trie(int i);\nint ak_trie(int i) {\n    return names[i][0];\n}\n",
    "include/ananke/thing.h": '#include <stddef.h>\n#define ANANKE_API __attribute__((visibility("default")))\n'
                              '#ifdef __cplusplus\nextern "C" {\n#endif\nANANKE_API int ananke_thing(void);\n#ifdef __cplusplus\n}\n#endif\n',
    "tests/unit/base/test_arena.c": "",
    "tests/unit/base/test_arena_under_load.c": "",
    "tests/house/untested.txt": "# none\nmask/*: a reason\n",
    "tests/house/long.txt": "",
    "tests/house/globals.txt": "",
    "deps/package-lock.json": '{"packages": {"": {}, "node_modules/a": {"integrity": "sha512-x"}}}',
    "deps/python/a.txt": "# why\na==1.0 \\\n    --hash=sha256:" + "0" * 64 + "\n",
}


def build(root):
    """The library of a project, both forms."""
    objects = []
    for source in sorted(root.glob("src/*/*.c")):
        objects.append(root / (source.stem + ".o"))
        subprocess.run([CC, "-c", "-fPIC", "-fcommon", f"-I{root}/src", f"-I{root}/include", source, "-o", objects[-1]], check=True)
    subprocess.run(["ar", "rcs", root / "liba.a", *objects], check=True)
    version_script = root / "a.map"
    if not version_script.exists():
        version_script.write_text("{global: ananke_*; local: *;};")
    subprocess.run([CC, "-shared", f"-Wl,--version-script={version_script}", *objects, "-o", root / "liba.so"], check=True)


def check_symbols(root):
    build(root)
    return list(symbols.check(root / "liba.so", root / "liba.a", [root / "include/ananke/thing.h"]))


def check_globals(root):
    build(root)
    return list(globals_check.check(root / "tests/house/globals.txt", [root / "liba.a"]))


CHECKS = {
    "layers": lambda root: list(layers.check(root)),
    "headers": lambda root: list(headers.check(root, CC, CXX)),
    "symbols": check_symbols,
    "globals": check_globals,
    "mirror": lambda root: list(mirror.check(root)),
    "size": lambda root: list(size.check(root)),
    "locks": lambda root: list(locks.check(root)),
}

TRIE = GOOD["src/mask/trie.c"]
BAD = [  # check, file, its broken content, a word that the complaint must have
    ("layers", "src/base/arena.c", '#include "mask/trie.h"\n', "not a file"),
    ("layers", "src/base/up.c", '#include "mask/trie.c"\n', "may not include"),
    ("layers", "src/mask/trie.c", '#include "../base/arena.h"\n', "not a file"),
    ("layers", "src/layers.txt", "base: public mask\nmask: public base\n", "cycle"),
    ("layers", "src/layers.txt", "base: public\nmask: public base other\n", "no line of its own"),
    ("layers", "src/layers.txt", "base:\nmask: base\n", "public headers"),
    ("layers", "src/layers.txt", "base: public\n", "no line for mask"),
    ("layers", "include/ananke/thing.h", '#include "thing.h"\n', "each other"),
    ("headers", "include/ananke/thing.h", "size_t ananke_thing(void);\n", "unknown type"),
    ("headers", "include/ananke/thing.h", "int ananke_thing(int class);\n", "class"),
    ("headers", "include/ananke/thing.h", "int x;\nstruct { int a; };\n", "error"),
    ("symbols", "src/mask/trie.c", TRIE.replace("ak_trie", "trie"), "defines trie"),
    ("symbols", "a.map", "{global: *;};", "exports ak_trie"),
    ("symbols", "include/ananke/thing.h", GOOD["include/ananke/thing.h"].replace("void);", "void);\nANANKE_API char *ananke_more(int a,\n int b);"),
     "ananke_more"),
    ("globals", "src/mask/trie.c", TRIE + "int ak_count = 3;\n", "ak_count"),
    ("globals", "src/mask/trie.c", TRIE + "int ak_count;\n", "ak_count"),
    ("globals", "src/mask/trie.c", TRIE.replace("*const", "*") + "void *ak_use(void);\nvoid *ak_use(void) { return &names; }\n", "names"),
    ("globals", "src/mask/trie.c", TRIE + "int ak_next(void);\nint ak_next(void) { static int at; return ++at; }\n", "at lies in"),
    ("globals", "src/mask/trie.c", TRIE + "_Thread_local int ak_last;\n", "ak_last"),
    ("globals", "tests/house/globals.txt", "gone  no reason left\n", "gone"),
    ("mirror", "src/base/str.c", "", "test_str.c is missing"),
    ("mirror", "tests/unit/base/test_gone.c", "", "does not exist"),
    ("mirror", "tests/house/untested.txt", "mask/*:\n", "trie"),
    ("mirror", "tests/house/untested.txt", "mask/*: why\nbase/gone.c: why\n", "base/gone.c"),
    ("size", "src/mask/trie.c", TRIE.replace("return", "\n" * 80 + "return"), "ak_trie has"),
    ("size", "src/mask/trie.c", "int ak_wide(int a,\n            int b) {\n" + "\n" * 80 + "}\n", "ak_wide has"),
    ("size", "src/mask/trie.c", "\n" * 901, "901 lines"),
    ("size", "tests/house/long.txt", "src/mask/trie.c:ak_trie  was long once\n", "not long any more"),
    ("locks", "deps/package-lock.json", '{"packages": {"node_modules/a": {}}}', "no integrity"),
    ("locks", "deps/package-lock.json", '{"packages": {"node_modules/a": {"integrity": "x", "resolved": "y"}}}', "where it was found"),
    ("locks", "deps/python/a.txt", "a==1.0\n", "not `NAME"),
    ("locks", "deps/python/a.txt", "a>=1.0 --hash=sha256:" + "0" * 64 + "\n", "not `NAME"),
]


def project(changes):
    folder = tempfile.TemporaryDirectory()
    for name, text in {**GOOD, **changes}.items():
        path = pathlib.Path(folder.name) / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return folder


def main():
    failures = 0
    for name, check in CHECKS.items():
        with project({}) as root:
            problems = check(pathlib.Path(root))
        if problems:
            failures += 1
            print(f"{name}: complains about a project that keeps every rule: {problems}")
    for name, path, text, word in BAD:
        with project({path: text}) as root:
            problems = CHECKS[name](pathlib.Path(root))
        if not any(word in problem for problem in problems):
            failures += 1
            print(f"{name}: {path} was broken, and it says {problems or 'nothing'}, not {word!r}")
    print(f"{len(CHECKS) + len(BAD) - failures} passed, {failures} failed")
    return failures > 0


sys.exit(main())
