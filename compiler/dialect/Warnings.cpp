// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "compiler/dialect/Warnings.h"

#include "clang/AST/Decl.h"

#include <algorithm>
#include <string>

namespace acc::dialect {

using namespace clang;

namespace {

struct Row {
    Warning warning;
    unsigned numbers[2]; ///< the first one is shown
    const char* text;
};

constexpr Row kRows[] = {
    {Warning::HostCall,
     {20014, 20011},
     "calling __host__ function %0 from a __host__ __device__ function; on the device this call "
     "stops the kernel"},
    {Warning::DeviceThenBoth,
     {20036},
     "__device__ function %0 is declared again as __host__ __device__ function; it belongs to "
     "both sides now"},
    {Warning::DeviceThenHost,
     {20037},
     "__device__ function %0 is declared again as __host__ function; it belongs to both sides "
     "now"},
    {Warning::DeviceInstantiated,
     {20037},
     "__device__ function template %0 is instantiated without __device__; the instance is a "
     "__device__ function"},
    {Warning::HostThenDevice,
     {20039},
     "__host__ function %0 is declared again as __device__ function; it belongs to both sides "
     "now"},
    {Warning::HostThenBoth,
     {20040},
     "__host__ function %0 is declared again as __host__ __device__ function; it belongs to both "
     "sides now"},
    {Warning::ExternDefinition,
     {20044},
     "without -rdc, extern variable %0 of the device is taken for a definition of this file's own"},
    {Warning::SharedConstructor,
     {20054},
     "__shared__ variables are not initialized: the constructor of %0 is not called; call an "
     "initialization function in the kernel"},
    {Warning::UnrollWithoutLoop,
     {20058, 607},
     "#pragma unroll is not in front of a loop and has no effect"},
    {Warning::UnrollNotPositive,
     {20168},
     "the number of #pragma unroll is not positive; the pragma has no effect"},
    {Warning::UnrollTooLarge,
     {20167},
     "the number of #pragma unroll is no int; the pragma has no effect"},
    {Warning::JumpPastInitialization,
     {546},
     "this case is reached past the initialization of a variable, which has no value then"},
    {Warning::ImplicitInt, {938}, "the return type of 'main' is missing; it is int"},
    {Warning::HostRead,
     {20091},
     "%0 is a variable of the device: a host function reads another one of that name; "
     "cudaMemcpyFromSymbol gives its value"},
    {Warning::HostWrite,
     {20092},
     "%0 is a variable of the device: a host function writes another one of that name; "
     "cudaMemcpyToSymbol sets its value"},
};

std::string text_of(const Row& row) {
    return row.text + std::string(" [#") + std::to_string(row.numbers[0]) + "-D]";
}

unsigned id_of(DiagnosticsEngine& engine, const Row& row) {
    return engine.getDiagnosticIDs()->getCustomDiagID(
        DiagnosticIDs::CustomDiagDesc(diag::Severity::Warning, text_of(row)));
}

} // namespace

void warn(DiagnosticsEngine& engine, const Options& options, SourceLocation place, Warning warning,
          Finder finder, const NamedDecl* what) {
    const Row& row = *std::find_if(std::begin(kRows), std::end(kRows),
                                   [&](const Row& each) { return each.warning == warning; });
    const unsigned id = id_of(engine, row);
    // -w, which the device's side always has, does not touch what is not clang's own.
    const bool wanted = !options.quiet &&
                        (finder == Finder::Device || !engine.getIgnoreAllWarnings());
    if (!wanted && engine.getDiagnosticLevel(id, place) < DiagnosticsEngine::Error) return;
    // clang's -Werror leaves warnings alone that are not its own.
    const bool strict = engine.getWarningsAsErrors() &&
                        engine.getDiagnosticLevel(id, place) == DiagnosticsEngine::Warning;
    DiagnosticBuilder builder = strict ? report(engine, place, diag::Severity::Error, text_of(row))
                                       : engine.Report(place, id);
    if (what) builder << what;
}

llvm::SmallVector<unsigned, 2> warnings_of(DiagnosticsEngine& engine, unsigned number) {
    llvm::SmallVector<unsigned, 2> found;
    for (const Row& row : kRows)
        if (std::find(std::begin(row.numbers), std::end(row.numbers), number) !=
            std::end(row.numbers))
            found.push_back(id_of(engine, row));
    return found;
}

} // namespace acc::dialect
