/* Histories against plain arrays of steps: pushed, taken back, shared and cleared at random. */
#include "../test.h"
#include "mask/history.h"
#include <stdlib.h>

enum { STEPS_MAX = 400, HISTORIES = 4, BYTES_MAX = 6 };

/* What a history should be. */
typedef struct Twin {
    HistoryStep steps[STEPS_MAX];
    char bytes[STEPS_MAX][BYTES_MAX];
    size_t lengths[STEPS_MAX], count;
} Twin;

typedef struct Fixture {
    size_t out; /* bytes that the allocator has given */
    bool is_refusing;
    ananke_allocator allocator;
    History histories[HISTORIES];
    Twin twins[HISTORIES];
} Fixture;

static void *metered(void *data, void *pointer, size_t old_size, size_t new_size) {
    Fixture *self = data;
    if (new_size == 0) free(pointer);
    else if (self->is_refusing || !(pointer = realloc(pointer, new_size))) return NULL;
    self->out += new_size - old_size;
    return new_size ? pointer : NULL;
}

static void open_histories(Fixture *self) {
    memset(self, 0, sizeof *self);
    self->allocator = (ananke_allocator){metered, self};
}

static void close_histories(Fixture *self) {
    for (int h = 0; h < HISTORIES; h++) ak_history_clear(&self->histories[h], &self->allocator);
    assert_int_equal(self->out, 0);
}

static uint32_t seed = 1;

static uint32_t dice(uint32_t sides) {
    seed = seed * 1664525 + 1013904223;
    return (seed >> 8) % sides;
}

static void push(Fixture *self, int h) {
    Twin *twin = &self->twins[h];
    if (twin->count == STEPS_MAX) return;
    HistoryStep step = {{dice(1000), dice(1000)}, dice(5000), dice(2), dice(9)};
    size_t length = dice(3) ? 0 : 1 + dice(BYTES_MAX - 1), at = twin->count++;
    if (length) step.token = AK_TOKEN_NONE;
    for (size_t i = 0; i < length; i++) twin->bytes[at][i] = (char)dice(256);
    twin->steps[at] = step, twin->lengths[at] = length;
    assert_true(ak_history_push(&self->histories[h], &self->allocator, step, (Str){twin->bytes[at], length}));
}

static void take_back(Fixture *self, int h, size_t count) {
    Twin *twin = &self->twins[h];
    if (!count || count > twin->count) return;
    twin->count -= count;
    HistoryStep undone = ak_history_back(&self->histories[h], &self->allocator, count);
    assert_memory_equal(&undone, &twin->steps[twin->count], sizeof undone);
}

static void share(Fixture *self, int to, int from) {
    if (to == from) return;
    ak_history_clear(&self->histories[to], &self->allocator);
    ak_history_share(&self->histories[to], &self->histories[from]);
    self->twins[to] = self->twins[from];
}

/* ---- Comparing */

typedef struct Visit {
    const Twin *twin;
    size_t count, stop;
} Visit;

static bool compare_step(void *data, const HistoryStep *step, Str bytes) {
    Visit *visit = data;
    const Twin *twin = visit->twin;
    assert_true(visit->count < twin->count);
    const HistoryStep *same = &twin->steps[visit->count];
    assert_true(step->before.node == same->before.node && step->before.state == same->before.state);
    assert_true(step->token == same->token && step->is_end == same->is_end && step->tokens == same->tokens);
    assert_true(ak_str_equal(bytes, (Str){twin->bytes[visit->count], twin->lengths[visit->count]}));
    return ++visit->count != visit->stop;
}

static void compare(const Fixture *self, int h) {
    const Twin *twin = &self->twins[h];
    Visit visit = {.twin = twin};
    assert_int_equal(self->histories[h].count, twin->count);
    assert_true(ak_history_visit(&self->histories[h], compare_step, &visit));
    assert_int_equal(visit.count, twin->count);
    const HistoryStep *last = ak_history_last(&self->histories[h]);
    assert_int_equal(last != NULL, twin->count != 0);
    if (last) assert_memory_equal(last, &twin->steps[twin->count - 1], sizeof *last);
}

TEST(an_empty_history_has_no_steps) {
    IGNORE_STATE;
    static Fixture self;
    open_histories(&self);
    compare(&self, 0);
    close_histories(&self);
}

TEST(steps_come_back_in_order_however_many) {
    IGNORE_STATE;
    static Fixture self;
    open_histories(&self);
    for (int i = 0; i < STEPS_MAX; i++) push(&self, 0);
    compare(&self, 0);
    for (size_t count = 1; self.twins[0].count >= count; count += 7) {
        take_back(&self, 0, count);
        compare(&self, 0);
    }
    take_back(&self, 0, self.twins[0].count);
    compare(&self, 0);
    close_histories(&self);
}

TEST(a_fork_goes_its_own_way) {
    IGNORE_STATE;
    static Fixture self;
    open_histories(&self);
    for (int i = 0; i < 100; i++) push(&self, 0);
    size_t out = self.out;
    share(&self, 1, 0);
    assert_int_equal(self.out, out); /* forking takes no memory */
    for (int i = 0; i < 10; i++) push(&self, 0), push(&self, 1);
    take_back(&self, 0, 15);
    for (int i = 0; i < 10; i++) push(&self, 0);
    compare(&self, 0);
    compare(&self, 1);
    close_histories(&self);
}

TEST(a_visit_ends_where_its_visitor_says) {
    IGNORE_STATE;
    static Fixture self;
    open_histories(&self);
    for (int i = 0; i < 150; i++) push(&self, 0);
    Visit visit = {.twin = &self.twins[0], .stop = 70};
    assert_false(ak_history_visit(&self.histories[0], compare_step, &visit));
    assert_int_equal(visit.count, 70);
    close_histories(&self);
}

TEST(without_memory_a_history_stays_as_it_is) {
    IGNORE_STATE;
    static Fixture self;
    open_histories(&self);
    for (int i = 0; i < 70; i++) push(&self, 0);
    share(&self, 1, 0);
    self.is_refusing = true;
    assert_false(ak_history_push(&self.histories[0], &self.allocator, (HistoryStep){.token = 1}, (Str){0}));
    compare(&self, 0);
    ak_history_clear(&self.histories[1], &self.allocator);
    assert_false(ak_history_push(&self.histories[0], &self.allocator, (HistoryStep){.token = 1}, STR("bytes")));
    compare(&self, 0);
    self.is_refusing = false;
    push(&self, 0);
    compare(&self, 0);
    self.twins[1] = (Twin){0};
    close_histories(&self);
}

TEST(random_lives_equal_plain_arrays) {
    IGNORE_STATE;
    static Fixture self;
    open_histories(&self);
    for (int move = 0; move < 20000; move++) {
        int h = (int)dice(HISTORIES);
        uint32_t what = dice(200);
        if (what < 160) push(&self, h);
        else if (what < 190) take_back(&self, h, 1 + dice(12));
        else if (what < 195) take_back(&self, h, 1 + dice(STEPS_MAX));
        else if (what < 199) share(&self, h, (int)dice(HISTORIES));
        else ak_history_clear(&self.histories[h], &self.allocator), self.twins[h].count = 0;
        if (move % 50 == 0) compare(&self, (int)dice(HISTORIES));
    }
    for (int h = 0; h < HISTORIES; h++) compare(&self, h);
    close_histories(&self);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_empty_history_has_no_steps),
        cmocka_unit_test(steps_come_back_in_order_however_many),
        cmocka_unit_test(a_fork_goes_its_own_way),
        cmocka_unit_test(a_visit_ends_where_its_visitor_says),
        cmocka_unit_test(without_memory_a_history_stays_as_it_is),
        cmocka_unit_test(random_lives_equal_plain_arrays),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
