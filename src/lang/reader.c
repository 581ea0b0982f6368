/* Strands, byte by byte. */
#include "lang/reader.h"
#include "base/bitset.h"
#include <assert.h>

static void add_strand(Reading *to, Strand strand) {
    for (uint32_t i = 0; i < to->count; i++) {
        if (to->strands[i].site == strand.site && to->strands[i].lexer == strand.lexer) return;
    }
    if (to->count < STRANDS_MAX) to->strands[to->count++] = strand;
}

static DfaState next_state(Reader *self, DfaState state, uint8_t byte) {
    uint32_t class = self->dfa.exprs.classes[byte];
    DfaState next = ak_dfa_next(&self->dfa, state, class);
    return next ? next : ak_dfa_derive(&self->dfa, state, class);
}

/* The terminals that a state of the lexer may become; whether all of them are such as are tried everywhere. */
static bool going(const Reader *self, DfaState state, uint32_t *set) {
    const DfaNode *node = ak_dfa_node(&self->dfa, state);
    bool are_munched = true;
    for (uint32_t i = 0; i < node->count; i++) {
        uint32_t terminal = self->dfa.parts.items[node->first + i].lexeme;
        ak_bits_set(set, terminal);
        are_munched &= ak_bits_get(self->stacks.munched, terminal);
    }
    return are_munched;
}

/* Can what is pending become a terminal that may stand at the site? Of those that are tried everywhere some may not. */
static bool is_alive(Reader *self, Site site, DfaState state) {
    uint32_t set[SET_WORDS] = {0};
    if (state <= DFA_DEAD) return false;
    return !going(self, state, set) || ak_stacks_allows(&self->stacks, site, set);
}

/* A byte at a site where nothing is pending. */
static void begin_token(Reader *self, Site site, uint8_t byte, Reading *to) {
    DfaState start = site ? ak_stacks_lexer(&self->stacks, site) : DFA_DEAD;
    DfaState next = start > DFA_DEAD ? next_state(self, start, byte) : DFA_DEAD;
    if (is_alive(self, site, next)) add_strand(to, (Strand){site, next});
}

static void step_strand(Reader *self, Strand strand, uint8_t byte, Reading *to) {
    DfaState next = next_state(self, strand.lexer, byte);
    uint32_t ending = ak_dfa_node(&self->dfa, strand.lexer)->ending;
    bool is_over = false;
    if (next <= DFA_DEAD) {
        if (ending) begin_token(self, ak_stacks_scan(&self->stacks, strand.site, ending), byte, to);
        return;
    }
    if (ending && ak_dfa_node(&self->dfa, next)->ending != ending) { /* that all goes on is most frequent */
        uint32_t set[SET_WORDS] = {0};
        going(self, next, set);
        begin_token(self, ak_stacks_split(&self->stacks, strand.site, ending, set, &is_over), byte, to);
    }
    if (!is_over && is_alive(self, strand.site, next)) add_strand(to, (Strand){strand.site, next});
}

Reading ak_reader_start(Reader *self) {
    Site site = ak_stacks_start(&self->stacks);
    return (Reading){1, {{site, ak_stacks_lexer(&self->stacks, site)}}};
}

void ak_reader_step(Reader *self, Reading *reading, uint8_t byte) {
    if (reading->count == 1) { /* within a token */
        Strand strand = reading->strands[0];
        if (!ak_dfa_node(&self->dfa, strand.lexer)->ending) {
            DfaState next = next_state(self, strand.lexer, byte);
            reading->strands[0].lexer = next;
            reading->count = is_alive(self, strand.site, next);
            return;
        }
    }
    Reading to = {0};
    for (uint32_t i = 0; i < reading->count; i++) step_strand(self, reading->strands[i], byte, &to);
    *reading = to;
}

bool ak_reader_may_end(Reader *self, const Reading *reading) {
    for (uint32_t i = 0; i < reading->count; i++) {
        Strand strand = reading->strands[i];
        const DfaNode *node = ak_dfa_node(&self->dfa, strand.lexer);
        Site site = node->starts   ? strand.site
                    : node->ending ? ak_stacks_scan(&self->stacks, strand.site, node->ending)
                                   : SITE_NONE;
        if (site && ak_stacks_may_end(&self->stacks, site)) return true;
    }
    return false;
}

bool ak_reader_init(Reader *self, Arena *arena, const Syntax *syntax, const LrTables *tables) {
    Expr *lexemes = ak_new_array(arena, Expr, syntax->terminals.count);
    for (size_t i = 0; lexemes && i < syntax->terminals.count; i++) lexemes[i] = syntax->terminals.items[i].expr;
    return lexemes &&
           ak_dfa_init(&self->dfa, arena, &syntax->exprs, lexemes, (uint32_t)syntax->terminals.count, NULL) &&
           ak_stacks_init(&self->stacks, arena, syntax, tables, &self->dfa);
}
