/* The version: ours, and that of the interface, in the form that llguidance's own has, which programs look for. */
#include "compat/llg.h"
#include <ananke/version.h>

const char *llg_get_version(void) {
    return "ananke@" ANANKE_VERSION ", with the C interface of llguidance@1.9.1";
}
