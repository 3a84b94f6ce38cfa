// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Texture fetches on the host, one at a time, from the appendix on texture fetching of the CUDA C++
// Programming Guide; what that leaves open is as docs/isa/textures.md says. Plain C++, so that
// tests of every kind can use it.
#pragma once

#include <cmath>
#include <cstdint>
#include <cstring>
#include <vector>

namespace texture_reference {

enum Kind { Linear, K1D, K2D, K3D, Layered1D, Layered2D, Cubemap, LayeredCubemap };
enum Type { Signed, Unsigned, Float };
enum Address { Wrap, Clamp, Mirror, Border };

/// Texels without gaps, x fastest, then y, then z (slices, layers, faces).
struct Level {
    int size[3] = {1, 1, 1};
    std::vector<uint8_t> bytes;
};

struct Image {
    Kind kind = K2D;
    int channels = 1, bits = 32;
    Type type = Float;
    std::vector<Level> levels;
    int texel_bytes() const { return channels * bits / 8; }
};

struct Sampler {
    Address address[3] = {Clamp, Clamp, Clamp};
    bool linear = false, mip_linear = false, normalized_read = false, normalized = false,
         srgb = false, seamless = false;
    uint32_t border[4] = {};
    float bias = 0, least = 0, most = 0;
};

struct Words {
    uint32_t w[4];
};

inline uint32_t bits_of(float x) {
    uint32_t b;
    std::memcpy(&b, &x, 4);
    return b;
}
inline float float_of(uint32_t b) {
    float x;
    std::memcpy(&x, &b, 4);
    return x;
}
inline float half_value(uint32_t h) {
    const int exponent = h >> 10 & 31, mantissa = h & 1023;
    if (exponent == 31) return float_of((h & 0x8000) << 16 | 0x7f800000 | mantissa << 13);
    const double magnitude = exponent == 0 ? std::ldexp(mantissa, -24)
                                           : std::ldexp(1024 + mantissa, exponent - 25);
    return static_cast<float>(h & 0x8000 ? -magnitude : magnitude);
}

class Fetcher {
  public:
    Fetcher(const Image& image, const Sampler& sampler) : image_(image), s_(sampler) {}

    /// By floats; `level`: of detail, when `with_level`.
    Words fetch(const float (&c)[3], int layer, const int (&offset)[3] = {0, 0, 0}) const {
        return finish(sample(image_.levels[0], c, layer, offset));
    }
    Words fetch_level(const float (&c)[3], int layer, float lod,
                      const int (&offset)[3] = {0, 0, 0}) const {
        lod = lod + s_.bias;
        if (lod != lod) lod = 0;
        lod = std::fmin(std::fmax(lod, s_.least), s_.most);
        lod = std::fmin(std::fmax(lod, 0.0f), static_cast<float>(image_.levels.size() - 1));
        if (!s_.mip_linear)
            return finish(
                sample(image_.levels[static_cast<int>(std::floor(lod + 0.5f))], c, layer, offset));
        const int first = static_cast<int>(std::floor(lod));
        const double weight = std::nearbyint((lod - static_cast<float>(first)) * 256.0f) / 256;
        if (weight == 0) return finish(sample(image_.levels[first], c, layer, offset));
        const Sum a = sample(image_.levels[first], c, layer, offset),
                  b = sample(image_.levels[first + 1], c, layer, offset);
        Sum sum = b;
        sum.exact = true;
        for (int i = 0; i < image_.channels; ++i)
            sum.value[i] = weight == 1 ? value(b, i)
                                       : std::fma(weight, value(b, i), (1 - weight) * value(a, i));
        return finish(sum);
    }
    Words fetch_gradients(const float (&c)[3], int layer, const float (&dx)[3],
                          const float (&dy)[3], const int (&offset)[3] = {0, 0, 0}) const {
        const double length = std::fmax(square(c, dx), square(c, dy));
        const float lod = length > 0 ? static_cast<float>(std::log2(length) / 2) : -INFINITY;
        return fetch_level(c, layer, lod, offset);
    }
    /// By texel numbers.
    Words fetch_numbers(const int (&c)[3], int layer, int level,
                        const int (&offset)[3] = {0, 0, 0}) const {
        const int last = static_cast<int>(image_.levels.size()) - 1;
        const Level& l = image_.levels[level < 0 ? 0 : level > last ? last : level];
        long n[3] = {0, 0, layer_number(layer)};
        bool outside = false;
        for (int a = 0; a < dims(); ++a) {
            n[a] = static_cast<long>(c[a]) + offset[a];
            if (n[a] >= 0 && n[a] < l.size[a]) continue;
            outside |= image_.kind == Linear || (s_.address[a] == Border && !cube());
            n[a] = n[a] < 0 ? 0 : l.size[a] - 1;
        }
        if (cube()) n[2] = n[2] * 6 + (c[2] < 0 ? 0 : c[2] > 5 ? 5 : c[2]); // the face
        Sum sum;
        texel(l, n, outside, sum.words);
        return finish(sum);
    }
    /// The four texels around a place.
    Words gather(const float (&c)[3], int layer, int channel,
                 const int (&offset)[3] = {0, 0, 0}) const {
        const Level& l = image_.levels[0];
        Place p[3];
        long slice = layer_number(layer);
        locate_all(l, c, slice, offset, true, p);
        static const int kOrder[4][2] = {{0, 1}, {1, 1}, {1, 0}, {0, 0}};
        Words result;
        for (int i = 0; i < 4; ++i) {
            const long x = p[0].number[kOrder[i][0]], y = p[1].number[kOrder[i][1]];
            const long n[3] = {x, y, slice};
            Sum sum;
            texel(l, n, x < 0 || y < 0, sum.words);
            result.w[i] = finish(sum).w[channel];
        }
        return result;
    }

  private:
    /// A texel's words, or a sum of several.
    struct Sum {
        bool exact = false;
        uint32_t words[4] = {};
        double value[4] = {};
    };
    struct Place {
        long number[2]; ///< -1: the border
        double weight;  ///< of the second one
    };

    int dims() const {
        static const int kDims[] = {1, 1, 2, 3, 1, 2, 2, 2};
        return kDims[image_.kind];
    }
    bool cube() const { return image_.kind >= Cubemap; }
    bool floats() const { return image_.type == Float || s_.normalized_read; }
    bool normalized() const { return cube() || (s_.normalized && image_.kind != Linear); }

    static double value(const Sum& sum, int channel) {
        return sum.exact ? sum.value[channel] : static_cast<double>(float_of(sum.words[channel]));
    }

    long layer_number(int layer) const {
        if (image_.kind < Layered1D || image_.kind == Cubemap) return 0;
        const int count = image_.levels[0].size[2] / (cube() ? 6 : 1);
        return static_cast<unsigned>(layer) < static_cast<unsigned>(count) ? layer : count - 1;
    }

    long address(long i, long n, Address mode) const {
        if (i >= 0 && i < n) return i;
        if (mode == Border) return -1;
        if (mode == Wrap && normalized()) return (i % n + n) % n;
        if (mode == Mirror && normalized()) {
            const long t = (i % (2 * n) + 2 * n) % (2 * n);
            return t < n ? t : 2 * n - 1 - t;
        }
        return i < 0 ? 0 : n - 1;
    }

    Place locate(float x, int n, Address mode, int offset, bool linear) const {
        if (std::isnan(x)) x = 0;
        const float size = static_cast<float>(n);
        if (normalized() && (mode == Wrap || mode == Mirror)) {
            if (std::isinf(x)) x = 0;
            const float whole = std::floor(x);
            float part = x - whole;
            if (mode == Mirror && std::fmod(whole, 2.0f) != 0) part = 1 - part;
            x = size * part;
        } else if (normalized()) {
            x = size * x;
        }
        if (linear) x = x - 0.5f;
        const float whole = std::floor(x);
        const float far = std::fmin(std::fmax(whole, -1e6f), 1e9f);
        const long i = static_cast<long>(far) + offset;
        Place p;
        p.number[0] = address(i, n, mode);
        p.number[1] = address(i + 1, n, mode);
        p.weight = linear ? std::nearbyint(static_cast<double>(x - whole) * 256) / 256 : 0;
        if (std::isnan(p.weight)) p.weight = 0;
        return p;
    }

    /// Face and position of a place on a cubemap.
    static void cube_place(const float (&c)[3], int& face, float (&q)[2]) {
        float v[3];
        for (int i = 0; i < 3; ++i)
            v[i] = std::isnan(c[i]) ? 0 : c[i];
        int axis = 0;
        if (std::fabs(v[1]) > std::fabs(v[axis])) axis = 1;
        if (std::fabs(v[2]) > std::fabs(v[axis])) axis = 2;
        face = 2 * axis + (v[axis] < 0);
        const float table[6][2] = {{-v[2], -v[1]}, {v[2], -v[1]}, {v[0], v[2]},
                                   {v[0], -v[2]},  {v[0], -v[1]}, {-v[0], -v[1]}};
        const float m = std::fabs(v[axis]);
        for (int i = 0; i < 2; ++i) {
            float quotient = m == 0 ? 0 : table[face][i] / m;
            if (std::isnan(quotient)) quotient = 0;
            q[i] = (quotient + 1) * 0.5f;
        }
    }

    void locate_all(const Level& l, const float (&c)[3], long& slice, const int (&offset)[3],
                    bool linear, Place (&p)[3]) const {
        if (cube()) {
            int face;
            float q[2];
            cube_place(c, face, q);
            slice = slice * 6 + face;
            for (int a = 0; a < 2; ++a)
                p[a] = locate(q[a], l.size[a], Clamp, 0, linear);
            return;
        }
        for (int a = 0; a < dims(); ++a)
            p[a] = locate(c[a], l.size[a], image_.kind == Linear ? Border : s_.address[a],
                          offset[a], linear);
    }

    void texel(const Level& l, const long (&n)[3], bool outside, uint32_t* words) const {
        if (outside) {
            for (int i = 0; i < image_.channels; ++i)
                words[i] = image_.kind == Linear ? 0 : s_.border[i];
            return;
        }
        const uint8_t* at = l.bytes.data() +
                            ((n[2] * l.size[1] + n[1]) * l.size[0] + n[0]) * image_.texel_bytes();
        for (int i = 0; i < image_.channels; ++i)
            words[i] = element(at + i * image_.bits / 8, i);
    }

    uint32_t element(const uint8_t* at, int channel) const {
        uint32_t raw = 0;
        std::memcpy(&raw, at, image_.bits / 8);
        if (image_.type == Float) return image_.bits == 16 ? bits_of(half_value(raw)) : raw;
        const int unused = 32 - image_.bits;
        const bool is_signed = image_.type == Signed;
        const int32_t number = is_signed ? static_cast<int32_t>(raw << unused) >> unused
                                         : static_cast<int32_t>(raw);
        if (!s_.normalized_read) return static_cast<uint32_t>(number);
        const float one = static_cast<float>((1 << (image_.bits - is_signed)) - 1);
        const float x = std::fmax(static_cast<float>(number) / one, -1.0f);
        if (!s_.srgb || image_.bits != 8 || is_signed || channel == 3) return bits_of(x);
        const double d = x;
        return bits_of(
            static_cast<float>(d <= 0.04045 ? d / 12.92 : std::pow((d + 0.055) / 1.055, 2.4)));
    }

    Sum sample(const Level& l, const float (&c)[3], int layer, const int (&offset)[3]) const {
        const bool linear = s_.linear && image_.kind != Linear;
        Place p[3];
        long slice = layer_number(layer);
        if (cube() && linear && s_.seamless) return sample_seamless(l, c, slice);
        locate_all(l, c, slice, offset, linear, p);
        Sum sum;
        sum.exact = linear;
        for (int corner = 0; corner < (linear ? 1 << dims() : 1); ++corner) {
            long n[3] = {0, 0, slice};
            double weight = 1;
            bool outside = false;
            for (int a = 0; a < dims(); ++a) {
                const int second = corner >> a & 1;
                weight *= second ? p[a].weight : 1 - p[a].weight;
                n[a] = p[a].number[second];
                outside |= n[a] < 0;
            }
            if (weight == 0) continue;
            uint32_t words[4];
            texel(l, n, outside, words);
            for (int i = 0; i < image_.channels; ++i) {
                sum.words[i] = words[i];
                sum.value[i] = std::fma(weight, static_cast<double>(float_of(words[i])),
                                        sum.value[i]);
            }
        }
        return sum;
    }

    /// The texel of face `face` whose number may be one outside, by going over the edge on the cube
    /// itself. False beyond a corner.
    bool seamless_texel(const Level& l, long layer, int face, int i, int j, uint32_t* words) const {
        const int n = l.size[0];
        const bool out_i = i < 0 || i >= n, out_j = j < 0 || j >= n;
        if (out_i && out_j) return false;
        // The direction of the texel's middle, pulled towards the edge it is beyond.
        double s = (2 * i + 1.0) / n - 1, t = (2 * j + 1.0) / n - 1;
        const double beyond = 1 + 1e-9;
        if (out_i) s = i < 0 ? -beyond : beyond;
        if (out_j) t = j < 0 ? -beyond : beyond;
        const double v[6][3] = {{1, -t, -s}, {-1, -t, s}, {s, 1, t},
                                {s, -1, -t}, {s, -t, 1},  {-s, -t, -1}};
        int axis = 0;
        for (int a = 1; a < 3; ++a)
            if (std::fabs(v[face][a]) > std::fabs(v[face][axis])) axis = a;
        const int to = 2 * axis + (v[face][axis] < 0);
        const double m = std::fabs(v[face][axis]);
        const double table[6][2] = {{-v[face][2], -v[face][1]}, {v[face][2], -v[face][1]},
                                    {v[face][0], v[face][2]},   {v[face][0], -v[face][2]},
                                    {v[face][0], -v[face][1]},  {-v[face][0], -v[face][1]}};
        long at[3] = {0, 0, layer * 6 + to};
        for (int a = 0; a < 2; ++a) {
            at[a] = static_cast<long>(std::floor((table[to][a] / m + 1) / 2 * n));
            at[a] = at[a] < 0 ? 0 : at[a] >= n ? n - 1 : at[a];
        }
        texel(l, at, false, words);
        return true;
    }

    Sum sample_seamless(const Level& l, const float (&c)[3], long layer) const {
        int face;
        float q[2];
        cube_place(c, face, q);
        int first[2];
        double weight[2];
        for (int a = 0; a < 2; ++a) {
            const float v = static_cast<float>(l.size[0]) * q[a] - 0.5f;
            first[a] = static_cast<int>(std::floor(v));
            weight[a] = std::nearbyint(static_cast<double>(v - std::floor(v)) * 256) / 256;
            if (first[a] >= l.size[0]) first[a] = l.size[0] - 1;
        }
        uint32_t words[4][4];
        bool there[4];
        for (int corner = 0; corner < 4; ++corner)
            there[corner] = seamless_texel(l, layer, face, first[0] + (corner & 1),
                                           first[1] + (corner >> 1), words[corner]);
        Sum sum;
        sum.exact = true;
        for (int i = 0; i < image_.channels; ++i) {
            double others = 0;
            for (int corner = 0; corner < 4; ++corner)
                if (there[corner]) others += static_cast<double>(float_of(words[corner][i]));
            for (int corner = 0; corner < 4; ++corner) {
                const double w = (corner & 1 ? weight[0] : 1 - weight[0]) *
                                 (corner & 2 ? weight[1] : 1 - weight[1]);
                const double texel_value = there[corner]
                                               ? static_cast<double>(float_of(words[corner][i]))
                                               : others / 3;
                if (w != 0) sum.value[i] = std::fma(w, texel_value, sum.value[i]);
            }
        }
        return sum;
    }

    double square(const float (&c)[3], const float (&d)[3]) const {
        double e[3] = {d[0], d[1], d[2]};
        if (cube()) {
            int axis = 0;
            if (std::fabs(c[1]) > std::fabs(c[axis])) axis = 1;
            if (std::fabs(c[2]) > std::fabs(c[axis])) axis = 2;
            int k = 0;
            for (int a = 0; a < 3; ++a)
                if (a != axis) {
                    const double quotient = static_cast<double>(c[a]) /
                                            static_cast<double>(c[axis]);
                    e[k++] = (static_cast<double>(d[a]) - quotient * static_cast<double>(d[axis])) /
                             static_cast<double>(c[axis]) / 2;
                }
        }
        double sum = 0;
        for (int a = 0; a < dims(); ++a) {
            const double texels = normalized() ? e[a] * image_.levels[0].size[a] : e[a];
            sum += texels * texels;
        }
        return sum;
    }

    Words finish(const Sum& sum) const {
        Words result = {{0, 0, 0, floats() ? bits_of(1) : 1}};
        for (int i = 0; i < image_.channels; ++i) {
            const float rounded = static_cast<float>(sum.value[i]);
            result.w[i] = !sum.exact           ? sum.words[i]
                          : rounded != rounded ? 0x7fffffffu
                                               : bits_of(rounded);
        }
        return result;
    }

    const Image& image_;
    const Sampler& s_;
};

} // namespace texture_reference
