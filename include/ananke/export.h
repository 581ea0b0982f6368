/* Symbol visibility: the shared library exports what is marked ANANKE_API and nothing else. */
#ifndef ANANKE_EXPORT_H
#define ANANKE_EXPORT_H

#if defined(__GNUC__) || defined(__clang__)
#define ANANKE_API __attribute__((visibility("default")))
#define ANANKE_PRINTF(text, first) __attribute__((format(printf, text, first)))
#else
#define ANANKE_API
#define ANANKE_PRINTF(text, first)
#endif

#endif
