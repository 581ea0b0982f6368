#!/usr/bin/env python3
"""Generation from end to end: generate.py (noise | real) RUNS [LANGUAGE]

The rules are mined once from zod and from Flask, compiled, and then RUNS programs are generated for each language (`real`: RUNS in all).
`noise` uses models of random weights (one per run) with the default model's vocabulary, or with a token per byte where that model is not there;
`real` uses the default model and exits with 77 (skipped) without it. A run is good when

  - the text is complete, as the report says, and the language's own parser takes it (TypeScript's, CPython's ast);
  - `ananke check` finds nothing, and `ananke generate` itself has said so by its exit status;
  - no rule that is masked is reported as anything but kept, and the modules imported are among those the rules allow.

All paths come from the environment that ctest and tests/proof/run set: ANANKE_PROGRAM ANANKE_TINY_TOOL ANANKE_MODEL ANANKE_JUDGES ANANKE_ZOD ANANKE_FLASK."""
import ast
import json
import os
import pathlib
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
SKIPPED = 77
SECONDS = 300

PROMPTS = [
    ("typescript", "Write a function that adds two numbers.", 1),
    ("typescript", "Write a function that checks whether a string is an email address.", 2),
    ("typescript", "Write a class for a stack of numbers with push, pop and peek.", 3),
    ("typescript", "Write an interface for a user with name and age, and a function that greets one.", 4),
    ("typescript", "Write an async function that reads JSON from a URL and returns it.", 5),
    ("python", "Write a function that adds two numbers.", 1),
    ("python", "Write a function that returns the longest word of a text.", 2),
    ("python", "Write a class for a bank account with deposit and withdraw.", 3),
    ("python", "Write a function that reads a JSON file and returns its keys.", 4),
    ("python", "Write a function that counts how often each letter occurs.", 5),
]


class Language:
    def __init__(self, name, ending, source):
        self.name, self.ending, self.source = name, ending, source


def run(*command, good=(0,)):
    done = subprocess.run([str(word) for word in command], capture_output=True, text=True, timeout=SECONDS)
    if done.returncode not in good:
        raise SystemExit(f"{' '.join(map(str, command))}\nexit {done.returncode}\n{done.stdout}{done.stderr}")
    return done


def compile_rules(program, language, folder):
    rules, ir = folder / f"{language.name}.json", folder / f"{language.name}.ir.json"
    run(program, "extract", language.source, "-o", rules)
    run(program, "compile", rules, "--language", language.name, "-o", ir)
    return rules, ir


def python_complaint(text):
    try:
        ast.parse(text)
    except (SyntaxError, ValueError) as problem:
        return str(problem)
    return None


def typescript_complaint(text):
    judge = subprocess.run(["node", str(ROOT / "tests/grammar/judge.mjs")], input=json.dumps(text) + "\n", capture_output=True, text=True,
                           env={**os.environ, "NODE_PATH": os.environ["ANANKE_JUDGES"]}, timeout=SECONDS)
    if judge.returncode:
        raise SystemExit("the judge failed: " + judge.stderr)
    return json.loads(judge.stdout)


COMPLAINT = {"python": python_complaint, "typescript": typescript_complaint}


def problems(program, language, rules, output, done):
    """What is wrong with one generated file, as lines."""
    text, report = output.read_text(), json.loads(done.stdout)
    if not report["complete"]:
        yield f"not complete, stopped by {report['stop']}"
    complaint = COMPLAINT[language.name](text)
    if complaint:
        yield f"does not parse: {complaint}"
    checked = subprocess.run([program, "check", str(output), "--constraints", str(rules)], capture_output=True, text=True, timeout=SECONDS)
    if checked.returncode:
        yield f"check exits with {checked.returncode}: {checked.stdout}{checked.stderr}"
    if done.returncode:
        yield f"generate exits with {done.returncode}: {done.stderr}"
    for row in report["constraints"]:
        if row["tier"] == "masked" and row["outcome"] != "kept":
            yield f"{row['constraint']} is masked and {row['outcome']}"


def generate(program, language, ir, intent, seed, model, tokens, folder):
    output = folder / f"{language.name}-{seed}{language.ending}"
    done = run(program, "generate", intent, "--constraints", ir, "--model", model, "--seed", seed, "-n", tokens, "-o", output, "--json", good=(0, 1))
    return output, done


def make_noise(seed, folder):
    model, source = folder / "noise.gguf", os.environ.get("ANANKE_MODEL", "")
    run(os.environ["ANANKE_TINY_TOOL"], source if os.path.exists(source) else "bytes", seed, model)
    return model


def noise_jobs(runs, folder, languages):
    for language in languages:
        for seed in range(runs):
            yield language, "Write anything.", seed, make_noise(1000 + seed, folder), 40 + seed * 13 % 160


def real_jobs(runs, languages):
    model = os.environ.get("ANANKE_MODEL", "")
    if not os.path.exists(model):
        print("the default model is not here")
        raise SystemExit(SKIPPED)
    # Both languages, also in a short run.
    by_name = {language.name: language for language in languages}
    order = [PROMPTS[i // 2 + (len(PROMPTS) // 2) * (i % 2)] for i in range(len(PROMPTS))]
    order = [prompt for prompt in order if prompt[0] in by_name]
    for name, intent, seed in order[:runs]:
        yield by_name[name], intent, seed, model, 256


def main():
    kind, runs = sys.argv[1], int(sys.argv[2])
    program = os.environ["ANANKE_PROGRAM"]
    languages = [Language("typescript", ".ts", os.environ["ANANKE_ZOD"]), Language("python", ".py", os.environ["ANANKE_FLASK"])]
    languages = [language for language in languages if sys.argv[3:4] in ([], [language.name])]
    for language in languages:
        if not os.path.isdir(language.source):
            print(f"{language.source} is not there: `deps/setup test` brings it")
            return SKIPPED
    bad = count = 0
    with tempfile.TemporaryDirectory(prefix="ananke-generate-") as name:
        folder = pathlib.Path(name)
        compiled = {language.name: compile_rules(program, language, folder) for language in languages}
        for language, intent, seed, model, tokens in noise_jobs(runs, folder, languages) if kind == "noise" else real_jobs(runs, languages):
            rules, ir = compiled[language.name]
            output, done = generate(program, language, ir, intent, seed, model, tokens, folder)
            found = list(problems(program, language, rules, output, done))
            count, bad = count + 1, bad + bool(found)
            if found:
                print(f"--- {language.name}, seed {seed}: {intent}\n{output.read_text()}\n---", *found, sep="\n")
    print(f"{count - bad} of {count} generated programs are complete, parse and check clean")
    return bool(bad) or count == 0


if __name__ == "__main__":
    sys.exit(main())
