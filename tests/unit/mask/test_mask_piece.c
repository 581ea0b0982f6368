/* Pieces against single steps, byte by byte, and that places with the same answers share them. */
#include "../test.h"
#include "base/bitset.h"
#include "mask/mask_find.h"
#include "mask/program.h"
#include <ananke/vocab.h>

enum { TOKENS = 900, BYTES_MAX = 8, WORDS = (TOKENS + 31) / 32 };

static const char grammar[] = "start: (\"a\" call \";\" | \"b\" call \".\" | \"c\" call \";\" | /\"[^\"]*\"/ \";\")*\n"
                              "call: \"(\" [value (\",\" value)*] \")\"\n"
                              "value: NAME call? | \"-\" value | \"(\" value \")\"\n"
                              "NAME: /[x-z]+/\n"
                              "%ignore / +/\n";

static uint32_t seed;

static uint32_t dice(uint32_t sides) {
    seed = seed * 1664525 + 1013904223;
    return (seed >> 8) % sides;
}

/* Every ASCII character, random words of those that the grammar knows, and two that tell calls apart. */
static ananke_vocab *make_vocab(void) {
    static const char alphabet[] = "abcxyz((()),;.-\" ";
    static uint8_t bytes[TOKENS][BYTES_MAX];
    const uint8_t *places[TOKENS];
    size_t lengths[TOKENS];
    static const char *const calls[] = {"(x);", "(x)."};
    ananke_error err = {0};
    seed = 1;
    for (uint32_t id = 0; id < TOKENS; id++) {
        lengths[id] = id < 128 ? 1 : 2 + dice(BYTES_MAX - 2);
        for (size_t i = 0; i < lengths[id]; i++) bytes[id][i] = (uint8_t)alphabet[dice(sizeof alphabet - 1)];
        if (id < 128) bytes[id][0] = (uint8_t)id;
        places[id] = bytes[id];
    }
    for (uint32_t i = 0; i < 2; i++) places[TOKENS - 1 - i] = (const uint8_t *)calls[i], lengths[TOKENS - 1 - i] = 4;
    ananke_vocab *vocab = ananke_vocab_from_tokens(places, lengths, TOKENS, &(uint32_t){0}, 1, NULL, &err);
    assert_non_null(vocab);
    return vocab;
}

typedef struct Fixture {
    ananke_vocab *vocab;
    ananke_program *program;
    Engine *engine; /* held */
} Fixture;

static void open_engine(Fixture *self) {
    ananke_error err = {0};
    self->vocab = make_vocab();
    self->program = ananke_program_from_lark(grammar, strlen(grammar), self->vocab, NULL, &err);
    if (!self->program) fail_msg("%s", err.message);
    assert_non_null(self->engine = ak_program_engine(self->program, &err));
}

static void close_engine(Fixture *self) {
    ak_engine_drop(self->engine);
    ananke_program_free(self->program);
    ananke_vocab_free(self->vocab);
}

/* Goes on over the text from byte `from` on; false where it dies. */
static bool step_along(const Fixture *self, Point *point, Str text, size_t from) {
    Fuel fuel = {.lexer = UINT64_MAX, .parser = UINT64_MAX};
    for (size_t i = from; i < text.length; i++) {
        if (ak_engine_step(self->engine, point, (uint8_t)text.data[i], &fuel) != STEP_ALIVE) return false;
    }
    return true;
}

static uint32_t piece_of(const Fixture *self, Point behind, uint8_t byte) {
    Fuel fuel = {.lexer = UINT64_MAX, .parser = UINT64_MAX};
    uint32_t mask = ak_mask_part(self->engine, VIEW_WHOLE, (Part)(PART_BYTE + byte), behind, 0, &fuel);
    assert_true(mask);
    return mask;
}

static void compare_piece(const Fixture *self, Point behind, uint8_t byte) {
    uint32_t row[WORDS];
    const MaskPool *masks = &self->engine->masks;
    ak_mask_copy(masks, ak_mask_get(masks, piece_of(self, behind, byte)), row);
    for (uint32_t id = 0; id < TOKENS; id++) {
        Str token = ak_vocab_str(self->vocab, id);
        Point point = behind;
        bool is_alive = (uint8_t)token.data[0] == byte && step_along(self, &point, token, 1);
        if (ak_bits_get(row, id) != is_alive) print_error("token %u \"%.*s\"\n", id, STR_ARGS(token));
        assert_int_equal(ak_bits_get(row, id), is_alive);
    }
}

TEST(pieces_allow_what_single_steps_do) {
    IGNORE_STATE;
    Fixture self;
    open_engine(&self);
    Str text = STR("a(x, -y(z), ((x))) ; b ( ).\"a (;\" ; c(zz);");
    int compared = 0;
    for (size_t at = 0; at <= text.length; at++) {
        Point point = ak_engine_start(self.engine);
        assert_true(step_along(&self, &point, ak_str_slice(text, 0, at), 0));
        for (char byte = ' '; byte < 0x7F; byte++) {
            Point behind = point;
            if (!step_along(&self, &behind, (Str){&byte, 1}, 0)) continue;
            compare_piece(&self, behind, (uint8_t)byte);
            compared++;
        }
    }
    assert_true(compared > 300);
    close_engine(&self);
}

/* "(x);" may follow "a" and "c", "(x)." may follow "b". */
TEST(places_with_the_same_answers_share_a_piece) {
    IGNORE_STATE;
    Fixture self;
    uint32_t pieces[3];
    open_engine(&self);
    for (int i = 0; i < 3; i++) {
        Point point = ak_engine_start(self.engine);
        char text[] = {(char)('a' + i), '('};
        assert_true(step_along(&self, &point, (Str){text, sizeof text}, 0));
        pieces[i] = piece_of(&self, point, '(');
    }
    assert_int_equal(pieces[0], pieces[2]);
    assert_int_not_equal(pieces[0], pieces[1]);
    close_engine(&self);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(pieces_allow_what_single_steps_do),
        cmocka_unit_test(places_with_the_same_answers_share_a_piece),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
