"""Prints a module of TOSA: a small network with fixed random weights, and a main
function that runs it once and prints the result and what was allocated.

Usage: tosa_networks.py inception|mobilenet|residual|attention
"""

import random
import sys


def tensor(shape):
    return f"tensor<{'x'.join(map(str, shape))}xf32>"


class NetworkBuilder:
    """Values are pairs of a name and a shape; all elements are f32, NHWC."""

    def __init__(self, seed):
        self.random = random.Random(seed)
        self.lines = []

    def emit(self, shape, text):
        name = f"%{len(self.lines)}"
        self.lines.append(f"  {name} = {text}")
        return name, tuple(shape)

    def op(self, kind, operands, shape, attributes=""):
        names = ", ".join(name for name, _ in operands)
        types = ", ".join(tensor(s) for _, s in operands)
        return self.emit(shape, f"tosa.{kind} {names} {attributes} : ({types}) -> {tensor(shape)}")

    def values(self, shape):
        """Small multiples of a half, so that sums are exact in any order."""
        if not shape:
            return str(self.random.randint(-4, 4) / 2)
        return "[" + ", ".join(self.values(shape[1:]) for _ in range(shape[0])) + "]"

    def weights(self, *shape, value=None):
        text = self.values(shape) if value is None else str(value)
        return self.emit(shape, f'"tosa.const"() {{values = dense<{text}> : {tensor(shape)}}} : () -> {tensor(shape)}')

    def zero(self):
        return self.weights(1, value=0.0)

    def window(self, shape, kernel, stride, same):
        _, height, width, _ = shape
        total = kernel - stride if same else 0
        before, after = total // 2, total - total // 2
        size = [(x + total - kernel) // stride + 1 for x in (height, width)]
        attributes = (f"pad = array<i64: {before}, {after}, {before}, {after}>, "
                      f"stride = array<i64: {stride}, {stride}>")
        return size, attributes

    def conv(self, x, channels, kernel=1, stride=1, same=True):
        (height, width), attributes = self.window(x[1], kernel, stride, same)
        weights = self.weights(channels, kernel, kernel, x[1][3])
        operands = [x, weights, self.weights(channels), self.zero(), self.zero()]
        return self.op("conv2d", operands, (1, height, width, channels),
                       f"{{acc_type = f32, dilation = array<i64: 1, 1>, {attributes}}}")

    def depthwise(self, x, kernel=3, stride=1):
        (height, width), attributes = self.window(x[1], kernel, stride, True)
        channels = x[1][3]
        operands = [x, self.weights(kernel, kernel, channels, 1), self.weights(channels), self.zero(), self.zero()]
        return self.op("depthwise_conv2d", operands, (1, height, width, channels),
                       f"{{acc_type = f32, dilation = array<i64: 1, 1>, {attributes}}}")

    def relu(self, x):
        return self.op("clamp", [x], x[1], "{min_val = 0.0 : f32, max_val = 64.0 : f32}")

    def add(self, x, y):
        return self.op("add", [x, y], x[1])

    def max_pool(self, x, kernel, stride, same=False):
        (height, width), attributes = self.window(x[1], kernel, stride, same)
        return self.op("max_pool2d", [x], (1, height, width, x[1][3]),
                       f"{{kernel = array<i64: {kernel}, {kernel}>, {attributes}}}")

    def avg_pool(self, x, kernel):
        (height, width), attributes = self.window(x[1], kernel, kernel, False)
        return self.op("avg_pool2d", [x, self.zero(), self.zero()], (1, height, width, x[1][3]),
                       f"{{acc_type = f32, kernel = array<i64: {kernel}, {kernel}>, {attributes}}}")

    def concat(self, *parts):
        shape = (*parts[0][1][:3], sum(p[1][3] for p in parts))
        return self.op("concat", parts, shape, "{axis = 3 : i32}")

    def reshape(self, x, *shape):
        dims = ", ".join(map(str, shape))
        rank = f"!tosa.shape<{len(shape)}>"
        to = self.emit((), f"tosa.const_shape {{values = dense<[{dims}]> : tensor<{len(shape)}xindex>}} : () -> {rank}")
        return self.emit(shape, f"tosa.reshape {x[0]}, {to[0]} : ({tensor(x[1])}, {rank}) -> {tensor(shape)}")

    def transpose(self, x, *order):
        perms = ", ".join(map(str, order))
        return self.op("transpose", [x], [x[1][i] for i in order], f"{{perms = array<i32: {perms}>}}")

    def matmul(self, x, y):
        return self.op("matmul", [x, y, self.zero(), self.zero()], (x[1][0], x[1][1], y[1][2]))

    def function(self, x, result):
        body = "\n".join(self.lines)
        return (f"func.func @network({x[0]}: {tensor(x[1])}) -> {tensor(result[1])} {{\n{body}\n"
                f"  return {result[0]} : {tensor(result[1])}\n}}\n")


def inception(n, x):
    """Two cells of four branches each, behind a wide stem."""
    x = n.max_pool(n.relu(n.conv(x, 16, 3)), 2, 2)
    for _ in range(2):
        one = n.conv(x, 8)
        three = n.conv(n.relu(n.conv(x, 12)), 8, 3)
        five = n.conv(n.relu(n.conv(x, 4)), 8, 5)
        pool = n.max_pool(n.conv(x, 8), 3, 1, same=True)
        x = n.relu(n.concat(one, three, five, pool))
    return n.avg_pool(x, 8)


def mobilenet(n, x):
    """Inverted bottlenecks: wide depthwise convolutions, some with a shortcut."""
    x = n.relu(n.conv(x, 8, 3, 2))
    for channels, stride in ((8, 1), (12, 2), (12, 1), (16, 2)):
        wide = n.relu(n.depthwise(n.relu(n.conv(x, 6 * x[1][3])), 3, stride))
        narrow = n.conv(wide, channels)
        x = n.add(narrow, x) if narrow[1] == x[1] else narrow
    x = n.avg_pool(x, x[1][1])
    return n.reshape(n.conv(x, 10), 1, 10)


def residual(n, x):
    """Blocks of two convolutions around which a shortcut goes."""
    x = n.max_pool(n.relu(n.conv(x, 8, 3)), 2, 2)
    for channels, stride in ((8, 1), (16, 2), (16, 1)):
        y = n.conv(n.relu(n.conv(x, channels, 3, stride)), channels, 3)
        shortcut = x if stride == 1 else n.conv(x, channels, 2, stride)
        x = n.relu(n.add(y, shortcut))
    return n.avg_pool(x, x[1][1])


def attention(n, x):
    """One head over the pixels, and a feed-forward layer, each with a shortcut."""
    _, height, width, channels = x[1]
    x = n.reshape(x, 1, height * width, channels)
    queries, keys, values = (n.matmul(x, n.weights(1, channels, 16)) for _ in range(3))
    scores = n.relu(n.matmul(queries, n.transpose(keys, 0, 2, 1)))
    x = n.add(x, n.matmul(n.matmul(scores, values), n.weights(1, 16, channels)))
    hidden = n.relu(n.matmul(x, n.weights(1, channels, 4 * channels)))
    return n.add(x, n.matmul(hidden, n.weights(1, 4 * channels, channels)))


def main():
    name = sys.argv[1]
    shape = (1, 8, 8, 8) if name == "attention" else (1, 16, 16, 3)
    n = NetworkBuilder(seed=1)
    x = ("%x", shape)
    result = globals()[name](n, x)
    print(f"""{n.function(x, result)}
func.func private @printMemrefF32(memref<*xf32>) attributes {{llvm.emit_c_interface}}
func.func private @printAllocations() attributes {{llvm.emit_c_interface}}
func.func @main() {{
  %x = arith.constant dense<{n.values(shape)}> : {tensor(shape)}
  %y = call @network(%x) : ({tensor(shape)}) -> {tensor(result[1])}
  %unranked = tensor.cast %y : {tensor(result[1])} to tensor<*xf32>
  %buffer = bufferization.to_buffer %unranked : tensor<*xf32> to memref<*xf32>
  call @printMemrefF32(%buffer) : (memref<*xf32>) -> ()
  call @printAllocations() : () -> ()
  return
}}""")


main()
