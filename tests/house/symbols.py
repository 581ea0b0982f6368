#!/usr/bin/env python3
"""Names: symbols.py [--prefix PREFIX] LIBANANKE.SO LIBANANKE.A

The shared library exports `ananke_*` and nothing else; what our objects define for each other is called `ananke_*` or `ak_*`; and
what a public header declares with ANANKE_API is there: symbols.py … [HEADER…]. Another library of ours has another prefix than `ananke_`."""
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


def declared(headers, prefix):
    """Names of the functions that the headers export."""
    for header in headers:
        for match in re.finditer(rf"ANANKE_API\b[^;]*?\b({prefix}\w+)\s*\(", pathlib.Path(header).read_text()):
            yield match.group(1), header


def check(shared, static, headers, prefix="ananke_"):
    exported = {name for name, _ in defined(shared, "--dynamic")}
    if not exported:
        yield f"{shared}: exports nothing"
    for name in sorted(exported):
        if not name.startswith(prefix):
            yield f"{shared}: exports {name}"
    for name, kind in sorted(set(defined(static))):
        if not name.startswith((prefix, "ak_")):
            yield f"{static}: defines {name} ({kind}) for everyone: make it static, or call it ak_…"
    for name, header in declared(headers, prefix):
        if name not in exported:
            yield f"{header}: declares {name}, which the library does not define"


if __name__ == "__main__":
    prefix, arguments = "ananke_", sys.argv[1:]
    if arguments[0] == "--prefix":
        prefix, arguments = arguments[1], arguments[2:]
    problems = list(check(arguments[0], arguments[1], arguments[2:], prefix))
    print("\n".join(problems) or f"symbols are {prefix}* and ak_* only, and every declared function exists")
    sys.exit(bool(problems))
