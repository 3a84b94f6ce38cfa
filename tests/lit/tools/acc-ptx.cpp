// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// usage: acc-ptx FILE
//
// PTX → IR as text, as the parser of modules hands it over; or its errors as FILE:LINE: TEXT.
#include "compiler/ptx/Module.h"
#include "compiler/target/acc_target.h"

#include "llvm/IR/LLVMContext.h"
#include "llvm/IR/Module.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/raw_ostream.h"

using namespace llvm;

int main(int argc, char** argv) {
    auto file = argc == 2 ? MemoryBuffer::getFile(argv[1])
                          : std::make_error_code(std::errc::invalid_argument);
    if (!file) {
        errs() << "acc-ptx: " << file.getError().message() << "\n";
        return 2;
    }
    LLVMContext context;
    context.setDiscardValueNames(false);
    std::vector<acc::ptx::Problem> problems;
    auto module = acc::ptx::parse_module((*file)->getBuffer(), "module", acc::DataLayoutString, context,
                                         problems);
    for (const acc::ptx::Problem& problem : problems)
        outs() << argv[1] << ":" << problem.line << ": " << problem.text << "\n";
    if (!module) return 1;
    module->print(outs(), nullptr);
    return 0;
}
