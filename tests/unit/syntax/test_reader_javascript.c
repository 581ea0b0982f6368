/* JavaScript in full, by its pack. What is here once went wrong, or may. */
#include "pack_fixture.h"
#include "syntax/language_program.h"
#include <ananke/matcher.h>

static PackFixture javascript;

static int open_language(void **state) {
    IGNORE_STATE;
    open_pack(&javascript, "javascript");
    return 0;
}

static int close_language(void **state) {
    IGNORE_STATE;
    close_pack(&javascript);
    return 0;
}

TEST(scripts_and_modules) {
    IGNORE_STATE;
    EXPECT(javascript, true, "", "#!/usr/bin/env node\n'use strict';\nmodule.exports = require('x')",
           "import a, { b as c, default as d } from 'e'; export * as f from 'g'",
           "import * as a from 'b' with { type: 'json' }",
           "import defer * as a from 'b'; import.defer('c'); import.source('d')", "export { a as default, b as 'c d' }",
           "export default class {}", "export default async function () {}", "export default a\n.b",
           "await x\nimport('y')", "import {} from 'a'; export {}", "import.meta.url",
           "function f() { return new.target }", "export default () => {}\nfoo()", "import defer from 'x'",
           "@a @b.c() @(d) class A { @e f; @g h() {} }");
    EXPECT(javascript, false, "import a from b", "import { , } from 'a'", "export { , }", "export a", "#! a\n#! b",
           "import type { a } from 'b'", "import a = require('b')", "export = a", "import.x", "new.x",
           "export export const a = 1");
}

TEST(no_types) {
    IGNORE_STATE;
    EXPECT(javascript, true, "type = 1; interface = 2; namespace\nx", "declare\nlet x", "abstract\nclass A {}",
           "var as, satisfies, keyof, readonly, any", "enumerate(a)", "a ? (b) : c => d", "a < b, c > (d)",
           "f(a < b, c > d)");
    EXPECT(javascript, false, "let x: string", "function f(a: b) {}", "function f(): a {}", "a as b", "a!",
           "a satisfies b", "interface A {}", "type A = B", "enum A { B }", "f<T>()\n<T>", "class A { a: b }",
           "class A { private a }", "class A { readonly a }", "class A<T> {}", "class A implements B {}",
           "abstract class A {}", "declare let x", "namespace A {}", "function f(a?) {}", "class A { a?() {} }",
           "<T>(a) => a", "class A { constructor(public a) {} }", "let a!");
}

TEST(semicolons_left_out) {
    IGNORE_STATE;
    EXPECT(javascript, true, "a\nb", "a = b\n++c", "return\nx", "x\n/re/g", "const f = () => {}\nfoo()",
           "do x(); while (y) z()", "class A {\n  a\n  b = 1\n  static c\n  get\n  d() {}\n}", "throw a\nb", "{ a }",
           "for (;;) a\nb", "let\nx", "var a\nvar b", "const r = t\n  .1\n  .2", "async\nfunction f() {}", "yield\nx",
           "x\n`a`");
    EXPECT(javascript, false, "a b", "let x = 1 let y = 2", "for (a\nb\nc) {}", "if (a)\n", "throw\nx", "x\n=> y",
           "a ? b\nc : d e", "class A { a b }", "var", "var ;", "var a,;");
}

TEST(words) {
    IGNORE_STATE;
    EXPECT(
        javascript, true, "a.class.if", "({ default: 1, new: 2, get: 3, async: 4, static: 5 })", "const { if: a } = b",
        "class A { delete() {} get get() {} set set(a) {} static static() {} async async() {} *of() {} static async *x() {} static {} accessor a = 1 }",
        "let \\u0061b, \xC3\xA4\xE2\x80\x8D", "let of, async, get, set, static, await, yield, undefined",
        "for (const of of of) of", "(async) => await", "({ async, get, set, of })",
        "({ get a() {}, set a(b) {}, async b() {}, *c() {}, async *d() {}, get() {}, async() {} })");
    EXPECT(javascript, false, "let if = 1", "class = 2", "({ if })", "let 1a", "a.1b c", "let \xE0\xBB\x91",
           "enum = 1");
}

TEST(expressions) {
    IGNORE_STATE;
    EXPECT(javascript, true, "a >> b >>> c >= d, e >>= f >>>= g", "(-1) ** 2", "2 ** -1", "a?.[b]?.(c)?.d",
           "new a.b(c).d", "new a", "new new A()()", "new a.b`c`()", "`a${`b${c}`}d$`", "x = y => ({ ...z })",
           "async x => await y", "a ? (b) : c => d", "({ a = 1 } = b)", "[a, , b] = c", "#x in y",
           "function* f() { yield* a; yield\nb }", "x = /[/]\\/(?<a>b)/gu.test(y)", "a = b / c / d", "f(...a, b,)",
           "label: for (const a of b) continue label", "for await (const x of y) {}", "tag`a${b}`", "a ?.5 : b",
           "0x1F + 0b11 + 1_000n + .5e-3 + 017", "'\\\n' + '\\u{1F600}' + '\\0'", "(a, b) => {}",
           "({ a: [b, ...c], ...d }) => {}", "f()++", "(a) = 1", "[a.b, c[d]] = e", "for (a.b in c) ;", "with (a) b",
           "a?.b`c`", "using(a)", "using a = b", "a\n++\nb");
    EXPECT(javascript, false, "-1 ** 2", "a +", "(a", "a)", "f(a b)", "f(,)", "({ a b })", "({ , })", "`a${b`", "'a\n'",
           "/a\n/", "a =>", "() => {} + 1 +", "a ? b", "{ a: 1 }.b", "function () {}", "a..b", "'\\xz'", "new",
           "x = { if }", "1 = 2", "a + b = c", "this = 1", "1++", "++1", "(a, ...b, c) => d", "class { }", "try {}",
           "(a) => {}()", "a\n?? = b", "for (let x of a, b) ;");
}

TEST(jsx) {
    IGNORE_STATE;
    EXPECT(javascript, true, "const a = <b c={d} e=\"f\n\" {...g}>{h} text // no comment </b>", "<></>",
           "<a.b.c x-y:z />", "<a>{/* empty */}</a>", "<a b=<c/> />", "<a>don't &nbsp;</a>",
           "<label for='a' class='b'>{...c}</label>", "x < y", "<this.x/>", "<a b=<c></c>></a>");
    EXPECT(javascript, false, "<a>", "<a></a", "<a b=c/>", "<a>{</a>", "<a>}</a>", "<a/><b/> c", "<a b='c></a>",
           "<a>></a>", "<a {b}/>", "<a b={}/>", "<a></A>", "<></a>", "<a></>", "< />", "<a b={...c}/>");
}

TEST(fragments) {
    IGNORE_STATE;
    EXPECT_FRAGMENT(javascript, "statements", true, "", "a\nreturn b");
    EXPECT_FRAGMENT(javascript, "statement", false, "", "a; b", "let a: b");
    EXPECT_FRAGMENT(javascript, "expression", true, "{ a }", "<a>b</a>", "function () {}");
    EXPECT_FRAGMENT(javascript, "expression", false, "a as b", "a;", "");
    EXPECT_FRAGMENT(javascript, "class_members", true, "#a = 1\nstatic async *b() {}", "");
    EXPECT_FRAGMENT(javascript, "class_member", false, "a: b", "a; b");
    EXPECT_FRAGMENT(javascript, "declaration", true, "class A extends B { c = 1 }");
    EXPECT_FRAGMENT(javascript, "block", true, "{ a }");
}

TEST(from_what_is_read_something_goes_on) {
    IGNORE_STATE;
    wander(&javascript, 150, 120);
}

/* Compares all masks on the way through the text. */
static void compare_masks(const char *fragment, const char *text) {
    ananke_error err = {0};
    uint32_t row[9];
    ananke_vocab *bytes = ananke_vocab_load("bytes", NULL, &err);
    ananke_program *program = ak_language_program(&javascript.pack->syntax, &javascript.pack->tables, bytes,
                                                  &(ananke_program_options){.fragment = fragment}, &err);
    ananke_matcher *matcher = program ? ananke_matcher_new(program, &err) : NULL;
    if (!matcher) fail_msg("%s", err.message);
    Reader *reader = &javascript.language.reader;
    choose_fragment(&javascript.language, &javascript.pack->syntax, fragment);
    Reading reading = ak_reader_start(reader, javascript.language.fragment);
    javascript.language.fragment = FRAGMENT_FILE;
    for (const char *at = text; *at; at++) {
        assert_true(ananke_matcher_fill_mask(matcher, row, 9, &err));
        for (uint32_t byte = 0; byte < 256; byte++)
            assert_int_equal(row[byte / 32] >> byte % 32 & 1, ak_reader_step(reader, reading, (uint8_t)byte).site != 0);
        reading = ak_reader_step(reader, reading, (uint8_t)*at);
        if (!ananke_matcher_consume(matcher, (uint8_t)*at, &err)) fail_msg("%s", at);
    }
    assert_true(ananke_matcher_is_accepting(matcher));
    ananke_matcher_free(matcher);
    ananke_program_free(program);
    ananke_vocab_free(bytes);
}

TEST(masks_of_a_pack_are_what_its_reader_reads) {
    IGNORE_STATE;
    compare_masks(
        "file",
        "#!x\nimport a, { b as c } from 'd'\nexport default class extends a { #b = `c${d}`; static async *e() { return\n/f/g } }\n"
        "for (const x of y) z?.[0]?.(1) ?? <p q={r}>s</p>; if (t) u = v => ({ ...w, get x() {} })\n");
    compare_masks(
        "markdown",
        "So:\n```sh\nls\n```\n```js\n/* `\n``` */ a = `${b}\n\\`\\` ${\n``} `\n// c\n```\nThat is\n```js\n```\nall\n");
    compare_masks("expression", "a ? { b: `${c}` } : (d, e) => { return\n/f/g }");
    compare_masks("class_members", "a = 1\nstatic { b } get c() {} ;");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(scripts_and_modules),
        cmocka_unit_test(no_types),
        cmocka_unit_test(semicolons_left_out),
        cmocka_unit_test(words),
        cmocka_unit_test(expressions),
        cmocka_unit_test(jsx),
        cmocka_unit_test(fragments),
        cmocka_unit_test(from_what_is_read_something_goes_on),
        cmocka_unit_test(masks_of_a_pack_are_what_its_reader_reads),
    };
    return cmocka_run_group_tests(tests, open_language, close_language);
}
