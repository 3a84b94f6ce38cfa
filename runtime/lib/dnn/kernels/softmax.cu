// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "runtime/lib/dnn/kernels/rows.cuh"

namespace acc::dnn {
namespace {

template <class Acc>
__device__ void forward(const Softmax& s, const Share& share, int64_t x, int64_t y) {
    Acc largest = 0;
    if (s.kind != SoftmaxKind::Fast) {
        largest = -infinity<Acc>();
        for (int64_t i = share.lane; i < s.inner.count; i += share.lanes) {
            const Acc value = get<Acc>(s.inner, s.x, x, i);
            largest = value > largest ? value : largest;
        }
        largest = join(share, largest, [](Acc a, Acc b) { return a > b ? a : b; });
    }
    Acc total = 0;
    for (int64_t i = share.lane; i < s.inner.count; i += share.lanes)
        total += exp(get<Acc>(s.inner, s.x, x, i) - largest);
    total = sum(share, total);
    const Acc log_total = log(total);
    for (int64_t i = share.lane; i < s.inner.count; i += share.lanes) {
        const Acc value = get<Acc>(s.inner, s.x, x, i) - largest;
        const Acc result = s.kind == SoftmaxKind::Log ? value - log_total : exp(value) / total;
        put(s.inner, s.y, y, i, Acc(s.alpha) * result, s.beta);
    }
}

template <class Acc>
__device__ void backward(const Softmax& s, const Share& share, int64_t y, int64_t dx, int64_t dy) {
    const bool of_log = s.kind == SoftmaxKind::Log;
    Acc total = 0;
    for (int64_t i = share.lane; i < s.inner.count; i += share.lanes) {
        const Acc slope = get<Acc>(s.inner, s.dy, dy, i);
        total += of_log ? slope : slope * get<Acc>(s.inner, s.x, y, i);
    }
    total = sum(share, total);
    for (int64_t i = share.lane; i < s.inner.count; i += share.lanes) {
        const Acc slope = get<Acc>(s.inner, s.dy, dy, i), value = get<Acc>(s.inner, s.x, y, i);
        const Acc result = of_log ? slope - exp(value) * total : value * (slope - total);
        put(s.inner, s.y, dx, i, Acc(s.alpha) * result, s.beta);
    }
}

template <class Acc>
__global__ void __launch_bounds__(kRowThreads)
    softmax_kernel(const __grid_constant__ Softmax s, int each) {
    const Share share(each);
    for (int64_t row = share.first; row < s.outer.count; row += share.step) {
        const int64_t x = offset_of(s.outer, s.x.outer, row),
                      y = offset_of(s.outer, s.y.outer, row);
        if (s.backward)
            backward<Acc>(s, share, x, y, offset_of(s.outer, s.dy.outer, row));
        else
            forward<Acc>(s, share, x, y);
    }
}

} // namespace

cudaError_t launch_softmax(cudaStream_t stream, const Softmax& s) {
    return launch_rows(is_wide(s.y.array.type) ? softmax_kernel<double> : softmax_kernel<float>,
                       stream, s, s.outer.count, s.inner.count);
}

} // namespace acc::dnn
