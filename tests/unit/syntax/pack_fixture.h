/* The languages that are built in, and what they must accept and refuse. */
#ifndef PACK_FIXTURE_H
#define PACK_FIXTURE_H

#include "language/registry.h"
#include "syntax/pack.h"
#include "syntax_fixture.h"

typedef struct PackFixture {
    LangFixture language; /* its reader only */
    Pack *pack;
} PackFixture;

static inline void open_pack(PackFixture *self, const char *name) {
    ananke_error err = {0};
    self->pack = ak_pack_read(ak_registry_pack(ak_str(name)), name, NULL, &err);
    if (!self->pack) fail_msg("%s: %s", name, err.message);
    self->language = (LangFixture){.arena = ak_arena(NULL)};
    assert_true(
        ak_reader_init(&self->language.reader, &self->language.arena, &self->pack->syntax, &self->pack->tables));
}

static inline void close_pack(PackFixture *self) {
    close_fixture(&self->language);
    ak_pack_close(self->pack);
}

static inline void expect(PackFixture *self, bool is_good, const char *const *texts, size_t count) {
    for (size_t i = 0; i < count; i++) {
        if (accepts(&self->language, texts[i]) != is_good)
            fail_msg("%s: %s", is_good ? "refused" : "accepted", texts[i]);
    }
}
#define EXPECT(fixture, is_good, ...)                                          \
    do {                                                                       \
        const char *const texts_[] = {__VA_ARGS__};                            \
        expect(&(fixture), (is_good), texts_, sizeof texts_ / sizeof *texts_); \
    } while (0)

/* The same of a fragment. */
#define EXPECT_FRAGMENT(fixture, name, is_good, ...)                           \
    do {                                                                       \
        choose_fragment(&(fixture).language, &(fixture).pack->syntax, (name)); \
        EXPECT(fixture, is_good, __VA_ARGS__);                                 \
        (fixture).language.fragment = FRAGMENT_FILE;                           \
    } while (0)

/* Random texts of a language, by bytes that are alive. */
static inline void wander(PackFixture *self, int texts, int length) {
    uint32_t seed = 7;
    Reader *reader = &self->language.reader;
    for (int text = 0; text < texts; text++) {
        Reading reading = ak_reader_start(reader, self->language.fragment);
        char read[200] = {0};
        for (int i = 0; i < length; i++) {
            uint8_t bytes[128];
            Reading ways[128];
            uint32_t count = 0;
            for (uint32_t byte = 9; byte < 127; byte++) {
                ways[count] = ak_reader_step(reader, reading, (uint8_t)byte), bytes[count] = (uint8_t)byte;
                if (ways[count].site) count++;
            }
            if (!count) fail_msg("nothing goes on behind: %s", read);
            seed = seed * 1103515245 + 12345;
            uint32_t way = (seed >> 16) % count;
            reading = ways[way], read[i] = (char)bytes[way];
        }
    }
}

#endif
