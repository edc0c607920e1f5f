//===- DeviceFileTest.cpp - Devices as JSON -------------------------------===//
//
// Part of Serenity, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "serenity/Analysis/DeviceFile.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/FormatVariadic.h"
#include "llvm/Support/JSON.h"
#include "llvm/Support/MemoryBuffer.h"

#include "gtest/gtest.h"

namespace serenity {
namespace {

namespace json = llvm::json;

constexpr const char *deviceNames[] = {"cortex-m4-180mhz", "cortex-m7-480mhz",
                                       "ethos-u55-128", "x86-64-host"};

std::string pathOf(llvm::StringRef name) {
  return (llvm::Twine(SERENITY_DEVICES "/") + name).str();
}

json::Object readObject(llvm::StringRef name) {
  auto file = llvm::MemoryBuffer::getFile(pathOf(name));
  return *llvm::cantFail(json::parse((*file)->getBuffer())).getAsObject();
}

json::Object makeRoofline() {
  return json::Object{
      {"name", "board"},
      {"kind", "roofline"},
      {"fast_memory_bytes", 1024},
      {"slow_bytes_per_us", 10.5},
      {"alignment", 16},
      {"relative_stddev", 0.25},
      {"common_relative_stddev", 0.75},
      {"sources", json::Object{{"roofline.launch_us", "a guess"}}},
      {"roofline", json::Object{{"macs_per_us", 100},
                                {"bytes_per_us", 20},
                                {"weight_bytes_per_us", 5},
                                {"launch_us", 2}}}};
}

json::Object makeTable() {
  json::Object device = makeRoofline();
  device.erase("sources");
  device.erase("roofline");
  device["kind"] = "table";
  device["table"] = json::Array{
      json::Object{{"signature", "conv"}, {"microseconds", 30}, {"stddev", 2}}};
  return device;
}

json::Object makeLinear() {
  json::Object device = makeTable();
  device.erase("table");
  device["kind"] = "linear";
  device["linear"] = json::Object{{"us_per_launch", 1},
                                  {"us_per_mac", 0.01},
                                  {"us_per_read_byte", 0.1},
                                  {"us_per_written_byte", 0.2},
                                  {"us_per_weight_byte", 0.5}};
  return device;
}

json::Object makeAdapted() {
  json::Object device = makeTable();
  device.erase("table");
  device["kind"] = "gp";
  json::Array samples;
  for (int64_t i = 1; i <= 4; ++i)
    samples.push_back(json::Object{{"signature", "conv"},
                                   {"macs", 1000 * i},
                                   {"read_bytes", 10 * i},
                                   {"written_bytes", 10},
                                   {"weight_bytes", 5},
                                   {"microseconds", 25 * i}});
  device["gp"] =
      json::Object{{"proxy", makeRoofline()}, {"samples", std::move(samples)}};
  return device;
}

/// What is wrong with `device`; empty if nothing is.
std::string faultOf(json::Object device) {
  const std::string text = llvm::formatv("{0}", json::Value(std::move(device)));
  llvm::Expected<core::DeviceDescription> parsed = parseDevice(text);
  return parsed ? "" : llvm::toString(parsed.takeError());
}

TEST(DeviceFileTest, readsTheDevicesOfTheProject) {
  for (const char *name : deviceNames) {
    SCOPED_TRACE(name);
    llvm::Expected<core::DeviceDescription> device =
        readDevice(pathOf(std::string(name) + ".json"));
    ASSERT_TRUE(bool(device)) << llvm::toString(device.takeError());
    EXPECT_TRUE(core::makePredictor(*device).ok());
  }
}

TEST(DeviceFileTest, everyFigureOfTheProjectHasItsSource) {
  for (const char *name : deviceNames) {
    SCOPED_TRACE(name);
    const json::Object device = readObject(std::string(name) + ".json");
    const json::Object &sources = *device.getObject("sources");
    for (const char *field :
         {"fast_memory_bytes", "slow_bytes_per_us", "alignment",
          "relative_stddev", "common_relative_stddev"})
      EXPECT_TRUE(sources.getString(field)) << field;
    for (const auto &[field, value] : *device.getObject("roofline"))
      EXPECT_TRUE(sources.getString("roofline." + field.str())) << field.str();
  }
}

TEST(DeviceFileTest, readsEveryField) {
  const std::string text = llvm::formatv("{0}", json::Value(makeRoofline()));
  const core::DeviceDescription device = llvm::cantFail(parseDevice(text));
  EXPECT_EQ(device.name, "board");
  EXPECT_EQ(device.fastMemoryBytes, 1024);
  EXPECT_EQ(device.slowBytesPerMicrosecond, 10.5);
  EXPECT_EQ(device.alignment, 16);
  EXPECT_EQ(device.relativeDeviation, 0.25);
  EXPECT_EQ(device.commonRelativeDeviation, 0.75);
  EXPECT_EQ(device.roofline.macsPerMicrosecond, 100);
  EXPECT_EQ(device.roofline.bytesPerMicrosecond, 20);
  EXPECT_EQ(device.roofline.weightBytesPerMicrosecond, 5);
  EXPECT_EQ(device.roofline.launchMicroseconds, 2);
}

TEST(DeviceFileTest, operationsNeedNotShareAnError) {
  json::Object device = makeRoofline();
  device.erase("common_relative_stddev");
  const std::string text = llvm::formatv("{0}", json::Value(std::move(device)));
  EXPECT_EQ(llvm::cantFail(parseDevice(text)).commonRelativeDeviation, 0);
}

TEST(DeviceFileTest, namesFieldValueAndExpectation) {
  json::Object device = makeRoofline();
  device["common_relative_stddev"] = -1;
  EXPECT_EQ(faultOf(device),
            "common_relative_stddev is -1, expected is 0 or more");
  device = makeRoofline();
  (*device.getObject("roofline"))["macs_per_us"] = -3;
  EXPECT_EQ(faultOf(device), "macs_per_us is -3, expected is more than 0");
  (*device.getObject("roofline"))["macs_per_us"] = "fast";
  EXPECT_EQ(faultOf(device), "field 'roofline.macs_per_us' is \"fast\", "
                             "expected is a number");
  device = makeRoofline();
  device["fast_memory_bytes"] = 0.5;
  EXPECT_EQ(faultOf(device),
            "field 'fast_memory_bytes' is 0.5, expected is an integer");
  device = makeRoofline();
  device["kind"] = "magic";
  EXPECT_EQ(faultOf(device), "field 'kind' is \"magic\", expected is table, "
                             "linear, roofline or gp");
  device = makeRoofline();
  (*device.getObject("sources"))["roofline.speed"] = "a book";
  EXPECT_EQ(faultOf(device),
            "field 'sources.roofline.speed' is for a figure that is not there");
  device = makeTable();
  device.getArray("table")->push_back(
      json::Object{{"signature", "conv"}, {"microseconds", 3}});
  EXPECT_EQ(faultOf(device),
            "field 'table[1].signature' is \"conv\", which is there before");
  device = makeAdapted();
  for (int i = 0; i < 2; ++i)
    device.getObject("gp")->getArray("samples")->pop_back();
  EXPECT_EQ(faultOf(device), "there are 2 samples, expected are 3 to 512");
}

TEST(DeviceFileTest, refusesTextsThatAreNoDevices) {
  const auto faultOfText = [](llvm::StringRef text) {
    return llvm::toString(parseDevice(text).takeError());
  };
  EXPECT_EQ(faultOfText("[1]"), "the file holds [1], expected is an object");
  EXPECT_EQ(
      faultOfText(std::string(5000, '[')),
      "objects and arrays are nested 5000 deep, expected are at most 100");
  EXPECT_NE(faultOfText("{\"name\": ").find("[1:9"), std::string::npos);
  const std::string fault =
      llvm::toString(readDevice("/no/such/device.json").takeError());
  EXPECT_NE(fault.find("/no/such/device.json"), std::string::npos);
}

/// Takes the fields of `object`, which `schema` describes, away one by one, and
/// adds one that is in no schema. `fault` tells of the device around.
void checkAgainstSchema(const json::Object &schema, json::Object &object,
                        const std::string &prefix,
                        llvm::function_ref<std::string()> fault) {
  ASSERT_EQ(fault(), "");
  const json::Array &required = *schema.getArray("required");
  const json::Object &properties = *schema.getObject("properties");
  for (const auto &[name, value] : json::Object(object)) {
    EXPECT_TRUE(properties.get(name)) << name.str();
    if (!llvm::is_contained(required, json::Value(name)))
      continue;
    json::Value taken = value;
    object.erase(name);
    EXPECT_EQ(fault(), "field '" + prefix + name.str() + "' is missing");
    object[name] = std::move(taken);
  }
  for (const json::Value &name : required)
    EXPECT_TRUE(object.get(*name.getAsString())) << name.getAsString()->str();
  object["surprise"] = 1;
  EXPECT_EQ(fault(), "field '" + prefix + "surprise' is unknown");
  object.erase("surprise");
}

TEST(DeviceFileTest, agreesWithTheSchema) {
  const json::Object schema = readObject("device.schema.json");
  const json::Object &properties = *schema.getObject("properties");
  const auto schemaOf = [&](llvm::StringRef name) -> const json::Object & {
    return *properties.getObject(name);
  };
  json::Object device = makeRoofline();
  const auto fault = [&] { return faultOf(device); };
  checkAgainstSchema(schema, device, "", fault);
  checkAgainstSchema(schemaOf("roofline"), *device.getObject("roofline"),
                     "roofline.", fault);
  device = makeLinear();
  checkAgainstSchema(schemaOf("linear"), *device.getObject("linear"), "linear.",
                     fault);
  device = makeTable();
  checkAgainstSchema(*schemaOf("table").getObject("items"),
                     *device.getArray("table")->front().getAsObject(),
                     "table[0].", fault);
  device = makeAdapted();
  json::Object &adapted = *device.getObject("gp");
  checkAgainstSchema(schemaOf("gp"), adapted, "gp.", fault);
  checkAgainstSchema(*schemaOf("gp")
                          .getObject("properties")
                          ->getObject("samples")
                          ->getObject("items"),
                     *adapted.getArray("samples")->front().getAsObject(),
                     "gp.samples[0].", fault);
}

} // namespace
} // namespace serenity
