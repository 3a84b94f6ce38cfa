// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "runtime/lib/rand/directions.h"

#include <bit>
#include <cstdlib>

namespace acc::rand {
namespace {

const char kJoeKuo[] =
#include "runtime/lib/rand/joe_kuo_numbers.inc"
    ;

/// Steele, Lea and Flood's SplitMix64: a word for any number.
uint64_t mixed(uint64_t number) {
    uint64_t z = (number + 1) * 0x9e3779b97f4a7c15u;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return z ^ (z >> 31);
}

/// Which word: one of four kinds, dimension, number.
uint64_t mixed(unsigned int kind, unsigned int dimension, unsigned int number) {
    return mixed(uint64_t{kind} << 60 | uint64_t{dimension} << 16 | number);
}

/// a b modulo a polynomial of the degree, over GF(2).
uint32_t multiply(uint32_t a, uint32_t b, uint32_t polynomial, int degree) {
    uint32_t product = 0;
    for (; b != 0; b >>= 1) {
        if (b & 1) product ^= a;
        a <<= 1;
        if (a >> degree & 1) a ^= polynomial;
    }
    return product;
}

/// x^exponent.
uint32_t power(uint32_t exponent, uint32_t polynomial, int degree) {
    uint32_t result = 1, square = degree == 1 ? 2 ^ polynomial : 2;
    for (; exponent != 0; exponent >>= 1) {
        if (exponent & 1) result = multiply(result, square, polynomial, degree);
        square = multiply(square, square, polynomial, degree);
    }
    return result;
}

std::vector<uint32_t> prime_factors(uint32_t n) {
    std::vector<uint32_t> factors;
    for (uint32_t p = 2; p * p <= n; ++p) {
        if (n % p != 0) continue;
        factors.push_back(p);
        while (n % p == 0)
            n /= p;
    }
    if (n > 1) factors.push_back(n);
    return factors;
}

/// Whether x generates the field's multiplicative group, whose order is 2^degree - 1.
bool is_primitive(uint32_t polynomial, int degree, const std::vector<uint32_t>& factors) {
    const uint32_t order = (1u << degree) - 1;
    if (power(order, polynomial, degree) != 1) return false;
    for (uint32_t factor : factors)
        if (factor != order && power(order / factor, polynomial, degree) == 1) return false;
    return true;
}

struct Start {
    uint32_t polynomial; ///< bit i: the coefficient of x^i
    int degree;
    uint32_t numbers[20]; ///< odd, the k-th (from 0) less than 2^(k + 1)
};

/// One hexadecimal number of the table: the upper bits of m_1, m_2, ... one after the other, the
/// first lowest.
const char* read_numbers(const char* text, Start& start) {
    const char* end = text;
    while (*end != ' ')
        ++end;
    auto bit = [&](int i) {
        const char* digit = end - 1 - i / 4;
        if (digit < text) return 0;
        const int value = *digit <= '9' ? *digit - '0' : *digit - 'a' + 10;
        return value >> (i % 4) & 1;
    };
    int at = 0;
    for (int k = 0; k < start.degree; ++k) {
        start.numbers[k] = 1;
        for (int i = 1; i <= k; ++i)
            start.numbers[k] |= uint32_t(bit(at++)) << i;
    }
    return end + 1;
}

/// For the dimensions from the second on.
std::vector<Start> starts(unsigned int count) {
    std::vector<Start> result;
    const char* text = kJoeKuo;
    for (int degree = 1; result.size() < count; ++degree) {
        const std::vector<uint32_t> factors = prime_factors((1u << degree) - 1);
        for (uint32_t p = 1u << degree | 1; p < 2u << degree && result.size() < count; p += 2) {
            if (!is_primitive(p, degree, factors)) continue;
            Start start = {p, degree, {}};
            if (*text != '\0')
                text = read_numbers(text, start);
            else
                for (int k = 0; k < degree; ++k)
                    start.numbers[k] = (uint32_t(mixed(0, unsigned(result.size()), unsigned(k))) &
                                        ((2u << k) - 1)) |
                                       1;
            result.push_back(start);
        }
    }
    return result;
}

/// Bratley and Fox's recurrence (Algorithm 659, ACM TOMS 14, 1988).
template <class Word>
void vectors_of(const Start& start, Word* v) {
    constexpr int bits = 8 * sizeof(Word);
    for (int k = 0; k < bits; ++k) {
        if (k < start.degree) {
            v[k] = Word(start.numbers[k]) << (bits - 1 - k);
            continue;
        }
        v[k] = v[k - start.degree] ^ (v[k - start.degree] >> start.degree);
        for (int i = 1; i < start.degree; ++i)
            if (start.polynomial >> (start.degree - i) & 1) v[k] ^= v[k - i];
    }
}

/// v becomes its product with the dimension's lower triangular matrix, the uppermost bit first.
template <class Word>
void scramble(unsigned int dimension, Word* v) {
    constexpr int bits = 8 * sizeof(Word);
    Word rows[bits];
    for (int row = 0; row < bits; ++row) {
        const Word diagonal = Word(1) << (bits - 1 - row), above = ~(diagonal | (diagonal - 1));
        rows[row] = diagonal | (Word(mixed(bits == 32 ? 1 : 2, dimension, unsigned(row))) & above);
    }
    for (int k = 0; k < bits; ++k) {
        Word product = 0;
        for (int row = 0; row < bits; ++row)
            product |= Word(std::popcount(rows[row] & v[k]) & 1) << (bits - 1 - row);
        v[k] = product;
    }
}

} // namespace

template <class Word>
std::vector<Word> direction_vectors(unsigned int dimensions, bool scrambled) {
    constexpr int bits = 8 * sizeof(Word);
    std::vector<Word> result(size_t{dimensions} * bits);
    const std::vector<Start> all = starts(dimensions > 0 ? dimensions - 1 : 0);
    for (unsigned int d = 0; d < dimensions; ++d) {
        Word* v = &result[size_t{d} * bits];
        if (d > 0)
            vectors_of(all[d - 1], v);
        else
            for (int k = 0; k < bits; ++k)
                v[k] = Word(1) << (bits - 1 - k);
        if (scrambled) scramble(d, v);
    }
    return result;
}

template <class Word>
std::vector<Word> scramble_constants(unsigned int dimensions) {
    std::vector<Word> result(dimensions);
    for (unsigned int d = 0; d < dimensions; ++d)
        result[d] = Word(mixed(3, d, sizeof(Word)));
    return result;
}

template std::vector<uint32_t> direction_vectors<uint32_t>(unsigned int, bool);
template std::vector<uint64_t> direction_vectors<uint64_t>(unsigned int, bool);
template std::vector<uint32_t> scramble_constants<uint32_t>(unsigned int);
template std::vector<uint64_t> scramble_constants<uint64_t>(unsigned int);

} // namespace acc::rand
