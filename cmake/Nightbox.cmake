# How every Nightbox target is built: warnings are errors, sanitizers on request, ccache and precompiled headers where
# they pay, release programs gathered in build/bin.

if(NIGHTBOX_CCACHE)
  find_program(CCACHE_PROGRAM ccache)
  if(CCACHE_PROGRAM)
    # Precompiled headers only hit the cache with this sloppiness; the base directory lets clones share it.
    set(CMAKE_CXX_COMPILER_LAUNCHER
        "${CMAKE_COMMAND}" -E env
        "CCACHE_SLOPPINESS=pch_defines,time_macros,include_file_mtime,include_file_ctime"
        "CCACHE_BASEDIR=${CMAKE_SOURCE_DIR}" "CCACHE_NOHASHDIR=1" "${CCACHE_PROGRAM}")
  endif()
endif()

string(REPLACE "," ";" NIGHTBOX_SANITIZERS "${NIGHTBOX_SANITIZE}")
if(NIGHTBOX_SANITIZE)
  add_compile_options(-fsanitize=${NIGHTBOX_SANITIZE} -fno-sanitize-recover=all -fno-omit-frame-pointer)
  add_link_options(-fsanitize=${NIGHTBOX_SANITIZE})
endif()

# The compiler that builds what is shipped has the say; clang's warnings, about g++'s library too, are clang-tidy's business.
set(NIGHTBOX_WARNINGS -Wall -Wextra -Werror)
if(NOT CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  set(NIGHTBOX_WARNINGS "")
endif()

function(nightbox_target name)
  target_compile_options(${name} PRIVATE ${NIGHTBOX_WARNINGS})
  target_include_directories(${name} PUBLIC "${CMAKE_SOURCE_DIR}")
endfunction()

# nightbox_library(name SOURCES a.cc b.cc LINK lib...) [PCH header...]
function(nightbox_library name)
  cmake_parse_arguments(ARG "" "" "SOURCES;LINK;PCH" ${ARGN})
  add_library(${name} STATIC ${ARG_SOURCES})
  target_link_libraries(${name} PUBLIC ${ARG_LINK})
  nightbox_target(${name})
  if(NIGHTBOX_PCH AND ARG_PCH)
    target_precompile_headers(${name} PRIVATE ${ARG_PCH})
  endif()
endfunction()

# nightbox_program(name SOURCES main.cc LINK lib...): a program people run.
function(nightbox_program name)
  cmake_parse_arguments(ARG "" "" "SOURCES;LINK;PCH" ${ARGN})
  add_executable(${name} ${ARG_SOURCES})
  target_link_libraries(${name} PRIVATE ${ARG_LINK})
  nightbox_target(${name})
  if(NIGHTBOX_PCH AND ARG_PCH)
    target_precompile_headers(${name} PRIVATE ${ARG_PCH})
  endif()
  if(CMAKE_BUILD_TYPE STREQUAL "Release")
    set_target_properties(${name} PROPERTIES RUNTIME_OUTPUT_DIRECTORY "${CMAKE_SOURCE_DIR}/build/bin")
  else()
    set_target_properties(${name} PROPERTIES RUNTIME_OUTPUT_DIRECTORY "${CMAKE_BINARY_DIR}/bin")
  endif()
endfunction()

# How a test runs under the sanitizers, from ops/test and by hand: a leak that is not ours is named in tests/lsan.supp.
function(nightbox_sanitized test)
  if("address" IN_LIST NIGHTBOX_SANITIZERS)
    set_tests_properties(
      ${test} PROPERTIES ENVIRONMENT
                         "ASAN_OPTIONS=detect_leaks=1:strict_string_checks=1;UBSAN_OPTIONS=print_stacktrace=1:halt_on_error=1;\
LSAN_OPTIONS=suppressions=${CMAKE_SOURCE_DIR}/tests/lsan.supp:print_suppressions=0")
  endif()
endfunction()

# nightbox_test(name SOURCES a_test.cc LINK lib... [TIMEOUT seconds] [LABELS process]): one GoogleTest program.
function(nightbox_test name)
  cmake_parse_arguments(ARG "" "TIMEOUT" "SOURCES;LINK;PCH;LABELS" ${ARGN})
  add_executable(${name} ${ARG_SOURCES})
  target_link_libraries(${name} PRIVATE ${ARG_LINK} GTest::gtest GTest::gmock GTest::gtest_main)
  nightbox_target(${name})
  # What is tried is built as it is shipped; what tries it only has to be compiled soon.
  target_compile_options(${name} PRIVATE $<$<CONFIG:Release>:-O0>)
  target_compile_definitions(${name} PRIVATE NIGHTBOX_SOURCE_DIR="${CMAKE_SOURCE_DIR}")
  if(NIGHTBOX_PCH AND ARG_PCH)
    target_precompile_headers(${name} PRIVATE ${ARG_PCH})
  endif()
  if(NOT ARG_TIMEOUT)
    set(ARG_TIMEOUT 120)
  endif()
  add_test(NAME ${name} COMMAND ${name})
  set_tests_properties(${name} PROPERTIES TIMEOUT ${ARG_TIMEOUT})
  nightbox_sanitized(${name})
  if(ARG_LABELS)
    set_tests_properties(${name} PROPERTIES LABELS "${ARG_LABELS}")
  endif()
endfunction()
