/* Lowering: what a constraint changes in the grammar of a language, as the data of its kind says (constraints/KIND.json, languages.NAME.mask).
 *
 * A mask is a list of entries. Those whose `when` agrees with the constraint's parameters count, in order:
 *     "let":      {"word": "text"}                      a word for the templates of the entries after it
 *     "define":   {"slot": "body"}                      the slot's definition is replaced
 *     "restrict": {"TERMINAL": "/regex/"}               the terminal must match this, too
 *     "remove":   {"slot": ["alternative", …]}          these alternatives of the slot are taken away
 *     "add":      {"NAME": "body"}                      a definition that the grammar lacks
 *     "tier", "why"                                     what this achieves: "masked" when no text of the grammar can break the rule, "checked" when
 *                                                       it makes breaking it harder, "unsupported" when the grammar cannot follow it
 * Texts are templates: {style} is a parameter, {modules:regex} the items of a list as an alternation of literals, {word} what `let` gave. */
#ifndef AK_BRAID_LOWER_H
#define AK_BRAID_LOWER_H

#include "base/vec.h"
#include "model/constraint_set.h"
#include <ananke/ir.h>

typedef enum EditKind { EDIT_DEFINE, EDIT_RESTRICT, EDIT_REMOVE, EDIT_ADD } EditKind;

/* One change to one definition. */
typedef struct Edit {
    EditKind kind;
    Str slot;
    Str text;            /* a body, a regular expression, or one alternative */
    uint32_t constraint; /* its index in the set */
} Edit;

typedef VEC(Edit) EditList;

typedef struct Lowering {
    ananke_tier tier;
    Str why; /* one sentence */
} Lowering;

/* Appends the edits of constraint `index` to `edits` and says what they achieve. `target` is the file that is written: a constraint whose scope leaves
 * it out gives no edits; empty: an ordinary source file. False only on failure. */
bool ak_lower(Arena *arena, const ananke_constraints *constraints, uint32_t index, Str language, Str target,
              EditList *edits, Lowering *result, ananke_error *err);

#endif
