# Finds every dependency, and names the Debian package of a missing one.

# serenity_find_package(<package> <debian package> [arguments of find_package])
macro(serenity_find_package name debian_package)
  find_package(${name} ${ARGN} QUIET)
  if(NOT ${name}_FOUND)
    message(FATAL_ERROR "${name} was not found (wanted: ${ARGN}); "
                        "on Debian: apt-get install ${debian_package}")
  endif()
endmacro()

serenity_find_package(MLIR libmlir-22-dev 22.1 CONFIG HINTS /usr/lib/llvm-22)
serenity_find_package(absl libabsl-dev CONFIG)
serenity_find_package(Eigen3 libeigen3-dev 3.4 CONFIG)
serenity_find_package(FlatBuffers libflatbuffers-dev CONFIG)
find_program(FLATC flatc)
if(NOT FLATC)
  message(FATAL_ERROR "flatc was not found; "
                      "on Debian: apt-get install flatbuffers-compiler")
endif()
# The package files of Debian's ONNX name files that are not there.
serenity_find_package(Protobuf libprotobuf-dev)
find_library(ONNX_LIBRARY onnx)
find_path(ONNX_INCLUDE_DIR onnx/onnx_pb.h)
if(NOT ONNX_LIBRARY OR NOT ONNX_INCLUDE_DIR)
  message(FATAL_ERROR "libonnx was not found; on Debian: apt-get install libonnx-dev")
endif()

if(SERENITY_INCLUDE_TESTS)
  serenity_find_package(GTest libgtest-dev CONFIG)
  serenity_find_package(benchmark libbenchmark-dev CONFIG)
  serenity_find_package(Python3 python3 COMPONENTS Interpreter)
  if(NOT Protobuf_PROTOC_EXECUTABLE)
    message(FATAL_ERROR "protoc was not found; "
                        "on Debian: apt-get install protobuf-compiler")
  endif()
  find_program(LLVM_EXTERNAL_LIT lit HINTS ${LLVM_TOOLS_BINARY_DIR} REQUIRED)
  find_program(FILECHECK FileCheck HINTS ${LLVM_TOOLS_BINARY_DIR})
  if(NOT FILECHECK)
    message(FATAL_ERROR "FileCheck was not found; "
                        "on Debian: apt-get install llvm-22-tools")
  endif()
endif()

list(APPEND CMAKE_MODULE_PATH ${MLIR_CMAKE_DIR} ${LLVM_CMAKE_DIR})
include(TableGen)
include(AddLLVM)
include(AddMLIR)
