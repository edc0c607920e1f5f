import os
import shutil
import sys

import lit.formats

config.name = "Serenity"
config.test_format = lit.formats.ShTest(execute_external=False)
config.suffixes = [".mlir", ".test"]
config.excludes = ["Inputs"]
config.test_source_root = os.path.dirname(__file__)
config.test_exec_root = config.serenity_obj_root
config.environment["PATH"] = os.pathsep.join(
    [config.serenity_tools_dir, config.llvm_tools_dir, os.environ["PATH"]])

# Real models beside the checkout; tests that want them say
# "REQUIRES: shared-data" and are skipped in a user's checkout.
shared_data = os.path.join(config.serenity_source_root, "..", "shared", "data")
if os.path.isdir(shared_data):
    config.available_features.add("shared-data")
config.substitutions.append(("%shared_data", os.path.normpath(shared_data)))
config.substitutions.append(("%serenity_lib_dir", config.serenity_lib_dir))
config.substitutions.append(("%python", sys.executable))
config.substitutions.append(("%exits", f"{sys.executable} {os.path.join(config.test_source_root, 'exits.py')}"))

config.substitutions.append(("%devices", os.path.join(
    config.serenity_source_root, "lib", "Analysis", "Devices")))
config.substitutions.append(("%on_terminal", f"{sys.executable} {os.path.join(config.test_source_root, 'on_terminal.py')}"))

# An instrumented plugin cannot be loaded into a tool that is not.
if config.serenity_sanitize == "ON":
    config.available_features.add("sanitizer")
else:
    config.available_features.add("plugin")
config.substitutions.append(
    ("%serenity_plugin", os.path.join(config.serenity_lib_dir, "libSerenityPlugin.so")))
config.substitutions.append(("%checking_allocator", os.path.join(
    config.serenity_obj_root, "Runtime", "libSerenityCheckingAllocator.so")))
for name in ["mlir_runner_utils", "mlir_c_runner_utils"]:
    config.substitutions.append(
        ("%" + name, os.path.join(config.llvm_lib_dir, f"lib{name}.so")))

# Small networks are written as JSON: "%flatc -b -o DIR %tflite_schema FILE".
config.substitutions.append(("%flatc", config.flatc))
config.substitutions.append(("%tflite_schema", os.path.join(
    config.serenity_source_root, "lib", "Target", "TFLite", "TFLiteSchema.fbs")))
# ... or as the text form of protobuf: "%encode_onnx < FILE > FILE".
config.substitutions.append(("%encode_onnx", f"{config.protoc} -I {config.onnx_include_dir} "
                             "--encode=onnx.ModelProto onnx/onnx.proto"))

# Pages are looked at in a browser: "%look_at_page REPORT.json REPORT.html".
chromium = shutil.which("chromium")
if chromium:
    config.available_features.add("chromium")
config.substitutions.append(("%look_at_page", " ".join(
    [sys.executable, os.path.join(config.test_source_root, "look_at_page.py"), str(chromium)])))

# Instructions are counted by an emulator, in programs linked by a cross compiler.
if shutil.which("qemu-aarch64") and shutil.which("aarch64-linux-gnu-gcc"):
    config.available_features.add("aarch64-emulator")
