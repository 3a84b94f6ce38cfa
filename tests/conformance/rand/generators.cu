// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// cuRAND's host interface: published sequences (those of cuRAND's documentation, of the C++
// library's and Python's MT19937, of Saito's MTGP), the generators of the host give the same as
// those of the device, calls go on where the last one ended. Links with -lcurand.
#include "../common/check.h"

#include <curand.h>
#include <curand_kernel.h>

#include <algorithm>
#include <cmath>
#include <random>

#define OK(call) EXPECT((call) == CURAND_STATUS_SUCCESS)

// The first n numbers of a new generator, on the host or on the device.
template <class T, class Set, class Generate>
static std::vector<T> numbers(curandRngType_t type, bool host, size_t n, Set set,
                              Generate generate) {
    curandGenerator_t g;
    OK(host ? curandCreateGeneratorHost(&g, type) : curandCreateGenerator(&g, type));
    set(g);
    Buffer<T> out(n);
    OK(generate(g, host ? &out[0] : out.device(), n));
    if (!host) out.download();
    OK(curandDestroyGenerator(g));
    std::vector<T> result(n);
    for (size_t i = 0; i < n; ++i)
        result[i] = out[i];
    return result;
}
static std::vector<unsigned int> bits(curandRngType_t type, bool host, size_t n,
                                      unsigned long long seed) {
    return numbers<unsigned int>(
        type, host, n,
        [&](curandGenerator_t g) { OK(curandSetPseudoRandomGeneratorSeed(g, seed)); },
        curandGenerate);
}

static void xorwow() {
    const float published[10] = {0.145468f, 0.820181f, 0.550399f, 0.294830f, 0.914733f,
                                 0.868979f, 0.321921f, 0.782857f, 0.011302f, 0.285450f};
    for (bool host : {false, true}) {
        const std::vector<float> u = numbers<float>(
            CURAND_RNG_PSEUDO_DEFAULT, host, 10,
            [](curandGenerator_t g) { OK(curandSetPseudoRandomGeneratorSeed(g, 1234)); },
            curandGenerateUniform);
        for (int i = 0; i < 10; ++i)
            EXPECT(std::fabs(u[i] - published[i]) < 5.1e-7f, "%d: %g", i, u[i]);
    }
}

static void mt19937() {
    for (bool host : {false, true})
        for (unsigned int seed : {5489u, 0u, 0xdeadbeefu}) {
            const std::vector<unsigned int> x = bits(CURAND_RNG_PSEUDO_MT19937, host, 10000, seed);
            std::mt19937 reference(seed);
            for (unsigned int word : x)
                EXPECT(word == reference());
            if (seed == 5489) EXPECT(x[9999] == 4123659995u); // the C++ standard's value
        }
    // Python's random.seed(0x123456789abcdef0) and getrandbits(32): init_by_array.
    const unsigned int python[5] = {3646699384u, 2523371432u, 4144361526u, 3901169663u,
                                    3805854963u};
    const std::vector<unsigned int> x = bits(CURAND_RNG_PSEUDO_MT19937, false, 5,
                                             0x123456789abcdef0ull);
    for (int i = 0; i < 5; ++i)
        EXPECT(x[i] == python[i]);
}

static void mtgp32() {
    // MTGP 1.1's mtgp32-fast with the parameter sets 0, 1 and 63 and the seeds 1234 + set + 1:
    // outputs 0, 1, 2, 351, 699.
    const int sets[3] = {0, 1, 63}, places[5] = {0, 1, 2, 351, 699};
    const unsigned int expected[3][5] = {
        {2501053709u, 1991185121u, 2644103708u, 2291743264u, 1219106362u},
        {3018620328u, 4048421588u, 1125266109u, 283169132u, 2060447375u},
        {4013172850u, 1058120507u, 1971001824u, 3980384908u, 330817844u}};
    for (bool host : {false, true}) {
        const std::vector<unsigned int> x = bits(CURAND_RNG_PSEUDO_MTGP32, host, 3 * 64 * 256,
                                                 1234);
        for (int s = 0; s < 3; ++s)
            for (int p = 0; p < 5; ++p) {
                const int chunk = places[p] / 256 * 64 + sets[s];
                EXPECT(x[chunk * 256 + places[p] % 256] == expected[s][p], "set %d, %d", sets[s],
                       places[p]);
            }
    }
}

// Philox: one sequence; MRG32k3a: 4,096 subsequences in turn.
__global__ void device_functions(unsigned int* philox, unsigned int* mrg) {
    curandStatePhilox4_32_10_t p;
    curandStateMRG32k3a_t m;
    curand_init(77ull, 0, 0, &p);
    for (int i = 0; i < 100; ++i)
        philox[i] = curand(&p);
    for (int i = 0; i < 5; ++i) {
        curand_init(77ull, i, 0, &m);
        mrg[i] = curand(&m);
        mrg[5 + i] = curand(&m);
    }
}
static void device_interface() {
    Buffer<unsigned int> philox(100), mrg(10);
    device_functions<<<1, 1>>>(philox.device(), mrg.device());
    philox.download(), mrg.download();
    const std::vector<unsigned int> p = bits(CURAND_RNG_PSEUDO_PHILOX4_32_10, false, 100, 77);
    for (int i = 0; i < 100; ++i)
        EXPECT(p[i] == philox[i]);
    const std::vector<unsigned int> m = bits(CURAND_RNG_PSEUDO_MRG32K3A, false, 5000, 77);
    for (int i = 0; i < 5; ++i)
        EXPECT(m[i] == mrg[i] && m[4096 + i] == mrg[5 + i]);
}

static bool quasi(curandRngType_t type) {
    return type >= CURAND_RNG_QUASI_DEFAULT;
}
static const curandRngType_t kTypes[] = {
    CURAND_RNG_PSEUDO_XORWOW,           CURAND_RNG_PSEUDO_MRG32K3A,
    CURAND_RNG_PSEUDO_MTGP32,           CURAND_RNG_PSEUDO_MT19937,
    CURAND_RNG_PSEUDO_PHILOX4_32_10,    CURAND_RNG_QUASI_SOBOL32,
    CURAND_RNG_QUASI_SCRAMBLED_SOBOL32, CURAND_RNG_QUASI_SOBOL64,
    CURAND_RNG_QUASI_SCRAMBLED_SOBOL64};

// Everything that a generator makes, in several calls. Even counts, multiples of the 2 dimensions.
struct Everything {
    std::vector<unsigned int> words, poisson;
    std::vector<unsigned long long> longs;
    std::vector<float> uniform, normal, log_normal;
    std::vector<double> uniform_double, normal_double, log_normal_double;
};
template <class T, class Generate>
static void take(std::vector<T>& all, bool host, size_t n, Generate generate) {
    Buffer<T> out(n);
    OK(generate(host ? &out[0] : out.device(), n));
    if (!host) out.download();
    for (size_t i = 0; i < n; ++i)
        all.push_back(out[i]);
}
static Everything everything(curandRngType_t type, bool host, unsigned long long offset) {
    curandGenerator_t g;
    OK(host ? curandCreateGeneratorHost(&g, type) : curandCreateGenerator(&g, type));
    if (quasi(type))
        OK(curandSetQuasiRandomGeneratorDimensions(g, 2));
    else
        OK(curandSetPseudoRandomGeneratorSeed(g, 0x1122334455667788ull));
    if (type != CURAND_RNG_PSEUDO_MTGP32 && type != CURAND_RNG_PSEUDO_MT19937)
        OK(curandSetGeneratorOffset(g, offset));
    Everything e;
    const bool wide = type == CURAND_RNG_QUASI_SOBOL64 ||
                      type == CURAND_RNG_QUASI_SCRAMBLED_SOBOL64;
    for (size_t n : {6, 1026, 5000}) {
        if (wide)
            take(e.longs, host, n,
                 [&](unsigned long long* p, size_t m) { return curandGenerateLongLong(g, p, m); });
        else
            take(e.words, host, n,
                 [&](unsigned int* p, size_t m) { return curandGenerate(g, p, m); });
        take(e.uniform, host, n,
             [&](float* p, size_t m) { return curandGenerateUniform(g, p, m); });
        take(e.uniform_double, host, n,
             [&](double* p, size_t m) { return curandGenerateUniformDouble(g, p, m); });
        take(e.normal, host, n,
             [&](float* p, size_t m) { return curandGenerateNormal(g, p, m, 3, 2); });
        take(e.normal_double, host, n,
             [&](double* p, size_t m) { return curandGenerateNormalDouble(g, p, m, 3, 2); });
        take(e.log_normal, host, n,
             [&](float* p, size_t m) { return curandGenerateLogNormal(g, p, m, 0.5f, 0.25f); });
        take(e.log_normal_double, host, n, [&](double* p, size_t m) {
            return curandGenerateLogNormalDouble(g, p, m, 0.5, 0.25);
        });
    }
    for (double lambda : {0.5, 20.0})
        take(e.poisson, host, 500,
             [&](unsigned int* p, size_t m) { return curandGeneratePoisson(g, p, m, lambda); });
    OK(curandDestroyGenerator(g));
    return e;
}
template <class T>
static double difference(const std::vector<T>& a, const std::vector<T>& b) {
    double largest = a.size() == b.size() ? 0 : 1e9;
    for (size_t i = 0; i < std::min(a.size(), b.size()); ++i)
        largest = std::max(largest, std::fabs((double)a[i] - (double)b[i]));
    return largest;
}
static void host_is_device() {
    for (curandRngType_t type : kTypes)
        for (unsigned long long offset : {0ull, 4099ull}) {
            const Everything d = everything(type, false, offset),
                             h = everything(type, true, offset);
            EXPECT(d.words == h.words && d.longs == h.longs && d.uniform == h.uniform &&
                       d.uniform_double == h.uniform_double && d.poisson == h.poisson,
                   "type %d", type);
            EXPECT(difference(d.normal, h.normal) < 2e-5 &&
                       difference(d.log_normal, h.log_normal) < 1e-5 &&
                       difference(d.normal_double, h.normal_double) < 1e-12 &&
                       difference(d.log_normal_double, h.log_normal_double) < 1e-12,
                   "type %d: %g %g %g %g", type, difference(d.normal, h.normal),
                   difference(d.log_normal, h.log_normal),
                   difference(d.normal_double, h.normal_double),
                   difference(d.log_normal_double, h.log_normal_double));
            double sum = 0, squares = 0;
            for (double x : d.normal_double)
                sum += x, squares += (x - 3) * (x - 3);
            const double n = (double)d.normal_double.size();
            EXPECT(std::fabs(sum / n - 3) < 4 * 2 / std::sqrt(n) &&
                       std::fabs(squares / n - 4) < 4 * 4 * std::sqrt(2 / n),
                   "type %d: %g %g", type, sum / n, squares / n);
        }
}

// Several calls give what one gives, and an offset is as many numbers less.
static void calls_go_on() {
    for (curandRngType_t type : kTypes) {
        if (quasi(type)) continue;
        curandGenerator_t g;
        OK(curandCreateGenerator(&g, type));
        std::vector<unsigned int> once, pieces;
        take(once, false, 60000,
             [&](unsigned int* p, size_t m) { return curandGenerate(g, p, m); });
        OK(curandSetPseudoRandomGeneratorSeed(g, 0)); // begins again
        for (size_t n : {1, 255, 4097, 16383, 39264})
            take(pieces, false, n,
                 [&](unsigned int* p, size_t m) { return curandGenerate(g, p, m); });
        EXPECT(once == pieces, "type %d", type);
        if (curandSetGeneratorOffset(g, 4097) == CURAND_STATUS_SUCCESS) {
            pieces.clear();
            take(pieces, false, 5000,
                 [&](unsigned int* p, size_t m) { return curandGenerate(g, p, m); });
            EXPECT(std::equal(pieces.begin(), pieces.end(), once.begin() + 4097), "type %d", type);
        } else {
            EXPECT(type == CURAND_RNG_PSEUDO_MTGP32 || type == CURAND_RNG_PSEUDO_MT19937);
        }
        OK(curandDestroyGenerator(g));
    }
}

int main() {
    xorwow();
    mt19937();
    mtgp32();
    device_interface();
    host_is_device();
    calls_go_on();
    return finish();
}
