//===- ProxyScaling.h - The methods that follow one proxy -------*- C++ -*-===//
//
// Part of Serenity, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef SERENITY_LIB_CORE_LATENCY_PROXYSCALING_H
#define SERENITY_LIB_CORE_LATENCY_PROXYSCALING_H

#include "serenity/Core/Latency/Adaptation.h"

namespace serenity::core {

/// The method `plain`. `problem` has been checked.
std::unique_ptr<AdaptedPredictor> fitPlain(const AdaptationProblem &problem);

/// The norm of AdaProxy's penalty.
enum class PenaltyNorm { L1, L2, LInf };

/// The methods `adaproxy-*`, on the proxy that `plain` takes. `problem` has
/// been checked.
std::unique_ptr<AdaptedPredictor> fitAdaProxy(const AdaptationProblem &problem,
                                              PenaltyNorm norm);

} // namespace serenity::core

#endif // SERENITY_LIB_CORE_LATENCY_PROXYSCALING_H
