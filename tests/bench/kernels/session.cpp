// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// usage: PROGRAM KERNEL [--check] [--seconds S] [--write FOLDER | --expect FOLDER] [--sources
// FOLDER]
//        PROGRAM --list
//
// --check: a small problem and no times. --write: keep the result there; --expect: compare with
// what was kept.

#include "session.h"
#include "list.h"

#define DECLARE(name, group) void run_##name(bench::Session&);
BENCH_KERNELS(DECLARE)

namespace bench {

namespace {

[[noreturn]] void fail(const std::string& message) {
    std::fprintf(stderr, "%s\n", message.c_str());
    std::exit(1);
}

// An open file that closes itself.
class File {
  public:
    File(const std::string& path, const char* mode) : file_(std::fopen(path.c_str(), mode)) {
        if (!file_) fail("cannot open " + path);
    }
    ~File() { std::fclose(file_); }
    File(const File&) = delete;
    File& operator=(const File&) = delete;
    operator std::FILE*() const { return file_; }

  private:
    std::FILE* file_;
};

} // namespace

Session::Session(int argc, char** argv) {
    for (int i = 1; i < argc; ++i) {
        const std::string argument = argv[i];
        auto value = [&] {
            if (++i == argc) fail(argument + " wants a value");
            return std::string(argv[i]);
        };
        if (argument == "--check")
            scale_ = Scale::tiny;
        else if (argument == "--seconds")
            seconds_ = std::atof(value().c_str());
        else if (argument == "--write")
            write_ = value();
        else if (argument == "--expect")
            expect_ = value();
        else if (argument == "--sources")
            sources_ = value();
        else
            kernel_ = argument;
    }
}

size_t Session::size_of(const std::string& path) {
    const File file(path, "rb");
    if (std::fseek(file, 0, SEEK_END) != 0) fail("cannot read " + path);
    return static_cast<size_t>(std::ftell(file));
}

void Session::load_bytes(const std::string& path, void* to, size_t bytes) {
    const File file(path, "rb");
    if (std::fread(to, 1, bytes, file) != bytes) fail("cannot read " + path);
}

void Session::save(const std::string& path, const void* from, size_t bytes) {
    const File file(path, "wb");
    if (std::fwrite(from, 1, bytes, file) != bytes) fail("cannot write " + path);
}

void Session::fail_size(size_t size, size_t native) const {
    fail(kernel_ + ": " + std::to_string(size) + " results, the native program has " +
         std::to_string(native));
}

void Session::fail_element(size_t index, double value, double native, double limit) const {
    char text[200];
    std::snprintf(text, sizeof text,
                  "%s: element %zu is %.9g, the native program's is %.9g "
                  "(may differ by %.3g)",
                  kernel_.c_str(), index, value, native, limit);
    fail(text);
}

void Session::print(const Timing& first, const Timing& hot, double work, const char* unit) const {
    std::printf("{\"name\": \"%s\", \"repetitions\": %ld, \"cpu\": %.9g, \"wall\": %.9g, "
                "\"first_cpu\": %.9g, \"first_wall\": %.9g, \"work\": %.9g, \"unit\": \"%s\"}\n",
                kernel_.c_str(), hot.repetitions, hot.cpu, hot.wall, first.cpu, first.wall, work,
                unit);
}

} // namespace bench

int main(int argc, char** argv) {
    const struct {
        const char* name;
        const char* group;
        void (*run)(bench::Session&);
    } kernels[] = {
#define ENTRY(name, group) {#name, #group, run_##name},
        BENCH_KERNELS(ENTRY)};
    if (argc == 2 && std::string(argv[1]) == "--list") {
        for (const auto& kernel : kernels)
            std::printf("%s %s\n", kernel.name, kernel.group);
        return 0;
    }
    bench::Session session(argc, argv);
    for (const auto& kernel : kernels) {
        if (session.kernel() == kernel.name) {
            kernel.run(session);
            return 0;
        }
    }
    std::fprintf(stderr, "%s: no kernel '%s'; --list names them\n", argv[0],
                 session.kernel().c_str());
    return 2;
}
