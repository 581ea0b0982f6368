/* `ananke doctor`: a row per thing that the other commands need, and how to mend what is not well. */
#include "cli/cli.h"
#include "cli/languages.h"
#include "cli/model.h"
#include "cli/output.h"
#include "cli/table.h"
#include <ananke/ir.h>
#include <ananke/matcher.h>
#include <ananke/version.h>
#include <stdarg.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { FINDINGS_MAX = 16, PATH_SIZE = 4096 };

typedef struct Finding {
    const char *subject;
    bool is_well;
    char detail[512];
    char mend[256]; /* "" when there is nothing to mend */
} Finding;

typedef struct Doctor {
    Cli *cli;
    Finding findings[FINDINGS_MAX];
    size_t count;
} Doctor;

ANANKE_PRINTF(4, 5) static Finding *find(Doctor *self, const char *subject, bool is_well, const char *format, ...) {
    Finding *finding = &self->findings[self->count < FINDINGS_MAX ? self->count++ : FINDINGS_MAX - 1];
    *finding = (Finding){.subject = subject, .is_well = is_well};
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(finding->detail, sizeof finding->detail, format, arguments);
    va_end(arguments);
    return finding;
}

static void find_error(Doctor *self, const char *subject, const ananke_error *err) {
    Finding *finding = find(self, subject, false, "%s%s%s", err->file, err->file[0] ? ": " : "", err->message);
    snprintf(finding->mend, sizeof finding->mend, "%s", err->hint);
}

/* The processor features that the mask engine and the model runtime gain from. */
static void find_processor(Doctor *self) {
    char features[256] = "";
    size_t used = 0;
#define FEATURE(name) \
    if (__builtin_cpu_supports(name)) used += (size_t)snprintf(features + used, sizeof features - used, " %s", name)
#if defined(__x86_64__)
    FEATURE("sse4.2");
    FEATURE("avx");
    FEATURE("avx2");
    FEATURE("fma");
    FEATURE("bmi2");
    FEATURE("avx512f");
    FEATURE("avx512vnni");
#endif
#undef FEATURE
    long processors = sysconf(_SC_NPROCESSORS_ONLN), pages = sysconf(_SC_PHYS_PAGES), page = sysconf(_SC_PAGESIZE);
    find(self, "processor", true, "%ld processors, %.1f GB memory%s%s", processors, (double)pages * (double)page / 1e9,
         used ? ";" : "", features);
}

/* The folder itself when it is there, else the first parent that is: a folder can be made where that one can be written. */
static bool can_be_written(const char *folder) {
    char path[PATH_SIZE];
    snprintf(path, sizeof path, "%s", folder);
    struct stat info;
    while (stat(path, &info) != 0) {
        char *slash = strrchr(path, '/');
        if (!slash || slash == path) return false;
        *slash = '\0';
    }
    return S_ISDIR(info.st_mode) && access(path, W_OK) == 0;
}

static void find_model_folder(Doctor *self) {
    char folder[PATH_SIZE];
    if (!ananke_model_store_folder(folder, sizeof folder)) {
        Finding *finding = find(self, "model folder", false, "unknown: neither ANANKE_MODEL_DIR nor HOME is set");
        snprintf(finding->mend, sizeof finding->mend, "set ANANKE_MODEL_DIR to a folder for models");
        return;
    }
    bool writable = can_be_written(folder);
    Finding *finding = find(self, "model folder", writable, "%.400s%s", folder, writable ? "" : " cannot be written");
    if (!writable) snprintf(finding->mend, sizeof finding->mend, "set ANANKE_MODEL_DIR to a folder that you may write");
}

static void find_model(Doctor *self) {
    for (size_t i = 0; i < ananke_model_store_count(); i++) {
        const ananke_model_info *model = ananke_model_store_get(i);
        if (!model->is_default) continue;
        ananke_error err = {0};
        if (!cli_model_is_here(model)) {
            Finding *finding = find(self, "default model", false, "%s is not in the model folder", model->name);
            snprintf(finding->mend, sizeof finding->mend, "ananke model pull");
        } else if (ananke_model_store_verify(model->name, &self->cli->context, &err)) {
            find(self, "default model", true, "%s, whole and unchanged", model->name);
        } else {
            find_error(self, "default model", &err);
        }
    }
}

static void find_languages(Doctor *self) {
    ananke_error err = {0};
    yyjson_doc *doc = cli_languages(&err);
    char list[400] = "";
    size_t used = 0, index, count;
    yyjson_val *language;
    yyjson_arr_foreach(yyjson_doc_get_root(doc), index, count, language) {
        const char *name = yyjson_get_str(yyjson_obj_get(language, "name"));
        if (used < sizeof list)
            used += (size_t)snprintf(list + used, sizeof list - used, "%s%s", index ? ", " : "", name ? name : "?");
    }
    if (!doc) find_error(self, "languages", &err);
    else find(self, "languages", used > 0, "%s", used ? list : "no language data is built in");
    yyjson_doc_free(doc);
}

/* The smallest thing that goes through the whole engine: a grammar, the byte vocabulary, one mask. */
static void find_engine(Doctor *self) {
    static const char grammar[] = "start: \"a\"\n";
    ananke_error err = {0};
    uint32_t row[16] = {0};
    ananke_vocab *vocab = ananke_vocab_load("bytes", NULL, &err);
    ananke_program *program = vocab ? ananke_program_from_lark(grammar, strlen(grammar), vocab, NULL, &err) : NULL;
    ananke_matcher *matcher = program ? ananke_matcher_new(program, &err) : NULL;
    bool made = matcher && ananke_matcher_fill_mask(matcher, row, sizeof row / sizeof *row, &err);
    uint32_t others = row['a' / 32] & ~(1U << 'a' % 32);
    for (size_t i = 0; i < sizeof row / sizeof *row; i++) others |= i == 'a' / 32 ? 0 : row[i];
    if (!made) find_error(self, "mask engine", &err);
    else if (row['a' / 32] >> ('a' % 32) & 1 && !others) find(self, "mask engine", true, "answers");
    else find(self, "mask engine", false, "gives a wrong mask");
    ananke_matcher_free(matcher);
    ananke_program_free(program);
    ananke_vocab_free(vocab);
}

static void print_table(const Doctor *self) {
    const Terminal *terminal = &self->cli->terminal;
    Table *table = cli_table_new("lll", NULL);
    for (size_t i = 0; i < self->count; i++) {
        const Finding *finding = &self->findings[i];
        cli_table_add_styled(table, finding->is_well ? STYLE_GOOD : STYLE_BAD, "%s",
                             finding->is_well ? "ok" : "missing");
        cli_table_add(table, "%s", finding->subject);
        if (finding->mend[0]) cli_table_add(table, "%s; mend it with: %s", finding->detail, finding->mend);
        else cli_table_add(table, "%s", finding->detail);
    }
    cli_table_print(table, terminal, stdout);
    cli_table_free(table);
}

static bool print_json(Doctor *self) {
    yyjson_mut_doc *doc = yyjson_mut_doc_new(NULL);
    yyjson_mut_val *root = yyjson_mut_obj(doc);
    yyjson_mut_doc_set_root(doc, root);
    bool built = yyjson_mut_obj_add_str(doc, root, "version", ANANKE_VERSION), all_well = true;
    yyjson_mut_val *list = yyjson_mut_obj_add_arr(doc, root, "findings");
    for (size_t i = 0; built && i < self->count; i++) {
        const Finding *finding = &self->findings[i];
        yyjson_mut_val *object = yyjson_mut_arr_add_obj(doc, list);
        built = yyjson_mut_obj_add_str(doc, object, "subject", finding->subject) &&
                yyjson_mut_obj_add_bool(doc, object, "ok", finding->is_well) &&
                yyjson_mut_obj_add_str(doc, object, "detail", finding->detail) &&
                yyjson_mut_obj_add_str(doc, object, "mend", finding->mend);
        all_well = all_well && finding->is_well;
    }
    built = built && yyjson_mut_obj_add_bool(doc, root, "ok", all_well);
    bool done = built ? cli_output_json(NULL, doc, &self->cli->err) : cli_fail_memory(&self->cli->err);
    yyjson_mut_doc_free(doc);
    return done;
}

Exit cli_doctor(Cli *cli) {
    Doctor self = {.cli = cli};
    find(&self, "version", true, "ananke %s, library %s", ANANKE_VERSION, ananke_version());
    find_processor(&self);
    find_model_folder(&self);
    find_model(&self);
    find_languages(&self);
    find_engine(&self);
    cli_progress_clear(&cli->terminal);
    if (!cli_has(cli, "json")) print_table(&self);
    else if (!print_json(&self)) return EXIT_FAILED;
    for (size_t i = 0; i < self.count; i++) {
        if (!self.findings[i].is_well) return EXIT_NO;
    }
    return EXIT_DONE;
}
