// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// usage: fuzz_seeds FOLDER      writes the valid inputs of every target to FOLDER/<target>/, to
// start libFuzzer with
#include <cstdio>
#include <filesystem>
#include <fstream>

#include "tests/fuzz/seeds.h"
#include "tests/fuzz/targets.h"

int main(int argc, char** argv) {
    if (argc != 2) {
        std::fputs("usage: fuzz_seeds FOLDER\n", stderr);
        return 2;
    }
    for (const acc::fuzz::Target& target : acc::fuzz::kTargets) {
        const std::filesystem::path folder = std::filesystem::path(argv[1]) / target.name;
        std::filesystem::create_directories(folder);
        unsigned n = 0;
        for (const auto& seed : acc::fuzz::seeds(target.name))
            std::ofstream(folder / ("seed" + std::to_string(n++)), std::ios::binary)
                .write(reinterpret_cast<const char*>(seed.data()),
                       static_cast<std::streamsize>(seed.size()));
    }
    return 0;
}
