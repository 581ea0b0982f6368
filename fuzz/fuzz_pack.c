/* Language packs: what was accepted can be read with. The first byte chooses the language, the rest is damage to its pack; with R it is a file itself. */
#include "damage.h"
#include "syntax/overlay.h"
#include "syntax/pack.h"
#include "syntax/reader.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char *const overlays[] = {
    "s = a b | s a\na = \"x\" | \"y\" s \"z\"\nb = a | /[0-9]+/\n",
    "%word name\n%reserved if else\n%spelled key\n%extras blank newline\n%newlines newline\n%inserted semicolon\n%closing \"}\"\n%greedy \"[\"\n%spaces blank newline\n%fragments call type\n%fence script\n"
    "program = statement*\nstatement = call (semicolon | \";\") | \"{\" statement* \"}\" | \"if\" call statement | \"type\"^ type (semicolon | \";\")\n"
    "call = name -> caller | call \".\" member:(name -> key) | call \"(\" call? \")\" | regex | %left(2: call \"/\" call) | call \"[\" call \"]\"\n"
    "type = name | name \"<\" type \">\" | type ^\"[\" \"]\"\n"
    "regex = /\\/[a-z]+\\//\nname = /[a-z]+/\nblank = / +/\nnewline = /\\n\\s*/\n",
    "%raw text\n%fragments e\ns = e\ne = e \"+\" e | e \"++\" e | \"<\" text \">\" | \"<\" text e \">\" | \"a\"\ntext = /[^<>]+/\n",
};

static void use(const Pack *pack) {
    static const ananke_context context = {.memory_limit = 64 << 20};
    Arena arena = ak_arena(&context);
    Reader reader;
    if (ak_reader_init(&reader, &arena, &pack->syntax, &pack->tables)) {
        Reading reading = ak_reader_start(&reader, pack->tables.start_count - 1);
        for (uint32_t step = 0; reading.site && step < 24; step++) {
            Reading next = {0};
            for (uint32_t tries = 0; tries < 128 && !next.site; tries++)
                next = ak_reader_step(&reader, reading, (uint8_t)((step * 37 + tries) % 128));
            ak_reader_may_end(&reader, reading);
            reading = next;
        }
    }
    ak_arena_free(&arena);
}

static Str damaged(uint8_t which, Str list, Arena *arena) {
    static const PackAbout about = {.name = {"language", 8}};
    Rulebook book;
    Syntax syntax;
    LrTables tables;
    ak_rulebook_init(&book, arena);
    if (!ak_overlay_apply(&book, ak_str(overlays[which % (sizeof overlays / sizeof *overlays)]), NULL, NULL) ||
        !ak_syntax_init(&syntax, arena, &book, NULL) || !ak_lr_init(&tables, arena, &syntax, NULL))
        abort();
    size_t count;
    const Section *sections = ak_pack_sections(&count);
    Str content = ak_pack_content(&about, &syntax, &tables, arena, NULL);
    return damage_sections(&ak_pack_format, sections, count, content, list, arena);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    static const ananke_context context = {.memory_limit = 64 << 20};
    if (size == 0) return 0;
    Arena arena = ak_arena(NULL);
    Str rest = {(const char *)data + 1, size - 1};
    Str content = data[0] == 'R' ? ak_arena_str(&arena, rest) : damaged(data[0], rest, &arena);
    ananke_error err = {0};
    Pack *pack = ak_pack_read(content, "input", &context, &err);
    if (pack) use(pack);
    else assert(err.code != ANANKE_OK && err.message[0]);
    ak_pack_close(pack);
    ak_arena_free(&arena);
    return 0;
}
