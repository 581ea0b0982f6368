/* Saving is one table, SECTIONS. Loading takes the same sections from the ground up: head, expressions, places, then what consists of them. */
#include "mask/program_file.h"
#include "base/bitset.h"
#include "base/buf.h"
#include "base/file.h"
#include "regex/exprs_file.h"
#include <ananke/version.h>
#include <float.h>

const SectionsFormat ak_program_file_format = {
    .magic = "AKPROGR\n", .noun = "saved program", .made_by = ANANKE_VERSION, .version = 6};

/* A field that is forgotten here would be zero after loading. Whoever adds one adds a section or a field of Head (and raises the version above),
 * takes it in take_all, and mends this number. */
_Static_assert(sizeof(void *) != 8 || sizeof(GrammarTables) == 176, "every field of the tables must be in the file");
_Static_assert(sizeof(Place) == 8 && sizeof(Opening) == 8, "they are written as they lie in memory");

_Static_assert(sizeof(TokenRange) == 8 && sizeof(RosterEntry) == 8, "they, too");

enum Flag {
    FLAG_HAS_INITIAL_IGNORE = 1,
    FLAG_IS_IGNORED_ONCE = 2,
    FLAGS = FLAG_HAS_INITIAL_IGNORE | FLAG_IS_IGNORED_ONCE,
};

typedef struct Head {
    uint32_t terminal_count, lexeme_count, rule_count, flags;
    Dot start;
    uint32_t vocab; /* print_of, where the grammar speaks of tokens; else 0 */
    uint32_t text_tokens;
} Head;
_Static_assert(sizeof(Head) == 28, "no padding: it is written as it lies in memory");

/* Texts one behind the other, and where each ends. */
typedef struct FlatTexts {
    uint32_t *ends;
    size_t count;
    Buf texts;
} FlatTexts;

/* Of a RuleCapture. */
typedef struct CapturedParts {
    Expr body, end;
} CapturedParts;
_Static_assert(sizeof(CapturedParts) == 8, "no padding either");

/* Of a Roster. */
typedef struct RosterRecord {
    RosterRules rules;
    uint32_t count;
    Dot dot;
} RosterRecord;
_Static_assert(sizeof(RosterRecord) == 28, "nor here");

/* What a file has besides the tables' own arrays. */
typedef struct Flat {
    Head head;
    FlatExprs exprs;
    FlatTexts names; /* by terminal */
    FlatTexts unenforced;
    FlatTexts captures, end_captures; /* by rule, or none at all, as are the following */
    CapturedParts *parts;
    size_t part_count;
    uint32_t *token_ends; /* in `ranges`, by terminal; NULL: there are no sets of tokens */
    TokenRange *ranges;
    size_t range_count;
    RosterRecord *rosters;
    RosterEntry *roster_entries; /* of one roster behind the other */
    size_t roster_entry_count;
} Flat;

/* X(name, tag, type of an item, where the items lie, how many there are), with `tables` and `flat` in sight. */
#define SECTIONS(X)                                                                                                 \
    X(HEAD, "head", Head, &flat->head, 1)                                                                           \
    X(EXPRS, "exprs", ExprRecord, flat->exprs.records, flat->exprs.record_count)                                    \
    X(EXPR_WORDS, "exprs.words", uint32_t, flat->exprs.words, flat->exprs.word_count)                               \
    X(EXPR_MEMO, "exprs.memo", DerivativeSlot, flat->exprs.memo, flat->exprs.memo_count)                            \
    X(EXPR_CLASSES, "exprs.classes", uint8_t, flat->exprs.classes, 256)                                             \
    X(PLACES, "places", Place, tables->places, tables->place_count)                                                 \
    X(BODIES, "bodies", Dot, tables->bodies, tables->rule_bodies[tables->rule_count])                               \
    X(RULE_BODIES, "bodies.rules", uint32_t, tables->rule_bodies, tables->rule_count + (size_t)1)                   \
    X(LEXEMES, "lexemes", Expr, tables->lexemes, tables->lexeme_count)                                              \
    X(LAZY, "lexemes.lazy", uint32_t, tables->lazy, tables->lexeme_words)                                           \
    X(TOKEN_ENDS, "tokens.ends", uint32_t, flat->token_ends, tables->tokens ? tables->terminal_count : 0)           \
    X(TOKENS, "tokens", TokenRange, flat->ranges, flat->range_count)                                                \
    X(TEMPERATURES, "temperatures", float, tables->temperatures, tables->temperatures ? tables->terminal_count : 0) \
    X(MAX_TOKENS, "lexemes.limits", uint32_t, tables->max_tokens, tables->max_tokens ? tables->lexeme_count : 0)    \
    X(RULE_LIMITS, "rules.limits", uint32_t, tables->rule_limits, tables->rule_limits ? tables->rule_count : 0)     \
    X(ROLES, "lexemes.roles", uint8_t, tables->roles, tables->roles ? tables->lexeme_count : 0)                     \
    X(NAME_ENDS, "names.ends", uint32_t, flat->names.ends, flat->names.count)                                       \
    X(NAMES, "names", char, flat->names.texts.data, flat->names.texts.length)                                       \
    X(CAPTURE_ENDS, "captures.ends", uint32_t, flat->captures.ends, flat->captures.count)                           \
    X(CAPTURES, "captures", char, flat->captures.texts.data, flat->captures.texts.length)                           \
    X(CAPTURE_PARTS, "captures.parts", CapturedParts, flat->parts, flat->part_count)                                \
    X(END_CAPTURE_ENDS, "endings.ends", uint32_t, flat->end_captures.ends, flat->end_captures.count)                \
    X(END_CAPTURES, "endings", char, flat->end_captures.texts.data, flat->end_captures.texts.length)                \
    X(UNENFORCED_ENDS, "unheld.ends", uint32_t, flat->unenforced.ends, flat->unenforced.count)                      \
    X(UNENFORCED, "unheld", char, flat->unenforced.texts.data, flat->unenforced.texts.length)                       \
    X(ROSTERS, "rosters", RosterRecord, flat->rosters, tables->roster_count)                                        \
    X(ROSTER_ENTRIES, "rosters.entries", RosterEntry, flat->roster_entries, flat->roster_entry_count)

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

/* Of a vocabulary whose tokens a grammar speaks of: the file is for one with the same ids. */
static uint32_t print_of(const ananke_vocab *vocab) {
    uint64_t hash = vocab->size;
    for (uint32_t id = 0; id < vocab->size; id++) {
        Str text = ak_vocab_str(vocab, id);
        hash = (hash ^ ak_str_hash(text) ^ text.length) * UINT64_C(0x9E3779B97F4A7C15);
    }
    hash ^= ak_str_hash((Str){vocab->name_text, vocab->name_bytes});
    for (size_t i = 0; i < vocab->name_count; i++) hash = (hash ^ vocab->names[i].id) * UINT64_C(0x9E3779B97F4A7C15);
    return (uint32_t)(hash >> 32) | 1;
}

static Head head_of(const GrammarTables *tables, const ananke_vocab *vocab) {
    return (Head){.terminal_count = tables->terminal_count,
                  .lexeme_count = tables->lexeme_count,
                  .rule_count = tables->rule_count,
                  .flags = (tables->has_initial_ignore ? FLAG_HAS_INITIAL_IGNORE : 0u) |
                           (tables->is_ignored_once ? FLAG_IS_IGNORED_ONCE : 0u),
                  .start = tables->start,
                  .vocab = tables->tokens ? print_of(vocab) : 0,
                  .text_tokens = tables->text_tokens};
}

/* `texts` may be NULL: there are none. */
static bool put_texts(FlatTexts *flat, const Str *texts, size_t count, Arena *arena) {
    flat->texts.arena = arena;
    flat->count = texts ? count : 0;
    flat->ends = ak_new_array(arena, uint32_t, flat->count);
    for (size_t i = 0; flat->ends && i < flat->count; i++) {
        ak_buf_str(&flat->texts, texts[i]);
        flat->ends[i] = (uint32_t)flat->texts.length;
    }
    return ak_arena_ok(arena);
}

/* `captures` may be NULL: there are none. */
static bool put_captures(Flat *flat, const RuleCapture *captures, size_t count, Arena *arena) {
    if (!captures) return put_texts(&flat->captures, NULL, 0, arena) && put_texts(&flat->end_captures, NULL, 0, arena);
    Str *names = ak_new_array(arena, Str, count), *end_names = ak_new_array(arena, Str, count);
    flat->parts = ak_new_array(arena, CapturedParts, count), flat->part_count = count;
    if (!ak_arena_ok(arena)) return false;
    for (size_t r = 0; r < count; r++) {
        names[r] = captures[r].name, end_names[r] = captures[r].end_name;
        flat->parts[r] = (CapturedParts){captures[r].body, captures[r].end};
    }
    return put_texts(&flat->captures, names, count, arena) && put_texts(&flat->end_captures, end_names, count, arena);
}

/* The pointer and the reason of each, one behind the other. */
static bool put_unenforced(Flat *flat, const ananke_program *program, Arena *arena) {
    Str *texts = ak_new_array(arena, Str, 2 * program->unenforced_count);
    if (!texts) return false;
    for (size_t i = 0; i < program->unenforced_count; i++) {
        texts[2 * i] = ak_str(program->unenforced[i].pointer);
        texts[2 * i + 1] = ak_str(program->unenforced[i].reason);
    }
    return put_texts(&flat->unenforced, texts, 2 * program->unenforced_count, arena);
}

static bool put_tokens(Flat *flat, const GrammarTables *tables, Arena *arena) {
    if (!tables->tokens) return true;
    for (uint32_t t = 0; t < tables->terminal_count; t++) flat->range_count += tables->tokens[t].count;
    flat->token_ends = ak_new_array(arena, uint32_t, tables->terminal_count);
    flat->ranges = ak_new_array(arena, TokenRange, flat->range_count);
    if (!ak_arena_ok(arena)) return false;
    for (uint32_t t = 0, end = 0; t < tables->terminal_count; t++) {
        TokenSet set = tables->tokens[t];
        if (set.count) memcpy(flat->ranges + end, set.ranges, set.count * sizeof *set.ranges);
        flat->token_ends[t] = end += (uint32_t)set.count;
    }
    return true;
}

static bool put_rosters(Flat *flat, const GrammarTables *tables, Arena *arena) {
    for (uint32_t r = 0; r < tables->roster_count; r++) flat->roster_entry_count += tables->rosters[r].count;
    flat->rosters = ak_new_array(arena, RosterRecord, tables->roster_count);
    flat->roster_entries = ak_new_array(arena, RosterEntry, flat->roster_entry_count);
    if (!ak_arena_ok(arena)) return false;
    RosterEntry *entries = flat->roster_entries;
    for (uint32_t r = 0; r < tables->roster_count; r++) {
        const Roster *roster = &tables->rosters[r];
        flat->rosters[r] = (RosterRecord){roster->rules, roster->count, roster->dot};
        memcpy(entries, roster->entries, roster->count * sizeof *entries);
        entries += roster->count;
    }
    return true;
}

Str ak_program_file_content(const ananke_program *program, Arena *arena, ananke_error *err) {
    const GrammarTables *tables = &program->tables;
    Flat *flat = ak_new(arena, Flat);
    if (!flat || !ak_exprs_flatten(&program->exprs, arena, &flat->exprs) || !put_tokens(flat, tables, arena) ||
        !put_rosters(flat, tables, arena) ||
        !put_texts(&flat->names, tables->terminal_names, tables->terminal_count, arena) ||
        !put_captures(flat, tables->captures, tables->rule_count, arena) || !put_unenforced(flat, program, arena))
        return ak_fail_memory(err, arena), (Str){0};
    flat->head = head_of(tables, program->vocab);
    const Section list[SECTION_COUNT] = {
#define AS_DATA(name, tag, Type, items, count) {tag, sizeof(Type), items, count},
        SECTIONS(AS_DATA)};
    return ak_sections_join(&ak_program_file_format, list, SECTION_COUNT, arena, err);
}

bool ananke_program_save(const ananke_program *program, const char *path, ananke_error *err) {
    if (program->parser.open)
        return ak_fail(err, ANANKE_ERROR_UNSUPPORTED,
                       "a programming language's program is not saved: its pack is one already");
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
    if (head->terminal_count >= INT32_MAX || head->rule_count >= INT32_MAX ||
        head->lexeme_count < head->terminal_count || head->lexeme_count - head->terminal_count > UINT16_MAX)
        return fail(load, SECTION_HEAD, 0, "no grammar has so many symbols");
    if (head->vocab && head->vocab != print_of(load->program->vocab))
        return fail(load, SECTION_HEAD, 0, "the program speaks of tokens, and of another vocabulary's");
    *load->tables = (GrammarTables){.terminal_count = head->terminal_count,
                                    .lexeme_count = head->lexeme_count,
                                    .rule_count = head->rule_count,
                                    .start_rule = head->rule_count,
                                    .has_initial_ignore = head->flags & FLAG_HAS_INITIAL_IGNORE,
                                    .is_ignored_once = head->flags & FLAG_IS_IGNORED_ONCE,
                                    .lexeme_words = (uint32_t)ak_bits_words(head->lexeme_count),
                                    .rule_words = (uint32_t)ak_bits_words(head->rule_count),
                                    .text_tokens = head->text_tokens,
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
                                [PLACE_END] = tables->rule_count + 1,
                                [PLACE_PICK] = tables->roster_count,
                                [PLACE_TAKE] = tables->roster_count};
    uint8_t kind = (uint8_t)bytes[offsetof(Place, kind)], is_nullable = (uint8_t)bytes[offsetof(Place, is_nullable)];
    uint16_t ignored;
    uint32_t symbol;
    memcpy(&ignored, bytes + offsetof(Place, ignored), sizeof ignored);
    memcpy(&symbol, bytes + offsetof(Place, symbol), sizeof symbol);
    return kind <= PLACE_TAKE && is_nullable <= (kind == PLACE_RULE) && symbol < symbols[kind] &&
           ignored <= tables->lexeme_count - tables->terminal_count;
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
    if (load->list[SECTION_ROSTERS].count >= INT32_MAX) return fail(load, SECTION_ROSTERS, 0, "no grammar has so many");
    tables->roster_count = (uint32_t)load->list[SECTION_ROSTERS].count;
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

static bool is_at(const GrammarTables *tables, Dot dot, PlaceKind kind, uint32_t symbol) {
    return tables->places[dot].kind == kind && tables->places[dot].symbol == symbol;
}

static bool is_symbol(const GrammarTables *tables, Dot dot) {
    return tables->places[dot].kind <= PLACE_RULE;
}

/* Do the places from the roster's dot on lie as those of a roster (grammar_tables.h)? */
static bool is_laid(const GrammarTables *tables, uint32_t number) {
    const Roster *roster = &tables->rosters[number];
    uint64_t end = (uint64_t)roster->dot + 5 + 2 * (uint64_t)roster->count;
    if (!roster->dot || end >= tables->place_count) return false;
    bool is_right = tables->places[roster->dot - 1].kind == PLACE_END && tables->places[end].kind == PLACE_END &&
                    tables->places[roster->dot].kind == PLACE_TERMINAL && is_symbol(tables, ak_roster_comma(roster)) &&
                    is_symbol(tables, ak_roster_closing(roster)) &&
                    is_at(tables, roster->dot + 1, PLACE_PICK, number) &&
                    is_at(tables, ak_roster_comma(roster) + 1, PLACE_PICK, number);
    for (uint32_t i = 0; is_right && i < roster->count; i++) {
        Dot entry = ak_roster_entry(roster, i);
        is_right = is_symbol(tables, entry) && is_at(tables, entry + 1, PLACE_TAKE, number);
    }
    return is_right;
}

/* No other places than those of the rosters are as in a roster. */
static bool check_rosters(Load *load) {
    const GrammarTables *tables = load->tables;
    uint64_t expected = 0, found = 0;
    for (uint32_t r = 0; r < tables->roster_count; r++) {
        const Roster *roster = &tables->rosters[r];
        if (!is_laid(tables, r) || (r && roster->dot <= tables->rosters[r - 1].dot))
            return fail(load, SECTION_ROSTERS, r, "does not lie as a roster");
        expected += 2 + (uint64_t)roster->count;
    }
    for (Dot dot = 0; dot < tables->place_count; dot++) found += tables->places[dot].kind > PLACE_END;
    return found == expected || fail(load, SECTION_PLACES, 0, "a place is in no roster");
}

/* Behind the places. */
static bool take_rosters(Load *load) {
    GrammarTables *tables = load->tables;
    const RosterRecord *records = load->list[SECTION_ROSTERS].items;
    size_t all = load->list[SECTION_ROSTER_ENTRIES].count, at = 0;
    const RosterEntry *entries = copy(load, SECTION_ROSTER_ENTRIES);
    tables->rosters = ak_new_array(&load->program->arena, Roster, tables->roster_count);
    if (!entries || !tables->rosters) return fail_memory(load);
    for (uint32_t r = 0; r < tables->roster_count; at += records[r++].count) {
        Roster *roster = &tables->rosters[r];
        if (records[r].count > all - at) return fail(load, SECTION_ROSTERS, r, "has more entries than there are");
        *roster = (Roster){
            .rules = records[r].rules, .entries = entries + at, .count = records[r].count, .dot = records[r].dot};
        if (roster->rules.seats > roster->count || !ak_roster_is_sound(&roster->rules, roster->entries, roster->count))
            return fail(load, SECTION_ROSTERS, r, "is no roster");
        if (!ak_roster_prepare(roster, &load->program->arena)) return fail_memory(load);
    }
    return at == all ? check_rosters(load) : fail(load, SECTION_ROSTER_ENTRIES, at, "is of no roster");
}

/* The start symbol and an end. */
static bool check_start(Load *load) {
    Dot start = load->tables->start;
    if (start >= load->tables->place_count || load->owners[start] != load->tables->start_rule)
        return fail(load, SECTION_HEAD, 0, "the start is at no place of its own");
    return (is_symbol(load->tables, start) && load->tables->places[start + 1].kind == PLACE_END) ||
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
    return ak_tables_find_openings(tables, &load->program->arena) || fail_memory(load);
}

/* ---- Lexemes. */

/* None is empty; only sets of tokens, which have no text, are nothing. */
static bool take_lexemes(Load *load) {
    GrammarTables *tables = load->tables;
    const Exprs *exprs = &load->program->exprs;
    if (!has(load, SECTION_LEXEMES, tables->lexeme_count) || !has(load, SECTION_LAZY, tables->lexeme_words))
        return false;
    tables->lexemes = copy(load, SECTION_LEXEMES), tables->lazy = copy(load, SECTION_LAZY);
    if (!tables->lexemes || !tables->lazy) return fail_memory(load);
    if (ak_bits_next(tables->lazy, (size_t)tables->lexeme_words * 32, tables->terminal_count) != SIZE_MAX)
        return fail(load, SECTION_LAZY, 0, "a lexeme that is no terminal is lazy");
    for (uint32_t t = 0; t < tables->lexeme_count; t++) {
        Expr lexeme = tables->lexemes[t];
        bool is_set = t < tables->terminal_count && tables->tokens && tables->tokens[t].count;
        if (lexeme == AK_EXPR_FAILED || lexeme >= exprs->nodes.count || ak_expr_is_nullable(exprs, lexeme) ||
            (lexeme == AK_EXPR_NOTHING) != is_set)
            return fail(load, SECTION_LEXEMES, t, "is no lexeme");
    }
    return true;
}

static bool check_ranges(Load *load, uint32_t first, uint32_t last) {
    const TokenRange *ranges = load->list[SECTION_TOKENS].items;
    for (uint32_t i = first; i < last; i++) {
        bool is_behind = i == first || ranges[i].first > ranges[i - 1].last;
        if (!is_behind || ranges[i].last < ranges[i].first || ranges[i].last >= load->program->vocab->size)
            return fail(load, SECTION_TOKENS, i, "is no range of tokens");
    }
    return true;
}

static bool take_tokens(Load *load) {
    GrammarTables *tables = load->tables;
    const Head *head = load->list[SECTION_HEAD].items;
    const Section *ranges = &load->list[SECTION_TOKENS];
    if (!has(load, SECTION_TOKEN_ENDS, head->vocab ? tables->terminal_count : 0)) return false;
    if (!head->vocab) return has(load, SECTION_TOKENS, 0);
    const uint32_t *ends = load->list[SECTION_TOKEN_ENDS].items;
    TokenSet *sets = ak_new_array(&load->program->arena, TokenSet, tables->terminal_count);
    const TokenRange *all = copy(load, SECTION_TOKENS);
    if (!sets || !all) return fail_memory(load);
    for (uint32_t t = 0, at = 0; t < tables->terminal_count; at = ends[t++]) {
        if (ends[t] < at || ends[t] > ranges->count) return fail(load, SECTION_TOKEN_ENDS, t, "lies behind the ranges");
        if (!check_ranges(load, at, ends[t])) return false;
        sets[t] = (TokenSet){all + at, ends[t] - at};
    }
    tables->tokens = sets;
    return true;
}

static bool take_temperatures(Load *load) {
    const Section *section = &load->list[SECTION_TEMPERATURES];
    const float *values = section->items;
    if (!section->count) return true;
    if (!has(load, SECTION_TEMPERATURES, load->tables->terminal_count)) return false;
    for (size_t t = 0; t < section->count; t++) {
        if (!(values[t] >= 0 && values[t] <= FLT_MAX)) return fail(load, SECTION_TEMPERATURES, t, "is no temperature");
    }
    load->tables->temperatures = copy(load, SECTION_TEMPERATURES);
    return load->tables->temperatures || fail_memory(load);
}

static bool take_limits(Load *load) {
    const Section *section = &load->list[SECTION_MAX_TOKENS];
    const uint32_t *limits = section->items;
    if (!section->count) return true;
    if (!has(load, SECTION_MAX_TOKENS, load->tables->lexeme_count)) return false;
    for (size_t i = 0; i < section->count; i++) {
        if ((limits[i] & ~AK_GIVEN_UP) > (i < load->tables->terminal_count ? AK_MAX_TOKENS : 0) ||
            limits[i] == AK_GIVEN_UP)
            return fail(load, SECTION_MAX_TOKENS, i, "is no limit");
    }
    load->tables->max_tokens = copy(load, SECTION_MAX_TOKENS);
    return load->tables->max_tokens || fail_memory(load);
}

static bool take_rule_limits(Load *load) {
    const Section *section = &load->list[SECTION_RULE_LIMITS];
    const uint32_t *limits = section->items;
    if (!section->count) return true;
    if (!has(load, SECTION_RULE_LIMITS, load->tables->rule_count)) return false;
    for (size_t i = 0; i < section->count; i++) {
        if (limits[i] > AK_MAX_TOKENS) return fail(load, SECTION_RULE_LIMITS, i, "is no limit");
    }
    load->tables->rule_limits = copy(load, SECTION_RULE_LIMITS);
    return load->tables->rule_limits || fail_memory(load);
}

/* What is ignored has none. */
static bool take_roles(Load *load) {
    const Section *section = &load->list[SECTION_ROLES];
    const uint8_t *roles = section->items;
    if (!section->count) return true;
    if (!has(load, SECTION_ROLES, load->tables->lexeme_count)) return false;
    for (size_t i = 0; i < section->count; i++) {
        if (roles[i] >= (i < load->tables->terminal_count ? ROLES : ROLE_NONE + 1))
            return fail(load, SECTION_ROLES, i, "is no role");
    }
    load->tables->roles = copy(load, SECTION_ROLES);
    return load->tables->roles || fail_memory(load);
}

/* The texts that end where the items of the one section say, out of the other; NULL when memory runs out, or `err`. */
static Str *take_texts(Load *load, enum SectionName ends_name, enum SectionName name) {
    const Section *texts = &load->list[name];
    const uint32_t *ends = load->list[ends_name].items;
    size_t count = load->list[ends_name].count;
    Str *found = ak_new_array(&load->program->arena, Str, count + 1);
    if (!found) return fail_memory(load), NULL;
    for (size_t i = 0, at = 0; i < count; at = ends[i++]) {
        if (ends[i] < at || ends[i] > texts->count) return fail(load, ends_name, i, "lies behind the texts"), NULL;
        found[i] = ak_arena_str(&load->program->arena, ak_str_slice((Str){texts->items, texts->count}, at, ends[i]));
    }
    return ak_arena_ok(&load->program->arena) ? found : (fail_memory(load), NULL);
}

static bool take_names(Load *load) {
    GrammarTables *tables = load->tables;
    if (!has(load, SECTION_NAME_ENDS, tables->terminal_count)) return false;
    return (tables->terminal_names = take_texts(load, SECTION_NAME_ENDS, SECTION_NAMES)) != NULL;
}

static bool take_captures(Load *load) {
    size_t count = load->list[SECTION_CAPTURE_ENDS].count ? load->tables->rule_count : 0;
    uint32_t expr_count = (uint32_t)load->program->exprs.nodes.count;
    if (!has(load, SECTION_CAPTURE_ENDS, count) || !has(load, SECTION_CAPTURE_PARTS, count) ||
        !has(load, SECTION_END_CAPTURE_ENDS, count))
        return false;
    const Str *names = take_texts(load, SECTION_CAPTURE_ENDS, SECTION_CAPTURES);
    const Str *end_names = names ? take_texts(load, SECTION_END_CAPTURE_ENDS, SECTION_END_CAPTURES) : NULL;
    RuleCapture *captures = count ? ak_new_array(&load->program->arena, RuleCapture, count) : NULL;
    if (!end_names) return false;
    if (count && !captures) return fail_memory(load);
    for (size_t r = 0; r < count; r++) {
        CapturedParts parts = ((const CapturedParts *)load->list[SECTION_CAPTURE_PARTS].items)[r];
        if (parts.body >= expr_count || parts.end >= expr_count || !parts.body != !parts.end)
            return fail(load, SECTION_CAPTURE_PARTS, r, "is no lexeme's");
        captures[r] = (RuleCapture){names[r], end_names[r], parts.body, parts.end};
    }
    load->tables->captures = captures;
    return true;
}

static bool take_unenforced(Load *load) {
    size_t count = load->list[SECTION_UNENFORCED_ENDS].count;
    if (count % 2) return fail(load, SECTION_UNENFORCED_ENDS, count - 1, "has a pointer without a reason");
    const Str *texts = take_texts(load, SECTION_UNENFORCED_ENDS, SECTION_UNENFORCED);
    ananke_unenforced *list = texts ? ak_new_array(&load->program->arena, ananke_unenforced, count / 2) : NULL;
    if (!list) return texts && fail_memory(load);
    for (size_t i = 0; i < count / 2; i++) list[i] = (ananke_unenforced){texts[2 * i].data, texts[2 * i + 1].data};
    load->program->unenforced = list, load->program->unenforced_count = count / 2;
    return true;
}

/* ---- All of it. */

static bool take_all(Load *load, Arena *scratch) {
    memcpy(load->list, sections, sizeof sections);
    return ak_sections_split(&ak_program_file_format, load->list, SECTION_COUNT, load->content, load->file,
                             load->err) &&
           take_head(load) && take_exprs(load) && take_places(load, scratch) && take_rosters(load) &&
           check_start(load) && take_bodies(load) && take_tokens(load) && take_lexemes(load) &&
           take_temperatures(load) && take_limits(load) && take_rule_limits(load) && take_roles(load) &&
           take_names(load) && take_captures(load) && take_unenforced(load);
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
