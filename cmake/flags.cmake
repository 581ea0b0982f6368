# How our own code is compiled (ananke_flags), and what third-party code shares with it (ananke_instrument).
# Instrumentation must be the same everywhere; warnings are for our code only.

add_library(ananke_instrument INTERFACE)
if(ANANKE_SANITIZE)
    target_compile_options(ananke_instrument INTERFACE -fsanitize=${ANANKE_SANITIZE} -fno-omit-frame-pointer -fno-sanitize-recover=all)
    target_link_options(ananke_instrument INTERFACE -fsanitize=${ANANKE_SANITIZE})
endif()
if(ANANKE_FUZZ)
    target_compile_options(ananke_instrument INTERFACE -fsanitize=fuzzer-no-link)
endif()

add_library(ananke_flags INTERFACE)
target_link_libraries(ananke_flags INTERFACE ananke_instrument)
target_compile_definitions(ananke_flags INTERFACE _DEFAULT_SOURCE)
target_compile_options(ananke_flags INTERFACE -Wall -Wextra -Wpedantic -Wshadow
    $<$<COMPILE_LANGUAGE:C>:-Wstrict-prototypes> $<$<COMPILE_LANGUAGE:C>:-Wmissing-prototypes> $<$<BOOL:${ANANKE_WERROR}>:-Werror>)
# gcc cannot see that a function which fails returns false, and takes what it would have filled for used: clang-tidy knows better.
target_compile_options(ananke_flags INTERFACE $<$<C_COMPILER_ID:GNU>:-Wno-maybe-uninitialized>)
if(ANANKE_SANITIZE)
    target_compile_definitions(ananke_flags INTERFACE AK_PARANOID)
endif()
if(ANANKE_LTO)
    # Fat objects: the static library must be of use to another compiler, too.
    target_compile_options(ananke_flags INTERFACE -flto=auto -ffat-lto-objects)
    target_link_options(ananke_flags INTERFACE -flto=auto)
endif()
if(ANANKE_COVERAGE)
    target_compile_options(ananke_flags INTERFACE --coverage)
    target_link_options(ananke_flags INTERFACE --coverage)
endif()
