// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "compiler/driver/MachineCode.h"

#include "compiler/object/error.h"
#include "compiler/object/linker.h"
#include "compiler/target/acc_target.h"

#include "llvm/IR/Module.h"
#include "llvm/Support/raw_ostream.h"
#include "llvm/Target/TargetMachine.h"

#include <mutex>

using namespace llvm;

namespace acc::driver {

std::unique_ptr<TargetMachine> make_target_machine(const DeviceOptions& options) {
    static std::once_flag once;
    std::call_once(once, [] { acc::initializeTarget(); });
    TargetConfig config;
    config.OptLevel = options.debug ? 0 : 3;
    return acc::createTargetMachine(config);
}

std::vector<uint8_t> generate_code_object(Module& module, TargetMachine& machine,
                                          std::string& error) {
    SmallString<0> relocatable;
    raw_svector_ostream stream(relocatable);
    if (Error failure = acc::emitModule(module, machine, stream, CodeGenFileType::ObjectFile)) {
        error = toString(std::move(failure));
        return {};
    }
    try {
        return object::link_code_object(
            {reinterpret_cast<const uint8_t*>(relocatable.data()), relocatable.size()});
    } catch (const object::Error& problem) {
        error = std::string("linking device code: ") + problem.what();
        return {};
    }
}

} // namespace acc::driver
