/* Judging: one row for each test that a kind may name (constraints/README.md, "Tests"). */
#include "clew/judge.h"
#include "clew/style.h"

typedef struct Making {
    Judge *judge;
    Arena *arena;
    const Kind *kind;
    const KindCase *about;
    yyjson_val *parameters;
    const Vocabulary *vocabulary;
} Making;

static yyjson_val *value(const Making *it, const char *name) {
    return ak_kind_value(it->kind, it->parameters, ak_str(name));
}

/* ---- variant */

static Verdict test_variant(const Judge *judge, const Observation *observation, Str source) {
    (void)source;
    size_t at = 0;
    while (at < judge->variant_count && judge->variants[at] != observation->variant) at++;
    bool is_listed = at < judge->variant_count;
    return is_listed == judge->listed_follow ? VERDICT_FOLLOWS : VERDICT_BREAKS;
}

static bool make_variant(const Making *it) {
    yyjson_val *list = it->about->expects ? it->about->expects : it->about->forbids, *item;
    uint16_t *variants = ak_new_array(it->arena, uint16_t, yyjson_arr_size(list));
    size_t i, size, count = 0;
    if (!variants) return false;
    yyjson_arr_foreach(list, i, size, item) {
        Str text = ak_kind_text(it->arena, ak_json_str(item), it->kind, it->parameters, NULL, 0);
        uint32_t id = ak_intern_find(&it->vocabulary->variants, text);
        if (id != AK_INTERN_NONE) variants[count++] = (uint16_t)id;
    }
    it->judge->listed_follow = it->about->expects != NULL;
    it->judge->variants = variants, it->judge->variant_count = count;
    it->judge->test = count ? test_variant : NULL;
    return true;
}

/* ---- name */

static Verdict test_name(const Judge *judge, const Observation *observation, Str source) {
    (void)source;
    unsigned front = observation->variant & (STYLE_UNDERSCORE | STYLE_DOLLAR);
    return (observation->variant & judge->style) && !(front & ~judge->leading) ? VERDICT_FOLLOWS : VERDICT_BREAKS;
}

static bool make_name(const Making *it) {
    Str leading = ak_json_str(value(it, "leading"));
    it->judge->style = ak_style_from(ak_json_str(value(it, "style")));
    if (ak_str_starts(leading, STR("_"))) it->judge->leading |= STYLE_UNDERSCORE;
    if (ak_str_ends(leading, STR("$"))) it->judge->leading |= STYLE_DOLLAR;
    it->judge->test = it->judge->style ? test_name : NULL;
    return true;
}

/* ---- pattern */

static Verdict test_pattern(const Judge *judge, const Observation *observation, Str source) {
    Str text = ak_str_slice(source, observation->start, observation->end);
    return ak_pattern_matches(judge->pattern, text) ? VERDICT_FOLLOWS : VERDICT_BREAKS;
}

static bool make_pattern(const Making *it) {
    char problem[128];
    size_t at;
    it->judge->pattern = ak_pattern_new(it->arena, ak_json_str(value(it, "pattern")), problem, &at);
    it->judge->test = it->judge->pattern ? test_pattern : NULL;
    return ak_arena_ok(it->arena);
}

/* ---- module */

/* Is the module `package`, or does it lie below it? */
static bool is_below(const Language *language, Str module, Str package) {
    Str separator = ak_json_str(yyjson_obj_get(yyjson_obj_get(language->json, "modules"), "separator"));
    if (!ak_str_starts(module, package)) return false;
    return module.length == package.length ||
           ak_str_starts(ak_str_slice(module, package.length, module.length), separator);
}

static Verdict test_module(const Judge *judge, const Observation *observation, Str source) {
    Str module = ak_str_slice(source, observation->start, observation->end);
    ModuleClass class = ak_language_module(judge->language, module);
    if (class == MODULE_OWN) return VERDICT_FOLLOWS;
    if (class == MODULE_RELATIVE) return judge->relative ? VERDICT_FOLLOWS : VERDICT_BREAKS;
    if (class == MODULE_STANDARD && judge->standard) return VERDICT_FOLLOWS;
    size_t i, count;
    yyjson_val *package;
    yyjson_arr_foreach(judge->modules, i, count, package) {
        if (is_below(judge->language, module, ak_json_str(package))) return VERDICT_FOLLOWS;
    }
    return VERDICT_BREAKS;
}

static bool make_module(const Making *it) {
    it->judge->modules = value(it, "modules");
    it->judge->standard = yyjson_get_bool(value(it, "standard_library"));
    it->judge->relative = yyjson_get_bool(value(it, "relative"));
    it->judge->test = test_module;
    return true;
}

/* ---- Making judges */

static const struct {
    const char *name;
    bool (*make)(const Making *it);
} tests[] = {{"variant", make_variant}, {"name", make_name}, {"pattern", make_pattern}, {"module", make_module}};

bool ak_judge_new(Judge *judge, Arena *arena, const Kind *kind, const KindCase *about, yyjson_val *parameters,
                  const Language *language, const Vocabulary *vocabulary, ananke_error *err) {
    *judge = (Judge){.language = language};
    if (!yyjson_obj_getn(about->examples, language->name.data, language->name.length)) return true;
    Str population = ak_kind_text(arena, about->observes, kind, parameters, NULL, 0);
    uint32_t id = population.data ? ak_intern_find(&vocabulary->populations, population) : AK_INTERN_NONE;
    if (!ak_arena_ok(arena)) return ak_fail_memory(err, arena);
    if (id == AK_INTERN_NONE) return true;
    judge->population = (uint16_t)id;
    Making it = {judge, arena, kind, about, parameters, vocabulary};
    for (size_t i = 0; i < sizeof tests / sizeof *tests; i++) {
        if (ak_str_equal(kind->test, ak_str(tests[i].name)))
            return (tests[i].make(&it) && ak_arena_ok(arena)) || ak_fail_memory(err, arena);
    }
    return true;
}

Str ak_observation_text(const Observation *observation, Str source) {
    Str text = ak_str_slice(source, observation->start, observation->end);
    text.length = ak_str_find_byte(text, '\n', 0) < text.length ? ak_str_find_byte(text, '\n', 0) : text.length;
    if (text.length > 80) {
        text.length = 80;
        while (text.length && ((unsigned char)text.data[text.length] & 0xC0) == 0x80) text.length--;
    }
    return ak_str_trim(text);
}
