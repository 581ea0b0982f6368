/* The linked library's version. */
#include <ananke/version.h>

const char *ananke_version(void) {
    return ANANKE_VERSION;
}
