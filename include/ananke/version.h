/* The library's version: compile-time macros and the version that is linked. */
#ifndef ANANKE_VERSION_H
#define ANANKE_VERSION_H

#include <ananke/export.h>

#define ANANKE_VERSION "0.1.0"
#define ANANKE_VERSION_MAJOR 0
#define ANANKE_VERSION_MINOR 1
#define ANANKE_VERSION_PATCH 0

#ifdef __cplusplus
extern "C" {
#endif

/* The version of the linked library, "MAJOR.MINOR.PATCH"; a static string. Thread-safe. */
ANANKE_API const char *ananke_version(void);

#ifdef __cplusplus
}
#endif
#endif
