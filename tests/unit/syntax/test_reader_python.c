/* Python in full, by its pack. What is here once went wrong, or may. */
#include "pack_fixture.h"

static PackFixture python;

static int open_languages(void **state) {
    IGNORE_STATE;
    open_pack(&python, "python");
    return 0;
}

static int close_languages(void **state) {
    IGNORE_STATE;
    close_pack(&python);
    return 0;
}

TEST(lines_and_columns) {
    IGNORE_STATE;
    EXPECT(python, true, "", "\n\n", "x", "x = 1\n", "if x:\n  y\nelse:\n    z", "if x: y; z;\n",
           "def f():\n\n  # c\n x\n y\n", "class A:\n    def f(self):\n        pass\n\n    x = 1\ny",
           "f(\na,\n  b # c\n)\n", "x = [\n\n1]\n", "a = 1 + \\\n2", "# c", "if x:\n\ty\n\tz\n",
           "if x:\n  y\n   \n # c\n", "if x:\n    pass\n\f\ndef f(): pass", "\xEF\xBB\xBFx", "x\r\ny\r\n",
           "for x in y:\n  if z:\n    break\nelse:\n  pass", "if x:\n  a\n\\\n  b\n");
    EXPECT(python, false, " x", "if x:\ny", "if x:\n  y\n z", "if x:\n  y\n   z", "x =\n1", "f(", "x y",
           "if x:", "if x: if y: z", "x = 1 +\\\n", "if x:\n  pass\nelse\n  pass", "class A:\n", "{\n1:\n",
           "not # c\nx");
}

TEST(strings) {
    IGNORE_STATE;
    EXPECT(python, true, "'a' \"b\" '''c\n''' \"\"\"d\"e\"\"\"", "b'a' br'\\\\' rb\"\\\"\"", "u'\\x41\\N{DASH}\\u0041'",
           "r'\\d'", "'\\\n'", "f'a{b}c{d!r:>{e}}'", "f'{x:=^30}'", "f'{{}}' f'{x=}' f'{x = !s}'", "f'''{\na}'''",
           "f'{a[\"b\"]}'", "f'{a['b']}'", "f'{x:%H:%M}{y}'", "f'{ {1:2}[1] }'", "f'{(lambda x: x)(1)}'",
           "f'\\N{DASH}{x}'", "rf'\\N{x}\\{y}'", "f'{x!r:^{w}.{p}}}}'", "t'{a}b' t'c'", "f'{a if b else c}' 'd'",
           "f'{yield}'", "f\"{f'{f\"{1}\"}'}\"", "f'{*a, b}'", "f'{x:{{}}}'", "''''''", "f'{a:{b:{c}}}'");
    EXPECT(python, false, "'a", "'a\n'", "f'{}'", "f'{a'", "f'}'", "f'{a!x}'", "b'\xC3\xA9'", "'\\x4'", "'a' b'b'",
           "t'a' 'b'", "f'{a b}'", "f'{lambda x: 1}'", "ur'a'", "'''a", "'\\N{}'");
}

TEST(assignments_and_targets) {
    IGNORE_STATE;
    EXPECT(python, true, "a = b = c", "a, b = b, a", "(a, b), [c, *d] = e", "a.b[c] += yield", "x: int", "(x): int = 3",
           "a.b: c = 1, 2", "*a, b = c", "a = *b, c", "() = []", "f(x).y = z", "(a.b) = 1",
           "for a, (b, c) in d, e: pass", "for x[i] in y: pass", "del a, (b, c[d]), [e.f]",
           "with a as b, c as (d, e): pass", "with (a as b, c): pass", "with (a, b): pass", "with (a).b as c: pass",
           "[x for x, in y]", "type X[T: int = str, *U, **V] = T", "type = 1", "match = case",
           "print(match, case, type)", "a = b if c else d", "x = (yield)");
    EXPECT(python, false, "f() = 1", "a + b = c", "1 = x", "(a, 1) = b", "a, b += c", "a = b += c", "x if y else z = 1",
           "(a, b): int", "for f() in x: pass", "with a as f(): pass", "del f()", "None = 1", "[a, b()] = c",
           "lambda: x = 1", "del *a", "a := 1", "-x = 1", "'a' = 1", "await x = 1");
}

TEST(expressions) {
    IGNORE_STATE;
    EXPECT(python, true, "not a in b is not c not in d", "a if b else lambda *x, y=1, **z: z", "- -x ** -y",
           "await f(x)[y].z", "a < b < c", "f(a, *b, c=1, *d, **e, f=2)", "f(x for x in y)", "f(*a or b)", "f(a := 1)",
           "[y := 1, y]", "{a: b, **c}", "{*a, b}", "{a: b for a, b in c if d}", "x[1:2, ::3, *y, a := 1]", "x[:]",
           "(a := b)", "lambda: (yield)", "1_000 + 0x_f + 0b1 + 0o7 + 1e5j + .5 + 1. + 00", "...", "a @ b // c",
           "[x async for x in y]", "(*a, b)", "a and b or not c", "print(*a, sep='')", "f(a)(b)[c](d)", "1if x else y",
           "a = b,", "return_ = 1");
    EXPECT(python, false, "a b", "f(a=1, b)", "f(**a, *b)", "f(a, x for x in y)", "x[]", "a <> b", "a not b", "0777",
           "1__0", "(a, b", "{a: b, c}", "[a:b]", "lambda x=1, y: x", "f(a b)", "a if b", "*a if b else c, d = 1",
           "x = def", "a++", "a = ", "(* a)", "1a", "f(a=)", "f(1=2)", "not", "a.1");
}

TEST(statements) {
    IGNORE_STATE;
    EXPECT(
        python, true, "import a.b as c, d", "from . import x", "from .. import (x, y as z,)", "from ...a.b import *",
        "from .\\\n.a import b", "try: a\nexcept A: b\nexcept (C, D) as e: f\nexcept: g\nelse: h\nfinally: i",
        "try: a\nexcept* A: b", "try: a\nfinally: b", "try: a\nexcept A, B: c", "raise A from b", "assert a, b",
        "global a, b", "async def f(a, b=1, /, c=2, *d: *e, f, g=1, **h) -> i: await x", "def f[T](*, a): pass",
        "def f(a, /): pass", "def f(a, *, b, **c,): pass", "class A(B, metaclass=C): pass", "class A[T]: pass",
        "@a.b(c)\n@d\ndef f(): pass", "async with a: pass", "while x: break", "while (y := f()): continue",
        "if x: pass\nelif y: pass\nelif z: pass\nelse: pass",
        "match x:\n  case 1 | -2.5 | 'a' 'b': pass\n  case [a, *b, _]: pass\n  case {'k': v, **r}: pass\n  case A.B(c, d=e) as f if g: pass\n  case a.b: pass\n  case (1, 2) | 3 + 4j: pass\n  case None, *_: pass",
        "match(x)", "match (x):\n  case _: pass", "match x, *y:\n  case _:\n    pass", "return x, *y",
        "def f(): yield from x");
    EXPECT(python, false, "import a.b.", "from import x", "from . import x,", "try: a",
           "try: a\nexcept: b\nexcept A: c", "try: a\nelse: b", "def f(a=1, b): pass", "def f(*): pass",
           "def f(**a, b): pass", "def f(/, a): pass", "def f(a, /, /): pass", "class: pass", "@a\nx = 1", "async x",
           "async while x: pass", "match x:\n  pass", "match x:\n  case f'a': pass", "match x:\n  case a + b: pass",
           "raise a from", "else: pass", "lambda a=1, b: 2", "print 'a'", "exec 'a'", "def f(a, (b, c)): pass",
           "raise A, b", "except: pass", "import a as b.c", "global a.b", "x = *y", "from . import *, a");
}

TEST(fragments) {
    IGNORE_STATE;
    EXPECT_FRAGMENT(python, "statements", true, "", "x\nif y: z", "def f():\n  pass\n");
    EXPECT_FRAGMENT(python, "statement", true, "x", "x; y", "if x:\n  y\n  z");
    EXPECT_FRAGMENT(python, "statement", false, "", "x\ny");
    EXPECT_FRAGMENT(python, "block", true, "  x\n  if y:\n    z\n", "\n\n    # c\n    x");
    EXPECT_FRAGMENT(python, "block", false, "x", "  x\ny", "  x\n y");
    EXPECT_FRAGMENT(python, "expression", true, "a", " a", "f(\nx\n)", "lambda: x", "a if b else c ");
    EXPECT_FRAGMENT(python, "expression", false, "", "a\n", "a = b", "a, b", "\na");
    EXPECT_FRAGMENT(python, "markdown", true,
                    "Here:\n\n```python\ndef f():\n    return \"\"\"\n```\n\"\"\"\n```\n\nDone.", "```py\n```\n",
                    "```python\nif x:\n  y\n```\nand\n```py\n\nz\n```", "```sh\n(\n```\n```python\nx\n\n  # c\n```\n",
                    "```python\nf(\n)\n```");
    EXPECT_FRAGMENT(python, "markdown", false, "", "a", "```python\na", "```python\na ```", "```python\nif a:\n```",
                    "```python\n a\n```", "```python\n(\n```\n");
}

TEST(from_what_is_read_something_goes_on) {
    IGNORE_STATE;
    wander(&python, 200, 150);
    for (uint32_t i = 1; i < python.pack->tables.start_count; i++) {
        python.language.fragment = i;
        wander(&python, 20, 80);
    }
    python.language.fragment = FRAGMENT_FILE;
}

TEST(long_chains_take_a_moment_only) {
    IGNORE_STATE;
    static char text[20000];
    const char *const links[] = {"(", "not ", "-", "[{", "lambda:", "a if b else ", "f'{'"};
    for (size_t i = 0; i < sizeof links / sizeof *links; i++) {
        Reading reading;
        size_t length = strlen(links[i]), count = i == 6 ? 1 : 1000;
        for (size_t k = 0; k < count; k++) memcpy(text + k * length, links[i], length);
        assert_int_equal(read_text(&python.language, text, count * length, &reading), count * length);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lines_and_columns),
        cmocka_unit_test(strings),
        cmocka_unit_test(assignments_and_targets),
        cmocka_unit_test(expressions),
        cmocka_unit_test(statements),
        cmocka_unit_test(fragments),
        cmocka_unit_test(from_what_is_read_something_goes_on),
        cmocka_unit_test(long_chains_take_a_moment_only),
    };
    return cmocka_run_group_tests(tests, open_languages, close_languages);
}
