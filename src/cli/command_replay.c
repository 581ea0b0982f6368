/* `ananke replay`: what would the mask engine have said to these texts? One JSON line each, in order. */
#include "cli/cli.h"
#include "cli/feed.h"
#include "cli/lines.h"
#include "cli/output.h"
#include <ananke/file.h>
#include <ananke/ir.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { FILE_LIMIT = 64 << 20, EXPECTED_SIZE = 2048, TOKEN_SIZE = 512 };

static const unsigned percents[] = {50, 99, 0};

/* One run: the program and what feeding needs. */
typedef struct Replay {
    Cli *cli;
    ananke_vocab *vocab;
    ananke_ir *ir; /* NULL without --ir */
    ananke_program *program;
    ananke_matcher *matcher;
    char *prefix; /* NULL without --prefix */
    size_t prefix_length;
    Feeder feeder;
    bool all_complete; /* every text so far was accepted and complete */
} Replay;

typedef ananke_program *FromText(const char *, size_t, const ananke_vocab *, const ananke_program_options *,
                                 ananke_error *);

/* --json-any-order, and the words of --json-space. */
static ananke_json_options json_options(const Cli *cli) {
    static const struct {
        const char *word;
        ananke_json_whitespace whitespace;
    } words[] = {{"compact", ANANKE_JSON_COMPACT}, {"spaced", ANANKE_JSON_SPACED}, {"free", ANANKE_JSON_FREE}};
    const char *word = cli_get(cli, "json-space");
    ananke_json_options options = {.whitespace = ANANKE_JSON_BOUNDED};
    if (cli_has(cli, "json-any-order")) options.order = ANANKE_JSON_ANY_ORDER;
    for (size_t i = 0; word && i < sizeof words / sizeof *words; i++) {
        if (strcmp(word, words[i].word) == 0) options.whitespace = words[i].whitespace;
    }
    return options;
}

static ananke_program *program_from_file(Replay *self, const char *path, FromText *from) {
    size_t length = 0;
    char *text = ananke_file_read(path, FILE_LIMIT, &length, &self->cli->err);
    if (!text) return NULL;
    const ananke_json_options json = json_options(self->cli);
    const ananke_program_options options = {.context = &self->cli->context,
                                            .file = path,
                                            .is_strict = cli_has(self->cli, "strict"),
                                            .schema_folder = cli_get(self->cli, "schema-folder"),
                                            .draft = cli_get(self->cli, "draft"),
                                            .json = &json};
    ananke_program *program = from(text, length, self->vocab, &options, &self->cli->err);
    ananke_text_free(text);
    return program;
}

static bool has_ending(const char *path, const char *ending) {
    size_t length = strlen(path), wanted = strlen(ending);
    return length >= wanted && strcmp(path + length - wanted, ending) == 0;
}

/* The options that name a file which says what the text is to be. */
static const struct {
    const char *option;
    FromText *from;
} files[] = {{"grammar", ananke_program_from_llguidance}, /* unless it ends in .gbnf */
             {"schema", ananke_program_from_json_schema},
             {"tools", ananke_program_from_tools},
             {"structural-tags", ananke_program_from_structural_tags}};

static ananke_program *make_program(Replay *self) {
    Cli *cli = self->cli;
    const char *language = cli_get(cli, "language");
    ananke_program_options options = {.context = &cli->context, .fragment = cli_get(cli, "fragment")};
    if (options.fragment && !language) {
        cli_fail(&cli->err, ANANKE_ERROR_USAGE, "--fragment is of a --language");
        return NULL;
    }
    if (language) return ananke_program_from_language(language, self->vocab, &options, &cli->err);
    for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
        const char *path = cli_get(cli, files[i].option);
        bool is_gbnf = path && i == 0 && has_ending(path, ".gbnf");
        if (path) return program_from_file(self, path, is_gbnf ? ananke_program_from_gbnf : files[i].from);
    }
    self->ir = ananke_ir_load(cli_get(cli, "ir"), &cli->context, &cli->err);
    return self->ir ? ananke_program_from_ir(self->ir, self->vocab, &options, &cli->err) : NULL;
}

/* Says what a schema demands and the masks do not hold. */
static void warn(Replay *self) {
    Terminal *terminal = &self->cli->terminal;
    const char *path = NULL;
    for (size_t i = 0; !path && i < sizeof files / sizeof *files; i++) path = cli_get(self->cli, files[i].option);
    size_t count = 0;
    const ananke_unenforced *places = ananke_program_unenforced(self->program, &count);
    for (size_t i = 0; i < count; i++) {
        cli_say(terminal, "%s: %swarning:%s %s is not enforced: %s", path ? path : "<grammar>",
                cli_style(terminal, stderr, STYLE_WARNING), cli_style(terminal, stderr, STYLE_PLAIN), places[i].pointer,
                places[i].reason);
    }
}

/* Whether the file could be read, or there is none. */
static bool read_side(Replay *self, const char *path, char **text, size_t *length) {
    *text = path ? ananke_file_read(path, FILE_LIMIT, length, &self->cli->err) : NULL;
    return *text || !path;
}

/* Back to where a text begins. */
static bool begin(Replay *self, ananke_error *err) {
    ananke_matcher_reset(self->matcher);
    if (!self->prefix_length) return true;
    return ananke_matcher_consume_bytes(self->matcher, (const uint8_t *)self->prefix, self->prefix_length, err);
}

/* What stands around the texts. */
static bool take_sides(Replay *self) {
    const char *before = cli_get(self->cli, "prefix"), *behind = cli_get(self->cli, "suffix");
    ananke_error *err = &self->cli->err;
    char *suffix = NULL;
    size_t length = 0;
    bool done =
        read_side(self, before, &self->prefix, &self->prefix_length) && read_side(self, behind, &suffix, &length);
    if (done && !begin(self, err)) done = cli_fail_in(err, before);
    if (done && length && !ananke_matcher_set_suffix(self->matcher, (const uint8_t *)suffix, length, err))
        done = cli_fail_in(err, behind);
    ananke_text_free(suffix);
    return done;
}

static bool start(Replay *self) {
    Cli *cli = self->cli;
    self->vocab = ananke_vocab_load(cli_get(cli, "tokenizer"), &cli->context, &cli->err);
    if (!self->vocab || !cli_feeder_open(&self->feeder, self->vocab, &cli->err)) return false;
    self->program = make_program(self);
    self->matcher = self->program ? ananke_matcher_new(self->program, &cli->err) : NULL;
    if (self->matcher) warn(self);
    return self->matcher && take_sides(self);
}

static void stop(Replay *self) {
    ananke_text_free(self->prefix);
    ananke_matcher_free(self->matcher);
    ananke_program_free(self->program);
    ananke_ir_free(self->ir);
    cli_feeder_close(&self->feeder);
    ananke_vocab_free(self->vocab);
}

/* How many bytes at `at` are one UTF-8 character; 0 when they are none. */
static size_t utf8_length(const uint8_t *at, size_t left) {
    size_t length = at[0] < 0x80 ? 1 : at[0] < 0xC2 ? 0 : at[0] < 0xE0 ? 2 : at[0] < 0xF0 ? 3 : at[0] < 0xF5 ? 4 : 0;
    if (length > left) return 0;
    for (size_t i = 1; i < length; i++) {
        if ((at[i] & 0xC0) != 0x80) return 0;
    }
    if ((at[0] == 0xE0 && at[1] < 0xA0) || (at[0] == 0xED && at[1] > 0x9F)) return 0;
    return (at[0] == 0xF0 && at[1] < 0x90) || (at[0] == 0xF4 && at[1] > 0x8F) ? 0 : length;
}

/* A token's bytes as text: what is no character on its own (half of one) is written \xHH. */
static void token_text(const ananke_vocab *vocab, uint32_t id, char buffer[TOKEN_SIZE]) {
    size_t length = 0, used = 0;
    const uint8_t *bytes = ananke_vocab_token(vocab, id, &length);
    for (size_t at = 0; at < length && used + 5 < TOKEN_SIZE;) {
        size_t taken = bytes[at] ? utf8_length(bytes + at, length - at) : 0;
        if (taken) memcpy(buffer + used, bytes + at, taken), used += taken;
        else used += (size_t)snprintf(buffer + used, TOKEN_SIZE - used, "\\x%02X", bytes[at]);
        at += taken ? taken : 1;
    }
    buffer[used] = '\0';
}

static bool put_outcome(Replay *self, yyjson_mut_doc *doc, yyjson_mut_val *line, const Feed *feed) {
    char token[TOKEN_SIZE], expected[EXPECTED_SIZE] = "";
    if (!feed->accepted) token_text(self->vocab, feed->refused, token);
    if (!feed->complete) ananke_matcher_expected(self->matcher, expected, sizeof expected);
    return yyjson_mut_obj_add_bool(doc, line, "accepted", feed->accepted) &&
           yyjson_mut_obj_add_bool(doc, line, "complete", feed->complete) &&
           yyjson_mut_obj_add_uint(doc, line, "offset", feed->offset) &&
           (feed->accepted ? yyjson_mut_obj_add_null(doc, line, "token")
                           : yyjson_mut_obj_add_strcpy(doc, line, "token", token)) &&
           (feed->complete ? yyjson_mut_obj_add_null(doc, line, "expected")
                           : yyjson_mut_obj_add_strcpy(doc, line, "expected", expected)) &&
           yyjson_mut_obj_add_uint(doc, line, "tokens", feed->tokens);
}

static bool put_unenforced(Replay *self, yyjson_mut_doc *doc, yyjson_mut_val *line) {
    size_t count = 0;
    const ananke_unenforced *places = ananke_program_unenforced(self->program, &count);
    yyjson_mut_val *pointers = count ? yyjson_mut_obj_add_arr(doc, line, "unenforced") : NULL;
    bool built = pointers || !count;
    for (size_t i = 0; built && i < count; i++) built = yyjson_mut_arr_add_str(doc, pointers, places[i].pointer);
    return built;
}

/* The answer's line, whose first members are there already. */
static bool answer(Replay *self, const char *text, size_t length, yyjson_mut_doc *doc, yyjson_mut_val *line) {
    ananke_error *err = &self->cli->err, problem = {0};
    if (!cli_feeder_encode(&self->feeder, text, length, err)) return false;
    if (!begin(self, err)) return false;
    Samples times = {0};
    Feed feed;
    bool fed = cli_feed(&self->feeder, self->matcher, &times, &feed, &problem);
    bool done = true;
    if (!fed)
        done = problem.code == ANANKE_ERROR_LIMIT, feed.accepted = feed.complete = false, feed.refused = UINT32_MAX;
    if (!done) *err = problem;
    self->all_complete = self->all_complete && feed.complete;
    bool built = done && put_outcome(self, doc, line, &feed) &&
                 (fed || yyjson_mut_obj_add_strcpy(doc, line, "error", problem.message)) &&
                 cli_samples_put(&times, percents, doc, line, "mask_us") && put_unenforced(self, doc, line);
    cli_samples_free(&times);
    if (!done) return false;
    char *written = built ? yyjson_mut_write_opts(doc, YYJSON_WRITE_NOFLAG, NULL, NULL, NULL) : NULL;
    if (!written) return cli_fail_memory(err);
    puts(written);
    free(written);
    return cli_output_finish(err);
}

static bool replay_file(Replay *self, const char *path) {
    size_t length = 0;
    char *text = ananke_file_read(path, FILE_LIMIT, &length, &self->cli->err);
    if (!text) return false;
    yyjson_mut_doc *doc = yyjson_mut_doc_new(NULL);
    yyjson_mut_val *line = yyjson_mut_obj(doc);
    yyjson_mut_doc_set_root(doc, line);
    bool done = yyjson_mut_obj_add_str(doc, line, "file", path) ? answer(self, text, length, doc, line)
                                                                : cli_fail_memory(&self->cli->err);
    if (!done && !self->cli->err.file[0]) cli_fail_in(&self->cli->err, path);
    yyjson_mut_doc_free(doc);
    ananke_text_free(text);
    return done;
}

static bool fail_line(Replay *self, size_t number, const char *message) {
    cli_fail(&self->cli->err, ANANKE_ERROR_SYNTAX, "%s", message);
    cli_fail_in(&self->cli->err, "<standard input>");
    self->cli->err.line = (uint32_t)number, self->cli->err.column = 1;
    return cli_hint(&self->cli->err, "each line is {\"id\": ..., \"text\": \"...\"}");
}

static bool replay_line(Replay *self, char *text, size_t length, size_t number) {
    yyjson_read_err problem;
    yyjson_doc *read = yyjson_read_opts(text, length, YYJSON_READ_NOFLAG, NULL, &problem);
    yyjson_val *root = yyjson_doc_get_root(read), *id = yyjson_obj_get(root, "id"),
               *body = yyjson_obj_get(root, "text");
    bool done = false;
    if (!read) {
        fail_line(self, number, problem.msg);
        self->cli->err.column = (uint32_t)problem.pos + 1;
    } else if (!id || !yyjson_is_str(body)) {
        fail_line(self, number, id ? "the line has no string \"text\"" : "the line has no \"id\"");
    } else {
        yyjson_mut_doc *doc = yyjson_mut_doc_new(NULL);
        yyjson_mut_val *line = yyjson_mut_obj(doc);
        yyjson_mut_doc_set_root(doc, line);
        bool built = yyjson_mut_obj_add_val(doc, line, "id", yyjson_val_mut_copy(doc, id)) &&
                     yyjson_mut_obj_add_str(doc, line, "file", "-");
        done = built ? answer(self, yyjson_get_str(body), yyjson_get_len(body), doc, line)
                     : cli_fail_memory(&self->cli->err);
        yyjson_mut_doc_free(doc);
    }
    yyjson_doc_free(read);
    return done;
}

static bool replay_standard_input(Replay *self) {
    Lines lines = {.from = STDIN_FILENO};
    size_t length = 0;
    bool done = true;
    for (char *line; done && (line = cli_lines_next(&lines, &length, &self->cli->err));) {
        if (strspn(line, " \t\r") < length) done = replay_line(self, line, length, lines.number);
    }
    cli_lines_close(&lines);
    return done && self->cli->err.code == ANANKE_OK;
}

Exit cli_replay(Cli *cli) {
    Replay self = {.cli = cli, .all_complete = true};
    bool done = start(&self);
    for (size_t i = 0; done && i < cli->args.operand_count; i++) {
        const char *path = cli->args.operands[i];
        done = strcmp(path, "-") == 0 ? replay_standard_input(&self) : replay_file(&self, path);
    }
    stop(&self);
    return !done ? EXIT_FAILED : self.all_complete ? EXIT_DONE : EXIT_NO;
}
