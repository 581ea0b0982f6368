/* What tests of JSON Schemas share: schemas on the vocabulary of bytes, and texts that they accept or do not. */
#ifndef SCHEMA_FIXTURE_H
#define SCHEMA_FIXTURE_H

#include "bytes_fixture.h"
#include <ananke/matcher.h>
#include <stdlib.h>

enum { TEXTS_MAX = 12 };

static inline ananke_program *compile(const char *schema, ananke_error *err) {
    return ananke_program_from_json_schema(schema, strlen(schema), bytes, NULL, err);
}

/* A schema, texts that it accepts and texts that it does not. */
typedef struct Case {
    const char *schema;
    const char *pass[TEXTS_MAX];
    const char *fail[TEXTS_MAX];
} Case;

static inline void run(const Case *cases, size_t count) {
    for (size_t i = 0; i < count; i++) {
        ananke_error err = {0};
        ananke_program *program = compile(cases[i].schema, &err);
        if (!program) fail_msg("%s: %s", cases[i].schema, err.message);
        for (size_t t = 0; cases[i].pass[t]; t++) {
            if (!accepts(program, cases[i].pass[t])) fail_msg("%s refuses %s", cases[i].schema, cases[i].pass[t]);
        }
        for (size_t t = 0; cases[i].fail[t]; t++) {
            if (accepts(program, cases[i].fail[t])) fail_msg("%s accepts %s", cases[i].schema, cases[i].fail[t]);
        }
        ananke_program_free(program);
    }
}
#define RUN(cases) run(cases, sizeof(cases) / sizeof *(cases))

#endif
