/* Tails: what follows the first units of long tokens, walked through once for all of them. */
#include "mask/mask_tails.h"
#include "base/bitset.h"

/* Any byte sequence that is a unit of one of the groups; its length. */
static size_t some_unit(uint64_t groups, uint8_t unit[4]) {
    for (unsigned byte = 0; byte < 0x80; byte++) {
        if (groups & GROUP_BIT(ak_unit_groups[byte])) return unit[0] = (uint8_t)byte, 1;
    }
    for (int i = 0; i < WIDE_PATTERNS; i++) {
        const WidePattern *wide = &ak_wide_patterns[i];
        if (!(groups & GROUP_BIT(wide->group))) continue;
        unit[0] = wide->lead[0], unit[1] = wide->second[0], unit[2] = unit[3] = 0x80;
        return wide->length;
    }
    return 0;
}

Outcome ak_tails_add(Walk *self, Tails *tails, Point point, uint64_t groups, uint32_t units) {
    uint8_t unit[4];
    size_t length = some_unit(groups, unit);
    for (uint32_t i = 0; i < units; i++) {
        for (size_t k = 0; k < length; k++) {
            PathEntry entry = ak_walk_entry(self, point);
            if (ak_walk_advance(self, &entry, unit[k], &point) != STEP_ALIVE) return WALK_SPENT;
        }
    }
    for (size_t i = 0; i < tails->count; i++) {
        if (ak_points_equal(tails->points[i], point)) return WALK_DONE;
    }
    tails->points[tails->count++] = point;
    return WALK_DONE;
}

/* Whether the token's bytes may follow the point. */
static Step try_token(Walk *self, Point point, uint32_t token) {
    Str bytes = ak_vocab_str(self->vocab, token);
    return ak_walk_text(self, point, ak_str_slice(bytes, self->view->depth, bytes.length));
}

static Outcome try_tokens(Walk *self, Point point, const uint32_t *ids, uint32_t count) {
    for (uint32_t i = 0; i < count; i++) {
        if (!ak_bits_get(self->room->row, ids[i])) continue;
        Step step = try_token(self, point, ids[i]);
        if (step == STEP_SPENT) return WALK_SPENT;
        if (step == STEP_DEAD) ak_bits_clear(self->room->row, ids[i]);
    }
    return WALK_DONE;
}

Outcome ak_tails_try(Walk *self, Point point, uint32_t units, const uint32_t *within) {
    const View *view = self->view;
    uint32_t count = 0;
    if (units >= SHORT_UNITS) {
        while (count < view->longer_count && view->longer_units[count] > units) count++;
        return try_tokens(self, point, view->longer, count);
    }
    for (uint32_t w = 0; w < self->engine->masks.words; w++) {
        uint32_t rest = self->room->row[w] & within[w];
        if (units) rest &= ~view->shorter[units - 1][w];
        for (; rest; rest &= rest - 1) {
            uint32_t id = w * 32 + (uint32_t)__builtin_ctz(rest);
            if (try_tokens(self, point, &id, 1) != WALK_DONE) return WALK_SPENT;
        }
    }
    return WALK_DONE;
}

/* Tokens of a tail that is dead; their first units may be others than those that led there. */
static Outcome drop_subtree(Walk *self, const WalkNode *node, Point point) {
    return try_tokens(self, point, self->view->tails.ids + node->first_id, node->end_id - node->first_id);
}

static Outcome drop_behind(Walk *self, Point behind, Point point) {
    const WalkTrie *trie = &self->view->tails;
    PathEntry *from = self->room->path;
    uint32_t at = trie->nodes[0].children, end = ak_walk_children_end(&trie->nodes[0]);
    *from = ak_walk_entry(self, behind);
    for (Point to;;) {
        if (at == end) {
            if (from == self->room->path) return WALK_DONE;
            from--, at = from->at, end = from->end;
            continue;
        }
        const WalkNode *node = &trie->nodes[at++];
        Step step = ak_walk_advance(self, from, node->byte, &to);
        if (step == STEP_SPENT || (step == STEP_DEAD && drop_subtree(self, node, point) != WALK_DONE))
            return WALK_SPENT;
        if (step == STEP_DEAD || !node->children) continue;
        from->at = at, from->end = end;
        *++from = ak_walk_entry(self, to);
        at = node->children, end = ak_walk_children_end(node);
    }
}

Outcome ak_tails_drop(Walk *self, const Tails *tails, Point point) {
    Outcome outcome = WALK_DONE;
    for (size_t i = 0; i < tails->count && outcome == WALK_DONE; i++)
        outcome = drop_behind(self, tails->points[i], point);
    return outcome;
}
