// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "compiler/driver/Session.h"

#include "compiler/driver/DeviceLink.h"
#include "compiler/driver/HostObject.h"
#include "compiler/driver/OutputFile.h"
#include "compiler/driver/PtxWriter.h"
#include "compiler/driver/Resources.h"
#include "compiler/object/code_object.h"
#include "compiler/object/fat_binary.h"

#include <algorithm>
#include <atomic>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <functional>
#include <map>
#include <set>
#include <sstream>
#include <thread>

namespace fs = std::filesystem;

namespace acc::driver {
namespace {

/// What clang embeds while the device code is still being compiled; replaced in the object
/// afterwards.
constexpr const char* kPlaceholder =
    "accc: the fat binary takes this place after both sides are compiled\n";

bool write_file(const std::string& path, const void* data, size_t size) {
    std::ofstream file(path, std::ios::binary);
    file.write(static_cast<const char*>(data), std::streamsize(size));
    file.close();
    return bool(file);
}

std::string read_file(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    std::stringstream text;
    text << file.rdbuf();
    return text.str();
}

uint64_t hash_text(const std::string& text) {
    uint64_t hash = 0xcbf29ce484222325ull; // FNV-1a
    for (unsigned char c : text)
        hash = (hash ^ c) * 0x100000001b3ull;
    return hash;
}

/// Names internal kernels and variables of relocatable units. Depends on the command line only, so
/// that builds are reproducible; on the output too, so that two objects made of one source differ.
std::string module_id(const Invocation& invocation, const Input& input) {
    std::error_code ignored;
    std::string text = input.copied ? std::string("-") : fs::absolute(input.path, ignored).string();
    if (invocation.device.relocatable) text += '\n' + invocation.output;
    for (const std::string& flag : invocation.source_flags)
        if (!flag.starts_with("-ffile-prefix-map=")) text += '\n' + flag;
    char digits[17];
    snprintf(digits, sizeof digits, "%016llx", static_cast<unsigned long long>(hash_text(text)));
    return digits;
}

std::string keep_directory(const Invocation& invocation) {
    if (!invocation.keep) return {};
    return invocation.keep_directory.empty() ? "." : invocation.keep_directory;
}

std::vector<uint8_t> fat_binary_of(uint32_t kind, uint32_t arch, object::Bytes data) {
    return object::write_fat_binary({object::FatEntry{kind, arch, data}});
}

/// Kernels and variables of a code object; none of an empty one.
std::set<std::string> names_in(const std::vector<uint8_t>& code) {
    std::set<std::string> names;
    if (code.empty()) return names;
    const object::CodeObject reader(code);
    for (const object::KernelInfo& kernel : reader.kernels())
        names.emplace(kernel.name);
    for (const object::Symbol& symbol : reader.symbols())
        names.emplace(symbol.name);
    return names;
}

object::Bytes bytes_of(const std::string& text) {
    return {reinterpret_cast<const uint8_t*>(text.data()), text.size()};
}

} // namespace

std::string environment_text(const Toolkit& toolkit, unsigned arch,
                             const Environment& environment) {
    const std::string& root = toolkit.root;
    const char* path = environment.get("PATH");
    return "#$ _HERE_=" + root + "/bin\n#$ _THERE_=" + root + "/bin\n#$ TOP=" + root +
           // CMake takes the root of the toolkit from this line; there is no such folder.
           "\n#$ NVVMIR_LIBRARY_DIR=" + root + "/nvvm/libdevice\n" +
           // CMake reads the default of CMAKE_CUDA_ARCHITECTURES from "-arch compute_NN".
           "#$ _ARCH_=-arch compute_" + std::to_string(arch) + "\n#$ PATH=" + root +
           "/bin:" + (path ? path : "") + "\n#$ INCLUDES=\"-I" + toolkit.include +
           "\"  \n#$ LIBRARIES=  " + libraries_text(toolkit) + "\n";
}

Session::Session(const Toolkit& toolkit, const Invocation& invocation, const SessionHost& host)
    : toolkit_(toolkit), invocation_(invocation), host_(host),
      work_(keep_directory(invocation), host.tools, host.jobs) {}

int Session::run() {
    if (!invocation_.ignored.empty()) {
        std::string list;
        for (const std::string& option : invocation_.ignored)
            list += (list.empty() ? "" : " ") + option;
        show("# no effect: " + list);
    }
    if (!invocation_.program_file.empty()) return run_program(invocation_.program_file);
    if (!read_standard_input()) return 1;
    int status = run_phases();
    if (invocation_.time_file.empty() || invocation_.dry_run) return status;
    const std::string error = times_.write(invocation_.time_file);
    return error.empty() || fail(error) ? status : 1;
}

/// Two compilers read it, so it becomes a file.
bool Session::read_standard_input() {
    for (Input& input : invocation_.inputs) {
        if (input.path != "-" || invocation_.dry_run) continue;
        static const std::map<Language, const char*> endings = {{Language::Cuda, ".cu"},
                                                                {Language::Cxx, ".cpp"},
                                                                {Language::C, ".c"},
                                                                {Language::Ptx, ".ptx"}};
        std::string text;
        char buffer[65536];
        for (size_t n; (n = fread(buffer, 1, sizeof buffer, stdin)) > 0;)
            text.append(buffer, n);
        input.copied = true;
        input.path = work_.file("stdin", 0, endings.at(input.language));
        if (!write_file(input.path, text.data(), text.size()))
            return fail("cannot write " + input.path);
        // Its includes are looked for where accc was started.
        invocation_.source_flags.push_back("-iquote.");
        // Debug information names no temporary file.
        invocation_.source_flags.push_back("-ffile-prefix-map=" + input.path + "=<stdin>");
    }
    return true;
}

int Session::run_phases() {
    bool ok = true;
    unsigned index = 0;
    std::vector<std::string> objects;
    switch (invocation_.phase) {
    case Phase::Preprocess:
    case Phase::Dependencies:
        for (const Input& input : invocation_.inputs)
            ok = preprocess(input) && ok;
        break;
    case Phase::SyntaxOnly:
        for (const Input& input : invocation_.inputs)
            ok = check_syntax(input) && ok;
        break;
    case Phase::DeviceOnly:
        for (const Input& input : invocation_.inputs)
            ok = compile_device_only(input, index++) && ok;
        break;
    case Phase::Compile: ok = compile_all(objects); break;
    case Phase::DeviceLink:
        ok = compile_all(objects) &&
             make_output(output_name("a_dlink", ".o"),
                         [&](const std::string& path) { return device_link(objects, path); });
        break;
    case Phase::Library: ok = compile_all(objects) && make_library(objects); break;
    case Phase::Link:
        ok = compile_all(objects) && link(objects);
        if (ok && invocation_.run) return run_program(output_name("a", ".out"));
        break;
    }
    return ok ? 0 : 1;
}

// ---- output for people
// ------------------------------------------------------------------------------------------------

void Session::show(const std::string& line) {
    if (invocation_.verbose || invocation_.dry_run) host_.reporter.remark("#$ " + line + "\n");
}

bool Session::fail(const std::string& message) {
    host_.reporter.error(message);
    return false;
}

/// Waits for a program and passes on what it said.
int Session::finish(Process& process) {
    int status = process.wait();
    host_.reporter.tool_output(process.errors(), status != 0);
    return status;
}

bool Session::execute(const Command& command, const std::string& step, const std::string& input,
                      const std::string& output) {
    show(shell_text(command));
    if (invocation_.dry_run) return true;
    const auto began = StepTimes::Clock::now();
    Process process(command, host_.tools, host_.jobs);
    const bool ok = finish(process) == 0;
    times_.add(began, input, step, input, output, "");
    return ok;
}

std::string Session::arch_text() const {
    return "sm_" + std::to_string(invocation_.device.arch());
}

/// Passes on what the compiler said; false when there was an error (with -Werror, a warning).
bool Session::report(const DeviceCompiler& compiler) {
    const unsigned before = host_.reporter.errors();
    for (const Diagnostic& diagnostic : compiler.diagnostics())
        host_.reporter.add(diagnostic);
    return compiler.diagnostics().empty() || host_.reporter.errors() == before;
}

// ---- names
// --------------------------------------------------------------------------------------------------------------

std::string Session::output_name(const std::string& input, const std::string& ending) const {
    if (!invocation_.output.empty()) return invocation_.output;
    std::string name = fs::path(input).stem().string() + ending;
    return invocation_.output_directory.empty() ? name : invocation_.output_directory + "/" + name;
}

TranslationUnit Session::make_unit(const Input& input, unsigned index) const {
    TranslationUnit unit;
    unit.input = input;
    unit.module_id = module_id(invocation_, input);
    unit.bitcode = work_.file(input.path, index, ".bc");
    unit.device = work_.file(input.path, index, ".fatbin");
    unit.object = work_.file(input.path, index, ".o");
    const char* ending = invocation_.host_source ? ".cu.cpp.ii" : ".o";
    unit.output = invocation_.phase == Phase::Compile ? output_name(input.path, ending)
                                                      : unit.object;
    return unit;
}

// ---- one input
// ------------------------------------------------------------------------------------------------------------

bool Session::preprocess(const Input& input) {
    if (input.language == Language::Object || input.language == Language::Ptx) return true;
    return execute(preprocess_command(toolkit_, invocation_, input, invocation_.output),
                   "preprocess", input.path, invocation_.output);
}

bool Session::check_syntax(const Input& input) {
    return input.language != Language::Cuda ||
           execute(device_command(toolkit_, invocation_, make_unit(input, 0)),
                   "clang (device code)", input.path, "");
}

/// The fat binary of a program; without entries when there is no device code.
std::vector<uint8_t> Session::code_container(const std::vector<uint8_t>& code,
                                             const DeviceCompiler& compiler) {
    if (code.empty()) return object::write_fat_binary({});
    if (invocation_.device.resource_usage)
        host_.reporter.remark(resource_text(code, compiler.spills()));
    return fat_binary_of(ACC_FATBIN_CODE_OBJECT, ACC_EF_ARCH_ACC1, code);
}

std::vector<uint8_t> Session::device_fat_binary(const TranslationUnit& unit) {
    const auto began = StepTimes::Clock::now();
    DeviceCompiler compiler(invocation_.device, toolkit_.device_library);
    std::vector<uint8_t> container;
    const bool is_ptx = unit.input.language == Language::Ptx;
    if (is_ptx ? compiler.add_ptx_unit(read_file(unit.input.path), unit.input.path)
               : compiler.add_source_unit(read_file(unit.bitcode), unit.input.path)) {
        // PTX has no host side that could register its code: the link does.
        const bool relocatable = invocation_.device.relocatable || is_ptx;
        if (relocatable && invocation_.phase != Phase::DeviceOnly) {
            std::string ir = compiler.prepared_unit();
            container = fat_binary_of(ACC_FATBIN_IR, invocation_.device.arch(), bytes_of(ir));
        } else if (std::optional<std::vector<uint8_t>> code = compiler.compile()) {
            container = code_container(*code, compiler);
            if (invocation_.keep && !code->empty())
                write_file(fs::path(unit.device).replace_extension(arch_text() + ".cubin").string(),
                           code->data(), code->size());
        }
        times_.add(began, unit.input.path, "device code", unit.bitcode, unit.device, arch_text());
        if (invocation_.keep) {
            std::string text = compiler.ir_text();
            write_file(unit.bitcode + ".ll", text.data(), text.size());
        }
    }
    if (!report(compiler)) container.clear();
    return container;
}

bool Session::compile_device_only(const Input& input, unsigned index) {
    TranslationUnit unit = make_unit(input, index);
    bool fat = invocation_.device_format == DeviceFormat::FatBinary;
    if (input.language != Language::Ptx &&
        !execute(device_command(toolkit_, invocation_, unit), "clang (device code)", input.path,
                 unit.bitcode))
        return false;
    if (invocation_.dry_run) return true;
    if (invocation_.device_format == DeviceFormat::Ptx) return write_ptx_file(unit);
    std::vector<uint8_t> container = device_fat_binary(unit);
    if (container.empty()) return false;
    std::string output = output_name(input.path, fat ? ".fatbin" : ".cubin");
    object::FatBinary reader(container);
    if (reader.entries().empty())
        return fail(input.path + " has no kernels and no device variables");
    object::Bytes contents = fat ? object::Bytes(container) : reader.entries()[0].data;
    return write_file(output, contents.data(), contents.size()) || fail("cannot write " + output);
}

bool Session::write_ptx_file(const TranslationUnit& unit) {
    std::vector<Diagnostic> diagnostics;
    const std::optional<std::string> text = write_ptx(read_file(unit.bitcode), unit.input.path,
                                                      invocation_.device, toolkit_.device_library,
                                                      diagnostics);
    for (const Diagnostic& diagnostic : diagnostics)
        host_.reporter.add(diagnostic);
    if (!text) return false;
    const std::string output = output_name(unit.input.path, ".ptx");
    return write_file(output, text->data(), text->size()) || fail("cannot write " + output);
}

bool Session::compile(const Input& input, unsigned index, std::string& object) {
    if (input.language == Language::Object) {
        object = input.path;
        return true;
    }
    TranslationUnit unit = make_unit(input, index);
    if (invocation_.phase != Phase::Compile || invocation_.dry_run) {
        if (invocation_.dry_run) unit.object = unit.output;
        object = unit.object;
        return compile_to(unit);
    }
    OutputFile output(unit.output, unit.object, host_.jobs);
    unit.object = object = output.path();
    if (!compile_to(unit)) return false;
    std::string error = output.commit();
    return error.empty() || fail(error);
}

bool Session::compile_to(const TranslationUnit& unit) {
    if (unit.input.language == Language::Ptx) return compile_ptx(unit);
    if (invocation_.host_source) return compile_to_host_source(unit);
    return unit.input.language == Language::Cuda
               ? compile_cuda(unit)
               : execute(plain_command(toolkit_, invocation_, unit), "host compiler",
                         unit.input.path, unit.object);
}

/// Both sides at the same time: the host object is made with a placeholder, which the fat binary
/// replaces at the end.
bool Session::compile_cuda(const TranslationUnit& unit) {
    Command device = device_command(toolkit_, invocation_, unit);
    Command host = host_command(toolkit_, invocation_, unit);
    show(shell_text(device));
    show(shell_text(host));
    if (invocation_.dry_run) return true;
    if (!write_file(unit.device, kPlaceholder, strlen(kPlaceholder)))
        return fail("cannot write " + unit.device);
    const auto began = StepTimes::Clock::now();
    Process device_process(device, host_.tools, host_.jobs);
    Process host_process(host, host_.tools, host_.jobs);
    const int device_status = finish(device_process);
    times_.add(began, unit.input.path, "clang (device code)", unit.input.path, unit.bitcode,
               arch_text());
    if (device_status != 0) {
        // The host side sees the same source and would repeat most of it.
        host_process.wait();
        return false;
    }
    std::vector<uint8_t> container = device_fat_binary(unit);
    const int host_status = finish(host_process);
    times_.add(began, unit.input.path, "clang (host code)", unit.input.path, unit.object, "");
    if (host_status != 0 || container.empty()) return false;
    return embed(unit, container);
}

/// An object without host code, which the device link takes the code from.
bool Session::compile_ptx(const TranslationUnit& unit) {
    if (!execute({toolkit_.clang, "-x", "c", "-c", "/dev/null", "-o", unit.object},
                 "clang (object)", unit.input.path, unit.object))
        return false;
    if (invocation_.dry_run) return true;
    const std::vector<uint8_t> container = device_fat_binary(unit);
    if (container.empty()) return false;
    const std::string error = add_excluded_section(unit.object, kIrSection, container);
    return error.empty() || fail("cannot embed the device code: " + error);
}

/// C++ whose object is the one that -c makes: the host side's assembly, in one statement.
bool Session::compile_to_host_source(const TranslationUnit& unit) {
    if (unit.input.language != Language::Cuda || invocation_.device.relocatable)
        return fail("-cuda takes CUDA sources, without -rdc: " + unit.input.path);
    const Command device = device_command(toolkit_, invocation_, unit);
    if (!execute(device, "clang (device code)", unit.input.path, unit.bitcode)) return false;
    if (!invocation_.dry_run) {
        const std::vector<uint8_t> container = device_fat_binary(unit);
        if (container.empty()) return false;
        if (!write_file(unit.device, container.data(), container.size()))
            return fail("cannot write " + unit.device);
    }
    const Command host = host_command(toolkit_, invocation_, unit);
    if (!execute(host, "clang (host code)", unit.input.path, unit.object)) return false;
    if (invocation_.dry_run) return true;
    const std::string text = "// Made of " + unit.input.path +
                             " by accc -cuda.\n__asm__(R\"ACC(\n" + read_file(unit.object) +
                             "\n\t.text\n)ACC\");\n";
    return write_file(unit.object, text.data(), text.size()) || fail("cannot write " + unit.output);
}

bool Session::embed(const TranslationUnit& unit, const std::vector<uint8_t>& container) {
    if (invocation_.keep || !is_elf_object(unit.object))
        write_file(unit.device, container.data(), container.size());
    // With -flto the object is IR; the host side is then compiled again around the finished fat
    // binary.
    if (!is_elf_object(unit.object) && !invocation_.device.relocatable)
        return execute(host_command(toolkit_, invocation_, unit), "clang (host code)",
                       unit.input.path, unit.object);
    std::string error = invocation_.device.relocatable
                            ? add_excluded_section(unit.object, kIrSection, container)
                            : replace_section(unit.object, kFatBinarySection, container);
    return error.empty() || fail("cannot embed the device code: " + error);
}

// ---- all inputs
// -----------------------------------------------------------------------------------------------------------

bool Session::compile_all(std::vector<std::string>& objects) {
    const std::vector<Input>& inputs = invocation_.inputs;
    objects.resize(inputs.size());
    unsigned threads = invocation_.threads ? invocation_.threads
                                           : std::thread::hardware_concurrency();
    std::atomic<unsigned> next = 0;
    std::atomic<bool> ok = true;
    auto worker = [&] {
        for (unsigned i; (i = next++) < inputs.size();)
            if (!compile(inputs[i], i, objects[i])) ok = false;
    };
    std::vector<std::thread> pool;
    for (unsigned i = 1; i < threads && i < inputs.size(); ++i)
        pool.emplace_back(worker);
    worker();
    for (std::thread& thread : pool)
        thread.join();
    return ok;
}

/// Links the device IR that the objects carry, if any, and appends an object that registers the
/// result.
bool Session::device_link(std::vector<std::string>& objects, const std::string& output) {
    if (invocation_.dry_run) {
        if (invocation_.device.relocatable || invocation_.phase == Phase::DeviceLink)
            show("# device link, in this process: " + shell_text(objects) + " -> " + output);
        return true;
    }
    std::vector<IrUnit> units;
    bool linked = false;
    for (const std::string& file : device_link_inputs(invocation_, objects))
        if (std::string error = collect_ir(file, units, linked); !error.empty()) return fail(error);
    if (invocation_.phase != Phase::DeviceLink && (units.empty() || linked))
        return true; // nothing to link, or an object of -dlink is there

    const auto began = StepTimes::Clock::now();
    DeviceCompiler compiler(invocation_.device, toolkit_.device_library);
    bool ok = true;
    DeviceProgram program;
    for (const IrUnit& unit : units) {
        ok = compiler.add_prepared_unit(unit.bitcode, unit.name) && ok;
        program.references.insert(unit.references.begin(), unit.references.end());
    }
    std::optional<std::vector<uint8_t>> code;
    if (ok) code = units.empty() ? std::vector<uint8_t>() : compiler.compile();
    if (!report(compiler) || !code) return false;

    std::string error;
    program.fat_binary = code_container(*code, compiler);
    times_.add(began, "", "device link", "", output, arch_text());
    program.names = names_in(*code);
    std::string bitcode = registration_module(program, output, error);
    std::string source = work_.file(output, 0, ".register.bc");
    if (!error.empty() || !write_file(source, bitcode.data(), bitcode.size()))
        return fail("cannot make the registration of the device code: " + error);
    objects.push_back(output);
    if (!execute({toolkit_.clang, "-x", "ir", "-fPIC", "-O1", "-Wno-override-module", "-c", source,
                  "-o", output},
                 "clang (registration)", source, output))
        return false;
    error = add_excluded_section(output, kLinkedSection, {1});
    return error.empty() || fail(error);
}

/// Makes one output of all inputs: `make` gets the path to write to.
bool Session::make_output(const std::string& name,
                          const std::function<bool(const std::string& path)>& make) {
    if (invocation_.dry_run) return make(name);
    OutputFile output(name, work_.file("accc-output", 0, ".out"), host_.jobs);
    if (!make(output.path())) return false;
    std::string error = output.commit();
    return error.empty() || fail(error);
}

bool Session::make_library(const std::vector<std::string>& objects) {
    const std::string name = output_name("a", ".a");
    return make_output(name, [&](const std::string& path) {
        // "rcs" would add to an old one
        if (!invocation_.dry_run) remove_regular_file(path);
        return execute(archive_command(toolkit_, invocation_, objects, path), "archiver", "", name);
    });
}

/// Build systems name GCC's OpenMP runtime, or none, for parallel regions that they take for GCC's.
bool Session::has_openmp(const std::vector<std::string>& objects) const {
    if (invocation_.dry_run) return false;
    const std::vector<std::string> files = device_link_inputs(invocation_, objects);
    return std::any_of(files.begin(), files.end(), calls_clang_openmp);
}

bool Session::link(std::vector<std::string>& objects) {
    if (!invocation_.no_device_link &&
        !device_link(objects, work_.file("accc-device-link", 0, ".o")))
        return false;
    const std::string name = output_name("a", ".out");
    show(link_text(toolkit_, invocation_, objects, name));
    return make_output(name, [&](const std::string& path) {
        return execute(link_command(toolkit_, invocation_, objects, path, has_openmp(objects)),
                       "linker", "", name);
    });
}

int Session::run_program(const std::string& file) {
    Command command = {fs::absolute(file).string()};
    command.insert(command.end(), invocation_.run_arguments.begin(),
                   invocation_.run_arguments.end());
    show(shell_text(command));
    if (invocation_.dry_run) return 0;
    Process process(command, host_.program, host_.jobs, false);
    return finish(process);
}

} // namespace acc::driver
