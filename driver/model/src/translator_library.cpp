// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "driver/model/src/translator_library.h"

#include <dlfcn.h>

#include <cstdlib>
#include <string>
#include <system_error>
#include <vector>

namespace acc::model {
namespace {

constexpr const char* kLibrary = "libaccjit.so";

/// The folder of whatever this function was linked into, with a slash; "" when it cannot be told.
std::string own_folder() {
    Dl_info info{};
    if (!dladdr(reinterpret_cast<void*>(&own_folder), &info) || !info.dli_fname) return "";
    const std::string path = info.dli_fname;
    const size_t slash = path.rfind('/');
    return slash == std::string::npos ? "" : path.substr(0, slash + 1);
}

std::vector<std::string> places() {
    if (const char* path = std::getenv("ACC_MODEL_TRANSLATOR")) return {path};
    const std::string folder = own_folder();
    // The last: programs with the static runtime have a run path.
    return {folder + kLibrary, folder + "../lib64/" + kLibrary, kLibrary};
}

} // namespace

std::unique_ptr<Translator> load_translator() {
    std::string error;
    for (const std::string& path : places()) {
        // Never unloaded: translated code may be running at exit.
        void* library = dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL | RTLD_NODELETE);
        if (!library) {
            error = dlerror();
            continue;
        }
        const auto make = reinterpret_cast<MakeTranslator>(dlsym(library, kMakeTranslator));
        if (Translator* translator = make ? make(kTranslationVersion) : nullptr)
            return std::unique_ptr<Translator>(translator);
        error = path + " has no translator for this version of the runtime and this host";
    }
    throw std::system_error(std::make_error_code(std::errc::no_such_file_or_directory),
                            "the translator cannot be used: " + error +
                                "; ACC_MODEL_TRANSLATOR can name lib64/" + kLibrary +
                                " of a toolkit");
}

} // namespace acc::model
