/* The least fixpoint of what waiting for a rule predicts: passes over the openings in alternating direction, each of
 * which settles chains that run its way. */
#include "base/bitset.h"
#include "mask/earley.h"

enum { MAX_TABLE_BYTES = 256 << 20 };

/* Grows the predictions of `rule` by those of what it begins with; true when that changed them. */
static bool absorb(Predictions *self, const GrammarTables *tables, uint32_t rule, uint32_t part) {
    bool changed = ak_bits_grow(self->rules + (size_t)rule * tables->rule_words,
                                self->rules + (size_t)part * tables->rule_words, tables->rule_words);
    uint32_t *lexemes = self->lexemes + (size_t)rule * tables->lexeme_words;
    return ak_bits_grow(lexemes, self->lexemes + (size_t)part * tables->lexeme_words, tables->lexeme_words) || changed;
}

static bool pass(Predictions *self, const GrammarTables *tables, bool forward) {
    bool changed = false;
    for (uint32_t i = 0; i < tables->rule_count; i++) {
        uint32_t part = forward ? i : tables->rule_count - 1 - i;
        for (uint32_t k = tables->rule_openings[part]; k < tables->rule_openings[part + 1]; k++) {
            if (absorb(self, tables, tables->openings[k].rule, part)) changed = true;
        }
    }
    return changed;
}

bool ak_predictions_build(Predictions *self, const GrammarTables *tables, Arena *arena) {
    uint64_t words = (uint64_t)tables->rule_count * (tables->rule_words + tables->lexeme_words);
    if (words * sizeof(uint32_t) > MAX_TABLE_BYTES) return arena->failed = arena->over_budget = true, false;
    self->rules = ak_new_array(arena, uint32_t, (size_t)tables->rule_count * tables->rule_words);
    self->lexemes = ak_new_array(arena, uint32_t, (size_t)tables->rule_count * tables->lexeme_words);
    if (!ak_arena_ok(arena)) return false;
    for (uint32_t r = 0; r < tables->rule_count; r++) ak_bits_set(self->rules + (size_t)r * tables->rule_words, r);
    for (uint32_t t = 0; t < tables->terminal_count; t++) {
        for (uint32_t i = tables->terminal_openings[t]; i < tables->terminal_openings[t + 1]; i++)
            ak_bits_set(self->lexemes + (size_t)tables->openings[i].rule * tables->lexeme_words, t);
    }
    bool forward = true;
    while (pass(self, tables, forward)) forward = !forward;
    return true;
}
