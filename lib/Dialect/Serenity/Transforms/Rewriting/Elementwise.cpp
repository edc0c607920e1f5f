//===- Elementwise.cpp - Elementwise kernels, one piece at a time ---------===//
//
// Part of Serenity, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Pieces.h"
#include "mlir/IR/IRMapping.h"
#include "serenity/Dialect/Serenity/Transforms/Rewriting/Patterns.h"

using namespace mlir;
using namespace serenity;

namespace {

/// How the result of an elementwise kernel is divided: dimension `axis` of the
/// result into `ranges`.
struct Division {
  int64_t axis;
  SmallVector<Range> ranges;
};

RankedTensorType getResultType(Operation *op) {
  return cast<RankedTensorType>(op->getResult(0).getType());
}

/// The dimension of `operand` that is dimension `axis` of the result of `op`;
/// negative if it is repeated along that. Shapes are aligned at their ends.
int64_t getOperandAxis(Operation *op, Value operand, int64_t axis) {
  return axis - getResultType(op).getRank() +
         cast<RankedTensorType>(operand.getType()).getRank();
}

/// Whether the same elements of `operand` serve every index of dimension `axis`
/// of the result of `op`.
bool isRepeated(Operation *op, Value operand, int64_t axis) {
  const int64_t operandAxis = getOperandAxis(op, operand, axis);
  return operandAxis < 0 ||
         (cast<RankedTensorType>(operand.getType()).getDimSize(operandAxis) ==
              1 &&
          getResultType(op).getDimSize(axis) != 1);
}

/// The division that the first concatenation among the operands of `op` asks
/// for; nothing if there is none.
std::optional<Division> findDivision(Operation *op) {
  for (Value operand : op->getOperands()) {
    std::optional<Pieces> pieces = matchConcat(operand);
    if (!pieces)
      continue;
    const int64_t rank = cast<RankedTensorType>(operand.getType()).getRank();
    Division division{pieces->axis + getResultType(op).getRank() - rank, {}};
    if (isRepeated(op, operand, division.axis))
      continue;
    for (const Piece &piece : pieces->parts)
      division.ranges.push_back(piece.range);
    return division;
  }
  return std::nullopt;
}

/// The pieces of `operand` if they are those of `division`.
std::optional<Pieces> matchPieces(Operation *op, Value operand,
                                  const Division &division) {
  std::optional<Pieces> pieces = matchConcat(operand);
  if (!pieces || pieces->axis != getOperandAxis(op, operand, division.axis) ||
      !llvm::equal(pieces->parts, division.ranges,
                   [](const Piece &piece, const Range &range) {
                     return piece.range == range;
                   }))
    return std::nullopt;
  return pieces;
}

/// Fails with a reason if `operand` of `op` cannot be divided.
LogicalResult checkOperand(RewriterBase &rewriter, OpOperand &operand,
                           const Division &division) {
  Operation *op = operand.getOwner();
  Value value = operand.get();
  if (std::optional<Pieces> pieces = matchPieces(op, value, division))
    return checkPieceTypes(rewriter, op, *pieces,
                           cast<RankedTensorType>(value.getType()));
  if (isRepeated(op, value, division.axis))
    return success();
  if (value.getDefiningOp<WeightOp>())
    return checkSliceable(rewriter, op, value, "operand");
  return rewriter.notifyMatchFailure(op, [&](Diagnostic &reason) {
    reason << "operand #" << operand.getOperandNumber()
           << " is neither a constant nor a concatenation of as many elements "
              "each";
  });
}

/// The part of `operand` of `op` that makes part `number` of the result.
Value getOperandPart(RewriterBase &rewriter, Operation *op, Value operand,
                     const Division &division, size_t number) {
  if (std::optional<Pieces> pieces = matchPieces(op, operand, division))
    return pieces->parts[number].value;
  if (isRepeated(op, operand, division.axis))
    return operand;
  return sliceWeight(rewriter, operand,
                     getOperandAxis(op, operand, division.axis),
                     division.ranges[number]);
}

/// What the kind of kernel has against a division along `axis`; null if
/// nothing.
const char *findObstacle(Operation *op, int64_t axis) {
  auto pad = dyn_cast<PadOp>(op);
  if (pad && (pad.getLow()[axis] != 0 || pad.getHigh()[axis] != 0))
    return "it pads the dimension of the concatenation";
  return nullptr;
}

Value makePart(RewriterBase &rewriter, Operation *op, const Division &division,
               size_t number) {
  IRMapping mapping;
  for (Value operand : op->getOperands())
    mapping.map(operand,
                getOperandPart(rewriter, op, operand, division, number));
  Operation *part = rewriter.clone(*op, mapping);
  part->setLoc(getPartLocation(op->getLoc(), number));
  part->getResult(0).setType(
      getPartType(getResultType(op), division.axis, division.ranges[number]));
  return part->getResult(0);
}

LogicalResult partition(Operation *op, PatternRewriter &rewriter) {
  std::optional<Division> division = findDivision(op);
  if (!division)
    return failure();
  if (const char *obstacle = findObstacle(op, division->axis))
    return rewriter.notifyMatchFailure(op, obstacle);
  for (OpOperand &operand : op->getOpOperands())
    if (failed(checkOperand(rewriter, operand, *division)))
      return failure();
  const SmallVector<Value> operands(op->getOperands());
  SmallVector<Value> parts;
  for (size_t number = 0; number < division->ranges.size(); ++number)
    parts.push_back(makePart(rewriter, op, *division, number));
  rewriter.replaceOpWithNewOp<ConcatOp>(op, getResultType(op), parts,
                                        division->axis);
  eraseDead(rewriter, operands);
  return success();
}

template <typename ElementwiseOp>
class ElementwisePartitioning : public OpRewritePattern<ElementwiseOp> {
public:
  using OpRewritePattern<ElementwiseOp>::OpRewritePattern;

  LogicalResult matchAndRewrite(ElementwiseOp op,
                                PatternRewriter &rewriter) const override {
    return partition(op, rewriter);
  }
};

} // namespace

void serenity::populateElementwisePatterns(RewritePatternSet &patterns) {
  patterns.add<ElementwisePartitioning<AddOp>, ElementwisePartitioning<MulOp>,
               ElementwisePartitioning<SumOp>, ElementwisePartitioning<ClampOp>,
               ElementwisePartitioning<PadOp>>(patterns.getContext());
}
