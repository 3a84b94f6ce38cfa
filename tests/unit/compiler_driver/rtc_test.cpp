// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Run-time compilation without a compilation: options, the form of the log, name expressions.
#include <gmock/gmock.h>

#include "compiler/driver/RtcLog.h"
#include "compiler/driver/RtcNames.h"
#include "compiler/driver/RtcOptions.h"

#include "llvm/AsmParser/Parser.h"
#include "llvm/IR/LLVMContext.h"
#include "llvm/Support/SourceMgr.h"

using namespace acc::driver;
using testing::ElementsAre;
using testing::HasSubstr;

namespace {

RtcSettings parsed(const std::vector<std::string>& options) {
    RtcSettings settings;
    EXPECT_EQ(parse_rtc_options(options, settings), "");
    return settings;
}

std::string problem(const std::vector<std::string>& options) {
    RtcSettings settings;
    return parse_rtc_options(options, settings);
}

TEST(RtcOptions, DefaultsAreThoseOfNvrtc) {
    const RtcSettings settings = parsed({});
    EXPECT_TRUE(settings.virtual_arch);
    EXPECT_EQ(settings.invocation.device.arch(), 52u);
    EXPECT_TRUE(settings.source_include);
    EXPECT_FALSE(settings.default_device);
}

TEST(RtcOptions, TheLastArchitectureCounts) {
    const RtcSettings settings = parsed({"--gpu-architecture=compute_70", "-arch=sm_75"});
    EXPECT_FALSE(settings.virtual_arch);
    EXPECT_EQ(settings.invocation.device.arch(), 75u);
    EXPECT_TRUE(parsed({"-arch", "compute_90a"}).virtual_arch);
}

TEST(RtcOptions, ValuesStandInEveryPlace) {
    const RtcSettings settings = parsed({"-DA=1", "-D", "B=2", "-D=C", "--define-macro=D=4", "-UE",
                                         "-I/x", " -I /y ", "--include-path=/z", "--std=c++20"});
    EXPECT_THAT(
        settings.invocation.source_flags,
        ElementsAre("-DA=1", "-DB=2", "-DC", "-DD=4", "-UE", "-I/x", "-I/y", "-I/z", "-std=c++20"));
}

TEST(RtcOptions, OptionsOfAcccMeanTheSame) {
    const RtcSettings settings = parsed({"--use_fast_math", "--fmad=false", "--maxrregcount=64",
                                         "-lineinfo", "-G", "-rdc=true", "-dlto", "-w"});
    EXPECT_TRUE(settings.invocation.device.flush_denormals);
    EXPECT_FALSE(settings.invocation.device.fuse_multiply_add);
    EXPECT_EQ(settings.invocation.device.max_registers, 64u);
    EXPECT_TRUE(settings.invocation.device.debug);
    EXPECT_TRUE(settings.invocation.device.relocatable);
    EXPECT_TRUE(settings.invocation.quiet_warnings);
    EXPECT_TRUE(settings.lto);
}

TEST(RtcOptions, WhatIsUnknownIsNamed) {
    EXPECT_THAT(problem({"--frob"}), HasSubstr("--frob"));
    EXPECT_THAT(problem({"source.cu"}), HasSubstr("source.cu"));
    EXPECT_THAT(problem({"-arch=sm_1"}), HasSubstr("sm_1"));
    EXPECT_THAT(problem({"-c"}), HasSubstr("-c"));
    EXPECT_THAT(problem({"-D"}), HasSubstr("needs a value"));
    EXPECT_THAT(problem({"-G=true"}), HasSubstr("takes no value"));
    EXPECT_THAT(problem({"-rdc=maybe"}), HasSubstr("maybe"));
    EXPECT_THAT(problem({"--std=c++98"}), HasSubstr("c++98"));
    EXPECT_NE(problem({"-optix-ir"}), "");
}

TEST(RtcLog, HasTheFormOfNvrtc) {
    const Diagnostic error{
        Severity::Error,
        "a.cu",
        3,
        5,
        "no such thing",
        "a.cu:3:5: error: no such thing\n    3 | x\n      | ^\n1 error generated "
        "when compiling for sm_80.\n"};
    EXPECT_EQ(rtc_log({error}, "a.cu", false),
              "a.cu(3): error: no such thing\n    3 | x\n      | ^\n\n1 error detected in the "
              "compilation of \"a.cu\".\n");
    EXPECT_EQ(rtc_log({error}, "a.cu", true),
              "a.cu(3): error: no such thing\n\n1 error detected in the compilation of "
              "\"a.cu\".\n");
    EXPECT_EQ(rtc_log({}, "a.cu", false), "");
}

TEST(RtcLog, MissingHeadersAreCatastrophic) {
    const Diagnostic error{Severity::Error, "b.h", 7, 1, "'x/y.h' file not found", ""};
    EXPECT_THAT(rtc_log({error}, "a.cu", false),
                HasSubstr("b.h(7): catastrophic error: cannot open source file \"x/y.h\"\n"));
}

TEST(RtcNames, ExpressionsBecomeVariables) {
    const std::string text = name_expression_source({"f<int>", " &ns::v", "(void(*)(int))g"});
    EXPECT_THAT(text, HasSubstr("__acc_name_0 = &f<int>;"));
    EXPECT_THAT(text, HasSubstr("__acc_name_1 =  &ns::v;"));
    EXPECT_THAT(text, HasSubstr("__acc_name_2 = (void(*)(int))g;"));
}

TEST(RtcNames, AreTakenFromTheCode) {
    llvm::LLVMContext context;
    llvm::SMDiagnostic problem;
    const auto module = llvm::parseAssemblyString(R"(
target triple = "nvptx64-nvidia-cuda"
@table = addrspace(4) externally_initialized global [4 x i32] zeroinitializer
@_ZL6hidden = internal addrspace(1) global i32 0
@.str = private addrspace(1) constant [2 x i8] c"x\00"
@__acc_name_0 = addrspace(1) externally_initialized global ptr @_Z1kIfEvPT_
@__acc_name_1 = addrspace(1) externally_initialized global ptr addrspacecast (ptr addrspace(4) @table to ptr)
@__acc_name_2 = addrspace(1) externally_initialized global ptr null
define ptx_kernel void @_Z1kIfEvPT_() {
  ret void
}
define ptx_kernel void @_ZL6staticPi() {
  ret void
}
)",
                                                  problem, context);
    ASSERT_TRUE(module);
    show_static_names(*module);
    EXPECT_THAT(take_lowered_names(*module, 3), ElementsAre("_Z1kIfEvPT_", "table", ""));
    EXPECT_FALSE(module->getGlobalVariable("__acc_name_0"));
    ASSERT_TRUE(module->getGlobalVariable("hidden", true));
    EXPECT_TRUE(module->getGlobalVariable("hidden", true)->isExternallyInitialized());
    EXPECT_FALSE(module->getGlobalVariable(".str", true)->isExternallyInitialized());
    EXPECT_TRUE(module->getFunction("_Z6staticPi"));
}

} // namespace
