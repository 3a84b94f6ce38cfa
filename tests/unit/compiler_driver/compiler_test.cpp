// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The compiler as a library: several threads, good and bad programs, one process that survives.
#include "compiler/driver/Compiler.h"

#include "compiler/object/code_object.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <csignal>
#include <cstdlib>
#include <thread>

namespace acc::driver {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

std::vector<std::string> kernels(const CompileResult& result) {
    std::vector<std::string> names;
    if (result.code_object.empty()) return names;
    object::CodeObject code(result.code_object);
    for (const object::KernelInfo& kernel : code.kernels())
        names.emplace_back(kernel.name);
    return names;
}

/// The first error; a test that wants one fails when there is none.
Diagnostic first_error(const CompileResult& result) {
    for (const Diagnostic& diagnostic : result.diagnostics)
        if (diagnostic.severity == Severity::Error) return diagnostic;
    ADD_FAILURE() << "no error was reported";
    return {};
}

std::string all_text(const CompileResult& result) {
    std::string text;
    for (const Diagnostic& diagnostic : result.diagnostics)
        text += diagnostic.text;
    return text;
}

const char* const kGood = "extern \"C\" __global__ void good(int* p) { *p = VALUE; }\n";
const char* const kBadSyntax = "__global__ void k(int* p) {\n  *p = missing;\n}\n";
const char* const kBadPtx = "__global__ void k(int* p) {\n"
                            "  asm(\"frobnicate.b32 %0, 1;\" : \"=r\"(*p));\n}\n";
const char* const kUndefined = "__device__ int elsewhere(int);\n\n"
                               "__global__ void k(int* p) { *p = elsewhere(1); }\n";
/// No pattern of the backend selects this intrinsic: LLVM ends with report_fatal_error.
const char* const kBadBackend = R"(
target triple = "nvptx64-nvidia-cuda"
declare i32 @llvm.nvvm.read.ptx.sreg.envreg7()
define ptx_kernel void @k(ptr %p) !dbg !4 {
  %v = call i32 @llvm.nvvm.read.ptx.sreg.envreg7()
  store i32 %v, ptr %p
  ret void
}
!llvm.dbg.cu = !{!0}
!llvm.module.flags = !{!2}
!0 = distinct !DICompileUnit(language: DW_LANG_C_plus_plus, file: !1, emissionKind: LineTablesOnly)
!1 = !DIFile(filename: "device.cu", directory: "/nowhere")
!2 = !{i32 2, !"Debug Info Version", i32 3}
!3 = !DISubroutineType(types: !{})
!4 = distinct !DISubprogram(name: "k", file: !1, line: 17, type: !3, scopeLine: 17, spFlags: DISPFlagDefinition, unit: !0)
)";

class Library : public testing::Test {
  protected:
    const Compiler compiler{ACC_TOOLKIT};
};

TEST_F(Library, CompilesSourceWithHeadersInMemory) {
    const CompileResult result = compiler.compile_source(
        {"program.cu", "#include \"a/value.h\"\n#include <other.h>\n" + std::string(kGood)},
        {{"a/value.h", "#include \"near.h\"\n"},
         {"a/near.h", "#define VALUE 4\n"},
         {"other.h", ""}},
        {"-arch=sm_75", "-DUNUSED=1"});
    EXPECT_TRUE(result.ok) << all_text(result);
    EXPECT_THAT(kernels(result), ElementsAre("good"));
    EXPECT_THAT(result.diagnostics, IsEmpty());
}

TEST_F(Library, SaysWhereInTheNamesThatItWasGiven) {
    const CompileResult in_source = compiler.compile_source({"dir/bad.cu", kBadSyntax}, {}, {});
    EXPECT_FALSE(in_source.ok);
    const Diagnostic error = first_error(in_source);
    EXPECT_EQ(error.file, "dir/bad.cu");
    EXPECT_EQ(error.line, 2u);
    EXPECT_EQ(error.column, 8u);
    EXPECT_EQ(error.message, "use of undeclared identifier 'missing'");

    const CompileResult in_header = compiler.compile_source(
        {"x.cu", "#include \"h.h\"\n"}, {{"h.h", "\n#error in a header\n"}}, {});
    EXPECT_EQ(first_error(in_header).file, "h.h");
    EXPECT_EQ(first_error(in_header).line, 2u);
    EXPECT_THAT(all_text(in_header), Not(HasSubstr("accc-"))); // no temporary directory
}

TEST_F(Library, GivesWarningsBesideTheCode) {
    const std::string text = "#warning look here\nextern \"C\" __global__ void k() {}\n";
    const CompileResult result = compiler.compile_source({"w.cu", text}, {}, {});
    EXPECT_TRUE(result.ok);
    ASSERT_FALSE(result.diagnostics.empty());
    EXPECT_EQ(result.diagnostics[0].severity, Severity::Warning);
    EXPECT_EQ(result.diagnostics[0].line, 1u);
    EXPECT_FALSE(compiler.compile_source({"w.cu", text}, {}, {"-Werror", "all-warnings"}).ok);
    EXPECT_THAT(compiler.compile_source({"w.cu", text}, {}, {"-w"}).diagnostics, IsEmpty());
}

TEST_F(Library, RefusesNamesOutsideAndOptionsForOtherThings) {
    for (const char* name : {"../up.h", "/etc/up.h", "a/../../up.h", "", "dir/", "."})
        EXPECT_THAT(first_error(compiler.compile_source({"x.cu", ""}, {{name, ""}}, {})).message,
                    HasSubstr("cannot be the name of a file in memory"))
            << name;
    for (std::vector<std::string> options : {std::vector<std::string>{"-c"},
                                             {"-o", "x"},
                                             {"other.cu"},
                                             {"--version"},
                                             {"-keep"},
                                             {"-MD"},
                                             {"--dryrun"},
                                             {"-E"}})
        EXPECT_THAT(first_error(compiler.compile_source({"x.cu", ""}, {}, options)).message,
                    HasSubstr("more than a compilation of device code"))
            << options[0];
    EXPECT_THAT(first_error(compiler.compile_source({"x.cu", ""}, {}, {"--nonsense"})).message,
                HasSubstr("Unknown option '--nonsense'"));
}

TEST_F(Library, SaysThatAFolderIsNoToolkit) {
    EXPECT_THAT(first_error(Compiler("/nowhere").compile_source({"x.cu", ""}, {}, {})).message,
                HasSubstr("'/nowhere' is no toolkit of ours"));
}

TEST_F(Library, InlinePtxThatItDoesNotKnowIsADiagnosticWithItsLine) {
    const Diagnostic error = first_error(compiler.compile_source({"p.cu", kBadPtx}, {}, {}));
    EXPECT_EQ(error.file, "p.cu");
    EXPECT_EQ(error.line, 2u);
    EXPECT_THAT(error.message, HasSubstr("'frobnicate' is not supported"));
}

TEST_F(Library, WhatTheBackendCannotDoIsADiagnosticWithItsLine) {
    const CompileResult result = compiler.compile_ir(kBadBackend, "bad.ll", {});
    EXPECT_FALSE(result.ok);
    EXPECT_THAT(result.code_object, IsEmpty());
    EXPECT_EQ(first_error(result).file, "device.cu") << all_text(result);
    EXPECT_EQ(first_error(result).line, 17u);
}

TEST_F(Library, UnreadableIrIsADiagnostic) {
    for (const std::string& ir :
         {std::string(), std::string("no IR"), std::string("BC\xc0\xde???")})
        EXPECT_THAT(first_error(compiler.compile_ir(ir, "broken", {})).message,
                    HasSubstr("broken: not readable as device code"));
}

/// Good and bad programs at the same time: each caller gets its own answer, the process goes on.
TEST_F(Library, CompilesInManyThreadsAtOnce) {
    constexpr int kThreads = 6;
    constexpr int kRounds = 2;
    auto work = [this](int thread) {
        for (int round = 0; round < kRounds; ++round) {
            switch ((thread + round) % 6) {
            case 0:
            case 3: {
                const std::string name = "k" + std::to_string(thread);
                const CompileResult result = compiler.compile_source(
                    {name + ".cu", "extern \"C\" __global__ void " + name +
                                       "(float* p) { *p = sinf(*p) / VALUE; }\n"},
                    {}, {"-DVALUE=" + std::to_string(thread + 2)});
                EXPECT_TRUE(result.ok) << all_text(result);
                EXPECT_THAT(kernels(result), ElementsAre(name));
                break;
            }
            case 1:
                EXPECT_EQ(first_error(compiler.compile_ir(kBadBackend, "b.ll", {})).line, 17u);
                break;
            case 2:
                EXPECT_EQ(first_error(compiler.compile_source({"p.cu", kBadPtx}, {}, {})).line, 2u);
                break;
            case 4:
                EXPECT_EQ(first_error(compiler.compile_source({"u.cu", kUndefined}, {}, {})).line,
                          3u);
                break;
            case 5:
                EXPECT_EQ(first_error(compiler.compile_source({"s.cu", kBadSyntax}, {}, {})).line,
                          2u);
                break;
            }
        }
    };
    std::vector<std::thread> threads;
    for (int i = 0; i < kThreads; ++i)
        threads.emplace_back(work, i);
    for (std::thread& thread : threads)
        thread.join();
}

/// The host's process stays what it was.
TEST_F(Library, LeavesEnvironmentAndSignalsAlone) {
    setenv("CPATH", ACC_TOOLKIT "/include:/opt/other-toolkit/include", 1);
    setenv("CUDA_HOME", "/opt/other-toolkit", 1);
    sigset_t blocked_before;
    const int signals[] = {SIGTERM, SIGINT, SIGSEGV, SIGABRT, SIGCHLD, SIGPIPE};
    struct sigaction before[std::size(signals)];
    pthread_sigmask(SIG_SETMASK, nullptr, &blocked_before);
    for (size_t i = 0; i < std::size(signals); ++i)
        sigaction(signals[i], nullptr, &before[i]);
    EXPECT_TRUE(Compiler(ACC_TOOLKIT).compile_source({"g.cu", kGood}, {}, {"-DVALUE=1"}).ok);
    EXPECT_FALSE(compiler.compile_ir(kBadBackend, "b.ll", {}).ok);
    EXPECT_STREQ(getenv("CPATH"), ACC_TOOLKIT "/include:/opt/other-toolkit/include");
    EXPECT_STREQ(getenv("CUDA_HOME"), "/opt/other-toolkit");
    for (size_t i = 0; i < std::size(signals); ++i) {
        struct sigaction now;
        sigaction(signals[i], nullptr, &now);
        EXPECT_TRUE(now.sa_handler == before[i].sa_handler) << signals[i];
    }
    sigset_t blocked;
    pthread_sigmask(SIG_SETMASK, nullptr, &blocked);
    for (int signal = 1; signal < 32; ++signal)
        EXPECT_EQ(sigismember(&blocked, signal), sigismember(&blocked_before, signal));
    unsetenv("CPATH");
    unsetenv("CUDA_HOME");
}

} // namespace
} // namespace acc::driver
