"""Ananke: token masks that make language models obey grammars, schemas and the rules of a code base.

    vocab = ananke.Vocab.load("tokenizer.json")
    program = ananke.Program.from_json_schema('{"type": "integer"}', vocab)
    matcher = ananke.Matcher(program)
    matcher.fill_mask(row)           # row: (vocab.size + 31) // 32 words of 32 bits; bit i % 32 of word i // 32 is token i
    matcher.consume(token)

Vocabularies and programs are immutable and may be shared by threads; a matcher has one owner at a time. What cannot be loaded or compiled raises
ValueError with the library's own words (OSError for files that cannot be read, MemoryError when memory runs out)."""
import ctypes
import functools
import json
import os

from ._interrupt import JsonOptions, ProgramOptions, interruptible
from ._library import Capture, Error, lib, new_error, raise_error, words

__all__ = ["Matcher", "Program", "Vocab", "__version__", "fill_masks"]
__version__ = lib.ananke_version().decode()


def _utf8(text):
    return text.encode("utf-8", "surrogateescape") if isinstance(text, str) else bytes(text)


class Vocab:
    """The tokens of a model. Made by Vocab.load."""

    def __init__(self, handle):
        self._handle = handle
        self.size = lib.ananke_vocab_size(handle)  # ids are 0 … size - 1, padding included
        self.kind = lib.ananke_vocab_kind(handle).decode()  # "bytes", "bpe", "tiktoken", "gguf-bpe", …
        ids = ctypes.POINTER(ctypes.c_uint32)()
        self.eos_ids = tuple(ids[: lib.ananke_vocab_eos(handle, ctypes.byref(ids))])

    @classmethod
    def load(cls, path):
        """Reads a tokenizer.json (or a folder that holds one), a .tiktoken, .gguf or SentencePiece .model file, or what `save` wrote;
        "bytes" is one token a byte."""
        error, reference = new_error()
        handle = lib.ananke_vocab_load(os.fsencode(path), None, reference)
        if not handle:
            raise_error(error)
        return cls(handle)

    def save(self, path):
        """Writes a file that `load` opens in a few milliseconds. A cache: another version of the library refuses it."""
        error, reference = new_error()
        if not lib.ananke_vocab_save(self._handle, os.fsencode(path), reference):
            raise_error(error)

    def __del__(self):
        if getattr(self, "_handle", None):
            lib.ananke_vocab_free(self._handle)
            self._handle = None

    @property
    def eos(self):
        """The main end-of-text id; None when the vocabulary knows none."""
        return self.eos_ids[0] if self.eos_ids else None

    def token(self, id):
        """The bytes of a token; empty for special tokens and padding."""
        length = ctypes.c_size_t()
        pointer = lib.ananke_vocab_token(self._handle, id, ctypes.byref(length))
        return ctypes.string_at(pointer, length.value)

    def special_name(self, id):
        """What a special or added token is called, such as "<|im_end|>"; None for others."""
        length = ctypes.c_size_t()
        pointer = lib.ananke_vocab_special_name(self._handle, id, ctypes.byref(length))
        return ctypes.string_at(pointer, length.value).decode("utf-8", "replace") if pointer else None

    def find(self, name):
        """The id of the special token with that name, or else of the token with exactly this text; None when there is none."""
        data, id = _utf8(name), ctypes.c_uint32()
        return id.value if lib.ananke_vocab_find(self._handle, data, len(data), ctypes.byref(id)) else None

    def encode(self, text):
        """Text (str or bytes) to ids as the model's own tokenizer does it, special tokens taken as plain text."""
        data = _utf8(text)
        error, reference = new_error()
        count = ctypes.c_size_t()
        capacity = len(data) + 8
        while True:
            ids = (ctypes.c_uint32 * capacity)()
            if not lib.ananke_vocab_encode(self._handle, data, len(data), ids, capacity, ctypes.byref(count), reference):
                raise_error(error)
            if count.value <= capacity:
                return ids[: count.value]
            capacity = count.value

    def decode_bytes(self, ids):
        """The bytes of the tokens, joined."""
        count = len(ids)
        array = (ctypes.c_uint32 * count)(*ids)
        size = lib.ananke_vocab_decode(self._handle, array, count, None, 0)
        data = ctypes.create_string_buffer(size + 1)
        lib.ananke_vocab_decode(self._handle, array, count, data, size)
        return data.raw[:size]

    def decode(self, ids):
        """The same as text; what is not UTF-8, such as half a character, becomes U+FFFD."""
        return self.decode_bytes(ids).decode("utf-8", "replace")


class _Ir:
    """A ConstraintIR, as an argument that lives as long as a call does that has it."""

    def __init__(self, handle):
        self._as_parameter_ = ctypes.c_void_p(handle)

    def __del__(self):
        lib.ananke_ir_free(self._as_parameter_)


_LIMIT = 5  # an ananke_error_code
_QUICK = 1000000  # fuel, some milliseconds' worth: what takes longer is begun anew, so that it can be interrupted

_WHITESPACE = ("bounded", "compact", "spaced", "indented", "free")  # by ananke_json_whitespace


class Program:
    """A grammar compiled for a vocabulary. Made by one of the from_… functions, which raise ValueError when they cannot. Ctrl-C interrupts them."""

    def __init__(self, handle, vocab):
        self._handle = handle
        self.vocab = vocab

    def __del__(self):
        if getattr(self, "_handle", None):
            lib.ananke_program_free(self._handle)
            self._handle = None

    @classmethod
    def _compile(cls, function, vocab, *arguments, **options):
        if not isinstance(vocab, Vocab):
            raise TypeError("a Vocab is wanted")
        error, reference = new_error()

        def work(options):
            handle = function(*arguments, vocab._handle, options, reference)
            return cls(handle, vocab) if handle else None

        program = work(ctypes.byref(ProgramOptions(fuel=_QUICK, **options)))
        if not program and error.code == _LIMIT:
            program = interruptible(work, **options)
        if not program:
            raise_error(error)
        return program

    @classmethod
    def _from_text(cls, function, text, vocab, **options):
        data = _utf8(text)
        return cls._compile(function, vocab, data, len(data), **options)

    @classmethod
    def from_lark(cls, text, vocab):
        """llguidance's Lark dialect; the rule `start` is where it begins."""
        return cls._from_text(lib.ananke_program_from_lark, text, vocab)

    @classmethod
    def from_json_schema(cls, text, vocab, strict=False, schema_folder=None, whitespace="bounded", indent=None, separators=(None, None), draft=None,
                         any_order=False):
        """A JSON Schema, as text. What masks accept is valid, but for what `unenforced` lists; with strict=True that is an error instead. Other schemas that it refers to
        are files in `schema_folder`; nothing is fetched. `draft` is "4", "6", "7", "2019-09" or "2020-12"; None: what its `$schema` says, else the keywords of all.

        `whitespace` is "bounded" (a blank or a line with its indentation where they may be), "compact" (none), "spaced" (as json.dumps), "free" (any), or
        "indented" (as json.dumps with this `indent`, which alone says so, too). `separators` are regular expressions in the place of `,` and `:`; None
        leaves them. With any_order=True the members of objects come in any order, not only in that of "properties". What the schema has under "x-guidance" goes
        before all that."""
        if indent is not None and whitespace == "bounded":
            whitespace = "indented"
        if whitespace not in _WHITESPACE:
            raise ValueError(f"whitespace: {whitespace!r} is none of {', '.join(_WHITESPACE)}")
        item, key = (None if separator is None else _utf8(separator) for separator in separators)
        json = ctypes.pointer(JsonOptions(_WHITESPACE.index(whitespace), indent or 0, item, key, bool(any_order)))
        folder = None if schema_folder is None else os.fsencode(schema_folder)
        return cls._from_text(lib.ananke_program_from_json_schema, text, vocab, is_strict=strict, json=json, schema_folder=folder,
                              draft=None if draft is None else _utf8(draft))

    @classmethod
    def from_regex(cls, text, vocab):
        """A regular expression that the whole text must match."""
        return cls._from_text(lib.ananke_program_from_regex, text, vocab)

    @classmethod
    def from_llguidance(cls, text, vocab):
        """What llguidance takes: its JSON container {"grammars": [...]}, or Lark."""
        return cls._from_text(lib.ananke_program_from_llguidance, text, vocab)

    @classmethod
    def from_gbnf(cls, text, vocab):
        """GBNF, llama.cpp's grammar format; the rule `root` is where it begins."""
        return cls._from_text(lib.ananke_program_from_gbnf, text, vocab)

    @classmethod
    def from_choices(cls, choices, vocab):
        """Exactly one of the choices, a list of str or bytes."""
        if isinstance(choices, (str, bytes)):
            raise TypeError("a list of choices is wanted")
        texts = [_utf8(choice) for choice in choices]
        count = len(texts)
        pointers, lengths = (ctypes.c_char_p * count)(*texts), (ctypes.c_size_t * count)(*map(len, texts))
        return cls._compile(lib.ananke_program_from_choices, vocab, pointers, lengths, count)

    @classmethod
    def from_tools(cls, tools, vocab, *, format, tool_choice="auto", parallel=None, strict=False):
        """Free text, and calls of the tools, a list as OpenAI's chat API has it, in the model's own format: "hermes", "llama3", … or a dict like those
        in formats/. `tool_choice` and `parallel` are OpenAI's too; with strict=True what the masks cannot hold of a schema is an error."""
        described = {"tools": tools, "tool_choice": tool_choice, "format": format, "parallel": parallel}
        return cls._from_text(lib.ananke_program_from_tools, json.dumps(described), vocab, is_strict=strict)

    @classmethod
    def from_structural_tags(cls, tags, vocab, strict=False):
        """Free text with tags in it: {"structures": [{"begin", "schema", "end"}, …], "triggers": […]}, a dict or JSON text."""
        text = tags if isinstance(tags, (str, bytes)) else json.dumps(tags)
        return cls._from_text(lib.ananke_program_from_structural_tags, text, vocab, is_strict=strict)

    @classmethod
    def from_ir(cls, text, vocab):
        """A ConstraintIR, as text (what `ananke compile` writes)."""
        data = _utf8(text)
        error, reference = new_error()
        ir = lib.ananke_ir_parse(data, len(data), None, reference)
        if not ir:
            raise_error(error)
        return cls._compile(lib.ananke_program_from_ir, vocab, _Ir(ir))

    @classmethod
    def from_language(cls, name, vocab, fragment=None):
        """A programming language: "typescript", "tsx", "javascript" in full, "python" by its own grammar. `fragment` is what a text is in a language in full:
        "file" (None, too), "statements", "expression", "type", "markdown" (code in fences, and text around it), …"""
        return cls._compile(lib.ananke_program_from_language, vocab, name.encode(), fragment=None if fragment is None else _utf8(fragment))

    @classmethod
    def load(cls, path, vocab):
        """What `save` wrote, for any vocabulary."""
        return cls._compile(lib.ananke_program_load, vocab, os.fsencode(path))

    @property
    def unenforced(self):
        """What a JSON Schema says and the masks do not hold, a list of (pointer, reason): ("#/properties/tags/uniqueItems", "…")."""
        count = ctypes.c_size_t()
        places = lib.ananke_program_unenforced(self._handle, ctypes.byref(count))
        return [(place.pointer.decode("utf-8", "replace"), place.reason.decode("utf-8", "replace")) for place in places[: count.value]]

    def save(self, path):
        """Writes what was compiled to a file that `load` opens without compiling. A cache: another version of the library refuses it."""
        error, reference = new_error()
        if not lib.ananke_program_save(self._handle, os.fsencode(path), reference):
            raise_error(error)


# An array type of the buffer's size would do, too, at five times the cost of a call.
_first_byte_of, _reference_to = ctypes.c_char.from_buffer, ctypes.byref


def _words_of(buffer):
    """A writable buffer of 32-bit words (numpy, array, memoryview, CPU torch tensor) as something to pass on, and how many words it has."""
    if hasattr(buffer, "data_ptr"):
        if buffer.device.type != "cpu" or not buffer.is_contiguous():
            raise ValueError("a contiguous tensor in the processor's memory is wanted")
        return buffer.data_ptr(), buffer.numel() * buffer.element_size() // 4
    size = buffer.nbytes if hasattr(buffer, "nbytes") else memoryview(buffer).nbytes
    return _reference_to(_first_byte_of(buffer)), size // 4


class Matcher:
    """One generation in progress."""

    __slots__ = ("_error", "_handle", "_reference", "_words", "program")

    def __init__(self, program, _handle=None):
        self.program = program
        self._error = Error()
        self._reference = ctypes.byref(self._error)
        self._words = (program.vocab.size + 31) // 32
        self._handle = _handle or lib.ananke_matcher_new(program._handle, self._reference)
        if not self._handle:
            raise_error(self._error)

    def __del__(self):
        if getattr(self, "_handle", None):
            lib.ananke_matcher_free(self._handle)
            self._handle = None

    def fork(self):
        """An independent copy at the same place."""
        handle = lib.ananke_matcher_fork(self._handle, self._reference)
        if not handle:
            raise_error(self._error, RuntimeError)
        return Matcher(self.program, handle)

    def reset(self):
        """Back to the start; always possible."""
        lib.ananke_matcher_reset(self._handle)

    def fill_mask(self, row):
        """Writes the mask of the next token into `row`, a writable buffer of at least (vocab.size + 31) // 32 words of 32 bits."""
        data, count = _words_of(row)
        if count < self._words:
            raise ValueError(f"the row has {count} words, {self._words} are wanted")
        if not lib.ananke_matcher_fill_mask(self._handle, data, count, self._reference):
            raise_error(self._error, RuntimeError)

    def consume(self, id):
        """Takes a token. False when the mask does not allow it or the matcher has failed (see error); then nothing has changed."""
        return lib.ananke_matcher_consume(self._handle, id, None)

    def consume_bytes(self, text):
        """Takes a text that comes from no token, str or bytes: a prefix. All or nothing, and one step for rollback. False when it is not allowed."""
        text = _utf8(text)
        return lib.ananke_matcher_consume_bytes(self._handle, text, len(text), None)

    def set_suffix(self, text):
        """Says that a text, str or bytes, is there already behind the one that is written, which so fills a hole: it may end exactly where the suffix fits.
        Raises when that is certain to fit behind no text that may follow. "" takes it away."""
        text = _utf8(text)
        if not lib.ananke_matcher_set_suffix(self._handle, text, len(text), self._reference):
            raise_error(self._error)

    def rollback(self, count):
        """Undoes the last `count` consumed tokens."""
        if not lib.ananke_matcher_rollback(self._handle, count, self._reference):
            raise_error(self._error)

    def captures(self):
        """What rules with a name, rule[capture], stand for in the text so far: (name, first byte, byte behind the last), in the order in which they
        end. None when it was not found within the budget."""
        capacity = 16
        while True:
            list = (Capture * capacity)()
            count = lib.ananke_matcher_captures(self._handle, list, capacity)
            if count == _NONE:
                return None
            if count <= capacity:
                break
            capacity = count
        return [
            (ctypes.string_at(c.name, c.name_length).decode("utf-8", "replace"), c.offset, c.offset + c.length) for c in list[:count]
        ]

    def temperature(self):
        """What the grammar wants the next token to be sampled with ([temperature=0.7] on a rule); None where it says nothing."""
        value = ctypes.c_float()
        return value.value if lib.ananke_matcher_temperature(self._handle, ctypes.byref(value)) else None

    def is_accepting(self):
        """May the text end here?"""
        return lib.ananke_matcher_is_accepting(self._handle)

    def error(self):
        """What stopped the matcher, in words; None while it works."""
        pointer = lib.ananke_matcher_error(self._handle)
        return words(Error.from_address(pointer)) if pointer else None

    def _text(self, function):
        size = 256
        while True:
            buffer = ctypes.create_string_buffer(size)
            length = function(self._handle, buffer, size)
            if length == _NONE:
                return None
            if length <= size:
                return buffer.raw[:length]
            size = length + 1

    def expected(self):
        """What may come next, for people: terminal names and literals."""
        return self._text(lib.ananke_matcher_expected).decode("utf-8", "replace")

    def forced(self):
        """The bytes that must come next; b"" where there is a choice or the text may end."""
        return self._text(lib.ananke_matcher_forced)

    def completion(self):
        """Bytes that complete what was begun, b"" when the text may end here; None when none was found."""
        return self._text(lib.ananke_matcher_completion)


_NONE = ctypes.c_size_t(-1).value


@functools.cache
def _pool(_process):
    """Threads that stay as long as the process, which is named because a forked one has none of its parent's threads."""
    error, reference = new_error()
    pool = lib.ananke_pool_new(None, reference)
    if not pool:
        raise_error(error, MemoryError)
    return pool


def fill_masks(matchers, rows):
    """Fills one row for each matcher in parallel, in one call; `rows` is a writable two-dimensional buffer of 32-bit words, one row a matcher."""
    count = len(matchers)
    if count == 0:
        return
    data, available = _words_of(rows)
    stride = available // count
    wanted = max(matcher._words for matcher in matchers)
    if stride < wanted:
        raise ValueError(f"the rows have {stride} words each, {wanted} are wanted")
    handles = (ctypes.c_void_p * count)(*[matcher._handle for matcher in matchers])
    error, reference = new_error()
    if not lib.ananke_pool_fill_masks(_pool(os.getpid()), handles, count, data, stride, None, reference):
        raise_error(error, RuntimeError)
