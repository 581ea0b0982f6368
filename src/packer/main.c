/* Makes one language pack, when the library is built: packer LANGUAGES PARSERS LANGUAGE NAME FILE
 *
 * LANGUAGES/LANGUAGE/language.json says what the pack NAME is made of: the grammar of a package in PARSERS, and overlays. It is read back before it is
 * written. */
#include "base/data.h"
#include "base/json.h"
#include "syntax/overlay.h"
#include "syntax/pack.h"
#include "syntax/rule_json.h"
#include <inttypes.h>
#include <stdio.h>

/* The library's own table is made of what this program writes. */
const DataFile ak_pack_files[] = {{NULL, NULL, 0}};
const size_t ak_pack_file_count = 0;

typedef struct Packer {
    Arena arena;
    const char *languages, *parsers, *language, *name;
    Rulebook book;
    VEC(Str) sources;
    VEC(Str) endings;
    ananke_error err;
} Packer;

/* The file's text, which becomes one of the sources under a name that is the same on all machines. */
static Str read_source(Packer *self, const char *path, const char *called) {
    Str text = ak_file_read(&self->arena, path, 0, &self->err);
    if (!text.data) return text;
    Str line = ak_arena_format(&self->arena, "%s, XXH3 %016" PRIx64, called, ak_str_hash(text));
    return line.data && ak_vec_push(&self->arena, &self->sources, line) ? text : (Str){0};
}

static bool read_grammar(Packer *self, yyjson_val *pack) {
    const char *package = yyjson_get_str(yyjson_obj_get(pack, "package")),
               *file = yyjson_get_str(yyjson_obj_get(pack, "grammar"));
    if (!package || !file) return ak_fail(&self->err, ANANKE_ERROR_SYNTAX, "a pack has a package and a grammar");
    Str about = ak_arena_format(&self->arena, "%s/%s/package.json", self->parsers, package);
    Str text = about.data ? ak_file_read(&self->arena, about.data, 0, &self->err) : (Str){0};
    yyjson_doc *doc = text.data ? ak_json_parse(&self->arena, text, about.data, &self->err) : NULL;
    const char *version = doc ? yyjson_get_str(yyjson_obj_get(yyjson_doc_get_root(doc), "version")) : NULL;
    if (!version) return false;
    Str path = ak_arena_format(&self->arena, "%s/%s/%s", self->parsers, package, file);
    Str called = ak_arena_format(&self->arena, "%s %s, %s", package, version, file);
    Str grammar = called.data ? read_source(self, path.data, called.data) : (Str){0};
    return grammar.data && ak_rule_json_read(&self->book, grammar, path.data, &self->err);
}

static bool apply_overlays(Packer *self, yyjson_val *overlays) {
    size_t i, count;
    yyjson_val *item;
    yyjson_arr_foreach(overlays, i, count, item) {
        const char *file = yyjson_get_str(item);
        Str called = ak_arena_format(&self->arena, "languages/%s", file ? file : "");
        Str path = ak_arena_format(&self->arena, "%s/%s", self->languages, file ? file : "");
        Str text = path.data ? read_source(self, path.data, called.data) : (Str){0};
        if (!text.data || !ak_overlay_apply(&self->book, text, path.data, &self->err)) return false;
    }
    return true;
}

static bool read_endings(Packer *self, yyjson_val *endings) {
    size_t i, count;
    yyjson_val *item;
    yyjson_arr_foreach(endings, i, count, item) {
        if (!ak_vec_push(&self->arena, &self->endings, ak_json_str(item))) return false;
    }
    return true;
}

static bool read_recipe(Packer *self) {
    Str path = ak_arena_format(&self->arena, "%s/%s/language.json", self->languages, self->language);
    Str text = ak_file_read(&self->arena, path.data, 0, &self->err);
    yyjson_doc *doc = text.data ? ak_json_parse(&self->arena, text, path.data, &self->err) : NULL;
    size_t i, count;
    yyjson_val *grammar;
    if (!doc) return false;
    yyjson_arr_foreach(yyjson_obj_get(yyjson_doc_get_root(doc), "grammars"), i, count, grammar) {
        yyjson_val *pack = yyjson_obj_get(grammar, "pack");
        if (!pack || !ak_str_equal(ak_json_str(yyjson_obj_get(grammar, "name")), ak_str(self->name))) continue;
        return read_endings(self, yyjson_obj_get(grammar, "extensions")) && read_grammar(self, pack) &&
               apply_overlays(self, yyjson_obj_get(pack, "overlays"));
    }
    return ak_fail(&self->err, ANANKE_ERROR_USAGE, "%s has no pack %s", path.data, self->name);
}

static bool make(Packer *self, const char *file) {
    Syntax syntax;
    LrTables tables;
    if (!read_recipe(self) || !ak_syntax_init(&syntax, &self->arena, &self->book, &self->err) ||
        !ak_lr_init(&tables, &self->arena, &syntax, &self->err))
        return false;
    const PackAbout about = {.name = ak_str(self->name),
                             .endings = self->endings.items,
                             .sources = self->sources.items,
                             .ending_count = (uint32_t)self->endings.count,
                             .source_count = (uint32_t)self->sources.count};
    Str content = ak_pack_content(&about, &syntax, &tables, &self->arena, &self->err);
    Pack *back = content.data ? ak_pack_read(content, self->name, NULL, &self->err) : NULL;
    bool is_done = back && ak_file_write(file, content, &self->err);
    ak_pack_close(back);
    return is_done;
}

int main(int count, char **arguments) {
    if (count != 6) return fputs("usage: packer LANGUAGES PARSERS LANGUAGE NAME FILE\n", stderr), 2;
    Packer self = {.arena = ak_arena(NULL),
                   .languages = arguments[1],
                   .parsers = arguments[2],
                   .language = arguments[3],
                   .name = arguments[4]};
    ak_rulebook_init(&self.book, &self.arena);
    bool is_done = make(&self, arguments[5]);
    if (!is_done && ak_arena_ok(&self.arena))
        fprintf(stderr, "packer: %s: error: %s\n", self.err.file[0] ? self.err.file : self.name, self.err.message);
    else if (!is_done) fputs("packer: error: out of memory\n", stderr);
    ak_arena_free(&self.arena);
    return is_done ? 0 : 1;
}
