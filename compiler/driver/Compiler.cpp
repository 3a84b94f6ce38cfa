// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "compiler/driver/Compiler.h"

#include "compiler/driver/Commands.h"
#include "compiler/driver/DeviceCompiler.h"
#include "compiler/driver/Process.h"

#include <filesystem>
#include <fstream>
#include <optional>
#include <sstream>

namespace fs = std::filesystem;

namespace acc::driver {
namespace {

/// One compilation under way.
class Run {
  public:
    Run(const Toolkit& toolkit, const Environment& environment, CompileResult& result)
        : toolkit_(toolkit), environment_(environment),
          reporter_([&result](const Diagnostic& one) { result.diagnostics.push_back(one); }, "accc",
                    false),
          result_(result) {}

    void source(const MemoryFile& source, const std::vector<MemoryFile>& headers) {
        WorkDirectory work("", environment_, jobs_);
        directory_ = work.path();
        TranslationUnit unit;
        unit.input = {place(source, "source"), Language::Cuda};
        unit.module_id = "0";
        unit.bitcode = directory_ + "/unit.bc";
        if (unit.input.path.empty()) return;
        for (const MemoryFile& header : headers)
            if (place(header, "headers").empty()) return;
        const std::string own = directory_ + "/headers";
        fs::create_directories(own);
        invocation_.source_flags.insert(invocation_.source_flags.begin(), "-I" + own);
        // Nothing of the directory's name, which is another one each time, reaches the result.
        for (const char* folder : {"/source/", "/headers/"})
            invocation_.source_flags.push_back("-ffile-prefix-map=" + directory_ + folder + "=");
        Process clang(device_command(toolkit_, invocation_, unit), environment_, jobs_);
        const int status = clang.wait();
        reporter_.tool_output(without_directory(clang.errors()), status != 0);
        if (status == 0)
            ir(read(unit.bitcode), source.name);
        else if (!reporter_.errors())
            reporter_.error("clang ended with status " + std::to_string(status));
    }

    void ir(std::string_view ir, const std::string& name) {
        DeviceCompiler compiler(invocation_.device, toolkit_.device_library);
        std::optional<std::vector<uint8_t>> code;
        if (compiler.add_source_unit(ir, name)) code = compiler.compile();
        for (const Diagnostic& diagnostic : compiler.diagnostics())
            reporter_.add(diagnostic);
        if (!code || reporter_.errors()) return;
        result_.ok = true;
        result_.code_object = std::move(*code);
    }

    bool read_options(const std::vector<std::string>& options) {
        invocation_.phase = Phase::DeviceOnly;
        invocation_.device_format = DeviceFormat::CodeObject;
        if (std::optional<std::string> problem = parse_command_line(options, invocation_)) {
            reporter_.error(*problem);
            return false;
        }
        if (invocation_.phase != Phase::DeviceOnly || !invocation_.inputs.empty() ||
            !invocation_.output.empty() || invocation_.print_and_exit || invocation_.keep ||
            invocation_.dry_run || !invocation_.dependency_flags.empty()) {
            reporter_.error("the options ask for more than a compilation of device code: no "
                            "inputs, outputs or other phases can be named here");
            return false;
        }
        if (invocation_.strict_warnings) reporter_.warnings_are_errors();
        return true;
    }

    void error(const std::string& message) { reporter_.error(message); }

  private:
    /// Writes a file into a folder of the work directory; an empty path after an error.
    std::string place(const MemoryFile& file, const char* folder) {
        const fs::path name(file.name);
        bool inside = !file.name.empty() && name.is_relative() && name.has_filename() &&
                      file.name.find('\0') == std::string::npos;
        for (const fs::path& part : name)
            inside = inside && part != ".." && part != ".";
        if (!inside) {
            reporter_.error("'" + file.name +
                            "' cannot be the name of a file in memory: it must be a relative path "
                            "without '.' and '..'");
            return {};
        }
        const fs::path path = fs::path(directory_) / folder / name;
        std::error_code ignored;
        fs::create_directories(path.parent_path(), ignored);
        std::ofstream out(path, std::ios::binary);
        out << file.text;
        out.close();
        if (out) return path.string();
        reporter_.error("cannot write " + path.string());
        return {};
    }

    static std::string read(const std::string& path) {
        std::ifstream file(path, std::ios::binary);
        std::stringstream text;
        text << file.rdbuf();
        return text.str();
    }

    /// Messages call files by the names that the caller gave them.
    std::string without_directory(std::string text) const {
        for (const char* folder : {"/source/", "/headers/"}) {
            const std::string prefix = directory_ + folder;
            for (size_t at; (at = text.find(prefix)) != std::string::npos;)
                text.erase(at, prefix.size());
        }
        return text;
    }

    const Toolkit& toolkit_;
    const Environment& environment_;
    RunningJobs jobs_;
    Reporter reporter_;
    CompileResult& result_;
    Invocation invocation_;
    std::string directory_;
};

} // namespace

Compiler::Compiler(const std::string& toolkit_root, const Environment& environment) {
    problem_ = find_toolkit(toolkit_root, toolkit_);
    if (problem_.empty() && !fs::exists(toolkit_.device_library))
        problem_ = "'" + toolkit_root + "' is no toolkit of ours: it has no " +
                   toolkit_.device_library;
    environment_ = tool_environment(toolkit_, environment);
}

CompileResult Compiler::compile_source(const MemoryFile& source,
                                       const std::vector<MemoryFile>& headers,
                                       const std::vector<std::string>& options) const {
    CompileResult result;
    Run run(toolkit_, environment_, result);
    if (!problem_.empty())
        run.error(problem_);
    else if (run.read_options(options)) {
        try {
            run.source(source, headers);
        } catch (const std::exception& exception) { // no room for temporary files
            run.error(exception.what());
        }
    }
    return result;
}

CompileResult Compiler::compile_ir(std::string_view ir, const std::string& name,
                                   const std::vector<std::string>& options) const {
    CompileResult result;
    Run run(toolkit_, environment_, result);
    if (!problem_.empty())
        run.error(problem_);
    else if (run.read_options(options))
        run.ir(ir, name);
    return result;
}

} // namespace acc::driver
