/* The model folder: which models are known, where they lie, and how they get there. */
#ifndef ANANKE_MODEL_STORE_H
#define ANANKE_MODEL_STORE_H

#include <ananke/context.h>
#include <ananke/error.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct ananke_model_info {
    const char *name;    /* "smollm2-135m-instruct" */
    const char *file;    /* its file name in the folder */
    const char *sha256;  /* 64 hex digits */
    const char *licence; /* SPDX */
    const char *origin;  /* where pull takes it from, for people */
    uint64_t bytes;
    bool is_default;
} ananke_model_info;

/* The known models: static table; index 0 … count-1. */
ANANKE_API size_t ananke_model_store_count(void);
ANANKE_API const ananke_model_info *ananke_model_store_get(size_t index);

/* The model folder: $ANANKE_MODEL_DIR, else $XDG_DATA_HOME/ananke/models, else ~/.local/share/ananke/models. Written as snprintf does; returns
 * the whole length, 0 when no home is known. */
ANANKE_API size_t ananke_model_store_folder(char *buffer, size_t size);
/* The path of a model (NULL: the default one), whether it is there or not. False when the name is not known. */
ANANKE_API bool ananke_model_store_path(const char *name, char *buffer, size_t size, ananke_error *err);
/* Is it there, whole and unchanged? Reads the file and compares its SHA-256. */
ANANKE_API bool ananke_model_store_verify(const char *name, const ananke_context *context, ananke_error *err);
/* Fetches a model into the folder, verified before it is renamed into place. Does nothing when it is already there and verifies. */
ANANKE_API bool ananke_model_store_pull(const char *name, const ananke_context *context, ananke_error *err);

#ifdef __cplusplus
}
#endif
#endif
