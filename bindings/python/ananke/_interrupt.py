"""Compiling that Ctrl-C ends.

The handler of a signal runs in the main thread, and not while that is in the library. So there another thread compiles, and the main one waits for it:
waiting can be interrupted, and then calls the compiling off. Other threads get no signals and compile themselves."""
import ctypes
import threading

Cancelled = ctypes.CFUNCTYPE(ctypes.c_bool, ctypes.c_void_p)


class Context(ctypes.Structure):
    """ananke_context (include/ananke/context.h)."""

    _fields_ = [
        ("allocator", ctypes.c_void_p),
        ("memory_limit", ctypes.c_size_t),
        ("threads", ctypes.c_uint32),
        ("cancelled", Cancelled),
        ("cancelled_data", ctypes.c_void_p),
        ("progress", ctypes.c_void_p),
        ("progress_data", ctypes.c_void_p),
        ("log", ctypes.c_void_p),
        ("log_data", ctypes.c_void_p),
        ("log_level", ctypes.c_int),
        ("trace_id", ctypes.c_char_p),
    ]


class JsonOptions(ctypes.Structure):
    """ananke_json_options (include/ananke/program.h)."""

    _fields_ = [("whitespace", ctypes.c_int), ("indent", ctypes.c_uint32), ("item_separator", ctypes.c_char_p), ("key_separator", ctypes.c_char_p),
                ("order", ctypes.c_int)]


class ProgramOptions(ctypes.Structure):
    """ananke_program_options (include/ananke/program.h)."""

    _fields_ = [
        ("context", ctypes.POINTER(Context)),
        ("file", ctypes.c_char_p),
        ("fuel", ctypes.c_uint64),
        ("is_strict", ctypes.c_bool),
        ("schema_folder", ctypes.c_char_p),
        ("draft", ctypes.c_char_p),
        ("json", ctypes.POINTER(JsonOptions)),
        ("fragment", ctypes.c_char_p),
    ]


def interruptible(work, **options):
    """What `work` returns, a function of the ananke_program_options that it compiles with: `options` and a way to interrupt it. It must not raise."""
    if threading.current_thread() is not threading.main_thread():
        return work(ctypes.byref(ProgramOptions(**options)))
    is_interrupted, results = threading.Event(), []
    context = Context(cancelled=Cancelled(lambda data: is_interrupted.is_set()))
    stoppable = ProgramOptions(context=ctypes.pointer(context), **options)  # what is borrowed lives as long as the thread
    worker = threading.Thread(target=lambda: results.append(work(ctypes.byref(stoppable))))
    try:
        worker.start()
        worker.join()
    except BaseException:
        is_interrupted.set()
        raise
    return results[0]
