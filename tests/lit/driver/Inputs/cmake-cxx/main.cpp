// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
int run();
int main() { return run() == 42 ? 0 : 1; }
