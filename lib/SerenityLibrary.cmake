# How every library, tool and test of the project is compiled, named and installed.

include(GNUInstallDirs)
include(CMakePackageConfigHelpers)

set(CMAKE_CXX_FLAGS_RELWITHDEBINFO "-O2 -g1")

add_library(SerenityCompileOptions INTERFACE)
target_compile_options(SerenityCompileOptions INTERFACE
  -Wall -Wextra -Werror -Wno-unused-parameter -Wno-missing-field-initializers)
if(SERENITY_SANITIZE)
  target_compile_options(SerenityCompileOptions INTERFACE
    -fsanitize=address,undefined -fno-sanitize=vptr,function
    -fno-sanitize-recover=all -fno-omit-frame-pointer)
  target_link_options(SerenityCompileOptions INTERFACE
    -fsanitize=address,undefined)
  if(CMAKE_CXX_COMPILER_ID MATCHES Clang)
    target_compile_options(SerenityCompileOptions INTERFACE -fsanitize=fuzzer-no-link)
  endif()
endif()

# What including an MLIR header asks for. NDEBUG must match the installed MLIR
# (built without assertions): the layout of Pass::Statistic depends on it. An
# outside project gets the same from SerenityConfig.cmake.
add_library(SerenityMLIROptions INTERFACE)
target_include_directories(SerenityMLIROptions SYSTEM INTERFACE
  ${MLIR_INCLUDE_DIRS} ${LLVM_INCLUDE_DIRS})
target_compile_definitions(SerenityMLIROptions INTERFACE NDEBUG ${LLVM_DEFINITIONS_LIST})

# serenity_add_library(<name> <sources>... [MLIR] [DEPENDS targets...] [LINK libraries...])
#
# One static library per directory. With MLIR it may include MLIR and links the
# shared MLIR and LLVM; without, it belongs to Core and can include neither.
function(serenity_add_library name)
  cmake_parse_arguments(ARG "MLIR" "" "DEPENDS;LINK" ${ARGN})
  add_library(${name} STATIC ${ARG_UNPARSED_ARGUMENTS})
  target_include_directories(${name} PUBLIC
    $<BUILD_INTERFACE:${PROJECT_SOURCE_DIR}/include>
    $<BUILD_INTERFACE:${PROJECT_BINARY_DIR}/include>
    $<INSTALL_INTERFACE:${CMAKE_INSTALL_INCLUDEDIR}>)
  target_link_libraries(${name} PRIVATE $<BUILD_INTERFACE:SerenityCompileOptions>)
  target_compile_options(${name} PRIVATE -fno-exceptions)
  if(ARG_MLIR)
    target_link_libraries(${name} PUBLIC
      $<BUILD_INTERFACE:SerenityMLIROptions>
      $<INSTALL_INTERFACE:Serenity::MLIROptions> MLIR LLVM)
  endif()
  target_link_libraries(${name} PUBLIC ${ARG_LINK})
  if(ARG_DEPENDS)
    add_dependencies(${name} ${ARG_DEPENDS})
  endif()
  install(TARGETS ${name} EXPORT SerenityTargets
          ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR})
endfunction()

# serenity_add_tool(<name> <sources>... [LINK libraries...]): an installed
# executable that may use MLIR.
function(serenity_add_tool name)
  cmake_parse_arguments(ARG "" "" "LINK" ${ARGN})
  add_executable(${name} ${ARG_UNPARSED_ARGUMENTS})
  target_link_libraries(${name} PRIVATE SerenityCompileOptions SerenityMLIROptions
                        ${ARG_LINK} MLIR LLVM)
  # A tool that reads no ONNX files does not load libonnx.
  target_link_options(${name} PRIVATE LINKER:--as-needed)
  install(TARGETS ${name} RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
endfunction()

# serenity_add_unit_test(<name> <sources>... [MLIR] [LINK libraries...]): a
# GoogleTest executable, registered with CTest under its own name.
function(serenity_add_unit_test name)
  cmake_parse_arguments(ARG "MLIR" "" "LINK" ${ARGN})
  add_executable(${name} ${ARG_UNPARSED_ARGUMENTS})
  target_link_libraries(${name} PRIVATE SerenityCompileOptions ${ARG_LINK}
                        GTest::gmock GTest::gtest_main)
  if(ARG_MLIR)
    target_link_libraries(${name} PRIVATE SerenityMLIROptions MLIR LLVM)
  endif()
  target_include_directories(${name} PRIVATE ${PROJECT_SOURCE_DIR}/test)
  target_compile_definitions(${name} PRIVATE
    SERENITY_SHARED_DATA="${PROJECT_SOURCE_DIR}/../shared/data")
  add_test(NAME ${name} COMMAND ${name})
endfunction()

# serenity_add_benchmark(<name> <sources>... [LINK libraries...]): a Google
# Benchmark executable. CTest does not run it.
function(serenity_add_benchmark name)
  cmake_parse_arguments(ARG "" "" "LINK" ${ARGN})
  add_executable(${name} ${ARG_UNPARSED_ARGUMENTS})
  target_link_libraries(${name} PRIVATE SerenityCompileOptions ${ARG_LINK}
                        benchmark::benchmark_main)
endfunction()

# Installs the headers, the generated headers and a package configuration, so
# that an outside project can call find_package(Serenity).
function(serenity_install_package)
  install(DIRECTORY ${PROJECT_SOURCE_DIR}/include/serenity ${PROJECT_BINARY_DIR}/include/serenity
          DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}
          FILES_MATCHING PATTERN "*.h" PATTERN "*.td" PATTERN "*.h.inc"
          PATTERN CMakeFiles EXCLUDE)
  set(package_dir ${CMAKE_INSTALL_LIBDIR}/cmake/Serenity)
  install(EXPORT SerenityTargets NAMESPACE Serenity:: DESTINATION ${package_dir})
  configure_package_config_file(${PROJECT_SOURCE_DIR}/lib/SerenityConfig.cmake.in
    ${PROJECT_BINARY_DIR}/SerenityConfig.cmake INSTALL_DESTINATION ${package_dir})
  write_basic_package_version_file(${PROJECT_BINARY_DIR}/SerenityConfigVersion.cmake
    COMPATIBILITY SameMinorVersion)
  install(FILES ${PROJECT_BINARY_DIR}/SerenityConfig.cmake
                ${PROJECT_BINARY_DIR}/SerenityConfigVersion.cmake
          DESTINATION ${package_dir})
endfunction()
