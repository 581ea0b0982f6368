#!/usr/bin/env python3
"""Names: symbols.py LIBANANKE.SO LIBANANKE.A

The shared library exports `ananke_*` and nothing else; what our objects define for each other is called `ananke_*` or `ak_*`; and
what a public header declares with ANANKE_API is there: symbols.py … [HEADER…]"""
import pathlib
import re
import subprocess
import sys


def defined(path, *options):
    """(name, class) of the global symbols that a file defines."""
    output = subprocess.run(["nm", "--defined-only", "--extern-only", *options, path], text=True, capture_output=True, check=True).stdout
    for line in output.splitlines():
        fields = line.split()
        if len(fields) == 3:
            yield fields[2].split("@")[0], fields[1]


def declared(headers):
    """Names of the functions that the public headers export."""
    for header in headers:
        for match in re.finditer(r"ANANKE_API\b[^;]*?\b(ananke_\w+)\s*\(", pathlib.Path(header).read_text()):
            yield match.group(1), header


def check(shared, static, headers):
    exported = {name for name, _ in defined(shared, "--dynamic")}
    if not exported:
        yield f"{shared}: exports nothing"
    for name in sorted(exported):
        if not name.startswith("ananke_"):
            yield f"{shared}: exports {name}"
    for name, kind in sorted(set(defined(static))):
        if not name.startswith(("ananke_", "ak_")):
            yield f"{static}: defines {name} ({kind}) for everyone: make it static, or call it ak_…"
    for name, header in declared(headers):
        if name not in exported:
            yield f"{header}: declares {name}, which the library does not define"


if __name__ == "__main__":
    problems = list(check(sys.argv[1], sys.argv[2], sys.argv[3:]))
    print("\n".join(problems) or "symbols are ananke_* and ak_* only, and every declared function exists")
    sys.exit(bool(problems))
