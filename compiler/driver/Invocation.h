// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// What one run of accc was asked to do: the result of reading the command line.
#pragma once

#include <optional>
#include <string>
#include <vector>

namespace acc::driver {

/// How far an input is taken (nvcc's compilation phases).
enum class Phase {
    Preprocess,   ///< -E
    Dependencies, ///< -M, -MM
    DeviceOnly,   ///< -cubin, -fatbin, -ptx: device code alone, to a file
    SyntaxOnly,   ///< -fdevice-syntax-only
    Compile,      ///< -c, -dc, -dw
    DeviceLink,   ///< -dlink: an object that registers the linked device code
    Library,      ///< -lib: a static library
    Link,         ///< default: an executable, or with -shared a library
};

enum class DeviceFormat { CodeObject, FatBinary, Ptx };

enum class Language { Cuda, Cxx, C, Ptx, Object };

struct Input {
    std::string path; ///< "-" is standard input, until a session has read it
    Language language = Language::Object;
    bool copied = false; ///< standard input, in a file whose name says nothing
};

/// One word of the link: an option, or the object of an input. Their order matters to linkers
/// (-Wl,--whole-archive).
struct LinkWord {
    std::string flag;
    int input = -1; ///< index in Invocation::inputs; -1 = an option
};

enum class CudaRuntime { None, Shared, Static };

/// How device code is compiled; kept apart because run-time compilation sets the same.
struct DeviceOptions {
    std::vector<unsigned> requested_archs; ///< every sm_/compute_ number on the command line, in
                                           ///< order
    bool flush_denormals = false;          ///< --ftz
    bool precise_divide = true;            ///< --prec-div
    bool precise_sqrt = true;              ///< --prec-sqrt
    bool fuse_multiply_add = true;         ///< --fmad
    bool approximate_functions = false;    ///< -use_fast_math
    bool debug = false;                    ///< -G: full debug information, no optimisation
    bool relocatable = false;              ///< -rdc=true: device IR is linked later
    unsigned max_registers = 0;            ///< -maxrregcount, 0 = no limit
    bool resource_usage = false;           ///< -res-usage, -Xptxas -v

    /// The number that __CUDA_ARCH__ / 10 gets: see effective_arch().
    unsigned arch() const;
};

struct Invocation {
    std::string program = "accc"; ///< the name it was called by, for messages
    Phase phase = Phase::Link;
    DeviceFormat device_format = DeviceFormat::CodeObject;
    DeviceOptions device;
    std::vector<Input> inputs;
    std::string output;
    std::string output_directory;

    std::vector<std::string> source_flags;  ///< preprocessor and language flags, for device, host
                                            ///< and C++ compilations
    std::vector<std::string> host_flags;    ///< only for host compilations (-O, -g, -Xcompiler)
    std::vector<LinkWord> link_line;        ///< -L, -l, -Wl,..., -Xlinker and inputs, in order
    std::vector<std::string> library_paths; ///< directories of -L, for the search of device code
    std::vector<std::string> archive_flags;
    std::vector<std::string> run_arguments;
    std::string program_file; ///< --run of a file that is nothing to compile or link: a program
    std::vector<std::string> notes;   ///< said once, before anything is compiled
    std::vector<std::string> ignored; ///< accepted options without an effect here (shown by -v)
    std::string awaits_value; ///< while reading: the option of another tool (-Xptxas -O) whose
                              ///< value is the next word

    std::vector<std::string> dependency_flags; ///< -MD, -MMD, -MF, -MT, -MP as given
    bool dependencies_user_only = false;       ///< -MM instead of -M

    std::string host_compiler; ///< -ccbin; empty = clang
    std::string keep_directory;
    std::string time_file; ///< -time
    CudaRuntime runtime = CudaRuntime::Static;
    unsigned threads = 1;
    bool per_thread_stream = false;
    bool shared = false;
    bool verbose = false;
    bool dry_run = false;
    bool keep = false;
    bool quiet_warnings = false;
    bool cross_space_errors = false;           ///< -Werror cross-execution-space-call
    std::vector<std::string> warning_controls; ///< "suppress:177": for compiler/dialect
    bool extended_lambda = false;              ///< as nvcc's options
    bool relaxed_constexpr = false;
    bool strict_warnings = false; ///< -Werror all-warnings
    bool colour = false;          ///< not an option: set when a terminal shows the diagnostics
    bool run_time = false;        ///< not an option: the source sees what NVRTC shows (Rtc.h)
    std::string precompiled;      ///< of those: the precompiled __acc_rtc.h
    bool host_source = false;     ///< -cuda: C++ for the host compiler instead of an object
    bool run = false;
    bool forward_unknown = false;
    bool no_device_link = false;
    bool as_linker = false;                  ///< called as accc-link: the linker of build systems
    std::optional<Language> forced_language; ///< state of -x while reading

    /// Set by --version, --help, --list-gpu-arch...: print this and stop.
    std::optional<std::string> print_and_exit;
};

/// Reads a command line (without argv[0]; response files and NVCC_*_FLAGS already expanded).
/// On an error returns its message, which names the offending option.
std::optional<std::string> parse_command_line(const std::vector<std::string>& arguments,
                                              Invocation& invocation);

/// Splits a list value at commas; `\,` is a comma, quotes protect, and (as with nvcc, which goes
/// through a shell) unquoted blanks separate too when `at_blanks`.
std::vector<std::string> split_list(const std::string& text, bool at_blanks);

/// Text of --help, made from the option table.
std::string help_text(const std::string& program);

} // namespace acc::driver
