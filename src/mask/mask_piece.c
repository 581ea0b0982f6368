/* Pieces are worked out by plain walks. */
#include "mask/mask_piece.h"
#include "mask/mask_find.h"

static const WalkNode *node_of(const Walk *self, uint8_t byte) {
    return &self->vocab->views.trie.nodes[self->view->child[byte]];
}

/* Words are told by the state that most of them come to; what follows a space, by its view. A few tokens (of a small
 * vocabulary, for tests, one) are walked through faster than their piece is found. */
static bool has_piece(const Walk *self, uint8_t byte) {
    const WalkNode *node = node_of(self, byte);
    if (byte >= 0x80 || node->end_id - node->first_id < self->vocab->size / 4096 + 1) return false;
    uint64_t others = GROUPS_OTHER & ~(self->view_number == VIEW_WHOLE ? GROUP_BIT(GROUP_SPACE) : 0);
    return others & GROUP_BIT(ak_unit_groups[byte]);
}

static void put_mask(Walk *self, const Mask *mask) {
    if (ak_mask_is_list(mask)) {
        ak_walk_put(self, mask->ids, mask->count);
        return;
    }
    if (!self->is_row) ak_walk_turn_to_row(self);
    ak_mask_or(&self->engine->masks, mask, self->room->row);
}

Outcome ak_piece_walk(Walk *self, uint8_t byte) {
    uint32_t child = self->view->child[byte];
    if (!has_piece(self, byte)) return ak_walk_plain(self, &self->vocab->views.trie, child, child + 1, 1);
    Point behind;
    Step step = ak_walk_advance(self, &self->room->path[0], byte, &behind);
    if (step != STEP_ALIVE) return step == STEP_DEAD ? WALK_DONE : WALK_SPENT;
    const Mask *mask = ak_mask_at(self, self->view_number, (Part)(PART_BYTE + byte), behind);
    if (!mask) return WALK_SPENT;
    put_mask(self, mask);
    return WALK_DONE;
}

Outcome ak_piece_fill(Walk *self, DfaState state) {
    const WalkTrie *trie = &self->vocab->views.trie;
    const WalkNode *node = node_of(self, (uint8_t)(self->part - PART_BYTE));
    self->room->path[0] = ak_walk_entry(self, (Point){0, state});
    self->budget = self->given = UINT32_MAX;
    ak_walk_put(self, trie->ids + node->first_id, ak_walk_own_end(trie, node) - node->first_id);
    return ak_walk_plain(self, trie, node->children, ak_walk_children_end(node), 1);
}
