/* Stands in for libFuzzer under any compiler: feeds the target every file below the folders it is given, and after each whole file some of
 * its truncations and single-bit changes, chosen by a fixed generator so that two runs do the same.
 *
 * A missing folder counts as empty; the empty input is always fed. A crash, a sanitizer's report or an assert ends the program: nothing else
 * is judged here. */
#include <dirent.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { CHANGES = 64 };

static uint64_t next(uint64_t *state) { /* xorshift64* */
    *state ^= *state >> 12;
    *state ^= *state << 25;
    *state ^= *state >> 27;
    return *state * UINT64_C(2685821657736338717);
}

/* A copy of exactly `size` bytes on the heap, so that a sanitizer sees a read behind the end. */
static void feed(const uint8_t *data, size_t size, size_t flip, int bit) {
    uint8_t *copy = malloc(size ? size : 1);
    if (!copy) return;
    if (size) memcpy(copy, data, size);
    if (flip < size) copy[flip] ^= (uint8_t)(1u << bit);
    LLVMFuzzerTestOneInput(copy, size);
    free(copy);
}

static void feed_variants(const uint8_t *data, size_t size) {
    uint64_t state = UINT64_C(0x9e3779b97f4a7c15) ^ size;
    feed(data, size, SIZE_MAX, 0);
    for (int i = 0; i < CHANGES && size > 0; i++) {
        feed(data, (size_t)(next(&state) % size), SIZE_MAX, 0);
        feed(data, size, (size_t)(next(&state) % size), (int)(next(&state) % 8));
    }
}

static uint8_t *read_file(const char *path, size_t *size) {
    FILE *file = fopen(path, "rb");
    if (!file) return NULL;
    uint8_t *data = NULL;
    if (fseek(file, 0, SEEK_END) == 0) {
        long length = ftell(file);
        rewind(file);
        data = length < 0 ? NULL : malloc((size_t)length + 1);
        *size = data ? fread(data, 1, (size_t)length, file) : 0;
    }
    fclose(file);
    return data;
}

static int by_name(const struct dirent **a, const struct dirent **b) {
    return strcmp((*a)->d_name, (*b)->d_name);
}

static size_t feed_folder(const char *folder) {
    struct dirent **entries = NULL;
    int count = scandir(folder, &entries, NULL, by_name);
    size_t fed = 0;
    for (int i = 0; i < count; i++) {
        char path[4096];
        int length = snprintf(path, sizeof path, "%s/%s", folder, entries[i]->d_name);
        size_t size = 0;
        uint8_t *data = NULL;
        if (entries[i]->d_name[0] != '.' && length > 0 && (size_t)length < sizeof path) data = read_file(path, &size);
        if (data) {
            feed_variants(data, size);
            fed++;
        }
        free(data);
        free(entries[i]);
    }
    free(entries);
    return fed;
}

int main(int count, char **arguments) {
    size_t fed = 0;
    feed((const uint8_t *)"", 0, SIZE_MAX, 0);
    for (int i = 1; i < count; i++) fed += feed_folder(arguments[i]);
    printf("%zu inputs, each with up to %d variants\n", fed, 2 * CHANGES);
    return 0;
}
