// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A random sequence of API calls. Arguments are mostly sensible, so that calls do something, and
// sometimes stale, of another kind, or out of range.
#pragma once

#include <cuda.h>
#include <cuda_runtime_api.h>

#include <cstdint>
#include <random>
#include <vector>

namespace acc::fuzz {

class ApiSequence {
  public:
    ApiSequence(uint64_t seed, const std::vector<std::vector<uint8_t>>& images);
    void run(int calls);

  private:
    struct Block {
        char* at = nullptr;
        size_t bytes = 0;
        bool host = false; ///< the host may touch it: sizes stay inside
    };
    uint64_t below(uint64_t n) { return random_() % n; }
    bool rarely() { return below(20) == 0; }
    size_t size(size_t sensible);
    dim3 dimensions();
    cudaStream_t stream();
    cudaEvent_t event();
    Block block();
    /// A pointer into, or rarely beside, a block of device memory.
    char* displaced(const Block& block);

    void step();
    void allocate();
    void release();
    void copy();
    void copy_rectangle();
    void fill();
    void streams();
    void events();
    void modules();
    void launch();
    void contexts();
    void registration();
    void questions();
    void restart();

    std::mt19937_64 random_;
    const std::vector<std::vector<uint8_t>>& images_;
    std::vector<char> plain_; ///< ordinary host memory
    std::vector<char> registered_;
    std::vector<Block> blocks_;
    std::vector<cudaStream_t> streams_; // living and dead ones
    std::vector<cudaEvent_t> events_;
    std::vector<CUmodule> modules_;
    std::vector<CUfunction> functions_;
    std::vector<CUcontext> contexts_;
};

} // namespace acc::fuzz
