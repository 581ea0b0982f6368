#!/usr/bin/env python3
"""No mutable global state: globals.py ALLOWED FILE…     (FILE: an archive or object of ours)

No symbol may lie in a writable section (.data, .bss, thread-local, common). Constants that hold addresses lie in .data.rel.ro: read-only
after loading, and fine. ALLOWED lists exceptions, `SYMBOL reason`, one a line; one that is not needed any more is a problem too."""
import pathlib
import re
import subprocess
import sys

WRITABLE = re.compile(r"^(\.data|\.bss|\.tdata|\.tbss|\*COM\*|\.lbss|\.ldata)(?!\.rel\.ro)")


def writable(path):
    """(object, symbol, section) of what can be written."""
    output = subprocess.run(["nm", "--format=sysv", "--defined-only", path], text=True, capture_output=True, check=True).stdout
    member = pathlib.Path(path).name
    for line in output.splitlines():
        match = re.match(r"^(?:Symbols from )?(.*)\[(.*)\]:$", line) or re.match(r"^(Symbols from )(.*):$", line)
        if match:
            member = match.group(2)
        fields = [field.strip() for field in line.split("|")]
        if len(fields) == 7 and WRITABLE.match(fields[6]):
            yield member, re.sub(r"\.\d+$", "", fields[0]), fields[6]


def check(allowed_file, files):
    lines = [line.split("#")[0].split(None, 1) for line in pathlib.Path(allowed_file).read_text().splitlines()]
    allowed = {line[0] for line in lines if line}
    seen = set()
    for path in files:
        for member, symbol, section in writable(path):
            seen.add(symbol)
            if symbol not in allowed:
                yield f"{member}: {symbol} lies in {section}: it can be changed (missing const?)"
    for symbol in sorted(allowed - seen):
        yield f"{allowed_file}: {symbol} is allowed but does not exist any more"


if __name__ == "__main__":
    problems = sorted(set(check(sys.argv[1], sys.argv[2:])))
    print("\n".join(problems) or "no mutable globals")
    sys.exit(bool(problems))
