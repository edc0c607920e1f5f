//===- SampleChoice.h - Which architectures tell most -----------*- C++ -*-===//
//
// Part of Serenity, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef SERENITY_LIB_CORE_LATENCY_SAMPLECHOICE_H
#define SERENITY_LIB_CORE_LATENCY_SAMPLECHOICE_H

#include "serenity/Core/Latency/Adaptation.h"

namespace serenity::core {

/// See chooseSamples: `count` rows of the population of `problem`, which has no
/// samples yet. All arguments have been checked.
std::vector<Eigen::Index>
chooseInformativeRows(const AdaptationProblem &problem, Eigen::Index count,
                      uint64_t seed);

} // namespace serenity::core

#endif // SERENITY_LIB_CORE_LATENCY_SAMPLECHOICE_H
