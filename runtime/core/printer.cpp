// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "runtime/core/printer.h"

#include <fmt/core.h>

#include <algorithm>
#include <cstdio>
#include <cstring>

#include "runtime/core/context.h"
#include "runtime/core/log.h"

namespace acc::rt {
namespace {

/// Start of the message buffer; the device side of the protocol is in docs/printf.md.
struct BufferHeader {
    uint64_t write_offset; ///< bytes reserved so far; may run past capacity when messages were
                           ///< dropped
    uint64_t capacity;     ///< bytes after this header
    uint64_t dropped;      ///< messages that found no space
    uint64_t reserved;
};

/// Start of a record, 16-byte aligned.
struct RecordHeader {
    uint32_t total_size; ///< written last: 0 means not complete
    uint32_t kind;
    uint64_t format_address;
    uint32_t argument_bytes;
    uint32_t pad;
};
static_assert(sizeof(RecordHeader) == 24);
constexpr uint32_t kKindPrintf = 1;
constexpr uint32_t kKindAssert = 2;

/// What follows the header of an assertion's record.
struct AssertBody {
    uint64_t message, file, function; ///< device addresses of strings
    uint32_t line;
    uint32_t block[3], thread[3];
};

constexpr uint64_t kLongestString = 1 << 20;
/// Widest field. A kernel can ask for any width; the host's memory is not its to use up.
constexpr int kWidestField = 1 << 16;

/// One conversion of a printf format: its text, and what it takes.
struct Conversion {
    std::string text; ///< as written: "%-5.2lf"
    std::string spec; ///< for the host, with the length that append_formatted's argument has:
                      ///< "%-5.2f"
    char letter = 0;
    int length = 0; ///< bytes an integer argument has: 4 or 8
    int stars = 0;  ///< int arguments before the value
};

/// True when a field width or precision of a conversion is wider than we print.
bool too_wide(const std::string& flags) {
    int number = 0;
    for (const char c : flags) {
        number = c >= '0' && c <= '9' ? number * 10 + (c - '0') : 0;
        if (number > kWidestField) return true;
    }
    return false;
}

/// Prints the value as if nothing were said about its width. (The stars' arguments have been read.)
void forget_width(Conversion& conversion) {
    const size_t end = conversion.spec.find_last_of("-+ #0123456789.*");
    conversion.spec = "%" + conversion.spec.substr(end + 1);
    conversion.stars = 0;
}

size_t parse_conversion(const std::string& text, size_t at, Conversion& out) {
    size_t i = at + 1;
    out = {};
    out.length = 4;
    while (i < text.size() && std::strchr("-+ #0123456789.*", text[i]) != nullptr) {
        out.stars += text[i] == '*';
        ++i;
    }
    const size_t flags_end = i;
    while (i < text.size() && std::strchr("hlLqjzt", text[i]) != nullptr)
        ++i;
    if (i == text.size()) return text.size();
    out.letter = text[i];
    out.text = text.substr(at, i + 1 - at);
    std::string length = text.substr(flags_end, i - flags_end);
    if (length.starts_with("hh")) length = "hh";
    if (std::strchr("diuoxX", out.letter) == nullptr) {
        length.clear(); // a long double is a double on the device, and a wide string would be read
                        // as one by the host
    } else if (length.find_first_not_of('h') != std::string::npos) {
        out.length = 8;
        length = "ll";
    }
    out.spec = text.substr(at, flags_end - at) + length + out.letter;
    return i + 1;
}

/// Reads the packed arguments with natural alignment, as device code stored them.
class ArgumentReader {
  public:
    ArgumentReader(const uint8_t* data, uint32_t bytes) : data_(data), bytes_(bytes) {}
    uint64_t take(uint32_t size) {
        at_ = (at_ + size - 1) & ~(size - 1);
        uint64_t value = 0;
        if (at_ + size <= bytes_) std::memcpy(&value, data_ + at_, size);
        at_ += size;
        return value;
    }

  private:
    const uint8_t* data_;
    uint32_t bytes_;
    uint32_t at_ = 0;
};

template <typename T>
void append_formatted(std::string& out, const Conversion& conversion, const int* stars, T value) {
    char buffer[512];
    int n = 0;
#pragma clang diagnostic push
#pragma clang diagnostic ignored "-Wformat-nonliteral"
    auto print = [&](char* to, size_t size) {
        if (conversion.stars == 2)
            return std::snprintf(to, size, conversion.spec.c_str(), stars[0], stars[1], value);
        if (conversion.stars == 1)
            return std::snprintf(to, size, conversion.spec.c_str(), stars[0], value);
        return std::snprintf(to, size, conversion.spec.c_str(), value);
    };
#pragma clang diagnostic pop
    n = print(buffer, sizeof(buffer));
    if (n < 0) return;
    if (static_cast<size_t>(n) < sizeof(buffer)) {
        out.append(buffer, static_cast<size_t>(n));
        return;
    }
    std::string longer(static_cast<size_t>(n) + 1, '\0');
    print(longer.data(), longer.size());
    longer.pop_back();
    out += longer;
}

} // namespace

Printer::~Printer() {
    if (enabled_) context_.memory().release(buffer_.va, MemoryKind::Internal);
}

void Printer::enable() {
    std::lock_guard lock(mutex_);
    if (enabled_) return;
    capacity_ = std::max<uint64_t>(context_.limits().printf_bytes, 4096) & ~uint64_t{15};
    buffer_ = context_.memory().allocate(MemoryKind::Internal, sizeof(BufferHeader) + capacity_,
                                         4096);
    std::memset(buffer_.host, 0, sizeof(BufferHeader) + capacity_);
    reinterpret_cast<BufferHeader*>(buffer_.host)->capacity = capacity_;
    enabled_.store(true, std::memory_order_release);
}

void Printer::flush() {
    if (!enabled_.load(std::memory_order_acquire)) return;
    std::lock_guard lock(mutex_);
    auto* header = reinterpret_cast<BufferHeader*>(buffer_.host);
    if (std::atomic_ref(header->write_offset).load(std::memory_order_acquire) == 0) return;
    if (print_records()) std::fflush(stdout);
    rewind_when_idle();
}

void Printer::print_complete() {
    std::unique_lock lock(mutex_, std::try_to_lock);
    if (lock && enabled_.load(std::memory_order_acquire) && print_records()) std::fflush(stdout);
}

/// Bytes of the buffer that records may be in.
uint64_t Printer::written() const {
    auto* header = reinterpret_cast<BufferHeader*>(buffer_.host);
    return std::min(std::atomic_ref(header->write_offset).load(std::memory_order_acquire),
                    capacity_);
}

bool Printer::print_records() {
    const uint64_t end = written();
    const uint8_t* data = buffer_.host + sizeof(BufferHeader);
    bool printed = false;
    while (consumed_ + sizeof(RecordHeader) <= end) {
        auto* size_word = const_cast<uint32_t*>(
            reinterpret_cast<const uint32_t*>(data + consumed_));
        const uint32_t size = std::atomic_ref(*size_word).load(std::memory_order_acquire);
        if (size < sizeof(RecordHeader) || size > end - consumed_ || size % 16 != 0)
            break; // not complete, or damaged by the program: the rest cannot be read
        print_one(data + consumed_, size);
        consumed_ += size;
        printed = true;
    }
    return printed;
}

void Printer::print_one(const uint8_t* record, uint32_t size) {
    RecordHeader header;
    std::memcpy(&header, record, sizeof(header));
    const uint8_t* body = record + sizeof(header);
    const uint32_t bytes = std::min<uint32_t>(header.argument_bytes, size - sizeof(header));
    if (header.kind == kKindPrintf) {
        const std::string text = format(device_string(header.format_address), body, bytes,
                                        static_cast<uint32_t>(size - sizeof(header)));
        std::fwrite(text.data(), 1, text.size(), stdout);
    } else if (header.kind == kKindAssert && size - sizeof(header) >= sizeof(AssertBody)) {
        AssertBody failed;
        std::memcpy(&failed, body, sizeof(failed));
        fmt::print(stderr,
                   "{}:{}: {}: block: [{},{},{}], thread: [{},{},{}] Assertion `{}` failed.\n",
                   device_string(failed.file), failed.line, device_string(failed.function),
                   failed.block[0], failed.block[1], failed.block[2], failed.thread[0],
                   failed.thread[1], failed.thread[2], device_string(failed.message));
    }
}

void Printer::rewind_when_idle() {
    std::unique_lock submitting(submit_mutex_, std::try_to_lock);
    if (!submitting) return;
    if (!context_.queues().idle()) return;
    auto* header = reinterpret_cast<BufferHeader*>(buffer_.host);
    if (header->dropped != 0)
        log().warn("{} device printf messages were dropped: the buffer of {} bytes was full "
                   "(cudaLimitPrintfFifoSize raises it)",
                   header->dropped, capacity_);
    std::memset(buffer_.host + sizeof(BufferHeader), 0, std::max(consumed_, written()));
    header->capacity = capacity_;
    header->dropped = 0;
    std::atomic_ref(header->write_offset).store(0, std::memory_order_release);
    consumed_ = 0;
}

std::string Printer::device_string(uint64_t va) {
    const uint8_t* text = nullptr;
    uint64_t limit = 0;
    if (Module* module = context_.module_at(va)) {
        limit = module->bytes_after(va);
        text = module->host_view(va, limit);
    } else if (const auto allocation = context_.memory().find(va)) {
        limit = allocation->bytes - (va - allocation->va);
        text = allocation->host + (va - allocation->va);
    }
    if (text == nullptr) return va == 0 ? "(null)" : "(invalid string)";
    limit = std::min(limit, kLongestString);
    return {reinterpret_cast<const char*>(text),
            strnlen(reinterpret_cast<const char*>(text), limit)};
}

namespace {

/// A string that lies in the message, behind its arguments; false: it does not.
bool in_message(uint64_t address, const uint8_t* message, uint32_t bytes, std::string& text) {
    constexpr uint64_t kInMessage = 0xff000000;
    const auto place = static_cast<uint32_t>(address);
    if (address >> 32 != kInMessage || place >= bytes) return false;
    const auto* start = reinterpret_cast<const char*>(message + place);
    text.assign(start, strnlen(start, bytes - place));
    return true;
}

} // namespace

std::string Printer::format(const std::string& format, const uint8_t* arguments, uint32_t bytes,
                            uint32_t message_bytes) {
    std::string out;
    ArgumentReader reader(arguments, bytes);
    for (size_t i = 0; i < format.size();) {
        if (format[i] != '%') {
            out += format[i++];
            continue;
        }
        if (i + 1 < format.size() && format[i + 1] == '%') {
            out += '%';
            i += 2;
            continue;
        }
        Conversion conversion;
        i = parse_conversion(format, i, conversion);
        int stars[2] = {};
        for (int s = 0; s < conversion.stars && s < 2; ++s)
            stars[s] = std::clamp(static_cast<int>(reader.take(4)), -kWidestField, kWidestField);
        if (too_wide(conversion.spec)) forget_width(conversion);
        if (conversion.letter == 0 || conversion.stars > 2) {
            continue;
        } else if (std::strchr("diuoxXc", conversion.letter) != nullptr) {
            const uint64_t value = reader.take(static_cast<uint32_t>(conversion.length));
            if (conversion.length == 8)
                append_formatted(out, conversion, stars, static_cast<unsigned long long>(value));
            else
                append_formatted(out, conversion, stars, static_cast<unsigned>(value));
        } else if (std::strchr("eEfFgGaA", conversion.letter) != nullptr) {
            const uint64_t raw = reader.take(8);
            double value;
            std::memcpy(&value, &raw, sizeof(value));
            append_formatted(out, conversion, stars, value);
        } else if (conversion.letter == 's') {
            const uint64_t address = reader.take(8);
            std::string text;
            if (!in_message(address, arguments, message_bytes, text)) text = device_string(address);
            append_formatted(out, conversion, stars, text.c_str());
        } else if (conversion.letter == 'p') {
            append_formatted(out, conversion, stars, reinterpret_cast<void*>(reader.take(8)));
        } else {
            out += conversion.text; // as CUDA: an unknown conversion is printed as it stands
        }
    }
    return out;
}

} // namespace acc::rt
