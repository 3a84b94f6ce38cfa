// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
int from_host_file() { return 7; }
