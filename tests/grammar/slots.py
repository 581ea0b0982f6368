"""Every slot of the grammars, redefined as their heads say: the restricted grammar must compile, walk and parse, and hold the restriction.

    slots.py [typescript|python] [--engine llguidance|ananke] [--count N]

Each row: the redefinitions, a text that the shipped grammar accepts and the restricted one must refuse, a text that both accept.
"""
import argparse
import pathlib
import random
import sys

from engines import ENGINES
from walk import JUDGES, DeadEnd, Walk, pieces

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
ROWS = {
    "typescript": [
        ("FUNCTION_NAME: BINDING & /[a-z][A-Za-z0-9]*/", "function Foo_bar() { }", "function fooBar() { }"),
        ("METHOD_NAME: WORD & /[a-z]+/", "class A { Foo() { } }", "class A { foo() { } }"),
        ("CLASS_NAME: TYPE_BINDING & /[A-Z][A-Za-z0-9]*/", "class foo { }", "class Foo { }"),
        ("INTERFACE_NAME: TYPE_BINDING & /I[A-Z][A-Za-z0-9]*/", "interface Foo { }", "interface IFoo { }"),
        ("TYPE_NAME: TYPE_BINDING & /[A-Z][A-Za-z0-9]*/", "type a = b;", "type A = b;"),
        ("VARIABLE_NAME: BINDING & /[a-z]+/", "let A = 1;", "let a = 1;"),
        ("CONSTANT: BINDING & /[A-Z_]+/", "const a = 1;", "const A_B = 1;"),
        ("PARAMETER_NAME: BINDING & /[a-z]+/", "let f = (A) => A;", "let f = (a) => a;"),
        ("ENUM_MEMBER: WORD & /[A-Z]+/", "enum E { a }", "enum E { A }"),
        ("PRIVATE_NAME: \"#\" /_[a-z]+/", "class A { #a = 1; }", "class A { #_a = 1; }"),
        ("module_specifier: \"\\\"zod\\\"\" | \"'./a'\"", "import a from 'fs';", "import a from './a';"),
        ("function_return: return_annotation", "function f() { }", "function f(): void { }"),
        ("method_return: return_annotation", "class A { f() { } }", "class A { f(): void { } }"),
        ("arrow_return: return_annotation_arrow", "let f = (a) => a;", "let f = (a): b => a;"),
        ("parameter_type: type_annotation", "function f(a) { }", "function f(a: b) { }"),
        ("field_type: type_annotation", "class A { a = 1; }", "class A { a: b = 1; }"),
        ("any_type: \"never\"", "let a: any = 1;", "let a: never;"),
        ("as_any: \"unknown\"", "let a = b as any;", "let a: any = b as unknown;"),
        ("unknown_type: \"never\"", "let a: unknown;", "let a: any;"),
        ("string: SINGLE_STRING", "let a = \"b\";", "let a = 'b';"),
        ("string: DOUBLE_STRING", "let a = 'b';", "let a = \"b\";"),
        ("end_of_statement: SEMICOLON", "let a = 1\nb();", "let a = 1; b();"),
        ("declaration_keyword: LET", "var a = 1;", "let a = 1;"),
        ("equality_operator: STRICT_EQUALITY", "a = b == c;", "a = b === c;"),
        ("throw_value::_: new_expression::_", "throw 1;", "throw new E(1);"),
        ("catch_block::_: filled_block::_", "try { } catch { }", "try { } catch { a(); }"),
        ("non_null::_: lhs::_ DOT MEMBER_NAME", "a = b!;", "a = b;"),
        ("optional_statement: THROW new_expression::0", "debugger;", "a();"),
        ("optional_declaration: namespace_declaration", "enum E { }", "namespace N { }"),
        ("optional_declaration: enum_declaration", "namespace N { }", "enum E { }"),
        ("optional_export: export_star", "export default a;", "export * from 'a';"),
        ("decorators: \"\"", "@a class A { }", "class A { }"),
    ],
    "python": [
        ("FUNCTION_NAME: BINDING & /[a-z_]+/", "def Foo(): pass", "def foo(): pass"),
        ("METHOD_NAME: BINDING & /[a-z_]+/", "class A:\n    def Foo(): pass", "class A:\n    def foo(): pass"),
        ("CLASS_NAME: BINDING & /[A-Z][A-Za-z0-9]*/", "class foo: pass", "class Foo: pass"),
        ("PARAMETER_NAME: BINDING & /[a-z_]+/", "def f(A): pass", "def f(a): pass"),
        ("CONSTANT: BINDING & /[A-Z_]+/", "a = 1", "A = 1"),
        ("PROPERTY_NAME: BINDING & /[a-z_]+/", "class A:\n    B = 1", "class A:\n    b = 1"),
        ("VARIABLE_NAME: BINDING & /[a-z_]+/", "for A in b: pass", "for a in b: pass"),
        ("module_name: \"os\" | \"os.path\"", "import sys", "from os.path import a"),
        ("relative_module: \".\" | \".models\"", "from .. import a", "from .models import a"),
        ("function_return: return_annotation", "def f(): pass", "def f() -> a: pass"),
        ("method_return: return_annotation", "class A:\n    def f(): pass", "class A:\n    def f() -> a: pass"),
        ("parameter_type: type_annotation", "def f(a): pass", "def f(a: b): pass"),
        ("any_type: \"object\"", "a: t.Any = 1", "a: object = 1"),
        ("string: DOUBLE_STRING | TRIPLE_DOUBLE | PREFIXED_DOUBLE\nf_string: double_f_string", "a = 'b'", "a = \"b\""),
        ("bare_except: \"except Exception\"", "try: pass\nexcept: pass", "try: pass\nexcept Exception: pass"),
        ("star_import: import_list", "from a import *", "from a import b"),
        ("optional_statement::_: DEL delete_targets::bit_and(0x2B0)", "assert a", "del a"),
        ("lambda::_: disjunction::_", "a = lambda: b", "a = b"),
        ("walrus::_: expression::_", "if (a := b): pass", "if a: pass"),
        ("except_suite::_: filled_suite::_", "try: pass\nexcept A: pass", "try: pass\nexcept A:\n    pass"),
    ],
}


def accepts(engine, text):
    engine.reset()
    return engine.push(text.encode()) == len(text.encode()) and engine.accepting()


def trouble(language, grammar, row, engine_of, count):
    change, bad, good = row
    shipped, restricted = engine_of(grammar), engine_of(grammar + change + "\n")
    if not (accepts(shipped, bad) and accepts(shipped, good)):
        return "the shipped grammar refuses an example"
    if accepts(restricted, bad) or not accepts(restricted, good):
        return "the restriction does not hold" if accepts(restricted, bad) else "the good example is refused"
    words, programs = pieces(grammar), []
    for number in range(count):
        rng = random.Random(number)
        try:
            programs.append(Walk(restricted, words, language, rng, 60).run())
        except DeadEnd as end:
            return f"dead end {end.args[0][-200:]!r}"
    complaints = [complaint for complaint in JUDGES[language](programs) if complaint]
    return complaints[0] if complaints else None


def main():
    options = argparse.ArgumentParser()
    options.add_argument("language", nargs="?", choices=ROWS)
    options.add_argument("--engine", default="llguidance", choices=ENGINES)
    options.add_argument("--count", type=int, default=15)
    given = options.parse_args()
    failures = total = 0
    for language in [given.language] if given.language else ROWS:
        grammar = (ROOT / "languages" / language / f"{language}.lark").read_text()
        for row in ROWS[language]:
            total += 1
            complaint = trouble(language, grammar, row, ENGINES[given.engine], given.count)
            if complaint:
                failures += 1
                print(f"{language}: {row[0]}: {complaint}")
    print(f"{total} slots, {failures} failures ({given.engine})")
    sys.exit(failures != 0)


if __name__ == "__main__":
    main()
