/* Stop controllers: text goes out as tokens come in, until a stop token comes or the text has what a regular expression matches; that is not let
 * out. So bytes wait as long as they may be the beginning of a match or of a character.
 *
 * An attempt is a matcher of the expression that began at some waiting byte; it goes when a byte does not fit. The earliest attempt says from where
 * on bytes must wait, and of several that end at one byte it wins. A special token cannot be within a match. */
#include "compat/llg_run.h"
#include "compat/llg_utf8.h"
#include <stdlib.h>
#include <string.h>

typedef struct Attempt {
    ananke_matcher *matcher;
    size_t start; /* offset in the waiting bytes */
} Attempt;

typedef struct Pattern {
    atomic_uint users;
    ananke_vocab *bytes;
    ananke_program *program;
} Pattern;

struct LlgStopController {
    TokenTable *table;
    Ids stop_tokens;
    Pattern *pattern;      /* NULL: none */
    ananke_matcher *fresh; /* of the pattern, at its start */
    Attempt *attempts;     /* by start */
    size_t count, capacity;
    Text waiting;
    Text result; /* what the last call handed out */
    bool is_stopped;
};

static void leave_pattern(Pattern *pattern) {
    if (!pattern || atomic_fetch_sub_explicit(&pattern->users, 1, memory_order_acq_rel) != 1) return;
    ananke_program_free(pattern->program);
    ananke_vocab_free(pattern->bytes);
    free(pattern);
}

static Pattern *new_pattern(const char *regex, ananke_error *err) {
    const ananke_program_options options = {.file = ""};
    Pattern *pattern = calloc(1, sizeof *pattern);
    if (!pattern) return ak_llg_fail_memory(err), NULL;
    atomic_init(&pattern->users, 1);
    pattern->bytes = ananke_vocab_load("bytes", NULL, err);
    if (pattern->bytes)
        pattern->program = ananke_program_from_regex(regex, strlen(regex), pattern->bytes, &options, err);
    if (pattern->program) return pattern;
    return leave_pattern(pattern), NULL;
}

static void drop_attempts(LlgStopController *controller) {
    for (size_t i = 0; i < controller->count; i++) ananke_matcher_free(controller->attempts[i].matcher);
    controller->count = 0;
}

void llg_free_stop_controller(LlgStopController *controller) {
    if (!controller) return;
    drop_attempts(controller);
    free(controller->attempts);
    ananke_matcher_free(controller->fresh);
    leave_pattern(controller->pattern);
    ak_llg_table_leave(controller->table);
    ak_llg_ids_free(&controller->stop_tokens);
    ak_llg_text_free(&controller->waiting);
    ak_llg_text_free(&controller->result);
    free(controller);
}

static bool set_up(LlgStopController *controller, const uint32_t *tokens, size_t count, const char *regex,
                   ananke_error *err) {
    if (!ak_llg_ids_append(&controller->stop_tokens, tokens, tokens ? count : 0)) return ak_llg_fail_memory(err);
    if (!regex) return true;
    controller->pattern = new_pattern(regex, err);
    if (!controller->pattern) return false;
    controller->fresh = ananke_matcher_new(controller->pattern->program, err);
    return controller->fresh != NULL;
}

LlgStopController *llg_new_stop_controller(const LlgTokenizer *tokenizer, const uint32_t *tokens, size_t count,
                                           const char *regex, char *error, size_t error_size) {
    ananke_error err = {.code = ANANKE_ERROR_MEMORY, .message = "out of memory"};
    LlgStopController *controller = calloc(1, sizeof *controller);
    if (controller) {
        controller->table = ak_llg_table_use(tokenizer->table);
        if (set_up(controller, tokens, count, regex, &err)) return controller;
    }
    llg_free_stop_controller(controller);
    ak_llg_error_write(&err, error, error_size);
    return NULL;
}

/* ---- The pattern. */

static bool add_attempt(LlgStopController *controller, ananke_matcher *matcher, size_t start) {
    if (controller->count == controller->capacity) {
        size_t capacity = 2 * controller->capacity + 8;
        Attempt *grown = realloc(controller->attempts, capacity * sizeof *grown);
        if (!grown) return false;
        controller->attempts = grown, controller->capacity = capacity;
    }
    controller->attempts[controller->count++] = (Attempt){matcher, start};
    return true;
}

/* An attempt for the byte that comes next, unless no match begins with it. */
static bool begin_attempt(LlgStopController *controller, uint8_t byte) {
    uint32_t row[(256 + 1 + 31) / 32];
    if (!ananke_matcher_fill_mask(controller->fresh, row, sizeof row / sizeof *row, NULL)) return false;
    if (!(row[byte / 32] >> byte % 32 & 1)) return true;
    ananke_matcher *matcher = ananke_matcher_fork(controller->fresh, NULL);
    if (matcher && add_attempt(controller, matcher, controller->waiting.length)) return true;
    ananke_matcher_free(matcher);
    return false;
}

/* Where the match begins that ends with the bytes so far; SIZE_MAX when none does. */
static size_t find_match(LlgStopController *controller) {
    for (size_t i = 0; i < controller->count; i++) {
        if (ananke_matcher_is_accepting(controller->attempts[i].matcher)) return controller->attempts[i].start;
    }
    return ananke_matcher_is_accepting(controller->fresh) ? controller->waiting.length : SIZE_MAX;
}

static bool take_byte(LlgStopController *controller, uint8_t byte) {
    size_t kept = 0;
    if (!begin_attempt(controller, byte) || !ak_llg_text_append(&controller->waiting, &byte, 1)) return false;
    for (size_t i = 0; i < controller->count; i++) {
        Attempt attempt = controller->attempts[i];
        if (ananke_matcher_consume_bytes(attempt.matcher, &byte, 1, NULL)) controller->attempts[kept++] = attempt;
        else ananke_matcher_free(attempt.matcher);
    }
    controller->count = kept;
    return true;
}

/* ---- Letting text out. */

static bool let_out(LlgStopController *controller, size_t length) {
    if (!ak_llg_utf8_mend(&controller->result, controller->waiting.bytes, length)) return false;
    ak_llg_text_drop_first(&controller->waiting, length);
    for (size_t i = 0; i < controller->count; i++) controller->attempts[i].start -= length;
    return true;
}

static bool let_out_rest(LlgStopController *controller) {
    drop_attempts(controller);
    return let_out(controller, controller->waiting.length);
}

static bool take_text(LlgStopController *controller, TableToken token) {
    if (!controller->pattern && !ak_llg_text_append(&controller->waiting, token.bytes, token.length)) return false;
    for (uint32_t i = 0; controller->pattern && i < token.length; i++) {
        if (!take_byte(controller, token.bytes[i])) return false;
        size_t match = find_match(controller);
        if (match == SIZE_MAX) continue;
        controller->is_stopped = true;
        controller->waiting.length = match;
        return let_out_rest(controller);
    }
    size_t free_length = controller->count ? controller->attempts[0].start : controller->waiting.length;
    return let_out(controller, ak_llg_utf8_whole(controller->waiting.bytes, free_length));
}

static bool take_special(LlgStopController *controller, uint32_t id) {
    TableToken token = id < controller->table->size ? controller->table->tokens[id] : (TableToken){0};
    bool done = token.length ? ak_llg_text_append(&controller->waiting, token.bytes + 1, token.length - 1)
                             : ak_llg_text_format(&controller->waiting, "<[%u]>", id);
    return done && let_out_rest(controller);
}

static bool take_token(LlgStopController *controller, uint32_t id) {
    for (size_t i = 0; i < controller->stop_tokens.count; i++) {
        if (controller->stop_tokens.items[i] != id) continue;
        controller->is_stopped = true;
        return let_out_rest(controller);
    }
    if (id >= controller->table->size || ak_llg_is_special(controller->table->tokens[id]))
        return take_special(controller, id);
    return take_text(controller, controller->table->tokens[id]);
}

/* NULs within the text are handed out as "\0", two characters: it is a C string. */
static bool write_nuls(Text *text) {
    Text written = {0};
    for (size_t i = 0; i < text->length; i++) {
        bool done =
            text->bytes[i] ? ak_llg_text_append(&written, text->bytes + i, 1) : ak_llg_text_append(&written, "\\0", 2);
        if (!done) return ak_llg_text_free(&written), false;
    }
    ak_llg_text_free(text);
    *text = written;
    return true;
}

/* Out of memory the controller stops: it cannot know any more what must not go out. */
const char *llg_stop_commit_token(LlgStopController *controller, uint32_t token, size_t *length, bool *is_stopped) {
    controller->result.length = 0;
    bool done = controller->is_stopped || take_token(controller, token);
    *length = controller->result.length;
    if (done && *length && memchr(controller->result.bytes, 0, *length)) done = write_nuls(&controller->result);
    if (!done) controller->is_stopped = true, controller->result.length = *length = 0;
    *is_stopped = controller->is_stopped;
    return controller->result.length ? (const char *)controller->result.bytes : "";
}

/* ---- Copies. */

static bool copy_pattern(LlgStopController *to, const LlgStopController *from) {
    if (!from->pattern) return true;
    atomic_fetch_add_explicit(&from->pattern->users, 1, memory_order_relaxed);
    to->pattern = from->pattern;
    to->fresh = ananke_matcher_fork(from->fresh, NULL);
    if (!to->fresh) return false;
    for (size_t i = 0; i < from->count; i++) {
        ananke_matcher *matcher = ananke_matcher_fork(from->attempts[i].matcher, NULL);
        if (!matcher || !add_attempt(to, matcher, from->attempts[i].start)) return ananke_matcher_free(matcher), false;
    }
    return true;
}

LlgStopController *llg_clone_stop_controller(const LlgStopController *controller) {
    LlgStopController *clone = calloc(1, sizeof *clone);
    if (!clone) return NULL;
    clone->table = ak_llg_table_use(controller->table);
    clone->is_stopped = controller->is_stopped;
    bool done = copy_pattern(clone, controller) &&
                ak_llg_ids_append(&clone->stop_tokens, controller->stop_tokens.items, controller->stop_tokens.count) &&
                ak_llg_text_append(&clone->waiting, controller->waiting.bytes, controller->waiting.length);
    if (done) return clone;
    llg_free_stop_controller(clone);
    return NULL;
}
