// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
template <typename T> __device__ T counter_of = T(100);
template <typename T> __device__ T other_counter = T(7);
template <typename T> __global__ void count_in_template(T n) {
  counter_of<T> += n;
  other_counter<T> += n;
}
int second(); ///< the second file's own variable; counts by 2
