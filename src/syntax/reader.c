/* Bytes through lexer and parser. */
#include "syntax/reader.h"
#include "base/bitset.h"

static const Reading dead = {SITE_NONE, DFA_DEAD};

static DfaState next_state(Reader *self, DfaState state, uint8_t byte) {
    uint32_t class = self->dfa.exprs.classes[byte];
    DfaState next = ak_dfa_next(&self->dfa, state, class);
    return next ? next : ak_dfa_derive(&self->dfa, state, class);
}

/* Can what is pending become a terminal that may stand at the site? Of those that are tried everywhere some may not. */
static bool may_become(Reader *self, Site site, DfaState state) {
    const DfaNode *node = ak_dfa_node(&self->dfa, state);
    uint32_t set[SET_WORDS] = {0};
    for (uint32_t i = 0; i < node->count; i++) {
        uint32_t terminal = self->dfa.parts.items[node->first + i].lexeme;
        if (!ak_bits_get(self->stacks.munched, terminal)) return true;
        ak_bits_set(set, terminal);
    }
    return ak_stacks_allows(&self->stacks, site, set);
}

static Reading go_on(Reader *self, Site site, DfaState next) {
    return next > DFA_DEAD && may_become(self, site, next) ? (Reading){site, next} : dead;
}

Reading ak_reader_start(Reader *self) {
    Site site = ak_stacks_start(&self->stacks);
    return (Reading){site, ak_stacks_lexer(&self->stacks, site)};
}

Reading ak_reader_step(Reader *self, Reading from, uint8_t byte) {
    DfaState next = next_state(self, from.lexer, byte);
    if (next > DFA_DEAD) return go_on(self, from.site, next);
    uint32_t ending = ak_dfa_node(&self->dfa, from.lexer)->ending;
    Site site = ending ? ak_stacks_scan(&self->stacks, from.site, ending) : SITE_NONE;
    DfaState start = site ? ak_stacks_lexer(&self->stacks, site) : DFA_DEAD;
    return start > DFA_DEAD ? go_on(self, site, next_state(self, start, byte)) : dead;
}

bool ak_reader_may_end(Reader *self, Reading reading) {
    if (!reading.site) return false;
    const DfaNode *node = ak_dfa_node(&self->dfa, reading.lexer);
    Site site = node->starts   ? reading.site
                : node->ending ? ak_stacks_scan(&self->stacks, reading.site, node->ending)
                               : SITE_NONE;
    return site && ak_stacks_may_end(&self->stacks, site);
}

bool ak_reader_init(Reader *self, Arena *arena, const Syntax *syntax, const LrTables *tables) {
    Expr *lexemes = ak_new_array(arena, Expr, syntax->terminals.count);
    for (size_t i = 0; lexemes && i < syntax->terminals.count; i++) lexemes[i] = syntax->terminals.items[i].expr;
    return lexemes &&
           ak_dfa_init(&self->dfa, arena, &syntax->exprs, lexemes, (uint32_t)syntax->terminals.count, NULL) &&
           ak_stacks_init(&self->stacks, arena, syntax, tables, &self->dfa);
}
