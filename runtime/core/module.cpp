// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "runtime/core/module.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>

#include "acc/spec/acc_mmu.h"
#include "compiler/object/code_object.h"
#include "compiler/object/elf.h"
#include "compiler/object/fat_binary.h"
#include "compiler/object/line_table.h"
#include "runtime/core/context.h"
#include "runtime/core/launch.h"
#include "runtime/core/log.h"

namespace acc::rt {
namespace {

Status status_of(const object::Error& error) {
    return error.kind() == object::Error::Kind::WrongArch ? Status::NoKernelImage
                                                          : Status::InvalidImage;
}

/// Bytes an ELF file has, from its own headers: the load calls of the CUDA API give a pointer and
/// no length. A header that no code object of accc has gives the header's size, so that the reader
/// refuses it without touching what may not be there.
size_t elf_bytes(const uint8_t* data) {
    constexpr uint64_t kLongestFile = 1ull << 30;
    object::ElfHeader header;
    std::memcpy(&header, data, sizeof header);
    const bool plausible = header.e_machine == ACC_ELF_MACHINE &&
                           header.e_phentsize == sizeof(object::ElfSegment) &&
                           header.e_shentsize == sizeof(object::ElfSection) &&
                           header.e_phoff < kLongestFile && header.e_shoff < kLongestFile;
    if (!plausible) return sizeof header;
    return std::max<size_t>({sizeof header,
                             header.e_phoff + size_t{header.e_phnum} * header.e_phentsize,
                             header.e_shoff + size_t{header.e_shnum} * header.e_shentsize});
}

/// What an image is that is none of accc's; empty: nothing that is known.
std::string foreign_image(const uint8_t* start, size_t bytes) {
    constexpr uint32_t kFatBinaryOfNvidia = 0xBA55ED50;
    constexpr uint16_t kMachineOfNvidia = 190; // EM_CUDA
    uint32_t magic = 0;
    std::memcpy(&magic, start, sizeof magic);
    if (magic == kFatBinaryOfNvidia) return "a fat binary with code for NVIDIA's devices";
    if (object::is_elf(object::Bytes(start, sizeof(uint64_t)))) {
        object::ElfHeader header;
        if (bytes != 0 && bytes < sizeof header) return {};
        std::memcpy(&header, start, sizeof header);
        return header.e_machine == kMachineOfNvidia ? "a cubin for NVIDIA's devices" : "";
    }
    return {};
}

} // namespace

std::pair<const void*, size_t> select_image(const void* data, size_t bytes) {
    const auto* start = static_cast<const uint8_t*>(data);
    if (data == nullptr)
        fail(Status::InvalidValue, "loading a module: the image is a null pointer");
    if (const std::string given = foreign_image(start, bytes); !given.empty()) {
        // Programs print a code at most: without these words nobody knows what to do.
        const std::string text = fmt::format(
            "loading a module: the image is {}, and this device has an instruction set of its own; "
            "compile the CUDA source with accc (nvcc) -cubin or -fatbin and load that file",
            given);
        log().error("{}", text);
        fail(Status::NoKernelImage, "{}", text);
    }
    const object::Bytes peek(start, bytes != 0 ? bytes : sizeof(uint64_t));
    try {
        if (object::is_fat_binary(peek)) {
            const object::Bytes whole = bytes != 0 ? peek : object::fat_binary_at(start);
            const object::Bytes image = object::FatBinary(whole).code_object(ACC_EF_ARCH_ACC1);
            return {image.data(), image.size()};
        }
        if (object::is_elf(peek)) return {data, bytes != 0 ? bytes : elf_bytes(start)};
    } catch (const object::Error& error) {
        fail(status_of(error), "loading a module: {}", error.what());
    }
    fail(Status::InvalidImage,
         "loading a module: the image is neither a fat binary nor a code object of accc");
}

void for_managed_initials(const void* image, size_t bytes,
                          const std::function<void(std::string_view, const void*, size_t)>& f) {
    constexpr std::string_view kSuffix = ".init";
    try {
        const object::CodeObject object(object::Bytes(static_cast<const uint8_t*>(image), bytes));
        for (const object::Symbol& slot : object.symbols()) {
            if ((slot.flags & ACC_STO_MANAGED) == 0) continue;
            for (const object::Symbol& symbol : object.symbols()) {
                if (symbol.name.size() != slot.name.size() + kSuffix.size() ||
                    !symbol.name.starts_with(slot.name) || !symbol.name.ends_with(kSuffix))
                    continue;
                const object::Bytes value = object.image_at(symbol.address, symbol.bytes);
                if (!value.empty()) f(slot.name, value.data(), value.size());
            }
        }
    } catch (const object::Error& error) {
        fail(status_of(error), "reading managed variables: {}", error.what());
    }
}

std::vector<std::string> kernel_names(const void* image, size_t bytes) {
    try {
        const object::CodeObject object(object::Bytes(static_cast<const uint8_t*>(image), bytes));
        std::vector<std::string> names;
        for (const object::KernelInfo& kernel : object.kernels())
            names.emplace_back(kernel.name);
        return names;
    } catch (const object::Error& error) {
        fail(status_of(error), "reading kernels: {}", error.what());
    }
}

Module::Module(Context& context, const void* image, size_t bytes, std::string name)
    : context_(context), name_(std::move(name)),
      file_(static_cast<const uint8_t*>(image), static_cast<const uint8_t*>(image) + bytes) {
    try {
        object_ = std::make_unique<object::CodeObject>(object::Bytes(file_));
    } catch (const object::Error& error) {
        fail(status_of(error), "loading module {}: {}", name_, error.what());
    }
    if (object_->arch() != ACC_EF_ARCH_ACC1)
        fail(Status::NoKernelImage,
             "loading module {}: the code is for architecture {}, this device is ACC1 ({}); "
             "recompile it",
             name_, object_->arch(), ACC_EF_ARCH_ACC1);
    memory_ = context_.backend().allocate(Domain::Vram, object_->image_bytes());
    window_ = Window(context_.memory(), object_->image_bytes(), ACC_PAGE_BYTES);
    load_segments();
    relocate();
    map_segments();
    read_symbols();
    read_kernels();
    log().debug("module {}: {} bytes at {:#x}, {} kernels, {} variables", name_,
                object_->image_bytes(), base(), kernels_.size(), variables_.size());
}

Module::~Module() = default;

void Module::load_segments() {
    auto* image = static_cast<uint8_t*>(memory_->host());
    std::memset(image, 0, bytes());
    for (const object::Segment& segment : object_->segments())
        if (!segment.data.empty())
            std::memcpy(image + segment.address, segment.data.data(), segment.data.size());
}

void Module::relocate() {
    auto* image = static_cast<uint8_t*>(memory_->host());
    for (const object::Relocation& relocation : object_->relocations()) {
        const uint64_t value = base() + static_cast<uint64_t>(relocation.addend);
        std::memcpy(image + relocation.address, &value, sizeof value);
    }
}

void Module::map_segments() {
    // Mapped after everything is written: the invalidation that goes with mapping also drops stale
    // decoded code.
    const auto& segments = object_->segments();
    for (size_t i = 0; i < segments.size(); ++i) {
        const object::Segment& segment = segments[i];
        const uint64_t end = (segment.address + segment.bytes + ACC_PAGE_BYTES - 1) &
                             ~uint64_t{ACC_PAGE_BYTES - 1};
        context_.memory().map(
            base() + segment.address, memory_, segment.address, end - segment.address,
            {.write = segment.write, .execute = segment.execute, .host_visible = false},
            Audience::Peers);
        if (segment.bytes == 0) continue;
        Allocation entry;
        entry.va = base() + segment.address;
        entry.bytes = segment.bytes;
        entry.kind = MemoryKind::Module;
        entry.host = static_cast<uint8_t*>(memory_->host()) + segment.address;
        entry.writable = segment.write;
        window_.enter(entry);
    }
}

void Module::read_symbols() {
    for (const object::Symbol& symbol : object_->symbols())
        if (!symbol.function)
            variables_.emplace(std::string(symbol.name),
                               Variable{base() + symbol.address, symbol.bytes, symbol.flags});
}

void Module::read_kernels() {
    unsigned flags = 0;
    for (const object::KernelInfo& info : object_->kernels()) {
        auto kernel = std::make_unique<Kernel>();
        kernel->module = this;
        kernel->name = info.name;
        kernel->descriptor_va = base() + info.descriptor_address;
        kernel->descriptor = info.descriptor;
        kernel->params = info.params;
        kernel->sm = object_->sm();
        const uint32_t fixed = (info.descriptor.shared_bytes + 15) & ~15u;
        kernel->max_dynamic_shared = fixed < ACC_SHARED_PER_BLOCK ? ACC_SHARED_PER_BLOCK - fixed
                                                                  : 0;
        flags |= info.descriptor.flags;
        kernels_.emplace(kernel->name, std::move(kernel));
    }
    context_.enable_services(flags);
}

Kernel* Module::kernel(std::string_view name) {
    auto it = kernels_.find(std::string(name));
    return it != kernels_.end() ? it->second.get() : nullptr;
}

bool Module::has(const Kernel* kernel) const {
    for (const auto& [name, have] : kernels_)
        if (have.get() == kernel) return true;
    return false;
}

const Variable* Module::variable(std::string_view name) const {
    auto it = variables_.find(std::string(name));
    return it != variables_.end() ? &it->second : nullptr;
}

const Kernel* Module::kernel_at(uint64_t descriptor_va) const {
    for (const auto& [name, kernel] : kernels_)
        if (kernel->descriptor_va == descriptor_va) return kernel.get();
    return nullptr;
}

std::optional<std::pair<std::string, uint64_t>> Module::function_at(uint64_t pc) const {
    const object::Symbol* symbol = object_->function_at(pc - base());
    if (symbol == nullptr) return std::nullopt;
    return std::pair{std::string(symbol->name), pc - base() - symbol->address};
}

std::optional<SourceLine> Module::line_at(uint64_t pc) const {
    // Parsed when asked for: only a fault report needs it.
    try {
        const object::LineTable lines(object_->section(".debug_line"),
                                      object_->section(".debug_line_str"),
                                      object_->section(".debug_str"));
        if (const auto found = lines.find(pc - base()); found && found->line != 0)
            return SourceLine{found->file, found->line};
    } catch (const object::Error& error) {
        log().warn("module {}: {}", name_, error.what());
    }
    return std::nullopt;
}

void Module::attach_managed(const Variable& variable, void* storage, uint64_t bytes) {
    auto* slot = const_cast<uint8_t*>(host_view(variable.va, sizeof(uint64_t)));
    if (slot == nullptr)
        fail(Status::InvalidImage, "module {}: the slot of a managed variable is outside the image",
             name_);
    HostMemory::Managed use = context_.host_memory().attach(storage, bytes);
    const uint64_t va = use.va();
    std::memcpy(slot, &va, sizeof va);
    managed_.emplace(variable.va, std::move(use));
}

void Module::check_managed() const {
    for (const auto& [name, variable] : variables_)
        if ((variable.flags & ACC_STO_MANAGED) != 0 && !managed_.contains(variable.va))
            fail(Status::InvalidImage,
                 "module {}: the program has no storage for the managed variable {}", name_, name);
}

void Module::leave_managed() {
    for (auto& [slot, use] : managed_)
        use.leave();
}

const uint8_t* Module::host_view(uint64_t va, uint64_t bytes) const {
    if (!contains(va) || bytes > base() + this->bytes() - va) return nullptr;
    return static_cast<const uint8_t*>(memory_->host()) + (va - base());
}

} // namespace acc::rt
