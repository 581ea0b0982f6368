"""Exports are taken by the engine they are for: llguidance reads the container that `ananke_ir_export` makes of a composed grammar.

Skipped where deps/setup has not brought llguidance."""
import ctypes
import json
import os
import pathlib
import unittest

try:
    import llguidance
except ImportError:
    llguidance = None

ROOT = pathlib.Path(__file__).resolve().parents[2]
FORBID = [("forbid", {"what": what}) for what in ("any", "var", "loose-equality", "debugger", "default-export", "swallowed-error")]
RULES = {
    "typescript": [
        *FORBID,
        ("naming", {"symbol": "function", "style": "camelCase"}),
        ("naming", {"symbol": "class", "style": "PascalCase"}),
        ("imports", {"modules": ["zod"], "standard_library": True}),
        ("quotes", {"style": "double"}),
        ("semicolons", {"style": "always"}),
        ("require", {"what": "return-types"}),
        ("require", {"what": "braces"}),
    ],
    "python": [
        ("forbid", {"what": "bare-except"}),
        ("forbid", {"what": "wildcard-import"}),
        ("forbid", {"what": "eval"}),
        ("naming", {"symbol": "method", "style": "snake_case"}),
        ("imports", {"modules": ["werkzeug"], "standard_library": True, "relative": False}),
        ("quotes", {"style": "single"}),
        ("require", {"what": "parameter-types"}),
        ("require", {"what": "future-annotations"}),
    ],
}


def export(language, form):
    """The IR of all RULES of a language in one form."""
    library = ctypes.CDLL(os.environ["ANANKE_LIBRARY"])
    for name in ("ananke_constraints_parse", "ananke_compile", "ananke_ir_export"):
        getattr(library, name).restype = ctypes.c_void_p
    rules = [{"id": f"r{i}", "kind": kind, "language": language, "parameters": parameters} for i, (kind, parameters) in enumerate(RULES[language])]
    text = json.dumps({"version": 1, "constraints": rules}).encode()
    constraints = library.ananke_constraints_parse(text, ctypes.c_size_t(len(text)), 0, None, None)
    assert constraints, "the constraints are refused"
    ir = library.ananke_compile(ctypes.c_void_p(constraints), None, None)
    assert ir, "compiling failed"
    made = library.ananke_ir_export(ctypes.c_void_p(ir), form.encode(), None, None)
    result = ctypes.string_at(made).decode()
    library.ananke_text_free(ctypes.c_void_p(made))
    library.ananke_ir_free(ctypes.c_void_p(ir))
    library.ananke_constraints_free(ctypes.c_void_p(constraints))
    return result


@unittest.skipIf(llguidance is None or "ANANKE_LIBRARY" not in os.environ, "llguidance or the library is not there")
class Exports(unittest.TestCase):
    def test_llguidance_takes_the_composed_grammars(self):
        for language in RULES:
            with self.subTest(language=language):
                complaint = llguidance.LLMatcher.validate_grammar(export(language, "llguidance"))
                self.assertFalse(complaint, complaint[-800:] if complaint else "")

    def test_the_vllm_form_is_a_request_member(self):
        for language in RULES:
            with self.subTest(language=language):
                request = json.loads(export(language, "vllm"))
                self.assertEqual(list(request), ["structured_outputs"])
                self.assertEqual(list(request["structured_outputs"]), ["grammar"])
                self.assertFalse(llguidance.LLMatcher.validate_grammar(llguidance.LLMatcher.grammar_from_lark(request["structured_outputs"]["grammar"])))


if __name__ == "__main__":
    unittest.main()
