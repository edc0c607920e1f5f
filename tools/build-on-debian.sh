#!/usr/bin/env bash
# Makes a bare Debian 12 ready, builds the project and puts it to work.
#
#   tools/build-on-debian.sh demo    schedule and plan the example network, print what it saves
#   tools/build-on-debian.sh test    run every test, also under ASan and UBSan
set -euo pipefail
cd "$(dirname "$0")/.."

packages=(g++ cmake ninja-build python3
          libmlir-22-dev mlir-22-tools llvm-22-dev llvm-22-tools
          libabsl-dev libeigen3-dev libflatbuffers-dev flatbuffers-compiler
          libonnx-dev libprotobuf-dev)
test_packages=(protobuf-compiler libonnx-testdata clang libclang-rt-14-dev
               libgtest-dev libgmock-dev libbenchmark-dev
               libarmnn-dev libarmnntfliteparser-dev libarmnn-cpuref-backend22
               qemu-user gcc-aarch64-linux-gnu libc6-dev-arm64-cross)

install_packages() {
  local missing=()
  for package in "$@"; do
    dpkg-query --show --showformat='${Status}' "$package" 2>/dev/null |
      grep -q 'install ok installed' || missing+=("$package")
  done
  [ ${#missing[@]} -eq 0 ] && return
  local as_root=()
  [ "$(id -u)" -eq 0 ] || as_root=(sudo)
  echo "Installing ${missing[*]}"
  "${as_root[@]}" apt-get update --quiet
  "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive \
    apt-get install --quiet --yes --no-install-recommends "${missing[@]}"
}

run_demo() {
  install_packages "${packages[@]}"
  cmake --preset default -DSERENITY_INCLUDE_TESTS=OFF
  cmake --build --preset default --target serenity-opt
  build/bin/serenity-opt docs/examples/swiftnet.mlir -o build/swiftnet-planned.mlir \
    --canonicalize --serenity-schedule="report=build/swiftnet-schedule.json" \
    --serenity-plan-arena="report=build/swiftnet-arena.json" \
    --serenity-plan-arena="report=build/swiftnet.html"
  tools/print-report.py build/swiftnet-schedule.json build/swiftnet-arena.json
  echo "build/swiftnet.html shows it."
}

run_tests() {
  install_packages "${packages[@]}" "${test_packages[@]}"
  for preset in asan default; do
    cmake --preset "$preset" -DSERENITY_INCLUDE_TESTS=ON
    cmake --build --preset "$preset"
    ctest --preset "$preset"
  done
}

case "${1:-}" in
  demo) run_demo ;;
  test) run_tests ;;
  *) sed -n '2,5s/^# \{0,1\}//p' "$0" >&2; exit 2 ;;
esac
