// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// acc-llc: LLVM IR (nvptx64 or acc triple) to ACC assembly or a relocatable object, for tests and for looking
// at code.
//
//   acc-llc [-O0..3] [-filetype=asm|obj] [-o out] [in.ll]
#include "compiler/target/acc_target.h"
#include "llvm/IR/DiagnosticInfo.h"
#include "llvm/IR/DiagnosticPrinter.h"
#include "llvm/IR/LLVMContext.h"
#include "llvm/IR/Module.h"
#include "llvm/IR/Verifier.h"
#include "llvm/IRReader/IRReader.h"
#include "llvm/Support/CommandLine.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/InitLLVM.h"
#include "llvm/Support/SourceMgr.h"
#include "llvm/Support/ToolOutputFile.h"
#include "llvm/Target/TargetMachine.h"

using namespace llvm;

static cl::opt<std::string> Input(cl::Positional, cl::desc("<input .ll or .bc>"), cl::init("-"));
static cl::opt<std::string> Output("o", cl::desc("output file"), cl::init("-"));
static cl::opt<unsigned> OptLevel("O", cl::Prefix, cl::desc("optimisation level"), cl::init(2));
static cl::opt<CodeGenFileType>
    FileType("filetype", cl::init(CodeGenFileType::AssemblyFile),
             cl::values(clEnumValN(CodeGenFileType::AssemblyFile, "asm", "assembly"),
                        clEnumValN(CodeGenFileType::ObjectFile, "obj", "relocatable object")));

/// The default handler ends the process at the first error.
struct Printer : DiagnosticHandler {
  bool handleDiagnostics(const DiagnosticInfo &Info) override {
    if (Info.getSeverity() != DS_Error && Info.getSeverity() != DS_Warning)
      return true;
    DiagnosticPrinterRawOStream Stream(errs());
    errs() << (Info.getSeverity() == DS_Error ? "error: " : "warning: ");
    Info.print(Stream);
    errs() << "\n";
    return true;
  }
};

static Error run() {
  LLVMContext Context;
  Context.setDiagnosticHandler(std::make_unique<Printer>());
  SMDiagnostic Diagnostic;
  // The layout decides default alignments, so it must be ours from the beginning.
  ParserCallbacks Callbacks(
      [](StringRef, StringRef) -> std::optional<std::string> { return acc::DataLayoutString; });
  std::unique_ptr<Module> M = parseIRFile(Input, Diagnostic, Context, Callbacks);
  if (!M) {
    Diagnostic.print("acc-llc", errs());
    return createStringError("cannot read " + Input);
  }
  acc::TargetConfig Config;
  Config.OptLevel = OptLevel;
  std::unique_ptr<TargetMachine> TM = acc::createTargetMachine(Config);
  acc::prepareModule(*M, *TM);
  if (verifyModule(*M, &errs()))
    return createStringError(Input + " is not valid IR");
  SmallString<0> Buffer;
  raw_svector_ostream Stream(Buffer);
  if (Error E = acc::emitModule(*M, *TM, Stream, FileType))
    return E;
  std::error_code EC;
  ToolOutputFile Out(Output, EC, sys::fs::OF_None);
  if (EC)
    return createStringError(EC, Output + ": " + EC.message());
  Out.os() << Buffer;
  Out.keep();
  return Error::success();
}

int main(int argc, char **argv) {
  InitLLVM Init(argc, argv);
  acc::initializeTarget();
  cl::ParseCommandLineOptions(argc, argv, "ACC code generator\n");
  if (Error E = run()) {
    errs() << "acc-llc: error: " << toString(std::move(E)) << "\n";
    return 1;
  }
  return 0;
}
