//===- GaussianProcess.h - A target's latency from the proxies' -*- C++ -*-===//
//
// Part of Serenity, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef SERENITY_LIB_CORE_LATENCY_GAUSSIANPROCESS_H
#define SERENITY_LIB_CORE_LATENCY_GAUSSIANPROCESS_H

#include "serenity/Core/Latency/Adaptation.h"

namespace serenity::core {

/// The method `gp`. `problem` has been checked.
std::unique_ptr<AdaptedPredictor>
fitGaussianProcess(const AdaptationProblem &problem);

/// The method `ridge`: the same with linear kernels only.
std::unique_ptr<AdaptedPredictor>
fitRidgeRegression(const AdaptationProblem &problem);

/// The method `auto`: averages over both and over the proxies alone.
std::unique_ptr<AdaptedPredictor> fitAuto(const AdaptationProblem &problem);

} // namespace serenity::core

#endif // SERENITY_LIB_CORE_LATENCY_GAUSSIANPROCESS_H
