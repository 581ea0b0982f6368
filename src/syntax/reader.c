/* Bytes through lexer and parser. */
#include "syntax/reader.h"

static DfaState next_state(Reader *self, DfaState state, uint8_t byte) {
    uint32_t class = self->dfa.exprs.classes[byte];
    DfaState next = ak_dfa_next(&self->dfa, state, class);
    return next ? next : ak_dfa_derive(&self->dfa, state, class);
}

/* The site behind what is pending; NODE_DEAD or NODE_NONE when it may not end. */
static Site close(Reader *self, Reading reading) {
    const DfaNode *node = ak_dfa_node(&self->dfa, reading.lexer);
    if (node->starts || reading.lexer == DFA_DEAD) return reading.site;
    return node->ending ? ak_stacks_scan(&self->stacks, reading.site, node->ending) : NODE_DEAD;
}

Reading ak_reader_start(Reader *self, uint32_t fragment) {
    Site site = ak_stacks_start(&self->stacks, fragment);
    return site ? (Reading){site, ak_stacks_lexer(&self->stacks, site)} : (Reading){0};
}

Reading ak_reader_step(Reader *self, Reading from, uint8_t byte) {
    DfaState next = next_state(self, from.lexer, byte);
    Site site = from.site;
    if (next == DFA_DEAD && !ak_dfa_node(&self->dfa, from.lexer)->starts) {
        site = close(self, from);
        next = site ? next_state(self, ak_stacks_lexer(&self->stacks, site), byte) : (DfaState)DFA_UNKNOWN;
    }
    return next > DFA_DEAD ? (Reading){site, next} : (Reading){0};
}

bool ak_reader_may_end(Reader *self, Reading reading) {
    Site site = reading.site ? close(self, reading) : NODE_NONE;
    return site && ak_stacks_may_end(&self->stacks, site);
}

bool ak_reader_init(Reader *self, Arena *arena, const Syntax *syntax, const LrTables *tables) {
    uint32_t count, shadows;
    const Expr *lexemes = ak_stacks_lexemes(syntax, arena, &count, &shadows);
    if (!lexemes || !ak_dfa_init(&self->dfa, arena, &syntax->exprs, lexemes, count, NULL)) return false;
    self->dfa.shadows = shadows;
    if (!ak_stacks_init(&self->stacks, arena, syntax, tables, &self->dfa)) return false;
    self->stacks.fuel = UINT64_MAX;
    return true;
}
