/* The prompt is put together as pieces, some ours and some from outside. The chat template is applied to two marks in place of the messages; what it
 * puts around them is tokenized with special tokens, the messages without. A context file that is too long keeps its head (imports, types) and its
 * tail (where writing goes on), cut at line ends. */
#include "maze/prompt.h"
#include "base/buf.h"
#include "base/file.h"
#include "base/utf8.h"

static const char *const SYSTEM_MARK = "@ananke-system@", *const USER_MARK = "@ananke-user@";

enum {
    MAX_RULES = 24,
    MAX_FILE = 64 << 20,    /* bytes of a context file that are read */
    FILE_TOKENS = 1536,     /* of a context file at most: reading a prompt takes time, too */
    LEAST_FILE_TOKENS = 64, /* less of a file is not worth showing */
};

static const char *language(const PromptOrder *order) {
    return ananke_ir_language(order->ir);
}

static Str system_text(Arena *arena, const PromptOrder *order) {
    Buf text = {.arena = arena};
    if (!order->ir) return ak_buf_text(&text, "You are a helpful assistant."), ak_buf_view(&text);
    ak_buf_format(&text, "You are an expert %s programmer. Answer with one %s code block and nothing else.",
                  language(order), language(order));
    const ananke_constraints *rules = ananke_ir_constraints(order->ir);
    size_t count = ananke_constraints_count(rules);
    if (count) ak_buf_text(&text, " Follow the rules of the code base:\n");
    for (size_t i = 0; i < count && i < MAX_RULES; i++)
        ak_buf_format(&text, "- %s\n", ananke_constraints_get(rules, i)->message);
    return ak_buf_view(&text);
}

/* ---- The context file ---- */

/* The end of the line that contains `at`, the newline included. */
static size_t line_end(Str text, size_t at) {
    size_t end = ak_str_find_byte(text, '\n', at);
    return end == SIZE_MAX ? text.length : end + 1;
}

static size_t line_start(Str text, size_t at) {
    while (at > 0 && text.data[at - 1] != '\n') at--;
    return at;
}

/* Head and tail of together at most `room` bytes, with a mark where lines are missing. `*used` is what is left of the text. */
static Str excerpt(Arena *arena, Str text, size_t room, size_t *used) {
    *used = text.length;
    if (text.length <= room) return text;
    size_t head = line_start(text, room / 2), tail = line_end(text, text.length - room / 2);
    Buf out = {.arena = arena};
    ak_buf_str(&out, ak_str_slice(text, 0, head));
    ak_buf_text(&out, "...\n");
    ak_buf_str(&out, ak_str_slice(text, tail, text.length));
    *used = head + (text.length - tail);
    return ak_buf_view(&out);
}

static bool count_tokens(const LlamaModel *model, Arena *arena, Str text, size_t *count, ananke_error *err) {
    TokenIds ids = {0};
    ArenaMark mark = ak_arena_mark(arena);
    bool done = ak_llama_tokenize(model, arena, text, false, false, &ids, err);
    *count = ids.count;
    ak_arena_rewind(arena, mark);
    return done;
}

/* The part of the file that takes at most `room` tokens. Bytes are guessed from tokens, then less and less of them until it fits. */
static bool fit_file(Prompt *prompt, Arena *arena, const LlamaModel *model, Str file, size_t room, Str *fitting,
                     ananke_error *err) {
    size_t count;
    prompt->file_bytes = file.length;
    *fitting =
        excerpt(arena, file, room * 16, &prompt->file_used); /* no tokenizer makes tokens of 16 bytes on average */
    for (;;) {
        if (!ak_arena_ok(arena)) return ak_fail_memory(err, arena);
        if (!count_tokens(model, arena, *fitting, &count, err)) return false;
        if (count <= room) return true;
        size_t bytes = (size_t)((double)fitting->length * 0.95 * (double)room / (double)count);
        *fitting = excerpt(arena, file, bytes, &prompt->file_used);
    }
}

static bool read_text(Arena *arena, const char *path, Str *text, ananke_error *err) {
    *text = ak_file_read(arena, path, MAX_FILE, err);
    if (!text->data) return false;
    size_t wrong = ak_utf8_invalid(*text);
    return wrong == SIZE_MAX || ak_fail_at(err, ANANKE_ERROR_SYNTAX, path, *text, wrong, "is not UTF-8");
}

static bool put_file(Prompt *prompt, Buf *out, const LlamaModel *model, const PromptOrder *order, size_t room,
                     ananke_error *err) {
    Str file, part;
    if (room > FILE_TOKENS) room = FILE_TOKENS;
    if (!read_text(out->arena, order->in_file, &file, err)) return false;
    if (room < LEAST_FILE_TOKENS) return true;
    if (!fit_file(prompt, out->arena, model, file, room, &part, err)) return false;
    ak_buf_format(out, "This is %s:\n```%s\n", order->in_file, order->ir ? language(order) : "");
    ak_buf_str(out, part);
    ak_buf_text(out, "\n```\n\n");
    return true;
}

static bool user_text(Prompt *prompt, Arena *arena, const LlamaModel *model, const PromptOrder *order, size_t room,
                      Str *text, ananke_error *err) {
    Buf out = {.arena = arena};
    if (order->in_file && !put_file(prompt, &out, model, order, room, err)) return false;
    ak_buf_text(&out, order->intent);
    *text = ak_buf_view(&out);
    return ak_arena_ok(arena) || ak_fail_memory(err, arena);
}

/* ---- Tokens ---- */

typedef struct Pieces {
    Str before, between, after; /* what stands around system and user text; ours or the template's */
    bool is_chat;
} Pieces;

/* Splits the template's output at the marks. False when it does not have both, in order. */
static bool split(Str text, Pieces *pieces) {
    const char *system = text.data ? strstr(text.data, SYSTEM_MARK) : NULL;
    const char *user = system ? strstr(system, USER_MARK) : NULL;
    if (!user) return false;
    size_t at = (size_t)(system - text.data), end = at + strlen(SYSTEM_MARK), then = (size_t)(user - text.data);
    pieces->before = ak_str_slice(text, 0, at);
    pieces->between = ak_str_slice(text, end, then);
    pieces->after = ak_str_slice(text, then + strlen(USER_MARK), text.length);
    return true;
}

static Pieces make_pieces(Prompt *prompt, Arena *arena, const LlamaModel *model) {
    Pieces pieces = {.between = STR("\n\n"), .after = STR("\n\n")};
    pieces.is_chat = split(ak_llama_chat(model, arena, SYSTEM_MARK, USER_MARK), &pieces);
    prompt->roles =
        pieces.is_chat ? "the model's chat template" : "none: the model's chat template is missing or not known";
    return pieces;
}

static bool put(Prompt *prompt, Arena *arena, const LlamaModel *model, Str text, bool special, ananke_error *err) {
    bool first = prompt->tokens.count == 0;
    return ak_llama_tokenize(model, arena, text, special, first, &prompt->tokens, err);
}

bool ak_prompt_make(Prompt *prompt, Arena *arena, const LlamaModel *model, const PromptOrder *order,
                    ananke_error *err) {
    *prompt = (Prompt){0};
    Pieces pieces = make_pieces(prompt, arena, model);
    Str system = system_text(arena, order), user = ak_str(order->intent);
    Str opening = order->ir ? ak_arena_format(arena, "```%s\n", language(order)) : STR("");
    size_t fixed[2];
    if (!ak_arena_ok(arena)) return ak_fail_memory(err, arena);
    if (!count_tokens(model, arena, system, &fixed[0], err) || !count_tokens(model, arena, user, &fixed[1], err))
        return false;
    size_t taken = fixed[0] + fixed[1] + pieces.before.length + pieces.between.length + pieces.after.length +
                   order->max_tokens + 64;
    if (taken > model->window)
        return ak_fail(err, ANANKE_ERROR_LIMIT,
                       "intent, rules and an answer of %u tokens do not fit the model's window of %u",
                       (unsigned)order->max_tokens, (unsigned)model->window);
    if (!user_text(prompt, arena, model, order, model->window - taken, &user, err)) return false;
    return put(prompt, arena, model, pieces.before, true, err) && put(prompt, arena, model, system, false, err) &&
           put(prompt, arena, model, pieces.between, true, err) && put(prompt, arena, model, user, false, err) &&
           put(prompt, arena, model, pieces.after, true, err) && put(prompt, arena, model, opening, false, err);
}
