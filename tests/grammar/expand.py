"""Writes a grammar with parametric rules as one without: `name::_` becomes one rule for each value that is reachable from an entry.

    expand.py GRAMMAR [ENTRY]  > plain.lark

llguidance 1.9.1 runs parametric rules itself but completes them without comparing the parameter: two values alive at one place are
mixed up (`a::0` accepts what only `a::1` may). So engines other than our own are given the plain form. Instances whose every alternative
is switched off by `%if`, or that cannot produce a text, are dropped with the alternatives that need them.
"""
import re
import sys

TOKEN = re.compile(r"""\s+|//[^\n]*|(?P<string>"(?:\\.|[^"\\])*"i?)|(?P<regex>/(?:\\.|[^/\\\n])+/[a-z]*)|(?P<name>[A-Za-z_][A-Za-z0-9_]*)
    |(?P<param>::)|(?P<if>%if)|(?P<number>0x[0-9a-fA-F]+|[0-9]+)|(?P<sign>[|()?*+,:\[\]{}])""", re.X)
ALL = (1 << 64) - 1


def definitions(text):
    """Logical lines `head: body` in order; others (directives) as they stand, with head None."""
    lines = []
    for line in text.splitlines():
        if line.startswith((" ", "\t")) and line.strip().startswith("|"):
            lines[-1] += " " + line.strip()
        elif line.strip() and not line.startswith("//"):
            lines.append(line)
    for line in lines:
        found = re.match(r"([A-Za-z_][A-Za-z0-9_]*)(::_)?\s*:\s*(.*)", line)
        yield (found[1], bool(found[2]), found[3]) if found else (None, False, line)


class Body:
    """Recursive descent over one rule body: alternatives are (condition, items), an item is (kind, value, argument, suffix)."""

    def __init__(self, text):
        self.tokens = [(found.lastgroup, found[0]) for found in TOKEN.finditer(text) if found.lastgroup]
        self.at = 0

    def peek(self):
        return self.tokens[self.at] if self.at < len(self.tokens) else (None, None)

    def take(self, text=None):
        kind, value = self.peek()
        if text is not None and value != text:
            raise ValueError(f"expected {text}, found {value}")
        self.at += 1
        return kind, value

    def alternatives(self):
        found = [self.alternative()]
        while self.peek()[1] == "|":
            self.take()
            found.append(self.alternative())
        return found

    def alternative(self):
        items = []
        while self.peek()[0] in ("string", "regex", "name") or self.peek()[1] == "(":
            items.append(self.item())
        condition = None
        if self.peek()[0] == "if":
            self.take()
            condition = self.expression()
        return condition, items

    def item(self):
        kind, value = self.take()
        argument = None
        if value == "(":
            kind, value = "group", self.alternatives()
            self.take(")")
        elif self.peek()[0] == "param":
            self.take()
            argument = self.expression()
        suffix = self.take()[1] if self.peek()[1] in ("?", "*", "+") else ""
        return kind, value, argument, suffix

    def expression(self):
        """A parameter expression or a condition: number, `_`, range [x:y], or call."""
        kind, value = self.take()
        if kind == "number":
            return int(value, 0)
        if value == "[":
            low = int(self.take()[1], 0)
            self.take(":")
            high = int(self.take()[1], 0)
            self.take("]")
            return ("range", low, high)
        if self.peek()[1] != "(" or value == "_":
            return value
        self.take("(")
        arguments = [self.expression()]
        while self.peek()[1] == ",":
            self.take()
            arguments.append(self.expression())
        self.take(")")
        return (value, *arguments)


def bits(area, value):
    low, high = (0, 64) if area == "_" else area[1:]
    return value >> low & (1 << high - low) - 1, (1 << high - low) - 1, low


def argument(tree, value):
    if isinstance(tree, int):
        return tree
    if tree == "_":
        return value
    name, operand = tree
    if name in ("incr", "decr"):
        part, most, low = bits(operand, value)
        return value + (1 << low) * (part < most) if name == "incr" else value - (1 << low) * (part > 0)
    return {"set_bit": value | 1 << operand, "clear_bit": value & ALL ^ 1 << operand if value >> operand & 1 else value,
            "bit_and": value & operand, "bit_or": value | operand}[name]


def holds(tree, value):
    if tree in (None, "true") or tree == ("true",):
        return True
    name, *rest = tree
    if name in ("and", "or"):
        return (all if name == "and" else any)(holds(part, value) for part in rest)
    if name == "not":
        return not holds(rest[0], value)
    if name in ("bit_set", "bit_clear"):
        return bool(value >> rest[0] & 1) == (name == "bit_set")
    part, most, _ = bits(rest[0], value)
    if name in ("is_ones", "is_zeros"):
        return part == (most if name == "is_ones" else 0)
    count, test = ("bit_count_" in name), name.removeprefix("bit_count_")
    left = part.bit_count() if count else part
    return {"eq": left == rest[1], "ne": left != rest[1], "lt": left < rest[1], "le": left <= rest[1], "gt": left > rest[1], "ge": left >= rest[1]}[test]


class Expansion:
    def __init__(self, text):
        self.rules, self.rest = {}, {}           # a later definition replaces an earlier one
        for name, _, body in definitions(text):
            if name is None or name.strip("_")[0].isupper():
                self.rest[name or body] = f"{name}: {body}" if name else body
            else:
                self.rules[name] = body
        self.rules = {name: Body(body).alternatives() for name, body in self.rules.items()}
        self.instances = {}

    def reach(self, name, value):
        """Instantiates name for value, and all it needs."""
        todo = [(name, value)]
        while todo:
            key = todo.pop()
            if key not in self.instances:
                self.instances[key] = self.chosen(self.rules[key[0]], key[1], todo)

    def chosen(self, alternatives, value, todo):
        return [[self.instance(item, value, todo) for item in items] for condition, items in alternatives if holds(condition, value)]

    def instance(self, item, value, todo):
        kind, body, tree, suffix = item
        if kind == "group":
            return kind, self.chosen(body, value, todo), suffix
        if kind == "name" and not body.strip("_")[0].isupper():
            key = (body, None if tree is None else argument(tree, value))
            todo.append(key)
            return "rule", key, suffix
        return "text", body, suffix

    def prune(self):
        """Drops what cannot produce a text; to a fixed point from below."""
        productive = set()

        def can(item):
            kind, body, suffix = item
            if suffix in ("?", "*") or kind == "text":
                return True
            return body in productive if kind == "rule" else any(all(map(can, items)) for items in body)

        grown = True
        while grown:
            new = {key for key, body in self.instances.items() if key not in productive and any(all(map(can, items)) for items in body)}
            productive |= new
            grown = bool(new)

        def possible(item):                      # an optional part that can never be there is dropped
            kind, body, suffix = item
            return kind == "text" or (body in productive if kind == "rule" else any(all(map(can, items)) for items in body))

        def clean(alternatives):
            kept = []
            for items in alternatives:
                if all(map(can, items)):
                    kept.append([("group", clean(item[1]), item[2]) if item[0] == "group" else item for item in items if possible(item)])
            return kept

        self.instances = {key: clean(body) for key, body in self.instances.items() if key in productive}

    def label(self, key):
        return key[0] if key[1] is None else f"{key[0]}__{key[1]:x}"

    def show(self, alternatives):
        return " | ".join(" ".join(self.word(item) for item in items) or '""' for items in alternatives)

    def word(self, item):
        kind, body, suffix = item
        if kind == "group":
            return f"({self.show(body)}){suffix}"
        return (self.label(body) if kind == "rule" else body) + suffix

    def text(self, entry="start"):
        self.reach(entry, None)
        self.prune()
        rules = [f"{self.label(key)}: {self.show(body)}" for key, body in self.instances.items()]
        return "\n".join(([] if entry == "start" else [f"start: {entry}"]) + rules + list(self.rest.values())) + "\n"


def expand(text, entry="start"):
    return Expansion(text).text(entry)


if __name__ == "__main__":
    print(expand(open(sys.argv[1], encoding="utf-8").read(), *sys.argv[2:]), end="")
