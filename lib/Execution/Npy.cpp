//===- Npy.cpp - Tensors in files of NumPy's format -----------------------===//
//
// Part of Serenity, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "serenity/Execution/Npy.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/Endian.h"
#include "llvm/Support/FileUtilities.h"
#include "llvm/Support/FormatVariadic.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/raw_ostream.h"

using namespace llvm;
using namespace serenity;

static constexpr StringLiteral kMagic = "\x93NUMPY";
/// The header ends at a multiple of this.
static constexpr size_t kHeaderAlignment = 64;
/// As NumPy's.
static constexpr size_t kMaxRank = 64;

using Kind = ElementType::Kind;
static constexpr std::pair<StringLiteral, ElementType> kTypes[] = {
    {"|i1", {Kind::Signed, 1}}, {"|u1", {Kind::Unsigned, 1}},
    {"<i2", {Kind::Signed, 2}}, {"<u2", {Kind::Unsigned, 2}},
    {"<i4", {Kind::Signed, 4}}, {"<u4", {Kind::Unsigned, 4}},
    {"<i8", {Kind::Signed, 8}}, {"<u8", {Kind::Unsigned, 8}},
    {"<f2", {Kind::Float, 2}},  {"<f4", {Kind::Float, 4}},
    {"<f8", {Kind::Float, 8}}};

template <typename... Ts>
static Error createError(const char *format, Ts &&...arguments) {
  return createStringError(formatv(format, std::forward<Ts>(arguments)...));
}

//===----------------------------------------------------------------------===//
// Reading
//===----------------------------------------------------------------------===//

namespace {

/// Reads the dictionary of a header.
class HeaderParser {
public:
  explicit HeaderParser(StringRef text) : rest(text) {}

  Expected<TensorShape> parse();

private:
  /// Skips blanks and takes `token` if it comes next.
  bool consume(StringRef token) {
    rest = rest.ltrim(" \n");
    return rest.consume_front(token);
  }
  bool parseString(StringRef &value);
  bool parseSizes(std::vector<int64_t> &sizes);
  /// A key with its value.
  bool parseEntry();
  Expected<ElementType> getElementType() const;

  StringRef rest;
  std::optional<StringRef> descr;
  std::optional<bool> isFortranOrder;
  std::optional<std::vector<int64_t>> sizes;
};

} // namespace

bool HeaderParser::parseString(StringRef &value) {
  const StringRef quote = consume("'") ? "'" : consume("\"") ? "\"" : "";
  const size_t end = quote.empty() ? StringRef::npos : rest.find(quote);
  if (end == StringRef::npos)
    return false;
  value = rest.take_front(end);
  rest = rest.drop_front(end + 1);
  return true;
}

bool HeaderParser::parseSizes(std::vector<int64_t> &sizes) {
  if (!consume("("))
    return false;
  while (!consume(")")) {
    int64_t size = 0;
    rest = rest.ltrim(" \n");
    if (rest.consumeInteger(10, size) || size < 0)
      return false;
    sizes.push_back(size);
    if (!consume(",") && !rest.starts_with(")"))
      return false;
  }
  return true;
}

bool HeaderParser::parseEntry() {
  StringRef key;
  if (!parseString(key) || !consume(":"))
    return false;
  if (key == "descr" && !descr)
    return parseString(descr.emplace());
  if (key == "shape" && !sizes)
    return parseSizes(sizes.emplace());
  if (key != "fortran_order" || isFortranOrder)
    return false;
  isFortranOrder = consume("True");
  return *isFortranOrder || consume("False");
}

Expected<ElementType> HeaderParser::getElementType() const {
  for (const auto &[name, type] : kTypes)
    if (*descr == name)
      return type;
  std::string escaped;
  raw_string_ostream os(escaped);
  printEscapedString(*descr, os);
  return createError("element type '{0}' is not supported", escaped);
}

Expected<TensorShape> HeaderParser::parse() {
  bool isValid = consume("{");
  while (isValid && !consume("}"))
    isValid = parseEntry() && (consume(",") || rest.starts_with("}"));
  if (!isValid || !rest.trim(" \n").empty() || !descr || !isFortranOrder ||
      !sizes)
    return createError("the header is not a dictionary of descr, "
                       "fortran_order and shape");
  if (sizes->size() > kMaxRank)
    return createError("{0} dimensions are more than {1}", sizes->size(),
                       kMaxRank);
  if (*isFortranOrder)
    return createError("elements in Fortran's order are not supported");
  Expected<ElementType> element = getElementType();
  if (!element)
    return element.takeError();
  return TensorShape{*element, std::move(*sizes)};
}

/// Cuts magic, version and the header off `file` and returns the header.
static Expected<StringRef> takeHeader(StringRef &file) {
  if (!file.consume_front(kMagic) || file.size() < 2)
    return createError("not a .npy file");
  const unsigned version = static_cast<uint8_t>(file[0]);
  if (version < 1 || version > 3)
    return createError("format version {0} is not supported", version);
  file = file.drop_front(2);
  const size_t lengthBytes = version == 1 ? 2 : 4;
  if (file.size() < lengthBytes)
    return createError("the file ends in its header");
  const size_t length = version == 1 ? support::endian::read16le(file.data())
                                     : support::endian::read32le(file.data());
  file = file.drop_front(lengthBytes);
  if (file.size() < length)
    return createError("the header of {0} bytes has only {1}", length,
                       file.size());
  const StringRef header = file.take_front(length);
  file = file.drop_front(length);
  return header;
}

Expected<HostTensor> serenity::parseNpy(StringRef file) {
  Expected<StringRef> header = takeHeader(file);
  if (!header)
    return header.takeError();
  Expected<TensorShape> shape = HeaderParser(*header).parse();
  if (!shape)
    return shape.takeError();
  const std::optional<int64_t> bytes = shape->countBytes();
  if (!bytes)
    return createError("the shape has more than 2^63 bytes");
  if (static_cast<uint64_t>(*bytes) != file.size())
    return createError("{0} bytes of elements where {1} has {2}", file.size(),
                       shape->str(), *bytes);
  return HostTensor{std::move(*shape), {file.begin(), file.end()}};
}

Expected<HostTensor> serenity::readNpy(StringRef path) {
  ErrorOr<std::unique_ptr<MemoryBuffer>> file =
      MemoryBuffer::getFile(path, /*IsText=*/false,
                            /*RequiresNullTerminator=*/false);
  if (!file)
    return createFileError(path, file.getError());
  Expected<HostTensor> tensor = parseNpy((*file)->getBuffer());
  if (!tensor)
    return createFileError(path, tensor.takeError());
  return tensor;
}

//===----------------------------------------------------------------------===//
// Writing
//===----------------------------------------------------------------------===//

/// Signless integers are written as signed ones.
static StringRef getTypeName(ElementType type) {
  if (type.kind == Kind::Signless)
    type.kind = Kind::Signed;
  return find_if(kTypes, [&](auto &entry) { return entry.second == type; })
      ->first;
}

static std::string printHeader(const TensorShape &shape) {
  std::string text;
  raw_string_ostream os(text);
  os << "{'descr': '" << getTypeName(shape.element)
     << "', 'fortran_order': False, 'shape': (";
  interleave(shape.sizes, os, ", ");
  // Python wants a comma in tuples of one.
  os << (shape.sizes.size() == 1 ? ",), }" : "), }");
  return text;
}

std::string serenity::printNpy(const HostTensor &tensor) {
  std::string header = printHeader(tensor.shape);
  constexpr size_t kBeforeHeader = kMagic.size() + 2 + 2;
  const size_t end =
      alignTo(kBeforeHeader + header.size() + 1, kHeaderAlignment);
  header.resize(end - kBeforeHeader - 1, ' ');
  header += '\n';
  std::string file = kMagic.str();
  file += {'\x01', '\x00', static_cast<char>(header.size() & 0xff),
           static_cast<char>(header.size() >> 8)};
  file += header;
  file.append(tensor.data.begin(), tensor.data.end());
  return file;
}

Error serenity::writeNpy(StringRef path, const HostTensor &tensor) {
  Error error = writeToOutput(path, [&](raw_ostream &os) {
    os << printNpy(tensor);
    return Error::success();
  });
  return error ? createFileError(path, std::move(error)) : Error::success();
}
