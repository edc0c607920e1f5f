//===- DeviceFile.cpp - Devices as JSON -----------------------------------===//
//
// Part of Serenity, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "serenity/Analysis/DeviceFile.h"
#include "serenity/Analysis/Status.h"

#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringSet.h"
#include "llvm/Support/FormatVariadic.h"
#include "llvm/Support/JSON.h"
#include "llvm/Support/MemoryBuffer.h"

using namespace llvm;
using namespace serenity;

/// `text` as part of a message: on one line of ASCII, cut short.
static std::string toPrintable(StringRef text) {
  constexpr size_t longest = 60;
  std::string printable = text.take_front(longest).str();
  for (char &c : printable)
    if (!isPrint(c))
      c = '?';
  return text.size() > longest ? printable + "..." : printable;
}

static std::string quote(const json::Value &value) {
  const std::string text = formatv("{0}", value);
  return toPrintable(text);
}

/// The names of the fields of `object`.
static std::vector<StringRef> sortedNames(const json::Object &object) {
  std::vector<StringRef> names;
  for (const auto &[name, value] : object)
    names.push_back(name);
  llvm::sort(names);
  return names;
}

namespace {

/// What is wrong with a file, if anything: the first fault that is found.
class Faults {
public:
  template <typename... Ts> void add(const char *format, Ts &&...arguments) {
    if (first.empty())
      first = formatv(format, std::forward<Ts>(arguments)...);
  }
  Error take() const {
    return first.empty() ? Error::success() : createStringError(first);
  }

private:
  std::string first;
};

/// Takes the fields out of one object. A field that is missing or wrong reads
/// as nothing and is noted.
class ObjectReader {
public:
  ObjectReader(const json::Object &object, const Twine &prefix, Faults &faults)
      : object(object), prefix(prefix.str()), faults(faults) {}

  double readNumber(StringRef name) {
    return read<double>(name, "a number", &json::Value::getAsNumber);
  }
  int64_t readInteger(StringRef name) {
    return read<int64_t>(name, "an integer", &json::Value::getAsInteger);
  }
  std::string readString(StringRef name) {
    return read<StringRef>(name, "a string", &json::Value::getAsString).str();
  }
  /// Null if there is none.
  const json::Object *readObject(StringRef name) {
    return read<const json::Object *>(
        name, "an object", [](const json::Value &value) {
          const json::Object *object = value.getAsObject();
          return object ? std::optional(object) : std::nullopt;
        });
  }
  const json::Array *readArray(StringRef name) {
    return read<const json::Array *>(
        name, "an array", [](const json::Value &value) {
          const json::Array *array = value.getAsArray();
          return array ? std::optional(array) : std::nullopt;
        });
  }
  bool has(StringRef name) const { return object.get(name) != nullptr; }
  /// The name of a field in messages.
  std::string pathOf(StringRef name) const { return prefix + name.str(); }

  /// Notes a field that nobody has read.
  void finish() {
    for (StringRef name : sortedNames(object))
      if (!known.contains(name))
        faults.add("field '{0}' is unknown", toPrintable(pathOf(name)));
  }

private:
  template <typename T, typename GetT>
  T read(StringRef name, const char *expected, GetT get) {
    known.insert(name);
    const json::Value *value = object.get(name);
    if (!value) {
      faults.add("field '{0}' is missing", pathOf(name));
      return T();
    }
    std::optional<T> result = std::invoke(get, *value);
    if (!result)
      faults.add("field '{0}' is {1}, expected is {2}", pathOf(name),
                 quote(*value), expected);
    return result.value_or(T());
  }

  const json::Object &object;
  std::string prefix;
  Faults &faults;
  StringSet<> known;
};

/// Reads one device, and the proxy inside it.
class DeviceParser {
public:
  explicit DeviceParser(Faults &faults) : faults(faults) {}

  core::DeviceDescription parse(const json::Object &object, StringRef prefix);

private:
  void parsePredictor(ObjectReader &reader, core::DeviceDescription &device);
  void parseRoofline(ObjectReader reader, core::DeviceDescription &device);
  void parseLinear(ObjectReader reader, core::DeviceDescription &device);
  void parseTable(const json::Array &entries, const std::string &path,
                  core::DeviceDescription &device);
  void parseGaussianProcess(ObjectReader reader,
                            core::DeviceDescription &device);
  core::OperationSample parseSample(ObjectReader reader);
  void checkSources(ObjectReader &reader, const json::Object &object);

  Faults &faults;
};

} // namespace

void DeviceParser::parseRoofline(ObjectReader reader,
                                 core::DeviceDescription &device) {
  device.roofline.macsPerMicrosecond = reader.readNumber("macs_per_us");
  device.roofline.bytesPerMicrosecond = reader.readNumber("bytes_per_us");
  device.roofline.weightBytesPerMicrosecond =
      reader.readNumber("weight_bytes_per_us");
  device.roofline.launchMicroseconds = reader.readNumber("launch_us");
  reader.finish();
}

void DeviceParser::parseLinear(ObjectReader reader,
                               core::DeviceDescription &device) {
  device.weights.perLaunch = reader.readNumber("us_per_launch");
  device.weights.perMac = reader.readNumber("us_per_mac");
  device.weights.perReadByte = reader.readNumber("us_per_read_byte");
  device.weights.perWrittenByte = reader.readNumber("us_per_written_byte");
  device.weights.perWeightByte = reader.readNumber("us_per_weight_byte");
  reader.finish();
}

/// The entry `number` of an array of objects; nothing, noted, if it is none.
static std::optional<ObjectReader> readEntry(const json::Array &entries,
                                             size_t number,
                                             const std::string &path,
                                             Faults &faults) {
  const json::Object *entry = entries[number].getAsObject();
  if (entry)
    return ObjectReader(*entry, path + "[" + Twine(number) + "].", faults);
  faults.add("field '{0}[{1}]' is {2}, expected is an object", path, number,
             quote(entries[number]));
  return std::nullopt;
}

void DeviceParser::parseTable(const json::Array &entries,
                              const std::string &path,
                              core::DeviceDescription &device) {
  for (size_t number = 0; number < entries.size(); ++number) {
    std::optional<ObjectReader> reader =
        readEntry(entries, number, path, faults);
    if (!reader)
      return;
    const std::string signature = reader->readString("signature");
    core::OperationEstimate estimate;
    estimate.microseconds = reader->readNumber("microseconds");
    if (reader->has("stddev"))
      estimate.stddev = reader->readNumber("stddev");
    reader->finish();
    if (!device.measurements.emplace(signature, estimate).second)
      faults.add("field '{0}' is {1}, which is there before",
                 reader->pathOf("signature"), quote(signature));
  }
}

core::OperationSample DeviceParser::parseSample(ObjectReader reader) {
  core::OperationSample sample;
  if (reader.has("signature"))
    sample.costs.signature = reader.readString("signature");
  sample.costs.macs = reader.readInteger("macs");
  sample.costs.readBytes = reader.readInteger("read_bytes");
  sample.costs.writtenBytes = reader.readInteger("written_bytes");
  sample.costs.weightBytes = reader.readInteger("weight_bytes");
  sample.microseconds = reader.readNumber("microseconds");
  reader.finish();
  return sample;
}

void DeviceParser::parseGaussianProcess(ObjectReader reader,
                                        core::DeviceDescription &device) {
  if (const json::Object *proxy = reader.readObject("proxy")) {
    // A proxy of a proxy is refused, which bounds the recursion.
    if (proxy->getString("kind") == StringRef("gp"))
      faults.add("field '{0}' is \"gp\", expected is linear or roofline",
                 reader.pathOf("proxy.kind"));
    else
      device.proxy = std::make_shared<core::DeviceDescription>(
          parse(*proxy, reader.pathOf("proxy.")));
  }
  const json::Array *samples = reader.readArray("samples");
  for (size_t number = 0; samples && number < samples->size(); ++number)
    if (std::optional<ObjectReader> sample =
            readEntry(*samples, number, reader.pathOf("samples"), faults))
      device.samples.push_back(parseSample(*std::move(sample)));
  reader.finish();
}

/// Reads what the field `kind` announces.
void DeviceParser::parsePredictor(ObjectReader &reader,
                                  core::DeviceDescription &device) {
  const std::string kind = reader.readString("kind");
  auto readPart = [&](const char *name) -> std::optional<ObjectReader> {
    const json::Object *part = reader.readObject(name);
    if (!part)
      return std::nullopt;
    return ObjectReader(*part, reader.pathOf(name) + ".", faults);
  };
  if (kind == "roofline") {
    device.kind = core::PredictorKind::Roofline;
    if (std::optional<ObjectReader> part = readPart("roofline"))
      parseRoofline(*std::move(part), device);
  } else if (kind == "linear") {
    device.kind = core::PredictorKind::Linear;
    if (std::optional<ObjectReader> part = readPart("linear"))
      parseLinear(*std::move(part), device);
  } else if (kind == "table") {
    device.kind = core::PredictorKind::Table;
    if (const json::Array *entries = reader.readArray("table"))
      parseTable(*entries, reader.pathOf("table"), device);
  } else if (kind == "gp") {
    device.kind = core::PredictorKind::GaussianProcess;
    if (std::optional<ObjectReader> part = readPart("gp"))
      parseGaussianProcess(*std::move(part), device);
  } else {
    faults.add("field '{0}' is {1}, expected is table, linear, roofline or gp",
               reader.pathOf("kind"), quote(kind));
  }
}

/// Whether `device` has the field `path`, of the form "a" or "a.b".
static bool hasFigure(const json::Object &device, StringRef path) {
  const auto [outer, inner] = path.split('.');
  if (inner.empty())
    return device.get(outer) != nullptr;
  const json::Object *part = device.getObject(outer);
  return part && part->get(inner);
}

/// Every source belongs to a figure that the file has.
void DeviceParser::checkSources(ObjectReader &reader,
                                const json::Object &object) {
  const json::Object *sources = reader.readObject("sources");
  if (!sources)
    return;
  for (StringRef name : sortedNames(*sources)) {
    const std::string path =
        toPrintable(reader.pathOf("sources.") + name.str());
    if (!hasFigure(object, name))
      faults.add("field '{0}' is for a figure that is not there", path);
    else if (!sources->getString(name))
      faults.add("field '{0}' is {1}, expected is a string", path,
                 quote(*sources->get(name)));
  }
}

core::DeviceDescription DeviceParser::parse(const json::Object &object,
                                            StringRef prefix) {
  ObjectReader reader(object, prefix, faults);
  core::DeviceDescription device;
  if (reader.has("$schema"))
    reader.readString("$schema");
  device.name = reader.readString("name");
  parsePredictor(reader, device);
  device.fastMemoryBytes = reader.readInteger("fast_memory_bytes");
  device.slowBytesPerMicrosecond = reader.readNumber("slow_bytes_per_us");
  device.alignment = reader.readInteger("alignment");
  device.relativeDeviation = reader.readNumber("relative_stddev");
  if (reader.has("common_relative_stddev"))
    device.commonRelativeDeviation =
        reader.readNumber("common_relative_stddev");
  if (reader.has("sources"))
    checkSources(reader, object);
  reader.finish();
  return device;
}

/// The deepest nesting of objects and arrays in `text`, roughly: LLVM's parser
/// calls itself for each level.
static size_t measureNesting(StringRef text) {
  size_t depth = 0, deepest = 0;
  for (const char c : text)
    if (c == '{' || c == '[')
      deepest = std::max(deepest, ++depth);
    else if ((c == '}' || c == ']') && depth > 0)
      --depth;
  return deepest;
}

Expected<core::DeviceDescription> serenity::parseDevice(StringRef text) {
  constexpr size_t deepest = 100;
  if (const size_t depth = measureNesting(text); depth > deepest)
    return createStringError(formatv("objects and arrays are nested {0} deep, "
                                     "expected are at most {1}",
                                     depth, deepest));
  Expected<json::Value> value = json::parse(text);
  if (!value)
    return value.takeError();
  const json::Object *object = value->getAsObject();
  if (!object)
    return createStringError("the file holds " + quote(*value) +
                             ", expected is an object");
  Faults faults;
  core::DeviceDescription device = DeviceParser(faults).parse(*object, "");
  if (Error error = faults.take())
    return error;
  if (const absl::Status status = core::checkDevice(device); !status.ok())
    return toError(status);
  return device;
}

Expected<core::DeviceDescription> serenity::readDevice(StringRef path) {
  ErrorOr<std::unique_ptr<MemoryBuffer>> file =
      MemoryBuffer::getFile(path, /*IsText=*/true);
  if (!file)
    return createFileError(path, errorCodeToError(file.getError()));
  Expected<core::DeviceDescription> device = parseDevice((*file)->getBuffer());
  if (!device)
    return createStringError(path + ": " + toString(device.takeError()));
  return device;
}
