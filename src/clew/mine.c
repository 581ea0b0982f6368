/* Mining. Observations are sorted by population first, so that a candidate looks only at what it speaks of. Then every kind's candidates are counted,
 * the best of each id is kept, and the rules are written, sorted by id. */
#include "clew/mine.h"
#include "base/map.h"
#include "clew/style.h"
#include <math.h>
#include <stdlib.h>

enum { MAX_EXCEPTIONS = 10, MAX_EVIDENCE = 3, MIN_TELLING = 5, MAX_PACKAGES = 40 };

/* An observation by its place in the facts. */
typedef struct Seen {
    uint32_t facts, observation;
} Seen;

typedef struct Population {
    const Seen *items; /* in the order of the files, then of the places */
    size_t count;
} Population;

typedef struct Tally {
    uint32_t followed, broken;
    uint32_t telling_followed, telling_broken; /* of those: names that can be only one style or none */
} Tally;

typedef struct Rule {
    Str id;
    const Kind *kind;
    const KindCase *about;
    const Language *language;
    yyjson_val *parameters;
    Judge judge;
    Tally tally;
    double confidence;
} Rule;

typedef struct Miner {
    Arena *arena;
    const Kinds *kinds;
    const Reader *reader;
    const Facts *facts;
    size_t facts_count;
    MineOptions options;
    ananke_error *err;
    VEC(Rule) rules;
    Map best;         /* id → index of its rule */
    bool has_several; /* languages */
    /* of the language at hand */
    const Language *language;
    const Vocabulary *vocabulary;
    Population *populations;
    uint32_t files;
} Miner;

double ak_wilson(uint64_t good, uint64_t all) {
    if (!all) return 0;
    const double z = 1.96, n = (double)all, p = (double)good / n;
    double low = (p + z * z / (2 * n) - z * sqrt(p * (1 - p) / n + z * z / (4 * n * n))) / (1 + z * z / n);
    return low < 0 ? 0 : low;
}

static bool no_memory(Miner *self) {
    return ak_fail_memory(self->err, self->arena);
}

/* ---- Populations */

static bool is_mined(const Miner *self, const Facts *facts) {
    return facts->file && !facts->skipped && facts->file->language == self->language && !facts->file->is_test;
}

/* Sorts the observations of a language by population: counts first, then places. */
static bool sort_observations(Miner *self) {
    size_t kinds = ak_intern_count(&self->vocabulary->populations),
           *ends = ak_new_array(self->arena, size_t, kinds + 1), total = 0;
    self->populations = ak_new_array(self->arena, Population, kinds);
    self->files = 0;
    if (!ends || !self->populations) return no_memory(self);
    for (size_t f = 0; f < self->facts_count; f++) {
        if (!is_mined(self, &self->facts[f])) continue;
        self->files++;
        for (size_t i = 0; i < self->facts[f].observations.count; i++)
            ends[self->facts[f].observations.items[i].population]++, total++;
    }
    Seen *all = ak_new_array(self->arena, Seen, total);
    if (!all) return no_memory(self);
    size_t start = 0;
    for (size_t k = 0; k < kinds; k++) {
        self->populations[k] = (Population){all + start, ends[k]};
        size_t count = ends[k];
        ends[k] = start;
        start += count;
    }
    for (size_t f = 0; f < self->facts_count; f++) {
        if (!is_mined(self, &self->facts[f])) continue;
        const Observations *it = &self->facts[f].observations;
        for (size_t i = 0; i < it->count; i++) all[ends[it->items[i].population]++] = (Seen){(uint32_t)f, (uint32_t)i};
    }
    return true;
}

static const Observation *observation_of(const Miner *self, Seen seen) {
    return &self->facts[seen.facts].observations.items[seen.observation];
}

static Verdict judge(const Miner *self, const Judge *judge, Seen seen) {
    return ak_judge(judge, observation_of(self, seen), self->facts[seen.facts].source);
}

/* ---- Counting */

static bool is_telling(const Kind *kind, const Observation *observation) {
    unsigned styles = observation->variant & STYLE_ALL;
    return !ak_str_equal(kind->test, STR("name")) || (styles & (styles - 1)) == 0;
}

static Tally count_places(const Miner *self, const Kind *kind, const Judge *by) {
    const Population *population = &self->populations[by->population];
    Tally tally = {0};
    for (size_t i = 0; i < population->count; i++) {
        Verdict verdict = judge(self, by, population->items[i]);
        bool telling = is_telling(kind, observation_of(self, population->items[i]));
        if (verdict == VERDICT_FOLLOWS) tally.followed++, tally.telling_followed += telling;
        if (verdict == VERDICT_BREAKS) tally.broken++, tally.telling_broken += telling;
    }
    return tally;
}

static Tally count_files(const Miner *self, const Judge *by) {
    const Population *population = &self->populations[by->population];
    Tally tally = {0};
    uint32_t last = UINT32_MAX;
    for (size_t i = 0; i < population->count; i++) {
        if (population->items[i].facts == last || judge(self, by, population->items[i]) != VERDICT_BREAKS) continue;
        last = population->items[i].facts;
        tally.broken++;
    }
    tally.followed = tally.telling_followed = self->files - tally.broken;
    tally.telling_broken = tally.broken;
    return tally;
}

/* Names of one word fit several styles: the rule must hold among those that could only be one, too. */
static bool holds(const Miner *self, const Rule *rule) {
    uint32_t telling = rule->tally.telling_followed + rule->tally.telling_broken;
    yyjson_val *most = yyjson_obj_get(rule->about->mine, "exceptions");
    if (most && rule->tally.broken > yyjson_get_uint(most)) return false;
    return rule->tally.followed + rule->tally.broken >= self->options.min_support &&
           rule->confidence >= self->options.min_confidence && rule->tally.telling_followed >= MIN_TELLING &&
           rule->tally.telling_followed * 10 >= telling * 9;
}

static bool keep(Miner *self, const Rule *rule) {
    bool is_new;
    uint64_t *index = ak_map_put(&self->best, rule->id, &is_new);
    if (!index) return no_memory(self);
    if (is_new) {
        *index = self->rules.count;
        return ak_vec_push(self->arena, &self->rules, *rule) || no_memory(self);
    }
    Rule *best = &self->rules.items[*index];
    if (rule->tally.followed > best->tally.followed) *best = *rule;
    return true;
}

/* The id of a rule; with its language in front when the code base has several. */
static Str rule_id(const Miner *self, const Kind *kind, const KindCase *about, yyjson_val *parameters) {
    Buf buf = {.arena = self->arena};
    if (self->has_several) ak_buf_format(&buf, "%.*s:", STR_ARGS(self->language->name));
    ak_kind_expand(&buf, ak_json_str(yyjson_obj_get(about->mine, "id")), kind, parameters, NULL, 0);
    return ak_buf_view(&buf);
}

/* ---- Candidates: every way of filling the enum parameters */

/* Weighs one candidate; `parameters` is an object. */
static bool weigh(Miner *self, const Kind *kind, yyjson_val *parameters) {
    const KindCase *about = ak_kind_case(kind, parameters);
    if (!about || !about->mine) return true;
    Rule rule = {.kind = kind, .about = about, .language = self->language, .parameters = parameters};
    if (!ak_judge_new(&rule.judge, self->arena, kind, about, parameters, self->language, self->vocabulary, self->err))
        return false;
    if (!rule.judge.test) return true;
    rule.tally = about->per_file ? count_files(self, &rule.judge) : count_places(self, kind, &rule.judge);
    rule.confidence = ak_wilson(rule.tally.followed, (uint64_t)rule.tally.followed + rule.tally.broken);
    if (!holds(self, &rule)) return true;
    rule.id = rule_id(self, kind, about, parameters);
    return ak_arena_ok(self->arena) ? keep(self, &rule) : no_memory(self);
}

static bool weigh_object(Miner *self, const Kind *kind, yyjson_mut_doc *doc) {
    yyjson_alc alc = ak_json_alc(self->arena);
    yyjson_doc *fixed = doc ? yyjson_mut_doc_imut_copy(doc, &alc) : NULL;
    return fixed ? weigh(self, kind, yyjson_doc_get_root(fixed)) : no_memory(self);
}

/* Fills the parameters from `index` on. An optional one is left out first, so that its default wins among equals. */
static bool fill(Miner *self, const Kind *kind, size_t index, yyjson_mut_doc *doc) {
    if (index == kind->parameter_count) return weigh_object(self, kind, doc);
    const KindParameter *parameter = &kind->parameters[index];
    if (!parameter->required && !fill(self, kind, index + 1, doc)) return false;
    if (parameter->type != PARAMETER_ENUM) return true;
    yyjson_mut_val *object = yyjson_mut_doc_get_root(doc);
    for (size_t i = 0; i < parameter->value_count; i++) {
        if (yyjson_equals_strn(parameter->fallback, parameter->values[i].data, parameter->values[i].length)) continue;
        if (!ak_json_put_str(doc, object, parameter->name.data, parameter->values[i])) return no_memory(self);
        if (!fill(self, kind, index + 1, doc)) return false;
        yyjson_mut_obj_remove_key(object, parameter->name.data);
    }
    return true;
}

static bool try_kind(Miner *self, const Kind *kind) {
    yyjson_mut_doc *doc = ak_json_new(self->arena);
    yyjson_mut_val *object = yyjson_mut_obj(doc);
    if (!object) return no_memory(self);
    yyjson_mut_doc_set_root(doc, object);
    return fill(self, kind, 0, doc);
}

/* ---- Modules: a list that is seen, not chosen */

typedef struct Modules {
    Map packages;            /* name → the number of the first file + 1, or MANY_FILES */
    uint32_t seen, absolute; /* imports; of those, not relative ones */
    bool standard;
} Modules;

enum { MANY_FILES = UINT32_MAX };

static bool see_module(Miner *self, Modules *modules, Seen seen) {
    const Observation *observation = observation_of(self, seen);
    Str module = ak_str_slice(self->facts[seen.facts].source, observation->start, observation->end);
    ModuleClass class = ak_language_module(self->language, module);
    modules->seen++;
    modules->absolute += class != MODULE_RELATIVE;
    modules->standard = modules->standard || class == MODULE_STANDARD;
    if (class != MODULE_EXTERNAL) return true;
    bool is_new;
    uint64_t *file = ak_map_put(&modules->packages, ak_language_package(self->language, module), &is_new);
    if (!file) return no_memory(self);
    if (is_new) *file = seen.facts + 1;
    else if (*file != seen.facts + 1) *file = MANY_FILES;
    return true;
}

static Str folder_of(Str path) {
    size_t at = path.length;
    while (at > 0 && path.data[at - 1] != '/') at--;
    return ak_str_slice(path, 0, at ? at - 1 : 0);
}

/* The project's own packages: folders that hold the language's package file and whose parents do not. Nobody doubts them. */
static bool see_own_packages(Miner *self, Modules *modules) {
    Str marker = ak_json_str(yyjson_obj_get(yyjson_obj_get(self->language->json, "modules"), "package_file"));
    Map folders = {.arena = self->arena};
    for (size_t f = 0; marker.length && f < self->facts_count; f++) {
        if (!is_mined(self, &self->facts[f])) continue;
        Str path = self->facts[f].file->path, folder = folder_of(path);
        if (ak_str_equal(ak_str_slice(path, folder.length + 1, path.length), marker) &&
            !ak_map_put(&folders, folder, NULL))
            return no_memory(self);
    }
    for (size_t i = 0; i < folders.entries.count; i++) {
        Str folder = folders.entries.items[i].key, parent = folder_of(folder);
        if (ak_map_find(&folders, parent)) continue;
        Str name = ak_str_slice(folder, parent.length + (parent.length > 0), folder.length);
        uint64_t *file = ak_map_put(&modules->packages, name, NULL);
        if (!file) return no_memory(self);
        *file = MANY_FILES;
    }
    return true;
}

static int by_name(const void *left, const void *right) {
    return ak_str_compare(((const MapEntry *)left)->key, ((const MapEntry *)right)->key);
}

/* The packages as parameters. How many of them only one file imports goes to `*doubtful`: by Good and Turing, the share of such sightings is about the
 * chance that the next import is of a package not seen yet. */
static yyjson_val *module_parameters(Miner *self, Modules *modules, uint32_t *doubtful) {
    yyjson_alc alc = ak_json_alc(self->arena);
    yyjson_mut_doc *doc = ak_json_new(self->arena);
    yyjson_mut_val *object = yyjson_mut_obj(doc), *list = yyjson_mut_arr(doc);
    size_t count = modules->packages.entries.count;
    MapEntry *sorted = ak_new_array(self->arena, MapEntry, count);
    if (!object || !list || !sorted) return NULL;
    if (count) memcpy(sorted, modules->packages.entries.items, count * sizeof *sorted);
    qsort(sorted, count, sizeof *sorted, by_name);
    for (size_t i = 0; i < count; i++) {
        yyjson_mut_arr_add_strncpy(doc, list, sorted[i].key.data, sorted[i].key.length);
        *doubtful += sorted[i].value != MANY_FILES;
    }
    yyjson_mut_doc_set_root(doc, object);
    yyjson_mut_obj_add_val(doc, object, "modules", list);
    yyjson_mut_obj_add_bool(doc, object, "standard_library", modules->standard);
    yyjson_doc *fixed = ak_arena_ok(self->arena) ? yyjson_mut_doc_imut_copy(doc, &alc) : NULL;
    return fixed ? yyjson_doc_get_root(fixed) : NULL;
}

static bool mine_modules(Miner *self, const Kind *kind) {
    uint32_t id = ak_intern_find(&self->vocabulary->populations, kind->cases[0].observes), doubtful = 0;
    Modules modules = {.packages = {.arena = self->arena}};
    if (id == AK_INTERN_NONE) return true;
    for (size_t i = 0; i < self->populations[id].count; i++) {
        if (!see_module(self, &modules, self->populations[id].items[i])) return false;
    }
    if (!see_own_packages(self, &modules)) return false;
    Rule rule = {.kind = kind, .language = self->language, .parameters = module_parameters(self, &modules, &doubtful)};
    if (!rule.parameters) return no_memory(self);
    rule.about = ak_kind_case(kind, rule.parameters);
    if (!ak_judge_new(&rule.judge, self->arena, kind, rule.about, rule.parameters, self->language, self->vocabulary,
                      self->err))
        return false;
    if (!rule.judge.test || modules.packages.entries.count > MAX_PACKAGES) return true;
    rule.tally = count_places(self, kind, &rule.judge);
    uint32_t all = modules.absolute ? modules.absolute : modules.seen;
    rule.confidence = ak_wilson(all - doubtful, all);
    rule.id = rule_id(self, kind, rule.about, rule.parameters);
    return !holds(self, &rule) || keep(self, &rule);
}

/* ---- Writing */

static bool put_instance(const Miner *self, yyjson_mut_doc *doc, yyjson_mut_val *list, Seen seen, bool with_text) {
    const Facts *facts = &self->facts[seen.facts];
    const Observation *observation = observation_of(self, seen);
    yyjson_mut_val *item = yyjson_mut_arr_add_obj(doc, list);
    ak_json_put_str(doc, item, "file", facts->file->path);
    yyjson_mut_obj_add_uint(doc, item, "line", observation->line);
    if (!with_text) return true;
    yyjson_mut_obj_add_uint(doc, item, "column", observation->column);
    return ak_json_put_str(doc, item, "text", ak_observation_text(observation, facts->source));
}

/* Examples from different files first tell more than three from one: at most one of each. */
static void put_instances(const Miner *self, const Rule *rule, Verdict wanted, bool each_file_once, size_t most,
                          yyjson_mut_doc *doc, yyjson_mut_val *list) {
    const Population *population = &self->populations[rule->judge.population];
    uint32_t last = UINT32_MAX;
    size_t put = 0;
    for (size_t i = 0; i < population->count && put < most; i++) {
        Seen seen = population->items[i];
        if ((each_file_once && seen.facts == last) || judge(self, &rule->judge, seen) != wanted) continue;
        if (wanted == VERDICT_FOLLOWS && !is_telling(rule->kind, observation_of(self, seen))) continue;
        put_instance(self, doc, list, seen, wanted == VERDICT_BREAKS);
        last = seen.facts, put++;
    }
}

static void put_scope(const Rule *rule, yyjson_mut_doc *doc, yyjson_mut_val *object) {
    yyjson_mut_val *scope = yyjson_mut_obj_add_obj(doc, object, "scope");
    yyjson_mut_val *copy = yyjson_val_mut_copy(doc, yyjson_obj_get(rule->language->json, "tests"));
    yyjson_mut_obj_add_val(doc, scope, "exclude", copy);
}

static bool put_rule(const Miner *self, const Rule *rule, yyjson_mut_doc *doc, yyjson_mut_val *object) {
    Str message = ak_kind_text(self->arena, rule->about->message, rule->kind, rule->parameters, NULL, 0);
    ak_json_put_str(doc, object, "id", rule->id);
    ak_json_put_str(doc, object, "kind", rule->kind->id);
    ak_json_put_str(doc, object, "severity", ak_str(ak_severity_name(rule->about->severity)));
    ak_json_put_str(doc, object, "language", rule->language->name);
    ak_json_put_str(doc, object, "message", message);
    yyjson_mut_obj_add_val(doc, object, "parameters", yyjson_val_mut_copy(doc, rule->parameters));
    put_scope(rule, doc, object);
    yyjson_mut_obj_add_real(doc, object, "confidence", round(rule->confidence * 10000) / 10000);
    yyjson_mut_obj_add_uint(doc, object, "support", (uint64_t)rule->tally.followed + rule->tally.broken);
    yyjson_mut_val *exceptions = yyjson_mut_obj_add_arr(doc, object, "exceptions");
    put_instances(self, rule, VERDICT_BREAKS, rule->about->per_file, MAX_EXCEPTIONS, doc, exceptions);
    yyjson_mut_obj_add_uint(doc, object, "exception_count", rule->tally.broken);
    yyjson_mut_val *provenance = yyjson_mut_obj_add_obj(doc, object, "provenance");
    yyjson_mut_obj_add_str(doc, provenance, "source", "mined");
    yyjson_mut_obj_add_uint(doc, provenance, "files", self->files);
    put_instances(self, rule, VERDICT_FOLLOWS, true, MAX_EVIDENCE, doc,
                  yyjson_mut_obj_add_arr(doc, provenance, "evidence"));
    return ak_arena_ok(self->arena);
}

static int by_id(const void *left, const void *right) {
    return ak_str_compare(((const Rule *)left)->id, ((const Rule *)right)->id);
}

static bool mine_language(Miner *self, yyjson_mut_doc *doc, yyjson_mut_val *list) {
    self->rules.count = 0;
    self->best = (Map){.arena = self->arena};
    if (!sort_observations(self)) return false;
    for (size_t k = 0; k < self->kinds->count; k++) {
        const Kind *kind = &self->kinds->items[k];
        bool of_modules = ak_str_equal(kind->test, STR("module"));
        if (!(of_modules ? mine_modules(self, kind) : try_kind(self, kind))) return false;
    }
    if (self->rules.count) qsort(self->rules.items, self->rules.count, sizeof *self->rules.items, by_id);
    for (size_t i = 0; i < self->rules.count; i++) {
        if (!put_rule(self, &self->rules.items[i], doc, yyjson_mut_arr_add_obj(doc, list))) return no_memory(self);
    }
    return true;
}

static bool has_files(const Miner *self, const Language *language) {
    for (size_t f = 0; f < self->facts_count; f++) {
        if (self->facts[f].file && self->facts[f].file->language == language && !self->facts[f].skipped) return true;
    }
    return false;
}

yyjson_mut_doc *ak_mine(Arena *arena, const Kinds *kinds, const Reader *reader, const Facts *facts, size_t count,
                        MineOptions options, ananke_error *err) {
    Miner self = {.arena = arena,
                  .kinds = kinds,
                  .reader = reader,
                  .facts = facts,
                  .facts_count = count,
                  .options = options,
                  .err = err};
    yyjson_mut_doc *doc = ak_json_new(arena);
    yyjson_mut_val *root = yyjson_mut_obj(doc);
    yyjson_mut_doc_set_root(doc, root);
    yyjson_mut_obj_add_uint(doc, root, "version", AK_SET_VERSION);
    yyjson_mut_val *list = yyjson_mut_obj_add_arr(doc, root, "constraints");
    if (!list) return no_memory(&self), NULL;
    size_t in_use = 0;
    for (size_t i = 0; i < reader->languages.count; i++) in_use += has_files(&self, &reader->languages.items[i]);
    self.has_several = in_use > 1;
    for (size_t i = 0; i < reader->languages.count; i++) {
        self.language = &reader->languages.items[i];
        self.vocabulary = ak_reader_vocabulary(reader, self.language);
        if (has_files(&self, self.language) && !mine_language(&self, doc, list)) return NULL;
    }
    return ak_arena_ok(arena) ? doc : (no_memory(&self), NULL);
}
