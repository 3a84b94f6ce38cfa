// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "compiler/driver/Rtc.h"

#include "compiler/driver/Toolkit.h"

#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <optional>
#include <span>

namespace acc::driver {
namespace {

std::optional<std::string> read_all(int in) {
    std::string all;
    char part[65536];
    for (;;) {
        const ssize_t n = ::read(in, part, sizeof(part));
        if (n < 0 && errno == EINTR) continue;
        if (n < 0) return std::nullopt;
        if (n == 0) return all;
        all.append(part, size_t(n));
    }
}

void add_record(std::string& to, uint32_t kind, const void* data, size_t bytes) {
    const acc_rtc_record record{kind, 0, bytes};
    to.append(reinterpret_cast<const char*>(&record), sizeof(record));
    to.append(static_cast<const char*>(data), bytes);
}

void add_record(std::string& to, uint32_t kind, const std::string& text) {
    add_record(to, kind, text.data(), text.size());
}

void add_number(std::string& to, uint32_t kind, uint32_t number) {
    add_record(to, kind, &number, sizeof(number));
}

void take(RtcRequest& request, uint32_t kind, std::string text) {
    switch (kind) {
    case ACC_RTC_NAME: request.source.name = std::move(text); break;
    case ACC_RTC_TEXT: request.source.text = std::move(text); break;
    case ACC_RTC_HEADER_NAME: request.headers.push_back({std::move(text), ""}); break;
    case ACC_RTC_HEADER_TEXT:
        if (!request.headers.empty()) request.headers.back().text = std::move(text);
        break;
    case ACC_RTC_OPTION: request.options.push_back(std::move(text)); break;
    case ACC_RTC_EXPRESSION: request.expressions.push_back(std::move(text)); break;
    default: break;
    }
}

/// False when it is no request of this version.
bool parse(const std::string& bytes, RtcRequest& request) {
    bool version = false;
    for (size_t at = 0; at < bytes.size();) {
        acc_rtc_record record;
        if (bytes.size() - at < sizeof(record)) return false;
        std::memcpy(&record, bytes.data() + at, sizeof(record));
        at += sizeof(record);
        if (record.bytes > bytes.size() - at) return false;
        std::string text = bytes.substr(at, record.bytes);
        at += record.bytes;
        if (!version) {
            uint32_t number = 0;
            if (record.kind != ACC_RTC_VERSION_RECORD || text.size() != sizeof(number))
                return false;
            std::memcpy(&number, text.data(), sizeof(number));
            if (number != ACC_RTC_VERSION) return false;
            version = true;
        } else {
            take(request, record.kind, std::move(text));
        }
    }
    return version;
}

std::string bytes_of(const RtcReply& reply) {
    std::string bytes;
    add_number(bytes, ACC_RTC_VERSION_RECORD, ACC_RTC_VERSION);
    add_number(bytes, ACC_RTC_STATUS, reply.status);
    add_record(bytes, ACC_RTC_LOG, reply.log);
    add_record(bytes, ACC_RTC_PTX, reply.ptx);
    add_record(bytes, ACC_RTC_CODE, reply.code.data(), reply.code.size());
    add_record(bytes, ACC_RTC_IR, reply.ir.data(), reply.ir.size());
    for (const std::string& name : reply.lowered)
        add_record(bytes, ACC_RTC_LOWERED_NAME, name);
    add_record(bytes, ACC_RTC_END, nullptr, 0);
    return bytes;
}

bool write_all(int out, const std::string& bytes) {
    for (size_t at = 0; at < bytes.size();) {
        const ssize_t n = ::write(out, bytes.data() + at, bytes.size() - at);
        if (n < 0 && errno != EINTR) return false;
        if (n > 0) at += size_t(n);
    }
    return true;
}

} // namespace

int serve_rtc(const std::string& program_path, int in, int out) {
    RtcRequest request;
    const std::optional<std::string> bytes = read_all(in);
    if (!bytes || !parse(*bytes, request)) return 2;
    Toolkit toolkit;
    RtcReply reply;
    if (std::string error = find_toolkit(toolkit_of_program(program_path), toolkit); !error.empty())
        reply.log = "nvrtc: error: " + error + "\n";
    else
        reply = rtc_compile(toolkit, tool_environment(toolkit, Environment::of_process()), request);
    return write_all(out, bytes_of(reply)) ? 0 : 2;
}

} // namespace acc::driver
