/* How many threads a model decodes with, found while it runs.
 *
 * llama.cpp's threads meet hundreds of times per token and wait for each other by spinning. On an idle machine more threads are faster; on a busy one a
 * thread that has lost its processor stops all of them, and two can be twenty times slower than one. So now and then a few tokens are
 * decoded with half (or double) the threads, and what was faster stays. Only time is looked at: results do not depend on the number of threads. */
#ifndef AK_MAZE_GEAR_H
#define AK_MAZE_GEAR_H

#include <stdbool.h>

typedef enum GearPhase { GEAR_MEASURE = 0, GEAR_TRY, GEAR_CRUISE } GearPhase;

typedef struct Gear {
    int most;   /* threads there are */
    int chosen; /* threads that are best so far */
    int other;  /* threads being tried */
    GearPhase phase;
    int count;        /* tokens in this phase */
    double sum_us;    /* their time */
    double chosen_us; /* mean time of a token with `chosen` threads */
    bool tries_more;  /* the next trial is with more threads */
} Gear;

Gear ak_gear(int threads);
/* The number of threads for the next token. */
int ak_gear_threads(const Gear *gear);
/* A trial token that takes longer than this is to be given up, done again with other threads, and noted with the time it had; 0: no limit. */
double ak_gear_patience_us(const Gear *gear);
/* Tells how long the last token took. */
void ak_gear_note(Gear *gear, double us);

#endif
