// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Chip::create and the executors it knows, apart from the chip: programs with executors of their
// own (make_chip) link without the interpreter.
#include <cstdlib>
#include <cstring>
#include <string>
#include <system_error>

#include "driver/model/src/check/checker.h"
#include "driver/model/src/exec.h"
#include "driver/model/src/machine.h"
#include "driver/model/src/translations.h"
#include "driver/model/src/translator_library.h"

namespace acc::model {
namespace {

using List = std::vector<std::unique_ptr<Executor>>;

/// What ACC_MODEL_EXEC can say, and the executors that a chip then has, in the order in which they
/// are asked. The first row is the default. The interpreter takes what nobody else does.
struct Choice {
    const char* value;
    void (*add)(List& list, const ChipConfig& config);
};
constexpr Choice kChoices[] = {
    {"auto",
     [](List& list, const ChipConfig& config) {
         list.push_back(make_interpreter(
             nullptr, std::make_unique<Translations>(load_translator, config.thread_begins)));
     }},
    {"check",
     [](List& list, const ChipConfig&) {
         list.push_back(std::make_unique<Checker>(load_translator()));
     }},
    {"interp", [](List& list, const ChipConfig&) { list.push_back(make_interpreter()); }},
    {"jit",
     [](List& list, const ChipConfig&) {
         list.push_back(
             make_interpreter(nullptr, std::make_unique<Translations>(load_translator())));
     }},
};

List chosen_executors(const ChipConfig& config) {
    const char* wanted = std::getenv("ACC_MODEL_EXEC");
    List list;
    std::string values;
    for (const Choice& choice : kChoices) {
        if (!wanted || !*wanted || std::strcmp(wanted, choice.value) == 0) {
            choice.add(list, config);
            return list;
        }
        values += (values.empty() ? "" : ", ") + std::string(choice.value);
    }
    throw std::system_error(std::make_error_code(std::errc::invalid_argument),
                            "ACC_MODEL_EXEC=" + std::string(wanted) +
                                " names no executor; it can be: " + values);
}

} // namespace

std::unique_ptr<Chip> Chip::create(const ChipConfig& config, BusMemory& bus, InterruptSink* sink) {
    return make_chip(config, bus, sink, chosen_executors(config));
}

} // namespace acc::model
