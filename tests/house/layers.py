#!/usr/bin/env python3
"""Includes follow src/layers.txt: layers.py ROOT

A file in src/ROOM may include its own room, the rooms on its room's line, and <ananke/…> when `public` is there. Quoted includes are
written "ROOM/noun.h" and exist; public headers include <ananke/…> and the system only; the allowed inclusions have no cycle."""
import pathlib
import re
import sys

INCLUDE = re.compile(r'^[ \t]*#[ \t]*include[ \t]*([<"])([^>"]+)[>"]', re.M)


def read_layers(path):
    layers = {}
    for line in path.read_text().splitlines():
        line = line.split("#")[0].strip()
        if line:
            room, allowed = line.split(":")
            layers[room.strip()] = allowed.split()
    return layers


def find_cycle(layers):
    state = {}  # room -> "open" while its inclusions are followed, "done" after

    def follow(room, path):
        if state.get(room) == "open":
            return path[path.index(room):] + [room]
        if state.get(room) == "done":
            return None
        state[room] = "open"
        for other in layers.get(room, []):
            cycle = follow(other, path + [room])
            if cycle:
                return cycle
        state[room] = "done"
        return None

    return next((cycle for cycle in (follow(room, []) for room in layers) if cycle), None)


def check_layers(layers):
    rooms = set(layers) | {"public"}
    for room, allowed in layers.items():
        for other in allowed:
            if other not in rooms:
                yield f"src/layers.txt: {room} may include {other}, which has no line of its own"
    cycle = find_cycle(layers)
    if cycle:
        yield "src/layers.txt: a cycle: " + " -> ".join(cycle)


def check_file(root, path, room, layers):
    for match in INCLUDE.finditer(path.read_text()):
        kind, target = match.groups()
        line = path.read_text().count("\n", 0, match.start()) + 1
        where = f"{path.relative_to(root)}:{line}"
        if kind == "<":
            if target.startswith("ananke/") and "public" not in layers[room]:
                yield f"{where}: {room} may not include the public headers"
            continue
        other = target.split("/")[0]
        if not (root / "src" / target).is_file() or ".." in target:
            yield f'{where}: "{target}" is not a file below src/'
        elif other != room and other not in layers[room]:
            yield f'{where}: {room} may not include "{target}" (src/layers.txt)'


def check(root):
    layers = read_layers(root / "src/layers.txt")
    yield from check_layers(layers)
    files = sorted(root.glob("src/*/*.[ch]"))
    if not files:
        yield "src/: no source found"
    for path in files:
        room = path.parent.name
        if room not in layers:
            yield f"{path.relative_to(root)}: src/layers.txt has no line for {room}"
        else:
            yield from check_file(root, path, room, layers)
    for path in sorted(root.glob("include/ananke/*.h")):
        for kind, target in INCLUDE.findall(path.read_text()):
            if kind == '"':
                yield f'{path.relative_to(root)}: "{target}": public headers include each other as <ananke/…>'


if __name__ == "__main__":
    problems = list(check(pathlib.Path(sys.argv[1]).resolve()))
    print("\n".join(problems) or "includes follow src/layers.txt")
    sys.exit(bool(problems))
