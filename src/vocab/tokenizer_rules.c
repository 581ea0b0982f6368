/* Reading normaliser and pre-tokenizer: one table of names and functions for each. What is not in a table, or stands where it would mean
 * something else, makes encoding unsupported by name; the vocabulary can be used all the same. */
#include "vocab/tokenizer_rules.h"
#include "vocab/charsmap.h"
#include "vocab/tokenizer_form.h"
#include "vocab/tokenizer_patterns.h"

/* Rust's \w, as UTS 18 has it. */
#define WORD "\\p{Alphabetic}\\p{M}\\p{Nd}\\p{Pc}\\p{Join_Control}"
#define PUNCTUATION "[!-/:-@\\[-`{-~\\p{P}]"

enum { DEEPEST = 16 };

typedef struct Rules {
    Encoder *encoder;
    Arena *arena;
    ananke_error *err;
    bool bytes_last; /* ByteLevel came: the text is bytes now */
} Rules;

static bool unsupported(Rules *rules, const char *room, const char *what) {
    if (rules->encoder->unsupported) return true;
    Str text = ak_arena_format(rules->arena, "%s %.100s", room, what);
    rules->encoder->unsupported = text.data;
    return text.data || ak_fail_memory(rules->err, rules->arena);
}

static Str kept_str(Rules *rules, yyjson_val *value) {
    return ak_arena_str(rules->arena, ak_json_str(value));
}

static const char *type_of(yyjson_val *step) {
    const char *type = yyjson_get_str(yyjson_obj_get(step, "type"));
    return type ? type : "without type";
}

static bool flag(yyjson_val *step, const char *name, bool otherwise) {
    yyjson_val *value = yyjson_obj_get(step, name);
    return yyjson_is_bool(value) ? yyjson_get_bool(value) : otherwise;
}

/* ---- Normaliser. */

static bool add_normal(Rules *rules, NormalStep step) {
    if (ak_arena_ok(rules->arena) && ak_vec_push(rules->arena, &rules->encoder->normals, step)) return true;
    return ak_fail_memory(rules->err, rules->arena);
}

static bool add_kind(Rules *rules, NormalKind kind) {
    return add_normal(rules, (NormalStep){.kind = kind});
}

static bool normal_prepend(Rules *rules, yyjson_val *step) {
    return add_normal(rules,
                      (NormalStep){.kind = NORMAL_PREPEND, .to = kept_str(rules, yyjson_obj_get(step, "prepend"))});
}

/* A pattern that PCRE2 refuses is unsupported; only running out of memory fails. */
static bool settle(Rules *rules, const char *room, bool done, const ananke_error *problem) {
    if (done) return true;
    if (ak_arena_ok(rules->arena)) return unsupported(rules, room, problem->message);
    return ak_fail_memory(rules->err, rules->arena);
}

static bool normal_replace(Rules *rules, yyjson_val *step) {
    yyjson_val *pattern = yyjson_obj_get(step, "pattern"), *regex = yyjson_obj_get(pattern, "Regex");
    Str from = ak_json_str(yyjson_obj_get(pattern, "String"));
    NormalStep normal = {.kind = NORMAL_REPLACE, .to = kept_str(rules, yyjson_obj_get(step, "content"))};
    if (yyjson_is_str(regex)) {
        ananke_error problem = {0};
        normal.kind = NORMAL_REPLACE_PATTERN;
        bool done = ak_search_open(&normal.search, rules->arena, ak_json_str(regex), false, &problem);
        if (!done) return settle(rules, "normalizer Replace:", done, &problem);
        if (add_normal(rules, normal)) return true;
        ak_search_close(&normal.search);
        return false;
    }
    if (!from.length) return unsupported(rules, "normalizer Replace with", "an empty pattern");
    normal.from = ak_arena_str(rules->arena, from);
    return add_normal(rules, normal);
}

static bool normal_strip(Rules *rules, yyjson_val *step) {
    return (!flag(step, "strip_left", true) || add_kind(rules, NORMAL_STRIP_LEFT)) &&
           (!flag(step, "strip_right", true) || add_kind(rules, NORMAL_STRIP_RIGHT));
}

static bool normal_bert(Rules *rules, yyjson_val *step) {
    bool lowers = flag(step, "lowercase", true), strips = flag(step, "strip_accents", lowers);
    return (!flag(step, "clean_text", true) || add_kind(rules, NORMAL_CLEAN)) &&
           (!flag(step, "handle_chinese_chars", true) || add_kind(rules, NORMAL_SPACE_CHINESE)) &&
           (!strips || (add_kind(rules, NORMAL_NFD) && add_kind(rules, NORMAL_STRIP_ACCENTS))) &&
           (!lowers || add_kind(rules, NORMAL_LOWERCASE));
}

static bool normal_precompiled(Rules *rules, yyjson_val *step) {
    Str code = ak_json_str(yyjson_obj_get(step, "precompiled_charsmap"));
    Str data = ak_form_base64(code, rules->arena);
    Charsmap map;
    if (!ak_arena_ok(rules->arena)) return ak_fail_memory(rules->err, rules->arena);
    if (!ak_charsmap_open(&map, data)) return unsupported(rules, "normalizer Precompiled with", "a damaged map");
    return add_normal(rules, (NormalStep){.kind = NORMAL_CHARSMAP, .from = map.units, .to = map.texts});
}

static const struct {
    const char *name;
    NormalKind kind;
} plain_normals[] = {{"NFC", NORMAL_NFC},
                     {"NFD", NORMAL_NFD},
                     {"NFKC", NORMAL_NFKC},
                     {"NFKD", NORMAL_NFKD},
                     {"Nmt", NORMAL_NMT},
                     {"StripAccents", NORMAL_STRIP_MARKS},
                     {"Lowercase", NORMAL_LOWERCASE}};

static const struct {
    const char *name;
    bool (*read)(Rules *rules, yyjson_val *step);
} normals[] = {{"Prepend", normal_prepend},
               {"Replace", normal_replace},
               {"Strip", normal_strip},
               {"BertNormalizer", normal_bert},
               {"Precompiled", normal_precompiled}};

static bool read_normalizer(Rules *rules, yyjson_val *step, int depth) {
    if (!step || yyjson_is_null(step)) return true;
    const char *type = type_of(step);
    if (strcmp(type, "Sequence") == 0 && depth < DEEPEST) {
        size_t index, count;
        yyjson_val *item;
        yyjson_arr_foreach(yyjson_obj_get(step, "normalizers"), index, count, item) {
            if (!read_normalizer(rules, item, depth + 1)) return false;
        }
        return true;
    }
    for (size_t i = 0; i < sizeof plain_normals / sizeof *plain_normals; i++) {
        if (strcmp(type, plain_normals[i].name) == 0) return add_kind(rules, plain_normals[i].kind);
    }
    for (size_t i = 0; i < sizeof normals / sizeof *normals; i++) {
        if (strcmp(type, normals[i].name) == 0) return normals[i].read(rules, step);
    }
    return unsupported(rules, "normalizer", type);
}

/* ---- Pre-tokenizer. */

static bool add_cut(Rules *rules, Str pattern, bool is_literal, SplitBehavior behavior, bool invert) {
    ananke_error problem = {0};
    Splits *splits = &rules->encoder->splits;
    bool done = ak_splits_add(splits, rules->arena, pattern, is_literal, behavior, invert, &problem);
    return settle(rules, "pre_tokenizer:", done, &problem);
}

static bool add_split(Rules *rules, const char *pattern, SplitBehavior behavior, bool invert) {
    return add_cut(rules, ak_str(pattern), false, behavior, invert);
}

static const char *const behaviors[] = {"Isolated", "Removed", "MergedWithPrevious", "MergedWithNext", "Contiguous"};
_Static_assert(sizeof behaviors / sizeof *behaviors == SPLIT_CONTIGUOUS + 1, "one name for each behaviour");

static bool read_behavior(yyjson_val *step, SplitBehavior *behavior) {
    const char *name = yyjson_get_str(yyjson_obj_get(step, "behavior"));
    for (int i = 0; name && i <= SPLIT_CONTIGUOUS; i++) {
        if (strcmp(name, behaviors[i]) == 0) return *behavior = (SplitBehavior)i, true;
    }
    return !name;
}

static bool pre_split(Rules *rules, yyjson_val *step) {
    SplitBehavior behavior = SPLIT_ISOLATED;
    if (!read_behavior(step, &behavior)) return unsupported(rules, "pre_tokenizer Split with", "an unknown behavior");
    yyjson_val *pattern = yyjson_obj_get(step, "pattern");
    bool invert = flag(step, "invert", false);
    yyjson_val *literal = yyjson_obj_get(pattern, "String"), *regex = yyjson_obj_get(pattern, "Regex");
    if (yyjson_is_str(literal)) return add_cut(rules, ak_json_str(literal), true, behavior, invert);
    if (!yyjson_is_str(regex)) return unsupported(rules, "pre_tokenizer Split with", "an unknown pattern");
    return add_cut(rules, ak_json_str(regex), false, behavior, invert);
}

static bool pre_byte_level(Rules *rules, yyjson_val *step) {
    if (flag(step, "add_prefix_space", true)) {
        if (rules->encoder->splits.count)
            return unsupported(rules, "pre_tokenizer ByteLevel with", "add_prefix_space behind other steps");
        if (!add_normal(rules, (NormalStep){.kind = NORMAL_PREPEND_ONCE, .to = STR(" ")})) return false;
    }
    rules->bytes_last = true;
    return !flag(step, "use_regex", true) || add_split(rules, ak_pattern_gpt2, SPLIT_ISOLATED, false);
}

static bool pre_digits(Rules *rules, yyjson_val *step) {
    return add_split(rules, "\\p{N}", flag(step, "individual_digits", false) ? SPLIT_ISOLATED : SPLIT_CONTIGUOUS,
                     false);
}

static bool pre_punctuation(Rules *rules, yyjson_val *step) {
    SplitBehavior behavior = SPLIT_ISOLATED;
    if (!read_behavior(step, &behavior))
        return unsupported(rules, "pre_tokenizer Punctuation with", "an unknown behavior");
    return add_split(rules, PUNCTUATION, behavior, false);
}

static bool pre_whitespace(Rules *rules, yyjson_val *step) {
    (void)step;
    return add_split(rules, "[" WORD "]+|[^" WORD "\\s]+", SPLIT_REMOVED, true);
}

static bool pre_whitespace_split(Rules *rules, yyjson_val *step) {
    (void)step;
    return add_split(rules, "\\s", SPLIT_REMOVED, false);
}

static bool pre_bert(Rules *rules, yyjson_val *step) {
    return pre_whitespace_split(rules, step) && add_split(rules, PUNCTUATION, SPLIT_ISOLATED, false);
}

static bool pre_delimiter(Rules *rules, yyjson_val *step) {
    return add_cut(rules, ak_json_str(yyjson_obj_get(step, "delimiter")), true, SPLIT_REMOVED, false);
}

/* A change of the text, or, behind steps that cut, of every piece. */
static bool add_change(Rules *rules, NormalStep step) {
    if (!rules->encoder->splits.count) return add_normal(rules, step);
    return ak_arena_ok(rules->arena) ? ak_splits_add_change(&rules->encoder->splits, rules->arena, step, rules->err)
                                     : ak_fail_memory(rules->err, rules->arena);
}

static bool pre_metaspace(Rules *rules, yyjson_val *step) {
    Str mark = kept_str(rules, yyjson_obj_get(step, "replacement"));
    const char *scheme = yyjson_get_str(yyjson_obj_get(step, "prepend_scheme"));
    if (scheme && strcmp(scheme, "first") == 0 && rules->encoder->splits.count)
        return unsupported(rules, "pre_tokenizer Metaspace", "that prepends to the first piece, behind other steps");
    if (!add_change(rules, (NormalStep){.kind = NORMAL_REPLACE, .from = STR(" "), .to = mark})) return false;
    bool prepends = scheme ? strcmp(scheme, "never") != 0 : flag(step, "add_prefix_space", true);
    if (prepends && !add_change(rules, (NormalStep){.kind = NORMAL_PREPEND_ONCE, .to = mark})) return false;
    return !flag(step, "split", true) || add_cut(rules, mark, true, SPLIT_MERGED_WITH_NEXT, false);
}

static const struct {
    const char *name;
    bool (*read)(Rules *rules, yyjson_val *step);
} steps[] = {
    {"ByteLevel", pre_byte_level},  {"Split", pre_split},
    {"Digits", pre_digits},         {"Punctuation", pre_punctuation},
    {"Whitespace", pre_whitespace}, {"WhitespaceSplit", pre_whitespace_split},
    {"BertPreTokenizer", pre_bert}, {"CharDelimiterSplit", pre_delimiter},
    {"Metaspace", pre_metaspace},
};

static bool read_pre_tokenizer(Rules *rules, yyjson_val *step, int depth) {
    if (!step || yyjson_is_null(step)) return true;
    const char *type = type_of(step);
    if (strcmp(type, "Sequence") == 0 && depth < DEEPEST) {
        size_t index, count;
        yyjson_val *item;
        yyjson_arr_foreach(yyjson_obj_get(step, "pretokenizers"), index, count, item) {
            if (!read_pre_tokenizer(rules, item, depth + 1)) return false;
        }
        return true;
    }
    if (rules->bytes_last) return unsupported(rules, "pre_tokenizer behind ByteLevel:", type);
    for (size_t i = 0; i < sizeof steps / sizeof *steps; i++) {
        if (strcmp(type, steps[i].name) == 0) return steps[i].read(rules, step);
    }
    return unsupported(rules, "pre_tokenizer", type);
}

bool ak_rules_read(Encoder *encoder, Arena *arena, yyjson_val *normalizer, yyjson_val *pre_tokenizer, bool *bytes_last,
                   ananke_error *err) {
    Rules rules = {.encoder = encoder, .arena = arena, .err = err};
    bool done = read_normalizer(&rules, normalizer, 0) && read_pre_tokenizer(&rules, pre_tokenizer, 0);
    *bytes_last = rules.bytes_last;
    return done;
}
