// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "compiler/driver/Environment.h"

#include <unistd.h>

extern char** environ;

namespace acc::driver {
namespace {

bool names(const std::string& entry, const std::string& name) {
    return entry.size() > name.size() && entry[name.size()] == '=' && entry.starts_with(name);
}

} // namespace

Environment Environment::of_process() {
    Environment result;
    for (char** entry = environ; entry && *entry; ++entry)
        result.entries_.push_back(*entry);
    return result;
}

const char* Environment::get(const std::string& name) const {
    for (const std::string& entry : entries_)
        if (names(entry, name)) return entry.c_str() + name.size() + 1;
    return nullptr;
}

void Environment::set(const std::string& name, const std::string& value) {
    unset(name);
    entries_.push_back(name + "=" + value);
}

void Environment::unset(const std::string& name) {
    std::erase_if(entries_, [&](const std::string& entry) { return names(entry, name); });
}

std::vector<char*> Environment::pointers() const {
    std::vector<char*> result;
    for (const std::string& entry : entries_)
        result.push_back(const_cast<char*>(entry.c_str()));
    result.push_back(nullptr);
    return result;
}

} // namespace acc::driver
