//===- TFLMSimulator.h - How TFLM places tensors ----------------*- C++ -*-===//
//
// Part of Serenity, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The documented rules by which TFLite for Microcontrollers places tensors and
// scratch buffers in its arena, written down from its documentation and
// sharing no code with the exporter.
//
//===----------------------------------------------------------------------===//

#ifndef SERENITY_TEST_TARGET_TFLITE_TFLMSIMULATOR_H
#define SERENITY_TEST_TARGET_TFLITE_TFLMSIMULATOR_H

#include "TFLiteSchema_generated.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstring>
#include <map>

namespace serenity::tflite {

/// One request to the memory planner, and its answer.
struct TFLMBuffer {
  std::string name;
  int64_t bytes = 0;
  int64_t first = -1, last = -1;
  /// -1 until it is placed.
  int64_t offset = -1;
  bool isOffline = false;

  bool overlapsInTime(const TFLMBuffer &other) const {
    return first <= other.last && other.first <= last;
  }
  bool overlapsInSpace(const TFLMBuffer &other) const {
    return offset < other.offset + other.bytes && other.offset < offset + bytes;
  }
};

/// The initialisation of an interpreter for one file.
class TFLMSimulator {
public:
  /// `scratch` are bytes asked for by operators of the first subgraph, by their
  /// positions in the file; there may be several requests by one.
  explicit TFLMSimulator(const std::string &file,
                         std::multimap<int64_t, int64_t> scratch = {})
      : bytes(file), model(*GetModel(bytes.data())),
        scratch(std::move(scratch)) {
    flatbuffers::Verifier verifier(
        reinterpret_cast<const uint8_t *>(bytes.data()), bytes.size());
    EXPECT_TRUE(VerifyModelBuffer(verifier));
    readPlan();
    markSubgraph(0);
    placeAll();
  }

  /// Bytes from the head of the arena to the end of the last buffer.
  int64_t getHead() const {
    int64_t head = 0;
    for (const TFLMBuffer &buffer : buffers)
      head = std::max(head, buffer.offset + buffer.bytes);
    return head;
  }
  /// What a plan must not have: offsets that are not multiples of 16, and pairs
  /// that share time and bytes.
  std::vector<std::string> findFaults() const {
    std::vector<std::string> faults;
    for (size_t i = 0; i < buffers.size(); ++i) {
      if (buffers[i].offset < 0 || buffers[i].offset % 16 != 0)
        faults.push_back(buffers[i].name + " at " +
                         std::to_string(buffers[i].offset));
      for (size_t j = 0; j < i; ++j)
        if (buffers[i].overlapsInTime(buffers[j]) &&
            buffers[i].overlapsInSpace(buffers[j]))
          faults.push_back(buffers[j].name + " and " + buffers[i].name);
    }
    return faults;
  }
  int64_t countOffline() const {
    return std::count_if(buffers.begin(), buffers.end(),
                         [](const TFLMBuffer &b) { return b.isOffline; });
  }
  const std::vector<TFLMBuffer> &getBuffers() const { return buffers; }
  /// The offsets of the plan that the runtime obeys.
  const std::vector<int32_t> &getPlan() const { return plan; }

private:
  static int64_t alignUp(int64_t n) { return (n + 15) / 16 * 16; }

  /// The last entry wins.
  void readPlan() {
    int64_t numTensors = 0;
    for (const SubGraph *graph : *model.subgraphs())
      numTensors += graph->tensors()->size();
    if (!model.metadata())
      return;
    for (const Metadata *entry : *model.metadata()) {
      if (!entry->name() || entry->name()->str() != "OfflineMemoryAllocation")
        continue;
      const auto *data = model.buffers()->Get(entry->buffer())->data();
      plan.resize(data->size() / 4);
      std::memcpy(plan.data(), data->data(), 4 * plan.size());
    }
    ASSERT_EQ(plan.size(), static_cast<size_t>(3 + numTensors));
    EXPECT_EQ(plan[0], 0);
    EXPECT_EQ(plan[1], 1);
    ASSERT_EQ(plan[2], numTensors);
    plan.erase(plan.begin(), plan.begin() + 3);
  }

  static int64_t getElementBytes(TensorType type) {
    switch (type) {
    case TensorType::UINT8:
    case TensorType::INT8:
    case TensorType::BOOL:
      return 1;
    case TensorType::INT16:
    case TensorType::FLOAT16:
      return 2;
    case TensorType::INT64:
    case TensorType::FLOAT64:
      return 8;
    default:
      return 4;
    }
  }

  TFLMBuffer makeBuffer(int64_t subgraph, int32_t index) const {
    const Tensor &tensor =
        *model.subgraphs()->Get(subgraph)->tensors()->Get(index);
    TFLMBuffer buffer;
    buffer.name = "tensor " + std::to_string(index);
    if (subgraph != 0)
      buffer.name += " of subgraph " + std::to_string(subgraph);
    buffer.bytes = getElementBytes(tensor.type());
    if (tensor.shape())
      for (int32_t size : *tensor.shape())
        buffer.bytes *= size;
    const auto *contents = model.buffers()->Get(tensor.buffer())->data();
    if (tensor.is_variable() || (contents && contents->size() != 0))
      buffer.bytes = 0;
    // The runtime counts from the first offset in every subgraph.
    if (!plan.empty() && plan[index] != -1) {
      buffer.offset = plan[index];
      buffer.isOffline = true;
    }
    return buffer;
  }

  /// Runs through a subgraph, and through what its operators call.
  void markSubgraph(int64_t subgraph) {
    const SubGraph &graph = *model.subgraphs()->Get(subgraph);
    std::vector<TFLMBuffer> tensors;
    for (uint32_t i = 0; i < graph.tensors()->size(); ++i)
      tensors.push_back(makeBuffer(subgraph, i));
    for (int32_t tensor : *graph.inputs())
      tensors[tensor].first = tensors[tensor].last = step;
    for (uint32_t i = 0; i < graph.operators()->size(); ++i) {
      const Operator &op = *graph.operators()->Get(i);
      const int64_t begin = ++step;
      for (int32_t tensor : *op.outputs())
        tensors[tensor].first = step;
      if (const auto *branch = op.builtin_options_as_IfOptions())
        for (int32_t callee :
             {branch->then_subgraph_index(), branch->else_subgraph_index()}) {
          ++step;
          markSubgraph(callee);
        }
      for (const auto *list : {op.inputs(), op.outputs()})
        for (int32_t tensor : *list)
          if (tensor >= 0)
            tensors[tensor].last = step;
      if (subgraph == 0)
        addScratch(i, begin);
    }
    for (int32_t tensor : *graph.outputs())
      tensors[tensor].last = step;
    for (TFLMBuffer &tensor : tensors)
      addBuffer(tensor);
  }

  void addScratch(int64_t op, int64_t begin) {
    auto [from, to] = scratch.equal_range(op);
    for (auto it = from; it != to; ++it)
      addBuffer({"scratch of operator " + std::to_string(op), it->second, begin,
                 step});
  }

  void addBuffer(TFLMBuffer buffer) {
    buffer.bytes = alignUp(buffer.bytes);
    if (buffer.bytes != 0)
      buffers.push_back(buffer);
  }

  /// Offsets of the plan are taken as they are. All others are found in the
  /// order of sizes: the lowest gap that is wide enough.
  void placeAll() {
    std::vector<TFLMBuffer *> open;
    for (TFLMBuffer &buffer : buffers)
      if (!buffer.isOffline)
        open.push_back(&buffer);
    std::stable_sort(open.begin(), open.end(),
                     [](auto *a, auto *b) { return a->bytes > b->bytes; });
    for (TFLMBuffer *buffer : open)
      buffer->offset = findGap(*buffer);
  }

  int64_t findGap(const TFLMBuffer &wanted) const {
    std::vector<const TFLMBuffer *> placed;
    for (const TFLMBuffer &buffer : buffers)
      if (buffer.offset >= 0 && buffer.overlapsInTime(wanted))
        placed.push_back(&buffer);
    std::stable_sort(placed.begin(), placed.end(),
                     [](auto *a, auto *b) { return a->offset < b->offset; });
    int64_t offset = 0;
    for (const TFLMBuffer *buffer : placed) {
      if (buffer->offset - offset >= wanted.bytes)
        break;
      offset = std::max(offset, buffer->offset + buffer->bytes);
    }
    return offset;
  }

  std::string bytes;
  const Model &model;
  std::multimap<int64_t, int64_t> scratch;
  std::vector<int32_t> plan;
  std::vector<TFLMBuffer> buffers;
  int64_t step = 0;
};

} // namespace serenity::tflite

#endif // SERENITY_TEST_TARGET_TFLITE_TFLMSIMULATOR_H
