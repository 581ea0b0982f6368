"""libananke.so by ctypes: the signatures of the C functions that this package calls, and its errors as exceptions.

The library lies beside this file; $ANANKE_LIBRARY names another one (the tests of a build tree do)."""
import ctypes
import os
import pathlib
from ctypes import POINTER, c_bool, c_char, c_char_p, c_float, c_int, c_size_t, c_uint32, c_void_p


class Error(ctypes.Structure):
    """ananke_error (include/ananke/error.h)."""

    _fields_ = [
        ("code", c_int),
        ("offset", c_size_t),
        ("line", c_uint32),
        ("column", c_uint32),
        ("file", c_char * 256),
        ("message", c_char * 512),
        ("hint", c_char * 256),
        ("source", c_char * 160),
        ("source_column", c_uint32),
    ]


class Capture(ctypes.Structure):
    """ananke_capture (include/ananke/matcher.h)."""

    _fields_ = [("name", c_void_p), ("name_length", c_size_t), ("offset", c_size_t), ("length", c_size_t)]


class Unenforced(ctypes.Structure):
    """ananke_unenforced (include/ananke/program.h)."""

    _fields_ = [("pointer", c_char_p), ("reason", c_char_p)]


_EXCEPTIONS = {2: OSError, 6: MemoryError}  # by ananke_error_code: IO, MEMORY

_TEXT = [c_char_p, c_size_t]
_FROM_TEXT = (c_void_p, [*_TEXT, c_void_p, c_void_p, c_void_p])
_SIGNATURES = {
    "ananke_version": (c_char_p, []),
    "ananke_error_format": (c_size_t, [c_void_p, c_char_p, c_size_t]),
    "ananke_vocab_load": (c_void_p, [c_char_p, c_void_p, c_void_p]),
    "ananke_vocab_save": (c_bool, [c_void_p, c_char_p, c_void_p]),
    "ananke_vocab_free": (None, [c_void_p]),
    "ananke_vocab_size": (c_uint32, [c_void_p]),
    "ananke_vocab_kind": (c_char_p, [c_void_p]),
    "ananke_vocab_eos": (c_size_t, [c_void_p, POINTER(POINTER(c_uint32))]),
    "ananke_vocab_token": (c_void_p, [c_void_p, c_uint32, POINTER(c_size_t)]),
    "ananke_vocab_special_name": (c_void_p, [c_void_p, c_uint32, POINTER(c_size_t)]),
    "ananke_vocab_find": (c_bool, [c_void_p, *_TEXT, POINTER(c_uint32)]),
    "ananke_vocab_encode": (c_bool, [c_void_p, *_TEXT, c_void_p, c_size_t, POINTER(c_size_t), c_void_p]),
    "ananke_vocab_decode": (c_size_t, [c_void_p, c_void_p, c_size_t, c_char_p, c_size_t]),
    "ananke_program_from_lark": _FROM_TEXT,
    "ananke_program_from_llguidance": _FROM_TEXT,
    "ananke_program_from_gbnf": _FROM_TEXT,
    "ananke_program_from_choices": (c_void_p, [c_void_p, c_void_p, c_size_t, c_void_p, c_void_p, c_void_p]),
    "ananke_program_from_json_schema": _FROM_TEXT,
    "ananke_program_from_regex": _FROM_TEXT,
    "ananke_program_from_tools": _FROM_TEXT,
    "ananke_program_from_structural_tags": _FROM_TEXT,
    "ananke_program_from_ir": (c_void_p, [c_void_p, c_void_p, c_void_p, c_void_p]),
    "ananke_program_from_language": (c_void_p, [c_char_p, c_void_p, c_void_p, c_void_p]),
    "ananke_program_save": (c_bool, [c_void_p, c_char_p, c_void_p]),
    "ananke_program_load": (c_void_p, [c_char_p, c_void_p, c_void_p, c_void_p]),
    "ananke_program_free": (None, [c_void_p]),
    "ananke_program_unenforced": (POINTER(Unenforced), [c_void_p, POINTER(c_size_t)]),
    "ananke_ir_parse": (c_void_p, [*_TEXT, c_void_p, c_void_p]),
    "ananke_ir_free": (None, [c_void_p]),
    "ananke_matcher_new": (c_void_p, [c_void_p, c_void_p]),
    "ananke_matcher_fork": (c_void_p, [c_void_p, c_void_p]),
    "ananke_matcher_free": (None, [c_void_p]),
    "ananke_matcher_reset": (None, [c_void_p]),
    "ananke_matcher_fill_mask": (c_bool, [c_void_p, c_void_p, c_size_t, c_void_p]),
    "ananke_matcher_forced": (c_size_t, [c_void_p, c_void_p, c_size_t]),
    "ananke_pool_new": (c_void_p, [c_void_p, c_void_p]),
    "ananke_pool_fill_masks": (c_bool, [c_void_p, c_void_p, c_size_t, c_void_p, c_size_t, c_void_p, c_void_p]),
    "ananke_matcher_consume": (c_bool, [c_void_p, c_uint32, c_void_p]),
    "ananke_matcher_consume_bytes": (c_bool, [c_void_p, c_char_p, c_size_t, c_void_p]),
    "ananke_matcher_set_suffix": (c_bool, [c_void_p, c_char_p, c_size_t, c_void_p]),
    "ananke_matcher_rollback": (c_bool, [c_void_p, c_size_t, c_void_p]),
    "ananke_matcher_captures": (c_size_t, [c_void_p, c_void_p, c_size_t]),
    "ananke_matcher_temperature": (c_bool, [c_void_p, POINTER(c_float)]),
    "ananke_matcher_is_accepting": (c_bool, [c_void_p]),
    "ananke_matcher_error": (c_void_p, [c_void_p]),
    "ananke_matcher_expected": (c_size_t, [c_void_p, c_char_p, c_size_t]),
    "ananke_matcher_completion": (c_size_t, [c_void_p, c_char_p, c_size_t]),
}


class _Library:
    """The functions as attributes, each looked up and given its signature at its first use."""

    def __init__(self, path):
        self._handle = ctypes.CDLL(path)

    def __getattr__(self, name):
        function = getattr(self._handle, name)
        function.restype, function.argtypes = _SIGNATURES[name]
        setattr(self, name, function)
        return function


lib = _Library(os.environ.get("ANANKE_LIBRARY") or str(pathlib.Path(__file__).with_name("libananke.so")))


def words(error):
    """An error in the library's own words: FILE:LINE:COLUMN: error: message, the line and a caret, a hint."""
    size = lib.ananke_error_format(ctypes.byref(error), None, 0) + 1
    text = ctypes.create_string_buffer(size)
    lib.ananke_error_format(ctypes.byref(error), text, size)
    return text.value.decode("utf-8", "replace").rstrip("\n")


def raise_error(error, otherwise=ValueError):
    raise _EXCEPTIONS.get(error.code, otherwise)(words(error))


def new_error():
    """An error to be filled in, and the reference that functions take."""
    error = Error()
    return error, ctypes.byref(error)
