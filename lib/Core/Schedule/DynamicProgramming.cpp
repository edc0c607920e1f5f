//===- DynamicProgramming.cpp - Ahn et al., as published ------------------===//
//
// Part of Serenity, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "DynamicProgramming.h"

#include "Heuristics.h"
#include "Portfolio.h"
#include "Waists.h"

#include "absl/algorithm/container.h"
#include "absl/container/flat_hash_map.h"
#include "absl/container/inlined_vector.h"
#include "absl/numeric/bits.h"
#include "serenity/Core/Graph/Footprint.h"

#include <algorithm>
#include <memory>
#include <numeric>

using namespace serenity::core;

namespace {

/// Operations of a part, by their position in it.
class OpSet {
public:
  explicit OpSet(size_t numOps) : words((numOps + 63) / 64) {}

  bool contains(size_t op) const { return words[op / 64] >> (op % 64) & 1; }
  void insert(size_t op) { words[op / 64] |= uint64_t{1} << (op % 64); }
  void erase(size_t op) { words[op / 64] &= ~(uint64_t{1} << (op % 64)); }

  /// Calls `callback(size_t)` for each operation, ascending.
  template <typename Callback> void forEach(Callback callback) const {
    for (size_t i = 0; i < words.size(); ++i)
      for (uint64_t rest = words[i]; rest != 0; rest &= rest - 1)
        callback(64 * i + absl::countr_zero(rest));
  }

  /// Bytes outside the object itself.
  size_t heapBytes() const {
    return words.size() > kInlineWords ? words.size() * sizeof(uint64_t) : 0;
  }

  friend bool operator==(const OpSet &a, const OpSet &b) {
    return a.words == b.words;
  }
  template <typename H> friend H AbslHashValue(H state, const OpSet &set) {
    return H::combine(std::move(state), set.words);
  }

private:
  /// Parts of up to 128 operations do without the heap.
  static constexpr size_t kInlineWords = 2;
  absl::InlinedVector<uint64_t, kInlineWords> words;
};

/// Partial orders of a part that have run the same operations.
struct State {
  /// The zero-indegree set.
  OpSet ready;
  OpSet done;
  int64_t liveBytes;
  /// The least peak of them.
  int64_t peakBytes;
};

/// The last operation of a partial order, and the state before it.
struct Link {
  int32_t parent;
  int32_t op;
};

/// A run of operations between two cuts of every order, with all others either
/// before or after it.
class Part {
public:
  /// `places` says of each operation of the graph where it is: its position in
  /// `ops`, kEarlier or kLater. All must outlive this.
  Part(const Graph &graph, absl::Span<const OpId> ops,
       const std::vector<int32_t> &places, int64_t liveBytes)
      : graph(graph), ops(ops), places(places), liveBytes(liveBytes) {}

  static constexpr int32_t kEarlier = -1;
  static constexpr int32_t kLater = -2;

  size_t size() const { return ops.size(); }
  OpId op(size_t index) const { return ops[index]; }

  State start() const {
    State state{OpSet(size()), OpSet(size()), liveBytes, liveBytes};
    for (size_t op = 0; op < size(); ++op)
      if (isReady(op, state.done))
        state.ready.insert(op);
    return state;
  }

  /// The memory of `state` once it runs `op`; its sets are left alone.
  struct Step {
    int64_t liveBytes, peakBytes;
  };
  Step evaluate(const State &state, size_t op) const {
    int64_t born = 0, dying = 0;
    for (BufferId buffer : graph.writes(ops[op])) {
      born += isBorn(buffer, state.done) ? 0 : graph.bytes(buffer);
      dying += diesWith(op, buffer, state.done) ? graph.bytes(buffer) : 0;
    }
    for (BufferId buffer : graph.reads(ops[op]))
      dying += diesWith(op, buffer, state.done) ? graph.bytes(buffer) : 0;
    const bool isInPlace =
        absl::c_any_of(graph.mayOverwrite(ops[op]), [&](BufferId operand) {
          return diesWith(op, operand, state.done);
        });
    const int64_t cost =
        state.liveBytes + (isInPlace ? 0 : born) + graph.scratchBytes(ops[op]);
    return {state.liveBytes + born - dying, std::max(state.peakBytes, cost)};
  }

  /// `state` after it has run `op`, which must be ready.
  State run(const State &state, size_t op, const Step &step) const {
    State next{state.ready, state.done, step.liveBytes, step.peakBytes};
    next.ready.erase(op);
    next.done.insert(op);
    for (BufferId buffer : graph.writes(ops[op]))
      for (OpId reader : graph.readers(buffer))
        if (const int32_t place = places[reader.index()];
            place >= 0 && isReady(place, next.done))
          next.ready.insert(place);
    return next;
  }

private:
  bool hasRun(OpId op, const OpSet &done) const {
    const int32_t place = places[op.index()];
    return place >= 0 ? done.contains(place) : place == kEarlier;
  }

  bool isReady(size_t op, const OpSet &done) const {
    return absl::c_all_of(graph.reads(ops[op]), [&](BufferId buffer) {
      return absl::c_all_of(graph.writers(buffer),
                            [&](OpId writer) { return hasRun(writer, done); });
    });
  }

  bool isBorn(BufferId buffer, const OpSet &done) const {
    return graph.isInput(buffer) ||
           absl::c_any_of(graph.writers(buffer),
                          [&](OpId writer) { return hasRun(writer, done); });
  }

  bool diesWith(size_t op, BufferId buffer, const OpSet &done) const {
    auto isOver = [&](OpId user) {
      return user == ops[op] || hasRun(user, done);
    };
    return !graph.isOutput(buffer) &&
           absl::c_all_of(graph.writers(buffer), isOver) &&
           absl::c_all_of(graph.readers(buffer), isOver);
  }

  const Graph &graph;
  absl::Span<const OpId> ops;
  const std::vector<int32_t> &places;
  const int64_t liveBytes;
};

/// The states after some number of operations.
class Layer {
public:
  Layer(bool mergeStates, SearchLimits &limits)
      : mergeStates(mergeStates), limits(limits) {}
  ~Layer() { limits.addTableBytes(-tableBytes); }
  Layer(const Layer &) = delete;

  absl::Span<const State> states() const { return list; }
  const std::vector<Link> &lastLinks() const { return links; }

  /// Adds `state`, or keeps the better of it and its equal.
  void add(State state, Link link) {
    if (mergeStates) {
      const int32_t number = static_cast<int32_t>(list.size());
      const auto [entry, isNew] = numbers.try_emplace(state.ready, number);
      if (!isNew)
        return improve(entry->second, state, link);
    }
    const int64_t bytes = bytesOf(state);
    tableBytes += bytes;
    limits.addTableBytes(bytes);
    list.push_back(std::move(state));
    links.push_back(link);
  }

private:
  /// Counts entries twice, since tables are half empty after they grow.
  static int64_t bytesOf(const State &state) {
    constexpr size_t kEntryBytes =
        sizeof(State) + sizeof(std::pair<OpSet, int32_t>);
    return static_cast<int64_t>(2 * kEntryBytes + 3 * state.done.heapBytes());
  }

  void improve(int32_t number, const State &state, Link link) {
    if (state.peakBytes >= list[number].peakBytes)
      return;
    list[number].peakBytes = state.peakBytes;
    links[number] = link;
  }

  const bool mergeStates;
  SearchLimits &limits;
  std::vector<State> list;
  std::vector<Link> links;
  absl::flat_hash_map<OpSet, int32_t> numbers;
  int64_t tableBytes = 0;
};

/// Dynamic programming over one part.
class LayeredSearch {
public:
  LayeredSearch(const Part &part, bool mergeStates, SearchLimits &limits)
      : part(part), mergeStates(mergeStates), limits(limits) {}
  ~LayeredSearch() { forget(); }
  LayeredSearch(const LayeredSearch &) = delete;

  enum class Outcome { Solution, NoSolution, LayerTooWide, LimitStruck };
  /// Looks for the best order with a peak of at most `budget`, and gives up at
  /// a layer of more than `maxLayerStates`.
  Outcome run(int64_t budget, int64_t maxLayerStates) {
    forget();
    auto layer = std::make_unique<Layer>(mergeStates, limits);
    layer->add(part.start(), Link{-1, -1});
    for (size_t step = 0; step < part.size(); ++step) {
      auto next = std::make_unique<Layer>(mergeStates, limits);
      for (size_t i = 0; i < layer->states().size(); ++i) {
        if (!limits.addState())
          return Outcome::LimitStruck;
        expand(layer->states()[i], static_cast<int32_t>(i), budget, *next);
        if (static_cast<int64_t>(next->states().size()) > maxLayerStates)
          return Outcome::LayerTooWide;
      }
      if (next->states().empty())
        return Outcome::NoSolution;
      remember(next->lastLinks());
      layer = std::move(next);
    }
    finish(layer->states());
    return Outcome::Solution;
  }

  /// After Solution.
  int64_t peakBytes() const { return peak; }
  const std::vector<OpId> &order() const { return found; }

private:
  void expand(const State &state, int32_t number, int64_t budget, Layer &next) {
    state.ready.forEach([&](size_t op) {
      const Part::Step step = part.evaluate(state, op);
      if (step.peakBytes <= budget)
        next.add(part.run(state, op, step), {number, static_cast<int32_t>(op)});
    });
  }

  void remember(std::vector<Link> links) {
    history.push_back(std::move(links));
    limits.addTableBytes(bytesOf(history.back()));
  }

  void forget() {
    for (const std::vector<Link> &links : history)
      limits.addTableBytes(-bytesOf(links));
    history.clear();
  }

  static int64_t bytesOf(const std::vector<Link> &links) {
    return static_cast<int64_t>(links.size() * sizeof(Link));
  }

  /// Walks the links back from the best of the last layer, which has several
  /// states only if they are not merged.
  void finish(absl::Span<const State> last) {
    const auto best =
        absl::c_min_element(last, [](const State &a, const State &b) {
          return a.peakBytes < b.peakBytes;
        });
    peak = best->peakBytes;
    found.resize(part.size());
    size_t number = best - last.begin();
    for (size_t step = part.size(); step-- > 0;) {
      const Link link = history[step][number];
      found[step] = part.op(link.op);
      number = link.parent;
    }
  }

  const Part &part;
  const bool mergeStates;
  SearchLimits &limits;
  std::vector<std::vector<Link>> history;
  int64_t peak = 0;
  std::vector<OpId> found;
};

/// An order of a part, and a bound from below on all its orders.
struct PartSchedule {
  std::vector<OpId> order;
  int64_t peakBytes;
  int64_t lowerBoundBytes;
};

/// Adaptive soft budgeting, or a single search if it is switched off. If a
/// limit strikes, returns `fallback` with the bound that was proved.
PartSchedule searchPart(const Part &part, int64_t hardBudget,
                        const DynamicProgrammingSwitches &switches,
                        int64_t firstMaxLayerStates, SearchLimits &limits,
                        PartSchedule fallback) {
  constexpr int64_t kUnlimited = std::numeric_limits<int64_t>::max();
  using Outcome = LayeredSearch::Outcome;
  LayeredSearch search(part, switches.mergeStates, limits);
  int64_t maxLayerStates =
      switches.softBudget ? firstMaxLayerStates : kUnlimited;
  int64_t givenUp = switches.softBudget ? hardBudget : kUnlimited;
  // No budget below `lowest` has a solution.
  int64_t lowest = 0, budget = givenUp;
  while (true) {
    const Outcome outcome = search.run(budget, maxLayerStates);
    if (outcome == Outcome::Solution)
      return {search.order(), search.peakBytes(), search.peakBytes()};
    if (outcome == Outcome::LimitStruck)
      break;
    if (outcome == Outcome::NoSolution)
      lowest = budget + 1;
    else
      givenUp = budget;
    // What was given up can turn out to have no solution, with more states.
    if (lowest > givenUp)
      givenUp = hardBudget;
    if (lowest == givenUp)
      maxLayerStates *= 2;
    budget = lowest + (givenUp - lowest) / 2;
  }
  fallback.lowerBoundBytes = std::max(fallback.lowerBoundBytes, lowest);
  return fallback;
}

/// The order of a heuristic and the bytes alive at each of its steps.
struct Baseline {
  std::vector<OpId> order;
  Footprint footprint;

  PartSchedule slice(size_t begin, size_t size) const {
    const auto bytes = absl::MakeConstSpan(footprint.stepBytes);
    const auto ops = absl::MakeConstSpan(order).subspan(begin, size);
    int64_t peak = 0;
    for (int64_t stepBytes : bytes.subspan(begin, size))
      peak = std::max(peak, stepBytes);
    return {{ops.begin(), ops.end()}, peak, 0};
  }
};

/// Kahn's order and then those of the portfolio.
absl::StatusOr<std::vector<Baseline>> makeBaselines(const Graph &graph) {
  absl::StatusOr<std::vector<std::vector<OpId>>> orders =
      portfolioOrders(graph);
  if (!orders.ok())
    return orders.status();
  orders->insert(orders->begin(), kahnOrder(graph));
  std::vector<Baseline> result;
  for (std::vector<OpId> &order : *orders) {
    absl::StatusOr<Footprint> footprint = computeFootprint(graph, order);
    if (!footprint.ok())
      return footprint.status();
    result.push_back({std::move(order), *std::move(footprint)});
  }
  return result;
}

/// Bytes alive before each step and after the last. At a cut of every order
/// they are the same for all orders.
std::vector<int64_t> liveBytesBetweenSteps(const Graph &graph,
                                           const Footprint &footprint) {
  const size_t numOps = graph.numOps();
  std::vector<int64_t> live(numOps + 2);
  for (size_t i = 0; i < footprint.lifetimes.size(); ++i) {
    const BufferId buffer(static_cast<int32_t>(i));
    const Lifetime &life = footprint.lifetimes[i];
    live[graph.isInput(buffer) ? 0 : life.first + 1] += graph.bytes(buffer);
    live[graph.isOutput(buffer) ? numOps + 1 : life.last + 1] -=
        graph.bytes(buffer);
  }
  std::partial_sum(live.begin(), live.end(), live.begin());
  return live;
}

/// Schedules the parts of a graph one after the other.
class PartByPart {
public:
  PartByPart(const Graph &graph, const ScheduleOptions &options,
             std::vector<Baseline> kahnAndPortfolio,
             int64_t firstMaxLayerStates, SearchLimits &limits)
      : graph(graph), options(options),
        firstMaxLayerStates(firstMaxLayerStates), limits(limits),
        baselines(std::move(kahnAndPortfolio)),
        liveBytes(liveBytesBetweenSteps(graph, baselines.front().footprint)),
        places(graph.numOps(), Part::kLater) {}

  Schedule run() {
    for (const std::vector<OpId> &ops : parts())
      append(schedulePart(ops));
    if (!result.isProvenOptimal())
      result.lowerBoundBytes =
          std::max(result.lowerBoundBytes, lowerBound(graph));
    result.states = limits.states();
    result.tableBytes = limits.peakTableBytes();
    if (std::optional<StopReason> reason = limits.stopReason())
      result.stopReason = *reason;
    else if (!result.isProvenOptimal())
      result.stopReason = StopReason::BudgetMet;
    return std::move(result);
  }

private:
  std::vector<std::vector<OpId>> parts() const {
    if (options.dynamicProgramming.divideAndConquer)
      return splitAtWaists(graph);
    return {sourceOrder(graph)};
  }

  PartSchedule schedulePart(absl::Span<const OpId> ops) {
    const size_t begin = result.order.size();
    PartSchedule best = baselines.front().slice(begin, ops.size());
    const int64_t hardBudget = best.peakBytes;
    for (const Baseline &baseline : baselines)
      if (PartSchedule other = baseline.slice(begin, ops.size());
          other.peakBytes < best.peakBytes)
        best = std::move(other);
    best.lowerBoundBytes = liveBytes[begin];
    if (options.budgetBytes && best.peakBytes <= *options.budgetBytes)
      return best;
    for (size_t i = 0; i < ops.size(); ++i)
      places[ops[i].index()] = static_cast<int32_t>(i);
    return searchPart(Part(graph, ops, places, liveBytes[begin]), hardBudget,
                      options.dynamicProgramming, firstMaxLayerStates, limits,
                      std::move(best));
  }

  void append(const PartSchedule &part) {
    for (OpId op : part.order)
      places[op.index()] = Part::kEarlier;
    result.order.insert(result.order.end(), part.order.begin(),
                        part.order.end());
    result.peakBytes = std::max(result.peakBytes, part.peakBytes);
    result.lowerBoundBytes =
        std::max(result.lowerBoundBytes, part.lowerBoundBytes);
  }

  const Graph &graph;
  const ScheduleOptions &options;
  const int64_t firstMaxLayerStates;
  SearchLimits &limits;
  const std::vector<Baseline> baselines;
  const std::vector<int64_t> liveBytes;
  std::vector<int32_t> places;
  Schedule result;
};

} // namespace

absl::StatusOr<Schedule> serenity::core::scheduleByDynamicProgramming(
    const Graph &graph, const ScheduleOptions &options, SearchLimits &limits,
    int64_t firstMaxLayerStates) {
  absl::StatusOr<std::vector<Baseline>> baselines = makeBaselines(graph);
  if (!baselines.ok())
    return baselines.status();
  return PartByPart(graph, options, *std::move(baselines), firstMaxLayerStates,
                    limits)
      .run();
}
