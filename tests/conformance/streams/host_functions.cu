// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Host functions and callbacks run between the work before and the work after them.
#include "../common/check.h"

__global__ void add(int* value, int by) {
    *value += by;
}

struct Record {
    const volatile int* value;
    std::vector<int> seen;
};

static void CUDART_CB look(void* data) {
    Record* record = static_cast<Record*>(data);
    const int now = *record->value;
    record->seen.push_back(now);
}

static void CUDART_CB look_as_callback(cudaStream_t, cudaError_t status, void* data) {
    if (status == cudaSuccess) look(data);
}

int main() {
    int* value;
    CHECK(cudaMallocHost(&value, sizeof(int)));
    *value = 0;
    Record record = {value, {}};
    cudaStream_t stream;
    CHECK(cudaStreamCreate(&stream));
    for (int i = 1; i <= 50; ++i) {
        add<<<1, 1, 0, stream>>>(value, i);
        if (i % 2)
            CHECK(cudaLaunchHostFunc(stream, look, &record));
        else
            CHECK(cudaStreamAddCallback(stream, look_as_callback, &record, 0));
    }
    CHECK(cudaStreamSynchronize(stream));
    EXPECT(record.seen.size() == 50);
    int sum = 0;
    for (int i = 1; i <= 50 && i <= (int)record.seen.size(); ++i) {
        sum += i;
        EXPECT(record.seen[i - 1] == sum, "function %d saw %d", i, record.seen[i - 1]);
    }
    CHECK(cudaStreamDestroy(stream));
    CHECK(cudaFreeHost(value));
    return finish();
}
