// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// usage: accuracy [--only REGEX] [--samples N] [--all] [--seed N] [--batch N] [--results FILE]
// [--list]
//
// Measures the device's mathematical functions against references of higher precision and CUDA's
// documented bounds.
// --all: every argument of functions whose operands have at most 32 bits together (others are
// sampled). --results FILE: the rows measured replace those of the same name and variant in FILE.
// Exit code 1 when a bound is exceeded.
#include "measurement.h"
#include "samples.h"

#include <cuda_runtime.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <regex>
#include <string>

namespace accuracy {

std::vector<Row>& table() {
    static std::vector<Row> rows;
    return rows;
}
const char* const kVariant = ACCURACY_VARIANT;
bool flushes() {
#if defined(ACCURACY_FTZ)
    return true;
#else
    return false;
#endif
}

namespace {

struct Arguments {
    std::string only = "", results;
    uint64_t samples = 20000, seed = 1;
    unsigned batch = 1u << 18;
    bool all = false, list = false;
};

void die(const std::string& what) {
    fprintf(stderr, "accuracy: %s\n", what.c_str());
    exit(2);
}
void expect(cudaError_t error, const char* what) {
    if (error != cudaSuccess) die(std::string(what) + ": " + cudaGetErrorString(error));
}

class Device {
  public:
    explicit Device(unsigned batch) : batch_(batch) {
        for (uint64_t*& buffer : buffers_)
            expect(cudaMalloc(&buffer, sizeof(uint64_t) * batch), "cudaMalloc");
        for (std::vector<uint64_t>& words : host_)
            words.resize(batch);
    }
    ~Device() {
        for (uint64_t* buffer : buffers_)
            cudaFree(buffer);
    }
    Measurement measure(const Row& row, Samples& samples) {
        Measure measure(row);
        uint64_t* operands[kMostOperands];
        for (int i = 0; i < kMostOperands; ++i)
            operands[i] = host_[i].data();
        while (unsigned n = samples.next(batch_, operands)) {
            for (int i = 0; i < row.count; ++i)
                expect(cudaMemcpy(buffers_[i], operands[i], sizeof(uint64_t) * n,
                                  cudaMemcpyHostToDevice),
                       "to device");
            row.launch(n, buffers_, buffers_[kMostOperands]);
            expect(cudaGetLastError(), row.name);
            expect(cudaMemcpy(host_[kMostOperands].data(), buffers_[kMostOperands],
                              sizeof(uint64_t) * n, cudaMemcpyDeviceToHost),
                   row.name);
            measure.add(n, operands, host_[kMostOperands].data());
        }
        return measure.result;
    }

  private:
    unsigned batch_;
    uint64_t* buffers_[kMostOperands + 1];
    std::vector<uint64_t> host_[kMostOperands + 1];
};

std::string arguments_text(const Row& row, const uint64_t* words) {
    std::string text;
    for (int i = 0; i < row.count; ++i)
        text += (i ? ", " : "") + text_of(row.operands[i], words[i]);
    return text;
}

const char* type_name(Type type) {
    static const char* const kNames[] = {"f16", "bf16", "f32", "f64", "s16",
                                         "u16", "s32",  "u32", "s64", "u64"};
    return kNames[static_cast<int>(type)];
}

std::string number(double value) {
    char text[32];
    snprintf(text, sizeof text, value >= 0.0005 && value < 1e6 ? "%.3f" : "%.2g", value);
    return value == 0 ? "0" : text;
}

/// variant, name, types, samples, all, ulp, where, absolute, where, bound, wrong
std::string line_of(const Row& row, const Measurement& m) {
    std::string types = type_name(row.result);
    for (int i = 0; i < row.count; ++i)
        types += std::string(i ? ", " : "(") + type_name(row.operands[i]);
    auto worst = [&](const Worst& w) {
        return w.error < 0 ? std::string("-\t-")
                           : number(w.error) + "\t" + arguments_text(row, w.operands);
    };
    return std::string(kVariant) + "\t" + row.name + "\t" + types + ")\t" +
           std::to_string(m.samples) + "\t" + (m.all ? "all" : "sampled") + "\t" + worst(m.ulp) +
           "\t" + worst(m.absolute) + "\t" + row.bound.text + "\t" + std::to_string(m.wrong);
}

/// Replaces the line with the same variant, name and types.
void store(const std::string& file, const std::string& line) {
    std::vector<std::string> lines;
    std::ifstream in(file);
    auto key = [](const std::string& text) {
        size_t end = 0;
        for (int tab = 0; tab < 3; ++tab)
            end = text.find('\t', end) + 1;
        return text.substr(0, end);
    };
    bool placed = false;
    for (std::string old; std::getline(in, old);) {
        bool same = key(old) == key(line);
        lines.push_back(same ? line : old);
        placed |= same;
    }
    if (!placed) lines.push_back(line);
    std::ofstream out(file);
    for (const std::string& text : lines)
        out << text << "\n";
}

Arguments parse(int argc, char** argv) {
    Arguments a;
    for (int i = 1; i < argc; ++i) {
        std::string flag = argv[i];
        auto value = [&]() -> std::string {
            if (++i >= argc) die(flag + " needs a value");
            return argv[i];
        };
        if (flag == "--only")
            a.only = value();
        else if (flag == "--samples")
            a.samples = std::stoull(value());
        else if (flag == "--seed")
            a.seed = std::stoull(value());
        else if (flag == "--batch")
            a.batch = static_cast<unsigned>(std::stoul(value()));
        else if (flag == "--results")
            a.results = value();
        else if (flag == "--all")
            a.all = true;
        else if (flag == "--list")
            a.list = true;
        else
            die("unknown argument " + flag);
    }
    return a;
}

/// True when the row kept its bound.
bool measure(const Row& row, const Arguments& a, Device& device) {
    int bits = 0;
    for (int i = 0; i < row.count; ++i)
        bits += width(row.operands[i]);
    bool all = bits <= 16 || (a.all && bits <= 32);
    Samples samples(row, all, a.samples, a.seed);
    Measurement m = device.measure(row, samples);
    m.all = all;
    std::string line = line_of(row, m);
    printf("%s %s\n", m.wrong ? "WRONG" : "ok   ", line.c_str());
    if (m.wrong)
        printf("      %s(%s) = %s, expected %s\n", row.name,
               arguments_text(row, m.first_wrong.operands).c_str(),
               text_of(row.result, m.first_wrong.got).c_str(), m.expected.c_str());
    fflush(stdout);
    if (!a.results.empty()) store(a.results, line);
    return m.wrong == 0;
}

int run(int argc, char** argv) {
    Arguments a = parse(argc, argv);
    std::regex only(a.only);
    unsigned measured = 0, wrong = 0;
    Device device(a.batch);
    for (const Row& row : table()) {
        if (!a.only.empty() && !std::regex_search(row.name, only)) continue;
        if (a.list) {
            printf("%s: %s\n", row.name, row.bound.text);
            continue;
        }
        ++measured;
        wrong += !measure(row, a, device);
    }
    if (!a.list)
        printf("%u functions measured, %u exceed their bound (variant %s)\n", measured, wrong,
               kVariant);
    return wrong || (!measured && !a.list) ? 1 : 0;
}

} // namespace
} // namespace accuracy

int main(int argc, char** argv) {
    return accuracy::run(argc, argv);
}
