# ananke_embed(OUT FOLDER…): puts the data files of these folders into the library. OUT becomes a C source that defines ak_data_files and
# ak_data_file_count (src/base/data.h): a table sorted by path; the contents are taken in by the assembler, each with a NUL behind it.
# A changed file makes that source anew; a new or deleted one configures again. Folders named corpus/ hold tests and stay out.
# The second half of this file is the script that writes the source when the build runs.

function(ananke_embed out)
    list(TRANSFORM ARGN REPLACE "(.+)" "${CMAKE_SOURCE_DIR}/\\1/*" OUTPUT_VARIABLE patterns)
    file(GLOB_RECURSE files RELATIVE ${CMAKE_SOURCE_DIR} CONFIGURE_DEPENDS LIST_DIRECTORIES false ${patterns})
    list(FILTER files INCLUDE REGEX "\\.(json|scm|lark|txt|yaml)$")
    list(FILTER files EXCLUDE REGEX "/corpus/")
    list(SORT files COMPARE STRING)
    set(source ${CMAKE_BINARY_DIR}/embedded.c)
    set(list ${CMAKE_BINARY_DIR}/embedded.txt)
    file(CONFIGURE OUTPUT ${list} CONTENT "${files}" @ONLY)
    list(TRANSFORM files PREPEND ${CMAKE_SOURCE_DIR}/ OUTPUT_VARIABLE paths)
    add_custom_command(OUTPUT ${source} DEPENDS ${paths} ${list} ${CMAKE_CURRENT_FUNCTION_LIST_FILE} VERBATIM
        COMMAND ${CMAKE_COMMAND} -D ROOT=${CMAKE_SOURCE_DIR} -D LIST=${list} -D SOURCE=${source} -P ${CMAKE_CURRENT_FUNCTION_LIST_FILE}
        COMMENT "Embedding the data files")
    # Symbols that only the assembler defines are unknown to link-time optimisation.
    set_source_files_properties(${source} PROPERTIES COMPILE_OPTIONS -fno-lto)
    set(${out} ${source} PARENT_SCOPE)
endfunction()

if(NOT CMAKE_SCRIPT_MODE_FILE STREQUAL CMAKE_CURRENT_LIST_FILE)
    return()
endif()

file(READ ${LIST} files)
set(assembly "")
set(externs "")
set(rows "")
set(index 0)
foreach(file IN LISTS files)
    file(SIZE ${ROOT}/${file} size)
    string(APPEND assembly "        \"data_${index}: .incbin \\\"${ROOT}/${file}\\\"\\n.byte 0\\n\"\n")
    string(APPEND externs "extern const char data_${index}[] __attribute__((visibility(\"hidden\")));\n")
    string(APPEND rows "    {\"${file}\", data_${index}, ${size}},\n")
    math(EXPR index "${index} + 1")
endforeach()
file(WRITE ${SOURCE} "/* Made by cmake/embed.cmake. */
#include \"base/data.h\"

__asm__(\".pushsection .rodata\\n\"
${assembly}        \".popsection\\n\");

${externs}
const DataFile ak_data_files[] = {
${rows}    {NULL, NULL, 0},
};
const size_t ak_data_file_count = ${index};
")
