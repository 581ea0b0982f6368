#!/usr/bin/env python3
"""Holes in programs of a language pack: random_holes.py LANGUAGE COUNT [--seed N] [--files LIST]

Random programs under the masks (random_programs.py), or files of a list, are cut into what is before a hole, what fills it, and what is behind. The matcher
that is told of the last must take the middle, token by token under masks, may end exactly where the whole text that would make can be read from its start, by a
matcher that knows no suffix, and offers end-of-text tokens there and nowhere else. $ANANKE_LIBRARY is the library, $ANANKE_JUDGES has the tokenizer."""
import argparse
import os
import pathlib
import sys
import time

import numpy

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
from random_programs import TOKENIZER, ananke, write_program  # noqa: E402

TRIED = 12  # ends of a middle that are compared with the slow way


def texts(arguments, matcher, vocab):
    if arguments.files:
        paths = [path for path in pathlib.Path(arguments.files).read_text().split("\n") if path]
        order = numpy.random.default_rng(arguments.seed).permutation(len(paths))
        yield from (pathlib.Path(paths[i]).read_bytes() for i in order[: arguments.count])
        return
    for number in range(arguments.count):
        matcher.reset()
        text, complaint = write_program(matcher, vocab, numpy.random.default_rng(arguments.seed * 1000003 + number))
        if not complaint:
            yield bytes(text)


class Holes:
    def __init__(self, program, vocab):
        self.vocab, self.hole, self.whole = vocab, ananke.Matcher(program), ananke.Matcher(program)
        self.row = numpy.zeros((vocab.size + 31) // 32, dtype=numpy.uint32)
        self.told = self.asked = self.ends = self.fitting = 0

    def is_whole(self, *parts):
        self.whole.reset()
        return all(self.whole.consume_bytes(part) for part in parts) and self.whole.is_accepting()

    def offers_end(self):
        self.hole.fill_mask(self.row)
        return bool(self.row[self.vocab.eos // 32] >> (self.vocab.eos % 32) & 1)

    def try_one(self, before, middle, behind, random):
        """What is wrong, or nothing."""
        self.hole.set_suffix("")
        self.hole.reset()
        if not self.hole.consume_bytes(before):
            return "what is before the hole is refused"
        start = time.perf_counter()
        self.hole.set_suffix(behind)
        self.told += time.perf_counter() - start
        tokens, done = self.vocab.encode(middle), b""
        compared = set(random.choice(len(tokens) + 1, min(TRIED, len(tokens) + 1), replace=False)) | {len(tokens)}
        for at, token in enumerate([*tokens, None]):
            start = time.perf_counter()
            fits = self.hole.is_accepting()
            self.asked += time.perf_counter() - start
            offered = self.offers_end()
            self.ends, self.fitting = self.ends + 1, self.fitting + fits
            if offered != fits or (at in compared and fits != self.is_whole(before, done, behind)):
                return f"the end behind {done!r} is {'offered' if offered else 'not offered'}"
            if token is not None and not self.hole.consume(token):
                return f"{self.vocab.token(token)!r} is refused"
            done += self.vocab.token(token) if token is not None else b""
        return "" if fits else "the middle that was there does not fit"


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("language")
    parser.add_argument("count", type=int)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--files", help="a list of paths")
    arguments = parser.parse_args()
    vocab = ananke.Vocab.load(pathlib.Path(os.environ["ANANKE_JUDGES"]) / TOKENIZER)
    program = ananke.Program.from_language(arguments.language, vocab)
    holes, random = Holes(program, vocab), numpy.random.default_rng(arguments.seed)
    bad = count = 0
    for text in texts(arguments, ananke.Matcher(program), vocab):
        text = text.decode(errors="replace")
        start = int(random.integers(len(text) + 1))
        end = min(len(text), start + int(random.integers(200)))
        parts = [part.encode() for part in (text[:start], text[start:end], text[end:])]
        complaint = holes.try_one(*parts, random)
        count, bad = count + 1, bad + bool(complaint)
        if complaint:
            print(f"--- {complaint}: {parts[0][-200:]!r} [{parts[1]!r}] {parts[2][:200]!r}")
    print(f"{count - bad} of {count} holes in {arguments.language} are filled; {holes.fitting} of {holes.ends} ends fit; "
          f"a suffix is told in {holes.told / max(1, count) * 1e3:.1f} ms and asked about in {holes.asked / max(1, holes.ends) * 1e6:.0f} us, on average")
    return bool(bad)


if __name__ == "__main__":
    sys.exit(main())
