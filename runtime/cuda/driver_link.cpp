// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The linker of the driver API: PTX modules, and relocatable code of accc, become one code object.
#include <memory>
#include <mutex>
#include <unordered_map>

#include "runtime/core/module.h"
#include "runtime/cuda/jit.h"

using namespace acc::cuda;
namespace rt = acc::rt;

namespace {

struct LinkState {
    explicit LinkState(JitOptions o) : options(std::move(o)) {}
    JitOptions options;
    std::vector<rt::CompilerInput> inputs;
    std::vector<uint8_t> code; ///< of a code object that was added, or the result
};

/// Handles are numbers that are never given twice.
class LinkStates {
  public:
    static LinkStates& get() {
        static auto* const states = new LinkStates;
        return *states;
    }
    CUlinkState add(std::unique_ptr<LinkState> state) {
        std::lock_guard lock(mutex_);
        const uint64_t number = ++last_;
        states_[number] = std::move(state);
        return reinterpret_cast<CUlinkState>(number << 4);
    }
    LinkState& find(CUlinkState handle) {
        std::lock_guard lock(mutex_);
        const auto found = states_.find(reinterpret_cast<uint64_t>(handle) >> 4);
        if (found == states_.end())
            rt::fail(rt::Status::InvalidHandle, "the link state does not exist (any more)");
        return *found->second;
    }
    void remove(CUlinkState handle) {
        find(handle);
        std::lock_guard lock(mutex_);
        states_.erase(reinterpret_cast<uint64_t>(handle) >> 4);
    }

  private:
    std::mutex mutex_;
    std::unordered_map<uint64_t, std::unique_ptr<LinkState>> states_;
    uint64_t last_ = 0;
};

void add_code_object(LinkState& state, const void* data, size_t bytes, const std::string& name) {
    const auto [code, size] = rt::select_image(data, bytes);
    if (!state.code.empty())
        rt::fail(rt::Status::NotSupported,
                 "linking {}: code objects are linked already; two of them cannot be linked with "
                 "each other",
                 name);
    const auto* start = static_cast<const uint8_t*>(code);
    state.code.assign(start, start + size);
}

/// Relocatable code, or a code object.
void add_fat_binary(LinkState& state, const void* data, size_t bytes, const std::string& name) {
    std::vector<rt::CompilerInput> inputs = rt::relocatable_inputs(data, bytes, name);
    if (inputs.empty()) add_code_object(state, data, bytes, name);
    for (rt::CompilerInput& input : inputs)
        state.inputs.push_back(std::move(input));
}

void add(LinkState& state, CUjitInputType type, const void* data, size_t bytes,
         const char* given_name) {
    require(data, "data");
    const std::string name = given_name != nullptr ? given_name : "<unnamed>";
    const auto* start = static_cast<const uint8_t*>(data);
    switch (type) {
    case CU_JIT_INPUT_PTX:
        if (bytes != 0 && start[bytes - 1] == 0) --bytes;
        state.inputs.push_back({name, true, {start, start + bytes}});
        return;
    case CU_JIT_INPUT_CUBIN:
    case CU_JIT_INPUT_FATBINARY: add_fat_binary(state, data, bytes, name); return;
    case CU_JIT_INPUT_OBJECT:
    case CU_JIT_INPUT_LIBRARY:
    case CU_JIT_INPUT_NVVM: // what NVRTC gives with -dlto
        if (rt::relocatable_inputs(data, bytes, name).empty())
            rt::fail(rt::Status::NotSupported,
                     "linking {}: objects and libraries of the host, and NVVM code of other "
                     "compilers, are not supported here; PTX, cubins, fat binaries and what NVRTC "
                     "gives are",
                     name);
        add_fat_binary(state, data, bytes, name);
        return;
    default: rt::fail(rt::Status::InvalidValue, "linking {}: unknown kind of input", name);
    }
}

} // namespace

ACC_API CUresult cuLinkCreate_v2(unsigned int count, CUjit_option* options, void** values,
                                 CUlinkState* state) {
    return driver_guard(__func__, [&] {
        require(state, "stateOut");
        driver_current();
        *state = LinkStates::get().add(
            std::make_unique<LinkState>(JitOptions(count, options, values)));
    });
}

ACC_API CUresult cuLinkAddData_v2(CUlinkState state, CUjitInputType type, void* data, size_t bytes,
                                  const char* name, unsigned int count, CUjit_option* options,
                                  void** values) {
    return driver_guard(__func__, [&] {
        JitOptions(count, options, values);
        add(LinkStates::get().find(state), type, data, bytes, name);
    });
}

ACC_API CUresult cuLinkAddFile_v2(CUlinkState state, CUjitInputType type, const char* path,
                                  unsigned int count, CUjit_option* options, void** values) {
    return driver_guard(__func__, [&] {
        require(path, "path");
        JitOptions(count, options, values);
        LinkState& into = LinkStates::get().find(state);
        const std::vector<char> file = read_image("cuLinkAddFile", path);
        add(into, type, file.data(), file.size(), path);
    });
}

ACC_API CUresult cuLinkComplete(CUlinkState handle, void** code, size_t* bytes) {
    return driver_guard(__func__, [&] {
        require(code, "cubinOut");
        LinkState& state = LinkStates::get().find(handle);
        if (!state.inputs.empty()) {
            if (!state.code.empty())
                rt::fail(rt::Status::NotSupported,
                         "a code object is linked already and cannot be linked with PTX");
            try {
                state.code = rt::compile(state.inputs, state.options.compiler(),
                                         state.options.log());
            } catch (...) {
                state.options.finish();
                throw;
            }
            state.inputs.clear();
        }
        state.options.finish();
        if (state.code.empty())
            rt::fail(rt::Status::InvalidValue, "nothing has been added to the link");
        *code = state.code.data();
        if (bytes != nullptr) *bytes = state.code.size();
    });
}

ACC_API CUresult cuLinkDestroy(CUlinkState state) {
    return driver_guard(__func__, [&] { LinkStates::get().remove(state); });
}
