/* Random instances of JSON Schemas, made as a model without wisdom makes them: schema_walks TOKENIZER COUNT SEED [any-order]
 *
 * Reads JSON lines {"name", "schema"} and answers each, in order, with the same line and more: "refused" (why) when it does not compile, else
 * "unenforced" ([pointer, reason] each), "instances" (texts), "unfinished" (how many walks found no end) and "broken" (texts that are no JSON, or
 * whose completion was not taken; no such text may be).
 *
 * A walk takes random tokens of the mask, likely ones rather than others, and now and then a piece: a name, value or number of the schema, or
 * what is near to one. Where the text may end it ends every other time; a walk that has grown long ends with the matcher's own completion. The
 * same seed and line make the same walks. Walking a schema takes TIME_S seconds at most, and what was found until then is told; a program has MEMORY
 * bytes at most. */
#include <ananke/ananke.h>
#include <ananke/matcher.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <yyjson.h>

enum { PIECES = 2048, TEXT_SIZE = 1 << 16, TIME_S = 5, MEMORY = 1 << 30 };

static const char likely_bytes[] = "\"{}[]:, 0123456789abcdefz-+.eETZ_/@\\u";
static const char *const common_pieces[] = {"{",
                                            "}",
                                            "[",
                                            "]",
                                            "\": ",
                                            ", \"",
                                            "\"\"",
                                            "true",
                                            "null",
                                            "false",
                                            "0",
                                            "-0",
                                            "1",
                                            "-1",
                                            "0.0",
                                            "1.0",
                                            "1.5",
                                            "1e2",
                                            "1E-2",
                                            "10e-1",
                                            "1e400",
                                            "100",
                                            "99999999999999999999",
                                            "\"a\": ",
                                            "\"a\"",
                                            "\"\\u0061\"",
                                            "\"\\u0061\": ",
                                            "\"b\": 1",
                                            "\"\\ud83d\\ude00\"",
                                            "\"\xF0\x9F\x98\x80\"",
                                            "\\n",
                                            "\\/",
                                            "\\\"",
                                            "\xC3\xA9",
                                            "\xE2\x80\xA8",
                                            "2021-02-29",
                                            "2020-02-29",
                                            "-12-31",
                                            "T23:59:60Z",
                                            "24:00:00Z",
                                            "23:59:59+24:00",
                                            "1.2.3.4",
                                            "256.1.1.1",
                                            "01.2.3.4",
                                            "::1",
                                            "::ffff:1.2.3.4",
                                            "1::2::3",
                                            "fe80::1%1",
                                            "a@b.c",
                                            "\\\"a b\\\"@c.d",
                                            ".a@b",
                                            "http://a",
                                            "//b?c#d",
                                            "%41",
                                            "%4",
                                            "localhost",
                                            "-a",
                                            "a-",
                                            "xn--",
                                            "urn:a:b",
                                            "P1Y",
                                            "PT1M",
                                            "P1W",
                                            "P",
                                            "/a~0b~1",
                                            "~2",
                                            "0/a",
                                            "{+a}",
                                            "{",
                                            "[a",
                                            "(",
                                            "[1,1]",
                                            "[1,1.0]",
                                            "[[],[]]",
                                            "{\"a\":1,\"a\":2}"};

typedef struct Walks {
    ananke_vocab *vocab;
    uint32_t *row, *likely; /* a mask; the tokens of likely bytes only */
    size_t words;
    char *pieces[PIECES]; /* of the schema; owned */
    size_t piece_count;
    uint64_t dice;
    uint8_t text[TEXT_SIZE];
    size_t length;
    ananke_json_options json;
} Walks;

static uint64_t roll(Walks *self) { /* splitmix64 */
    uint64_t z = (self->dice += 0x9E3779B97F4A7C15U);
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9U;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBU;
    return z ^ (z >> 31);
}

static uint64_t below(Walks *self, uint64_t count) {
    return roll(self) % count;
}

static void die(const char *what) {
    fprintf(stderr, "schema_walks: %s\n", what);
    exit(EXIT_FAILURE);
}

/* ---- Pieces */

static void add_piece(Walks *self, const char *before, const char *piece, size_t length, const char *behind) {
    size_t size = strlen(before) + length + strlen(behind) + 1;
    if (self->piece_count == PIECES || size > 400) return;
    char *copy = malloc(size);
    if (!copy) die("out of memory");
    snprintf(copy, size, "%s%.*s%s", before, (int)length, piece, behind);
    self->pieces[self->piece_count++] = copy;
}

/* A name or text of the schema: whole, with its first letter spelt otherwise, and cut. */
static void add_string(Walks *self, yyjson_val *value) {
    size_t length = 0;
    char *text = yyjson_val_write_opts(value, YYJSON_WRITE_NOFLAG, NULL, &length, NULL);
    char spelt[16];
    if (!text) return;
    add_piece(self, "", text, length, "");
    if (length > 2 && text[1] != '\\' && (unsigned char)text[1] < 0x80) {
        snprintf(spelt, sizeof spelt, "\"\\u%04x", (unsigned)text[1]);
        add_piece(self, spelt, text + 2, length - 2, "");
        add_piece(self, "", text + 1, length - 2, "");
        add_piece(self, "", text, length - 2, "");
    }
    free(text);
}

static void add_number(Walks *self, yyjson_val *value) {
    const char *text = yyjson_get_raw(value);
    size_t length = yyjson_get_len(value);
    add_piece(self, "", text, length, "");
    add_piece(self, "-", text, length, "");
    add_piece(self, "", text, length, "0");
    add_piece(self, "", text, length, "1");
    add_piece(self, "", text, length, ".0");
    add_piece(self, "", text, length, ".000001");
    add_piece(self, "", text, length, "e0");
    add_piece(self, "", text, length, "e1");
    add_piece(self, "", text, length - 1, "");
}

static void add_pieces(Walks *self, yyjson_val *value, unsigned depth) {
    size_t index, count;
    yyjson_val *key, *member;
    if (depth > 100) return;
    if (yyjson_is_str(value)) add_string(self, value);
    if (yyjson_is_raw(value)) add_number(self, value);
    if (yyjson_is_obj(value)) {
        yyjson_obj_foreach(value, index, count, key, member) {
            add_string(self, key);
            add_pieces(self, member, depth + 1);
        }
    }
    if (yyjson_is_arr(value)) {
        yyjson_arr_foreach(value, index, count, member) add_pieces(self, member, depth + 1);
    }
}

static void clear_pieces(Walks *self) {
    while (self->piece_count) free(self->pieces[--self->piece_count]);
}

/* ---- One walk */

static bool append(Walks *self, const void *bytes, size_t length) {
    if (length > TEXT_SIZE - self->length) return false;
    memcpy(self->text + self->length, bytes, length);
    self->length += length;
    return true;
}

static bool take_piece(Walks *self, ananke_matcher *matcher) {
    size_t common = sizeof common_pieces / sizeof *common_pieces;
    const char *piece = self->piece_count && below(self, 2) ? self->pieces[below(self, self->piece_count)]
                                                            : common_pieces[below(self, common)];
    size_t length = strlen(piece);
    return ananke_matcher_consume_bytes(matcher, (const uint8_t *)piece, length, NULL) && append(self, piece, length);
}

/* A random token of the mask, of the likely ones when there are any and the dice say so; UINT32_MAX: there is none. */
static uint32_t choose(Walks *self) {
    for (int wanted = below(self, 4) != 0; wanted >= 0; wanted--) {
        uint64_t count = 0;
        for (size_t i = 0; i < self->words; i++)
            count += (uint64_t)__builtin_popcount(self->row[i] & (wanted ? self->likely[i] : UINT32_MAX));
        if (!count) continue;
        uint64_t left = below(self, count);
        for (size_t i = 0; i < self->words; i++) {
            uint32_t bits = self->row[i] & (wanted ? self->likely[i] : UINT32_MAX);
            uint64_t here = (uint64_t)__builtin_popcount(bits);
            if (left >= here) left -= here;
            else {
                for (; left; left--) bits &= bits - 1;
                return (uint32_t)(32 * i) + (uint32_t)__builtin_ctz(bits);
            }
        }
    }
    return UINT32_MAX;
}

typedef enum Ending { FINISHED, UNFINISHED, BROKEN } Ending;

static Ending complete(Walks *self, ananke_matcher *matcher) {
    uint8_t rest[4096];
    size_t length = ananke_matcher_completion(matcher, rest, sizeof rest);
    if (length > sizeof rest || !append(self, rest, length)) return UNFINISHED;
    if (length && !ananke_matcher_consume_bytes(matcher, rest, length, NULL)) return BROKEN;
    return ananke_matcher_is_accepting(matcher) ? FINISHED : BROKEN;
}

static Ending walk(Walks *self, ananke_matcher *matcher) {
    static const size_t budgets[] = {8, 40, 40, 150, 600};
    size_t budget = 1 + below(self, budgets[below(self, sizeof budgets / sizeof *budgets)]);
    ananke_matcher_reset(matcher);
    self->length = 0;
    while (self->length < budget) {
        if (ananke_matcher_is_accepting(matcher) && below(self, 2)) return FINISHED;
        if (below(self, 3) == 0 && take_piece(self, matcher)) continue;
        if (!ananke_matcher_fill_mask(matcher, self->row, self->words, NULL)) return UNFINISHED;
        uint32_t token = choose(self);
        if (token == UINT32_MAX || !ananke_matcher_consume(matcher, token, NULL))
            return ananke_matcher_error(matcher) ? UNFINISHED : BROKEN;
        if (ananke_matcher_stop_reason(matcher) == ANANKE_STOP_EOS) return FINISHED;
        size_t length = 0;
        const uint8_t *bytes = ananke_vocab_token(self->vocab, token, &length);
        if (!append(self, bytes, length)) return UNFINISHED;
    }
    return complete(self, matcher);
}

/* ---- One schema */

/* The text as a value of the answer; what is no UTF-8 is written \xHH. */
static yyjson_mut_val *text_value(const Walks *self, yyjson_mut_doc *doc, bool is_text) {
    if (is_text) return yyjson_mut_strncpy(doc, (const char *)self->text, self->length);
    char *shown = malloc(4 * self->length + 1);
    if (!shown) die("out of memory");
    size_t used = 0;
    for (size_t i = 0; i < self->length; i++) {
        bool plain = self->text[i] >= 0x20 && self->text[i] < 0x7F;
        used += (size_t)snprintf(shown + used, 5, plain ? "%c" : "\\x%02X", self->text[i]);
    }
    yyjson_mut_val *value = yyjson_mut_strncpy(doc, shown, used);
    free(shown);
    return value;
}

static void put_walks(Walks *self, ananke_program *program, uint64_t count, yyjson_mut_doc *doc, yyjson_mut_val *line) {
    yyjson_mut_val *instances = yyjson_mut_obj_add_arr(doc, line, "instances");
    yyjson_mut_val *broken = yyjson_mut_obj_add_arr(doc, line, "broken");
    ananke_matcher *matcher = ananke_matcher_new(program, NULL);
    if (!matcher) die("out of memory");
    uint64_t unfinished = 0;
    clock_t start = clock();
    for (uint64_t i = 0; i < count && (clock() - start) / CLOCKS_PER_SEC < TIME_S; i++) {
        Ending ending = walk(self, matcher);
        unfinished += ending == UNFINISHED;
        if (ending == UNFINISHED) continue;
        yyjson_doc *read = yyjson_read_opts((char *)self->text, self->length, YYJSON_READ_NUMBER_AS_RAW, NULL, NULL);
        bool is_right = read && ending == FINISHED;
        yyjson_mut_arr_append(is_right ? instances : broken, text_value(self, doc, is_right));
        yyjson_doc_free(read);
    }
    yyjson_mut_obj_add_uint(doc, line, "unfinished", unfinished);
    ananke_matcher_free(matcher);
}

static void put_unenforced(const ananke_program *program, yyjson_mut_doc *doc, yyjson_mut_val *line) {
    size_t count = 0;
    const ananke_unenforced *places = ananke_program_unenforced(program, &count);
    yyjson_mut_val *list = yyjson_mut_obj_add_arr(doc, line, "unenforced");
    for (size_t i = 0; i < count; i++) {
        yyjson_mut_val *pair = yyjson_mut_arr_add_arr(doc, list);
        yyjson_mut_arr_add_strcpy(doc, pair, places[i].pointer);
        yyjson_mut_arr_add_strcpy(doc, pair, places[i].reason);
    }
}

static void answer(Walks *self, yyjson_val *asked, uint64_t count, uint64_t seed) {
    yyjson_mut_doc *doc = yyjson_mut_doc_new(NULL);
    yyjson_mut_val *line = yyjson_val_mut_copy(doc, asked);
    yyjson_mut_doc_set_root(doc, line);
    yyjson_val *schema = yyjson_obj_get(asked, "schema");
    size_t length = 0;
    char *text = yyjson_val_write_opts(schema, YYJSON_WRITE_NOFLAG, NULL, &length, NULL);
    if (!text) die("a line has no schema");
    self->dice = seed;
    for (size_t i = 0; i < length; i++) self->dice = (self->dice ^ (uint8_t)text[i]) * 0x100000001B3U;
    ananke_error err = {0};
    const ananke_context context = {.memory_limit = MEMORY};
    const ananke_program_options options = {.context = &context, .json = &self->json};
    ananke_program *program = ananke_program_from_json_schema(text, length, self->vocab, &options, &err);
    free(text);
    if (program) {
        add_pieces(self, schema, 0);
        put_unenforced(program, doc, line);
        put_walks(self, program, count, doc, line);
        clear_pieces(self);
        ananke_program_free(program);
    } else {
        yyjson_mut_obj_add_strcpy(doc, line, "refused", err.message);
    }
    char *written = yyjson_mut_write_opts(doc, YYJSON_WRITE_NOFLAG, NULL, NULL, NULL);
    if (!written || puts(written) < 0 || fflush(stdout) != 0) die("cannot write");
    free(written);
    yyjson_mut_doc_free(doc);
}

static void open_vocabulary(Walks *self, const char *path) {
    ananke_error err = {0};
    self->vocab = ananke_vocab_load(path, NULL, &err);
    if (!self->vocab) die(err.message);
    uint32_t size = ananke_vocab_size(self->vocab);
    self->words = (size + 31) / 32;
    self->row = calloc(self->words, sizeof *self->row), self->likely = calloc(self->words, sizeof *self->likely);
    if (!self->row || !self->likely) die("out of memory");
    for (uint32_t token = 0; token < size; token++) {
        size_t length = 0, i = 0;
        const uint8_t *bytes = ananke_vocab_token(self->vocab, token, &length);
        while (i < length && bytes[i] && strchr(likely_bytes, bytes[i])) i++;
        if (length && i == length) self->likely[token / 32] |= 1U << (token % 32);
    }
}

int main(int count, char **words) {
    static Walks self;
    if (count != 4 && count != 5) die("schema_walks TOKENIZER COUNT SEED [any-order]");
    if (count == 5) self.json.order = ANANKE_JSON_ANY_ORDER;
    open_vocabulary(&self, words[1]);
    char *line = NULL;
    size_t capacity = 0;
    for (ssize_t length; (length = getline(&line, &capacity, stdin)) > 0;) {
        yyjson_doc *doc = yyjson_read_opts(line, (size_t)length, YYJSON_READ_NUMBER_AS_RAW, NULL, NULL);
        if (!doc) die("a line is no JSON");
        answer(&self, yyjson_doc_get_root(doc), strtoull(words[2], NULL, 10), strtoull(words[3], NULL, 10));
        yyjson_doc_free(doc);
    }
    free(line), free(self.row), free(self.likely);
    ananke_vocab_free(self.vocab);
    return EXIT_SUCCESS;
}
