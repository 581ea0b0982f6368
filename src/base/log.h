/* Logging: records go to the context's sink with level, room and trace id; nothing is kept here. */
#ifndef AK_BASE_LOG_H
#define AK_BASE_LOG_H

#include "base/str.h"
#include <ananke/context.h>

/* Would a record of this level be taken? Ask before making dear fields. */
static inline bool ak_logs(const ananke_context *context, ananke_log_level level) {
    return context && context->log && level <= context->log_level;
}
/* Sends a record. `fields` is a JSON object text, NULL for none. */
void ak_log(const ananke_context *context, ananke_log_level level, const char *room, const char *fields,
            const char *format, ...) ANANKE_PRINTF(5, 6);
/* Tells how far a stage is. */
void ak_progress(const ananke_context *context, const char *stage, uint64_t done, uint64_t total);

#endif
