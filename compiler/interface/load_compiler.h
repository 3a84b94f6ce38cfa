// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Finding and loading libacccompiler.so: the same for all who use it.
#pragma once

#include <dlfcn.h>

#include <cstdlib>
#include <string>

#include "compiler/interface/acc_compiler.h"

namespace acc {

/// `inside`: any function of the caller's library: its folder is looked at first. Null, with the
/// reason in `error`, when there is no compiler of this version.
inline const acc_compiler_functions* load_compiler(const void* inside, std::string& error) {
    std::string folder;
    Dl_info info{};
    if (dladdr(inside, &info) != 0 && info.dli_fname != nullptr) {
        const std::string path = info.dli_fname;
        folder = path.substr(0, path.rfind('/') + 1);
    }
    // The last: programs with the static runtime have a run path. Without a folder, as for a
    // program that was found by its bare name, nothing beside the current folder is meant.
    std::string places[] = {folder + ACC_COMPILER_LIBRARY,
                            folder + (folder.empty() ? "" : "../lib64/") + ACC_COMPILER_LIBRARY,
                            ACC_COMPILER_LIBRARY};
    if (const char* path = std::getenv("ACC_COMPILER"))
        for (std::string& place : places)
            place = path;
    for (const std::string& path : places) {
        // Never unloaded: it keeps state for each thread that used it.
        void* library = dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL | RTLD_NODELETE);
        if (library == nullptr) {
            error = dlerror();
            continue;
        }
        const auto entry = reinterpret_cast<acc_compiler_entry>(dlsym(library, ACC_COMPILER_ENTRY));
        if (const auto* functions = entry != nullptr ? entry(ACC_COMPILER_VERSION) : nullptr)
            return functions;
        error = path + " is no compiler for this version of the runtime";
    }
    return nullptr;
}

} // namespace acc
