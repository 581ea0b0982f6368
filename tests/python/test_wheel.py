"""The Python package over the library of the build tree ($ANANKE_LIBRARY): names, values, errors, and what a call costs."""
import array
import json
import pathlib
import re
import sys
import tempfile
import threading
import time
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "bindings/python"))
import ananke  # noqa: E402

try:
    import numpy
except ImportError:
    numpy = None

GRAMMAR = 'start: "ab" | "ac" NUMBER\nNUMBER: /[0-9]+/'


def new_row(vocab):
    return array.array("I", bytes(4 * ((vocab.size + 31) // 32)))


def allowed(row, size):
    return [token for token in range(size) if row[token // 32] >> token % 32 & 1]


class Vocabularies(unittest.TestCase):
    def test_version_is_the_headers(self):
        header = (ROOT / "include/ananke/version.h").read_text()
        self.assertEqual(ananke.__version__, re.search(r'ANANKE_VERSION "([^"]+)"', header).group(1))

    def test_bytes(self):
        vocab = ananke.Vocab.load("bytes")
        self.assertEqual((vocab.size, vocab.eos, vocab.eos_ids, vocab.kind), (257, 256, (256,), "bytes"))
        self.assertEqual(vocab.token(65), b"A")
        self.assertEqual((vocab.find("A"), vocab.find("AB"), vocab.special_name(256)), (65, None, None))
        self.assertEqual(vocab.token(256), b"")
        self.assertEqual(vocab.token(9999), b"")

    def test_text_comes_back(self):
        vocab = ananke.Vocab.load("bytes")
        text = "naïve — 你好\0"
        ids = vocab.encode(text)
        self.assertEqual(ids, list(text.encode()))
        self.assertEqual(vocab.decode(ids), text)
        self.assertEqual(vocab.decode_bytes(ids), text.encode())
        self.assertEqual(vocab.decode(ids[:3]), "na\ufffd")
        self.assertEqual(vocab.encode(b"\xff"), [255])
        self.assertEqual(vocab.encode(""), [])
        self.assertEqual(vocab.decode([]), "")

    def test_a_file_with_prefix_space(self):
        with tempfile.TemporaryDirectory() as folder:
            path = pathlib.Path(folder) / "tokenizer.json"
            path.write_text(
                '{"pre_tokenizer":{"type":"ByteLevel","add_prefix_space":true},"decoder":{"type":"ByteLevel"},'
                '"model":{"type":"BPE","vocab":{"a":0,"\u0120":1,"\u0120a":2},"merges":["\u0120 a"]}}'
            )
            for name in (path, str(path), folder):
                vocab = ananke.Vocab.load(name)
                self.assertEqual(vocab.encode("a"), [2])
                self.assertEqual(vocab.decode([2]), " a")
                self.assertIsNone(vocab.eos)

    def test_errors_are_exceptions_with_the_librarys_words(self):
        with self.assertRaises(OSError) as caught:
            ananke.Vocab.load("/nonexistent/tokenizer.json")
        self.assertIn("/nonexistent/tokenizer.json", str(caught.exception))
        with tempfile.NamedTemporaryFile(suffix=".json") as file:
            file.write(b'{"model": {"vocab": {"a": "x"}}}')
            file.flush()
            with self.assertRaisesRegex(ValueError, 'token "a" has no id'):
                ananke.Vocab.load(file.name)


class Programs(unittest.TestCase):
    def setUp(self):
        self.vocab = ananke.Vocab.load("bytes")

    def test_errors_name_place_and_reason(self):
        with self.assertRaises(ValueError) as caught:
            ananke.Program.from_lark("start: missing", self.vocab)
        self.assertRegex(str(caught.exception), r"<grammar>:1:\d+: error: .*missing")
        with self.assertRaises(ValueError):
            ananke.Program.from_regex("(", self.vocab)

    def test_gbnf(self):
        matcher = ananke.Matcher(ananke.Program.from_gbnf('root ::= "é" [0-9]{2}', self.vocab))
        self.assertTrue(all(matcher.consume(token) for token in "é12".encode()))
        self.assertTrue(matcher.is_accepting())
        with self.assertRaisesRegex(ValueError, r"<grammar>:1:10: error: .*missing"):
            ananke.Program.from_gbnf("root ::= missing", self.vocab)

    def test_llguidance(self):
        grammars = [{"lark_grammar": 'start: "a" @b'}, {"name": "b", "json_schema": {"const": 1}}]
        matcher = ananke.Matcher(ananke.Program.from_llguidance(json.dumps({"grammars": grammars}), self.vocab))
        self.assertTrue(all(matcher.consume(token) for token in b"a1"))
        self.assertTrue(matcher.is_accepting())
        with self.assertRaisesRegex(ValueError, "/grammars"):
            ananke.Program.from_llguidance("{}", self.vocab)

    def test_choices(self):
        program = ananke.Program.from_choices(["ja", b"jamais", "j\0", "né"], self.vocab)
        for text, good in ((b"ja", True), (b"jam", False), (b"jamais", True), (b"j\0", True), ("né".encode(), True)):
            matcher = ananke.Matcher(program)
            self.assertTrue(all(matcher.consume(token) for token in text), text)
            self.assertIs(matcher.is_accepting(), good, text)
        self.assertFalse(ananke.Matcher(program).consume(ord("a")))
        with self.assertRaisesRegex(ValueError, "no choice"):
            ananke.Program.from_choices([], self.vocab)
        with self.assertRaises(TypeError):
            ananke.Program.from_choices("ja", self.vocab)

    def accepts(self, program, text):
        matcher = ananke.Matcher(program)
        return all(matcher.consume(token) for token in text.encode()) and matcher.is_accepting()

    def test_tools(self):
        unique = {"type": "array", "uniqueItems": True}
        tools = [{"type": "function", "function": {"name": "f", "parameters": unique}}, {"name": "g"}]
        call, other = "<function=f>[1]</function>", "<function=g>{}</function>"
        program = ananke.Program.from_tools(tools, self.vocab, format="functionary")
        for text, good in (("Hello.", True), ("Hello. " + call, True), (call + other, True), ("<function=h>", False)):
            self.assertIs(self.accepts(program, text), good, text)
        self.assertEqual([place[0] for place in program.unenforced], ["#/tools/0/function/parameters/uniqueItems"])
        one = {"type": "function", "function": {"name": "g"}}
        program = ananke.Program.from_tools(tools, self.vocab, format="functionary", tool_choice=one)
        for text, good in ((other, True), (call, False), (other + other, False), ("", False)):
            self.assertIs(self.accepts(program, text), good, text)
        program = ananke.Program.from_tools(
            tools, self.vocab, format={"trigger": "@", "name_end": " "}, tool_choice="required", parallel=False
        )
        self.assertTrue(self.accepts(program, "@g {}"))
        with self.assertRaisesRegex(ValueError, "uniqueItems"):
            ananke.Program.from_tools(tools, self.vocab, format="hermes", strict=True)
        with self.assertRaisesRegex(ValueError, "did you mean 'hermes'"):
            ananke.Program.from_tools(tools, self.vocab, format="herms")

    def test_structural_tags(self):
        tags = {"structures": [{"begin": "<a>", "schema": {"type": "integer"}, "end": "</a>"}], "triggers": ["<a"]}
        for given in (tags, json.dumps(tags)):
            program = ananke.Program.from_structural_tags(given, self.vocab)
            self.assertTrue(self.accepts(program, "x <a>12</a> y"))
            self.assertFalse(self.accepts(program, "x <a>true</a>"))
        with self.assertRaisesRegex(ValueError, "no trigger begins it"):
            ananke.Program.from_structural_tags({**tags, "triggers": ["<b"]}, self.vocab)

    def test_a_vocabulary_is_wanted(self):
        with self.assertRaises(TypeError):
            ananke.Program.from_regex("a", None)

    def test_json_schema(self):
        program = ananke.Program.from_json_schema('{"type": "integer"}', self.vocab)
        matcher = ananke.Matcher(program)
        self.assertTrue(all(matcher.consume(token) for token in b"-12"))
        self.assertTrue(matcher.is_accepting())
        self.assertFalse(matcher.consume(ord("a")))
        with self.assertRaises(ValueError):
            ananke.Program.from_json_schema('{"type": ', self.vocab)

    def test_schemas_of_a_folder(self):
        with tempfile.TemporaryDirectory() as folder:
            (pathlib.Path(folder) / "b.json").write_text('{"type": "integer"}')
            program = ananke.Program.from_json_schema('{"$ref": "b.json"}', self.vocab, schema_folder=folder)
        matcher = ananke.Matcher(program)
        self.assertTrue(matcher.consume(ord("7")))
        self.assertFalse(matcher.consume(ord("a")))
        with self.assertRaisesRegex(ValueError, "another document"):
            ananke.Program.from_json_schema('{"$ref": "b.json"}', self.vocab)

    def test_the_draft_of_a_schema(self):
        for draft, is_held in (("4", False), ("2020-12", True), (None, True)):
            program = ananke.Program.from_json_schema('{"const": 1}', self.vocab, draft=draft)
            self.assertEqual(ananke.Matcher(program).consume(ord("2")), not is_held)
        with self.assertRaisesRegex(ValueError, "(?s)no draft `5`.*4, 6, 7, 2019-09, 2020-12"):
            ananke.Program.from_json_schema("true", self.vocab, draft="5")

    def test_what_a_schema_says_and_masks_cannot_hold(self):
        schema = '{"type": "array", "uniqueItems": true}'
        program = ananke.Program.from_json_schema(schema, self.vocab)
        self.assertEqual([pointer for pointer, _ in program.unenforced], ["#/uniqueItems"])
        self.assertTrue(all(isinstance(reason, str) and reason for _, reason in program.unenforced))
        with self.assertRaisesRegex(ValueError, "#/uniqueItems: "):
            ananke.Program.from_json_schema(schema, self.vocab, strict=True)
        for strict in (False, True):
            self.assertEqual(ananke.Program.from_json_schema("true", self.vocab, strict=strict).unenforced, [])
        self.assertEqual(ananke.Program.from_regex("a", self.vocab).unenforced, [])

    def test_white_space_of_json(self):
        value = {"a": [1, {"b": []}], "c": {}}
        texts = {"compact": json.dumps(value, separators=(",", ":")), "spaced": json.dumps(value), "indented": json.dumps(value, indent=3),
                 "free": "{ \t\"a\":  [1, {\"b\" :[\r]}],\n\n\"c\":{ }}"}

        def accepts(text, **options):
            matcher = ananke.Matcher(ananke.Program.from_json_schema("true", self.vocab, **options))
            return all(matcher.consume(token) for token in text.encode()) and matcher.is_accepting()

        for whitespace in texts:
            for name, text in texts.items():
                self.assertIs(accepts(text, whitespace=whitespace, indent=3), name == whitespace or whitespace == "free", (whitespace, name))
        self.assertTrue(accepts(texts["indented"], indent=3))
        self.assertFalse(accepts(texts["indented"], indent=2))
        self.assertTrue(accepts("{\"a\"= 1;\"b\"= 2}", whitespace="compact", separators=(";", "= ")))
        with self.assertRaisesRegex(ValueError, "none of bounded, compact"):
            accepts("1", whitespace="tight")
        with self.assertRaisesRegex(ValueError, "item_separator"):
            accepts("1", separators=("[", None))

    def test_members_of_objects_come_in_any_order_where_that_is_wanted(self):
        schema = json.dumps({"type": "object", "properties": {"a": {"type": "integer"}, "b": {"type": "integer"}}, "required": ["a", "b"]})
        for any_order in (False, True):
            matcher = ananke.Matcher(ananke.Program.from_json_schema(schema, self.vocab, any_order=any_order))
            self.assertIs(all(matcher.consume(token) for token in b'{"b": 1, "a": 2}'), any_order)

    def test_strict_holds_in_any_thread_and_for_schemas_that_take_long(self):
        """Quick compiles, those that are begun anew, and those of other threads have options of their own."""
        slow = {"type": "array", "uniqueItems": True, "items": {"enum": [1] + [f"{i:x}" * 9 for i in range(6000)]}}
        for schema in ({"uniqueItems": True}, slow):
            failures = []

            def compile_it():
                try:
                    ananke.Program.from_json_schema(json.dumps(schema), self.vocab, strict=True)
                except ValueError as error:
                    failures.append(str(error))

            compile_it()
            thread = threading.Thread(target=compile_it)
            thread.start()
            thread.join()
            self.assertEqual(len(failures), 2)
            self.assertTrue(all("uniqueItems" in failure for failure in failures), failures)

    def test_saved_programs(self):
        program = ananke.Program.from_regex("[a-c]+", self.vocab)
        with tempfile.TemporaryDirectory() as folder:
            path = pathlib.Path(folder) / "program"
            program.save(path)
            matcher = ananke.Matcher(ananke.Program.load(path, self.vocab))
            path.write_bytes(path.read_bytes()[:-1])
            with self.assertRaisesRegex(ValueError, "saved program: is cut off"):
                ananke.Program.load(path, self.vocab)
        self.assertEqual(matcher.expected(), "regex")
        self.assertTrue(all(matcher.consume(token) for token in b"abc"))
        with self.assertRaises(OSError):
            ananke.Program.load("/nonexistent/program", self.vocab)

    def test_languages(self):
        for name, text in (("typescript", b"let a = 1;"), ("python", b"a = 1\n")):
            matcher = ananke.Matcher(ananke.Program.from_language(name, self.vocab))
            self.assertTrue(all(matcher.consume(token) for token in text), name)
            self.assertTrue(matcher.is_accepting(), name)
        with self.assertRaises(ValueError):
            ananke.Program.from_language("klingon", self.vocab)

    def test_fragments(self):
        matcher = ananke.Matcher(ananke.Program.from_language("tsx", self.vocab, fragment="expression"))
        self.assertFalse(matcher.consume(ord(";")))
        self.assertTrue(all(matcher.consume(token) for token in b"f(<A b={c}/>)"))
        self.assertTrue(matcher.is_accepting())
        with self.assertRaisesRegex(ValueError, "no fragment `rhyme`(.|\n)*statements"):
            ananke.Program.from_language("tsx", self.vocab, fragment="rhyme")

    def test_ir(self):
        lists = dict.fromkeys(("regex_patterns", "token_masks", "priority_rules", "names", "enforcement"), [])
        head = {"version": 1, "language": "typescript", "json_schema": None, "grammar": 'start: "let" " "+ /[a-z]+/'}
        ir = {**head, **lists, "checks": {"version": 1, "constraints": []}}
        matcher = ananke.Matcher(ananke.Program.from_ir(json.dumps(ir), self.vocab))
        self.assertTrue(all(matcher.consume(token) for token in b"let  x"))
        self.assertTrue(matcher.is_accepting())
        self.assertFalse(matcher.consume(ord("1")))

    def test_ir_that_is_none_is_refused(self):
        with self.assertRaises(ValueError):
            ananke.Program.from_ir("[]", self.vocab)


class Matchers(unittest.TestCase):
    def setUp(self):
        self.vocab = ananke.Vocab.load("bytes")
        self.matcher = ananke.Matcher(ananke.Program.from_lark(GRAMMAR, self.vocab))
        self.row = new_row(self.vocab)

    def mask(self, matcher=None):
        (matcher or self.matcher).fill_mask(self.row)
        return allowed(self.row, self.vocab.size)

    def test_masks_and_tokens_agree(self):
        self.assertEqual(self.mask(), [ord("a")])
        self.assertIs(self.matcher.consume(ord("b")), False)
        self.assertIs(self.matcher.consume(ord("a")), True)
        self.assertEqual(self.mask(), [ord("b"), ord("c")])
        self.assertFalse(self.matcher.is_accepting())
        self.assertTrue(self.matcher.consume(ord("b")))
        self.assertTrue(self.matcher.is_accepting())
        self.assertEqual(self.mask(), [self.vocab.eos])
        self.assertTrue(self.matcher.consume(self.vocab.eos))
        self.assertIsNone(self.matcher.error())

    def test_token_out_of_range_is_refused(self):
        for token in (self.vocab.size, 2**32 - 1):
            self.assertFalse(self.matcher.consume(token))

    def test_rollback_fork_reset(self):
        for token in b"ac12":
            self.assertTrue(self.matcher.consume(token))
        fork = self.matcher.fork()
        self.matcher.rollback(3)
        self.assertEqual(self.mask(), [ord("b"), ord("c")])
        self.assertEqual(self.mask(fork), [*range(ord("0"), ord("9") + 1), self.vocab.eos])
        with self.assertRaises(ValueError):
            self.matcher.rollback(2)
        self.matcher.rollback(1)
        self.assertEqual(self.mask(), [ord("a")])
        fork.reset()
        self.assertEqual(self.mask(fork), [ord("a")])

    def test_expected_and_completion(self):
        self.assertIn("ab", self.matcher.expected())
        self.assertEqual(self.matcher.completion(), b"ab")
        self.matcher.consume(ord("a"))
        self.matcher.consume(ord("b"))
        self.assertEqual(self.matcher.completion(), b"")

    def test_hole(self):
        matcher = ananke.Matcher(ananke.Program.from_lark('start: "(" ("a" | start)* ")"', self.vocab))
        self.assertTrue(matcher.consume_bytes("(("))
        self.assertFalse(matcher.consume_bytes(b"b"))
        matcher.set_suffix("a)a))")
        self.assertFalse(matcher.is_accepting())
        self.assertEqual(matcher.completion(), b"(")
        self.assertTrue(matcher.consume(ord("(")))
        self.assertTrue(matcher.fork().is_accepting())
        self.assertIn(self.vocab.eos, self.mask(matcher))
        matcher.set_suffix("")
        self.assertNotIn(self.vocab.eos, self.mask(matcher))
        with self.assertRaises(ValueError):
            ananke.Matcher(ananke.Program.from_lark('start: "yes" | "no"', self.vocab)).set_suffix(b"maybe")

    def test_captures(self):
        matcher = ananke.Matcher(ananke.Program.from_lark('start: (word ",")* word\nword[capture="w"]: /[a-z]+/', self.vocab))
        for byte in b"ab,c,":
            matcher.consume(byte)
        self.assertEqual(matcher.captures(), [("w", 0, 2), ("w", 3, 4)])
        for byte in b"d," * 20:
            matcher.consume(byte)
        self.assertEqual(len(matcher.captures()), 22)

    def test_temperature(self):
        program = ananke.Program.from_lark('start: "x" a\na[temperature=0.5]: /[ab]+/', self.vocab)
        matcher = ananke.Matcher(program)
        self.assertIsNone(matcher.temperature())
        matcher.consume(ord("x"))
        self.assertEqual(matcher.temperature(), 0.5)

    def test_row_must_be_writable_and_long_enough(self):
        with self.assertRaises(ValueError):
            self.matcher.fill_mask(array.array("I", [0] * 8))
        with self.assertRaises(TypeError):
            self.matcher.fill_mask(bytes(36))
        long = array.array("I", [0xFFFFFFFF] * 12)
        self.matcher.fill_mask(long)
        self.assertEqual(list(long[9:]), [0, 0, 0])

    @unittest.skipUnless(numpy, "numpy is not there")
    def test_numpy_rows(self):
        rows = numpy.full((2, 9), -1, dtype=numpy.int32)
        self.matcher.fill_mask(rows[1])
        self.assertTrue((rows[0] == -1).all())
        self.assertEqual(allowed(rows[1].view(numpy.uint32).tolist(), 257), [ord("a")])
        with self.assertRaises((BufferError, ValueError, TypeError)):
            self.matcher.fill_mask(rows[:, :1])

    def test_batch_equals_one_by_one(self):
        matchers = [self.matcher.fork() for _ in range(5)]
        for count, matcher in enumerate(matchers):
            for token in b"ac123"[:count]:
                self.assertTrue(matcher.consume(token))
        words = len(self.row)
        rows = array.array("I", [7] * (words * len(matchers)))
        ananke.fill_masks(matchers, rows)
        for i, matcher in enumerate(matchers):
            self.assertEqual(allowed(rows[i * words : (i + 1) * words], self.vocab.size), self.mask(matcher))
        ananke.fill_masks([], rows)
        with self.assertRaises(ValueError):
            ananke.fill_masks(matchers, self.row)

    def test_owners_live_as_long_as_they_are_needed(self):
        def make():
            return ananke.Matcher(ananke.Program.from_regex("x*", ananke.Vocab.load("bytes")))

        matchers = [make() for _ in range(20)]
        for matcher in matchers:
            self.assertTrue(matcher.consume(ord("x")))

    def test_one_program_in_several_threads(self):
        program, wrong = self.matcher.program, []

        def work():
            matcher = ananke.Matcher(program)
            for _ in range(50):
                if not all(matcher.consume(token) for token in b"ac42") or not matcher.is_accepting():
                    wrong.append(True)
                matcher.reset()

        threads = [threading.Thread(target=work) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.assertEqual(wrong, [])

    def test_a_call_costs_little(self):
        """A refused token is nearly all call: far from any cost that a sampler would feel, even on a busy machine."""
        best = 1.0
        for _ in range(5):
            start = time.perf_counter()
            for _ in range(1000):
                self.matcher.is_accepting()
            best = min(best, (time.perf_counter() - start) / 1000)
        self.assertLess(best, 20e-6)


if __name__ == "__main__":
    unittest.main()
