/* Reads files by a language pack, as far as they can be read: reading PACK <PATHS. PACK is the name of a built-in pack, or a file; PATHS are lines.
 *
 * Writes a line for each path: the path, a tab, and where its text was refused: the offset of a byte, the text's length when something is missing
 * at its end, and -1 for what is accepted. What it all took goes to standard error. */
#include "base/file.h"
#include "language/registry.h"
#include "syntax/pack.h"
#include "syntax/reader.h"
#include <stdio.h>
#include <time.h>

typedef struct Totals {
    size_t files, accepted, bytes;
    double ms;
} Totals;

static double now_ms(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec * 1e3 + (double)time.tv_nsec / 1e6;
}

/* A reader that has learnt much begins anew. */
static bool is_full(const Reader *reader) {
    return reader->stacks.arena->used > 256u << 20;
}

static long read_text(Reader *reader, Str text) {
    Reading reading = ak_reader_start(reader, FRAGMENT_FILE);
    for (size_t i = 0; i < text.length; i++) {
        reading = ak_reader_step(reader, reading, (uint8_t)text.data[i]);
        if (!reading.site) return (long)i;
    }
    return ak_reader_may_end(reader, reading) ? -1 : (long)text.length;
}

static void read_path(Reader *reader, const char *path, Totals *totals) {
    Arena arena = ak_arena(NULL);
    ananke_error err = {0};
    Str text = ak_file_read(&arena, path, 0, &err);
    double start = now_ms();
    long refused = text.data ? read_text(reader, text) : 0;
    totals->ms += now_ms() - start;
    totals->files++, totals->accepted += refused < 0, totals->bytes += text.length;
    printf("%s\t%ld\n", path, refused);
    ak_arena_free(&arena);
}

static int read_all(const Pack *pack) {
    Totals totals = {0};
    Arena arena = ak_arena(NULL);
    Reader reader;
    char path[4096];
    bool is_good = ak_reader_init(&reader, &arena, &pack->syntax, &pack->tables);
    while (is_good && fgets(path, sizeof path, stdin)) {
        path[strcspn(path, "\n")] = '\0';
        if (path[0]) read_path(&reader, path, &totals);
        if (!is_full(&reader)) continue;
        ak_arena_free(&arena);
        arena = ak_arena(NULL);
        is_good = ak_reader_init(&reader, &arena, &pack->syntax, &pack->tables);
    }
    ak_arena_free(&arena);
    if (!is_good) return fputs("reading: error: out of memory\n", stderr), 1;
    fprintf(stderr, "%.*s: %zu of %zu files accepted, %.2f MB, %.1f MB/s\n", STR_ARGS(pack->about.name),
            totals.accepted, totals.files, (double)totals.bytes / 1e6,
            (double)totals.bytes / 1e3 / (totals.ms > 0 ? totals.ms : 1));
    return 0;
}

int main(int count, char **arguments) {
    if (count != 2) return fputs("usage: reading PACK <PATHS\n", stderr), 2;
    ananke_error err = {0};
    Str content = ak_registry_pack(ak_str(arguments[1]));
    double start = now_ms();
    Pack *pack =
        content.data ? ak_pack_read(content, arguments[1], NULL, &err) : ak_pack_open(arguments[1], NULL, &err);
    if (!pack) return fprintf(stderr, "reading: error: %s\n", err.message), 1;
    fprintf(stderr, "%.*s: opened in %.2f ms\n", STR_ARGS(pack->about.name), now_ms() - start);
    int status = read_all(pack);
    ak_pack_close(pack);
    return status;
}
