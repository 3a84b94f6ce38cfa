// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// cuRAND's tables: direction vectors against Joe and Kuo's initial numbers, each dimension
// stratified, scrambled or not; quasirandom generators in the documented order; discrete
// distributions; the status codes. Links with -lcurand.
#include "../common/check.h"

#include <curand.h>
#include <curand_kernel.h>

#include <cmath>

#define OK(call) EXPECT((call) == CURAND_STATUS_SUCCESS)

// The upper bits of the first vectors are the initial numbers m_k 2^-k.
static void joe_kuo() {
    struct Row {
        unsigned int dimension;
        std::vector<unsigned int> numbers;
    };
    // From "new-joe-kuo-6.21201".
    const Row rows[] = {{2, {1}},
                        {3, {1, 3}},
                        {4, {1, 3, 1}},
                        {5, {1, 1, 1}},
                        {6, {1, 1, 3, 3}},
                        {100, {1, 1, 5, 5, 11, 5, 45, 117, 217}},
                        {1111, {1, 1, 5, 15, 19, 1, 7, 211, 157, 603, 403, 1387, 1583}},
                        {2048, {1, 1, 3, 15, 9, 7, 25, 25, 357, 247, 477, 421, 7679, 5987, 30079}}};
    curandDirectionVectors32_t* v32;
    curandDirectionVectors64_t* v64;
    OK(curandGetDirectionVectors32(&v32, CURAND_DIRECTION_VECTORS_32_JOEKUO6));
    OK(curandGetDirectionVectors64(&v64, CURAND_DIRECTION_VECTORS_64_JOEKUO6));
    for (const Row& row : rows)
        for (size_t k = 0; k < row.numbers.size(); ++k) {
            EXPECT(v32[row.dimension - 1][k] == row.numbers[k] << (31 - k), "dimension %u",
                   row.dimension);
            EXPECT(v64[row.dimension - 1][k] == (unsigned long long)row.numbers[k] << (63 - k));
        }
    // x^2 + x + 1 of dimension 3: m_k = 2 m_{k-1} ^ 4 m_{k-2} ^ m_{k-2}
    unsigned long long m[12] = {1, 3};
    for (int k = 2; k < 12; ++k) {
        m[k] = 2 * m[k - 1] ^ 4 * m[k - 2] ^ m[k - 2];
        EXPECT(v32[2][k] == (unsigned int)m[k] << (31 - k));
        EXPECT(v64[2][k] == m[k] << (63 - k));
    }
}

// Each aligned run of 2^k points hits each interval of length 2^-k once: the upper k bits of the
// first k vectors are linearly independent, for every k. (Scrambling keeps that.)
template <class Vectors>
static void stratified(const Vectors* v, int bits) {
    for (unsigned int d = 0; d < 20000; ++d) {
        unsigned long long reduced[64]; // vector j without the upper j bits
        for (int k = 0; k < bits; ++k) {
            reduced[k] = v[d][k];
            for (int j = 0; j < k; ++j)
                if (reduced[k] >> (bits - 1 - j) & 1) reduced[k] ^= reduced[j];
            EXPECT(reduced[k] >> (bits - 1 - k) == 1, "dimension %u, vector %d", d, k);
        }
    }
}
static void all_dimensions() {
    curandDirectionVectors32_t* v32;
    curandDirectionVectors64_t* v64;
    unsigned int* c32;
    unsigned long long* c64;
    OK(curandGetDirectionVectors32(&v32, CURAND_DIRECTION_VECTORS_32_JOEKUO6));
    stratified(v32, 32);
    OK(curandGetDirectionVectors32(&v32, CURAND_SCRAMBLED_DIRECTION_VECTORS_32_JOEKUO6));
    stratified(v32, 32);
    OK(curandGetDirectionVectors64(&v64, CURAND_DIRECTION_VECTORS_64_JOEKUO6));
    stratified(v64, 64);
    OK(curandGetDirectionVectors64(&v64, CURAND_SCRAMBLED_DIRECTION_VECTORS_64_JOEKUO6));
    stratified(v64, 64);
    OK(curandGetScrambleConstants32(&c32));
    OK(curandGetScrambleConstants64(&c64));
    EXPECT(c32[0] != c32[19999] && c64[0] != c64[19999]);
}

// The output holds one dimension after the other; the device functions give the same points.
static void order_of_dimensions() {
    const unsigned int dimensions = 5, points = 1000;
    for (bool scrambled : {false, true}) {
        curandGenerator_t g;
        OK(curandCreateGenerator(&g, scrambled ? CURAND_RNG_QUASI_SCRAMBLED_SOBOL32
                                               : CURAND_RNG_QUASI_SOBOL32));
        OK(curandSetQuasiRandomGeneratorDimensions(g, dimensions));
        OK(curandSetGeneratorOffset(g, 3));
        Buffer<unsigned int> out(dimensions * points);
        OK(curandGenerate(g, out.device(), out.size()));
        out.download();
        OK(curandDestroyGenerator(g));
        curandDirectionVectors32_t* v;
        unsigned int* constants;
        OK(curandGetDirectionVectors32(&v, scrambled ? CURAND_SCRAMBLED_DIRECTION_VECTORS_32_JOEKUO6
                                                     : CURAND_DIRECTION_VECTORS_32_JOEKUO6));
        OK(curandGetScrambleConstants32(&constants));
        for (unsigned int d = 0; d < dimensions; ++d)
            for (unsigned int i = 0; i < points; ++i) {
                // By the definition: the sum of the vectors of the Gray code's ones.
                unsigned int x = scrambled ? constants[d] : 0;
                const unsigned int gray = (i + 3) ^ (i + 3) / 2;
                for (int k = 0; k < 32; ++k)
                    if (gray >> k & 1) x ^= v[d][k];
                EXPECT(out[d * points + i] == x, "dimension %u, point %u", d, i);
            }
    }
}

__global__ void draw_discrete(curandDiscreteDistribution_t distribution, unsigned int* out) {
    const int thread = blockIdx.x * blockDim.x + threadIdx.x;
    curandState state;
    curand_init(3ull, thread, 0, &state);
    for (int i = 0; i < 64; ++i)
        out[thread * 64 + i] = curand_discrete(&state, distribution);
}
static void discrete() {
    for (double lambda : {0.5, 7.0, 1000.0}) {
        curandDiscreteDistribution_t distribution;
        OK(curandCreatePoissonDistribution(lambda, &distribution));
        Buffer<unsigned int> out(256 * 64);
        draw_discrete<<<4, 64>>>(distribution, out.device());
        double sum = 0, squares = 0;
        const double n = (double)out.size();
        for (unsigned int x : out.download())
            sum += x, squares += (x - lambda) * (x - lambda);
        EXPECT(std::fabs(sum / n - lambda) < 4 * std::sqrt(lambda / n), "%g: %g", lambda, sum / n);
        EXPECT(std::fabs(squares / n / lambda - 1) < 4 * std::sqrt((2 + 1 / lambda) / n), "%g: %g",
               lambda, squares / n);
        OK(curandDestroyDistribution(distribution));
    }
}

static void statuses() {
    curandGenerator_t pseudo, quasi, wide;
    EXPECT(curandCreateGenerator(&pseudo, CURAND_RNG_TEST) == CURAND_STATUS_TYPE_ERROR);
    EXPECT(curandCreateGenerator(&pseudo, (curandRngType_t)999) == CURAND_STATUS_TYPE_ERROR);
    OK(curandCreateGenerator(&pseudo, CURAND_RNG_PSEUDO_DEFAULT));
    OK(curandCreateGenerator(&quasi, CURAND_RNG_QUASI_DEFAULT));
    OK(curandCreateGenerator(&wide, CURAND_RNG_QUASI_SOBOL64));
    Buffer<float> f(16);
    Buffer<unsigned int> u(16);
    Buffer<unsigned long long> l(16);
    EXPECT(curandGenerateUniform(nullptr, f.device(), 4) == CURAND_STATUS_NOT_INITIALIZED);
    EXPECT(curandGenerateNormal(pseudo, f.device(), 3, 0, 1) == CURAND_STATUS_LENGTH_NOT_MULTIPLE);
    OK(curandGenerateNormal(quasi, f.device(), 3, 0, 1));
    EXPECT(curandGenerateLongLong(pseudo, l.device(), 4) == CURAND_STATUS_TYPE_ERROR);
    EXPECT(curandGenerateLongLong(quasi, l.device(), 4) == CURAND_STATUS_TYPE_ERROR);
    EXPECT(curandGenerate(wide, u.device(), 4) == CURAND_STATUS_TYPE_ERROR);
    OK(curandGenerateLongLong(wide, l.device(), 4));
    EXPECT(curandSetQuasiRandomGeneratorDimensions(pseudo, 2) == CURAND_STATUS_TYPE_ERROR);
    EXPECT(curandSetQuasiRandomGeneratorDimensions(quasi, 0) == CURAND_STATUS_OUT_OF_RANGE);
    EXPECT(curandSetQuasiRandomGeneratorDimensions(quasi, 20001) == CURAND_STATUS_OUT_OF_RANGE);
    OK(curandSetQuasiRandomGeneratorDimensions(quasi, 3));
    EXPECT(curandGenerateUniform(quasi, f.device(), 4) == CURAND_STATUS_LENGTH_NOT_MULTIPLE);
    OK(curandGenerateUniform(quasi, f.device(), 6));
    EXPECT(curandSetPseudoRandomGeneratorSeed(quasi, 1) == CURAND_STATUS_TYPE_ERROR);
    EXPECT(curandSetGeneratorOrdering(quasi, CURAND_ORDERING_PSEUDO_BEST) ==
           CURAND_STATUS_OUT_OF_RANGE);
    EXPECT(curandSetGeneratorOrdering(pseudo, CURAND_ORDERING_QUASI_DEFAULT) ==
           CURAND_STATUS_OUT_OF_RANGE);
    OK(curandSetGeneratorOrdering(pseudo, CURAND_ORDERING_PSEUDO_LEGACY));
    OK(curandSetGeneratorOrdering(pseudo, CURAND_ORDERING_PSEUDO_SEEDED));
    EXPECT(curandGeneratePoisson(pseudo, u.device(), 4, 0) == CURAND_STATUS_OUT_OF_RANGE);
    EXPECT(curandGeneratePoisson(pseudo, u.device(), 4, 400001) == CURAND_STATUS_OUT_OF_RANGE);
    curandDiscreteDistribution_t distribution;
    EXPECT(curandCreatePoissonDistribution(-1, &distribution) == CURAND_STATUS_OUT_OF_RANGE);
    curandDirectionVectors32_t* vectors;
    EXPECT(curandGetDirectionVectors32(&vectors, CURAND_DIRECTION_VECTORS_64_JOEKUO6) ==
           CURAND_STATUS_OUT_OF_RANGE);
    int version = 0, major = 0;
    OK(curandGetVersion(&version));
    OK(curandGetProperty(MAJOR_VERSION, &major));
    EXPECT(version == CURAND_VERSION && major == CURAND_VER_MAJOR);
    OK(curandDestroyGenerator(pseudo));
    OK(curandDestroyGenerator(quasi));
    OK(curandDestroyGenerator(wide));
}

int main() {
    joe_kuo();
    all_dimensions();
    order_of_dimensions();
    discrete();
    statuses();
    return finish();
}
