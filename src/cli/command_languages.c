/* `ananke languages`: what the library carries, as it says itself. */
#include "cli/cli.h"
#include "cli/languages.h"
#include "cli/output.h"
#include "cli/table.h"
#include <ananke/constraints.h>
#include <ananke/language.h>
#include <string.h>

yyjson_doc *cli_languages(ananke_error *err) {
    size_t length = 0;
    char *text = ananke_languages_text(&length, err);
    if (!text) return NULL;
    yyjson_doc *doc = yyjson_read(text, length, 0);
    ananke_text_free(text);
    if (!doc) cli_fail_memory(err);
    return doc;
}

static void join_endings(yyjson_val *endings, char *buffer, size_t size) {
    size_t index, count, used = 0;
    yyjson_val *ending;
    buffer[0] = '\0';
    yyjson_arr_foreach(endings, index, count, ending) {
        if (used < size)
            used += (size_t)snprintf(buffer + used, size - used, "%s%s", index ? " " : "",
                                     yyjson_is_str(ending) ? yyjson_get_str(ending) : "?");
    }
}

/* "tree-sitter-typescript 0.23.2, 1 overlay" of the sources, the first of which is the grammar. */
static void add_sources(Table *table, yyjson_val *sources) {
    const char *grammar = yyjson_get_str(yyjson_arr_get_first(sources));
    size_t overlays = yyjson_arr_size(sources) ? yyjson_arr_size(sources) - 1 : 0;
    cli_table_add(table, "%.*s, %zu overlay%s", grammar ? (int)strcspn(grammar, ",") : 1, grammar ? grammar : "?",
                  overlays, overlays == 1 ? "" : "s");
}

static void add_packs(Table *table, yyjson_val *packs) {
    size_t index, count;
    yyjson_val *pack;
    yyjson_arr_foreach(packs, index, count, pack) {
        char endings[256];
        join_endings(yyjson_obj_get(pack, "endings"), endings, sizeof endings);
        const char *name = yyjson_get_str(yyjson_obj_get(pack, "name"));
        cli_table_add(table, "%s", name ? name : "");
        cli_table_add(table, "%llu", (unsigned long long)yyjson_get_uint(yyjson_obj_get(pack, "states")));
        cli_table_add(table, "%.1f MB", (double)yyjson_get_uint(yyjson_obj_get(pack, "bytes")) / 1e6);
        cli_table_add(table, "%s", endings);
        add_sources(table, yyjson_obj_get(pack, "sources"));
    }
}

static void print_packs(const Cli *cli, yyjson_val *list) {
    Table *table = cli_table_new("lrrll", (const char *const[]){"PACK", "STATES", "SIZE", "FILES", "MADE OF"});
    size_t index, count, packs = 0;
    yyjson_val *language;
    yyjson_arr_foreach(list, index, count, language) {
        yyjson_val *own = yyjson_obj_get(language, "packs");
        packs += yyjson_arr_size(own);
        add_packs(table, own);
    }
    if (packs) putchar('\n');
    if (packs) cli_table_print(table, &cli->terminal, stdout);
    cli_table_free(table);
}

static void print_table(const Cli *cli, yyjson_val *list) {
    Table *table = cli_table_new("llll", (const char *const[]){"LANGUAGE", "EXTRACT, CHECK", "GENERATE", "FILES"});
    size_t index, count;
    yyjson_val *language;
    yyjson_arr_foreach(list, index, count, language) {
        char endings[256];
        join_endings(yyjson_obj_get(language, "endings"), endings, sizeof endings);
        const char *name = yyjson_get_str(yyjson_obj_get(language, "name"));
        cli_table_add(table, "%s", name ? name : "");
        cli_table_add(table, "%s", yyjson_is_true(yyjson_obj_get(language, "extracts")) ? "yes" : "no");
        cli_table_add(table, "%s", yyjson_is_true(yyjson_obj_get(language, "generates")) ? "yes" : "no");
        cli_table_add(table, "%s", endings);
    }
    cli_table_print(table, &cli->terminal, stdout);
    cli_table_free(table);
}

Exit cli_languages_list(Cli *cli) {
    yyjson_doc *doc = cli_languages(&cli->err);
    if (!doc) return EXIT_FAILED;
    bool done = true;
    if (cli_has(cli, "json")) {
        yyjson_mut_doc *copy = yyjson_doc_mut_copy(doc, NULL);
        done = cli_output_json(NULL, copy, &cli->err);
        yyjson_mut_doc_free(copy);
    } else {
        print_table(cli, yyjson_doc_get_root(doc));
        print_packs(cli, yyjson_doc_get_root(doc));
    }
    yyjson_doc_free(doc);
    return done ? EXIT_DONE : EXIT_FAILED;
}
