"""One face for the engines that walk a grammar byte by byte: the llguidance wheel (second judge) and the project's own wheel.

An engine answers three questions about a text that grows and shrinks: may these bytes follow, which bytes may follow, may it end here.
`push` is all or nothing and returns how many bytes could be taken; `pop` takes back the last bytes.
"""


class Llguidance:
    """llguidance over the 256 bytes; parser limits are its defaults, so the grammars must stay within them.

    It is given the plain form of the grammar (expand.py says why)."""

    name = "llguidance"

    def __init__(self, grammar):
        import llguidance
        import numpy
        from expand import expand

        grammar = expand(grammar)
        self.tokenizer = llguidance.LLTokenizer("byte")
        lark = llguidance.LLMatcher.grammar_from_lark('%llguidance {"no_forcing": true}\n' + grammar)
        complaint = llguidance.LLMatcher.validate_grammar(lark, self.tokenizer)
        if complaint:
            raise ValueError(complaint)
        self.matcher = llguidance.LLMatcher(self.tokenizer, lark)
        self.row = numpy.zeros((1, (self.tokenizer.vocab_size + 31) // 32), dtype=numpy.int32)

    def reset(self):
        self.matcher.reset()

    def push(self, data):
        tokens = list(data)
        taken = self.matcher.validate_tokens(tokens)
        if taken == len(tokens):
            self.matcher.consume_tokens(tokens)
        if self.matcher.is_error():
            raise RuntimeError(self.matcher.get_error().partition("<grammar>")[0][-1500:])
        return taken

    def pop(self, count):
        self.matcher.rollback(count)

    def allowed(self):
        from llguidance.numpy import fill_next_token_bitmask

        fill_next_token_bitmask(self.matcher, self.row)
        if self.matcher.is_error():
            raise RuntimeError(self.matcher.get_error().partition("<grammar>")[0][-1500:])
        words = self.row[0]
        return [byte for byte in range(256) if words[byte >> 5] >> (byte & 31) & 1]

    def accepting(self):
        return self.matcher.is_accepting()


class Ananke:
    """The project's wheel over the same 256 bytes."""

    name = "ananke"

    def __init__(self, grammar):
        import ananke
        import numpy

        self.vocab = ananke.Vocab.load("bytes")
        self.program = ananke.Program.from_lark(grammar, self.vocab)
        self.matcher = ananke.Matcher(self.program)
        self.row = numpy.zeros((self.vocab.size + 31) // 32, dtype=numpy.int32)
        self.length = 0

    def reset(self):
        self.pop(self.length)

    def push(self, data):
        for taken, byte in enumerate(data):
            if not self.matcher.consume(byte):
                self.matcher.rollback(taken)
                return taken
        self.length += len(data)
        return len(data)

    def pop(self, count):
        self.matcher.rollback(count)
        self.length -= count

    def allowed(self):
        self.matcher.fill_mask(self.row)
        return [byte for byte in range(256) if self.row[byte >> 5] >> (byte & 31) & 1]

    def accepting(self):
        return self.matcher.is_accepting()


ENGINES = {"llguidance": Llguidance, "ananke": Ananke}
