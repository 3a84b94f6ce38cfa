// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "compiler/driver/Rtc.h"

#include "compiler/driver/Commands.h"
#include "compiler/driver/DeviceCompiler.h"
#include "compiler/driver/PtxWriter.h"
#include "compiler/driver/RtcHeader.h"
#include "compiler/driver/RtcLog.h"
#include "compiler/driver/RtcNames.h"
#include "compiler/driver/RtcOptions.h"
#include "compiler/object/fat_binary.h"

#include "llvm/Bitcode/BitcodeWriter.h"
#include "llvm/IR/LLVMContext.h"
#include "llvm/IRReader/IRReader.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/SourceMgr.h"
#include "llvm/Support/raw_ostream.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <optional>
#include <thread>

namespace fs = std::filesystem;

namespace acc::driver {
namespace {

std::string read(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
}

/// Relocatable code, as links take it.
std::vector<uint8_t> container_of(const std::string& ir, unsigned arch) {
    const auto* bytes = reinterpret_cast<const uint8_t*>(ir.data());
    return object::write_fat_binary({{ACC_FATBIN_IR, arch, object::Bytes(bytes, ir.size())}});
}

/// As a string in source text.
std::string quoted(const std::string& text) {
    std::string result = "\"";
    for (char c : text) {
        if (c == '"' || c == '\\') result += '\\';
        result += c == '\n' ? ' ' : c;
    }
    return result + '"';
}

/// How far a name climbs out of the folder that it is relative to.
unsigned climbs(const std::string& name) {
    int depth = 0, lowest = 0;
    for (const fs::path& part : fs::path(name)) {
        depth += part == ".." ? -1 : part == "." ? 0 : 1;
        lowest = std::min(lowest, depth);
    }
    return unsigned(-lowest);
}

class Run {
  public:
    Run(const Toolkit& toolkit, const Environment& environment, const RtcRequest& request)
        : toolkit_(toolkit), environment_(environment), request_(request),
          reporter_([this](const Diagnostic& one) { diagnostics_.push_back(one); }, "nvrtc",
                    false) {}

    RtcReply run() {
        if (std::string error = parse_rtc_options(request_.options, settings_); !error.empty()) {
            reply_.status = ACC_RTC_INVALID_OPTION;
            reply_.log = "nvrtc: error: " + error + "\n";
            return std::move(reply_);
        }
        if (settings_.invocation.strict_warnings) reporter_.warnings_are_errors();
        reply_.status = ACC_RTC_COMPILATION;
        std::string ir;
        if (front_end(ir) && !settings_.syntax_only && take_names(ir)) back_end(ir);
        if (reporter_.errors() == 0 && reply_.status == ACC_RTC_COMPILATION)
            reply_.status = ACC_RTC_OK;
        reply_.log = rtc_log(diagnostics_, request_.source.name, settings_.brief);
        return std::move(reply_);
    }

  private:
    bool broken(const std::string& message) {
        reply_.status = ACC_RTC_BROKEN;
        reporter_.error(message);
        return false;
    }

    // ---- files

    bool write(const fs::path& path, const std::string& text) {
        std::error_code ignored;
        fs::create_directories(path.parent_path(), ignored);
        std::ofstream file(path, std::ios::binary);
        file << text;
        file.close();
        return file || broken("cannot write " + path.string());
    }

    /// The folder for headers lies so deep that the names which climb furthest stay in it.
    bool write_headers(const std::string& directory) {
        unsigned depth = 0;
        for (const MemoryFile& header : request_.headers)
            depth = std::max(depth, climbs(header.name));
        headers_ = directory + "/headers";
        for (unsigned i = 0; i < depth; ++i)
            headers_ += "/h";
        std::error_code ignored;
        fs::create_directories(headers_, ignored);
        for (const MemoryFile& header : request_.headers) {
            const fs::path name(header.name);
            if (name.empty() || name.is_absolute() || !name.has_filename() ||
                header.name.find('\0') != std::string::npos) {
                reporter_.error("'" + header.name + "' cannot be the name of a header in memory");
                return false;
            }
            if (!write(headers_ / name, header.text)) return false;
        }
        return true;
    }

    std::string source_text() const {
        std::string text = "#line 1 " + quoted(request_.source.name) + "\n" + request_.source.text;
        if (settings_.default_device)
            text = "#pragma clang force_cuda_host_device begin\n" + text +
                   "\n#pragma clang force_cuda_host_device end\n";
        if (!request_.expressions.empty()) text += name_expression_source(request_.expressions);
        return text;
    }

    void add_search_path() {
        std::vector<std::string> flags = {"-iquote" + headers_, "-I" + headers_};
        if (settings_.source_include) {
            const std::string folder = fs::path(request_.source.name).parent_path().string();
            flags.push_back("-iquote" + (folder.empty() ? "." : folder));
        }
        std::vector<std::string>& all = settings_.invocation.source_flags;
        all.insert(all.begin(), flags.begin(), flags.end());
        // Nothing of the folder's name, which is another one each time, reaches the result.
        all.push_back("-ffile-prefix-map=" + headers_ + "/=");
    }

    std::string without_folder(std::string text) const {
        const std::string prefix = headers_ + "/";
        for (size_t at; (at = text.find(prefix)) != std::string::npos;)
            text.erase(at, prefix.size());
        return text;
    }

    // ---- steps

    bool front_end(std::string& ir) {
        WorkDirectory work("", environment_, jobs_);
        TranslationUnit unit;
        unit.input = {work.path() + "/source.cu", Language::Cuda};
        unit.module_id = "0";
        unit.bitcode = work.path() + "/unit.bc";
        if (!write_headers(work.path()) || !write(unit.input.path, source_text())) return false;
        Invocation& invocation = settings_.invocation;
        std::string problem;
        invocation.precompiled = precompiled_header(toolkit_, invocation, environment_, jobs_,
                                                    work.path(), problem);
        if (invocation.precompiled.empty())
            return broken("the headers of the toolkit cannot be read: " + problem);
        add_search_path();
        Process clang(device_command(toolkit_, invocation, unit), environment_, jobs_);
        const int status = clang.wait();
        reporter_.tool_output(without_folder(clang.errors()), status != 0);
        if (status != 0 && !reporter_.errors())
            reporter_.error("clang ended with status " + std::to_string(status));
        if (status == 0) ir = read(unit.bitcode);
        return status == 0;
    }

    bool take_names(std::string& ir) {
        llvm::LLVMContext context;
        llvm::SMDiagnostic problem;
        std::unique_ptr<llvm::Module> module = parseIR(llvm::MemoryBufferRef(ir, "source"), problem,
                                                       context);
        if (!module) return broken("not readable as device code: " + problem.getMessage().str());
        show_static_names(*module);
        reply_.lowered = take_lowered_names(*module, request_.expressions.size());
        for (size_t i = 0; i < reply_.lowered.size(); ++i)
            if (reply_.lowered[i].empty())
                reporter_.error("name expression '" + request_.expressions[i] +
                                "' is not the address of a kernel or a variable of the device");
        ir.clear();
        llvm::raw_string_ostream stream(ir);
        WriteBitcodeToFile(*module, stream);
        return reporter_.errors() == 0;
    }

    void back_end(const std::string& ir) {
        const bool both = !settings_.lto && !settings_.virtual_arch;
        std::vector<Diagnostic> of_ptx;
        std::optional<std::string> ptx;
        auto make_ptx = [&] {
            ptx = write_ptx(ir, request_.source.name, settings_.invocation.device,
                            toolkit_.device_library, of_ptx);
        };
        std::thread beside;
        if (both)
            beside = std::thread(make_ptx);
        else if (settings_.virtual_arch && !settings_.lto)
            make_ptx();
        if (settings_.lto || both) make_code(ir);
        if (beside.joinable()) beside.join();
        // Code is what a real architecture is compiled for; PTX is given where it can be.
        for (Diagnostic diagnostic : of_ptx) {
            if (both) {
                diagnostic.severity = Severity::Warning;
                diagnostic.message = "there is no PTX: " + diagnostic.message;
            }
            diagnostic.text.clear();
            reporter_.add(diagnostic);
        }
        reply_.ptx = ptx.value_or("");
    }

    void make_code(const std::string& ir) {
        const DeviceOptions& device = settings_.invocation.device;
        DeviceCompiler compiler(device, toolkit_.device_library);
        std::optional<std::vector<uint8_t>> code;
        if (compiler.add_source_unit(ir, request_.source.name)) {
            if (settings_.lto || device.relocatable)
                code = container_of(compiler.prepared_unit(), device.arch());
            else if ((code = compiler.compile()) && code->empty())
                code = object::write_fat_binary({}); // nothing in it, but an image all the same
        }
        for (const Diagnostic& diagnostic : compiler.diagnostics())
            reporter_.add(diagnostic);
        if (code) (settings_.lto ? reply_.ir : reply_.code) = std::move(*code);
    }

    const Toolkit& toolkit_;
    const Environment& environment_;
    const RtcRequest& request_;
    RtcSettings settings_;
    RtcReply reply_;
    RunningJobs jobs_;
    std::vector<Diagnostic> diagnostics_;
    Reporter reporter_;
    std::string headers_; ///< the folder of the headers in memory
};

} // namespace

RtcReply rtc_compile(const Toolkit& toolkit, const Environment& environment,
                     const RtcRequest& request) {
    try {
        return Run(toolkit, environment, request).run();
    } catch (const std::exception& exception) { // no room for temporary files
        RtcReply reply;
        reply.log = std::string("nvrtc: error: ") + exception.what() + "\n";
        return reply;
    }
}

} // namespace acc::driver
