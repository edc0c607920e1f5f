//===- Instances.h - How many random instances a test takes -----*- C++ -*-===//
//
// Part of Serenity, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef SERENITY_TEST_INSTANCES_H
#define SERENITY_TEST_INSTANCES_H

namespace serenity {

#if defined(__SANITIZE_ADDRESS__)
constexpr bool kIsInstrumented = true;
#elif defined(__has_feature)
constexpr bool kIsInstrumented = __has_feature(address_sanitizer);
#else
constexpr bool kIsInstrumented = false;
#endif

/// How many of `count` random instances to take: all of them, or a tenth where
/// the sanitizers slow each down. They look for errors that most instances
/// show; what few instances show is looked for without them.
template <typename T> constexpr T instances(T count) {
  return kIsInstrumented ? count / 10 : count;
}

} // namespace serenity

#endif // SERENITY_TEST_INSTANCES_H
