; Facts of Python. The vocabulary of captures is in languages/README.md. Of several patterns that see the same node in the same way, the first in this
; file counts.

; ---- Names

(class_definition body: (block (function_definition name: (identifier) @name.method (#not-starts? @name.method "__"))))
(class_definition body: (block (decorated_definition (function_definition name: (identifier) @name.method (#not-starts? @name.method "__")))))
(function_definition name: (identifier) @name.function (#not-starts? @name.function "__"))
(class_definition name: (identifier) @name.class)
(module (expression_statement (assignment left: (identifier) @name.constant
  right: [(string) (integer) (float) (true) (false) (tuple) (unary_operator) (concatenated_string)]) (#not-starts? @name.constant "__")))
(class_definition body: (block (expression_statement (assignment left: (identifier) @name.attribute))))
(block (expression_statement (assignment left: (identifier) @name.variable)))

((parameters (identifier) @name.parameter @observe.parameter-type.ignored) (#any-of? @name.parameter "self" "cls" "mcs" "metacls"))
(parameters (identifier) @name.parameter @observe.parameter-type.missing)
(parameters (default_parameter name: (identifier) @name.parameter @observe.parameter-type.missing))
(parameters (list_splat_pattern (identifier) @name.parameter @observe.parameter-type.missing))
(parameters (dictionary_splat_pattern (identifier) @name.parameter @observe.parameter-type.missing))
(parameters (typed_parameter . (identifier) @name.parameter @observe.parameter-type.explicit))
(parameters (typed_parameter [(list_splat_pattern (identifier) @name.parameter @observe.parameter-type.explicit)
  (dictionary_splat_pattern (identifier) @name.parameter @observe.parameter-type.explicit)]))
(parameters (typed_default_parameter name: (identifier) @name.parameter @observe.parameter-type.explicit))

; ---- Imports

(import_statement name: (dotted_name) @import.module)
(import_statement name: (aliased_import name: (dotted_name) @import.module))
(import_from_statement module_name: (_) @import.module)

(import_from_statement (wildcard_import)) @observe.from-import.wildcard
(import_from_statement) @observe.from-import.names
(import_from_statement name: (_) . "," . name: (_)) @observe.import-names.several
(import_from_statement) @observe.import-names.one
(import_statement name: (_) . "," . name: (_)) @observe.import-names.several
(import_statement) @observe.import-names.one

(module (future_import_statement name: (dotted_name) @_feature (#eq? @_feature "annotations"))) @observe.future-annotations.present
(module) @observe.future-annotations.missing

; ---- Layout

((string_start) @observe.quotes.ignored (#ends? @observe.quotes.ignored "\"\"\"" "'''"))
((string (string_start) @observe.quotes.double (#ends? @observe.quotes.double "\"")) @_string (#not-contains? @_string "'"))
((string (string_start) @observe.quotes.single (#ends? @observe.quotes.single "'")) @_string (#not-contains? @_string "\""))

; Before Python 3.12 a string inside of an f-string must take the other quotes.
(interpolation) @leave.quotes

(block . (_) @indent)

; ---- Types and documentation

(function_definition name: (identifier) @observe.return-type.explicit return_type: (_))
; Type checkers know what __init__ returns.
((function_definition name: (identifier) @observe.return-type.missing !return_type) (#not-eq? @observe.return-type.missing "__init__"))

(function_definition name: (identifier) @observe.docstring.present body: (block . (expression_statement (string)))
  (#not-starts? @observe.docstring.present "_"))
(function_definition name: (identifier) @observe.docstring.missing (#not-starts? @observe.docstring.missing "_"))
(class_definition name: (identifier) @observe.docstring.present body: (block . (expression_statement (string)))
  (#not-starts? @observe.docstring.present "_"))
(class_definition name: (identifier) @observe.docstring.missing (#not-starts? @observe.docstring.missing "_"))

; ---- Statements and expressions

(comparison_operator operators: ["==" "!="] (none)) @observe.none-comparison.equality
(comparison_operator operators: ["is" "is not"] (none)) @observe.none-comparison.identity

(default_parameter value: [(list) (dictionary) (set)] @observe.default.mutable)
(default_parameter value: (_) @observe.default.safe)
(typed_default_parameter value: [(list) (dictionary) (set)] @observe.default.mutable)
(typed_default_parameter value: (_) @observe.default.safe)

(call function: (identifier) @word.call (#any-of? @word.call "eval" "exec" "print" "breakpoint"))

; ---- Errors

(except_clause value: (_)) @observe.except-clause.typed
(except_clause) @observe.except-clause.bare
(except_clause (block . [(pass_statement) (expression_statement (ellipsis))] .) @observe.handler-body.empty)
(except_clause (block) @observe.handler-body.handled)

(raise_statement . (call) @observe.raise.instance)
(raise_statement . (identifier) @observe.raise.class (#style? @observe.raise.class "PascalCase"))
(raise_statement . (attribute attribute: (identifier) @_name) @observe.raise.class (#style? @_name "PascalCase"))

(class_definition name: (identifier) @observe.exception-class.error superclasses: (argument_list (_) @_base)
  (#ends? @_base "Error" "Exception") (#ends? @observe.exception-class.error "Error"))
(class_definition name: (identifier) @observe.exception-class.other superclasses: (argument_list (_) @_base)
  (#ends? @_base "Error" "Exception"))
