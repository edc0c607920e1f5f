//===- Npy.h - Tensors in files of NumPy's format ---------------*- C++ -*-===//
//
// Part of Serenity, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The format is described in NumPy's documentation, "numpy.lib.format": a magic
// string, a version, the length of a header, the header (a Python dictionary
// with the keys descr, fortran_order and shape) and the elements.
//
//===----------------------------------------------------------------------===//

#ifndef SERENITY_EXECUTION_NPY_H
#define SERENITY_EXECUTION_NPY_H

#include "serenity/Execution/HostTensor.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"

namespace serenity {

/// The tensor that `file`, the bytes of a .npy file of version 1, 2 or 3,
/// holds. Fails with a message of one line on anything else, on element types
/// other than little-endian integers and floats, on Fortran's order of
/// elements, and if the file is shorter or longer than its header says.
llvm::Expected<HostTensor> parseNpy(llvm::StringRef file);

/// `tensor` as a .npy file of version 1.
std::string printNpy(const HostTensor &tensor);

/// Reads or writes the file at `path`. A file is written under another name
/// first. Messages begin with the path.
llvm::Expected<HostTensor> readNpy(llvm::StringRef path);
llvm::Error writeNpy(llvm::StringRef path, const HostTensor &tensor);

} // namespace serenity

#endif // SERENITY_EXECUTION_NPY_H
