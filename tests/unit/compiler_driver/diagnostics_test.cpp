// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// What compilers write, as values.
#include "compiler/driver/Diagnostics.h"
#include "compiler/driver/FatalErrors.h"
#include "compiler/driver/MissingFeatures.h"

#include "llvm/Support/ErrorHandling.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace acc::driver {
namespace {

using testing::HasSubstr;

TEST(ToolOutput, KeepsSourceLinesAndIncludeChainsWithTheirDiagnostic) {
    const std::string first = "In file included from a.cu:1:\nh.h:2:5: warning: odd\n  2 | x\n";
    const std::string second = "a.cu:9:1: fatal error: 'thrust/sort.h' file not found\n";
    const std::string third = "a.cu:9:1: note: here\n1 error generated.\n";
    const auto list = parse_tool_output(first + second + third);
    ASSERT_EQ(list.size(), 3u);
    EXPECT_EQ(list[0].text, first);
    EXPECT_EQ(list[0].severity, Severity::Warning);
    EXPECT_EQ(list[0].file, "h.h");
    EXPECT_EQ(list[0].line, 2u);
    EXPECT_EQ(list[0].column, 5u);
    EXPECT_EQ(list[0].message, "odd");
    EXPECT_EQ(list[1].text, second);
    EXPECT_EQ(list[1].severity, Severity::Error);
    EXPECT_EQ(list[2].text, third);
    EXPECT_EQ(list[2].severity, Severity::Note);
}

TEST(ToolOutput, ReadsWhatLinkersAndColouredTerminalsGet) {
    const auto linker = parse_tool_output("ld.lld: error: undefined symbol: f\n>>> referenced\n");
    ASSERT_EQ(linker.size(), 1u);
    EXPECT_EQ(linker[0].severity, Severity::Error);
    EXPECT_EQ(linker[0].file, "");
    EXPECT_EQ(linker[0].message, "undefined symbol: f");
    const auto coloured = parse_tool_output(
        "\033[1mx.cu:3:7: \033[0m\033[0;1;31merror: \033[0m\033[1mbad\033[0m\n");
    ASSERT_EQ(coloured.size(), 1u);
    EXPECT_EQ(coloured[0].file, "x.cu");
    EXPECT_EQ(coloured[0].message, "bad");
}

TEST(ToolOutput, TextWithoutDiagnosticsIsOneRemark) {
    const auto list = parse_tool_output("Segmentation fault\nfoo");
    ASSERT_EQ(list.size(), 1u);
    EXPECT_EQ(list[0].severity, Severity::Remark);
    EXPECT_EQ(list[0].text, "Segmentation fault\nfoo");
    EXPECT_TRUE(parse_tool_output("").empty());
}

std::vector<Diagnostic> reported(const std::string& output, bool failed, bool strict = false) {
    std::vector<Diagnostic> list;
    Reporter reporter([&](const Diagnostic& one) { list.push_back(one); }, "accc", false);
    if (strict) reporter.warnings_are_errors();
    reporter.tool_output(output, failed);
    return list;
}

TEST(Report, AFailureWithoutAnErrorIsAnError) {
    EXPECT_EQ(reported("killed\n", true).back().severity, Severity::Error);
    EXPECT_EQ(reported("killed\n", false).back().severity, Severity::Remark);
}

TEST(Report, StrictWarningsAreErrors) {
    std::vector<Diagnostic> list;
    Reporter reporter([&](const Diagnostic& one) { list.push_back(one); }, "accc", false);
    reporter.warning("first");
    EXPECT_EQ(reporter.errors(), 0u);
    reporter.warnings_are_errors();
    reporter.warning("second");
    reporter.add({Severity::Warning, "f", 1, 2, "third", ""});
    EXPECT_EQ(reporter.errors(), 2u);
    EXPECT_EQ(list[0].text, "accc warning : first\n");
    EXPECT_EQ(list[1].text, "accc error   : second [-Werror all-warnings]\n");
    EXPECT_EQ(list[2].text, "f:1:2: error: third [-Werror all-warnings]\n");
}

TEST(Report, AMissingHeaderIsExplainedOnce) {
    const std::string line = "a.cu:1:10: fatal error: 'cutensor.h' file not found\n";
    const auto list = reported(line + line, true);
    ASSERT_EQ(list.size(), 3u);
    EXPECT_EQ(list[2].severity, Severity::Note);
    EXPECT_THAT(list[2].text, HasSubstr("cuTENSOR: not in this toolkit yet; docs/status.md"));
}

TEST(MissingFeature, NamesThePackageOfAHeader) {
    EXPECT_THAT(missing_feature_hint("'thrust/sort.h' file not found"),
                HasSubstr("libthrust-dev): "));
    EXPECT_THAT(missing_feature_hint("'cub/cub.cuh' file not found"), HasSubstr("libcub-dev): "));
}

TEST(MissingFeature, KnowsHeadersAndFunctions) {
    for (const char* header :
         {"thrust/device_vector.h", "cub/cub.cuh", "cusolverMg.h", "cutensor.h", "nvjpeg.h"})
        EXPECT_NE(missing_feature_hint("'" + std::string(header) + "' file not found"), "")
            << header;
    EXPECT_EQ(missing_feature_hint("'mine.h' file not found"), "");
    EXPECT_EQ(missing_feature_hint("use of undeclared identifier 'x'"), "");
    EXPECT_EQ(missing_feature_hint("unterminated 'thrust"), "");
}

TEST(LinkHint, KnowsLibrariesAndTheirFunctions) {
    EXPECT_THAT(link_hint("ld.lld: error: unable to find library -lcutensor"),
                HasSubstr("cuTENSOR"));
    EXPECT_THAT(link_hint("/usr/bin/ld: cannot find -lnvjpeg: No such file or directory"),
                HasSubstr("nvJPEG"));
    EXPECT_THAT(link_hint("ld.lld: error: undefined symbol: cutensorCreate"),
                HasSubstr("cuTENSOR"));
    EXPECT_THAT(link_hint("ld.lld: error: undefined symbol: cudnnCreate"), HasSubstr("-lcudnn"));
    EXPECT_THAT(link_hint("ld.lld: error: undefined symbol: cublasSaxpy_v2"),
                HasSubstr("cublasSaxpy_v2 is a function of a library: link with -lcublas"));
    EXPECT_THAT(link_hint("a.cu:(.text+0x1): undefined reference to `cuMemAlloc_v2'"),
                HasSubstr("-lcuda"));
    for (const char* own : {"ld.lld: error: unable to find library -lmine", "undefined symbol: cut",
                            "undefined symbol: cuMine(int)", "undefined symbol: cudaMine", ""})
        EXPECT_EQ(link_hint(own), "") << own;
}

TEST(FatalErrors, BecomeAReasonAndNest) {
    std::string outer, inner;
    EXPECT_FALSE(survive_fatal_errors(
        [&] {
            EXPECT_FALSE(survive_fatal_errors([] { llvm::report_fatal_error("one"); }, inner));
            llvm::report_fatal_error("two");
        },
        outer));
    EXPECT_EQ(inner, "one");
    EXPECT_EQ(outer, "two");
    EXPECT_TRUE(survive_fatal_errors([] {}, outer));
}

/// What an exception leaves is no longer there to return to: the outer call gets the error.
TEST(FatalErrors, PassExceptions) {
    std::string outer, inner;
    EXPECT_FALSE(survive_fatal_errors(
        [&] {
            EXPECT_THROW(survive_fatal_errors([] { throw 1; }, inner), int);
            llvm::report_fatal_error("two");
        },
        outer));
    EXPECT_EQ(inner, "");
    EXPECT_EQ(outer, "two");
}

} // namespace
} // namespace acc::driver
