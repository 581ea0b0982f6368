#!/usr/bin/env python3
"""What the masks of a JSON Schema let through is valid: random walks, judged by Ajv and by the package `jsonschema`.

    sound.py --walks PROGRAM [--judges FOLDER] [--maskbench FOLDER | --suite FOLDER] [--schemas N] [--count N] [--tokenizer FILE] [--seed N] [--any-order] [--verbose]

PROGRAM (tests/tools/schema_walks.c) makes --count instances of each schema, judge.mjs validates them, and this looks at what failed. The schemas
are those of JSON-Schema-Test-Suite (--suite) or of a folder of MaskBench files; --schemas draws so many of them.

An instance that Ajv refuses is a failure when `jsonschema` refuses it, too, or when it is a format that was missed: Ajv rounds numbers as JavaScript
does, `jsonschema` reads them exactly here, but knows few formats and has Python's regular expressions. What they disagree about is counted as disputed.
What Ajv cannot read or judge is for `jsonschema` alone, and so are some instances with long numbers that Ajv accepts. Where the program lists unenforced
places, an instance may be invalid at or below one of them; when a place, the judge's or the program's, is none of the schema's (behind a reference it
may not be), its keyword counts wherever it is, and that is told. Below a reference to a metaschema both judges give the places of that one: where such a reference is listed, any failure of the schema may be its.

Only properties that the schema does not list may come twice. What is invalid with such an instance is counted as undefined.

Every failing schema is shown once, with its shortest instance and the keywords. The exit status is 1 when there is one."""
import argparse
import collections
import decimal
import json
import os
import pathlib
import random
import signal
import subprocess
import sys
import threading
import time
import urllib.parse

import jsonschema
import suite

HERE = pathlib.Path(__file__).resolve().parent


# ---- The schemas


def maskbench_paths(folder, wanted, seed):
    paths = sorted(folder.glob("*.json"))
    return random.Random(seed).sample(paths, wanted) if 0 < wanted < len(paths) else paths


def lines_of(given):
    """JSON lines for schema_walks, and how many."""
    if given.suite:
        pairs = [(f"{file}: {description}", schema) for file, description, schema, _ in suite.groups(given.suite)]
        if 0 < given.schemas < len(pairs):
            pairs = random.Random(given.seed).sample(pairs, given.schemas)
        return (json.dumps({"name": name, "schema": schema}) for name, schema in pairs), len(pairs)
    paths = maskbench_paths(given.maskbench, given.schemas, given.seed)

    def read(path):
        # The schema's own text would do, but lines must be lines; numbers may lose digits here, for all judges alike.
        return json.dumps({"name": path.name, "schema": json.loads(path.read_text())["schema"]})

    return map(read, paths), len(paths)


# ---- The other judge

decimal.setcontext(decimal.Context(prec=20000, Emax=decimal.MAX_EMAX, Emin=decimal.MIN_EMIN))


def exact(text):
    """A number of JSON: an int when it is whole, however it is written."""
    number = decimal.Decimal(text)
    if number and abs(number.adjusted()) > 5000:
        raise OverflowError(f"{text[:50]} is too long")
    return int(number) if number == number.to_integral_value() else number


def read_exactly(text):
    return json.loads(text, parse_float=exact)


def names_twice(text):
    """Has an object two properties with one name? What that means JSON Schema leaves undefined (Core, 4.2.1)."""
    found = False

    def look(pairs):
        nonlocal found
        found |= len(dict(pairs)) < len(pairs)

    json.loads(text, object_pairs_hook=look, parse_int=str, parse_float=str)
    return found


def old_forms(schema):
    """Keywords of drafts up to 7 in a schema that does not name its draft."""
    if isinstance(schema, list):
        return any(map(old_forms, schema))
    return isinstance(schema, dict) and (
        isinstance(schema.get("items"), list) or "additionalItems" in schema or "dependencies" in schema or any(map(old_forms, schema.values())))


class Second:
    """`jsonschema` for one schema."""

    def __init__(self, schema):
        default = jsonschema.Draft7Validator if old_forms(schema) else jsonschema.Draft202012Validator
        kind = jsonschema.validators.validator_for(schema, default)
        self.validator = kind(schema, format_checker=kind.FORMAT_CHECKER)

    def errors(self, text):
        """[{path, keyword, message}]; None when it cannot say."""
        try:
            found = list(self.validator.iter_errors(read_exactly(text)))
        except Exception as problem:  # noqa: BLE001 whatever it is, it is no verdict
            self.problem = f"{type(problem).__name__}: {problem}"[:150]
            self.is_number = isinstance(problem, (OverflowError, decimal.DecimalException))
            return None
        return [{"path": "#/" + "/".join(map(str, error.absolute_schema_path)), "keyword": error.validator, "message": error.message} for error in found]


# ---- Verdicts


def is_expression(error):
    """Python's `re` is not ECMA-262, for which only Ajv speaks."""
    return error["keyword"] in ("pattern", "patternProperties") or "/patternProperties/" in error["path"] or "the regex" in error["message"]


def is_fault(first, found):
    """What Ajv and `jsonschema` found; None: it cannot say."""
    if first:
        return bool(found) or any(error["keyword"] == "format" for error in first)
    return any(not is_expression(error) for error in found or ())


def is_place(pointer, schema):
    for key in pointer.split("/")[1:]:
        key = key.replace("~1", "/").replace("~0", "~")
        if isinstance(schema, list):
            schema = dict(enumerate(schema))
            key = int(key) if key.isdigit() else key
        if not isinstance(schema, dict) or key not in schema:
            return False
        schema = schema[key]
    return True


REFERENCES = ("$ref", "$dynamicRef", "$recursiveRef")


def excuse(errors, unenforced, schema):
    """Why the instance may be invalid: "listed"; "elsewhere", when only the keyword is right; None."""
    if any(place.rpartition("/")[2] in REFERENCES for place, _ in unenforced):
        return "listed"
    paths = [urllib.parse.unquote(error["path"]) for error in errors]
    if any(path == place or path.startswith(place + "/") for path in paths for place, _ in unenforced):
        return "listed"
    for place, _ in unenforced:
        is_known = is_place(place, schema)
        for path, error in zip(paths, errors, strict=True):
            if error["keyword"] == place.rpartition("/")[2] and not (is_known and is_place(path, schema)):
                return "elsewhere"
    return None


class Totals:
    def __init__(self):
        self.schemas = collections.Counter()
        self.instances = collections.Counter()
        self.refused = collections.Counter()
        self.unsound, self.disputed, self.elsewhere, self.unjudged = [], [], [], []


def judge_failures(answer, schema, totals):
    """The instances of one schema that are a fault of the engine: (text, errors)."""
    second, faults = Second(schema), []
    unenforced = answer["unenforced"]
    if answer["judge"] is None:
        candidates = [(text, []) for text in answer["instances"]]
    else:
        candidates = [(failure["text"], failure["errors"]) for failure in answer["failures"]]
        candidates += [(text, []) for text in answer["delicate"] + answer["unjudged"]]
    for text, first in candidates:
        found = second.errors(text)
        errors = first + (found or [])
        if answer["judge"] is None and found is None and second.is_number:
            totals.instances["unjudged"] += 1
        elif answer["judge"] is None and found is None:
            totals.unjudged.append((answer["name"], f"{answer['complaint']}; {second.problem}"))
            totals.instances["unjudged"] += len(answer["instances"])
            break
        elif found is None and text in answer["unjudged"]:
            totals.instances["unjudged"] += 1
        if not errors:
            continue
        excused, fault = excuse(errors, unenforced, schema), is_fault(first, found)
        if fault and not excused and names_twice(text):
            totals.instances["undefined"] += 1
        elif excused:
            totals.instances["unenforced"] += 1
            if excused == "elsewhere":
                totals.elsewhere.append((answer["name"], f"{text}\n    is invalid; unenforced is {unenforced}", errors))
        elif not fault and answer["judge"] and not first:
            continue  # Ajv has said yes, and has the better regular expressions
        elif not fault:
            totals.instances["disputed"] += 1
            totals.disputed.append((answer["name"], text, first))
        else:
            faults.append((text, errors))
    return faults


def take(answer, schema, totals):
    if "refused" in answer:
        totals.schemas["refused"] += 1
        totals.refused[answer["refused"].rpartition(": ")[2]] += 1
        if "memory" in answer["refused"]:
            print(f"out of memory: {answer['name']}: {answer['refused']}")
        return
    totals.schemas["compiled"] += 1
    totals.schemas["unenforced"] += bool(answer["unenforced"])
    totals.instances["made"] += answer["count"]
    totals.instances["different"] += answer["different"]
    totals.instances["unfinished"] += answer["unfinished"]
    faults = [(text, [{"path": "", "keyword": "json", "message": "is no JSON, or its completion is not taken"}]) for text in answer["broken"]]
    faults += judge_failures(answer, schema, totals)
    if faults:
        totals.instances["invalid"] += len(faults)
        totals.unsound.append((answer["name"], *min(faults, key=lambda fault: len(fault[0]))))


# ---- The run


def show(kind, name, text, errors):
    print(f"{kind}: {name}\n    {text[:300]}")
    for error in errors[:4]:
        print(f"    {error['path']}: {error['message'][:300]}")
    sys.stdout.flush()


def feed(lines, pipe, schemas):
    try:
        for line in lines:
            schemas.append(read_exactly(line)["schema"])
            pipe.write(line.encode() + b"\n")
            pipe.flush()
        pipe.close()
    except (BrokenPipeError, OSError, ValueError):
        pass  # the reader has ended, and says why


def run(given, totals):
    lines, wanted = lines_of(given)
    environment = {**os.environ, "NODE_PATH": given.judges}
    walks = subprocess.Popen([given.walks, given.tokenizer, str(given.count), str(given.seed)] + given.any_order * ["any-order"], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    judge = subprocess.Popen(["node", str(HERE / "judge.mjs")], stdin=walks.stdout, stdout=subprocess.PIPE, env=environment)
    walks.stdout.close()
    schemas, done, shown = [], 0, time.monotonic()
    threading.Thread(target=feed, args=(lines, walks.stdin, schemas), daemon=True).start()
    try:
        for line in judge.stdout:
            before = len(totals.unsound)
            take(json.loads(line), schemas[done], totals)
            schemas[done] = None
            done += 1
            if len(totals.unsound) > before:
                show("unsound", *totals.unsound[-1])
            if time.monotonic() > shown + 10 or (sys.stderr.isatty() and time.monotonic() > shown + 0.5):
                shown = time.monotonic()
                end = "\r" if sys.stderr.isatty() else "\n"
                print(f"{done} of {wanted} schemas, {totals.instances['made']} instances, {len(totals.unsound)} unsound", end=end, file=sys.stderr, flush=True)
    finally:
        for process in (walks, judge):
            process.terminate() if done < wanted else None
            process.wait()
    if done < wanted:
        sys.exit(f"the walks ended (exit {walks.returncode}, judge {judge.returncode}) behind {done} of {wanted} schemas")


def report(given, totals):
    if given.verbose:
        for why, count in totals.refused.most_common(30):
            print(f"refused: {count:5} {why}")
        for kind, entries in (("disputed", totals.disputed), ("unenforced elsewhere", totals.elsewhere)):
            for entry in {entry[0]: entry for entry in reversed(entries)}.values():
                show(kind, *entry)
        for name, why in totals.unjudged:
            print(f"unjudged: {name}: {why}")
    schemas, instances = totals.schemas, totals.instances
    print(f"{schemas['compiled']} schemas compiled ({schemas['unenforced']} with something unenforced), {schemas['refused']} refused; "
          f"{instances['made']} instances, {instances['different']} different; {instances['unfinished']} walks without an end, {instances['unjudged']} unjudged, "
          f"{instances['disputed']} disputed, {instances['undefined']} undefined, {instances['unenforced']} invalid where that is unenforced (of {len({entry[0] for entry in totals.elsewhere})} schemas at another place than is listed); {instances['invalid']} invalid, of {len(totals.unsound)} schemas")


def options():
    parser = argparse.ArgumentParser()
    parser.add_argument("--walks", required=True)
    parser.add_argument("--judges", default=os.environ.get("ANANKE_JUDGES", ""))
    parser.add_argument("--maskbench", type=pathlib.Path)
    parser.add_argument("--suite", type=pathlib.Path)
    parser.add_argument("--schemas", type=int, default=0)
    parser.add_argument("--count", type=int, default=100)
    parser.add_argument("--tokenizer", default="bytes")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--any-order", action="store_true", help="of members; else the listed one")
    parser.add_argument("--verbose", action="store_true")
    given = parser.parse_args()
    if bool(given.maskbench) == bool(given.suite):
        parser.error("exactly one of --maskbench and --suite is wanted")
    return given


def main():
    given, totals = options(), Totals()
    try:
        run(given, totals)
    except KeyboardInterrupt:
        report(given, totals)
        sys.stdout.flush()
        signal.signal(signal.SIGINT, signal.SIG_DFL)
        os.kill(os.getpid(), signal.SIGINT)  # so that a shell that waits ends, too
    report(given, totals)
    sys.exit(bool(totals.unsound))


if __name__ == "__main__":
    main()
