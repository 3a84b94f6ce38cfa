// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// A library with device code and __managed__ variables is opened and closed, as a plug-in is: each
// time it starts afresh, whatever comes to its addresses afterwards is left alone, and neither
// closing it nor the process's end waits for a kernel of it that goes on.
#include "../common/check.h"

#include <dlfcn.h>
#include <sys/mman.h>

static const char* g_library;

struct Library {
    void* handle = dlopen(g_library, RTLD_NOW | RTLD_LOCAL);
    Library() {
        if (handle == nullptr) {
            std::printf("%s\n", dlerror());
            std::exit(2);
        }
    }
    void close() { EXPECT(dlclose(handle) == 0); }
    template <typename F>
    F* function(const char* name) const {
        return reinterpret_cast<F*>(dlsym(handle, name));
    }
};

/// The child's exit code; -1 when a signal ended it.
static int in_child() {
    std::fflush(stdout);
    const pid_t child = fork();
    if (child == 0) _exit(7);
    int status = 0;
    waitpid(child, &status, 0);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static void open_again_and_again() {
    for (int round = 0; round < 3; ++round) {
        Library library;
        EXPECT(library.function<int()>("use")() == 6, "round %d", round);
        EXPECT(library.function<int()>("use_hidden")() == 102, "round %d", round);
        EXPECT(in_child() == 7, "round %d", round);
        library.close();
        EXPECT(in_child() == 7, "round %d", round);
    }
}

/// Memory of the program's own where the closed library was stays as it is.
static void addresses_are_free_again() {
    constexpr size_t kPage = 4096;
    Library library;
    EXPECT(library.function<int()>("use")() == 6);
    const auto at = reinterpret_cast<size_t>(library.function<void*()>("address")()) & ~(kPage - 1);
    library.close();
    auto* mine = static_cast<unsigned char*>(
        mmap(reinterpret_cast<void*>(at), kPage, PROT_READ | PROT_WRITE,
             MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE, -1, 0));
    if (mine != reinterpret_cast<void*>(at)) return; // somebody else has them
    std::memset(mine, 'A', kPage);
    unsigned char copy[64] = {};
    unsigned char* device = nullptr;
    CHECK(cudaMalloc((void**)&device, sizeof copy));
    CHECK(cudaMemcpy(device, mine, sizeof copy, cudaMemcpyHostToDevice));
    CHECK(cudaMemcpy(copy, device, sizeof copy, cudaMemcpyDeviceToHost));
    EXPECT(copy[0] == 'A' && copy[63] == 'A', "%d", copy[0]);
    CHECK(cudaDeviceReset());
    EXPECT(mine[0] == 'A' && mine[kPage - 1] == 'A', "%d", mine[0]);
    munmap(mine, kPage);
}

static void a_kernel_outlives_its_library() {
    int* flag = nullptr;
    CHECK(cudaMallocHost((void**)&flag, sizeof(int)));
    *flag = 0;
    Library library;
    EXPECT(library.function<int()>("use")() == 6);
    EXPECT(library.function<int(int*)>("start")(flag) == cudaSuccess);
    library.close(); // does not wait
    EXPECT(in_child() == 7);
    *static_cast<volatile int*>(flag) = 1;
    SYNC();
    Library again;
    EXPECT(again.function<int()>("use")() == 6);
    again.close();
    CHECK(cudaFreeHost(flag));
}

/// The process ends while a kernel of the library runs: with the library open, or closed before.
static int end_early(bool close) {
    int* flag = nullptr;
    CHECK(cudaMallocHost((void**)&flag, sizeof(int)));
    *flag = 0;
    Library library; // after the context was made: at exit its destructors run first
    EXPECT(library.function<int(int*)>("start")(flag) == cudaSuccess);
    if (close) library.close();
    return failures() == 0 ? 10 : 11;
}

int main(int argc, char** argv) {
    g_library = argv[1];
    if (argc > 2) return end_early(argv[2][0] == 'c');
    open_again_and_again();
    addresses_are_free_again();
    a_kernel_outlives_its_library();
    for (const char* way : {"open", "closed"}) {
        const std::string command = std::string(argv[0]) + " " + g_library + " " + way;
        const int status = std::system(command.c_str());
        EXPECT(WIFEXITED(status) && WEXITSTATUS(status) == 10, "%s: status %#x", way, status);
    }
    return finish();
}
