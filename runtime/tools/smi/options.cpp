// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "runtime/tools/smi/options.h"

#include <charconv>

namespace acc::smi {

const char kHelp[] =
    "usage: acc-smi [OPTION...]                    (nvidia-smi is the same program)\n"
    "\n"
    "Shows the devices of this machine, their memory and load.\n"
    "\n"
    "  (nothing)                     a summary\n"
    "  -L, --list-gpus               a line for each device\n"
    "  -q, --query                   everything that is known, in words\n"
    "  --query-gpu=FIELD,...         these fields, a line for each device\n"
    "  --query-compute-apps=FIELD,.. these fields, a line for each process that uses a device\n"
    "  --format=csv[,noheader][,nounits]\n"
    "                                how the fields are written\n"
    "  --help-query-gpu              the fields there are\n"
    "  -i ID, --id=ID[,ID...]        only these devices: number, UUID or PCI address\n"
    "  -l SECONDS, --loop=SECONDS, -lms MILLISECONDS, --loop-ms=MILLISECONDS\n"
    "                                again and again\n"
    "  -f FILE, --filename=FILE      into a file\n"
    "  --version, -h, --help\n"
    "\n"
    "What a device does not have is [N/A].\n";

namespace {

std::vector<std::string> parts(const std::string& text) {
    std::vector<std::string> found;
    for (size_t at = 0; at <= text.size();) {
        const size_t end = std::min(text.find(',', at), text.size());
        const std::string part = text.substr(at, end - at);
        const size_t first = part.find_first_not_of(' ');
        if (first != std::string::npos)
            found.push_back(part.substr(first, part.find_last_not_of(' ') - first + 1));
        at = end + 1;
    }
    return found;
}

void set_format(Options& options, const std::string& value) {
    for (const std::string& part : parts(value)) {
        if (part == "noheader")
            options.header = false;
        else if (part == "nounits")
            options.units = false;
        else if (part != "csv")
            options.error = "--format=" + value + ": not csv, noheader or nounits";
    }
}

void set_loop(Options& options, const std::string& name, const std::string& value, unsigned unit) {
    unsigned number = 0;
    const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), number);
    if (error != std::errc{} || *end != 0 || number == 0 || number > 86'400'000 / unit)
        options.error = name + " " + value + ": not a time";
    options.loop_ms = number * unit;
}

void set_fields(Options& options, Report report, const std::string& name,
                const std::string& value) {
    options.report = report;
    options.fields = parts(value);
    if (options.fields.empty()) options.error = name + ": no fields (--help-query-gpu names them)";
}

/// An option without a value. False when it is none.
bool flag(Options& options, const std::string& name) {
    const std::pair<const char*, Report> flags[] = {
        {"-L", Report::List},         {"--list-gpus", Report::List},        {"-q", Report::Details},
        {"--query", Report::Details}, {"--help-query-gpu", Report::Fields}, {"-h", Report::Help},
        {"--help", Report::Help},     {"--version", Report::Version}};
    for (const auto& [each, report] : flags)
        if (name == each) {
            options.report = report;
            return true;
        }
    return false;
}

bool valued(Options& options, const std::string& name, const std::string& value) {
    if (name == "-i" || name == "--id")
        options.devices = parts(value);
    else if (name == "-f" || name == "--filename")
        options.file = value;
    else if (name == "-l" || name == "--loop")
        set_loop(options, name, value, 1000);
    else if (name == "-lms" || name == "--loop-ms")
        set_loop(options, name, value, 1);
    else if (name == "--format")
        set_format(options, value);
    else if (name == "--query-gpu")
        set_fields(options, Report::Gpus, name, value);
    else if (name == "--query-compute-apps")
        set_fields(options, Report::Processes, name, value);
    else
        return false;
    return true;
}

} // namespace

Options parse_options(const std::vector<std::string>& arguments) {
    Options options;
    for (size_t i = 0; i < arguments.size() && options.error.empty(); ++i) {
        const std::string& argument = arguments[i];
        if (flag(options, argument)) continue;
        const size_t equals = argument.find('=');
        const std::string name = argument.substr(0, equals);
        if (equals == std::string::npos && i + 1 == arguments.size())
            options.error = argument + ": unknown, or lacks its value (--help)";
        else if (!valued(options, name,
                         equals == std::string::npos ? arguments[++i]
                                                     : argument.substr(equals + 1)))
            options.error = name + ": unknown (--help)";
    }
    return options;
}

} // namespace acc::smi
