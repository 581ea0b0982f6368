/* Steps are found by a hash table that is emptied step by step: most inquiries are short. */
#include "mask/inquiry.h"

enum { FIRST_SLOTS = 128 };

bool ak_inquiry_begin(Inquiry *self, ParserNode node) {
    for (size_t i = 0; i < self->steps.count; i++) self->slots[self->steps.items[i].slot] = 0;
    self->steps.count = self->asked.count = self->nodes.count = 0;
    memset(self->path_numbers, 0, sizeof self->path_numbers);
    return ak_vec_push(self->arena, &self->nodes, (InquiryNode){.node = node});
}

bool ak_inquiry_note(Inquiry *self, Question question, uint32_t answer) {
    return ak_vec_push(self->arena, &self->asked, (Asked){question, answer});
}

uint32_t ak_inquiry_reach(Inquiry *self, uint32_t from, InquiryNode to, uint32_t *answer) {
    uint32_t fresh = (uint32_t)self->nodes.count;
    bool is_loop = from && from < ANSWER_NODES && (to.node ? self->nodes.items[from].node == to.node : to.is_loop);
    *answer = ak_answer(to.lexer, is_loop ? from : 0);
    if (is_loop) return from;
    return ak_vec_push(self->arena, &self->nodes, to) ? fresh : 0;
}

static size_t find_slot(const Inquiry *self, uint64_t key) {
    size_t at = ak_table_hash(key) & (self->slot_count - 1);
    while (self->slots[at] && self->steps.items[self->slots[at] - 1].key != key) at = (at + 1) & (self->slot_count - 1);
    return at;
}

static bool grow_slots(Inquiry *self) {
    size_t count = self->slot_count ? self->slot_count * 2 : FIRST_SLOTS;
    uint32_t *slots = ak_new_array(self->arena, uint32_t, count);
    if (!slots) return false;
    self->slots = slots, self->slot_count = count;
    for (size_t i = 0; i < self->steps.count; i++) {
        InquiryStep *step = &self->steps.items[i];
        step->slot = (uint32_t)find_slot(self, step->key);
        slots[step->slot] = (uint32_t)i + 1;
    }
    return true;
}

uint32_t ak_inquiry_step(const Inquiry *self, uint32_t number, uint32_t ending) {
    if (!self->slot_count) return 0;
    uint32_t found = self->slots[find_slot(self, (uint64_t)number << 32 | ending)];
    return found ? self->steps.items[found - 1].target : 0;
}

uint32_t ak_inquiry_add_step(Inquiry *self, uint32_t number, uint32_t ending, InquiryNode to) {
    uint64_t key = (uint64_t)number << 32 | ending;
    if (self->steps.count * 2 >= self->slot_count && !grow_slots(self)) return 0;
    size_t slot = find_slot(self, key);
    uint32_t answer, target = ak_inquiry_reach(self, number, to, &answer);
    if (!target || !ak_inquiry_note(self, (Question){QUESTION_STEP, number, ending}, answer) ||
        !ak_vec_push(self->arena, &self->steps, (InquiryStep){key, target, (uint32_t)slot}))
        return 0;
    self->slots[slot] = (uint32_t)self->steps.count;
    return target;
}
