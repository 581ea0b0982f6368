/* Reading suffixes, as far as nobody has. */
#include "syntax/suffix.h"

enum { PLACES = 8 }; /* bytes from one place where answers are kept to the next */

typedef enum Answer { ANSWER_NONE, ANSWER_NO, ANSWER_YES } Answer;

static Arena *arena_of(const Suffix *self) {
    return self->reader->stacks.arena;
}

/* Of the reading at a place; 0 when out of memory. */
static uint64_t key_of(Suffix *self, Reading reading, size_t place) {
    uint64_t pair = (uint64_t)reading.site << 32 | reading.lexer;
    uint32_t number = ak_table_find(&self->readings, pair);
    if (!number) {
        number = ++self->count;
        if (!ak_table_add(&self->readings, arena_of(self), pair, number)) return 0;
    }
    return (uint64_t)number << 32 | place;
}

/* What is known of the reading at a place, which is noted to be asked about. */
static Answer ask(Suffix *self, Reading reading, size_t place) {
    uint64_t key = key_of(self, reading, place);
    if (!key) return ANSWER_NO;
    Answer known = ak_table_find(&self->answers, key);
    return known || ak_vec_push(arena_of(self), &self->asked, key) ? known : ANSWER_NO;
}

static bool answer(Suffix *self, Answer found) {
    for (size_t i = 0; i < self->asked.count; i++) {
        if (!ak_table_add(&self->answers, arena_of(self), self->asked.items[i], found)) return false;
    }
    return found == ANSWER_YES;
}

bool ak_suffix_fits(Suffix *self, Reading reading) {
    self->asked.count = 0;
    for (size_t at = 0; reading.site && at < self->text.length; at++) {
        Answer known = at % PLACES == 0 ? ask(self, reading, at / PLACES) : ANSWER_NONE;
        if (known) return answer(self, known);
        reading = ak_reader_step(self->reader, reading, (uint8_t)self->text.data[at]);
    }
    bool fits = reading.site && ak_reader_may_end(self->reader, reading);
    return ak_arena_ok(arena_of(self)) && answer(self, fits ? ANSWER_YES : ANSWER_NO);
}
