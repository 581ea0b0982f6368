/* A generation: the text that came out, what the check of it found, and the report. Owns all of it; the IR is borrowed. */
#ifndef AK_MAZE_GENERATION_H
#define AK_MAZE_GENERATION_H

#include "base/arena.h"
#include "maze/prompt.h"
#include <ananke/generate.h>

struct ananke_generation {
    Arena arena;
    const ananke_ir *ir; /* NULL: nothing was to be enforced */
    ananke_ir *aimed;    /* owned; NULL: `ir` is the caller's */
    Str text;
    ananke_generation_report report;
    ananke_findings *findings; /* NULL without an IR */
    ananke_outcome *outcomes;  /* one for each constraint of the IR */
    /* For the written report. */
    const char *model_path; /* "" when the caller loaded the model */
    const char *in_file;    /* "" when there was none */
    size_t file_bytes, file_used;
    const char *roles; /* Prompt.roles */
    bool is_masked;
    uint64_t seed;
    float temperature, top_p;
};

#endif
