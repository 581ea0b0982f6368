# What others wrote. deps/setup brings the sources and builds llama.cpp once; here tree-sitter, its grammars and yyjson are compiled
# without our warnings, and everything is gathered in the target ananke_thirdparty. Debian's libraries are found by pkg-config.
# A new grammar is one line `ananke_grammar(NAME FOLDER)` below and its package in deps/package.json.

set(ENV{ANANKE_NATIVE} ${ANANKE_NATIVE})
set(setup ${CMAKE_SOURCE_DIR}/deps/setup)
execute_process(COMMAND ${setup} --no-apt build COMMAND_ERROR_IS_FATAL ANY)
execute_process(COMMAND ${setup} --where OUTPUT_VARIABLE where OUTPUT_STRIP_TRAILING_WHITESPACE COMMAND_ERROR_IS_FATAL ANY)
string(REPLACE "\n" ";" where "${where}")
foreach(line IN LISTS where)
    string(REGEX MATCH "^([^ ]+) (.+)$" line "${line}")
    set(where_${CMAKE_MATCH_1} ${CMAKE_MATCH_2})
endforeach()
file(GLOB locks CONFIGURE_DEPENDS deps/package-lock.json deps/python/*.txt)
set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${setup} ${locks})

function(ananke_foreign target)
    target_link_libraries(${target} PRIVATE ananke_instrument)
    target_compile_options(${target} PRIVATE -w -O2)
endfunction()

# tree-sitter: the core as one unit, each grammar with its own copy of tree_sitter/parser.h, all in one archive.
set(core ${where_parsers}/tree-sitter/vendor/tree-sitter/lib)
add_library(tree_sitter_core OBJECT ${core}/src/lib.c)
target_include_directories(tree_sitter_core PRIVATE ${core}/include ${core}/src)
target_compile_definitions(tree_sitter_core PRIVATE _DEFAULT_SOURCE)
ananke_foreign(tree_sitter_core)
add_library(tree_sitter STATIC $<TARGET_OBJECTS:tree_sitter_core>)
set_target_properties(tree_sitter PROPERTIES OUTPUT_NAME ananke-tree-sitter)
target_include_directories(tree_sitter SYSTEM INTERFACE ${core}/include)

function(ananke_grammar name folder)
    set(from ${where_parsers}/${folder}/src)
    add_library(grammar_${name} OBJECT ${from}/parser.c ${from}/scanner.c)
    target_include_directories(grammar_${name} PRIVATE ${from})
    ananke_foreign(grammar_${name})
    target_sources(tree_sitter PRIVATE $<TARGET_OBJECTS:grammar_${name}>)
endfunction()
ananke_grammar(javascript tree-sitter-javascript)
ananke_grammar(python tree-sitter-python)
ananke_grammar(tsx tree-sitter-typescript/tsx)
ananke_grammar(typescript tree-sitter-typescript/typescript)

add_library(yyjson STATIC ${where_yyjson}/yyjson.c)
set_target_properties(yyjson PROPERTIES OUTPUT_NAME ananke-yyjson)
target_include_directories(yyjson SYSTEM INTERFACE ${where_yyjson})
ananke_foreign(yyjson)

set(llama_archives)
foreach(name IN ITEMS llama ggml ggml-cpu ggml-base)
    list(APPEND llama_archives ${where_llama}/lib/lib${name}.a)
endforeach()

find_package(Threads REQUIRED)
find_package(PkgConfig REQUIRED)
set(ananke_modules libcurl libcrypto yaml-0.1 libpcre2-8 libutf8proc sqlite3 libxxhash libzstd)
pkg_check_modules(system REQUIRED IMPORTED_TARGET ${ananke_modules})

add_library(ananke_thirdparty INTERFACE)
target_include_directories(ananke_thirdparty SYSTEM INTERFACE ${where_llama}/include)
target_link_libraries(ananke_thirdparty INTERFACE tree_sitter yyjson ${llama_archives} PkgConfig::system Threads::Threads stdc++ m dl)
