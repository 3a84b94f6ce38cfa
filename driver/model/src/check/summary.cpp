// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "driver/model/src/check/summary.h"

#include <cstdio>
#include <cstdlib>
#include <map>
#include <mutex>
#include <set>
#include <string>

namespace acc::model {
namespace {

struct Counted {
    uint64_t launches = 0;
    std::set<uint64_t> kernels;
};

struct Summary {
    std::mutex lock;
    std::map<std::pair<CheckEnd, std::string>, Counted> ends; ///< with the reason
};

/// Never destroyed: launches may end while the process does.
Summary& summary() {
    static Summary& s = *new Summary;
    return s;
}

const char* text_of(CheckEnd end) {
    switch (end) {
    case CheckEnd::Same: return "the same in both executors";
    case CheckEnd::OrderDepends: return "with results that depend on an order that is not defined";
    case CheckEnd::Different: return "DIFFERENT";
    case CheckEnd::NotTranslated: return "not translated";
    default: return "not compared";
    }
}

void say() {
    Summary& s = summary();
    std::lock_guard guard(s.lock);
    std::string text;
    for (const auto& [key, counted] : s.ends) {
        text += "acc: check: " + std::to_string(counted.launches) + " launches of " +
                std::to_string(counted.kernels.size()) + " kernels " + text_of(key.first);
        text += key.second.empty() ? "\n" : ": " + key.second + "\n";
    }
    std::fputs(text.c_str(), stderr);
}

} // namespace

void count_check(CheckEnd end, uint64_t kernel, const std::string& why) {
    static const int registered = std::atexit(say);
    static_cast<void>(registered);
    Summary& s = summary();
    std::lock_guard guard(s.lock);
    Counted& counted = s.ends[{end, why}];
    ++counted.launches;
    counted.kernels.insert(kernel);
}

} // namespace acc::model
