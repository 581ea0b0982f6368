#!/usr/bin/env python3
"""Files and functions stay small: size.py ROOT

Functions of more than 80 lines and files of more than 900 in src/ and include/ are problems, unless tests/house/long.txt has a line
`FILE[:FUNCTION] reason`. Functions are told by our layout: a definition's first line ends in `{` at the margin, its last line is `}`."""
import pathlib
import re
import sys

FUNCTION_LINES, FILE_LINES = 80, 900
NAME = re.compile(r"\b(\w+)\s*\(")


def functions(lines):
    """(name, line number, length); a head may run over several lines."""
    head = start = None
    for number, line in enumerate(lines, 1):
        if start and line.startswith("}"):
            yield *start, number - start[1] + 1
            head = start = None
        elif not start:
            if re.match(r"^[A-Za-z_].*\(", line):
                head = NAME.search(line).group(1), number
            if line.rstrip().endswith("{"):
                start = head
            elif line.rstrip().endswith((";", "}")):
                head = None


def read_reasons(path):
    lines = (line.split("#")[0].split(None, 1) for line in path.read_text().splitlines())
    return {line[0] for line in lines if len(line) == 2}


def check(root):
    reasons = read_reasons(root / "tests/house/long.txt")
    used = set()
    for path in sorted([*root.glob("src/*/*.[ch]"), *root.glob("include/ananke/*.h")]):
        name = str(path.relative_to(root))
        lines = path.read_text().splitlines()
        long = [(f"{name}:{function}", f"{name}:{at}: {function} has {length} lines (limit {FUNCTION_LINES})")
                for function, at, length in functions(lines) if length > FUNCTION_LINES]
        if len(lines) > FILE_LINES:
            long.append((name, f"{name}: {len(lines)} lines (limit {FILE_LINES})"))
        for key, message in long:
            used.add(key)
            if key not in reasons:
                yield message
    for key in sorted(reasons - used):
        yield f"tests/house/long.txt: {key} is not long any more"


if __name__ == "__main__":
    problems = list(check(pathlib.Path(sys.argv[1]).resolve()))
    print("\n".join(problems) or f"no function over {FUNCTION_LINES} lines, no file over {FILE_LINES}")
    sys.exit(bool(problems))
