/* Fact queries. Compiling reads the captures' names into rows and the predicates into tests; running walks the matches, tests them, and makes an
 * observation of every capture that is one. Patterns may overlap: the observations are sorted by place, and of those at one node and of one family the
 * first pattern's is kept. */
#include "clew/query.h"
#include "clew/style.h"
#include <stdio.h>
#include <stdlib.h>

typedef enum CaptureWhat {
    CAPTURE_HELPER,  /* `_…`: for predicates only */
    CAPTURE_TEXT,    /* its text is what counts */
    CAPTURE_NAME,    /* its text is a name that has styles */
    CAPTURE_VARIANT, /* the pattern says what it is */
    CAPTURE_WORD,    /* its text, one of those that the pattern asks for, says what it is */
    CAPTURE_LEAVE,   /* nothing of that family is observed inside */
    CAPTURE_INDENT   /* how far it is indented is what counts */
} CaptureWhat;

typedef struct Capture {
    CaptureWhat what;
    uint16_t population, variant, family; /* population: LEFT_ALONE when the variant is "ignored" */
} Capture;

enum { LEFT_ALONE = UINT16_MAX, LEAVE_INSIDE = UINT16_MAX - 1 };

typedef enum PredicateWhat {
    PREDICATE_EQUAL,
    PREDICATE_STARTS,
    PREDICATE_ENDS,
    PREDICATE_CONTAINS,
    PREDICATE_STYLE,
    PREDICATE_PARENT,
    PREDICATE_BESIDE
} PredicateWhat;

static const struct {
    const char *name;
    PredicateWhat what;
    bool negated;
} predicate_names[] = {
    {"eq?", PREDICATE_EQUAL, false},          {"not-eq?", PREDICATE_EQUAL, true},
    {"any-of?", PREDICATE_EQUAL, false},      {"not-any-of?", PREDICATE_EQUAL, true},
    {"starts?", PREDICATE_STARTS, false},     {"not-starts?", PREDICATE_STARTS, true},
    {"ends?", PREDICATE_ENDS, false},         {"not-ends?", PREDICATE_ENDS, true},
    {"contains?", PREDICATE_CONTAINS, false}, {"not-contains?", PREDICATE_CONTAINS, true},
    {"style?", PREDICATE_STYLE, false},       {"parent?", PREDICATE_PARENT, false},
    {"beside?", PREDICATE_BESIDE, false},     {"not-beside?", PREDICATE_BESIDE, true},
};

typedef struct Predicate {
    PredicateWhat what;
    bool negated;
    uint32_t capture;
    const Str *texts; /* one of them must hold */
    size_t count;
} Predicate;

typedef struct PatternTests {
    const Predicate *items;
    size_t count;
} PatternTests;

/* Steps of indentation that have a name. */
static const char *const indent_names[] = {"no spaces", "1 space",  "2 spaces", "3 spaces", "4 spaces",
                                           "5 spaces",  "6 spaces", "7 spaces", "8 spaces"};
enum { INDENT_SPACES = sizeof indent_names / sizeof *indent_names };

struct FactQuery {
    TSQuery *query;
    const Vocabulary *vocabulary;
    Str text;                        /* of the file and of what the grammar adds */
    const Capture *captures;         /* by capture id */
    const PatternTests *patterns;    /* by pattern */
    uint16_t indents[INDENT_SPACES]; /* variants of so many spaces */
    uint16_t indent_tab, indent_other;
};

/* ---- Compiling */

static bool number(Intern *intern, Str text, uint16_t *id) {
    uint32_t found = ak_intern(intern, text);
    *id = (uint16_t)found;
    return found < UINT16_MAX;
}

static bool bad_query(const FactQuery *self, const Language *language, size_t offset, const char *what,
                      ananke_error *err) {
    char file[128];
    snprintf(file, sizeof file, "languages/%.*s/facts.scm", STR_ARGS(language->name));
    return ak_fail_at(err, ANANKE_ERROR_SYNTAX, file, self->text, offset, "%s", what);
}

static const struct {
    const char *head;
    CaptureWhat what;
} capture_heads[] = {{"observe", CAPTURE_VARIANT},
                     {"word", CAPTURE_WORD},
                     {"leave", CAPTURE_LEAVE},
                     {"name", CAPTURE_NAME},
                     {"indent", CAPTURE_INDENT}};

static CaptureWhat capture_what(Str name, Str head) {
    if (ak_str_starts(name, STR("_"))) return CAPTURE_HELPER;
    for (size_t i = 0; i < sizeof capture_heads / sizeof *capture_heads; i++) {
        if (ak_str_equal(head, ak_str(capture_heads[i].head))) return capture_heads[i].what;
    }
    return CAPTURE_TEXT;
}

/* `observe.POPULATION.VARIANT`, `word.POPULATION`, `leave.POPULATION`, `name.SYMBOL`, `import.module`, `indent`, `_helper`. */
static bool read_capture(Capture *self, Vocabulary *vocabulary, Str name) {
    Str rest = name, head, variant = STR("");
    ak_str_split(&rest, '.', &head);
    self->what = capture_what(name, head);
    if (self->what == CAPTURE_HELPER) return true;
    Str population = self->what == CAPTURE_INDENT ? STR("indentation") : name;
    if (self->what == CAPTURE_VARIANT || self->what == CAPTURE_WORD || self->what == CAPTURE_LEAVE) {
        size_t dot = ak_str_find_byte(rest, '.', 0);
        population = ak_str_slice(rest, 0, dot);
        variant = ak_str_slice(rest, dot == SIZE_MAX ? rest.length : dot + 1, rest.length);
    }
    Str family = self->what == CAPTURE_NAME ? head : population;
    if (!number(&vocabulary->populations, population, &self->population) ||
        !number(&vocabulary->families, family, &self->family) ||
        !number(&vocabulary->variants, variant, &self->variant))
        return false;
    if (self->what == CAPTURE_VARIANT && ak_str_equal(variant, STR("ignored"))) self->population = LEFT_ALONE;
    return true;
}

static bool read_captures(FactQuery *self, Arena *arena, Vocabulary *vocabulary, ananke_error *err) {
    uint32_t count = ts_query_capture_count(self->query);
    Capture *captures = ak_new_array(arena, Capture, count);
    if (!captures) return ak_fail_memory(err, arena);
    for (uint32_t i = 0; i < count; i++) {
        uint32_t length;
        const char *name = ts_query_capture_name_for_id(self->query, i, &length);
        Str copy = ak_arena_str(arena, (Str){name, length});
        if (!copy.data || !read_capture(&captures[i], vocabulary, copy)) return ak_fail_memory(err, arena);
    }
    self->captures = captures;
    return true;
}

/* Reads the steps of one predicate: its name, a capture, texts. */
static bool read_predicate(Predicate *self, FactQuery *query, Arena *arena, Vocabulary *vocabulary,
                           const TSQueryPredicateStep *steps, size_t count, ananke_error *err) {
    uint32_t length;
    Str name = {0};
    if (count && steps[0].type == TSQueryPredicateStepTypeString) {
        name.data = ts_query_string_value_for_id(query->query, steps[0].value_id, &length);
        name.length = length;
    }
    size_t at = 0, known = sizeof predicate_names / sizeof *predicate_names;
    while (at < known && !ak_str_equal(name, ak_str(predicate_names[at].name))) at++;
    if (at == known) return ak_fail(err, ANANKE_ERROR_SYNTAX, "unknown predicate `#%.*s`", STR_ARGS(name));
    if (count < 3 || steps[1].type != TSQueryPredicateStepTypeCapture)
        return ak_fail(err, ANANKE_ERROR_SYNTAX, "`#%.*s` takes a capture and texts", STR_ARGS(name));
    Str *texts = ak_new_array(arena, Str, count - 2);
    if (!texts) return ak_fail_memory(err, arena);
    for (size_t i = 2; i < count; i++) {
        const char *text = ts_query_string_value_for_id(query->query, steps[i].value_id, &length);
        texts[i - 2] = (Str){text, length};
    }
    /* A word's texts are known now, so that finding their numbers needs no lock later. */
    for (size_t i = 0; i < count - 2 && query->captures[steps[1].value_id].what == CAPTURE_WORD; i++) {
        uint16_t id;
        Str copy = ak_arena_str(arena, texts[i]);
        if (!copy.data || !number(&vocabulary->variants, copy, &id)) return ak_fail_memory(err, arena);
    }
    *self = (Predicate){predicate_names[at].what, predicate_names[at].negated, steps[1].value_id, texts, count - 2};
    return true;
}

static bool read_pattern(PatternTests *self, FactQuery *query, Arena *arena, Vocabulary *vocabulary, uint32_t pattern,
                         ananke_error *err) {
    uint32_t count;
    const TSQueryPredicateStep *steps = ts_query_predicates_for_pattern(query->query, pattern, &count);
    VEC(Predicate) items = {0};
    for (uint32_t from = 0; from < count;) {
        uint32_t to = from;
        while (to < count && steps[to].type != TSQueryPredicateStepTypeDone) to++;
        Predicate predicate;
        if (!read_predicate(&predicate, query, arena, vocabulary, steps + from, to - from, err)) return false;
        if (!ak_vec_push(arena, &items, predicate)) return ak_fail_memory(err, arena);
        from = to + 1;
    }
    *self = (PatternTests){items.items, items.count};
    return true;
}

static bool read_patterns(FactQuery *self, Arena *arena, Vocabulary *vocabulary, const Language *language,
                          ananke_error *err) {
    uint32_t count = ts_query_pattern_count(self->query);
    PatternTests *patterns = ak_new_array(arena, PatternTests, count);
    if (!patterns) return ak_fail_memory(err, arena);
    for (uint32_t i = 0; i < count; i++) {
        ananke_error problem = {0};
        if (read_pattern(&patterns[i], self, arena, vocabulary, i, &problem)) continue;
        if (problem.code != ANANKE_ERROR_SYNTAX) return ak_fail_memory(err, arena);
        return bad_query(self, language, ts_query_start_byte_for_pattern(self->query, i), problem.message, err);
    }
    self->patterns = patterns;
    return true;
}

static bool read_indents(FactQuery *self, Vocabulary *vocabulary) {
    for (size_t i = 0; i < INDENT_SPACES; i++) {
        if (!number(&vocabulary->variants, ak_str(indent_names[i]), &self->indents[i])) return false;
    }
    return number(&vocabulary->variants, STR("tab"), &self->indent_tab) &&
           number(&vocabulary->variants, STR("another step"), &self->indent_other);
}

FactQuery *ak_query_new(Arena *arena, const Language *language, const Grammar *grammar, Vocabulary *vocabulary,
                        ananke_error *err) {
    FactQuery *self = ak_new(arena, FactQuery);
    uint16_t none;
    uint32_t offset = 0;
    TSQueryError problem = TSQueryErrorNone;
    /* Variant 0 is "none", so that a zeroed one means that. */
    if (!self || !number(&vocabulary->variants, STR(""), &none)) return ak_fail_memory(err, arena), NULL;
    self->vocabulary = vocabulary;
    self->text = ak_arena_format(arena, "%.*s\n%.*s\n", STR_ARGS(language->facts), STR_ARGS(grammar->facts));
    if (!self->text.data) return ak_fail_memory(err, arena), NULL;
    self->query = ts_query_new(grammar->make(), self->text.data, (uint32_t)self->text.length, &offset, &problem);
    if (!self->query)
        return bad_query(self, language, offset, "the grammar knows no such node, field or form", err), NULL;
    bool done = read_captures(self, arena, vocabulary, err) && read_patterns(self, arena, vocabulary, language, err) &&
                (read_indents(self, vocabulary) || ak_fail_memory(err, arena));
    if (done) return self;
    ak_query_free(self);
    return NULL;
}

void ak_query_free(FactQuery *query) {
    if (query && query->query) ts_query_delete(query->query);
}

/* ---- Running */

static Str node_text(TSNode node, Str source) {
    return ak_str_slice(source, ts_node_start_byte(node), ts_node_end_byte(node));
}

static bool is_of(TSNode node, const Str *types, size_t count) {
    Str type = ts_node_is_null(node) ? STR("") : ak_str(ts_node_type(node));
    for (size_t i = 0; i < count; i++) {
        if (ak_str_equal(type, types[i])) return true;
    }
    return false;
}

static bool is_beside(TSNode node, const Str *types, size_t count) {
    return is_of(ts_node_prev_sibling(node), types, count) || is_of(ts_node_next_sibling(node), types, count);
}

static bool has_parent(TSNode node, const Str *types, size_t count) {
    for (TSNode at = ts_node_parent(node); !ts_node_is_null(at); at = ts_node_parent(at)) {
        Str type = ak_str(ts_node_type(at));
        if (is_of(at, types, count)) return true;
        /* A declaration's name lies a few wrappers below what declares it. */
        if (!ak_str_ends(type, STR("_declarator")) && !ak_str_ends(type, STR("_declaration"))) return false;
    }
    return false;
}

static bool contains(Str text, Str part) {
    for (size_t at = 0; part.length && (at = ak_str_find_byte(text, part.data[0], at)) != SIZE_MAX; at++) {
        if (ak_str_starts(ak_str_slice(text, at, text.length), part)) return true;
    }
    return false;
}

static bool text_holds(PredicateWhat what, Str text, Str wanted) {
    switch (what) {
    case PREDICATE_EQUAL: return ak_str_equal(text, wanted);
    case PREDICATE_STARTS: return ak_str_starts(text, wanted);
    case PREDICATE_ENDS: return ak_str_ends(text, wanted);
    case PREDICATE_CONTAINS: return contains(text, wanted);
    case PREDICATE_STYLE: return (ak_style_of(text) & ak_style_from(wanted)) != 0;
    case PREDICATE_PARENT:
    case PREDICATE_BESIDE: return false; /* not about the text */
    }
    return false;
}

static bool holds(const Predicate *predicate, const TSQueryMatch *match, Str source) {
    for (uint16_t i = 0; i < match->capture_count; i++) {
        if (match->captures[i].index != predicate->capture) continue;
        TSNode node = match->captures[i].node;
        bool found = (predicate->what == PREDICATE_PARENT && has_parent(node, predicate->texts, predicate->count)) ||
                     (predicate->what == PREDICATE_BESIDE && is_beside(node, predicate->texts, predicate->count));
        Str text = node_text(node, source);
        for (size_t t = 0; t < predicate->count && !found; t++)
            found = text_holds(predicate->what, text, predicate->texts[t]);
        if (found == predicate->negated) return false;
    }
    return true;
}

static bool all_hold(const PatternTests *tests, const TSQueryMatch *match, Str source) {
    for (size_t i = 0; i < tests->count; i++) {
        if (!holds(&tests->items[i], match, source)) return false;
    }
    return true;
}

/* The blanks at the start of the line that holds `offset`. */
static Str line_indent(Str source, size_t offset) {
    size_t start = offset;
    while (start > 0 && source.data[start - 1] != '\n') start--;
    size_t end = start;
    while (end < offset && (source.data[end] == ' ' || source.data[end] == '\t')) end++;
    return ak_str_slice(source, start, end);
}

/* By how much a block's first node is indented against the line where the block's owner begins; false when it does not begin its line. */
static bool indent_of(const FactQuery *self, TSNode node, Str source, uint16_t *variant) {
    TSNode owner = ts_node_parent(ts_node_parent(node));
    size_t at = ts_node_start_byte(node);
    if (ts_node_is_null(owner) || ts_node_start_point(owner).row == ts_node_start_point(node).row) return false;
    Str inner = line_indent(source, at), outer = line_indent(source, ts_node_start_byte(owner));
    if (inner.data + inner.length != source.data + at) return false;
    *variant = self->indent_other;
    if (!ak_str_starts(inner, outer)) return true;
    Str step = ak_str_slice(inner, outer.length, inner.length);
    if (ak_str_equal(step, STR("\t"))) *variant = self->indent_tab;
    else if (step.length < INDENT_SPACES && ak_str_find_byte(step, '\t', 0) == SIZE_MAX)
        *variant = self->indents[step.length];
    return true;
}

static bool observe(const FactQuery *self, TSQueryCapture captured, uint16_t rank, Str source, Arena *arena,
                    Observations *out) {
    const Capture *capture = &self->captures[captured.index];
    uint32_t start = ts_node_start_byte(captured.node), end = ts_node_end_byte(captured.node);
    if (capture->what == CAPTURE_HELPER || start == end) return true;
    uint16_t variant = capture->variant;
    if (capture->what == CAPTURE_NAME) variant = (uint16_t)ak_style_of(ak_str_slice(source, start, end));
    if (capture->what == CAPTURE_NAME && (variant & STYLE_EMPTY)) return true;
    if (capture->what == CAPTURE_WORD)
        variant = (uint16_t)ak_intern_find(&self->vocabulary->variants, ak_str_slice(source, start, end));
    if (capture->what == CAPTURE_INDENT && !indent_of(self, captured.node, source, &variant)) return true;
    TSPoint from = ts_node_start_point(captured.node), to = ts_node_end_point(captured.node);
    return ak_vec_push(arena, out,
                       (Observation){.start = start,
                                     .end = end,
                                     .line = from.row + 1,
                                     .column = from.column + 1,
                                     .end_line = to.row + 1,
                                     .end_column = to.column + 1,
                                     .population = capture->what == CAPTURE_LEAVE ? LEAVE_INSIDE : capture->population,
                                     .variant = variant,
                                     .rank = rank,
                                     .family = capture->family});
}

static int by_place(const void *left, const void *right) {
    const Observation *a = left, *b = right;
    if (a->start != b->start) return a->start < b->start ? -1 : 1;
    if (a->end != b->end) return a->end < b->end ? -1 : 1;
    if (a->family != b->family) return a->family < b->family ? -1 : 1;
    return (a->rank > b->rank) - (a->rank < b->rank);
}

/* Keeps the first observation of a family at a node, and none when that one says to leave the node alone, or when it lies inside of what is left. */
static void drop_later(Observations *it) {
    size_t kept = 0;
    Observation last = {.family = UINT16_MAX}, left = {.family = UINT16_MAX};
    for (size_t i = 0; i < it->count; i++) {
        Observation now = it->items[i];
        if (last.start == now.start && last.end == now.end && last.family == now.family) continue;
        last = now;
        if (now.population == LEAVE_INSIDE && (left.family != now.family || now.end > left.end)) left = now;
        bool is_left = now.family == left.family && now.start >= left.start && now.end <= left.end;
        if (now.population < LEAVE_INSIDE && !is_left) it->items[kept++] = now;
    }
    it->count = kept;
}

bool ak_query_run(const FactQuery *query, TSQueryCursor *cursor, TSNode root, Str source, Arena *arena,
                  Observations *observations) {
    TSQueryMatch match;
    ts_query_cursor_exec(cursor, query->query, root);
    while (ts_query_cursor_next_match(cursor, &match)) {
        if (!all_hold(&query->patterns[match.pattern_index], &match, source)) continue;
        for (uint16_t i = 0; i < match.capture_count; i++) {
            if (!observe(query, match.captures[i], match.pattern_index, source, arena, observations)) return false;
        }
    }
    if (observations->count) qsort(observations->items, observations->count, sizeof *observations->items, by_place);
    drop_later(observations);
    return true;
}
