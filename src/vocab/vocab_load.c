/* Loading a vocabulary: tells the kind of a file by its content and hands it to its loader.
 *
 * GGUF files may be many gigabytes and are mapped, cached vocabularies are mapped and stay so; the others are read whole, up to a limit no tokenizer
 * comes near. A folder stands for the
 * tokenizer.json in it. Beside a tokenizer.json lie the files that name its end-of-text tokens: they are read when they are there. */
#include "base/buf.h"
#include "base/file.h"
#include "vocab/tokenizer.h"
#include "vocab/vocab_file.h"
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

enum { LARGEST_FILE = 512 << 20, LARGEST_CONFIG = 64 << 20 };

static ananke_vocab *load_bytes(const ananke_context *context, ananke_error *err) {
    uint8_t values[256];
    const uint8_t *bytes[257];
    size_t lengths[257];
    for (size_t i = 0; i < 256; i++) values[i] = (uint8_t)i, bytes[i] = &values[i], lengths[i] = 1;
    bytes[256] = NULL, lengths[256] = 0;
    ananke_vocab *vocab = ananke_vocab_from_tokens(bytes, lengths, 257, (const uint32_t[]){256}, 1, context, err);
    if (vocab) vocab->kind = "bytes";
    return vocab;
}

/* Is the first line `BASE64 RANK`? */
static bool is_tiktoken(Str content) {
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/=";
    Str line = ak_str_slice(content, 0, ak_str_find_byte(content, '\n', 0));
    size_t space = ak_str_find_byte(line, ' ', 0);
    if (space == SIZE_MAX || space == 0 || space + 1 == line.length) return false;
    for (size_t i = 0; i < space; i++) {
        if (!memchr(digits, line.data[i], sizeof digits - 1)) return false;
    }
    return line.data[space + 1] >= '0' && line.data[space + 1] <= '9';
}

ananke_vocab *ak_vocab_load_memory(Str content, const TokenizerBeside *beside, const char *file,
                                   const ananke_context *context, ananke_error *err) {
    if (ak_str_starts(content, STR("GGUF"))) return ak_tokenizer_gguf(content, file, context, err);
    if (ak_vocab_file_is(content)) return ak_vocab_file_read(content, file, context, err);
    if (ak_str_starts(ak_str_trim(content), STR("{"))) return ak_tokenizer_json(content, beside, file, context, err);
    if (is_tiktoken(content)) return ak_tokenizer_tiktoken(content, file, context, err);
    if (ak_str_starts(content, STR("\n"))) return ak_tokenizer_sentencepiece(content, file, context, err);
    ak_fail(err, ANANKE_ERROR_UNSUPPORTED, "is neither a tokenizer.json nor tiktoken, GGUF or SentencePiece");
    return ak_fail_in(err, file), NULL;
}

/* The file `name` in the folder of `path`; empty when there is none. */
static bool read_beside(Arena *arena, const char *path, const char *name, Str *content, ananke_error *err) {
    const char *slash = strrchr(path, '/');
    Str other = ak_arena_format(arena, "%.*s%s", slash ? (int)(slash + 1 - path) : 0, path, name);
    struct stat info;
    if (!other.data) return ak_fail_memory(err, arena);
    if (stat(other.data, &info) != 0) return true;
    *content = ak_file_read(arena, other.data, LARGEST_CONFIG, err);
    return content->data != NULL;
}

static ananke_vocab *load_text(Arena *arena, const char *path, const ananke_context *context, ananke_error *err) {
    TokenizerBeside beside = {0};
    Str content = ak_file_read(arena, path, LARGEST_FILE, err);
    if (!content.data) return NULL;
    if (ak_str_starts(ak_str_trim(content), STR("{"))) {
        bool done = read_beside(arena, path, "tokenizer_config.json", &beside.tokenizer_config, err) &&
                    read_beside(arena, path, "generation_config.json", &beside.generation_config, err) &&
                    read_beside(arena, path, "config.json", &beside.config, err);
        if (!done) return NULL;
    }
    return ak_vocab_load_memory(content, &beside, path, context, err);
}

/* The first bytes of a file; fewer when it has no more, none when it cannot be read. */
static Str read_start(const char *path, char *bytes, size_t size) {
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    ssize_t length = fd < 0 ? 0 : read(fd, bytes, size);
    if (fd >= 0) close(fd);
    return (Str){bytes, length > 0 ? (size_t)length : 0};
}

static ananke_vocab *load_gguf(const char *path, const ananke_context *context, ananke_error *err) {
    FileMap map = {0};
    if (!ak_file_map(&map, path, err)) return NULL;
    ananke_vocab *vocab = ak_tokenizer_gguf(map.content, path, context, err);
    ak_file_unmap(&map);
    return vocab;
}

static ananke_vocab *load_file(Arena *arena, const char *path, const ananke_context *context, ananke_error *err) {
    struct stat info;
    if (stat(path, &info) == 0 && S_ISDIR(info.st_mode)) {
        path = ak_arena_format(arena, "%s/tokenizer.json", path).data;
        if (!path) return ak_fail_memory(err, arena), NULL;
    }
    char bytes[8];
    Str start = read_start(path, bytes, sizeof bytes);
    if (ak_str_starts(start, STR("GGUF"))) return load_gguf(path, context, err);
    if (ak_vocab_file_is(start)) return ak_vocab_file_map(path, context, err);
    return load_text(arena, path, context, err);
}

ananke_vocab *ananke_vocab_load(const char *path, const ananke_context *context, ananke_error *err) {
    if (strcmp(path, "bytes") == 0) return load_bytes(context, err);
    Arena arena = ak_arena(context);
    ananke_vocab *vocab = load_file(&arena, path, context, err);
    ak_arena_free(&arena);
    return vocab;
}

ananke_vocab *ananke_vocab_parse(const char *text, size_t length, const ananke_context *context, ananke_error *err) {
    return ak_vocab_load_memory((Str){text, length}, &(TokenizerBeside){0}, NULL, context, err);
}
