#!/usr/bin/env python3
"""What comes from a registry is pinned by hash and names no host: locks.py ROOT"""
import json
import pathlib
import re
import sys


def check_npm(path):
    for name, package in json.loads(path.read_text())["packages"].items():
        if name and "integrity" not in package:
            yield f"{path.name}: {name} has no integrity hash"
        if "resolved" in package:
            yield f"{path.name}: {name} says where it was found (npm config set omit-lockfile-registry-resolved true)"


def check_python(path):
    text = re.sub(r"\\\n", " ", path.read_text())
    for line in text.splitlines():
        if not line.strip() or line.startswith("#"):
            continue
        if not re.match(r"^[\w.-]+==[\w.]+( +;[^-]*)?( +--hash=sha256:[0-9a-f]{64})+\s*$", line):
            yield f"{path.name}: not `NAME==VERSION --hash=sha256:…`: {line[:60]}"


def check(root):
    yield from check_npm(root / "deps/package-lock.json")
    for path in sorted(root.glob("deps/python/*.txt")):
        yield from check_python(path)


if __name__ == "__main__":
    problems = list(check(pathlib.Path(sys.argv[1]).resolve()))
    print("\n".join(problems) or "every package is pinned by hash")
    sys.exit(bool(problems))
