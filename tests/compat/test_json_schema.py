"""JSON Schema masks against the package `jsonschema`: random walks through the masks end in instances that the validator accepts.

A walk takes random allowed bytes and ends with the matcher's own completion. Patterns are written so that Python's `re` and ECMA-262 agree on them.
Skipped where deps/setup has not brought the validator."""
import json
import pathlib
import random
import subprocess
import sys
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "bindings/python"))
import ananke  # noqa: E402

try:
    import jsonschema
except ImportError:
    jsonschema = None

SCHEMAS = [
    True,
    {"type": ["string", "null", "boolean"]},
    {"type": "string", "minLength": 3, "maxLength": 5},
    {"type": "string", "pattern": "^[a-c]{2}|x$"},
    {"type": "string", "pattern": "[0-9]+-[^0-9]", "maxLength": 8},
    {"enum": ["a\"b\\c", "\u00e9\u4e2d", "\n", 1, 2.5, None, [1, {"a": []}]]},
    {"type": "integer", "minimum": -17, "exclusiveMaximum": 2044},
    {"type": "number", "exclusiveMinimum": -0.25, "maximum": 10.75},
    {"type": "number", "minimum": 0},
    {"type": "number", "exclusiveMaximum": -3.5},
    {"type": "array", "items": {"type": "integer", "minimum": 5}, "minItems": 2, "maxItems": 4},
    {"type": "array", "prefixItems": [{"type": "null"}, {"const": "x"}], "items": {"type": "boolean"}, "maxItems": 5},
    {"type": "object", "properties": {"a": {"type": "integer"}, "b": {"type": "string", "maxLength": 3}, "c": {}}, "required": ["b"]},
    {"type": "object", "properties": {"a": {"type": "integer"}}, "additionalProperties": {"type": "null"}, "required": ["z"]},
    {"type": "object", "properties": {"a": False, "b": {"type": "integer"}}, "minProperties": 1},
    {"type": "object", "maxProperties": 2, "additionalProperties": {"enum": [1, 2]}},
    {"allOf": [{"properties": {"a": {"minimum": 3}}, "required": ["a"]}, {"type": "object", "properties": {"a": {"type": "integer", "maximum": 9}}}]},
    {"anyOf": [{"type": "integer"}, {"type": "object", "properties": {"k": {"type": "integer"}}, "required": ["k"]}, {"type": "string", "maxLength": 2}]},
    {"oneOf": [{"type": "integer", "maximum": 5}, {"type": "integer", "minimum": 6}, {"type": "string"}]},
    {
        "type": "object",
        "required": ["kind"],
        "oneOf": [
            {"properties": {"kind": {"const": "circle"}, "radius": {"type": "number", "minimum": 0}}, "required": ["radius"]},
            {"properties": {"kind": {"const": "square"}, "side": {"type": "integer"}}, "additionalProperties": False},
        ],
    },
    {
        "$defs": {"tree": {"type": "object", "properties": {"v": {"type": "integer"}, "kids": {"type": "array", "items": {"$ref": "#/$defs/tree"}, "maxItems": 2}},
                           "required": ["v"], "additionalProperties": False}},
        "$ref": "#/$defs/tree",
    },
    {"properties": {"a": {"type": "string"}, "n": {"$ref": "#/properties/a", "minLength": 2}}, "required": ["n"], "type": "object"},
    {"$schema": "http://json-schema.org/draft-07/schema#", "type": "array", "items": [{"type": "integer"}, {"type": "string"}], "additionalItems": False},
    {"$schema": "http://json-schema.org/draft-04/schema#", "type": "number", "minimum": 3, "exclusiveMinimum": True, "maximum": 4},
    {"const": {"a": [1, 2.50, "x"], "b": None}},
    {"type": "string", "format": "date"},
    {"type": "string", "format": "ipv4"},
    {"type": "string", "format": "uuid"},
]
WALKS = 40
LIKELY = b'"{}[]:, 0123456789abck-.'


def walk(program, chosen):
    """A random instance as bytes, or None when the walk could not be ended."""
    matcher = ananke.Matcher(program)
    row = bytearray(4 * 9)
    text = bytearray()
    for _ in range(chosen.randrange(1, 60)):
        matcher.fill_mask(row)
        allowed = [byte for byte in range(256) if row[byte // 8] >> (byte % 8) & 1]
        if not allowed:
            break
        likely = [byte for byte in allowed if byte in LIKELY]
        byte = chosen.choice(likely if likely and chosen.random() < 0.7 else allowed)
        assert matcher.consume(byte)
        text.append(byte)
    rest = matcher.completion()
    return None if rest is None else bytes(text) + (rest if isinstance(rest, bytes) else rest.encode())


JUDGE = """
const rows = JSON.parse(require('fs').readFileSync(0, 'utf8'));
console.log(JSON.stringify(rows.map(([pattern, texts]) => { const regex = new RegExp(pattern, 'u'); return texts.map(text => regex.test(text)); })));
"""


def random_pattern(dice, depth=3):
    """A pattern with look-ahead, over a few letters."""
    one = lambda: random_pattern(dice, depth - 1)  # noqa: E731
    if depth == 0 or dice.random() < 0.2:
        return dice.choice(["a", "b", "c", ".", "[ab]", "[^b]", "\\\\d", "1", "^", "$"])
    return dice.choice(
        [
            lambda: one() + one(),
            lambda: one() + one() + one(),
            lambda: f"(?:{one()}|{one()})",
            lambda: f"(?={one()})",
            lambda: f"(?!{one()})",
            lambda: f"(?:{one()}){dice.choice(['*', '+', '?', '{2}', '{1,2}?'])}",
            lambda: "^" + one() + "$",
        ]
    )()


class Patterns(unittest.TestCase):
    def test_random_patterns_are_those_of_ecma_262(self):
        """What a pattern allows against node's RegExp; a strict program may refuse it, but not misread it."""
        dice, rows, programs = random.Random(7), [], []
        vocab = ananke.Vocab.load("bytes")
        while len(rows) < 1500:
            pattern = random_pattern(dice)
            try:
                program = ananke.Program.from_json_schema(json.dumps({"type": "string", "pattern": pattern}), vocab, strict=True)
            except ValueError as error:
                self.assertRegex(str(error), "is not supported|no value is valid", pattern)
                continue
            programs.append(program)
            rows.append((pattern, ["".join(dice.choice("abc1\u00e9\n\"") for _ in range(dice.randrange(6))) for _ in range(20)]))
        judged = json.loads(subprocess.run(["node", "-e", JUDGE], input=json.dumps(rows), capture_output=True, text=True, check=True).stdout)
        for program, (pattern, texts), verdicts in zip(programs, rows, judged):
            for text, verdict in zip(texts, verdicts):
                matcher = ananke.Matcher(program)
                taken = all(matcher.consume(byte) for byte in json.dumps(text).encode()) and matcher.is_accepting()
                self.assertEqual(taken, verdict, f"{pattern} on {text!r}")
        self.assertGreater(sum("(?" + mark in pattern for pattern, _ in rows for mark in "=!"), 300)


@unittest.skipIf(jsonschema is None, "jsonschema is not there")
class RandomInstances(unittest.TestCase):
    def test_every_instance_is_valid(self):
        vocab = ananke.Vocab.load("bytes")
        formats = jsonschema.FormatChecker(["date", "ipv4", "uuid"])
        for schema in SCHEMAS:
            program = ananke.Program.from_json_schema(json.dumps(schema), vocab)
            validator = jsonschema.validators.validator_for(schema, jsonschema.Draft202012Validator)(schema, format_checker=formats)
            chosen = random.Random(json.dumps(schema))
            ended = 0
            for _ in range(WALKS):
                text = walk(program, chosen)
                if text is None:
                    continue
                ended += 1
                with self.subTest(schema=schema, text=text):
                    validator.validate(json.loads(text.decode("utf-8")))
            self.assertGreater(ended, WALKS // 2, schema)


if __name__ == "__main__":
    unittest.main()
