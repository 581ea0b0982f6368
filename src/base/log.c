/* Logging: makes records and shows them as text or JSON lines. The JSON strings are written by yyjson, on a fixed pool: a record never allocates. */
#include "base/log.h"
#include <stdarg.h>
#include <stdio.h>
#include <time.h>
#include <yyjson.h>

static const char *const level_names[] = {"off", "error", "warning", "info", "debug"};

void ak_log(const ananke_context *context, ananke_log_level level, const char *room, const char *fields,
            const char *format, ...) {
    if (!ak_logs(context, level)) return;
    char message[1024];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(message, sizeof message, format, arguments);
    va_end(arguments);
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    context->log(context->log_data, &(ananke_log_record){
                                        .level = level,
                                        .room = room,
                                        .message = message,
                                        .fields = fields ? fields : "{}",
                                        .trace_id = context->trace_id ? context->trace_id : "",
                                        .time_us = (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000,
                                    });
}

void ak_progress(const ananke_context *context, const char *stage, uint64_t done, uint64_t total) {
    if (context && context->progress) context->progress(context->progress_data, &(ananke_progress){stage, done, total});
}

static size_t format_json(const ananke_log_record *record, const char *level, char *buffer, size_t size) {
    char pool[8192];
    yyjson_alc alc;
    if (!yyjson_alc_pool_init(&alc, pool, sizeof pool)) return 0;
    yyjson_mut_doc *doc = yyjson_mut_doc_new(&alc);
    yyjson_mut_val *root = doc ? yyjson_mut_obj(doc) : NULL;
    if (!root) return 0;
    yyjson_mut_doc_set_root(doc, root);
    yyjson_mut_obj_add_int(doc, root, "time_us", record->time_us);
    yyjson_mut_obj_add_str(doc, root, "level", level);
    yyjson_mut_obj_add_str(doc, root, "room", record->room);
    if (record->trace_id[0]) yyjson_mut_obj_add_str(doc, root, "trace_id", record->trace_id);
    yyjson_mut_obj_add_str(doc, root, "message", record->message);
    yyjson_mut_val *fields = yyjson_mut_raw(doc, record->fields);
    if (fields) yyjson_mut_obj_add_val(doc, root, "fields", fields);
    size_t length = 0;
    char *text = yyjson_mut_write_opts(doc, YYJSON_WRITE_ALLOW_INVALID_UNICODE, &alc, &length, NULL);
    return text ? (size_t)snprintf(buffer, size, "%s", text) : 0;
}

size_t ananke_log_format(const ananke_log_record *record, bool json, char *buffer, size_t size) {
    const char *level =
        (size_t)record->level < sizeof level_names / sizeof *level_names ? level_names[record->level] : "unknown";
    if (json) return format_json(record, level, buffer, size);
    bool has_fields = strcmp(record->fields, "{}") != 0;
    int length = snprintf(buffer, size, "%s %s: %s%s%s", level, record->room, record->message, has_fields ? " " : "",
                          has_fields ? record->fields : "");
    return length > 0 ? (size_t)length : 0;
}
