# What `cmake --install` puts where: headers, both libraries, the archives that the static one needs, the program with its man page and
# completions (written by the program itself), a pkg-config file and a CMake package with the targets ananke::ananke and ananke::static.

include(CMakePackageConfigHelpers)
set(package_dir ${CMAKE_INSTALL_LIBDIR}/cmake/ananke)
set(archive_dir ${CMAKE_INSTALL_LIBDIR}/ananke)

install(DIRECTORY include/ananke DESTINATION ${CMAKE_INSTALL_INCLUDEDIR} FILES_MATCHING PATTERN "*.h")
install(TARGETS ananke_shared llguidance_shared LIBRARY DESTINATION ${CMAKE_INSTALL_LIBDIR})
install(FILES $<TARGET_FILE:ananke_static> $<TARGET_FILE:llguidance_static> DESTINATION ${CMAKE_INSTALL_LIBDIR})
install(FILES $<TARGET_FILE:tree_sitter> $<TARGET_FILE:yyjson> ${llama_archives} DESTINATION ${archive_dir})
install(FILES man/libananke.3 DESTINATION ${CMAKE_INSTALL_MANDIR}/man3)
install(FILES LICENSE LICENSE-MIT LICENSE-APACHE DESTINATION ${CMAKE_INSTALL_DOCDIR})

# The licences of what is linked in must travel with it. yyjson carries its own at the head of its header.
file(STRINGS ${where_yyjson}/yyjson.h head LIMIT_COUNT 22)
list(JOIN head "\n" head)
file(CONFIGURE OUTPUT LICENSE-yyjson CONTENT "${head}\n" @ONLY)
install(FILES ${CMAKE_CURRENT_BINARY_DIR}/LICENSE-yyjson DESTINATION ${CMAKE_INSTALL_DOCDIR}/third-party)
install(FILES ${where_metaschemas}/COPYING RENAME LICENSE-jsonschema-specifications DESTINATION ${CMAKE_INSTALL_DOCDIR}/third-party)
install(FILES ${where_llama}/LICENSE RENAME LICENSE-llama.cpp DESTINATION ${CMAKE_INSTALL_DOCDIR}/third-party)
foreach(package IN ITEMS tree-sitter tree-sitter-javascript tree-sitter-python tree-sitter-typescript)
    install(FILES ${where_parsers}/${package}/LICENSE RENAME LICENSE-${package} DESTINATION ${CMAKE_INSTALL_DOCDIR}/third-party)
endforeach()

# Static linking takes our archives, in the order the linker wants them, then the system's libraries as they are, shared or static. They are
# named here, not required as modules: `pkg-config --static` would ask for everything that libcurl could be linked with.
list(JOIN ananke_modules " " requires_private)
list(TRANSFORM system_LIBRARIES PREPEND -l OUTPUT_VARIABLE system_names)
list(JOIN system_names " " system_names)
set(libs_private "-L\${libdir}/ananke -lananke-tree-sitter -lananke-yyjson -lllama -lggml -lggml-cpu -lggml-base")
string(APPEND libs_private " ${system_names} -lstdc++ -lm -ldl -pthread")
file(RELATIVE_PATH prefix_from_pc /prefix/${CMAKE_INSTALL_LIBDIR}/pkgconfig /prefix)
configure_file(cmake/ananke.pc.in ananke.pc @ONLY)
install(FILES ${CMAKE_CURRENT_BINARY_DIR}/ananke.pc DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig)

configure_package_config_file(cmake/ananke-config.cmake.in ananke-config.cmake INSTALL_DESTINATION ${package_dir}
    PATH_VARS CMAKE_INSTALL_INCLUDEDIR CMAKE_INSTALL_LIBDIR)
write_basic_package_version_file(ananke-config-version.cmake COMPATIBILITY SameMinorVersion)
install(FILES ${CMAKE_CURRENT_BINARY_DIR}/ananke-config.cmake ${CMAKE_CURRENT_BINARY_DIR}/ananke-config-version.cmake DESTINATION ${package_dir})

if(NOT TARGET ananke_program)
    add_custom_target(manual)
    return()
endif()
install(TARGETS ananke_program RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})


# `ananke help OPTIONS` writes FOLDER/NAME; the target `manual` makes all of them.
set(manual)
function(ananke_manual file destination)
    set(path ${CMAKE_BINARY_DIR}/${file})
    cmake_path(GET path PARENT_PATH folder)
    add_custom_command(OUTPUT ${path} DEPENDS ananke_program VERBATIM COMMENT "Writing ${file}"
        COMMAND ${CMAKE_COMMAND} -E make_directory ${folder}
        COMMAND sh -c "out=$1; program=$2; shift 2; \"$program\" help \"$@\" >\"$out.part\" && mv \"$out.part\" \"$out\""
            sh ${path} $<TARGET_FILE:ananke_program> ${ARGN})
    install(FILES ${path} DESTINATION ${destination} OPTIONAL)
    set(manual ${manual} ${path} PARENT_SCOPE)
endfunction()
ananke_manual(man/ananke.1 ${CMAKE_INSTALL_MANDIR}/man1 --man)
ananke_manual(completions/ananke ${CMAKE_INSTALL_DATADIR}/bash-completion/completions --completion bash)
ananke_manual(completions/_ananke ${CMAKE_INSTALL_DATADIR}/zsh/site-functions --completion zsh)
ananke_manual(completions/ananke.fish ${CMAKE_INSTALL_DATADIR}/fish/vendor_completions.d --completion fish)
add_custom_target(manual DEPENDS ${manual})
