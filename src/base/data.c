/* Embedded data: binary search in the sorted table. */
#include "base/data.h"

size_t ak_data_first(const char *prefix) {
    size_t low = 0, high = ak_data_file_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (strcmp(ak_data_files[middle].path, prefix) < 0) low = middle + 1;
        else high = middle;
    }
    return low;
}

Str ak_data(const char *path) {
    size_t at = ak_data_first(path);
    if (at == ak_data_file_count || strcmp(ak_data_files[at].path, path) != 0) return (Str){0};
    return (Str){ak_data_files[at].data, ak_data_files[at].length};
}
