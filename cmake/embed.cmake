# ananke_embed(OUT BASE FOLDER…): puts the data files of these folders, which lie in BASE, into the library; another BASE, an absolute path, may follow
# with folders of its own. OUT becomes a C source that defines ak_data_files and ak_data_file_count (src/base/data.h): a table sorted by path, which is
# relative to the base; the contents are taken in by the assembler, each with a NUL behind it.
# A changed file makes that source anew; a new or deleted one configures again. Folders named corpus/ hold tests and stay out.
# The second half of this file is the script that writes the source when the build runs.

function(ananke_embed out)
    set(files "") # "PATH FILE"
    foreach(folder IN LISTS ARGN)
        if(IS_ABSOLUTE ${folder})
            set(base ${folder})
            continue()
        endif()
        file(GLOB_RECURSE paths RELATIVE ${base} CONFIGURE_DEPENDS LIST_DIRECTORIES false ${base}/${folder}/*)
        list(FILTER paths INCLUDE REGEX "\\.(json|scm|lark|txt|yaml)$")
        list(FILTER paths EXCLUDE REGEX "/corpus/")
        list(TRANSFORM paths REPLACE "(.+)" "\\1 ${base}/\\1")
        list(APPEND files ${paths})
    endforeach()
    ananke_embed_files(source ak_data "${files}")
    set(${out} ${source} PARENT_SCOPE)
endfunction()

# ananke_embed_files(OUT TABLE "PATH FILE;…"): the same of single files, in the table TABLE_files.
function(ananke_embed_files out table files)
    list(SORT files COMPARE STRING)
    set(source ${CMAKE_BINARY_DIR}/${table}.c)
    set(list ${CMAKE_BINARY_DIR}/${table}.txt)
    file(CONFIGURE OUTPUT ${list} CONTENT "${files}" @ONLY)
    list(TRANSFORM files REPLACE "^[^ ]+ " "" OUTPUT_VARIABLE paths)
    add_custom_command(OUTPUT ${source} DEPENDS ${paths} ${list} ${CMAKE_CURRENT_FUNCTION_LIST_FILE} VERBATIM
        COMMAND ${CMAKE_COMMAND} -D LIST=${list} -D TABLE=${table} -D SOURCE=${source} -P ${CMAKE_CURRENT_FUNCTION_LIST_FILE}
        COMMENT "Embedding the files of ${table}")
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
    string(REGEX MATCH "^([^ ]+) (.+)$" _ "${file}")
    set(path ${CMAKE_MATCH_1})
    set(file ${CMAKE_MATCH_2})
    file(SIZE ${file} size)
    string(APPEND assembly "        \".balign 64\\n${TABLE}_${index}: .incbin \\\"${file}\\\"\\n.byte 0\\n\"\n")
    string(APPEND externs "extern const char ${TABLE}_${index}[] __attribute__((visibility(\"hidden\")));\n")
    string(APPEND rows "    {\"${path}\", ${TABLE}_${index}, ${size}},\n")
    math(EXPR index "${index} + 1")
endforeach()
file(WRITE ${SOURCE} "/* Made by cmake/embed.cmake. */
#include \"base/data.h\"

__asm__(\".pushsection .rodata\\n\"
${assembly}        \".popsection\\n\");

${externs}
const DataFile ${TABLE}_files[] = {
${rows}    {NULL, NULL, 0},
};
const size_t ${TABLE}_file_count = ${index};
")
