// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "runtime/tools/objdump/options.h"

#include <map>

namespace acc::objdump {

const char kHelp[] =
    R"(usage: accc-objdump [options] FILE...

Shows ACC device code: code objects, fat binaries, and host objects, executables, shared libraries and archives
that contain them. Without options: -d.

  -d, --disassemble         instructions of every function
  -l, --line-numbers        with the source file and line before them (code compiled with -g or -lineinfo)
  -S, --source              and the source text, when the file is found
      --raw                 with the instruction words in hexadecimal
      --function NAME       only this function (may be repeated); mangled or demangled
  -k, --kernels             kernels: registers, memory, parameters
  -h, --headers             segments and sizes
  -t, --syms                functions and variables that can be found by name
  -r, --reloc               load-time relocations
  -C, --demangle            C++ names as written in the source
  -x, --all-headers         -h -k -t -r
      --extract PREFIX      write the entries of fat binaries to PREFIX.0.co, PREFIX.1.bc, ...
      --help                this text
      --version             the program's version

Letters can be joined: -dlC. The text of an instruction is described in docs/isa/assembly.md.
Exit status: 0 when every file could be read, 1 otherwise, 2 for a wrong command line.
)";

namespace {

using Setter = void (*)(Options&);

const std::map<std::string, Setter, std::less<>>& flags() {
    static const std::map<std::string, Setter, std::less<>> table = {
        {"d", [](Options& o) { o.disassemble = true; }},
        {"l", [](Options& o) { o.disassemble = o.lines = true; }},
        {"S", [](Options& o) { o.disassemble = o.lines = o.source = true; }},
        {"raw", [](Options& o) { o.disassemble = o.words = true; }},
        {"k", [](Options& o) { o.kernels = true; }},
        {"h", [](Options& o) { o.headers = true; }},
        {"t", [](Options& o) { o.symbols = true; }},
        {"r", [](Options& o) { o.relocations = true; }},
        {"C", [](Options& o) { o.demangle = true; }},
        {"x", [](Options& o) { o.headers = o.kernels = o.symbols = o.relocations = true; }},
        {"help", [](Options& o) { o.help = true; }},
        {"version", [](Options& o) { o.version = true; }},
    };
    return table;
}

const std::map<std::string, std::string, std::less<>> kLongNames = {
    {"disassemble", "d"}, {"line-numbers", "l"}, {"source", "S"},
    {"kernels", "k"},     {"headers", "h"},      {"syms", "t"},
    {"reloc", "r"},       {"demangle", "C"},     {"all-headers", "x"},
};

bool set_flag(Options& options, std::string name) {
    if (const auto known = kLongNames.find(name); known != kLongNames.end()) name = known->second;
    const auto found = flags().find(name);
    if (found == flags().end()) return false;
    found->second(options);
    return true;
}

/// --function NAME, --function=NAME and so on. Returns false when the argument is no such option.
bool take_value(Options& options, const std::vector<std::string>& arguments, size_t& i) {
    for (const std::string name : {"--function", "--extract"}) {
        const std::string& argument = arguments[i];
        std::string value;
        if (argument == name) {
            if (i + 1 == arguments.size()) {
                options.error = name + " needs a value";
                return true;
            }
            value = arguments[++i];
        } else if (argument.starts_with(name + "=")) {
            value = argument.substr(name.size() + 1);
        } else {
            continue;
        }
        if (name == "--function")
            options.functions.push_back(value);
        else
            options.extract = value;
        return true;
    }
    return false;
}

bool take_flags(Options& options, const std::string& argument) {
    if (argument.starts_with("--"))
        return argument.size() > 3 && set_flag(options, argument.substr(2));
    for (const char letter : argument.substr(1))
        if (!set_flag(options, std::string(1, letter))) return false;
    return true;
}

} // namespace

Options parse_options(const std::vector<std::string>& arguments) {
    Options options;
    for (size_t i = 0; i < arguments.size() && options.error.empty(); ++i) {
        const std::string& argument = arguments[i];
        if (argument.size() < 2 || argument[0] != '-')
            options.files.push_back(argument);
        else if (!take_value(options, arguments, i) && !take_flags(options, argument))
            options.error = "unknown option " + argument;
    }
    if (!options.functions.empty() ||
        !(options.disassemble || options.kernels || options.headers || options.symbols ||
          options.relocations || !options.extract.empty()))
        options.disassemble = true;
    if (options.error.empty() && options.files.empty() && !options.help && !options.version)
        options.error = "no file given";
    return options;
}

} // namespace acc::objdump
