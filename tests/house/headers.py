#!/usr/bin/env python3
"""Every public header compiles alone, twice included, as C17 and as C++17, without a warning: headers.py ROOT CC CXX"""
import pathlib
import subprocess
import sys

WARNINGS = ["-Wall", "-Wextra", "-Wpedantic", "-Werror", "-fsyntax-only"]


def compile_alone(root, header, command):
    text = f"#include <ananke/{header.name}>\n#include <ananke/{header.name}>\nint main(void) {{ return 0; }}\n"
    result = subprocess.run([*command, *WARNINGS, "-I", str(root / "include"), "-"], input=text, text=True, capture_output=True)
    return None if result.returncode == 0 else f"{header.name}: {' '.join(command)}:\n{result.stderr}"


def check(root, cc, cxx):
    headers = sorted(root.glob("include/ananke/*.h"))
    if not headers:
        yield "include/ananke: no header found"
    for header in headers:
        for command in ([cc, "-std=c17", "-xc"], [cxx, "-std=c++17", "-xc++"]):
            problem = compile_alone(root, header, command)
            if problem:
                yield problem


if __name__ == "__main__":
    problems = list(check(pathlib.Path(sys.argv[1]).resolve(), sys.argv[2], sys.argv[3]))
    print("\n".join(problems) or "every public header compiles alone")
    sys.exit(bool(problems))
