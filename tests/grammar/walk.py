"""Random walks through a grammar: every walk must end (no dead end), and the language's own parser must accept every program.

    walk.py typescript|python [--count N] [--seed S] [--bytes N] [--engine llguidance|ananke] [--second ENGINE] [--keep FOLDER]

A walk grows a text from pieces the grammar allows: words and signs found in the grammar itself, names, blanks, single bytes out of the
mask. After `--bytes` it prefers what closes. It fails if the mask is empty where the text may not end. With --second another engine
must accept each program too. The judges are `ast.parse` + `compile` for Python and judge.mjs (the `typescript` package, found through
NODE_PATH or a node_modules folder above it) for TypeScript. Exit 1 on any failure.
"""
import argparse
import ast
import json
import pathlib
import random
import re
import subprocess
import sys
import warnings

from engines import ENGINES

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent
NAMES = ["a", "bc", "name", "Name", "T", "value1", "_x", "MAX", "as", "get", "of", "type", "match", "0", "1.5", "42", "\"s\"", "'t'", "`u`", "f\"{"]
CLOSERS = {  # what ends something: tried first once a walk is long enough; then what a half-finished construct may wait for
    "typescript": ([";", ")", "]", "}"], [">", ": ", "a", " ", "{}", "? a : a", "=> a", "= a", ">>"]),
    "python": ([")", "]", "}"], ["a", " ", ": ", ": a", "\n", "\n    ", "\n        ", "\n            ", "pass", *("\n" + 4 * depth * " " + "pass" for depth in range(1, 8)), "\n    case a: a", "\n        case a: a", " in a", " else a", " import a", " = a", "case a: a", "except: a", "except a: a", ".a", ".a: a"]),
}
STARTS = {  # openings that a walk of single words seldom finds
    "typescript": ["function f(", "async function g<T>(", "class A extends B {\n", "abstract class C<T> {\n", "interface I<T> {\n", "type T = ", "type F<T> = T extends ",
                   "const x = ", "let { a, b: [c] } = ", "export const y: ", "export default ", "import { a, type b } from 'm'", "export * from", "if (a) {\n",
                   "for (const x of ", "for (let i = 0; i < n; ", "switch (a) {\n    case ", "enum E {\n", "declare ", "namespace N {\n", "try {\n", "while (a) {\n",
                   "do {\n", "async (a, { b }) => {\n", "(a: T): b is U => ", "function* () {\n", "return a", "throw new E(", "constructor(private a: T", "static async m(",
                   "get x() {\n", "readonly [K in keyof T]: ", "@dec() ", "`a${", "{ ...a, b, get c() {", "new Map<string, A<B>>(", "yield ", "await a", "a?.b", " as T", "= async <T,>(", "[a, ...b]",
                   "a << 2", "\n(", "\n[", "\n`", "\n+", "\n++a", "\n/", "\nin ", "\nas ", "\n!", "\n<", "\n{", "a\n", "b\nlet c", "\nget ", "\nof", "a < b", " > c", " ? a : ", " && ", "a++", " + +b", " / /re/g"],
    "python": ["def f(a, *args: int, b=1, **kw) -> T:\n    ", "async def g(", "class A(B):\n    ", "@dec(1)\n", "if a:\n    ", "elif b:\n    ", "else:\n    ", "for x in ", "while a:\n    ",
               "try:\n    ", "except E as e:\n    ", "finally:\n    ", "with a as b, c:\n    ", "match x:\n    case ", "import a.b as c", "from . import (", "from .a import b", "return a",
               "yield ", "await a", "lambda a, *b: ", "[x for x in ", "{**a, 'b': ", "f\"a{x!r:>{w}}\"", "a[1:2, ::3]", "(a := 1)", "not a", " if a else ", "print(*a, b=c, **d)", "raise E from e",
               "assert a, b", "del a, b[0]", "global g", "\"\"\"doc\"\"\"\n", "x: int = ", "a += ", "*a, b = ", "# c\n", "\n    ", "\n        ", "\n            ", "case [a, *_] if b:\n"],
}
FENCES = ["`", "\"", "'", "\n", "*/", "/", "\"\"\"", "'''"]
FREE = b"? @ ?"


def pieces(grammar):
    """Literal strings and the plain words inside regular expressions of the grammar."""
    body = "\n".join(line for line in grammar.splitlines() if not line.startswith("//") and not line.startswith("RESERVED"))
    found = {json.loads(text) for text in re.findall(r'"(?:[^"\\\n]|\\["\\nrt])+"', body)}
    for regex in re.findall(r"/((?:\\.|[^/\\\n])+)/", body):
        plain = regex.replace("[ \\t\\r\\n]+", " ").replace("[ \\t]+", " ").replace("[ \\t\\r\\n]*", " ").replace("[ \\t]*", "")
        found.update(re.findall(r"[a-z]{2,}", plain))
        found.update(re.sub(r"\\(.)", r"\1", part) for part in plain.split("|") if len(part) < 12)
    return sorted(found - {""})


class Walk:
    def __init__(self, engine, words, language, rng, budget):
        self.engine, self.words, self.rng, self.budget = engine, words, rng, budget
        self.starts, self.closers = STARTS[language], CLOSERS[language]
        self.text = bytearray()

    def try_piece(self, piece):
        data = piece.encode()
        if self.engine.push(data) < len(data):
            return False
        self.text += data
        return True

    def in_free_text(self):
        """Inside a string, comment or the like, where walks would stay for ever."""
        free = self.engine.push(FREE) == len(FREE)
        if free:
            self.engine.pop(len(FREE))
        return free

    def choose(self):
        draw = self.rng.random()
        if draw < 0.20:
            return self.rng.choice(self.starts)
        if draw < 0.60:
            word = self.rng.choice(self.words)
            return word + self.rng.choice(["", " ", " ", " (", " {"] if word.isalpha() else ["", "", " "])
        if draw < 0.85:
            return self.rng.choice(NAMES)
        if draw < 0.95:
            return self.rng.choice([" ", "\n    ", " = ", ", ", ": ", ";\n", "(", ")"])
        return self.rng.choice(self.closers[0] + FENCES)

    def byte(self):
        allowed = self.engine.allowed()
        if not allowed:
            raise DeadEnd(bytes(self.text))
        if self.rng.random() < 0.7:
            allowed = [byte for byte in allowed if byte in b")]};>:,.(=" or chr(byte).isalnum()] or allowed
        byte = self.rng.choice(allowed)
        assert self.engine.push(bytes([byte])) == 1, (bytes(self.text), byte)
        self.text.append(byte)

    def run(self):
        """Grows the text; once over budget, prefers what closes and ends at the first place where it may end."""
        self.engine.reset()
        while len(self.text) < 20 * self.budget + 2000:
            over = len(self.text) > self.budget
            if over and self.engine.accepting():
                return bytes(self.text)
            if self.rng.random() < 0.7 and self.in_free_text():
                choices = self.rng.sample(FENCES, len(FENCES))
            elif over and self.rng.random() < 0.9:
                choices = [piece for group in self.closers for piece in self.rng.sample(group, len(group))] + ["\n"]
                choices = [piece for piece in choices if piece.strip() or not self.text[-1:].isspace()]
            elif self.engine.accepting() and self.rng.random() < 0.8:
                choices = self.rng.sample(self.starts, len(self.starts))
            else:
                choices = [self.choose() for _ in range(12)]
            if not any(self.try_piece(piece) for piece in choices):
                self.byte()
        raise DeadEnd(bytes(self.text))


class DeadEnd(Exception):
    pass


# What CPython's compiler, not its parser, refuses because of names; the grammar cannot know and accepts it.
NAMES_AT_FAULT = re.compile("|".join([
    "duplicate argument", "keyword argument repeated", "is (parameter|local|nonlocal) and (global|nonlocal)", "(used|assigned to) (prior to|before)", "no binding for nonlocal",
    "annotated name .* can't be", "'return' with value in async generator", "multiple assignments to name", "attribute name repeated", "mapping pattern checks duplicate", "is parameter and",
    "name '.*' is (used|assigned)"]))


def judge_python(programs):
    warnings.simplefilter("ignore")
    for program in programs:
        try:
            tree = ast.parse(program)
        except (SyntaxError, ValueError) as complaint:
            yield repr(complaint)
            continue
        try:
            compile(tree, "walk.py", "exec", dont_inherit=True)
            yield None
        except SyntaxError as complaint:
            yield None if NAMES_AT_FAULT.search(str(complaint)) else f"compile: {complaint!r}"


def judge_typescript(programs):
    lines = "\n".join(json.dumps(program.decode()) for program in programs)
    done = subprocess.run(["node", str(HERE / "judge.mjs")], input=lines, capture_output=True, text=True, check=True)
    return [json.loads(line) for line in done.stdout.splitlines()]


JUDGES = {"python": judge_python, "typescript": judge_typescript}


def main():
    options = argparse.ArgumentParser()
    options.add_argument("language", choices=JUDGES)
    options.add_argument("--count", type=int, default=500)
    options.add_argument("--seed", type=int, default=1)
    options.add_argument("--bytes", type=int, default=300)
    options.add_argument("--engine", default="llguidance", choices=ENGINES)
    options.add_argument("--second", choices=ENGINES)
    options.add_argument("--grammar")
    options.add_argument("--keep")
    given = options.parse_args()
    grammar = pathlib.Path(given.grammar or ROOT / "languages" / given.language / f"{given.language}.lark").read_text()
    engine = ENGINES[given.engine](grammar)
    second = ENGINES[given.second](grammar) if given.second else None
    words = pieces(grammar)
    programs, failures = [], 0
    for number in range(given.count):
        rng = random.Random(f"{given.seed}.{number}")
        try:
            program = Walk(engine, words, given.language, rng, rng.choice([given.bytes // 8, given.bytes // 2, given.bytes])).run()
            program.decode()
            programs.append(program)
        except DeadEnd as end:
            failures += 1
            print(f"dead end in walk {number}: {bytes(end.args[0])[:300]!r} … {bytes(end.args[0])[-100:]!r}")
        if second and programs:
            second.reset()
            if second.push(programs[-1]) < len(programs[-1]) or not second.accepting():
                failures += 1
                print(f"{second.name} refuses walk {number}: {programs[-1]!r}")
    for number, (program, complaint) in enumerate(zip(programs, JUDGES[given.language](programs), strict=True)):
        if given.keep:
            pathlib.Path(given.keep).mkdir(parents=True, exist_ok=True)
            (pathlib.Path(given.keep) / f"{number}.txt").write_bytes(program)
        if complaint:
            failures += 1
            print(f"refused: {complaint}\n{program.decode()}\n----")
    print(f"{given.language}: {len(programs)} programs, {sum(map(len, programs))} bytes, {failures} failures ({engine.name})")
    sys.exit(failures != 0)


if __name__ == "__main__":
    main()
