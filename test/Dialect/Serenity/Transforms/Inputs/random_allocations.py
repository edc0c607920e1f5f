"""Prints a module of random functions full of allocations, and a main function
that prints what each computes: random_allocations.py SEED COUNT.

Buffers are written before they are read, so what is printed depends on nothing
but the seed, as long as no two buffers in use share a byte.
"""

import random
import sys

HELPERS = """
func.func private @printMemrefI32(memref<*xi32>)
func.func private @fill(%m: memref<?xi32>, %seed: i32) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %n = memref.dim %m, %c0 : memref<?xi32>
  scf.for %i = %c0 to %n step %c1 {
    %k = arith.index_cast %i : index to i32
    %v = arith.muli %k, %seed : i32
    memref.store %v, %m[%i] : memref<?xi32>
  }
  return
}
func.func private @mix(%to: memref<?xi32>, %from: memref<?xi32>) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c31 = arith.constant 31 : i32
  %n = memref.dim %to, %c0 : memref<?xi32>
  %m = memref.dim %from, %c0 : memref<?xi32>
  scf.for %i = %c0 to %n step %c1 {
    %j = arith.remui %i, %m : index
    %a = memref.load %to[%i] : memref<?xi32>
    %b = memref.load %from[%j] : memref<?xi32>
    %c = arith.muli %a, %c31 : i32
    %d = arith.addi %c, %b : i32
    memref.store %d, %to[%i] : memref<?xi32>
  }
  return
}
func.func private @same(%m: memref<?xi32>) -> memref<?xi32> {
  return %m : memref<?xi32>
}
"""


class FunctionWriter:
    """Writes one function. Every buffer is used as a memref<?xi32>."""

    def __init__(self, rng):
        self.rng = rng
        self.lines = []
        self.count = 0

    def emit(self, text):
        self.lines.append(text)

    def fresh(self, name):
        self.count += 1
        return f"%{name}{self.count}"

    def constant(self, value, kind="i32"):
        name = self.fresh("c")
        self.emit(f"{name} = arith.constant {value}" + ("" if kind == "i1" else f" : {kind}"))
        return name

    def cast(self, name, kind):
        result = self.fresh("cast")
        self.emit(f"{result} = memref.cast {name} : {kind} to memref<?xi32>")
        return result

    def alloc(self):
        """A new buffer, perhaps a part or another shape of an allocation."""
        size = 4 * self.rng.randint(1, 12)
        name, view = self.fresh("a"), self.fresh("v")
        shape = self.rng.choice(["flat", "part", "square", "bytes", "select"])
        align = self.rng.choice(["", "", " {alignment = 64 : i64}"])
        if shape == "part":
            kind = f"memref<{size}xi32, strided<[1], offset: 4>>"
            self.emit(f"{name} = memref.alloc(){align} : memref<{size + 8}xi32>")
            self.emit(f"{view} = memref.subview {name}[4] [{size}] [1] : memref<{size + 8}xi32> to {kind}")
            flat = self.fresh("r")
            self.emit(f"{flat} = memref.reinterpret_cast {view} to offset: [0], sizes: [{size}], strides: [1] : {kind} to memref<{size}xi32>")
            view = flat
        elif shape == "square":
            self.emit(f"{name} = memref.alloc(){align} : memref<{size // 4}x4xi32>")
            self.emit(f"{view} = memref.collapse_shape {name} [[0, 1]] : memref<{size // 4}x4xi32> into memref<{size}xi32>")
        elif shape == "bytes":
            zero = self.constant(0, "index")
            self.emit(f"{name} = memref.alloc(){align} : memref<{4 * size}xi8>")
            self.emit(f"{view} = memref.view {name}[{zero}][] : memref<{4 * size}xi8> to memref<{size}xi32>")
        else:
            self.emit(f"{name} = memref.alloc(){align} : memref<{size}xi32>")
            view = name
        result = self.cast(view, f"memref<{size}xi32>")
        seed = self.constant(self.rng.randint(1, 1000))
        self.emit(f"func.call @fill({result}, {seed}) : (memref<?xi32>, i32) -> ()")
        return result

    def chain(self):
        """A few elementwise operations in a row; what an old one read may be
        used again. Returns the buffers that are."""
        size = 4 * self.rng.randint(1, 12)
        kind = f"memref<{size}xi32>"
        result, last = [], None
        for _ in range(self.rng.randint(2, 4)):
            name = self.fresh("a")
            self.emit(f"{name} = memref.alloc() : {kind}")
            if last is None:
                dynamic, seed = self.cast(name, kind), self.constant(self.rng.randint(1, 1000))
                self.emit(f"func.call @fill({dynamic}, {seed}) : (memref<?xi32>, i32) -> ()")
            else:
                index = self.rng.choice(["d0", f"{size - 1} - d0"])
                self.emit(f"linalg.generic {{indexing_maps = [affine_map<(d0) -> ({index})>, affine_map<(d0) -> (d0)>], "
                          f'iterator_types = ["parallel"]}} ins({last} : {kind}) outs({name} : {kind}) {{')
                self.emit("^bb0(%e: i32, %o: i32):")
                self.emit("%three = arith.constant 3 : i32")
                self.emit("%product = arith.muli %e, %three : i32")
                self.emit("linalg.yield %product : i32")
                self.emit("}")
            last = name
            if self.rng.random() < 0.3:
                result.append(self.cast(name, kind))
        return result + [self.cast(last, kind)]

    def mix(self, buffers):
        to, source = self.rng.choice(buffers), self.rng.choice(buffers)
        self.emit(f"func.call @mix({to}, {source}) : (memref<?xi32>, memref<?xi32>) -> ()")

    def same(self, buffers):
        result = self.fresh("s")
        self.emit(f"{result} = func.call @same({self.rng.choice(buffers)}) : (memref<?xi32>) -> memref<?xi32>")
        return result

    def select(self, buffers, flags):
        result = self.fresh("s")
        a, b = self.rng.choice(buffers), self.rng.choice(buffers)
        self.emit(f"{result} = arith.select {self.rng.choice(flags)}, {a}, {b} : memref<?xi32>")
        return result

    def branch(self, buffers, flags, depth):
        result = self.fresh("if")
        self.emit(f"{result} = scf.if {self.rng.choice(flags)} -> memref<?xi32> {{")
        for separator in ("} else {", "}"):
            inner = self.block(buffers, flags, depth)
            self.emit(f"scf.yield {self.rng.choice(inner)} : memref<?xi32>")
            self.emit(separator)
        return result

    def loop(self, buffers, flags, depth):
        result, carried, i = self.fresh("for"), self.fresh("x"), self.fresh("i")
        zero, one = self.constant(0, "index"), self.constant(1, "index")
        end = self.constant(self.rng.randint(0, 3), "index")
        self.emit(f"{result} = scf.for {i} = {zero} to {end} step {one} iter_args({carried} = {self.rng.choice(buffers)}) -> (memref<?xi32>) {{")
        outer = buffers + [carried]
        inner = self.block(outer, flags, depth)
        # Now and then an allocation outlives its iteration.
        self.emit(f"scf.yield {self.rng.choice(inner if self.rng.random() < 0.2 else outer)} : memref<?xi32>")
        self.emit("}")
        return result

    def while_loop(self, buffers, flags, depth):
        result, before, after = (self.fresh(n) for n in ("w", "b", "d"))
        counter, end = self.fresh("n"), self.constant(self.rng.randint(1, 3))
        zero, one = self.constant(0), self.constant(1)
        start = self.rng.choice(buffers)
        pair = "(memref<?xi32>, i32)"
        self.emit(f"{result}:2 = scf.while ({before} = {start}, {counter} = {zero}) : {pair} -> {pair} {{")
        self.block(buffers + [before], flags, depth)
        going = self.fresh("g")
        self.emit(f"{going} = arith.cmpi slt, {counter}, {end} : i32")
        self.emit(f"scf.condition({going}) {before}, {counter} : memref<?xi32>, i32")
        self.emit("} do {")
        self.emit(f"^bb0({after}: memref<?xi32>, {counter}: i32):")
        self.block(buffers + [after], flags, depth)
        next_counter = self.fresh("n")
        self.emit(f"{next_counter} = arith.addi {counter}, {one} : i32")
        self.emit(f"scf.yield {after}, {next_counter} : {pair[1:-1]}")
        self.emit("}")
        return f"{result}#0"

    def block(self, buffers, flags, depth):
        """Random statements. Returns the buffers that can be named at the end."""
        buffers = list(buffers)
        for _ in range(self.rng.randint(2, 8)):
            kinds = ["alloc", "chain", "mix", "mix", "mix", "same", "select"]
            if depth > 0:
                kinds += ["branch", "loop", "while_loop"]
            kind = self.rng.choice(kinds)
            if kind == "mix":
                self.mix(buffers)
            elif kind == "alloc":
                buffers.append(self.alloc())
            elif kind == "chain":
                buffers += self.chain()
            elif kind == "same":
                buffers.append(self.same(buffers))
            elif kind == "select":
                buffers.append(self.select(buffers, flags))
            else:
                buffers.append(getattr(self, kind)(buffers, flags, depth - 1))
            # Old buffers die, so that others can have their place.
            if len(buffers) > 4 and self.rng.random() < 0.5:
                buffers.pop(self.rng.randrange(len(buffers)))
        return buffers

    def function(self, name):
        self.emit(f"func.func @{name}(%out: memref<?xi32>, %p: i1, %q: i1) {{")
        buffers = [self.alloc()]
        for _ in range(self.rng.randint(1, 4)):
            buffers = self.block(buffers, ["%p", "%q"], depth=2)
            source = self.rng.choice(buffers)
            self.emit(f"func.call @mix(%out, {source}) : (memref<?xi32>, memref<?xi32>) -> ()")
        self.emit("return")
        self.emit("}")


def main():
    rng = random.Random(int(sys.argv[1]))
    count = int(sys.argv[2])
    writer = FunctionWriter(rng)
    for i in range(count):
        writer.function(f"f{i}")
    writer.emit("func.func @main() {")
    for i in range(count):
        out, unranked = writer.fresh("out"), writer.fresh("u")
        writer.emit(f"{out} = memref.alloc() : memref<8xi32>")
        dynamic = writer.cast(out, "memref<8xi32>")
        writer.emit(f"{unranked} = memref.cast {out} : memref<8xi32> to memref<*xi32>")
        for p, q in ((0, 0), (1, 0), (0, 1)):
            one = writer.constant(1)
            flags = [writer.constant(str(bool(x)).lower(), "i1") for x in (p, q)]
            writer.emit(f"func.call @fill({dynamic}, {one}) : (memref<?xi32>, i32) -> ()")
            writer.emit(f"func.call @f{i}({dynamic}, {flags[0]}, {flags[1]}) : (memref<?xi32>, i1, i1) -> ()")
            writer.emit(f"func.call @printMemrefI32({unranked}) : (memref<*xi32>) -> ()")
        writer.emit(f"memref.dealloc {out} : memref<8xi32>")
    writer.emit("return")
    writer.emit("}")
    print(HELPERS + "\n".join(writer.lines))


main()
