//===- MemoryPlanTest.cpp -------------------------------------------------===//
//
// Part of Serenity, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "serenity/Core/Plan/MemoryPlan.h"
#include "Instances.h"
#include "RandomGraph.h"
#include "serenity/Core/Schedule/Schedule.h"

#include "gmock/gmock.h"

using namespace serenity::core;
using testing::HasSubstr;

namespace {

constexpr int64_t kNone = MemoryPlan::kNoOffset;

MemoryPlanOptions alignedTo(int64_t alignment) {
  MemoryPlanOptions options;
  options.alignment = alignment;
  return options;
}

/// x -> a -> y with 5 bytes of scratch, and an input that nobody reads.
Graph makeChain(bool inPlace) {
  GraphBuilder builder;
  const BufferId x = builder.addBuffer({"x", 20, /*isInput=*/true});
  const BufferId unread = builder.addBuffer({"unread", 3, /*isInput=*/true});
  const BufferId order = builder.addBuffer({"order", 0});
  const BufferId y =
      builder.addBuffer({"y", 20, /*isInput=*/false, /*isOutput=*/true});
  OpSpec first{"first", {x}, {order}};
  OpSpec second{"second", {x, order}, {y}, /*scratchBytes=*/5};
  if (inPlace)
    second.mayOverwrite = {x};
  builder.addOp(std::move(first));
  builder.addOp(std::move(second));
  EXPECT_EQ(unread, BufferId(1));
  return *std::move(builder).build();
}

TEST(MemoryPlanTest, PlacesBuffersAndScratch) {
  const Graph graph = makeChain(/*inPlace=*/false);
  const auto plan = planMemory(graph, sourceOrder(graph), alignedTo(1));
  ASSERT_TRUE(plan.ok()) << plan.status();
  EXPECT_EQ(plan->arenaBytes, 45);
  EXPECT_EQ(plan->alignedPeakBytes, 45);
  EXPECT_TRUE(plan->isProvenOptimal());
  EXPECT_EQ(plan->bufferOffsets[2], kNone);
  EXPECT_EQ(plan->scratchOffsets[0], kNone);
  EXPECT_NE(plan->scratchOffsets[1], kNone);
}

TEST(MemoryPlanTest, RoundsSizesUpToTheAlignment) {
  const Graph graph = makeChain(/*inPlace=*/false);
  const auto plan = planMemory(graph, sourceOrder(graph), alignedTo(16));
  ASSERT_TRUE(plan.ok()) << plan.status();
  EXPECT_EQ(plan->footprint.peakBytes, 45);
  // 32 + 32 + 5 on top, or 32 + 16 + 20.
  EXPECT_EQ(plan->alignedPeakBytes, 68);
  EXPECT_EQ(plan->arenaBytes, 68);
}

TEST(MemoryPlanTest, PutsAResultInThePlaceOfItsOperand) {
  const Graph graph = makeChain(/*inPlace=*/true);
  const auto plan = planMemory(graph, sourceOrder(graph), alignedTo(1));
  ASSERT_TRUE(plan.ok()) << plan.status();
  EXPECT_EQ(plan->arenaBytes, 25);
  EXPECT_EQ(plan->bufferOffsets[0], plan->bufferOffsets[3]);
}

TEST(MemoryPlanTest, AGraphWithoutOperationsHasItsInputs) {
  GraphBuilder builder;
  builder.addBuffer({"x", 16, /*isInput=*/true, /*isOutput=*/true});
  builder.addBuffer({"y", 16, /*isInput=*/true});
  const Graph graph = *std::move(builder).build();
  const auto plan = planMemory(graph, {}, alignedTo(16));
  ASSERT_TRUE(plan.ok()) << plan.status();
  EXPECT_EQ(plan->arenaBytes, 32);
}

TEST(MemoryPlanTest, AnImpossibleCapacityHasAConflict) {
  const Graph graph = makeChain(/*inPlace=*/false);
  MemoryPlanOptions options = alignedTo(1);
  options.arena.capacityBytes = 44;
  const auto plan = planMemory(graph, sourceOrder(graph), options);
  ASSERT_TRUE(plan.ok()) << plan.status();
  EXPECT_EQ(plan->stop, ArenaStop::Infeasible);
  EXPECT_EQ(plan->lowerBoundBytes, 45);
  ASSERT_EQ(plan->conflict.size(), 3u);
  EXPECT_EQ(plan->conflict[2].name, "second (scratch)");
}

TEST(MemoryPlanTest, RefusesWhatIsWrong) {
  const Graph graph = makeChain(/*inPlace=*/false);
  EXPECT_THAT(
      std::string(planMemory(graph, {OpId(1), OpId(0)}, {}).status().message()),
      HasSubstr("before 'first'"));
  EXPECT_THAT(
      planMemory(graph, sourceOrder(graph), alignedTo(3)).status().message(),
      HasSubstr("alignment of 3"));
}

TEST(MemoryPlanTest, RandomGraphsFitAndNeedTheirPeak) {
  for (uint64_t seed = 0; seed < serenity::instances(10'000u); ++seed) {
    SCOPED_TRACE(testing::Message() << "seed " << seed);
    const Graph graph = RandomGraph::make(seed);
    const auto schedule = computeSchedule(graph, ScheduleOptions());
    ASSERT_TRUE(schedule.ok());
    const auto plan = planMemory(graph, schedule->order, alignedTo(1));
    ASSERT_TRUE(plan.ok()) << plan.status();
    EXPECT_GE(plan->lowerBoundBytes, schedule->peakBytes);
    EXPECT_TRUE(plan->isProvenOptimal());
    ASSERT_FALSE(HasFailure());
  }
}

/// Judges plans byte by byte and moment by moment.
class ByteChecker {
public:
  ByteChecker(const Graph &graph, const MemoryPlan &plan, int64_t alignment)
      : graph(graph), plan(plan), alignment(alignment),
        lifetimes(computeFootprint(graph, plan.order)->lifetimes) {}

  bool isLegal() {
    const int32_t numSteps = static_cast<int32_t>(plan.order.size());
    for (step = -1; step < numSteps; ++step)
      if (!isMomentLegal())
        return false;
    return true;
  }

private:
  bool isMomentLegal() {
    users.assign(plan.arenaBytes, std::nullopt);
    // What was there already comes before what is born.
    for (bool born : {false, true})
      for (BufferId buffer : graph.bufferIds())
        if (isAlive(buffer) && isBorn(buffer) == born &&
            !occupy(buffer, plan.bufferOffsets[buffer.index()],
                    graph.bytes(buffer)))
          return false;
    return step < 0 ||
           occupy(BufferId(), plan.scratchOffsets[plan.order[step].index()],
                  graph.scratchBytes(plan.order[step]));
  }

  bool isAlive(BufferId buffer) const {
    return step < 0 ? graph.isInput(buffer)
                    : lifetimes[buffer.index()].first <= step &&
                          step <= lifetimes[buffer.index()].last;
  }
  bool isBorn(BufferId buffer) const {
    return !graph.isInput(buffer) && lifetimes[buffer.index()].first == step;
  }

  bool occupy(BufferId buffer, int64_t offset, int64_t bytes) {
    if (bytes > 0 && (offset < 0 || offset % alignment != 0 ||
                      offset + bytes > plan.arenaBytes))
      return false;
    for (int64_t i = offset; i < offset + bytes; ++i) {
      if (users[i] && !mayReplace(*users[i], buffer, offset))
        return false;
      users[i] = buffer;
    }
    return true;
  }

  bool mayReplace(BufferId operand, BufferId result, int64_t offset) const {
    auto has = [](absl::Span<const BufferId> list, BufferId buffer) {
      return std::count(list.begin(), list.end(), buffer) > 0;
    };
    if (step < 0 || operand == BufferId() || result == BufferId())
      return false;
    const OpId op = plan.order[step];
    return has(graph.mayOverwrite(op), operand) &&
           has(graph.writes(op), result) && isBorn(result) &&
           !graph.isOutput(operand) &&
           lifetimes[operand.index()].last == step &&
           plan.bufferOffsets[operand.index()] == offset;
  }

  const Graph &graph;
  const MemoryPlan &plan;
  const int64_t alignment;
  const std::vector<Lifetime> lifetimes;
  int32_t step = -1;
  /// By byte: who is there; no id stands for scratch.
  std::vector<std::optional<BufferId>> users;
};

bool isLegal(const Graph &graph, const MemoryPlan &plan, int64_t alignment) {
  return ByteChecker(graph, plan, alignment).isLegal();
}

/// Changes the arena and some offsets a little.
void mutate(MemoryPlan &plan, RandomSource &random) {
  plan.arenaBytes = std::max<int64_t>(0, plan.arenaBytes + random.below(3) - 1);
  for (std::vector<int64_t> *offsets :
       {&plan.bufferOffsets, &plan.scratchOffsets})
    if (!offsets->empty() && random.chance(0.6))
      (*offsets)[random.below(offsets->size())] =
          random.below(plan.arenaBytes + 2) - 1;
}

TEST(MemoryPlanTest, TheVerifierJudgesMutatedPlansByTheDefinition) {
  int64_t numLegal = 0, numIllegal = 0;
  for (uint64_t seed = 0; seed < serenity::instances(6'000u); ++seed) {
    SCOPED_TRACE(testing::Message() << "seed " << seed);
    RandomSource random(seed);
    const Graph graph = RandomGraph::make(seed);
    const int64_t alignment = int64_t{1} << random.below(2);
    const auto schedule = computeSchedule(graph, ScheduleOptions());
    auto plan = planMemory(graph, schedule->order, alignedTo(alignment));
    ASSERT_TRUE(plan.ok()) << plan.status();
    EXPECT_TRUE(isLegal(graph, *plan, alignment));
    mutate(*plan, random);
    const bool isFine = isLegal(graph, *plan, alignment);
    ++(isFine ? numLegal : numIllegal);
    EXPECT_EQ(verifyMemoryPlan(graph, *plan, alignment).ok(), isFine);
    ASSERT_FALSE(HasFailure());
  }
  EXPECT_GT(numLegal, serenity::instances(1000));
  EXPECT_GT(numIllegal, serenity::instances(1000));
}

} // namespace
