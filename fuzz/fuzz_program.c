/* Saved programs: what was accepted can be used. The first byte chooses the program, the rest is damage to its file; with R it is a file itself. */
#include "damage.h"
#include "mask/program_file.h"
#include <ananke/matcher.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char *const grammars[] = {
    "start: (item \",\")* item\nitem: /[a-z]+/ | \"(\" start \")\" | \"[\" item* \"]\"\n%ignore / +/\n",
    "start: e\ne: e (\"+\" | \"*\") e | NAME | NUMBER | \"-\" e\n"
    "NAME: /[a-z_][a-z0-9_]*/ & ~(\"if\" | \"in\")\nNUMBER: /[0-9]+(\\.[0-9]+)?/\n%ignore /\\s+/\n",
    "start: A* B{1,3} c\nA: /(ab|a)*/ & /[ab]{0,7}/\nB: /b+a?/\nc: \"\" | start | A A\n",
    "start: /[a-z]{2,5}/\n",
    "start: %json {\"properties\": {\"a\": {\"type\": \"null\"}, \"b\": {\"type\": \"null\"}, \"c\": {\"const\": {\"d\": [1], \"e\": 2}}}, \"required\": [\"b\"], "
    "\"minProperties\": 2, \"additionalProperties\": {\"type\": \"null\"}, \"type\": \"object\", \"x-guidance\": {\"any_order\": true}}\n",
};

/* Twelve tokens far at the most: the first allowed ones behind one that differs from step to step. */
static void use(const ananke_program *program) {
    uint32_t row[9];
    uint8_t text[64];
    ananke_matcher *matcher = ananke_matcher_new(program, NULL);
    for (uint32_t step = 0; matcher && step < 12 && ananke_matcher_fill_mask(matcher, row, 9, NULL); step++) {
        uint32_t token = step * 37 % 256, tries = 0;
        while (tries < 256 && !(row[token / 32] >> token % 32 & 1)) token = (token + 1) % 256, tries++;
        if (tries == 256 || !ananke_matcher_consume(matcher, token, NULL)) break;
        ananke_matcher_is_accepting(matcher);
        ananke_matcher_expected(matcher, (char *)text, sizeof text);
        ananke_matcher_forced(matcher, text, sizeof text);
    }
    if (matcher) ananke_matcher_completion(matcher, text, sizeof text);
    ananke_matcher_free(matcher);
}

static Str damaged(uint8_t which, const ananke_vocab *vocab, Str list, Arena *arena) {
    const char *grammar = grammars[which % (sizeof grammars / sizeof *grammars)];
    ananke_program *program = ananke_program_from_lark(grammar, strlen(grammar), vocab, NULL, NULL);
    if (!program) abort();
    size_t count;
    const Section *sections = ak_program_file_sections(&count);
    Str content = ak_program_file_content(program, arena, NULL);
    ananke_program_free(program);
    return damage_sections(&ak_program_file_format, sections, count, content, list, arena);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    static const ananke_context context = {.memory_limit = 64 << 20};
    if (size == 0) return 0;
    Arena arena = ak_arena(NULL);
    ananke_vocab *vocab = ananke_vocab_load("bytes", NULL, NULL);
    Str rest = {(const char *)data + 1, size - 1};
    Str content = data[0] == 'R' ? ak_arena_str(&arena, rest) : damaged(data[0], vocab, rest, &arena);
    ananke_error err = {0};
    ananke_program *program = ak_program_file_read(content, "input", vocab, &context, &err);
    if (program) use(program);
    else assert(err.code != ANANKE_OK && err.message[0]);
    ananke_program_free(program);
    ananke_vocab_free(vocab);
    ak_arena_free(&arena);
    return 0;
}
