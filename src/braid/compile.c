/* Compiling: constraints and a language become ConstraintIR.
 *
 * Every constraint is lowered by its kind's data to edits of the language's grammar and a tier; the edits are composed; the composed grammar is verified; all of
 * it is written as JSON, which is then read as any other IR. Scratch memory is freed before the call returns. */
#include "base/data.h"
#include "base/log.h"
#include "braid/compose.h"
#include "braid/ir.h"
#include "language/registry.h"

typedef struct Compile {
    Arena arena; /* scratch */
    const ananke_constraints *constraints;
    const ananke_context *context;
    Str language, target;
    bool is_strict;
    EditList edits;
    Lowering *lowered; /* one for each constraint */
    DecisionList decisions;
    Overlay grammar;
    Str grammar_text;
    ananke_error *err;
} Compile;

/* ---- the language */

/* The language that most constraints speak of; of equal ones the first in byte order. */
static Str main_language(const ananke_constraints *constraints, Map *counts) {
    Str best = {0};
    uint64_t most = 0;
    for (size_t i = 0; i < constraints->count; i++) {
        Str name = ak_str(constraints->items[i].view.language);
        uint64_t *count = name.length ? ak_map_put(counts, name, NULL) : NULL;
        if (!count) continue;
        ++*count;
        if (*count > most || (*count == most && ak_str_compare(name, best) < 0)) best = name, most = *count;
    }
    return best;
}

static bool choose_language(Compile *self, const char *wanted) {
    Map counts = {.arena = &self->arena};
    self->language = wanted ? ak_str(wanted) : main_language(self->constraints, &counts);
    if (!ak_arena_ok(&self->arena)) return ak_fail_memory(self->err, &self->arena);
    if (!self->language.length) {
        ak_fail(self->err, ANANKE_ERROR_USAGE, "no constraint names a language");
        return ak_hint(self->err, "say which language to compile for");
    }
    Str data = ak_arena_format(&self->arena, "languages/%.*s/language.json", STR_ARGS(self->language));
    if (!data.data) return ak_fail_memory(self->err, &self->arena);
    bool is_known =
        ak_registry_grammar(self->language).data || ak_registry_pack(self->language).data || ak_data(data.data).data;
    return is_known || ak_registry_unknown(self->language, false, self->err);
}

/* ---- lowering */

static bool lower_all(Compile *self) {
    self->lowered = ak_new_array(&self->arena, Lowering, self->constraints->count + 1);
    if (!self->lowered) return ak_fail_memory(self->err, &self->arena);
    for (size_t i = 0; i < self->constraints->count; i++) {
        if (i % 64 == 0 && ak_is_cancelled(self->context, self->err)) return false;
        if (!ak_lower(&self->arena, self->constraints, (uint32_t)i, self->language, self->target, &self->edits,
                      &self->lowered[i], self->err))
            return false;
        if (!self->is_strict || self->lowered[i].tier >= ANANKE_TIER_CHECKED) continue;
        return ak_fail(self->err, ANANKE_ERROR_UNSUPPORTED, "`%s` is %s: %.*s", self->constraints->items[i].view.id,
                       ananke_tier_name(self->lowered[i].tier), STR_ARGS(self->lowered[i].why));
    }
    return true;
}

/* A language without a grammar has no masks: what would be masked is checked. */
static bool compose(Compile *self) {
    Str grammar = ak_registry_grammar(self->language);
    if (!grammar.data)
        return self->edits.count == 0 ||
               ak_fail(self->err, ANANKE_ERROR_UNSUPPORTED, "constraints/ has masks for %.*s, which has no grammar",
                       STR_ARGS(self->language));
    if (!ak_overlay_open(&self->grammar, &self->arena, grammar, self->err)) return false;
    if (!ak_compose(&self->grammar, &self->edits, self->constraints, &self->decisions, self->err)) return false;
    if (!ak_compose_verify(&self->grammar, &self->edits, self->constraints, self->err)) return false;
    self->grammar_text = ak_overlay_text(&self->grammar);
    return ak_arena_ok(&self->arena) || ak_fail_memory(self->err, &self->arena);
}

/* ---- the document. Failing allocations show in the arena and are asked for once, at the end. */

typedef struct Writer {
    yyjson_mut_doc *doc;
    yyjson_mut_val *root;
    const Compile *compile;
} Writer;

static void put(const Writer *to, yyjson_mut_val *object, const char *key, Str text) {
    ak_json_put_str(to->doc, object, key, text);
}

static Str id_of(const Compile *self, uint32_t constraint) {
    return ak_str(self->constraints->items[constraint].view.id);
}

static void put_patterns(const Writer *to) {
    yyjson_mut_val *list = yyjson_mut_obj_add_arr(to->doc, to->root, "regex_patterns");
    for (size_t i = 0; i < to->compile->edits.count; i++) {
        const Edit *edit = &to->compile->edits.items[i];
        if (edit->kind != EDIT_RESTRICT) continue;
        yyjson_mut_val *record = yyjson_mut_arr_add_obj(to->doc, list);
        put(to, record, "constraint", id_of(to->compile, edit->constraint));
        put(to, record, "terminal", edit->slot);
        put(to, record, "pattern", edit->text);
    }
}

static void put_token_masks(const Writer *to) {
    yyjson_mut_val *list = yyjson_mut_obj_add_arr(to->doc, to->root, "token_masks");
    for (size_t i = 0; i < to->compile->edits.count; i++) {
        const Edit *edit = &to->compile->edits.items[i];
        if (edit->kind == EDIT_RESTRICT) continue;
        yyjson_mut_val *record = yyjson_mut_arr_add_obj(to->doc, list);
        put(to, record, "constraint", id_of(to->compile, edit->constraint));
        put(to, record, "slot", edit->slot);
        put(to, record, edit->kind == EDIT_REMOVE ? "removes" : "defines", edit->text);
    }
}

static void put_priority_rules(const Writer *to) {
    yyjson_mut_val *list = yyjson_mut_obj_add_arr(to->doc, to->root, "priority_rules");
    for (size_t i = 0; i < to->compile->decisions.count; i++) {
        const Decision *decision = &to->compile->decisions.items[i];
        yyjson_mut_val *record = yyjson_mut_arr_add_obj(to->doc, list);
        put(to, record, "slot", decision->slot);
        yyjson_mut_val *ids = yyjson_mut_obj_add_arr(to->doc, record, "constraints");
        for (size_t j = 0; j < decision->constraints.count; j++) {
            yyjson_mut_arr_add_str(to->doc, ids,
                                   to->compile->constraints->items[decision->constraints.items[j]].view.id);
        }
        put(to, record, "why", decision->why);
    }
}

/* The constraints that restrict `terminal`. */
static void put_restricting(const Writer *to, yyjson_mut_val *ids, Str terminal) {
    for (size_t i = 0; i < to->compile->edits.count; i++) {
        const Edit *edit = &to->compile->edits.items[i];
        if (edit->kind != EDIT_RESTRICT || !ak_str_equal(edit->slot, terminal)) continue;
        yyjson_mut_arr_add_str(to->doc, ids, to->compile->constraints->items[edit->constraint].view.id);
    }
}

static void put_names(const Writer *to) {
    yyjson_mut_val *list = yyjson_mut_obj_add_arr(to->doc, to->root, "names");
    for (size_t i = 0; i < to->compile->grammar.pieces.count; i++) {
        const OverlayPiece *piece = &to->compile->grammar.pieces.items[i];
        yyjson_mut_val *ids = yyjson_mut_arr(to->doc);
        if (ids && piece->name.length) put_restricting(to, ids, piece->name);
        if (!yyjson_mut_arr_size(ids)) continue;
        yyjson_mut_val *record = yyjson_mut_arr_add_obj(to->doc, list);
        put(to, record, "terminal", piece->name);
        yyjson_mut_obj_add_val(to->doc, record, "constraints", ids);
        put(to, record, "body", piece->body);
    }
}

static void put_enforcement(const Writer *to) {
    yyjson_mut_val *list = yyjson_mut_obj_add_arr(to->doc, to->root, "enforcement");
    for (uint32_t i = 0; i < to->compile->constraints->count; i++) {
        yyjson_mut_val *record = yyjson_mut_arr_add_obj(to->doc, list);
        put(to, record, "constraint", id_of(to->compile, i));
        put(to, record, "tier", ak_str(ananke_tier_name(to->compile->lowered[i].tier)));
        put(to, record, "why", to->compile->lowered[i].why);
    }
}

/* The whole set, so that what was generated can be checked by the IR alone. */
static bool put_checks(const Writer *to, ananke_error *err) {
    size_t length = 0;
    char *text = ananke_constraints_text(to->compile->constraints, ANANKE_FORMAT_JSON, &length, err);
    if (!text) return false;
    Arena *arena = to->compile->grammar.arena;
    yyjson_doc *set = ak_json_parse(arena, (Str){text, length}, NULL, err);
    ananke_text_free(text);
    if (!set) return false;
    yyjson_mut_obj_add_val(to->doc, to->root, "checks", yyjson_val_mut_copy(to->doc, yyjson_doc_get_root(set)));
    return true;
}

static Str write_document(Compile *self) {
    self->grammar.arena = &self->arena;
    yyjson_mut_doc *doc = ak_json_new(&self->arena);
    yyjson_mut_val *root = doc ? yyjson_mut_obj(doc) : NULL;
    if (!root) return ak_fail_memory(self->err, &self->arena), (Str){0};
    Writer to = {doc, root, self};
    yyjson_mut_doc_set_root(doc, root);
    yyjson_mut_obj_add_uint(doc, root, "version", AK_IR_VERSION);
    put(&to, root, "language", self->language);
    yyjson_mut_obj_add_null(doc, root, "json_schema");
    put(&to, root, "grammar", self->grammar_text);
    put_patterns(&to);
    put_token_masks(&to);
    put_priority_rules(&to);
    if (!put_checks(&to, self->err)) return (Str){0};
    put_names(&to);
    put_enforcement(&to);
    if (!ak_arena_ok(&self->arena)) return ak_fail_memory(self->err, &self->arena), (Str){0};
    return ak_json_print(&self->arena, doc, false, self->err);
}

static void log_tiers(const Compile *self) {
    size_t masked = 0, checked = 0;
    for (size_t i = 0; i < self->constraints->count; i++) {
        masked += self->lowered[i].tier == ANANKE_TIER_MASKED;
        checked += self->lowered[i].tier == ANANKE_TIER_CHECKED;
    }
    ak_log(self->context, ANANKE_LOG_INFO, "braid", NULL, "%zu constraints for %.*s: %zu masked, %zu checked",
           self->constraints->count, STR_ARGS(self->language), masked, checked);
}

static ananke_ir *run(Compile *self, const char *language) {
    if (!choose_language(self, language) || !lower_all(self) || !compose(self)) return NULL;
    Str text = write_document(self);
    if (!text.data) return NULL;
    log_tiers(self);
    return ak_ir_read(text, NULL, self->context, self->err);
}

ananke_ir *ananke_compile(const ananke_constraints *constraints, const ananke_compile_options *options,
                          ananke_error *err) {
    const ananke_compile_options defaults = {0};
    if (!options) options = &defaults;
    Compile self = {.arena = ak_arena(options->context),
                    .constraints = constraints,
                    .context = options->context,
                    .target = ak_str(options->target),
                    .is_strict = options->strict,
                    .grammar_text = STR(""),
                    .err = err};
    ak_arena_obey(&self.arena, options->context);
    ananke_ir *ir = run(&self, options->language);
    if (!ir && self.arena.cancelled) ak_fail_memory(err, &self.arena);
    ak_arena_free(&self.arena);
    return ir;
}
