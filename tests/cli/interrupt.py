#!/usr/bin/env python3
"""Ctrl-C: interrupt.py PROGRAM

Every long command is interrupted in the middle of its work: exit status 130, no output file, nothing half-written, no process left behind. That it
really was in the middle is seen from what it has said so far, or from work that is far too much to be done in time."""
import json
import os
import pathlib
import signal
import subprocess
import sys
import tempfile
import time

TOO_MUCH = 6000  # files; seconds of work for the fastest machine
PROBLEMS = []


def check(name, holds, detail=""):
    print(f"{'ok' if holds else 'FAILED':7} {name}{'' if holds else ': ' + str(detail)}")
    if not holds:
        PROBLEMS.append(name)


def start(program, *arguments, **pipes):
    return subprocess.Popen([program, *arguments], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, **pipes)


def interrupt(process, number=signal.SIGINT):
    process.send_signal(number)
    out, err = process.communicate(timeout=60)
    return process.returncode, out, err


def files_in(folder):
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if "src" not in path.parts and path.is_file())


def make_sources(folder):
    source = folder / "src"
    source.mkdir()
    text = "".join(f"export function makeThing{i}(first: number, second: number): number {{\n  return first * second + {i}\n}}\n" for i in range(150))
    for i in range(TOO_MUCH):
        (source / f"thing{i}.ts").write_text(text)


def interrupt_after(program, folder, name, delay_s, *arguments, number=signal.SIGINT):
    before = files_in(folder)
    process = start(program, *arguments, cwd=folder)
    time.sleep(delay_s)
    check(f"{name} is still at work", process.poll() is None, process.returncode)
    status, out, err = interrupt(process, number)
    check(f"{name} exits with 130", status == 130, (status, err))
    check(f"{name} prints no result", out == "", out[:200])
    check(f"{name} leaves no file", files_in(folder) == before, files_in(folder))


def test_extract_and_check(program):
    with tempfile.TemporaryDirectory(prefix="ananke-int-") as name:
        folder = pathlib.Path(name)
        make_sources(folder)
        rules = {"version": 1, "constraints": []}
        (folder / "rules.json").write_text(json.dumps(rules))
        interrupt_after(program, folder, "extract", 0.3, "extract", "src")
        interrupt_after(program, folder, "extract, by SIGTERM,", 0.3, "extract", "src", "-o", "rules.yaml", number=signal.SIGTERM)
        small = folder / "small"
        small.mkdir()
        (small / "a.ts").write_text((folder / "src/thing0.ts").read_text())
        subprocess.run([program, "extract", "small", "-o", "small.json", "-q"], cwd=folder, check=True)
        interrupt_after(program, folder, "check", 0.3, "check", "src", "--constraints", "small.json", "--format", "json", "-o", "report.json")


def test_replay(program):
    with tempfile.TemporaryDirectory(prefix="ananke-int-") as name:
        folder = pathlib.Path(name)
        (folder / "any.json").write_text('{"type": "integer"}')
        process = start(program, "replay", "--schema", "any.json", "-t", "bytes", "-", cwd=folder, stdin=subprocess.PIPE)
        process.stdin.write('{"id": 7, "text": "12"}\n')
        process.stdin.flush()
        answer = json.loads(process.stdout.readline())
        check("replay answers while it reads", answer["id"] == 7 and answer["complete"], answer)
        process.send_signal(signal.SIGINT)
        check("replay, waiting for input, exits with 130", process.wait(timeout=60) == 130, process.returncode)
        process.communicate()


def children_of(pid):
    path = pathlib.Path(f"/proc/{pid}/task/{pid}/children")
    return [int(child) for child in path.read_text().split()] if path.exists() else []


def is_running(pid):
    """Alive, and not merely waiting to be collected."""
    try:
        return "State:\tZ" not in pathlib.Path(f"/proc/{pid}/status").read_text()
    except FileNotFoundError:
        return False


def test_bench(program):
    with tempfile.TemporaryDirectory(prefix="ananke-int-") as name:
        folder = pathlib.Path(name)
        data = {"schema": {"type": "array", "items": {"type": "integer"}}, "tests": [{"valid": True, "data": list(range(3000))}]}
        for i in range(400):
            (folder / f"{i}.json").write_text(json.dumps(data))
        process = start(program, "bench", "mask", "--suite", ".", "-t", "bytes", cwd=folder)
        children = []
        while process.poll() is None and not children:
            children = children_of(process.pid)
            time.sleep(0.01)
        status, out, err = interrupt(process)
        check("bench mask exits with 130", status == 130, (status, err))
        check("bench mask prints no table", out == "", out)
        check("bench mask had a worker, and it is gone", children and not any(is_running(child) for child in children), children)


def test_generate(program, model):
    with tempfile.TemporaryDirectory(prefix="ananke-int-") as name:
        folder = pathlib.Path(name)
        arguments = ["a long program", "--language", "typescript", "--temperature", "1.4", "--seed", "1", "--model", model, "--max-tokens", "5000", "-o", "out.ts"]
        interrupt_after(program, folder, "generate", 2, "generate", *arguments)
        arguments[-1] = "again.ts"
        interrupt_after(program, folder, "generate, while it loads,", 0.05, "generate", *arguments)


def main():
    program = str(pathlib.Path(sys.argv[1]).resolve())
    test_extract_and_check(program)
    test_replay(program)
    test_bench(program)
    model = os.environ.get("ANANKE_MODEL", "")
    if os.path.isfile(model):
        test_generate(program, model)
    else:
        print("skipped generate: no model at $ANANKE_MODEL")
    return bool(PROBLEMS)


if __name__ == "__main__":
    sys.exit(main())
