"""The mask engines that are measured, behind one face: ours through Python's binding, llguidance, and XGrammar.

    program = engine.compile(source)            # ValueError when it cannot
    fill, consume = engine.start(program)       # a request on a fresh program
    for way in engine.ways:                     # later requests on the same program, in each way that the engine has
        fill, consume = engine.again(program, way)
    fill(); engine.allows(token); consume(token)

`fill` writes the mask of the next token into engine.mask; `consume` takes a token and tells whether it could. Both are the cheapest calls that the
engine's Python package offers."""
import ctypes
import functools
import importlib.metadata
import importlib.util
import json
import math
import os
import pathlib
import platform
import resource
import select
import signal
import subprocess
import sys
import time
import types
import typing

ROOT = pathlib.Path(__file__).resolve().parent.parent


class Source(typing.NamedTuple):
    kind: str  # lark, regex, json_schema
    text: str
    ebnf: str = ""  # the same Lark grammar for XGrammar


def where(name):
    done = subprocess.run([ROOT / "deps/setup", "--where", name], capture_output=True, text=True, check=False)
    return done.stdout.strip()


def use_test_python():
    """Starts again under the tests' Python, which has the other engines, and lets it find XGrammar."""
    python = where("python")
    if not importlib.util.find_spec("llguidance") and os.path.exists(python) and not os.environ.get("ANANKE_BENCH_AGAIN"):
        os.environ["ANANKE_BENCH_AGAIN"] = "1"
        os.execv(python, [python, *sys.argv])
    sys.path.append(where("rivals"))


def processor():
    try:
        lines = pathlib.Path("/proc/cpuinfo").read_text().splitlines()
        return next(line.split(":", 1)[1].strip() for line in lines if line.startswith("model name"))
    except (OSError, StopIteration):
        return platform.processor() or platform.machine()


def pin():
    """One core for this process and those that it starts."""
    if not hasattr(os, "sched_setaffinity"):
        return "not pinned"
    core = max(os.sched_getaffinity(0))
    os.sched_setaffinity(0, {core})
    return f"pinned to core {core}"


def memory_mb(what="VmRSS"):
    """Of this process; VmHWM is the highest so far (Linux)."""
    status = pathlib.Path("/proc/self/status").read_text()
    return int(status.split(f"{what}:")[1].split()[0]) / 1024


def forget_peak():
    """What the process has now becomes its highest, without what was freed and would be taken again unseen (Linux, glibc)."""
    ctypes.CDLL(None).malloc_trim(0)
    pathlib.Path("/proc/self/clear_refs").write_text("5")


def answer(work, limit_s, pipe):
    """In a child: never returns."""
    status = 1
    try:
        resource.setrlimit(resource.RLIMIT_CPU, (math.ceil(limit_s), resource.RLIM_INFINITY))
        os.dup2(os.open(os.devnull, os.O_WRONLY), 2)  # what an engine says when it aborts
        try:
            told = {"result": work()}
        except (ValueError, RuntimeError, MemoryError) as problem:
            told = {"problem": str(problem).strip().split("\n")[0][:90] or type(problem).__name__}
        with os.fdopen(pipe, "w") as file:
            json.dump(told, file)
        status = 0
    finally:
        os._exit(status)


def in_child(work, limit_s):
    """What work() returns, which JSON can hold, from a process of its own, which may take so many seconds of a processor, and ten times as long if others
    hold it up. ValueError, when there is nothing, says why."""
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reader)
        answer(work, limit_s, writer)
    os.close(writer)
    told, end = b"", time.monotonic() + 10 * limit_s
    while select.select([reader], [], [], max(0, end - time.monotonic()))[0]:
        part = os.read(reader, 1 << 16)
        told += part
        if not part:
            break
    else:
        os.kill(child, signal.SIGXCPU)
    os.close(reader)
    _, status = os.waitpid(child, 0)
    if os.WIFSIGNALED(status):
        is_late = os.WTERMSIG(status) == signal.SIGXCPU
        raise ValueError(f"stopped after {limit_s:g} s" if is_late else f"ended by signal {os.WTERMSIG(status)}")
    read = json.loads(told)
    if "problem" in read:
        raise ValueError(read["problem"])
    return read["result"]


class Engine:
    """What engines have in common. A mask is a row of 32-bit words."""

    ways = ("again",)
    loaded_mb = 0.0  # of memory, for its library and vocabulary: what load_others counts

    def set_mask(self, vocab_size):
        import numpy
        self.mask = numpy.zeros((1, (vocab_size + 31) // 32), dtype=numpy.int32)

    def allows(self, token):
        return bool(int(self.mask[0, token // 32]) >> (token % 32) & 1)

    def allowed(self):
        import numpy
        return int(numpy.bitwise_count(self.mask.view(numpy.uint32)).sum())

    def again(self, program, way):
        return self.start(program)

    def call_us(self, program):
        """What two calls cost that do next to nothing, taken as mask + consume are: the part of a figure that is Python's."""
        call, clock = self.idle_call(program), time.perf_counter_ns
        times = []
        for _ in range(10001):
            begun = clock()
            call()
            call()
            times.append(clock() - begun)
        return sorted(times)[len(times) // 2] / 1e3


class Ananke(Engine):
    name = "ananke (Python)"

    def __init__(self, tokenizer):
        os.environ.setdefault("ANANKE_LIBRARY", str(ROOT / "build/lib/libananke.so"))
        sys.path.append(str(ROOT / "bindings/python"))
        import ananke
        self.library, self.version = ananke, ananke.__version__
        self.vocab = ananke.Vocab.load(tokenizer)
        self.set_mask(self.vocab.size)
        self.eos = self.vocab.eos

    def compile(self, source):
        return getattr(self.library.Program, f"from_{source.kind}")(source.text, self.vocab)

    def start(self, program):
        matcher = self.library.Matcher(program)
        return functools.partial(matcher.fill_mask, self.mask), matcher.consume

    def idle_call(self, program):
        return self.library.Matcher(program).is_accepting


class LLGuidance(Engine):
    name = "llguidance"
    ways = ("copy", "reset")  # a deep copy of a matcher that has seen all texts, or that matcher itself

    def __init__(self, tokenizer, forcing=True):
        import llguidance
        self.library, self.version = llguidance, importlib.metadata.version("llguidance")
        self.tokenizer = llguidance.LLTokenizer(tokenizer)
        self.set_mask(self.tokenizer.vocab_size)
        self.eos = self.tokenizer.eos_token
        self.options = "" if forcing else '%llguidance {"no_forcing": true}\n'

    def grammar(self, source):
        """Lark whatever the kind: its first line can say that a mask must be computed also where only one text can follow."""
        if source.kind == "regex":
            slashes = source.text.replace("/", "\\/")
            return f"{self.options}start: /{slashes}/"
        if source.kind == "json_schema":
            return f"{self.options}start: %json {source.text}"
        return self.options + source.text

    def compile(self, source):
        matcher = self.library.LLMatcher(self.tokenizer, self.grammar(source), log_level=0)
        if matcher.is_error():
            raise ValueError(matcher.get_error())
        return matcher

    def start(self, matcher):
        return functools.partial(matcher.unsafe_compute_mask_ptr, self.mask.ctypes.data, self.mask.nbytes), matcher.consume_token

    def again(self, matcher, way):
        matcher.reset()
        return self.start(matcher.deep_copy() if way == "copy" else matcher)

    def idle_call(self, matcher):
        return matcher.is_error


def add_stand_ins():
    """XGrammar's package imports torch (to allocate masks) and transformers (to read tokenizers), gigabytes of which nothing below needs: where they
    are not installed, it gets these names instead. Its engine is compiled code that uses neither."""
    import numpy

    def stand_in(name, **names):
        if name not in sys.modules and not importlib.util.find_spec(name):
            sys.modules[name] = types.ModuleType(name)
            sys.modules[name].__dict__.update(names)

    class Nothing:
        pass

    stand_in("torch", Tensor=Nothing, LongTensor=Nothing, FloatTensor=Nothing, int32=numpy.int32, full=numpy.full,
             tensor=lambda value, dtype: dtype(value))
    stand_in("transformers", PreTrainedTokenizerBase=Nothing, PreTrainedTokenizerFast=Nothing, LogitsProcessor=Nothing)


class XGrammar(Engine):
    name = "xgrammar"

    def __init__(self, tokenizer, eos, any_whitespace=True):
        import tvm_ffi  # before the stand-ins: it asks for torch, too, but can do without
        add_stand_ins()
        import tokenizers
        import xgrammar
        self.library, self.version = xgrammar, importlib.metadata.version("xgrammar")
        self.schema_options = {"any_whitespace": any_whitespace, "strict_mode": True}
        self.information = self.read_tokenizer(tokenizers.Tokenizer.from_file(tokenizer), eos)
        self.set_mask(self.information.vocab_size)
        self.tensor = tvm_ffi.from_dlpack(self.mask)
        self.eos = eos

    def read_tokenizer(self, tokenizer, eos):
        """As xgrammar.TokenizerInfo.from_huggingface does it."""
        ids = tokenizer.get_vocab(with_added_tokens=True)
        tokens = [""] * (max(ids.values()) + 1)
        for token, at in ids.items():
            tokens[at] = token
        about = json.loads(self.library.base._core.TokenizerInfo._detect_metadata_from_hf(tokenizer.to_str()))
        return self.library.TokenizerInfo(tokens, self.library.VocabType(about["vocab_type"]), vocab_size=len(tokens), stop_token_ids=[eos],
                                          add_prefix_space=about["add_prefix_space"])

    def compile(self, source):
        compiler = self.library.GrammarCompiler(self.information, max_threads=1)  # a new one: they remember what they compiled
        try:
            if source.kind == "regex":
                return compiler.compile_regex(source.text)
            if source.kind == "json_schema":
                return compiler.compile_json_schema(source.text, **self.schema_options)
            return compiler.compile_grammar(source.ebnf)
        except RuntimeError as problem:
            raise ValueError(str(problem)) from problem

    def start(self, compiled):
        handle = self.library.GrammarMatcher(compiled)._handle
        accept = handle.accept_token
        return functools.partial(handle.fill_next_token_bitmask, self.tensor, 0, False), lambda token: accept(token, False)

    def idle_call(self, compiled):
        return self.library.GrammarMatcher(compiled)._handle.is_terminated


def load_others(tokenizer, forcing=True, any_whitespace=True):
    """llguidance and XGrammar, as far as they are installed; says what is missing."""
    engines = []

    def load(make):
        before = memory_mb()
        engine = make()
        engine.loaded_mb = memory_mb() - before
        engines.append(engine)

    try:
        load(lambda: LLGuidance(tokenizer, forcing))
        load(lambda: XGrammar(tokenizer, engines[0].eos, any_whitespace))
    except ImportError as problem:
        print(f"(not every engine is measured: {problem}; deps/setup bench brings them)")
    return engines
