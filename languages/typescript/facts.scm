; Facts of TypeScript and TSX. The vocabulary of captures is in languages/README.md. Of several patterns that see the same node in the same way, the
; first in this file counts.

; ---- Names

(variable_declarator name: (identifier) @name.function value: [(arrow_function) (function_expression) (generator_function)])
(lexical_declaration kind: "const" (variable_declarator name: (identifier) @name.constant value: [(string) (number) (true) (false) (regex)])
  (#parent? @name.constant "program" "export_statement"))
(variable_declarator name: (identifier) @name.variable (#parent? @name.variable "statement_block"))
(function_declaration name: (identifier) @name.function @observe.return-type.explicit return_type: (_))
(function_declaration name: (identifier) @name.function @observe.return-type.missing !return_type)
(generator_function_declaration name: (identifier) @name.function @observe.return-type.explicit return_type: (_))
(generator_function_declaration name: (identifier) @name.function @observe.return-type.missing !return_type)
(function_signature name: (identifier) @name.function)
(method_definition name: (property_identifier) @name.method @observe.return-type.explicit return_type: (_))
(method_definition name: (property_identifier) @name.method)
(method_definition name: (property_identifier) @observe.return-type.missing !return_type
  (#not-eq? @observe.return-type.missing "constructor") (#not-beside? @observe.return-type.missing "set"))
(abstract_method_signature name: (property_identifier) @name.method)
(class_declaration name: (type_identifier) @name.class)
(abstract_class_declaration name: (type_identifier) @name.class)
(interface_declaration name: (type_identifier) @name.interface)
(type_alias_declaration name: (type_identifier) @name.type)
(enum_declaration name: (identifier) @name.enum)
(type_parameter name: (type_identifier) @name.type-parameter)
(required_parameter pattern: (identifier) @name.parameter)
(optional_parameter pattern: (identifier) @name.parameter)

; ---- Imports and exports

(import_statement source: (string (string_fragment) @import.module))
(export_statement source: (string (string_fragment) @import.module))
(call_expression function: [(identifier) (import)] @_call arguments: (arguments . (string (string_fragment) @import.module))
  (#any-of? @_call "require" "import"))

([(import_statement source: (string) @observe.relative-import.js)
  (export_statement source: (string) @observe.relative-import.js)]
  (#starts? @observe.relative-import.js "\"." "'.")
  (#ends? @observe.relative-import.js ".js\"" ".mjs\"" ".cjs\"" ".jsx\"" ".js'" ".mjs'" ".cjs'" ".jsx'"))
([(import_statement source: (string) @observe.relative-import.ts)
  (export_statement source: (string) @observe.relative-import.ts)]
  (#starts? @observe.relative-import.ts "\"." "'.")
  (#ends? @observe.relative-import.ts ".ts\"" ".mts\"" ".cts\"" ".tsx\"" ".ts'" ".mts'" ".cts'" ".tsx'"))
([(import_statement source: (string) @observe.relative-import.none)
  (export_statement source: (string) @observe.relative-import.none)]
  (#starts? @observe.relative-import.none "\"." "'.")
  (#not-contains? @observe.relative-import.none
    ".json" ".css" ".scss" ".sass" ".less" ".svg" ".png" ".jpg" ".html" ".txt" ".md" ".wasm" ".vue" ".svelte" ".node"))

(import_clause (identifier) @observe.import-clause.default)
(import_clause (named_imports) @observe.import-clause.named)
(import_clause (namespace_import) @observe.import-clause.namespace)
(export_statement "default") @observe.export.default
(export_statement) @observe.export.named
(export_statement declaration: (function_declaration name: (identifier) @observe.exported-return-type.explicit return_type: (_)))
(export_statement declaration: (function_declaration name: (identifier) @observe.exported-return-type.missing !return_type))

; ---- Layout

((string) @observe.quotes.double (#starts? @observe.quotes.double "\"") (#not-contains? @observe.quotes.double "'"))
((string) @observe.quotes.single (#starts? @observe.quotes.single "'") (#not-contains? @observe.quotes.single "\""))

((expression_statement) @observe.semicolons.always (#ends? @observe.semicolons.always ";"))
(expression_statement) @observe.semicolons.never
((return_statement) @observe.semicolons.always (#ends? @observe.semicolons.always ";"))
(return_statement) @observe.semicolons.never
((import_statement) @observe.semicolons.always (#ends? @observe.semicolons.always ";"))
(import_statement) @observe.semicolons.never

(statement_block . (_) @indent)
(class_body . (_) @indent)
(interface_body . (_) @indent)

(if_statement consequence: (statement_block) @observe.branch-body.block)
(if_statement consequence: (_) @observe.branch-body.bare)
(else_clause (statement_block) @observe.branch-body.block)
(else_clause (if_statement) @observe.branch-body.ignored)
(else_clause (_) @observe.branch-body.bare)
(for_statement body: (statement_block) @observe.branch-body.block)
(for_statement body: (_) @observe.branch-body.bare)
(for_in_statement body: (statement_block) @observe.branch-body.block)
(for_in_statement body: (_) @observe.branch-body.bare)
(while_statement body: (statement_block) @observe.branch-body.block)
(while_statement body: (_) @observe.branch-body.bare)

; ---- Types

((predefined_type) @observe.type-keyword.any (#eq? @observe.type-keyword.any "any"))
(predefined_type) @observe.type-keyword.other

; ---- Statements and expressions

(variable_declaration) @observe.declaration.var
(lexical_declaration) @observe.declaration.lexical

(["==" "!="] @observe.equality.ignored (#beside? @observe.equality.ignored "null" "undefined"))
["==" "!="] @observe.equality.loose
["===" "!=="] @observe.equality.strict

(call_expression function: (identifier) @word.call (#eq? @word.call "eval"))
((member_expression) @word.call (#eq? @word.call "console.log"))
(new_expression constructor: (identifier) @word.call (#eq? @word.call "Function"))
(variable_declarator value: (identifier) @word.call (#any-of? @word.call "Function" "eval"))
(debugger_statement "debugger" @word.call (#eq? @word.call "debugger"))

; ---- Errors

(catch_clause body: (statement_block "{" . "}") @observe.handler-body.empty)
(catch_clause body: (statement_block) @observe.handler-body.handled)

(throw_statement (new_expression constructor: (_) @_error) @observe.throw.error (#ends? @_error "Error" "Exception"))
(throw_statement (new_expression constructor: [(identifier) (member_expression)]) @observe.throw.other)
(throw_statement [(string) (template_string) (object) (array) (number) (true) (false) (null) (undefined)] @observe.throw.literal)

(class_declaration name: (type_identifier) @observe.exception-class.error (class_heritage (extends_clause value: (_) @_base))
  (#ends? @_base "Error") (#ends? @observe.exception-class.error "Error"))
(class_declaration name: (type_identifier) @observe.exception-class.other (class_heritage (extends_clause value: (_) @_base))
  (#ends? @_base "Error"))
