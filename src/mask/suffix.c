/* Stepping over suffixes, as far as nobody has. */
#include "mask/suffix.h"
#include <assert.h>

enum { PLACES = 8 }; /* bytes from one place where answers are kept to the next */

/* Answers are kept with one added: 0 is none. */
static Step known_of(const Suffix *self, uint64_t key) {
    uint32_t answer = ak_table_find(&self->answers, key);
    return answer ? (Step)(answer - 1) : STEP_SPENT;
}

/* Of the point at a place; 0 when out of memory. */
static uint64_t key_of(Suffix *self, Point point, size_t place) {
    uint64_t pair = (uint64_t)point.node << 32 | point.state;
    uint32_t number = ak_table_find(&self->points, pair);
    if (number) return (uint64_t)number << 32 | place;
    if (!ak_table_add(&self->points, self->arena, pair, ++self->count)) return 0;
    return (uint64_t)self->count << 32 | place;
}

/* What is known of the point at a place, else STEP_SPENT, and it is noted to be asked about. False when out of memory. */
static bool ask(Suffix *self, Point point, size_t place, Step *known) {
    uint64_t key = key_of(self, point, place);
    if (!key) return false;
    *known = known_of(self, key);
    return *known != STEP_SPENT || ak_vec_push(self->arena, &self->asked, key);
}

static Step answer(Suffix *self, Step found) {
    for (size_t i = 0; found != STEP_SPENT && i < self->asked.count; i++) {
        if (!ak_table_add(&self->answers, self->arena, self->asked.items[i], (uint32_t)found + 1)) return STEP_SPENT;
    }
    return found;
}

Step ak_suffix_fits(Suffix *self, Engine *engine, Point point, Fuel *fuel) {
    assert(!engine->has_limits && !engine->uniques && self->text.length <= UINT32_MAX);
    if (self->serial != engine->serial) *self = ak_suffix(self->arena, self->text);
    self->serial = engine->serial, self->asked.count = 0;
    for (size_t at = 0; at < self->text.length; at++) {
        Step known = STEP_SPENT;
        if (at % PLACES == 0 && !ask(self, point, at / PLACES, &known)) return STEP_SPENT;
        if (known != STEP_SPENT) return answer(self, known);
        Step step = ak_engine_step(engine, &point, (uint8_t)self->text.data[at], fuel);
        if (step != STEP_ALIVE) return answer(self, step);
    }
    return answer(self, ak_engine_may_end(engine, point, fuel));
}
