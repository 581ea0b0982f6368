#!/usr/bin/env python3
"""JSON-Schema-Test-Suite through the masks: for every case, do they accept exactly the valid instances?

    suite.py FOLDER [--files] [--refused]

FOLDER is the suite (deps/setup --where suite); its drafts 7, 2019-09 and 2020-12 are taken: what is different in the others is in these, too. Its folder of
remote documents is the folder of schemas. A case is a schema and an instance, as json.dumps writes it. Its outcome is one of

    right       the schema compiles as a whole, and the instance is accepted when it is valid, refused when it is not
    partial     the schema compiles, something of it is listed as unenforced, and the instance is judged right all the same
    unheld      the same, and an invalid instance is accepted
    refused     the schema does not compile, and the reason is given
    known       the masks are another opinion, on purpose or by the limits of masks: KNOWN has the cases and why
    wrong       anything else: it must not be, and is shown

Objects are accepted in the schema's order only: a valid instance counts as accepted when one of its orders is, of at most 200, and for objects of at
most 4 properties. Required cases, optional ones and those of optional formats are counted apart; --files shows each file, --refused why schemas are.
Ends with 1 when a case is wrong, or fewer than LEAST required ones are right."""
import argparse
import collections
import itertools
import json
import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "bindings/python"))

DRAFTS = {"draft7": "http://json-schema.org/draft-07/schema#", "draft2019-09": "https://json-schema.org/draft/2019-09/schema",
          "draft2020-12": "https://json-schema.org/draft/2020-12/schema"}
OUTCOMES = ("right", "partial", "unheld", "refused", "known", "wrong")
ORDERS, PROPERTIES = 200, 4
LEAST = 3093  # required cases that are right: it only grows
KNOWN = {  # by whether the case is accepted
    False: [
        ("whole numbers are written out", r"/(type\.json: .*: a float with zero fractional part is an integer|optional/float-overflow\.json: .*)$"),
        ("formats are enforced, in every draft", r"2020-12/format\.json: .* is only an annotation by default$"),
        ("the vocabularies of other metaschemas are not looked up", r"20[12][09]-../vocabulary\.json: "),
        ("the second 60 is for the last minute of a day, in UTC", r"/optional/format/(date-)?time\.json: .* leap second"),
        ("hostname: no Punycode, which cannot be checked letter by letter", r"/optional/format/(idn-)?hostname\.json: .*: .*[Pp]unycode"),
        ("idn-hostname: no letter that depends on its neighbours or on the script", r"/optional/format/idn-hostname\.json: .*: (Exceptions that|MIDDLE DOT|Greek KERAIA|Hebrew GER|KATAKANA MIDDLE DOT|.*Arabic-Indic digits not mixed|ZERO WIDTH)"),
        ("idn-hostname: labels are parted by ASCII's full stop", r"/optional/format/idn-hostname\.json: .* full stop as label separator$"),
    ],
    True: [
        ("content is an annotation", r"draft7/optional/content\.json: "),
    ],
}


def groups(folder):
    """(file, description, schema, tests); each schema says which draft it is of."""
    for draft, dialect in DRAFTS.items():
        for path in sorted((folder / "tests" / draft).glob("**/*.json")):
            for group in json.loads(path.read_text(encoding="utf-8")):
                schema = group["schema"]
                if isinstance(schema, dict):
                    schema = {"$schema": dialect, **schema}
                yield str(path.relative_to(folder / "tests")), group["description"], schema, group["tests"]


def orders(value):
    """The value with its properties in all orders, its own first."""
    if isinstance(value, list):
        yield from map(list, itertools.product(*map(orders, value)))
    elif isinstance(value, dict):
        names = itertools.permutations(value) if len(value) <= PROPERTIES else [tuple(value)]
        for order in names:
            for values in itertools.product(*(orders(value[name]) for name in order)):
                yield dict(zip(order, values, strict=True))
    else:
        yield value


class Engine:
    def __init__(self, schema_folder=None):
        import ananke

        self.ananke, self.schema_folder = ananke, schema_folder
        self.vocab = ananke.Vocab.load("bytes")

    def compile(self, schema):
        """A program, or why there is none."""
        try:
            return self.ananke.Program.from_json_schema(json.dumps(schema), self.vocab, schema_folder=self.schema_folder), None
        except ValueError as error:
            return None, str(error).partition("\n")[0]

    def accepts(self, matcher, value):
        try:
            text = json.dumps(value, ensure_ascii=False).encode()
        except UnicodeEncodeError:
            text = json.dumps(value).encode()
        matcher.reset()
        return all(map(matcher.consume, text)) and matcher.is_accepting()

    def verdict(self, program, test):
        matcher = self.ananke.Matcher(program)
        tried = itertools.islice(orders(test["data"]), ORDERS) if test["valid"] else [test["data"]]
        return any(self.accepts(matcher, value) for value in tried)


def is_known(case, accepted):
    return any(re.search(cases, case) for _, cases in KNOWN[accepted])


def run(folder, on_wrong):
    """{file: Counter of outcomes}, and a Counter of why schemas were refused."""
    engine, files, refusals = Engine(folder / "remotes"), collections.defaultdict(collections.Counter), collections.Counter()
    for file, description, schema, tests in groups(folder):
        program, why = engine.compile(schema)
        if not program:
            files[file]["refused"] += len(tests)
            refusals[why.rpartition("/")[2]] += len(tests)
            continue
        for test in tests:
            accepted = engine.verdict(program, test)
            if accepted == test["valid"]:
                outcome = "partial" if program.unenforced else "right"
            else:
                outcome = "unheld" if accepted and program.unenforced else "wrong"
            if outcome == "wrong" and is_known(f"{file}: {description}: {test['description']}", accepted):
                outcome = "known"
            files[file][outcome] += 1
            if outcome == "wrong":
                what = "accepted, and invalid" if accepted else "refused, and valid"
                on_wrong(f"{file}: {description}: {test['description']}\n    {json.dumps(test['data'])[:300]} is {what} under\n    {json.dumps(schema)[:600]}")
    return files, refusals


def kind_of(file):
    parts = file.split("/")
    return f"{parts[0]} " + ("required" if len(parts) == 2 else "formats" if "format" in parts else "optional")


def print_table(rows):
    width = max(len(name) for name, _ in rows)
    print(f"{'':{width}}" + "".join(f"{name:>9}" for name in (*OUTCOMES, "cases")))
    for name, counts in rows:
        print(f"{name:{width}}" + "".join(f"{counts[outcome]:9}" for outcome in OUTCOMES) + f"{counts.total():9}")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", type=pathlib.Path)
    parser.add_argument("--files", action="store_true")
    parser.add_argument("--refused", action="store_true")
    given = parser.parse_args()
    if not (given.folder / "tests").is_dir():
        print(f"{given.folder} has no tests: deps/setup test brings the suite")
        sys.exit(77)
    files, refusals = run(given.folder, print)
    kinds = collections.defaultdict(collections.Counter)
    for file, counts in files.items():
        kinds[kind_of(file)] += counts
        kinds["all required"] += counts if kind_of(file).endswith("required") else collections.Counter()
    if given.files:
        print_table(sorted(files.items()))
    if given.refused:
        for why, count in refusals.most_common(60):
            print(f"{count:5} {why}")
    print_table(sorted(kinds.items(), key=lambda row: (row[0] == "all required", row[0].split()[1] != "required", row[0])))
    wrong, right = sum(counts["wrong"] for counts in files.values()), kinds["all required"]["right"]
    if right < LEAST:
        print(f"{right} required cases are right, {LEAST} were")
    sys.exit(wrong > 0 or right < LEAST)


if __name__ == "__main__":
    main()
