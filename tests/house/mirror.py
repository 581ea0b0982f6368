#!/usr/bin/env python3
"""Unit tests mirror src/: mirror.py ROOT

Every src/ROOM/NOUN.c has tests/unit/ROOM/test_NOUN.c, or a line `ROOM/NOUN.c: reason` (`*` for a whole room) in tests/house/untested.txt.
A noun may have more tests, test_NOUN_SOMETHING.c. A unit test without its source, and a line without use, are problems too."""
import fnmatch
import pathlib
import sys


def read_reasons(path):
    reasons = {}
    for line in path.read_text().splitlines():
        if line.strip() and not line.startswith("#"):
            name, _, reason = line.partition(":")
            reasons[name.strip()] = reason.strip()
    return reasons


def check(root):
    reasons = read_reasons(root / "tests/house/untested.txt")
    sources = {str(path.relative_to(root / "src")) for path in root.glob("src/*/*.c")}
    tests = {f"{path.parent.name}/{path.name.removeprefix('test_')}" for path in root.glob("tests/unit/*/test_*.c")}
    used = set()
    for source in sorted(sources - tests):
        excuse = [name for name in reasons if fnmatch.fnmatch(source, name) and reasons[name]]
        used.update(excuse)
        if not excuse:
            room, noun = source.split("/")
            yield f"src/{source}: tests/unit/{room}/test_{noun} is missing (or a line with the reason in tests/house/untested.txt)"
    for test in sorted(tests - sources):
        room, noun = test.split("/")
        words = noun.removesuffix(".c").split("_")
        if any(f"{room}/{'_'.join(words[:count])}.c" in sources for count in range(1, len(words))):
            continue
        yield f"tests/unit/{room}/test_{noun}: src/{test} does not exist"
    for name in sorted(set(reasons) - used):
        yield f"tests/house/untested.txt: {name}: no such source, or it has a test, or the reason is missing"


if __name__ == "__main__":
    problems = list(check(pathlib.Path(sys.argv[1]).resolve()))
    print("\n".join(problems) or "unit tests mirror src/")
    sys.exit(bool(problems))
