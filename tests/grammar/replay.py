"""Replays files through a grammar and says which are accepted and where the others stop.

    replay.py GRAMMAR FILE… [--engine llguidance|ananke] [--show N] [--quiet]

Prints one line for each file that is refused (file:line:column, the text around the place), then the accepted share by files and
by bytes before the first refusal. Exit 1 if any file was refused.
"""
import argparse
import pathlib
import sys

from engines import ENGINES


def replay(engine, data):
    """The offset of the first byte that cannot follow, or None when the whole text is accepted."""
    engine.reset()
    at = 0
    while at < len(data):
        chunk = data[at:at + 64]
        taken = engine.push(chunk)
        if taken < len(chunk):
            return at + taken
        at += taken
    return None if engine.accepting() else at


def place(data, offset):
    line = data.count(b"\n", 0, offset) + 1
    column = offset - (data.rfind(b"\n", 0, offset) + 1) + 1
    return line, column


def main():
    options = argparse.ArgumentParser()
    options.add_argument("grammar")
    options.add_argument("files", nargs="+")
    options.add_argument("--engine", default="llguidance", choices=ENGINES)
    options.add_argument("--show", type=int, default=40)
    given = options.parse_args()
    engine = ENGINES[given.engine](pathlib.Path(given.grammar).read_text())
    accepted = good = total = shown = 0
    for name in given.files:
        data = pathlib.Path(name).read_bytes()
        stop = replay(engine, data)
        total += len(data)
        good += len(data) if stop is None else stop
        accepted += stop is None
        if stop is not None and shown < given.show:
            shown += 1
            line, column = place(data, stop)
            around = data[max(0, stop - 60):stop].decode(errors="replace") + "⟂" + data[stop:stop + 20].decode(errors="replace")
            print(f"{name}:{line}:{column}: {around!r}")
    print(f"accepted {accepted}/{len(given.files)} files, {100 * good / max(1, total):.1f} % of the bytes")
    sys.exit(accepted != len(given.files))


if __name__ == "__main__":
    main()
