#!/usr/bin/env python3
"""unevaluatedProperties and unevaluatedItems: are the masks of the opinion of the package `jsonschema`?

    unevaluated.py [--schemas N] [--instances N] [--seed N] [--verbose]

Small random schemas that have these keywords beside and below allOf, anyOf, oneOf, not, if, dependentSchemas and $ref, and small random instances. Every
instance that is valid must be accepted; every other one must be refused, unless something of the schema is listed as unenforced.

The exit status is 1 when a mask is wrong, or more than a few schemas have something unenforced or are beyond the engine."""
import argparse
import collections
import json
import random
import sys

import jsonschema
import suite

NAMES = ("a", "b", "c", "ab")
PATTERNS = ("^a", "b", "c$")
LISTED_MAX, REFUSED_MAX = 0.1, 0.01  # of the schemas: complements, and intersections of a schema with parts of itself, are worked out to a limit
LIMITS = ("nested too deeply", "leads back to itself", "does not end", "too many")


# ---- Schemas


class Maker:
    def __init__(self, seed):
        self.random = random.Random(seed)

    def flip(self, chance):
        return self.random.random() < chance

    def leaf(self):
        return self.random.choice([True, {}, False, {"type": "integer"}, {"const": 1}, {"type": "string"}, {"type": ["null", "object"]}])

    def inner(self, depth):
        """Of a property or an item."""
        if depth > 0 and self.flip(0.15):
            return self.schema(depth - 1)
        return {"$ref": "#"} if self.flip(0.05) else self.leaf()

    def objects(self, depth):
        schema = {}
        if self.flip(0.6):
            schema["properties"] = {name: self.inner(depth) for name in self.random.sample(NAMES, self.random.randint(1, 2))}
        if self.flip(0.15):
            schema["patternProperties"] = {pattern: self.inner(depth) for pattern in self.random.sample(PATTERNS, self.random.randint(1, 2))}
        if self.flip(0.05):
            schema["additionalProperties"] = self.inner(depth)
        if self.flip(0.3):
            schema["required"] = self.random.sample(NAMES, 1)
        if self.flip(0.05):
            schema["propertyNames"] = {"pattern": self.random.choice(PATTERNS)}
        if self.flip(0.1):
            schema["maxProperties"] = self.random.randint(0, 3)
        return schema

    def arrays(self, depth):
        schema = {}
        if self.flip(0.6):
            schema["prefixItems"] = [self.inner(depth) for _ in range(self.random.randint(1, 2))]
        if self.flip(0.1):
            schema["items"] = self.inner(depth)
        if self.flip(0.25):
            schema["contains"] = self.leaf()
            if self.flip(0.3):
                schema[self.random.choice(("minContains", "maxContains"))] = self.random.randint(0, 2)
        if self.flip(0.2):
            schema["maxItems"] = self.random.randint(0, 3)
        return schema

    def members(self, depth):
        return [self.schema(depth - 1) for _ in range(self.random.randint(1, 3))]

    def applicators(self, depth):
        schema = {}
        for keyword in ("allOf", "anyOf", "oneOf"):
            if self.flip(0.25):
                schema[keyword] = self.members(depth)
        if self.flip(0.25):
            schema["if"] = self.schema(depth - 1)
            for keyword in ("then", "else"):
                if self.flip(0.5):
                    schema[keyword] = self.schema(depth - 1)
        if self.flip(0.1):
            schema["not"] = self.schema(0)
        if self.flip(0.15):
            schema["dependentSchemas"] = {self.random.choice(NAMES): self.schema(depth - 1)}
        if self.flip(0.25):
            schema["$ref"] = f"#/$defs/{self.random.choice(NAMES)}"
        return schema

    def schema(self, depth):
        if self.flip(0.05):
            return self.leaf()
        schema = {}
        if self.flip(0.7):
            schema |= self.objects(depth) if self.is_of_objects else self.arrays(depth)
        if depth > 0:
            schema |= self.applicators(depth)
        if self.flip(0.15):
            schema |= self.unevaluated()
        if self.flip(0.2):
            schema["type"] = "object" if self.is_of_objects else "array"
        return dict(self.random.sample(sorted(schema.items()), len(schema)))

    def unevaluated(self):
        keyword = "unevaluatedProperties" if self.is_of_objects != self.flip(0.05) else "unevaluatedItems"
        return {keyword: self.random.choice((False, False, True, self.leaf()))}

    def whole(self):
        """A schema object with the keyword; its definitions have no references, but to the whole behind a property or an item."""
        self.is_of_objects = self.flip(0.6)
        schema = self.schema(self.random.randint(1, 2))
        if isinstance(schema, bool) or not self.unevaluated().keys() & schema.keys():
            schema = (schema if isinstance(schema, dict) else {}) | self.unevaluated()
        if "$ref" in json.dumps(schema):
            schema["$defs"] = {name: self.definition() for name in NAMES}
        return schema

    def definition(self):
        while True:
            schema = self.schema(1)
            if "#/$defs" not in json.dumps(schema):
                return schema

    # ---- Instances

    def value(self):
        return self.random.choice([0, 1, 1, 2, "x", None, True, [], {}, {"a": 1}, [1], {"b": "x"}, ["x", 1]])

    def instance(self):
        if self.flip(0.1):
            return self.value()
        if self.is_of_objects:
            return {name: self.value() for name in self.random.sample((*NAMES, "z"), self.random.randint(0, 4))}
        return [self.value() for _ in range(self.random.randint(0, 4))]


# ---- Verdicts


def text(value):
    return json.dumps(value)


class Run:
    def __init__(self, given):
        self.given, self.engine, self.counts, self.wrong = given, suite.Engine(), collections.Counter(), 0

    def fail(self, schema, instance, what):
        self.wrong += 1
        print(f"{text(instance)} is {what} under\n    {text(schema)}")

    def judge(self, schema, program, instance):
        valid = jsonschema.Draft202012Validator(schema).is_valid(instance)
        accepted = self.engine.verdict(program, {"data": instance, "valid": True}) if program else False
        self.counts["valid" if valid else "invalid"] += 1
        if valid and not accepted:
            self.fail(schema, instance, "refused, and valid")
        elif accepted and not valid and not program.unenforced:
            self.fail(schema, instance, "accepted, and invalid")

    def one(self, seed):
        maker = Maker(seed)
        schema = maker.whole()
        program, why = self.engine.compile(schema)
        if not program and any(limit in why for limit in LIMITS):
            self.counts["refused"] += 1
            return
        if not program and "no value is valid" not in why:
            self.fail(schema, None, f"not judged: {why}")
        self.counts["schemas"] += 1
        if program and program.unenforced:
            self.counts["listed"] += 1
            if self.given.verbose:
                print(f"listed: {program.unenforced}\n    {text(schema)}")
        for _ in range(self.given.instances):
            self.judge(schema, program, maker.instance())


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--schemas", type=int, default=300)
    parser.add_argument("--instances", type=int, default=12)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--verbose", action="store_true")
    given = parser.parse_args()
    run = Run(given)
    for i in range(given.schemas):
        run.one(given.seed * 1_000_003 + i)
    print(", ".join(f"{count} {what}" for what, count in sorted(run.counts.items())))
    sys.exit(run.wrong > 0 or run.counts["listed"] > LISTED_MAX * given.schemas or run.counts["refused"] > REFUSED_MAX * given.schemas)


if __name__ == "__main__":
    main()
