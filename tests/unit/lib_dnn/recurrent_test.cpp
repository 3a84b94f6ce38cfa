// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Recurrent networks against their formulas in double; gradients against differences of those.
#include "rig.h"

namespace dnn_test {
namespace {

using Numbers = std::vector<double>;

struct Case {
    cudnnRNNMode_t mode;
    cudnnRNNDataLayout_t layout;
    cudnnDataType_t type;
    int directions;
    cudnnRNNBiasMode_t bias;
};
const Case kCases[] = {
    {CUDNN_LSTM, CUDNN_RNN_DATA_LAYOUT_SEQ_MAJOR_UNPACKED, CUDNN_DATA_DOUBLE, 2,
     CUDNN_RNN_DOUBLE_BIAS},
    {CUDNN_GRU, CUDNN_RNN_DATA_LAYOUT_SEQ_MAJOR_PACKED, CUDNN_DATA_DOUBLE, 2,
     CUDNN_RNN_DOUBLE_BIAS},
    {CUDNN_RNN_TANH, CUDNN_RNN_DATA_LAYOUT_BATCH_MAJOR_UNPACKED, CUDNN_DATA_DOUBLE, 1,
     CUDNN_RNN_SINGLE_INP_BIAS},
    {CUDNN_RNN_RELU, CUDNN_RNN_DATA_LAYOUT_SEQ_MAJOR_UNPACKED, CUDNN_DATA_DOUBLE, 1,
     CUDNN_RNN_SINGLE_REC_BIAS},
    {CUDNN_LSTM, CUDNN_RNN_DATA_LAYOUT_SEQ_MAJOR_PACKED, CUDNN_DATA_FLOAT, 1, CUDNN_RNN_NO_BIAS},
    {CUDNN_GRU, CUDNN_RNN_DATA_LAYOUT_BATCH_MAJOR_UNPACKED, CUDNN_DATA_FLOAT, 2,
     CUDNN_RNN_DOUBLE_BIAS},
};
constexpr int kTime = 4, kBatch = 3, kInput = 3, kHidden = 2, kLayers = 2;
const std::vector<int> kLengths = {4, 3, 1};

double logistic(double x) {
    return 1 / (1 + std::exp(-x));
}

/// Where a matrix or a bias is in the weight space; -1: nowhere.
struct Offsets {
    int64_t matrix, bias;
};

/// The network's inputs, and its results by the formulas.
struct Network {
    Case c;
    int gates;
    std::vector<Offsets> offsets; ///< of each layer and direction the matrices
    Numbers x, weights, hx, cx;   ///< x by rows of the layout
    Numbers y, hy, cy;

    int row(int t, int b) const {
        if (c.layout == CUDNN_RNN_DATA_LAYOUT_SEQ_MAJOR_UNPACKED) return t * kBatch + b;
        if (c.layout == CUDNN_RNN_DATA_LAYOUT_BATCH_MAJOR_UNPACKED) return b * kTime + t;
        int row = b;
        for (int length : kLengths)
            row += std::min(length, t);
        return row;
    }
    int rows() const {
        return c.layout == CUDNN_RNN_DATA_LAYOUT_SEQ_MAJOR_PACKED ? 8 : kTime * kBatch;
    }
    /// Matrix `which` of a layer times v, with its bias.
    double times(int index, int which, int j, const Numbers& v) const {
        const Offsets& o = offsets[size_t(index * 2 * gates + which)];
        double sum = o.bias < 0 ? 0 : weights[size_t(o.bias + j)];
        for (size_t i = 0; i < v.size(); ++i)
            sum += weights[size_t(o.matrix) + size_t(j) * v.size() + i] * v[i];
        return sum;
    }
    void cell(int index, const Numbers& in, Numbers& h, Numbers& s) const {
        const Numbers before = h;
        const auto input = [&](int g, int j) { return times(index, g, j, in); };
        const auto state = [&](int g, int j) { return times(index, gates + g, j, before); };
        for (int j = 0; j < kHidden; ++j) {
            const auto at = size_t(j);
            const auto gate = [&](int g) { return input(g, j) + state(g, j); };
            switch (c.mode) {
            case CUDNN_LSTM:
                s[at] = logistic(gate(1)) * s[at] + logistic(gate(0)) * std::tanh(gate(2));
                h[at] = logistic(gate(3)) * std::tanh(s[at]);
                break;
            case CUDNN_GRU: {
                const double keep = logistic(gate(1));
                const double fresh = std::tanh(input(2, j) + logistic(gate(0)) * state(2, j));
                h[at] = (1 - keep) * fresh + keep * before[at];
                break;
            }
            case CUDNN_RNN_TANH: h[at] = std::tanh(gate(0)); break;
            default: h[at] = std::max(gate(0), 0.0);
            }
        }
    }
    void run() {
        const int wide = kHidden * c.directions;
        y.assign(size_t(rows() * wide), 0);
        hy = hx, cy = cx;
        for (int b = 0; b < kBatch; ++b) {
            const int length = kLengths[size_t(b)];
            std::vector<Numbers> in;
            for (int t = 0; t < length; ++t)
                in.emplace_back(x.begin() + row(t, b) * kInput,
                                x.begin() + (row(t, b) + 1) * kInput);
            for (int l = 0; l < kLayers; ++l) {
                std::vector<Numbers> out(in.size(), Numbers(size_t(wide)));
                for (int d = 0; d < c.directions; ++d) {
                    const int index = l * c.directions + d, at = (index * kBatch + b) * kHidden;
                    Numbers h(hx.begin() + at, hx.begin() + at + kHidden),
                        s(cx.begin() + at, cx.begin() + at + kHidden);
                    for (int i = 0; i < length; ++i) {
                        const auto t = size_t(d == 0 ? i : length - 1 - i);
                        cell(index, in[t], h, s);
                        std::copy(h.begin(), h.end(), out[t].begin() + d * kHidden);
                    }
                    std::copy(h.begin(), h.end(), hy.begin() + at);
                    if (c.mode == CUDNN_LSTM) std::copy(s.begin(), s.end(), cy.begin() + at);
                }
                in = out;
            }
            for (int t = 0; t < length; ++t)
                std::copy(in[size_t(t)].begin(), in[size_t(t)].end(), y.begin() + row(t, b) * wide);
        }
    }
};

/// Numbers on the device in the network's type.
class Memory {
  public:
    Memory(cudnnDataType_t type, const Numbers& values)
        : type_(type), bytes_(values.size() * size_of(type)) {
        for (size_t i = 0; i < values.size(); ++i)
            put(type, values[i], bytes_.data() + i * size_of(type));
        EXPECT_EQ(cudaMalloc(&data_, bytes_.size() + 16), cudaSuccess);
        EXPECT_EQ(cudaMemcpy(data_, bytes_.data(), bytes_.size(), cudaMemcpyDefault), cudaSuccess);
    }
    ~Memory() { cudaFree(data_); }
    Memory(const Memory&) = delete;
    Memory& operator=(const Memory&) = delete;
    operator void*() const { return data_; }
    void expect(const Numbers& wanted, double limit, const std::string& where) {
        std::vector<char> got(bytes_.size());
        EXPECT_EQ(cudaMemcpy(got.data(), data_, got.size(), cudaMemcpyDefault), cudaSuccess);
        for (size_t i = 0; i < wanted.size(); ++i)
            ASSERT_NEAR(get(type_, got.data() + i * size_of(type_)), wanted[i], limit)
                << where << " " << i;
    }

  private:
    cudnnDataType_t type_;
    std::vector<char> bytes_;
    void* data_ = nullptr;
};

Numbers random_numbers(Random& random, size_t n) {
    Numbers values(n);
    for (double& value : values)
        value = double(float(random()));
    return values;
}

class Recurrent : public Dnn {
  protected:
    Recurrent()
        : rnn_(cudnnCreateRNNDescriptor, cudnnDestroyRNNDescriptor),
          x_(cudnnCreateRNNDataDescriptor, cudnnDestroyRNNDataDescriptor),
          y_(cudnnCreateRNNDataDescriptor, cudnnDestroyRNNDataDescriptor) {}

    cudnnStatus_t describe(const Case& c, int projected = kHidden) {
        return cudnnSetRNNDescriptor_v8(
            rnn_, CUDNN_RNN_ALGO_STANDARD, c.mode, c.bias,
            c.directions == 2 ? CUDNN_BIDIRECTIONAL : CUDNN_UNIDIRECTIONAL, CUDNN_LINEAR_INPUT,
            c.type, c.type, CUDNN_DEFAULT_MATH, kInput, kHidden, projected, kLayers, nullptr, 0);
    }
    void describe_data(const Case& c) {
        ACC_OK(cudnnSetRNNDataDescriptor(x_, c.type, c.layout, kTime, kBatch, kInput,
                                         kLengths.data(), nullptr));
        const double zero = 0;
        ACC_OK(cudnnSetRNNDataDescriptor(y_, c.type, c.layout, kTime, kBatch,
                                         kHidden * c.directions, kLengths.data(),
                                         const_cast<double*>(&zero)));
    }
    /// Where the matrices are, and random inputs.
    Network network_of(const Case& c, Random& random) {
        Network n;
        n.c = c;
        n.gates = c.mode == CUDNN_LSTM ? 4 : c.mode == CUDNN_GRU ? 3 : 1;
        size_t size = 0;
        EXPECT_EQ(cudnnGetRNNWeightSpaceSize(handle_, rnn_, &size), CUDNN_STATUS_SUCCESS);
        n.weights = random_numbers(random, size / size_of(c.type));
        Descriptor<cudnnTensorDescriptor_t> m(cudnnCreateTensorDescriptor,
                                              cudnnDestroyTensorDescriptor),
            b(cudnnCreateTensorDescriptor, cudnnDestroyTensorDescriptor);
        std::vector<char> space(size);
        for (int i = 0; i < kLayers * c.directions; ++i)
            for (int k = 0; k < 2 * n.gates; ++k) {
                void *matrix = nullptr, *bias = nullptr;
                EXPECT_EQ(cudnnGetRNNWeightParams(handle_, rnn_, i, size, space.data(), k, m,
                                                  &matrix, b, &bias),
                          CUDNN_STATUS_SUCCESS);
                const auto place = [&](void* p) -> int64_t {
                    if (p == nullptr) return -1;
                    return (static_cast<char*>(p) - space.data()) / int64_t(size_of(c.type));
                };
                n.offsets.push_back({place(matrix), place(bias)});
            }
        const size_t states = size_t(kLayers * c.directions * kBatch * kHidden);
        n.x = random_numbers(random, size_t(n.rows() * kInput));
        n.hx = random_numbers(random, states);
        n.cx = random_numbers(random, states);
        return n;
    }

    Descriptor<cudnnRNNDescriptor_t> rnn_;
    Descriptor<cudnnRNNDataDescriptor_t> x_, y_;
};

double product(const Numbers& a, const Numbers& b) {
    double sum = 0;
    for (size_t i = 0; i < a.size(); ++i)
        sum += a[i] * b[i];
    return sum;
}

TEST_F(Recurrent, ResultsAndGradientsFollowTheFormulas) {
    Random random(21);
    for (const Case& c : kCases) {
        const std::string where = "mode " + std::to_string(c.mode) + " type " +
                                  std::to_string(c.type);
        const double limit = c.type == CUDNN_DATA_DOUBLE ? 1e-7 : 2e-5;
        ACC_OK(describe(c));
        describe_data(c);
        Network n = network_of(c, random);
        n.run();
        const Numbers dy = random_numbers(random, n.y.size()),
                      dhy = random_numbers(random, n.hy.size()),
                      dcy = random_numbers(random, n.cy.size());
        const bool has_cells = c.mode == CUDNN_LSTM;
        Memory x(c.type, n.x), y(c.type, Numbers(n.y.size(), kNaN)), w(c.type, n.weights),
            hx(c.type, n.hx), hy(c.type, n.hx), cx(c.type, n.cx), cy(c.type, n.cx),
            slope(c.type, dy), slope_h(c.type, dhy), slope_c(c.type, dcy), dx(c.type, n.x),
            dhx(c.type, n.hx), dcx(c.type, n.cx), dw(c.type, n.weights);
        size_t work = 0, reserve = 0, weights = n.weights.size() * size_of(c.type);
        ACC_OK(cudnnGetRNNTempSpaceSizes(handle_, rnn_, CUDNN_FWD_MODE_INFERENCE, x_, &work,
                                         &reserve));
        EXPECT_EQ(reserve, 0u);
        ACC_OK(cudnnGetRNNTempSpaceSizes(handle_, rnn_, CUDNN_FWD_MODE_TRAINING, x_, nullptr,
                                         &reserve));
        Memory space(c.type, Numbers((work + reserve) / size_of(c.type) + 1, kNaN)),
            tape(c.type, Numbers(reserve / size_of(c.type), kNaN));
        for (const auto mode : {CUDNN_FWD_MODE_INFERENCE, CUDNN_FWD_MODE_TRAINING}) {
            ACC_OK(cudnnRNNForward(handle_, rnn_, mode, nullptr, x_, x, y_, y, nullptr, hx, hy,
                                   nullptr, cx, cy, weights, w, work, space, reserve, tape));
            y.expect(n.y, limit, where + " y");
            hy.expect(n.hy, limit, where + " hy");
            if (has_cells) cy.expect(n.cy, limit, where + " cy");
        }
        ACC_OK(cudnnRNNBackwardData_v8(handle_, rnn_, nullptr, y_, y, slope, x_, dx, nullptr, hx,
                                       slope_h, dhx, nullptr, cx, slope_c, dcx, weights, w, work,
                                       space, reserve, tape));
        ACC_OK(cudnnRNNBackwardWeights_v8(handle_, rnn_, CUDNN_WGRAD_MODE_ADD, nullptr, x_, x,
                                          nullptr, hx, y_, y, weights, dw, work, space, reserve,
                                          tape));
        // What the sum of all results times their slopes does when a number is moved a little.
        const auto differences = [&](Numbers& of) {
            Numbers result;
            for (double& value : of) {
                const double at = value, step = 1e-5;
                double sums[2];
                for (int side = 0; side < 2; ++side) {
                    value = at + (side == 0 ? step : -step);
                    n.run();
                    sums[side] = product(n.y, dy) + product(n.hy, dhy) +
                                 (has_cells ? product(n.cy, dcy) : 0);
                }
                value = at;
                result.push_back((sums[0] - sums[1]) / (2 * step));
            }
            return result;
        };
        dx.expect(differences(n.x), 10 * limit, where + " dx");
        dhx.expect(differences(n.hx), 10 * limit, where + " dhx");
        if (has_cells) dcx.expect(differences(n.cx), 10 * limit, where + " dcx");
        Numbers wanted = differences(n.weights); // added to what was there
        for (size_t i = 0; i < wanted.size(); ++i)
            wanted[i] += n.weights[i];
        dw.expect(wanted, 20 * limit, where + " dw");
    }
}

TEST_F(Recurrent, ArgumentsAreChecked) {
    const Case c = kCases[4];
    size_t size = 0;
    ACC_BAD(cudnnGetRNNWeightSpaceSize(handle_, rnn_, &size)); // not set yet
    ACC_NONE(describe(c, 1));                                  // projections
    ACC_OK(describe(c));
    ACC_NONE(cudnnRNNSetClip_v9(rnn_, CUDNN_RNN_CLIP_MINMAX, -1, 1));
    const int rising[] = {1, 2, 3}, sizes[] = {4, 3, 5};
    ACC_BAD(
        cudnnSetRNNDataDescriptor(x_, c.type, c.layout, kTime, kBatch, kInput, rising, nullptr));
    ACC_BAD(cudnnSetRNNDataDescriptor(x_, c.type, CUDNN_RNN_DATA_LAYOUT_BATCH_MAJOR_UNPACKED, kTime,
                                      kBatch, kInput, sizes, nullptr));
    describe_data(c);
    cudnnDataType_t type;
    cudnnRNNDataLayout_t layout;
    int time, batch, vector, lengths[kBatch];
    ACC_OK(cudnnGetRNNDataDescriptor(x_, &type, &layout, &time, &batch, &vector, kBatch, lengths,
                                     nullptr));
    EXPECT_EQ((Sizes{time, batch, vector}), (Sizes{kTime, kBatch, kInput}));
    EXPECT_EQ(std::vector<int>(lengths, lengths + kBatch), kLengths);
    ACC_BAD(cudnnRNNForward(handle_, rnn_, CUDNN_FWD_MODE_INFERENCE, nullptr, x_, nullptr, y_,
                            nullptr, nullptr, nullptr, nullptr, nullptr, nullptr, nullptr, 0,
                            nullptr, 0, nullptr, 0, nullptr));
}

} // namespace
} // namespace dnn_test
