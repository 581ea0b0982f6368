"""Ctrl-C during a long compile."""
import os
import pathlib
import signal
import sys
import threading
import time
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "bindings/python"))
import ananke  # noqa: E402

# 2^40 derivatives tell whether there is a text that all three match.
HOSTILE = "start: A\nA: /(a|b)*a(a|b){40}/ & ~/(a|b)*b(a|b){41}/ & ~/b*a(a|b)*/\n"


class Interrupt(unittest.TestCase):
    def setUp(self):
        self.vocab = ananke.Vocab.load("bytes")
        self.addCleanup(signal.signal, signal.SIGINT, signal.signal(signal.SIGINT, signal.default_int_handler))

    def test_ctrl_c_ends_a_compile(self):
        for delay in 0.02, 0.05:  # the compile takes a multiple of that before it gives up
            timer = threading.Timer(delay, os.kill, (os.getpid(), signal.SIGINT))
            timer.start()
            with self.assertRaises(KeyboardInterrupt):
                ananke.Program.from_lark(HOSTILE, self.vocab)
            timer.join()
            deadline = time.monotonic() + 20
            while threading.active_count() > 1 and time.monotonic() < deadline:
                time.sleep(0.01)
            self.assertEqual(threading.active_count(), 1, "the compile goes on")

    def test_other_threads_compile_themselves(self):
        programs = []
        thread = threading.Thread(target=lambda: programs.append(ananke.Program.from_regex("a+", self.vocab)))
        thread.start()
        thread.join()
        self.assertTrue(ananke.Matcher(programs[0]).consume(ord("a")))

    def test_errors_come_through(self):
        with self.assertRaisesRegex(ValueError, "without"):
            ananke.Program.from_regex("(", self.vocab)


if __name__ == "__main__":
    unittest.main()
