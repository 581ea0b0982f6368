/* Writing is one table, SECTIONS. Reading takes the same sections from the ground up: head, expressions, terminals, rules, tables. */
#include "syntax/pack.h"
#include "base/bitset.h"
#include "base/buf.h"
#include "regex/exprs_file.h"
#include "syntax/lr_check.h"
#include <ananke/version.h>

const SectionsFormat ak_pack_format = {
    .magic = "AKLPACK\n", .noun = "language pack", .made_by = ANANKE_VERSION, .version = 2};

typedef struct Head {
    uint32_t terminal_count, rule_count, role_count, state_count, cell_rows, goto_rows, conflicts, resolved,
        start_count, ending_count; /* of the texts about the pack: behind its name, before the sources */
} Head;
_Static_assert(sizeof(Head) == 40, "no padding: it is written as it lies in memory");

/* A field that is forgotten here would be zero after reading. Whoever adds one mends its record (and raises the version above) and this number. */
_Static_assert(sizeof(void *) != 8 || sizeof(LrTables) == 152, "every field of the tables must be in the file");
_Static_assert(sizeof(void *) != 8 || sizeof(SyntaxTerminal) == 48, "every field of the terminals, too");
_Static_assert(sizeof(LrCell) == 8 && sizeof(LrChoice) == 8 && sizeof(LrReduction) == 4 && sizeof(Production) == 12,
               "they are written as they lie in memory");

enum Flag {
    FLAG_IMMEDIATE = 1,
    FLAG_RAW = 2,
    FLAG_EXTRA = 4,
    FLAG_NEWLINE = 8,
    FLAG_CLOSING = 16,
    FLAG_MUNCHED = 32,
    FLAG_SPACE = 64,
    FLAGS = 127,
    LAYOUT_SHIFT = 8, /* what a terminal is to the layout lies above the flags */
};

/* Of a SyntaxTerminal. */
typedef struct TerminalRecord {
    Expr expr;
    uint32_t twin;
    uint32_t marks; /* in `mark_sets`, + 1; 0: there are none */
    uint16_t lines, flags;
} TerminalRecord;
_Static_assert(sizeof(TerminalRecord) == 16, "no padding either");

/* Of a SyntaxStep. */
typedef struct StepRecord {
    SyntaxSymbol symbol;
    uint32_t role;
} StepRecord;

/* Texts one behind the other, each with a NUL behind it, and where each ends. */
typedef struct FlatTexts {
    VEC(uint32_t) ends;
    Buf texts;
} FlatTexts;

/* What a file has besides the tables' own arrays. */
typedef struct Flat {
    Head head;
    FlatExprs exprs;
    TerminalRecord *terminals;
    VEC(uint32_t) mark_sets;
    StepRecord *steps;
    FlatTexts names; /* of terminals, rules; fields and aliases of the roles */
    FlatTexts about;
} Flat;

/* X(name, tag, type of an item, where the items lie, how many there are), with `tables`, `syntax` and `flat` in sight. */
#define SECTIONS(X)                                                                                     \
    X(HEAD, "head", Head, &flat->head, 1)                                                               \
    X(ABOUT_ENDS, "about.ends", uint32_t, flat->about.ends.items, flat->about.ends.count)               \
    X(ABOUT, "about", char, flat->about.texts.data, flat->about.texts.length)                           \
    X(EXPRS, "exprs", ExprRecord, flat->exprs.records, flat->exprs.record_count)                        \
    X(EXPR_WORDS, "exprs.words", uint32_t, flat->exprs.words, flat->exprs.word_count)                   \
    X(EXPR_MEMO, "exprs.memo", DerivativeSlot, flat->exprs.memo, flat->exprs.memo_count)                \
    X(EXPR_CLASSES, "exprs.classes", uint8_t, flat->exprs.classes, 256)                                 \
    X(NAME_ENDS, "names.ends", uint32_t, flat->names.ends.items, flat->names.ends.count)                \
    X(NAMES, "names", char, flat->names.texts.data, flat->names.texts.length)                           \
    X(TERMINALS, "terminals", TerminalRecord, flat->terminals, tables->terminal_count)                  \
    X(MARKS, "terminals.marks", uint32_t, flat->mark_sets.items, flat->mark_sets.count)                 \
    X(PRODUCTIONS, "productions", Production, syntax->productions.items, syntax->productions.count)     \
    X(STEPS, "steps", StepRecord, flat->steps, syntax->steps.count)                                     \
    X(CELL_ROWS, "cells.rows", uint16_t, tables->row_of_cells, tables->state_count)                     \
    X(CELLS, "cells", uint16_t, tables->cells, (size_t)tables->cell_rows * tables->terminal_count)      \
    X(GOTO_ROWS, "gotos.rows", uint16_t, tables->row_of_gotos, tables->state_count)                     \
    X(GOTOS, "gotos", LrState, tables->gotos, (size_t)tables->goto_rows * tables->rule_count)           \
    X(SHIFTS, "shifts", uint32_t, tables->shifts, (size_t)tables->state_count * tables->set_words)      \
    X(DEFAULTS, "defaults", LrReduction, tables->defaults, tables->state_count)                         \
    X(BY, "by", uint32_t, tables->by, tables->state_count)                                              \
    X(FIRST_CHOICES, "choices.first", uint32_t, tables->first_choices, tables->state_count + (size_t)1) \
    X(CHOICES, "choices", LrChoice, tables->choices, tables->choice_count)                              \
    X(SETS, "choices.sets", uint32_t, tables->sets, tables->set_count)                                  \
    X(ALL_CELLS, "actions", LrCell, tables->all_cells, tables->all_cell_count)                          \
    X(REDUCTIONS, "reductions", LrReduction, tables->reductions, tables->reduction_count)

enum SectionName {
#define AS_NAME(name, tag, Type, items, count) SECTION_##name,
    SECTIONS(AS_NAME) SECTION_COUNT
};

static const Section sections[SECTION_COUNT] = {
#define AS_ROW(name, label, Type, where, number) {.tag = label, .size = sizeof(Type)},
    SECTIONS(AS_ROW)};

const Section *ak_pack_sections(size_t *count) {
    *count = SECTION_COUNT;
    return sections;
}

/* ---- Writing */

static bool put_text(FlatTexts *flat, Str text, Arena *arena) {
    flat->texts.arena = arena;
    ak_buf_str(&flat->texts, text);
    ak_buf_str(&flat->texts, (Str){"", 1});
    return ak_vec_push(arena, &flat->ends, (uint32_t)flat->texts.length);
}

static bool put_texts(FlatTexts *flat, const Str *texts, size_t count, Arena *arena) {
    for (size_t i = 0; i < count; i++) {
        if (!put_text(flat, texts[i], arena)) return false;
    }
    return ak_arena_ok(arena);
}

static bool put_names(Flat *flat, const Syntax *syntax, Arena *arena) {
    for (size_t i = 0; i < syntax->terminals.count; i++) {
        if (!put_text(&flat->names, syntax->terminals.items[i].name, arena)) return false;
    }
    for (size_t i = 0; i < syntax->rules.count; i++) {
        if (!put_text(&flat->names, syntax->rules.items[i].name, arena)) return false;
    }
    for (size_t i = 0; i < syntax->roles.count; i++) {
        const Str texts[] = {syntax->roles.items[i].field, syntax->roles.items[i].alias};
        if (!put_texts(&flat->names, texts, 2, arena)) return false;
    }
    return ak_arena_ok(arena);
}

static uint16_t flags_of(const SyntaxTerminal *terminal) {
    return (uint16_t)((terminal->is_immediate ? FLAG_IMMEDIATE : 0) | (terminal->is_raw ? FLAG_RAW : 0) |
                      (terminal->is_extra ? FLAG_EXTRA : 0) | (terminal->is_newline ? FLAG_NEWLINE : 0) |
                      (terminal->is_closing ? FLAG_CLOSING : 0) | (terminal->is_munched ? FLAG_MUNCHED : 0) |
                      (terminal->is_space ? FLAG_SPACE : 0) | terminal->layout << LAYOUT_SHIFT);
}

static bool put_terminals(Flat *flat, const Syntax *syntax, uint32_t words, Arena *arena) {
    flat->terminals = ak_new_array(arena, TerminalRecord, syntax->terminals.count);
    for (size_t i = 0; flat->terminals && i < syntax->terminals.count; i++) {
        const SyntaxTerminal *terminal = &syntax->terminals.items[i];
        flat->terminals[i] = (TerminalRecord){
            .expr = terminal->expr, .twin = terminal->twin, .lines = terminal->lines, .flags = flags_of(terminal)};
        if (!terminal->marks) continue;
        flat->terminals[i].marks = (uint32_t)flat->mark_sets.count + 1;
        if (!ak_vec_reserve(arena, &flat->mark_sets, words)) return false;
        memcpy(flat->mark_sets.items + flat->mark_sets.count, terminal->marks, words * sizeof *terminal->marks);
        flat->mark_sets.count += words;
    }
    return flat->terminals != NULL;
}

static bool put_steps(Flat *flat, const Syntax *syntax, Arena *arena) {
    flat->steps = ak_new_array(arena, StepRecord, syntax->steps.count);
    for (size_t i = 0; flat->steps && i < syntax->steps.count; i++)
        flat->steps[i] = (StepRecord){syntax->steps.items[i].symbol, syntax->steps.items[i].role};
    return flat->steps != NULL;
}

static Head head_of(const PackAbout *about, const Syntax *syntax, const LrTables *tables) {
    return (Head){.terminal_count = tables->terminal_count,
                  .rule_count = tables->rule_count,
                  .role_count = (uint32_t)syntax->roles.count,
                  .state_count = tables->state_count,
                  .cell_rows = tables->cell_rows,
                  .goto_rows = tables->goto_rows,
                  .conflicts = tables->conflicts,
                  .resolved = tables->resolved,
                  .start_count = tables->start_count,
                  .ending_count = about->ending_count};
}

Str ak_pack_content(const PackAbout *about, const Syntax *syntax, const LrTables *tables, Arena *arena,
                    ananke_error *err) {
    Flat *flat = ak_new(arena, Flat);
    if (!flat || !ak_exprs_flatten(&syntax->exprs, arena, &flat->exprs) || !put_names(flat, syntax, arena) ||
        !put_text(&flat->about, about->name, arena) ||
        !put_texts(&flat->about, about->endings, about->ending_count, arena) ||
        !put_texts(&flat->about, about->sources, about->source_count, arena) ||
        !put_terminals(flat, syntax, tables->set_words, arena) || !put_steps(flat, syntax, arena))
        return ak_fail_memory(err, arena), (Str){0};
    flat->head = head_of(about, syntax, tables);
    const Section list[SECTION_COUNT] = {
#define AS_DATA(name, tag, Type, items, count) {tag, sizeof(Type), items, count},
        SECTIONS(AS_DATA)};
    return ak_sections_join(&ak_pack_format, list, SECTION_COUNT, arena, err);
}

bool ak_pack_write(const char *path, const PackAbout *about, const Syntax *syntax, const LrTables *tables,
                   ananke_error *err) {
    Arena arena = ak_arena(NULL);
    Str content = ak_pack_content(about, syntax, tables, &arena, err);
    bool done = content.data && ak_file_write(path, content, err);
    ak_arena_free(&arena);
    return done;
}

/* ---- Reading */

typedef struct Load {
    Pack *pack;
    Arena *arena; /* the pack's */
    Section list[SECTION_COUNT];
    Str content;
    const char *file;
    ananke_error *err;
} Load;

static bool fail(Load *load, enum SectionName name, size_t index, const char *what) {
    const SectionsPlace place = {&ak_pack_format, load->content, load->file, &load->list[name], index};
    return ak_sections_fail(&place, what, load->err);
}

static bool fail_memory(const Load *load) {
    return ak_fail_memory(load->err, load->arena);
}

static bool has(Load *load, enum SectionName name, size_t count) {
    return load->list[name].count == count || fail(load, name, load->list[name].count, "there should be more, or less");
}

static const Head *head_in(const Load *load) {
    return load->list[SECTION_HEAD].items;
}

static bool take_head(Load *load) {
    if (!has(load, SECTION_HEAD, 1)) return false;
    const Head *head = head_in(load);
    if (head->terminal_count <= TERMINAL_SEMICOLON || head->terminal_count > SET_WORDS * 32 || !head->rule_count ||
        head->rule_count > LR_RULES_MAX || !head->role_count || head->role_count >= INT32_MAX)
        return fail(load, SECTION_HEAD, 0, "no syntax has so many symbols");
    if (head->state_count <= LR_START || head->state_count > UINT16_MAX || head->cell_rows > head->state_count ||
        head->goto_rows > head->state_count)
        return fail(load, SECTION_HEAD, 0, "no tables have so many states");
    if (!head->start_count || head->start_count > FRAGMENTS_MAX || head->start_count > head->rule_count ||
        head->start_count > head->state_count - LR_START)
        return fail(load, SECTION_HEAD, 0, "no syntax has so many fragments");
    load->pack->tables = (LrTables){.state_count = head->state_count,
                                    .terminal_count = head->terminal_count,
                                    .rule_count = head->rule_count,
                                    .set_words = (uint32_t)ak_bits_words(head->terminal_count),
                                    .cell_rows = head->cell_rows,
                                    .goto_rows = head->goto_rows,
                                    .conflicts = head->conflicts,
                                    .resolved = head->resolved,
                                    .start_count = head->start_count};
    load->pack->syntax = (Syntax){.arena = load->arena, .fragment_count = head->start_count};
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
    if (ak_exprs_unflatten(&load->pack->syntax.exprs, &flat, load->arena, &problem)) return true;
    return problem.what ? fail(load, names[problem.part], problem.index, problem.what) : fail_memory(load);
}

/* The texts that end where the items of the one section say, out of the other, where they lie; NULL and `err` when that makes no sense. */
static Str *take_texts(Load *load, enum SectionName ends_name, enum SectionName name) {
    const Section *texts = &load->list[name];
    const uint32_t *ends = load->list[ends_name].items;
    size_t count = load->list[ends_name].count, at = 0;
    const char *bytes = texts->items;
    Str *found = ak_new_array(load->arena, Str, count + 1);
    if (!found) return fail_memory(load), NULL;
    for (size_t i = 0; i < count; at = ends[i++]) {
        if (ends[i] <= at || ends[i] > texts->count || bytes[ends[i] - 1])
            return fail(load, ends_name, i, "is no text's end"), NULL;
        found[i] = (Str){bytes + at, ends[i] - at - 1};
    }
    return found;
}

static bool take_about(Load *load) {
    uint32_t endings = head_in(load)->ending_count;
    size_t count = load->list[SECTION_ABOUT_ENDS].count;
    if (count > INT32_MAX || count <= endings)
        return fail(load, SECTION_ABOUT_ENDS, count, "there should be more, or less");
    const Str *texts = take_texts(load, SECTION_ABOUT_ENDS, SECTION_ABOUT);
    if (!texts) return false;
    load->pack->about = (PackAbout){texts[0], texts + 1, texts + 1 + endings, endings, (uint32_t)count - 1 - endings};
    return true;
}

/* Sets of terminals have no others. */
static bool check_sets(Load *load, enum SectionName name) {
    const uint32_t *sets = load->list[name].items;
    uint32_t words = load->pack->tables.set_words, last = load->pack->tables.terminal_count % 32;
    if (load->list[name].count % words || load->list[name].count > INT32_MAX)
        return fail(load, name, load->list[name].count, "is no whole set");
    for (size_t at = words - 1; last && at < load->list[name].count; at += words) {
        if (sets[at] >> last) return fail(load, name, at, "is no set of terminals");
    }
    return true;
}

static bool take_terminal(Load *load, size_t i, Str name) {
    const TerminalRecord *record = (const TerminalRecord *)load->list[SECTION_TERMINALS].items + i;
    const Exprs *exprs = &load->pack->syntax.exprs;
    uint32_t words = load->pack->tables.set_words;
    if (record->expr == AK_EXPR_FAILED || record->expr >= exprs->nodes.count ||
        ak_expr_is_nullable(exprs, record->expr))
        return fail(load, SECTION_TERMINALS, i, "has no expression");
    uint32_t layout = record->flags >> LAYOUT_SHIFT;
    if (record->flags & ~FLAGS & ((1 << LAYOUT_SHIFT) - 1) || layout >= LAYOUTS ||
        record->lines & ~(LINE_BEFORE | LINE_AFTER | LINE_FIRST) || record->twin >= load->pack->tables.terminal_count)
        return fail(load, SECTION_TERMINALS, i, "is no terminal");
    if (record->marks && (record->marks - 1) / words >= load->list[SECTION_MARKS].count / words)
        return fail(load, SECTION_TERMINALS, i, "has no such marks");
    const uint32_t *marks = load->list[SECTION_MARKS].items;
    load->pack->syntax.terminals.items[i] =
        (SyntaxTerminal){.name = name,
                         .expr = record->expr,
                         .lines = (uint8_t)record->lines,
                         .layout = (uint8_t)layout,
                         .is_immediate = record->flags & FLAG_IMMEDIATE,
                         .is_raw = record->flags & FLAG_RAW,
                         .is_extra = record->flags & FLAG_EXTRA,
                         .is_newline = record->flags & FLAG_NEWLINE,
                         .is_closing = record->flags & FLAG_CLOSING,
                         .is_munched = record->flags & FLAG_MUNCHED,
                         .is_space = record->flags & FLAG_SPACE,
                         .twin = record->twin,
                         .marks = record->marks ? marks + (record->marks - 1) / words * words : NULL};
    return true;
}

/* With the names of rules and roles. */
static bool take_symbols(Load *load) {
    Syntax *syntax = &load->pack->syntax;
    size_t terminals = load->pack->tables.terminal_count, rules = load->pack->tables.rule_count,
           roles = head_in(load)->role_count;
    if (!has(load, SECTION_NAME_ENDS, terminals + rules + 2 * roles) || !has(load, SECTION_TERMINALS, terminals) ||
        !check_sets(load, SECTION_MARKS))
        return false;
    const Str *names = take_texts(load, SECTION_NAME_ENDS, SECTION_NAMES);
    if (!names) return false;
    if (!ak_vec_reserve(load->arena, &syntax->terminals, terminals) ||
        !ak_vec_reserve(load->arena, &syntax->rules, rules) || !ak_vec_reserve(load->arena, &syntax->roles, roles))
        return fail_memory(load);
    syntax->terminals.count = terminals, syntax->rules.count = rules, syntax->roles.count = roles;
    for (size_t i = 0; i < terminals; i++) {
        if (!take_terminal(load, i, *names++)) return false;
    }
    for (size_t i = 0; i < rules; i++) syntax->rules.items[i] = (SyntaxRule){.name = *names++};
    for (size_t i = 0; i < roles; i++, names += 2) syntax->roles.items[i] = (SyntaxRole){names[0], names[1]};
    return true;
}

/* They lie one behind the other, rule by rule, and so do their steps. */
static bool take_productions(Load *load) {
    const Section *section = &load->list[SECTION_PRODUCTIONS];
    const Production *productions = section->items;
    Syntax *syntax = &load->pack->syntax;
    size_t steps = load->list[SECTION_STEPS].count, at = 0;
    if (section->count >= INT32_MAX || !ak_vec_reserve(load->arena, &syntax->productions, section->count))
        return fail_memory(load);
    for (size_t i = 0; i < section->count; at += productions[i++].count) {
        Production production = productions[i];
        if (production.left >= syntax->rules.count || (i && production.left < productions[i - 1].left) ||
            production.first != at || !production.count || production.count > steps - at)
            return fail(load, SECTION_PRODUCTIONS, i, "is no production");
        SyntaxRule *rule = &syntax->rules.items[production.left];
        if (!rule->count++) rule->first = (uint32_t)i;
        syntax->productions.items[syntax->productions.count++] = production;
    }
    return at == steps || fail(load, SECTION_STEPS, at, "is of no production");
}

static bool take_steps(Load *load) {
    const Section *section = &load->list[SECTION_STEPS];
    const StepRecord *records = section->items;
    const LrTables *tables = &load->pack->tables;
    Syntax *syntax = &load->pack->syntax;
    if (!ak_vec_reserve(load->arena, &syntax->steps, section->count)) return fail_memory(load);
    for (size_t i = 0; i < section->count; i++) {
        if (!ak_lr_is_symbol(tables, records[i].symbol) || records[i].role >= syntax->roles.count)
            return fail(load, SECTION_STEPS, i, "is no symbol in a role");
        syntax->steps.items[syntax->steps.count++] = (SyntaxStep){.symbol = records[i].symbol, .role = records[i].role};
    }
    return true;
}

/* Where they lie. */
static bool take_tables(Load *load) {
    LrTables *tables = &load->pack->tables;
    size_t states = tables->state_count;
    const Section *list = load->list;
    if (!has(load, SECTION_CELL_ROWS, states) || !has(load, SECTION_GOTO_ROWS, states) ||
        !has(load, SECTION_CELLS, (size_t)tables->cell_rows * tables->terminal_count) ||
        !has(load, SECTION_GOTOS, (size_t)tables->goto_rows * tables->rule_count) ||
        !has(load, SECTION_SHIFTS, states * tables->set_words) || !has(load, SECTION_DEFAULTS, states) ||
        !has(load, SECTION_BY, states) || !has(load, SECTION_FIRST_CHOICES, states + 1) ||
        !check_sets(load, SECTION_SHIFTS) || !check_sets(load, SECTION_SETS))
        return false;
    if (list[SECTION_ALL_CELLS].count > INT32_MAX || list[SECTION_REDUCTIONS].count > INT32_MAX ||
        list[SECTION_CHOICES].count > INT32_MAX)
        return fail(load, SECTION_ALL_CELLS, 0, "no tables have so many actions");
    tables->row_of_cells = list[SECTION_CELL_ROWS].items, tables->cells = list[SECTION_CELLS].items;
    tables->row_of_gotos = list[SECTION_GOTO_ROWS].items, tables->gotos = list[SECTION_GOTOS].items;
    tables->shifts = list[SECTION_SHIFTS].items, tables->defaults = list[SECTION_DEFAULTS].items;
    tables->by = list[SECTION_BY].items, tables->first_choices = list[SECTION_FIRST_CHOICES].items;
    tables->choices = list[SECTION_CHOICES].items, tables->choice_count = (uint32_t)list[SECTION_CHOICES].count;
    tables->sets = list[SECTION_SETS].items, tables->set_count = (uint32_t)list[SECTION_SETS].count;
    tables->all_cells = list[SECTION_ALL_CELLS].items;
    tables->all_cell_count = (uint32_t)list[SECTION_ALL_CELLS].count;
    tables->reductions = list[SECTION_REDUCTIONS].items;
    tables->reduction_count = (uint32_t)list[SECTION_REDUCTIONS].count;
    return true;
}

static bool check_tables(Load *load) {
    static const enum SectionName names[] = {
        [LR_PART_CELL_ROWS] = SECTION_CELL_ROWS,  [LR_PART_CELLS] = SECTION_CELLS,
        [LR_PART_GOTO_ROWS] = SECTION_GOTO_ROWS,  [LR_PART_GOTOS] = SECTION_GOTOS,
        [LR_PART_DEFAULTS] = SECTION_DEFAULTS,    [LR_PART_BY] = SECTION_BY,
        [LR_PART_FIRSTS] = SECTION_FIRST_CHOICES, [LR_PART_CHOICES] = SECTION_CHOICES,
        [LR_PART_ALL_CELLS] = SECTION_ALL_CELLS,  [LR_PART_REDUCTIONS] = SECTION_REDUCTIONS};
    LrProblem problem;
    if (ak_lr_check(&load->pack->tables, &load->arena->allocator, &problem)) return true;
    return problem.what ? fail(load, names[problem.part], problem.index, problem.what)
                        : ak_fail(load->err, ANANKE_ERROR_MEMORY, "out of memory");
}

static bool take_all(Load *load) {
    memcpy(load->list, sections, sizeof sections);
    return ak_sections_split(&ak_pack_format, load->list, SECTION_COUNT, load->content, load->file, load->err) &&
           take_head(load) && take_about(load) && take_exprs(load) && take_symbols(load) && take_productions(load) &&
           take_steps(load) && take_tables(load) && check_tables(load);
}

Pack *ak_pack_read(Str content, const char *file, const ananke_context *context, ananke_error *err) {
    Pack *self = ak_object_new(context, sizeof *self, offsetof(Pack, arena));
    if (!self) return ak_fail(err, ANANKE_ERROR_MEMORY, "out of memory"), NULL;
    self->size = content.length;
    Load load = {.pack = self, .arena = &self->arena, .content = content, .file = file, .err = err};
    if (take_all(&load)) return self;
    ak_pack_close(self);
    return NULL;
}

Pack *ak_pack_open(const char *path, const ananke_context *context, ananke_error *err) {
    FileMap map = {0};
    if (!ak_file_map(&map, path, err)) return NULL;
    Pack *self = ak_pack_read(map.content, path, context, err);
    if (self) self->map = map;
    else ak_file_unmap(&map);
    return self;
}

void ak_pack_close(Pack *self) {
    if (!self) return;
    FileMap map = self->map;
    ak_object_free(self, sizeof *self, offsetof(Pack, arena));
    ak_file_unmap(&map);
}
