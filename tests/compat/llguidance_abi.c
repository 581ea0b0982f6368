/* A program as others write it for llguidance's C interface, compiled with llguidance's own header: llguidance_abi TABLE GRAMMARS ROUNDS
 *
 * TABLE holds a tokenizer, GRAMMARS lines `KIND TEXT` (test_llguidance_abi.py writes them), ROUNDS says how many walks there are for each. It prints all that the interface lets one see, but for the
 * words of error messages; linked with llguidance and with ours it must print the same. */
#include "llguidance.h"

#include <pthread.h>
#include <stdio.h>
#include <string.h>

enum { STEPS = 40 };

typedef struct Table {
    uint32_t size, eos;
    uint32_t *lengths, *offsets;
    uint8_t *bytes;
} Table;

static uint64_t dice_state;

static uint32_t dice(uint32_t sides) {
    dice_state = dice_state * 6364136223846793005u + 1442695040888963407u;
    return (uint32_t)(dice_state >> 33) % sides;
}

static uint32_t hash(const void *data, size_t length) {
    uint32_t value = 2166136261u;
    for (size_t i = 0; i < length; i++) value = (value ^ ((const uint8_t *)data)[i]) * 16777619u;
    return value;
}

static char *read_file(const char *path, size_t *length) {
    FILE *file = fopen(path, "rb");
    if (!file) exit(2);
    fseek(file, 0, SEEK_END);
    *length = (size_t)ftell(file);
    rewind(file);
    char *data = malloc(*length + 1);
    if (fread(data, 1, *length, file) != *length) exit(2);
    data[*length] = 0;
    fclose(file);
    return data;
}

static Table read_table(const char *path) {
    size_t length;
    uint32_t *words = (uint32_t *)(void *)read_file(path, &length), at = 0;
    Table table = {.size = words[0], .eos = words[1], .lengths = words + 2};
    table.bytes = (uint8_t *)(table.lengths + table.size);
    table.offsets = calloc(table.size, sizeof *table.offsets);
    for (uint32_t i = 0; i < table.size; at += table.lengths[i++]) table.offsets[i] = at;
    return table;
}

/* The model's own tokenizer, as far as this program is concerned: the longest token, the lowest id. Slow and plain. */
static size_t tokenize(const void *data, const uint8_t *bytes, size_t length, uint32_t *tokens, size_t room) {
    const Table *table = data;
    size_t count = 0;
    for (size_t at = 0; at < length;) {
        uint32_t best = 0, best_length = 0;
        for (uint32_t i = 0; i < table->size; i++) {
            uint32_t n = table->lengths[i];
            const uint8_t *token = table->bytes + table->offsets[i];
            if (n > best_length && n <= length - at && token[0] != 0xFF && memcmp(token, bytes + at, n) == 0)
                best = i, best_length = n;
        }
        if (best_length && count++ < room) tokens[count - 1] = best;
        at += best_length ? best_length : 1;
    }
    return count;
}

static LlgTokenizer *make_tokenizer(const Table *table, bool canonical) {
    char error[200] = "";
    LlgTokenizerInit init = {.vocab_size = table->size,
                             .tok_eos = table->eos,
                             .token_lens = table->lengths,
                             .token_bytes = table->bytes,
                             .tokenize_fn = canonical ? tokenize : NULL,
                             .use_approximate_greedy_tokenize_fn = !canonical,
                             .tokenize_assumes_string = true,
                             .tokenize_user_data = table};
    LlgTokenizer *tokenizer = llg_new_tokenizer(&init, error, sizeof error);
    if (!tokenizer) printf("no tokenizer: %s\n", error);
    return tokenizer;
}

static void print_ids(const char *name, const uint32_t *ids, size_t count) {
    printf(" %s[", name);
    for (size_t i = 0; i < count; i++) printf("%s%u", i ? " " : "", ids[i]);
    printf("]");
}

/* A token that is in the mask: mostly a short one of printable text, so that texts look like texts. UINT32_MAX when there is none. */
static uint32_t choose(const Table *table, const uint32_t *mask) {
    uint32_t *nice = calloc(table->size, sizeof *nice), *all = calloc(table->size, sizeof *all), n = 0, m = 0;
    for (uint32_t i = 0; i < table->size; i++) {
        if (!(mask[i / 32] >> i % 32 & 1)) continue;
        all[m++] = i;
        const uint8_t *token = table->bytes + table->offsets[i];
        if (table->lengths[i] && table->lengths[i] < 5 && token[0] >= ' ' && token[0] < 0x7F) nice[n++] = i;
    }
    uint32_t chosen = n && dice(8) ? nice[dice(n)] : m ? all[dice(m)] : UINT32_MAX;
    free(nice);
    free(all);
    return chosen;
}

static uint32_t show_mask(const Table *table, LlgMatcher *matcher) {
    size_t size = llg_matcher_get_mask_byte_size(matcher);
    uint32_t *mask = calloc(1, size), chosen = UINT32_MAX;
    int32_t result = llg_matcher_compute_mask_into(matcher, mask, size);
    printf(" mask %d/%zu/%08x", result, size, result ? 0 : hash(mask, size));
    if (result == 0) {
        chosen = choose(table, mask);
        if (llg_matcher_compute_mask(matcher) != 0 || memcmp(llg_matcher_get_mask(matcher), mask, size) != 0)
            printf(" (differs)");
    }
    free(mask);
    return chosen;
}

static void show_state(LlgMatcher *matcher) {
    uint32_t forced[64];
    int32_t count = llg_matcher_compute_ff_tokens(matcher, forced, 64);
    print_ids("forced", forced, count < 0 ? 0 : (size_t)count);
    printf(" accepting %d stopped %d error %d", llg_matcher_is_accepting(matcher), llg_matcher_is_stopped(matcher),
           llg_matcher_is_error(matcher));
}

static void walk_matcher(const Table *table, const LlgConstraintInit *init, const char *kind, const char *text) {
    LlgMatcher *matcher = llg_new_matcher(init, kind, text);
    printf("matcher error %d\n", llg_matcher_get_error(matcher) != NULL);
    uint32_t consumed = 0;
    for (int step = 0; step < STEPS && !llg_matcher_is_stopped(matcher); step++) {
        uint32_t token = show_mask(table, matcher), probe[2] = {token, dice(table->size)};
        show_state(matcher);
        printf(" valid %d %d %d", llg_matcher_validate_tokens(matcher, probe, 2),
               llg_matcher_validate_tokens(matcher, probe + 1, 1),
               llg_matcher_validate_tokens(matcher, &table->eos, 1));
        if (token == UINT32_MAX) break;
        LlgMatcher *clone = llg_clone_matcher(matcher);
        printf(" | %u: %d", token, llg_matcher_consume_token(matcher, token));
        consumed++;
        if (dice(6) == 0) { /* somewhere else and back */
            uint32_t back = 1 + dice(consumed);
            printf(" back %u: %d", back, llg_matcher_rollback(matcher, back));
            consumed -= back;
            uint32_t other = show_mask(table, clone);
            if (other != UINT32_MAX) printf(" clone: %d", llg_matcher_consume_token(clone, other));
        }
        printf("\n");
        llg_free_matcher(clone);
    }
    printf("at the end:");
    show_mask(table, matcher);
    show_state(matcher);
    printf(" | wrong size %d, too far %d %d, reset %d\n", llg_matcher_compute_mask_into(matcher, &consumed, 0),
           llg_matcher_rollback(matcher, 1000), llg_matcher_is_error(matcher), llg_matcher_reset(matcher));
    llg_free_matcher(matcher);
}

static void walk_constraint(const Table *table, const LlgConstraintInit *init, const char *kind, const char *text) {
    LlgConstraint *constraint = llg_new_constraint_any(init, kind, text);
    printf("constraint error %d\n", llg_get_error(constraint) != NULL);
    for (int step = 0; step < STEPS; step++) {
        LlgMaskResult mask;
        LlgCommitResult commit;
        if (dice(5) == 0) {
            LlgConstraint *clone = llg_clone_constraint(constraint);
            llg_free_constraint(constraint);
            constraint = clone;
        }
        int32_t result = llg_compute_mask(constraint, &mask);
        printf("compute %d", result);
        if (result) break;
        printf(" stop %d %d temperature %.1f %.1f", mask.is_stop, llg_is_stopped(constraint), mask.temperature,
               llg_get_temperature(constraint));
        uint32_t token = mask.sample_mask ? choose(table, mask.sample_mask) : 0;
        if (mask.sample_mask) printf(" mask %08x", hash(mask.sample_mask, (table->size + 31) / 32 * 4));
        result = llg_commit_token(constraint, token, &commit);
        printf(" | commit %u: %d", token, result);
        if (result) break;
        print_ids("tokens", commit.tokens, commit.n_tokens);
        printf(" stop %d\n", commit.is_stop);
        if (commit.is_stop) break;
    }
    LlgMaskResult mask;
    printf(" then %d, error %d, logs '%s'\n", llg_compute_mask(constraint, &mask), llg_get_error(constraint) != NULL,
           llg_flush_logs(constraint));
    llg_free_constraint(constraint);
}

typedef struct Signal {
    pthread_mutex_t mutex;
    pthread_cond_t changed;
    bool is_done;
} Signal;

static void tell(const void *data) {
    Signal *signal = (Signal *)data;
    pthread_mutex_lock(&signal->mutex);
    signal->is_done = true;
    pthread_cond_signal(&signal->changed);
    pthread_mutex_unlock(&signal->mutex);
}

static void compute_in_parallel(const Table *table, const LlgConstraintInit *init, const char *kind, const char *text) {
    enum { COUNT = 5 };
    size_t size = (table->size + 31) / 32 * 4;
    uint32_t *masks[COUNT];
    LlgConstraintStep steps[COUNT];
    for (int i = 0; i < COUNT; i++) {
        masks[i] = malloc(size);
        memset(masks[i], 0xAA, size);
        steps[i] = (LlgConstraintStep){llg_new_constraint_any(init, kind, text), masks[i], size};
    }
    llg_par_compute_mask(steps, COUNT - 2, NULL, NULL);
    Signal signal = {PTHREAD_MUTEX_INITIALIZER, PTHREAD_COND_INITIALIZER, false};
    steps[COUNT - 1].mask_byte_len = 3;
    llg_par_compute_mask(steps + COUNT - 2, 2, &signal, tell);
    pthread_mutex_lock(&signal.mutex);
    while (!signal.is_done) pthread_cond_wait(&signal.changed, &signal.mutex);
    pthread_mutex_unlock(&signal.mutex);
    for (int i = 0; i < COUNT; i++) {
        printf("parallel %08x error %d\n", hash(masks[i], size), llg_get_error(steps[i].constraint) != NULL);
        llg_free_constraint(steps[i].constraint);
        free(masks[i]);
    }
    signal.is_done = false;
    llg_par_compute_mask(NULL, 3, &signal, tell);
    printf("told %d\n", signal.is_done);
}

static void show_texts(const Table *table, const LlgTokenizer *tokenizer) {
    static const char *const texts[] = {"", "Hello, w\xc3\xb6rld!\n", "a\xff[65]b\xff<nothing>c", "\xc3(\xe2\x82",
                                        "tab\t\"quote\" \x01"};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        uint32_t ids[100];
        char text[400];
        const uint8_t *bytes = (const uint8_t *)texts[i];
        size_t count = llg_tokenize_bytes(tokenizer, bytes, strlen(texts[i]), ids, 100);
        print_ids("plain", ids, count);
        count = llg_tokenize_bytes_marker(tokenizer, bytes, strlen(texts[i]), ids, 100);
        print_ids("marked", ids, count);
        if (i == 1) ids[count++] = table->eos, ids[count++] = table->size + 3;
        size_t length = llg_stringify_tokens(tokenizer, ids, count, text, sizeof text);
        printf(" %zu %s", length, text);
        for (uint32_t flags = 0; flags < 4; flags++) {
            length = llg_decode_tokens(tokenizer, ids, count, text, sizeof text, flags);
            printf(" %zu %08x", length, hash(text, strlen(text)));
        }
        printf(" cut %zu '%s'\n", llg_stringify_tokens(tokenizer, ids, count, text, 4) - length,
               strlen(text) < 4 ? "short" : text);
    }
}

static void show_stops(const Table *table, const LlgTokenizer *tokenizer) {
    static const char *const patterns[] = {"", "ab+c", "(x|xy|xyz!)", "\n\n", "[0-9]{3}"};
    static const char *const texts[] = {"aabbabbcd",   "wxyz!", "w\xc3\xb6\n \n\nz", "12 1234", "\xe2\x82\xac end xab",
                                        "\xe2\x82 end" /* with a pattern llguidance aborts on what is not UTF-8 */};
    for (size_t p = 0; p < sizeof patterns / sizeof *patterns; p++) {
        for (size_t t = 0; t < sizeof texts / sizeof *texts - (p > 0); t++) {
            uint32_t ids[100], stop = dice(2) ? table->eos : 'z';
            char error[200] = "";
            LlgStopController *stops =
                llg_new_stop_controller(tokenizer, &stop, 1, p ? patterns[p] : NULL, error, sizeof error);
            size_t count = llg_tokenize_bytes(tokenizer, (const uint8_t *)texts[t], strlen(texts[t]), ids, 100);
            ids[count++] = table->eos - 1, ids[count++] = table->eos;
            printf("stops %zu %zu:", p, t);
            for (size_t i = 0; i < count; i++) {
                size_t length;
                bool is_stopped;
                const char *text = llg_stop_commit_token(stops, ids[i], &length, &is_stopped);
                printf(" %zu'%s'%d", length, text, is_stopped);
                LlgStopController *clone = llg_clone_stop_controller(stops);
                llg_free_stop_controller(stops);
                stops = clone;
            }
            printf("\n");
            llg_free_stop_controller(stops);
        }
    }
}

static void show_refusals(const Table *table, const LlgTokenizer *tokenizer) {
    char message[300] = "";
    LlgTokenizerInitV2 second = {.struct_size = 8};
    printf("short struct %d", llg_new_tokenizer_v2(&second, message, sizeof message) == NULL);
    printf(" %d", message[0] != 0);
    uint32_t extra[2] = {1, 2};
    second = (LlgTokenizerInitV2){.struct_size = sizeof second,
                                  .vocab_size = table->size,
                                  .tok_eos = table->eos,
                                  .token_lens = table->lengths,
                                  .token_bytes = table->bytes,
                                  .use_approximate_greedy_tokenize_fn = true,
                                  .tok_eos_extra = extra,
                                  .tok_eos_extra_count = 2};
    LlgTokenizer *more = llg_new_tokenizer_v2(&second, message, sizeof message);
    LlgConstraintInit init;
    llg_constraint_init_set_defaults(&init, more);
    init.log_stderr_level = 0;
    LlgMatcher *matcher = llg_new_matcher(&init, "regex", "x?");
    show_mask(table, matcher);
    llg_free_matcher(matcher);
    llg_free_tokenizer(more);
    second.tok_eos = table->size;
    printf(" no such eos %d", llg_new_tokenizer_v2(&second, NULL, 0) == NULL);
    second.use_approximate_greedy_tokenize_fn = false;
    printf(" no tokenizing %d\n", llg_new_tokenizer_v2(&second, NULL, 0) == NULL);
    llg_constraint_init_set_defaults(&init, tokenizer);
    init.log_stderr_level = 0;
    static const char *const bad[][2] = {
        {"lark", "start: b"}, {"regex", "("}, {"json", "{"}, {"nothing", "x"}, {"lark", "start: \"a\""}};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        int32_t result = llg_validate_grammar(&init, bad[i][0], bad[i][1], message, sizeof message);
        matcher = llg_new_matcher(&init, bad[i][0], bad[i][1]);
        printf("validate %d %d: error %d mask %d, %zu bytes, consume %d reset %d\n", result, message[0] != 0,
               llg_matcher_is_error(matcher), llg_matcher_compute_mask(matcher),
               llg_matcher_get_mask_byte_size(matcher), llg_matcher_consume_token(matcher, 'b'),
               llg_matcher_reset(matcher));
        llg_free_matcher(matcher);
    }
    matcher = llg_new_matcher(&init, "regex", "[ab]*");
    printf("out of range: %d error %d\n", llg_matcher_consume_token(matcher, table->size),
           llg_matcher_is_error(matcher));
    llg_free_matcher(matcher);
    init.backtrack_ok = true;
    matcher = llg_new_matcher(&init, "regex", "[ab]*");
    printf("backtracking %d", llg_matcher_is_error(matcher));
    llg_free_matcher(matcher);
    init.backtrack_ok = false;
    matcher = llg_new_matcher(&init, "regex", "[ab]*");
    LlgCancellationHandle *handle = llg_matcher_get_cancellation_handle(matcher),
                          *other = llg_clone_cancellation_handle(handle);
    LlgMatcher *clone = llg_clone_matcher(matcher);
    llg_cancel(other);
    printf(" cancelled %d %d %d %s", llg_matcher_is_cancelled(matcher), llg_matcher_is_cancelled(clone),
           llg_matcher_consume_token(matcher, 'a'), llg_matcher_get_error(matcher));
    printf(" %d %d\n", llg_matcher_is_stopped(matcher), llg_matcher_is_stopped(clone));
    llg_free_matcher(matcher);
    llg_free_matcher(clone);
    llg_cancel(handle);
    llg_free_cancellation_handle(handle);
    llg_free_cancellation_handle(other);
}

static void walk_grammar(const Table *table, LlgConstraintInit *init, bool canonical, int rounds, const char *kind,
                         const char *text) {
    printf("==== %s %.60s\n", kind, text);
    dice_state = hash(text, strlen(text));
    for (int round = 0; round < rounds; round++) {
        init->ff_tokens_ok = false;
        walk_matcher(table, init, kind, text);
        init->ff_tokens_ok = canonical && round % 2;
        walk_constraint(table, init, kind, text);
    }
    compute_in_parallel(table, init, kind, text);
}

/* Lines `KIND TEXT`; a record separator in the text stands for a line end. */
static void walk_grammars(const Table *table, const LlgTokenizer *tokenizer, bool canonical, int rounds,
                          const char *grammars) {
    LlgConstraintInit init;
    llg_constraint_init_set_defaults(&init, tokenizer);
    init.log_stderr_level = 0;
    for (const char *line = grammars, *end; *line; line = end + 1) {
        end = strchr(line, '\n');
        char *kind = strndup(line, (size_t)(end - line)), *text = strchr(kind, ' ');
        *text++ = 0;
        for (char *at = text; *at; at++) *at = *at == '\x1e' ? '\n' : *at;
        walk_grammar(table, &init, canonical, rounds, kind, text);
        free(kind);
    }
}

int main(int count, char **arguments) {
    if (count != 4) return 2;
    size_t length;
    const Table table = read_table(arguments[1]);
    char *grammars = read_file(arguments[2], &length);
    for (int canonical = 0; canonical < 2; canonical++) {
        dice_state = 1;
        LlgTokenizer *first = make_tokenizer(&table, canonical), *tokenizer = llg_clone_tokenizer(first);
        llg_free_tokenizer(first);
        show_texts(&table, tokenizer);
        show_stops(&table, tokenizer);
        show_refusals(&table, tokenizer);
        walk_grammars(&table, tokenizer, canonical, (int)strtol(arguments[3], NULL, 10), grammars);
        llg_free_tokenizer(tokenizer);
    }
    fprintf(stderr, "%s\n", llg_get_version());
    return 0;
}
