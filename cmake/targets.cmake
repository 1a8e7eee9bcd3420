# Warnings, sanitizers and include paths, carried by one interface target that every target links.
add_library(dlab_options INTERFACE)
target_include_directories(dlab_options INTERFACE ${PROJECT_SOURCE_DIR})
target_compile_options(dlab_options INTERFACE -Wall -Wextra -Wpedantic -Wshadow -Wconversion
                                              -Wsign-conversion -Wnon-virtual-dtor -Wno-missing-field-initializers)
if(DLAB_WERROR)
  target_compile_options(dlab_options INTERFACE -Werror)
endif()
if(DLAB_SANITIZE)
  target_compile_options(dlab_options INTERFACE -fsanitize=${DLAB_SANITIZE} -fno-omit-frame-pointer)
  target_link_options(dlab_options INTERFACE -fsanitize=${DLAB_SANITIZE})
endif()

if(DLAB_SANITIZE MATCHES undefined)
  # The vptr check opens a pipe to look at memory, and so cries wolf in a process that is out of
  # descriptors, which is what some tests are about.
  target_compile_options(dlab_options INTERFACE -fno-sanitize=vptr)
  target_link_options(dlab_options INTERFACE -fno-sanitize=vptr)
endif()

# All that `ctest -L threads` needs, so that ThreadSanitizer's build need not be a whole one.
add_custom_target(threads_tests)

# The presets that only check (CMakePresets.json) put the sources of a target together. Where two of
# them cannot stand in one unit, one gets SKIP_UNITY_BUILD_INCLUSION. clang-tidy would find it
# suspicious that one source includes another.
define_property(TARGET PROPERTY UNITY_BUILD_CODE_BEFORE_INCLUDE INHERITED)
set_property(DIRECTORY PROPERTY UNITY_BUILD_CODE_BEFORE_INCLUDE
             "// NOLINTNEXTLINE(bugprone-suspicious-include)")

# dlab_library(NAME SOURCES ... LINKS ...): one room's library.
function(dlab_library name)
  cmake_parse_arguments(ARG "" "" "SOURCES;LINKS" ${ARGN})
  add_library(${name} STATIC ${ARG_SOURCES})
  target_link_libraries(${name} PUBLIC dlab_options ${ARG_LINKS})
endfunction()

# dlab_program(NAME SOURCES ... LINKS ...): a program in build/bin.
function(dlab_program name)
  cmake_parse_arguments(ARG "" "" "SOURCES;LINKS" ${ARGN})
  add_executable(${name} ${ARG_SOURCES})
  target_link_libraries(${name} PRIVATE dlab_options ${ARG_LINKS})
endfunction()

# How every test is compiled. Reading GoogleTest and the standard library takes longer than the
# test itself, so that is done once, and what is tested is read once for several sources put
# together; and a test need not be fast: in Release -O1 comes after the build type's own level.
# -fpch-preprocess is for ccache.
function(dlab_compile_as_test name)
  target_compile_options(${name} PRIVATE $<$<CONFIG:Release>:-O1>
                                         $<$<CXX_COMPILER_ID:GNU>:-fpch-preprocess>)
  target_link_libraries(${name} PRIVATE dlab_options GTest::gtest)
endfunction()

# dlab_test(NAME SOURCES ... LINKS ... [LABELS threads]): a GoogleTest program; ctest runs each of
# its cases. The label `threads` marks what ThreadSanitizer should see.
function(dlab_test name)
  cmake_parse_arguments(ARG "" "LABELS" "SOURCES;LINKS" ${ARGN})
  add_executable(${name} ${ARG_SOURCES})
  dlab_compile_as_test(${name})
  target_precompile_headers(${name} REUSE_FROM dlab_test_headers)
  set_target_properties(${name} PROPERTIES UNITY_BUILD ON)
  target_link_libraries(${name} PRIVATE ${ARG_LINKS} GTest::gtest_main)
  if(ARG_LABELS STREQUAL threads)
    add_dependencies(threads_tests ${name})
  endif()
  gtest_discover_tests(${name} DISCOVERY_TIMEOUT 60
                       PROPERTIES TIMEOUT 600 LABELS "${ARG_LABELS}")
endfunction()
