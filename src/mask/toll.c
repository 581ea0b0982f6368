/* Tolls are found by a hash of their counts; moves between them are remembered like steps of the parser. */
#include "mask/toll.h"

static uint32_t limit_of(const Tolls *self, Frame frame) {
    return self->parser->tables->rule_limits[self->parser->frames.items[frame].rule];
}

static uint32_t least(uint32_t a, uint32_t b) {
    return a < b ? a : b;
}

/* ---- Making */

static bool is_node(const Tolls *self, const TollNode *node, uint32_t tokens) {
    const TollCount *counts = self->made.items;
    if (node->tokens != tokens || node->count != self->made.count) return false;
    return !node->count || memcmp(self->counts.items + node->first, counts, node->count * sizeof *counts) == 0;
}

/* The toll with the counts in `made`. */
static Toll intern(Tolls *self, uint32_t tokens) {
    TollNode node = {tokens, (uint32_t)self->counts.count, (uint32_t)self->made.count, false};
    const Str bytes = {(const char *)self->made.items, self->made.count * sizeof *self->made.items};
    uint64_t hash = (ak_str_hash(bytes) + ak_table_hash((uint64_t)tokens << 2)) | 1;
    for (uint32_t known; (known = ak_table_find(&self->numbers, hash)); hash += 2) {
        if (is_node(self, ak_toll_node(self, known - 1), tokens)) return known - 1;
    }
    if (!ak_vec_reserve(self->arena, &self->counts, node.count)) return TOLL_FAILED;
    for (uint32_t i = 0; i < node.count; i++) {
        TollCount count = self->made.items[i];
        node.is_used_up = node.is_used_up || count.tokens == limit_of(self, count.frame);
        self->counts.items[self->counts.count++] = count;
    }
    Toll number = self->nodes.count;
    if (number >= UINT32_MAX / 4 || !ak_paged_push(self->arena, &self->nodes, node)) return TOLL_FAILED;
    return ak_table_add(&self->numbers, self->arena, hash, number + 1) ? number : TOLL_FAILED;
}

/* What is counted for a frame; `tokens`, those of the pending lexeme, when nothing is: its text began with that. */
static uint32_t count_of(const TollCount *counts, size_t count, Frame frame, uint32_t tokens) {
    for (size_t i = 0; i < count; i++) {
        if (counts[i].frame == frame) return counts[i].tokens;
    }
    return tokens;
}

/* NULL when there are none. */
static const TollCount *counts_at(const Tolls *self, const TollNode *node) {
    return node->count ? self->counts.items + node->first : NULL;
}

static bool note(Tolls *self, Frame frame, uint32_t tokens) {
    TollCount count = {frame, least(tokens, limit_of(self, frame))};
    return ak_vec_push(self->arena, &self->made, count);
}

/* ---- Moving */

static Toll count_token(Tolls *self, const TollNode *node) {
    for (uint32_t i = 0; i < node->count; i++) {
        TollCount count = self->counts.items[node->first + i];
        if (!note(self, count.frame, count.tokens + 1)) return TOLL_FAILED;
    }
    return intern(self, least(node->tokens + 1, self->most));
}

static Toll begin_lexeme(Tolls *self, const TollNode *node) {
    for (uint32_t i = 0; i < node->count; i++) {
        if (!ak_vec_push(self->arena, &self->made, self->counts.items[node->first + i])) return TOLL_FAILED;
    }
    return intern(self, 0);
}

static Toll end_lexeme(Tolls *self, const TollNode *node, ParserNode behind) {
    FrameSet limited;
    uint32_t count;
    if (!ak_parser_limited(self->parser, behind, NULL, &limited)) return TOLL_FAILED;
    const Frame *frames = ak_parser_frames(self->parser, limited, &count);
    for (uint32_t i = 0; i < count; i++) {
        if (!note(self, frames[i], count_of(counts_at(self, node), node->count, frames[i], node->tokens)))
            return TOLL_FAILED;
    }
    return intern(self, 0);
}

Toll ak_toll_move(Tolls *self, Toll toll, uint32_t where) {
    const TollNode *node = ak_toll_node(self, toll);
    Toll known = ak_toll_find(self, toll, where);
    if (known != TOLL_FAILED) return known;
    self->made.count = 0;
    Toll made = where == TOLL_TOKEN   ? count_token(self, node)
                : where == TOLL_BEGIN ? begin_lexeme(self, node)
                                      : end_lexeme(self, node, where);
    if (made == TOLL_FAILED) return TOLL_FAILED;
    return ak_table_add(&self->moves, self->arena, ak_toll_key(toll, where), made + 1) ? made : TOLL_FAILED;
}

/* ---- What is used up */

bool ak_toll_used(Tolls *self, Toll toll, ParserNode node, DfaState state, FrameSet *used) {
    const TollNode *there = ak_toll_node(self, toll);
    Parser *parser = self->parser;
    bool is_pending = !ak_dfa_node(parser->dfa, state)->starts && state != DFA_DEAD;
    uint32_t count;
    FrameSet limited;
    memset(self->pending, 0, parser->tables->lexeme_words * sizeof *self->pending);
    ak_dfa_pending(parser->dfa, state, self->pending);
    if (!ak_parser_limited(parser, node, is_pending ? self->pending : NULL, &limited)) return false;
    const Frame *frames = ak_parser_frames(parser, limited, &count);
    self->used.count = 0;
    for (uint32_t i = 0; i < count; i++) {
        uint32_t tokens = count_of(counts_at(self, there), there->count, frames[i], there->tokens);
        if (tokens >= limit_of(self, frames[i]) && !ak_vec_push(self->arena, &self->used, frames[i])) return false;
    }
    *used = self->used.count ? ak_parser_set(parser, self->used.items, self->used.count) : 0;
    return *used || !self->used.count;
}

/* Notes what is left of the toll's frames, with their counts. */
static bool note_left(Tolls *self, const TollNode *node, FrameSet used) {
    self->left.count = 0;
    for (uint32_t i = 0; i < node->count; i++) {
        TollCount count = self->counts.items[node->first + i];
        if (!ak_parser_frame_left(self->parser, used, &count.frame)) return false;
        if (count.frame != FRAME_GONE && !ak_vec_push(self->arena, &self->left, count)) return false;
    }
    return true;
}

Toll ak_toll_leave(Tolls *self, Toll toll, FrameSet used, ParserNode node, bool is_cut) {
    const TollNode *there = ak_toll_node(self, toll);
    FrameSet limited;
    uint32_t count;
    if (!note_left(self, there, used) || !ak_parser_limited(self->parser, node, NULL, &limited)) return TOLL_FAILED;
    const Frame *frames = ak_parser_frames(self->parser, limited, &count);
    self->made.count = 0;
    for (uint32_t i = 0; i < count; i++) {
        uint32_t tokens = count_of(self->left.items, self->left.count, frames[i], there->tokens);
        if (!note(self, frames[i], tokens)) return TOLL_FAILED;
    }
    return intern(self, is_cut ? 0 : there->tokens);
}

/* ---- The beginning */

bool ak_tolls_init(Tolls *self, Arena *arena, Parser *parser) {
    const GrammarTables *tables = parser->tables;
    *self = (Tolls){.arena = arena, .parser = parser, .least = UINT32_MAX};
    if (!tables->rule_limits) return true;
    for (uint32_t r = 0; r < tables->rule_count; r++) {
        uint32_t limit = tables->rule_limits[r];
        if (limit > self->most) self->most = limit;
        if (limit && limit < self->least) self->least = limit;
    }
    for (uint32_t i = 0; tables->max_tokens && i < tables->lexeme_count; i++) {
        uint32_t limit = tables->max_tokens[i] & ~AK_GIVEN_UP;
        if (limit > self->most) self->most = limit;
    }
    self->pending = ak_new_array(arena, uint32_t, tables->lexeme_words);
    return self->pending && intern(self, 0) == TOLL_NONE;
}
