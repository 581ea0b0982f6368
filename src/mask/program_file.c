/* Saving is one table, SECTIONS. Loading takes the same sections from the ground up: head, expressions, places, then what consists of them. */
#include "mask/program_file.h"
#include "base/bitset.h"
#include "base/buf.h"
#include "base/file.h"
#include "mask/exprs_file.h"
#include <ananke/version.h>

const SectionsFormat ak_program_file_format = {
    .magic = "AKPROGR\n", .noun = "saved program", .made_by = ANANKE_VERSION, .version = 1};

/* A field that is forgotten here would be zero after loading. Whoever adds one adds a section or a field of Head (and raises the version above),
 * takes it in take_all, and mends this number. */
_Static_assert(sizeof(void *) != 8 || sizeof(GrammarTables) == 96, "every field of the tables must be in the file");
_Static_assert(sizeof(Place) == 8 && sizeof(Opening) == 8, "they are written as they lie in memory");

enum Flag {
    FLAG_HAS_IGNORE = 1 << 0,
    FLAG_HAS_INITIAL_IGNORE = 1 << 1,
    FLAG_IS_IGNORED_ONCE = 1 << 2,
    FLAGS = (1 << 3) - 1
};

typedef struct Head {
    uint32_t terminal_count, rule_count, flags;
    Dot start;
} Head;
_Static_assert(sizeof(Head) == 16, "no padding: it is written as it lies in memory");

/* What a file has besides the tables' own arrays. */
typedef struct Flat {
    Head head;
    FlatExprs exprs;
    Place *places;       /* with zeros as padding */
    uint32_t *name_ends; /* in `names`, by terminal */
    Buf names;
} Flat;

/* X(name, tag, type of an item, where the items lie, how many there are), with `tables` and `flat` in sight. */
#define SECTIONS(X)                                                                                                 \
    X(HEAD, "head", Head, &flat->head, 1)                                                                           \
    X(EXPRS, "exprs", ExprRecord, flat->exprs.records, flat->exprs.record_count)                                    \
    X(EXPR_WORDS, "exprs.words", uint32_t, flat->exprs.words, flat->exprs.word_count)                               \
    X(EXPR_MEMO, "exprs.memo", DerivativeSlot, flat->exprs.memo, flat->exprs.memo_count)                            \
    X(EXPR_CLASSES, "exprs.classes", uint8_t, flat->exprs.classes, 256)                                             \
    X(PLACES, "places", Place, flat->places, tables->place_count)                                                   \
    X(BODIES, "bodies", Dot, tables->bodies, tables->rule_bodies[tables->rule_count])                               \
    X(RULE_BODIES, "bodies.rules", uint32_t, tables->rule_bodies, tables->rule_count + (size_t)1)                   \
    X(OPENINGS, "openings", Opening, tables->openings, tables->rule_openings[tables->rule_count])                   \
    X(TERMINAL_OPENINGS, "openings.terms", uint32_t, tables->terminal_openings, tables->terminal_count + (size_t)1) \
    X(RULE_OPENINGS, "openings.rules", uint32_t, tables->rule_openings, tables->rule_count + (size_t)1)             \
    X(LEXEMES, "lexemes", Expr, tables->lexemes, tables->terminal_count + (size_t)1)                                \
    X(NAME_ENDS, "names.ends", uint32_t, flat->name_ends, tables->terminal_count)                                   \
    X(NAMES, "names", char, flat->names.data, flat->names.length)

enum SectionName {
#define AS_NAME(name, tag, Type, items, count) SECTION_##name,
    SECTIONS(AS_NAME) SECTION_COUNT
};

static const Section sections[SECTION_COUNT] = {
#define AS_ROW(name, label, Type, where, number) {.tag = label, .size = sizeof(Type)},
    SECTIONS(AS_ROW)};

const Section *ak_program_file_sections(size_t *count) {
    *count = SECTION_COUNT;
    return sections;
}

/* ---- Saving. */

static Head head_of(const GrammarTables *tables) {
    Head head = {.terminal_count = tables->terminal_count, .rule_count = tables->rule_count, .start = tables->start};
    if (tables->has_ignore) head.flags |= FLAG_HAS_IGNORE;
    if (tables->has_initial_ignore) head.flags |= FLAG_HAS_INITIAL_IGNORE;
    if (tables->is_ignored_once) head.flags |= FLAG_IS_IGNORED_ONCE;
    return head;
}

/* Field by field, into memory that is zero: what lies between the fields is nobody's business. */
static bool put_places(Flat *flat, const GrammarTables *tables, Arena *arena) {
    flat->places = ak_new_array(arena, Place, tables->place_count);
    for (uint32_t i = 0; flat->places && i < tables->place_count; i++) {
        flat->places[i].kind = tables->places[i].kind;
        flat->places[i].is_nullable = tables->places[i].is_nullable;
        flat->places[i].symbol = tables->places[i].symbol;
    }
    return flat->places != NULL;
}

static bool put_names(Flat *flat, const GrammarTables *tables, Arena *arena) {
    flat->names.arena = arena;
    flat->name_ends = ak_new_array(arena, uint32_t, tables->terminal_count);
    for (uint32_t t = 0; flat->name_ends && t < tables->terminal_count; t++) {
        ak_buf_str(&flat->names, tables->terminal_names[t]);
        flat->name_ends[t] = (uint32_t)flat->names.length;
    }
    return ak_arena_ok(arena);
}

Str ak_program_file_content(const ananke_program *program, Arena *arena, ananke_error *err) {
    const GrammarTables *tables = &program->tables;
    Flat *flat = ak_new(arena, Flat);
    if (!flat || !ak_exprs_flatten(&program->exprs, arena, &flat->exprs) || !put_places(flat, tables, arena) ||
        !put_names(flat, tables, arena))
        return ak_fail_memory(err, arena), (Str){0};
    flat->head = head_of(tables);
    const Section list[SECTION_COUNT] = {
#define AS_DATA(name, tag, Type, items, count) {tag, sizeof(Type), items, count},
        SECTIONS(AS_DATA)};
    return ak_sections_join(&ak_program_file_format, list, SECTION_COUNT, arena, err);
}

bool ananke_program_save(const ananke_program *program, const char *path, ananke_error *err) {
    Arena arena = {.allocator = program->arena.allocator, .limit = SIZE_MAX};
    Str content = ak_program_file_content(program, &arena, err);
    bool done = content.data && ak_file_write(path, content, err);
    ak_arena_free(&arena);
    return done;
}

/* ---- Loading. */

typedef struct Load {
    ananke_program *program;
    GrammarTables *tables; /* the program's */
    Section list[SECTION_COUNT];
    Str content;
    const char *file;
    uint32_t *owners; /* by dot: the rule whose body it is in; scratch */
    ananke_error *err;
} Load;

static bool fail(Load *load, enum SectionName name, size_t index, const char *what) {
    const SectionsPlace place = {&ak_program_file_format, load->content, load->file, &load->list[name], index};
    return ak_sections_fail(&place, what, load->err);
}

static bool fail_memory(const Load *load) {
    return ak_fail_memory(load->err, &load->program->arena);
}

static bool has(Load *load, enum SectionName name, size_t count) {
    return load->list[name].count == count || fail(load, name, load->list[name].count, "there should be more, or less");
}

/* The section's items in the program's arena; NULL when memory runs out. */
static void *copy(const Load *load, enum SectionName name) {
    const Section *section = &load->list[name];
    void *items = ak_arena_alloc(&load->program->arena, section->count, section->size);
    if (items && section->count) memcpy(items, section->items, section->count * section->size);
    return items;
}

static bool take_head(Load *load) {
    if (!has(load, SECTION_HEAD, 1)) return false;
    const Head *head = load->list[SECTION_HEAD].items;
    if (head->flags & ~(uint32_t)FLAGS) return fail(load, SECTION_HEAD, 0, "a flag is not known");
    if (head->terminal_count >= INT32_MAX || head->rule_count >= INT32_MAX)
        return fail(load, SECTION_HEAD, 0, "no grammar has so many symbols");
    *load->tables = (GrammarTables){.terminal_count = head->terminal_count,
                                    .rule_count = head->rule_count,
                                    .start_rule = head->rule_count,
                                    .has_ignore = head->flags & FLAG_HAS_IGNORE,
                                    .has_initial_ignore = head->flags & FLAG_HAS_INITIAL_IGNORE,
                                    .is_ignored_once = head->flags & FLAG_IS_IGNORED_ONCE,
                                    .lexeme_words = (uint32_t)ak_bits_words(head->terminal_count + (size_t)1),
                                    .rule_words = (uint32_t)ak_bits_words(head->rule_count),
                                    .start = head->start};
    return true;
}

static bool take_exprs(Load *load) {
    static const enum SectionName names[] = {[FLAT_EXPRS_RECORDS] = SECTION_EXPRS,
                                             [FLAT_EXPRS_MEMO] = SECTION_EXPR_MEMO,
                                             [FLAT_EXPRS_CLASSES] = SECTION_EXPR_CLASSES};
    const Section *list = load->list;
    if (!has(load, SECTION_EXPR_CLASSES, 256)) return false;
    const FlatExprs flat = {list[SECTION_EXPRS].items,     list[SECTION_EXPR_WORDS].items,
                            list[SECTION_EXPR_MEMO].items, list[SECTION_EXPR_CLASSES].items,
                            list[SECTION_EXPRS].count,     list[SECTION_EXPR_WORDS].count,
                            list[SECTION_EXPR_MEMO].count};
    FlatExprsProblem problem;
    if (ak_exprs_unflatten(&load->program->exprs, &flat, &load->program->arena, &problem)) return true;
    return problem.what ? fail(load, names[problem.part], problem.index, problem.what) : fail_memory(load);
}

/* ---- Places, and what consists of them. */

/* `bytes` is the place as it lies in the file: a bool is none before it was looked at. */
static bool is_place(const GrammarTables *tables, const char *bytes) {
    const uint32_t symbols[] = {[PLACE_TERMINAL] = tables->terminal_count,
                                [PLACE_RULE] = tables->rule_count,
                                [PLACE_END] = tables->rule_count + 1};
    uint8_t kind = (uint8_t)bytes[offsetof(Place, kind)], is_nullable = (uint8_t)bytes[offsetof(Place, is_nullable)];
    uint32_t symbol;
    memcpy(&symbol, bytes + offsetof(Place, symbol), sizeof symbol);
    return kind <= PLACE_END && is_nullable <= (kind == PLACE_RULE) && symbol < symbols[kind];
}

static bool check_places(Load *load) {
    const Section *section = &load->list[SECTION_PLACES];
    const char *bytes = section->items;
    if (section->count < 2 || section->count >= INT32_MAX)
        return fail(load, SECTION_PLACES, 0, "no grammar has so many places");
    for (size_t i = 0; i < section->count; i++) {
        if (!is_place(load->tables, bytes + i * sizeof(Place))) return fail(load, SECTION_PLACES, i, "is no place");
    }
    return (uint8_t)bytes[(section->count - 1) * sizeof(Place) + offsetof(Place, kind)] == PLACE_END ||
           fail(load, SECTION_PLACES, section->count - 1, "the last body has no end");
}

static bool take_places(Load *load, Arena *scratch) {
    GrammarTables *tables = load->tables;
    if (!check_places(load)) return false;
    tables->places = copy(load, SECTION_PLACES);
    tables->place_count = (uint32_t)load->list[SECTION_PLACES].count;
    load->owners = ak_new_array(scratch, uint32_t, tables->place_count);
    if (!tables->places || !load->owners) return fail_memory(load);
    for (Dot dot = tables->place_count; dot-- > 0;) {
        Place place = tables->places[dot];
        load->owners[dot] = place.kind == PLACE_END ? place.symbol : load->owners[dot + 1];
    }
    return true;
}

/* The start symbol and an end. */
static bool check_start(Load *load) {
    Dot start = load->tables->start;
    if (start >= load->tables->place_count || load->owners[start] != load->tables->start_rule)
        return fail(load, SECTION_HEAD, 0, "the start is at no place of its own");
    return (load->tables->places[start].kind != PLACE_END && load->tables->places[start + 1].kind == PLACE_END) ||
           fail(load, SECTION_HEAD, 0, "the start is no symbol alone");
}

/* Do the offsets go from `first` to `last` without going back? */
static bool check_offsets(Load *load, enum SectionName name, size_t first, size_t last) {
    const uint32_t *offsets = load->list[name].items;
    size_t count = load->list[name].count;
    if (offsets[0] != first || offsets[count - 1] != last) return fail(load, name, 0, "begins or ends elsewhere");
    for (size_t i = 1; i < count; i++) {
        if (offsets[i] < offsets[i - 1]) return fail(load, name, i, "ends before it begins");
    }
    return true;
}

static bool is_body(const Load *load, Dot dot, uint32_t rule) {
    return dot > 0 && dot < load->tables->place_count && load->owners[dot] == rule &&
           load->tables->places[dot - 1].kind == PLACE_END;
}

static bool take_bodies(Load *load) {
    GrammarTables *tables = load->tables;
    const Section *bodies = &load->list[SECTION_BODIES];
    if (!has(load, SECTION_RULE_BODIES, tables->rule_count + (size_t)1) ||
        !check_offsets(load, SECTION_RULE_BODIES, 0, bodies->count))
        return false;
    tables->bodies = copy(load, SECTION_BODIES), tables->rule_bodies = copy(load, SECTION_RULE_BODIES);
    if (!tables->bodies || !tables->rule_bodies) return fail_memory(load);
    for (uint32_t rule = 0; rule < tables->rule_count; rule++) {
        for (uint32_t i = tables->rule_bodies[rule]; i < tables->rule_bodies[rule + 1]; i++) {
            if (!is_body(load, tables->bodies[i], rule)) return fail(load, SECTION_BODIES, i, "is no body of its rule");
        }
    }
    return true;
}

/* Those from `first` to `last`: does each lead behind the symbol? */
static bool check_openings(Load *load, uint32_t first, uint32_t last, PlaceKind kind, uint32_t symbol) {
    const GrammarTables *tables = load->tables;
    for (uint32_t i = first; i < last; i++) {
        Opening opening = tables->openings[i];
        if (opening.dot == 0 || opening.dot >= tables->place_count || opening.rule >= tables->rule_count ||
            load->owners[opening.dot] != opening.rule || tables->places[opening.dot - 1].kind != kind ||
            tables->places[opening.dot - 1].symbol != symbol)
            return fail(load, SECTION_OPENINGS, i, "does not lead behind its symbol");
    }
    return true;
}

static bool copy_openings(Load *load) {
    GrammarTables *tables = load->tables;
    tables->openings = copy(load, SECTION_OPENINGS);
    tables->terminal_openings = copy(load, SECTION_TERMINAL_OPENINGS);
    tables->rule_openings = copy(load, SECTION_RULE_OPENINGS);
    return ak_arena_ok(&load->program->arena) || fail_memory(load);
}

/* The rules' openings lie behind the terminals'. */
static bool take_openings(Load *load) {
    GrammarTables *tables = load->tables;
    if (!has(load, SECTION_TERMINAL_OPENINGS, tables->terminal_count + (size_t)1) ||
        !has(load, SECTION_RULE_OPENINGS, tables->rule_count + (size_t)1) || !copy_openings(load))
        return false;
    const uint32_t *by_terminal = tables->terminal_openings, *by_rule = tables->rule_openings;
    if (!check_offsets(load, SECTION_TERMINAL_OPENINGS, 0, by_rule[0]) ||
        !check_offsets(load, SECTION_RULE_OPENINGS, by_rule[0], load->list[SECTION_OPENINGS].count))
        return false;
    for (uint32_t t = 0; t < tables->terminal_count; t++) {
        if (!check_openings(load, by_terminal[t], by_terminal[t + 1], PLACE_TERMINAL, t)) return false;
    }
    for (uint32_t r = 0; r < tables->rule_count; r++) {
        if (!check_openings(load, by_rule[r], by_rule[r + 1], PLACE_RULE, r)) return false;
    }
    return true;
}

/* ---- Lexemes. */

/* None is empty; the last is what is ignored, and there may be nothing. */
static bool take_lexemes(Load *load) {
    GrammarTables *tables = load->tables;
    const Exprs *exprs = &load->program->exprs;
    if (!has(load, SECTION_LEXEMES, tables->terminal_count + (size_t)1)) return false;
    tables->lexemes = copy(load, SECTION_LEXEMES);
    if (!tables->lexemes) return fail_memory(load);
    for (uint32_t t = 0; t <= tables->terminal_count; t++) {
        Expr lexeme = tables->lexemes[t];
        bool may_be_nothing = t == tables->terminal_count && !tables->has_ignore;
        if (lexeme == AK_EXPR_FAILED || lexeme >= exprs->nodes.count || ak_expr_is_nullable(exprs, lexeme) ||
            (lexeme == AK_EXPR_NOTHING) != may_be_nothing)
            return fail(load, SECTION_LEXEMES, t, "is no lexeme");
    }
    return true;
}

static bool take_names(Load *load) {
    GrammarTables *tables = load->tables;
    const Section *texts = &load->list[SECTION_NAMES];
    if (!has(load, SECTION_NAME_ENDS, tables->terminal_count)) return false;
    const uint32_t *ends = load->list[SECTION_NAME_ENDS].items;
    Str *names = ak_new_array(&load->program->arena, Str, tables->terminal_count + (size_t)1);
    if (!names) return fail_memory(load);
    for (uint32_t t = 0, at = 0; t < tables->terminal_count; at = ends[t++]) {
        if (ends[t] < at || ends[t] > texts->count) return fail(load, SECTION_NAME_ENDS, t, "lies behind the names");
        names[t] = ak_arena_str(&load->program->arena, ak_str_slice((Str){texts->items, texts->count}, at, ends[t]));
    }
    tables->terminal_names = names;
    return ak_arena_ok(&load->program->arena) || fail_memory(load);
}

/* ---- All of it. */

static bool take_all(Load *load, Arena *scratch) {
    memcpy(load->list, sections, sizeof sections);
    return ak_sections_split(&ak_program_file_format, load->list, SECTION_COUNT, load->content, load->file,
                             load->err) &&
           take_head(load) && take_exprs(load) && take_places(load, scratch) && check_start(load) &&
           take_bodies(load) && take_openings(load) && take_lexemes(load) && take_names(load);
}

ananke_program *ak_program_file_read(Str content, const char *file, const ananke_vocab *vocab,
                                     const ananke_context *context, ananke_error *err) {
    ananke_program *program = ak_program_new(vocab, context, err);
    if (!program) return NULL;
    Load load = {.program = program, .tables = &program->tables, .content = content, .file = file, .err = err};
    Arena scratch = {.allocator = program->arena.allocator, .limit = SIZE_MAX};
    bool done = take_all(&load, &scratch) && ak_program_start(program, err);
    ak_arena_free(&scratch);
    if (done) return program;
    ananke_program_free(program);
    return NULL;
}

ananke_program *ananke_program_load(const char *path, const ananke_vocab *vocab, const ananke_program_options *options,
                                    ananke_error *err) {
    FileMap map = {0};
    if (!ak_file_map(&map, path, err)) return NULL;
    ananke_program *program = ak_program_file_read(map.content, path, vocab, options ? options->context : NULL, err);
    ak_file_unmap(&map);
    return program;
}
