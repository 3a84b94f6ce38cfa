; SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
target triple = "nvptx64-nvidia-cuda"
declare i32 @vprintf(ptr, ptr)
define i32 @f(ptr %format, ptr %buffer) {
  %r = call i32 @vprintf(ptr %format, ptr %buffer)
  ret i32 %r
}
