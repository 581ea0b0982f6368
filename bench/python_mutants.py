# Mutants of one token each, as mutants.cjs makes them: INTO COUNT SEED, paths a line in; the mutant's path, what was done, the byte where it differs from its origin,
# and that one's path, as a JSON list a line, out. Run by cpython.cjs.
import io
import json
import os
import random
import sys
import tokenize

LAYOUT = {tokenize.NEWLINE, tokenize.NL, tokenize.INDENT, tokenize.DEDENT, tokenize.ENDMARKER, tokenize.COMMENT, tokenize.ENCODING}
CHANGES = ["delete", "double", "swap", "replace", "insert"]


def tokens_of(text):
    starts = [0]
    for line in io.StringIO(text, newline=""):
        starts.append(starts[-1] + len(line))
    found = [token for token in tokenize.generate_tokens(io.StringIO(text, newline="").readline) if token.type not in LAYOUT and token.string]
    return [(starts[token.start[0] - 1] + token.start[1], starts[token.end[0] - 1] + token.end[1]) for token in found]


def change(text, kind, tokens, at):
    (a, b), (c, d), (e, f) = tokens[at], random.choice(tokens), tokens[at + 1]
    if kind == "delete":
        return text[:a] + text[b:], a
    if kind == "double":
        return text[:b] + " " + text[a:], b
    if kind == "swap":
        return text[:a] + text[e:f] + text[b:e] + text[a:b] + text[f:], a
    return (text[:a] + text[c:d] + text[b:], a) if kind == "replace" else (text[:a] + text[c:d] + " " + text[a:], a)


into, count, seed = arguments[0], int(arguments[1]), int(arguments[2])
random.seed(seed)
paths = [line.rstrip("\n") for line in sys.stdin]
os.makedirs("/host" + into, exist_ok=True)
made = 0
while made < count:
    origin = random.choice(paths)
    with open("/host" + origin, encoding="utf-8", newline="") as file:
        text = file.read()
    if len(text) > 100000 or "\r" in text:
        continue
    tokens = tokens_of(text)
    if len(tokens) < 10:
        continue
    kind = CHANGES[made % len(CHANGES)]
    mutant, offset = change(text, kind, tokens, random.randrange(len(tokens) - 1))
    if mutant == text:
        continue
    path = f"{into}/{made}{os.path.splitext(origin)[1]}"
    with open("/host" + path, "w", encoding="utf-8", newline="") as file:
        file.write(mutant)
    print(json.dumps([path, kind, len(mutant[:offset].encode()), origin]))
    made += 1
