"""Masks against llguidance's, byte by byte along random texts: the second judge of the reference engine, for the languages' own grammars too.

Forcing is off (with it llguidance narrows a mask to the one token that it would insert itself). Skipped where the package is not there."""
import array
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

EOS, WORDS = 256, 9
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
    "typescript": (ROOT / "languages/typescript/typescript.lark").read_text(),
}


class Bytes:
    """A vocabulary of single bytes, as llguidance asks for it."""

    eos_token_id, bos_token_id, special_token_ids = EOS, None, [EOS]
    tokens = [bytes([byte]) for byte in range(256)] + [b"<eos>"]

    def __call__(self, text):
        return list(text if isinstance(text, bytes) else text.encode())


def dedent(text):
    return text if text.startswith("//") else "\n".join(line.strip() for line in text.splitlines())


def members(row):
    return {i for i in range(EOS + 1) if row[i // 32] >> (i % 32) & 1}


@unittest.skipIf(llguidance is None, "llguidance is not installed")
class Masks(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.vocab = ananke.Vocab.load("bytes")
        cls.tokenizer = llguidance.LLTokenizer(llguidance.TokenizerWrapper(Bytes()))

    def walk(self, grammar, seed, steps):
        """Follows one random text; the number of masks that were compared."""
        theirs = llguidance.LLMatcher(self.tokenizer, grammar)
        self.assertFalse(theirs.is_error(), theirs.get_error())
        ours = ananke.Matcher(ananke.Program.from_lark(grammar, self.vocab))
        dice, text = random.Random(seed), b""
        for step in range(steps):
            bits, row = theirs.compute_bitmask(), array.array("i", bytes(4 * WORDS))
            ours.fill_mask(row)
            allowed = {i for i in range(EOS + 1) if bits[i // 8] >> (i % 8) & 1}
            self.assertEqual(members(row), allowed, f"after {text!r}")
            nice = [i for i in allowed if 32 <= i < 127] or [i for i in allowed if i != EOS]
            if theirs.is_stopped() or not nice:
                return step + 1
            byte = dice.choice(sorted(nice))
            text += bytes([byte])
            theirs.consume_token(byte)
            self.assertTrue(ours.consume(byte))
        return steps

    def test_masks_are_equal(self):
        for name, grammar in GRAMMARS.items():
            text = '%llguidance {"no_forcing": true}\n' + dedent(grammar)
            for seed in range(3 if len(text) > 5000 else 12):
                with self.subTest(grammar=name, seed=seed):
                    self.assertGreater(self.walk(text, seed, 60), 0)


if __name__ == "__main__":
    unittest.main()
