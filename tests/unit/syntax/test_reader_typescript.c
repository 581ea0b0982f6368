/* TypeScript and TSX in full, by their packs. What is here once went wrong, or may. */
#include "pack_fixture.h"

static PackFixture typescript, tsx;

static int open_languages(void **state) {
    IGNORE_STATE;
    open_pack(&typescript, "typescript");
    open_pack(&tsx, "tsx");
    return 0;
}

static int close_languages(void **state) {
    IGNORE_STATE;
    close_pack(&typescript);
    close_pack(&tsx);
    return 0;
}

TEST(semicolons_left_out) {
    IGNORE_STATE;
    EXPECT(typescript, true, "a\nb", "a = b\n++c", "return\nx", "const f = () => {}\nfoo()", "x\n/re/g",
           "let a = b as C<D>\nthis.head = 0",
           "let x: string\ninterface A {\n  a: string\n  (b: number): void\n  <T>(c: T): T\n}",
           "class A {\n  a\n  b = 1\n  static c\n}", "const r = t\n  .1\n  .2",
           "{ out = sum(out, n) }\nif (x) { y = 1 } else { y = 2 }", "do x(); while (y) z()", "type A = B\ntype C = D",
           "type A = {\n  b: string\n  extends?: C\n}", "throw a\nb",
           "f<{\n  a: (x: { c: string; t: number }) => void\n  b: (d: number) => void\n}>()");
    EXPECT(typescript, false, "a b", "let x = 1 let y = 2", "for (a\nb\nc) {}", "if (a)\n", "throw\nx", "x\n=> y",
           "a ? b\nc : d e");
}

TEST(words) {
    IGNORE_STATE;
    EXPECT(typescript, true, "type = 1", "let of, async, type, declare, abstract, get", "a.class.if",
           "({ default: 1, new: 2 })", "const { if: a } = b", "export { default as x, y as default } from 'z'",
           "async\nfunction f() {}", "enum E { in, of = 1 }", "class A { delete() {} get get() {} static static }",
           "let \\u0061b, \xC3\xA4\xE2\x80\x8D", "module.exports = 1", "declare module 'x';", "namespace\nx");
    EXPECT(typescript, false, "let if = 1", "class = 2", "({ if })", "let 1a", "a.1b c", "type if = 1",
           "let \xE0\xBB\x91");
}

TEST(types) {
    IGNORE_STATE;
    EXPECT(typescript, true, "let a: Array<Array<Array<x>>>= 1", "type A = keyof readonly b[]",
           "type A<in out T, const U> = T", "type A = import('x').B<C>",
           "type A = T extends (infer U extends string)[] ? U : never", "type A = `a${B}c${'d' | 'e'}`",
           "type A = new (...args: any[]) => any", "type A = abstract new () => void", "declare const a: unique symbol",
           "function f(this: A, x?): asserts x is B {}", "type M = { -readonly [K in keyof T as `x${K}`]-?: T[K] }",
           "let x: [a?: string, ...b: c[]]", "type A = ReturnType<<T>() => T>", "type A = | B | C & D",
           "let x: typeof a.b<c>", "interface A extends B<C>, D.E {}", "interface A<> {}", "type A<> = B",
           "let x = a < b, c = d > (e)", "let x = f<T>(y)", "if (a as number < b) {}", "const x = <T,>(a: T) => a",
           "let x = <T>y", "let a = b!", "type A = { get x(): y; set x(z) }", "let x = y satisfies Z",
           "type A = (string)[][number]", "const a = useRef<(() => void) | null>(null)",
           "function f(object): object is string {}", "let x: (keyof: string) => void");
    EXPECT(typescript, false, "let x: ", "type A =", "let x: A<B", "let x: a[", "type A = B |", "interface A { b: }",
           "let x: () =>", "type A = T extends U ? V", "type A = ?B", "type A = B?", "let x: A.<B>", "let x: A<>",
           "function f<>() {}", "f(window: function)", "type A = keyof", "type A = infer");
}

TEST(expressions) {
    IGNORE_STATE;
    EXPECT(typescript, true, "a >> b >>> c >= d",
           "a ?"
           "?= b ||= c",
           "(-1) ** 2", "2 ** -1", "a?.[b]?.(c)?.d", "new a.b(c).d", "new Array<T(count)", "`a${`b${c}`}d$`",
           "x = y => ({ ...z })", "async x => await y", "async <T>(a: T) => a", "a ? (b) : c => d", "({ a = 1 } = b)",
           "[a, , b] = c", "#x in y", "function* f() { yield* a; yield\nb }", "import('x')", "import.meta.url",
           "x = /[/]\\/(?<a>b)/gu.test(y)", "a = b / c / d", "f(...a, b,)", "label: for (const a of b) continue label",
           "for (let i = 0, j; ; ) {}", "for await (const x of y) {}", "class A { static { } #b = 1 }", "tag`a${b}`",
           "a ?.5 : b", "a?.b", "sql<{ a: string }>`b`", "0x1F + 0b11 + 1_000n + .5e-3", "'\\\n' + '\\u{1F600}'");
    EXPECT(typescript, false, "-1 ** 2", "a +", "(a", "a)", "f(a b)", "f(,)", "({ a b })", "({ , })", "`a${b`", "'a\n'",
           "/a\n/", "a =>", "() => {} + 1 +", "a ? b", "{ a: 1 }.b", "function () {}", "a..b", "'\\xz'", "new",
           "x = { if }", "1 = ");
}

TEST(declarations) {
    IGNORE_STATE;
    EXPECT(typescript, true, "export type * from 'a'", "export type { A } from 'b'",
           "import type A, { type B } from 'c'", "import a = require('b')", "export default function (): { a: b; };",
           "export = a", "export as namespace A", "import a from './a.json' with { type: 'json' }",
           "@a @b.c() @(d) class A { @e f; @g h() {} constructor(@i private readonly j: k) {} }",
           "export @a class B {}", "abstract class A { abstract b(): void; abstract get c() }",
           "declare global { interface A {} }", "declare function f(a): b",
           "function f(a: string): void\nfunction f(a) {}", "const enum A { B = 1 << 2, C }",
           "class A<T> extends f(B)<C> implements D, E { declare a?: string; b!: c; accessor d = 1 }",
           "let a, { b, c: [d = 1, ...e] } = f", "using a = b", "try {} catch {} finally {}",
           "switch (a) { case b: c; default: }", "#!/usr/bin/env node\na");
    EXPECT(typescript, false, "export export const a = 1", "import a from b", "class { }", "enum { }", "function f( {}",
           "class A { a b }", "switch (a) { b }", "try {}", "const", "import { a b } from 'c'", "import { , } from 'a'",
           "export { a", "type A", "abstract function f() {}", "for (;;", "catch (e) {}");
}

TEST(what_the_parser_lets_through_and_the_compiler_refuses) {
    IGNORE_STATE;
    EXPECT(typescript, true,
           "abstract class A { readonly abstract b; protected abstract override c; abstract accessor d: 1 }",
           "class A { declare static readonly b; static declare c; private declare d; static async *e() {} }",
           "class A { constructor(private override readonly b, @c public d?) {} }", "let a: readonly (b[])[][]",
           "let a: readonly [b, c?, ...d[]]", "a! = 1; (b as c) = 2; a!++; [a, b] = c; ({ a, b: [c] } = d)",
           "for (a! of b);", "class A extends B { c() { super.d = 1; return new super.e() } }",
           "function f(a?, b = 1, ...c) {}", "function f(this: A, b) {}", "let a: { get b(): c; set b(d) }",
           "class A { get; set; get = 1; set(a, b) {} get<T>() {} get [b]() { return c } set d(this: A, e,) {} }",
           "let a: import('b').C<>", "let a: import('b').C<D,>", "let a = 0, b = 0.5, c = 10n");
    EXPECT(typescript, false, "class A { readonly readonly b }", "class A { static public b }",
           "class A { private private b }", "class A { override declare b }", "class A { const b = 1 }",
           "class A { @b static @c d }", "class A { constructor(readonly private b) {} }",
           "class A { constructor(private { b }) {} }", "let a: readonly b", "let a: unique string", "let a: b<c,>",
           "f<a,>(b)", "let a: import(b)", "1 = 2", "f() = 1", "++1", "this = a", "a = super", "super?.a",
           "function f(a?, b) {}", "function f(...a, b) {}", "function f(...a,) {}", "function f(...a = b) {}",
           "class A { get b(c) { return c } }", "class A { set b() {} }", "class A { set b(c): d {} }",
           "let a: [b?, c]", "let a = 08", "declare declare let a", "declare import a = b");
    EXPECT(tsx, true, "f<T>(a).b", "(f<T>).a", "f<T> in a", "new new F<T>()", "new F<T>().a", "new F<T>", "<a/> ** 2",
           "!<a/>", "<a/> || <b/>");
    EXPECT(tsx, false, "<a b={}/>", "<a b={c, d}/>", "<a>{b, c}</a>", "<a/>.b", "<a/>(b)", "--<a/>!", "new <a/>",
           "f<T>.a", "f<T>?.a", "f<T>!.a", "new F<T>.a");
}

/* As far as a grammar can tell. */
TEST(elements_end_with_the_name_that_they_began_with) {
    IGNORE_STATE;
    EXPECT(tsx, true, "<a></a>", "<A></A>", "<a.b></a.b>", "<a.B></a.B>", "<this.b></this.b>", "<a:b></a:b>",
           "<a-b></a-b>", "<A<B> c></A>", "<$></$>", "<A><b/><b></b></A>", "<default></default>",
           "<a.default></a.default>", "<\xC3\xA9></\xC3\xA9>");
    EXPECT(tsx, false, "<a></A>", "<A></a>", "<a.b></a.B>", "<a.B></a.b>", "<a.b></a>", "<a></a.b>", "<A><b></A></b>");
}

TEST(jsx) {
    IGNORE_STATE;
    EXPECT(tsx, true, "const a = <b c={d} e=\"f\n\" {...g}>{h} text // no comment </b>", "<></>", "<a.b.c x-y:z />",
           "<a>{/* empty */}</a>", "f(<A<B> c />)", "const f = <T,>(a: T) => <b>{a}</b>", "<a b=<c/> />",
           "<a>don't &nbsp;</a>", "<var class='x'>{...y}</var>", "x < y");
    EXPECT(tsx, false, "<a>", "<a></a", "<a b=c/>", "<a>{</a>", "<a>}</a>", "<a/><b/> c", "<a b='c></a>", "<a {b}/>",
           "<></a>", "<a></>", "< />", "<a b={...c}/>");
    EXPECT(typescript, false, "<a b />");
}

TEST(fragments) {
    IGNORE_STATE;
    EXPECT_FRAGMENT(typescript, "statements", true, "", " // nothing\n", "a = 1\nreturn b", "const x: A = y; f(x)");
    EXPECT_FRAGMENT(typescript, "statements", false, "#!/bin/node\na", "a b", "}", "case 1:", "{");
    EXPECT_FRAGMENT(typescript, "statement", true, "a = 1", "a;", "if (a) b\nelse c", "{ a; b }", "return", "\nx // y");
    EXPECT_FRAGMENT(typescript, "statement", false, "", "a; b", "a\nb", "else c", "a as", "if (a)", "/* a */");
    EXPECT_FRAGMENT(typescript, "block", true, "{}", " { a\nb } ", "{ return { a: 1 } }");
    EXPECT_FRAGMENT(typescript, "block", false, "a", "{} {}", "{ a: 1, b: 2 }", "{};", "");
    EXPECT_FRAGMENT(typescript, "declaration", true, "let a = 1", "function f<T>(a: T): void { return }",
                    "type A = B\n", "interface A { b(): c }", "declare namespace N {}", "abstract class A {}");
    EXPECT_FRAGMENT(typescript, "declaration", false, "let a = 1; let b", "a = 1", "export let a", "function () {}",
                    "");
    EXPECT_FRAGMENT(typescript, "expression", true, "a", "{ a: 1 }", "function () {}", "class {}", "x => { y }",
                    "a\n+ b", "`${c}`", "await f(a, b) as C", " /a/g ");
    EXPECT_FRAGMENT(typescript, "expression", false, "a;", "a, b", "a\nb", "{ a; }", "let a", "a +", "x: string", "");
    EXPECT_FRAGMENT(typescript, "type", true, "A", "{ a: b\nc?: d }", "| A | B", "(a: b) => c", "A extends B ? C : D",
                    "Array<Array<string>>", "typeof a[]");
    EXPECT_FRAGMENT(typescript, "type", false, "A;", "A, B", "a + b", "A<", "A = B", "asserts x is A is B", "");
    EXPECT_FRAGMENT(typescript, "class_members", true, "", "a = 1\nb() {}", "static {} ; #c", "constructor() {}");
    EXPECT_FRAGMENT(typescript, "class_members", false, "a b", "}", "a = 1 b", "let a", "for (;;) {}");
    EXPECT_FRAGMENT(typescript, "class_member", true, "a", "get a(): b { return c }", "@d readonly e!: f", ";");
    EXPECT_FRAGMENT(typescript, "class_member", false, "", "a; b", "a() {} b() {}", "let a = 1");
    EXPECT_FRAGMENT(tsx, "expression", true, "<a b={c}>d</a>", "a < b");
    EXPECT_FRAGMENT(tsx, "statements", true, "return <></>");
    EXPECT_FRAGMENT(tsx, "type", false, "<a />");
}

TEST(code_in_markdown) {
    IGNORE_STATE;
    EXPECT_FRAGMENT(typescript, "markdown", true,
                    "Here:\n\n```typescript\nconst a = `\n\\`\\`\\`\n${\n``}`\n```\n\nDone.",
                    "```ts\n// ```\n/*\n```\n*/ a\n  ```", "```ts\n```\n", "```ts\n\n```\nand\n```ts title\na = b\n```",
                    "```sh\n(\n```\n```ts\nif (a)\n  b\n```\n```sh\n(", "```ts\nlet a = 1 // b\n\n```",
                    "```ts\r\na\r\n```\r\n", "```ts\nf\n`a`\n```");
    EXPECT_FRAGMENT(typescript, "markdown", false, "", "a", "```ts\na", "```ts\na ```", "```ts\nif (a)\n```",
                    "```ts\na b\n```", "```ts\na\n```b", "```ts\n`\n```", "```ts\na /*\n*/ ```",
                    "```ts\na\n```\n```ts\nb +\n```", "```ts a\n```\n```ts");
    EXPECT_FRAGMENT(tsx, "markdown", true, "```tsx\n<a>\n```\n</a>\n```");
}

TEST(from_what_is_read_something_goes_on) {
    IGNORE_STATE;
    wander(&typescript, 150, 120);
    wander(&tsx, 100, 120);
    for (uint32_t i = 1; i < typescript.pack->tables.start_count; i++) {
        typescript.language.fragment = i;
        wander(&typescript, 20, 80);
    }
    typescript.language.fragment = FRAGMENT_FILE;
}

TEST(long_chains_take_a_moment_only) {
    IGNORE_STATE;
    static char text[20000];
    const char *const links[] = {"if(a){}else ", "a?(b):", "a<", "f<A<", "(a=>"};
    for (size_t i = 0; i < sizeof links / sizeof *links; i++) {
        Reading reading;
        size_t length = strlen(links[i]);
        for (size_t k = 0; k < 1000; k++) memcpy(text + k * length, links[i], length);
        assert_int_equal(read_text(&typescript.language, text, 1000 * length, &reading), 1000 * length);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(semicolons_left_out),
        cmocka_unit_test(words),
        cmocka_unit_test(types),
        cmocka_unit_test(expressions),
        cmocka_unit_test(declarations),
        cmocka_unit_test(what_the_parser_lets_through_and_the_compiler_refuses),
        cmocka_unit_test(elements_end_with_the_name_that_they_began_with),
        cmocka_unit_test(jsx),
        cmocka_unit_test(fragments),
        cmocka_unit_test(code_in_markdown),
        cmocka_unit_test(from_what_is_read_something_goes_on),
        cmocka_unit_test(long_chains_take_a_moment_only),
    };
    return cmocka_run_group_tests(tests, open_languages, close_languages);
}
