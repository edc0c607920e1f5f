//===- OfflinePlan.cpp - Offsets that TFLM obeys --------------------------===//
//
// Part of Serenity, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "OfflinePlan.h"
#include "DataFlow.h"
#include "TensorTypes.h"
#include "serenity/Dialect/Serenity/IR/ActivationMemory.h"
#include "llvm/Support/MathExtras.h"

using namespace mlir;
using namespace serenity;
using namespace serenity::tflite;

/// What TFLM aligns tensors and their sizes to.
static constexpr int64_t kAlignment = 16;

/// The largest offset that a plan can say.
static constexpr int64_t kMaxBytes = std::numeric_limits<int32_t>::max();

static int64_t alignSize(int64_t bytes) {
  return llvm::alignTo<kAlignment>(bytes);
}

//===----------------------------------------------------------------------===//
// Reading
//===----------------------------------------------------------------------===//

bool tflite::isOfflinePlan(const Metadata &entry) {
  return entry.name() && StringRef(entry.name()->c_str(),
                                   entry.name()->size()) == kOfflinePlanName;
}

/// The buffer of the last plan in `model`, null if it has none.
static const Buffer *findPlanBuffer(const Model &model) {
  const Buffer *found = nullptr;
  for (int64_t i = 0; i < sizeOf(model.metadata()); ++i) {
    const Metadata &entry = *model.metadata()->Get(i);
    if (isOfflinePlan(entry) && entry.buffer() < sizeOf(model.buffers()))
      found = model.buffers()->Get(entry.buffer());
  }
  return found;
}

static int64_t countTensors(const ModelFile &file) {
  int64_t count = 0;
  for (int64_t i = 0; i < file.getNumSubgraphs(); ++i)
    count += sizeOf(file.getSubgraph(i).tensors());
  return count;
}

FailureOr<ArrayRef<int32_t>> tflite::readOfflinePlan(const ModelFile &file) {
  const Buffer *buffer = findPlanBuffer(file.getModel());
  if (!buffer)
    return ArrayRef<int32_t>();
  const int64_t numTensors = countTensors(file);
  const int64_t numBytes = sizeOf(buffer->data());
  const int64_t wanted = (kOfflinePlanHeader + numTensors) * sizeof(int32_t);
  if (numBytes != wanted)
    return file.emitError()
           << "the plan of offsets has " << numBytes << " bytes, but "
           << numTensors << " tensors take " << wanted;
  ArrayRef<int32_t> words(
      reinterpret_cast<const int32_t *>(buffer->data()->data()),
      kOfflinePlanHeader + numTensors);
  if (words[0] != 0)
    return file.emitError() << "the plan of offsets has version " << words[0]
                            << ", only version 0 is known";
  if (words[2] != numTensors)
    return file.emitError() << "the plan of offsets is for " << words[2]
                            << " tensors, but there are " << numTensors;
  return words.drop_front(kOfflinePlanHeader);
}

//===----------------------------------------------------------------------===//
// Lifetimes
//===----------------------------------------------------------------------===//

namespace {
/// When TFLM keeps a tensor in its arena: from step `first` to step `last`.
/// Step 0 is before the first operator; operator i runs at step i + 1.
struct Lifetime {
  int64_t first = -1;
  int64_t last = -1;
  bool isUsed() const { return first >= 0; }
};

/// A tensor in the arena.
struct ArenaTensor {
  int32_t index;
  /// Rounded up as the runtime does.
  int64_t bytes;
  Lifetime lifetime;
};
} // namespace

static std::vector<Lifetime> findLifetimes(const SubGraph &graph) {
  std::vector<Lifetime> lifetimes(sizeOf(graph.tensors()));
  // Early versions run operator 0 at the step of the inputs, so an input that
  // nothing reads stays until then.
  for (int32_t tensor : toArrayRef(graph.inputs()))
    lifetimes[tensor] = {0, 1};
  const int64_t numOperators = sizeOf(graph.operators());
  for (int64_t i = 0; i < numOperators; ++i) {
    const Operator &op = *graph.operators()->Get(i);
    for (int32_t tensor : toArrayRef(op.outputs()))
      lifetimes[tensor] = {i + 1, i + 1};
    for (int32_t tensor : toArrayRef(op.inputs()))
      if (tensor >= 0)
        lifetimes[tensor].last = i + 1;
  }
  for (int32_t tensor : toArrayRef(graph.outputs()))
    lifetimes[tensor].last = std::max<int64_t>(numOperators, 1);
  return lifetimes;
}

/// The tensors of subgraph `subgraph` that TFLM puts into the arena.
static FailureOr<std::vector<ArenaTensor>>
findArenaTensors(const ModelFile &file, int64_t subgraph) {
  const SubGraph &graph = file.getSubgraph(subgraph);
  const std::vector<Lifetime> lifetimes = findLifetimes(graph);
  FailureOr<BatchSize> batch = findBatchSize(file, std::nullopt);
  std::vector<ArenaTensor> tensors;
  for (int32_t i = 0; i < sizeOf(graph.tensors()); ++i) {
    const tflite::Tensor &tensor = *graph.tensors()->Get(i);
    if (tensor.is_variable() || !file.getContents(tensor).empty())
      continue;
    FailureOr<RankedTensorType> type =
        importTensorType(file, subgraph, i, /*isConstant=*/false, *batch);
    if (failed(type))
      return failure();
    const int64_t bytes = *getStorageBytes(*type);
    if (bytes > kMaxBytes)
      return file.emitError()
             << file.describeTensor(subgraph, i) << " has " << bytes
             << " bytes, but a plan says no more than " << kMaxBytes;
    if (bytes != 0)
      tensors.push_back({i, alignSize(bytes), lifetimes[i]});
  }
  return tensors;
}

//===----------------------------------------------------------------------===//
// Planning
//===----------------------------------------------------------------------===//

namespace {
/// Plans the first subgraph of one file.
class Planner {
public:
  Planner(const ModelFile &file, MutableArrayRef<char> bytes,
          const PlanRequest &request)
      : file(file), bytes(bytes), request(request) {}

  FailureOr<core::ArenaPlan> run();

private:
  LogicalResult collect();
  FailureOr<llvm::DenseSet<int32_t>> findAmbiguous() const;
  void addTensor(const ArenaTensor &tensor);
  void addScratch();
  void addInPlacePairs();
  FailureOr<core::ArenaPlan> solve() const;
  int64_t placeUnused(int64_t arenaBytes);
  bool empty(int32_t tensor);

  const ModelFile &file;
  MutableArrayRef<char> bytes;
  const PlanRequest &request;
  core::ArenaProblem problem;
  /// Tensors by their buffers in the problem, and back.
  std::vector<int32_t> tensors;
  llvm::DenseMap<int32_t, int32_t> buffers;
  std::vector<ArenaTensor> unused;
};
} // namespace

/// The positions of tensors whose offset TFLM would also take for a tensor of
/// another subgraph: it counts from the first offset in every subgraph.
FailureOr<llvm::DenseSet<int32_t>> Planner::findAmbiguous() const {
  llvm::DenseSet<int32_t> ambiguous;
  for (int64_t i = 1; i < file.getNumSubgraphs(); ++i) {
    FailureOr<std::vector<ArenaTensor>> others = findArenaTensors(file, i);
    if (failed(others))
      return failure();
    for (const ArenaTensor &tensor : *others)
      ambiguous.insert(tensor.index);
  }
  return ambiguous;
}

LogicalResult Planner::collect() {
  FailureOr<std::vector<ArenaTensor>> all = findArenaTensors(file, 0);
  FailureOr<llvm::DenseSet<int32_t>> ambiguous = findAmbiguous();
  if (failed(all) || failed(ambiguous))
    return failure();
  for (const ArenaTensor &tensor : *all) {
    if (!tensor.lifetime.isUsed())
      unused.push_back(tensor);
    else if (!ambiguous->contains(tensor.index))
      addTensor(tensor);
  }
  addScratch();
  addInPlacePairs();
  return success();
}

void Planner::addTensor(const ArenaTensor &tensor) {
  core::ArenaBuffer buffer;
  buffer.name = "tensor " + std::to_string(tensor.index);
  buffer.lower = tensor.lifetime.first;
  buffer.upper = tensor.lifetime.last + 1;
  buffer.size = tensor.bytes;
  buffer.alignment = kAlignment;
  auto offset = request.offsets.find(tensor.index);
  if (offset != request.offsets.end())
    buffer.offset = offset->second;
  buffers[tensor.index] = tensors.size();
  tensors.push_back(tensor.index);
  problem.buffers.push_back(std::move(buffer));
}

/// Room for what kernels ask for. The runtime puts it into the lowest gap that
/// is wide enough, so if one place is free, it never goes higher than there.
void Planner::addScratch() {
  for (auto [op, size] : llvm::enumerate(request.scratchBytes)) {
    if (size == 0)
      continue;
    core::ArenaBuffer buffer;
    buffer.name = "scratch of operator " + std::to_string(op);
    buffer.lower = op + 1;
    buffer.upper = op + 2;
    buffer.size = alignSize(size);
    buffer.alignment = kAlignment;
    problem.buffers.push_back(std::move(buffer));
  }
}

void Planner::addInPlacePairs() {
  ArrayRef<int32_t> outputs = toArrayRef(file.getSubgraph(0).outputs());
  for (auto [input, output] : request.inPlacePairs) {
    if (!buffers.contains(input) || !buffers.contains(output) ||
        llvm::is_contained(outputs, input))
      continue;
    const core::ArenaBuffer &from = problem.buffers[buffers[input]];
    const core::ArenaBuffer &to = problem.buffers[buffers[output]];
    if (from.upper == to.lower + 1 && to.size <= from.size)
      problem.inPlacePairs.push_back({buffers[input], buffers[output]});
  }
}

FailureOr<core::ArenaPlan> Planner::solve() const {
  absl::StatusOr<core::ArenaPlan> plan = core::planArena(problem, {});
  if (!plan.ok())
    return file.emitError()
           << "the offsets of the module break the rules of TFLM: "
           << std::string(plan.status().message());
  if (plan->arenaBytes > kMaxBytes)
    return file.emitError()
           << "the arena takes " << plan->arenaBytes
           << " bytes, but a plan says no more than " << kMaxBytes;
  return *std::move(plan);
}

/// Makes the shape of `tensor` empty, unless it is shared or scalar.
bool Planner::empty(int32_t tensor) {
  const SubGraph &graph = file.getSubgraph(0);
  const auto *shape = graph.tensors()->Get(tensor)->shape();
  int64_t numUsers = 0;
  for (const tflite::Tensor *other : getEntries(graph.tensors()))
    numUsers += other->shape() == shape;
  if (sizeOf(shape) == 0 || numUsers != 1)
    return false;
  *getWritable(bytes, shape->data()) = 0;
  return true;
}

/// All unused tensors are alive together, at a step of their own. Returns the
/// bytes that the runtime needs for them.
int64_t Planner::placeUnused(int64_t arenaBytes) {
  int64_t sum = 0;
  for (const ArenaTensor &tensor : unused)
    sum += tensor.bytes;
  for (const ArenaTensor &tensor : unused)
    if (sum > arenaBytes && empty(tensor.index))
      sum -= tensor.bytes;
  return sum;
}

FailureOr<core::ArenaPlan> Planner::run() {
  FailureOr<ArrayRef<int32_t>> words = readOfflinePlan(file);
  if (failed(words) || failed(collect()))
    return failure();
  FailureOr<core::ArenaPlan> plan = solve();
  if (failed(plan))
    return failure();
  int32_t *offsets = getWritable(bytes, words->data());
  for (auto [buffer, tensor] : llvm::enumerate(tensors))
    offsets[tensor] = plan->offsets[buffer];
  plan->arenaBytes = std::max(plan->arenaBytes, placeUnused(plan->arenaBytes));
  return plan;
}

FailureOr<core::ArenaPlan> tflite::planOffline(const ModelFile &file,
                                               MutableArrayRef<char> bytes,
                                               const PlanRequest &request) {
  return Planner(file, bytes, request).run();
}
