/* Lowering by the data of kinds. */
#include "braid/lower.h"
#include "base/data.h"

/* What the templates of one constraint may use. */
typedef struct Lower {
    Arena *arena;
    const Constraint *constraint;
    Str language;
    uint32_t index;
    EditList *edits;
    VEC(KindWord) words;
    ananke_error *err;
} Lower;

static bool memory(Lower *self, bool ok) {
    return ok || ak_fail_memory(self->err, self->arena);
}

/* The data is the project's own; still a mistake in it is an error that says where. */
static bool bad_data(Lower *self, const char *what) {
    return ak_fail(self->err, ANANKE_ERROR_SYNTAX, "constraints/%.*s.json: languages.%.*s.mask: %s",
                   STR_ARGS(self->constraint->kind->id), STR_ARGS(self->language), what);
}

/* ---- words */

/* Escapes what a regular expression, or the slashes around it, would read as something else. */
static void put_escaped(Buf *buf, Str literal) {
    for (size_t i = 0; i < literal.length; i++) {
        if (strchr("\\^$.|?*+()[]{}/-", literal.data[i])) ak_buf_byte(buf, '\\');
        ak_buf_byte(buf, literal.data[i]);
    }
}

static bool put_item(Buf *buf, yyjson_val *item, size_t index) {
    if (!yyjson_is_str(item)) return false;
    if (index) ak_buf_byte(buf, '|');
    put_escaped(buf, ak_json_str(item));
    return true;
}

/* A string or a list of strings as an alternation of literals, as the word `name:regex`. */
static bool add_regex_word(Lower *self, Str name, yyjson_val *value) {
    Buf buf = {.arena = self->arena};
    ak_buf_bytes(&buf, "", 0);
    size_t i, count;
    yyjson_val *item;
    if (yyjson_is_str(value)) put_item(&buf, value, 0);
    yyjson_arr_foreach(value, i, count, item) {
        if (!put_item(&buf, item, i)) return true; /* not a list of strings: no such word */
    }
    KindWord word = {ak_arena_format(self->arena, "%.*s:regex", STR_ARGS(name)), ak_buf_view(&buf)};
    return memory(self, ak_arena_ok(self->arena) && ak_vec_push(self->arena, &self->words, word));
}

/* The words that languages/NAME/language.json gives: its lists of strings. */
static bool add_language_words(Lower *self) {
    Str path = ak_arena_format(self->arena, "languages/%.*s/language.json", STR_ARGS(self->language));
    if (!memory(self, path.data != NULL)) return false;
    Str text = ak_data(path.data);
    yyjson_doc *doc = text.data ? ak_json_parse(self->arena, text, path.data, self->err) : NULL;
    if (!doc) return text.data == NULL;
    size_t i, count;
    yyjson_val *key, *value;
    yyjson_obj_foreach(yyjson_doc_get_root(doc), i, count, key, value) {
        if (yyjson_is_arr(value) && !add_regex_word(self, ak_json_str(key), value)) return false;
    }
    return true;
}

static bool add_words(Lower *self) {
    const Kind *kind = self->constraint->kind;
    for (size_t i = 0; i < kind->parameter_count; i++) {
        yyjson_val *value = ak_kind_value(kind, self->constraint->parameters, kind->parameters[i].name);
        if ((yyjson_is_str(value) || yyjson_is_arr(value)) && !add_regex_word(self, kind->parameters[i].name, value))
            return false;
    }
    return add_language_words(self);
}

static Str expand(Lower *self, yyjson_val *template) {
    Str text = ak_kind_text(self->arena, ak_json_str(template), self->constraint->kind, self->constraint->parameters,
                            self->words.items, self->words.count);
    if (!text.data) ak_fail_memory(self->err, self->arena);
    return text;
}

/* A word that is given again has its new value from then on. */
static bool set_word(Lower *self, KindWord word) {
    for (size_t i = 0; i < self->words.count; i++) {
        if (ak_str_equal(self->words.items[i].name, word.name)) return self->words.items[i].value = word.value, true;
    }
    return memory(self, ak_vec_push(self->arena, &self->words, word));
}

static bool add_lets(Lower *self, yyjson_val *lets) {
    if (!lets) return true; /* yyjson's loop wants an object */
    size_t i, count;
    yyjson_val *key, *value;
    yyjson_obj_foreach(lets, i, count, key, value) {
        KindWord word = {ak_json_str(key), expand(self, value)};
        if (!word.value.data || !set_word(self, word)) return false;
    }
    return true;
}

/* `words` of the kind: entries with `let` that hold for every language. */
static bool add_kind_words(Lower *self) {
    size_t i, count;
    yyjson_val *entry;
    yyjson_arr_foreach(yyjson_obj_get(self->constraint->kind->json, "words"), i, count, entry) {
        bool counts =
            ak_kind_agrees(self->constraint->kind, yyjson_obj_get(entry, "when"), self->constraint->parameters);
        if (counts && !add_lets(self, yyjson_obj_get(entry, "let"))) return false;
    }
    return true;
}

/* ---- edits */

static bool add_edit(Lower *self, EditKind kind, yyjson_val *slot, yyjson_val *template) {
    if (!yyjson_is_str(template)) return bad_data(self, "a text is wanted");
    Edit edit = {kind, ak_json_str(slot), expand(self, template), self->index};
    return edit.text.data && memory(self, ak_vec_push(self->arena, self->edits, edit));
}

static bool add_edits(Lower *self, EditKind kind, yyjson_val *slots) {
    if (!slots) return true; /* yyjson's loop wants an object */
    size_t i, count, j, item_count;
    yyjson_val *slot, *value, *item;
    yyjson_obj_foreach(slots, i, count, slot, value) {
        if (yyjson_is_arr(value)) {
            yyjson_arr_foreach(value, j, item_count, item) {
                if (!add_edit(self, kind, slot, item)) return false;
            }
        } else if (!add_edit(self, kind, slot, value)) {
            return false;
        }
    }
    return true;
}

static bool read_tier(Lower *self, yyjson_val *value, ananke_tier *tier) {
    static const ananke_tier tiers[] = {ANANKE_TIER_UNSUPPORTED, ANANKE_TIER_ADVISED, ANANKE_TIER_CHECKED,
                                        ANANKE_TIER_MASKED};
    for (size_t i = 0; i < sizeof tiers / sizeof *tiers; i++) {
        if (ak_str_equal(ak_json_str(value), ak_str(ananke_tier_name(tiers[i])))) return *tier = tiers[i], true;
    }
    return bad_data(self, "`tier` is masked, checked, advised or unsupported");
}

/* The weakest of what the entries achieve counts, and says why. */
static bool apply_entry(Lower *self, yyjson_val *entry, bool *is_masked, Lowering *result) {
    static const struct {
        const char *key;
        EditKind kind;
    } edits[] = {{"add", EDIT_ADD}, {"define", EDIT_DEFINE}, {"restrict", EDIT_RESTRICT}, {"remove", EDIT_REMOVE}};
    if (!add_lets(self, yyjson_obj_get(entry, "let"))) return false;
    for (size_t i = 0; i < sizeof edits / sizeof *edits; i++) {
        if (!add_edits(self, edits[i].kind, yyjson_obj_get(entry, edits[i].key))) return false;
    }
    yyjson_val *tier = yyjson_obj_get(entry, "tier"), *why = yyjson_obj_get(entry, "why");
    if (!tier) return true;
    Lowering said = {ANANKE_TIER_UNSUPPORTED, {0}};
    if (!read_tier(self, tier, &said.tier)) return false;
    said.why = expand(self, why);
    if (!said.why.data) return false;
    if (!*is_masked || said.tier < result->tier) *result = said;
    return *is_masked = true;
}

/* ---- what holds where no mask does */

static bool is_checkable(const Constraint *constraint, Str language) {
    return yyjson_obj_getn(constraint->about->examples, language.data, language.length) != NULL;
}

static bool say(Lower *self, Lowering *result, ananke_tier tier, Str why) {
    *result = (Lowering){tier, why};
    return memory(self, why.data != NULL);
}

static bool without_mask(Lower *self, Lowering *result) {
    Str kind = self->constraint->kind->id;
    if (!is_checkable(self->constraint, self->language)) {
        return say(self, result, ANANKE_TIER_ADVISED,
                   ak_arena_format(self->arena, "nothing here can test `%.*s` in %.*s, so it is only told to the model",
                                   STR_ARGS(kind), STR_ARGS(self->language)));
    }
    return say(self, result, ANANKE_TIER_CHECKED,
               ak_arena_format(self->arena, "verified on what was generated: the grammar of %.*s has no slot for it",
                               STR_ARGS(self->language)));
}

static bool lower_by_mask(Lower *self, yyjson_val *mask, Lowering *result) {
    bool is_masked = false;
    size_t i, count;
    yyjson_val *entry;
    if (!add_words(self) || !add_kind_words(self)) return false;
    yyjson_arr_foreach(mask, i, count, entry) {
        bool counts =
            ak_kind_agrees(self->constraint->kind, yyjson_obj_get(entry, "when"), self->constraint->parameters);
        if (counts && !apply_entry(self, entry, &is_masked, result)) return false;
    }
    return is_masked || without_mask(self, result);
}

/* Does the constraint speak of the file that is written? Without a file in sight it is an ordinary one: a rule for named places only is not masked
 * then, and one that merely leaves out tests and the like holds. */
static bool is_aimed(Lower *self, Str target, Lowering *result) {
    const Constraint *constraint = self->constraint;
    if (target.length) {
        if (ak_constraint_covers(constraint, target, target)) return true;
        *result =
            (Lowering){ANANKE_TIER_UNSUPPORTED,
                       ak_arena_format(self->arena, "it does not apply: its scope leaves %.*s out", STR_ARGS(target))};
        return false;
    }
    if (!constraint->path_count || !is_checkable(constraint, self->language)) return true;
    *result = (Lowering){
        ANANKE_TIER_CHECKED,
        ak_arena_str(self->arena,
                     STR("verified on what was generated: it holds for some files only, and none was named"))};
    return false;
}

bool ak_lower(Arena *arena, const ananke_constraints *constraints, uint32_t index, Str language, Str target,
              EditList *edits, Lowering *result, ananke_error *err) {
    const Constraint *constraint = &constraints->items[index];
    Lower self = {
        .arena = arena, .constraint = constraint, .language = language, .index = index, .edits = edits, .err = err};
    Str spoken = ak_str(constraint->view.language);
    if (spoken.length && !ak_str_equal(spoken, language)) {
        return say(&self, result, ANANKE_TIER_UNSUPPORTED,
                   ak_arena_format(arena, "it speaks of %.*s, and this was compiled for %.*s", STR_ARGS(spoken),
                                   STR_ARGS(language)));
    }
    if (!is_aimed(&self, target, result)) return memory(&self, result->why.data != NULL);
    yyjson_val *mask =
        yyjson_obj_get(yyjson_obj_getn(constraint->kind->languages, language.data, language.length), "mask");
    if (!mask) return without_mask(&self, result);
    return lower_by_mask(&self, mask, result);
}
