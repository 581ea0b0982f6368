/* Composition: one slot after the other. */
#include "braid/compose.h"
#include "base/buf.h"
#include "mask/lark.h"
#include <assert.h>

enum { VERIFY_FUEL = 50000000 };

/* A slot with everything that is asked of it. */
typedef struct Slot {
    Arena *arena;
    OverlayPiece *piece;
    const ananke_constraints *constraints;
    const Edit *definer; /* the first edit that defined it, NULL: none */
    StrList alternatives;
    StrList restrictions;
    StrList removed;
    VEC(uint32_t) speakers; /* constraints that spoke of it, each once */
    ananke_error *err;
} Slot;

static const char *id_of(const ananke_constraints *constraints, uint32_t index) {
    return constraints->items[index].view.id;
}

static bool memory(Slot *self, bool ok) {
    return ok || ak_fail_memory(self->err, self->arena);
}

static bool conflict(Slot *self, uint32_t one, uint32_t other) {
    ak_fail(self->err, ANANKE_ERROR_CONFLICT, "`%s` and `%s` contradict each other: nothing is left for `%.*s`",
            id_of(self->constraints, one), id_of(self->constraints, other), STR_ARGS(self->piece->name));
    return ak_hint(self->err, "remove one of them, or widen what it allows");
}

/* ---- one slot */

static bool add_speaker(Slot *self, uint32_t constraint) {
    for (size_t i = 0; i < self->speakers.count; i++) {
        if (self->speakers.items[i] == constraint) return true;
    }
    return memory(self, ak_vec_push(self->arena, &self->speakers, constraint));
}

/* Several definitions of a terminal are intersected as regular languages, of a rule alternative by alternative. */
static bool define(Slot *self, const Edit *edit) {
    StrList offered = {0}, kept = {0};
    if (!memory(self, ak_alternatives(self->arena, edit->text, &offered))) return false;
    if (!self->definer) {
        self->definer = edit;
        self->alternatives = offered;
        return true;
    }
    if (ak_is_terminal(edit->slot)) return memory(self, ak_vec_push(self->arena, &self->restrictions, edit->text));
    for (size_t i = 0; i < self->alternatives.count; i++) {
        if (!ak_alternatives_has(&offered, self->alternatives.items[i])) continue;
        if (!memory(self, ak_vec_push(self->arena, &kept, self->alternatives.items[i]))) return false;
    }
    if (!kept.count) return conflict(self, self->definer->constraint, edit->constraint);
    self->alternatives = kept;
    return true;
}

static bool apply(Slot *self, const Edit *edit) {
    if (!add_speaker(self, edit->constraint)) return false;
    switch (edit->kind) {
    case EDIT_DEFINE: return define(self, edit);
    case EDIT_RESTRICT:
        return memory(self, ak_alternatives_has(&self->restrictions, edit->text) ||
                                ak_vec_push(self->arena, &self->restrictions, edit->text));
    case EDIT_REMOVE: return memory(self, ak_vec_push(self->arena, &self->removed, edit->text));
    case EDIT_ADD: return true;
    }
    return true;
}

/* Takes the removed alternatives away. A slot of which nothing is left cannot be used; where a definition was emptied, two constraints disagree. */
static bool take_away(Slot *self, uint32_t last) {
    StrList left = {0};
    for (size_t i = 0; i < self->alternatives.count; i++) {
        if (ak_alternatives_has(&self->removed, self->alternatives.items[i])) continue;
        if (!memory(self, ak_vec_push(self->arena, &left, self->alternatives.items[i]))) return false;
    }
    if (!left.count && self->definer) return conflict(self, self->definer->constraint, last);
    self->alternatives = left;
    return true;
}

static bool contains(Str text, Str what) {
    for (size_t i = 0; i + what.length <= text.length; i++) {
        if (ak_str_starts(ak_str_slice(text, i, text.length), what)) return true;
    }
    return false;
}

/* llguidance refuses a rule with a parameter that its body does not use: a condition that always holds uses it. */
static bool lacks_parameter(const Slot *self, Str text) {
    return contains(self->piece->head, STR("::_")) && !contains(text, STR("::")) && !contains(text, STR("%if"));
}

/* The slot's new body. Without alternatives it is a terminal that nothing matches. */
static Str body(Slot *self) {
    Buf buf = {.arena = self->arena};
    Str joined = ak_alternatives_join(self->arena, &self->alternatives);
    if (!self->alternatives.count) joined = STR("NOTHING");
    if (self->restrictions.count) ak_buf_format(&buf, "(%.*s)", STR_ARGS(joined));
    else ak_buf_str(&buf, joined);
    for (size_t i = 0; i < self->restrictions.count; i++)
        ak_buf_format(&buf, " & (%.*s)", STR_ARGS(self->restrictions.items[i]));
    if (lacks_parameter(self, joined)) ak_buf_text(&buf, " %if ge(_, 0)");
    return ak_buf_view(&buf);
}

static bool decide(Slot *self, DecisionList *decisions) {
    if (self->speakers.count < 2) return true;
    Decision decision = {.slot = self->piece->name};
    decision.constraints.items = self->speakers.items;
    decision.constraints.count = decision.constraints.capacity = self->speakers.count;
    decision.why = ak_is_terminal(self->piece->name) ? STR("a name must satisfy all of them")
                                                     : STR("what all of them allow is left");
    return memory(self, ak_vec_push(self->arena, decisions, decision));
}

static bool compose_slot(Slot *self, const EditList *edits, DecisionList *decisions) {
    uint32_t last = 0;
    if (!memory(self, ak_alternatives(self->arena, self->piece->body, &self->alternatives))) return false;
    for (size_t i = 0; i < edits->count; i++) {
        if (!ak_str_equal(edits->items[i].slot, self->piece->name)) continue;
        if (!apply(self, &edits->items[i])) return false;
        if (edits->items[i].kind == EDIT_REMOVE) last = edits->items[i].constraint;
    }
    if (!self->speakers.count) return true;
    if (self->removed.count && !take_away(self, last)) return false;
    self->piece->body = body(self);
    return decide(self, decisions);
}

/* ---- the grammar */

static bool uses_nothing(const Overlay *grammar) {
    for (size_t i = 0; i < grammar->pieces.count; i++) {
        if (ak_str_starts(grammar->pieces.items[i].body, STR("NOTHING"))) return true;
    }
    return false;
}

static bool append(Overlay *grammar, Str name, Str text, ananke_error *err) {
    OverlayPiece piece = {.name = name,
                          .head = ak_arena_format(grammar->arena, "%.*s: ", STR_ARGS(name)),
                          .body = text,
                          .tail = STR("\n")};
    uint64_t *index = ak_arena_ok(grammar->arena) ? ak_map_put(&grammar->names, name, NULL) : NULL;
    if (!index) return ak_fail_memory(err, grammar->arena);
    *index = grammar->pieces.count;
    return ak_vec_push(grammar->arena, &grammar->pieces, piece) || ak_fail_memory(err, grammar->arena);
}

/* Definitions that constraints bring along; the same one may be brought by several. */
static bool add_definitions(Overlay *grammar, const EditList *edits, ananke_error *err) {
    for (size_t i = 0; i < edits->count; i++) {
        const Edit *edit = &edits->items[i];
        if (edit->kind == EDIT_ADD && !ak_overlay_find(grammar, edit->slot) &&
            !append(grammar, edit->slot, edit->text, err))
            return false;
    }
    return true;
}

/* Every slot that is spoken of has to be there: data and grammar may not drift apart in silence. */
static bool check_slots(const Overlay *grammar, const EditList *edits, const ananke_constraints *constraints,
                        ananke_error *err) {
    for (size_t i = 0; i < edits->count; i++) {
        const Edit *edit = &edits->items[i];
        if (ak_overlay_find(grammar, edit->slot)) continue;
        return ak_fail(err, ANANKE_ERROR_UNSUPPORTED, "`%s` needs the slot `%.*s`, which the grammar does not have",
                       id_of(constraints, edit->constraint), STR_ARGS(edit->slot));
    }
    return true;
}

bool ak_compose(Overlay *grammar, const EditList *edits, const ananke_constraints *constraints, DecisionList *decisions,
                ananke_error *err) {
    if (!add_definitions(grammar, edits, err) || !check_slots(grammar, edits, constraints, err)) return false;
    for (size_t i = 0; i < grammar->pieces.count; i++) {
        if (!grammar->pieces.items[i].name.length) continue;
        Slot slot = {
            .arena = grammar->arena, .piece = &grammar->pieces.items[i], .constraints = constraints, .err = err};
        if (!compose_slot(&slot, edits, decisions)) return false;
    }
    return !uses_nothing(grammar) || append(grammar, STR("NOTHING"), STR("/a/ & /b/"), err);
}

/* ---- verification */

/* Can a text be made of the grammar when its start is `start`? False with the reason in `err`. */
static bool is_possible(Overlay *grammar, Str start, ananke_error *err) {
    OverlayPiece *piece = ak_overlay_find(grammar, STR("start"));
    if (!piece) return ak_fail(err, ANANKE_ERROR_SYNTAX, "the grammar has no rule `start`");
    Str kept = piece->body;
    if (start.length) piece->body = start;
    Str text = ak_overlay_text(grammar);
    piece->body = kept;
    Arena arena = ak_arena(NULL);
    arena.allocator = grammar->arena->allocator;
    ak_arena_obey(&arena, grammar->arena->asked);
    Grammar built;
    Symbol symbol = AK_SYMBOL_FAILED;
    bool ok = ak_arena_ok(grammar->arena) || ak_fail_memory(err, grammar->arena);
    ok = ok && (ak_grammar_init(&built, &arena, VERIFY_FUEL) || ak_fail_memory(err, &arena));
    ok = ok && ak_lark_build(&built, text, "<composed grammar>", &symbol, err) && ak_grammar_seal(&built, symbol, err);
    if (arena.cancelled) ok = ak_fail_memory(err, &arena); /* whatever the front end made of that */
    ak_arena_free(&arena);
    return ok;
}

static bool is_restricted(const EditList *edits, Str slot) {
    for (size_t i = 0; i < edits->count; i++) {
        if (edits->items[i].kind == EDIT_RESTRICT && ak_str_equal(edits->items[i].slot, slot)) return true;
    }
    return false;
}

/* Says who left no name for `slot`. */
static bool blame(const EditList *edits, Str slot, const ananke_constraints *constraints, ananke_error *err) {
    const Edit *first = NULL, *second = NULL;
    for (size_t i = 0; i < edits->count; i++) {
        const Edit *edit = &edits->items[i];
        if (edit->kind != EDIT_RESTRICT || !ak_str_equal(edit->slot, slot)) continue;
        if (!first) first = edit;
        else if (!second && edit->constraint != first->constraint) second = edit;
    }
    assert(first);
    if (!second)
        return ak_fail(err, ANANKE_ERROR_CONFLICT, "`%s` allows no %.*s at all", id_of(constraints, first->constraint),
                       STR_ARGS(slot));
    ak_fail(err, ANANKE_ERROR_CONFLICT, "`%s` and `%s` contradict each other: no %.*s satisfies both",
            id_of(constraints, first->constraint), id_of(constraints, second->constraint), STR_ARGS(slot));
    return ak_hint(err, "remove one of them, or widen what it allows");
}

/* All restricted terminals in a row: possible when each of them is. Only when they are not is the empty one looked for. */
static bool verify_terminals(Overlay *grammar, const EditList *edits, const ananke_constraints *constraints,
                             ananke_error *err) {
    Buf row = {.arena = grammar->arena};
    ananke_error ignored = {0};
    for (size_t i = 0; i < grammar->pieces.count; i++) {
        Str name = grammar->pieces.items[i].name;
        if (name.length && is_restricted(edits, name)) ak_buf_format(&row, "%.*s ", STR_ARGS(name));
    }
    if (!row.length || is_possible(grammar, ak_buf_view(&row), &ignored)) return true;
    for (size_t i = 0; ignored.code == ANANKE_ERROR_CONFLICT && i < grammar->pieces.count; i++) {
        Str name = grammar->pieces.items[i].name;
        if (!name.length || !is_restricted(edits, name) || is_possible(grammar, name, &ignored)) continue;
        if (ignored.code == ANANKE_ERROR_CONFLICT) return blame(edits, name, constraints, err);
    }
    if (err) *err = ignored;
    return false;
}

bool ak_compose_verify(Overlay *grammar, const EditList *edits, const ananke_constraints *constraints,
                       ananke_error *err) {
    return verify_terminals(grammar, edits, constraints, err) && is_possible(grammar, (Str){0}, err);
}
