// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Litmus tests from a notation: a test is a cycle of accesses that the memory model forbids, for
// example "W p W r R p R f" (message passing). Accesses: W a store, R a load. Between two of them
// (the last is followed by the first):
//   p  the same thread goes on to another variable; whatever orders the two stands between them
//   s  the same thread goes on to the same variable; nothing stands between them
//   r  this store is what another thread reads
//   f  what this load reads another thread overwrites
//   c  this store another thread overwrites
// From it follow the threads, their accesses with variable and value, and the outcome that must
// never be seen: what each load reads, and what is left in variables with two stores.
#pragma once

namespace litmus {

constexpr int kMost = 8; ///< accesses, of which a thread has at most two

struct Access {
    bool store = false;
    int thread = 0, variable = 0;
    int value = 0;       ///< that it stores, or reads in the forbidden outcome
    bool second = false; ///< of its thread
    bool fenced = false; ///< second, and something stands before it
};

struct Test {
    Access access[kMost] = {};
    int count = 0, threads = 0, variables = 0;
    int left[kMost] = {};   ///< in each variable in the forbidden outcome; 0: anything
    bool coherence = false; ///< one variable: forbidden whatever stands between accesses
    bool release = false;   ///< forbidden with release and acquire; else with seq_cst only
};

__host__ __device__ constexpr Test parse(const char* text) {
    Test test;
    char edge[kMost] = {}; // behind each access
    bool store[kMost] = {};
    int n = 0;
    for (const char* at = text; *at; ++at) {
        if (*at == 'W' || *at == 'R')
            store[n++] = *at == 'W';
        else if (*at != ' ')
            edge[n - 1] = *at;
    }
    // Begin behind an edge within a thread, so that a variable's accesses are in one piece.
    int start = 0;
    while (edge[(start + n - 1) % n] != 'p' && edge[(start + n - 1) % n] != 's')
        ++start;
    int overwriting = 0, thread = 0, variable = 0, value = 0;
    for (int k = 0; k < n; ++k) {
        const int i = (start + k) % n;
        const char in = edge[(i + n - 1) % n], out = edge[i];
        if (store[i]) {
            ++value; // the loads behind it see it, those before it what was there
            test.left[variable] = value > 1 ? value : 0;
        }
        Access& a = test.access[k];
        a.store = store[i];
        a.thread = thread;
        a.variable = variable;
        a.value = value;
        a.second = in == 'p' || in == 's';
        a.fenced = in == 'p';
        overwriting += out == 'f' || out == 'c';
        if (k == n - 1) break;
        if (out == 'p') {
            ++variable;
            value = 0;
        } else if (out != 's') {
            ++thread;
        }
    }
    // The last edge leads back into the first thread.
    for (int k = 0; k < n; ++k)
        if (test.access[k].thread == thread) test.access[k].thread = 0;
    test.count = n;
    test.threads = thread == 0 ? 1 : thread;
    test.variables = variable + 1;
    test.coherence = variable == 0;
    test.release = overwriting <= 1;
    return test;
}

} // namespace litmus
