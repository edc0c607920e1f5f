//===- NpyTest.cpp - Tensors in files of NumPy's format -------------------===//
//
// Part of Serenity, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "serenity/Execution/Npy.h"

#include <gmock/gmock.h>

using namespace serenity;
using Kind = ElementType::Kind;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

namespace {

/// A file of version 1 with this header and these elements.
std::string makeFile(const std::string &header, const std::string &elements) {
  std::string file = "\x93NUMPY";
  file += {'\x01', '\x00', static_cast<char>(header.size() & 0xff),
           static_cast<char>(header.size() >> 8)};
  return file + header + elements;
}

std::string getError(const std::string &file) {
  llvm::Expected<HostTensor> tensor = parseNpy(file);
  return tensor ? "" : llvm::toString(tensor.takeError());
}

/// The error on a file with this header.
std::string getHeaderError(const std::string &header) {
  return getError(makeFile(header, ""));
}

TEST(NpyTest, ReadsWhatItWrites) {
  for (Kind kind : {Kind::Signed, Kind::Unsigned, Kind::Float})
    for (int64_t bytes : {1, 2, 4, 8})
      for (std::vector<int64_t> sizes : std::vector<std::vector<int64_t>>{
               {}, {3}, {2, 3}, {0, 5}, {1, 2, 3, 4}}) {
        if (kind == Kind::Float && bytes == 1)
          continue;
        core::RandomSource random(7);
        const HostTensor tensor = drawTensor({{kind, bytes}, sizes}, random);
        auto again = parseNpy(printNpy(tensor));
        ASSERT_TRUE(static_cast<bool>(again)) << tensor.shape.str();
        EXPECT_EQ(again->shape.str(), tensor.shape.str());
        EXPECT_EQ(again->data, tensor.data);
      }
}

TEST(NpyTest, WritesTheBytesThatNumPyWrites) {
  const HostTensor tensor{{{Kind::Signless, 1}, {3}}, {1, 2, -1}};
  const std::string header =
      "{'descr': '|i1', 'fortran_order': False, 'shape': (3,), }";
  EXPECT_EQ(
      printNpy(tensor),
      makeFile(header + std::string(128 - 10 - 1 - header.size(), ' ') + "\n",
               "\x01\x02\xff"));
}

TEST(NpyTest, ReadsHeadersInAnyOrderAndStyle) {
  auto tensor = parseNpy(makeFile(
      "{\"shape\":(2,1),'fortran_order' : False , 'descr':'<u2'}  \n", "abcd"));
  ASSERT_TRUE(static_cast<bool>(tensor));
  EXPECT_EQ(tensor->shape.str(), "2x1xui16");
  EXPECT_THAT(tensor->data, ElementsAre('a', 'b', 'c', 'd'));
}

TEST(NpyTest, ReadsVersionsTwoAndThree) {
  const std::string header =
      "{'descr': '|u1', 'fortran_order': False, 'shape': (1,), }\n";
  for (char version : {'\x02', '\x03'}) {
    std::string file = "\x93NUMPY";
    file += {version, '\0', static_cast<char>(header.size()), '\0', '\0', '\0'};
    EXPECT_THAT(getError(file + header + "x"), IsEmpty());
  }
}

TEST(NpyTest, RefusesWhatIsNoNpyFile) {
  EXPECT_EQ(getError(""), "not a .npy file");
  EXPECT_EQ(getError("\x93NUMPX\x01"), "not a .npy file");
  EXPECT_EQ(getError("\x93NUMPY\x04\x01"), "format version 4 is not supported");
  EXPECT_EQ(getError("\x93NUMPY\x01\x01"), "the file ends in its header");
  EXPECT_EQ(getError("\x93NUMPY\x01\x01\x05\x01 {"),
            "the header of 261 bytes has only 2");
}

TEST(NpyTest, RefusesBrokenHeaders) {
  for (const char *header :
       {"", "{", "{}", "{'descr': '|u1'}", "{'descr': '|u1}",
        "{'descr': '|u1', 'fortran_order': False, 'shape': (1,)",
        "{'descr': '|u1', 'fortran_order': False, 'shape': (1,)} x",
        "{'descr': '|u1', 'fortran_order': None, 'shape': (1,)}",
        "{'descr': '|u1', 'fortran_order': False, 'shape': (-1,)}",
        "{'descr': '|u1', 'fortran_order': False, 'shape': (1 2)}",
        "{'descr': '|u1', 'fortran_order': False, 'shape': [1]}",
        "{'descr': '|u1', 'descr': '|u1', 'fortran_order': False, 'shape': ()}",
        "{'descr': '|u1', 'fortran_order': False, 'shape': (), 'x': 1}",
        "{'descr': '|u1', 'fortran_order': False, "
        "'shape': (99999999999999999999,)}"})
    EXPECT_EQ(
        getHeaderError(header),
        "the header is not a dictionary of descr, fortran_order and shape")
        << header;
}

TEST(NpyTest, RefusesOtherElements) {
  EXPECT_EQ(
      getHeaderError("{'descr': '>f4', 'fortran_order': False, 'shape': ()}"),
      "element type '>f4' is not supported");
  EXPECT_EQ(
      getHeaderError("{'descr': '\n', 'fortran_order': False, 'shape': ()}"),
      "element type '\\0A' is not supported");
  EXPECT_EQ(
      getHeaderError("{'descr': '<f4', 'fortran_order': True, 'shape': ()}"),
      "elements in Fortran's order are not supported");
}

TEST(NpyTest, RefusesElementsThatDoNotFitTheShape) {
  const std::string header =
      "{'descr': '<i2', 'fortran_order': False, 'shape': (2,)}";
  EXPECT_EQ(getError(makeFile(header, "abc")),
            "3 bytes of elements where 2xsi16 has 4");
  EXPECT_EQ(getError(makeFile(header, "abcde")),
            "5 bytes of elements where 2xsi16 has 4");
  EXPECT_EQ(getHeaderError("{'descr': '<i2', 'fortran_order': False, 'shape': "
                           "(4611686018427387904,)}"),
            "the shape has more than 2^63 bytes");
  std::string ones;
  for (int i = 0; i < 65; ++i)
    ones += "1,";
  EXPECT_EQ(
      getHeaderError("{'descr': '<i2', 'fortran_order': False, 'shape': (" +
                     ones + ")}"),
      "65 dimensions are more than 64");
}

TEST(NpyTest, NamesTheFile) {
  auto tensor = readNpy("/nonexistent.npy");
  ASSERT_FALSE(static_cast<bool>(tensor));
  EXPECT_THAT(llvm::toString(tensor.takeError()),
              HasSubstr("/nonexistent.npy"));
}

} // namespace
