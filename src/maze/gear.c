/* Three phases in a circle: measure the chosen number of threads, try another, cruise with the better. Short trials keep the cost of a bad one small. */
#include "maze/gear.h"
#include <assert.h>

enum { MEASURED = 3, TRIED = 3, CRUISED = 58 };
static const double BETTER = 0.9; /* a change must be worth it: times are noisy */
static const double HOPELESS = 3; /* a trial ends with a token that takes so many times what is usual */

Gear ak_gear(int threads) {
    assert(threads > 0);
    int half = (threads + 1) / 2; /* a first guess that is never far off; the first trial is with all */
    return (Gear){.most = threads, .chosen = half, .other = half, .tries_more = true};
}

int ak_gear_threads(const Gear *gear) {
    return gear->phase == GEAR_TRY ? gear->other : gear->chosen;
}

double ak_gear_patience_us(const Gear *gear) {
    return gear->phase == GEAR_TRY ? gear->chosen_us * HOPELESS : 0;
}

static void enter(Gear *gear, GearPhase phase) {
    gear->phase = phase;
    gear->count = 0;
    gear->sum_us = 0;
}

/* Fewer and more in turn, as far as there are. */
static void pick_other(Gear *gear) {
    bool can_halve = gear->chosen > 1, can_double = gear->chosen < gear->most;
    bool doubles = can_double && (gear->tries_more || !can_halve);
    gear->other = doubles ? gear->chosen * 2 : gear->chosen / 2;
    if (gear->other > gear->most) gear->other = gear->most;
    gear->tries_more = !doubles;
}

void ak_gear_note(Gear *gear, double us) {
    if (gear->most == 1) return;
    gear->count++;
    gear->sum_us += us;
    double mean = gear->sum_us / gear->count;
    if (gear->phase == GEAR_MEASURE && gear->count == MEASURED) {
        gear->chosen_us = mean;
        pick_other(gear);
        enter(gear, GEAR_TRY);
    } else if (gear->phase == GEAR_TRY && (gear->count == TRIED || us >= gear->chosen_us * HOPELESS)) {
        if (mean < gear->chosen_us * BETTER) gear->chosen = gear->other;
        enter(gear, GEAR_CRUISE);
    } else if (gear->phase == GEAR_CRUISE && gear->count == CRUISED) {
        enter(gear, GEAR_MEASURE);
    }
}
