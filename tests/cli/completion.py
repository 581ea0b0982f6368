#!/usr/bin/env python3
"""Completion scripts: completion.py PROGRAM

The bash script is sourced and asked, as bash would ask it; the zsh and fish scripts are parsed by their shells where those are installed, and must
name every command and option of the help."""
import pathlib
import re
import shutil
import subprocess
import sys

PROBLEMS = []


def check(name, holds, detail=""):
    print(f"{'ok' if holds else 'FAILED':7} {name}{'' if holds else ': ' + str(detail)}")
    if not holds:
        PROBLEMS.append(name)


def output(*command, **more):
    return subprocess.run(command, capture_output=True, text=True, check=True, **more).stdout


def complete(script, *words):
    """What bash would offer for the last of the words."""
    line = f"COMP_WORDS=({' '.join(repr(word) for word in words)}); COMP_CWORD={len(words) - 1}; _ananke; printf '%s\\n' \"${{COMPREPLY[@]}}\""
    return set(output("bash", "-c", script + line, cwd=pathlib.Path(__file__).parent).split())


def test_bash(script):
    check("commands", {"extract", "model", "bench"} <= complete(script, "ananke", ""), complete(script, "ananke", ""))
    check("a command's beginning", complete(script, "ananke", "com") == {"compile"})
    check("members of a group", complete(script, "ananke", "model", "p") == {"path", "pull"})
    check("options", complete(script, "ananke", "extract", "--form") == {"--format"})
    check("words of an option", complete(script, "ananke", "compile", "--for", "") == {"ir", "llguidance", "vllm", "sglang"})
    check("words behind a group's option", complete(script, "ananke", "model", "list", "--color", "al") == {"always"})
    check("languages", "python" in complete(script, "ananke", "compile", "--language", ""))
    check("models", "smollm2-135m-instruct" in complete(script, "ananke", "model", "pull", "smol"))
    check("files", "interrupt.py" in complete(script, "ananke", "extract", "inter"))
    check("no files for words", complete(script, "ananke", "extract", "--format", "i") == set())


def test_names(program, shell, script):
    overview = output(program, "help")
    commands = re.findall(r"^  (\w+(?: \w+)?)  +\S", overview.split("Commands")[1].split("\n\n")[0], re.M)
    check(f"{shell}: there are commands to look for", len(commands) > 10, commands)
    for command in commands:
        for word in command.split():
            check(f"{shell} knows {command}", word in script) if word not in script else None
        options = re.findall(r"^ .*--([a-z-]+)", output(program, "help", *command.split()), re.M)
        missing = [option for option in options if option not in script]
        check(f"{shell} knows the options of {command}", options and not missing, missing)


def main():
    program = sys.argv[1]
    scripts = {shell: output(program, "help", "--completion", shell) for shell in ("bash", "zsh", "fish")}
    test_bash(scripts["bash"])
    for shell, script in scripts.items():
        test_names(program, shell, script)
        if shutil.which(shell):
            done = subprocess.run([shell, "-n"], input=script, capture_output=True, text=True, check=False)
            check(f"{shell} -n", done.returncode == 0 and not done.stderr, done.stderr)
    return bool(PROBLEMS)


if __name__ == "__main__":
    sys.exit(main())
