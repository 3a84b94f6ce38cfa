// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "runtime/lib/dnn/convolution.h"

namespace acc::dnn {
namespace {

/// A coordinate's dimension in a tensor, or -1 for those of size 1 that are put before.
int dimension(const Tensor& t, int coordinate) {
    const int d = coordinate - (kSpatial - (t.dims - 2));
    return d < 0 ? -1 : d + 2;
}

struct Coordinate {
    int64_t size = 1, stride = 0;
};
Coordinate coordinate(const Tensor& t, int i) {
    const int d = dimension(t, i);
    return d < 0 ? Coordinate{} : Coordinate{t.size[d], t.stride[d]};
}

/// Padding, step and dilation of a coordinate.
struct Rule {
    int padding = 0, step = 1, dilation = 1;
};
Rule rule(const ConvolutionSettings& s, int i) {
    const int at = i - (kSpatial - s.dims);
    return at < 0 ? Rule{} : Rule{s.padding[at], s.step[at], s.dilation[at]};
}

/// Taps are numbered as cross correlation goes through them: a true convolution's from the end.
struct Taps {
    Parts parts;
    int64_t offset = 0; ///< of the first
};
Taps taps_of(const ConvolutionSettings& s, const Tensor& w, int64_t number_stride) {
    Taps taps;
    taps.parts.of[0] = number_stride;
    for (int i = 0; i < kSpatial; ++i) {
        const Coordinate c = coordinate(w, i);
        const bool turned = s.mode == CUDNN_CONVOLUTION;
        taps.parts.of[1 + i] = turned ? -c.stride : c.stride;
        if (turned) taps.offset += (c.size - 1) * c.stride;
    }
    return taps;
}

Array moved(Array array, int64_t elements) {
    array.data = static_cast<char*>(array.data) + elements * int64_t(size_of(array.type));
    return array;
}

Parts pixels_of(const Tensor& t) {
    Parts parts;
    parts.of[0] = t.stride[0];
    for (int i = 0; i < kSpatial; ++i)
        parts.of[1 + i] = coordinate(t, i).stride;
    return parts;
}

void set_image(Image& image, const Tensor& t, const void* data) {
    image.array = array_of(t, data);
    for (int i = 0; i < kSpatial; ++i) {
        const Coordinate c = coordinate(t, i);
        image.stride[i] = c.stride;
        image.size[i] = int(c.size);
    }
}

void set_sizes(unsigned (&size)[kSpatial], const Tensor& t) {
    for (int i = 0; i < kSpatial; ++i)
        size[i] = unsigned(coordinate(t, i).size);
}

unsigned pixel_count(const Tensor& t, int64_t number) {
    for (int i = 0; i < kSpatial; ++i)
        number *= coordinate(t, i).size;
    return unsigned(number);
}

} // namespace

Convolution forward_of(const ConvolutionSettings& s, const Tensor& x, const void* x_data,
                       const Tensor& w, const void* w_data, const Tensor& y, void* y_data) {
    Convolution c;
    c.groups = s.groups;
    c.m = unsigned(w.size[0] / s.groups);
    c.n = pixel_count(y, y.size[0]);
    c.k = pixel_count(w, w.size[1]);
    set_sizes(c.n_size, y);
    set_sizes(c.k_size, w);
    const Taps taps = taps_of(s, w, w.stride[1]);
    c.a = {moved(array_of(w, w_data), taps.offset), c.m * w.stride[0], w.stride[0], taps.parts};
    set_image(c.b, x, x_data);
    c.b.group_stride = w.size[1] * x.stride[1];
    c.b.n_stride = x.stride[0];
    c.b.k_stride = x.stride[1];
    for (int i = 0; i < kSpatial; ++i) {
        const Rule r = rule(s, i);
        c.b.n_step[i] = r.step;
        c.b.k_step[i] = r.dilation;
        c.b.origin[i] = -r.padding;
    }
    c.d = {array_of(y, y_data), c.m * y.stride[1], y.stride[1], pixels_of(y)};
    c.z = c.d;
    return c;
}

Convolution gradient_to_data(const ConvolutionSettings& s, const Tensor& x, void* dx,
                             const Tensor& w, const void* w_data, const Tensor& y, const void* dy) {
    const int64_t outputs = w.size[0] / s.groups;
    Convolution c;
    c.groups = s.groups;
    c.m = unsigned(w.size[1]);
    c.n = pixel_count(x, x.size[0]);
    c.k = pixel_count(w, outputs);
    set_sizes(c.n_size, x);
    set_sizes(c.k_size, w);
    const Taps taps = taps_of(s, w, w.stride[0]);
    c.a = {moved(array_of(w, w_data), taps.offset), outputs * w.stride[0], w.stride[1], taps.parts};
    set_image(c.b, y, dy);
    c.b.group_stride = outputs * y.stride[1];
    c.b.n_stride = y.stride[0];
    c.b.k_stride = y.stride[1];
    for (int i = 0; i < kSpatial; ++i) {
        const Rule r = rule(s, i);
        c.b.n_step[i] = 1;
        c.b.k_step[i] = -r.dilation;
        c.b.origin[i] = r.padding;
        c.b.divisor[i] = r.step;
    }
    c.d = {array_of(x, dx), c.m * x.stride[1], x.stride[1], pixels_of(x)};
    c.z = c.d;
    return c;
}

Convolution gradient_to_filter(const ConvolutionSettings& s, const Tensor& x, const void* x_data,
                               const Tensor& w, void* dw, const Tensor& y, const void* dy) {
    Convolution c;
    c.groups = s.groups;
    c.m = unsigned(w.size[0] / s.groups);
    c.n = pixel_count(w, w.size[1]);
    c.k = pixel_count(y, y.size[0]);
    set_sizes(c.n_size, w);
    set_sizes(c.k_size, y);
    c.a = {array_of(y, dy), c.m * y.stride[1], y.stride[1], pixels_of(y)};
    set_image(c.b, x, x_data);
    c.b.group_stride = w.size[1] * x.stride[1];
    c.b.n_stride = x.stride[1];
    c.b.k_stride = x.stride[0];
    for (int i = 0; i < kSpatial; ++i) {
        const Rule r = rule(s, i);
        c.b.n_step[i] = r.dilation;
        c.b.k_step[i] = r.step;
        c.b.origin[i] = -r.padding;
    }
    const Taps taps = taps_of(s, w, w.stride[1]);
    c.d = {moved(array_of(w, dw), taps.offset), c.m * w.stride[0], w.stride[0], taps.parts};
    c.z = c.d;
    return c;
}

cudnnStatus_t output_dimensions(const ConvolutionSettings& s, const Tensor& x,
                                const cudnnFilterStruct& w, int64_t (&size)[CUDNN_DIM_MAX]) {
    if (s.dims == 0) return fail(CUDNN_STATUS_BAD_PARAM, "the convolution was not set");
    if (x.dims != w.dims || x.dims != s.dims + 2)
        return fail(CUDNN_STATUS_BAD_PARAM,
                    "x has %d dimensions, the filter %d, the convolution %d coordinates", x.dims,
                    w.dims, s.dims);
    if (x.size[1] != w.size[1] * s.groups)
        return fail(CUDNN_STATUS_BAD_PARAM,
                    "x has %lld channels, the filter %lld in each of %d groups",
                    (long long)x.size[1], (long long)w.size[1], s.groups);
    if (w.size[0] % s.groups != 0)
        return fail(CUDNN_STATUS_BAD_PARAM, "%lld outputs are not %d groups", (long long)w.size[0],
                    s.groups);
    size[0] = x.size[0];
    size[1] = w.size[0];
    for (int d = 0; d < s.dims; ++d) {
        const int64_t covered = (w.size[2 + d] - 1) * s.dilation[d] + 1;
        const int64_t padded = x.size[2 + d] + 2 * int64_t(s.padding[d]);
        if (padded < covered)
            return fail(CUDNN_STATUS_BAD_PARAM,
                        "dimension %d: a filter over %lld elements does not fit in %lld", 2 + d,
                        (long long)covered, (long long)padded);
        size[2 + d] = (padded - covered) / s.step[d] + 1;
    }
    return CUDNN_STATUS_SUCCESS;
}

cudnnStatus_t check_convolution(const ConvolutionSettings& s, const Tensor& x, const Tensor& w,
                                const Tensor& y) {
    cudnnFilterStruct filter;
    filter.dims = w.dims;
    for (int d = 0; d < w.dims; ++d)
        filter.size[d] = w.size[d];
    int64_t size[CUDNN_DIM_MAX];
    if (const auto status = output_dimensions(s, x, filter, size); failed(status)) return status;
    if (y.dims != x.dims)
        return fail(CUDNN_STATUS_BAD_PARAM, "x has %d dimensions, y %d", x.dims, y.dims);
    for (int d = 0; d < y.dims; ++d)
        if (y.size[d] != size[d])
            return fail(CUDNN_STATUS_BAD_PARAM, "dimension %d of y is %lld, of the result %lld", d,
                        (long long)y.size[d], (long long)size[d]);
    for (const Tensor* t : {&x, &w, &y})
        if (t->type != CUDNN_DATA_FLOAT && t->type != CUDNN_DATA_DOUBLE &&
            t->type != CUDNN_DATA_HALF && t->type != CUDNN_DATA_BFLOAT16)
            return fail(CUDNN_STATUS_NOT_SUPPORTED, "convolutions of data type %d", int(t->type));
    const bool has_double = x.type == CUDNN_DATA_DOUBLE || w.type == CUDNN_DATA_DOUBLE ||
                            y.type == CUDNN_DATA_DOUBLE;
    if (has_double && (x.type != w.type || x.type != y.type))
        return fail(CUDNN_STATUS_NOT_SUPPORTED, "convolutions of doubles with other types");
    return CUDNN_STATUS_SUCCESS;
}

} // namespace acc::dnn
